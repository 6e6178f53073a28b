//! Scale sets: the interfaces that all of their instances get.
//!
//! Each is read into an interface without an address of its own. Instances whose interfaces are in the input are
//! targets by themselves; who is one is decided in `lower`.

use cloud::json::Node;
use cloud::{Said, Stated};
use model::{Effect, Name};
use packet::Family;

use crate::intake::Intake;
use crate::resource::identity::{Absence, Identity};
use crate::resource::interface::{Balancing, Interface, IpConfiguration};
use crate::resource::public_address::Sku;
use crate::resource::stated::OfAzure as _;

use super::Device;

/// A virtual machine scale set.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleSet {
    pub(crate) identity: Identity,
    /// Whether its instances are machines with interfaces of their own, and not of the set.
    pub(crate) is_flexible: bool,
    pub(crate) interfaces: Vec<SetInterface>,
    /// Whether its document says what its interfaces are.
    pub(crate) is_told: bool,
}

/// What is one interface of each instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SetInterface {
    pub(crate) interface: Interface,
    /// For each ip-configuration, what its instances' own public addresses let in without a group; `None` where
    /// instances have none.
    pub(crate) addresses: Vec<Option<Sku>>,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed scale set", intake);
    let is_flexible = stated
        .text("orchestrationMode", intake)
        .this()
        .is_some_and(|mode| mode.eq_ignore_ascii_case("flexible"));
    let profile = match stated.object("virtualMachineProfile", intake) {
        Said::This(profile) => profile.object("networkProfile", intake),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    };
    let listed = match profile {
        Said::This(profile) => profile.objects("networkInterfaceConfigurations", intake),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    };
    let is_missing = match &listed {
        Said::Nothing => !is_flexible,
        Said::This(listed) => listed.is_empty(),
        Said::Unreadable => false,
    };
    if is_missing {
        let sentence = "`virtualMachineProfile.networkProfile` is missing: what its instances' interfaces are is not known";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    // No instance is without an interface.
    let is_empty = matches!(&listed, Said::This(listed) if listed.is_empty());
    let is_told = (matches!(listed, Said::This(_)) && !is_empty) || (is_flexible && listed.is_nothing());
    let listed = listed.this().unwrap_or_default();
    let interfaces = listed.iter().map(|one| SetInterface::read(one, &identity, intake)).collect();
    ScaleSet { identity, is_flexible, interfaces, is_told }.into()
}

impl SetInterface {
    fn read<'a>(stated: &Stated<'_, 'a>, set: &Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let group = stated.reference("networkSecurityGroup", intake);
        let name = stated.text("name", intake).this();
        let owner = name.map(|name| format!("{}/networkInterfaces/{name}", set.key));
        let listed = stated.listed("ipConfigurations", intake);
        let (configurations, addresses) =
            listed.iter().map(|one| read_configuration(one, owner.as_deref(), intake)).unzip();
        let interface = Interface {
            identity: set.clone(),
            is_projected: false,
            // The model of a set leaves out what is not there.
            without_group: if group.is_nothing() { Absence::Implied } else { Absence::Untold },
            group: group.this(),
            configurations,
            has_unread: false,
            machine: None,
            is_private_endpoint: false,
        };
        Self { interface, addresses }
    }
}

/// One ip-configuration of each instance, and what public address it has.
fn read_configuration<'a>(
    stated: &Stated<'_, 'a>,
    interface: Option<&str>,
    intake: &mut Intake<'_, 'a>,
) -> (IpConfiguration, Option<Sku>) {
    let name = stated.text("name", intake).this();
    let key = interface.zip(name).map(|(interface, name)| format!("{interface}/ipConfigurations/{name}"));
    let six = stated.text("privateIPAddressVersion", intake).this();
    let six = six.is_some_and(|version| version.eq_ignore_ascii_case("ipv6"));
    let groups = stated.references("applicationSecurityGroups", intake);
    let subnet = stated.reference("subnet", intake);
    let balancing = read_balancing(stated, intake);
    if subnet.is_nothing() {
        let sentence = "`subnet` of an ip-configuration is missing: nothing of it is certain";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    let balancing = match (subnet.is_nothing(), balancing) {
        (true, known) => Some(Box::new(Balancing {
            is_unreadable: true,
            ..known.map_or_else(Balancing::default, |known| *known)
        })),
        (false, known) => known,
    };
    let configuration = IpConfiguration {
        key: key.map(|key| intake.pool.key(&key)),
        addresses: None,
        family: if six { Family::V6 } else { Family::V4 },
        public_address: None,
        subnet: subnet.this(),
        tells_membership: groups != Said::Unreadable,
        application_groups: groups.this().unwrap_or_default(),
        tells_public_address: true,
        balancing,
        tells_pools: false,
        tells_nat_rules: false,
        is_chained: false,
        read_at: stated.read_at,
    };
    (configuration, read_address(stated, intake))
}

fn read_balancing<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Box<Balancing>> {
    let keys = [
        "loadBalancerBackendAddressPools",
        "loadBalancerInboundNatPools",
        "applicationGatewayBackendAddressPools",
    ];
    let lists = keys.map(|key| stated.references(key, intake));
    let is_unreadable = lists.contains(&Said::Unreadable);
    let [pools, nat_pools, gateway_pools] = lists.map(sorted);
    let is_empty = pools.is_empty() && nat_pools.is_empty() && gateway_pools.is_empty();
    (is_unreadable || !is_empty).then(|| {
        Box::new(Balancing { pools, nat_rules: Vec::new(), nat_pools, gateway_pools, is_unreadable })
    })
}

fn sorted(keys: Said<Vec<Name>>) -> Vec<Name> {
    let mut keys = keys.this().unwrap_or_default();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// AP1: what an instance's own public address lets in without a group.
fn read_address<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Sku> {
    let address = match stated.object("publicIPAddressConfiguration", intake) {
        Said::This(address) => address,
        Said::Nothing => return None,
        Said::Unreadable => return Some(Sku::Unknown),
    };
    let sku = address.object("sku", intake).this().and_then(|sku| sku.text("name", intake).this());
    Some(match sku {
        Some(word) if word.eq_ignore_ascii_case("basic") => Sku::Basic,
        Some(word) if ["standard", "standardv2"].iter().any(|known| word.eq_ignore_ascii_case(known)) => {
            Sku::Standard
        }
        Some(_) | None => Sku::Unknown,
    })
}
