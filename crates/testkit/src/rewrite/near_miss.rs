//! Rewrites gone wrong by the least amount.

use serde_json::Value;

use super::prefix::{all_but_one, off_by_one};
use super::{FIELDS, lists, priority, some_list};
use crate::generate::{Estate, put, texts};
use crate::random::Random;

/// A kind of near-miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NearMiss {
    /// A prefix in pieces, one address lost.
    OneAddress,
    /// A range of ports one longer or shorter.
    OnePort,
    /// Another protocol.
    OneProtocol,
    /// Two neighbours change places.
    OneSwap,
    /// A copy of a rule before the others.
    EarlyCopy,
    /// A star for IPv4 only.
    OneFamily,
    /// One text of a list is lost.
    OneText,
    /// A prefix one bit longer or shorter.
    OneBit,
    /// The other action.
    OneAction,
    /// The group of an interface is left out.
    OneGroup,
}

impl NearMiss {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::OneAddress,
        Self::OnePort,
        Self::OneProtocol,
        Self::OneSwap,
        Self::EarlyCopy,
        Self::OneFamily,
        Self::OneText,
        Self::OneBit,
        Self::OneAction,
        Self::OneGroup,
    ];

    /// The estate with one such change; `None` where the place that was drawn does not allow it.
    #[must_use]
    pub fn apply(self, estate: &Estate, random: &mut Random) -> Option<Estate> {
        let mut estate = estate.clone();
        match self {
            Self::OneSwap => swap(some_list(&mut estate, random), random)?,
            Self::EarlyCopy => copy(some_list(&mut estate, random), random)?,
            Self::OneGroup => {
                let place = random.below(estate.interfaces.len());
                estate.interfaces[place].as_object_mut()?.remove("networkSecurityGroup")?;
            }
            Self::OneAddress
            | Self::OnePort
            | Self::OneProtocol
            | Self::OneFamily
            | Self::OneText
            | Self::OneBit
            | Self::OneAction => {
                let mut rules: Vec<&mut Value> = lists(&mut estate).flatten().collect();
                let place = random.below(rules.len());
                self.change(rules.swap_remove(place), random)?;
            }
        }
        Some(estate)
    }

    fn change(self, rule: &mut Value, random: &mut Random) -> Option<()> {
        let sources = texts(rule, FIELDS[0]);
        match self {
            Self::OneAddress => {
                let field = *random.pick(&FIELDS[..2]);
                replace(rule, field, random, all_but_one)
            }
            Self::OnePort => {
                replace(rule, FIELDS[3], random, |text, random| Some(vec![off_by_one(text, random)?]))
            }
            Self::OneProtocol => {
                let other = *random.pick(&["Tcp", "Udp", "Icmp", "*"]);
                rule["protocol"] = other.into();
                Some(())
            }
            Self::OneFamily => (sources == ["*"]).then(|| put(rule, FIELDS[0], vec!["0.0.0.0/0".into()])),
            Self::OneText => {
                let field = FIELDS.into_iter().find(|field| texts(rule, field).len() > 1)?;
                let mut kept = texts(rule, field);
                kept.pop();
                put(rule, field, kept);
                Some(())
            }
            Self::OneBit => replace(rule, FIELDS[0], random, |text, random| {
                let (address, length) = text.split_once('/')?;
                let length: u8 = length.parse().ok()?;
                let length = if random.chance(50) { length.checked_sub(1)? } else { length + 1 };
                (length <= 32).then(|| vec![format!("{address}/{length}")])
            }),
            Self::OneAction => {
                let other = if rule["access"] == "Allow" { "Deny" } else { "Allow" };
                rule["access"] = other.into();
                Some(())
            }
            Self::OneSwap | Self::EarlyCopy | Self::OneGroup => None,
        }
    }
}

/// Replaces one text of a field.
fn replace(
    rule: &mut Value,
    field: &str,
    random: &mut Random,
    change: impl Fn(&str, &mut Random) -> Option<Vec<String>>,
) -> Option<()> {
    let mut texts = texts(rule, field);
    if texts.is_empty() {
        return None;
    }
    let place = random.below(texts.len());
    let changed = change(&texts[place], random)?;
    texts.splice(place..=place, changed);
    put(rule, field, texts);
    Some(())
}

fn swap(rules: &mut [Value], random: &mut Random) -> Option<()> {
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|place| priority(&rules[*place]));
    let first = random.below(order.len().checked_sub(1).filter(|pairs| *pairs > 0)?);
    let (one, two) = (order[first], order[first + 1]);
    let kept = rules[one]["priority"].clone();
    rules[one]["priority"] = rules[two]["priority"].clone();
    rules[two]["priority"] = kept;
    Some(())
}

fn copy(rules: &mut Vec<Value>, random: &mut Random) -> Option<()> {
    let mut copy = random.pick(rules).clone();
    let before = rules.iter().map(priority).min()?.checked_sub(1).filter(|number| *number >= 100)?;
    copy["priority"] = before.into();
    copy["name"] = "early-copy".into();
    rules.push(copy);
    Some(())
}
