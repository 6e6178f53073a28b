//! Who a resource is, whichever way its document names it.

use cloud::json::Json;
use cloud::{Quoted, ReadAt};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::wire::{Element, Fields, List, Object, Reference, Seen, Text};

use super::id::{name_of, subscription_of};

/// Who a resource is and where it was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    /// What it is compared by: its id in lower case; else its group and name; else its name.
    pub(crate) key: Name,
    /// Its id in the spelling of its document.
    pub(crate) id: Name,
    pub(crate) name: Name,
    /// Its subscription.
    pub(crate) scope: Option<Name>,
    /// Whether the document gives its id; without it two resources may have one key.
    pub(crate) named_by_id: bool,
    pub(crate) read_at: ReadAt,
}

impl Identity {
    /// The identity of a resource of a document; `what` is its name when it has none.
    pub(crate) fn read<'a>(element: &Element<'a>, what: &str, intake: &mut Intake<'_, 'a>) -> Self {
        let read_at = ReadAt(intake.place(element.at));
        let group = element.resource_group.get();
        Self::from_parts(element.id.get(), element.name.get(), group, what, read_at, intake)
    }

    /// The identity of a part of a resource, whose id may have to be made from that of its owner.
    pub(crate) fn part<'a>(
        (id, name): (&Text<'a>, &Text<'a>),
        (owner, kind): (&Self, &str),
        at: Option<&'a str>,
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let read_at = ReadAt(intake.place(at));
        let made = name.get().map(|name| format!("{}/{kind}/{name}", owner.id));
        Self::from_parts(id.get().or(made.as_deref()), name.get(), None, kind, read_at, intake)
    }

    /// The identity of a resource known only by its id.
    pub(crate) fn of_id(id: &str, read_at: ReadAt, intake: &mut Intake<'_, '_>) -> Self {
        Self::from_parts(Some(id), None, None, "", read_at, intake)
    }

    pub(super) fn from_parts(
        id: Option<&str>,
        name: Option<&str>,
        resource_group: Option<&str>,
        what: &str,
        read_at: ReadAt,
        intake: &mut Intake<'_, '_>,
    ) -> Self {
        let name = name.or_else(|| id.map(name_of)).unwrap_or(what);
        let shown = match (id, resource_group) {
            (Some(id), _) => id.to_owned(),
            (None, Some(group)) => format!("{group}/{name}"),
            (None, None) => name.to_owned(),
        };
        Self {
            key: intake.pool.key(&shown),
            id: intake.name(&shown),
            name: intake.name(name),
            scope: subscription_of(&shown).map(|subscription| intake.name(subscription)),
            named_by_id: id.is_some(),
            read_at,
        }
    }

    /// Its name and place, for what is told of it.
    pub(crate) fn owner(&self) -> (&str, ReadAt) {
        (&self.name, self.read_at)
    }
}

/// What it says of a reference that it is absent. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// Nothing: the document is a projection that leaves the key out.
    Untold,
    /// That there is none: a full export leaves out what is not there.
    Implied,
    /// That there is none, in so many words: the key is null.
    Stated,
}

impl Absence {
    /// What the absence of a key says in an object of a projection, or of a full export, that has these keys.
    pub(crate) fn of<'f, T: Fields<'f>>(seen: Seen, key: &str, is_projected: bool) -> Self {
        match (seen.has(T::KEYS, key), is_projected) {
            (true, _) => Self::Stated,
            (false, false) => Self::Implied,
            (false, true) => Self::Untold,
        }
    }

    /// Whether nothing else than what is stated is there.
    pub(crate) const fn is_told(self) -> bool {
        matches!(self, Self::Implied | Self::Stated)
    }
}

/// The key of what a field of a resource refers to. What is no reference is told, and is the key of nothing: it
/// must not read as "refers to nothing".
pub(crate) fn reference_key(
    (field, reference): (&str, &Object<Reference<'_>>),
    (owner, read_at): (&str, ReadAt),
    intake: &mut Intake<'_, '_>,
) -> Option<Name> {
    let strange = match reference {
        Object::Absent => return None,
        Object::Is(Reference { id: Text::Is(id), seen }) => {
            tell_twice::<Reference<'_>>(*seen, (owner, read_at), intake);
            return Some(intake.pool.key(id));
        }
        Object::Is(Reference { id: Text::Absent, .. }) => {
            let message = format!("{}: `{field}` has no `id`: what it refers to is not known", Quoted(owner));
            intake.note(read_at.0, "dangling-reference", Effect::Undecided, message);
            return Some(intake.name(UNREADABLE_KEY));
        }
        Object::Is(Reference { id: Text::Not(json), .. }) | Object::Not(json) => *json,
    };
    let message = format!("{}: `{field}` is {strange}, expected `{{\"id\": …}}`", Quoted(owner));
    intake.note(read_at.0, strange.code(), Effect::Undecided, message);
    Some(intake.name(UNREADABLE_KEY))
}

/// Tells of keys that an object has twice: the later value is taken, and another reader might take the other.
pub(crate) fn tell_twice<'f, T: Fields<'f>>(
    seen: Seen,
    (owner, read_at): (&str, ReadAt),
    intake: &mut Intake<'_, '_>,
) {
    for key in seen.twice(T::KEYS) {
        let message = format!("{}: the key `{key}` is given twice: the later value is taken", Quoted(owner));
        intake.note(read_at.0, "duplicate-key", Effect::Undecided, message);
    }
}

/// The keys of what a list refers to, sorted, each once, and whether all could be read. What is no reference is told,
/// and names nothing.
pub(crate) fn reference_keys(
    (field, list): (&str, &List<Object<Reference<'_>>>),
    (owner, read_at): (&str, ReadAt),
    intake: &mut Intake<'_, '_>,
) -> (Vec<Name>, bool) {
    let items = list.items();
    let mut keys: Vec<Name> = Vec::with_capacity(items.len());
    let mut strange = list.strange();
    for item in items {
        match item {
            Object::Is(reference) => match reference.id.get() {
                Some(id) => keys.push(intake.pool.key(id)),
                // Why an id is not known says more than that it is none.
                None => {
                    strange = Some(match reference.id {
                        Text::Not(json @ Json::Unknown(_)) => json,
                        _ => Json::Object,
                    });
                }
            },
            Object::Not(json) => strange = Some(*json),
            Object::Absent => strange = Some(Json::Null),
        }
    }
    if let Some(json) = strange {
        let message =
            format!("{}: `{field}` is or holds {json}, expected a list of `{{\"id\": …}}`", Quoted(owner));
        intake.note(read_at.0, json.code(), Effect::Undecided, message);
    }
    keys.sort_unstable();
    keys.dedup();
    (keys, strange.is_none())
}

/// The objects of a list. What is no list, or no object in it, is told.
pub(crate) fn objects<'f, T>(
    (field, list): (&str, &'f List<Object<T>>),
    (owner, read_at): (&str, ReadAt),
    intake: &mut Intake<'_, '_>,
) -> Vec<&'f T> {
    let mut objects = Vec::with_capacity(list.items().len());
    let mut strange = list.strange();
    for item in list.items() {
        match item {
            Object::Is(object) => objects.push(object),
            Object::Not(json) => strange = Some(*json),
            Object::Absent => strange = Some(Json::Null),
        }
    }
    if let Some(json) = strange {
        let message = format!("{}: `{field}` is or holds {json}, expected a list of objects", Quoted(owner));
        intake.note(read_at.0, json.code(), Effect::Undecided, message);
    }
    objects
}

/// Tells that a field is missing without which nothing is known: a list of names, as `az resource list` prints it, is
/// no export.
pub(crate) fn tell_missing(field: &str, (owner, read_at): (&str, ReadAt), intake: &mut Intake<'_, '_>) {
    let message = format!("{}: `{field}` is missing: what it holds is not known", Quoted(owner));
    intake.note(read_at.0, "missing-field", Effect::Undecided, message);
}

/// What a reference that cannot be read refers to.
pub(crate) const UNREADABLE_KEY: &str = "unreadable reference";
