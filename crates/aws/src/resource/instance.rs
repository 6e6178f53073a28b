//! Instances: whether they run, and the interfaces that they list themselves.
//!
//! Knows nothing of what leads to them.

use cloud::{Said, Stated};
use model::Name;

use crate::intake::Intake;

use super::interface::{Association, Interface, PrivateAddress};
use super::place::{address, region_of_zone};
use super::{Identity, Origin};

/// An instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instance {
    pub(crate) identity: Identity,
    /// Running, stopped and so on.
    pub(crate) power: Option<Name>,
    /// Whether somebody gave it a name.
    pub(crate) is_named: bool,
    /// The interfaces as it states them itself.
    pub(crate) interfaces: Vec<Interface>,
    /// What it says of its own address and groups where it lists no interface: an old export, EC2-Classic.
    pub(crate) bare: Option<Box<Interface>>,
    /// Whether an export says nothing of its interfaces, not even that it has none.
    pub(crate) omits_interfaces: bool,
}

/// The public address at the top of an instance, where its interfaces are projected without it.
fn with_own_address<'a>(interfaces: &mut [Interface], stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
    let Said::This(public) = address(stated, "PublicIpAddress", intake) else { return };
    let is_known = |one: &PrivateAddress| matches!(&one.public, Said::This(association) if association.address == Some(public));
    if interfaces.iter().flat_map(|one| one.v4.iter().flatten()).any(is_known) {
        return;
    }
    let private = address(stated, "PrivateIpAddress", intake).this();
    let holder =
        interfaces.iter_mut().find(|one| private.is_none_or(|private| one.private.contains(private)));
    let Some(addresses) = holder.and_then(|one| one.v4.as_mut()) else { return };
    let association = Association { address: Some(public), allocation: None, is_carrier: false };
    let own = addresses.iter_mut().find(|one| private.is_none() || one.address == private);
    if let Some(own) = own.filter(|one| one.public.is_nothing()) {
        own.public = Said::This(association);
    }
}

impl Instance {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("InstanceId", intake).this()?;
        let mut identity = Identity::read(stated, id, None, origin, intake);
        if identity.region.is_none() {
            let placement = stated.object("Placement", intake).this();
            let zone = placement.and_then(|placement| placement.text("AvailabilityZone", intake).this());
            identity.region = zone.and_then(region_of_zone).map(|region| intake.name(region));
        }
        let state = stated.object("State", intake).this();
        let power = state.and_then(|state| state.text("Name", intake).this()).map(|power| intake.name(power));
        let own = Origin {
            account: identity.account.clone(),
            region: identity.region.clone(),
            ..Origin::default()
        };
        let said = stated.objects("NetworkInterfaces", intake);
        let is_unread = matches!(said, Said::Unreadable);
        let listed = said.this().unwrap_or_default();
        let interfaces = listed.iter().filter_map(|one| Interface::read(one, &own, intake));
        let mut interfaces: Vec<Interface> = interfaces.collect();
        for interface in &mut interfaces {
            interface.instance = Some(identity.id.clone());
        }
        with_own_address(&mut interfaces, stated, intake);
        let has_own =
            ["PublicIpAddress", "PrivateIpAddress", "SecurityGroups"].iter().any(|key| stated.has(key));
        let stands_for_one = interfaces.is_empty() && (has_own || is_unread);
        let bare = stands_for_one.then(|| {
            let bare = Interface::of(stated, id, "SecurityGroups", &own, intake);
            Box::new(Interface { instance: Some(identity.id.clone()), ..bare })
        });
        let is_named = super::tag::name_tag(stated).is_some();
        // One that is gone has none; what events say of one is never all.
        let is_gone = power.as_deref().is_some_and(|power| ["terminated", "shutting-down"].contains(&power));
        let omits_interfaces =
            intake.standing.is_none() && !is_gone && !has_own && !stated.has("NetworkInterfaces");
        Some(Self { identity, power, is_named, interfaces, bare, omits_interfaces })
    }
}
