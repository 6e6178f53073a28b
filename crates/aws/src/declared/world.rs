//! The resources of a configuration, found by where they are declared; who each is, and what refers to what.
//!
//! What a reference comes to is an id: the one that is known, else one made of the label of the configuration and the
//! place. Knows which attributes of a type are its id and its ARN, and nothing else of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{Cause, Node, Reference, Tree};
use cloud::{Declarations, Declared, Presence};

use crate::resource::{Arn, Origin};

use super::shape::text;

/// A resource that is declared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thing<'w, 'a> {
    pub(super) declared: &'w Declared<'a>,
}

/// A value as an argument says it. Complete.
#[derive(Clone, Debug)]
pub(super) enum Argument<'a, T> {
    /// It is not there, or null.
    Absent,
    Known(T),
    /// It is there, and not known.
    Unknown(Tree<'a>),
}

/// All resources of a configuration.
#[derive(Debug)]
pub(super) struct World<'w, 'a> {
    label: &'w str,
    things: Vec<Thing<'w, 'a>>,
    by_address: BTreeMap<&'w str, usize>,
    by_id: BTreeMap<String, Vec<usize>>,
    // What is named anywhere, with the types of those that name it.
    users: BTreeMap<&'w str, BTreeSet<&'w str>>,
}

/// The value of an argument of an object. What plans tell of an argument that nobody wrote is as good as absent.
pub(super) fn value_in<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Tree<'a>> {
    match node.own(key)? {
        Tree::Null => None,
        Tree::Unknown(unknown)
            if unknown.cause == Cause::Computed && unknown.text.is_empty() && unknown.refers.is_none() =>
        {
            None
        }
        value => Some(value),
    }
}

/// A text of an object that is known and not blank.
pub(super) fn text_in<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    match value_in(node, key)? {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// A boolean of an object.
pub(super) fn flag_in<'a>(node: &Node<'a>, key: &str) -> Argument<'a, bool> {
    match value_in(node, key) {
        None => Argument::Absent,
        Some(Tree::Flag(flag)) => Argument::Known(*flag),
        Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("true") || word == "1" => {
            Argument::Known(true)
        }
        Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("false") || word == "0" => {
            Argument::Known(false)
        }
        Some(Tree::Text(word)) if word.trim().is_empty() => Argument::Absent,
        Some(other) => Argument::Unknown(other.clone()),
    }
}

/// The blocks of an object under a key: objects, and what is not known of them.
pub(super) fn blocks_in<'n, 'a>(node: &'n Node<'a>, key: &str) -> &'n [Tree<'a>] {
    match node.own(key) {
        None | Some(Tree::Null) => &[],
        Some(Tree::List(items)) => items,
        Some(alone) => core::slice::from_ref(alone),
    }
}

/// The first block under a key, where it is known.
pub(super) fn block_in<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    blocks_in(node, key).iter().find_map(|block| match block {
        Tree::Object(node) => Some(node),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    })
}

impl<'w, 'a> Thing<'w, 'a> {
    pub(super) fn kind(self) -> &'w str {
        &self.declared.kind
    }

    pub(super) fn node(self) -> &'w Node<'a> {
        &self.declared.attributes
    }

    pub(super) fn at(self) -> Option<&'a str> {
        self.declared.attributes.at
    }

    pub(super) fn value(self, key: &str) -> Option<&'w Tree<'a>> {
        value_in(self.node(), key)
    }

    pub(super) fn text(self, key: &str) -> Option<&'w str> {
        text_in(self.node(), key)
    }

    pub(super) fn flag(self, key: &str) -> Argument<'a, bool> {
        flag_in(self.node(), key)
    }

    pub(super) fn blocks(self, key: &str) -> &'w [Tree<'a>] {
        blocks_in(self.node(), key)
    }

    pub(super) fn block(self, key: &str) -> Option<&'w Node<'a>> {
        block_in(self.node(), key)
    }

    pub(super) fn is_perhaps(self) -> bool {
        self.declared.presence == Presence::Perhaps
    }

    pub(super) fn is(self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind())
    }

    /// Its tag `Name`, its own or that of its provider.
    pub(super) fn name_tag(self) -> Option<&'w str> {
        let of = |node: &'w Node<'a>, key: &str| match value_in(node, key)? {
            Tree::Object(tags) => text_in(tags, "Name"),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
        };
        let own = of(self.node(), "tags").or_else(|| of(self.node(), "tags_all"));
        own.or_else(|| of(block_in(&self.declared.provider, "default_tags")?, "tags"))
    }

    /// Its tags as answers have them: only the name is read.
    pub(super) fn tags(self) -> Option<Tree<'a>> {
        let name = self.name_tag()?;
        let tag = Node::new(vec![("Key".into(), text("Name")), ("Value".into(), text(name))], self.at());
        Some(Tree::List(vec![Tree::Object(tag)]))
    }

    /// The region it will be in.
    pub(super) fn region(self) -> Option<&'w str> {
        let of_arn = self.text("arn").and_then(|arn| Arn::of(arn).region);
        // Since version 6 of the provider resources may say it themselves.
        of_arn.or_else(|| self.text("region")).or_else(|| text_in(&self.declared.provider, "region"))
    }

    /// The account it will be in: as it says itself, else the one account that its provider takes, or whose role it takes.
    fn account(self) -> Option<&'w str> {
        let provider: &'w Node<'a> = &self.declared.provider;
        let is_account = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        let own = self.text("owner_id").filter(is_account);
        let own = own.or_else(|| self.text("arn").and_then(|arn| Arn::of(arn).account));
        let role =
            || text_in(block_in(provider, "assume_role")?, "role_arn").and_then(|arn| Arn::of(arn).account);
        let allowed = || match value_in(provider, "allowed_account_ids")? {
            Tree::List(ids) => match ids.as_slice() {
                [Tree::Text(id)] => Some(id.trim()).filter(is_account),
                _ => None,
            },
            _ => None,
        };
        own.or_else(role).or_else(allowed)
    }

    /// Region and account as ARNs have them: what is not known is empty there, and so they read it.
    pub(super) fn place(self) -> (&'w str, &'w str) {
        (self.region().unwrap_or(""), self.account().unwrap_or(""))
    }

    pub(super) fn origin(self) -> Origin {
        Origin { account: self.account().map(Into::into), region: self.region().map(Into::into), arn: None }
    }
}

impl<'w, 'a> World<'w, 'a> {
    pub(super) fn of(declarations: &Declarations<'w, 'a>) -> Self {
        let things: Vec<Thing<'w, 'a>> =
            declarations.resources.iter().map(|declared| Thing { declared }).collect();
        let by_address =
            things.iter().enumerate().map(|(place, thing)| (&*thing.declared.address, place)).collect();
        let mut world = Self {
            label: declarations.label,
            things,
            by_address,
            by_id: BTreeMap::new(),
            users: BTreeMap::new(),
        };
        for (place, thing) in world.things.iter().enumerate() {
            let id = world.id(*thing);
            world.by_id.entry(id).or_default().push(place);
        }
        let mut users = BTreeMap::new();
        for thing in world.made() {
            name_all(thing.node(), thing.kind(), &mut users);
        }
        Self { users, ..world }
    }

    /// The resources that will be made, in the order of their addresses.
    pub(super) fn made(&self) -> impl Iterator<Item = Thing<'w, 'a>> + '_ {
        self.things.iter().copied().filter(|thing| !thing.declared.is_looked_up)
    }

    /// What is looked up.
    pub(super) fn looked_up(&self) -> impl Iterator<Item = Thing<'w, 'a>> + '_ {
        self.things.iter().copied().filter(|thing| thing.declared.is_looked_up)
    }

    /// Those of some types.
    pub(super) fn of_kinds<'s>(&'s self, kinds: &'s [&str]) -> impl Iterator<Item = Thing<'w, 'a>> + 's {
        self.made().filter(|thing| thing.is(kinds))
    }

    pub(super) fn find(&self, address: &str) -> Option<Thing<'w, 'a>> {
        self.by_address.get(address).and_then(|place| self.things.get(*place)).copied()
    }

    /// The resource of some types that has an id.
    pub(super) fn with_id(&self, kinds: &[&str], id: &str) -> Option<Thing<'w, 'a>> {
        let places = self.by_id.get(id).into_iter().flatten();
        let mut things = places.filter_map(|place| self.things.get(*place)).copied();
        things.find(|thing| thing.is(kinds) && !thing.declared.is_looked_up)
    }

    /// The place of a resource, told apart from the same place of other configurations.
    pub(super) fn called(&self, thing: Thing<'_, '_>) -> String {
        self.labelled(&thing.declared.address)
    }

    /// Something of this configuration, told apart from the same of others.
    pub(super) fn labelled(&self, what: &str) -> String {
        match self.label {
            "" => what.to_owned(),
            label => format!("{label}/{what}"),
        }
    }

    /// The id of a resource: the one it is known to have, else one made of its place.
    pub(super) fn id(&self, thing: Thing<'_, '_>) -> String {
        if thing.is(BY_ARN) {
            return self.arn(thing);
        }
        if thing.is(GROUPS_OF_MACHINES) {
            return format!("i-{}", self.called(thing));
        }
        let allocation = thing.text("allocation_id").filter(|_| thing.is(&["aws_eip"]));
        match thing.text("id").or(allocation) {
            Some(id) => id.to_owned(),
            None => {
                let prefix =
                    PREFIXES.iter().find(|(kinds, _)| thing.is(kinds)).map_or("", |(_, prefix)| prefix);
                format!("{prefix}{}", self.called(thing))
            }
        }
    }

    /// The ARN of a resource, likewise.
    pub(super) fn arn(&self, thing: Thing<'_, '_>) -> String {
        let stated = thing.text("arn").or_else(|| thing.text("id").filter(|id| id.starts_with("arn:")));
        if let Some(arn) = stated {
            return arn.to_owned();
        }
        let called = self.called(thing);
        let within = |key: &str, part: &str| {
            let outer = thing.value(key).map(|value| self.told(value));
            match outer {
                Some(Tree::Text(outer)) => format!("{outer}/{part}/{called}"),
                _ => format!("arn:aws:globalaccelerator:::accelerator/unknown/{part}/{called}"),
            }
        };
        let (region, account) = thing.place();
        let balancing =
            |resource: &str| format!("arn:aws:elasticloadbalancing:{region}:{account}:{resource}/{called}");
        match thing.kind() {
            "aws_lb" | "aws_alb" => match thing.text("load_balancer_type") {
                Some("network") => balancing("loadbalancer/net"),
                Some("gateway") => balancing("loadbalancer/gwy"),
                Some("application") => balancing("loadbalancer/app"),
                Some(_) => balancing("loadbalancer"),
                None if thing.value("load_balancer_type").is_none() => balancing("loadbalancer/app"),
                None => balancing("loadbalancer"),
            },
            "aws_lb_listener" | "aws_alb_listener" => balancing("listener"),
            "aws_lb_listener_rule" | "aws_alb_listener_rule" => balancing("listener-rule"),
            "aws_lb_target_group" | "aws_alb_target_group" => balancing("targetgroup"),
            "aws_globalaccelerator_accelerator" => {
                format!("arn:aws:globalaccelerator::{account}:accelerator/{called}")
            }
            "aws_globalaccelerator_listener" => within("accelerator_arn", "listener"),
            "aws_globalaccelerator_endpoint_group" => within("listener_arn", "endpoint-group"),
            kind => format!("arn:aws:{kind}:{region}:{account}:{called}"),
        }
    }

    /// A value with its references resolved, so far as they are to what is declared.
    pub(super) fn told(&self, value: &Tree<'a>) -> Tree<'a> {
        self.told_within(value, DEPTH_MAX)
    }

    fn told_within(&self, value: &Tree<'a>, depth: u32) -> Tree<'a> {
        match value {
            Tree::Unknown(unknown) => {
                let found = unknown.refers.as_ref().filter(|_| depth > 0);
                found
                    .and_then(|reference| self.referred(reference, depth - 1))
                    .unwrap_or_else(|| value.clone())
            }
            Tree::List(items) if depth > 0 => {
                Tree::List(items.iter().map(|item| self.told_within(item, depth - 1)).collect())
            }
            other => other.clone(),
        }
    }

    fn referred(&self, reference: &Reference, depth: u32) -> Option<Tree<'a>> {
        let thing = self.find(&reference.address)?;
        let attribute = reference.attribute.as_str();
        let id = || Some(text(self.id(thing)));
        let part = |what: &str| Some(text(part_id(&self.id(thing), what)));
        if let Some(known) = thing.value(attribute)
            && !matches!(known, Tree::Unknown(unknown) if unknown.refers.as_ref() == Some(reference))
        {
            return Some(self.told_within(known, depth));
        }
        match (thing.kind(), attribute) {
            _ if thing.declared.is_looked_up && !thing.is(STAND_INS) => None,
            (_, "id") if thing.is(BY_NAME) => Some(text(self.name(thing))),
            (_, "id") => id(),
            // Plans of old versions do not say which attribute it is.
            (_, "") if thing.is(BY_NAME) => Some(text(self.name(thing))),
            (_, "") => id(),
            (_, "arn") => Some(text(self.arn(thing))),
            (_, "name" | "identifier" | "cluster_identifier" | "cluster_name") => {
                Some(text(self.name(thing)))
            }
            ("aws_eip", "allocation_id") => id(),
            ("aws_ec2_managed_prefix_list" | "aws_prefix_list", "prefix_list_id") => id(),
            ("aws_instance" | "aws_spot_instance_request", "primary_network_interface_id") => {
                part(PRIMARY_INTERFACE)
            }
            ("aws_spot_instance_request", "spot_instance_id") => id(),
            (_, "default_security_group_id") => part(DEFAULT_GROUP),
            (_, "default_network_acl_id") => part(DEFAULT_LIST),
            (_, "main_route_table_id" | "default_route_table_id") => part(MAIN_TABLE),
            ("aws_eks_cluster", "vpc_config[0].cluster_security_group_id") => part(CLUSTER_GROUP),
            _ => None,
        }
    }

    /// What people call a resource: its own name, else where it is declared.
    pub(super) fn name(&self, thing: Thing<'_, '_>) -> String {
        let keys =
            ["name", "identifier", "cluster_identifier", "cluster_id", "domain_name", "workgroup_name"];
        let own = keys.iter().find_map(|key| thing.text(key));
        own.map_or_else(|| self.called(thing), str::to_owned)
    }

    /// The id that an argument names; `None` where it is absent or not known.
    pub(super) fn id_under(&self, thing: Thing<'_, 'a>, key: &str) -> Option<String> {
        match self.told(thing.value(key)?) {
            Tree::Text(id) => Some(id.trim().to_owned()).filter(|id| !id.is_empty()),
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
        }
    }

    /// The value of an argument with its references resolved.
    pub(super) fn under(&self, node: &Node<'a>, key: &str) -> Option<Tree<'a>> {
        value_in(node, key).map(|value| self.told(value))
    }

    /// The items of a list under a key, their references resolved: none of one that is absent. One that is not known is an
    /// item that is not known.
    pub(super) fn items_under(&self, node: &Node<'a>, key: &str) -> Vec<Tree<'a>> {
        self.under(node, key).map_or_else(Vec::new, |listed| items_of(&listed).into_owned())
    }

    /// The types of the resources whose arguments name something, by any of its attributes.
    pub(super) fn users_of(&self, address: &str) -> impl Iterator<Item = &'w str> + '_ {
        self.users.get(address).into_iter().flatten().copied()
    }
}

fn name_all<'w>(node: &'w Node<'_>, kind: &'w str, users: &mut BTreeMap<&'w str, BTreeSet<&'w str>>) {
    let mut left: Vec<&'w Tree<'_>> = node.entries().iter().map(|(_, value)| value).collect();
    while let Some(value) = left.pop() {
        match value {
            Tree::Unknown(unknown) => {
                if let Some(reference) = &unknown.refers {
                    users.entry(&reference.address).or_default().insert(kind);
                }
            }
            Tree::List(items) => left.extend(items),
            Tree::Object(node) => left.extend(node.entries().iter().map(|(_, value)| value)),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) => {}
        }
    }
}

/// The id of what comes with a resource although nobody declares it.
pub(super) fn part_id(of: &str, what: &str) -> String {
    format!("{of}:{what}")
}

/// What comes with a VPC, an instance, a cluster.
pub(super) const DEFAULT_GROUP: &str = "default-security-group";
pub(super) const DEFAULT_LIST: &str = "default-network-acl";
pub(super) const MAIN_TABLE: &str = "main-route-table";
pub(super) const PRIMARY_INTERFACE: &str = "interface";
pub(super) const CLUSTER_GROUP: &str = "cluster-security-group";

/// How far references are followed.
const DEPTH_MAX: u32 = 12;

/// Types whose ids readers know by how they start.
const PREFIXES: [(&[&str], &str); 6] = [
    (&["aws_internet_gateway"], "igw-"),
    (&["aws_instance", "aws_spot_instance_request"], "i-"),
    (&["aws_eip"], "eipalloc-"),
    (&["aws_vpc", "aws_default_vpc"], "vpc-"),
    (&["aws_vpn_gateway"], "vgw-"),
    (&["aws_vpc_endpoint"], "vpce-"),
];

/// Types that stand for machines, whose ids nobody knows before.
const GROUPS_OF_MACHINES: &[&str] = &["aws_autoscaling_group", "aws_ecs_service"];

/// Types that have no other id than their ARN.
const BY_ARN: &[&str] = &[
    "aws_lb",
    "aws_alb",
    "aws_lb_listener",
    "aws_alb_listener",
    "aws_lb_listener_rule",
    "aws_alb_listener_rule",
    "aws_lb_target_group",
    "aws_alb_target_group",
    "aws_globalaccelerator_accelerator",
    "aws_globalaccelerator_listener",
    "aws_globalaccelerator_endpoint_group",
];

/// Types whose attribute `id` is their name.
const BY_NAME: &[&str] = &[
    "aws_autoscaling_group",
    "aws_db_subnet_group",
    "aws_redshift_subnet_group",
    "aws_elb",
    "aws_eks_cluster",
    "aws_rds_cluster",
    "aws_neptune_cluster",
    "aws_docdb_cluster",
    "aws_lightsail_instance",
    "aws_launch_configuration",
    "aws_elasticsearch_domain",
    "aws_opensearch_domain",
];

/// What is looked up and stands for one thing each: what refers to it names the same, and it is not in the input.
const STAND_INS: &[&str] = &[
    "aws_vpc",
    "aws_subnet",
    "aws_security_group",
    "aws_internet_gateway",
    "aws_route_table",
    "aws_instance",
    "aws_eip",
    "aws_network_interface",
    "aws_lb",
    "aws_alb",
    "aws_lb_listener",
    "aws_lb_target_group",
    "aws_alb_target_group",
    "aws_nat_gateway",
    "aws_prefix_list",
    "aws_ec2_managed_prefix_list",
];

impl<'a, T> Argument<'a, T> {
    /// What it is, where it is absent and where it is not known.
    pub(super) fn written(
        self,
        absent: Option<Tree<'a>>,
        known: impl FnOnce(T) -> Tree<'a>,
    ) -> Option<Tree<'a>> {
        match self {
            Self::Absent => absent,
            Self::Known(value) => Some(known(value)),
            Self::Unknown(tree) => Some(tree),
        }
    }
}

/// A piece of text of a tree that is one.
pub(super) fn as_text<'t>(tree: &'t Tree<'_>) -> Option<&'t str> {
    match tree {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The items of a list; what is no list is an item.
pub(super) fn items_of<'t, 'a>(tree: &'t Tree<'a>) -> Cow<'t, [Tree<'a>]> {
    match tree {
        Tree::Null => Cow::Borrowed(&[]),
        Tree::List(items) => Cow::Borrowed(items),
        alone => Cow::Borrowed(core::slice::from_ref(alone)),
    }
}
