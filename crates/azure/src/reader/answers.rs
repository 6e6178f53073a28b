//! What answers say of themselves, taken together for one document: pages that follow, errors, what is no input.

use std::borrow::Cow;

use cloud::Quoted;
use cloud::json::Json;
use model::{Effect, Provenance};

use crate::intake::Intake;
use crate::wire::{Query, Refusal, Sign, Text};

/// What is told of a document when it has been read.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Addresses that a recording asked; a page among them is there.
    asked: Vec<String>,
    /// Pages that follow, and where the document says so.
    links: Vec<(String, Provenance)>,
    /// Things that are asked of Azure and are no input, and the first of each.
    signs: Vec<(Sign, u64, Provenance)>,
}

impl Answers {
    /// Whether anything here is of Azure.
    pub(super) fn has_signs(&self) -> bool {
        !self.signs.is_empty()
    }

    pub(super) fn asked(&mut self, address: &Text<'_>) {
        self.asked.extend(address.get().map(in_one_spelling));
    }

    pub(super) fn next_page<'a>(&mut self, link: &Text<'a>, intake: &Intake<'_, 'a>) {
        let ends = matches!(link, Text::Absent | Text::Not(Json::Boolean(false)));
        if ends || matches!(link, Text::Is(text) if text.trim().is_empty()) {
            return;
        }
        let place = match link {
            Text::Is(Cow::Borrowed(text)) => intake.place(Some(text)),
            Text::Is(Cow::Owned(_)) | Text::Absent | Text::Not(_) => intake.place(None),
        };
        self.links.push((link.get().map(in_one_spelling).unwrap_or_default(), place));
    }

    pub(super) fn query<'a>(query: &Query<'a>, intake: &mut Intake<'_, 'a>) {
        let Some(reason) = query.cut() else { return };
        let place = match (&query.token, &query.total) {
            (Text::Is(Cow::Borrowed(text)), _) | (_, Text::Is(Cow::Borrowed(text))) => {
                intake.place(Some(text))
            }
            _ => intake.place(None),
        };
        let message = format!("{reason}: the list is cut, add its other rows");
        intake.note(place, "truncated-page", Effect::Narrowed, message);
    }

    pub(super) fn refused<'a>(refusal: &Refusal<'a>, intake: &mut Intake<'_, 'a>) {
        let place = match &refusal.code {
            Text::Is(Cow::Borrowed(text)) => intake.place(Some(text)),
            Text::Is(Cow::Owned(_)) | Text::Absent | Text::Not(_) => intake.place(None),
        };
        let code = refusal.code.get().unwrap_or_default();
        let message = format!(
            "an error of Azure, {}, expected an answer: what was asked for is not read",
            Quoted(code)
        );
        intake.note(place, "error-answer", Effect::Skipped, message);
    }

    pub(super) fn sign(&mut self, sign: Sign, place: Provenance) {
        match self.signs.iter_mut().find(|(known, ..)| *known == sign) {
            Some((_, count, _)) => *count += 1,
            None => self.signs.push((sign, 1, place)),
        }
    }

    /// Tells what has to wait for the end of the document.
    pub(super) fn finish(self, intake: &mut Intake<'_, '_>) {
        for (link, place) in self.links {
            if self.asked.contains(&link) {
                continue;
            }
            let message =
                "`nextLink` names a page that follows: the list is cut, add its other pages".to_owned();
            intake.note(place, "truncated-page", Effect::Narrowed, message);
        }
        for (sign, count, place) in self.signs {
            let what = match sign {
                Sign::PolicyState => {
                    "states of compliance with Azure Policy, which do not say what is configured"
                }
                Sign::Event => "events, which do not say what is configured now",
            };
            let instead =
                if matches!(sign, Sign::Event) { "; `wideopen detect` reads audit logs" } else { "" };
            let message = format!("{count} entries are {what}: they are no input of this check{instead}");
            intake.note(place, "not-an-input", Effect::Skipped, message);
        }
    }
}

/// An address as it is compared: recorders write the `$` of a token in either way.
fn in_one_spelling(address: &str) -> String {
    address.trim().replace("%24", "$").to_ascii_lowercase()
}
