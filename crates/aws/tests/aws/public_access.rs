//! Block Public Access: what every combination of mode, exclusion and state comes to (W17), against the rule in words.
//! Single cases are in `specs/aws/block-public-access.md`.

use crate::network::{Network, permission};

/// Mode, what is excluded how, its state; and whether packets get in: `None` is possible.
#[test]
fn every_combination_of_mode_and_exclusion() {
    let modes = [
        ("off", Some(false)),
        ("block-bidirectional", Some(true)),
        ("Block-Ingress", Some(true)),
        ("block", None),
    ];
    let exclusions = [
        ("vpc/vpc-1", "allow-bidirectional", "create-complete", Some(true)),
        ("subnet/subnet-1", "allow-bidirectional", "update-complete", Some(true)),
        ("subnet/subnet-1", "allow-bidirectional", "delete-in-progress", None),
        ("subnet/subnet-1", "allow-bidirectional", "update-failed", None),
        ("subnet/subnet-1", "allow-bidirectional", "disable-complete", Some(false)),
        ("subnet/subnet-1", "allow-egress", "create-complete", Some(false)),
        ("subnet/subnet-1", "allow-egress", "create-in-progress", Some(false)),
        ("subnet/subnet-2", "allow-bidirectional", "create-complete", Some(false)),
        ("subnet/subnet-1", "allow-some", "create-complete", None),
    ];
    for (mode, blocks) in modes {
        for (of, lets, state, excluded) in exclusions {
            let mut network = Network::new();
            network.permissions = permission("tcp");
            network.more.push(format!(
                r#"{{"VpcBlockPublicAccessOptions": {{"AwsAccountId": "111122223333", "AwsRegion": "eu-west-1", "State": "update-complete", "InternetGatewayBlockMode": "{mode}", "ExclusionsAllowed": "allowed"}},
                    "VpcBlockPublicAccessExclusions": [{{"ExclusionId": "vpcbpa-exclude-1", "InternetGatewayExclusionMode": "{lets}", "ResourceArn": "arn:aws:ec2:eu-west-1:111122223333:{of}", "State": "{state}"}}]}}"#
            ));
            let expected: &[&str] = match (blocks, excluded) {
                (Some(false), _) | (_, Some(true)) => &["eni-1 exposed tcp/22 any 3702258432 / any"],
                (Some(true), Some(false)) => &[],
                (None, _) | (Some(true), None) => &["eni-1 exposed possible tcp/22 any 3702258432 / any"],
            };
            assert_eq!(network.scan().exposures(), expected, "{mode} {of} {lets} {state}");
        }
    }
}
