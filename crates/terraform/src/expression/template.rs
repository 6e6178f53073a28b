//! Templates: text with values in it.

use super::Evaluator;
use super::members::Members;
use crate::syntax::Part;
use crate::value::{Fault, TEXT_STEP, Value, Wanted};

impl<'e, 'a> Evaluator<'_, 'e, 'a> {
    pub(super) fn template(&mut self, parts: &'e [Part<'a>]) -> Wanted<'a, Value<'a>> {
        let mut made = String::new();
        self.append(parts, &mut made)?;
        Ok(Value::text(made))
    }

    fn append(&mut self, parts: &'e [Part<'a>], made: &mut String) -> Wanted<'a, ()> {
        for part in parts {
            match part {
                Part::Text(text) => self.push(text, made)?,
                Part::Value(value) => {
                    let text = self.value(value).to_text()?;
                    self.push(&text, made)?;
                }
                Part::If(choice) => {
                    let (condition, then, otherwise) = &**choice;
                    let counts = self.value(condition).to_flag()?;
                    self.append(if counts { then } else { otherwise }, made)?;
                }
                Part::For(all) => {
                    let of = self.value(&all.of);
                    // How often the text stands there is to be known.
                    if of.as_sequence().is_some() {
                        of.to_counted()?;
                    }
                    for (key, value) in Members::of(&of)?.each {
                        let Some(key) = key else { return Err(Fault::Unknown(value)) };
                        self.binding(all.key.as_deref(), &all.value, key, value, |this| {
                            this.append(&all.parts, made)
                        })??;
                    }
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, text: &str, made: &mut String) -> Wanted<'a, ()> {
        made.push_str(text);
        let fits = made.len() <= TEXT_MAX && self.scope.budget().spend(text.len() / TEXT_STEP);
        fits.then_some(()).ok_or(Fault::TooLarge)
    }
}

/// Texts of configurations are longer nowhere.
pub(crate) const TEXT_MAX: usize = 10_000_000;
