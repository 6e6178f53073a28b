variable "name" {
  type = string
}

variable "resource_group" {
  type = string
}

variable "location" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "group_name" {
  type = string
}

# The families of its public addresses.
variable "public" {
  type    = list(string)
  default = []
}

# Its private address, where that must not change.
variable "address" {
  type    = string
  default = null
}

variable "rules" {
  type = map(object({
    priority    = number
    sources     = list(string)
    ports       = list(string)
    access      = optional(string, "Allow")
    protocol    = optional(string, "Tcp")
    description = optional(string)
  }))
}

variable "admin_password" {
  type      = string
  sensitive = true
}
