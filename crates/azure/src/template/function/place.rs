//! What an expression refers to: sections, loops, resources, and where it is deployed.

use std::borrow::Cow;
use std::rc::Rc;

use cloud::json::Cause;

use super::text::joined;
use super::{Answer, Evaluator, Expression, Scope, Stop, number_of, text_of};
use crate::template::value::Value;

pub(super) fn parameters<'a>(scope: &dyn Scope<'a>, values: &[Value<'a>]) -> Answer<'a> {
    known(values)?;
    let [name] = values else { return Err(Stop::Unsupported) };
    Ok(scope.parameter(text_of(name)?))
}

pub(super) fn variables<'a>(scope: &dyn Scope<'a>, values: &[Value<'a>]) -> Answer<'a> {
    known(values)?;
    let [name] = values else { return Err(Stop::Unsupported) };
    Ok(scope.variable(text_of(name)?))
}

/// `copyIndex()`, `copyIndex(1)`, `copyIndex('loop')`, `copyIndex('loop', 1)`.
pub(super) fn copy_index<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let values = evaluator.values(arguments);
    known(&values)?;
    let (name, offset) = match values.as_slice() {
        [] => (None, 0),
        [Value::Number(offset)] => (None, *offset),
        [name] => (Some(text_of(name)?), 0),
        [name, offset] => (Some(text_of(name)?), number_of(offset)?),
        _ => return Err(Stop::Unsupported),
    };
    match evaluator.scope.copy_index(name) {
        Value::Number(index) => {
            index.checked_add(offset).map(Value::Number).ok_or(Stop::wrong("no number comes of it"))
        }
        other => Ok(other),
    }
}

pub(super) fn reference<'a>(scope: &dyn Scope<'a>, values: &[Value<'a>]) -> Answer<'a> {
    let [target, others @ ..] = values else { return Err(Stop::Unsupported) };
    known(core::slice::from_ref(target))?;
    let is_full = matches!(others, [_, Value::Text(word)] if word.eq_ignore_ascii_case("Full"));
    Ok(scope.reference(target, is_full))
}

pub(super) fn references<'a>(scope: &dyn Scope<'a>, values: &[Value<'a>]) -> Answer<'a> {
    let [symbol, others @ ..] = values else { return Err(Stop::Unsupported) };
    known(core::slice::from_ref(symbol))?;
    let is_full = matches!(others, [Value::Text(word)] if word.eq_ignore_ascii_case("Full"));
    Ok(scope.references(symbol, is_full))
}

pub(super) fn resource_info<'a>(scope: &dyn Scope<'a>, values: &[Value<'a>]) -> Answer<'a> {
    known(values)?;
    let [symbol] = values else { return Err(Stop::Unsupported) };
    Ok(scope.resource_info(text_of(symbol)?))
}

fn known<'a>(values: &[Value<'a>]) -> Result<(), Stop<'a>> {
    let unknown = values.iter().find_map(|value| match value {
        Value::Unknown(unknown) => Some(Stop::Unknown(unknown.clone())),
        _ => None,
    });
    unknown.map_or(Ok(()), Err)
}

/// Another value each time.
pub(super) fn changing<'a>(_: &[Value<'a>]) -> Answer<'a> {
    Err(Stop::Because(Cause::Changing))
}

/// Times are not reckoned with.
pub(super) fn unsupported<'a>(_: &[Value<'a>]) -> Answer<'a> {
    Err(Stop::Unsupported)
}

/// What only the subscription knows.
pub(super) fn existing<'a>(_: &[Value<'a>]) -> Answer<'a> {
    Err(Stop::Because(Cause::Existing))
}

pub(super) fn deployment<'a>(scope: &dyn Scope<'a>, _: &[Value<'a>]) -> Answer<'a> {
    Ok(scope.deployment())
}

pub(super) fn subscription<'a>(scope: &dyn Scope<'a>, _: &[Value<'a>]) -> Answer<'a> {
    let place = scope.place();
    let id = joined(&[Value::text("/subscriptions/"), place.subscription.clone()], "")?;
    let entries = vec![
        (Cow::Borrowed("id"), id),
        (Cow::Borrowed("subscriptionId"), place.subscription),
        (Cow::Borrowed("tenantId"), place.tenant),
        (Cow::Borrowed("displayName"), Value::opaque(Cause::Existing, "subscription-name")),
    ];
    Ok(Value::open_object(entries, None, Cause::Existing))
}

pub(super) fn resource_group<'a>(scope: &dyn Scope<'a>, _: &[Value<'a>]) -> Answer<'a> {
    let place = scope.place();
    let name = place.resource_group.clone().ok_or(Stop::wrong("it is deployed to no resource group"))?;
    let id = joined(&[group_prefix(&place.subscription, &name)?], "")?;
    let state = vec![(Cow::Borrowed("provisioningState"), Value::text("Succeeded"))];
    let entries = vec![
        (Cow::Borrowed("id"), id),
        (Cow::Borrowed("name"), name),
        (Cow::Borrowed("type"), Value::text("Microsoft.Resources/resourceGroups")),
        (Cow::Borrowed("location"), place.location),
        (Cow::Borrowed("properties"), Value::object(state, None)),
    ];
    Ok(Value::open_object(entries, None, Cause::Existing))
}

pub(super) fn tenant<'a>(scope: &dyn Scope<'a>, _: &[Value<'a>]) -> Answer<'a> {
    let tenant = scope.place().tenant;
    let entries = vec![(Cow::Borrowed("tenantId"), tenant)];
    Ok(Value::open_object(entries, None, Cause::Existing))
}

pub(super) fn management_group<'a>(scope: &dyn Scope<'a>, _: &[Value<'a>]) -> Answer<'a> {
    let name =
        scope.place().management_group.unwrap_or_else(|| Value::opaque(Cause::Existing, "management-group"));
    let id = joined(&[Value::text(MANAGEMENT_GROUPS), name.clone()], "")?;
    let entries = vec![(Cow::Borrowed("id"), id), (Cow::Borrowed("name"), name)];
    Ok(Value::open_object(entries, None, Cause::Existing))
}

pub(super) fn deployer<'a>(_: &dyn Scope<'a>, _: &[Value<'a>]) -> Answer<'a> {
    let entries = ["objectId", "tenantId", "userPrincipalName"];
    let entries =
        entries.map(|key| (Cow::Borrowed(key), Value::opaque(Cause::Existing, &format!("deployer.{key}"))));
    Ok(Value::object(entries.to_vec(), None))
}

/// The cloud it is deployed to, of which there are several: its texts are certain and not known.
pub(super) fn environment<'a>(_: &dyn Scope<'a>, _: &[Value<'a>]) -> Answer<'a> {
    let told = |key: &'static str| {
        (Cow::Borrowed(key), Value::opaque(Cause::Existing, &format!("environment.{key}")))
    };
    let mut entries: Vec<_> = ENVIRONMENT.into_iter().map(told).collect();
    let suffixes: Vec<_> = SUFFIXES.into_iter().map(told).collect();
    entries.push((Cow::Borrowed("suffixes"), Value::open_object(suffixes, None, Cause::Existing)));
    Ok(Value::open_object(entries, None, Cause::Existing))
}

const ENVIRONMENT: [&str; 11] = [
    "name",
    "gallery",
    "graph",
    "portal",
    "graphAudience",
    "activeDirectoryDataLake",
    "batch",
    "media",
    "sqlManagement",
    "vmImageAliasDoc",
    "resourceManager",
];
const SUFFIXES: [&str; 7] = [
    "acrLoginServer",
    "azureDatalakeAnalyticsCatalogAndJob",
    "azureDatalakeStoreFileSystem",
    "azureFrontDoorEndpointSuffix",
    "keyvaultDns",
    "sqlServerHostname",
    "storage",
];

/// `resourceId([subscription], [group], type, names…)`.
pub(super) fn resource_id<'a>(scope: &dyn Scope<'a>, values: &[Value<'a>]) -> Answer<'a> {
    known(values)?;
    let (around, resource) = split_at_type(values)?;
    let place = scope.place();
    let prefix = match (around, place.resource_group) {
        ([], Some(group)) => group_prefix(&place.subscription, &group)?,
        // Outside of a resource group, one that is named is the subscription.
        ([], None) => joined(&[Value::text("/subscriptions/"), place.subscription], "")?,
        ([group], Some(_)) => group_prefix(&place.subscription, group)?,
        ([subscription], None) => joined(&[Value::text("/subscriptions/"), subscription.clone()], "")?,
        ([subscription, group], _) => group_prefix(subscription, group)?,
        _ => return Err(Stop::wrong("a subscription and a resource group at most are expected")),
    };
    under(&prefix, resource)
}

pub(super) fn subscription_resource_id<'a>(scope: &dyn Scope<'a>, values: &[Value<'a>]) -> Answer<'a> {
    known(values)?;
    let (around, resource) = split_at_type(values)?;
    let subscription = match around {
        [] => scope.place().subscription,
        [subscription] => subscription.clone(),
        _ => return Err(Stop::wrong("a subscription at most is expected")),
    };
    under(&joined(&[Value::text("/subscriptions/"), subscription], "")?, resource)
}

pub(super) fn tenant_resource_id<'a>(values: &[Value<'a>]) -> Answer<'a> {
    under(&Value::text(""), values)
}

pub(super) fn management_group_resource_id<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let (around, resource) = split_at_type(values)?;
    let group = match around {
        [group] => group.clone(),
        // Which one it is deployed to is not asked for here.
        _ => Value::opaque(Cause::Existing, "management-group"),
    };
    under(&joined(&[Value::text(MANAGEMENT_GROUPS), group], "")?, resource)
}

pub(super) fn extension_resource_id<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [of, resource @ ..] = values else { return Err(Stop::Unsupported) };
    under(of, resource)
}

const MANAGEMENT_GROUPS: &str = "/providers/Microsoft.Management/managementGroups/";

fn group_prefix<'a>(subscription: &Value<'a>, group: &Value<'a>) -> Answer<'a> {
    let parts = [
        Value::text("/subscriptions/"),
        subscription.clone(),
        Value::text("/resourceGroups/"),
        group.clone(),
    ];
    joined(&parts, "")
}

/// The parts of a type; Azure takes one that ends with a slash.
fn parts_of(kind: &str) -> impl Iterator<Item = &str> {
    kind.split('/').filter(|part| !part.is_empty())
}

/// What stands before the type and from it on: a type has a part for its provider and one for each name that follows.
fn split_at_type<'v, 'a>(values: &'v [Value<'a>]) -> Result<(&'v [Value<'a>], &'v [Value<'a>]), Stop<'a>> {
    let is_type = |position: &usize| {
        let kind = values.get(*position).and_then(Value::as_text);
        kind.is_some_and(|kind| kind.contains('/') && parts_of(kind).count() == values.len() - position)
    };
    let position = (0..values.len()).find(is_type);
    let split = position.and_then(|position| values.split_at_checked(position));
    split.ok_or_else(|| {
        // One of them may be the type.
        let opaque = values.iter().find_map(|value| match value {
            Value::Opaque(opaque) => Some(Stop::Opaque(Rc::clone(opaque))),
            _ => None,
        });
        opaque.unwrap_or(Stop::wrong("a type and as many names as it has parts are expected"))
    })
}

/// The id of a resource under a scope: `prefix/providers/Microsoft.Network/virtualNetworks/a/subnets/b`.
fn under<'a>(prefix: &Value<'a>, resource: &[Value<'a>]) -> Answer<'a> {
    let [kind, names @ ..] = resource else { return Err(Stop::Unsupported) };
    let mut kinds = parts_of(text_of(kind)?);
    let provider = kinds.next().unwrap_or_default();
    let mut parts = vec![prefix.clone(), Value::text(format!("/providers/{provider}"))];
    let mut names = names.iter();
    for kind in kinds {
        let name = names.next().ok_or(Stop::wrong("as many names as the type has parts are expected"))?;
        match name {
            Value::Text(_) | Value::Opaque(_) => {}
            _ => return Err(Stop::wrong("a name is expected")),
        }
        parts.extend([Value::text(format!("/{kind}/")), name.clone()]);
    }
    match names.next() {
        None => joined(&parts, ""),
        Some(_) => Err(Stop::wrong("as many names as the type has parts are expected")),
    }
}
