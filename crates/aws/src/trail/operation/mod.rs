//! Every operation that bears on what the Internet reaches, or on who watches: one table.
//!
//! Adding one: its entry here, and its function in the file of its subject.

mod accelerator;
mod address;
mod balancer;
mod classic;
mod database;
mod elsewhere;
mod gateway;
mod group;
mod impairment;
mod instance;
mod interface;
pub(crate) mod kinds;
mod named;
mod network_acl;
mod prefix_list;
mod route;
mod service;
mod vpc;
mod warehouse;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cloud::LookupMap;
use cloud::audit::Watcher;
use model::Weakened;

use super::call::{Call, Meaning, Told};

/// Reads one call.
pub(crate) type Read = for<'n> fn(&Call<'n>, &mut Told<'_>) -> Meaning;

/// What is known of an operation. Complete.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// What it does is read of its record.
    Read(Read),
    /// It is of a kind that is not modelled: which, in words, and the keys of the request under one of which its id is.
    NotModelled { kind: &'static str, id: &'static [&'static str] },
    /// It does this to somebody who watches or protects, whatever its request says; `id` likewise.
    Impairs { weakened: Weakened, kind: Watcher, id: &'static [&'static str] },
}

/// What an operation does; `None` for most there are.
pub(crate) fn operation(service: &str, name: &str) -> Option<Does> {
    static BY_NAME: OnceLock<LookupMap<&'static str, Vec<(&'static str, Does)>>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        let mut by_name: LookupMap<&'static str, Vec<(&'static str, Does)>> = LookupMap::default();
        for (service, operations) in all() {
            for (name, does) in *operations {
                by_name.entry(*name).or_default().push((*service, *does));
            }
        }
        by_name
    });
    let own = by_name.get(name)?.iter().find(|(own, _)| *own == service);
    own.map(|(_, does)| *does)
}

/// The names of all operations that are understood, sorted, each once.
pub(super) fn names() -> Vec<&'static str> {
    let understood = |does: &Does| !matches!(does, Does::NotModelled { .. });
    let of = OPERATIONS.iter().flat_map(|(_, operations)| operations.iter());
    let names: BTreeSet<&str> = of.filter(|(_, does)| understood(does)).map(|(name, _)| *name).collect();
    names.into_iter().collect()
}

/// The operations of a service, by their names.
type Operations = (&'static str, &'static [(&'static str, Does)]);

fn all() -> impl Iterator<Item = &'static Operations> {
    OPERATIONS.iter().chain(elsewhere::OPERATIONS)
}

use Does::Read as By;
use named::{arn, tell_no_response};

/// The operations of each service, by its name in `eventSource` without `.amazonaws.com`. A service may stand here several
/// times.
const OPERATIONS: &[Operations] = &[
    (
        "ec2",
        &[
            ("CreateSecurityGroup", By(group::create)),
            ("DeleteSecurityGroup", By(group::delete)),
            ("AuthorizeSecurityGroupIngress", By(group::authorize_ingress)),
            ("AuthorizeSecurityGroupEgress", By(group::authorize_egress)),
            ("RevokeSecurityGroupIngress", By(group::revoke_ingress)),
            ("RevokeSecurityGroupEgress", By(group::revoke_egress)),
            ("ModifySecurityGroupRules", By(group::modify_rules)),
            ("UpdateSecurityGroupRuleDescriptionsIngress", By(group::describe_rules)),
            ("UpdateSecurityGroupRuleDescriptionsEgress", By(group::describe_rules)),
            ("AssociateSecurityGroupVpc", By(group::associate)),
            ("DisassociateSecurityGroupVpc", By(group::disassociate)),
        ],
    ),
    (
        "ec2",
        &[
            ("CreateManagedPrefixList", By(prefix_list::create)),
            ("ModifyManagedPrefixList", By(prefix_list::modify)),
            ("RestoreManagedPrefixListVersion", By(prefix_list::restore)),
            ("DeleteManagedPrefixList", By(prefix_list::delete)),
            ("CreateNetworkAcl", By(network_acl::create)),
            ("DeleteNetworkAcl", By(network_acl::delete)),
            ("CreateNetworkAclEntry", By(network_acl::put_entry)),
            ("ReplaceNetworkAclEntry", By(network_acl::put_entry)),
            ("DeleteNetworkAclEntry", By(network_acl::delete_entry)),
            ("ReplaceNetworkAclAssociation", By(network_acl::replace_association)),
        ],
    ),
    (
        "ec2",
        &[
            ("CreateRouteTable", By(route::create_table)),
            ("DeleteRouteTable", By(route::delete_table)),
            ("CreateRoute", By(route::put_route)),
            ("ReplaceRoute", By(route::put_route)),
            ("DeleteRoute", By(route::delete_route)),
            ("AssociateRouteTable", By(route::associate)),
            ("DisassociateRouteTable", By(route::disassociate)),
            ("ReplaceRouteTableAssociation", By(route::replace_association)),
            (
                "EnableVgwRoutePropagation",
                Does::NotModelled { kind: "propagation of routes", id: &["routeTableId"] },
            ),
            (
                "DisableVgwRoutePropagation",
                Does::NotModelled { kind: "propagation of routes", id: &["routeTableId"] },
            ),
            ("CreateInternetGateway", By(gateway::create)),
            ("DeleteInternetGateway", By(gateway::delete)),
            ("AttachInternetGateway", By(gateway::attach)),
            ("DetachInternetGateway", By(gateway::detach)),
            ("CreateEgressOnlyInternetGateway", By(gateway::create_egress_only)),
            ("DeleteEgressOnlyInternetGateway", By(gateway::delete_egress_only)),
            ("CreateNatGateway", By(gateway::create_nat)),
            ("DeleteNatGateway", By(gateway::delete_nat)),
            ("CreateVpcPeeringConnection", By(gateway::create_peering)),
            ("AcceptVpcPeeringConnection", By(gateway::accept_peering)),
            ("RejectVpcPeeringConnection", By(gateway::reject_peering)),
            ("DeleteVpcPeeringConnection", By(gateway::delete_peering)),
            ("ModifyVpcBlockPublicAccessOptions", By(gateway::modify_public_access)),
            ("CreateVpcBlockPublicAccessExclusion", By(gateway::create_exclusion)),
            ("ModifyVpcBlockPublicAccessExclusion", By(gateway::modify_exclusion)),
            ("DeleteVpcBlockPublicAccessExclusion", By(gateway::delete_exclusion)),
        ],
    ),
    (
        "ec2",
        &[
            ("CreateVpc", By(vpc::create)),
            ("CreateDefaultVpc", By(vpc::create_default)),
            ("DeleteVpc", By(vpc::delete)),
            ("CreateSubnet", By(vpc::create_subnet)),
            ("CreateDefaultSubnet", By(vpc::create_subnet)),
            ("DeleteSubnet", By(vpc::delete_subnet)),
            ("AssociateVpcCidrBlock", By(vpc::associate_vpc_block)),
            ("DisassociateVpcCidrBlock", By(vpc::disassociate_vpc_block)),
            ("AssociateSubnetCidrBlock", By(vpc::associate_subnet_block)),
            ("DisassociateSubnetCidrBlock", By(vpc::disassociate_subnet_block)),
        ],
    ),
    ("ec2", interface::OPERATIONS),
    ("ec2", instance::OPERATIONS),
    ("ec2", address::OPERATIONS),
    ("elasticloadbalancing", balancer::OPERATIONS),
    ("elasticloadbalancing", classic::OPERATIONS),
    ("globalaccelerator", accelerator::OPERATIONS),
    ("rds", database::OPERATIONS),
    ("redshift", warehouse::CLUSTERS),
    ("redshift", impairment::WAREHOUSE),
    ("redshift-serverless", warehouse::WORKGROUPS),
    ("eks", service::EKS),
    ("es", service::DOMAINS),
    ("lightsail", service::LIGHTSAIL),
    // Who watches and who protects.
    ("guardduty", impairment::GUARD_DUTY),
    ("s3", impairment::OBJECTS),
    ("cloudtrail", impairment::CLOUDTRAIL),
    ("ec2", impairment::FLOW_LOGS),
    ("logs", impairment::LOGS),
    ("config", impairment::CONFIG),
    ("securityhub", impairment::SECURITY_HUB),
    ("inspector2", impairment::INSPECTOR),
    ("macie2", impairment::MACIE),
    ("access-analyzer", impairment::ACCESS_ANALYZER),
    ("detective", impairment::DETECTIVE),
    ("organizations", impairment::ORGANIZATIONS),
    ("elasticmapreduce", impairment::EMR),
    ("wafv2", impairment::WAF),
    ("waf", impairment::WAF_CLASSIC),
    ("waf-regional", impairment::WAF_CLASSIC),
    ("network-firewall", impairment::NETWORK_FIREWALL),
    ("route53resolver", impairment::RESOLVER),
    ("fms", impairment::FIREWALL_MANAGER),
    ("shield", impairment::SHIELD),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operation_is_listed_twice() {
        let mut listed: Vec<(&str, &str)> = Vec::new();
        for (service, operations) in all() {
            listed.extend(operations.iter().map(|(name, _)| (*service, *name)));
        }
        let count = listed.len();
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(listed.len(), count);
    }
}
