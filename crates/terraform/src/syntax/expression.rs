//! Expressions as they are written: one tree for HCL, for strings of JSON, and for files of templates.
//!
//! Knows no value: nothing is evaluated here.

use std::borrow::Cow;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression<'a> {
    /// Its whole text, without parentheses around it. Of one inside a string of JSON with escapes, which is no piece of the
    /// document, a piece near it.
    pub(crate) at: &'a str,
    /// What it is.
    pub(crate) form: Form<'a>,
}

/// What an expression is. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// The digits of a number, without a sign.
    Number(Cow<'a, str>),
    /// A string, in quotes or as a heredoc. No part is the empty text; a lone `Part::Value` keeps the type of its value.
    Template(Vec<Part<'a>>),
    /// `[a, b]`.
    List(Vec<Expression<'a>>),
    /// `{ a = 1 }`. A bare key is a template of its text.
    Object(Vec<(Expression<'a>, Expression<'a>)>),
    /// A name by itself, or that a chain begins with.
    Name(Cow<'a, str>),
    /// `x.a[0].b`.
    Chain {
        /// What the steps begin at.
        of: Box<Expression<'a>>,
        /// At least one.
        steps: Vec<Step<'a>>,
    },
    /// `f(a, b...)`.
    Call {
        /// `cidrsubnet`, `provider::aws::arn_parse`.
        name: Cow<'a, str>,
        /// In their order.
        arguments: Vec<Expression<'a>>,
        /// Whether the last argument stands for several.
        is_spread: bool,
    },
    /// `!a`, `-a`.
    Unary(Unary, Box<Expression<'a>>),
    /// `a + b`.
    Binary(Binary, Box<[Expression<'a>; 2]>),
    /// `condition ? then : otherwise`.
    Conditional(Box<[Expression<'a>; 3]>),
    /// `[for …]`, `{for …}`.
    For(Box<For<'a>>),
    /// What cannot be read; it has been told.
    Broken,
}

/// A list or an object made of the members of another. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct For<'a> {
    /// The name of keys.
    pub(crate) key: Option<Cow<'a, str>>,
    /// The name of values.
    pub(crate) value: Cow<'a, str>,
    /// What is gone through.
    pub(crate) of: Expression<'a>,
    /// The keys of the object that is made; a list is made without it.
    pub(crate) made_key: Option<Expression<'a>>,
    /// The members that are made.
    pub(crate) made: Expression<'a>,
    /// Which members count.
    pub(crate) condition: Option<Expression<'a>>,
    /// Whether values of one key are gathered to a list (`...`).
    pub(crate) is_grouped: bool,
}

/// One step into a value. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step<'a> {
    /// `.name`, and `.0`.
    Attribute(Cow<'a, str>),
    /// `[key]`.
    Index(Expression<'a>),
    /// `[*]`: all steps behind it go into each member.
    Splat,
    /// `.*`: the attributes directly behind it go into each member.
    AttributeSplat,
}

/// A part of a template. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part<'a> {
    /// Text, its escapes undone.
    Text(Cow<'a, str>),
    /// `${…}`.
    Value(Expression<'a>),
    /// `%{ if … }`: the condition, what stands then, what stands otherwise.
    If(Box<(Expression<'a>, Vec<Part<'a>>, Vec<Part<'a>>)>),
    /// `%{ for … }`.
    For(Box<TemplateFor<'a>>),
}

/// A part of a template that stands once for each member.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TemplateFor<'a> {
    /// The name of keys.
    pub(crate) key: Option<Cow<'a, str>>,
    /// The name of values.
    pub(crate) value: Cow<'a, str>,
    /// What is gone through.
    pub(crate) of: Expression<'a>,
    /// What stands for each.
    pub(crate) parts: Vec<Part<'a>>,
}

/// An operator of one operand. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    /// `!`.
    Not,
    /// `-`.
    Minus,
}

/// An operator of two operands. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    Unequal,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
}

impl<'a> Expression<'a> {
    /// The text of a string without anything to be evaluated in it.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.form {
            Form::Template(parts) => match parts.as_slice() {
                [] => Some(""),
                [Part::Text(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// A string without anything to be evaluated in it.
    pub(crate) fn of_text(at: &'a str, text: Cow<'a, str>) -> Self {
        Self { at, form: Form::Template(vec![Part::Text(text)]) }
    }
}
