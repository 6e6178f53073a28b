//! `[[expected]]`: changes that somebody expects, with who answers for them, why, and until when.
//!
//! Owner, reason and expiry are no choice: what nobody answers for, or for ever, is no expectation but a blind spot.

use model::{Moment, Name};
use packet::{AddressSet, PortRange, PortSet, Prefix, Protocol, ProtocolSet};
use replay::{Expectation, Window};
use toml_edit::{Item, TableLike};

use super::{Mistake, Reader};

pub(super) const EXPECTED: [&str; 9] =
    ["expires", "owner", "ports", "principals", "protocols", "reason", "sources", "targets", "windows"];

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Reader<'_> {
    /// All tables of `[[expected]]`.
    pub(super) fn expected(&self, item: &Item) -> Result<Vec<Expectation>, Mistake> {
        let Some(tables) = item.as_array_of_tables() else {
            return Err(self.mistake(
                item.span(),
                &format!("`expected` is {}, expected tables `[[expected]]`", item.type_name()),
            ));
        };
        tables.iter().map(|table| self.expectation(table, table.span())).collect()
    }

    fn expectation(
        &self,
        table: &dyn TableLike,
        span: Option<core::ops::Range<usize>>,
    ) -> Result<Expectation, Mistake> {
        for (key, _) in table.iter() {
            if !EXPECTED.contains(&key) {
                let span = table.key(key).and_then(toml_edit::Key::span);
                return Err(self.unknown(span, key, &EXPECTED));
            }
        }
        let needed = |key: &str| {
            let wrong = || self.mistake(span.clone(), &format!("`[[expected]]` needs `{key}`"));
            table.get(key).ok_or_else(wrong)
        };
        let texts = |key: &str| table.get(key).map(|item| self.texts(item, key)).transpose();
        let expires = needed("expires")?;
        Ok(Expectation {
            principals: self.texts(needed("principals")?, "principals")?,
            targets: texts("targets")?.unwrap_or_default(),
            protocols: table
                .get("protocols")
                .map_or(Ok(ProtocolSet::EVERYTHING), |item| self.protocols(item))?,
            ports: table.get("ports").map_or(Ok(PortSet::everything()), |item| self.ports(item))?,
            sources: self.sources(needed("sources")?)?,
            windows: table.get("windows").map_or(Ok(Vec::new()), |item| self.windows(item))?,
            until: Some(self.moment(expires, "expires")?),
            since: None,
            owner: Name::from(self.text(needed("owner")?, "owner")?),
            reason: Name::from(self.text(needed("reason")?, "reason")?),
        })
    }

    fn protocols(&self, item: &Item) -> Result<ProtocolSet, Mistake> {
        let named = |text: &String| {
            let text = text.to_ascii_lowercase();
            let known = (0..=u8::MAX).map(Protocol).find(|protocol| protocol.to_string() == text);
            let wrong = || {
                self.mistake(
                    item.span(),
                    &format!("`{text}` is no protocol, expected tcp, udp, icmp or a number"),
                )
            };
            known.or_else(|| text.parse().ok().map(Protocol)).ok_or_else(wrong)
        };
        self.texts(item, "protocols")?.iter().map(named).collect()
    }

    /// Ports as texts or numbers: `22`, `"3380-3400"`.
    fn ports(&self, item: &Item) -> Result<PortSet, Mistake> {
        let wrong = |text: &str| {
            let message = format!("`{text}` is no port, expected one like 22 or a range like \"3380-3400\"");
            self.mistake(item.span(), &message)
        };
        let values: Vec<String> = match item.as_array() {
            Some(list) => list
                .iter()
                .map(|value| {
                    value
                        .as_integer()
                        .map_or_else(|| value.as_str().map(str::to_owned), |port| Some(port.to_string()))
                })
                .collect::<Option<_>>()
                .ok_or_else(|| wrong(item.type_name()))?,
            None => vec![
                item.as_integer().map_or_else(|| self.text(item, "ports"), |port| Ok(port.to_string()))?,
            ],
        };
        values.iter().map(|text| text.parse::<PortRange>().map_err(|_| wrong(text))).collect()
    }

    fn sources(&self, item: &Item) -> Result<AddressSet, Mistake> {
        let prefix = |text: &String| {
            text.parse::<Prefix>().map_err(|error| {
                self.mistake(
                    item.span(),
                    &format!("`{text}`: {error}, expected a prefix like 203.0.113.0/24"),
                )
            })
        };
        self.texts(item, "sources")?.iter().map(prefix).collect()
    }

    /// A date, or a date with a time.
    fn moment(&self, item: &Item, key: &str) -> Result<Moment, Mistake> {
        let text = match item.as_datetime() {
            Some(date) => date.to_string(),
            None => self.text(item, key)?,
        };
        crate::detect::moment(&text).ok_or_else(|| {
            self.mistake(
                item.span(),
                &format!("`{key}`: `{text}` is no time, expected one like 2026-03-01T00:00:00Z"),
            )
        })
    }

    fn windows(&self, item: &Item) -> Result<Vec<Window>, Mistake> {
        let window = |text: &String| {
            let message = format!("`{text}` is no window, expected one like \"mon-fri 08:00-18:00\" (UTC)");
            window(text).ok_or_else(|| self.mistake(item.span(), &message))
        };
        self.texts(item, "windows")?.iter().map(window).collect()
    }
}

fn window(text: &str) -> Option<Window> {
    let text = text.to_ascii_lowercase();
    let (days, hours) = match text.split_once(' ') {
        Some((days, hours)) => (chosen(days)?, hours.trim()),
        None => ([true; 7], text.as_str()),
    };
    let (from, to) = hours.split_once('-')?;
    Some(Window { days, from: minute(from)?, to: minute(to)? })
}

/// `mon-fri`, `sat,sun`.
fn chosen(text: &str) -> Option<[bool; 7]> {
    let position = |name: &str| DAYS.iter().position(|day| *day == name);
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (position(first)?, position(last)?);
        let count = (last + 7 - first) % 7;
        for step in 0..=count {
            *days.get_mut((first + step) % 7)? = true;
        }
    }
    Some(days)
}

fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour * 60 + minute <= 24 * 60 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::super::Configuration;
    use super::*;

    const WHOLE: &str = r#"
[[expected]]
principals = ["arn:aws:sts::*:assumed-role/deploy/*"]
targets = ["web-*"]
protocols = ["tcp"]
ports = [443, "8000-8010"]
sources = ["0.0.0.0/0", "::/0"]
windows = ["mon-fri 08:00-18:00", "22:00-02:00"]
expires = 2026-03-01
owner = "team-web"
reason = "releases"
"#;

    #[test]
    fn an_expectation_is_read_whole() {
        let read = Configuration::parse("t", WHOLE).unwrap().expected;
        let [one] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(one.ports.to_string(), "443,8000-8010");
        assert_eq!(one.until.unwrap().to_string(), "2026-03-01T00:00:00Z");
        assert_eq!(one.windows[0].days, [true, true, true, true, true, false, false]);
        assert_eq!((one.windows[1].from, one.windows[1].to), (22 * 60, 2 * 60));
        assert_eq!(one.protocols, ProtocolSet::only(Protocol::TCP));
    }

    #[test]
    fn what_nobody_answers_for_is_a_mistake() {
        for (line, expected) in [
            ("owner", "needs `owner`"),
            ("expires", "needs `expires`"),
            ("sources", "needs `sources`"),
            ("principals", "needs `principals`"),
        ] {
            let text: String =
                WHOLE.lines().filter(|one| !one.starts_with(line)).map(|one| format!("{one}\n")).collect();
            let mistake = Configuration::parse("t", &text).unwrap_err().0;
            assert!(mistake.contains(expected), "{mistake}");
        }
        let with = |from: &str, to: &str| Configuration::parse("t", &WHOLE.replace(from, to)).unwrap_err().0;
        assert!(with("owner", "owners").contains("did you mean `owner`?"));
        assert!(with("2026-03-01", "\"soon\"").contains("is no time"));
        assert!(with("mon-fri 08:00-18:00", "weekdays").contains("is no window"));
        assert!(with("\"::/0\"", "\"any\"").contains("expected a prefix"));
        assert!(with("443", "70000").contains("is no port"));
    }
}
