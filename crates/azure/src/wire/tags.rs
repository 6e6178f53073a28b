//! One entry of a catalogue of service tags.

use serde::de::{IgnoredAny, MapAccess};

use super::fields::{Fields, Level, Seen};
use super::leaf::{Text, Texts};

/// A service tag and its prefixes, as `ServiceTags_*.json` and `az network list-service-tags` have them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TagValue<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) prefixes: Texts<'a>,
    pub(crate) seen: Seen,
    pub(crate) at: Option<&'a str>,
}

impl<'de> Fields<'de> for TagValue<'de> {
    const KEYS: &'static [&'static str] = &["name", "addressPrefixes"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "name" if level == Level::Properties => map.next_value::<IgnoredAny>().map(drop)?,
            "name" => self.name = map.next_value()?,
            "addressPrefixes" => self.prefixes = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn mark(&mut self, key: &'de str) {
        self.at.get_or_insert(key);
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }
}
