resource "google_compute_address" "jump" {
  project = "tailspin-shop"
  address = "192.0.2.10"
  address_type = "EXTERNAL"
  name = "jump"
  network_tier = "PREMIUM"
  region = "europe-west3"
}

resource "google_compute_address" "console" {
  project = "tailspin-shop"
  address = "192.0.2.20"
  address_type = "EXTERNAL"
  name = "console"
  network_tier = "PREMIUM"
  region = "europe-west3"
}

resource "google_compute_global_address" "shop" {
  project = "tailspin-shop"
  address = "192.0.2.50"
  address_type = "EXTERNAL"
  name = "shop"
  network_tier = "PREMIUM"
}

resource "google_compute_address" "match" {
  project = "tailspin-games"
  address = "192.0.2.30"
  address_type = "EXTERNAL"
  name = "match"
  network_tier = "PREMIUM"
  region = "europe-west3"
}

resource "google_compute_network" "default" {
  project = "tailspin-sandbox"
  name = "default"
  auto_create_subnetworks = true
  network_firewall_policy_enforcement_order = "AFTER_CLASSIC_FIREWALL"
}

resource "google_compute_network" "lab" {
  project = "tailspin-sandbox"
  name = "lab"
  auto_create_subnetworks = false
  network_firewall_policy_enforcement_order = "AFTER_CLASSIC_FIREWALL"
  delete_default_routes_on_create = true
}

resource "google_compute_subnetwork" "default" {
  project = "tailspin-sandbox"
  name = "default"
  allow_subnet_cidr_routes_overlap = false
  ip_cidr_range = "10.156.0.0/20"
  network = "projects/tailspin-sandbox/global/networks/default"
  private_ipv6_google_access = "DISABLE_GOOGLE_ACCESS"
  purpose = "PRIVATE"
  region = "europe-west3"
  stack_type = "IPV4_ONLY"
}

resource "google_compute_subnetwork" "lab-ew3" {
  project = "tailspin-sandbox"
  name = "lab-ew3"
  allow_subnet_cidr_routes_overlap = false
  ip_cidr_range = "10.70.0.0/24"
  network = "projects/tailspin-sandbox/global/networks/lab"
  private_ipv6_google_access = "DISABLE_GOOGLE_ACCESS"
  purpose = "PRIVATE"
  region = "europe-west3"
  stack_type = "IPV4_ONLY"
}

resource "google_compute_network" "prod" {
  project = "tailspin-net-host"
  name = "prod"
  auto_create_subnetworks = false
  network_firewall_policy_enforcement_order = "AFTER_CLASSIC_FIREWALL"
}

resource "google_compute_network" "games" {
  project = "tailspin-games"
  name = "games"
  auto_create_subnetworks = false
  network_firewall_policy_enforcement_order = "BEFORE_CLASSIC_FIREWALL"
}

resource "google_compute_router" "prod" {
  project = "tailspin-net-host"
  name = "prod"
  network = "projects/tailspin-net-host/global/networks/prod"
  region = "europe-west3"
}

resource "google_compute_route" "default-ipv6-route-f7e4306e" {
  project = "tailspin-net-host"
  dest_range = "::/0"
  name = "default-ipv6-route-f7e4306e"
  network = "projects/tailspin-net-host/global/networks/prod"
  next_hop_gateway = "projects/tailspin-net-host/global/gateways/default-internet-gateway"
  priority = 1000
}

resource "google_compute_subnetwork" "prod-ew3" {
  project = "tailspin-net-host"
  allow_subnet_cidr_routes_overlap = false
  external_ipv6_prefix = "2001:db8:5000:0:0:0:0:0/64"
  ip_cidr_range = "10.50.0.0/20"
  ipv6_access_type = "EXTERNAL"
  ipv6_cidr_range = "2001:db8:5000:0:0:0:0:0/64"
  name = "prod-ew3"
  network = "projects/tailspin-net-host/global/networks/prod"
  private_ipv6_google_access = "DISABLE_GOOGLE_ACCESS"
  purpose = "PRIVATE"
  region = "europe-west3"
  stack_type = "IPV4_IPV6"
}

resource "google_compute_subnetwork" "games-ew3" {
  project = "tailspin-games"
  allow_subnet_cidr_routes_overlap = false
  ip_cidr_range = "10.60.0.0/20"
  name = "games-ew3"
  network = "projects/tailspin-games/global/networks/games"
  private_ipv6_google_access = "DISABLE_GOOGLE_ACCESS"
  purpose = "PRIVATE"
  region = "europe-west3"
  stack_type = "IPV4_ONLY"
}
