//! Whom targets see behind a load balancer (W18, W19, W20).

use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Effect, Gap, Reach};
use packet::{AddressSet, Bounds, Family};

use crate::resource::{TargetGroup, TargetKind, may_carry_more};

use super::super::Lowering;
use super::super::groups::{Clients, Seen};
use super::arrival::Arrival;
use super::device::{Device, Stance};

/// Whom targets see, and what they see of clients by default.
pub(super) struct View {
    pub(super) seen: Arc<Seen>,
    /// How far packets get that the targets let in.
    pub(super) reach: Reach,
}

impl Lowering<'_> {
    /// Whom targets see that a load balancer hands packets to; `None` for a group that has no family: instances of a
    /// classic one.
    pub(super) fn view(
        &mut self,
        device: &Device<'_>,
        arrival: &Arrival,
        group: Option<&TargetGroup>,
    ) -> View {
        let family = group.map_or(Family::V4, |group| group.family);
        let (clients, is_kept_by_default) = match (device.stance, group) {
            (Stance::StandsIn, _) => (Clients::Hidden, false),
            // W18: an address of the other family cannot be kept.
            (Stance::PassesOn | Stance::Unknown, _) if arrival.family != family => (Clients::Hidden, false),
            (Stance::PassesOn, Some(group)) => self.preserved(group),
            (Stance::PassesOn, None) | (Stance::Unknown, _) => (Clients::Either, false),
        };
        let own = self.inner_addresses(device, family);
        let groups = device.group_ids();
        let is_untold = may_carry_more(&device.groups);
        let seen = match (&arrival.seen, clients) {
            (None, _) | (Some(_), Clients::Hidden) => {
                Seen { addresses: Bounds::exactly(own), groups, may_be_of_any_group: is_untold, clients }
            }
            // Somebody in front stood in for them already.
            (Some(front), Clients::Kept) => Seen {
                addresses: front.addresses.clone(),
                groups: front.groups.iter().cloned().chain(groups).collect(),
                may_be_of_any_group: is_untold || front.may_be_of_any_group,
                clients: front.clients,
            },
            (Some(front), Clients::Either) => {
                let either = |set: &AddressSet| -> Arc<AddressSet> { Arc::new(set.union(&own)) };
                let may = either(&front.addresses.may);
                let is_known = !front.addresses.may.is_empty() && !own.is_empty();
                let may = if is_known { may } else { Arc::clone(&self.common.nothing) };
                let clients = match front.clients {
                    Clients::Hidden => Clients::Hidden,
                    Clients::Kept | Clients::Either => Clients::Either,
                };
                let groups = front.groups.iter().cloned().chain(groups).collect();
                let may_be_of_any_group = is_untold || front.may_be_of_any_group;
                Seen { addresses: Bounds::exactly(may), groups, may_be_of_any_group, clients }
            }
        };
        let reach = match (arrival.reach, clients) {
            (Reach::Exposed | Reach::ViaProxy, Clients::Hidden) => Reach::ViaProxy,
            (Reach::Exposed, Clients::Either) if !is_kept_by_default => Reach::ViaProxy,
            (reach, _) => reach,
        };
        View { seen: Arc::new(seen), reach }
    }

    /// W18: whether a network load balancer keeps the addresses of clients for a group, and whether it does by default.
    fn preserved(&mut self, group: &TargetGroup) -> (Clients, bool) {
        if group.always_preserves || group.kind == TargetKind::Balancer {
            return (Clients::Kept, true);
        }
        let default = match group.kind {
            TargetKind::Instance => Some(true),
            TargetKind::Address => Some(false),
            TargetKind::Balancer | TargetKind::Function | TargetKind::Other => None,
        };
        let of = |is_kept: bool| if is_kept { Clients::Kept } else { Clients::Hidden };
        let known = &self.estate.resources.target_group_attributes;
        let apart = known.find(group.identity.account.as_deref(), &group.identity.id).one();
        let clients = match (apart.map(|apart| &apart.preserves), &group.preserves) {
            (Some(Said::This(is_kept)), _) | (None, Said::This(is_kept)) => of(*is_kept),
            // Attributes that do not have it leave it at its default.
            (Some(Said::Nothing), _) if group.has_protocol => default.map_or(Clients::Either, of),
            _ => Clients::Either,
        };
        if apart.is_none() && clients == Clients::Either && self.has_kind("target-group-attributes") {
            let message = format!(
                "{}: its attributes are not in the input: whether its targets see the addresses of clients is not known; \
                 add `aws elbv2 describe-target-group-attributes`",
                Quoted(&group.identity.name)
            );
            let place = group.identity.read_at.0;
            self.gaps.push(Gap::at(place, "missing-attributes", Effect::Undecided, message));
        }
        (clients, default.unwrap_or(true))
    }
}
