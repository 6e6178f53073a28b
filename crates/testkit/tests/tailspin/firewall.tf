resource "google_compute_firewall" "default-allow-internal" {
  project = "tailspin-sandbox"
  name = "default-allow-internal"
  direction = "INGRESS"
  disabled = false
  network = "projects/tailspin-sandbox/global/networks/default"
  priority = 65534
  source_ranges = ["10.128.0.0/9"]
  allow {
    protocol = "tcp"
    ports = ["0-65535"]
  }
  allow {
    protocol = "udp"
    ports = ["0-65535"]
  }
  allow {
    protocol = "icmp"
  }
}

resource "google_compute_firewall" "default-allow-ssh" {
  project = "tailspin-sandbox"
  name = "default-allow-ssh"
  direction = "INGRESS"
  disabled = false
  network = "projects/tailspin-sandbox/global/networks/default"
  priority = 65534
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports = ["22"]
  }
}

resource "google_compute_firewall" "default-allow-rdp" {
  project = "tailspin-sandbox"
  name = "default-allow-rdp"
  direction = "INGRESS"
  disabled = false
  network = "projects/tailspin-sandbox/global/networks/default"
  priority = 65534
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports = ["3389"]
  }
}

resource "google_compute_firewall" "default-allow-icmp" {
  project = "tailspin-sandbox"
  name = "default-allow-icmp"
  direction = "INGRESS"
  disabled = false
  network = "projects/tailspin-sandbox/global/networks/default"
  priority = 65534
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "icmp"
  }
}

resource "google_compute_firewall" "lab-syslog" {
  project = "tailspin-sandbox"
  name = "lab-syslog"
  direction = "INGRESS"
  disabled = false
  network = "projects/tailspin-sandbox/global/networks/lab"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "udp"
    ports = ["514"]
  }
}

resource "google_compute_firewall" "lab-ssh" {
  project = "tailspin-sandbox"
  name = "lab-ssh"
  direction = "INGRESS"
  disabled = false
  network = "projects/tailspin-sandbox/global/networks/lab"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports = ["22"]
  }
}

resource "google_compute_firewall" "games-allow-internal" {
  project = "tailspin-games"
  allow {
    protocol = "all"
  }
  direction = "INGRESS"
  disabled = false
  name = "games-allow-internal"
  network = "projects/tailspin-games/global/networks/games"
  priority = 65534
  source_ranges = ["10.60.0.0/20"]
}

resource "google_compute_firewall" "games-ssh" {
  project = "tailspin-games"
  allow {
    protocol = "tcp"
    ports = ["22"]
  }
  direction = "INGRESS"
  disabled = false
  name = "games-ssh"
  network = "projects/tailspin-games/global/networks/games"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
}

resource "google_compute_firewall" "legacy-everything" {
  project = "tailspin-games"
  allow {
    protocol = "all"
  }
  direction = "INGRESS"
  disabled = false
  name = "legacy-everything"
  network = "projects/tailspin-games/global/networks/games"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["legacy"]
}

resource "google_compute_firewall" "match" {
  project = "tailspin-games"
  allow {
    protocol = "udp"
    ports = ["7000-7999"]
  }
  destination_ranges = ["192.0.2.30/32"]
  direction = "INGRESS"
  disabled = false
  name = "match"
  network = "projects/tailspin-games/global/networks/games"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["match"]
}

resource "google_compute_firewall" "match-health" {
  project = "tailspin-games"
  allow {
    protocol = "tcp"
    ports = ["8080"]
  }
  direction = "INGRESS"
  disabled = false
  name = "match-health"
  network = "projects/tailspin-games/global/networks/games"
  priority = 1000
  source_ranges = ["35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22"]
  target_tags = ["match"]
}

resource "google_compute_firewall" "build-no-rdp" {
  project = "tailspin-net-host"
  deny {
    protocol = "tcp"
    ports = ["3389"]
  }
  direction = "INGRESS"
  disabled = false
  name = "build-no-rdp"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["build"]
}

resource "google_compute_firewall" "build-rdp" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["3389"]
  }
  direction = "INGRESS"
  disabled = false
  name = "build-rdp"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["build"]
}

resource "google_compute_firewall" "console-rdp" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["3389"]
  }
  direction = "INGRESS"
  disabled = false
  name = "console-rdp"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["console"]
}

resource "google_compute_firewall" "deny-ssh" {
  project = "tailspin-net-host"
  deny {
    protocol = "tcp"
    ports = ["22"]
  }
  direction = "INGRESS"
  disabled = false
  name = "deny-ssh"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 900
  source_ranges = ["0.0.0.0/0"]
}

resource "google_compute_firewall" "jump-ssh-east" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["22"]
  }
  direction = "INGRESS"
  disabled = false
  name = "jump-ssh-east"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 800
  source_ranges = ["0.0.0.0/1"]
  target_tags = ["jump"]
}

resource "google_compute_firewall" "jump-ssh-west" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["22"]
  }
  direction = "INGRESS"
  disabled = false
  name = "jump-ssh-west"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 800
  source_ranges = ["128.0.0.0/1"]
  target_tags = ["jump"]
}

resource "google_compute_firewall" "mysql-temp" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["3306"]
  }
  direction = "INGRESS"
  disabled = true
  name = "mysql-temp"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["mysql"]
}

resource "google_compute_firewall" "postgres-bi" {
  project = "tailspin-net-host"
  allow {
    protocol = "6"
    ports = ["5432"]
  }
  direction = "INGRESS"
  disabled = false
  name = "postgres-bi"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["203.0.113.4/32", "10.0.0.0/8", "0.0.0.0/0"]
  target_tags = ["postgres"]
}

resource "google_compute_firewall" "prod-allow-internal" {
  project = "tailspin-net-host"
  allow {
    protocol = "all"
  }
  direction = "INGRESS"
  disabled = false
  name = "prod-allow-internal"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 65534
  source_ranges = ["10.50.0.0/20"]
}

resource "google_compute_firewall" "search-api" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["9200-9300"]
  }
  direction = "INGRESS"
  disabled = false
  name = "search-api"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["search"]
}

resource "google_compute_firewall" "search-kibana" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["5601"]
  }
  direction = "INGRESS"
  disabled = false
  name = "search-kibana"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["search"]
}

resource "google_compute_firewall" "shop-from-balancer" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["8080", "8081"]
  }
  direction = "INGRESS"
  disabled = false
  name = "shop-from-balancer"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["130.211.0.0/22", "35.191.0.0/16"]
  target_tags = ["shop"]
}

resource "google_compute_firewall" "ssh-office" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["22"]
  }
  direction = "INGRESS"
  disabled = false
  name = "ssh-office"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 700
  source_ranges = ["203.0.113.0/28"]
}

resource "google_compute_firewall" "ssh-v6" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["22"]
  }
  direction = "INGRESS"
  disabled = false
  name = "ssh-v6"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["::/0"]
  target_tags = ["web"]
}

resource "google_compute_firewall" "warehouse-sql" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["1433"]
  }
  direction = "INGRESS"
  disabled = false
  name = "warehouse-sql"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["warehouse"]
}

resource "google_compute_firewall" "web" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["80", "443"]
  }
  direction = "INGRESS"
  disabled = false
  name = "web"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["0.0.0.0/0"]
  target_tags = ["web"]
}

resource "google_compute_firewall" "web-v6" {
  project = "tailspin-net-host"
  allow {
    protocol = "tcp"
    ports = ["80", "443"]
  }
  direction = "INGRESS"
  disabled = false
  name = "web-v6"
  network = "projects/tailspin-net-host/global/networks/prod"
  priority = 1000
  source_ranges = ["::/0"]
  target_tags = ["web"]
}
