//! All resources that the input has, each kind in a register. Documents may come in any order.
//!
//! Knows no rule of Google Cloud.

use std::sync::Arc;

use cloud::{Arrival, Moments, Reading, Timing};
use model::{Gap, Moment, Name};

use crate::hierarchy::Hierarchy;
use crate::ranges::Catalogue;
use crate::resource::{Identity, Link, Registers, Resource, is_number};
use crate::wire::{Disabled, Remainder, Statement};

/// The resources of the input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Estate {
    pub(crate) resources: Registers,
    /// What holds projects, as far as assets say it.
    pub(crate) hierarchy: Hierarchy,
    /// Kinds of which the input has a list, be it empty.
    pub(crate) listed: std::collections::BTreeSet<&'static str>,
    /// Resources that are seen and not assessed, by kind.
    pub(crate) not_assessed: std::collections::BTreeMap<&'static str, u64>,
    /// Kinds of which the input has the list of a project, be it empty: the kind, and `projects/p`.
    pub(crate) listed_in: std::collections::BTreeSet<(&'static str, Name)>,
    /// Kinds of which something was described by itself: there may be more of it than the input has.
    pub(crate) described: std::collections::BTreeSet<&'static str>,
    /// Services that are switched off.
    pub(crate) disabled: std::collections::BTreeSet<Disabled>,
    /// The addresses of Google Cloud, where the input has them.
    pub(crate) catalogue: Option<Catalogue>,
    moments: Moments,
    /// What was deleted, as far as statements say since when they hold.
    gone: std::collections::BTreeSet<(&'static str, Name)>,
    /// What documents stated, once edits may come: what edits make says nothing of what else there is.
    pub(crate) stated: Option<Stated>,
}

/// What documents stated, beside lists that are empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stated {
    kinds: std::collections::BTreeSet<&'static str>,
    /// Projects of rules, routes and instances, in the word their paths have for them.
    projects: std::collections::BTreeSet<(&'static str, Option<Name>)>,
    /// Networks that edits made: they have what edits told, and nothing else.
    made: std::collections::BTreeSet<Name>,
}

impl Stated {
    fn add(&mut self, kind: &'static str, resource: &Resource) {
        self.kinds.insert(kind);
        let project = resource.identity().project.clone();
        match resource {
            // A rule may be of a network of another project.
            Resource::Firewall(rule) => {
                let other = rule.network.as_ref().and_then(Link::project).map(Name::from);
                self.projects.insert((kind, other));
                self.projects.insert((kind, project));
            }
            Resource::Route(route) => {
                let other = route.network.as_ref().and_then(Link::project).map(Name::from);
                self.projects.insert((kind, other));
                self.projects.insert((kind, project));
            }
            Resource::Instance(_) => {
                self.projects.insert((kind, project));
            }
            _ => {}
        }
    }
}

impl Estate {
    /// Takes in what a document says of a resource, and says whether it counts and is not past.
    pub(crate) fn take(&mut self, statement: Statement<'_>, gaps: &mut Vec<Gap>) -> bool {
        match statement {
            Statement::Is { kind, resource, since, origin, .. } => {
                if let Some(stated) = &mut self.stated {
                    stated.add(kind, &resource);
                }
                let identity = resource.identity().clone();
                self.learn(&resource, &origin.ancestors);
                let arrival = self.put(kind, resource, since);
                gaps.extend(arrival.and_then(|arrival| arrival.told(&identity.id, identity.read_at)));
                arrival.is_some()
            }
            Statement::Gone { kind, key, since } => self.remove(kind, &key, since),
            Statement::Ancestry(ancestors) => {
                self.hierarchy.learn(None, &ancestors);
                true
            }
        }
    }

    /// Whether documents have a kind, be it an empty list of it.
    pub(crate) fn has_kind(&self, kind: &str) -> bool {
        self.listed.contains(kind)
            || match &self.stated {
                Some(stated) => stated.kinds.contains(kind),
                None => self.resources.counts().iter().any(|(own, count)| *own == kind && *count > 0),
            }
    }

    /// Whether documents have the instances of a project. Where no edits come, whoever asks knows it otherwise.
    pub(crate) fn states_instances_of(&self, project: Option<&str>) -> bool {
        self.states("instance", project)
    }

    /// The same of the rules of its networks.
    pub(crate) fn states_rules_of(&self, project: Option<&str>) -> bool {
        self.states("firewall-rule", project)
    }

    /// Whether an edit made a network, so that no rule of it is unseen.
    pub(crate) fn is_made(&self, network: &Name) -> bool {
        self.stated.as_ref().is_some_and(|stated| stated.made.contains(network))
    }

    /// An edit made a network.
    pub(crate) fn make(&mut self, network: &Name) {
        if let Some(stated) = &mut self.stated {
            stated.made.insert(Arc::clone(network));
        }
    }

    /// The same of their routes.
    pub(crate) fn states_routes_of(&self, project: Option<&str>) -> bool {
        self.states("route", project)
    }

    fn states(&self, kind: &'static str, project: Option<&str>) -> bool {
        let Some(stated) = &self.stated else { return true };
        let names = |own: &str| self.resources.projects_alike(own, project);
        let is_listed = |(of, path): &(&'static str, Name)| {
            *of == kind && path.strip_prefix("projects/").is_some_and(names)
        };
        let is_stated =
            |(of, own): &(&'static str, Option<Name>)| *of == kind && own.as_deref().is_none_or(names);
        stated.projects.iter().any(is_stated) || self.listed_in.iter().any(is_listed)
    }

    /// Takes in what was left when a document was read; what it told is handed back.
    pub(crate) fn complete(&mut self, remainder: Remainder) -> Reading {
        let Remainder { reading, listed, listed_in, described, not_assessed, disabled, catalogue: _ } =
            remainder;
        self.listed.extend(listed);
        self.listed_in.extend(listed_in);
        self.described.extend(described);
        self.disabled.extend(disabled);
        for (kind, count) in not_assessed {
            *self.not_assessed.entry(kind).or_default() += count;
        }

        reading
    }

    /// Takes in a resource. The later statement counts: the latest, where statements say since when they hold. `None`:
    /// this one is past.
    pub(crate) fn put(
        &mut self,
        kind: &'static str,
        resource: Resource,
        since: Option<Moment>,
    ) -> Option<Arrival> {
        let key = Arc::clone(&resource.identity().key);
        let timing = since.map(|since| self.moments.place(kind, &key, since));
        if matches!(timing, Some(Timing::First | Timing::Same | Timing::Later)) {
            self.gone.remove(&(kind, key));
        }
        match timing {
            Some(Timing::Past) => None,
            Some(Timing::Later) => {
                self.resources.put(resource);
                Some(Arrival::New)
            }
            Some(Timing::First | Timing::Same) | None => Some(self.resources.put(resource)),
        }
    }

    /// A resource was deleted: what was said of it before does not hold. Says whether that counts.
    pub(crate) fn remove(&mut self, kind: &'static str, key: &Name, since: Moment) -> bool {
        match self.moments.place(kind, key, since) {
            Timing::Past => return false,
            Timing::First => {}
            Timing::Same | Timing::Later => self.resources.remove(kind, key),
        }
        self.gone.insert((kind, Arc::clone(key)));
        true
    }

    /// Resources that were deleted, and that a document which says no time has all the same.
    pub(crate) fn disputed(&self) -> impl Iterator<Item = &Identity> {
        self.gone.iter().filter_map(|(kind, key)| self.resources.identity(kind, key))
    }

    /// Learns from a resource, before it is put, by which number its project is known and what holds it. `ancestors` are
    /// those of its asset.
    pub(crate) fn learn(&mut self, resource: &Resource, ancestors: &[Name]) {
        let identity = resource.identity();
        let own = identity.project.as_deref();
        let told = match resource {
            Resource::Project(project) => project.number.clone().zip(identity.project.clone()),
            Resource::Firewall(rule) => of_one_project(own, rule.network.as_ref()),
            Resource::Route(route) => of_one_project(own, route.network.as_ref()),
            Resource::Subnetwork(subnetwork) => of_one_project(own, subnetwork.network.as_ref()),
            Resource::FirewallPolicy(policy) => {
                let networks = policy.targets.this_ref().into_iter().flatten();
                networks.into_iter().find_map(|network| of_one_project(own, Some(network)))
            }
            Resource::PolicyAssociation(told) => of_one_project(told.policy.project(), Some(&told.target)),
            _ => None,
        };
        let learnt = self.hierarchy.learn(identity.project.as_ref(), ancestors);
        for (number, id) in [told, learnt].into_iter().flatten() {
            self.resources.alias(&Arc::clone(&number), &id);
        }
    }
}

/// The number and the id of a project, where a part of a network says one of its own and the other of the network's: both
/// are always of one project.
fn of_one_project(own: Option<&str>, network: Option<&Link>) -> Option<(Name, Name)> {
    let (own, other) = (Name::from(own?), Name::from(network?.project()?));
    match (is_number(&own), is_number(&other)) {
        (true, false) => Some((own, other)),
        (false, true) => Some((other, own)),
        _ => None,
    }
}
