//! Who gets in, on a screen: how many, which, and who is left out.

use std::io;

use super::heading;
use crate::explain::saved::{self, Measured};
use crate::screen::{Screen, Tone};
use crate::visible::Grouped;

pub(super) fn sources(exposure: &saved::Exposure, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(screen, "Who gets in")?;
    let sources = &exposure.sources;
    for (family, measured) in [("IPv4", &sources.ipv4), ("IPv6", &sources.ipv6)] {
        let Some(measured) = measured else {
            screen.wrapped(
                2,
                4,
                &screen.line().add(Tone::Strong, family).plain("  nobody through this exposure"),
            )?;
            continue;
        };
        // Only members of pools, which are told below.
        if measured.addresses.is_none() && measured.cidrs.is_empty() && !sources.tags.is_empty() {
            continue;
        }
        let line = screen.line().add(Tone::Strong, family).plain("  ").plain(measure(measured, family));
        screen.wrapped(2, 8, &line)?;
        let more = measured.more.saturating_sub(measured.missing_more);
        prefixes(screen, "", &measured.cidrs, more)?;
        prefixes(screen, "all but ", &measured.missing, measured.missing_more)?;
    }
    if !sources.tags.is_empty() {
        let names = sources.tags.join(", ");
        let rentable = if exposure.rentable { "; an attacker can rent one" } else { "" };
        let text = format!("members of {names}, whose addresses are not in the input{rentable}");
        screen.wrapped(2, 8, &screen.line().add(Tone::Strong, "tags").plain("  ").plain(text))?;
    }
    Ok(())
}

fn measure(measured: &Measured, family: &str) -> String {
    let count = measured.addresses.as_deref();
    let count = match count.map(|count| (count, count.parse::<u64>())) {
        Some((_, Ok(count))) => addresses(count),
        Some((count, Err(_))) => format!("{} addresses", thousands(count)),
        None => "of a size that is not known".to_owned(),
    };
    let share = measured
        .share
        .map(|share| format!(", {} of the {family} Internet", percent(share)))
        .unwrap_or_default();
    format!("{}: {count}{share}", measured.grade)
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    // Rounding must not make all of nearly all, nor nothing of little.
    if percent >= 100.0 {
        "all".to_owned()
    } else if percent > 99.99 {
        "over 99.99 %".to_owned()
    } else if percent < 0.01 {
        "under 0.01 %".to_owned()
    } else {
        format!("{percent:.2} %")
    }
}

/// Digits with their thousands apart, however many.
fn thousands(digits: &str) -> String {
    let commas = digits.char_indices().map(|(place, digit)| {
        let comma = place > 0 && (digits.len() - place).is_multiple_of(3);
        if comma { format!(",{digit}") } else { digit.to_string() }
    });
    commas.collect()
}

fn prefixes(screen: &mut Screen<'_>, name: &str, prefixes: &[String], more: u64) -> io::Result<()> {
    if prefixes.is_empty() {
        return Ok(());
    }
    let text = listed(prefixes, more, SOURCES_MAX);
    screen.wrapped(8, 8, &screen.line().add(Tone::Faint, name).plain(text))
}

pub(super) fn listed(entries: &[String], more: u64, most: usize) -> String {
    let shown: Vec<&str> = entries.iter().take(most).map(String::as_str).collect();
    let cut = entries.len().saturating_sub(most) as u64 + more;
    let more = if cut == 0 { String::new() } else { format!(" +{} more", Grouped(cut)) };
    shown.join(" + ") + &more
}

pub(super) fn addresses(count: u64) -> String {
    crate::visible::counted(count, "address")
}

const SOURCES_MAX: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_to_all_or_nothing() {
        let told = [1.0, 0.999_999, 0.43, 0.000_01].map(percent);
        assert_eq!(told, ["all", "over 99.99 %", "43.00 %", "under 0.01 %"]);
        assert_eq!(thousands("42529738405657744860961326788574707712").matches(',').count(), 12);
        assert_eq!(thousands("100"), "100");
    }
}
