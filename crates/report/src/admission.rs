//! How the rules that admit an exposure are told to people: filter, names, priorities, and the sources they state.
//!
//! Knows no column and no colour, and says nothing of what the sources are together: the message has that.

use std::sync::Arc;

use engine::Admission;
use model::Rule;

use crate::visible::Grouped;

/// The rules of one filter on the way.
pub(crate) struct Opener {
    /// `nsg-web / allow-rdp (100)`.
    pub(crate) rules: String,
    /// `sources 0.0.0.0/1 + 128.0.0.0/1`; nothing where the rules state none.
    pub(crate) sources: String,
}

/// The filters that the rules are of, in the order of the path.
pub(crate) fn openers(admissions: &[Admission]) -> Vec<Opener> {
    let same_list = |a: &Admission, b: &Admission| Arc::ptr_eq(&a.list, &b.list) || a.list.id == b.list.id;
    admissions.chunk_by(same_list).filter_map(opener).collect()
}

fn opener(admissions: &[Admission]) -> Option<Opener> {
    let list = &admissions.first()?.list;
    let rules: Vec<&Rule> = admissions.iter().filter_map(|by| by.list.rules.get(by.rule)).collect();
    let names = abridged(rules.iter().map(|rule| rule_name(rule)), RULES_MAX, 0);
    Some(Opener { rules: format!("{} / {names}", list.name), sources: sources(&rules) })
}

/// `allow-rdp (100)`; the number alone where that is the name.
pub(crate) fn numbered(name: &str, priority: Option<u32>) -> String {
    match number(name, priority) {
        Some(priority) => format!("{name} ({priority})"),
        None => name.to_owned(),
    }
}

/// The number, where the name does not say it already.
pub(crate) fn number(name: &str, priority: Option<u32>) -> Option<u32> {
    priority.filter(|priority| name.parse() != Ok(*priority))
}

fn rule_name(rule: &Rule) -> String {
    let built_in = rule.built_in.then(|| "built in".to_owned());
    let number = number(&rule.name, rule.priority).map(|number| number.to_string());
    let notes: Vec<_> = number.into_iter().chain(built_in).collect();
    if notes.is_empty() { rule.name.to_string() } else { format!("{} ({})", rule.name, notes.join(", ")) }
}

/// What the rules state, in their owner's words, each once.
fn sources(rules: &[&Rule]) -> String {
    let mut stated: Vec<&str> = Vec::new();
    for rule in rules.iter().filter(|rule| !rule.written.is_empty()) {
        if !stated.contains(&&*rule.written) {
            stated.push(&rule.written);
        }
    }
    if stated.is_empty() {
        return String::new();
    }
    format!("sources {}", abridged(stated.into_iter().map(str::to_owned), RULES_MAX, 0))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{list, rule};

    fn told(rules: Vec<Rule>) -> Vec<(String, String)> {
        let list = list("nsg-web", rules);
        let admissions = (0..list.rules.len()).map(|rule| Admission { list: Arc::clone(&list), rule });
        let admissions: Vec<Admission> = admissions.collect();
        openers(&admissions).into_iter().map(|opener| (opener.rules, opener.sources)).collect()
    }

    fn one(rules: Vec<Rule>) -> (String, String) {
        let told = told(rules);
        assert_eq!(told.len(), 1);
        told.into_iter().next().unwrap()
    }

    #[test]
    fn rules_and_what_they_state_are_listed_once() {
        let (rules, sources) = one(vec![rule("low", 100, &["0.0.0.0/1"]), rule("high", 110, &["0.0.0.0/1"])]);
        assert_eq!(rules, "nsg-web / low (100) + high (110)");
        assert_eq!(sources, "sources 0.0.0.0/1");
        let (_, sources) = one(vec![rule("low", 100, &["0.0.0.0/1"]), rule("high", 110, &["128.0.0.0/1"])]);
        assert_eq!(sources, "sources 0.0.0.0/1 + 128.0.0.0/1");
    }

    /// `Internet` stays `Internet`, whatever prefixes it stands for.
    #[test]
    fn sources_are_told_in_their_owner_s_words() {
        let tagged = Rule { written: "Internet".into(), ..rule("web", 100, &["0.0.0.0/5", "8.0.0.0/7"]) };
        assert_eq!(one(vec![tagged]).1, "sources Internet");
        let silent = Rule { written: "".into(), ..rule("web", 100, &["0.0.0.0/0"]) };
        assert_eq!(one(vec![silent]).1, "");
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let parts = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/3", "224.0.0.0/3"];
        let rules = parts.iter().zip(100..).map(|(part, priority)| rule("part", priority, &[part])).collect();
        let (rules, sources) = one(rules);
        assert_eq!(rules, "nsg-web / part (100) + part (101) + part (102) +2 more");
        assert_eq!(sources, "sources 0.0.0.0/2 + 64.0.0.0/2 + 128.0.0.0/2 +2 more");
    }

    #[test]
    fn the_provider_s_rules_are_told_so() {
        let built_in = Rule { built_in: true, ..rule("AllowVnetInBound", 65_000, &["0.0.0.0/0"]) };
        assert_eq!(one(vec![built_in]).0, "nsg-web / AllowVnetInBound (65000, built in)");
        assert_eq!(one(vec![rule("100", 100, &[])]).0, "nsg-web / 100");
        let numberless = Rule { priority: None, ..rule("first", 0, &[]) };
        assert_eq!(one(vec![numberless]), ("nsg-web / first".to_owned(), String::new()));
    }

    #[test]
    fn every_filter_has_its_line() {
        let admission =
            |name| Admission { list: list(name, vec![rule("all", 100, &["0.0.0.0/0"])]), rule: 0 };
        let admissions = [admission("nsg-subnet"), admission("nsg-nic")];
        let told: Vec<_> = openers(&admissions).into_iter().map(|opener| opener.rules).collect();
        assert_eq!(told, ["nsg-subnet / all (100)", "nsg-nic / all (100)"]);
    }
}
