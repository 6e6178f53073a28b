//! `yamldecode`: YAML as values. What versions of YAML read differently is not known rather than guessed.

use cloud::json::Cause;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, Number, Text, Value, Wanted};

pub(super) fn decode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Wanted<'a, Value<'a>> {
    let [text] = values else { return uncounted() };
    let text = text.to_text()?;
    if !budget.spend(text.len() / 4) {
        return Err(Fault::TooLarge);
    }
    let place = match text {
        Text::Here(text) if text.is_ascii() => Some(text),
        Text::Here(_) | Text::Made(_) => None,
    };
    let mut builder = Builder { place, frames: Vec::new(), anchors: Vec::new(), whole: None };
    for event in Parser::new_from_str(&text) {
        let (event, span) = event.map_err(|_| Fault::Wrong("it is no YAML".to_owned()))?;
        builder.take(event, span, budget)?;
    }
    Ok(builder.whole.unwrap_or_else(Value::null))
}

/// A collection that is not at its end.
struct Frame<'a> {
    items: Vec<Value<'a>>,
    is_map: bool,
    anchor: usize,
    at: Option<&'a str>,
}

struct Builder<'a> {
    /// The text, where its characters are its bytes and it stands in a document.
    place: Option<&'a str>,
    frames: Vec<Frame<'a>>,
    anchors: Vec<(usize, Value<'a>)>,
    whole: Option<Value<'a>>,
}

impl<'a> Builder<'a> {
    fn piece(&self, span: &Span) -> Option<&'a str> {
        self.place?.get(span.start.index()..span.end.index().max(span.start.index()))
    }

    fn take(&mut self, event: Event<'_>, span: Span, budget: &mut Budget) -> Wanted<'a, ()> {
        if !budget.spend(1) || self.frames.len() > DEPTH_MAX {
            return Err(Fault::TooLarge);
        }
        let at = self.piece(&span);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.whole.is_some() => Err(Fault::Unsupported("several documents")),
            Event::DocumentStart(_) => Ok(()),
            Event::Alias(anchor) => {
                let known = self.anchors.iter().rev().find(|(known, _)| *known == anchor);
                let value = known.map(|(_, value)| value.clone());
                self.put(value.ok_or(Fault::Unsupported("an alias"))?)
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => Err(Fault::Unsupported("a tag of YAML")),
            Event::Scalar(text, style, anchor, None) => {
                let value =
                    if style == ScalarStyle::Plain { plain(&text) } else { Value::text(text.into_owned()) };
                let value = value.with_at(at);
                self.keep(anchor, &value);
                self.put(value)
            }
            Event::SequenceStart(anchor, None) => {
                self.frames.push(Frame { items: Vec::new(), is_map: false, anchor, at });
                Ok(())
            }
            Event::MappingStart(anchor, None) => {
                self.frames.push(Frame { items: Vec::new(), is_map: true, anchor, at });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(frame) = self.frames.pop() else { return Err(Fault::Unsupported("YAML")) };
                let anchor = frame.anchor;
                let value = frame.value()?;
                self.keep(anchor, &value);
                self.put(value)
            }
        }
    }

    fn keep(&mut self, anchor: usize, value: &Value<'a>) {
        if anchor > 0 {
            self.anchors.push((anchor, value.clone()));
        }
    }

    fn put(&mut self, value: Value<'a>) -> Wanted<'a, ()> {
        match self.frames.last_mut() {
            Some(frame) => frame.items.push(value),
            None => self.whole = Some(value),
        }
        Ok(())
    }
}

impl<'a> Frame<'a> {
    fn value(self) -> Wanted<'a, Value<'a>> {
        if !self.is_map {
            return Ok(Value::tuple(self.items).or_at(self.at));
        }
        let (pairs, _) = self.items.as_chunks::<2>();
        let at = pairs.first().and_then(|[key, _]| key.at).or(self.at);
        let entries = pairs.iter().map(|[key, value]| match key.to_text() {
            Ok(key) if &*key == "<<" => Err(Fault::Unsupported("a merge of YAML")),
            Ok(key) => Ok((key, value.clone())),
            Err(fault) => Err(fault),
        });
        Ok(Value::object(entries.collect::<Wanted<'a, Vec<_>>>()?).with_at(at))
    }
}

/// What a scalar without quotes is.
fn plain<'a>(text: &str) -> Value<'a> {
    let made = || Value::text(text.to_owned());
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::null(),
        "true" | "True" | "TRUE" => return Value::flag(true),
        "false" | "False" | "FALSE" => return Value::flag(false),
        _ => {}
    }
    // Booleans, numbers and dates of one version of YAML are texts of another.
    let word = text.to_ascii_lowercase();
    let is_ambiguous =
        matches!(&*word, "y" | "n" | "yes" | "no" | "on" | "off" | ".inf" | "-.inf" | "+.inf" | ".nan");
    let size = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_digit = size.starts_with(|letter: char| letter.is_ascii_digit())
        || (size.starts_with('.')
            && size.len() > 1
            && size.bytes().skip(1).all(|byte| byte.is_ascii_digit()));
    if is_digit {
        let leads_zero = size.len() > 1 && size.starts_with('0') && !size.starts_with("0.");
        let is_number =
            size.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
        match Number::decimal(text) {
            Some(number) if !leads_zero && is_number && !text.starts_with('+') && !size.starts_with('.') => {
                return number.into();
            }
            // An address, a prefix, a version: nothing that is a number anywhere.
            None if size.matches('.').count() > 1 || size.contains('/') => return made(),
            None if !leads_zero && !size.contains([':', '_']) && !is_number => return made(),
            Some(_) | None => return ambiguous(text),
        }
    }
    if is_ambiguous { ambiguous(text) } else { made() }
}

fn ambiguous<'a>(text: &str) -> Value<'a> {
    Value::unknown(Cause::Unsupported, format!("{text} in YAML"))
}

const DEPTH_MAX: usize = 64;
