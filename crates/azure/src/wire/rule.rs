//! One rule of a group, as a group states it and as the effective view of an interface states it.

use std::borrow::Cow;

use cloud::json::{Cause, Json, Lenient, Seed};
use serde::de::{Deserialize, IgnoredAny, MapAccess, SeqAccess};

use super::fields::{Fields, Level, List, Object, Reference};
use super::leaf::{Text, Texts};

/// A security rule. Filled by hand-written code, not derived: a key that no rule has must not be lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rule<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) access: Text<'a>,
    pub(crate) direction: Text<'a>,
    pub(crate) priority: Text<'a>,
    pub(crate) protocol: Text<'a>,
    pub(crate) source: Side<'a>,
    pub(crate) destination: Side<'a>,
    /// Keys with a value that no rule is known to have, and keys given twice.
    pub(crate) strange_keys: Vec<Cow<'a, str>>,
    /// Why it is not known whether the rule is there; only what is about to be has it.
    pub(crate) doubt: Option<Cause>,
    /// A piece of the document inside the rule's object.
    pub(crate) at: Option<&'a str>,
}

/// Under which evaluators say that it is not known whether a rule is there.
pub(crate) const CONDITION: &str = "condition";

/// The source or the destination of a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Side<'a> {
    pub(crate) prefix: Texts<'a>,
    pub(crate) prefixes: Texts<'a>,
    pub(crate) groups: List<Object<Reference<'a>>>,
    pub(crate) port: Texts<'a>,
    pub(crate) ports: Texts<'a>,
    /// What the tags of this side stand for; only effective views have it.
    pub(crate) expanded: Texts<'a>,
}

impl<'de> Fields<'de> for Rule<'de> {
    const KEYS: &'static [&'static str] = &[
        "name",
        "access",
        "direction",
        "priority",
        "protocol",
        "sourceAddressPrefix",
        "sourceAddressPrefixes",
        "sourceApplicationSecurityGroups",
        "sourcePortRange",
        "sourcePortRanges",
        "destinationAddressPrefix",
        "destinationAddressPrefixes",
        "destinationApplicationSecurityGroups",
        "destinationPortRange",
        "destinationPortRanges",
        "expandedSourceAddressPrefix",
        "expandedDestinationAddressPrefix",
        "additionalProperties",
        "description",
        "etag",
        "id",
        "provisioningState",
        "resourceGroup",
        "type",
    ];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        let first = match key {
            "name" => fill(&mut self.name, map),
            "access" => fill(&mut self.access, map),
            "direction" => fill(&mut self.direction, map),
            "priority" => fill(&mut self.priority, map),
            "protocol" => fill(&mut self.protocol, map),
            "sourceAddressPrefix" => fill(&mut self.source.prefix, map),
            "sourceAddressPrefixes" => fill(&mut self.source.prefixes, map),
            "sourceApplicationSecurityGroups" => fill(&mut self.source.groups, map),
            "sourcePortRange" => fill(&mut self.source.port, map),
            "sourcePortRanges" => fill(&mut self.source.ports, map),
            "destinationAddressPrefix" => fill(&mut self.destination.prefix, map),
            "destinationAddressPrefixes" => fill(&mut self.destination.prefixes, map),
            "destinationApplicationSecurityGroups" => fill(&mut self.destination.groups, map),
            "destinationPortRange" => fill(&mut self.destination.port, map),
            "destinationPortRanges" => fill(&mut self.destination.ports, map),
            "expandedSourceAddressPrefix" => fill(&mut self.source.expanded, map),
            "expandedDestinationAddressPrefix" => fill(&mut self.destination.expanded, map),
            "additionalProperties" => return self.take_additional(map).map(|()| true),
            "description" | "etag" | "id" | "provisioningState" | "resourceGroup" | "type" => {
                map.next_value::<IgnoredAny>().map(|_| true)
            }
            _ => return Ok(false),
        }?;
        if !first {
            self.strange_keys.push(Cow::Owned(key.to_owned()));
        }
        Ok(true)
    }

    fn surprise<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match map.next_value::<Text<'de>>()? {
            // A key without a value says nothing: newer interface versions print theirs as null.
            Text::Absent => {}
            Text::Not(Json::Unknown(cause)) if key == CONDITION => self.doubt = Some(cause),
            Text::Is(_) | Text::Not(_) => self.strange_keys.push(Cow::Owned(key.to_owned())),
        }
        Ok(())
    }

    fn mark(&mut self, key: &'de str) {
        self.at.get_or_insert(key);
    }
}

impl Rule<'_> {
    /// Old command lines print `{}`; what stands in there is a key that no rule has.
    fn take_additional<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        if map.next_value_seed(Seed(SaysSomething))? {
            self.strange_keys.push(Cow::Borrowed("additionalProperties"));
        }
        Ok(())
    }
}

/// Whether a value is anything but null, `{}` and `[]`.
struct SaysSomething;

impl<'de> Lenient<'de> for SaysSomething {
    type Value = bool;

    fn absent(self) -> bool {
        false
    }

    fn not(self, _json: Json) -> bool {
        true
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        let mut entries = 0_u64;
        while list.next_element::<IgnoredAny>()?.is_some() {
            entries += 1;
        }
        Ok(entries > 0)
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        let mut entries = 0_u64;
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            entries += 1;
        }
        Ok(entries > 0)
    }
}

/// A field that knows whether it has a value. Asked for each of a rule, so no comparison of values.
trait Unset {
    fn is_unset(&self) -> bool;
}

impl Unset for Text<'_> {
    fn is_unset(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl Unset for Texts<'_> {
    fn is_unset(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T> Unset for List<T> {
    fn is_unset(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// Reads a value into a field; `false` when the field already had one.
fn fill<'de, T, A>(field: &mut T, map: &mut A) -> Result<bool, A::Error>
where
    T: Deserialize<'de> + Unset,
    A: MapAccess<'de>,
{
    let first = field.is_unset();
    *field = map.next_value()?;
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(json: &str) -> Rule<'_> {
        match serde_json::from_str::<Object<Rule<'_>>>(json).unwrap() {
            Object::Is(rule) => rule,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn flattened_and_nested_forms_read_alike() {
        let flat =
            rule(r#"{"name": "a", "access": "Allow", "priority": 100, "sourceAddressPrefixes": ["::/0"]}"#);
        let nested = rule(
            r#"{"name": "a", "properties": {"access": "Allow", "priority": "100", "sourceAddressPrefixes": ["::/0"]}}"#,
        );
        assert_eq!(Rule { at: None, ..flat }, Rule { at: None, ..nested });
    }

    #[test]
    fn letter_case_of_keys_does_not_matter() {
        assert_eq!(rule(r#"{"SourcePortRange": ["22"]}"#).source.port.iter().collect::<Vec<_>>(), ["22"]);
    }

    #[test]
    fn keys_that_no_rule_has_are_kept_unless_null() {
        let rule = rule(r#"{"name": "a", "enabled": false, "expires": null, "description": 7, "name": "b"}"#);
        assert_eq!(rule.strange_keys, ["enabled", "name"]);
    }
}
