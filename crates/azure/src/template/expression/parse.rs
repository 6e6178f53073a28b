//! The syntax of an expression: calls, texts, numbers, and steps into what they come to.
//!
//! Knows no function.

use std::borrow::Cow;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression<'e> {
    pub(crate) form: Form<'e>,
    /// How it is written.
    pub(crate) text: &'e str,
}

/// Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form<'e> {
    Text(Cow<'e, str>),
    Number(i64),
    Real(f64),
    Call {
        name: &'e str,
        arguments: Vec<Expression<'e>>,
    },
    /// `of.name`, `of[index]`; a safe one (`.?`, `[?`) of what is not there is null.
    Step {
        of: Box<Expression<'e>>,
        step: Step<'e>,
        is_safe: bool,
    },
}

/// Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step<'e> {
    Property(&'e str),
    Index(Box<Expression<'e>>),
}

/// What is wrong with an expression, and where: its characters are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) expected: &'static str,
    pub(crate) character: usize,
    pub(crate) is_too_deep: bool,
}

/// Reads what stands between the brackets of an expression.
pub(crate) fn parse(text: &str) -> Result<Expression<'_>, Mistake> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let expression = parser.expression()?;
    parser.blank();
    if parser.at < text.len() {
        return Err(parser.mistake("the end of the expression"));
    }
    Ok(expression)
}

struct Parser<'e> {
    text: &'e str,
    at: usize,
    depth: usize,
}

impl<'e> Parser<'e> {
    fn expression(&mut self) -> Result<Expression<'e>, Mistake> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Mistake {
                is_too_deep: true,
                ..self.mistake("an expression that is nested less deeply")
            });
        }
        self.blank();
        let start = self.at;
        let form = match self.rest().bytes().next() {
            Some(b'\'') => self.quoted()?,
            Some(b'0'..=b'9' | b'-' | b'+') => self.number()?,
            Some(byte) if is_name(byte) => self.call()?,
            _ => return Err(self.mistake("a function, a text in single quotes or a number")),
        };
        let mut expression = Expression { form, text: self.since(start) };
        let mut steps = 0;
        while let Some((step, is_safe)) = self.step()? {
            steps += 1;
            if steps > DEPTH_MAX {
                return Err(Mistake { is_too_deep: true, ..self.mistake("fewer steps") });
            }
            let form = Form::Step { of: Box::new(expression), step, is_safe };
            expression = Expression { form, text: self.since(start) };
        }
        self.depth -= 1;
        Ok(expression)
    }

    /// A text in quotes, of which two stand for one.
    fn quoted(&mut self) -> Result<Form<'e>, Mistake> {
        self.at += 1;
        let start = self.at;
        let mut has_quotes = false;
        loop {
            let Some(end) = self.rest().find('\'') else {
                self.at = start - 1;
                return Err(self.mistake("the quote that ends a text"));
            };
            self.at += end + 1;
            if !self.rest().starts_with('\'') {
                break;
            }
            has_quotes = true;
            self.at += 1;
        }
        let text = self.text.get(start..self.at - 1).unwrap_or_default();
        Ok(Form::Text(if has_quotes { Cow::Owned(text.replace("''", "'")) } else { Cow::Borrowed(text) }))
    }

    fn number(&mut self) -> Result<Form<'e>, Mistake> {
        let start = self.at;
        let length =
            self.rest().bytes().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
        self.at += 1 + length.count();
        let digits = self.since(start);
        if let Ok(number) = digits.parse() {
            return Ok(Form::Number(number));
        }
        let is_real =
            digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
        match digits.parse::<f64>() {
            Ok(number) if is_real && number.is_finite() => Ok(Form::Real(number)),
            Ok(_) | Err(_) => {
                self.at = start;
                Err(self.mistake("a number"))
            }
        }
    }

    /// A call of a function, whose name has a dot where a template defines it.
    fn call(&mut self) -> Result<Form<'e>, Mistake> {
        let start = self.at;
        self.name();
        while self.rest().starts_with('.') {
            self.at += 1;
            if self.name().is_empty() {
                return Err(self.mistake("a name"));
            }
        }
        let name = self.since(start);
        self.blank();
        if !self.takes('(') {
            return Err(self.mistake("`(`"));
        }
        let mut arguments = Vec::new();
        self.blank();
        if self.takes(')') {
            return Ok(Form::Call { name, arguments });
        }
        loop {
            arguments.push(self.expression()?);
            self.blank();
            if self.takes(')') {
                return Ok(Form::Call { name, arguments });
            }
            if !self.takes(',') {
                return Err(self.mistake("`,` or `)`"));
            }
        }
    }

    fn step(&mut self) -> Result<Option<(Step<'e>, bool)>, Mistake> {
        self.blank();
        if self.takes('.') {
            let is_safe = self.takes('?');
            self.blank();
            let name = self.name();
            if name.is_empty() {
                return Err(self.mistake("the name of a property"));
            }
            return Ok(Some((Step::Property(name), is_safe)));
        }
        if !self.takes('[') {
            return Ok(None);
        }
        let is_safe = self.takes('?');
        let index = self.expression()?;
        self.blank();
        if !self.takes(']') {
            return Err(self.mistake("`]`"));
        }
        Ok(Some((Step::Index(Box::new(index)), is_safe)))
    }

    fn name(&mut self) -> &'e str {
        let start = self.at;
        self.at += self.rest().bytes().take_while(|byte| is_name(*byte)).count();
        self.since(start)
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn takes(&mut self, character: char) -> bool {
        let takes = self.rest().starts_with(character);
        if takes {
            self.at += character.len_utf8();
        }
        takes
    }

    fn rest(&self) -> &'e str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'e str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn mistake(&self, expected: &'static str) -> Mistake {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        // The bracket in front counts.
        Mistake { expected, character: before.chars().count() + 2, is_too_deep: false }
    }
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// No template that people write comes near it.
const DEPTH_MAX: usize = 64;
