terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
  subscription_id = var.subscription_id
}

resource "azurerm_resource_group" "prod" {
  name     = "contoso-prod"
  location = var.location
}

locals {
  group    = azurerm_resource_group.prod.name
  location = azurerm_resource_group.prod.location

  # What every machine has, and what is said of it alone. A rule is written in short: the module completes it.
  machines = {
    admin = {
      public = []
      rules  = { allow-rdp = { priority = 100, sources = ["*"], ports = ["3389"] } }
    }
    app = {
      public = ["IPv4", "IPv6"]
      rules = {
        allow-ssh-office = { priority = 100, sources = [var.office_range], ports = ["22"] }
        allow-ssh-v6     = { priority = 110, sources = ["::/0"], ports = ["22"], description = "temporary, remove after the move" }
        allow-https      = { priority = 120, sources = ["Internet"], ports = ["443"] }
      }
    }
    batch = {
      public = ["IPv4"]
      rules = {
        allow-winrm-azure = { priority = 200, sources = ["AzureCloud"], ports = ["5985-5986"], description = "our agents run in Azure" }
      }
    }
    db = {
      public = ["IPv4"]
      rules = {
        allow-sql-app      = { priority = 100, sources = [cidrsubnet(local.space, 8, 1)], ports = ["1433"] }
        deny-sql           = { priority = 200, sources = ["*"], ports = ["1433"], access = "Deny" }
        allow-sql-partners = { priority = 300, sources = ["0.0.0.0/0"], ports = ["1433"] }
      }
    }
    jump = {
      public = ["IPv4"]
      rules = {
        for name, half in { low = "0.0.0.0/1", high = "128.0.0.0/1" } :
        "allow-ssh-${name}" => { priority = name == "low" ? 300 : 310, sources = [half], ports = ["22"] }
      }
    }
    legacy = {
      public = ["IPv4"]
      rules = {
        allow-postgres = { priority = 150, sources = ["198.51.100.7/32", "10.0.0.0/8", "0.0.0.0/0"], ports = ["5432", "6432"] }
      }
    }
    mysql = {
      public = ["IPv4"]
      subnet = "data"
      group  = "nsg-strict"
      rules  = { deny-internet = { priority = 100, sources = ["Internet"], ports = ["*"], access = "Deny", protocol = "*" } }
    }
    shop = {
      public  = []
      address = "10.20.1.11"
      rules   = { allow-gateway = { priority = 100, sources = [cidrsubnet(local.space, 8, 3)], ports = ["8080"] } }
    }
    web = {
      public = ["IPv4"]
      rules = {
        allow-rdp = { priority = 100, sources = ["*"], ports = ["3389"] }
        allow-web = { priority = 200, sources = ["Internet"], ports = ["80", "443"] }
      }
    }
  }
}

module "machine" {
  source   = "./modules/machine"
  for_each = local.machines

  name           = each.key
  resource_group = local.group
  location       = local.location
  subnet_id      = azurerm_subnet.this[lookup(each.value, "subnet", "app")].id
  group_name     = lookup(each.value, "group", "nsg-${each.key}")
  public         = each.value.public
  address        = lookup(each.value, "address", null)
  rules          = each.value.rules
  admin_password = var.admin_password
}

# Left over from the old data centre; nothing carries it any more.
resource "azurerm_network_security_group" "old" {
  name                = "nsg-old"
  location            = local.location
  resource_group_name = local.group

  security_rule {
    name                       = "allow-everything"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_port_range          = "*"
    destination_port_range     = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
  }
}
