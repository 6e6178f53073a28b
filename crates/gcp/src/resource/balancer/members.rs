//! Who is in an instance group. The answer of the API does not name the group: it stands beside it.

use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::link;

/// The instances of an instance group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Members {
    /// Its key is the path of the group with [`Members::SUFFIX`].
    pub(crate) identity: Identity,
    /// `None`: they could not be read, which has been told.
    pub(crate) instances: Option<Vec<Link>>,
}

impl Members {
    /// What stands behind the path of a group in the key of its members.
    pub(crate) const SUFFIX: &'static str = "listInstances";

    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let add = "add its path under `instanceGroup` beside the answer of `gcloud compute instance-groups list-instances`";
        let identity =
            subject(stated, ("instanceGroup", "instanceGroups", Self::SUFFIX), add, origin, intake)?;
        Some(Self { identity, instances: instances(stated, "items", intake) })
    }
}

/// The identity of an answer about a resource that it does not name: the path of that, with the word of the answer.
/// A recorded answer may have it in its own links.
pub(super) fn subject<'a>(
    stated: &Stated<'_, 'a>,
    (key, collection, suffix): (&str, &str, &str),
    add: &str,
    origin: &Origin,
    intake: &mut Intake<'_, 'a>,
) -> Option<Identity> {
    let named = [key, "selfLink", "id"].into_iter().filter_map(|key| stated.text(key, intake).this());
    let named: Vec<&str> = named.collect();
    let holder = origin.holder.as_deref();
    let Some(path) = named.into_iter().chain(holder).find_map(|text| path_to(text, collection)) else {
        let sentence = format!("an answer that does not say what it is about: {add}");
        stated.tell("missing-subject", Effect::Narrowed, &sentence, intake);
        return None;
    };
    let path = match holder.filter(|_| !Link::of(&path).is_whole()) {
        Some(holder) => format!("{holder}/{path}/{suffix}"),
        None => format!("{path}/{suffix}"),
    };
    Some(Identity::of(&path, None, stated.read_at, intake))
}

/// The path of a reference up to the name behind a word.
fn path_to(text: &str, collection: &str) -> Option<String> {
    let link = Link::of(text);
    if !link.path.contains('/') {
        return None;
    }
    let parts: Vec<&str> = link.path.split('/').collect();
    let place = parts.iter().position(|part| *part == collection)?;
    parts.get(..place + 2).map(|parts| parts.join("/"))
}

/// The instances that a list of objects names, sorted.
pub(super) fn instances<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Option<Vec<Link>> {
    let listed = match stated.objects(key, intake) {
        Said::This(listed) => listed,
        // An answer without instances leaves the list out.
        Said::Nothing if !stated.is_null(key) => return Some(Vec::new()),
        Said::Nothing => {
            let sentence = format!("`{key}` is null: who is in the group is not known");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            return None;
        }
        Said::Unreadable => return None,
    };
    let mut instances = Vec::with_capacity(listed.len());
    for one in &listed {
        match link(one, "instance", intake) {
            Said::This(instance) => instances.push(instance),
            // One that is still to be made.
            Said::Nothing if is_being_made(one, intake) => {}
            Said::Nothing => {
                let sentence = "an entry names no `instance`: who is in the group is not known";
                one.tell("missing-field", Effect::Undecided, sentence, intake);
                return None;
            }
            Said::Unreadable => return None,
        }
    }
    instances.sort_unstable();
    instances.dedup();
    Some(instances)
}

fn is_being_made<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    matches!(stated.text("currentAction", intake), Said::This("CREATING" | "CREATING_WITHOUT_RETRIES"))
}
