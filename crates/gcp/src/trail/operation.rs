//! The one table of operations that edit what is modelled: each collection of an API with its methods.
//!
//! Adding an operation: one entry, and its function in `edits`. A method of one of these collections that is in no entry is
//! told, unless it only reads.

use cloud::audit::{Edit, Nature};

use super::call::{Call, Told};
use super::edits::{
    armor, balancer, firewall, group, hierarchy, machine, network, plain, policy, service, tag,
};
use super::method::Method;

/// A collection of resources, or a service that has methods for one kind.
#[derive(Debug)]
pub(super) struct Collection {
    /// Its names: `compute.urlmaps`, `compute.regionurlmaps`.
    pub(super) of: &'static [&'static str],
    /// The kind, as `resource` names it.
    pub(super) kind: &'static str,
    /// What an edit of it is of.
    pub(super) nature: Nature,
    /// What an export says under `kind`; empty where exports name it by its path.
    pub(super) word: &'static str,
    /// What is done, by the method's last word in small letters.
    pub(super) verbs: &'static [(&'static str, Does)],
    /// Methods that move no packet.
    pub(super) beside: Beside,
}

/// What a method does. Complete.
#[derive(Clone, Copy, Debug)]
pub(super) enum Does {
    /// What its request says.
    Said(fn(&Call, &mut Told<'_>) -> Vec<Edit>),
    /// What its name and its resource say: every entry of it has that.
    Named(fn(&Call, &mut Told<'_>) -> Vec<Edit>),
}

/// Which other methods of a collection move no packet. Complete.
#[derive(Clone, Copy, Debug)]
pub(super) enum Beside {
    /// These: one that nobody knows is told.
    These(&'static [&'static str]),
    /// All: the service does many other things.
    All,
}

/// What a method is. Complete.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// One that edits.
    Known(&'static Collection, Does),
    /// One of a collection that is modelled, and nobody knows what it does.
    Unheard(&'static Collection),
    /// One that edits nothing that is modelled.
    Nothing,
}

/// Finds a method.
pub(super) fn find(method: &Method) -> Found {
    let named = || COLLECTIONS.iter().filter(|one| one.of.contains(&&*method.of));
    for collection in named() {
        if let Some((_, does)) = collection.verbs.iter().find(|(verb, _)| *verb == method.verb) {
            return Found::Known(collection, *does);
        }
    }
    let Some(collection) = named().next() else { return Found::Nothing };
    let is_beside = match collection.beside {
        Beside::All => true,
        Beside::These(verbs) => verbs.contains(&&*method.verb),
    };
    if is_beside || method.reads() { Found::Nothing } else { Found::Unheard(collection) }
}

/// The names of all methods of the table: what is done to a kind under the first of its names.
pub(super) fn names() -> impl Iterator<Item = String> {
    let mut told: Vec<(&str, &str)> = Vec::new();
    let all = COLLECTIONS.iter().flat_map(|one| one.verbs.iter().map(move |(verb, _)| (one, *verb)));
    all.filter_map(move |(one, verb)| {
        let is_new = !told.contains(&(one.kind, verb));
        told.push((one.kind, verb));
        let of = one.of.first().filter(|_| is_new)?;
        Some(if of.is_empty() { verb.to_owned() } else { format!("{of}.{verb}") })
    })
}

/// Whether a name is that of a method of the table.
pub(super) fn is_known(name: &str) -> bool {
    matches!(find(&Method::of(name)), Found::Known(..) | Found::Unheard(_))
}

const fn said(verb: &'static str, does: fn(&Call, &mut Told<'_>) -> Vec<Edit>) -> (&'static str, Does) {
    (verb, Does::Said(does))
}

const fn named(verb: &'static str, does: fn(&Call, &mut Told<'_>) -> Vec<Edit>) -> (&'static str, Does) {
    (verb, Does::Named(does))
}

const fn of(
    of: &'static [&'static str],
    kind: &'static str,
    nature: Nature,
    word: &'static str,
    verbs: &'static [(&'static str, Does)],
    beside: &'static [&'static str],
) -> Collection {
    Collection { of, kind, nature, word, verbs, beside: Beside::These(beside) }
}

/// Of a service whose other methods are about other things.
const fn among(
    of: &'static [&'static str],
    kind: &'static str,
    nature: Nature,
    word: &'static str,
    verbs: &'static [(&'static str, Does)],
) -> Collection {
    Collection { of, kind, nature, word, verbs, beside: Beside::All }
}

const ATTACHMENT: Nature = Nature::Attachment;
const RULE: Nature = Nature::Rule;

const PLAIN: &[(&str, Does)] = &[
    said("insert", plain::put),
    said("patch", plain::patch),
    said("update", plain::put),
    named("delete", plain::gone),
];

const POLICY: &[(&str, Does)] = &[
    said("insert", policy::insert),
    said("patch", plain::patch),
    named("delete", plain::gone),
    said("addrule", policy::add_rule),
    said("patchrule", policy::patch_rule),
    said("removerule", policy::remove_rule),
    said("clonerules", policy::clone_rules),
    said("addassociation", policy::add_association),
    said("removeassociation", policy::remove_association),
];

/// Of proxies that ask a map.
const MAPPED: &[(&str, Does)] = &[
    said("insert", plain::put),
    said("patch", plain::patch),
    named("delete", plain::gone),
    said("seturlmap", balancer::set_url_map),
];

/// Of proxies that have one service behind them.
const SERVED: &[(&str, Does)] = &[
    said("insert", plain::put),
    named("delete", plain::gone),
    said("setbackendservice", balancer::set_backend_service),
];

const ADDRESS_GROUP: &[(&str, Does)] = &[
    said("createaddressgroup", group::create),
    said("updateaddressgroup", group::update),
    said("addaddressgroupitems", group::add_items),
    said("removeaddressgroupitems", group::remove_items),
    said("cloneaddressgroupitems", group::clone_items),
    named("deleteaddressgroup", group::delete),
];

/// What certificates, ciphers and headers of a proxy are is no matter of reach.
const OF_PROXIES: &[&str] =
    &["setcertificatemap", "setproxyheader", "setquicoverride", "setsslcertificates", "setsslpolicy"];

/// Every collection that is modelled.
pub(super) static COLLECTIONS: &[Collection] = &[
    of(
        &["compute.firewalls"],
        "firewall-rule",
        RULE,
        "compute#firewall",
        &[
            said("insert", firewall::insert),
            said("patch", firewall::patch),
            said("update", firewall::update),
            named("delete", plain::gone),
        ],
        &[],
    ),
    of(
        &[
            "compute.firewallpolicies",
            "compute.networkfirewallpolicies",
            "compute.regionnetworkfirewallpolicies",
        ],
        "firewall-policy",
        RULE,
        "compute#firewallPolicy",
        POLICY,
        // Who holds a policy is not where it is in force; what is mirrored passes all the same.
        &["move", "addpacketmirroringrule", "patchpacketmirroringrule", "removepacketmirroringrule"],
    ),
    of(
        &["compute.networks"],
        "network",
        ATTACHMENT,
        "compute#network",
        &[said("insert", network::insert), said("patch", plain::patch), named("delete", plain::gone)],
        &[
            "addpeering",
            "removepeering",
            "updatepeering",
            "switchtocustommode",
            "requestremovepeering",
            "cancelrequestremovepeering",
        ],
    ),
    of(
        &["compute.subnetworks"],
        "subnetwork",
        ATTACHMENT,
        "compute#subnetwork",
        &[
            said("insert", network::insert_subnetwork),
            said("patch", network::patch_subnetwork),
            said("expandipcidrrange", network::patch_subnetwork),
            named("delete", plain::gone),
        ],
        &["setprivateipgoogleaccess"],
    ),
    of(
        &["compute.routes"],
        "route",
        ATTACHMENT,
        "compute#route",
        &[said("insert", network::insert_route), named("delete", plain::gone)],
        &[],
    ),
    of(
        &["compute.routers"],
        "router",
        ATTACHMENT,
        "compute#router",
        PLAIN,
        // What a router announces to its peers, and to whom a policy of it applies.
        &[
            "updateroutepolicy",
            "patchroutepolicy",
            "deleteroutepolicy",
            "updatenamedset",
            "patchnamedset",
            "deletenamedset",
        ],
    ),
    of(
        &["compute.addresses", "compute.globaladdresses"],
        "address",
        ATTACHMENT,
        "compute#address",
        &[said("insert", machine::insert_address), named("delete", plain::gone)],
        &["move"],
    ),
    of(
        &["compute.instances", "compute.regioninstances"],
        "instance",
        ATTACHMENT,
        "compute#instance",
        &[
            said("insert", machine::insert),
            said("bulkinsert", machine::bulk_insert),
            named("delete", plain::gone),
            said("update", machine::update),
            said("settags", machine::set_tags),
            said("setserviceaccount", machine::set_service_account),
            said("addaccessconfig", machine::add_access_config),
            said("deleteaccessconfig", machine::delete_access_config),
            said("updateaccessconfig", machine::update_access_config),
            said("updatenetworkinterface", machine::update_interface),
            said("addnetworkinterface", machine::add_interface),
            said("deletenetworkinterface", machine::delete_interface),
            said("setsecuritypolicy", machine::set_security_policy),
            named("start", machine::started),
            named("startwithencryptionkey", machine::started),
            named("resume", machine::started),
            named("automaticrestart", machine::started),
            named("stop", machine::stopped),
            named("preempted", machine::stopped),
            named("guestterminate", machine::stopped),
            named("suspend", machine::suspended),
        ],
        &[
            "addmaintenancepolicies",
            "addresourcepolicies",
            "attachdisk",
            "createtagbinding",
            "deletetagbinding",
            "detachdisk",
            "guestosfeatures",
            "hosterror",
            "insertdisk",
            "migrateonhostmaintenance",
            "migrate",
            "performmaintenance",
            "removemaintenancepolicies",
            "removeresourcepolicies",
            "reporthostasfaulty",
            "reset",
            "restart",
            "senddiagnosticinterrupt",
            "setdeletionprotection",
            "setdiskautodelete",
            "setlabels",
            "setmachineresources",
            "setmachinetype",
            "setmetadata",
            "setmincpuplatform",
            "setscheduling",
            "setshieldedinstanceintegritypolicy",
            "setshieldedvmintegritypolicy",
            "simulatemaintenanceevent",
            "terminateonhostmaintenance",
            "updatedisplaydevice",
            "updateshieldedinstanceconfig",
            "updateshieldedvmconfig",
            "uselatestsnapshot",
        ],
    ),
    of(
        &["compute.forwardingrules", "compute.globalforwardingrules"],
        "forwarding-rule",
        ATTACHMENT,
        "compute#forwardingRule",
        &[
            said("insert", balancer::insert_rule),
            said("patch", plain::patch),
            said("settarget", balancer::set_target),
            named("delete", plain::gone),
        ],
        &[],
    ),
    of(
        &["compute.targetinstances"],
        "target-instance",
        ATTACHMENT,
        "compute#targetInstance",
        &[
            said("insert", plain::put),
            said("setsecuritypolicy", balancer::set_security_policy),
            named("delete", plain::gone),
        ],
        &[],
    ),
    of(
        &["compute.targetpools"],
        "target-pool",
        ATTACHMENT,
        "compute#targetPool",
        &[
            said("insert", plain::put),
            said("addinstance", balancer::add_to_pool),
            said("removeinstance", balancer::remove_from_pool),
            said("setbackup", balancer::set_backup),
            said("setsecuritypolicy", balancer::set_security_policy),
            named("delete", plain::gone),
        ],
        &["addhealthcheck", "removehealthcheck"],
    ),
    of(
        &["compute.targetvpngateways"],
        "target-vpn-gateway",
        ATTACHMENT,
        "compute#targetVpnGateway",
        &[said("insert", plain::put), named("delete", plain::gone)],
        &[],
    ),
    of(
        &["compute.targethttpproxies", "compute.regiontargethttpproxies"],
        "target-http-proxy",
        ATTACHMENT,
        "compute#targetHttpProxy",
        MAPPED,
        OF_PROXIES,
    ),
    of(
        &["compute.targethttpsproxies", "compute.regiontargethttpsproxies"],
        "target-https-proxy",
        ATTACHMENT,
        "compute#targetHttpsProxy",
        MAPPED,
        OF_PROXIES,
    ),
    of(
        &["compute.targetsslproxies"],
        "target-ssl-proxy",
        ATTACHMENT,
        "compute#targetSslProxy",
        SERVED,
        OF_PROXIES,
    ),
    of(
        &["compute.targettcpproxies", "compute.regiontargettcpproxies"],
        "target-tcp-proxy",
        ATTACHMENT,
        "compute#targetTcpProxy",
        SERVED,
        OF_PROXIES,
    ),
    of(
        &["compute.targetgrpcproxies"],
        "target-grpc-proxy",
        ATTACHMENT,
        "compute#targetGrpcProxy",
        &[said("insert", plain::put), said("patch", plain::patch), named("delete", plain::gone)],
        OF_PROXIES,
    ),
    of(
        &["compute.urlmaps", "compute.regionurlmaps"],
        "url-map",
        ATTACHMENT,
        "compute#urlMap",
        PLAIN,
        &["invalidatecache"],
    ),
    of(
        &["compute.backendservices", "compute.regionbackendservices"],
        "backend-service",
        ATTACHMENT,
        "compute#backendService",
        &[
            said("insert", plain::put),
            said("patch", plain::patch),
            said("update", plain::put),
            said("setsecuritypolicy", balancer::set_security_policy),
            said("setedgesecuritypolicy", balancer::set_edge_policy),
            named("delete", plain::gone),
        ],
        &["addsignedurlkey", "deletesignedurlkey"],
    ),
    of(
        &["compute.backendbuckets", "compute.regionbackendbuckets"],
        "backend-bucket",
        ATTACHMENT,
        "compute#backendBucket",
        &[
            said("insert", plain::put),
            said("patch", plain::patch),
            said("update", plain::put),
            said("setedgesecuritypolicy", balancer::set_edge_policy),
            named("delete", plain::gone),
        ],
        &["addsignedurlkey", "deletesignedurlkey"],
    ),
    of(
        &["compute.instancegroups", "compute.regioninstancegroups"],
        "instance-group",
        ATTACHMENT,
        "compute#instanceGroup",
        &[
            said("insert", balancer::insert_group),
            named("delete", balancer::delete_group),
            said("addinstances", balancer::add_members),
            said("removeinstances", balancer::remove_members),
            said("setnamedports", balancer::set_named_ports),
        ],
        &[],
    ),
    // Instances that a manager makes and deletes have entries of their own.
    among(
        &["compute.instancegroupmanagers", "compute.regioninstancegroupmanagers"],
        "instance-group-manager",
        ATTACHMENT,
        "compute#instanceGroupManager",
        &[
            said("insert", balancer::insert_manager),
            said("patch", plain::patch),
            said("update", plain::patch),
            named("delete", plain::gone),
        ],
    ),
    of(
        &[
            "compute.networkendpointgroups",
            "compute.globalnetworkendpointgroups",
            "compute.regionnetworkendpointgroups",
        ],
        "network-endpoint-group",
        ATTACHMENT,
        "compute#networkEndpointGroup",
        &[
            said("insert", balancer::insert_endpoint_group),
            named("delete", balancer::delete_endpoint_group),
            said("attachnetworkendpoints", balancer::attach_endpoints),
            said("detachnetworkendpoints", balancer::detach_endpoints),
        ],
        &[],
    ),
    of(
        &["compute.securitypolicies", "compute.regionsecuritypolicies"],
        "security-policy",
        RULE,
        "compute#securityPolicy",
        &[
            said("insert", armor::insert),
            said("patch", plain::patch),
            said("addrule", policy::add_rule),
            said("patchrule", armor::patch_rule),
            said("removerule", policy::remove_rule),
            named("delete", plain::gone),
        ],
        &["addassociation", "removeassociation", "copyrules", "move"],
    ),
    of(
        &["networksecurity.addressgroupservice", "networksecurity.organizationaddressgroupservice"],
        "address-group",
        RULE,
        "",
        ADDRESS_GROUP,
        &[],
    ),
    among(&["networksecurity.networksecurity"], "address-group", RULE, "", ADDRESS_GROUP),
    // As the interface calls them, and lists of audited operations.
    of(
        &["networksecurity.addressgroups"],
        "address-group",
        RULE,
        "",
        &[
            said("create", group::create),
            said("patch", group::update),
            said("additems", group::add_items),
            said("removeitems", group::remove_items),
            said("cloneitems", group::clone_items),
            named("delete", group::delete),
        ],
        &[],
    ),
    among(
        &["tagbindings", "resourcemanager.tagbindings", "cloudresourcemanager.tagbindings"],
        "tag-binding",
        ATTACHMENT,
        "",
        &[
            said("createtagbinding", tag::create_binding),
            said("deletetagbinding", tag::delete_binding),
            said("create", tag::create_binding),
            said("delete", tag::delete_binding),
        ],
    ),
    among(
        &["tagkeys", "resourcemanager.tagkeys", "cloudresourcemanager.tagkeys"],
        "tag-key",
        ATTACHMENT,
        "",
        &[
            said("createtagkey", tag::create),
            said("deletetagkey", tag::delete),
            said("create", tag::create),
            said("delete", tag::delete),
        ],
    ),
    among(
        &["tagvalues", "resourcemanager.tagvalues", "cloudresourcemanager.tagvalues"],
        "tag-value",
        ATTACHMENT,
        "",
        &[
            said("createtagvalue", tag::create),
            said("deletetagvalue", tag::delete),
            said("create", tag::create),
            said("delete", tag::delete),
        ],
    ),
    among(
        &["cloudresourcemanager.projects", "resourcemanager.projects"],
        "project",
        ATTACHMENT,
        "",
        &[
            said("move", hierarchy::move_below),
            said("update", hierarchy::update_project),
            said("create", hierarchy::create_project),
        ],
    ),
    // Entries name the method alone, or with its service.
    among(
        &["", "cloudresourcemanager.projects", "resourcemanager.projects", "projects"],
        "project",
        ATTACHMENT,
        "",
        &[
            said("moveproject", hierarchy::move_below),
            said("updateproject", hierarchy::update_project),
            said("createproject", hierarchy::create_project),
        ],
    ),
    among(
        &["cloudresourcemanager.folders", "resourcemanager.folders"],
        "folder",
        ATTACHMENT,
        "",
        &[said("move", hierarchy::move_below), said("create", hierarchy::create_folder)],
    ),
    among(
        &["", "cloudresourcemanager.folders", "resourcemanager.folders", "folders"],
        "folder",
        ATTACHMENT,
        "",
        &[said("movefolder", hierarchy::move_below), said("createfolder", hierarchy::create_folder)],
    ),
    among(
        &["networkconnectivity.policybasedroutingservice"],
        "policy-based-route",
        ATTACHMENT,
        "networkconnectivity#policyBasedRoute",
        &[
            said("createpolicybasedroute", network::insert_policy_route),
            named("deletepolicybasedroute", plain::gone),
        ],
    ),
    among(
        &["cloudsql.instances"],
        "cloud-sql-instance",
        RULE,
        "sql#instance",
        &[
            said("create", service::sql_insert),
            said("update", service::sql_update),
            said("clone", service::sql_clone),
            named("delete", service::sql_delete),
        ],
    ),
    among(
        &["sql.sqlinstancesservice", "sql.instances", "cloudsql.instances"],
        "cloud-sql-instance",
        RULE,
        "sql#instance",
        &[said("insert", service::sql_insert), said("patch", service::sql_update)],
    ),
    among(
        &["sql.sqlinstancesservice", "sql.instances"],
        "cloud-sql-instance",
        RULE,
        "sql#instance",
        &[
            said("update", service::sql_update),
            said("clone", service::sql_clone),
            named("delete", service::sql_delete),
        ],
    ),
    among(
        &["container.clustermanager"],
        "gke-cluster",
        RULE,
        "container#cluster",
        &[
            said("createcluster", service::create_cluster),
            said("updatecluster", service::update_cluster),
            named("deletecluster", service::delete_cluster),
        ],
    ),
    of(
        &["appengine.firewall"],
        "app-engine-firewall",
        RULE,
        "",
        &[
            said("createingressrule", service::create_ingress_rule),
            said("updateingressrule", service::update_ingress_rule),
            said("patchingressrule", service::update_ingress_rule),
            said("batchupdateingressrules", service::batch_ingress_rules),
            named("deleteingressrule", service::delete_ingress_rule),
        ],
        &[],
    ),
    among(
        &["appengine.services"],
        "app-engine-service",
        RULE,
        "",
        &[said("updateservice", service::update_app_service), named("deleteservice", plain::gone)],
    ),
    among(
        &["appengine.applications"],
        "app-engine-application",
        ATTACHMENT,
        "",
        &[said("updateapplication", service::update_application)],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::KINDS;

    #[test]
    fn every_collection_is_of_a_kind_that_is_read_and_a_method_stands_once() {
        let mut methods: Vec<(&str, &str)> = Vec::new();
        for one in COLLECTIONS {
            let kind = KINDS.iter().find(|kind| kind.name == one.kind);
            let kind = kind.unwrap_or_else(|| panic!("{}", one.kind));
            assert!(
                one.word.is_empty() || kind.kinds.contains(&one.word) || one.word == "container#cluster",
                "{}",
                one.kind
            );
            for (verb, _) in one.verbs {
                assert_eq!(*verb, verb.to_ascii_lowercase());
                methods.extend(one.of.iter().map(|of| (*of, *verb)));
            }
        }
        methods.sort_unstable();
        let count = methods.len();
        methods.dedup();
        assert_eq!(methods.len(), count);
    }

    #[test]
    fn methods_are_known_by_what_they_do() {
        for name in
            ["v1.compute.firewalls.insert", "beta.compute.instances.setTags", "cloudsql.instances.update"]
        {
            assert!(is_known(name), "{name}");
        }
        for name in
            ["v1.compute.firewalls.get", "v1.compute.instances.setMetadata", "cloudsql.users.create", "x"]
        {
            assert!(!is_known(name), "{name}");
        }
        let unheard = Method::of("v1.compute.firewalls.frobnicate");
        assert!(matches!(find(&unheard), Found::Unheard(_)));
    }
}
