//! Cosmos DB accounts (semantics P8).

use cloud::json::Node;
use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::kinds::Zero;
use super::ranges::prefix_entry;
use super::{
    Entry, Firewall, Kept, Otherwise, PublicAccess, Service, ServiceKind, first_text, flag_or, is_full,
    says_any,
};

pub(crate) static COSMOS: ServiceKind = ServiceKind::new(
    ["cosmos-db-account", "cosmos-db-firewall", "Cosmos DB accounts", "az cosmosdb list"],
    &[443],
)
.with_azure();

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed Cosmos DB account", intake);
    let is_full = is_full(&stated, MARKS);
    let access = PublicAccess::read(&stated, is_full, intake);
    let list = read_list(&stated, is_full, intake);
    let [has_mongo, has_cassandra] = interfaces(&stated, intake);
    let says_access = says_any(&stated, &["publicNetworkAccess"]);
    let is_told = is_full || says_list(&stated) || says_access;
    // Without a rule the filter of virtual networks decides.
    let says_filter = !list.entries.is_empty() || says_any(&stated, &[FILTER]);
    let is_whole = is_full || (says_access && says_list(&stated) && says_filter);
    let service = Service::new(identity, &COSMOS, access, Kept::Here(list));
    let service = service.with_port(10255, Some(has_mongo)).with_port(10350, Some(has_cassandra));
    Service { is_told, is_whole, ..service }.into()
}

fn read_list<'a>(stated: &Stated<'_, 'a>, is_full: bool, intake: &mut Intake<'_, 'a>) -> Firewall {
    let mut entries = Vec::new();
    let mut readable = match stated.objects("ipRules", intake) {
        Said::Nothing => true,
        Said::Unreadable => false,
        Said::This(rules) => {
            let mut texts = rules.iter().map(|rule| {
                (rule, first_text(rule, &["ipAddressOrRange", "ipAddressOrRangeProperty"], intake))
            });
            let texts: Vec<_> = texts.by_ref().collect();
            texts.into_iter().fold(true, |readable, (rule, text)| {
                let is_nothing = text.is_nothing();
                if let Said::This(text) = text {
                    entries.push(prefix_entry(rule, text, Zero::Azure, intake));
                    return readable;
                }
                if is_nothing {
                    let sentence = "a rule of `ipRules` names no address: it may let in anybody";
                    rule.tell("missing-field", Effect::Undecided, sentence, intake);
                }
                false
            })
        }
    };
    // Before API 2020-04-01: one text with commas.
    match stated.text("ipRangeFilter", intake) {
        Said::Nothing => {}
        Said::Unreadable => readable = false,
        Said::This(filter) => {
            let texts = filter.split(',').map(str::trim).filter(|text| !text.is_empty());
            entries.extend(texts.map(|text| prefix_entry(stated, text, Zero::Azure, intake)));
        }
    }
    let tells = is_full || says_list(stated);
    let is_filtered = flag_or(stated, &[FILTER], is_full.then_some(false), intake);
    Firewall { otherwise: otherwise((&entries, is_filtered), readable && tells), entries }
}

/// P8: without a rule and without a filter of virtual networks everybody is let in.
fn otherwise((entries, is_filtered): (&[Entry], Option<bool>), is_known: bool) -> Otherwise {
    match (is_known, entries, is_filtered) {
        (false, _, _) | (true, [], None) => Otherwise::Either,
        (true, [], Some(false)) => Otherwise::Allow,
        (true, [_, ..], _) | (true, [], Some(true)) => Otherwise::Deny,
    }
}

/// Whether it speaks the protocols of MongoDB and of Cassandra, which have ports of their own.
fn interfaces<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> [bool; 2] {
    let kind = stated.text("kind", intake).this().unwrap_or_default();
    let mut found = [kind.eq_ignore_ascii_case("mongodb"), false];
    let capabilities = stated.objects("capabilities", intake).this().unwrap_or_default();
    for capability in &capabilities {
        let name = capability.text("name", intake).this().unwrap_or_default();
        found[0] |= name.eq_ignore_ascii_case("enablemongo");
        found[1] |= name.eq_ignore_ascii_case("enablecassandra");
    }
    found
}

/// Whether it has a list; an empty text of older versions is one.
fn says_list(stated: &Stated<'_, '_>) -> bool {
    says_any(stated, &["ipRules", "ipRangeFilter"])
}

const FILTER: &str = "isVirtualNetworkFilterEnabled";

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["documentEndpoint", "databaseAccountOfferType", "consistencyPolicy"];
