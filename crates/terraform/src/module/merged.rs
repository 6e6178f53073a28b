//! Files that override others: what a block of theirs leaves of the block that it is about.

use cloud::{Desk, Quoted};
use model::Effect;

use super::{Module, base};
use crate::syntax::{Block, Body};

impl<'a> Module<'a> {
    /// Changes what the block is about.
    pub(super) fn merge(&mut self, block: Block<'a>, desk: &mut Desk<'_, 'a>) {
        let labels = block.labels.clone();
        let changed = match (&*block.kind, labels.as_slice()) {
            ("resource" | "data", [kind, name]) => {
                let prefix = if block.kind == "data" { "data." } else { "" };
                let written = format!("{prefix}{kind}.{name}");
                let mut same = self.resources.iter_mut().filter(|other| base(&other.address) == written);
                same.next().map(|resource| &mut resource.block)
            }
            ("variable", [name]) => self.variables.get_mut(name),
            ("output", [name]) => self.outputs.get_mut(name),
            ("module", [name]) => self.calls.get_mut(name),
            ("provider", [name]) => {
                let alias = alias(&block.body);
                let is_same = |other: &&mut Block<'a>| {
                    other.labels.first() == Some(name) && super::merged::alias(&other.body) == alias
                };
                self.providers.iter_mut().find(is_same)
            }
            ("locals", []) => {
                for local in block.body.attributes {
                    self.locals.insert(local.name.clone(), local);
                }
                return;
            }
            _ => return self.add(block, desk),
        };
        match changed {
            Some(changed) => override_body(&mut changed.body, block.body),
            None => {
                let name = Quoted(labels.last().map_or("", |name| &**name));
                let message = format!(
                    "the file overrides {name}, which no other file declares: it is taken as declared"
                );
                desk.note(desk.place(Some(block.at)), "unmatched-override", Effect::Undecided, message);
                self.add(block, desk);
            }
        }
    }
}

/// The name of a provider's configuration beside the one without.
pub(crate) fn alias<'b>(body: &'b Body<'_>) -> Option<&'b str> {
    body.value("alias").and_then(|value| value.literal())
}

/// Arguments are replaced one by one; blocks of a kind all together.
fn override_body<'a>(body: &mut Body<'a>, with: Body<'a>) {
    for attribute in with.attributes {
        // How many there are is said by one of both.
        let instead = match &*attribute.name {
            "count" => "for_each",
            "for_each" => "count",
            name => name,
        };
        body.attributes.retain(|own| own.name != attribute.name && own.name != instead);
        body.attributes.push(attribute);
    }
    let replaced: Vec<String> = with.blocks.iter().map(|block| made(block).to_owned()).collect();
    body.blocks.retain(|own| !replaced.iter().any(|kind| kind == made(own)));
    body.blocks.extend(with.blocks);
}

/// The kind of the blocks that a block is or makes.
fn made<'b>(block: &'b Block<'_>) -> &'b str {
    match block.labels.first() {
        Some(label) if block.kind == "dynamic" => label,
        _ => &block.kind,
    }
}
