resource "azurerm_public_ip" "shared" {
  for_each = toset(["pip-admin-lb", "pip-gateway"])

  name                = each.value
  location            = local.location
  resource_group_name = local.group
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_lb" "admin" {
  name                = "lb-admin"
  location            = local.location
  resource_group_name = local.group
  sku                 = "Standard"

  frontend_ip_configuration {
    name                 = "public"
    public_ip_address_id = azurerm_public_ip.shared["pip-admin-lb"].id
  }
}

resource "azurerm_lb_nat_rule" "rdp" {
  name                           = "rdp-admin"
  resource_group_name            = local.group
  loadbalancer_id                = azurerm_lb.admin.id
  frontend_ip_configuration_name = azurerm_lb.admin.frontend_ip_configuration[0].name
  protocol                       = "Tcp"
  frontend_port                  = 50001
  backend_port                   = 3389
}

resource "azurerm_network_interface_nat_rule_association" "rdp" {
  network_interface_id  = module.machine["admin"].interface_id
  ip_configuration_name = "ipconfig1"
  nat_rule_id           = azurerm_lb_nat_rule.rdp.id
}

resource "azurerm_application_gateway" "shop" {
  name                = "agw-shop"
  location            = local.location
  resource_group_name = local.group

  sku {
    name     = "Standard_v2"
    tier     = "Standard_v2"
    capacity = 2
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.this["gateway"].id
  }

  frontend_ip_configuration {
    name                 = "public"
    public_ip_address_id = azurerm_public_ip.shared["pip-gateway"].id
  }

  frontend_port {
    name = "https"
    port = 443
  }

  backend_address_pool {
    name         = "shop"
    ip_addresses = [module.machine["shop"].address]
  }

  backend_http_settings {
    name                  = "shop-http"
    port                  = 8080
    protocol              = "Http"
    cookie_based_affinity = "Disabled"
  }

  http_listener {
    name                           = "shop-https"
    frontend_ip_configuration_name = "public"
    frontend_port_name             = "https"
    protocol                       = "Https"
    host_name                      = "shop.contoso.example"
    ssl_certificate_name           = "shop"
  }

  request_routing_rule {
    name                       = "shop"
    priority                   = 100
    rule_type                  = "Basic"
    http_listener_name         = "shop-https"
    backend_address_pool_name  = "shop"
    backend_http_settings_name = "shop-http"
  }

  ssl_certificate {
    name                = "shop"
    key_vault_secret_id = "https://contoso-kv.vault.azure.net/secrets/shop"
  }
}
