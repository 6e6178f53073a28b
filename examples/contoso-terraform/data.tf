resource "azurerm_mssql_server" "this" {
  name                         = "contoso-sql"
  location                     = local.location
  resource_group_name          = local.group
  version                      = "12.0"
  administrator_login          = "contosoadmin"
  administrator_login_password = var.admin_password
  minimum_tls_version          = "1.2"
}

resource "azurerm_mssql_firewall_rule" "this" {
  for_each = var.sql_ranges

  name             = each.key
  server_id        = azurerm_mssql_server.this.id
  start_ip_address = each.value.first
  end_ip_address   = each.value.last
}

resource "azurerm_storage_account" "files" {
  name                     = "contosofiles"
  location                 = local.location
  resource_group_name      = local.group
  account_tier             = "Standard"
  account_replication_type = "LRS"

  network_rules {
    default_action = "Allow"
    bypass         = ["AzureServices"]
    ip_rules       = [var.office_range]
  }
}
