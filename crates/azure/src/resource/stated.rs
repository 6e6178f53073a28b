//! What an object says of resources of Azure, beside the values of its keys: which it is, and to which it refers.

use cloud::json::{Json, Node, Tree, is_cut};
use cloud::{ReadAt, Said, Stated};
use model::Name;

use crate::intake::Intake;
use crate::wire::LOOKUP;

use super::identity::Identity;

/// An object that says which resource it is, and to which others it refers.
pub(crate) trait OfAzure<'n, 'a>: Sized {
    /// A resource, and who it is; `what` is its name when it has none.
    fn resource(node: &'n Node<'a>, what: &str, intake: &mut Intake<'_, 'a>) -> (Identity, Self);

    /// The key of the resource that is referred to: `{"id": …}`, or the id alone.
    fn reference(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Name>;

    /// The keys of the resources that a list refers to, in its order.
    fn references(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<Name>>;

    /// The keys of the resources that a list refers to, for readers that go on without one that cannot be read.
    fn listed_references(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Vec<Name>;
}

impl<'n, 'a> OfAzure<'n, 'a> for Stated<'n, 'a> {
    fn resource(node: &'n Node<'a>, what: &str, intake: &mut Intake<'_, 'a>) -> (Identity, Self) {
        let words = ["id", "name", "resourceGroup"].map(|key| match node.own(key) {
            Some(Tree::Text(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
            Some(_) | None => None,
        });
        let [id, name, group] = words;
        let read_at = ReadAt(intake.place(node.at));
        let identity = Identity::from_parts(id, name, group, what, read_at, intake);
        let owner = name.or(id).unwrap_or("a resource without a name");
        (identity, Self::new(node, owner, &LOOKUP, intake))
    }

    fn reference(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Name> {
        match self.value(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(id)) if id.trim().is_empty() => Said::Nothing,
            Some(Tree::Text(id)) if !is_cut(id) => Said::This(intake.pool.key(id.trim())),
            Some(Tree::Object(node)) => match node.own("id") {
                Some(Tree::Text(id)) => Said::This(intake.pool.key(id.trim())),
                Some(_) | None => self.strange(key, Json::Object, "`{\"id\": …}`", intake),
            },
            Some(other) => self.strange(key, other.json(), "`{\"id\": …}`", intake),
        }
    }

    fn references(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<Name>> {
        let Some(Tree::List(items)) = self.value(key) else {
            return self.reference(key, intake).map(|one| vec![one]);
        };
        let mut keys = Vec::with_capacity(items.len());
        for item in items {
            let id = match item {
                Tree::Text(id) if !is_cut(id) => Some(id),
                Tree::Object(node) => match node.own("id") {
                    Some(Tree::Text(id)) => Some(id),
                    Some(_) | None => None,
                },
                Tree::Text(_) | Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
            };
            match id {
                Some(id) => keys.push(intake.pool.key(id.trim())),
                None => return self.strange(key, item.json(), "a list of `{\"id\": …}`", intake),
            }
        }
        Said::This(keys)
    }

    fn listed_references(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Vec<Name> {
        let said = self.references(key, intake);
        self.or_narrowed(key, said, intake)
    }
}
