//! Instances with one interface.

use serde_json::{Value, json};

use super::network::{NETWORKS, TAGS};
use super::{PROJECT, link, path};
use crate::random::Random;

/// An instance.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) number: usize,
    pub(super) network: usize,
    pub(super) tags: Vec<&'static str>,
    pub(super) account: Option<&'static str>,
    pub(super) address: Option<String>,
    pub(super) is_running: bool,
}

impl Machine {
    pub(super) fn random(number: usize, random: &mut Random) -> Self {
        let mut machine = Self {
            number,
            network: random.below(2),
            tags: tags(random),
            account: random.chance(70).then(|| *random.pick(&ACCOUNTS)),
            address: None,
            is_running: true,
        };
        if random.chance(70) {
            machine.address = Some(machine.own_address());
        }
        machine
    }

    pub(super) fn own_address(&self) -> String {
        format!("203.0.{}.{}", 113 + self.number / 200, self.number % 200 + 1)
    }

    pub(super) fn name(&self) -> String {
        format!("vm-{}", self.number)
    }

    pub(super) fn path(&self) -> String {
        path(&format!("zones/{ZONE}/instances"), &self.name())
    }

    /// Where its external address is, as lists and requests say it.
    pub(super) fn config(&self) -> Option<Value> {
        let address = self.address.as_ref()?;
        Some(
            json!({"kind": "compute#accessConfig", "type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": address}),
        )
    }

    pub(super) fn export(&self) -> Value {
        let mut machine = self.request();
        machine["kind"] = "compute#instance".into();
        machine["id"] = format!("700{}", self.number).into();
        machine["selfLink"] = link(&self.path()).into();
        machine["zone"] = link(&format!("{PROJECT}/zones/{ZONE}")).into();
        machine["status"] = if self.is_running { "RUNNING" } else { "TERMINATED" }.into();
        machine["tags"] = match self.tags.is_empty() {
            true => json!({"fingerprint": "42WmSpB8rSM="}),
            false => json!({"fingerprint": "42WmSpB8rSM=", "items": self.tags}),
        };
        machine["networkInterfaces"][0]["name"] = "nic0".into();
        machine["networkInterfaces"][0]["kind"] = "compute#networkInterface".into();
        machine
    }

    /// What a request says to make it.
    pub(super) fn request(&self) -> Value {
        let internal = format!("10.{}.{}.{}", self.network, self.number / 200, self.number % 200 + 2);
        let mut interface = json!({
            "network": link(&path("global/networks", NETWORKS[self.network])), "networkIP": internal,
        });
        if let Some(config) = self.config() {
            interface["accessConfigs"] = json!([config]);
        }
        let mut machine = json!({"name": self.name(), "networkInterfaces": [interface]});
        if !self.tags.is_empty() {
            machine["tags"] = json!({"tags": self.tags});
        }
        if let Some(account) = self.account {
            machine["serviceAccounts"] = json!([{"email": account, "scopes": ["cloud-platform"]}]);
        }
        machine
    }
}

pub(super) fn tags(random: &mut Random) -> Vec<&'static str> {
    TAGS.into_iter().filter(|_| random.chance(40)).collect()
}

pub(super) const ACCOUNTS: [&str; 2] =
    ["web@tailspin.iam.gserviceaccount.com", "db@tailspin.iam.gserviceaccount.com"];
pub(super) const ZONE: &str = "europe-west1-b";
