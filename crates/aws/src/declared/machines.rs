//! Machines that will be there: instances, interfaces that are declared by themselves, and what is kept running by
//! others: groups of machines and services of containers.
//!
//! How many machines a group has changes; each of its subnets has one that stands for those there.

use std::collections::BTreeMap;

use cloud::json::{Node, Tree};

use super::Out;
use super::interfaces::{Book, Interface, Public, V6, put};
use super::shape::{Shape, elsewhere, perhaps, text};
use super::world::{
    PRIMARY_INTERFACE, Thing, World, as_text, block_in, blocks_in, flag_in, items_of, part_id, text_in,
    value_in,
};

pub(super) const INSTANCES: &[&str] = &["aws_instance", "aws_spot_instance_request"];

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let book = Book::of(world, out);
    let mut attached = attachments(world, out);
    for instance in world.of_kinds(INSTANCES) {
        lower_instance(world, &book, instance, out);
    }
    for interface in world.of_kinds(&["aws_network_interface"]) {
        lower_interface(world, &book, interface, &mut attached, out);
    }
    for group in world.of_kinds(&["aws_autoscaling_group"]) {
        let is_none = ["max_size"].iter().all(|key| group.text(key) == Some("0"));
        if !is_none {
            lower_group(world, &book, group, &Network::of_group(world, group), out);
        }
    }
    for service in world.of_kinds(&["aws_ecs_service"]) {
        if let Some(network) = Network::of_service(world, service) {
            lower_group(world, &book, service, &network, out);
        }
    }
}

/// What is said of the network of a machine.
#[derive(Clone, Default)]
struct Network<'a> {
    subnet: Option<Tree<'a>>,
    public: Option<Tree<'a>>,
    groups: Option<Tree<'a>>,
    private: Vec<Tree<'a>>,
    v6: Option<Tree<'a>>,
    v6_count: Option<Tree<'a>>,
}

impl<'a> Network<'a> {
    /// What an object says: an instance, a template, or an interface of a template.
    fn of(world: &World<'_, 'a>, node: &Node<'a>) -> Self {
        let of = |key: &str| world.under(node, key);
        let filled =
            |key: &str| of(key).filter(|tree| !matches!(tree, Tree::List(items) if items.is_empty()));
        let names = || filled("security_groups").or_else(|| filled("security_group_names"));
        let mut private: Vec<Tree<'a>> =
            of("private_ip").or_else(|| of("private_ip_address")).into_iter().collect();
        for key in ["secondary_private_ips", "ipv4_addresses"] {
            private.extend(world.items_under(node, key));
        }
        Self {
            subnet: of("subnet_id"),
            public: of("associate_public_ip_address"),
            groups: filled("vpc_security_group_ids").or_else(names),
            private,
            v6: filled("ipv6_addresses"),
            v6_count: of("ipv6_address_count"),
        }
    }

    /// What this leaves open the other says.
    fn or(self, other: Self) -> Self {
        Self {
            subnet: self.subnet.or(other.subnet),
            public: self.public.or(other.public),
            groups: self.groups.or(other.groups),
            private: if self.private.is_empty() { other.private } else { self.private },
            v6: self.v6.or(other.v6),
            v6_count: self.v6_count.or(other.v6_count),
        }
    }

    /// What a template of machines says: of its first interface, and of itself.
    fn of_template(world: &World<'_, 'a>, template: &Node<'a>) -> Self {
        let own = Self::of(world, template);
        match blocks_in(template, "network_interfaces").first() {
            None | Some(Tree::Null) => own,
            Some(Tree::Object(interface)) => Self::of(world, interface).or(own),
            Some(unknown) => Self::unknown(unknown),
        }
    }

    /// A machine of which nothing is known.
    fn unknown(why: &Tree<'a>) -> Self {
        let why = || Some(why.clone());
        Self { subnet: None, public: why(), groups: why(), private: Vec::new(), v6: why(), v6_count: None }
    }

    /// What the template says that an object names.
    fn of_named_template(world: &World<'_, 'a>, node: &Node<'a>) -> Self {
        let mixed = block_in(node, "mixed_instances_policy")
            .and_then(|mixed| block_in(mixed, "launch_template"))
            .and_then(|template| block_in(template, "launch_template_specification"));
        let block = mixed.or_else(|| block_in(node, "launch_template"));
        let named = match block {
            Some(block) => ["id", "launch_template_id", "name", "launch_template_name"]
                .iter()
                .find_map(|key| world.under(block, key)),
            None => match value_in(node, "launch_configuration") {
                Some(_) => world.under(node, "launch_configuration"),
                None => return Self::default(),
            },
        };
        let kinds = ["aws_launch_template", "aws_launch_configuration"];
        let found = named.as_ref().and_then(as_text).and_then(|named| {
            world.of_kinds(&kinds).find(|one| world.id(*one) == named || world.name(*one) == named)
        });
        match found {
            Some(template) => Self::of_template(world, template.node()),
            None => Self::unknown(&elsewhere("a template of machines that is not declared")),
        }
    }

    fn of_group(world: &World<'_, 'a>, group: Thing<'_, 'a>) -> Self {
        let own = Self::of_named_template(world, group.node());
        Self { subnet: world.under(group.node(), "vpc_zone_identifier").or(own.subnet.clone()), ..own }
    }

    /// A service of containers that have interfaces of their own.
    fn of_service(world: &World<'_, 'a>, service: Thing<'_, 'a>) -> Option<Self> {
        let block = match service.blocks("network_configuration").first()? {
            Tree::Object(block) => block,
            Tree::Null => return None,
            unknown => return Some(Self::unknown(unknown)),
        };
        let public = flag_in(block, "assign_public_ip").written(Some(Tree::Flag(false)), Tree::Flag);
        Some(Self {
            subnet: world.under(block, "subnets"),
            public,
            groups: world.under(block, "security_groups"),
            v6_count: None,
            ..Self::default()
        })
    }

    fn public(&self) -> Public<'a> {
        match &self.public {
            None => Public::OfSubnet,
            Some(Tree::Flag(true)) => Public::One(None),
            Some(Tree::Flag(false)) => Public::Nothing,
            Some(Tree::Text(word)) if word.eq_ignore_ascii_case("true") => Public::One(None),
            Some(Tree::Text(word)) if word.eq_ignore_ascii_case("false") => Public::Nothing,
            Some(Tree::Text(word)) if word.trim().is_empty() => Public::OfSubnet,
            Some(other) => Public::Unknown(other.clone()),
        }
    }

    fn v6(&self) -> V6<'a> {
        let told = super::shape::computed;
        match (&self.v6, &self.v6_count) {
            (Some(Tree::List(addresses)), _) => V6::These(addresses.clone()),
            (Some(unknown), _) => V6::Unknown(unknown.clone()),
            (None, Some(Tree::Text(count))) if count.trim() == "0" || count.trim().is_empty() => V6::OfSubnet,
            (None, Some(Tree::Text(_))) => V6::These(vec![told()]),
            (None, Some(unknown)) => V6::Unknown(unknown.clone()),
            (None, None) => V6::OfSubnet,
        }
    }
}

fn lower_instance<'w, 'a>(
    world: &World<'w, 'a>,
    book: &Book<'w, 'a>,
    instance: Thing<'w, 'a>,
    out: &mut Out<'_, '_, 'a>,
) {
    let id = world.id(instance);
    let shape = Shape::at(instance.at()).with("InstanceId", id.as_str()).with_some("Tags", instance.tags());
    out.put("instance", instance, shape);
    let given = ["network_interface", "primary_network_interface"];
    let mut blocks =
        given.iter().flat_map(|key| instance.blocks(key)).filter(|block| **block != Tree::Null).peekable();
    // In a state both are there: then its own interface is not declared apart.
    let is_apart = |block: &Tree<'a>| match block {
        Tree::Object(block) => {
            let named = world.under(block, "network_interface_id");
            let named = named.as_ref().and_then(as_text);
            named.is_none_or(|id| world.with_id(&["aws_network_interface"], id).is_some())
        }
        _ => true,
    };
    let mut network = Network::of(world, instance.node());
    if blocks.peek().is_some() && blocks.clone().all(is_apart) {
        if blocks.all(|block| matches!(block, Tree::Object(_))) {
            return;
        }
        network = Network::unknown(&elsewhere("the interfaces of the instance"));
    }
    if instance.block("launch_template").is_some() {
        network = network.or(Network::of_named_template(world, instance.node()));
    }
    let known = instance.text("primary_network_interface_id");
    let subnet = match &network.subnet {
        Some(subnet) => subnet.clone(),
        None => text(super::presumed::subnet_id(world, instance, out)),
    };
    let public = match (instance.text("public_ip"), instance.value("public_ip")) {
        (Some(address), _) => Public::One(Some(text(address))),
        // A state says that there is none.
        (None, Some(Tree::Text(_))) => Public::Nothing,
        (None, _) => network.public(),
    };
    let interface = Interface {
        thing: instance,
        id: known.map_or_else(|| part_id(&id, PRIMARY_INTERFACE), str::to_owned),
        subnet,
        groups: network.groups.clone(),
        public,
        private: network.private.clone(),
        v6: network.v6(),
        attached: Some((text(id), text("0"))),
        condition: None,
    };
    put(world, book, interface, out);
}

/// What is kept running in each subnet of a list.
fn lower_group<'w, 'a>(
    world: &World<'w, 'a>,
    book: &Book<'w, 'a>,
    group: Thing<'w, 'a>,
    network: &Network<'a>,
    out: &mut Out<'_, '_, 'a>,
) {
    let subnets = match &network.subnet {
        Some(listed) => items_of(listed).into_owned(),
        None => vec![text(super::presumed::subnet_id(world, group, out))],
    };
    let name = tag_of_group(group).map_or_else(|| world.name(group), str::to_owned);
    let ids = ids_of_group(world, group);
    for (id, subnet) in ids.into_iter().zip(subnets) {
        let tag = Shape::at(group.at()).with("Key", "Name").with("Value", name.as_str()).tree();
        let shape = Shape::at(group.at()).with("InstanceId", id.as_str()).with("Tags", vec![tag]);
        out.put("instance", group, shape);
        let interface = Interface {
            thing: group,
            id: part_id(&id, PRIMARY_INTERFACE),
            subnet,
            groups: network.groups.clone(),
            public: network.public(),
            private: Vec::new(),
            v6: network.v6(),
            attached: Some((text(id), text("0"))),
            condition: None,
        };
        put(world, book, interface, out);
    }
}

/// The ids of the machines that stand for a group: one for each of its subnets.
pub(super) fn ids_of_group<'a>(world: &World<'_, 'a>, group: Thing<'_, 'a>) -> Vec<String> {
    let subnets = match group.is(&["aws_ecs_service"]) {
        true => Network::of_service(world, group).and_then(|network| network.subnet),
        false => Network::of_group(world, group).subnet,
    };
    let id = world.id(group);
    match subnets.as_ref().map(items_of).map_or(1, |subnets| subnets.len()) {
        1 => vec![id],
        count => (0..count).map(|number| part_id(&id, &number.to_string())).collect(),
    }
}

/// The name that a group gives its machines.
fn tag_of_group<'w>(group: Thing<'w, '_>) -> Option<&'w str> {
    let named = |block: &'w Tree<'_>| match block {
        Tree::Object(tag) if text_in(tag, "key") == Some("Name") => text_in(tag, "value"),
        _ => None,
    };
    let blocks = group.blocks("tag").iter().chain(match group.value("tags") {
        Some(Tree::List(tags)) => tags.as_slice(),
        _ => &[],
    });
    blocks.filter_map(named).next().or_else(|| group.name_tag())
}

/// An attachment: the instance, the place there, and whether it is there, where that is not known.
type Attached<'a> = (Tree<'a>, Tree<'a>, Option<Tree<'a>>);

/// Interfaces that are attached by something else than themselves.
fn attachments<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) -> BTreeMap<String, Attached<'a>> {
    let mut attached: BTreeMap<String, Attached<'a>> = BTreeMap::new();
    for instance in world.of_kinds(INSTANCES) {
        for (key, device) in [("network_interface", None), ("primary_network_interface", Some("0"))] {
            for block in instance.blocks(key).iter().filter(|block| **block != Tree::Null) {
                let Tree::Object(block) = block else {
                    out.tell_unowned(instance, key);
                    continue;
                };
                let interface = world.under(block, "network_interface_id");
                let Some(interface) = interface.as_ref().and_then(as_text) else {
                    out.tell_unowned(instance, "network_interface_id");
                    continue;
                };
                let device = world.under(block, "device_index").or_else(|| device.map(text));
                let device = device.unwrap_or_else(|| text("0"));
                attached.insert(interface.to_owned(), (text(world.id(instance)), device, None));
            }
        }
    }
    for thing in world.of_kinds(&["aws_network_interface_attachment"]) {
        let Some(interface) = out.owner(world, thing, "network_interface_id") else { continue };
        let node = thing.node();
        let instance = world.under(node, "instance_id").unwrap_or_else(|| elsewhere("an instance"));
        let device = world.under(node, "device_index").unwrap_or_else(|| text("1"));
        let condition = thing.is_perhaps().then(|| perhaps(&thing.declared.address));
        attached.insert(interface, (instance, device, condition));
    }
    attached
}

fn lower_interface<'w, 'a>(
    world: &World<'w, 'a>,
    book: &Book<'w, 'a>,
    interface: Thing<'w, 'a>,
    attached: &mut BTreeMap<String, Attached<'a>>,
    out: &mut Out<'_, '_, 'a>,
) {
    let id = world.id(interface);
    let node = interface.node();
    let own =
        interface.blocks("attachment").iter().find(|block| **block != Tree::Null).map(|block| match block {
            Tree::Object(block) => {
                let instance = world.under(block, "instance").unwrap_or_else(|| elsewhere("an instance"));
                (instance, world.under(block, "device_index").unwrap_or_else(|| text("1")), None)
            }
            unknown => (unknown.clone(), text("1"), Some(unknown.clone())),
        });
    let attached = attached.remove(&id).or(own);
    let condition = attached.as_ref().and_then(|(_, _, condition)| condition.clone());
    let users = ["aws_lb", "aws_nat_gateway", "aws_launch_template", "aws_eip", "aws_eip_association"];
    // Something else that names it may use it.
    let mut others = world.users_of(&interface.declared.address);
    let is_used = others.any(|kind| {
        !users.contains(&kind) && !INSTANCES.contains(&kind) && !kind.starts_with("aws_network_interface")
    });
    let condition = condition.or_else(|| {
        (is_used && attached.is_none()).then(|| elsewhere("whether what names the interface uses it"))
    });
    let mut network = Network::of(world, node);
    let listed = ["private_ips", "private_ip_list"].iter().find_map(|key| world.under(node, key));
    if let Some(listed) = listed {
        network.private = items_of(&listed).into_owned();
    }
    let more = match world.under(node, "private_ips_count") {
        Some(Tree::Text(count)) => count.trim().parse::<usize>().unwrap_or(0).min(ADDRESSES_MAX),
        _ => 0,
    };
    network.private.extend((0..more).map(|_| super::shape::computed()));
    let subnet = network.subnet.clone().unwrap_or_else(|| elsewhere("its subnet"));
    let put_as = Interface {
        thing: interface,
        id,
        subnet,
        groups: network.groups.clone(),
        public: Public::Nothing,
        private: network.private.clone(),
        v6: network.v6(),
        attached: attached.map(|(instance, device, _)| (instance, device)),
        condition,
    };
    put(world, book, put_as, out);
}

/// How many addresses of an interface are told one by one.
const ADDRESSES_MAX: usize = 64;
