//! Putting the book of load balancers together: each rule with each address of its frontend is an entrance.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Carries, Effect, Gap, Hop, Name};
use packet::{AddressSet, PortSet};

use crate::hash::LookupMap;
use crate::intake::Quoted;
use crate::resource::{Carried, Identity, NatRule, Translated};

use super::super::Lowering;
use super::super::surroundings::assumed_prefixes;
use super::super::way::Way;
use super::assembly::{Assembly, Part, assemblies};
use super::book::{Balancers, Entrance};
use super::carrying::in_a_row;
use super::claims::{Leading, claims, is_contested};
use super::facing::{CONTRADICTED, Facing};

/// A way to the frontend of a load balancer through another one that spans regions.
struct Outer {
    facing: Facing,
    carried: Carried,
    hop: Hop,
    is_doubted: bool,
}

impl Lowering<'_> {
    /// The book of load balancers. What is odd in them is told once, when it is made.
    pub(in crate::lower) fn balancers(&mut self) -> Arc<Balancers> {
        if let Some(known) = &self.memo.balancers {
            return Arc::clone(known);
        }
        let before = self.gaps.len();
        let made = Arc::new(self.made());
        let told = self.gaps.split_off(before);
        self.memo.gaps.extend(told);
        self.memo.balancers = Some(Arc::clone(&made));
        made
    }

    fn made(&mut self) -> Balancers {
        let estate = self.estate;
        let mut book =
            Balancers { floating: Some(self.memo.share(AddressSet::empty())), ..Balancers::default() };
        let assemblies = assemblies(estate, &mut self.gaps);
        if assemblies.is_empty() {
            return book;
        }
        for (key, assembly) in &assemblies {
            if !assembly.is_complete {
                book.incomplete.insert(Arc::clone(key));
            }
            for pool in &assembly.pools {
                book.add_pool(pool.stated);
            }
        }
        let outer = self.outer(&assemblies, &book);
        for assembly in assemblies.values() {
            self.add_rules(assembly, &outer, &mut book);
        }
        book.sort();
        self.tell_unseen_backends(&assemblies, &book);
        book
    }

    /// The ways of load balancers that span regions to the frontends of others.
    fn outer(&mut self, all: &BTreeMap<Name, Assembly<'_>>, book: &Balancers) -> LookupMap<Name, Vec<Outer>> {
        let mut outer: LookupMap<Name, Vec<Outer>> = LookupMap::default();
        for assembly in all.values() {
            let frontends_of = |pool: &Name| {
                let pools = assembly.pools.iter().filter(|part| part.key() == pool);
                pools.flat_map(|part| part.stated.frontends.iter().cloned()).collect::<Vec<_>>()
            };
            for rule in &assembly.rules {
                for inner in rule.stated.pools.iter().flat_map(frontends_of) {
                    let leading = leading_of(rule);
                    for facing in self.facing_of(assembly, &leading) {
                        outer.entry(Arc::clone(&inner)).or_default().push(Outer {
                            facing,
                            carried: rule.stated.carried.clone(),
                            hop: hop(assembly, &rule.stated.identity),
                            is_doubted: rule.is_doubted || !rule.stated.carried.is_certain,
                        });
                    }
                }
            }
        }
        debug_assert!(outer.is_empty() || !book.of_pool.is_empty(), "an outer way has a pool");
        outer
    }

    fn add_rules(
        &mut self,
        assembly: &Assembly<'_>,
        outer: &LookupMap<Name, Vec<Outer>>,
        book: &mut Balancers,
    ) {
        let mut leading: Vec<Leading<'_>> = assembly.rules.iter().map(leading_of).collect();
        leading.extend(assembly.nat_rules.iter().map(|part| Leading {
            identity: &part.stated.identity,
            frontend: part.stated.frontend.as_ref(),
            carried: &part.stated.carried,
            is_doubted: part.is_doubted,
            shares: part.stated.to == Translated::Sets,
        }));
        let claims = claims(&leading);
        for one in &mut leading {
            if is_contested(one, &claims) {
                one.is_doubted = true;
                let message = format!(
                    "{}: another rule of the same frontend has ports of it: which of them gets packets is not known",
                    Quoted(&one.identity.name)
                );
                let place = one.identity.read_at.0;
                self.gaps.push(Gap::at(place, "contradicting-parts", Effect::Undecided, message));
            }
        }
        let mut ways =
            leading.iter().map(|one| self.entrances(assembly, one, outer)).collect::<Vec<_>>().into_iter();
        for (rule, entrances) in assembly.rules.iter().zip(ways.by_ref()) {
            for pool in &rule.stated.pools {
                self.add_to_pool(assembly, &rule.stated.identity, pool, entrances.clone(), book);
            }
            if !rule.stated.tells_pools {
                // Any pool may be meant.
                let mut possible = entrances;
                possible.iter_mut().for_each(|entrance| entrance.way.doubt = Some(UNCERTAIN));
                for pool in &assembly.pools {
                    self.add_to_pool(assembly, &rule.stated.identity, pool.key(), possible.clone(), book);
                }
            }
        }
        for (rule, entrances) in assembly.nat_rules.iter().zip(ways) {
            let key = rule.key();
            for entrance in &entrances {
                book.add_floating(entrance);
            }
            match &rule.stated.to {
                Translated::Pool(pool) => {
                    self.add_to_pool(assembly, &rule.stated.identity, pool, entrances.clone(), book);
                }
                Translated::Configuration(Some(configuration)) => {
                    let is_told = self.is_told_by_range(assembly, rule.stated, configuration);
                    book.add_rule(key, configuration, is_told);
                }
                Translated::Configuration(None) | Translated::Sets => {}
            }
            book.of_rule.entry(Arc::clone(key)).or_default().extend(entrances);
        }
    }

    /// AP5: whether a rule is one that a load balancer made of a range for the scale set of this instance: the set
    /// names the range, which tells of all of them.
    fn is_told_by_range(&self, assembly: &Assembly<'_>, rule: &NatRule, configuration: &str) -> bool {
        let set = configuration.split_once("/virtualmachines/").map(|(set, _)| set);
        let Some(set) = set.and_then(|set| self.estate.devices.scale_sets.get(set)) else { return false };
        let configurations = set.interfaces.iter().flat_map(|one| &one.interface.configurations);
        let named: Vec<&Name> =
            configurations.filter_map(|one| one.balancing.as_ref()).flat_map(|one| &one.nat_pools).collect();
        let mut ranges = assembly.nat_rules.iter().filter(|part| named.contains(&part.key()));
        ranges.any(|range| {
            let [range, one] = [&range.stated, &rule].map(|rule| (&rule.frontend, &rule.carried));
            range.0 == one.0 && is_within(&one.1.carries, &range.1.carries)
        })
    }

    fn add_to_pool(
        &mut self,
        assembly: &Assembly<'_>,
        rule: &Identity,
        pool: &Name,
        mut entrances: Vec<Entrance>,
        book: &mut Balancers,
    ) {
        let is_own = assembly.pools.iter().any(|part| part.key() == pool);
        if !is_own && assembly.is_complete {
            // A pool of another load balancer, or of none: no such rule can be made.
            self.tell_dangling(rule, rule.read_at, "the backend pool", pool);
            for entrance in &mut entrances {
                entrance.way.doubt = Some(CONTRADICTED);
            }
        }
        for entrance in &entrances {
            book.add_floating(entrance);
        }
        if is_own || book.of_pool.contains_key(pool) {
            book.of_pool.entry(Arc::clone(pool)).or_default().extend(entrances);
        }
    }

    /// The ways that a rule makes, whoever its backends are.
    fn entrances(
        &mut self,
        assembly: &Assembly<'_>,
        rule: &Leading<'_>,
        outer: &LookupMap<Name, Vec<Outer>>,
    ) -> Vec<Entrance> {
        let mut entrances = Vec::new();
        for facing in self.facing_of(assembly, rule) {
            let is_doubted = rule.is_doubted || self.is_strange(assembly, rule);
            entrances.push(self.entrance(
                &facing,
                rule.carried,
                vec![hop(assembly, rule.identity)],
                is_doubted,
            ));
        }
        let around = rule.frontend.and_then(|frontend| outer.get(frontend));
        for way in around.into_iter().flatten() {
            let Some(carries) = in_a_row(&way.carried.carries, &rule.carried.carries) else { continue };
            let carried = Carried {
                carries,
                is_certain: rule.carried.is_certain,
                floats: rule.carried.floats || way.carried.floats,
            };
            let hops = vec![way.hop.clone(), hop(assembly, rule.identity)];
            // Which of two frontends a packet keeps that either may leave on it is not documented.
            let is_doubted = rule.is_doubted || way.is_doubted || carried.floats;
            entrances.push(self.entrance(&way.facing, &carried, hops, is_doubted));
        }
        if let Some(frontend) = rule.frontend {
            let is_doubted = rule.is_doubted || !rule.carried.is_certain;
            let hop = hop(assembly, rule.identity);
            entrances.extend(self.entrances_inside(assembly, (frontend, rule.carried), &hop, is_doubted));
        }
        entrances
    }

    fn entrance(&mut self, facing: &Facing, carried: &Carried, hops: Vec<Hop>, is_doubted: bool) -> Entrance {
        let mut way = Way { hops, carries: carried.carries.clone(), ..facing.way.clone() };
        if is_doubted || !carried.is_certain {
            way.doubt = way.doubt.or(Some(UNCERTAIN));
        }
        if carried.floats {
            let somewhere = || AddressSet::whole(facing.family).difference(&assumed_prefixes());
            let known = facing.addresses.clone();
            let addresses = known.unwrap_or_else(|| self.memo.share(somewhere()));
            // AP3: one of them, and which one is not known.
            if addresses.count(facing.family).get() != Some(1) {
                way.doubt = way.doubt.or(Some(UNCERTAIN));
            }
            way.floats_to = Some(addresses);
        }
        Entrance { family: facing.family, way }
    }

    /// The public addresses of a rule's frontend; of a rule that names none, possibly those of each.
    fn facing_of(&mut self, assembly: &Assembly<'_>, rule: &Leading<'_>) -> Vec<Facing> {
        if let Some(frontend) = rule.frontend {
            return self.facing(assembly, frontend, rule.identity);
        }
        let message = format!(
            "{}: `frontendIPConfiguration` is missing: any frontend of the load balancer may lead here",
            Quoted(&rule.identity.name)
        );
        self.gaps.push(Gap::at(rule.identity.read_at.0, "missing-field", Effect::Undecided, message));
        let mut found = Vec::new();
        for part in &assembly.frontends {
            let mut facing = self.facing(assembly, part.key(), rule.identity);
            facing.iter_mut().for_each(|one| one.way.doubt = Some(UNCERTAIN));
            found.extend(facing);
        }
        found
    }

    /// AP6: only internal load balancers have rules for every port.
    fn is_strange(&mut self, assembly: &Assembly<'_>, rule: &Leading<'_>) -> bool {
        let is_strange = rule.carried.is_every_port() && rule.carried.is_certain;
        if is_strange {
            let message = format!(
                "{}: rule {} is for every port of a public frontend, which only internal load balancers have: it is taken as possible",
                Quoted(&assembly.name),
                Quoted(&rule.identity.name)
            );
            let place = rule.identity.read_at.0;
            self.gaps.push(Gap::at(place, "strange-balancing-rule", Effect::Undecided, message));
        }
        is_strange
    }
}

/// Whether a range carries all that a rule of one port carries, to the same port.
fn is_within(one: &Carries, range: &Carries) -> bool {
    let Carries::Translated { protocols, from, to } = range else { return false };
    match one {
        Carries::Everything => false,
        Carries::Only { protocols: own, ports } => {
            own == protocols && **ports == PortSet::only(*to) && ports.is_subset(from)
        }
        Carries::Translated { protocols: own, from: ports, to: port } => {
            own == protocols && port == to && ports.is_subset(from)
        }
    }
}

fn leading_of<'r>(part: &'r Part<'_, crate::resource::BalancingRule>) -> Leading<'r> {
    Leading {
        identity: &part.stated.identity,
        frontend: part.stated.frontend.as_ref(),
        carried: &part.stated.carried,
        is_doubted: part.is_doubted,
        shares: false,
    }
}

fn hop(assembly: &Assembly<'_>, rule: &Identity) -> Hop {
    Hop {
        kind: BALANCER_KIND,
        id: Arc::clone(&assembly.id),
        name: Arc::clone(&assembly.name),
        rule: Some(Arc::clone(&rule.name)),
        provenance: Some(rule.read_at.0),
    }
}

/// The name under which doubts of rules stand in a path.
const UNCERTAIN: &str = "load balancer";

pub(super) const BALANCER_KIND: &str = "load-balancer";
