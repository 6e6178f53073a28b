//! Putting the book of load balancers together: each rule with each address of its frontend is an entrance.

use std::sync::Arc;

use cloud::{LookupMap, Quoted};
use model::{Effect, Gap, Hop, Name};
use packet::AddressSet;

use crate::resource::{Carried, Identity, Translated};

use super::super::Lowering;
use super::super::surroundings::assumed_prefixes;
use super::super::way::Way;
use super::assembly::{Assembly, Part, assemblies};
use super::book::{Balancers, Entrance};
use super::carrying::in_a_row;
use super::claims::{Leading, claims, is_contested};
use super::facing::{CONTRADICTED, Facing};
use super::outer::Outer;

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
                    let mut entrances = entrances.clone();
                    entrances.iter_mut().for_each(|entrance| entrance.heeds_state = false);
                    self.add_to_pool(assembly, &rule.stated.identity, pool, entrances, book);
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
        Entrance { family: facing.family, heeds_state: true, way }
    }

    /// The public addresses of a rule's frontend; of a rule that names none, possibly those of each.
    pub(super) fn facing_of(&mut self, assembly: &Assembly<'_>, rule: &Leading<'_>) -> Vec<Facing> {
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

pub(super) fn leading_of<'r>(part: &'r Part<'_, crate::resource::BalancingRule>) -> Leading<'r> {
    Leading {
        identity: &part.stated.identity,
        frontend: part.stated.frontend.as_ref(),
        carried: &part.stated.carried,
        is_doubted: part.is_doubted,
        shares: false,
    }
}

pub(super) fn hop(assembly: &Assembly<'_>, rule: &Identity) -> Hop {
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
