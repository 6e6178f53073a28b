//! What `reference` tells of what is declared: its properties as they are written; what is told at creation is not known.

use std::borrow::Cow;
use std::rc::Rc;

use cloud::json::Cause;

use super::super::value::{Object, Value};
use super::Run;
use super::frame::Frame;
use super::identity::key_of;
use super::instance::{Instance, Standing};
use super::nested::{DEPLOYMENTS, ROOT_OF_PATHS};
use super::view::View;

/// The properties of a resource, or all of it.
pub(super) fn reference<'a>(view: &View<'_, 'a>, target: &Value<'a>, is_full: bool) -> Value<'a> {
    let text = target.spelled().unwrap_or_default().into_owned();
    match find(view, &text) {
        Some(instance) => shown(view, &instance, is_full),
        None => part(view, &text, is_full)
            .unwrap_or_else(|| Value::unknown(Cause::Existing, format!("reference('{text}')"))),
    }
}

/// A part of what is declared: a subnet that its network lists.
fn part<'a>(view: &View<'_, 'a>, id: &str, is_full: bool) -> Option<Value<'a>> {
    let (rest, name) = id.trim_end_matches('/').rsplit_once('/')?;
    let (owner, list) = rest.rsplit_once('/')?;
    let owner = find(view, owner).filter(|_| owner.starts_with('/'))?;
    let properties = shown(view, &owner, false);
    let is_it = |part: &&Value<'a>| {
        part.own("name").and_then(Value::spelled).is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let found = properties.own(list)?.as_list()?.iter().find(is_it)?;
    match is_full {
        true => Some(found.clone()),
        false => found.own("properties").cloned(),
    }
}

/// The same of all turns of a loop.
pub(super) fn references<'a>(view: &View<'_, 'a>, symbol: &Value<'a>, is_full: bool) -> Value<'a> {
    let text = symbol.spelled().unwrap_or_default().into_owned();
    let unknown = || Value::unknown(Cause::Existing, format!("references('{text}')"));
    let instances = view.run.instances(view.frame);
    let turns: Vec<&Rc<Instance<'a>>> = of_symbol(&instances, &text).collect();
    if turns.is_empty() || turns.iter().any(|turn| !matches!(turn.standing, Standing::Certain)) {
        return unknown();
    }
    Value::list(turns.into_iter().map(|turn| shown(view, turn, is_full)).collect())
}

/// Who a resource is.
pub(super) fn resource_info<'a>(view: &View<'_, 'a>, symbol: &str) -> Value<'a> {
    let instances = view.run.instances(view.frame);
    let Some(instance) = turn_of(&instances, symbol) else {
        return Value::unknown(Cause::Wrong, format!("resourceInfo('{symbol}')"));
    };
    let own = |key: &str| instance.declared.own(key).cloned().unwrap_or(Value::Null);
    let entries = vec![
        ("id".into(), Value::text(instance.id.clone())),
        ("name".into(), Value::text(instance.name.clone())),
        ("type".into(), Value::text(instance.kind.clone())),
        ("apiVersion".into(), own("apiVersion")),
    ];
    Value::object(entries, instance.declared.at)
}

/// What `deployment` tells.
pub(super) fn deployment<'a>(run: &Run<'_, 'a>, frame: &Frame<'a>) -> Value<'a> {
    let path = run.sources.get(frame.source).map_or("", |source| source.path);
    let link = vec![("uri".into(), Value::text(format!("{ROOT_OF_PATHS}{path}")))];
    let link = Value::open_object(link, None, Cause::Existing);
    let own = |key: &str| frame.template.own(key).cloned().unwrap_or(Value::Null);
    let template = vec![("$schema".into(), own("$schema")), ("contentVersion".into(), own("contentVersion"))];
    let template = Value::open_object(template, frame.template.at, Cause::Unsupported);
    let properties = vec![("templateLink".into(), link), ("template".into(), template)];
    let name = match &frame.name {
        Some(name) => Value::text(name.clone()),
        None => Value::opaque(Cause::Unset, "deployment"),
    };
    let properties = Value::open_object(properties, None, Cause::Unset);
    let location = frame.place.location.clone();
    let entries =
        vec![("name".into(), name), ("location".into(), location), ("properties".into(), properties)];
    Value::open_object(entries, None, Cause::Unset)
}

/// What is declared by a symbol, an id, or a name.
fn find<'a>(view: &View<'_, 'a>, text: &str) -> Option<Rc<Instance<'a>>> {
    let run = view.run;
    let instances = run.instances(view.frame);
    if let Some(turn) = turn_of(&instances, text) {
        return Some(Rc::clone(turn));
    }
    let key = key_of(text);
    if !key.starts_with('/') {
        let named = instances.iter().filter(|instance| instance.name.eq_ignore_ascii_case(text));
        let mut declared = named.filter(|instance| instance.is_declared());
        return declared.next().filter(|_| declared.next().is_none()).map(Rc::clone);
    }
    let known = || run.declared.borrow().get(&key).map(Rc::clone);
    let here = instances.iter().rfind(|instance| instance.key == key && instance.is_declared());
    here.map(Rc::clone).or_else(known).or_else(|| {
        // It may be declared in a deployment that nobody has asked for yet.
        run.expand_rest().then(known).flatten()
    })
}

fn of_symbol<'v, 'a>(
    instances: &'v [Rc<Instance<'a>>],
    symbol: &'v str,
) -> impl Iterator<Item = &'v Rc<Instance<'a>>> {
    let is_it = move |instance: &&Rc<Instance<'a>>| {
        instance.symbol.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(symbol))
    };
    instances.iter().filter(is_it)
}

/// What a symbol stands for: `nic`, or the turn of a loop, `nics[0]`.
fn turn_of<'v, 'a>(instances: &'v [Rc<Instance<'a>>], symbol: &'v str) -> Option<&'v Rc<Instance<'a>>> {
    if let Some((symbol, index)) = symbol.strip_suffix(']').and_then(|symbol| symbol.split_once('[')) {
        return of_symbol(instances, symbol).nth(index.parse().ok()?);
    }
    of_symbol(instances, symbol).next()
}

fn shown<'a>(view: &View<'_, 'a>, instance: &Rc<Instance<'a>>, is_full: bool) -> Value<'a> {
    let run = view.run;
    let unknown = |cause: Cause| Value::unknown(cause, format!("reference('{}')", instance.name));
    match &instance.standing {
        Standing::Dropped | Standing::Existing => return unknown(Cause::Existing),
        // It may be of another that is there already.
        Standing::Perhaps(doubt) if !view.frame.doubt.as_ref().is_some_and(|own| own.is_same(doubt)) => {
            return unknown(doubt.cause);
        }
        Standing::Certain | Standing::Perhaps(_) => {}
    }
    if instance.is_kind(DEPLOYMENTS) {
        let nested = run.nested(instance).and_then(|nested| run.frame(nested));
        let Some(nested) = nested else { return unknown(Cause::Existing) };
        let outputs = vec![("outputs".into(), nested.outputs(run))];
        let properties = Value::open_object(outputs, None, Cause::Computed);
        return match is_full {
            true => Value::open_object(vec![("properties".into(), properties)], None, Cause::Computed),
            false => properties,
        };
    }
    let Value::Object(body) = instance.body(run) else { return unknown(Cause::Computed) };
    let properties = match body.own("properties") {
        Some(properties) => opened(properties, &instance.id),
        None => Value::open_object(Vec::new(), body.at, Cause::Computed),
    };
    if !is_full {
        return properties;
    }
    let entries = body.entries().iter().map(|(key, value)| match key.eq_ignore_ascii_case("properties") {
        true => (key.clone(), properties.clone()),
        false => (key.clone(), opened(value, &instance.id)),
    });
    let who = [
        ("id".into(), Value::text(instance.id.clone())),
        ("resourceId".into(), Value::text(instance.id.clone())),
        ("name".into(), Value::text(instance.name.clone())),
        ("type".into(), Value::text(instance.kind.clone())),
    ];
    Value::open_object(entries.chain(who).collect(), body.at, Cause::Computed)
}

/// A value as it is told of what exists: objects have keys that nobody wrote, and parts of resources have ids.
fn opened<'a>(value: &Value<'a>, owner: &str) -> Value<'a> {
    let Value::Object(object) = value else { return value.clone() };
    let entry = |(key, value): &(Cow<'a, str>, Value<'a>)| {
        let value = match value.as_list() {
            Some(parts) => Value::list(parts.iter().map(|part| part_of(part, owner, key)).collect()),
            None => opened(value, owner),
        };
        (key.clone(), value)
    };
    Value::open_object(object.entries().iter().map(entry).collect(), object.at, Cause::Computed)
}

/// An item of a list of an object: with a name it is a part of the resource, and has an id.
fn part_of<'a>(part: &Value<'a>, owner: &str, list: &str) -> Value<'a> {
    let name = part.own("name").and_then(Value::spelled);
    let (Some(object), Some(name)) = (part.as_object(), name) else { return opened(part, owner) };
    let id = format!("{owner}/{list}/{name}");
    let entries = object.entries().iter().map(|(key, value)| (key.clone(), opened(value, &id)));
    let mut entries: Vec<(Cow<'a, str>, Value<'a>)> = entries.collect();
    if !has(object, "id") {
        entries.push(("id".into(), Value::text(id)));
    }
    Value::open_object(entries, object.at, Cause::Computed)
}

fn has(object: &Object<'_>, key: &str) -> bool {
    object.own(key).is_some()
}
