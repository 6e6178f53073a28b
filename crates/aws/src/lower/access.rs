//! VPC Block Public Access at a place (W17): it beats every group, list and route.
//!
//! Per account and region, with exclusions of VPCs and subnets.

use std::sync::Arc;

use cloud::Said;
use model::{Action, Filter, Name, Rule, RuleList};
use packet::{Bounds, ProtocolSet};

use crate::resource::{LetsIn, Mode, PublicAccess, PublicAccessExclusion};

use super::Lowering;
use super::approach::Spot;

impl<'e> Lowering<'e> {
    /// What denies everything there, if public access is blocked; possibly, where that is not known.
    pub(super) fn public_access_filter(&mut self, spot: &Spot<'e>) -> Option<Filter> {
        let stated: Vec<&PublicAccess> = self.public_access_at(spot);
        let (certain, possible) = match stated.as_slice() {
            [] => {
                // What a subnet says of itself does not say whether it is excluded.
                let own = spot.subnet.map(|subnet| &subnet.public_access);
                (false, matches!(own, Some(Said::This(Mode::Blocks) | Said::Unreadable)))
            }
            modes => (
                modes.iter().all(|one| one.mode == Some(Mode::Blocks)),
                modes.iter().any(|one| one.mode != Some(Mode::Off)),
            ),
        };
        if !possible {
            return None;
        }
        let (identity, takes_exclusions) = match stated.first() {
            Some(first) => (Some(&first.identity), stated.iter().all(|one| one.takes_exclusions)),
            None => (None, true),
        };
        let excluded = self.exclusion_of(spot);
        if excluded == LetsIn::Certainly && takes_exclusions {
            return None;
        }
        let is_certain = certain && excluded == LetsIn::Never;
        let id = identity.map_or_else(|| Name::from(KIND), |identity| Arc::clone(&identity.id));
        let list = RuleList {
            id,
            name: NAME.into(),
            kind: KIND,
            scope: identity.and_then(|identity| identity.account.clone()).or_else(|| spot.home.clone()),
            rules: vec![self.blocking_rule(is_certain, identity.map(|identity| identity.read_at.0))],
            behind: None,
            provenance: identity.map(|identity| identity.read_at.0),
        };
        Some(Filter::FirstMatch(Arc::new(list)))
    }

    /// The modes of the account in the region; where one of both is not told, of each that it may be.
    fn public_access_at(&self, spot: &Spot<'e>) -> Vec<&'e PublicAccess> {
        let may_be =
            |one: &Option<Name>, other: &Option<Name>| one.is_none() || other.is_none() || one == other;
        let all = self.estate.resources.public_access.values();
        let own = all.filter(|one| {
            may_be(&one.identity.account, &spot.home) && may_be(&one.identity.region, &spot.region)
        });
        own.collect()
    }

    /// Whether what stands there is excluded, by itself or with its VPC.
    fn exclusion_of(&mut self, spot: &Spot<'e>) -> LetsIn {
        let index = Arc::clone(&self.network.index);
        let has_kind = self.has_kind("vpc-block-public-access-exclusion");
        let places = [spot.place.subnet.as_deref(), spot.vpc_id.as_deref()];
        let own = places.into_iter().flatten().filter_map(|id| index.exclusions.get(id)).flatten().copied();
        let is_here = |one: &&PublicAccessExclusion| {
            let account = &one.identity.account;
            account.is_none() || spot.home.is_none() || *account == spot.home
        };
        // Nobody else has a subnet of that id: whose it is may be said wrongly.
        let own = own.map(|one| if is_here(&one) { one.lets_in } else { perhaps(one) });
        // Of a database the subnet may not be known, or not even the VPC: then whatever is excluded may be where it is.
        let may_hold = |id: &str| match (&spot.vpc_id, &spot.place.subnet) {
            (None, _) => true,
            (Some(_), None) => !id.starts_with("vpc-"),
            (Some(_), Some(_)) => false,
        };
        let elsewhere = index.exclusions.iter().filter(|(id, _)| may_hold(id)).flat_map(|(_, those)| those);
        let loose = index.loose_exclusions.iter().chain(elsewhere).copied().filter(is_here);
        let loose = loose.map(perhaps);
        let all: Vec<LetsIn> = own.chain(loose).collect();
        if all.contains(&LetsIn::Certainly) {
            LetsIn::Certainly
        } else if all.contains(&LetsIn::Possibly) || !has_kind {
            // Of a list that was not exported nothing is known.
            LetsIn::Possibly
        } else {
            LetsIn::Never
        }
    }

    fn blocking_rule(&self, is_certain: bool, provenance: Option<model::Provenance>) -> Rule {
        let mut rule = self.unknown_rule();
        if is_certain {
            rule.matches.protocols = Bounds::exactly(ProtocolSet::EVERYTHING);
        }
        Rule { name: NAME.into(), action: Action::Deny, built_in: true, provenance, ..rule }
    }
}

/// What an exclusion lets in of which it is not known whether it is here.
const fn perhaps(one: &PublicAccessExclusion) -> LetsIn {
    match one.lets_in {
        LetsIn::Certainly | LetsIn::Possibly => LetsIn::Possibly,
        LetsIn::Never => LetsIn::Never,
    }
}

const KIND: &str = "vpc-block-public-access";
const NAME: &str = "VPC Block Public Access";
