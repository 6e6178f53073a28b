//! VPC Block Public Access and its exclusions (W17).

use serde_json::Value;

use super::Estate;
use super::fields::text;
use crate::oracle::verdict::Verdict;

impl Estate {
    /// Whether packets from the Internet are not blocked in a subnet of a network of a region.
    pub(super) fn access(
        &self,
        region: Option<&str>,
        owner: Option<&str>,
        network: &str,
        subnet: &str,
    ) -> Verdict {
        let mut verdict = Verdict::Allow;
        for options in self.all("VpcBlockPublicAccessOptions") {
            let elsewhere = |key: &str, own: Option<&str>| {
                text(options, key).zip(own).is_some_and(|(stated, own)| stated != own)
            };
            if elsewhere("AwsRegion", region) || elsewhere("AwsAccountId", owner) {
                continue;
            }
            verdict = verdict.and(match text(options, "InternetGatewayBlockMode") {
                Some("off") => Verdict::Allow,
                Some("block-bidirectional" | "block-ingress") => Verdict::Deny,
                _ => Verdict::Undecided,
            });
        }
        if verdict == Verdict::Allow || self.excluded(network, subnet) {
            return Verdict::Allow;
        }
        // Of exclusions that nobody exported nothing is known.
        if self.has("VpcBlockPublicAccessExclusions") { verdict } else { Verdict::Undecided }
    }

    /// Whether an exclusion in force lets packets in: `allow-egress` lets nobody in.
    fn excluded(&self, network: &str, subnet: &str) -> bool {
        let places = [format!("vpc/{network}"), format!("subnet/{subnet}")];
        let concerns = |exclusion: &&Value| {
            let place = text(exclusion, "ResourceArn").and_then(|arn| arn.rsplit(':').next());
            place.is_some_and(|place| places.iter().any(|it| it == place))
        };
        let in_force = |exclusion: &&Value| {
            let state = text(exclusion, "State").unwrap_or("create-complete");
            ["create-complete", "update-complete"].contains(&state)
        };
        self.all("VpcBlockPublicAccessExclusions")
            .iter()
            .filter(concerns)
            .filter(in_force)
            .any(|exclusion| text(exclusion, "InternetGatewayExclusionMode") == Some("allow-bidirectional"))
    }
}
