//! What a network security perimeter lets in to a service that is inside one (semantics P6).
//!
//! Of public access and the perimeter's mode (what the service's own rules say stands in brackets):
//!
//! | `publicNetworkAccess` | no perimeter | `Learning` | `Enforced` |
//! |---|---|---|---|
//! | `Enabled` | (own) | perimeter or (own) | perimeter |
//! | `Disabled` | nothing | perimeter | perimeter |
//! | `SecuredByPerimeter` | nothing | perimeter | perimeter |

use std::sync::Arc;

use cloud::Quoted;
use model::{Action, Effect, Filter, Gap, Matches, Rule, RuleList, every_type};
use packet::{Bounds, ProtocolSet};

use crate::estate::Estate;
use crate::resource::{Identity, PerimeterMember, PerimeterMode, PerimeterRule, name_of};

use super::Lowering;
use super::index::{Index, push};
use super::list::closed_list;
use super::surroundings::Place;

/// What a service says of its public access. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PublicAccess {
    Enabled,
    Disabled,
    /// Its perimeter decides: `SecuredByPerimeter`.
    ByPerimeter,
}

impl Index {
    /// Members of perimeters by the resource they are, and access rules by their profile.
    pub(super) fn add_perimeters(&mut self, estate: &Estate) {
        for (key, member) in &estate.devices.perimeter_members {
            if let Some(resource) = &member.resource {
                push(&mut self.perimeter_members, resource, key);
            }
        }
        for (key, rule) in &estate.devices.perimeter_rules {
            if let Some(profile) = &rule.profile {
                push(&mut self.perimeter_rules, profile, key);
            }
        }
    }
}

impl Lowering<'_> {
    /// The filter of a service's endpoint: `own` is what its own rules say, were there no perimeter.
    pub(super) fn within_perimeter(
        &mut self,
        service: &Identity,
        access: PublicAccess,
        own: Filter,
    ) -> Filter {
        let estate = self.estate;
        let index = Arc::clone(&self.index);
        let keys = index.perimeter_members.get(&service.key).map_or(&[][..], Vec::as_slice);
        let members = keys.iter().filter_map(|key| estate.devices.perimeter_members.get(key));
        match members.collect::<Vec<_>>().as_slice() {
            [] => self.without_perimeter(service, access, own),
            [member] => self.as_member(member, access, own),
            several => {
                let message = format!(
                    "{}: {} perimeters say that it is inside, expected one: each is taken as possible",
                    Quoted(&service.name),
                    several.len()
                );
                self.gaps.push(Gap::at(service.read_at.0, "two-perimeters", Effect::Undecided, message));
                let each: Vec<Filter> =
                    several.iter().map(|member| self.as_member(member, access, own.clone())).collect();
                self.doubted(Filter::AnyOf(each), PERIMETER)
            }
        }
    }

    /// A service that no perimeter of the input names. One that leaves the decision to a perimeter is inside one that
    /// is not in the input, or inside none and closed.
    fn without_perimeter(&mut self, service: &Identity, access: PublicAccess, own: Filter) -> Filter {
        match access {
            PublicAccess::Enabled => own,
            PublicAccess::Disabled => Filter::Always(Action::Deny),
            PublicAccess::ByPerimeter => {
                // The whole kind is absent: told in the coverage, no gap.
                if !self.estate.devices.perimeter_members.is_empty() {
                    let message = format!(
                        "{}: it is secured by a perimeter, and none of the input has it inside: what that lets in is not known",
                        Quoted(&service.name)
                    );
                    let gap = Gap::at(service.read_at.0, "perimeter-untold", Effect::Undecided, message);
                    self.gaps.push(gap);
                }
                self.unknown_filter(&service.id, &service.name)
            }
        }
    }

    fn as_member(&mut self, member: &PerimeterMember, access: PublicAccess, own: Filter) -> Filter {
        let perimeter = self.profile_filter(member);
        match (access, member.mode) {
            (PublicAccess::Disabled | PublicAccess::ByPerimeter, _)
            | (PublicAccess::Enabled, PerimeterMode::Enforced) => perimeter,
            (PublicAccess::Enabled, PerimeterMode::Learning) => Filter::AnyOf(vec![perimeter, own]),
            (PublicAccess::Enabled, PerimeterMode::Unreadable) => {
                let own = self.doubted(own, PERIMETER);
                Filter::AnyOf(vec![perimeter, own])
            }
        }
    }

    /// What the rules of a member's profile let in.
    fn profile_filter(&mut self, member: &PerimeterMember) -> Filter {
        let estate = self.estate;
        let index = Arc::clone(&self.index);
        let keys = member.profile.as_ref().and_then(|profile| index.perimeter_rules.get(profile));
        let rules = keys.into_iter().flatten().filter_map(|key| estate.devices.perimeter_rules.get(key));
        let rules: Vec<&PerimeterRule> = rules.collect();
        let identity = &member.identity;
        let is_known = member.profile.as_ref().is_some_and(|profile| estate.ranged.contains(profile));
        if rules.is_empty() && !is_known {
            // Rules are exported profile by profile: none may mean that they were not.
            let message = format!(
                "{}: no access rule of its profile is in the input: what its perimeter lets in is not known; add `az network perimeter profile access-rule list`",
                Quoted(&identity.name)
            );
            self.gaps.push(Gap::at(identity.read_at.0, "perimeter-rules-untold", Effect::Undecided, message));
            return self.unknown_filter(&identity.id, &identity.name);
        }
        let place = self.place_nowhere();
        let mut allowed: Vec<Rule> = Vec::new();
        for rule in rules {
            allowed.extend(self.perimeter_rule(rule, &place));
        }
        allowed.sort_by(|one, other| one.name.cmp(&other.name));
        let profile = member.profile.as_ref().and_then(|key| estate.devices.perimeter_profiles.get(key));
        let known = profile.map(|profile| &profile.identity);
        // A list of members names profiles by id.
        let id = known.map(|one| &one.id).or(member.profile.as_ref()).unwrap_or(&identity.id);
        closed_list(Arc::new(RuleList {
            id: Arc::clone(id),
            name: known.map_or_else(|| name_of(id).into(), |one| Arc::clone(&one.name)),
            kind: PERIMETER_KIND,
            scope: identity.scope.clone(),
            rules: allowed,
            behind: None,
            provenance: Some(known.unwrap_or(identity).read_at.0),
        }))
    }

    /// One access rule; `None` for one that admits no address.
    fn perimeter_rule(&mut self, rule: &PerimeterRule, place: &Place) -> Option<Rule> {
        let side = rule.sources.as_ref()?;
        let (sources, tags) = self.resolve_sources(side, place);
        let common = &self.memo.common;
        let every_port = Bounds::exactly(Arc::clone(&common.every_port));
        let protocols: ProtocolSet = super::PROTOCOLS.into_iter().collect();
        let must = if rule.is_certain { protocols } else { ProtocolSet::EMPTY };
        Some(Rule {
            name: Arc::clone(&rule.identity.name),
            priority: None,
            rank: 0,
            action: Action::Allow,
            matches: Matches {
                protocols: Bounds::between(must, protocols),
                sources,
                tags,
                source_ports: every_port.clone(),
                destinations: Bounds::exactly(Arc::clone(&common.everything)),
                ports: every_port,
                types: every_type(),
            },
            written: Arc::clone(&side.written),
            built_in: false,
            provenance: Some(rule.identity.read_at.0),
        })
    }
}

const PERIMETER: &str = "network security perimeter";
const PERIMETER_KIND: &str = "network-security-perimeter";

/// For the coverage, where a service is secured by a perimeter and no member of one is in the input.
pub(super) const MISSING_PERIMETERS: &str = "members of network security perimeters are not in the input: what reaches services that are secured by one is not known; add `az network perimeter association list`";
