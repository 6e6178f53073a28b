resource "google_compute_firewall_policy" "org-baseline" {
  firewall_policy_id = "124334206247"
  short_name = "org-baseline"
  parent = "organizations/482910375526"
}

resource "google_compute_firewall_policy_rule" "124334206247-500" {
  firewall_policy = "124334206247"
  action = "allow"
  direction = "INGRESS"
  disabled = false
  priority = 500
  target_service_accounts = ["backup-agent@tailspin-shop.iam.gserviceaccount.com"]
  match {
    layer4_configs {
      ip_protocol = "tcp"
      ports = ["22"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_firewall_policy_rule" "124334206247-900" {
  firewall_policy = "124334206247"
  action = "goto_next"
  direction = "INGRESS"
  disabled = false
  priority = 900
  match {
    layer4_configs {
      ip_protocol = "tcp"
      ports = ["9200"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_firewall_policy_rule" "124334206247-950" {
  firewall_policy = "124334206247"
  action = "deny"
  direction = "INGRESS"
  disabled = false
  priority = 950
  match {
    layer4_configs {
      ip_protocol = "tcp"
      ports = ["9000-9999"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_firewall_policy_rule" "124334206247-960" {
  firewall_policy = "124334206247"
  action = "deny"
  direction = "INGRESS"
  disabled = false
  priority = 960
  match {
    layer4_configs {
      ip_protocol = "tcp"
      ports = ["23", "135", "445"]
    }
    layer4_configs {
      ip_protocol = "udp"
      ports = ["137", "138"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_firewall_policy_association" "organizations-482910375526" {
  firewall_policy = "124334206247"
  attachment_target = "organizations/482910375526"
  name = "organizations-482910375526"
}

resource "google_compute_firewall_policy" "sandbox-guard" {
  firewall_policy_id = "151596022309"
  short_name = "sandbox-guard"
  parent = "folders/907315264488"
}

resource "google_compute_firewall_policy_rule" "151596022309-100" {
  firewall_policy = "151596022309"
  action = "deny"
  direction = "INGRESS"
  disabled = false
  priority = 100
  match {
    layer4_configs {
      ip_protocol = "tcp"
      ports = ["3389"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_firewall_policy_association" "folders-907315264488" {
  firewall_policy = "151596022309"
  attachment_target = "folders/907315264488"
  name = "folders-907315264488"
}

resource "google_compute_network_firewall_policy" "prod-guard" {
  project = "tailspin-net-host"
  name = "prod-guard"
}

resource "google_compute_network_firewall_policy_rule" "prod-guard-10" {
  project = "tailspin-net-host"
  firewall_policy = "prod-guard"
  action = "deny"
  direction = "INGRESS"
  disabled = false
  priority = 10
  match {
    layer4_configs {
      ip_protocol = "tcp"
      ports = ["5601"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_network_firewall_policy_association" "prod-guard-prod" {
  project = "tailspin-net-host"
  firewall_policy = "prod-guard"
  attachment_target = "projects/tailspin-net-host/global/networks/prod"
  name = "prod-guard-prod"
}

resource "google_compute_network_firewall_policy" "games-guard" {
  project = "tailspin-games"
  name = "games-guard"
}

resource "google_compute_network_firewall_policy_rule" "games-guard-10" {
  project = "tailspin-games"
  firewall_policy = "games-guard"
  action = "deny"
  direction = "INGRESS"
  disabled = false
  priority = 10
  match {
    layer4_configs {
      ip_protocol = "tcp"
      ports = ["22", "3389"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_network_firewall_policy_rule" "games-guard-20" {
  project = "tailspin-games"
  firewall_policy = "games-guard"
  action = "allow"
  direction = "INGRESS"
  disabled = false
  priority = 20
  target_secure_tags {
    name = "tagValues/281478395847102"
    state = "EFFECTIVE"
  }
  match {
    layer4_configs {
      ip_protocol = "udp"
      ports = ["27015"]
    }
    src_ip_ranges = ["0.0.0.0/0"]
  }
}

resource "google_compute_network_firewall_policy_association" "games-guard-games" {
  project = "tailspin-games"
  firewall_policy = "games-guard"
  attachment_target = "projects/tailspin-games/global/networks/games"
  name = "games-guard-games"
}
