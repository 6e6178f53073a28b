# The estate of examples/northwind-aws, as its owners would have declared it.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["111122223333"]
}

locals {
  everyone   = "0.0.0.0/0"
  everyone_6 = "::/0"

  subnets = {
    public-a  = { cidr = "10.40.0.0/24", zone = "a", public = true }
    public-b  = { cidr = "10.40.1.0/24", zone = "b", public = true }
    data-a    = { cidr = "10.40.2.0/24", zone = "a", public = true }
    lab-a     = { cidr = "10.40.3.0/24", zone = "a", public = true }
    private-a = { cidr = "10.40.4.0/24", zone = "a", public = false }
    private-b = { cidr = "10.40.5.0/24", zone = "b", public = false }
  }
}

resource "aws_vpc" "prod" {
  cidr_block                       = "10.40.0.0/16"
  assign_generated_ipv6_cidr_block = true
  tags                             = { Name = "northwind-prod" }
}

resource "aws_subnet" "prod" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.prod.id
  cidr_block              = each.value.cidr
  ipv6_cidr_block         = each.key == "public-a" ? cidrsubnet(aws_vpc.prod.ipv6_cidr_block, 8, 0) : null
  availability_zone       = "eu-central-1${each.value.zone}"
  map_public_ip_on_launch = each.value.public
  tags                    = { Name = each.key }
}

resource "aws_internet_gateway" "prod" {
  vpc_id = aws_vpc.prod.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.prod.id

  route {
    cidr_block = local.everyone
    gateway_id = aws_internet_gateway.prod.id
  }

  route {
    ipv6_cidr_block = local.everyone_6
    gateway_id      = aws_internet_gateway.prod.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = { for name, subnet in local.subnets : name => subnet if subnet.public }
  subnet_id      = aws_subnet.prod[each.key].id
  route_table_id = aws_route_table.public.id
}

resource "aws_network_acl" "data" {
  vpc_id     = aws_vpc.prod.id
  subnet_ids = [aws_subnet.prod["data-a"].id]
  tags       = { Name = "data" }

  ingress {
    rule_no    = 90
    action     = "deny"
    protocol   = "tcp"
    cidr_block = local.everyone
    from_port  = 5432
    to_port    = 5432
  }

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = local.everyone
    from_port  = 0
    to_port    = 0
  }

  ingress {
    rule_no    = 110
    action     = "deny"
    protocol   = "tcp"
    cidr_block = local.everyone
    from_port  = 22
    to_port    = 22
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = local.everyone
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_network_acl" "lab" {
  vpc_id = aws_vpc.prod.id
  tags   = { Name = "lab" }
}

resource "aws_network_acl_association" "lab" {
  network_acl_id = aws_network_acl.lab.id
  subnet_id      = aws_subnet.prod["lab-a"].id
}

resource "aws_network_acl_rule" "lab_in" {
  network_acl_id = aws_network_acl.lab.id
  rule_number    = 100
  protocol       = "all"
  rule_action    = "allow"
  cidr_block     = local.everyone
}

resource "aws_network_acl_rule" "lab_out" {
  network_acl_id = aws_network_acl.lab.id
  egress         = true
  rule_number    = 100
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
}

resource "aws_vpc" "sandbox" {
  cidr_block = "10.41.0.0/16"
}

resource "aws_subnet" "sandbox" {
  vpc_id                  = aws_vpc.sandbox.id
  cidr_block              = "10.41.0.0/24"
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "sandbox" {}

resource "aws_internet_gateway_attachment" "sandbox" {
  internet_gateway_id = aws_internet_gateway.sandbox.id
  vpc_id              = aws_vpc.sandbox.id
}

resource "aws_default_route_table" "sandbox" {
  default_route_table_id = aws_vpc.sandbox.default_route_table_id

  route {
    cidr_block = local.everyone
    gateway_id = aws_internet_gateway.sandbox.id
  }
}

resource "aws_vpc_block_public_access_options" "all" {
  internet_gateway_block_mode = "block-bidirectional"
}

resource "aws_vpc_block_public_access_exclusion" "prod" {
  vpc_id                          = aws_vpc.prod.id
  internet_gateway_exclusion_mode = "allow-bidirectional"
}
