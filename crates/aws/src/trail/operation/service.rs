//! Services with a list of their own of whom they let in: EKS, OpenSearch, Lightsail.

use cloud::audit::{Act, Nature, Spot};
use cloud::json::{Cause, Node, Tree};

use super::Does;
use super::Does::Read as By;
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, object, perhaps, text, tree};

/// What is done to clusters of EKS.
pub(super) const EKS: &[(&str, Does)] = &[
    ("CreateCluster", By(create_cluster)),
    ("UpdateClusterConfig", By(update_cluster)),
    ("DeleteCluster", By(delete_cluster)),
];

/// What is done to domains of OpenSearch, under the names of both of its versions.
pub(super) const DOMAINS: &[(&str, Does)] = &[
    ("CreateDomain", By(domain)),
    ("CreateElasticsearchDomain", By(domain)),
    ("UpdateDomainConfig", By(domain)),
    ("UpdateElasticsearchDomainConfig", By(domain)),
    ("DeleteDomain", By(delete_domain)),
    ("DeleteElasticsearchDomain", By(delete_domain)),
];

/// What is done to instances and databases of Lightsail.
pub(super) const LIGHTSAIL: &[(&str, Does)] = &[
    ("OpenInstancePublicPorts", By(open)),
    ("CloseInstancePublicPorts", By(close)),
    ("PutInstancePublicPorts", By(put)),
    ("CreateInstances", By(launch)),
    ("CreateInstancesFromSnapshot", By(launch)),
    ("DeleteInstance", By(delete_instance)),
    ("SetIpAddressType", By(set_type)),
    ("CreateRelationalDatabase", By(create_database)),
    ("CreateRelationalDatabaseFromSnapshot", By(create_database)),
    ("UpdateRelationalDatabase", By(update_database)),
    ("DeleteRelationalDatabase", By(delete_database)),
];

fn create_cluster(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text("name") else { return told.no_id("name") };
    let arn = super::arn(call, "eks", &format!("cluster/{name}"));
    let made = call.response.part("cluster");
    // Public to everybody, unless it says otherwise: that is what reading it makes of what is not there (P21).
    let node = match made.has(ACCESS) {
        true => described(made, &[]),
        false => {
            object([("name", text(name)), ("arn", text(&arn)), (ACCESS, access(call.request.part(ACCESS)))])
        }
    };
    Meaning::edits(vec![call.edit(EKS_CLUSTER, &arn, Nature::Rule, Act::Put(node))])
}

/// What a request says of who gets to the endpoint; the rest stays as it is.
fn access(asked: Body<'_>) -> Tree<'static> {
    let stated = |key| asked.tree(key).unwrap_or(Tree::Null);
    tree([("endpointPublicAccess", stated("endpointPublicAccess")), (CIDRS, stated(CIDRS))])
}

fn update_cluster(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text("name") else { return told.no_id("name") };
    let arn = super::arn(call, "eks", &format!("cluster/{name}"));
    let asked = call.request.part(ACCESS);
    if !asked.has("endpointPublicAccess") && !asked.has(CIDRS) {
        return match call.request.has("logging") {
            true => super::impairment::cluster(&arn, call.request.part("logging")),
            // Authentication, upgrades.
            false => Meaning::nothing(&arn),
        };
    }
    let now = object([("name", text(name)), (ACCESS, access(asked))]);
    Meaning::edits(vec![call.edit(EKS_CLUSTER, &arn, Nature::Rule, Act::Merge(now))])
}

fn delete_cluster(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text("name") else { return told.no_id("name") };
    let arn = super::arn(call, "eks", &format!("cluster/{name}"));
    Meaning::edits(vec![call.edit(EKS_CLUSTER, &arn, Nature::Rule, Act::Drop)])
}

/// A new domain is stated whole by its request; of one that is there a request says what it changes.
fn domain(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(name) = request.text("domainName") else { return told.no_id("domainName") };
    let arn = super::arn(call, "es", &format!("domain/{name}"));
    let made = call.response.part("domainStatus");
    let is_new = call.name.starts_with("Create");
    let stated = |key: &str| request.tree(key).unwrap_or(Tree::Null);
    let mut now = object([
        ("DomainName", text(name)),
        ("AccessPolicies", stated("accessPolicies")),
        ("VPCOptions", stated("vPCOptions")),
        ("DomainEndpointOptions", stated("domainEndpointOptions")),
        ("IPAddressType", stated("iPAddressType")),
    ]);
    if !is_new {
        if now.entries().len() == 1 {
            return Meaning::nothing(&arn);
        }
        return Meaning::edits(vec![call.edit(DOMAIN, &arn, Nature::Rule, Act::Merge(now))]);
    }
    if made.has("domainName") {
        let mut whole = described(made, &[]);
        for (key, value) in now.into_entries() {
            // What is being made has no policy of its own in the answer yet.
            whole.take_out(&key);
            whole.push(key, value);
        }
        now = whole;
    }
    Meaning::edits(vec![call.edit(DOMAIN, &arn, Nature::Rule, Act::Put(now))])
}

fn delete_domain(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text("domainName") else { return told.no_id("domainName") };
    let arn = super::arn(call, "es", &format!("domain/{name}"));
    Meaning::edits(vec![call.edit(DOMAIN, &arn, Nature::Rule, Act::Drop)])
}

/// A port as states of ports are listed: open to everybody where it lists nobody (P23).
fn port(stated: Body<'_>) -> Tree<'static> {
    let mut node = described(stated, &[]);
    let lists = ["cidrs", "ipv6Cidrs", "cidrListAliases"];
    if lists.iter().any(|key| !stated.items(key).is_empty()) {
        // A list that is left out beside another one is empty.
        for key in lists.iter().filter(|key| !stated.has(key)) {
            node.push((*key).into(), Tree::List(Vec::new()));
        }
    } else {
        node = node.without_nulls();
        for key in lists {
            node.take_out(key);
        }
    }
    Tree::Object(node)
}

/// Ports are known apart by these: what is opened again takes the place of what was open.
const PORT_KEYS: [&str; 3] = ["fromPort", "toPort", "protocol"];

fn ports(call: &Call<'_>, told: &mut Told<'_>, act: Act) -> Meaning {
    let Some(name) = call.request.text("instanceName") else { return told.no_id("instanceName") };
    let id = format!("{}{name}", crate::resource::PORTS);
    Meaning::edits_of(name, vec![call.edit(STATES, &id, Nature::Rule, act)])
}

fn open(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let items = vec![port(call.request.part("portInfo"))];
    ports(call, told, Act::Insert { into: Spot::of(&["portStates"]), items, by: names(&PORT_KEYS) })
}

fn close(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let own = call.request.part("portInfo");
    let pattern =
        Node::new(PORT_KEYS.iter().map(|key| ((*key).into(), perhaps(own.text(key)))).collect(), None);
    ports(
        call,
        told,
        Act::Remove { from: Spot::of(&["portStates"]), items: vec![Tree::Object(pattern.without_nulls())] },
    )
}

fn put(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text("instanceName") else { return told.no_id("instanceName") };
    let open = call.request.parts("portInfos").into_iter().map(port).collect();
    let now = object([("instanceName", text(name)), ("portStates", Tree::List(open))]);
    ports(call, told, Act::Put(now))
}

/// A new instance has SSH and HTTP open to everybody, one of Windows RDP in place of SSH; some applications HTTPS besides. Of
/// which system a snapshot is, and what was open when it was made, the event does not say.
fn launch(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let named = request.texts("instanceNames");
    if named.is_empty() {
        return told.no_id("instanceNames");
    }
    let is_windows = request.text("blueprintId").is_some_and(|blueprint| blueprint.contains("windows"));
    let first = if is_windows { "3389" } else { "22" };
    let is_copy = call.name == "CreateInstancesFromSnapshot";
    let open = |number: &str| {
        let asked = || Tree::unknown(Cause::Existing, "which ports the snapshot has open");
        tree([
            ("fromPort", text(number)),
            ("toPort", text(number)),
            ("protocol", text("tcp")),
            ("cidrs", if is_copy { asked() } else { Tree::Null }),
            ("ipv6Cidrs", if is_copy { asked() } else { Tree::Null }),
            ("state", text("open")),
        ])
    };
    let mut ports = vec![open(first), open("80")];
    ports.extend(is_copy.then(|| open("3389")));
    let mut edits = Vec::with_capacity(named.len());
    for name in named {
        let networking = tree([("ports", Tree::List(ports.clone()))]);
        let instance = object([
            ("name", text(name)),
            ("ipAddressType", text(request.text("ipAddressType").unwrap_or("dualstack"))),
            ("networking", networking),
            ("state", tree([("name", text("running"))])),
        ]);
        let id = format!("lightsail:Instance/{name}");
        edits.push(call.edit("lightsail-instance", &id, Nature::Attachment, Act::Put(instance)));
    }
    Meaning::edits(edits)
}

fn delete_instance(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text("instanceName") else { return told.no_id("instanceName") };
    let id = format!("name={name}");
    Meaning::edits_of(name, vec![call.edit("lightsail-instance", &id, Nature::Attachment, Act::Drop)])
}

/// In which families an instance is reached. Load balancers and distributions are not modelled.
fn set_type(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(name) = request.text("resourceName") else { return told.no_id("resourceName") };
    if !request.text("resourceType").is_some_and(|word| word.eq_ignore_ascii_case("instance")) {
        return Meaning::not_modelled(name, "address type of a Lightsail resource");
    }
    let Some(word) = request.text("ipAddressType") else { return told.no_id("ipAddressType") };
    let addresses = if word.eq_ignore_ascii_case("ipv4") { Tree::List(Vec::new()) } else { Tree::Null };
    let now = object([("ipAddressType", text(word)), ("ipv6Addresses", addresses)]);
    let id = format!("name={name}");
    Meaning::edits_of(name, vec![call.edit("lightsail-instance", &id, Nature::Attachment, Act::Merge(now))])
}

/// A database that is public where its request says so. One that is made of a snapshot has the port of what that is of.
fn create_database(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(name) = request.text(DATABASE) else { return told.no_id(DATABASE) };
    let engine = request.text("relationalDatabaseBlueprintId");
    let port = engine.and_then(|engine| {
        let ports = [("mysql", "3306"), ("postgres", "5432")];
        ports.into_iter().find(|(word, _)| engine.starts_with(word)).map(|(_, port)| port)
    });
    let endpoint = port.map_or(Tree::Null, |port| tree([("port", text(port))]));
    let database = object([
        ("name", text(name)),
        ("publiclyAccessible", Tree::Flag(request.flag("publiclyAccessible") == Some(true))),
        ("masterEndpoint", endpoint),
    ]);
    let id = format!("lightsail:RelationalDatabase/{name}");
    let put = Act::Put(database);
    Meaning::edits_of(name, vec![call.edit("lightsail-database", &id, Nature::Rule, put)])
}

fn update_database(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text(DATABASE) else { return told.no_id(DATABASE) };
    let Some(is_public) = call.request.flag("publiclyAccessible") else { return Meaning::nothing(name) };
    let now = object([("publiclyAccessible", Tree::Flag(is_public))]);
    let id = format!("name={name}");
    Meaning::edits_of(name, vec![call.edit("lightsail-database", &id, Nature::Rule, Act::Merge(now))])
}

fn delete_database(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text(DATABASE) else { return told.no_id(DATABASE) };
    let id = format!("name={name}");
    Meaning::edits_of(name, vec![call.edit("lightsail-database", &id, Nature::Attachment, Act::Drop)])
}

const EKS_CLUSTER: &str = "eks-cluster";
const ACCESS: &str = "resourcesVpcConfig";
const CIDRS: &str = "publicAccessCidrs";
const DOMAIN: &str = "opensearch-domain";
pub(crate) const STATES: &str = "lightsail-port-states";
const DATABASE: &str = "relationalDatabaseName";
