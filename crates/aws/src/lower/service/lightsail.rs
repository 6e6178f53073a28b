//! Lightsail instances as targets (P23): a firewall of their own, and addresses that lead to them one to one.

use std::sync::Arc;

use cloud::{LookupMap, Quoted};
use model::{Carries, Destinations, Effect, Filter, Front, Gap, Name, Path, Reach, Target};
use packet::Family;

use crate::resource::{FrontAddress, Identity, LightsailInstance, LightsailPortStates, Line, PORTS, Ports};

use super::super::Lowering;
use super::endpoint::{only, target};

impl<'e> Lowering<'e> {
    /// An instance: what it says of its ports, and what is said of them apart from it.
    pub(super) fn lightsail_target(&mut self, instance: &'e LightsailInstance) -> Target {
        let apart = self.port_states_of(&instance.identity).map(|states| self.ports_apart(states, instance));
        let known: Vec<&Ports> = instance.ports.iter().chain(apart.as_ref()).collect();
        let mut paths = Vec::new();
        if known.is_empty() {
            self.tell_no_ports(&instance.identity);
        } else {
            let has_ipv6 = instance.fronts.iter().any(|front| front.family == Family::V6);
            if has_ipv6 && known.iter().all(|ports| ports.leaves_out_ipv6) {
                self.tell_no_ipv6(&instance.identity);
            }
            let filter = self.ports_filter(&instance.identity, &known);
            paths = instance
                .fronts
                .iter()
                .map(|front| self.front_path(&instance.identity, front, &filter))
                .collect();
        }
        Target { power: instance.power.clone(), ..target(&instance.identity, KIND, paths) }
    }

    /// An instance of which only the open ports are in the input.
    pub(super) fn lightsail_ports_target(&mut self, states: &'e LightsailPortStates) -> Target {
        if states.ports.leaves_out_ipv6 {
            self.tell_no_ipv6(&states.identity);
        }
        let filter = self.ports_filter(&states.identity, &[&states.ports]);
        let path = Path {
            reach: Reach::Admitted,
            front: None,
            destinations: Destinations::endpoint(&Family::BOTH),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(filter),
        };
        target(&states.identity, KIND, vec![path])
    }

    fn front_path(&self, identity: &Identity, front: &FrontAddress, filter: &Filter) -> Path {
        let filter = match front.certain {
            true => filter.clone(),
            false => self.doubted(filter.clone(), "address"),
        };
        Path {
            reach: Reach::Exposed,
            front: Some(Front { id: Arc::clone(&identity.id), address: front.address }),
            destinations: front.inside.map_or_else(|| Destinations::endpoint(&[front.family]), only),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(filter),
        }
    }

    /// The union of all that is said to be open; said twice, it is there once.
    fn ports_filter(&mut self, identity: &Identity, known: &[&Ports]) -> Filter {
        let mut lines: Vec<&Line> = Vec::new();
        for line in known.iter().flat_map(|ports| &ports.lines) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        self.own_list(identity, KIND, &lines)
    }

    fn port_states_of(&self, instance: &Identity) -> Option<&'e LightsailPortStates> {
        let states = &self.estate.resources.lightsail_port_states;
        let id = format!("{PORTS}{}", instance.name);
        states.find(instance.account.as_deref(), &id).one().filter(|states| is_about(states, instance))
    }

    /// Ports that are listed apart from their instance. They name it by its name, which instances of several regions may
    /// have: then they are of one of these.
    fn ports_apart(&mut self, states: &LightsailPortStates, instance: &LightsailInstance) -> Ports {
        let named = |one: &&LightsailInstance| is_about(states, &one.identity);
        if self.estate.resources.lightsail_instances.values().filter(named).nth(1).is_none() {
            return states.ports.clone();
        }
        let message = format!(
            "{}: several instances have its name, and its ports do not say of which they are: they are possible",
            Quoted(&instance.identity.name)
        );
        let place = states.identity.read_at.0;
        self.gaps.push(Gap::at(place, "ambiguous-reference", Effect::Undecided, message));
        let lines = states.ports.lines.iter().cloned();
        Ports { lines: lines.map(|line| Line { certain: false, ..line }).collect(), ..states.ports.clone() }
    }

    /// The keys of port states whose instance is not in the input.
    pub(super) fn lone_port_states(&self) -> Vec<Name> {
        let known = &self.estate.resources;
        let mut instances: LookupMap<&str, Vec<&Identity>> = LookupMap::default();
        for instance in known.lightsail_instances.values() {
            instances.entry(&instance.identity.name).or_default().push(&instance.identity);
        }
        let is_lone = |states: &LightsailPortStates| {
            let named = instances.get(&*states.instance);
            !named.is_some_and(|named| named.iter().any(|instance| is_about(states, instance)))
        };
        let lone = known.lightsail_port_states.iter().filter(|(_, states)| is_lone(states));
        lone.map(|(key, _)| Arc::clone(key)).collect()
    }

    fn tell_no_ports(&mut self, identity: &Identity) {
        let message = format!(
            "{}: its document does not list its ports: add `aws lightsail get-instance-port-states` with `instanceName`",
            Quoted(&identity.name)
        );
        self.gaps.push(Gap::at(identity.read_at.0, "missing-field", Effect::Skipped, message));
    }

    fn tell_no_ipv6(&mut self, identity: &Identity) {
        let message = format!(
            "{}: its ports say nothing of `ipv6Cidrs`: over IPv6 everybody is possible; export it with a newer `aws`",
            Quoted(&identity.name)
        );
        self.gaps.push(Gap::at(identity.read_at.0, "missing-field", Effect::Undecided, message));
    }
}

/// Whether port states are those of an instance, which they name by its name in its region.
fn is_about(states: &LightsailPortStates, instance: &Identity) -> bool {
    let agree = |one: &Option<Name>, other: &Option<Name>| one.is_none() || other.is_none() || one == other;
    states.instance == instance.name
        && agree(&states.identity.account, &instance.account)
        && agree(&states.identity.region, &instance.region)
}

const KIND: &str = "lightsail-instance";
