//! Two statements of one service: which of them counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Arrival, put};
use model::Name;

use super::{Firewall, Kept, Otherwise, PublicAccess, Service};

/// Takes a service in. The later of two statements counts, but one that says less of who is let in, and nothing else,
/// never replaces one that says more: `az keyvault list` prints names alone, `--query` what it was asked for.
pub(in crate::resource::device) fn put_service(
    known: &mut BTreeMap<Name, Service>,
    mut service: Service,
) -> Arrival {
    let key = Arc::clone(&service.identity.key);
    let Some(present) = known.get_mut(&key) else { return put(known, &key, service) };
    // `az webapp list` leaves out what `az webapp show` has.
    if let (Kept::Site(present), Kept::Site(later)) = (&mut present.kept, &mut service.kept) {
        present.complete_each_other(later);
    }
    if is_less_than(&service, present) {
        return Arrival::Same;
    }
    if is_less_than(present, &service) {
        *present = service;
        return Arrival::Same;
    }
    put(known, &key, service)
}

/// Whether a statement leaves out what another has, and contradicts it in nothing.
fn is_less_than(one: &Service, whole: &Service) -> bool {
    match (one.is_told, whole.is_told) {
        (false, told) => told,
        (true, false) => false,
        (true, true) => {
            let is_silent = one.access == PublicAccess::Untold;
            !one.is_whole
                && whole.is_whole
                && (is_silent || one.access == whole.access)
                && keeps_less(&one.kept, &whole.kept)
        }
    }
}

fn keeps_less(one: &Kept, whole: &Kept) -> bool {
    match (one, whole) {
        (Kept::Here(one), Kept::Here(whole)) | (Kept::HereAnd(one, _), Kept::HereAnd(whole, _)) => {
            one == whole || is_silent(one)
        }
        (Kept::Ranges(one), Kept::Ranges(whole)) => {
            one == whole || (one.ipv4.is_none() && one.ipv6.as_ref().is_none_or(Vec::is_empty))
        }
        (Kept::NetworkRules { acts: one }, Kept::NetworkRules { acts: whole }) => {
            one == whole || one.is_none()
        }
        (one, whole) => one == whole,
    }
}

/// Whether a list says nothing at all.
fn is_silent(list: &Firewall) -> bool {
    list.entries.is_empty() && list.otherwise == Otherwise::Either
}
