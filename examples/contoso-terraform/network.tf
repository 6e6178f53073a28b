locals {
  space = "10.20.0.0/16"

  subnets = {
    app     = { prefixes = [cidrsubnet(local.space, 8, 1), "fd00:20:1::/64"] }
    data    = { prefixes = [cidrsubnet(local.space, 8, 2)] }
    gateway = { prefixes = [cidrsubnet(local.space, 8, 3)] }
  }

  subnet_rules = {
    data = {
      name  = "nsg-snet-data"
      rules = { allow-mysql = { priority = 100, source = "Internet", ports = "3306" } }
    }
    gateway = {
      name = "nsg-gateway"
      rules = {
        allow-https           = { priority = 100, source = "Internet", ports = "443" }
        allow-gateway-manager = { priority = 110, source = "GatewayManager", ports = "65200-65535" }
      }
    }
  }

  # One entry for each rule of each subnet.
  flat_subnet_rules = merge([
    for subnet, group in local.subnet_rules : {
      for name, rule in group.rules : "${subnet}/${name}" => merge(rule, { subnet = subnet, name = name })
    }
  ]...)
}

resource "azurerm_virtual_network" "this" {
  name                = "contoso-vnet"
  location            = local.location
  resource_group_name = local.group
  address_space       = [local.space, "fd00:20::/48"]
}

resource "azurerm_subnet" "this" {
  for_each = local.subnets

  name                 = "snet-${each.key}"
  resource_group_name  = local.group
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = each.value.prefixes
}

resource "azurerm_network_security_group" "subnet" {
  for_each = local.subnet_rules

  name                = each.value.name
  location            = local.location
  resource_group_name = local.group
}

resource "azurerm_network_security_rule" "subnet" {
  for_each = local.flat_subnet_rules

  name                        = each.value.name
  resource_group_name         = local.group
  network_security_group_name = azurerm_network_security_group.subnet[each.value.subnet].name
  priority                    = each.value.priority
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = each.value.ports
  source_address_prefix       = each.value.source
  destination_address_prefix  = "*"
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each = local.subnet_rules

  subnet_id                 = azurerm_subnet.this[each.key].id
  network_security_group_id = azurerm_network_security_group.subnet[each.key].id
}
