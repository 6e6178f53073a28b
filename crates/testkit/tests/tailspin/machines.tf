resource "google_compute_instance" "playground" {
  project = "tailspin-sandbox"
  name = "playground"
  machine_type = "e2-small"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-sandbox/global/networks/default"
    network_ip = "10.156.0.2"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-sandbox/regions/europe-west3/subnetworks/default"
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.40"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
  }
  service_account {
    email = "842617503926-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  desired_status = "RUNNING"
}

resource "google_compute_instance" "sensor" {
  project = "tailspin-sandbox"
  name = "sensor"
  machine_type = "e2-small"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-sandbox/global/networks/lab"
    network_ip = "10.70.0.5"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-sandbox/regions/europe-west3/subnetworks/lab-ew3"
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.41"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
  }
  service_account {
    email = "842617503926-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  desired_status = "RUNNING"
}

resource "google_compute_instance" "match-1" {
  project = "tailspin-games"
  machine_type = "e2-small"
  name = "match-1"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-games/global/networks/games"
    network_ip = "10.60.0.11"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-games/regions/europe-west3/subnetworks/games-ew3"
  }
  service_account {
    email = "364092718850-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["match"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "match-2" {
  project = "tailspin-games"
  machine_type = "e2-small"
  name = "match-2"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-games/global/networks/games"
    network_ip = "10.60.0.12"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-games/regions/europe-west3/subnetworks/games-ew3"
  }
  service_account {
    email = "364092718850-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["match"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "ranked" {
  project = "tailspin-games"
  machine_type = "e2-small"
  name = "ranked"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.31"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-games/global/networks/games"
    network_ip = "10.60.0.20"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-games/regions/europe-west3/subnetworks/games-ew3"
  }
  service_account {
    email = "364092718850-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  desired_status = "RUNNING"
  params {
    resource_manager_tags = {
      "tagKeys/0" = "tagValues/281478395847102"
    }
  }
}

resource "google_compute_instance" "lobby" {
  project = "tailspin-games"
  machine_type = "e2-small"
  name = "lobby"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.32"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-games/global/networks/games"
    network_ip = "10.60.0.21"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-games/regions/europe-west3/subnetworks/games-ew3"
  }
  service_account {
    email = "364092718850-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  desired_status = "RUNNING"
  params {
    resource_manager_tags = {
      "tagKeys/0" = "tagValues/281476022915837"
    }
  }
}

resource "google_compute_instance" "jump" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "jump"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.10"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.10"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["jump"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "reports" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "reports"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.11"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.11"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "backup-agent@tailspin-shop.iam.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  desired_status = "RUNNING"
}

resource "google_compute_instance" "build" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "build"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.12"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.12"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["build"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "edge" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "edge"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.13"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    ipv6_access_config {
      external_ipv6 = "2001:db8:5000:0:0:1:0:0"
      external_ipv6_prefix_length = 96
      name = "external-ipv6"
      network_tier = "PREMIUM"
      type = "DIRECT_IPV6"
    }
    ipv6_access_type = "EXTERNAL"
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.13"
    stack_type = "IPV4_IPV6"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["web"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "postgres" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "postgres"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.14"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.14"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["postgres"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "mysql" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "mysql"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.15"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.15"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["mysql"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "search" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "search"
  network_interface {
    access_config {
      name = "external-nat"
      nat_ip = "192.0.2.16"
      network_tier = "PREMIUM"
      type = "ONE_TO_ONE_NAT"
    }
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.16"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["search"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "warehouse" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "warehouse"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.17"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["warehouse"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "console" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "console"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.18"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["console"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "shop-3k7d" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "shop-3k7d"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.21"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["shop"]
  desired_status = "RUNNING"
}

resource "google_compute_instance" "shop-9x2f" {
  project = "tailspin-shop"
  machine_type = "e2-small"
  name = "shop-9x2f"
  network_interface {
    name = "nic0"
    network = "projects/tailspin-net-host/global/networks/prod"
    network_ip = "10.50.0.22"
    stack_type = "IPV4_ONLY"
    subnetwork = "projects/tailspin-net-host/regions/europe-west3/subnetworks/prod-ew3"
  }
  service_account {
    email = "518830274615-compute@developer.gserviceaccount.com"
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
  zone = "europe-west3-a"
  tags = ["shop"]
  desired_status = "RUNNING"
}
