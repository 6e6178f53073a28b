//! What AWS makes with a VPC: its list, which lets everything by, its main table, and, with a default VPC, a gateway and the
//! route to it (VPC guide, "Default VPC components", "Control subnet traffic with network ACLs").
//!
//! No event says their ids. Here they have names of their own, until a record edits a list or a table that nobody stated:
//! that may be one of these, and then what it holds is known no more.

use cloud::audit::{Act, Edit, Ledger, Nature};
use cloud::json::{Node, Tree};

use super::{object, parts, text};
use crate::trail::made::{object as made_of, text as said, tree};

/// What comes with an edit that makes a VPC.
pub(super) fn made(edit: &Edit, ledger: &Ledger) -> Vec<Edit> {
    let Act::Put(vpc) = &edit.act else { return Vec::new() };
    let Some(with) = text(vpc, BESIDES).filter(|_| &*edit.kind == VPC) else { return Vec::new() };
    // Told twice it is made once.
    if object(ledger, edit, VPC, &edit.id).is_some() {
        return Vec::new();
    }
    let is_default = with == WITH_GATEWAY;
    let mut made = vec![whole(edit, LIST, list(&edit.id)), whole(edit, TABLE, table(vpc, edit, is_default))];
    if is_default {
        made.push(whole(edit, GATEWAY, gateway(&edit.id)));
    }
    made
}

/// What an edit makes doubtful of that.
pub(super) fn doubted(edit: &Edit, ledger: &Ledger) -> Vec<Edit> {
    if matches!(edit.act, Act::Put(_)) {
        return Vec::new();
    }
    match &*edit.kind {
        TABLE => match taken_for(edit, ledger) {
            Some(edits) => edits,
            None if is_unseen(edit, ledger) => gone(edit, ledger, TABLE, None),
            None => Vec::new(),
        },
        LIST if is_unseen(edit, ledger) => gone(edit, ledger, LIST, None),
        // A VPC has one gateway: who attaches another one, or detaches one, has detached the one that it came with.
        GATEWAY => {
            let (Act::Insert { items, .. } | Act::Remove { items, .. }) = &edit.act else {
                return Vec::new();
            };
            let vpc = items.iter().find_map(|item| match item {
                Tree::Object(attachment) => text(attachment, "VpcId"),
                Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
            });
            let Some(vpc) = vpc else { return Vec::new() };
            let mut edits = gone(edit, ledger, GATEWAY, Some(vpc));
            if !edits.is_empty() {
                edits.extend(gone(edit, ledger, TABLE, Some(vpc)));
            }
            edits
        }
        _ => Vec::new(),
    }
}

/// Whether an edit is of something that nobody stated, or moves what nobody stated.
fn is_unseen(edit: &Edit, ledger: &Ledger) -> bool {
    if !edit.id.contains('=') && object(ledger, edit, &edit.kind, &edit.id).is_none() {
        return true;
    }
    let Act::Insert { items, .. } = &edit.act else { return false };
    items.iter().any(|item| match item {
        Tree::Object(item) => {
            text(item, "#moves").is_some_and(|old| !is_association(ledger, &edit.kind, old))
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    })
}

fn is_association(ledger: &Ledger, kind: &str, id: &str) -> bool {
    let key = if kind == LIST { "NetworkAclAssociationId" } else { "RouteTableAssociationId" };
    let is_it = |item: &&Node<'static>| text(item, key) == Some(id);
    ledger.of_kind(kind).any(|(_, object)| parts(&object.node, "Associations").iter().any(is_it))
}

/// Where a table that nobody stated gets a route to the gateway of a VPC that was made here, it is the main one of that VPC:
/// all others were made by records.
fn taken_for(edit: &Edit, ledger: &Ledger) -> Option<Vec<Edit>> {
    let Act::Insert { items, .. } = &edit.act else { return None };
    if object(ledger, edit, TABLE, &edit.id).is_some() {
        return None;
    }
    let vpc = items.iter().find_map(|item| match item {
        Tree::Object(route) => vpc_of(edit, ledger, route),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    })?;
    let (main, _) = own(edit, ledger, TABLE).find(|(_, node)| text(node, "VpcId") == Some(vpc))?;
    let mut table = object(ledger, edit, TABLE, main)?.node.clone();
    for key in [BESIDES, "RouteTableId"] {
        table.take_out(key);
    }
    table.push("RouteTableId".into(), said(&edit.id));
    let drop = Edit { id: main.into(), act: Act::Drop, ..edit.clone() };
    Some(vec![drop, Edit { act: Act::Put(table), ..edit.clone() }])
}

/// The VPC of the gateway that a route leads to.
fn vpc_of<'l>(edit: &Edit, ledger: &'l Ledger, route: &Node<'static>) -> Option<&'l str> {
    let nat = text(route, "NatGatewayId").and_then(|id| object(ledger, edit, "nat-gateway", id));
    if let Some(nat) = nat {
        return text(&nat.node, "VpcId");
    }
    let gateway = text(route, "GatewayId").and_then(|id| object(ledger, edit, GATEWAY, id))?;
    parts(&gateway.node, "Attachments").into_iter().find_map(|attachment| text(attachment, "VpcId"))
}

/// What was made here of a kind goes: that of a VPC, else all of the account and region.
fn gone(edit: &Edit, ledger: &Ledger, kind: &str, vpc: Option<&str>) -> Vec<Edit> {
    let own = own(edit, ledger, kind).filter(|(_, node)| vpc.is_none() || text(node, "VpcId") == vpc);
    let mut ids: Vec<&str> = own.map(|(id, _)| id).collect();
    ids.sort_unstable();
    let drop = |id| Edit { kind: kind.into(), id, act: Act::Drop, ..edit.clone() };
    ids.into_iter().map(|id| drop(id.into())).collect()
}

/// What was made here of a kind, in the account and region of an edit: its id, and what it says.
fn own<'l>(
    edit: &'l Edit,
    ledger: &'l Ledger,
    kind: &'l str,
) -> impl Iterator<Item = (&'l str, &'l Node<'static>)> {
    let is_here = |node: &Node<'static>| {
        text(node, "#account") == edit.scope.as_deref() && text(node, "#region") == edit.region.as_deref()
    };
    let key = match kind {
        LIST => "NetworkAclId",
        TABLE => "RouteTableId",
        _ => "InternetGatewayId",
    };
    let all = ledger.of_kind(kind).map(|(_, object)| &object.node);
    let own = all.filter(move |node| node.own(BESIDES).is_some() && is_here(node));
    own.filter_map(move |node| Some((text(node, key)?, node)))
}

fn whole(edit: &Edit, kind: &'static str, (id, node): (String, Node<'static>)) -> Edit {
    let (kind, id, nature) = (kind.into(), id.into(), Nature::Attachment);
    Edit { kind, id, nature, act: Act::Put(node), ..edit.clone() }
}

/// It stands wherever no other one does: that it says nowhere where, says so.
fn list(vpc: &str) -> (String, Node<'static>) {
    let entry = |egress, number: &str, block: &'static str, all: &str| {
        tree([
            ("RuleNumber", said(number)),
            ("Egress", Tree::Flag(egress)),
            ("RuleAction", said("allow")),
            ("Protocol", said("-1")),
            (block, said(all)),
        ])
    };
    let both = [true, false].into_iter().flat_map(|egress| {
        [
            entry(egress, "100", "CidrBlock", "0.0.0.0/0"),
            // It is there as soon as there are addresses of IPv6.
            entry(egress, "101", "Ipv6CidrBlock", "::/0"),
        ]
    });
    let id = format!("acl-of-{vpc}");
    let node = made_of([
        ("NetworkAclId", said(&id)),
        ("VpcId", said(vpc)),
        ("IsDefault", Tree::Flag(true)),
        ("Entries", Tree::List(both.collect())),
        (BESIDES, Tree::Flag(true)),
    ]);
    (id, node)
}

fn table(vpc: &Node<'static>, edit: &Edit, is_default: bool) -> (String, Node<'static>) {
    let id = format!("rtb-of-{}", edit.id);
    let route = |to: &str, gateway: &str| {
        tree([
            ("DestinationCidrBlock", said(to)),
            ("GatewayId", said(gateway)),
            ("State", said("active")),
            ("Origin", said("CreateRouteTable")),
        ])
    };
    let local = text(vpc, "CidrBlock").map(|block| route(block, "local"));
    let out = is_default.then(|| route("0.0.0.0/0", &gateway(&edit.id).0));
    let main = tree([("Main", Tree::Flag(true)), ("RouteTableId", said(&id))]);
    let node = made_of([
        ("RouteTableId", said(&id)),
        ("VpcId", said(&edit.id)),
        ("Associations", Tree::List(vec![main])),
        ("Routes", Tree::List(local.into_iter().chain(out).collect())),
        (BESIDES, Tree::Flag(true)),
    ]);
    (id, node)
}

fn gateway(vpc: &str) -> (String, Node<'static>) {
    let id = format!("igw-of-{vpc}");
    let attachment = tree([("State", said("available")), ("VpcId", said(vpc))]);
    let node = made_of([
        ("InternetGatewayId", said(&id)),
        ("VpcId", said(vpc)),
        ("Attachments", Tree::List(vec![attachment])),
        (BESIDES, Tree::Flag(true)),
    ]);
    (id, node)
}

const VPC: &str = "vpc";
const LIST: &str = "network-acl";
const TABLE: &str = "route-table";
const GATEWAY: &str = "internet-gateway";
use crate::trail::operation::kinds::{BESIDES, WITH_GATEWAY};
