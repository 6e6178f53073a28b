//! What an expression of a plan refers to: a plan tells the names in it, and not what it makes of them.
//!
//! One name that is not known is the value: nobody writes a name of something else into an argument that takes one. A name
//! whose value the plan knows is not what makes the value unknown.

use cloud::json::Reference;

use crate::address::{Step, joined, steps};
use crate::member::{as_object, object};

use super::change::Changes;
use super::configuration::{Home, MODULES_MAX, Written};
use super::unknown::references;

/// The attributes that these references name and that the plan does not know, in their order.
pub(super) fn resolve_each<'r, 'p, 'a>(
    references: &[&'r str],
    written: &Written<'p, 'a>,
    changes: &Changes<'p, 'a>,
    home: &Home<'p, 'a>,
) -> Vec<(&'r str, Option<Reference>)> {
    let scope = Scope { written, changes, modules: &home.modules, key: home.key, for_each: home.for_each() };
    scope.each(references, MODULES_MAX)
}

/// Where references are looked up: a module, and the key of whoever has them.
struct Scope<'s, 'p, 'a> {
    written: &'s Written<'p, 'a>,
    changes: &'s Changes<'p, 'a>,
    modules: &'s [Step<'p>],
    key: &'s str,
    for_each: Vec<&'p str>,
}

impl<'s, 'p, 'a> Scope<'s, 'p, 'a> {
    fn each<'r>(&self, references: &[&'r str], depth: usize) -> Vec<(&'r str, Option<Reference>)> {
        // Beside `a.b.id` stands `a.b`.
        let is_part = |one: &&str| {
            let is_longer =
                |other: &&str| other.strip_prefix(*one).is_some_and(|rest| rest.starts_with(['.', '[']));
            references.iter().any(is_longer)
        };
        let is_own_key = |one: &&str| OWN_KEYS.contains(one);
        let is_keyed = references.iter().any(is_own_key);
        let mut named: Vec<&str> = Vec::new();
        for reference in references.iter().filter(|one| !is_part(one) && !is_own_key(one)) {
            if !named.contains(reference) {
                named.push(reference);
            }
        }
        let resolved = named.into_iter().filter_map(|text| match self.one(text, is_keyed, depth) {
            Resolved::Known => None,
            Resolved::This(reference) => Some((text, Some(reference))),
            Resolved::Unclear => Some((text, None)),
        });
        resolved.collect()
    }

    fn one(&self, text: &str, is_keyed: bool, depth: usize) -> Resolved {
        let Some(depth) = depth.checked_sub(1) else { return Resolved::Unclear };
        let steps = steps(text);
        match steps.as_slice() {
            [Step { name: "var", .. }, Step { name, key }, rest @ ..] => {
                self.variable(name, (key, rest), depth)
            }
            [Step { name: "module", .. }, module, Step { name, key }, rest @ ..] => {
                self.output(*module, name, (key, rest), is_keyed, depth)
            }
            [Step { name: "each", .. }, Step { name: "value", .. }, rest @ ..] => {
                self.each_value(rest, depth)
            }
            [Step { name: "path" | "terraform", .. }, ..] => Resolved::Known,
            [Step { name: "data", .. }, kind, name, rest @ ..] => {
                self.resource(&format!("data.{}.{}", kind.name, name.name), name.key, rest, is_keyed)
            }
            [kind, name, rest @ ..] if !["local", "self", "count", "each", "module"].contains(&kind.name) => {
                self.resource(&format!("{}.{}", kind.name, name.name), name.key, rest, is_keyed)
            }
            _ => Resolved::Unclear,
        }
    }

    /// An attribute of a resource of the module.
    fn resource(&self, name: &str, key: &str, rest: &[Step<'_>], is_keyed: bool) -> Resolved {
        let prefix: String =
            self.modules.iter().map(|module| format!("module.{}{}.", module.name, module.key)).collect();
        let attribute = joined(rest);
        let address = format!("{prefix}{name}");
        let keys = self.changes.keys_of(&address);
        let key = match keys.as_slice() {
            _ if !key.is_empty() => key,
            // A resource that no change is of: a data source that was read before.
            [] | [""] => "",
            [only] => only,
            // `a.b[each.key]`, `a.b[count.index]`: the one with its own key.
            several if is_keyed && several.contains(&self.key) => self.key,
            _ => return Resolved::Unclear,
        };
        let address = format!("{address}{key}");
        if self.changes.knows(&address, &attribute) {
            return Resolved::Known;
        }
        Resolved::This(Reference { address, attribute })
    }

    /// What a module is called with.
    fn variable(&self, name: &str, behind: (&str, &[Step<'_>]), depth: usize) -> Resolved {
        let Some((last, above)) = self.modules.split_last() else { return Resolved::Known };
        let call = self.written.call(self.modules);
        let Some(expression) = call.and_then(|call| object(call, "expressions")?.own(name)) else {
            return Resolved::Known;
        };
        if as_object(expression).is_some_and(|node| node.own("constant_value").is_some()) {
            return Resolved::Known;
        }
        let for_each =
            call.and_then(|call| call.own("for_each_expression")).map(references).unwrap_or_default();
        let scope = Scope { modules: above, key: last.key, for_each, ..*self };
        scope.sole(&references(expression), behind, depth)
    }

    /// What a module hands out.
    fn output(
        &self,
        module: Step<'_>,
        name: &str,
        behind: (&str, &[Step<'_>]),
        is_keyed: bool,
        depth: usize,
    ) -> Resolved {
        let mut modules: Vec<Step<'_>> = self.modules.to_vec();
        let key = if module.key.is_empty() && is_keyed { self.key } else { module.key };
        modules.push(Step { name: module.name, key });
        let inner = self.written.module(&modules);
        let output = inner.and_then(|inner| object(object(inner, "outputs")?, name)?.own("expression"));
        let Some(expression) = output else { return Resolved::Unclear };
        let scope = Scope {
            written: self.written,
            changes: self.changes,
            modules: &modules,
            key: "",
            for_each: Vec::new(),
        };
        scope.sole(&references(expression), behind, depth)
    }

    /// `each.value` of a `for_each` over all instances of a resource.
    fn each_value(&self, rest: &[Step<'_>], depth: usize) -> Resolved {
        let [only] = self.for_each.as_slice() else { return Resolved::Unclear };
        let scope = Scope { for_each: Vec::new(), ..*self };
        match scope.one(only, true, depth) {
            Resolved::This(whole) if whole.attribute.is_empty() && whole.address.ends_with(self.key) => {
                Resolved::This(Reference { attribute: joined(rest), ..whole })
            }
            Resolved::This(_) | Resolved::Known | Resolved::Unclear => Resolved::Unclear,
        }
    }

    /// The one attribute that references name, and what stands behind the name for it.
    fn sole(&self, references: &[&str], (key, rest): (&str, &[Step<'_>]), depth: usize) -> Resolved {
        let mut each = self.each(references, depth);
        match (each.pop(), each.pop()) {
            (None, _) => Resolved::Known,
            // An item of what it names: which one is told by no more than a guess.
            (Some(_), _) if !key.is_empty() => Resolved::Unclear,
            (Some((_, Some(reference))), None) => {
                let behind = joined(rest);
                let attribute = match (reference.attribute.is_empty(), behind.is_empty()) {
                    (_, true) => reference.attribute,
                    (true, false) => behind,
                    (false, false) => format!("{}.{behind}", reference.attribute),
                };
                match self.changes.knows(&reference.address, &attribute) {
                    true => Resolved::Known,
                    false => Resolved::This(Reference { address: reference.address, attribute }),
                }
            }
            (Some(_), _) => Resolved::Unclear,
        }
    }
}

/// What a name comes to. Complete.
enum Resolved {
    /// A value that the plan knows.
    Known,
    This(Reference),
    /// Something that cannot be followed.
    Unclear,
}

/// The names of an instance's own key.
const OWN_KEYS: [&str; 2] = ["each.key", "count.index"];
