//! What stacks of a run export, so that others import it.
//!
//! A name that is told when a stack is deployed is nobody's: what is imported under it may be of another stack.

use cloud::json::{Node, Tree};

use super::pseudo;
use super::run::{Exports, Run};
use super::stack::{Stack, kind_of};
use super::text::{exact, section};
use super::twin;

/// Notes what stacks export, until what they import of each other changes nothing more.
pub(super) fn note<'s, 'a>(run: &'s Run<'a>, stacks: &dyn Fn() -> Vec<Stack<'s, 'a>>) {
    let imports = |text: &str| text.contains("ImportValue");
    if !run.sources.iter().any(|source| imports(source.document.text)) {
        return;
    }
    for _ in 0..ROUNDS_MAX {
        let mut exports = Exports::new();
        for stack in stacks() {
            add(&stack, &mut exports);
        }
        if !run.export(exports) {
            break;
        }
    }
}

fn add<'a>(stack: &Stack<'_, 'a>, exports: &mut Exports<'a>) {
    for (name, output) in section(&stack.root, "Outputs").into_iter().flat_map(Node::entries) {
        let Tree::Object(output) = output else { continue };
        let written = section(output, "Export").and_then(|export| exact(export, "Name"));
        let Some(Ok(exported)) = written.map(|written| stack.text(written)) else { continue };
        if !pseudo::is_open(&exported) && stack.condition_of(output) != Some(false) {
            exports.entry(exported.into_owned()).or_default().push(stack.output(name));
        }
    }
    for (name, body) in section(&stack.root, "Resources").into_iter().flat_map(Node::entries) {
        let Tree::Object(body) = body else { continue };
        if twin::is_stack(kind_of(body))
            && stack.condition_of(body) != Some(false)
            && let Some(child) = stack.child(name)
        {
            add(&child, exports);
        }
    }
}

/// How many stacks may stand in a row of those that import each other's exports.
const ROUNDS_MAX: usize = 6;
