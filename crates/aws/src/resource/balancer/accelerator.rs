//! Global Accelerator: addresses outside, the ports they listen on, and the endpoints these lead to.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{PortSet, ProtocolSet};

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::{called, name, port, protocols};

/// An accelerator, standard or of custom routing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Accelerator {
    /// Its id is its ARN.
    pub(crate) identity: Identity,
    /// Nothing: not known, and taken to be.
    pub(crate) is_enabled: Said<bool>,
    /// Its addresses, sorted.
    pub(crate) addresses: Vec<IpAddr>,
}

/// A listener of an accelerator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AcceleratorListener {
    /// Its id is its ARN, which starts with that of its accelerator.
    pub(crate) identity: Identity,
    /// Nothing: one of custom routing, which says at its endpoints what it carries.
    pub(crate) protocols: Said<ProtocolSet>,
    /// Its ports; `None`: not known.
    pub(crate) ports: Option<Arc<PortSet>>,
}

/// The endpoints of a listener in a region.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndpointGroup {
    /// Its id is its ARN, which starts with that of its listener.
    pub(crate) identity: Identity,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) overrides: Vec<PortOverride>,
    /// Whether it leads to every address of subnets at ports that it chooses itself.
    pub(crate) is_custom: bool,
}

/// What an accelerator leads to: the ARN of a load balancer, the id of an instance, of an address, of a subnet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Endpoint {
    pub(crate) id: Name,
    pub(crate) preserves: Said<bool>,
    /// Whether it gets packets: neither its weight nor the dial of its group is at zero.
    pub(crate) is_in_use: bool,
}

/// A port of the listener that leads to another one of the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PortOverride {
    pub(crate) from: u16,
    pub(crate) to: u16,
}

impl Accelerator {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("AcceleratorArn", intake).this()?;
        let called_by = name(stated, "Name", intake).this();
        let identity = called(Identity::read(stated, id, None, origin, intake), called_by);
        let mut texts: Vec<&str> = Vec::new();
        for set in stated.listed("IpSets", intake) {
            texts.extend(set.listed_texts("IpAddresses", intake));
        }
        for key in ["IpAddresses", "Ipv4Addresses", "Ipv6Addresses"] {
            texts.extend(stated.listed_texts(key, intake));
        }
        let mut addresses: Vec<IpAddr> = Vec::with_capacity(texts.len());
        for text in texts {
            let address = grammar::address(text);
            if address.is_none() {
                let sentence = format!("{} of `IpAddresses` is no address", Quoted(text));
                stated.tell("unreadable-address", Effect::Undecided, &sentence, intake);
            }
            addresses.extend(address);
        }
        addresses.sort_unstable();
        addresses.dedup();
        Some(Self { identity, is_enabled: stated.flag("Enabled", intake), addresses })
    }
}

impl AcceleratorListener {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("ListenerArn", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let ports = match stated.objects("PortRanges", intake) {
            Said::This(ranges) => {
                let read = |one: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>| {
                    Some((port(one, "FromPort", intake).this()?, port(one, "ToPort", intake).this()?))
                };
                let spans: Option<Vec<(u16, u16)>> = ranges.iter().map(|one| read(one, intake)).collect();
                spans.map(|spans| {
                    let ranges =
                        spans.into_iter().filter_map(|(first, last)| packet::PortRange::new(first, last));
                    intake.pool.port_set(ranges.collect())
                })
            }
            Said::Nothing | Said::Unreadable => None,
        };
        if ports.is_none() {
            let sentence = "has no ports that can be read: every port is possible";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let protocols = protocols(stated, "Protocol", intake);
        // What is not known of one of both makes all of it possible.
        let ports = ports.filter(|_| protocols != Said::Unreadable);
        Some(Self { identity, protocols, ports })
    }
}

impl EndpointGroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("EndpointGroupArn", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let mut endpoints = Vec::new();
        let is_dialled = !matches!(
            stated.text("TrafficDialPercentage", intake),
            Said::This("0" | "0.0") | Said::Unreadable
        );
        for key in ["EndpointDescriptions", "EndpointConfigurations"] {
            for one in stated.listed(key, intake) {
                let Said::This(id) = name(&one, "EndpointId", intake) else { continue };
                let preserves = one.flag("ClientIPPreservationEnabled", intake);
                let is_in_use = is_dialled
                    && !matches!(
                        super::super::integer(&one, "Weight", intake),
                        Said::This(0) | Said::Unreadable
                    );
                endpoints.push(Endpoint { id, preserves, is_in_use });
            }
        }
        let mut overrides = Vec::new();
        for one in stated.listed("PortOverrides", intake) {
            let ports = (port(&one, "ListenerPort", intake), port(&one, "EndpointPort", intake));
            if let (Said::This(from), Said::This(to)) = ports {
                overrides.push(PortOverride { from, to });
            }
        }
        let is_custom = stated.has("DestinationDescriptions");
        Some(Self { identity, endpoints, overrides, is_custom })
    }

    /// The ARN of its listener.
    pub(crate) fn listener(&self) -> Option<&str> {
        self.identity.id.split_once("/endpoint-group/").map(|(listener, _)| listener)
    }
}
