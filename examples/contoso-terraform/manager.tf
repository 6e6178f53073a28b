# The baseline of the network team.
resource "azurerm_resource_group" "network" {
  name     = "contoso-network"
  location = var.location
}

resource "azurerm_network_manager" "this" {
  name                = "contoso-avnm"
  location            = azurerm_resource_group.network.location
  resource_group_name = azurerm_resource_group.network.name

  scope {
    subscription_ids = ["/subscriptions/${var.subscription_id}"]
  }
  scope_accesses = ["SecurityAdmin"]
}

resource "azurerm_network_manager_network_group" "production" {
  name               = "production"
  network_manager_id = azurerm_network_manager.this.id
}

resource "azurerm_network_manager_static_member" "this" {
  name                      = "contoso-vnet"
  network_group_id          = azurerm_network_manager_network_group.production.id
  target_virtual_network_id = azurerm_virtual_network.this.id
}

resource "azurerm_network_manager_security_admin_configuration" "baseline" {
  name               = "baseline"
  network_manager_id = azurerm_network_manager.this.id
}

resource "azurerm_network_manager_admin_rule_collection" "backup" {
  name                            = "backup"
  security_admin_configuration_id = azurerm_network_manager_security_admin_configuration.baseline.id
  network_group_ids               = [azurerm_network_manager_network_group.production.id]
}

resource "azurerm_network_manager_admin_rule" "backup_agents" {
  name                     = "backup-agents"
  admin_rule_collection_id = azurerm_network_manager_admin_rule_collection.backup.id
  description              = "Backup agents reach their servers, whatever a group says"
  action                   = "AlwaysAllow"
  direction                = "Inbound"
  priority                 = 100
  protocol                 = "Tcp"
  source_port_ranges       = ["0-65535"]
  destination_port_ranges  = ["22"]

  source {
    address_prefix_type = "IPPrefix"
    address_prefix      = "0.0.0.0/0"
  }

  destination {
    address_prefix_type = "IPPrefix"
    address_prefix      = cidrsubnet(local.space, 8, 2)
  }
}

resource "azurerm_network_manager_deployment" "this" {
  network_manager_id = azurerm_network_manager.this.id
  location           = var.location
  scope_access       = "SecurityAdmin"
  configuration_ids  = [azurerm_network_manager_security_admin_configuration.baseline.id]

  depends_on = [azurerm_network_manager_admin_rule.backup_agents]
}
