//! The second evaluators, each asked about the documents of its cloud.

use core::net::IpAddr;

use serde_json::Value;

use crate::oracle::azure::{Packet, Verdict};
use crate::oracle::{aws, azure, gcp};

/// What every cloud's evaluator has read.
#[derive(Debug, Default)]
pub(super) struct Second {
    azure: azure::Estate,
    aws: aws::Estate,
    gcp: gcp::Estate,
    // Documents that are no JSON.
    unread: Vec<String>,
}

impl Second {
    /// Gives a document to the evaluator that knows it; what nobody knows is Azure's, which then abstains.
    pub(super) fn read(&mut self, document: &Value) {
        if gcp::Estate::knows(document) {
            self.gcp.read(document);
        } else if aws::Estate::knows(document) {
            self.aws.read(document);
        } else {
            self.azure.read(document);
        }
    }

    /// Notes a document that none of them reads.
    pub(super) fn cannot_read(&mut self, name: &str) {
        self.unread.push(name.to_owned());
    }

    /// What happens to a packet to a target, by its name; `None` when somebody does not know all of the documents.
    pub(super) fn to_target(&self, name: &str, packet: &Packet) -> Option<Verdict> {
        self.is_known().then_some(())?;
        let azure = self.azure.judge(name).map(|judge| judge.decide(packet));
        let aws = || Some(self.aws.judge(name)?.decide(packet));
        azure.or_else(aws).or_else(|| Some(self.gcp.judge(name)?.decide(packet)))
    }

    /// The same to an address outside.
    pub(super) fn to_front(&self, address: IpAddr, packet: &Packet) -> Option<Verdict> {
        self.is_known().then_some(())?;
        let azure = self.azure.judge_front(address)?.decide(packet);
        let aws = self.aws.judge_front(address)?.decide(packet);
        Some(azure.better(aws).better(self.gcp.judge_front(address)?.decide(packet)))
    }

    /// What they do not know.
    pub(super) fn strange(&self) -> impl Iterator<Item = &str> {
        let unread = self.unread.iter().map(String::as_str);
        unread.chain(self.azure.strange()).chain(self.aws.strange()).chain(self.gcp.strange())
    }

    fn is_known(&self) -> bool {
        self.strange().next().is_none()
    }
}
