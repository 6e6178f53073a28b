//! What ends at a load balancer or at a gateway: it answers, or who is behind it is not known.

use std::sync::Arc;

use cloud::{Quoted, all_of};
use model::{Action, Carries, Destinations, Effect, Filter, Gap, Name, Path, Reach, Target};

use crate::resource::{ForwardingRule, Identity, Link};

use super::super::{CLOUD_NAME, Lowering};
use super::armor::ContentFilter;
use super::arrival::Arrival;
use super::{BALANCER_KIND, Book};

/// Something at which packets end.
#[derive(Debug)]
pub(super) struct End {
    kind: &'static str,
    identity: Identity,
    /// How the content of requests is filtered: the weakest filter of all that end here.
    filtered: Option<ContentFilter>,
    paths: Vec<Path>,
}

impl<'e> Lowering<'e> {
    /// The keys of whatever packets may end at.
    pub(in crate::lower) fn balancer_keys(&self) -> Vec<Name> {
        let known = &self.estate.resources;
        let rules = known.forwarding_rules.iter().map(|(key, _)| key);
        rules.chain(known.target_vpn_gateways.iter().map(|(key, _)| key)).cloned().collect()
    }

    /// The target that a load balancer or a gateway is, where anything ends at it.
    pub(in crate::lower) fn balancer_target(&mut self, key: &Name) -> Option<Target> {
        let book = self.book();
        let end = book.ends.get(key)?;
        let identity = &end.identity;
        let place = Link::from(&identity.id);
        let region = place.place().map(|region| ("region", Name::from(region)));
        let waf = end.filtered.and_then(ContentFilter::word).map(|word| ("waf", Name::from(word)));
        Some(Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&identity.id),
            key: Arc::clone(&identity.key),
            kind: end.kind,
            name: Arc::clone(&identity.name),
            scope: identity.project.clone(),
            power: None,
            attributes: region.into_iter().chain(waf).collect(),
            paths: end.paths.clone(),
            provenance: Some(identity.read_at.0),
        })
    }

    /// A proxy answers whoever comes: what is behind it is another question.
    pub(super) fn end_at_proxy(
        &self,
        rule: &ForwardingRule,
        arrival: &Arrival,
        filtered: ContentFilter,
        book: &mut Book,
    ) {
        let end = book.end_of(&rule.identity, BALANCER_KIND);
        end.filtered = Some(end.filtered.map_or(filtered, |weakest| weakest.min(filtered)));
        end.add(arrival, Reach::Exposed, arrival.before.clone());
    }

    /// What a proxy asks is not in the input, and so is not what stands before that: it may keep out everybody.
    pub(super) fn end_unguarded(&self, rule: &ForwardingRule, arrival: &Arrival, book: &mut Book) {
        let mut arrival = arrival.clone();
        arrival.before.push(self.unknown_policy());
        self.end_at_proxy(rule, &arrival, ContentFilter::Unknown, book);
    }

    /// Who takes packets that are passed on as they are is not in the input, nor what stands before him.
    pub(super) fn end_unknown(&self, rule: &ForwardingRule, arrival: &Arrival, book: &mut Book) {
        let mut before = arrival.before.clone();
        before.push(self.doubted(Filter::Always(Action::Allow), BACKENDS));
        book.end_of(&rule.identity, BALANCER_KIND).add(arrival, Reach::Admitted, before);
    }

    /// The far end of tunnels answers, whoever asks.
    pub(super) fn end_at_gateway(
        &self,
        rule: &ForwardingRule,
        arrival: &Arrival,
        link: &Link,
        book: &mut Book,
    ) {
        let gateways = &self.estate.resources.target_vpn_gateways;
        let gateway = gateways.find(rule.identity.project.as_deref(), link).one();
        let identity = gateway.map_or(&rule.identity, |gateway| &gateway.identity);
        book.end_of(identity, GATEWAY_KIND).add(arrival, Reach::Exposed, arrival.before.clone());
    }

    /// Tells that something is missing although its kind is in the input.
    pub(super) fn tell_lost(&mut self, owner: &Identity, kind: &'static str, link: &Link) {
        if !self.is_lost(&[kind]) {
            return;
        }
        let message = format!(
            "{}: the {} {} is not in the input: who is behind it is not known; add `{}`",
            Quoted(&owner.name),
            kind.replace('-', " "),
            Quoted(&link.path),
            crate::resource::command_of(kind)
        );
        self.gaps.push(Gap::at(owner.read_at.0, "dangling-reference", Effect::Narrowed, message));
    }

    /// Tells that a resource does not say who is behind it.
    pub(super) fn tell_unsaid(&mut self, owner: &Identity, key: &str) {
        let message = format!(
            "{}: `{key}` is not told: who is behind it is not known; export all of it",
            Quoted(&owner.name)
        );
        self.gaps.push(Gap::at(owner.read_at.0, "missing-field", Effect::Narrowed, message));
    }
}

impl Book {
    fn end_of(&mut self, identity: &Identity, kind: &'static str) -> &mut End {
        self.ends.entry(Arc::clone(&identity.key)).or_insert_with(|| End {
            kind,
            identity: identity.clone(),
            filtered: None,
            paths: Vec::new(),
        })
    }
}

impl End {
    fn add(&mut self, arrival: &Arrival, reach: Reach, before: Vec<Filter>) {
        let path = Path {
            reach,
            front: Some(arrival.front.clone()),
            destinations: Destinations::endpoint(&[arrival.family]),
            carries: Carries::Only { protocols: arrival.protocols, ports: Arc::clone(&arrival.ports) },
            hops: Vec::new(),
            filter: Arc::new(all_of(before)),
        };
        if !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }
}

/// What results call the far end of tunnels of Classic VPN.
const GATEWAY_KIND: &str = "vpn-gateway";
/// The name under which it is doubted that packets get in which nobody of the input takes.
const BACKENDS: &str = "backends";
