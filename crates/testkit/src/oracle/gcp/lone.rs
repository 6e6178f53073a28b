//! Networks that no machine of the input is in: whether some machine there could be let in.

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{after, last, members, text, texts};
use super::interfaces::Interface;
use super::policies::Stages;
use super::way::is_sent;
use crate::oracle::verdict::{Packet, Reached, Verdict};

/// A network, with what would decide for every machine that its rules and policies tell apart.
#[derive(Debug)]
pub(super) struct Lone {
    pub(super) id: String,
    pub(super) name: String,
    /// Whether machines of its project are in the input, none of them in it.
    is_empty: bool,
    machines: Vec<Stages>,
    /// One address of each kind that prefixes of rules tell apart.
    destinations: Vec<IpAddr>,
}

impl Lone {
    /// How far a packet gets nobody knows, only whether there may be somebody whom it gets to.
    pub(super) fn reached(&self, packet: &Packet) -> Reached {
        let v6 = packet.source.is_ipv6();
        let may_at = |stages: &Stages| {
            let mut own = self.destinations.iter().filter(|it| it.is_ipv6() == v6);
            own.any(|it| stages.decide(packet, Some(*it)) != Verdict::Deny)
        };
        // Without a destination the answer has bounds that hold all of them.
        let may = || {
            self.machines.iter().any(|stages| match stages.decide(packet, None) {
                Verdict::Deny => false,
                Verdict::Allow => true,
                Verdict::Undecided => may_at(stages),
            })
        };
        match !self.is_empty && is_sent(packet) && may() {
            true => Reached { exposed: Verdict::Undecided, one_way: Verdict::Undecided },
            false => Reached::NOT,
        }
    }
}

impl Estate {
    pub(super) fn lone_networks(&self, interfaces: &[Interface]) -> Vec<Lone> {
        let stated = self.all("networks").iter().map(|network| self.id(network));
        let named = self.all("firewalls").iter().filter_map(|rule| Some(self.path(text(rule, "network")?)));
        let mut ids: Vec<String> = stated.chain(named).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|id| !interfaces.iter().any(|it| self.same(&it.network, id)));
        ids.into_iter().map(|id| self.lone(id)).collect()
    }

    fn lone(&self, id: String) -> Lone {
        let project = after(&id, "projects").unwrap_or_default();
        let of_project = |it: &Value| after(&self.id(it), "projects") == Some(project);
        let tags = subsets(self.every("firewalls", |rule| texts(rule, "targetTags")));
        let policies = self.all("firewallPolicies").iter();
        let rules: Vec<&Value> = policies.flat_map(|policy| members(policy, "rules")).collect();
        let of_policies: Vec<&str> =
            rules.iter().flat_map(|rule| texts(rule, "targetServiceAccounts")).collect();
        let accounts = self.every("firewalls", |rule| texts(rule, "targetServiceAccounts"));
        let accounts: Vec<String> =
            sorted(accounts.into_iter().chain(of_policies.into_iter().map(str::to_owned)));
        let secure =
            rules.iter().flat_map(|rule| members(rule, "targetSecureTags").filter_map(|it| text(it, "name")));
        let secure = subsets(sorted(secure.map(str::to_owned)));
        let regions =
            self.every("firewallPolicies", |policy| text(policy, "region").map(last).into_iter().collect());
        let mut machines = Vec::new();
        for tags in &tags {
            for account in accounts.iter().map(|it| vec![it.clone()]).chain([Vec::new()]) {
                for secure in &secure {
                    for region in regions.iter().map(String::as_str).chain(["elsewhere"]) {
                        machines.push(self.stages(&machine(&id, region, tags, &account, secure)));
                    }
                }
            }
        }
        let is_empty = self.all("instances").iter().any(of_project);
        let ends = self.every_destination().into_iter().flat_map(|prefix| prefix.ends());
        let elsewhere = ["172.31.255.1", "2001:db8:ffff::1"].into_iter().filter_map(|it| it.parse().ok());
        let mut destinations: Vec<IpAddr> = ends.chain(elsewhere).collect();
        destinations.sort_unstable();
        destinations.dedup();
        Lone { name: last(&id).to_owned(), id, is_empty, machines, destinations }
    }

    fn every<'e>(&'e self, kind: &str, of: impl Fn(&'e Value) -> Vec<&'e str>) -> Vec<String> {
        sorted(self.all(kind).iter().flat_map(of).map(str::to_owned))
    }
}

fn machine(
    network: &str,
    region: &str,
    tags: &[String],
    accounts: &[String],
    secure: &[String],
) -> Interface {
    Interface {
        id: String::new(),
        name: String::new(),
        instance: String::new(),
        network: network.to_owned(),
        region: region.to_owned(),
        is_one_of_several: false,
        tags: tags.to_vec(),
        accounts: accounts.to_vec(),
        // One that no rule asks for says that its bindings are told.
        secure: [secure, &["tagValues/0".to_owned()]].concat(),
        internal: None,
        external: None,
        external6: None,
    }
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Every subset of some names; of many of them those of two at most.
fn subsets(names: Vec<String>) -> Vec<Vec<String>> {
    let mut subsets: Vec<Vec<String>> = vec![Vec::new()];
    for name in &names {
        let with = |it: &Vec<String>| [it.as_slice(), core::slice::from_ref(name)].concat();
        let more: Vec<Vec<String>> =
            subsets.iter().filter(|it| names.len() <= FEW || it.len() < 2).map(with).collect();
        subsets.extend(more);
    }
    subsets
}

const FEW: usize = 3;
