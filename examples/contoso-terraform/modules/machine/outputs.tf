output "interface_id" {
  value = azurerm_network_interface.this.id
}

output "address" {
  value = azurerm_network_interface.this.private_ip_address
}
