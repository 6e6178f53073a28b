//! One record: its envelope, its call, and the event that it comes to.

use std::borrow::Cow;

use cloud::Quoted;
use cloud::audit::{Act, Bears, Edit, Event, Heard, Outcome};
use cloud::json::{Node, Tree};
use model::{Effect, Gap, Name, Provenance};

use super::body::Body;
use super::call::{Call, Meaning, Told};
use super::container::service_of;
use super::envelope::Envelope;
use super::operation::{Does, operation};

/// Hears one record as CloudTrail spells it. Where it has a key twice with different values, JSON does not say which of
/// them counts: both readings are judged.
pub(super) fn hear_record(node: &Node<'_>, place: Provenance, heard: &mut Heard) {
    let mut gaps = Vec::new();
    let Some(key) = twice(node) else {
        heard.events.extend(event(node, place, &mut gaps));
        heard.gaps.append(&mut gaps);
        return;
    };
    let later = event(&once(node, Which::Later), place, &mut gaps);
    let earlier = event(&once(node, Which::Earlier), place, &mut gaps);
    if later.is_none() && earlier.is_none() {
        return;
    }
    let message = format!(
        "`{key}` is there twice with different values: both readings are judged, and nothing is taken away that only one of them takes away"
    );
    gaps.push(Gap::at(place, "duplicate-key", Effect::Undecided, message));
    heard.events.extend(united(earlier, later));
    heard.gaps.append(&mut gaps);
}

fn event(node: &Node<'_>, place: Provenance, gaps: &mut Vec<Gap>) -> Option<Event> {
    let record = Body::of(node);
    let (name, source) = (record.text("eventName")?, record.text("eventSource")?);
    let does = operation(service_of(source), name)?;
    let envelope = Envelope::of(record);
    let call = Call {
        name,
        service: service_of(source),
        account: envelope.account,
        region: envelope.region,
        outcome: envelope.outcome,
        request: unwrapped(record.part("requestParameters"), name, "Request"),
        response: match envelope.outcome {
            Outcome::Done => unwrapped(record.part("responseElements"), name, "Response"),
            Outcome::Begun | Outcome::Failed | Outcome::Denied => Body::default(),
        },
    };
    let mut told = Told { place, name, gaps: &mut Vec::new() };
    let Meaning { mut edited, mut bears } = meaning(does, &call, &mut told);
    // What was refused was tried, though its request does not say what it would have edited.
    if call.outcome == Outcome::Denied && bears == Bears::Nothing && !told.gaps.is_empty() {
        bears = Bears::Edits(Vec::new());
    }
    if bears == Bears::Nothing && told.gaps.is_empty() {
        return None;
    }
    // What names nothing is done to what an account has one of: its hub, its membership.
    if let (Bears::Impairs(_), true, Some(account)) = (&bears, edited.is_empty(), call.account) {
        edited = account.into();
    }
    // What was not done changed nothing, whatever it says.
    if call.outcome == Outcome::Done {
        if matches!(bears, Bears::Edits(_) | Bears::Nothing) {
            tell_cut(record, &mut told);
        }
        if envelope.id.is_none() {
            let sentence = "the record has no `eventID`: one is made of what it says, so that a second delivery of it is told only if it is the same";
            told.tell("missing-field", Effect::Undecided, sentence);
        }
        gaps.append(told.gaps);
    }
    (bears != Bears::Nothing).then(|| Event {
        id: envelope.id.map_or_else(|| digest(node), Name::from),
        at: envelope.at,
        scope: envelope.account.map(Name::from),
        actor: envelope.actor,
        operation: name.into(),
        edited,
        outcome: envelope.outcome,
        joined_by: None,
        bears,
        before: Vec::new(),
        place,
    })
}

fn meaning(does: Does, call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    match does {
        Does::Read(read) => read(call, told),
        Does::NotModelled { kind, id } => {
            Meaning::not_modelled(call.request.first_text(id).unwrap_or_default(), kind)
        }
        Does::Impairs { weakened, kind, id } => {
            fn first<'n>(id: &[&str], body: Body<'n>) -> Option<&'n str> {
                id.iter().find_map(|path| body.first_at(path))
            }
            // What is made has its id in the answer.
            let found = first(id, call.request).or_else(|| first(id, call.response)).unwrap_or_default();
            // One call may do it to several, of which the first names the event.
            let all = id.iter().map(|key| call.request.texts(key)).find(|all| !all.is_empty());
            let others: Vec<String> =
                all.into_iter().flatten().skip(1).map(|other| Quoted(other).to_string()).collect();
            let note = if others.is_empty() { String::new() } else { format!("and {}", others.join(", ")) };
            Meaning::impairs(found, weakened, kind, note)
        }
    }
}

/// Tells of bodies that CloudTrail cut (a record has at most 256 KiB), that their service hides, or that are texts of
/// something else.
fn tell_cut(record: Body<'_>, told: &mut Told<'_>) {
    for key in ["requestParameters", "responseElements"] {
        let body = record.part(key);
        let sentence = if body.flag("omitted") == Some(true) {
            let reason = body.text("reason").unwrap_or("it was too large");
            format!("`{key}` was left out of the event ({reason})")
        } else if record.own(key).is_some_and(is_hidden) {
            format!("a value of `{key}` is hidden by its service")
        } else if matches!(record.own(key), Some(Tree::Text(_) | Tree::List(_) | Tree::Flag(_))) {
            format!("`{key}` is {}, expected an object", record.json(key))
        } else {
            continue;
        };
        let sentence = format!("{sentence}: what it did is not known whole; an export of now has it");
        told.tell("cut-body", Effect::Undecided, &sentence);
    }
    if let Some(reason) = record.part("additionalEventData").text("truncationReason") {
        let sentence = format!("the event was truncated ({reason}): what it did is not known whole");
        told.tell("cut-body", Effect::Undecided, &sentence);
    }
}

/// Whether a value, or one inside it, is what services write in place of what nobody is to see.
fn is_hidden(value: &Tree<'_>) -> bool {
    match value {
        Tree::Text(text) => &**text == "HIDDEN_DUE_TO_SECURITY_REASONS",
        Tree::List(items) => items.iter().any(is_hidden),
        // A password is hidden in many a request whose other values are all there.
        Tree::Object(node) => node.entries().iter().any(|(key, value)| {
            let lower = key.to_ascii_lowercase();
            !["password", "token", "secret", "userdata"].iter().any(|own| lower.contains(own))
                && is_hidden(value)
        }),
        Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => false,
    }
}

/// What stands inside `<name>Request`, where a body is wrapped.
fn unwrapped<'n>(body: Body<'n>, name: &str, what: &str) -> Body<'n> {
    let inner = body.part(&format!("{name}{what}"));
    if inner.is_empty() { body } else { inner }
}

/// What two readings of one record come to together. Of one call the edits of both are made, but for those that take away
/// what the other leaves; different calls are different events.
fn united(earlier: Option<Event>, later: Option<Event>) -> Vec<Event> {
    let (earlier, later) = match (earlier, later) {
        (Some(earlier), Some(later)) if earlier != later => (earlier, later),
        (one, other) => return other.or(one).into_iter().collect(),
    };
    let is_one_call = earlier.operation == later.operation && earlier.outcome == later.outcome;
    match (&earlier.bears, &later.bears) {
        (Bears::Edits(before), Bears::Edits(after)) if is_one_call => {
            let is_kept = |edit: &&Edit, other: &[Edit]| {
                !matches!(edit.act, Act::Remove { .. } | Act::Drop) || other.contains(edit)
            };
            let before = before.iter().filter(|edit| is_kept(edit, after) && !after.contains(edit));
            let edits = before.chain(after.iter().filter(|edit| is_kept(edit, before_of(&earlier))));
            let edits = edits.cloned().collect();
            vec![Event { bears: Bears::Edits(edits), ..later }]
        }
        _ => vec![earlier, later],
    }
}

fn before_of(event: &Event) -> &[Edit] {
    match &event.bears {
        Bears::Edits(edits) => edits,
        Bears::Impairs(_) | Bears::Announces(_) | Bears::NotModelled { .. } | Bears::Nothing => &[],
    }
}

/// A key that an object has twice with different values, at any depth. Letter case tells keys apart here: a wrapped list of
/// tags has `tag`, its number, and `Tag`.
fn twice<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    fn in_tree<'n>(tree: &'n Tree<'_>) -> Option<&'n str> {
        match tree {
            Tree::Object(node) => twice(node),
            Tree::List(items) => items.iter().find_map(in_tree),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => None,
        }
    }
    let entries = node.entries();
    let is_other = |(own, other): &(_, _), key: &str, value: &Tree<'_>| *own == key && other != value;
    let again = entries.iter().enumerate().find(|(position, (key, value))| {
        let before = entries.get(..*position).unwrap_or_default();
        before.iter().any(|entry| is_other(entry, key, value))
    });
    again.map(|(_, (key, _))| &**key).or_else(|| entries.iter().find_map(|(_, value)| in_tree(value)))
}

/// Which of the values of a key counts. Complete.
#[derive(Clone, Copy)]
enum Which {
    Earlier,
    Later,
}

/// The same with each key once.
fn once<'n>(node: &Node<'n>, which: Which) -> Node<'n> {
    let mut entries: Vec<(Cow<'n, str>, Tree<'n>)> = Vec::new();
    for (key, value) in node.entries() {
        let value = once_in(value, which);
        let known = entries.iter_mut().find(|(known, _)| known == key);
        match (known, which) {
            (None, _) => entries.push((key.clone(), value)),
            (Some(_), Which::Earlier) => {}
            (Some((_, known)), Which::Later) => *known = value,
        }
    }
    Node::new(entries, node.at)
}

fn once_in<'n>(tree: &Tree<'n>, which: Which) -> Tree<'n> {
    match tree {
        Tree::Object(node) => Tree::Object(once(node, which)),
        Tree::List(items) => Tree::List(items.iter().map(|item| once_in(item, which)).collect()),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => tree.clone(),
    }
}

/// An id made of all that a record says: FNV-1a, which is the same everywhere and every time.
fn digest(node: &Node<'_>) -> Name {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    digest_in(&Tree::Object(node.clone()), &mut add);
    format!("made-{hash:016x}").into()
}

fn digest_in(tree: &Tree<'_>, add: &mut dyn FnMut(&[u8])) {
    match tree {
        Tree::Null => add(b"n"),
        Tree::Flag(flag) => add(if *flag { b"t" } else { b"f" }),
        Tree::Text(text) => add(text.as_bytes()),
        Tree::List(items) => {
            add(b"[");
            items.iter().for_each(|item| digest_in(item, add));
            add(b"]");
        }
        Tree::Object(node) => {
            add(b"{");
            for (key, value) in node.entries() {
                add(key.as_bytes());
                digest_in(value, add);
            }
            add(b"}");
        }
        // No record has one.
        Tree::Unknown(_) => add(b"u"),
    }
}
