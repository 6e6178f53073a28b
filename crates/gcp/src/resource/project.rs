//! Projects, folders and organisations: what stands above a network, and by which number a project is known (G13, G14).
//!
//! Knows no policy.

use cloud::{Said, Stated};
use model::Name;

use crate::intake::Intake;

use super::{Identity, Link, Origin};

/// A project.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Project {
    /// Its path has its id (`projects/tailspin`), its number where the id is not told.
    pub(crate) identity: Identity,
    pub(crate) number: Option<Name>,
    /// The folder or organisation that holds it: `folders/4`. Nothing: it is not told.
    pub(crate) parent: Said<Name>,
}

/// A folder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Folder {
    pub(crate) identity: Identity,
    pub(crate) parent: Said<Name>,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Organization {
    pub(crate) identity: Identity,
}

impl Project {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let path = path_of_project(stated, origin, intake);
        let number = match stated.text("projectNumber", intake).this() {
            Some(number) => Some(number.to_owned()),
            // `projects/123` is the name of the newer API and of the asset.
            None => path
                .iter()
                .chain(origin.asset.as_deref().map(Link::of).map(|link| link.path.to_string()).as_ref())
                .filter_map(|path| path.strip_prefix("projects/"))
                .find(|number| is_number(number))
                .map(str::to_owned),
        };
        let id = stated.text("projectId", intake).this().map(|id| format!("projects/{id}"));
        let own = id.or(path).or_else(|| number.as_ref().map(|number| format!("projects/{number}")))?;
        let identity = Identity::of(&own, None, stated.read_at, intake);
        let parent = parent_of(stated, origin, intake);
        Some(Self { identity, number: number.map(|number| intake.name(&number)), parent })
    }
}

impl Folder {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "folders", origin, intake)?;
        Some(Self { identity, parent: parent_of(stated, origin, intake) })
    }
}

impl Organization {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        // The older API names it by a number alone.
        let own =
            stated.text("organizationId", intake).this().map(|number| format!("organizations/{number}"));
        let identity = match own {
            Some(own) => Identity::of(&own, None, stated.read_at, intake),
            None => Identity::read(stated, "organizations", origin, intake)?,
        };
        Some(Self { identity })
    }
}

/// The path that a project has by its name or asset, be it with a number.
fn path_of_project<'a>(
    stated: &Stated<'_, 'a>,
    origin: &Origin,
    intake: &mut Intake<'_, 'a>,
) -> Option<String> {
    // What the older API calls its name is for people, and may be anything.
    let name = stated.text("name", intake).this().filter(|name| name.starts_with("projects/"));
    let path = name.map(Link::of).or_else(|| origin.asset.as_deref().map(Link::of))?;
    path.project().map(|project| format!("projects/{project}"))
}

/// Above it: `{"type": "folder", "id": "4"}`, `folders/4`, or the second of the ancestors of an asset.
fn parent_of<'a>(stated: &Stated<'_, 'a>, origin: &Origin, intake: &mut Intake<'_, 'a>) -> Said<Name> {
    let parent = match stated.value("parent") {
        Some(cloud::json::Tree::Object(_)) => stated.object("parent", intake),
        Some(_) | None => Said::Nothing,
    };
    let said = match parent {
        Said::This(parent) => {
            let (kind, id) = (parent.text("type", intake).this(), parent.text("id", intake).this());
            kind.zip(id).map(|(kind, id)| format!("{kind}s/{id}"))
        }
        Said::Nothing | Said::Unreadable => match stated.text("parent", intake) {
            Said::This(parent) => Some(Link::of(parent).path.to_string()),
            Said::Nothing => None,
            Said::Unreadable => return Said::Unreadable,
        },
    };
    let above = said.or_else(|| origin.ancestors.get(1).map(|above| above.to_string()));
    above.map_or(Said::Nothing, |above| Said::This(intake.name(&above)))
}

/// Whether a project is named by its number: ids begin with a letter.
pub(crate) fn is_number(project: &str) -> bool {
    !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit())
}
