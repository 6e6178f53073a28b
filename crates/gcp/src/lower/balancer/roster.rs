//! Who is in an instance group or an endpoint group, from whatever the input has of it: the answer that lists its
//! members, else what instances say of what made them.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{LookupMap, Quoted, Said};
use model::{Effect, Gap, Name};
use packet::Prefix;

use crate::register::Found;
use crate::resource::{
    EndpointGroup, EndpointKind, Endpoints, ForwardingRule, Identity, Instance, InstanceGroupManager, Link,
    ManagedInstances, Members, command_of,
};

use super::super::Lowering;

/// Look-ups over the whole input, and groups that were already asked for.
#[derive(Debug, Default)]
pub(super) struct Rosters<'e> {
    known: LookupMap<Name, Arc<Roster>>,
    /// Forwarding rules that may be of the Internet, by address.
    pub(super) at_address: LookupMap<Prefix, Vec<&'e ForwardingRule>>,
    index: Option<Arc<Makers<'e>>>,
}

/// What makes instances.
#[derive(Debug, Default)]
struct Makers<'e> {
    /// What manages a group, by the path of the group.
    of_group: LookupMap<Name, &'e InstanceGroupManager>,
    /// Instances by what made them, without its project: that may be a number there.
    made: LookupMap<Name, Vec<&'e Instance>>,
}

/// Who is in a group.
#[derive(Debug)]
pub(super) struct Roster {
    pub(super) members: Vec<Member>,
    /// Whether nobody else is in it.
    pub(super) is_complete: bool,
    pub(super) ports: Ports,
}

/// At which port members are asked. Complete.
#[derive(Debug)]
pub(super) enum Ports {
    /// At the one that the group has under the name that the backend service knows. Nothing: not told.
    Named(Said<Vec<(Name, u16)>>),
    /// At the one of each member.
    Own,
}

/// A member of a group.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// The key of the instance.
    pub(super) instance: Name,
    /// Its addresses where it is an endpoint.
    pub(super) v4: Option<IpAddr>,
    pub(super) v6: Option<IpAddr>,
    pub(super) port: Option<u16>,
}

impl<'e> Lowering<'e> {
    /// Who is in the group that somebody of a project names.
    pub(super) fn roster(&mut self, owner: &Identity, group: &Link) -> Arc<Roster> {
        let project = owner.project.as_deref();
        let key: Name = format!("{} {}", project.unwrap_or_default(), group.path).into();
        if let Some(known) = self.balancers.rosters.known.get(&key) {
            return Arc::clone(known);
        }
        let is_of_endpoints = group.after("networkEndpointGroups").is_some();
        let roster = if is_of_endpoints {
            self.endpoint_roster(owner, group)
        } else {
            self.instance_roster(owner, group)
        };
        let roster = Arc::new(roster);
        self.balancers.rosters.known.insert(key, Arc::clone(&roster));
        roster
    }

    fn makers(&mut self) -> Arc<Makers<'e>> {
        if let Some(known) = &self.balancers.rosters.index {
            return Arc::clone(known);
        }
        let known = &self.estate.resources;
        let mut makers = Makers::default();
        for maker in known.group_managers.values() {
            if let Some(group) = &maker.group {
                makers.of_group.insert(Arc::clone(&group.path), maker);
            }
        }
        for instance in known.instances.values() {
            if let Some(maker) = &instance.created_by {
                makers.made.entry(without_project(&maker.path).into()).or_default().push(instance);
            }
        }
        let makers = Arc::new(makers);
        self.balancers.rosters.index = Some(Arc::clone(&makers));
        makers
    }

    fn instance_roster(&mut self, owner: &Identity, link: &Link) -> Roster {
        let known = &self.estate.resources;
        let group = known.instance_groups.find(owner.project.as_deref(), link).one();
        let path = group.map_or(&link.path, |group| &group.identity.id);
        let makers = self.makers();
        let maker = makers.of_group.get(path).copied();
        let maker_path: Name = match maker {
            Some(maker) => Arc::clone(&maker.identity.id),
            // It has the name of its group.
            None => path.replace("/instanceGroups/", "/instanceGroupManagers/").into(),
        };
        let own = group.map(|group| group.named_ports.clone()).filter(|ports| !ports.is_nothing());
        let ports = own.or_else(|| maker.map(|maker| maker.named_ports.clone()));
        if group.is_none() && maker.is_none() {
            // Even where its members are told, their ports are not.
            self.tell_group(owner, link, &GROUP);
        }
        let ports = Ports::Named(ports.unwrap_or(Said::Nothing));
        if let Some(links) = self.listed_members(owner, path, &maker_path) {
            let found: Vec<Option<Name>> = links.iter().map(|link| self.instance_key(owner, link)).collect();
            // A list that is shorter than the group is a part of it.
            let size = group.and_then(|group| group.size).and_then(|size| usize::try_from(size).ok());
            let is_whole = size.is_none_or(|size| size <= links.len());
            if !is_whole {
                self.tell_group(owner, link, &MEMBERS);
            }
            let is_complete = is_whole && found.iter().all(Option::is_some);
            return Roster {
                members: found.into_iter().flatten().map(Member::of).collect(),
                is_complete,
                ports,
            };
        }
        let made = makers.made.get(without_project(&maker_path)).into_iter().flatten();
        let home = Link { path: maker_path };
        let project = home.project().or(owner.project.as_deref());
        let members: Vec<Member> = made
            .filter(|instance| is_of_project(instance, project))
            .map(|instance| Member::of(Arc::clone(&instance.identity.key)))
            .collect();
        let size = group.and_then(|group| group.size).and_then(|size| usize::try_from(size).ok());
        let is_complete = size.map_or(!members.is_empty(), |size| size <= members.len());
        if !is_complete {
            self.tell_group(owner, link, &MEMBERS);
        }
        Roster { members, is_complete, ports }
    }

    /// The instances of a group as an answer lists them that says so of the group, or of what manages it.
    fn listed_members(&self, owner: &Identity, group: &Name, maker: &Name) -> Option<&'e Vec<Link>> {
        let known = &self.estate.resources;
        let project = owner.project.as_deref();
        let own = known.group_members.find(project, &below(group, Members::SUFFIX)).one();
        let managed = known.managed_instances.find(project, &below(maker, ManagedInstances::SUFFIX)).one();
        let own = own.and_then(|listed| listed.instances.as_ref());
        own.or_else(|| managed.and_then(|listed| listed.instances.as_ref()))
    }

    fn endpoint_roster(&mut self, owner: &Identity, link: &Link) -> Roster {
        let known = &self.estate.resources;
        let project = owner.project.as_deref();
        let nobody = || Roster { members: Vec::new(), is_complete: false, ports: Ports::Own };
        let Some(group) = known.endpoint_groups.find(project, link).one() else {
            self.tell_group(owner, link, &ENDPOINT_GROUP);
            return nobody();
        };
        if group.kind == EndpointKind::Elsewhere {
            return nobody();
        }
        let listed = known.endpoints.find(project, &below(&group.identity.id, Endpoints::SUFFIX)).one();
        let Some(endpoints) = listed.map(|listed| &listed.endpoints) else {
            if group.size == Some(0) {
                return Roster { is_complete: true, ..nobody() };
            }
            self.tell_group(owner, link, &ENDPOINTS);
            return nobody();
        };
        let told = endpoints.as_ref().map(Vec::len);
        let size = group.size.and_then(|size| usize::try_from(size).ok());
        let is_cut = told.zip(size).is_some_and(|(told, size)| told < size);
        if is_cut {
            self.tell_group(owner, link, &ENDPOINTS);
        }
        let mut roster = Roster { is_complete: endpoints.is_some() && !is_cut, ..nobody() };
        for endpoint in endpoints.iter().flatten() {
            let instance = endpoint.instance.as_ref().map(|instance| near(group, instance));
            let key = instance.and_then(|instance| self.instance_key(owner, &instance));
            let port = endpoint.port.or_else(|| group.default_port.clone().this());
            match key {
                Some(instance) => {
                    roster.members.push(Member { instance, v4: endpoint.v4, v6: endpoint.v6, port });
                }
                None => roster.is_complete = false,
            }
        }
        roster
    }

    /// The key of an instance; one that is missing although instances are in the input is told.
    pub(super) fn instance_key(&mut self, owner: &Identity, link: &Link) -> Option<Name> {
        match self.estate.resources.instances.find(owner.project.as_deref(), link) {
            Found::One(instance) => Some(Arc::clone(&instance.identity.key)),
            Found::Nothing | Found::Several => {
                self.tell_lost(owner, "instance", link);
                None
            }
        }
    }

    /// Tells what is missing of a group although something of its kind is in the input.
    fn tell_group(&mut self, owner: &Identity, link: &Link, absent: &Absent) {
        let Some(kind) = absent.kinds.first() else { return };
        if !self.is_lost(absent.kinds) {
            return;
        }
        let message = format!(
            "{}: the group {} {}: who is behind it is not known; add `{}`",
            Quoted(&owner.name),
            Quoted(&link.path),
            absent.what,
            command_of(kind)
        );
        self.gaps.push(Gap::at(owner.read_at.0, "dangling-reference", Effect::Narrowed, message));
    }
}

/// What is missing of a group.
struct Absent {
    what: &'static str,
    /// The kinds that would tell it; the first one is asked for.
    kinds: &'static [&'static str],
}

impl Member {
    fn of(instance: Name) -> Self {
        Self { instance, v4: None, v6: None, port: None }
    }
}

/// Endpoints name their instance as one of the zone of their group.
fn near(group: &EndpointGroup, instance: &Link) -> Link {
    let home = Link { path: Arc::clone(&group.identity.id) };
    match home.path.split_once("/networkEndpointGroups/") {
        Some((zone, _)) if !instance.path.contains('/') => {
            Link { path: format!("{zone}/instances/{}", instance.path).into() }
        }
        _ => instance.clone(),
    }
}

/// Something that is said of the resource of a path.
fn below(path: &Name, word: &str) -> Link {
    Link { path: format!("{path}/{word}").into() }
}

fn without_project(path: &str) -> &str {
    let rest = path.strip_prefix("projects/").and_then(|rest| rest.split_once('/'));
    rest.map_or(path, |(_, rest)| rest)
}

/// Whether an instance is of a project, of which one may say the number and the other the id.
fn is_of_project(instance: &Instance, project: Option<&str>) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match (instance.identity.project.as_deref(), project) {
        (Some(one), Some(other)) => one == other || is_number(one) != is_number(other),
        (None, _) | (_, None) => true,
    }
}

const GROUP: Absent = Absent { what: "is not in the input", kinds: &["instance-group"] };
const MEMBERS: Absent = Absent {
    what: "has members that are not in the input",
    kinds: &["instance-group-members", "managed-instances"],
};
const ENDPOINT_GROUP: Absent = Absent { what: "is not in the input", kinds: &["network-endpoint-group"] };
const ENDPOINTS: Absent =
    Absent { what: "has endpoints that are not in the input", kinds: &["network-endpoints"] };
