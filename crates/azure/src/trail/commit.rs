//! A network manager commits configurations to regions: only then do its rules act (AA0).

use std::borrow::Cow;

use cloud::audit::{Act, Bears, Edit, Nature};
use cloud::json::{Node, Tree};

use super::body::Content;
use super::edits::{edit, nothing, unseen};
use super::envelope::Call;
use super::field::text;

/// What was committed, for each region as the command line lists it.
pub(super) fn commit(call: &Call<'_, '_>) -> Vec<Bears> {
    let manager = "microsoft.network/networkmanagers";
    let body = match (call.response(), call.request()) {
        (Content::Is(node), _) if node.own("targetLocations").is_some() => node,
        (_, Content::Is(node)) if node.own("targetLocations").is_some() => node,
        _ => {
            let act = unseen(call, "is not in the log");
            return vec![edit(call, manager, call.id(), act)];
        }
    };
    // Connectivity and routing are committed apart, and let nobody in.
    let kind = text(body, &["commitType"]).unwrap_or("SecurityAdmin");
    if !kind.eq_ignore_ascii_case("SecurityAdmin") {
        return vec![nothing()];
    }
    let regions = match body.own("targetLocations") {
        Some(Tree::List(regions)) => regions.as_slice(),
        _ => &[],
    };
    let regions = regions.iter().filter_map(|region| match region {
        Tree::Text(region) => Some(region.as_ref()),
        _ => None,
    });
    let edits: Vec<Edit> = regions.map(|region| deployment(call, region, body)).collect();
    if edits.is_empty() { Vec::new() } else { vec![Bears::Edits(edits)] }
}

/// What is in force in a region from now on: exactly these configurations, none of them where there is none.
fn deployment(call: &Call<'_, '_>, region: &str, body: &Node<'static>) -> Edit {
    let own = |text: &str| Tree::Text(Cow::Owned(text.to_owned()));
    let region = region.split_whitespace().collect::<String>().to_ascii_lowercase();
    let manager = call.id().trim_end_matches("/commit");
    let id = format!("{manager}/deployments/SecurityAdmin-{region}");
    let configurations = match body.own("configurationIds") {
        Some(Tree::List(ids)) => ids.clone(),
        _ => Vec::new(),
    };
    let at = call.at().map(|at| at.to_string()).unwrap_or_default();
    let node = Node::new(
        vec![
            (Cow::Borrowed("id"), own(&id)),
            (Cow::Borrowed("type"), own(DEPLOYMENTS)),
            (Cow::Borrowed("commitTime"), own(&at)),
            (Cow::Borrowed("configurationIds"), Tree::List(configurations)),
            (Cow::Borrowed("deploymentStatus"), own("Deployed")),
            (Cow::Borrowed("deploymentType"), own("SecurityAdmin")),
            (Cow::Borrowed("region"), own(&region)),
        ],
        None,
    );
    Edit {
        kind: DEPLOYMENTS.into(),
        id: id.into(),
        scope: call.scope(),
        region: Some(region.into()),
        nature: Nature::Rule,
        act: Act::Put(node),
    }
}

const DEPLOYMENTS: &str = "microsoft.network/networkmanagers/deployments";
