locals {
  # `pip-app` and `pip-app-v6`: the first family has the short name.
  addresses = { for family in var.public : family => family == "IPv4" ? "pip-${var.name}" : "pip-${var.name}-v6" }
  families  = contains(var.public, "IPv6") ? ["IPv4", "IPv6"] : ["IPv4"]
}

resource "azurerm_public_ip" "this" {
  for_each = local.addresses

  name                = each.value
  location            = var.location
  resource_group_name = var.resource_group
  allocation_method   = "Static"
  sku                 = "Standard"
  ip_version          = each.key
}

resource "azurerm_network_security_group" "this" {
  name                = var.group_name
  location            = var.location
  resource_group_name = var.resource_group

  dynamic "security_rule" {
    for_each = var.rules

    content {
      name        = security_rule.key
      description = security_rule.value.description
      priority    = security_rule.value.priority
      direction   = "Inbound"
      access      = security_rule.value.access
      protocol    = security_rule.value.protocol

      source_port_range          = "*"
      destination_address_prefix = "*"

      source_address_prefix   = one(slice(security_rule.value.sources, 0, length(security_rule.value.sources) == 1 ? 1 : 0))
      source_address_prefixes = length(security_rule.value.sources) > 1 ? security_rule.value.sources : null
      destination_port_range  = length(security_rule.value.ports) == 1 ? security_rule.value.ports[0] : null
      destination_port_ranges = length(security_rule.value.ports) > 1 ? security_rule.value.ports : null
    }
  }
}

resource "azurerm_network_interface" "this" {
  name                = "vm-${var.name}-nic"
  location            = var.location
  resource_group_name = var.resource_group

  dynamic "ip_configuration" {
    for_each = local.families

    content {
      name                          = ip_configuration.value == "IPv6" ? "ipconfig6" : "ipconfig1"
      subnet_id                     = var.subnet_id
      private_ip_address_allocation = var.address == null ? "Dynamic" : "Static"
      private_ip_address            = var.address
      private_ip_address_version    = ip_configuration.value
      public_ip_address_id          = try(azurerm_public_ip.this[ip_configuration.value].id, null)
      primary                       = ip_configuration.value == "IPv4"
    }
  }
}

resource "azurerm_network_interface_security_group_association" "this" {
  network_interface_id      = azurerm_network_interface.this.id
  network_security_group_id = azurerm_network_security_group.this.id
}

resource "azurerm_windows_virtual_machine" "this" {
  name                  = "vm-${var.name}"
  location              = var.location
  resource_group_name   = var.resource_group
  size                  = "Standard_D2s_v5"
  admin_username        = "contosoadmin"
  admin_password        = var.admin_password
  network_interface_ids = [azurerm_network_interface.this.id]

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
  }

  source_image_reference {
    publisher = "MicrosoftWindowsServer"
    offer     = "WindowsServer"
    sku       = "2022-datacenter"
    version   = "latest"
  }
}
