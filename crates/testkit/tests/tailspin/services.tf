resource "google_app_engine_firewall_rule" "100" {
  project = "tailspin-shop"
  action = "ALLOW"
  priority = 100
  source_range = "203.0.113.0/28"
}

resource "google_app_engine_firewall_rule" "1000" {
  project = "tailspin-shop"
  action = "DENY"
  priority = 1000
  source_range = "198.51.100.0/24"
}

resource "google_app_engine_firewall_rule" "2147483647" {
  project = "tailspin-shop"
  action = "ALLOW"
  priority = 2147483647
  source_range = "*"
}

resource "google_app_engine_application" "tailspin-shop" {
  project = "tailspin-shop"
  location_id = "europe-west3"
}

resource "google_container_cluster" "toys" {
  project = "tailspin-shop"
  name = "toys"
  location = "europe-west3"
  private_cluster_config {
    enable_private_nodes = true
    master_ipv4_cidr_block = "172.16.0.32/28"
    private_endpoint = "172.16.0.34"
    public_endpoint = "192.0.2.70"
  }
  master_authorized_networks_config {
    cidr_blocks {
      cidr_block = "203.0.113.0/28"
    }
    enabled = true
    gcp_public_cidrs_access_enabled = true
  }
}

resource "google_sql_database_instance" "orders" {
  project = "tailspin-shop"
  name = "orders"
  database_version = "POSTGRES_15"
  region = "europe-west3"
  settings {
    tier = "db-custom-2-7680"
    ip_configuration {
      authorized_networks {
        name = "office"
        value = "203.0.113.0/28"
      }
      authorized_networks {
        name = "partners-east"
        value = "0.0.0.0/1"
      }
      authorized_networks {
        name = "partners-west"
        value = "128.0.0.0/1"
      }
      ipv4_enabled = true
      require_ssl = false
      ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"
    }
    activation_policy = "ALWAYS"
  }
}

resource "google_sql_database_instance" "ledger" {
  project = "tailspin-shop"
  name = "ledger"
  database_version = "MYSQL_8_0"
  region = "europe-west3"
  settings {
    tier = "db-custom-2-7680"
    ip_configuration {
      authorized_networks = []
      ipv4_enabled = false
      private_network = "projects/tailspin-net-host/global/networks/prod"
      require_ssl = false
      ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"
    }
    activation_policy = "ALWAYS"
  }
}
