//! Configuration items of AWS Config.

use serde_json::{Map, Value, json};

use crate::random::Random;

use super::letters::configuration;

/// A resource as AWS Config stores it.
pub(super) struct Item {
    kind: &'static str,
    id: String,
    name: Option<String>,
    account: String,
    region: String,
    configuration: Value,
    tags: Value,
}

/// The items of a list of resources; `None` where AWS Config does not store the kind.
pub(super) fn items_of(key: &str, list: &[Value], region: &str) -> Option<Vec<Item>> {
    let (_, kind, id) = KINDS.iter().find(|(known, ..)| *known == key)?;
    let item = |resource: &Value, account: Option<&Value>| Item {
        kind,
        id: resource[*id].as_str().unwrap_or_default().to_owned(),
        // RDS is stored under an id of its own; people know it by its name.
        name: NAMES.iter().find_map(|key| resource[*key].as_str()).map(str::to_owned),
        account: account.or(resource.get("OwnerId")).and_then(Value::as_str).unwrap_or(ACCOUNT).to_owned(),
        region: region.to_owned(),
        configuration: configuration(resource),
        tags: tags(resource),
    };
    Some(match key {
        "Reservations" => {
            let each = |reservation: &Value| {
                let instances = reservation["Instances"].as_array().cloned().unwrap_or_default();
                let owner = reservation.get("OwnerId").cloned();
                instances.into_iter().map(move |instance| item(&instance, owner.as_ref())).collect::<Vec<_>>()
            };
            list.iter().flat_map(each).collect()
        }
        _ => list.iter().map(|resource| item(resource, None)).collect(),
    })
}

/// The keys of lists, the types of AWS Config, and the keys of ids.
const KINDS: [(&str, &str, &str); 17] = [
    ("SecurityGroups", "AWS::EC2::SecurityGroup", "GroupId"),
    ("NetworkAcls", "AWS::EC2::NetworkAcl", "NetworkAclId"),
    ("NetworkInterfaces", "AWS::EC2::NetworkInterface", "NetworkInterfaceId"),
    ("Reservations", "AWS::EC2::Instance", "InstanceId"),
    ("Subnets", "AWS::EC2::Subnet", "SubnetId"),
    ("Vpcs", "AWS::EC2::VPC", "VpcId"),
    ("RouteTables", "AWS::EC2::RouteTable", "RouteTableId"),
    ("InternetGateways", "AWS::EC2::InternetGateway", "InternetGatewayId"),
    ("EgressOnlyInternetGateways", "AWS::EC2::EgressOnlyInternetGateway", "EgressOnlyInternetGatewayId"),
    ("Addresses", "AWS::EC2::EIP", "PublicIp"),
    ("NatGateways", "AWS::EC2::NatGateway", "NatGatewayId"),
    ("LoadBalancers", "AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerArn"),
    ("Listeners", "AWS::ElasticLoadBalancingV2::Listener", "ListenerArn"),
    ("TargetGroups", "AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupArn"),
    ("LoadBalancerDescriptions", "AWS::ElasticLoadBalancing::LoadBalancer", "LoadBalancerName"),
    ("DBInstances", "AWS::RDS::DBInstance", "DbiResourceId"),
    ("DBClusters", "AWS::RDS::DBCluster", "DbClusterResourceId"),
];
const NAMES: [&str; 2] = ["DBInstanceIdentifier", "DBClusterIdentifier"];
const ACCOUNT: &str = "111122223333";

/// The region of an account: that of the first zone in it.
pub(super) fn region_of(documents: &[(String, Value)]) -> String {
    let zone = documents.iter().find_map(|(_, document)| zone_in(document));
    zone.map_or_else(|| "eu-west-1".to_owned(), |zone| zone.trim_end_matches(char::is_alphabetic).to_owned())
}

fn zone_in(value: &Value) -> Option<&str> {
    match value {
        Value::Array(items) => items.iter().find_map(zone_in),
        Value::Object(object) => {
            let own = object.get("AvailabilityZone").and_then(Value::as_str);
            own.or_else(|| object.values().find_map(zone_in))
        }
        _ => None,
    }
}

fn tags(resource: &Value) -> Value {
    let list = resource["Tags"].as_array().into_iter().flatten();
    let tags = list.filter_map(|tag| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].clone())));
    Value::Object(tags.collect::<Map<String, Value>>())
}

impl Item {
    /// An item of a snapshot.
    pub(super) fn object(&self) -> Value {
        json!({
            "relatedEvents": [],
            "relationships": [],
            "configuration": self.configuration,
            "supplementaryConfiguration": {},
            "tags": self.tags,
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": "2026-01-02T10:00:00.000Z",
            "configurationStateId": 1,
            "awsAccountId": self.account,
            "configurationItemStatus": "OK",
            "resourceType": self.kind,
            "resourceId": self.id,
            "resourceName": self.name,
            "awsRegion": self.region,
            "availabilityZone": "Not Applicable",
        })
    }

    /// An item of which the configuration is a text.
    fn of_text(&self) -> Value {
        let mut item = self.object();
        item["configuration"] = self.configuration.to_string().into();
        item["configurationItemCaptureTime"] = "2026-01-02T11:00:00+01:00".into();
        item
    }

    /// An item of an answer to several questions.
    pub(super) fn base(&self) -> Value {
        let mut item = self.of_text();
        if let Some(item) = item.as_object_mut() {
            let account = item.remove("awsAccountId").unwrap_or_default();
            item.insert("accountId".to_owned(), account);
            item.remove("tags");
        }
        item
    }

    /// The history of the resource, with what it was before and with another one that is gone.
    pub(super) fn history(&self, random: &mut Random) -> Value {
        let mut before = self.of_text();
        let mut past = self.configuration.clone();
        if let Some(past) = past.as_object_mut() {
            past.retain(|_, value| !value.is_array());
        }
        before["configuration"] = past.to_string().into();
        before["configurationItemCaptureTime"] = "2025-12-31T23:00:00.000Z".into();
        before["configurationItemStatus"] = "ResourceDiscovered".into();
        let mut gone = self.of_text();
        gone["resourceId"] = format!("{}-gone", self.id).into();
        gone["configuration"] = Value::Null;
        gone["configurationItemStatus"] = "ResourceDeleted".into();
        let mut items = vec![self.of_text(), before, gone];
        random.shuffle(&mut items);
        json!({"configurationItems": items})
    }

    /// A notification of the change that made it.
    pub(super) fn notification(&self) -> Value {
        let message = json!({
            "configurationItemDiff": null,
            "configurationItem": self.object(),
            "notificationCreationTime": "2026-01-02T10:00:01.000Z",
            "messageType": "ConfigurationItemChangeNotification",
            "recordVersion": "1.3",
        });
        json!({"Type": "Notification", "MessageId": "m", "Message": message.to_string()})
    }

    /// A row with the configuration in one column.
    pub(super) fn row(&self) -> Value {
        json!({
            "resourceId": self.id,
            "resourceName": self.name,
            "resourceType": self.kind,
            "accountId": self.account,
            "awsRegion": self.region,
            "tags": [],
            "configuration": self.configuration,
        })
    }

    /// A row with a column for each key of the configuration.
    pub(super) fn flat_row(&self) -> Value {
        let mut row = self.row();
        let Some(columns) = row.as_object_mut() else { return row };
        columns.remove("configuration");
        for (key, value) in self.configuration.as_object().into_iter().flatten() {
            columns.insert(format!("configuration.{key}"), value.clone());
        }
        row
    }
}
