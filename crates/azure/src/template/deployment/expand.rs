//! From what a template writes to what it declares: loops, conditions, and resources that stand inside of others.
//!
//! Evaluates names, counts and conditions, nothing else of a resource.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use cloud::json::Cause;

use super::super::value::{Object, Value};
use super::Run;
use super::frame::Frame;
use super::identity::{id_in, id_of, key_of, named};
use super::instance::{Doubt, Instance, Standing};
use super::loops::{Loops, Turns, within};
use super::view::View;

impl<'a> Run<'_, 'a> {
    /// What a deployment declares; nothing while that is being found out.
    pub(super) fn instances(&self, frame: &Rc<Frame<'a>>) -> Rc<Vec<Rc<Instance<'a>>>> {
        if let Some(known) = frame.instances.get() {
            return Rc::clone(known);
        }
        if frame.is_expanding.replace(true) {
            return Rc::default();
        }
        let mut expansion = Expansion { run: self, frame, instances: Vec::new() };
        let resources = frame.template.own("resources").unwrap_or(&Value::Null);
        expansion.list(resources, None);
        let instances: Vec<_> = expansion.instances.into_iter().map(Rc::new).collect();
        for instance in instances.iter().filter(|instance| instance.is_declared()) {
            self.declared.borrow_mut().insert(instance.key.clone(), Rc::clone(instance));
        }
        frame.is_expanding.set(false);
        Rc::clone(frame.instances.get_or_init(|| Rc::new(instances)))
    }

    /// Expands all deployments; each in the order in which they are written.
    pub(super) fn expand_all(&self) -> Vec<Rc<Instance<'a>>> {
        let mut all = Vec::new();
        if let Some(root) = self.frame(0) {
            self.expand(&root, &mut all);
        }
        all
    }

    /// Expands what is not expanded yet; `false` where nothing was left.
    pub(super) fn expand_rest(&self) -> bool {
        if self.is_expanded.get() {
            return false;
        }
        self.expand_all();
        let is_busy = self.frames.borrow().iter().any(|frame| frame.is_expanding.get());
        self.is_expanded.set(!is_busy);
        true
    }

    fn expand(&self, frame: &Rc<Frame<'a>>, all: &mut Vec<Rc<Instance<'a>>>) {
        for instance in self.instances(frame).iter() {
            all.push(Rc::clone(instance));
            if let Some(nested) = self.nested(instance).and_then(|nested| self.frame(nested)) {
                self.expand(&nested, all);
            }
        }
    }
}

/// The expansion of one deployment.
struct Expansion<'r, 's, 'a> {
    run: &'r Run<'s, 'a>,
    frame: &'r Rc<Frame<'a>>,
    instances: Vec<Instance<'a>>,
}

/// What a resource stands inside of.
struct Parent<'a> {
    kind: String,
    name: String,
    loops: Loops,
    at: Option<&'a str>,
}

impl<'a> Expansion<'_, '_, 'a> {
    /// Resources as a list, or by what the template calls them.
    fn list(&mut self, resources: &Value<'a>, parent: Option<&Parent<'a>>) {
        match resources {
            Value::List(items) => {
                for item in items.iter() {
                    self.resource(item, None, parent);
                }
            }
            Value::Object(symbols) => {
                for (symbol, item) in symbols.entries() {
                    self.resource(item, Some(symbol), parent);
                }
            }
            Value::Null => {}
            _ => self.tell_unread("`resources`", parent.and_then(|parent| parent.at)),
        }
    }

    fn tell_unread(&self, what: &str, at: Option<&'a str>) {
        let message = format!("{what} cannot be read: what it declares is not in the answer");
        self.run.tell(at.or(self.frame.template.at), "unexpected-type", model::Effect::Narrowed, message);
    }

    fn resource(&mut self, item: &Value<'a>, symbol: Option<&str>, parent: Option<&Parent<'a>>) {
        let Value::Object(declared) = item else {
            return self.tell_unread("an item of `resources`", parent.and_then(|parent| parent.at));
        };
        let loops = parent.map(|parent| parent.loops.clone()).unwrap_or_default();
        let copy = match declared.own("copy") {
            Some(Value::Object(copy)) => copy,
            None | Some(Value::Null) => return self.turn(declared, symbol, parent, (loops, None)),
            Some(_) => {
                let count = Value::unknown(Cause::Wrong, "copy");
                let doubt = Doubt::of(&count, "copy", declared.at);
                return self.turn(declared, symbol, parent, (within(&loops, "", None), doubt));
            }
        };
        let (name, turns) = {
            let view = View::of(self.run, self.frame, loops.clone());
            let name = copy.own("name").map(|name| view.value(name));
            (name.as_ref().and_then(named).unwrap_or_default(), view.turns(copy))
        };
        match turns {
            Turns::Known(count) => {
                for index in 0..count {
                    if self.instances.len() >= INSTANCES_MAX || !self.run.has_room() || !self.run.step() {
                        self.tell_too_many(declared);
                        return;
                    }
                    self.turn(declared, symbol, parent, (within(&loops, &name, Some(index)), None));
                }
            }
            Turns::Unknown(count) => {
                let doubt = Doubt::of(&count, "count", copy.at.or(declared.at));
                self.turn(declared, symbol, parent, (within(&loops, &name, None), doubt));
            }
        }
    }

    fn turn(
        &mut self,
        declared: &Rc<Object<'a>>,
        symbol: Option<&str>,
        parent: Option<&Parent<'a>>,
        (loops, doubt): (Loops, Option<Doubt<'a>>),
    ) {
        let view = View::of(self.run, self.frame, loops.clone());
        let text = |key: &str| declared.own(key).map(|written| view.value(written));
        let standing = self.standing(declared, &view, doubt);
        let kind = text("type").as_ref().and_then(named).unwrap_or_default();
        let (name, is_named) = name_of(declared, &view);
        let (kind, name) = match parent {
            Some(parent) => joined(parent, &kind, &name),
            None => (kind, name),
        };
        let name = if is_named { name } else { self.run.distinct(name) };
        let id = match text("scope").as_ref().and_then(named) {
            Some(scope) if scope.starts_with('/') => id_in(&scope, &kind, &name),
            Some(scope) if !scope.is_empty() => match relative(&scope) {
                Some((of, called)) => id_in(&id_of(&self.frame.place, &of, &called), &kind, &name),
                None => id_of(&self.frame.place, &kind, &name),
            },
            Some(_) | None => id_of(&self.frame.place, &kind, &name),
        };
        let inside = Parent { kind: kind.clone(), name: name.clone(), loops: loops.clone(), at: declared.at };
        self.run.count.set(self.run.count.get() + 1);
        self.instances.push(Instance {
            frame: self.frame.number,
            declared: Rc::clone(declared),
            loops,
            kind,
            name,
            key: key_of(&id),
            id,
            is_owned: is_named || parent.is_some(),
            symbol: symbol.map(str::to_owned),
            standing,
            nested: OnceCell::new(),
            body: RefCell::default(),
        });
        // A condition says nothing of what stands inside: "Conditional deployment doesn't cascade to child resources."
        if let Some(resources) = declared.own("resources") {
            self.list(resources, Some(&inside));
        }
    }

    fn standing(&self, declared: &Object<'a>, view: &View<'_, 'a>, doubt: Option<Doubt<'a>>) -> Standing<'a> {
        if declared.own("existing").is_some_and(|existing| view.value(existing) == Value::Flag(true)) {
            return Standing::Existing;
        }
        let condition = declared.own("condition").map(|condition| view.value(condition));
        let holds = condition.as_ref().map(|condition| match condition {
            Value::Flag(flag) => Some(*flag),
            Value::Text(word) if word.eq_ignore_ascii_case("true") => Some(true),
            Value::Text(word) if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        });
        if holds == Some(Some(false)) {
            return Standing::Dropped;
        }
        let unknown = condition.filter(|_| holds == Some(None)).and_then(|condition| {
            let wrong = || Doubt::of(&Value::unknown(Cause::Wrong, "condition"), "condition", declared.at);
            Doubt::of(&condition, "condition", declared.at).or_else(wrong)
        });
        match unknown.or(doubt).or_else(|| self.frame.doubt.clone()) {
            Some(doubt) => Standing::Perhaps(doubt),
            None => Standing::Certain,
        }
    }

    fn tell_too_many(&self, declared: &Object<'a>) {
        let message =
            "more resources than any deployment may have are made by loops: the others are not read"
                .to_owned();
        self.run.tell(declared.at, "too-large", model::Effect::Narrowed, message);
    }
}

/// What a resource is called, and whether that is known. Names that are not known are told apart by what is written.
fn name_of<'a>(declared: &Object<'a>, view: &View<'_, 'a>) -> (String, bool) {
    let Some(written) = declared.own("name") else { return (String::new(), true) };
    match (view.naming().value(written), written) {
        (Value::Unknown(_), Value::Text(text)) => {
            let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
            let told: String = inner.chars().take(CHARACTERS_TOLD_MAX).collect();
            (format!("{{{}}}", told.replace('/', ":")), false)
        }
        (Value::Unknown(unknown), _) => (named(&Value::Unknown(unknown)).unwrap_or_default(), false),
        (value, _) => (named(&value).unwrap_or_default(), true),
    }
}

/// Type and name of what stands inside of another: relative to it, or whole.
fn joined(parent: &Parent<'_>, kind: &str, name: &str) -> (String, String) {
    let is_whole = kind.split('/').next().is_some_and(|first| first.contains('.')) && kind.contains('/');
    let kind = if is_whole { kind.to_owned() } else { format!("{}/{kind}", parent.kind) };
    let segments = |text: &str| text.split('/').count();
    // A whole name has a part for each part of the type behind the provider.
    let has_whole_name = segments(name) + 1 >= segments(&kind);
    let of_parent =
        kind.get(..parent.kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(&parent.kind));
    let name = if has_whole_name || !of_parent { name.to_owned() } else { format!("{}/{name}", parent.name) };
    (kind, name)
}

/// A scope that is written as `Microsoft.Storage/storageAccounts/one`: type and name.
fn relative(scope: &str) -> Option<(String, String)> {
    let mut segments = scope.split('/');
    let mut kind = segments.next().filter(|provider| provider.contains('.'))?.to_owned();
    let mut names = Vec::new();
    while let (Some(of), Some(name)) = (segments.next(), segments.next()) {
        kind.push('/');
        kind.push_str(of);
        names.push(name);
    }
    (!names.is_empty()).then(|| (kind, names.join("/")))
}

/// Azure takes 800 in one template; a bound against bombs.
const INSTANCES_MAX: usize = 10_000;
/// Of an expression in place of a name.
const CHARACTERS_TOLD_MAX: usize = 120;
