resource "google_compute_backend_service" "shop" {
  project = "tailspin-shop"
  affinity_cookie_ttl_sec = 0
  backend {
    balancing_mode = "UTILIZATION"
    capacity_scaler = 1.0
    group = "projects/tailspin-shop/zones/europe-west3-a/instanceGroups/shop"
  }
  connection_draining {
    draining_timeout_sec = 300
  }
  health_checks = ["projects/tailspin-shop/global/healthChecks/shop"]
  load_balancing_scheme = "EXTERNAL_MANAGED"
  name = "shop"
  port = 8080
  port_name = "http"
  protocol = "HTTP"
  security_policy = "projects/tailspin-shop/global/securityPolicies/shop"
  session_affinity = "NONE"
  timeout_sec = 30
}

resource "google_compute_backend_service" "shop-admin" {
  project = "tailspin-shop"
  affinity_cookie_ttl_sec = 0
  backend {
    balancing_mode = "UTILIZATION"
    capacity_scaler = 1.0
    group = "projects/tailspin-shop/zones/europe-west3-a/instanceGroups/shop"
  }
  connection_draining {
    draining_timeout_sec = 300
  }
  health_checks = ["projects/tailspin-shop/global/healthChecks/shop-admin"]
  load_balancing_scheme = "EXTERNAL_MANAGED"
  name = "shop-admin"
  port = 8081
  port_name = "admin"
  protocol = "HTTP"
  security_policy = "projects/tailspin-shop/global/securityPolicies/office-only"
  session_affinity = "NONE"
  timeout_sec = 30
}

resource "google_compute_region_backend_service" "match" {
  project = "tailspin-games"
  affinity_cookie_ttl_sec = 0
  backend {
    balancing_mode = "CONNECTION"
    capacity_scaler = 1.0
    group = "projects/tailspin-games/zones/europe-west3-a/instanceGroups/match"
  }
  connection_draining {
    draining_timeout_sec = 300
  }
  health_checks = ["projects/tailspin-games/regions/europe-west3/healthChecks/match"]
  load_balancing_scheme = "EXTERNAL"
  name = "match"
  protocol = "UDP"
  session_affinity = "NONE"
  timeout_sec = 30
  region = "europe-west3"
}

resource "google_compute_forwarding_rule" "console-rdp" {
  project = "tailspin-shop"
  ip_address = "192.0.2.20"
  load_balancing_scheme = "EXTERNAL"
  name = "console-rdp"
  network_tier = "PREMIUM"
  port_range = "3389-3389"
  region = "europe-west3"
  target = "projects/tailspin-shop/zones/europe-west3-a/targetInstances/console"
  ip_protocol = "TCP"
}

resource "google_compute_global_forwarding_rule" "shop-https" {
  project = "tailspin-shop"
  ip_address = "192.0.2.50"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  name = "shop-https"
  network_tier = "PREMIUM"
  port_range = "443-443"
  target = "projects/tailspin-shop/global/targetHttpsProxies/shop"
  ip_protocol = "TCP"
}

resource "google_compute_forwarding_rule" "match" {
  project = "tailspin-games"
  ip_address = "192.0.2.30"
  backend_service = "projects/tailspin-games/regions/europe-west3/backendServices/match"
  load_balancing_scheme = "EXTERNAL"
  name = "match"
  network_tier = "PREMIUM"
  port_range = "7000-7999"
  region = "europe-west3"
  ip_protocol = "UDP"
}

resource "google_compute_instance_group" "shop" {
  project = "tailspin-shop"
  name = "shop"
  zone = "europe-west3-a"
  named_port {
    name = "http"
    port = 8080
  }
  named_port {
    name = "admin"
    port = 8081
  }
  instances = ["projects/tailspin-shop/zones/europe-west3-a/instances/shop-3k7d", "projects/tailspin-shop/zones/europe-west3-a/instances/shop-9x2f"]
}

resource "google_compute_instance_group" "match" {
  project = "tailspin-games"
  name = "match"
  zone = "europe-west3-a"
  named_port = []
  instances = ["projects/tailspin-games/zones/europe-west3-a/instances/match-1", "projects/tailspin-games/zones/europe-west3-a/instances/match-2"]
}

resource "google_compute_security_policy" "shop" {
  project = "tailspin-shop"
  name = "shop"
  rule {
    action = "deny(403)"
    match {
      config {
        src_ip_ranges = ["198.51.100.0/24"]
      }
      versioned_expr = "SRC_IPS_V1"
    }
    preview = false
    priority = 100
  }
  rule {
    action = "allow"
    match {
      config {
        src_ip_ranges = ["*"]
      }
      versioned_expr = "SRC_IPS_V1"
    }
    preview = false
    priority = 2147483647
  }
}

resource "google_compute_security_policy" "office-only" {
  project = "tailspin-shop"
  name = "office-only"
  rule {
    action = "allow"
    match {
      config {
        src_ip_ranges = ["203.0.113.0/28"]
      }
      versioned_expr = "SRC_IPS_V1"
    }
    preview = false
    priority = 1000
  }
  rule {
    action = "deny(403)"
    match {
      config {
        src_ip_ranges = ["*"]
      }
      versioned_expr = "SRC_IPS_V1"
    }
    preview = false
    priority = 2147483647
  }
}

resource "google_compute_target_https_proxy" "shop" {
  project = "tailspin-shop"
  name = "shop"
  quic_override = "NONE"
  ssl_certificates = ["projects/tailspin-shop/global/sslCertificates/shop"]
  url_map = "projects/tailspin-shop/global/urlMaps/shop"
}

resource "google_compute_target_instance" "console" {
  project = "tailspin-shop"
  instance = "projects/tailspin-shop/zones/europe-west3-a/instances/console"
  name = "console"
  nat_policy = "NO_NAT"
  zone = "europe-west3-a"
}

resource "google_compute_url_map" "shop" {
  project = "tailspin-shop"
  default_service = "projects/tailspin-shop/global/backendServices/shop"
  host_rule {
    hosts = ["*"]
    path_matcher = "all"
  }
  name = "shop"
  path_matcher {
    default_service = "projects/tailspin-shop/global/backendServices/shop"
    name = "all"
    path_rule {
      paths = ["/admin/*"]
      service = "projects/tailspin-shop/global/backendServices/shop-admin"
    }
  }
}
