resource "aws_ec2_managed_prefix_list" "partners" {
  name           = "partners"
  address_family = "IPv4"
  max_entries    = 10

  entry {
    cidr = "203.0.113.16/28"
  }
}

resource "aws_ec2_managed_prefix_list_entry" "wingtip" {
  for_each       = toset(["0.0.0.0/1", "128.0.0.0/1"])
  prefix_list_id = aws_ec2_managed_prefix_list.partners.id
  cidr           = each.key
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.prod.id

  dynamic "ingress" {
    for_each = [80, 443]

    content {
      protocol         = "tcp"
      from_port        = ingress.value
      to_port          = ingress.value
      cidr_blocks      = [local.everyone]
      ipv6_cidr_blocks = [local.everyone_6]
    }
  }

  ingress {
    protocol    = "icmp"
    from_port   = 8
    to_port     = -1
    cidr_blocks = [local.everyone]
  }

  ingress {
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    cidr_blocks      = ["203.0.113.0/28"]
    ipv6_cidr_blocks = [local.everyone_6]
  }
}

resource "aws_security_group" "jump" {
  name   = "jump"
  vpc_id = aws_vpc.prod.id
}

resource "aws_security_group_rule" "jump" {
  type              = "ingress"
  security_group_id = aws_security_group.jump.id
  protocol          = 6
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/1", "128.0.0.0/1"]
}

resource "aws_default_security_group" "prod" {
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol  = -1
    from_port = 0
    to_port   = 0
    self      = true
  }

  ingress {
    protocol        = "tcp"
    from_port       = 3306
    to_port         = 3306
    prefix_list_ids = [aws_ec2_managed_prefix_list.partners.id]
  }
}

resource "aws_security_group" "postgres" {
  name   = "postgres"
  vpc_id = aws_vpc.prod.id

  ingress = [
    {
      description      = "until the move is done"
      protocol         = "tcp"
      from_port        = 5432
      to_port          = 5432
      cidr_blocks      = ["0.0.0.0/0"]
      ipv6_cidr_blocks = []
      prefix_list_ids  = []
      security_groups  = []
      self             = false
    },
    {
      description      = ""
      protocol         = "tcp"
      from_port        = 22
      to_port          = 22
      cidr_blocks      = ["10.40.0.0/16"]
      ipv6_cidr_blocks = []
      prefix_list_ids  = []
      security_groups  = []
      self             = false
    },
  ]
}

resource "aws_security_group" "sensor" {
  name   = "sensor"
  vpc_id = aws_vpc.prod.id
}

resource "aws_vpc_security_group_ingress_rule" "sensor" {
  for_each          = { udp = 514, tcp = 22 }
  security_group_id = aws_security_group.sensor.id
  ip_protocol       = each.key
  from_port         = each.value
  to_port           = each.value
  cidr_ipv4         = local.everyone
}

resource "aws_security_group" "alb" {
  name   = "alb-shop"
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [local.everyone]
  }
}

resource "aws_security_group" "shop" {
  name   = "shop"
  vpc_id = aws_vpc.prod.id
}

resource "aws_security_group_rule" "shop" {
  type                     = "ingress"
  security_group_id        = aws_security_group.shop.id
  protocol                 = "tcp"
  from_port                = 8080
  to_port                  = 8080
  source_security_group_id = aws_security_group.alb.id
}

resource "aws_vpc_security_group_ingress_rule" "console" {
  security_group_id = aws_security_group.shop.id
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront.id
}

resource "aws_security_group" "admin" {
  name   = "admin"
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol    = "tcp"
    from_port   = 3389
    to_port     = 3389
    cidr_blocks = [local.everyone]
  }
}

resource "aws_security_group" "orders" {
  name   = "orders-db"
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["203.0.113.4/32", "10.40.0.0/16", local.everyone]
  }
}

resource "aws_security_group" "legacy" {
  name   = "legacy-everything"
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = [local.everyone]
    ipv6_cidr_blocks = [local.everyone_6]
  }
}

resource "aws_security_group" "playground" {
  name   = "playground"
  vpc_id = aws_vpc.sandbox.id

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [local.everyone]
  }
}
