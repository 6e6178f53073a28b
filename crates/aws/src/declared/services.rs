//! Services with a list of their own: clusters of EKS, domains of OpenSearch, instances and databases of Lightsail.

use std::collections::BTreeMap;

use cloud::json::Tree;

use super::Out;
use super::shape::{Shape, perhaps, text};
use super::world::{Thing, World, as_text, flag_in, items_of, value_in};

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for cluster in world.of_kinds(&["aws_eks_cluster"]) {
        lower_eks(world, cluster, out);
    }
    lower_domains(world, out);
    lower_lightsail(world, out);
}

fn lower_eks<'a>(world: &World<'_, 'a>, cluster: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let at = cluster.at();
    let access = match cluster.blocks("vpc_config").iter().find(|block| **block != Tree::Null) {
        Some(Tree::Object(node)) => {
            // Nobody is in an empty list: everybody is.
            let cidrs = world.under(node, "public_access_cidrs");
            let public = flag_in(node, "endpoint_public_access").written(Some(Tree::Flag(true)), Tree::Flag);
            Shape::at(node.at.or(at))
                .with_some("endpointPublicAccess", public)
                .with_some("publicAccessCidrs", cidrs)
                .tree()
        }
        Some(unknown) => unknown.clone(),
        None => Shape::at(at).tree(),
    };
    let family = cluster.block("kubernetes_network_config").and_then(|node| value_in(node, "ip_family"));
    let family = family.cloned().unwrap_or_else(|| text("ipv4"));
    let shape = Shape::at(at)
        .with("name", world.name(cluster))
        .with_some("arn", cluster.text("arn"))
        .with_some("endpoint", cluster.text("endpoint"))
        .with("resourcesVpcConfig", access)
        .with("kubernetesNetworkConfig", Shape::at(at).with("ipFamily", family));
    out.put("eks-cluster", cluster, shape);
}

const DOMAINS: [(&str, &str); 2] = [
    ("aws_elasticsearch_domain", "aws_elasticsearch_domain_policy"),
    ("aws_opensearch_domain", "aws_opensearch_domain_policy"),
];

fn lower_domains<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for (domains, policies) in DOMAINS {
        let mut beside: BTreeMap<String, Tree<'a>> = BTreeMap::new();
        for policy in world.of_kinds(&[policies]) {
            let Some(domain) = out.owner(world, policy, "domain_name") else { continue };
            let said = match policy.is_perhaps() {
                true => Some(perhaps(&policy.declared.address)),
                false => world.under(policy.node(), "access_policies"),
            };
            beside.extend(said.map(|said| (domain, said)));
        }
        for domain in world.of_kinds(&[domains]) {
            let name = world.name(domain);
            let policy = beside.remove(&name).or_else(|| world.under(domain.node(), "access_policies"));
            let blocks = |key: &str| domain.blocks(key).iter().find(|block| **block != Tree::Null);
            let network = blocks("vpc_options").map(|block| match block {
                Tree::Object(node) => {
                    // A state has the block of a domain that is in no VPC too.
                    let subnets = world.under(node, "subnet_ids").unwrap_or_else(|| Tree::List(Vec::new()));
                    Shape::at(node.at).with("SubnetIds", known_items(&subnets)).tree()
                }
                unknown => unknown.clone(),
            });
            let endpoint = blocks("domain_endpoint_options").map(|block| match block {
                Tree::Object(node) => {
                    let enforced = flag_in(node, "enforce_https").written(Some(Tree::Flag(true)), Tree::Flag);
                    Shape::at(node.at).with_some("EnforceHTTPS", enforced).tree()
                }
                unknown => unknown.clone(),
            });
            let shape = Shape::at(domain.at())
                .with("DomainName", name)
                .with_some("ARN", domain.text("arn"))
                .with("AccessPolicies", policy.unwrap_or(Tree::Null))
                .with_some("VPCOptions", network)
                .with_some("DomainEndpointOptions", endpoint)
                .with(
                    "IPAddressType",
                    domain.value("ip_address_type").cloned().unwrap_or_else(|| text("ipv4")),
                );
            out.put("opensearch-domain", domain, shape);
        }
    }
}

/// That there are subnets is asked, not which: one that is not known is one.
fn known_items<'a>(subnets: &Tree<'a>) -> Tree<'a> {
    match subnets {
        Tree::List(items) => {
            let one = |item: &Tree<'a>| as_text(item).map_or_else(|| text("a subnet"), text);
            Tree::List(items.iter().map(one).collect())
        }
        other => other.clone(),
    }
}

fn lower_lightsail<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut ports: BTreeMap<String, Vec<Tree<'a>>> = BTreeMap::new();
    for thing in world.of_kinds(&["aws_lightsail_instance_public_ports"]) {
        let Some(instance) = out.owner(world, thing, "instance_name") else { continue };
        let own = ports.entry(instance).or_default();
        for block in thing.blocks("port_info").iter().filter(|block| **block != Tree::Null) {
            own.push(port_state(thing, block));
        }
    }
    for instance in world.of_kinds(&["aws_lightsail_instance"]) {
        let name = world.name(instance);
        let listed = ports.remove(&name).unwrap_or_else(|| default_ports(instance));
        let is_unknown = listed.iter().any(|port| !matches!(port, Tree::Object(_)));
        let listed =
            if is_unknown { super::shape::elsewhere("ports of the instance") } else { Tree::List(listed) };
        let kind = instance.value("ip_address_type").cloned().unwrap_or_else(|| text("dualstack"));
        let v6 = instance
            .value("ipv6_addresses")
            .filter(|listed| matches!(listed, Tree::List(items) if !items.is_empty()));
        let shape = Shape::at(instance.at())
            .with("name", name)
            .with_some("arn", instance.text("arn"))
            .with("ipAddressType", kind)
            .with_some("publicIpAddress", instance.text("public_ip_address"))
            .with_some("privateIpAddress", instance.text("private_ip_address"))
            .with_some("ipv6Addresses", v6.cloned())
            .with("networking", Shape::at(instance.at()).with("ports", listed));
        out.put("lightsail-instance", instance, shape);
    }
    for database in world.of_kinds(&["aws_lightsail_database"]) {
        let word =
            database.text("relational_database_blueprint_id").or_else(|| database.text("blueprint_id"));
        let port = word.and_then(|word| match word {
            _ if word.starts_with("mysql") => Some("3306"),
            _ if word.starts_with("postgres") => Some("5432"),
            _ => None,
        });
        let known = database.value("master_endpoint_port").cloned().or_else(|| port.map(text));
        let public = database.flag("publicly_accessible").written(Some(Tree::Flag(false)), Tree::Flag);
        let name =
            database.text("relational_database_name").map_or_else(|| world.name(database), str::to_owned);
        let shape = Shape::at(database.at())
            .with("name", name)
            .with_some("arn", database.text("arn"))
            .with_some("publiclyAccessible", public)
            .with("masterEndpoint", Shape::at(database.at()).with_some("port", known));
        out.put("lightsail-database", database, shape);
    }
}

/// One open port of an instance. Of one list that is said the other is empty; where neither is, everybody comes in.
fn port_state<'a>(thing: Thing<'_, 'a>, block: &Tree<'a>) -> Tree<'a> {
    let Tree::Object(node) = block else { return block.clone() };
    let list = |key: &str| value_in(node, key).filter(|list| !items_of(list).is_empty()).cloned();
    let (v4, v6, aliases) = (list("cidrs"), list("ipv6_cidrs"), list("cidr_list_aliases"));
    let is_said = v4.is_some() || v6.is_some() || aliases.is_some();
    let empty = |list: Option<Tree<'a>>| list.or_else(|| is_said.then(|| Tree::List(Vec::new())));
    let certain = thing.is_perhaps().then(|| perhaps(&thing.declared.address));
    Shape::at(node.at.or(thing.at()))
        .with_some("protocol", value_in(node, "protocol").cloned())
        .with_some("fromPort", value_in(node, "from_port").cloned())
        .with_some("toPort", value_in(node, "to_port").cloned())
        .with_some("cidrs", empty(v4))
        .with_some("ipv6Cidrs", empty(v6))
        .with_some("cidrListAliases", aliases)
        .with_some("state", certain)
        .tree()
}

/// P23: what a new instance has open: SSH or RDP and HTTP; HTTPS with some images.
fn default_ports<'a>(instance: Thing<'_, 'a>) -> Vec<Tree<'a>> {
    let blueprint = instance.text("blueprint_id");
    let is_windows = blueprint.is_some_and(|word| word.to_ascii_lowercase().starts_with("windows"));
    let some = || super::shape::elsewhere("whether the image opens the port");
    let open = |port: &str, doubt: Option<Tree<'a>>| {
        let everybody = |prefix: &str| vec![text(prefix)];
        Shape::at(instance.at())
            .with("protocol", "tcp")
            .with("fromPort", port)
            .with("toPort", port)
            .with("cidrs", everybody("0.0.0.0/0"))
            .with("ipv6Cidrs", everybody("::/0"))
            .with_some("state", doubt)
            .tree()
    };
    let remote = match (is_windows, blueprint) {
        (true, _) => vec![open("3389", None)],
        (false, Some(_)) => vec![open("22", None)],
        (false, None) => vec![open("22", Some(some())), open("3389", Some(some()))],
    };
    remote.into_iter().chain([open("80", None), open("443", Some(some()))]).collect()
}
