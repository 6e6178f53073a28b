//! Pages of Markdown: sections, fenced blocks, and nothing else of the language.

use core::ops::Range;

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// Inputs of every case.
    pub shared: Vec<Input>,
    /// The sections that expect something.
    pub cases: Vec<Case>,
    /// Everything that is prose, headings included, for those who look for ids.
    pub prose: String,
}

/// A section that expects something.
#[derive(Debug, Default)]
pub struct Case {
    /// Its heading.
    pub heading: String,
    /// The line of its heading, from 1.
    pub line: usize,
    /// Its own inputs.
    pub inputs: Vec<Input>,
    /// What it expects.
    pub expectations: Vec<Expectation>,
}

/// A document, as a user would have it in a file.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name of the file.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What a block asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What the Internet reaches.
    Exposures,
    /// What is worth telling.
    Findings,
    /// What was not understood.
    Gaps,
    /// What happens to some packets.
    Packets,
    /// What logs opened, with its time.
    Openings,
    /// What each event of logs did.
    Changes,
    /// What each event of logs did to who watches, who protects, what is written down.
    Weakened,
}

/// A block of expected lines.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What it asks.
    pub question: Question,
    /// The expected lines.
    pub lines: Vec<String>,
    /// The line of its fence, from 1.
    pub line: usize,
    /// The lines between the fences, from 0.
    pub body: Range<usize>,
}

impl Question {
    const ALL: [Self; 7] = [
        Self::Exposures,
        Self::Findings,
        Self::Gaps,
        Self::Packets,
        Self::Openings,
        Self::Changes,
        Self::Weakened,
    ];

    /// Its info string.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exposures => "exposures",
            Self::Findings => "findings",
            Self::Gaps => "gaps",
            Self::Packets => "packets",
            Self::Openings => "openings",
            Self::Changes => "changes",
            Self::Weakened => "weakened",
        }
    }
}

impl Page {
    /// Reads a page.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut page = Self::default();
        let mut section: Option<Case> = None;
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            at += 1;
            if let Some(heading) = line.strip_prefix("## ") {
                page.close(section.take());
                section = Some(Case { heading: heading.to_owned(), line: at, ..Case::default() });
            }
            let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
            if ticks < 3 {
                page.prose.push_str(line);
                page.prose.push('\n');
                continue;
            }
            let fence = &line[..ticks];
            let length = lines[at..].iter().position(|line| line.trim_end() == fence).unwrap_or(0);
            page.block(&mut section, line[ticks..].trim(), at..at + length, &lines);
            at += length + 1;
        }
        page.close(section);
        page
    }

    /// The inputs of a case: its own, and those of the page that it does not replace.
    #[must_use]
    pub fn documents(&self, case: &Case) -> Vec<Input> {
        let replaced = |name: &str| case.inputs.iter().any(|own| own.name == name);
        let shared = self.shared.iter().filter(|input| !replaced(&input.name));
        shared.chain(&case.inputs).cloned().collect()
    }

    fn block(&mut self, section: &mut Option<Case>, info: &str, body: Range<usize>, lines: &[&str]) {
        if let Some(question) = Question::ALL.into_iter().find(|question| question.word() == info) {
            let expected = lines[body.clone()].iter().filter(|line| !line.trim().is_empty());
            let expectation = Expectation {
                question,
                lines: expected.map(|line| (*line).to_owned()).collect(),
                line: body.start,
                body,
            };
            section.as_mut().expect("an expectation stands in a section").expectations.push(expectation);
            return;
        }
        let mut words = info.split_whitespace().skip(1);
        let Some(name) = words.next() else { return };
        let ending = if words.next() == Some("crlf") { "\r\n" } else { "\n" };
        let text: String = lines[body].iter().flat_map(|line| [*line, ending]).collect();
        let inputs = section.as_mut().map_or(&mut self.shared, |case| &mut case.inputs);
        inputs.push(Input { name: name.to_owned(), text });
    }

    fn close(&mut self, section: Option<Case>) {
        self.cases.extend(section.filter(|case| !case.expectations.is_empty()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_shared_inputs_cases_and_prose() {
        let page = Page::read(
            "# Page\n```json a.json\n[1]\n```\n## One S001\nwords\n```json b.json crlf\n[2]\n```\n```packets\nx\n```\n## Prose\n```sh\nls\n```\n",
        );
        assert_eq!(page.cases.len(), 1);
        let case = &page.cases[0];
        assert_eq!((case.heading.as_str(), case.line), ("One S001", 5));
        let documents = page.documents(case);
        assert_eq!(
            documents.iter().map(|input| input.text.as_str()).collect::<Vec<_>>(),
            ["[1]\n", "[2]\r\n"]
        );
        assert_eq!((case.expectations[0].line, case.expectations[0].body.clone()), (10, 10..11));
        assert!(page.prose.contains("words") && !page.prose.contains("ls"));
    }
}
