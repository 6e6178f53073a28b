//! What reading one document needs beside the document: where things stand in it, and what was odd.

use core::borrow::BorrowMut;
use core::fmt;
use core::ops::{Deref, DerefMut};

use model::{DocumentId, Effect, Gap, Name, Provenance};

use crate::pool::Pool;

/// The desk at which the resources of one document are taken in.
#[derive(Debug)]
pub struct Desk<'r, 'a> {
    /// Its number in the run.
    pub document: DocumentId,
    /// Its text.
    pub text: &'a str,
    /// The other documents that what is read here may have been written in, e.g. those of a configuration; sorted by where
    /// their texts lie in memory.
    pub beside: &'r [(DocumentId, &'a str)],
    /// Where the resource stands that is read now, if nothing of it is a piece of the document.
    pub around: Option<&'a str>,
    /// Where everything stands that is no piece of any document, e.g. the event that an object was edited by.
    pub standing: Option<Provenance>,
    /// What was not understood.
    pub gaps: &'r mut Vec<Gap>,
}

impl<'r, 'a> Desk<'r, 'a> {
    /// The desk for what is written in several documents, which are sorted by where their texts lie in memory.
    pub fn beside(documents: &'r [(DocumentId, &'a str)], gaps: &'r mut Vec<Gap>) -> Option<Self> {
        let (document, text) = *documents.first()?;
        Some(Self { document, text, beside: documents, around: None, standing: None, gaps })
    }
}

impl<'r> Desk<'r, 'static> {
    /// The desk for an object that stands in no text any more, but was read or edited at a place.
    pub fn standing(place: Provenance, gaps: &'r mut Vec<Gap>) -> Self {
        Self { document: place.document, text: "", beside: &[], around: None, standing: Some(place), gaps }
    }
}

impl<'a> Desk<'_, 'a> {
    /// The place of a borrowed piece of the document; that of its resource, or the start of the document, when nothing
    /// was borrowed.
    #[must_use]
    pub fn place(&self, piece: Option<&'a str>) -> Provenance {
        let piece = piece.or(self.around);
        let own = piece.and_then(|piece| offset_in(self.text, piece));
        let (document, offset) = match (own, piece) {
            (Some(offset), _) => (self.document, offset),
            (None, Some(piece)) => self.place_beside(piece).unwrap_or((self.document, 0)),
            (None, None) => {
                return self.standing.unwrap_or(Provenance { document: self.document, offset: 0 });
            }
        };
        Provenance { document, offset }
    }

    fn place_beside(&self, piece: &str) -> Option<(DocumentId, u64)> {
        let behind = self.beside.partition_point(|(_, text)| text.as_ptr() <= piece.as_ptr());
        let (document, text) = self.beside.get(behind.checked_sub(1)?)?;
        Some((*document, offset_in(text, piece)?))
    }

    /// Tells of something that was not understood.
    pub fn note(&mut self, place: Provenance, code: &'static str, effect: Effect, message: String) {
        self.gaps.push(Gap::at(place, code, effect, message));
    }
}

/// The desk with what is shared between documents, of which a cloud may have more than all have.
#[derive(Debug)]
pub struct Intake<'r, 'a, P> {
    /// What the document needs.
    pub desk: Desk<'r, 'a>,
    /// What is shared.
    pub pool: &'r mut P,
}

impl<P: BorrowMut<Pool>> Intake<'_, '_, P> {
    /// A name, in the spelling it is given in.
    pub fn name(&mut self, text: &str) -> Name {
        let pool: &mut Pool = self.pool.borrow_mut();
        pool.name(text)
    }
}

impl<'r, 'a, P> Deref for Intake<'r, 'a, P> {
    type Target = Desk<'r, 'a>;

    fn deref(&self) -> &Self::Target {
        &self.desk
    }
}

impl<P> DerefMut for Intake<'_, '_, P> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.desk
    }
}

/// Where something was read. No part of what it says: two resources that differ only in it are equal.
#[derive(Clone, Copy, Debug)]
pub struct ReadAt(pub Provenance);

impl PartialEq for ReadAt {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// Where `piece` starts in `text`, if it is a piece of it.
fn offset_in(text: &str, piece: &str) -> Option<u64> {
    let offset = (piece.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (offset + piece.len() <= text.len()).then_some(offset as u64)
}

/// Words of the user in a message: in backticks, on one line, and never long.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`")?;
        for character in self.0.chars().take(QUOTED_CHARACTERS_MAX) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        if self.0.chars().nth(QUOTED_CHARACTERS_MAX).is_some() {
            f.write_str("…")?;
        }
        f.write_str("`")
    }
}

const QUOTED_CHARACTERS_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pieces_of_the_text_have_an_offset() {
        let text = "abcdef";
        assert_eq!(offset_in(text, &text[2..4]), Some(2));
        assert_eq!(offset_in(text, &text[6..]), Some(6));
        assert_eq!(offset_in(&text[..2], &text[2..4]), None);
        assert_eq!(offset_in(&text[3..], &text[..2]), None);
    }

    #[test]
    fn quoted_words_stay_on_one_short_line() {
        assert_eq!(Quoted("a\nb\u{7}").to_string(), "`a\\nb\\u{7}`");
        assert_eq!(Quoted(&"x".repeat(200)).to_string().chars().count(), QUOTED_CHARACTERS_MAX + 3);
    }
}
