//! A configuration written otherwise: through variables, locals, loops, modules and functions. What it declares stays.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::random::Random;

use super::hcl::{Call, Module, Spell, hcl, literal, quoted, source, tf_json};
use super::{Body, Configuration, Resource, Term};

/// A way to write a configuration otherwise. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rewrite {
    /// Values come through variables with defaults.
    Variables,
    /// Values come through variables that `terraform.tfvars` sets.
    Tfvars,
    /// Values come through locals, and locals of locals.
    Locals,
    /// Values come out of functions, templates and `for` expressions.
    Functions,
    /// Values come out of conditionals.
    Conditionals,
    /// Resources have `count = 1`.
    Count,
    /// Resources have a `for_each` of one key.
    ForEach,
    /// Repeated blocks are dynamic.
    Dynamic,
    /// Some resources stand in a module.
    Module,
    /// Each kind of resource has a file of its own.
    Files,
    /// Written as JSON.
    Json,
}

impl Rewrite {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Variables,
        Self::Tfvars,
        Self::Locals,
        Self::Functions,
        Self::Conditionals,
        Self::Count,
        Self::ForEach,
        Self::Dynamic,
        Self::Module,
        Self::Files,
        Self::Json,
    ];
}

/// The files of a configuration, rewritten in these ways. Without any it is plain HCL in one file.
#[must_use]
pub fn write(
    configuration: &Configuration,
    rewrites: &[Rewrite],
    random: &mut Random,
) -> Vec<(String, String)> {
    let mut writing = Writing { rewrites, random, spelled: BTreeMap::new(), tfvars: Map::new() };
    writing.write(configuration)
}

struct Writing<'w> {
    rewrites: &'w [Rewrite],
    random: &'w mut Random,
    /// How a resource is referred to in its own module, where that is not its address.
    spelled: BTreeMap<String, String>,
    tfvars: Map<String, Value>,
}

/// The name of the module into which resources move.
const MODULE: &str = "part";

impl Writing<'_> {
    fn has(&self, rewrite: Rewrite) -> bool {
        self.rewrites.contains(&rewrite)
    }

    fn write(&mut self, configuration: &Configuration) -> Vec<(String, String)> {
        let mut resources = configuration.resources.clone();
        resources.iter_mut().for_each(|resource| self.repeat(resource));
        let is_moved = |random: &mut Random| random.chance(40);
        let (moved, stay): (Vec<Resource>, Vec<Resource>) = match self.has(Rewrite::Module) {
            true => resources.into_iter().partition(|_| is_moved(self.random)),
            false => (Vec::new(), resources),
        };
        let inside: BTreeSet<String> = moved.iter().map(Resource::address).collect();
        let spelled = self.spelled.clone();
        let own = |address: &str, attribute: &str| {
            format!("{}.{attribute}", spelled.get(address).map_or(address, String::as_str))
        };
        let passed = |word: &str, address: &str, attribute: &str| {
            let name: String = format!("{address}_{attribute}")
                .chars()
                .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
                .collect();
            format!("{word}{name}")
        };
        let in_root = |address: &str, attribute: &str| match inside.contains(address) {
            true => format!("module.{MODULE}.{}", passed("out_", address, attribute)),
            false => own(address, attribute),
        };
        let in_module = |address: &str, attribute: &str| match inside.contains(address) {
            true => own(address, attribute),
            false => format!("var.{}", passed("in_", address, attribute)),
        };
        let inputs = crossing(&moved, |address| !inside.contains(address));
        let outputs = crossing(&stay, |address| inside.contains(address));
        let mut root = self.module(stay, true, &in_root);
        root.providers.clone_from(&configuration.providers);
        let mut files = Vec::new();
        if !moved.is_empty() {
            let mut module = self.module(moved, false, &in_module);
            let input = |(address, attribute): &(String, String)| passed("in_", address, attribute);
            let output = |(address, attribute): &(String, String)| {
                (passed("out_", address, attribute), own(address, attribute))
            };
            module.variables.extend(inputs.iter().map(|one| (input(one), None)));
            module.outputs.extend(outputs.iter().map(output));
            let given = inputs.iter().map(|one| (input(one), in_root(&one.0, &one.1))).collect();
            let folder = format!("./modules/{MODULE}");
            root.calls.push(Call { name: MODULE.to_owned(), folder, inputs: given });
            files.extend(self.files(&module, &format!("modules/{MODULE}/"), &in_module));
        }
        files.extend(self.files(&root, "", &in_root));
        if !self.tfvars.is_empty() {
            let lines = self.tfvars.iter().map(|(name, value)| format!("{name} = {}\n", literal(value)));
            files.push(("terraform.tfvars".to_owned(), lines.collect()));
        }
        files
    }

    /// Gives a resource `count` or `for_each`.
    fn repeat(&mut self, resource: &mut Resource) {
        let address = resource.address();
        if self.has(Rewrite::Count) && self.random.chance(50) {
            let count = ["1", "length([0])", "true ? 1 : 0"][self.random.below(3)];
            resource.body.insert(0, ("count".to_owned(), Term::Source(count.to_owned())));
            self.spelled.insert(address.clone(), format!("{address}[0]"));
        } else if self.has(Rewrite::ForEach) && self.random.chance(50) {
            let each = ["toset([\"only\"])", "{ only = 1 }", "{ for word in [\"only\"] : word => word }"];
            let each = each[self.random.below(3)].to_owned();
            resource.body.insert(0, ("for_each".to_owned(), Term::Source(each)));
            self.spelled.insert(address.clone(), format!("{address}[\"only\"]"));
        }
    }

    /// A module of these resources, their values rewritten.
    fn module(&mut self, resources: Vec<Resource>, is_root: bool, spell: Spell<'_>) -> Module {
        let mut module = Module::default();
        for mut resource in resources {
            for (key, term) in &mut resource.body {
                // What decides how many there are stays.
                if key != "count" && key != "for_each" {
                    self.term(key, term, is_root, &mut module, spell);
                }
            }
            module.resources.push(resource);
        }
        module
    }

    fn term(&mut self, key: &str, term: &mut Term, is_root: bool, module: &mut Module, spell: Spell<'_>) {
        match term {
            Term::Blocks(bodies) => {
                let is_flat = bodies.iter().flatten().all(|(_, term)| !matches!(term, Term::Blocks(_)));
                for (key, term) in bodies.iter_mut().flatten() {
                    self.term(key, term, is_root, module, spell);
                }
                if self.has(Rewrite::Dynamic) && is_flat && self.random.chance(70) {
                    *term = self.dynamic(key, bodies, module, spell);
                }
            }
            Term::List(items) => {
                items.iter_mut().for_each(|item| self.term("", item, is_root, module, spell));
                self.moved(term, module, spell);
            }
            Term::Map(entries) => {
                entries.iter_mut().for_each(|(key, item)| self.term(key, item, is_root, module, spell));
                self.moved(term, module, spell);
            }
            Term::Value(value) => {
                let value = value.clone();
                self.value(&value, term, is_root, module, spell);
            }
            Term::Refers(..) => self.moved(term, module, spell),
            Term::Source(_) | Term::Dynamic(..) => {}
        }
    }

    /// Blocks as one dynamic block.
    fn dynamic(&mut self, key: &str, bodies: &[Body], module: &mut Module, spell: Spell<'_>) -> Term {
        let keys: BTreeSet<&String> = bodies.iter().flatten().map(|(key, _)| key).collect();
        let written = |body: &Body| {
            let entry = |key: &&String| {
                let term = body.iter().find(|(own, _)| own == *key).map(|(_, term)| source(term, spell));
                // An argument that is null is not there.
                format!("{key} = {}", term.unwrap_or_else(|| "null".to_owned()))
            };
            format!("{{ {} }}", keys.iter().map(entry).collect::<Vec<_>>().join(", "))
        };
        let list = format!("[{}]", bodies.iter().map(written).collect::<Vec<_>>().join(", "));
        let each = match self.random.chance(50) {
            true => local(module, list),
            false => list,
        };
        let by_index = self.random.chance(30);
        let content = keys.iter().map(|own| {
            let value =
                if by_index { format!("{key}.value[\"{own}\"]") } else { format!("{key}.value.{own}") };
            ((*own).clone(), Term::Source(value))
        });
        Term::Dynamic(each, content.collect())
    }

    /// A term moved into a local, where that is asked.
    fn moved(&mut self, term: &mut Term, module: &mut Module, spell: Spell<'_>) {
        if self.has(Rewrite::Locals) && self.random.chance(30) {
            *term = Term::Source(local(module, source(term, spell)));
        }
    }

    fn value(
        &mut self,
        value: &Value,
        term: &mut Term,
        is_root: bool,
        module: &mut Module,
        spell: Spell<'_>,
    ) {
        if self.has(Rewrite::Functions) && self.random.chance(50) {
            *term = Term::Source(self.computed(value));
        }
        if self.has(Rewrite::Conditionals) && self.random.chance(30) {
            let one = source(term, spell);
            *term = Term::Source(match self.random.below(3) {
                0 => format!("(true ? {one} : null)"),
                1 => format!("(1 > 2 ? null : {one})"),
                _ => format!("try({one}, null)"),
            });
        }
        let is_plain = matches!(term, Term::Value(_));
        if is_plain && self.has(Rewrite::Variables) && self.random.chance(60) {
            *term = Term::Source(variable(module, Some(value.clone())));
        } else if is_plain && is_root && self.has(Rewrite::Tfvars) && self.random.chance(60) {
            let name = variable(module, Some(json!("what tfvars replaces")));
            self.tfvars.insert(name.trim_start_matches("var.").to_owned(), value.clone());
            *term = Term::Source(name);
        }
        self.moved(term, module, spell);
    }

    /// An expression that gives a value.
    fn computed(&mut self, value: &Value) -> String {
        let plain = literal(value);
        match value {
            Value::String(text) if !text.is_empty() => self.text(text, &plain),
            Value::Number(_) => match self.random.below(4) {
                0 => format!("tonumber({})", quoted(&plain)),
                1 => format!("{plain} + 0"),
                2 => format!("max({plain}, {plain} - 1)"),
                _ => format!("sum([{plain}])"),
            },
            Value::Bool(flag) => match self.random.below(3) {
                0 => format!("!{}", !flag),
                1 => format!("tobool(\"{flag}\")"),
                _ => format!("alltrue([{flag}])"),
            },
            Value::Array(items) if !items.is_empty() => self.list(items, &plain),
            Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => plain,
        }
    }

    fn text(&mut self, text: &str, plain: &str) -> String {
        let middle = text.char_indices().map(|(at, _)| at).nth(text.chars().count() / 2).unwrap_or(0);
        let (first, second) = text.split_at(middle);
        let (first, second) = (quoted(first), quoted(second));
        match self.random.below(10) {
            0 => format!("join(\"\", [{first}, {second}])"),
            1 => format!("format(\"%s%s\", {first}, {second})"),
            2 => format!("\"${{{first}}}${{{second}}}\""),
            3 => format!("replace(\"x${{{plain}}}\", \"/^x/\", \"\")"),
            4 => format!("jsondecode(jsonencode({plain}))"),
            5 => format!("trimspace(\" ${{{plain}}} \")"),
            6 => format!("lookup({{ a = {plain} }}, \"a\", \"b\")"),
            7 => format!("coalesce(null, {plain})"),
            8 => format!("element([\"x\", {plain}], 1)"),
            _ => format!("[for word in [{plain}] : word][0]"),
        }
    }

    fn list(&mut self, items: &[Value], plain: &str) -> String {
        let (first, second) = items.split_at(items.len() / 2);
        let written = |items: &[Value]| literal(&Value::Array(items.to_vec()));
        match self.random.below(6) {
            0 => format!("concat({}, {})", written(first), written(second)),
            1 => format!("flatten([{}, [{}]])", written(first), written(second)),
            2 => format!("[for item in {plain} : item]"),
            3 => format!("slice({}, 0, {})", written(&[items, &[json!("beyond")]].concat()), items.len()),
            4 => format!("reverse(reverse({plain}))"),
            _ => format!("{plain}[*]"),
        }
    }
}

/// What resources refer to that is on the other side: address and attribute.
fn crossing(resources: &[Resource], is_other: impl Fn(&str) -> bool) -> BTreeSet<(String, String)> {
    fn walk(term: &Term, told: &mut dyn FnMut(&str, &str)) {
        match term {
            Term::Refers(address, attribute) => told(address, attribute),
            Term::List(items) => items.iter().for_each(|item| walk(item, told)),
            Term::Map(entries) => entries.iter().for_each(|(_, item)| walk(item, told)),
            Term::Blocks(bodies) => bodies.iter().flatten().for_each(|(_, item)| walk(item, told)),
            Term::Value(_) | Term::Source(_) | Term::Dynamic(..) => {}
        }
    }
    let mut found = BTreeSet::new();
    for (_, term) in resources.iter().flat_map(|resource| &resource.body) {
        walk(term, &mut |address, attribute| {
            if is_other(address) {
                found.insert((address.to_owned(), attribute.to_owned()));
            }
        });
    }
    found
}

fn local(module: &mut Module, source: String) -> String {
    let name = format!("l{}", module.locals.len());
    module.locals.push((name.clone(), source));
    format!("local.{name}")
}

fn variable(module: &mut Module, default: Option<Value>) -> String {
    let name = format!("v{}", module.variables.len());
    module.variables.push((name.clone(), default));
    format!("var.{name}")
}

impl Writing<'_> {
    /// The files of a module.
    fn files(&mut self, module: &Module, folder: &str, spell: Spell<'_>) -> Vec<(String, String)> {
        if self.has(Rewrite::Json) {
            return vec![(format!("{folder}main.tf.json"), tf_json(module, spell))];
        }
        if !self.has(Rewrite::Files) {
            return vec![(format!("{folder}main.tf"), hcl(module, spell))];
        }
        let mut kinds = BTreeMap::<String, Vec<Resource>>::new();
        for resource in &module.resources {
            kinds.entry(resource.kind.clone()).or_default().push(resource.clone());
        }
        let rest = Module { resources: Vec::new(), ..module.clone() };
        let mut files = vec![(format!("{folder}main.tf"), hcl(&rest, spell))];
        files.extend(kinds.into_iter().map(|(kind, resources)| {
            let own = Module { resources, ..Module::default() };
            (format!("{folder}{kind}.tf"), hcl(&own, spell))
        }));
        files
    }
}
