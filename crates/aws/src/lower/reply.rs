//! The way back: which packets that come in get a reply through a list that remembers nothing (W10, W13).
//!
//! The outbound entries are mirrored: their destination is the client, their port is the one the client sent from. The
//! client chooses it, so whoever has one port that gets a reply is answered.

use std::sync::Arc;

use cloud::{Common, REQUESTS, all_of, whole_type, without_reply};
use model::{Action, Filter, Matches, Name, Rule, RuleList};
use packet::{AddressSet, Bounds, Family, PortSet};

use crate::replay::UNANSWERED;
use crate::resource::NetworkAcl;

use super::Lowering;
use super::answering::Answers;
use super::approach::{Spot, Standing};
use super::network_list::{Direction, NETWORK_LIST_KIND};
use super::routes::{Back, TABLE_KIND};

/// What the list of a subnet does to replies of one family.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    /// To whom what is answered from some source port, for every packet that needs a reply.
    pub(super) answers: Answers,
    /// The mirrored list; `None` where every reply leaves, or the input has no list at all.
    pub(super) list: Option<Arc<RuleList>>,
    id: Name,
    name: Name,
}

impl<'e> Lowering<'e> {
    /// What the list of a subnet does to replies.
    pub(super) fn leg(
        &mut self,
        spot: &Spot<'e>,
        lists: &Standing<&'e NetworkAcl>,
        family: Family,
    ) -> Arc<Leg> {
        let unknown = Bounds::between(AddressSet::empty(), AddressSet::whole(family));
        match lists {
            Standing::Untold => self.open_leg(spot, family),
            Standing::These(lists) if let [only] = lists.as_slice() => self.leg_of(only, family),
            Standing::Missing | Standing::These(_) => {
                let list = self.unknown_replies(spot, NETWORK_LIST_KIND);
                let (id, name) = (format!("{}/egress", list.id).into(), Arc::clone(&list.name));
                let list = RuleList { id: Arc::clone(&id), ..list };
                let answers = Answers::the_same(unknown, false);
                Arc::new(Leg { answers, list: Some(Arc::new(list)), id, name })
            }
        }
    }

    /// Where no list is known of: what it does is not asked.
    fn open_leg(&self, spot: &Spot<'_>, family: Family) -> Arc<Leg> {
        let name: Name = spot.name().into();
        let answers = Answers::the_same(Bounds::exactly(AddressSet::whole(family)), true);
        Arc::new(Leg { answers, list: None, id: Arc::clone(&name), name })
    }

    fn leg_of(&mut self, list: &'e NetworkAcl, family: Family) -> Arc<Leg> {
        let key = (Arc::clone(&list.identity.key), family);
        if let Some(known) = self.network.legs.get(&key) {
            return Arc::clone(known);
        }
        let rules = self.directed_rules(list, Direction::Out);
        let internet = self.network.internet.only(family);
        let answers = Answers::of(&rules, family, &internet, 0);
        let id: Name = format!("{}/egress", list.identity.id).into();
        let name: Name = format!("{} (outbound)", list.identity.name).into();
        let mirrored = (!answers.is_total).then(|| self.mirrored(list, rules, &id, &name));
        let leg = Arc::new(Leg { answers, list: mirrored, id, name });
        self.network.legs.insert(key, Arc::clone(&leg));
        leg
    }

    /// The outbound entries as rules over packets that come in.
    fn mirrored(&mut self, list: &NetworkAcl, rules: Vec<Rule>, id: &Name, name: &Name) -> Arc<RuleList> {
        if let Some(known) = self.network.mirrored.get(&list.identity.key) {
            return Arc::clone(known);
        }
        let mut mirrored = without_reply(&self.common);
        // What needs no reply goes before the entries, whatever their numbers.
        mirrored.extend(rules.into_iter().map(|rule| mirror(rule, &self.common)));
        let made = Arc::new(RuleList {
            id: Arc::clone(id),
            name: Arc::clone(name),
            kind: NETWORK_LIST_KIND,
            scope: list.identity.account.clone(),
            rules: mirrored,
            behind: None,
            provenance: Some(list.identity.read_at.0),
        });
        self.network.mirrored.insert(Arc::clone(&list.identity.key), Arc::clone(&made));
        made
    }

    /// What denies whatever gets a reply from some source port.
    pub(super) fn unanswered(&self, leg: &Leg, back: &Back, family: Family) -> Filter {
        let internet = self.network.internet.only(family);
        let mut rules = without_reply(&self.common);
        for rule in &mut rules {
            rule.action = Action::Deny;
        }
        let mut is_total = true;
        for answer in &leg.answers.each {
            let must = answer.clients.must.intersection(&back.clients.must);
            let may = answer.clients.may.intersection(&back.clients.may);
            is_total &= internet.is_subset(&must);
            if !may.is_empty() {
                let clients = Bounds::between(Arc::new(must), Arc::new(may));
                rules.push(answer.rule(clients, &self.common));
            }
        }
        if is_total {
            return Filter::Always(Action::Deny);
        }
        let is_by_route = back.list.is_some();
        let list = RuleList {
            id: format!("{}{UNANSWERED}", leg.id).into(),
            name: Arc::clone(&leg.name),
            kind: if is_by_route { TABLE_KIND } else { NETWORK_LIST_KIND },
            scope: None,
            rules,
            behind: None,
            provenance: None,
        };
        Filter::FirstMatch(Arc::new(list))
    }
}

/// What denies whatever gets no reply.
pub(super) fn answered(leg: &Leg, back: &Back) -> Filter {
    let lists = leg.list.iter().chain(&back.list);
    all_of(lists.map(Arc::clone).map(Filter::FirstMatch).collect())
}

/// One outbound entry as a rule over packets that come in.
fn mirror(rule: Rule, common: &Common) -> Rule {
    let Matches { ports, types, .. } = &rule.matches;
    let types = Bounds { must: requests(&types.must), may: requests(&types.may) };
    // It opens nothing that comes in: who is told as having opened it is who let it in.
    let action = if rule.action == Action::Allow { Action::Pass } else { rule.action };
    let matches = Matches {
        source_ports: ports.clone(),
        ports: Bounds::exactly(Arc::clone(&common.every_port)),
        types,
        ..rule.matches.clone()
    };
    Rule { rank: rule.rank.max(1), action, matches, ..rule }
}

/// The requests whose reply is among these types and codes: of a reply the code is 0 (RFC 792, RFC 950, RFC 4443).
fn requests(replies: &PortSet) -> Arc<PortSet> {
    let asked = REQUESTS.iter().filter(|request| replies.contains(packet::number(request.reply, 0)));
    Arc::new(asked.filter_map(|request| whole_type(request.of_type)).collect())
}
