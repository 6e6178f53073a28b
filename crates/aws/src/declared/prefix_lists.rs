//! Managed prefix lists: their entries, written in the list or beside it; lists of AWS that are looked up by their name.

use std::collections::BTreeMap;

use cloud::json::Tree;

use super::Out;
use super::shape::{Shape, perhaps};
use super::world::World;

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut beside: BTreeMap<String, Vec<Tree<'a>>> = BTreeMap::new();
    for entry in world.of_kinds(&["aws_ec2_managed_prefix_list_entry"]) {
        let Some(list) = out.owner(world, entry, "prefix_list_id") else { continue };
        let cidr = match entry.is_perhaps() {
            true => Some(perhaps(&entry.declared.address)),
            false => world.under(entry.node(), "cidr"),
        };
        beside.entry(list).or_default().push(Shape::at(entry.at()).with_some("Cidr", cidr).tree());
    }
    for list in world.of_kinds(&["aws_ec2_managed_prefix_list"]) {
        let id = world.id(list);
        let mut entries: Vec<Tree<'a>> = Vec::new();
        for block in list.blocks("entry").iter().filter(|block| **block != Tree::Null) {
            entries.push(match block {
                Tree::Object(node) => {
                    Shape::at(node.at.or(list.at())).with_some("Cidr", world.under(node, "cidr")).tree()
                }
                other => other.clone(),
            });
        }
        entries.extend(beside.remove(&id).into_iter().flatten());
        let shape = Shape::at(list.at())
            .with("PrefixListId", id)
            .with_some("PrefixListName", list.text("name"))
            .with_some("AddressFamily", list.text("address_family"))
            .with_some("OwnerId", list.text("owner_id"))
            .with("Entries", entries);
        out.put("prefix-list", list, shape);
    }
    for list in world.looked_up().filter(|thing| thing.is(LOOKED_UP)) {
        let name = list.text("name").or_else(|| list.text("prefix_list_name"));
        let is_of_aws = name.is_some_and(|name| name.starts_with("com.amazonaws."));
        let cidrs = list.value("cidr_blocks").or_else(|| list.value("entries")).cloned();
        let shape = Shape::at(list.at())
            .with("PrefixListId", world.id(list))
            .with_some("PrefixListName", name)
            .with_some("OwnerId", is_of_aws.then_some("AWS"))
            .with_some("Entries", cidrs.filter(|cidrs| matches!(cidrs, Tree::List(_))));
        out.put("prefix-list", list, shape);
    }
}

const LOOKED_UP: &[&str] = &["aws_prefix_list", "aws_ec2_managed_prefix_list"];
