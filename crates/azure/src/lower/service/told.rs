//! What is told of services beside exposures: how many were assessed, what the input has nothing of.

use std::collections::BTreeMap;

use cloud::Quoted;
use model::Name;

use crate::resource::{Kept, PartContent, PublicAccess, Service, ServicePart};

use super::super::Lowering;
use super::super::perimeter::MISSING_PERIMETERS;

impl Lowering<'_> {
    /// Services and what is kept beside them, by kind.
    pub(in crate::lower) fn service_counts(&self) -> BTreeMap<&'static str, usize> {
        let devices = &self.estate.devices;
        let services = devices.services.values().map(|service| service.kind.name);
        let parts = devices.service_parts.values().map(|part| part.name);
        let mut counts = BTreeMap::new();
        for kind in services.chain(parts) {
            *counts.entry(kind).or_default() += 1;
        }
        counts
    }

    /// What the input has nothing of, each with the command that would export it.
    pub(in crate::lower) fn missing_of_services(&self) -> Vec<String> {
        let mut sentences = self.missing_lists();
        sentences.extend(self.left_out());
        sentences.extend(self.missing_services());
        sentences.extend(self.missing_of_sql_servers());
        sentences.extend(self.missing_perimeters());
        sentences.extend(self.missing_outbound_addresses());
        sentences
    }

    /// Lists that services keep beside them. An export of them is made for one service at a time, so a service
    /// without any may have one that was not asked for.
    fn missing_lists(&self) -> Vec<String> {
        let mut untold: BTreeMap<&str, (&Service, Vec<&Name>)> = BTreeMap::new();
        for service in self.estate.devices.services.values() {
            let has_list = self.has_list(service) || !service.is_told;
            if !has_list && is_own_list_asked(service) {
                untold
                    .entry(service.kind.name)
                    .or_insert((service, Vec::new()))
                    .1
                    .push(&service.identity.name);
            }
        }
        let told = |(service, names): &(&Service, Vec<&Name>)| {
            let (what, command) = service.kind.beside?;
            Some(format!(
                "{what} of {} are not in the input ({}): whom these let in is not known; add `{command}`",
                service.kind.plural,
                sample(names)
            ))
        };
        untold.values().filter_map(told).collect()
    }

    /// Services whose documents are lists of names, as `az keyvault list` prints them, or projections.
    fn left_out(&self) -> Vec<String> {
        let mut found: BTreeMap<(&str, bool), (&Service, Vec<&Name>)> = BTreeMap::new();
        for service in self.estate.devices.services.values() {
            let is_name = self.estate.is_name(&service.identity.key);
            let is_answered = service.is_whole || !is_own_list_asked(service);
            // What is neither has been told as a gap, with its command.
            if (service.is_told && !is_answered) || (!service.is_told && is_name) {
                let same = found.entry((service.kind.name, service.is_told));
                same.or_insert((service, Vec::new())).1.push(&service.identity.name);
            }
        }
        let told = |(&(_, is_told), (service, names)): (&(&str, bool), &(&Service, Vec<&Name>))| {
            let how = if is_told { "projections" } else { "names alone" };
            let (kind, names) = (service.kind, sample(names));
            format!(
                "{} are in the input as {how} ({names}): whom these let in is not known; add `{}`",
                kind.plural, kind.command
            )
        };
        found.iter().map(told).collect()
    }

    fn has_list(&self, service: &Service) -> bool {
        match &service.kept {
            Kept::Here(_) | Kept::HereAnd(..) | Kept::Subnet(_) => true,
            Kept::Ranges(ranges) => ranges.ipv4.is_some() || self.has_part(service, is_range),
            Kept::NetworkRules { acts } => {
                *acts == Some(false)
                    || self.has_part(service, |part| matches!(part.content, PartContent::NetworkRules(_)))
            }
            Kept::Site(rules) => {
                let beside = self.parts_of(&service.identity.key).find_map(|part| match &part.content {
                    PartContent::Site(rules) => Some(rules),
                    PartContent::Range(..) | PartContent::NetworkRules(_) | PartContent::Unrelated => None,
                });
                let beside =
                    beside.map_or([false; 2], |rules| [rules.main.is_some(), rules.management.is_some()]);
                [rules.main.is_some(), rules.management.is_some()]
                    .iter()
                    .zip(beside)
                    .all(|(own, beside)| *own || beside)
            }
        }
    }

    fn has_part(&self, service: &Service, is_it: impl Fn(&ServicePart) -> bool) -> bool {
        self.parts_of(&service.identity.key).any(is_it)
    }

    /// Services of which there are parts alone.
    fn missing_services(&self) -> Vec<String> {
        let services = &self.estate.devices.services;
        let unseen = self.index.parts_of_service.keys().filter(|owner| !services.contains_key(*owner));
        let mut kinds: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for owner in unseen {
            if let Some(part) = self.parts_of(owner).next() {
                kinds.insert(part.of.name, (part.of.plural, part.of.command));
            }
        }
        let told = |(plural, command): &(&str, &str)| {
            format!(
                "{plural} that rules in the input belong to are not in it: their reach is `admitted`; add `{command}`"
            )
        };
        kinds.values().map(told).collect()
    }

    fn missing_perimeters(&self) -> Option<String> {
        let devices = &self.estate.devices;
        let by_perimeter = |service: &Service| service.access == PublicAccess::ByPerimeter;
        let is_missing = devices.perimeter_members.is_empty() && devices.services.values().any(by_perimeter);
        is_missing.then(|| MISSING_PERIMETERS.to_owned())
    }

    /// P9: addresses that a cluster with ranges lets in without listing them.
    fn missing_outbound_addresses(&self) -> Option<String> {
        let known = &self.estate.public_addresses;
        let is_missing = self.estate.devices.services.values().any(|service| match &service.kept {
            Kept::HereAnd(list, own) => {
                !list.entries.is_empty() && own.iter().any(|key| !known.contains_key(key))
            }
            Kept::Here(_) | Kept::Ranges(_) | Kept::NetworkRules { .. } | Kept::Site(_) | Kept::Subnet(_) => {
                false
            }
        });
        is_missing.then(|| MISSING_OUTBOUND_ADDRESSES.to_owned())
    }

    /// P1: what `az sql server firewall-rule list` does not show.
    fn missing_of_sql_servers(&self) -> Vec<String> {
        let is_open = |service: &&Service| {
            service.kind.families.len() > 1
                && matches!(service.kept, Kept::Ranges(_))
                && is_own_list_asked(service)
        };
        let servers: Vec<&Service> = self.estate.devices.services.values().filter(is_open).collect();
        let lacks_ipv6 = |service: &&&Service| {
            let Kept::Ranges(ranges) = &service.kept else { return false };
            ranges.ipv6.is_none() && self.has_list(service) && !self.has_part(service, is_ipv6_range)
        };
        let mut sentences = Vec::new();
        if servers.iter().any(|service| lacks_ipv6(&service)) {
            sentences.push(MISSING_IPV6_RULES.to_owned());
        }
        if !servers.is_empty() {
            sentences.push(MISSING_DATABASE_RULES.to_owned());
        }
        sentences
    }
}

/// Whether what the service itself lets in bears on the answer.
const fn is_own_list_asked(service: &Service) -> bool {
    matches!(service.access, PublicAccess::Enabled | PublicAccess::Untold)
}

fn is_range(part: &ServicePart) -> bool {
    matches!(part.content, PartContent::Range(_, packet::Family::V4))
}

fn is_ipv6_range(part: &ServicePart) -> bool {
    matches!(part.content, PartContent::Range(_, packet::Family::V6))
}

/// The first of some names, and how many more there are.
fn sample(names: &[&Name]) -> String {
    let first: Vec<String> = names.iter().take(NAMES_MAX).map(|name| Quoted(name).to_string()).collect();
    match names.len().saturating_sub(NAMES_MAX) {
        0 => first.join(", "),
        more => format!("{} +{more} more", first.join(", ")),
    }
}

const NAMES_MAX: usize = 3;

const MISSING_OUTBOUND_ADDRESSES: &str = "outbound addresses of Kubernetes clusters are not in the input: clusters with authorised ranges let these in too; add `az network public-ip list`";
const MISSING_IPV6_RULES: &str = "IPv6 firewall rules of SQL servers are not in the input: servers with other rules are taken to have none; add `az sql server ipv6-firewall-rule list`";
const MISSING_DATABASE_RULES: &str = "firewall rules of single databases are kept inside them and are in no export: ask each database for `sys.database_firewall_rules`";
