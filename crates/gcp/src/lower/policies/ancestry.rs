//! What stands above a project: folders and an organisation (G10).
//!
//! Knows no policy.

use std::sync::Arc;

use cloud::Said;
use model::Name;

use crate::estate::Estate;
use crate::resource::Link;

/// What stands above a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::lower) struct Ancestry {
    /// The organisation, then the folders from the top down, as far as they are known.
    pub(in crate::lower) nodes: Vec<Name>,
    /// Whether that is all.
    pub(in crate::lower) is_whole: bool,
}

impl Ancestry {
    /// What stands above a project, which is named by its id or its number. Projects and folders say what holds them;
    /// assets say all of it.
    pub(in crate::lower) fn of(estate: &Estate, project: Option<&str>) -> Self {
        let Some(project) = project else { return Self::default() };
        let climbed = Self::climbed(estate, project);
        let stated = Self::stated(estate, project);
        if climbed.is_whole && stated.is_whole && climbed != stated {
            // One of both is older: what they have in common is so.
            let pairs = climbed.nodes.into_iter().zip(stated.nodes);
            let nodes = pairs.take_while(|(one, other)| one == other).map(|(node, _)| node).collect();
            return Self { nodes, is_whole: false };
        }
        if climbed.is_whole {
            return climbed;
        }
        if stated.is_whole || stated.nodes.len() > climbed.nodes.len() { stated } else { climbed }
    }

    fn climbed(estate: &Estate, project: &str) -> Self {
        let own = estate.resources.projects.find(None, &Link::of(&format!("projects/{project}"))).one();
        let mut above = own.and_then(|own| own.parent.clone().this());
        let mut nodes = Vec::new();
        while let Some(node) = above.take() {
            if nodes.len() == DEPTH_MAX || nodes.contains(&node) {
                break;
            }
            if !node.starts_with("organizations/") {
                let folder = estate.resources.folders.get(&node);
                above = folder.and_then(|folder| {
                    if let Said::This(parent) = &folder.parent { Some(Arc::clone(parent)) } else { None }
                });
            }
            nodes.push(node);
        }
        Self::upwards(nodes)
    }

    fn stated(estate: &Estate, project: &str) -> Self {
        let above = estate.hierarchy.above(project);
        Self::upwards(above.iter().filter(|node| !node.starts_with("projects/")).cloned().collect())
    }

    /// Of these nodes, the nearest first.
    fn upwards(mut nodes: Vec<Name>) -> Self {
        let is_whole = nodes.last().is_some_and(|last| last.starts_with("organizations/"));
        nodes.reverse();
        Self { nodes, is_whole }
    }
}

/// Folders stand in each other ten deep; one more than that is a circle.
const DEPTH_MAX: usize = 12;
