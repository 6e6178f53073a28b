variable "subscription_id" {
  type        = string
  description = "The subscription of the production environment."
}

variable "location" {
  type    = string
  default = "westeurope"
}

variable "office_range" {
  type        = string
  description = "The addresses of the office."
}

variable "admin_password" {
  type      = string
  sensitive = true
}

# Who may reach the database server, from the first to the last address.
variable "sql_ranges" {
  type = map(object({ first = string, last = string }))
  default = {
    office        = { first = "198.51.100.0", last = "198.51.100.255" }
    partners-west = { first = "0.0.0.0", last = "127.255.255.255" }
    partners-east = { first = "128.0.0.0", last = "255.255.255.255" }
  }
}
