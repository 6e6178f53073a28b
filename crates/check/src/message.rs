//! What a finding says: who reaches which ports, how many they are, and how that many were spelled.
//!
//! One sentence, lower case, no final period, the words of users in backticks. They may hold control characters:
//! whoever prints a message makes them visible.

use core::fmt::{self, Write};

use engine::{Certainty, Exposure, Measure, Sources};
use model::{Grade, Reach, Rule};
use packet::{AddressSet, Count, Cover, Family, Prefix, cover};

use crate::hole::Hole;

/// `tcp/3389 (RDP) open to the whole IPv4 Internet: 3,702,258,431 addresses`, and how that is spelled.
pub(crate) fn told(hole: &Hole<'_>) -> String {
    let leading = hole.leading.exposure;
    let sources = &leading.sources;
    let (verb, preposition) = verb(leading);
    let bound = if hole.is_even() { "" } else { "up to " };
    let possibly = match leading.certainty {
        Certainty::Proved => "",
        Certainty::Possible => "possibly ",
    };
    let who = |sources: &Sources| parts(sources).join(&format!(", and {preposition} "));
    let spelled = spelled(&hole.united_rules(), sources);
    let more = hole
        .reached_by_more()
        .map(|(reached, by)| format!(", and {reached} {preposition} {}", who(&by.sources)));
    let more = more.unwrap_or_default();
    let less = hole.reached_less().map(|less| format!(", and less surely {less}")).unwrap_or_default();
    format!("{} {possibly}{verb} {preposition} {bound}{}{spelled}{more}{less}", hole.reached(), who(sources))
}

/// `the whole IPv4 Internet: 3,702,258,431 addresses, and the whole IPv6 Internet`.
#[must_use]
pub fn who(sources: &Sources) -> String {
    parts(sources).join(", and ")
}

/// The first of some things, and how many more there are beside them and `beyond`.
pub(crate) fn abridged(things: &[String], separator: &str, beyond: u64) -> String {
    let listed: Vec<&str> = things.iter().take(LISTED_MAX).map(String::as_str).collect();
    let cut = things.len().saturating_sub(LISTED_MAX) as u64 + beyond;
    let listed = listed.join(separator);
    if cut == 0 { listed } else { format!("{listed} +{} more", Grouped(Count::new(cut.into()))) }
}

const fn verb(exposure: &Exposure) -> (&'static str, &'static str) {
    match exposure.reach {
        Reach::Exposed => ("open", "to"),
        Reach::ViaProxy => ("open through a proxy", "to"),
        Reach::OneWay => ("open one way, without a reply,", "to"),
        Reach::Admitted => ("admitted", "from"),
        Reach::Latent => ("would be open", "to"),
    }
}

fn parts(sources: &Sources) -> Vec<String> {
    let ipv4 = sources.ipv4.as_ref().and_then(|measure| family(measure, Family::V4, true));
    let ipv6 = sources.ipv6.as_ref().and_then(|measure| family(measure, Family::V6, ipv4.is_none()));
    let tags: Vec<String> = sources.tags.iter().map(|tag| format!("`{tag}`")).collect();
    let pool =
        (!tags.is_empty()).then(|| format!("{}, of a size that is not known", abridged(&tags, " + ", 0)));
    [ipv4, ipv6, pool].into_iter().flatten().collect()
}

/// The sources of one family; `None` when they are only pools whose members are not known.
fn family(measure: &Measure, family: Family, is_counted: bool) -> Option<String> {
    let name = match family {
        Family::V4 => "IPv4",
        Family::V6 => "IPv6",
    };
    // Nobody reads 38 digits: the whole of IPv6 is said, not counted.
    let is_counted = is_counted && measure.addresses.is_some_and(|count| count.saturating() <= READABLE_MAX);
    let counted = measure.addresses.filter(|_| is_counted).map(|count| format!(": {}", addresses(count, "")));
    let counted = counted.unwrap_or_default();
    let missing = prefixes(&measure.missing);
    Some(match measure.grade {
        Grade::Any if missing.is_empty() => format!("the whole {name} Internet{counted}"),
        Grade::Any => format!("all of the {name} Internet but {missing}{counted}"),
        Grade::AlmostAny if missing.is_empty() => format!("almost the whole {name} Internet{counted}"),
        Grade::AlmostAny => format!("almost the whole {name} Internet{counted}, all but {missing}"),
        Grade::Broad | Grade::Wide | Grade::Narrow | Grade::Unknown => {
            let listed = prefixes(&measure.cidrs);
            match measure.addresses.filter(|_| is_counted) {
                _ if listed.is_empty() => return None,
                Some(count) => format!("{} ({listed})", addresses(count, name)),
                None => listed,
            }
        }
    })
}

fn addresses(count: Count, family: &str) -> String {
    let family = if family.is_empty() { String::new() } else { format!("{family} ") };
    let noun = if count == Count::new(1) { "address" } else { "addresses" };
    format!("{} {family}{noun}", Grouped(count))
}

fn prefixes(cover: &Cover) -> String {
    let listed: Vec<String> = cover.prefixes.iter().map(ToString::to_string).collect();
    abridged(&listed, " + ", cover.more)
}

/// What nobody sees who compares the rules with a list of spellings of *any*.
fn spelled(rules: &[&Rule], sources: &Sources) -> String {
    let families = [(Family::V4, &sources.ipv4), (Family::V6, &sources.ipv6)];
    let spelled =
        families.into_iter().filter_map(|(family, measure)| together(rules, family, measure.as_ref()?));
    spelled.collect()
}

/// The prefixes of rules that are (almost) everything together, where none of the rules is by itself.
fn together(rules: &[&Rule], family: Family, measure: &Measure) -> Option<String> {
    let sum = match measure.grade {
        Grade::Any => "everything",
        Grade::AlmostAny => "almost everything",
        Grade::Broad | Grade::Wide | Grade::Unknown | Grade::Narrow => return None,
    };
    if rules.iter().any(|rule| is_wildcard(rule, family)) {
        return None;
    }
    let universe = AddressSet::whole(family);
    let covers = rules.iter().map(|rule| cover(&rule.matches.sources.may, &universe, family, PREFIXES_MAX));
    let (mut listed, mut more): (Vec<Prefix>, u64) = (Vec::new(), 0);
    for cover in covers {
        listed.extend(cover.prefixes);
        more += cover.more;
    }
    listed.sort_unstable();
    listed.dedup();
    let parts = listed.len() as u64 + more;
    let is_half = |prefix: &Prefix| prefix.length() == 1;
    let number = match parts {
        0 | 1 => return None,
        2 if listed.iter().all(is_half) => "two halves".to_owned(),
        parts => format!("{} parts", Grouped(Count::new(parts.into()))),
    };
    let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
    Some(format!(", spelled {}: {number} that together are {sum}", abridged(&listed, " + ", more)))
}

/// Whoever names the first and the last address, which no packet comes from, wrote *any* and not a list.
fn is_wildcard(rule: &Rule, family: Family) -> bool {
    let sources = &rule.matches.sources.may;
    sources.contains(family.address(0)) && sources.contains(family.address(family.highest()))
}

/// The largest number that is told.
const READABLE_MAX: u128 = 1 << 40;

/// A number with its thousands apart: `3,702,258,431`.
struct Grouped(Count);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        digits.chars().enumerate().try_for_each(|(position, digit)| {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                f.write_char(',')?;
            }
            f.write_char(digit)
        })
    }
}

const LISTED_MAX: usize = 4;
const PREFIXES_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Action, Filter, Reach};

    use crate::estate::{Estate, allow, deny, list, target};
    use crate::named;

    /// What is told of SSH.
    fn told(estate: &Estate) -> String {
        estate.told(named("internet-reaches-admin-port").unwrap()).remove(0)
    }

    fn from(sources: &[&str]) -> String {
        told(&Estate::of(vec![allow("tcp", sources, &["22"])]))
    }

    #[test]
    fn every_reach_has_its_verb() {
        for (reach, expected) in [
            (Reach::Exposed, "critical: tcp/22 (SSH) open to the whole"),
            (Reach::ViaProxy, "critical: tcp/22 (SSH) open through a proxy to the whole"),
            (Reach::OneWay, "low: tcp/22 (SSH) open one way, without a reply, to the whole"),
            (Reach::Admitted, "high: tcp/22 (SSH) admitted from the whole"),
        ] {
            let told = told(&Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["22"])]).reach(reach));
            assert!(told.starts_with(expected), "{told}");
        }
    }

    #[test]
    fn ipv6_is_told_beside_ipv4() {
        let end = "to the whole IPv4 Internet: 3,702,258,431 addresses, and to the whole IPv6 Internet";
        assert_eq!(from(&["*"]), format!("critical: tcp/22 (SSH) open {end}"));
        let end = "to 1 IPv4 address (8.8.8.8/32), and to 2606:4700::/32";
        assert_eq!(from(&["8.8.8.8/32", "2606:4700::/32"]), format!("high: tcp/22 (SSH) open {end}"));
    }

    #[test]
    fn a_part_is_told_by_its_count_and_its_prefixes() {
        let end = "to 1,609,300,735 IPv4 addresses (128.0.0.0/1)";
        assert_eq!(from(&["128.0.0.0/1"]), format!("critical: tcp/22 (SSH) open {end}"));
        let five = ["8.8.1.0/32", "8.8.2.0/32", "8.8.3.0/32", "8.8.4.0/32", "8.8.5.0/32"];
        let end = "to 5 IPv4 addresses (8.8.1.0/32 + 8.8.2.0/32 + 8.8.3.0/32 + 8.8.4.0/32 +1 more)";
        assert_eq!(from(&five), format!("low: tcp/22 (SSH) open {end}"));
    }

    #[test]
    fn a_corner_left_out_of_everything_is_told() {
        let rules = vec![deny("tcp", &["8.8.8.0/24"], &["22"]), allow("tcp", &["0.0.0.0/0"], &["22"])];
        let end = "to all of the IPv4 Internet but 8.8.8.0/24: 3,702,258,175 addresses";
        assert_eq!(told(&Estate::of(rules)), format!("critical: tcp/22 (SSH) open {end}"));
    }

    #[test]
    fn a_rule_that_says_any_is_not_told_as_parts() {
        let tag = [
            "0.0.0.0/5",
            "8.0.0.0/7",
            "11.0.0.0/8",
            "12.0.0.0/6",
            "16.0.0.0/4",
            "32.0.0.0/3",
            "64.0.0.0/2",
            "128.0.0.0/1",
        ];
        assert!(from(&tag).ends_with(": 3,702,258,431 addresses"), "{}", from(&tag));
        let list = [
            "1.0.0.0/8",
            "2.0.0.0/7",
            "4.0.0.0/6",
            "8.0.0.0/5",
            "16.0.0.0/4",
            "32.0.0.0/3",
            "64.0.0.0/2",
            "128.0.0.0/2",
            "192.0.0.0/3",
        ];
        let end = ", spelled 1.0.0.0/8 + 2.0.0.0/7 + 4.0.0.0/6 + 8.0.0.0/5 +5 more: 9 parts that together are everything";
        assert!(from(&list).ends_with(end), "{}", from(&list));
        let twice = vec![allow("tcp", &["0.0.0.0/1"], &["22"]), allow("tcp", &["0.0.0.0/0"], &["22"])];
        assert!(!told(&Estate::of(twice)).contains("spelled"));
    }

    /// One half in each of two lists, of which one is enough.
    #[test]
    fn halves_in_two_lists_are_told() {
        let lists = ["0.0.0.0/1", "128.0.0.0/1"].map(|half| list(half, vec![allow("tcp", &[half], &["22"])]));
        let mut target = target("vm-web", &lists);
        let either = Filter::AnyOf(lists.into_iter().map(Filter::FirstMatch).collect());
        target.paths[0].filter = Arc::new(Filter::Chain(vec![either, Filter::Always(Action::Deny)]));
        let told = told(&Estate { targets: vec![target], ..Estate::of(vec![]) });
        let end = "spelled 0.0.0.0/1 + 128.0.0.0/1: two halves that together are everything";
        assert!(told.ends_with(end), "{told}");
    }

    /// The worst leads, and a port that is meant for the web is not less open for that.
    #[test]
    fn what_more_reach_is_told_as_wide_as_it_is() {
        let rules = vec![allow("tcp", &["AzureCloud"], &["8443"]), allow("tcp", &["*"], &["443"])];
        let told = Estate::of(rules).told(named("internet-reaches-port").unwrap());
        let expected = "low: tcp/8443 open to `AzureCloud`, of a size that is not known, and tcp/443 (HTTPS) to the \
                        whole IPv4 Internet: 3,702,258,431 addresses, and to the whole IPv6 Internet";
        assert_eq!(told, [expected]);
    }

    #[test]
    fn names_are_told_as_they_are() {
        let rules = vec![allow("tcp", &["0.0.0.0/0"], &["22"]), deny("tcp", &["0.0.0.0/0"], &["22"])];
        let mut rules = rules;
        rules[1].name = "evil\u{1b}[2J".into();
        let told = Estate::of(rules).told(named("shadowed-rule").unwrap());
        assert!(told[0].contains("rule `evil\u{1b}[2J` (110) of"), "{told:?}");
    }

    #[test]
    fn messages_are_one_line_without_a_final_period() {
        let rules = vec![
            deny("tcp", &["8.0.0.0/8"], &["22"]),
            allow("any", &["*"], &["0-65535"]),
            allow("tcp", &["AzureCloud"], &["22"]),
        ];
        for finding in Estate::of(rules).findings(&crate::Overrides::new()) {
            let message = &finding.message;
            assert!(
                !message.ends_with('.') && !message.contains('\n') && !message.contains("  "),
                "{message}"
            );
        }
    }
}
