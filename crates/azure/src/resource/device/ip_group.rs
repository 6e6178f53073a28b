//! IP groups: addresses that rules of firewalls name together.

use std::sync::Arc;

use cloud::json::Node;
use cloud::{Quoted, Said, Stated};
use model::Effect;
use packet::{AddressSet, Bounds};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;
use super::firewall_words::addresses_of;

/// A group of addresses.
#[derive(Clone, Debug, PartialEq)]
pub struct IpGroup {
    pub(crate) identity: Identity,
    pub(crate) addresses: Bounds<Arc<AddressSet>>,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed IP group", intake);
    let addresses = match stated.texts("ipAddresses", intake) {
        Said::This(texts) => read_members(&stated, &texts, intake),
        Said::Nothing if stated.has("ipAddresses") => {
            Bounds::exactly(Arc::clone(&intake.pool.common.nothing))
        }
        Said::Nothing => {
            let sentence = "`ipAddresses` is missing: what it holds is not known";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            intake.pool.common.unknown()
        }
        Said::Unreadable => intake.pool.common.unknown(),
    };
    IpGroup { identity, addresses }.into()
}

fn read_members<'a>(
    stated: &Stated<'_, 'a>,
    texts: &[&str],
    intake: &mut Intake<'_, 'a>,
) -> Bounds<Arc<AddressSet>> {
    let mut known = AddressSet::empty();
    let mut all_read = true;
    for text in texts {
        match addresses_of(text) {
            Some(addresses) => known = known.union(&addresses),
            None => {
                let sentence = format!("{} is no address, no prefix and no range of addresses", Quoted(text));
                stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
                all_read = false;
            }
        }
    }
    let must = intake.pool.set(known);
    let may = if all_read { Arc::clone(&must) } else { Arc::clone(&intake.pool.common.everything) };
    Bounds { must, may }
}
