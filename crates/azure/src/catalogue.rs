//! A catalogue of service tags: `ServiceTags_*.json` as Microsoft publishes it, or `az network list-service-tags`.
//!
//! Knows names and prefixes. Who can rent an address behind a name is said in `resource::service_tag`.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Quoted, ReadAt, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Prefix};

use crate::intake::Intake;
use crate::resource::tell_twice;
use crate::wire::TagValue;

/// The addresses of service tags at one date.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    /// Its date where its file name says it, else its change number.
    pub(crate) version: String,
    tags: BTreeMap<Name, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: Name,
    addresses: Arc<AddressSet>,
}

impl Catalogue {
    /// The addresses of a tag, by its name in lower case.
    pub(crate) fn addresses(&self, key: &str) -> Option<&Arc<AddressSet>> {
        self.tags.get(key).map(|entry| &entry.addresses)
    }

    /// Names and addresses of all tags, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Name, &Arc<AddressSet>)> {
        self.tags.values().map(|entry| (&entry.name, &entry.addresses))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// Takes in one tag. One with a prefix that cannot be read, or without any, is left out: half a set is worse than
    /// none, and an empty one would read as "nobody".
    pub(crate) fn add<'a>(&mut self, tag: &TagValue<'a>, intake: &mut Intake<'_, 'a>) {
        let read_at = ReadAt(intake.place(tag.at));
        let Some(name) = tag.name.get() else {
            let message = "an entry of the catalogue has no `name`".to_owned();
            intake.note(read_at.0, "missing-field", Effect::Undecided, message);
            return;
        };
        tell_twice::<TagValue<'_>>(tag.seen, (name, read_at), intake);
        let prefixes: Result<Vec<Prefix>, _> = tag.prefixes.iter().map(grammar::prefix).collect();
        let Some(prefixes) = prefixes.ok().filter(|_| tag.prefixes.unexpected().is_none()) else {
            let message = format!("service tag {}: a prefix cannot be read", Quoted(name));
            intake.note(read_at.0, "unreadable-prefix", Effect::Undecided, message);
            return;
        };
        if prefixes.is_empty() {
            return;
        }
        let addresses: AddressSet = prefixes.into_iter().collect();
        let known = self.addresses(&intake.pool.key(name)).map(|known| (**known).clone());
        if known.as_ref().is_some_and(|known| *known != addresses) {
            let message = format!("service tag {} is in the catalogue twice: both are taken", Quoted(name));
            intake.note(read_at.0, "duplicate-resource", Effect::Undecided, message);
        }
        let addresses = Arc::new(known.map_or(addresses.clone(), |known| known.union(&addresses)));
        let key = intake.pool.key(name);
        self.tags.insert(key, Entry { name: intake.name(name), addresses });
    }

    /// Names the version: the date in `…_20251028.json`, else the change number.
    pub(crate) fn date(&mut self, path: &str, change_number: Option<&str>) {
        let digits =
            path.split(|character: char| !character.is_ascii_digit()).rfind(|digits| digits.len() == 8);
        let date = digits.and_then(|digits| {
            Some(format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?))
        });
        self.version = date.unwrap_or_else(|| format!("change {}", change_number.unwrap_or("unknown")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_date_of_the_file() {
        let mut catalogue = Catalogue::default();
        catalogue.date("a/ServiceTags_Public_20251028.json", Some("375"));
        assert_eq!(catalogue.version, "2025-10-28");
        catalogue.date("tags.json", Some("375"));
        assert_eq!(catalogue.version, "change 375");
    }
}
