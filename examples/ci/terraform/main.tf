# Terraform or OpenTofu: the JSON List of a version, each object a resource of its own. What a version no longer has is destroyed with its resource.
# Change: the variables; the providers' configuration (kubernetes) as you have it.
# The order of resources is Terraform's own, so the default denies wait for all others: see depends_on. Destroying has no order: remove a default deny in one
# version and what it needs in the next, or use the plan of the version (plan.sh).

terraform {
  required_version = ">= 1.5"
  required_providers {
    http = {
      source  = "hashicorp/http"
      version = "~> 3.4"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.30"
    }
  }
}

variable "sluice_url" {
  type    = string
  default = "https://sluice.example.com"
}

variable "sluice_token" {
  type        = string
  sensitive   = true
  description = "Scope read, bound to the environment"
}

variable "environment" {
  type    = string
  default = "prod"
}

variable "bundle_version" {
  type        = number
  default     = 7
  description = "A number: with latest, a plan and its apply could see two versions"
}

data "http" "manifests" {
  url = "${var.sluice_url}/v1/environments/${var.environment}/bundles/${var.bundle_version}/manifests.json"

  request_headers = {
    Accept        = "application/json"
    Authorization = "Bearer ${var.sluice_token}"
  }

  retry {
    attempts = 3
  }

  # Without these a refusal would be read as a version without objects.
  lifecycle {
    postcondition {
      condition     = self.status_code == 200
      error_message = "Sluice answered ${self.status_code}: ${self.response_body}"
    }
    postcondition {
      condition     = lookup(self.response_headers, "Etag", "") == "\"sha256:${sha256(self.response_body)}\""
      error_message = "These bytes are not those of their ETag."
    }
  }
}

locals {
  policies = {
    for policy in jsondecode(data.http.manifests.response_body).items :
    "${policy.metadata.namespace}/${policy.metadata.name}" => policy
  }
  denies = {
    for key, policy in local.policies : key => policy
    if policy.metadata.name == "default-deny-all"
  }
  allows = {
    for key, policy in local.policies : key => policy
    if policy.metadata.name != "default-deny-all"
  }
}

resource "kubernetes_manifest" "allow" {
  for_each = local.allows
  manifest = each.value

  field_manager {
    name = "sluice"
  }
}

resource "kubernetes_manifest" "default_deny" {
  for_each   = local.denies
  manifest   = each.value
  depends_on = [kubernetes_manifest.allow]

  field_manager {
    name = "sluice"
  }
}
