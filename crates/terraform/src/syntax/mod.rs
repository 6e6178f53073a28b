//! What Terraform's files are written in: HCL and JSON, both as one tree of blocks, arguments and expressions.
//!
//! Knows no word of Terraform: which blocks mean what is said elsewhere.

mod body;
#[cfg(test)]
mod compared;
mod cursor;
mod expression;
mod json;
mod operand;
mod operator;
mod template;

pub(crate) use body::{Attribute, Block, Body, body};
pub(crate) use cursor::{Broken, Cursor};
pub(crate) use expression::{Binary, Expression, For, Form, Part, Step, Unary};
pub(crate) use json::{BLOCKS, body as json_body, values as json_values};
pub(crate) use operator::expression;
pub(crate) use template::template;
