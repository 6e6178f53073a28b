//! Prowler: what its unit tests set up, made into the answers that AWS would give, and what its checks say of them.
//!
//! Only what a test's facts state is built. Names that the script could not resolve (`$default_sg_id`) serve as ids.

use packet::Protocol;
use serde_json::{Map, Value, json};

use crate::Corpus;
use crate::ledger::{Outcome, Page, is_equal};
use crate::scan::{Question, Scan};

const FOLDER: &str = "peer-tests/prowler-facts/aws/";
const PUBLIC: &str = "203.0.113.10";

pub(crate) fn page(corpus: &Corpus) -> Page {
    let mut page = Page::default();
    for expected in corpus.expected(FOLDER) {
        let facts = corpus.json(&expected.file);
        let test = facts["test"].as_str().unwrap();
        let name = format!("{} / {test}", expected.check);
        let outcome = match asked(&expected.check, &facts) {
            Err(code) => Outcome::Beyond(code),
            Ok(question) => {
                let scan = Scan::of_values(&aws::CLOUD, &world(&facts));
                let answer = scan.answer(&question, None);
                let ours = format!("{}: {}", answer.word(), scan.told(&question, None, 3));
                Outcome::Compared { is_equal: is_equal(expected.says == "detect", answer), ours }
            }
        };
        page.take(&name, &expected.check, &expected.says, outcome, reason(test));
    }
    page
}

/// Why the two differ, for those that do.
fn reason(test: &str) -> Option<&'static str> {
    match test {
        "test_ec2_non_compliant_default_sg_pass_to_avoid_fail_twice" => Some("told-elsewhere"),
        "test_ec2_instance_exposed_port_in_private_subnet" => Some("no-public-address"),
        "test_ec2_non_compliant_nacl_ignoring" | "test_ec2_non_compliant_sg_ingress_rule_but_unused" => {
            Some("unused-skipped")
        }
        "test_ec2_open_sg_attached_to_allowed_eni_owner"
        | "test_ec2_open_sg_attached_to_allowed_eni_type" => Some("exempt"),
        "test_ec2_used_default_sg" | "test_ec2_used_default_sg_by_lambda" => Some("facts-leave-out"),
        _ => None,
    }
}

/// What the check asks, or why it is not compared.
fn asked(check: &str, facts: &Value) -> Result<Question, &'static str> {
    let stated = [
        "authorize_security_group_ingress",
        "create_instances",
        "create_network_acl",
        "create_security_group",
    ];
    let calls: Vec<&str> = steps(facts).map(|(call, _)| call).collect();
    let question = match check {
        "vpc_subnet_no_public_ip_by_default" | "vpc_subnet_separate_private_public" => {
            return Err("no-way-asked");
        }
        "ec2_securitygroup_with_many_ingress_egress_rules" => return Err("size"),
        "ec2_securitygroup_not_used" => Question::Unattached,
        "ec2_securitygroup_allow_ingress_from_internet_to_all_ports"
        | "ec2_networkacl_allow_ingress_any_port" => Question::EveryPort(Protocol::TCP),
        "ec2_securitygroup_allow_ingress_from_internet_to_any_port" => Question::Everyone,
        "ec2_securitygroup_default_restrict_traffic" => Question::Anyone,
        "ec2_instance_public_ip" => Question::PublicAddress,
        "ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports" => {
            Question::Ports(vec![25, 110, 135, 143, 445, 3000, 4333, 5000, 5500, 8080, 8088])
        }
        other => Question::Ports(ports_of(other)),
    };
    let has_resource = calls.iter().any(|call| stated.contains(call))
        || check == "ec2_securitygroup_default_restrict_traffic";
    if has_resource { Ok(question) } else { Err("no-resource") }
}

/// The ports that the name of a check says.
fn ports_of(check: &str) -> Vec<u16> {
    let named = [
        ("_port_cifs_", vec![139, 445]),
        ("_port_ftp_exposed", vec![20, 21]),
        ("_port_kerberos_", vec![88, 464, 749, 750]),
        ("_port_ldap_", vec![389, 636]),
        ("_port_oracle_exposed", vec![1521, 2483, 2484]),
        ("_port_postgresql_", vec![5432]),
        ("_port_redis_exposed", vec![6379]),
        ("_port_ssh_exposed", vec![22]),
    ];
    let numbers: Vec<u16> = check.split('_').filter_map(|word| word.parse().ok()).collect();
    match named.into_iter().find(|(part, _)| check.contains(part)) {
        Some((_, ports)) => ports,
        None if numbers.is_empty() => panic!("`{check}` names no port"),
        None => numbers,
    }
}

fn steps(facts: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let steps = facts["setup_facts"].as_array().unwrap().iter();
    steps.map(|step| (step["call"].as_str().unwrap(), &step["args"]))
}

/// The answers of AWS about what was set up.
fn world(facts: &Value) -> Vec<Value> {
    let mut groups: Map<String, Value> = Map::new();
    let mut documents = Vec::new();
    let mut lists: Vec<&Value> = Vec::new();
    let mut instances: Vec<&Value> = Vec::new();
    for (call, given) in steps(facts) {
        match call {
            "authorize_security_group_ingress" => {
                let group = group(&mut groups, given["GroupId"].as_str().unwrap());
                let rules = group["IpPermissions"].as_array_mut().unwrap();
                rules.extend(given["IpPermissions"].as_array().unwrap().iter().cloned());
            }
            "revoke_security_group_egress" => {
                group(&mut groups, given["GroupId"].as_str().unwrap());
            }
            "create_security_group" => {
                let name = given["GroupName"].as_str().unwrap();
                let id = if name.ends_with('1') { "$sg1.id" } else { "$sg.id" };
                group(&mut groups, id)["GroupName"] = json!(name);
            }
            "create_instances" => instances.push(given),
            "create_network_acl_entry" => lists.push(given),
            "create_network_acl" | "create_subnet" | "modify_subnet_attribute" | "SecurityGroup" => {}
            other => panic!("`{other}` is not known"),
        }
    }
    if !lists.is_empty() {
        return behind(json!({"NetworkAclId": "$nacl_id", "VpcId": "$vpc_id", "IsDefault": false,
            "Associations": [{"NetworkAclAssociationId": "a", "NetworkAclId": "$nacl_id", "SubnetId": "$subnet_id"}],
            "Entries": lists}));
    }
    let is_about_use = facts["check"] == "ec2_securitygroup_not_used";
    if is_about_use {
        // The simulator has made no interface: none is the whole list.
        documents.push(json!({"NetworkInterfaces": []}));
    }
    documents.push(json!({"SecurityGroups": groups.values().collect::<Vec<_>>()}));
    if !instances.is_empty() {
        let instances: Vec<Value> = instances.into_iter().map(instance).collect();
        documents.push(json!({"Reservations": [{"OwnerId": "123456789012", "Instances": instances}]}));
    }
    documents
}

fn group<'g>(groups: &'g mut Map<String, Value>, id: &str) -> &'g mut Value {
    groups.entry(id).or_insert_with(|| {
        json!({"GroupId": id, "GroupName": "default", "VpcId": "$vpc_id", "OwnerId": "123456789012",
            "IpPermissions": [], "IpPermissionsEgress": []})
    })
}

/// An instance with one interface, with a public address where one was asked for.
fn instance(given: &Value) -> Value {
    let asked = &given["NetworkInterfaces"][0];
    let groups = given["SecurityGroupIds"].as_array().or_else(|| asked["Groups"].as_array());
    let groups = groups.map(|ids| ids.iter().map(|id| json!({"GroupId": id})).collect::<Vec<_>>());
    let mut interface = json!({
        "NetworkInterfaceId": "$eni_id", "VpcId": "$vpc_id", "SubnetId": "$subnet_id", "OwnerId": "123456789012",
        "PrivateIpAddress": "10.0.0.4",
        "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Primary": true}], "Ipv6Addresses": [],
        "Status": "in-use"
    });
    if let Some(groups) = groups {
        interface["Groups"] = json!(groups);
    }
    if asked["AssociatePublicIpAddress"] == json!(true) {
        interface["Association"] = json!({"PublicIp": PUBLIC, "IpOwnerId": "amazon"});
        interface["PrivateIpAddresses"][0]["Association"] = interface["Association"].clone();
    }
    json!({"InstanceId": "$instance_id", "VpcId": "$vpc_id", "SubnetId": "$subnet_id", "State": {"Name": "running"},
        "NetworkInterfaces": [interface]})
}

/// A network ACL alone decides nothing. An interface behind it on which everything else is open, so that the ACL decides.
pub(crate) fn behind(mut list: Value) -> Vec<Value> {
    let vpc = list["VpcId"].as_str().unwrap().to_owned();
    let subnet = list["Associations"][0]["SubnetId"].as_str().unwrap().to_owned();
    list["OwnerId"] = json!("123456789012");
    if list["NetworkAclId"].is_null() {
        list["NetworkAclId"] = list["Associations"][0]["NetworkAclId"].clone();
    }
    let everything = json!([{"IpProtocol": "-1", "UserIdGroupPairs": [], "PrefixListIds": [],
        "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": []}]);
    vec![
        json!({"NetworkAcls": [list]}),
        json!({"Vpcs": [{"VpcId": vpc, "OwnerId": "123456789012", "CidrBlock": "10.0.0.0/16"}]}),
        json!({"Subnets": [{"SubnetId": subnet, "VpcId": vpc, "OwnerId": "123456789012", "CidrBlock": "10.0.0.0/24"}]}),
        json!({"InternetGateways": [{"InternetGatewayId": "igw-1", "OwnerId": "123456789012",
            "Attachments": [{"VpcId": vpc, "State": "available"}]}]}),
        json!({"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": vpc, "OwnerId": "123456789012",
            "Associations": [{"Main": true, "RouteTableId": "rtb-1", "AssociationState": {"State": "associated"}}],
            "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}]}]}),
        json!({"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "open", "VpcId": vpc, "OwnerId": "123456789012",
            "IpPermissions": everything, "IpPermissionsEgress": []}]}),
        json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": vpc, "SubnetId": subnet,
            "OwnerId": "123456789012", "Groups": [{"GroupId": "sg-1"}], "Status": "in-use", "Ipv6Addresses": [],
            "PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": PUBLIC},
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Primary": true, "Association": {"PublicIp": PUBLIC}}]}]}),
    ]
}
