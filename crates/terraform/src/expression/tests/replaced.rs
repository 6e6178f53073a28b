//! Expressions of which one part is not known.

use std::borrow::Cow;

use crate::syntax::{Expression, Form, Part, Step};

/// How many parts of an expression may be replaced.
pub(super) fn parts(expression: &Expression<'_>) -> usize {
    let mut count = 0;
    walk(&mut expression.clone(), &mut |_| {
        count += 1;
        false
    });
    count
}

/// The expression with its part of this number replaced by what is not known.
pub(super) fn replaced<'a>(expression: &Expression<'a>, number: usize) -> Expression<'a> {
    let mut made = expression.clone();
    let mut count = 0;
    walk(&mut made, &mut |_| {
        count += 1;
        count == number + 1
    });
    made
}

fn walk<'a>(expression: &mut Expression<'a>, replaces: &mut dyn FnMut(&Expression<'a>) -> bool) {
    if replaces(expression) {
        let of = Box::new(Expression { at: expression.at, form: Form::Name(Cow::Borrowed("var")) });
        let steps = vec![Step::Attribute(Cow::Borrowed("unset"))];
        expression.form = Form::Chain { of, steps };
        return;
    }
    match &mut expression.form {
        Form::Null | Form::Flag(_) | Form::Number(_) | Form::Name(_) | Form::Broken => {}
        Form::Template(parts) => walk_parts(parts, replaces),
        Form::List(items) => items.iter_mut().for_each(|item| walk(item, replaces)),
        Form::Object(entries) => entries.iter_mut().for_each(|(key, value)| {
            walk(key, replaces);
            walk(value, replaces);
        }),
        Form::Chain { of, steps } => {
            // A name by itself is no value.
            if !matches!(of.form, Form::Name(_)) {
                walk(of, replaces);
            }
            for step in steps {
                if let Step::Index(key) = step {
                    walk(key, replaces);
                }
            }
        }
        Form::Call { arguments, .. } => arguments.iter_mut().for_each(|argument| walk(argument, replaces)),
        Form::Unary(_, operand) => walk(operand, replaces),
        Form::Binary(_, operands) => operands.iter_mut().for_each(|operand| walk(operand, replaces)),
        Form::Conditional(parts) => parts.iter_mut().for_each(|part| walk(part, replaces)),
        Form::For(all) => {
            walk(&mut all.of, replaces);
            walk(&mut all.made, replaces);
            all.made_key.iter_mut().for_each(|key| walk(key, replaces));
            all.condition.iter_mut().for_each(|condition| walk(condition, replaces));
        }
    }
}

fn walk_parts<'a>(parts: &mut [Part<'a>], replaces: &mut dyn FnMut(&Expression<'a>) -> bool) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Value(value) => walk(value, replaces),
            Part::If(choice) => {
                let (condition, then, otherwise) = &mut **choice;
                walk(condition, replaces);
                walk_parts(then, replaces);
                walk_parts(otherwise, replaces);
            }
            Part::For(all) => {
                walk(&mut all.of, replaces);
                walk_parts(&mut all.parts, replaces);
            }
        }
    }
}
