//! Reading expressions: operators, and which of them binds more.

use super::cursor::{Broken, Cursor, Read};
use super::expression::{Binary, Expression, Form, Unary};

impl<'a> Cursor<'_, 'a> {
    /// An expression, with blank space before it.
    pub(crate) fn expression(&mut self) -> Read<Expression<'a>> {
        self.deeper(Self::conditional)
    }

    fn conditional(&mut self) -> Read<Expression<'a>> {
        self.blank()?;
        let start = self.offset;
        let condition = self.operation(0)?;
        let end = self.offset;
        self.blank()?;
        if !self.eat("?") {
            self.offset = end;
            return Ok(condition);
        }
        let then = self.expression()?;
        self.blank()?;
        self.expect(":", "`:` of a conditional expression")?;
        let otherwise = self.expression()?;
        let form = Form::Conditional(Box::new([condition, then, otherwise]));
        Ok(Expression { at: self.piece(start, self.offset), form })
    }

    /// Operators of this level and of those that bind more.
    fn operation(&mut self, level: usize) -> Read<Expression<'a>> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let start = self.offset;
        let around = std::mem::take(&mut self.operators);
        let mut left = self.operation(level + 1)?;
        let mut height = self.operators;
        loop {
            let end = self.offset;
            self.blank()?;
            let Some(operator) = self.operator(operators) else {
                self.offset = end;
                self.operators = around.max(height);
                return Ok(left);
            };
            self.operators = 0;
            let right = self.operation(level + 1)?;
            height = height.max(self.operators) + 1;
            if height > OPERATORS_MAX {
                return Err(self.broken("fewer operators in a row"));
            }
            let form = Form::Binary(operator, Box::new([left, right]));
            left = Expression { at: self.piece(start, self.offset), form };
        }
    }

    fn operator(&mut self, operators: &[(&str, Binary)]) -> Option<Binary> {
        let (word, operator) = operators.iter().find(|(word, _)| self.starts_with(word))?;
        // `=>` closes the key of an object that is made, `%{` is none of expressions.
        if self.starts_with("=>") {
            return None;
        }
        self.offset += word.len();
        Some(*operator)
    }

    fn unary(&mut self) -> Read<Expression<'a>> {
        self.blank()?;
        let start = self.offset;
        let unary = match self.peek() {
            Some(b'!') => Unary::Not,
            Some(b'-') => Unary::Minus,
            _ => return self.operand(),
        };
        self.offset += 1;
        let operand = self.deeper(Self::unary)?;
        Ok(Expression { at: self.piece(start, self.offset), form: Form::Unary(unary, Box::new(operand)) })
    }
}

/// The expression of a text that is nothing else.
///
/// # Errors
/// Where it is none.
pub(crate) fn expression(text: &str) -> Result<Expression<'_>, Broken> {
    let mut cursor = Cursor::in_document(text);
    cursor.alone()
}

impl<'a> Cursor<'_, 'a> {
    /// An expression with nothing behind it.
    pub(crate) fn alone(&mut self) -> Read<Expression<'a>> {
        self.is_across_lines = true;
        let expression = self.expression()?;
        self.blank()?;
        if self.offset == self.end { Ok(expression) } else { Err(self.broken("the end of the expression")) }
    }
}

/// Operators, those that bind least first; words that begin with another before it.
const LEVELS: [&[(&str, Binary)]; 6] = [
    &[("||", Binary::Or)],
    &[("&&", Binary::And)],
    &[("==", Binary::Equal), ("!=", Binary::Unequal)],
    &[
        ("<=", Binary::LessOrEqual),
        (">=", Binary::GreaterOrEqual),
        ("<", Binary::Less),
        (">", Binary::Greater),
    ],
    &[("+", Binary::Add), ("-", Binary::Subtract)],
    &[("*", Binary::Multiply), ("/", Binary::Divide), ("%", Binary::Remainder)],
];

/// Operators above each other: what is evaluated level by level may not be deeper than stacks are.
const OPERATORS_MAX: u32 = 200;
