//! Hearing one record: what kind of method it is, what that edits, what it does to those who watch.

use cloud::Quoted;
use cloud::audit::{Bears, Event, Heard, Outcome};
use cloud::json::{Cause, Node, Tree};
use model::{Effect, Gap, Provenance};

use super::body::spelled;
use super::call::{Call, Told, target_path};
use super::edits::firewall;
use super::elsewhere::{self, Other};
use super::envelope::{Envelope, Phase, TYPES, is_bare, made, twice};
use super::impairments::{self, Seen, Watcher};
use super::method::Method;
use super::operation::{self, Collection, Does, Found};
use super::part::{object, part, text};

/// Why the effect of an entry without its request is not known.
pub(super) const UNSAID: &str = "operation whose request is not in the log";

/// What a record is about.
struct About {
    found: Found,
    watcher: Option<&'static Watcher>,
    other: Option<&'static Other>,
}

impl About {
    fn of(method: &Method) -> Option<Self> {
        let (watcher, other) = (impairments::find(method), elsewhere::find(method));
        let found = operation::find(method);
        let is_nothing = matches!(found, Found::Nothing) && watcher.is_none() && other.is_none();
        (!is_nothing).then_some(Self { found, watcher, other })
    }
}

/// Whether a method bears on anything: asked of every record, by its name alone.
pub(super) fn bears_on_something(name: &str) -> bool {
    About::of(&Method::of(name)).is_some()
}

/// Hears a record: an entry and its payload.
pub(super) fn hear(entry: &Node<'_>, payload: &Node<'_>, place: Provenance, heard: &mut Heard) {
    let Some(method) = text(payload, "methodName").map(Method::of) else { return };
    let Some(about) = About::of(&method) else { return };
    let asked = object(payload, "request").unwrap_or_default();
    let answered = object(payload, "response").filter(|answer| !answer.entries().is_empty());
    let envelope = Envelope::of(entry, payload, &asked, answered.as_ref());
    let record = Record { entry, payload, asked, answered, envelope, method, place };
    record.tell_damage(heard);
    record.hear(&about, heard);
}

struct Record<'r, 'a> {
    entry: &'r Node<'a>,
    payload: &'r Node<'a>,
    asked: Node<'a>,
    answered: Option<Node<'a>>,
    envelope: Envelope,
    method: Method,
    place: Provenance,
}

impl Record<'_, '_> {
    fn gap(&self, code: &'static str, effect: Effect, sentence: &str, heard: &mut Heard) {
        let message = format!("{}: {sentence}", Quoted(&self.envelope.method));
        heard.gaps.push(Gap::at(self.place, code, effect, message));
    }

    /// What makes an entry say less, or more, than one thing.
    fn tell_damage(&self, heard: &mut Heard) {
        if let Some(key) = twice(&[self.entry, self.payload, &self.asked]) {
            let sentence = format!("`{key}` stands twice with different values: the later is taken");
            self.gap("duplicate-key", Effect::Undecided, &sentence, heard);
        }
        // An entry that is too large is split, and each piece has some of the payload.
        let pieces = part(self.entry, "split").and_then(|split| text(split, "totalSplits"));
        if pieces.is_some_and(|pieces| pieces != "1") {
            self.gap(
                "split-entry",
                Effect::Undecided,
                "the entry is a piece of one: its request may be cut",
                heard,
            );
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.envelope.outcome, Outcome::Done | Outcome::Begun)
    }

    fn hear(&self, about: &About, heard: &mut Heard) {
        // Some services log the request with the last entry too: it says all that the first does.
        if self.envelope.phase == Phase::Later && is_bare(&self.asked) {
            let event = self.event(Bears::Nothing, "", &self.path(about));
            heard.events.push(event);
            return;
        }
        let request = spelled(&self.asked);
        match about.found {
            Found::Known(collection, does) => self.edits(collection, does, &request, heard),
            Found::Unheard(collection) if self.is_done() => {
                let sentence = format!(
                    "a method of a {} that is not known: what it changed is not in the answer; add an export of today",
                    collection.kind
                );
                self.gap("unknown-operation", Effect::Undecided, &sentence, heard);
                heard.events.push(self.event(
                    Bears::NotModelled { kind: collection.kind.into() },
                    "",
                    &self.path(about),
                ));
            }
            Found::Unheard(_) | Found::Nothing => {}
        }
        let seen =
            Seen { request: &request, payload: &self.payload.to_owned_node(), path: &self.envelope.resource };
        if let Some(impairment) = about.watcher.and_then(|watcher| watcher.judge(&seen)) {
            let suffix = if matches!(about.found, Found::Nothing) { "" } else { "#log" };
            heard.events.push(self.event(Bears::Impairs(impairment), suffix, &self.path(about)));
        }
        if let Some(other) = about.other.filter(|other| !other.is_closed(&request)) {
            heard.events.push(self.event(
                Bears::NotModelled { kind: other.kind.into() },
                "",
                &self.envelope.resource,
            ));
        }
    }

    fn edits(&self, collection: &'static Collection, does: Does, request: &Node<'static>, heard: &mut Heard) {
        let call = self.call(collection, request);
        let mut gaps = Vec::new();
        let mut told = Told { place: self.place, method: &self.envelope.method, gaps: &mut gaps };
        let is_made =
            ["insert", "create", "update", "addrule"].iter().any(|start| self.method.verb.starts_with(start));
        let edits = match does {
            Does::Said(_) if is_made && is_bare(&self.asked) => {
                told.missing("request", "what it changed is not known");
                Vec::new()
            }
            Does::Said(edits) | Does::Named(edits) => edits(&call, &mut told),
        };
        let is_unsaid = !gaps.is_empty();
        // What failed changed nothing: what its entry lacks is no loss.
        if self.is_done() {
            heard.gaps.extend(gaps);
        }
        // Who is in a group is a list beside it.
        let own = edits.first().map(|edit| &*edit.id).filter(|id| !id.contains("/list"));
        let edited = own.unwrap_or(&call.path).to_owned();
        let bears = match (edits.is_empty(), is_unsaid) {
            (false, _) => Bears::Edits(edits),
            (true, true) => Bears::NotModelled { kind: UNSAID.into() },
            // It moves no packet: a description, a log.
            (true, false) => return,
        };
        let before = firewall::before(&call).into_iter().collect();
        heard.events.push(Event { before, ..self.event(bears, "", &edited) });
    }

    fn call(&self, collection: &'static Collection, request: &Node<'static>) -> Call {
        let original = object(self.payload, "resourceOriginalState").map(|node| spelled(&node));
        let original = original.filter(|node| !node.entries().is_empty());
        let labels = object(self.entry, "resource").and_then(|resource| object(&resource, "labels"));
        let number = labels
            .filter(|_| collection.kind == "instance")
            .and_then(|labels| text(&labels, "instance_id").map(str::to_owned));
        Call {
            collection,
            path: path(collection, &self.method, &self.envelope, self.answered.as_ref()),
            scope: self.envelope.scope.clone(),
            at: self.envelope.at,
            request: unstarred(request.clone()),
            message: TYPES.iter().find_map(|key| text(&self.asked, key)).unwrap_or_default().to_owned(),
            original,
            response: self.answered.as_ref().map(Node::to_owned_node),
            number,
        }
    }

    fn path(&self, about: &About) -> String {
        match about.found {
            Found::Known(collection, _) | Found::Unheard(collection) => {
                path(collection, &self.method, &self.envelope, self.answered.as_ref())
            }
            Found::Nothing => self.envelope.resource.clone(),
        }
    }

    fn event(&self, bears: Bears, suffix: &str, edited: &str) -> Event {
        let Envelope { id, at, scope, actor, method, outcome, joined_by, .. } = self.envelope.clone();
        Event {
            id: if suffix.is_empty() { id } else { format!("{id}{suffix}").into() },
            at,
            scope,
            actor,
            operation: method,
            edited: edited.into(),
            outcome,
            joined_by,
            bears,
            before: Vec::new(),
            place: self.place,
        }
    }
}

/// The path of what is edited. Some entries have the name alone, and the answer of Compute Engine has the rest.
fn path(
    collection: &Collection,
    method: &Method,
    envelope: &Envelope,
    answered: Option<&Node<'_>>,
) -> String {
    let own = &envelope.resource;
    if method.of == HIERARCHICAL {
        let numbers = [own.rsplit('/').next().map(str::to_owned), made(answered, "targetId")];
        let number = numbers.into_iter().flatten().find(|number| crate::resource::is_number(number));
        return match number {
            Some(number) => format!("{}{number}", crate::resource::HIERARCHY),
            None => own.clone(),
        };
    }
    let is_whole = crate::resource::Link::of(own).is_whole() && own.split('/').count() > 2;
    if is_whole || !collection.word.starts_with("compute#") {
        return own.clone();
    }
    target_path(answered, envelope.scope.as_deref()).unwrap_or_else(|| own.clone())
}

const HIERARCHICAL: &str = "compute.firewallpolicies";

/// A request in which what somebody has blotted out is not known: `REDACTED`, stars.
fn unstarred(mut node: Node<'static>) -> Node<'static> {
    let keys: Vec<String> = node.keys().map(str::to_owned).collect();
    for key in keys {
        node.edit(&key, blot);
    }
    node
}

fn blot(tree: &mut Tree<'static>) {
    match tree {
        Tree::Text(text) if is_blotted(text) => *tree = Tree::unknown(Cause::Existing, text.to_string()),
        Tree::List(items) => items.iter_mut().for_each(blot),
        Tree::Object(node) => *node = unstarred(core::mem::take(node)),
        Tree::Text(_) | Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => {}
    }
}

fn is_blotted(text: &str) -> bool {
    let is_stars = text.len() > 2 && text.bytes().all(|byte| byte == b'*');
    is_stars || text.eq_ignore_ascii_case("[REDACTED]") || text.eq_ignore_ascii_case("REDACTED")
}
