//! The second evaluators, each asked about the documents of its cloud.

use core::net::IpAddr;

use serde_json::Value;

use crate::oracle::azure::{Packet, Verdict};
use crate::oracle::{aws, azure};

/// What every cloud's evaluator has read.
#[derive(Debug, Default)]
pub(super) struct Second {
    azure: azure::Estate,
    aws: aws::Estate,
}

impl Second {
    /// Gives a document to the evaluator that knows it; what nobody knows is Azure's, which then abstains.
    pub(super) fn read(&mut self, document: &Value) {
        match aws::Estate::knows(document) {
            true => self.aws.read(document),
            false => self.azure.read(document),
        }
    }

    /// What happens to a packet to a target, by its name; `None` when somebody does not know all of the documents.
    pub(super) fn to_target(&self, name: &str, packet: &Packet) -> Option<Verdict> {
        self.is_known().then_some(())?;
        let azure = self.azure.judge(name).map(|judge| judge.decide(packet));
        azure.or_else(|| Some(self.aws.judge(name)?.decide(packet)))
    }

    /// The same to an address outside.
    pub(super) fn to_front(&self, address: IpAddr, packet: &Packet) -> Option<Verdict> {
        self.is_known().then_some(())?;
        let azure = self.azure.judge_front(address)?.decide(packet);
        Some(azure.better(self.aws.judge_front(address)?.decide(packet)))
    }

    /// What they do not know.
    pub(super) fn strange(&self) -> impl Iterator<Item = &str> {
        self.azure.strange().chain(self.aws.strange())
    }

    fn is_known(&self) -> bool {
        self.strange().next().is_none()
    }
}
