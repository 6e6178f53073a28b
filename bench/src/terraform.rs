//! Folders of Terraform as teams write them: roots with variables, locals, loops and a module of their own.

use std::fmt::Write as _;

use crate::random::Random;

/// The files of one root, each with its path below it. Ten files.
#[must_use]
pub fn root(random: &mut Random, number: usize) -> Vec<(String, String)> {
    let files = [
        ("versions.tf", VERSIONS.to_owned()),
        ("variables.tf", variables(random, number)),
        ("locals.tf", locals(random)),
        ("network.tf", NETWORK.to_owned()),
        ("security.tf", security(random)),
        ("machines.tf", machines(random)),
        ("database.tf", database(random)),
        ("outputs.tf", OUTPUTS.to_owned()),
        ("modules/web/main.tf", WEB.to_owned()),
        ("modules/web/variables.tf", WEB_VARIABLES.to_owned()),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

const VERSIONS: &str = r#"terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = var.region
}
"#;

fn variables(random: &mut Random, number: usize) -> String {
    let second = random.below(200);
    format!(
        r#"variable "region" {{
  type    = string
  default = "eu-west-1"
}}

variable "name" {{
  type        = string
  description = "Prefix of every name"
  default     = "team-{number}"
}}

variable "cidr" {{
  type    = string
  default = "10.{second}.0.0/16"
}}

variable "office" {{
  type    = list(string)
  default = ["203.0.113.0/24", "198.51.100.{second}/32"]
}}

variable "tags" {{
  type    = map(string)
  default = {{ owner = "team-{number}", stage = "prod" }}
}}
"#
    )
}

fn locals(random: &mut Random) -> String {
    let mut rules = String::new();
    for place in 0..12 {
        let port = [22, 80, 443, 3389, 5432, 8080, 8443, 9200][random.below(8)];
        let everybody = random.chance(30);
        let source = if everybody { "[\"0.0.0.0/0\"]" } else { "var.office" };
        writeln!(rules, "    rule_{place} = {{ port = {}, sources = {source} }}", port + place)
            .expect("a text can be written");
    }
    format!(
        r#"locals {{
  zones = ["a", "b", "c"]
  subnets = {{
    for index, zone in local.zones : zone => cidrsubnet(var.cidr, 8, index)
  }}
  rules = {{
{rules}  }}
  tags = merge(var.tags, {{ managed = "terraform" }})
}}
"#
    )
}

const NETWORK: &str = r#"resource "aws_vpc" "main" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = var.name })
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  for_each                = local.subnets
  vpc_id                  = aws_vpc.main.id
  cidr_block              = each.value
  availability_zone       = "${var.region}${each.key}"
  map_public_ip_on_launch = true
  tags                    = merge(local.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}
"#;

fn security(random: &mut Random) -> String {
    let mut text = String::from(
        r#"resource "aws_security_group" "machines" {
  name   = "${var.name}-machines"
  vpc_id = aws_vpc.main.id

  dynamic "ingress" {
    for_each = local.rules
    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.sources
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"#,
    );
    for place in 0..random.between(4, 12) {
        let port = 1000 + random.below(60_000);
        write!(
            text,
            r#"
resource "aws_security_group_rule" "extra_{place}" {{
  type              = "ingress"
  from_port         = {port}
  to_port           = {}
  protocol          = "tcp"
  cidr_blocks       = {}
  security_group_id = aws_security_group.machines.id
}}
"#,
            port + random.below(20),
            if random.chance(20) { "[\"0.0.0.0/0\"]" } else { "[for office in var.office : office]" }
        )
        .expect("a text can be written");
    }
    text
}

fn machines(random: &mut Random) -> String {
    format!(
        r#"resource "aws_instance" "machine" {{
  count                       = {}
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public[local.zones[count.index % length(local.zones)]].id
  vpc_security_group_ids      = [aws_security_group.machines.id]
  associate_public_ip_address = {}
  tags                        = merge(local.tags, {{ Name = format("%s-%02d", var.name, count.index) }})
}}

module "web" {{
  source  = "./modules/web"
  name    = var.name
  vpc_id  = aws_vpc.main.id
  subnets = [for subnet in aws_subnet.public : subnet.id]
  sources = {}
}}
"#,
        random.between(1, 6),
        random.chance(50),
        if random.chance(40) { "[\"0.0.0.0/0\", \"::/0\"]" } else { "var.office" }
    )
}

fn database(random: &mut Random) -> String {
    format!(
        r#"resource "aws_security_group" "database" {{
  name   = "${{var.name}}-database"
  vpc_id = aws_vpc.main.id

  ingress {{
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.machines.id]
  }}
}}

resource "aws_db_subnet_group" "main" {{
  name       = var.name
  subnet_ids = values(aws_subnet.public)[*].id
}}

resource "aws_db_instance" "main" {{
  identifier             = var.name
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = {}
}}
"#,
        random.chance(30)
    )
}

const OUTPUTS: &str = r#"output "vpc_id" {
  value = aws_vpc.main.id
}

output "machines" {
  value = aws_instance.machine[*].id
}
"#;

const WEB: &str = r#"locals {
  v4 = [for source in var.sources : source if !strcontains(source, ":")]
  v6 = [for source in var.sources : source if strcontains(source, ":")]
}

resource "aws_security_group" "web" {
  name   = "${var.name}-web"
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "v4" {
  for_each          = { for pair in setproduct(local.v4, var.ports) : "${pair[0]}-${pair[1]}" => pair }
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = each.value[0]
  from_port         = each.value[1]
  to_port           = each.value[1]
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "v6" {
  for_each          = { for pair in setproduct(local.v6, var.ports) : "${pair[0]}-${pair[1]}" => pair }
  security_group_id = aws_security_group.web.id
  cidr_ipv6         = each.value[0]
  from_port         = each.value[1]
  to_port           = each.value[1]
  ip_protocol       = "tcp"
}

resource "aws_lb" "web" {
  name               = "${var.name}-web"
  load_balancer_type = "application"
  security_groups    = [aws_security_group.web.id]
  subnets            = var.subnets
}

output "group" {
  value = aws_security_group.web.id
}
"#;

const WEB_VARIABLES: &str = r#"variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnets" {
  type = list(string)
}

variable "sources" {
  type = list(string)
}

variable "ports" {
  type    = list(number)
  default = [80, 443]
}
"#;
