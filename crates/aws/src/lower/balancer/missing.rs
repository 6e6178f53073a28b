//! What the input has nothing of that load balancers need, each with the command that would export it.

use cloud::{LookupSet, Said};

use crate::resource::{BalancerKind, LoadBalancer, Purpose, Scheme, TargetKind};

use super::super::Lowering;

impl Lowering<'_> {
    pub(in crate::lower) fn missing_of_balancers(&self) -> Vec<String> {
        let known = &self.estate.resources;
        // An internal one is reached through another or an accelerator, or not at all.
        let is_led_to = !known.endpoint_groups.is_empty() || !known.accelerators.is_empty();
        let may_be_public =
            |balancer: &LoadBalancer| is_led_to || balancer.scheme != Said::This(Scheme::Internal);
        let public = known.load_balancers.values().filter(|balancer| may_be_public(balancer));
        let public: Vec<&LoadBalancer> = public.collect();
        let of = |kind: BalancerKind| public.iter().any(|balancer| balancer.kind == kind);
        let listens = of(BalancerKind::Application) || of(BalancerKind::Network);
        let is_told = public.iter().all(|balancer| balancer.has_all_listeners);
        let has_apart = listens && known.target_groups.values().any(|group| group.targets.is_none());
        let keepers: LookupSet<&str> = public
            .iter()
            .filter(|balancer| balancer.kind != BalancerKind::Application)
            .map(|balancer| &*balancer.identity.id)
            .collect();
        let may_keep = known.target_groups.values().any(|group| {
            let is_asked =
                matches!(group.kind, TargetKind::Instance | TargetKind::Address) && !group.always_preserves;
            is_asked
                && group.preserves.is_nothing()
                && group.balancers.iter().any(|arn| keepers.contains(&**arn))
        });
        let described = known.interfaces.values().filter(|one| one.purpose == Purpose::Balancer);
        let described: Vec<&str> = described.filter_map(|one| one.description.as_deref()).collect();
        let is_used = !known.listeners.is_empty()
            || !known.target_groups.is_empty()
            || described.iter().any(|text| text.contains('/'));
        let has_classic = described.iter().any(|text| text.starts_with("ELB ") && !text.contains('/'));
        let lacks = |kind: &str| !self.has_kind(kind);
        let sentences = [
            (is_used && lacks("load-balancer"), BALANCERS),
            (has_classic && lacks("classic-load-balancer"), CLASSIC),
            (listens && !is_told && lacks("listener"), LISTENERS),
            (of(BalancerKind::Application) && !is_told && lacks("listener-rule"), RULES),
            (listens && lacks("target-group"), GROUPS),
            (has_apart && lacks("target-health"), HEALTH),
            (may_keep && lacks("target-group-attributes"), ATTRIBUTES),
            (!known.accelerators.is_empty() && lacks("accelerator-listener"), ACCELERATOR_LISTENERS),
            (!known.accelerators.is_empty() && lacks("endpoint-group"), ENDPOINTS),
        ];
        let told = sentences.into_iter().filter(|(is_missing, _)| *is_missing);
        told.map(|(_, sentence)| sentence.to_owned()).collect()
    }
}

const BALANCERS: &str = "load balancers are not in the input: what is behind them may be exposed and is not told; add `aws \
                         elbv2 describe-load-balancers`";
const CLASSIC: &str = "classic load balancers are not in the input: what is behind them may be exposed and is not told; add \
                       `aws elb describe-load-balancers`";
const LISTENERS: &str = "listeners are not in the input: what is behind load balancers is possible at every port; add `aws \
                         elbv2 describe-listeners` of each load balancer";
const RULES: &str = "rules of listeners are not in the input: any may lead to each target group of its load balancer; add \
                     `aws elbv2 describe-rules` of each listener";
const GROUPS: &str = "target groups are not in the input: load balancers are told in place of what is behind them; add `aws \
                      elbv2 describe-target-groups`";
const HEALTH: &str = "targets are not in the input: load balancers are told in place of what is behind them; add `aws elbv2 \
                      describe-target-health` of each target group, with its `TargetGroupArn`";
const ATTRIBUTES: &str = "attributes of target groups are not in the input: whether targets of network load balancers see \
                          the addresses of clients is not known; add `aws elbv2 describe-target-group-attributes` of each \
                          target group, with its `TargetGroupArn`";
const ACCELERATOR_LISTENERS: &str = "listeners of accelerators are not in the input: every port of theirs is possible; add \
                                     `aws globalaccelerator list-listeners` of each accelerator";
const ENDPOINTS: &str = "endpoints of accelerators are not in the input: what they lead to may be exposed and is not told; \
                         add `aws globalaccelerator list-endpoint-groups` of each listener";
