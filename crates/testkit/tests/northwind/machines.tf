locals {
  machines = {
    jump  = { subnet = aws_subnet.prod["public-a"].id, group = aws_security_group.jump.id }
    shop  = { subnet = aws_subnet.prod["private-a"].id, group = aws_security_group.shop.id }
    admin = { subnet = aws_subnet.prod["private-b"].id, group = aws_security_group.admin.id }
    lab   = { subnet = aws_subnet.prod["lab-a"].id, group = aws_security_group.sensor.id, name = "sensor" }
  }
}

resource "aws_instance" "each" {
  for_each               = local.machines
  ami                    = "ami-1"
  instance_type          = "t3.medium"
  subnet_id              = each.value.subnet
  vpc_security_group_ids = [each.value.group]
  tags                   = { Name = try(each.value.name, each.key) }
}

resource "aws_instance" "web" {
  ami                    = "ami-1"
  instance_type          = "t3.medium"
  subnet_id              = aws_subnet.prod["public-a"].id
  private_ip             = "10.40.0.20"
  ipv6_address_count     = 1
  vpc_security_group_ids = [aws_security_group.web.id]
  tags                   = { Name = "web" }
}

resource "aws_eip" "web" {
  domain   = "vpc"
  instance = aws_instance.web.id
}

# It says no group, so it carries the default one.
resource "aws_instance" "reports" {
  ami           = "ami-1"
  instance_type = "t3.medium"
  subnet_id     = aws_subnet.prod["public-b"].id
  tags          = { Name = "reports" }
}

resource "aws_eip" "reports" {
  domain = "vpc"
}

resource "aws_eip_association" "reports" {
  allocation_id = aws_eip.reports.id
  instance_id   = aws_instance.reports.id
}

resource "aws_network_interface" "postgres" {
  subnet_id       = aws_subnet.prod["data-a"].id
  security_groups = [aws_security_group.postgres.id]
}

resource "aws_eip" "postgres" {
  domain            = "vpc"
  network_interface = aws_network_interface.postgres.id
}

resource "aws_instance" "postgres" {
  ami           = "ami-1"
  instance_type = "t3.medium"
  tags          = { Name = "postgres" }

  network_interface {
    network_interface_id = aws_network_interface.postgres.id
    device_index         = 0
  }
}

resource "aws_instance" "playground" {
  ami                    = "ami-1"
  instance_type          = "t3.medium"
  subnet_id              = aws_subnet.sandbox.id
  vpc_security_group_ids = [aws_security_group.playground.id]
  tags                   = { Name = "playground" }
}

resource "aws_lb" "shop" {
  name            = "shop"
  subnets         = [for name in ["public-a", "public-b"] : aws_subnet.prod[name].id]
  security_groups = [aws_security_group.alb.id]
}

resource "aws_lb_target_group" "shop" {
  name     = "shop"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.prod.id
}

resource "aws_lb_target_group_attachment" "shop" {
  target_group_arn = aws_lb_target_group.shop.arn
  target_id        = aws_instance.each["shop"].id
}

resource "aws_lb_listener" "shop" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_eip" "admin" {
  domain = "vpc"
}

resource "aws_lb" "admin" {
  name               = "admin"
  load_balancer_type = "network"

  subnet_mapping {
    subnet_id     = aws_subnet.prod["public-b"].id
    allocation_id = aws_eip.admin.id
  }
}

resource "aws_lb_target_group" "admin" {
  name     = "admin-rdp"
  port     = 3389
  protocol = "TCP"
  vpc_id   = aws_vpc.prod.id
}

resource "aws_lb_target_group_attachment" "admin" {
  target_group_arn = aws_lb_target_group.admin.arn
  target_id        = aws_instance.each["admin"].id
  port             = 3389
}

resource "aws_lb_listener" "admin" {
  load_balancer_arn = aws_lb.admin.arn
  port              = 50001
  protocol          = "TCP"

  default_action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.admin.arn
        weight = 1
      }
    }
  }
}

resource "aws_db_subnet_group" "public" {
  name       = "public"
  subnet_ids = [aws_subnet.prod["public-a"].id, aws_subnet.prod["public-b"].id]
}

resource "aws_db_instance" "orders" {
  identifier             = "orders"
  engine                 = "postgres"
  instance_class         = "db.t4g.medium"
  db_subnet_group_name   = aws_db_subnet_group.public.name
  vpc_security_group_ids = [aws_security_group.orders.id]
  publicly_accessible    = true
  availability_zone      = "eu-central-1a"
}

resource "aws_eks_cluster" "northwind" {
  name     = "northwind"
  role_arn = "arn:aws:iam::111122223333:role/northwind-eks"

  vpc_config {
    subnet_ids              = [aws_subnet.prod["private-a"].id, aws_subnet.prod["private-b"].id]
    endpoint_private_access = true
  }
}
