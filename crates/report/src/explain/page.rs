//! The page of a check, from the binary, for a terminal.
//!
//! Pages are Markdown of headings and paragraphs; nothing else of it is known here.

use std::collections::BTreeMap;
use std::io::{self, Write};

use check::Check;
use serde::Serialize;

use super::text::readable;
use crate::screen::{Screen, Tone};
use crate::{Style, careful};

/// Writes the page of a check: as text for people, or as one JSON document.
///
/// # Errors
/// When the writer fails.
pub fn write_page(check: &Check, json: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if json {
        return write_json(check, out);
    }
    let style = readable(style);
    let mut screen = Screen::new(&style, out);
    blocks(check.page).try_for_each(|block| write_block(&mut screen, &block))?;
    let mut by_framework: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for of in check.controls {
        by_framework.entry((of.framework, of.version)).or_default().push(of.id);
    }
    let controls = by_framework.into_iter();
    let controls =
        controls.map(|((framework, version), ids)| format!("{framework} {version}: {}", ids.join(", ")));
    let lists = [
        ("Techniques", check.attack.iter().map(|id| (*id).to_owned()).collect()),
        ("Controls", vec![controls.collect::<Vec<_>>().join("; ")]),
        (
            "Recommendations",
            check.recommendations.iter().map(|of| format!("`{}`", of.name)).collect::<Vec<_>>(),
        ),
    ];
    for (name, entries) in
        lists.into_iter().filter(|(_, entries)| entries.iter().any(|entry| !entry.is_empty()))
    {
        let line = screen.line().add(Tone::Faint, format!("{name}: ")).plain(entries.join(", "));
        screen.wrapped(0, 2, &line)?;
    }
    Ok(())
}

/// A heading or a paragraph.
enum Block {
    Title(String),
    Heading(String),
    Paragraph(String),
}

fn blocks(page: &str) -> impl Iterator<Item = Block> {
    let blocks = page.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(|block| {
        if let Some(title) = block.strip_prefix("# ") {
            Block::Title(title.to_owned())
        } else if let Some(heading) = block.strip_prefix("## ") {
            Block::Heading(heading.to_owned())
        } else {
            Block::Paragraph(block.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    })
}

fn write_block(screen: &mut Screen<'_>, block: &Block) -> io::Result<()> {
    match block {
        Block::Title(title) => screen.whole(0, &screen.line().add(Tone::Strong, title)),
        Block::Heading(heading) => {
            screen.whole(0, &screen.line().add(Tone::Strong, heading))?;
            return Ok(());
        }
        Block::Paragraph(paragraph) => screen.wrapped(0, 0, &screen.line().plain(paragraph)),
    }?;
    screen.blank()
}

/// A section of a page, as one paragraph.
pub(crate) fn section(page: &str, heading: &str) -> Option<String> {
    let after = page.split_once(&format!("\n## {heading}\n"))?.1;
    let body = after.split("\n## ").next()?;
    Some(body.split_whitespace().collect::<Vec<_>>().join(" "))
}

pub(super) fn control(control: &check::Control) -> String {
    format!("{} {} {}", control.framework, control.version, control.id)
}

fn write_json(check: &Check, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Page {
        schema: &'static str,
        check: &'static str,
        summary: &'static str,
        page: &'static str,
        attack: &'static [&'static str],
        controls: Vec<String>,
        recommendations: Vec<&'static str>,
    }
    let page = Page {
        schema: super::CHECK_SCHEMA_NAME,
        check: check.name,
        summary: check.summary,
        page: check.page,
        attack: check.attack,
        controls: check.controls.iter().map(control).collect(),
        recommendations: check.recommendations.iter().map(|of| of.name).collect(),
    };
    let mut out = io::BufWriter::new(out);
    careful::write_pretty(&mut out, &page)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_fits_a_terminal_and_keeps_its_words() {
        for check in check::CHECKS {
            let mut out = Vec::new();
            write_page(check, false, &Style::PLAIN, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
            let words =
                |text: &str| text.replace('#', "").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let page = words(check.page);
            assert_eq!(words(&text)[..page.len()], page, "{check:?}");
        }
    }

    #[test]
    fn sections_are_found() {
        for check in check::CHECKS {
            for heading in ["What to do", "What it does not say"] {
                assert!(
                    section(check.page, heading).is_some_and(|text| text.ends_with('.')),
                    "{check:?} {heading}"
                );
            }
        }
        assert_eq!(section("# a\n", "What to do"), None);
    }
}
