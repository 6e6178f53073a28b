//! Who a resource is, and whose.

use cloud::json::Tree;
use cloud::{ReadAt, Stated};
use model::Name;

use crate::intake::Intake;

use super::link::{Link, path_of};

/// Whose a resource is by what stands around it: an asset has a full name and ancestors, an aggregated list a scope.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Origin {
    /// The full name of the asset.
    pub(crate) asset: Option<Name>,
    /// The asset's project, folders and organisation, the nearest first: `projects/123`, `folders/4`, `organizations/5`.
    pub(crate) ancestors: Vec<Name>,
    /// The path of whatever holds the resource: `projects/p`, `projects/p/zones/z`.
    pub(crate) holder: Option<Name>,
}

/// Who a resource is and where it was read.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// What it is compared and found by: its path.
    pub(crate) key: Name,
    /// Its path, as results tell it.
    pub(crate) id: Name,
    /// What people call it.
    pub(crate) name: Name,
    /// The project, in the word its path has for it: an id or a number.
    pub(crate) project: Option<Name>,
    pub(crate) read_at: ReadAt,
}

/// Where it was read is no part of what it says.
impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.name == other.name
    }
}

impl Identity {
    /// The identity of a resource of a collection: `firewalls`. Its path is its self link, else the full name of the
    /// asset, else its name in its collection, in its region or zone, of the project or place that holds it.
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        collection: &str,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let text = |key: &str| match stated.value(key) {
            Some(Tree::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
            Some(_) | None => None,
        };
        let own =
            text("selfLink").filter(|link| path_of(link).contains('/')).map(|link| path_of(link).to_owned());
        let asset = || origin.asset.as_deref().map(|asset| path_of(asset).to_owned());
        let made = || {
            let name = text("name")?;
            if path_of(name).contains('/') {
                return Some(path_of(name).to_owned());
            }
            let place = match (text("zone"), text("region")) {
                (Some(zone), _) => format!("zones/{}/", Link::of(zone).name()),
                (None, Some(region)) => format!("regions/{}/", Link::of(region).name()),
                (None, None) => String::new(),
            };
            let holder = origin.holder.as_deref().unwrap_or_default();
            let place = if place.is_empty() && !holder.contains("/zones/") && !holder.contains("/regions/") {
                "global/".to_owned()
            } else {
                place
            };
            let holder = match (holder.is_empty(), project_beside(collection, &text)) {
                (false, _) => format!("{holder}/"),
                (true, Some(project)) => format!("projects/{project}/"),
                (true, None) => String::new(),
            };
            Some(format!("{holder}{place}{collection}/{name}"))
        };
        let path = own.or_else(asset).or_else(made)?;
        Some(Self::of(&path, text("name"), stated.read_at, intake))
    }

    /// The identity of a path.
    pub(crate) fn of(path: &str, name: Option<&str>, read_at: ReadAt, intake: &mut Intake<'_, '_>) -> Self {
        let link = Link { path: intake.name(path) };
        let name = name.map_or_else(|| link.name(), |name| name.rsplit('/').next().unwrap_or(name));
        Self {
            name: intake.name(name),
            project: link.project().map(|project| intake.name(project)),
            id: link.path.clone(),
            key: link.path,
            read_at,
        }
    }
}

/// The project of a resource that says nothing else of whose it is: that of its zone or region, or of the network that it is
/// a part of. What only stands in a network may be of another project (a shared VPC).
fn project_beside<'n>(collection: &str, text: &impl Fn(&str) -> Option<&'n str>) -> Option<String> {
    let keys: &[&str] =
        if OF_NETWORKS.contains(&collection) { &["region", "network"] } else { &["zone", "region"] };
    let project = |key: &&str| Some(Link::of(text(key)?).project()?.to_owned());
    keys.iter().find_map(project)
}

/// The parts of a network: of its project, always.
const OF_NETWORKS: [&str; 3] = ["firewalls", "routes", "subnetworks"];
