//! Documents as `gcloud … list --format json` prints them: an organisation with folders, projects, networks, rules, policies,
//! instances, routes and load balancers.
//!
//! Keys, nesting and indentation are those of the command line, so that bytes for each instance are those a user has.
//!
//! What organisations look like: four projects share their network with most others, twenty have one of their own; ten
//! instances of a service are alike (subnetwork, tags, account), one service in ten has public addresses; a rule in seven
//! is for every instance of its network, the others for tags of applications or for accounts of services; one policy of the
//! organisation, one of each folder, one of each network. Rules are random: no two networks are alike.

use core::net::Ipv4Addr;
use core::ops::Range;

use serde_json::{Value, json};

use crate::random::Random;

/// How large the organisation is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Rules of networks and policies together.
    pub rules: usize,
    /// Instances, of one interface each.
    pub instances: usize,
    /// Projects, in six folders.
    pub projects: usize,
}

/// The organisation of the budget.
pub const ORGANIZATION: Size = Size { rules: 5_000, instances: 20_000, projects: 60 };

const HOSTS: usize = 4;
const OWNERS: usize = 20;
const FOLDERS: usize = 6;
const REGIONS: [&str; 5] = ["europe-west1", "europe-west4", "us-central1", "us-east1", "asia-east1"];
const SUBNETS_OF_NETWORK: usize = 10;
const INSTANCES_OF_SERVICE: usize = 10;
const SERVICES_OF_APPLICATION: usize = 5;
/// Services behind a load balancer that passes packets on, and as many behind one that is a proxy.
const BALANCED: usize = 100;
const RULES_OF_ORGANIZATION: usize = 20;
const RULES_OF_FOLDER: usize = 10;
const RULES_OF_NETWORK_POLICY: usize = 20;
const API: &str = "https://www.googleapis.com/compute/v1";
const CREATED: &str = "2026-01-10T09:12:44.000-07:00";
const PORTS: [&str; 8] = ["22", "80", "443", "3389", "5432", "8080-8090", "9000-9100", "30000-32767"];
const ROLES: [&str; 5] = ["web", "api", "db", "cache", "worker"];

/// A list, indented as the command line does.
#[must_use]
pub fn list(items: impl IntoIterator<Item = Value>) -> String {
    serde_json::to_string_pretty(&items.into_iter().collect::<Vec<_>>()).expect("values are JSON")
}

/// Everything but instances, by file name.
#[must_use]
pub fn around(random: &mut Random, size: Size) -> Vec<(&'static str, String)> {
    let networks = || 0..networks(size);
    let mut policies = vec![hierarchical(random, "organizations/1001", 0, RULES_OF_ORGANIZATION)];
    policies.extend(
        (1..=FOLDERS).map(|folder| {
            hierarchical(random, &format!("folders/{}", 2000 + folder), folder, RULES_OF_FOLDER)
        }),
    );
    let network_policies: Vec<Value> = networks().map(|network| network_policy(random, network)).collect();
    let told = RULES_OF_ORGANIZATION + FOLDERS * RULES_OF_FOLDER + networks().len() * RULES_OF_NETWORK_POLICY;
    let rules: Vec<Value> =
        (0..size.rules.saturating_sub(told)).map(|number| firewall(random, size, number)).collect();
    let mut files = vec![
        ("projects.json", list((0..size.projects).map(project_of_folder))),
        ("folders.json", list((1..=FOLDERS).map(folder))),
        ("networks.json", list(networks().map(network))),
        (
            "subnetworks.json",
            list(
                networks().flat_map(|own| (0..SUBNETS_OF_NETWORK).map(move |number| subnetwork(own, number))),
            ),
        ),
        ("routes.json", list(networks().flat_map(routes))),
        ("firewall-policies.json", list(policies)),
        ("network-firewall-policies.json", list(network_policies)),
        ("firewall-rules.json", list(rules)),
    ];
    files.extend(balancers(size));
    files
}

/// Instances.
pub fn instances(size: Size, numbers: Range<usize>) -> impl Iterator<Item = Value> {
    numbers.map(move |number| instance(size, number))
}

/// Where the instances of a service are and what they carry.
struct Service {
    number: usize,
    project: usize,
    network: usize,
    subnet: usize,
    application: usize,
}

impl Service {
    fn of(size: Size, number: usize) -> Self {
        let project = HOSTS + number % (size.projects - HOSTS).max(1);
        let network = if project < HOSTS + OWNERS { project } else { project % HOSTS };
        let place = number / (size.projects - HOSTS).max(1);
        Self {
            number,
            project,
            network,
            subnet: place % SUBNETS_OF_NETWORK,
            application: number / SERVICES_OF_APPLICATION,
        }
    }

    fn region(&self) -> &'static str {
        REGIONS[self.subnet % REGIONS.len()]
    }

    fn zone(&self) -> String {
        format!("{}-b", self.region())
    }

    fn tags(&self) -> Value {
        json!({ "fingerprint": "6smc4R4d39I=", "items": [tag(self.network, self.application), ROLES[self.number % ROLES.len()]] })
    }

    fn account(&self) -> String {
        account(self.project, self.number)
    }

    /// Whether its instances are reached by a load balancer alone.
    fn is_balanced(&self) -> bool {
        self.number < BALANCED * 2
    }

    fn is_public(&self) -> bool {
        self.number.is_multiple_of(10) && !self.is_balanced()
    }

    fn group(&self) -> String {
        format!(
            "{API}/projects/{}/zones/{}/instanceGroups/{}",
            project(self.project),
            self.zone(),
            self.name()
        )
    }

    fn name(&self) -> String {
        format!("service-{}", self.number)
    }

    fn link(&self, collection: &str) -> String {
        format!("{API}/projects/{}/{collection}/{}", project(self.project), self.name())
    }
}

fn instance(size: Size, number: usize) -> Value {
    let service = Service::of(size, number / INSTANCES_OF_SERVICE);
    let (project, zone) = (project(service.project), service.zone());
    let name = format!("{}-{}", service.name(), number % INSTANCES_OF_SERVICE);
    let place = format!("{API}/projects/{project}/zones/{zone}");
    let manager =
        format!("projects/{}/zones/{zone}/instanceGroupManagers/{}", 9000 + service.project, service.name());
    let mut interface = json!({
        "fingerprint": "s2SbJ1MbzNM=", "kind": "compute#networkInterface", "name": "nic0",
        "network": network_link(service.network), "networkIP": Ipv4Addr::from(0x0a00_0000 + number as u32).to_string(),
        "stackType": "IPV4_ONLY", "subnetwork": subnetwork_link(service.network, service.subnet)
    });
    if service.is_public() {
        interface["accessConfigs"] = json!([{
            "kind": "compute#accessConfig", "name": "External NAT", "networkTier": "PREMIUM", "type": "ONE_TO_ONE_NAT",
            "natIP": Ipv4Addr::from(0x2200_0000 + number as u32).to_string()
        }]);
    }
    json!({
        "canIpForward": false, "cpuPlatform": "Intel Broadwell", "creationTimestamp": CREATED, "deletionProtection": false,
        "disks": [{
            "architecture": "X86_64", "autoDelete": true, "boot": true, "deviceName": "persistent-disk-0", "diskSizeGb": "10",
            "guestOsFeatures": [{ "type": "UEFI_COMPATIBLE" }, { "type": "VIRTIO_SCSI_MULTIQUEUE" }, { "type": "GVNIC" }],
            "index": 0, "interface": "SCSI", "kind": "compute#attachedDisk",
            "licenses": ["https://www.googleapis.com/compute/v1/projects/debian-cloud/global/licenses/debian-12-bookworm"],
            "mode": "READ_WRITE", "source": format!("{place}/disks/{name}"), "type": "PERSISTENT"
        }],
        "fingerprint": "BtPJ2fkkEmI=", "id": (7_000_000_000_000_000_000_u64 + number as u64).to_string(),
        "kind": "compute#instance", "labelFingerprint": "42WmSpB8rSM=", "labels": { "service": service.name() },
        "lastStartTimestamp": CREATED, "machineType": format!("{place}/machineTypes/e2-medium"),
        "metadata": {
            "fingerprint": "aDgOQlQdVgU=", "kind": "compute#metadata",
            "items": [
                { "key": "created-by", "value": manager },
                { "key": "instance-template", "value": format!("projects/{}/global/instanceTemplates/{}", 9000 + service.project, service.name()) },
                { "key": "enable-oslogin", "value": "true" }
            ]
        },
        "name": name, "networkInterfaces": [interface], "resourceStatus": { "scheduling": {} }, "satisfiesPzi": true,
        "scheduling": { "automaticRestart": true, "onHostMaintenance": "MIGRATE", "preemptible": false, "provisioningModel": "STANDARD" },
        "selfLink": format!("{place}/instances/{name}"),
        "serviceAccounts": [{ "email": service.account(), "scopes": ["https://www.googleapis.com/auth/cloud-platform"] }],
        "shieldedInstanceConfig": { "enableIntegrityMonitoring": true, "enableSecureBoot": false, "enableVtpm": true },
        "shieldedInstanceIntegrityPolicy": { "updateAutoLearnPolicy": true },
        "startRestricted": false, "status": "RUNNING", "tags": service.tags(), "zone": place
    })
}

fn firewall(random: &mut Random, size: Size, number: usize) -> Value {
    // Shared networks have more rules than others.
    let network = if random.chance(40) { random.below(HOSTS) } else { random.below(networks(size)) };
    let name = format!("rule-{number}");
    let mut rule = json!({
        "creationTimestamp": CREATED, "description": "a service", "direction": "INGRESS", "disabled": random.chance(3),
        "id": (8_000_000_000_000_000_000_u64 + number as u64).to_string(), "kind": "compute#firewall",
        "logConfig": { "enable": false }, "name": name, "network": network_link(network), "priority": 100 * random.between(5, 15),
        "selfLink": format!("{API}/projects/{}/global/firewalls/{name}", project(network)), "sourceRanges": ranges(random)
    });
    rule[if random.chance(10) { "denied" } else { "allowed" }] = layers(random, "IPProtocol");
    match random.below(20) {
        0..3 => {}
        3..15 => {
            rule["targetTags"] = json!([tag(network, random.below(services(size) / SERVICES_OF_APPLICATION))])
        }
        _ => {
            let service = Service::of(size, random.below(services(size)));
            rule["targetServiceAccounts"] = json!([service.account()]);
        }
    }
    if random.chance(10) {
        rule["direction"] = "EGRESS".into();
        rule["destinationRanges"] = rule["sourceRanges"].take();
        rule.as_object_mut().expect("it is one").remove("sourceRanges");
    }
    rule
}

fn ranges(random: &mut Random) -> Value {
    let range = |random: &mut Random| match random.below(20) {
        0 => "0.0.0.0/0".to_owned(),
        1 => "35.191.0.0/16".to_owned(),
        2..12 => format!("10.{}.0.0/16", random.below(256)),
        _ => format!("{}.{}.{}.0/24", random.between(40, 90), random.below(256), random.below(256)),
    };
    (0..random.between(1, 3)).map(|_| range(random)).collect()
}

fn layers(random: &mut Random, key: &str) -> Value {
    let ports: Vec<&str> = (0..random.between(1, 3)).map(|_| random.pick(&PORTS)).collect();
    let mut layers = vec![json!({ key: "tcp", "ports": ports })];
    if random.chance(10) {
        layers.push(json!({ key: "icmp" }));
    }
    layers.into()
}

/// A rule of a policy: what is for everybody is let in from inside and from Google's own addresses only, what is kept out is
/// of the Internet, and most is handed on.
fn policy_rule(random: &mut Random, priority: usize) -> Value {
    let (action, sources) = match random.below(10) {
        0..4 => ("goto_next", ranges(random)),
        4..8 => ("deny", ranges(random)),
        _ => (
            "allow",
            json!([random.pick(&["35.191.0.0/16", "130.211.0.0/22", "35.235.240.0/20", "10.0.0.0/8"])]),
        ),
    };
    json!({
        "action": action, "description": "", "direction": "INGRESS", "disabled": false, "enableLogging": false,
        "kind": "compute#firewallPolicyRule", "priority": priority, "ruleTupleCount": 4,
        "match": { "layer4Configs": layers(random, "ipProtocol"), "srcIpRanges": sources }
    })
}

/// The rules that no policy is without.
fn closing_rules() -> impl Iterator<Item = Value> {
    [("EGRESS", "destIpRanges", "::/0"), ("INGRESS", "srcIpRanges", "::/0"), ("EGRESS", "destIpRanges", "0.0.0.0/0"), ("INGRESS", "srcIpRanges", "0.0.0.0/0")]
        .into_iter()
        .zip(2_147_483_644_u32..)
        .map(|((direction, key, range), priority)| {
            json!({
                "action": "goto_next", "description": "default rule", "direction": direction, "enableLogging": false,
                "kind": "compute#firewallPolicyRule", "priority": priority, "ruleTupleCount": 2,
                "match": { "layer4Configs": [{ "ipProtocol": "all" }], key: [range] }
            })
        })
}

fn hierarchical(random: &mut Random, holder: &str, number: usize, rules: usize) -> Value {
    let id = (3000 + number).to_string();
    let rules: Vec<Value> =
        (1..=rules).map(|rule| policy_rule(random, rule * 10)).chain(closing_rules()).collect();
    json!({
        "associations": [{
            "attachmentTarget": holder, "displayName": holder, "firewallPolicyId": id, "name": holder.replace('/', "-"),
            "shortName": format!("policy-{number}")
        }],
        "creationTimestamp": CREATED, "description": "", "displayName": format!("policy-{number}"), "fingerprint": "hZ5gHnOAfjk=",
        "id": id, "kind": "compute#firewallPolicy", "name": id, "parent": "organizations/1001", "rules": rules,
        "selfLink": format!("{API}/locations/global/firewallPolicies/{id}"), "shortName": format!("policy-{number}")
    })
}

fn network_policy(random: &mut Random, network: usize) -> Value {
    let rules: Vec<Value> = (1..=RULES_OF_NETWORK_POLICY)
        .map(|rule| policy_rule(random, rule * 10))
        .chain(closing_rules())
        .collect();
    json!({
        "associations": [{ "attachmentTarget": network_link(network), "name": "main" }],
        "creationTimestamp": CREATED, "description": "", "fingerprint": "hZ5gHnOAfjk=", "id": (4000 + network).to_string(),
        "kind": "compute#firewallPolicy", "name": "perimeter", "rules": rules,
        "selfLink": format!("{API}/projects/{}/global/firewallPolicies/perimeter", project(network))
    })
}

fn project_of_folder(number: usize) -> Value {
    json!({
        "createTime": "2025-01-10T09:12:44.000Z", "lifecycleState": "ACTIVE", "name": project(number),
        "parent": { "id": (2001 + number % FOLDERS).to_string(), "type": "folder" },
        "projectId": project(number), "projectNumber": (9000 + number).to_string()
    })
}

fn folder(number: usize) -> Value {
    json!({
        "createTime": "2025-01-10T09:12:44.000Z", "displayName": format!("folder-{number}"), "lifecycleState": "ACTIVE",
        "name": format!("folders/{}", 2000 + number), "parent": "organizations/1001"
    })
}

fn network(number: usize) -> Value {
    json!({
        "autoCreateSubnetworks": false, "creationTimestamp": CREATED, "id": (5000 + number).to_string(), "kind": "compute#network",
        "name": network_name(number), "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
        "routingConfig": { "routingMode": "GLOBAL" }, "selfLink": network_link(number),
        "selfLinkWithId": format!("{API}/projects/{}/global/networks/{}", project(number), 5000 + number),
        "subnetworks": (0..SUBNETS_OF_NETWORK).map(|subnet| subnetwork_link(number, subnet)).collect::<Vec<_>>(),
        "x_gcloud_bgp_routing_mode": "GLOBAL", "x_gcloud_subnet_mode": "CUSTOM"
    })
}

fn subnetwork(network: usize, number: usize) -> Value {
    let region = REGIONS[number % REGIONS.len()];
    json!({
        "creationTimestamp": CREATED, "fingerprint": "hZ5gHnOAfjk=", "gatewayAddress": "10.0.0.1",
        "id": (6000 + network * SUBNETS_OF_NETWORK + number).to_string(), "ipCidrRange": "10.0.0.0/9", "kind": "compute#subnetwork",
        "name": format!("subnet-{number}"), "network": network_link(network), "privateIpGoogleAccess": true,
        "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS", "purpose": "PRIVATE",
        "region": format!("{API}/projects/{}/regions/{region}", project(network)),
        "selfLink": subnetwork_link(network, number), "stackType": "IPV4_ONLY"
    })
}

fn routes(network: usize) -> impl Iterator<Item = Value> {
    let route = move |name: String, range: &str, hop: (&str, String)| {
        json!({
            "creationTimestamp": CREATED, "description": "", "destRange": range, "id": "7000", "kind": "compute#route",
            "name": name, "network": network_link(network), "priority": if range == "0.0.0.0/0" { 1000 } else { 0 },
            "selfLink": format!("{API}/projects/{}/global/routes/{name}", project(network)), hop.0: hop.1
        })
    };
    let gateway = format!("{API}/projects/{}/global/gateways/default-internet-gateway", project(network));
    let outward = route(format!("default-{network}"), "0.0.0.0/0", ("nextHopGateway", gateway));
    let own = (0..SUBNETS_OF_NETWORK).map(move |number| {
        route(format!("subnet-{network}-{number}"), "10.0.0.0/9", ("nextHopNetwork", network_link(network)))
    });
    core::iter::once(outward).chain(own)
}

/// Load balancers with all that leads to their instances.
fn balancers(size: Size) -> Vec<(&'static str, String)> {
    let count = BALANCED.min(services(size) / 2);
    let passing = || (0..count).map(move |number| Service::of(size, number));
    let proxied = || (count..count * 2).map(move |number| Service::of(size, number));
    let kind = |kind: &str, service: &Service, collection: &str, parts: Value| {
        let mut resource = json!({
            "creationTimestamp": CREATED, "description": "", "id": "1", "kind": format!("compute#{kind}"), "name": service.name(),
            "selfLink": service.link(collection)
        });
        resource
            .as_object_mut()
            .expect("it is one")
            .append(&mut parts.as_object().expect("it is one").clone());
        resource
    };
    let backends = |service: &Service| json!([{ "balancingMode": "CONNECTION", "group": service.group() }]);
    let regional = |service: &Service, collection: &str| format!("regions/{}/{collection}", service.region());
    let region = |service: &Service| {
        format!("{API}/projects/{}/regions/{}", project(service.project), service.region())
    };
    let forwarding = passing().map(|service| {
        kind("forwardingRule", &service, &regional(&service, "forwardingRules"), json!({
            "IPAddress": Ipv4Addr::from(0x2300_0000 + service.number as u32).to_string(), "IPProtocol": "TCP",
            "backendService": service.link(&regional(&service, "backendServices")), "fingerprint": "x",
            "loadBalancingScheme": "EXTERNAL", "networkTier": "PREMIUM", "ports": ["80", "443"], "region": region(&service)
        }))
    });
    let listening = proxied().map(|service| {
        kind("forwardingRule", &service, "global/forwardingRules", json!({
            "IPAddress": Ipv4Addr::from(0x2300_0000 + service.number as u32).to_string(), "IPProtocol": "TCP",
            "loadBalancingScheme": "EXTERNAL_MANAGED", "networkTier": "PREMIUM", "portRange": "80-80", "fingerprint": "x",
            "target": service.link("global/targetHttpProxies")
        }))
    });
    let regional_services = passing().map(|service| {
        kind("backendService", &service, &regional(&service, "backendServices"), json!({
            "backends": backends(&service), "loadBalancingScheme": "EXTERNAL", "protocol": "TCP", "region": region(&service),
            "sessionAffinity": "NONE", "timeoutSec": 30, "fingerprint": "x"
        }))
    });
    let global_services = proxied().map(|service| {
        kind("backendService", &service, "global/backendServices", json!({
            "backends": backends(&service), "loadBalancingScheme": "EXTERNAL_MANAGED", "port": 80, "portName": "http",
            "protocol": "HTTP", "sessionAffinity": "NONE", "timeoutSec": 30, "fingerprint": "x"
        }))
    });
    let proxies = proxied().map(|service| {
        kind(
            "targetHttpProxy",
            &service,
            "global/targetHttpProxies",
            json!({ "urlMap": service.link("global/urlMaps"), "fingerprint": "x" }),
        )
    });
    let maps = proxied().map(|service| {
        kind(
            "urlMap",
            &service,
            "global/urlMaps",
            json!({ "defaultService": service.link("global/backendServices"), "fingerprint": "x" }),
        )
    });
    let groups = passing().chain(proxied()).map(|service| {
        let collection = format!("zones/{}/instanceGroups", service.zone());
        kind("instanceGroup", &service, &collection, json!({
            "fingerprint": "x", "namedPorts": [{ "name": "http", "port": 8080 }], "network": network_link(service.network),
            "size": INSTANCES_OF_SERVICE, "subnetwork": subnetwork_link(service.network, service.subnet),
            "zone": format!("{API}/projects/{}/zones/{}", project(service.project), service.zone())
        }))
    });
    let managers = passing().chain(proxied()).map(|service| {
        let collection = format!("zones/{}/instanceGroupManagers", service.zone());
        kind("instanceGroupManager", &service, &collection, json!({
            "baseInstanceName": service.name(), "fingerprint": "x", "instanceGroup": service.group(),
            "instanceTemplate": service.link("global/instanceTemplates"), "targetSize": INSTANCES_OF_SERVICE,
            "zone": format!("{API}/projects/{}/zones/{}", project(service.project), service.zone())
        }))
    });
    vec![
        ("forwarding-rules.json", list(forwarding.chain(listening))),
        ("backend-services.json", list(regional_services.chain(global_services))),
        ("target-http-proxies.json", list(proxies)),
        ("url-maps.json", list(maps)),
        ("instance-groups.json", list(groups)),
        ("instance-group-managers.json", list(managers)),
    ]
}

fn networks(size: Size) -> usize {
    (HOSTS + OWNERS).min(size.projects)
}

fn services(size: Size) -> usize {
    size.instances.div_ceil(INSTANCES_OF_SERVICE)
}

/// The networks have the numbers of their projects.
fn project(number: usize) -> String {
    format!("tailspin-{number:02}")
}

fn network_name(number: usize) -> &'static str {
    if number < HOSTS { "shared" } else { "main" }
}

fn network_link(number: usize) -> String {
    format!("{API}/projects/{}/global/networks/{}", project(number), network_name(number))
}

fn subnetwork_link(network: usize, number: usize) -> String {
    let region = REGIONS[number % REGIONS.len()];
    format!("{API}/projects/{}/regions/{region}/subnetworks/subnet-{number}", project(network))
}

/// The tag of an application: those of one network have some of all numbers.
fn tag(network: usize, application: usize) -> String {
    format!("app-{}", (application + network) % 40)
}

fn account(project: usize, service: usize) -> String {
    format!("service-{service}@{}.iam.gserviceaccount.com", self::project(project))
}
