//! How the rules that admit an exposure are told to people: filter, names, priorities, and the sources they state.
//!
//! Knows no column and no colour, and says nothing of what the sources are together: the message has that.

use std::sync::Arc;

use engine::{Admission, Exposure};
use model::Rule;
use packet::{AddressSet, Family, Prefix, cover};

use crate::visible::Grouped;

/// The rules of one filter on the way.
pub(crate) struct Opener {
    /// `nsg-web / allow-rdp (100)`.
    pub(crate) rules: String,
    /// `sources 0.0.0.0/1 + 128.0.0.0/1`; nothing where the rules state none.
    pub(crate) sources: String,
}

/// The filters that admit an exposure, in the order of its path.
pub(crate) fn openers(exposure: &Exposure) -> Vec<Opener> {
    let same_list = |a: &Admission, b: &Admission| Arc::ptr_eq(&a.list, &b.list) || a.list.id == b.list.id;
    exposure.opened_by.chunk_by(same_list).filter_map(|admissions| opener(admissions, exposure)).collect()
}

fn opener(admissions: &[Admission], exposure: &Exposure) -> Option<Opener> {
    let list = &admissions.first()?.list;
    let rules: Vec<&Rule> = admissions.iter().filter_map(|by| by.list.rules.get(by.rule)).collect();
    let names = abridged(rules.iter().map(|rule| rule_name(rule)), RULES_MAX, 0);
    Some(Opener { rules: format!("{} / {names}", list.name), sources: sources(&rules, exposure) })
}

fn rule_name(rule: &Rule) -> String {
    let built_in = rule.built_in.then(|| "built in".to_owned());
    let notes: Vec<_> =
        rule.priority.map(|priority| priority.to_string()).into_iter().chain(built_in).collect();
    if notes.is_empty() { rule.name.to_string() } else { format!("{} ({})", rule.name, notes.join(", ")) }
}

/// What the rules state, in the families that reach something.
fn sources(rules: &[&Rule], exposure: &Exposure) -> String {
    let mut stated = Vec::new();
    let mut more = 0;
    let families = [(Family::V4, &exposure.sources.ipv4), (Family::V6, &exposure.sources.ipv6)];
    for (family, _) in families.into_iter().filter(|(_, measure)| measure.is_some()) {
        let (prefixes, cut) = prefixes(rules, family);
        more += cut;
        stated.extend(prefixes.iter().map(ToString::to_string));
    }
    let mut tags: Vec<&str> =
        rules.iter().flat_map(|rule| &rule.matches.tags).map(|tag| &*tag.name).collect();
    tags.sort_unstable();
    tags.dedup();
    stated.extend(tags.into_iter().map(str::to_owned));
    if stated.is_empty() {
        return String::new();
    }
    let exact = rules.iter().all(|rule| rule.matches.sources.is_exact());
    let remark = if exact { "" } else { ", not known exactly" };
    format!("sources {}{remark}", abridged(stated.into_iter(), PREFIXES_MAX, more))
}

/// The first prefixes that the rules state, each once, and how many more there are.
fn prefixes(rules: &[&Rule], family: Family) -> (Vec<Prefix>, u64) {
    let universe = AddressSet::whole(family);
    let mut listed = Vec::new();
    let mut more = 0;
    for rule in rules {
        let cover = cover(&rule.matches.sources.may, &universe, family, PREFIXES_MAX);
        more += cover.more;
        listed.extend(cover.prefixes);
    }
    listed.sort();
    listed.dedup();
    (listed, more)
}

/// The first of some names, and how many more there are beside them and `beyond`.
pub(crate) fn abridged(names: impl Iterator<Item = String>, limit: usize, beyond: u64) -> String {
    let mut listed: Vec<String> = names.collect();
    let cut = listed.len().saturating_sub(limit) as u64 + beyond;
    listed.truncate(limit);
    let more = if cut == 0 { String::new() } else { format!(" +{} more", Grouped(cut)) };
    listed.join(" + ") + &more
}

const RULES_MAX: usize = 3;
const PREFIXES_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{any_v4, exposure, list, rule};

    fn told(rules: Vec<Rule>) -> Vec<(String, String)> {
        let mut exposure = exposure(any_v4());
        let list = list("nsg-web", rules);
        let admissions = (0..list.rules.len()).map(|rule| Admission { list: Arc::clone(&list), rule });
        exposure.opened_by = admissions.collect();
        openers(&exposure).into_iter().map(|opener| (opener.rules, opener.sources)).collect()
    }

    fn one(rules: Vec<Rule>) -> (String, String) {
        let told = told(rules);
        assert_eq!(told.len(), 1);
        told.into_iter().next().unwrap()
    }

    #[test]
    fn rules_and_what_they_state_are_listed_once() {
        let halves = vec![rule("low", 100, &["0.0.0.0/1"]), rule("high", 110, &["128.0.0.0/1", "0.0.0.0/1"])];
        let (rules, sources) = one(halves);
        assert_eq!(rules, "nsg-web / low (100) + high (110)");
        assert_eq!(sources, "sources 0.0.0.0/0 + 0.0.0.0/1");
        let (_, sources) = one(vec![rule("low", 100, &["0.0.0.0/1"]), rule("high", 110, &["128.0.0.0/1"])]);
        assert_eq!(sources, "sources 0.0.0.0/1 + 128.0.0.0/1");
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let parts = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/3", "224.0.0.0/3"];
        let rules = parts.iter().zip(100..).map(|(part, priority)| rule("part", priority, &[part])).collect();
        let (rules, sources) = one(rules);
        assert_eq!(rules, "nsg-web / part (100) + part (101) + part (102) +2 more");
        let listed = "0.0.0.0/2 + 64.0.0.0/2 + 128.0.0.0/2 + 192.0.0.0/3 +1 more";
        assert_eq!(sources, format!("sources {listed}"));
    }

    #[test]
    fn families_that_reach_nothing_are_left_out() {
        let (_, sources) = one(vec![rule("both", 100, &["0.0.0.0/0", "::/0"])]);
        assert_eq!(sources, "sources 0.0.0.0/0");
    }

    #[test]
    fn the_provider_s_rules_and_inexact_ones_are_told_so() {
        let built_in = Rule { built_in: true, ..rule("AllowVnetInBound", 65_000, &["0.0.0.0/0"]) };
        assert_eq!(one(vec![built_in]).0, "nsg-web / AllowVnetInBound (65000, built in)");
        let mut unknown = rule("tagged", 100, &["0.0.0.0/0"]);
        unknown.matches.sources.must = Arc::new(AddressSet::empty());
        assert_eq!(one(vec![unknown]).1, "sources 0.0.0.0/0, not known exactly");
        let numberless = Rule { priority: None, ..rule("first", 0, &[]) };
        assert_eq!(one(vec![numberless]), ("nsg-web / first".to_owned(), String::new()));
    }

    #[test]
    fn every_filter_has_its_line() {
        let mut exposure = exposure(any_v4());
        let admission =
            |name| Admission { list: list(name, vec![rule("all", 100, &["0.0.0.0/0"])]), rule: 0 };
        exposure.opened_by = vec![admission("nsg-subnet"), admission("nsg-nic")];
        let told: Vec<_> = openers(&exposure).into_iter().map(|opener| opener.rules).collect();
        assert_eq!(told, ["nsg-subnet / all (100)", "nsg-nic / all (100)"]);
    }
}
