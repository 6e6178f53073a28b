//! What is done to interfaces, instances, addresses and subnets.

use serde_json::{Value, json};

use super::world::{Address, Attachment, Instance, Interface, World};
use super::{Call, OWNER, REGION, VPC, ec2, items, wrapped};
use crate::random::Random;

fn done() -> Value {
    json!({"requestId": "r", "_return": true})
}

/// One to three groups.
pub(super) fn some_groups(world: &World, random: &mut Random) -> Vec<String> {
    let mut ids: Vec<String> = world.groups.iter().map(|group| group.id.clone()).collect();
    random.shuffle(&mut ids);
    ids.truncate(random.between(1, 3));
    ids
}

fn group_set(ids: &[String]) -> Value {
    items(ids.iter().map(|id| json!({"groupId": id})).collect())
}

/// An interface as answers of EC2 have it.
fn answered(one: &Interface) -> Value {
    let groups =
        one.groups.iter().map(|id| json!({"groupId": id, "groupName": format!("name-{id}")})).collect();
    let mut told = json!({"networkInterfaceId": one.id, "subnetId": one.subnet, "vpcId": VPC, "ownerId": OWNER, "availabilityZone": format!("{REGION}a"),
        "status": if one.attachment.is_some() { "in-use" } else { "pending" }, "privateIpAddress": one.private, "interfaceType": "interface",
        "groupSet": items(groups), "privateIpAddressesSet": {"item": [{"privateIpAddress": one.private, "primary": true}]}, "ipv6AddressesSet": {}, "tagSet": {}});
    if let Some(attachment) = &one.attachment {
        told["attachment"] = json!({"attachmentId": attachment.id, "deviceIndex": attachment.device, "status": "attaching", "deleteOnTermination": true});
    }
    told
}

#[expect(clippy::too_many_lines, reason = "one operation after the other, nothing shared")]
pub(super) fn interfaces(world: &mut World, random: &mut Random) -> Option<Call> {
    match random.below(12) {
        0..4 => {
            let groups = some_groups(world, random);
            let place = random.below(world.interfaces.len().max(1));
            let own = world.interfaces.get_mut(place)?;
            own.groups.clone_from(&groups);
            let first = own.attachment.as_ref().filter(|own| own.device == 0).map(|own| own.instance.clone());
            match first.filter(|_| random.chance(50)) {
                Some(instance) => Some(ec2(
                    "ModifyInstanceAttribute",
                    json!({"instanceId": instance, "groupSet": group_set(&groups)}),
                    done(),
                )),
                None => Some(ec2(
                    "ModifyNetworkInterfaceAttribute",
                    json!({"networkInterfaceId": own.id, "groupSet": group_set(&groups)}),
                    done(),
                )),
            }
        }
        4 => {
            let (subnet, groups) = (random.pick(&world.subnets).id.clone(), some_groups(world, random));
            let (id, private) = (world.id("eni"), world.private(&subnet));
            let made = Interface {
                id,
                subnet: subnet.clone(),
                groups: groups.clone(),
                private,
                v6: Vec::new(),
                attachment: None,
                automatic: None,
                wants: false,
            };
            let told = json!({"requestId": "r", "networkInterface": answered(&made)});
            world.interfaces.push(made);
            Some(ec2(
                "CreateNetworkInterface",
                json!({"subnetId": subnet, "groupSet": group_set(&groups)}),
                told,
            ))
        }
        5 | 6 => attach(world, random),
        7 => {
            let place = world
                .interfaces
                .iter()
                .position(|one| one.attachment.as_ref().is_some_and(|own| own.device > 0))?;
            let gone = world.interfaces[place].attachment.take()?;
            Some(ec2("DetachNetworkInterface", json!({"attachmentId": gone.id, "force": false}), done()))
        }
        8 => {
            let place = world.interfaces.iter().position(|one| one.attachment.is_none())?;
            let gone = world.interfaces.remove(place);
            free(world, &gone.id);
            Some(ec2("DeleteNetworkInterface", json!({"networkInterfaceId": gone.id}), done()))
        }
        _ => {
            let place = random.below(world.interfaces.len().max(1));
            world.made += 1;
            let made = world.made;
            let own = world.interfaces.get_mut(place)?;
            if let (Some(address), true) = (own.v6.first().cloned(), random.chance(60)) {
                own.v6.remove(0);
                let request = json!({"NetworkInterfaceId": own.id, "Ipv6Addresses": address});
                let told =
                    json!({"networkInterfaceId": own.id, "unassignedIpv6Addresses": {"item": address}});
                return Some(wrapped("UnassignIpv6Addresses", request, told));
            }
            let address = format!("2600:1f18::{made:x}");
            own.v6.push(address.clone());
            let request = json!({"NetworkInterfaceId": own.id, "Ipv6AddressCount": 1});
            let told = json!({"networkInterfaceId": own.id, "assignedIpv6Addresses": {"item": address}});
            Some(wrapped("AssignIpv6Addresses", request, told))
        }
    }
}

fn attach(world: &mut World, random: &mut Random) -> Option<Call> {
    if world.instances.is_empty() {
        return None;
    }
    let instance = random.pick(&world.instances).id.clone();
    let device = world.interfaces_of(&instance).len();
    // Gaps in the numbers are not filled: two of one number cannot be.
    let taken = world.interfaces.iter().filter_map(|one| one.attachment.as_ref());
    let device =
        taken.filter(|own| own.instance == instance).map(|own| own.device + 1).max().unwrap_or(device);
    let place = world.interfaces.iter().position(|one| one.attachment.is_none())?;
    let attachment = world.id("eni-attach");
    let own = &mut world.interfaces[place];
    own.attachment = Some(Attachment { id: attachment.clone(), instance: instance.clone(), device });
    let request = json!({"networkInterfaceId": own.id, "instanceId": instance, "deviceIndex": device});
    Some(ec2("AttachNetworkInterface", request, json!({"requestId": "r", "attachmentId": attachment})))
}

/// Addresses lead to what is gone no more.
fn free(world: &mut World, interface: &str) {
    for address in &mut world.addresses {
        if address.leads.as_ref().is_some_and(|(_, to)| to == interface) {
            address.leads = None;
        }
    }
}

pub(super) fn instances(world: &mut World, random: &mut Random) -> Option<Call> {
    let of = |ids: &str| json!({"instancesSet": {"items": [{"instanceId": ids}]}, "force": false});
    match random.below(10) {
        0..3 if world.instances.len() < 6 => Some(run(world, random)),
        3..6 => {
            let place = world.instances.iter().position(|one| one.runs)?;
            let id = world.instances[place].id.clone();
            world.instances[place].runs = false;
            for own in world.interfaces_of(&id) {
                if let Some(own) = world.interface(&own) {
                    own.automatic = None;
                }
            }
            Some(ec2("StopInstances", of(&id), json!({"requestId": "r"})))
        }
        6..8 => {
            let place = world.instances.iter().position(|one| !one.runs)?;
            let id = world.instances[place].id.clone();
            world.instances[place].runs = true;
            for own in world.interfaces_of(&id) {
                world.settle(&own);
            }
            Some(ec2("StartInstances", of(&id), json!({"requestId": "r"})))
        }
        8 => {
            let place = random.below(world.instances.len().max(1));
            if place >= world.instances.len() {
                return None;
            }
            let gone = world.instances.remove(place);
            for id in world.interfaces_of(&gone.id) {
                let Some(own) = world.interface(&id) else { continue };
                if own.attachment.as_ref().is_some_and(|own| own.device > 0) {
                    // What was attached by hand stays.
                    own.attachment = None;
                    continue;
                }
                world.interfaces.retain(|one| one.id != id);
                free(world, &id);
            }
            if let Some(balancer) = &mut world.balancer {
                balancer.targets.retain(|(target, _)| *target != gone.id);
            }
            Some(ec2("TerminateInstances", of(&gone.id), json!({"requestId": "r"})))
        }
        _ => {
            let place = random.below(world.subnets.len());
            let subnet = &mut world.subnets[place];
            subnet.maps = !subnet.maps;
            Some(ec2(
                "ModifySubnetAttribute",
                json!({"subnetId": subnet.id, "mapPublicIpOnLaunch": {"value": subnet.maps}}),
                done(),
            ))
        }
    }
}

fn run(world: &mut World, random: &mut Random) -> Call {
    let (subnet, groups) = (random.pick(&world.subnets).clone(), some_groups(world, random));
    let (instance, id, attachment) = (world.id("i"), world.id("eni"), world.id("eni-attach"));
    let private = world.private(&subnet.id);
    let asked = *random.pick(&[None, Some(true), Some(false)]);
    let count = json!({"items": [{"imageId": "ami-1", "minCount": 1, "maxCount": 1}]});
    let request = match asked {
        None => {
            json!({"instancesSet": count, "subnetId": subnet.id, "groupSet": group_set(&groups), "instanceType": "t3.micro"})
        }
        Some(public) => {
            json!({"instancesSet": count, "instanceType": "t3.micro", "networkInterfaceSet": {"items": [
            {"deviceIndex": 0, "subnetId": subnet.id, "associatePublicIpAddress": public, "groupSet": group_set(&groups)}]}})
        }
    };
    let attachment = Some(Attachment { id: attachment, instance: instance.clone(), device: 0 });
    let own = Interface {
        id: id.clone(),
        subnet: subnet.id.clone(),
        groups: groups.clone(),
        private: private.clone(),
        v6: Vec::new(),
        attachment,
        automatic: None,
        wants: asked.unwrap_or(subnet.maps),
    };
    let told = json!({"instanceId": instance, "imageId": "ami-1", "instanceState": {"code": 0, "name": "pending"}, "privateIpAddress": private, "subnetId": subnet.id,
        "vpcId": VPC, "placement": {"availabilityZone": format!("{REGION}a")}, "groupSet": group_set(&groups),
        "tagSet": {"items": [{"key": "Name", "value": format!("name-{instance}")}]}, "networkInterfaceSet": items(vec![answered(&own)])});
    world.instances.push(Instance { id: instance, runs: true });
    world.interfaces.push(own);
    world.settle(&id);
    ec2(
        "RunInstances",
        request,
        json!({"requestId": "r", "reservationId": "r-1", "ownerId": OWNER, "groupSet": {}, "instancesSet": items(vec![told])}),
    )
}

pub(super) fn addresses(world: &mut World, random: &mut Random) -> Option<Call> {
    match random.below(10) {
        0 if world.addresses.len() < 4 => {
            let (id, public) = (world.id("eipalloc"), world.public());
            world.addresses.push(Address { id: id.clone(), public: public.clone(), leads: None });
            Some(ec2(
                "AllocateAddress",
                json!({"domain": "vpc"}),
                json!({"requestId": "r", "publicIp": public, "domain": "vpc", "allocationId": id}),
            ))
        }
        1 => {
            let place = world.addresses.iter().position(|one| one.leads.is_none())?;
            let gone = world.addresses.remove(place);
            Some(ec2("ReleaseAddress", json!({"allocationId": gone.id}), done()))
        }
        2..5 => {
            let place = world.addresses.iter().position(|one| one.leads.is_some())?;
            let (association, interface) = world.addresses[place].leads.take()?;
            world.settle(&interface);
            Some(ec2("DisassociateAddress", json!({"associationId": association}), done()))
        }
        _ => associate(world, random),
    }
}

fn associate(world: &mut World, random: &mut Random) -> Option<Call> {
    let place = random.below(world.addresses.len().max(1));
    let id = world.addresses.get(place)?.id.clone();
    let to = world.interfaces.get(random.below(world.interfaces.len().max(1)))?.clone();
    if world.has_elastic(&to.id) {
        return None;
    }
    let association = world.id("eipassoc");
    let left = world.addresses[place].leads.replace((association.clone(), to.id.clone()));
    let is_first = to.attachment.as_ref().is_some_and(|own| own.device == 0);
    let instance = to.attachment.as_ref().map(|own| own.instance.clone());
    let mut request = json!({"allocationId": id});
    match instance.filter(|_| is_first && random.chance(40)) {
        Some(instance) => request["instanceId"] = json!(instance),
        None => request["networkInterfaceId"] = json!(to.id),
    }
    if left.is_some() {
        request["allowReassociation"] = json!(true);
    }
    if let Some(own) = world.interface(&to.id) {
        own.automatic = None;
    }
    if let Some((_, left)) = left {
        world.settle(&left);
    }
    Some(ec2(
        "AssociateAddress",
        request,
        json!({"requestId": "r", "_return": true, "associationId": association}),
    ))
}
