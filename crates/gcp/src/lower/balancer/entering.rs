//! What becomes of packets that come to a forwarding rule: something takes them as they are, or a proxy does.

use std::sync::Arc;

use cloud::Said;
use model::{Action, Filter};

use crate::resource::{BackendService, ForwardingRule, Guard, Identity, Link, TargetInstance, TargetPool};

use super::super::Lowering;
use super::arrival::Arrival;
use super::{At, Book, Lead};

impl<'e> Lowering<'e> {
    pub(super) fn made_book(&mut self) -> Book {
        let mut book = Book::default();
        for rule in self.estate.resources.forwarding_rules.values() {
            if let Some(arrival) = self.arrival(rule) {
                self.enter(rule, &arrival, &mut book);
            }
        }
        book
    }

    fn enter(&mut self, rule: &'e ForwardingRule, arrival: &Arrival, book: &mut Book) {
        match (&rule.backend_service, &rule.target) {
            (Said::This(service), _) => self.pass_to_service(rule, arrival, service, book),
            (_, Said::This(target)) => self.enter_target(rule, arrival, target, book),
            (Said::Unreadable, _) | (_, Said::Unreadable) => self.end_unknown(rule, arrival, book),
            (Said::Nothing, Said::Nothing) => {
                self.tell_unsaid(&rule.identity, "target");
                self.end_unknown(rule, arrival, book);
            }
        }
    }

    fn enter_target(&mut self, rule: &'e ForwardingRule, arrival: &Arrival, link: &Link, book: &mut Book) {
        let known = &self.estate.resources;
        let project = rule.identity.project.as_deref();
        let (pool, target) =
            (known.target_pools.find(project, link).one(), known.target_instances.find(project, link).one());
        // A projection may have cut a reference down to a name (`target.basename()`), which is of any kind.
        let is_name = !link.path.contains('/');
        let is = |word: &str| link.after(word).is_some();
        if is("targetVpnGateways") || is_name && known.target_vpn_gateways.find(project, link).one().is_some()
        {
            self.end_at_gateway(rule, arrival, link, book);
        } else if let Some(pool) = pool {
            self.pass_to_pool(rule, arrival, pool, book);
        } else if let Some(target) = target {
            self.pass_to_instance(rule, arrival, target, book);
        } else if is("targetPools") {
            self.lose(rule, arrival, ("target-pool", link), book);
        } else if is("targetInstances") {
            self.lose(rule, arrival, ("target-instance", link), book);
        } else if is_name && self.proxy(rule, link).is_none() {
            self.tell_unsaid(&rule.identity, "target");
            self.end_unknown(rule, arrival, book);
        } else {
            self.enter_proxy(rule, arrival, link, book);
        }
    }

    /// What takes packets is not in the input.
    fn lose(
        &mut self,
        rule: &'e ForwardingRule,
        arrival: &Arrival,
        (kind, link): (&'static str, &Link),
        book: &mut Book,
    ) {
        self.tell_lost(&rule.identity, kind, link);
        self.end_unknown(rule, arrival, book);
    }

    /// The backend services of passthrough load balancers.
    fn pass_to_service(&mut self, rule: &'e ForwardingRule, arrival: &Arrival, link: &Link, book: &mut Book) {
        let services = &self.estate.resources.backend_services;
        let Some(service) = services.find(rule.identity.project.as_deref(), link).one() else {
            return self.lose(rule, arrival, ("backend-service", link), book);
        };
        let owner = &service.identity;
        let arrival = self.guarded(&arrival.led_by(&owner.name), &service.security_policy, owner);
        let Said::This(backends) = &service.backends else {
            if service.backends == Said::Nothing {
                self.tell_unsaid(owner, "backends");
            }
            return self.end_unknown(rule, &arrival, book);
        };
        let at = self.at(service);
        let [arrival, idle] = self.with_idle(arrival);
        for backend in backends {
            let arrival = if backend.is_idle { &idle } else { &arrival };
            let roster = self.roster(owner, &backend.group);
            for member in &roster.members {
                let at = match member.v4.or(member.v6) {
                    Some(address) => At::Address(address),
                    None => at.clone(),
                };
                book.add(&member.instance, lead(arrival, at));
            }
            if !roster.is_complete {
                self.end_unknown(rule, arrival, book);
            }
        }
    }

    /// Which interface of members of instance groups takes packets.
    fn at(&self, service: &BackendService) -> At {
        match &service.network {
            Said::This(network) => {
                let key = self.network_key(service.identity.project.as_deref(), Some(network), None);
                key.map_or(At::First, At::Network)
            }
            Said::Nothing | Said::Unreadable => At::First,
        }
    }

    fn pass_to_pool(
        &mut self,
        rule: &'e ForwardingRule,
        arrival: &Arrival,
        pool: &'e TargetPool,
        book: &mut Book,
    ) {
        let pools = &self.estate.resources.target_pools;
        let mut seen: Vec<&TargetPool> = Vec::new();
        let mut next = Some(pool);
        while let Some(pool) = next.filter(|pool| !seen.iter().any(|one| core::ptr::eq(*one, *pool))) {
            seen.push(pool);
            let owner = &pool.identity;
            let project = owner.project.as_deref();
            let arrival = Arc::new(self.guarded(&arrival.led_by(&owner.name), &pool.security_policy, owner));
            match &pool.instances {
                Said::This(instances) => {
                    let keys: Vec<_> = instances.iter().map(|link| self.instance_key(owner, link)).collect();
                    for key in keys.iter().flatten() {
                        book.add(key, lead(&arrival, At::First));
                    }
                    if keys.iter().any(Option::is_none) {
                        self.end_unknown(rule, &arrival, book);
                    }
                }
                Said::Nothing => {
                    self.tell_unsaid(owner, "instances");
                    self.end_unknown(rule, &arrival, book);
                }
                Said::Unreadable => self.end_unknown(rule, &arrival, book),
            }
            next = match &pool.backup {
                Said::This(backup) => {
                    let found = pools.find(project, backup).one();
                    if found.is_none() {
                        self.lose(rule, &arrival, ("target-pool", backup), book);
                    }
                    found
                }
                Said::Nothing | Said::Unreadable => None,
            };
        }
    }

    /// G16: protocol forwarding.
    fn pass_to_instance(
        &mut self,
        rule: &'e ForwardingRule,
        arrival: &Arrival,
        target: &'e TargetInstance,
        book: &mut Book,
    ) {
        let owner = &target.identity;
        let project = owner.project.as_deref();
        let arrival = Arc::new(self.guarded(&arrival.led_by(&owner.name), &target.security_policy, owner));
        let Said::This(instance) = &target.instance else {
            if target.instance == Said::Nothing {
                self.tell_unsaid(owner, "instance");
            }
            return self.end_unknown(rule, &arrival, book);
        };
        let at = match &target.network {
            Said::This(network) => {
                self.network_key(project, Some(network), None).map_or(At::First, At::Network)
            }
            Said::Nothing | Said::Unreadable => At::First,
        };
        match self.instance_key(owner, instance) {
            Some(key) => book.add(&key, lead(&arrival, at)),
            None => self.end_unknown(rule, &arrival, book),
        }
    }

    /// Packets as they come behind a policy.
    pub(super) fn guarded(&mut self, arrival: &Arrival, guard: &Guard, owner: &Identity) -> Arrival {
        let mut arrival = arrival.clone();
        arrival.before.extend(self.guard(guard, owner));
        arrival
    }

    /// Packets as they come to a backend, and to one that takes none at the moment.
    pub(super) fn with_idle(&self, arrival: Arrival) -> [Arc<Arrival>; 2] {
        let mut idle = arrival.clone();
        idle.before.push(self.doubted(Filter::Always(Action::Allow), IDLE));
        [Arc::new(arrival), Arc::new(idle)]
    }
}

/// A way by which packets come as they are.
fn lead(arrival: &Arc<Arrival>, at: At) -> Lead {
    Lead { arrival: Arc::clone(arrival), at, port: None, v4: None, v6: None }
}

/// The name under which it is doubted that a backend gets packets that takes none at the moment.
const IDLE: &str = "idle backend";
