//! What AWS does besides what a call says, and what an event leaves to be looked up: found in the objects as they are.
//!
//! Asked before each edit is made; what comes of it is made right behind it.

use cloud::audit::{Act, Edit, Ledger, Nature, Spot};
use cloud::json::{Cause, Node, Tree};

use super::body::{Body, text_of};
use super::made::{names, text, tree};

/// The edits that follow one edit; `ledger` is as it was before.
pub(crate) fn aftermath(edit: &Edit, ledger: &Ledger) -> Vec<Edit> {
    match (&*edit.kind, &edit.act) {
        (GROUP, Act::Insert { into, items, .. }) if *into == Spot::of(&["#modified"]) => {
            modified(edit, ledger, items)
        }
        (PREFIXES, Act::Set { at, value }) if *at == Spot::of(&["#restored"]) => {
            restored(edit, ledger, value)
        }
        (PREFIXES, Act::Set { at, value }) if *at == Spot::of(&["Version"]) => kept(edit, ledger, value),
        (SUBNET, Act::Put(subnet)) => with_default_list(edit, ledger, subnet),
        (VPC, Act::Drop) => with_defaults_gone(edit, ledger),
        (INTERNET, Act::Insert { .. }) => rerouted(edit, ledger, ["blackhole", "active"]),
        (INTERNET, Act::Remove { .. }) => rerouted(edit, ledger, ["active", "blackhole"]),
        (INTERNET | EGRESS | NAT | INTERFACE | INSTANCE, Act::Drop) => {
            rerouted(edit, ledger, ["active", "blackhole"])
        }
        (PEERING, Act::Merge(_)) => peered(edit, ledger),
        _ => Vec::new(),
    }
}

/// The object that an edit is of. Its key may have an account before the id.
fn object_of<'l>(edit: &'l Edit, ledger: &'l Ledger) -> Option<&'l cloud::audit::Object> {
    let is_own = |key: &str| {
        let (account, id) = key.split_once('/').map_or((None, key), |(account, id)| (Some(account), id));
        let of_account = account.is_none() || edit.scope.is_none() || account == edit.scope.as_deref();
        id == &*edit.id && of_account || *key == *edit.id
    };
    ledger.of_kind(&edit.kind).find(|(key, _)| is_own(key)).map(|(_, object)| object)
}

/// A rule keeps its id and its direction. Of one that was never seen the direction is not known: it may let in.
fn modified(edit: &Edit, ledger: &Ledger, items: &[Tree<'static>]) -> Vec<Edit> {
    let group = object_of(edit, ledger).map(|object| Body::of(&object.node)).unwrap_or_default();
    let mut edits = Vec::new();
    let mut act = |act| edits.push(Edit { act, ..edit.clone() });
    for item in items {
        let Some(rule) = Body::in_tree(item).and_then(|item| item.text("#rule")) else { continue };
        let is_in = |list: &&str| group.parts(list).iter().any(|item| item.text("#rule") == Some(rule));
        let list = ["IpPermissions", "IpPermissionsEgress"].into_iter().find(is_in);
        let list = list.or_else(|| is_listed_outbound(ledger, rule).then_some("IpPermissionsEgress"));
        let Some(list) = list else {
            let mut item = item.clone();
            if let Tree::Object(node) = &mut item {
                let asked = format!("whether {rule} is an inbound rule");
                node.push("Condition".into(), Tree::unknown(Cause::Existing, asked));
            }
            let into = Spot::of(&["IpPermissions"]);
            act(Act::Insert { into, items: vec![item], by: names(&["#rule"]) });
            continue;
        };
        let into = Spot::of(&[list]);
        act(Act::Insert { into, items: vec![item.clone()], by: names(&["#rule"]) });
    }
    act(Act::Set { at: Spot::of(&["#modified"]), value: Tree::Null });
    edits
}

/// Whether documents list a rule as one of the way out.
fn is_listed_outbound(ledger: &Ledger, rule: &str) -> bool {
    ledger.of_kind(LISTED).any(|(_, object)| {
        let listed = Body::of(&object.node);
        listed.text("SecurityGroupRuleId") == Some(rule) && listed.flag("IsEgress") == Some(true)
    })
}

/// The entries of an earlier version. Of one that was never seen nobody knows what it holds.
fn restored(edit: &Edit, ledger: &Ledger, version: &Tree<'static>) -> Vec<Edit> {
    let list = object_of(edit, ledger).map(|object| Body::of(&object.node)).unwrap_or_default();
    let is_it = |known: &Body<'_>| known.text("Version") == text_of(version);
    let known = list.parts("#versions").into_iter().find(is_it).and_then(|known| known.tree("Entries"));
    let entries = known.unwrap_or_else(|| {
        let asked = format!("the entries of version {}", text_of(version).unwrap_or_default());
        Tree::List(vec![Tree::unknown(Cause::Existing, asked)])
    });
    let set = |key: &str, value| Edit { act: Act::Set { at: Spot::of(&[key]), value }, ..edit.clone() };
    vec![set("Entries", entries), set("#restored", Tree::Null)]
}

/// What a list holds is what its version holds, if all of it is known.
fn kept(edit: &Edit, ledger: &Ledger, version: &Tree<'static>) -> Vec<Edit> {
    let Some(list) = object_of(edit, ledger).filter(|list| !list.is_partial) else { return Vec::new() };
    let Some(entries) = Body::of(&list.node).tree("Entries") else { return Vec::new() };
    let kept = tree([("Version", version.clone()), ("Entries", entries)]);
    let into = Spot::of(&["#versions"]);
    vec![Edit { act: Act::Insert { into, items: vec![kept], by: names(&["Version"]) }, ..edit.clone() }]
}

/// A new subnet has the default list of its VPC (W9). The id of the association is in no event.
fn with_default_list(edit: &Edit, ledger: &Ledger, subnet: &Node<'static>) -> Vec<Edit> {
    let Some(vpc) = Body::of(subnet).text("VpcId") else { return Vec::new() };
    let mut edits = Vec::new();
    for id in defaults(edit, ledger, LIST, vpc) {
        let item = tree([("NetworkAclId", text(&id)), ("SubnetId", text(&edit.id))]);
        let act =
            Act::Insert { into: Spot::of(&["Associations"]), items: vec![item], by: names(&["SubnetId"]) };
        let nature = Nature::Attachment;
        edits.push(Edit { kind: LIST.into(), id: id.as_str().into(), nature, act, ..edit.clone() });
    }
    edits
}

/// With a VPC go the group, the list and the table that came with it.
fn with_defaults_gone(edit: &Edit, ledger: &Ledger) -> Vec<Edit> {
    let mut edits = Vec::new();
    for kind in [GROUP, LIST, TABLE] {
        for id in defaults(edit, ledger, kind, &edit.id) {
            edits.push(Edit { kind: kind.into(), id: id.as_str().into(), ..edit.clone() });
        }
    }
    edits
}

/// Whether an object is of the account of an edit, as far as both say it.
fn is_own(edit: &Edit, node: &Node<'static>) -> bool {
    let body = Body::of(node);
    let owner = body.first_text(&["OwnerId", "#account"]);
    owner.is_none() || edit.scope.is_none() || owner == edit.scope.as_deref()
}

/// The ids of what came with a VPC.
fn defaults(edit: &Edit, ledger: &Ledger, kind: &str, vpc: &str) -> Vec<String> {
    let is_gone = edit.act == Act::Drop;
    let own = |node: &Node<'static>| {
        let body = Body::of(node);
        let is_default = match kind {
            GROUP => body.text("GroupName") == Some("default"),
            // One that says nowhere where it stands, stands wherever no other one does.
            LIST => body.flag("IsDefault") == Some(true) && (body.has("Associations") || is_gone),
            _ => body.parts("Associations").iter().any(|place| place.flag("Main") == Some(true)),
        };
        let key = match kind {
            GROUP => "GroupId",
            LIST => "NetworkAclId",
            _ => "RouteTableId",
        };
        let is_of_it = is_default && body.text("VpcId") == Some(vpc);
        body.text(key).filter(|_| is_of_it).map(str::to_owned)
    };
    let all = ledger.of_kind(kind).filter(|(_, object)| is_own(edit, &object.node));
    let mut ids: Vec<String> = all.filter_map(|(_, object)| own(&object.node)).collect();
    ids.sort_unstable();
    ids
}

/// A peering that is no more makes its routes black holes.
fn peered(edit: &Edit, ledger: &Ledger) -> Vec<Edit> {
    let Act::Merge(said) = &edit.act else { return Vec::new() };
    match Body::of(said).part("Status").text("Code") {
        Some("active") => rerouted(edit, ledger, ["blackhole", "active"]),
        Some(_) => rerouted(edit, ledger, ["active", "blackhole"]),
        None => Vec::new(),
    }
}

/// Routes to something change their state with it: exports say `blackhole` of what leads nowhere.
fn rerouted(edit: &Edit, ledger: &Ledger, [before, after]: [&str; 2]) -> Vec<Edit> {
    let mut edits = Vec::new();
    // A peering has tables of both its sides.
    let leads_there = |node| is_own(edit, node) || &*edit.kind == PEERING;
    for (_, table) in ledger.of_kind(TABLE).filter(|(_, table)| leads_there(&table.node)) {
        let body = Body::of(&table.node);
        let Some(id) = body.text("RouteTableId") else { continue };
        let mut is_changed = false;
        let mut routes = Vec::new();
        for route in body.parts("Routes") {
            let Some(route) = route.node() else { continue };
            let leads = |(_, value): &(std::borrow::Cow<'_, str>, Tree<'_>)| text_of(value) == Some(&edit.id);
            let state = Body::of(route).text("State").unwrap_or("active");
            let mut route = route.to_owned_node();
            if state.eq_ignore_ascii_case(before) && route.entries().iter().any(leads) {
                is_changed = true;
                route.take_out("State");
                route.push("State".into(), text(after));
            }
            routes.push(Tree::Object(route));
        }
        if is_changed {
            let act = Act::Set { at: Spot::of(&["Routes"]), value: Tree::List(routes) };
            let (kind, nature) = (TABLE.into(), Nature::Attachment);
            let scope = body.first_text(&["OwnerId", "#account"]).map(Into::into);
            let scope = scope.or_else(|| edit.scope.clone());
            edits.push(Edit { kind, id: id.into(), scope, nature, act, ..edit.clone() });
        }
    }
    edits.sort_by(|one, other| one.id.cmp(&other.id));
    edits
}

const GROUP: &str = "security-group";
const LIST: &str = "network-acl";
const TABLE: &str = "route-table";
const PREFIXES: &str = "prefix-list";
const LISTED: &str = "security-group-rule";
const SUBNET: &str = "subnet";
const VPC: &str = "vpc";
const INTERNET: &str = "internet-gateway";
const EGRESS: &str = "egress-only-internet-gateway";
const NAT: &str = "nat-gateway";
const INTERFACE: &str = "network-interface";
const INSTANCE: &str = "instance";
const PEERING: &str = "vpc-peering";
