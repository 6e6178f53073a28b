//! What serde_json parses exports into, as the plainest program would: owned structs, every field that decides
//! something, the rest skipped. The measure that our reading is held against.
#![expect(missing_docs, reason = "fields have the names of the documents, and nobody reads them")]

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    pub id: String,
    pub name: String,
    pub location: Option<String>,
    pub resource_group: Option<String>,
    pub security_rules: Vec<Rule>,
    pub default_security_rules: Vec<Rule>,
    pub network_interfaces: Option<Vec<Reference>>,
    pub subnets: Option<Vec<Reference>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    pub id: Option<String>,
    pub name: String,
    pub priority: u32,
    pub direction: String,
    pub access: String,
    pub protocol: String,
    pub source_address_prefix: Option<String>,
    pub source_address_prefixes: Option<Vec<String>>,
    pub source_port_range: Option<String>,
    pub source_port_ranges: Option<Vec<String>>,
    pub source_application_security_groups: Option<Vec<Reference>>,
    pub destination_address_prefix: Option<String>,
    pub destination_address_prefixes: Option<Vec<String>>,
    pub destination_port_range: Option<String>,
    pub destination_port_ranges: Option<Vec<String>>,
    pub destination_application_security_groups: Option<Vec<Reference>>,
}

#[derive(Debug, Deserialize)]
pub struct Reference {
    pub id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interface {
    pub id: String,
    pub name: String,
    pub network_security_group: Option<Reference>,
    pub virtual_machine: Option<Reference>,
    pub ip_configurations: Vec<IpConfiguration>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IpConfiguration {
    pub id: String,
    pub name: String,
    #[serde(rename = "privateIPAddress")]
    pub private_address: Option<String>,
    #[serde(rename = "publicIPAddress")]
    pub public_address: Option<Reference>,
    pub subnet: Option<Reference>,
    pub application_security_groups: Option<Vec<Reference>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicAddress {
    pub id: String,
    pub name: String,
    pub ip_address: Option<String>,
    pub ip_configuration: Option<Reference>,
    pub sku: Option<Sku>,
}

#[derive(Debug, Deserialize)]
pub struct Sku {
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    pub id: String,
    pub name: String,
    pub address_space: AddressSpace,
    pub subnets: Vec<Subnet>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressSpace {
    pub address_prefixes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subnet {
    pub id: String,
    pub name: String,
    pub address_prefix: Option<String>,
    pub address_prefixes: Option<Vec<String>>,
    pub network_security_group: Option<Reference>,
    pub route_table: Option<Reference>,
}

/// An estate, parsed.
#[derive(Debug)]
pub struct Parsed {
    pub groups: Vec<Group>,
    pub interfaces: Vec<Interface>,
    pub public_addresses: Vec<PublicAddress>,
    pub networks: Vec<Network>,
}

/// Parses the documents of an estate.
///
/// # Panics
/// When a document of the generator is not what these structs say.
#[must_use]
pub fn parse(documents: &[(&str, String)]) -> Parsed {
    let text = |name| documents.iter().find(|(known, _)| *known == name).map_or("[]", |(_, text)| text);
    Parsed {
        groups: serde_json::from_str(text("nsgs.json")).expect("groups parse"),
        interfaces: serde_json::from_str(text("nics.json")).expect("interfaces parse"),
        public_addresses: serde_json::from_str(text("public-ips.json")).expect("public addresses parse"),
        networks: serde_json::from_str(text("vnets.json")).expect("networks parse"),
    }
}
