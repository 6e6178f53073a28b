//! Reading expressions: what stands between operators, and the steps behind it.

use super::cursor::{Cursor, Read};
use super::expression::{Expression, For, Form, Step};

impl<'a> Cursor<'_, 'a> {
    /// A value with the steps into it.
    pub(super) fn operand(&mut self) -> Read<Expression<'a>> {
        let start = self.offset;
        let of = self.value()?;
        let mut steps = Vec::new();
        let mut end = self.offset;
        while let Some(step) = self.step()? {
            steps.push(step);
            end = self.offset;
        }
        self.offset = end;
        if steps.is_empty() {
            return Ok(of);
        }
        Ok(Expression { at: self.piece(start, end), form: Form::Chain { of: Box::new(of), steps } })
    }

    fn step(&mut self) -> Read<Option<Step<'a>>> {
        self.blank()?;
        if self.starts_with(".") && !self.starts_with("...") {
            self.offset += 1;
            self.blank()?;
            if self.eat("*") {
                return Ok(Some(Step::AttributeSplat));
            }
            let start = self.offset;
            if let Some((start, end)) = self.name() {
                return Ok(Some(Step::Attribute(self.words(start, end))));
            }
            self.offset += digits(self.rest());
            if self.offset == start {
                return Err(self.broken("the name of an attribute"));
            }
            return Ok(Some(Step::Attribute(self.words(start, self.offset))));
        }
        if !self.eat("[") {
            return Ok(None);
        }
        let step = self.across_lines(|cursor| {
            cursor.blank()?;
            if cursor.eat("*") {
                cursor.blank()?;
                return Ok(Step::Splat);
            }
            Ok(Step::Index(cursor.expression()?))
        })?;
        self.blank_lines()?;
        self.expect("]", "`]`")?;
        Ok(Some(step))
    }

    fn value(&mut self) -> Read<Expression<'a>> {
        let start = self.offset;
        let form = match self.peek() {
            Some(b'(') => {
                self.offset += 1;
                let inner = self.across_lines(Self::expression)?;
                self.blank_lines()?;
                self.expect(")", "`)`")?;
                return Ok(inner);
            }
            Some(b'[') => self.across_lines(Self::list)?,
            Some(b'{') => self.object()?,
            Some(b'"') => Form::Template(self.quoted()?),
            Some(b'<') if self.starts_with("<<") => Form::Template(self.heredoc()?),
            Some(b'0'..=b'9') => self.number(),
            _ => self.named()?,
        };
        Ok(Expression { at: self.piece(start, self.offset), form })
    }

    fn number(&mut self) -> Form<'a> {
        let start = self.offset;
        self.offset += digits(self.rest());
        if self.starts_with(".") {
            let fraction = digits(self.rest().get(1..).unwrap_or_default());
            self.offset += if fraction > 0 { fraction + 1 } else { 0 };
        }
        if self.starts_with("e") || self.starts_with("E") {
            let exponent = self.rest().get(1..).unwrap_or_default();
            let sign = usize::from(exponent.starts_with(['+', '-']));
            let length = digits(exponent.get(sign..).unwrap_or_default());
            self.offset += if length > 0 { 1 + sign + length } else { 0 };
        }
        Form::Number(self.words(start, self.offset))
    }

    fn named(&mut self) -> Read<Form<'a>> {
        let Some((start, mut end)) = self.name() else { return Err(self.broken("a value")) };
        let mut is_function = false;
        self.blank()?;
        while self.eat("::") {
            is_function = true;
            self.blank()?;
            let Some((_, next)) = self.name() else { return Err(self.broken("the name of a function")) };
            end = next;
            self.blank()?;
        }
        let name = self.words(start, end);
        if self.eat("(") {
            return self.across_lines(|cursor| cursor.arguments(name));
        }
        if is_function {
            return Err(self.broken("`(`"));
        }
        self.offset = end;
        Ok(match &*name {
            "true" => Form::Flag(true),
            "false" => Form::Flag(false),
            "null" => Form::Null,
            _ => Form::Name(name),
        })
    }

    fn arguments(&mut self, name: std::borrow::Cow<'a, str>) -> Read<Form<'a>> {
        let mut arguments = Vec::new();
        let mut is_spread = false;
        loop {
            self.blank()?;
            if self.eat(")") {
                return Ok(Form::Call { name, arguments, is_spread });
            }
            if is_spread {
                return Err(self.broken("`)`"));
            }
            arguments.push(self.expression()?);
            self.blank()?;
            is_spread = self.eat("...");
            self.blank()?;
            if !self.eat(",") && !self.starts_with(")") {
                return Err(self.broken("`,` or `)`"));
            }
        }
    }

    /// Behind the bracket.
    fn list(&mut self) -> Read<Form<'a>> {
        self.offset += 1;
        self.blank()?;
        if self.is_for() {
            return self.made("]");
        }
        let mut items = Vec::new();
        loop {
            self.blank()?;
            if self.eat("]") {
                return Ok(Form::List(items));
            }
            items.push(self.expression()?);
            self.blank()?;
            if !self.eat(",") && !self.starts_with("]") {
                return Err(self.broken("`,` or `]`"));
            }
        }
    }

    fn object(&mut self) -> Read<Form<'a>> {
        self.offset += 1;
        self.blank_lines()?;
        if self.is_for() {
            return self.across_lines(|cursor| cursor.made("}"));
        }
        let mut items = Vec::new();
        loop {
            self.blank_lines()?;
            if self.eat("}") {
                return Ok(Form::Object(items));
            }
            items.push(self.with_lines(false, Self::item)?);
            self.with_lines(false, Self::blank)?;
            if !self.eat(",") && !self.starts_with("\n") && !self.starts_with("}") {
                return Err(self.broken("`,`, `}` or the end of the line"));
            }
        }
    }

    fn item(&mut self) -> Read<(Expression<'a>, Expression<'a>)> {
        let start = self.offset;
        let key = match self.bare_key()? {
            Some(key) => key,
            None => {
                self.offset = start;
                self.expression()?
            }
        };
        self.blank()?;
        if !self.eat("=") && !self.eat(":") {
            return Err(self.broken("`=` or `:`"));
        }
        Ok((key, self.expression()?))
    }

    /// A name that is a key as it stands.
    fn bare_key(&mut self) -> Read<Option<Expression<'a>>> {
        let Some((start, end)) = self.name() else { return Ok(None) };
        self.blank()?;
        let is_key = (self.starts_with("=") && !self.starts_with("=="))
            || (self.starts_with(":") && !self.starts_with("::"));
        Ok(is_key.then(|| Expression::of_text(self.piece(start, end), self.words(start, end))))
    }

    /// Whether a list or an object is made of the members of another.
    fn is_for(&self) -> bool {
        self.is_word("for")
    }

    fn made(&mut self, close: &'static str) -> Read<Form<'a>> {
        self.offset += "for".len();
        let (key, value, of) = self.gone_through()?;
        self.blank()?;
        self.expect(":", "`:`")?;
        let mut made = self.expression()?;
        self.blank()?;
        let mut made_key = None;
        if self.eat("=>") {
            made_key = Some(std::mem::replace(&mut made, self.expression()?));
            self.blank()?;
        }
        let is_grouped = made_key.is_some() && self.eat("...");
        self.blank()?;
        let mut condition = None;
        if self.is_word("if") {
            self.offset += "if".len();
            condition = Some(self.expression()?);
            self.blank()?;
        }
        if made_key.is_some() != (close == "}") {
            return Err(self.broken(if made_key.is_some() { "`]`-list without `=>`" } else { "`=>`" }));
        }
        self.expect(close, "the closing bracket")?;
        Ok(Form::For(Box::new(For { key, value, of, made_key, made, condition, is_grouped })))
    }

    /// `k, v in x`, behind `for`.
    pub(super) fn gone_through(&mut self) -> Read<GoneThrough<'a>> {
        self.blank()?;
        let Some((start, end)) = self.name() else { return Err(self.broken("the name of a variable")) };
        let mut value = self.words(start, end);
        let mut key = None;
        self.blank()?;
        if self.eat(",") {
            self.blank()?;
            let Some((start, end)) = self.name() else { return Err(self.broken("the name of a variable")) };
            key = Some(std::mem::replace(&mut value, self.words(start, end)));
            self.blank()?;
        }
        if !self.is_word("in") {
            return Err(self.broken("`in`"));
        }
        self.offset += "in".len();
        Ok((key, value, self.expression()?))
    }
}

/// The name of keys, the name of values, what is gone through.
pub(super) type GoneThrough<'a> =
    (Option<std::borrow::Cow<'a, str>>, std::borrow::Cow<'a, str>, Expression<'a>);

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
