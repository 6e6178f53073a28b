//! One call of an API as operations are given it, and what they tell of it.
//!
//! Knows no operation.

use cloud::Quoted;
use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::{Node, Tree};
use model::{Effect, Gap, Moment, Name, Provenance};

use crate::resource::{Link, path_of};

use super::body::{node_of, set, set_default, word};
use super::envelope::{made, with_project};
use super::operation::Collection;
use super::part::text;

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// What it is done to.
    pub(super) collection: &'static Collection,
    /// The path of the resource.
    pub(super) path: String,
    pub(super) scope: Option<Name>,
    pub(super) at: Option<Moment>,
    /// What was asked, as exports spell it.
    pub(super) request: Node<'static>,
    /// The type of the message that asked.
    pub(super) message: String,
    /// What the resource said before, as exports spell it.
    pub(super) original: Option<Node<'static>>,
    /// What was answered.
    pub(super) response: Option<Node<'static>>,
    /// The number of the resource, by the labels of the entry.
    pub(super) number: Option<String>,
}

/// What the answer of Compute Engine calls the resource.
pub(super) fn target_path(response: Option<&Node<'_>>, project: Option<&str>) -> Option<String> {
    made(response, "targetLink").map(|link| with_project(path_of(&link), project))
}

impl Call {
    /// The name of the resource.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The project of the path.
    pub(super) fn project(&self) -> Option<String> {
        let own = Link::of(&self.path).project().map(str::to_owned);
        own.or_else(|| self.scope.as_deref().filter(|scope| !scope.contains('/')).map(str::to_owned))
    }

    /// A text of the request.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        text(&self.request, key)
    }

    /// An edit of the resource.
    pub(super) fn edit(&self, act: Act) -> Edit {
        self.edit_of(self.collection.kind, &self.path, self.collection.nature, act)
    }

    /// An edit of another resource.
    pub(super) fn edit_of(&self, kind: &str, id: &str, nature: Nature, act: Act) -> Edit {
        let link = Link::of(id);
        Edit {
            kind: kind.into(),
            id: id.into(),
            scope: self.scope.clone(),
            region: link.place().or_else(|| link.after("locations")).map(Name::from),
            nature,
            act,
        }
    }

    /// A value of the resource is this now.
    pub(super) fn sets(&self, at: Spot, value: Tree<'static>) -> Edit {
        self.edit(Act::Set { at, value })
    }

    /// What was asked, with what the resource says of itself.
    pub(super) fn whole(&self) -> Node<'static> {
        let mut node = self.request.clone();
        self.identify(&mut node);
        node
    }

    /// Writes who the resource is, so that it reads as one that is told whole.
    pub(super) fn identify(&self, node: &mut Node<'static>) {
        if self.collection.word.is_empty() {
            set(node, "name", word(self.path.clone()));
        } else {
            set(node, "kind", word(self.collection.word));
            set(node, "selfLink", word(format!("{}{}", base(self.collection.word), self.path)));
            set_default(node, "name", word(self.name()));
        }
        if let Some(at) = self.at {
            let key = if self.collection.word.is_empty() { "createTime" } else { "creationTimestamp" };
            set_default(node, key, word(at.to_string()));
        }
        let number = self.number.clone().or_else(|| made(self.response.as_ref(), "targetId"));
        if let Some(number) = number {
            set_default(node, "id", word(number));
        }
    }

    /// The items of a list, each an object with one key.
    pub(super) fn pattern(key: &'static str, value: &str) -> Tree<'static> {
        Tree::Object(node_of(vec![(key, word(value))]))
    }
}

/// Where the API of a kind is asked.
fn base(word: &str) -> &'static str {
    match word.split('#').next() {
        Some("sql") => "https://sqladmin.googleapis.com/sql/v1beta4/",
        Some("container") => "https://container.googleapis.com/v1/",
        _ => "https://www.googleapis.com/compute/v1/",
    }
}

/// What was not understood of one call.
#[derive(Debug)]
pub(super) struct Told<'g> {
    pub(super) place: Provenance,
    /// The method, for messages.
    pub(super) method: &'g str,
    pub(super) gaps: &'g mut Vec<Gap>,
}

impl Told<'_> {
    /// Tells a sentence about the call.
    pub(super) fn tell(&mut self, code: &'static str, effect: Effect, sentence: &str) {
        let message = format!("{}: {sentence}", Quoted(self.method));
        self.gaps.push(Gap::at(self.place, code, effect, message));
    }

    /// Tells that the entry does not say what decides.
    pub(super) fn missing(&mut self, key: &str, what: &str) {
        let sentence = format!("`{key}` is not in the entry: {what}; add an export of today");
        self.tell("missing-field", Effect::Undecided, &sentence);
    }
}
