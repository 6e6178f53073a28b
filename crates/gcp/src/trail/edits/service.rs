//! Services with a firewall of their own: Cloud SQL, GKE, App Engine.

use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::{Node, Tree};
use model::Effect;

use crate::resource::path_of;

use super::super::body::{has, node_of, set, set_default, word};
use super::super::call::{Call, Told};
use super::super::part::{flag, items, object, part, text, text_at};
use super::plain::Edits;

/// The call, with the path of the instance of Cloud SQL: entries may have its name alone.
fn sql(call: &Call) -> Call {
    let body = part(&call.request, "body");
    let name = call.text("instance").or_else(|| body.and_then(|body| text(body, "name")));
    let name = name.unwrap_or_else(|| call.name());
    let name = name.rsplit([':', '/']).next().unwrap_or(name);
    let project = call.project().or_else(|| call.text("project").map(str::to_owned)).unwrap_or_default();
    Call { path: format!("projects/{project}/instances/{name}"), ..call.clone() }
}

fn body(call: &Call, told: &mut Told<'_>) -> Option<Node<'static>> {
    let body =
        part(&call.request, "body").or_else(|| has(&call.request, "settings").then_some(&call.request));
    if body.is_none() {
        told.missing("request.body", "whom the instance lets in is not known");
    }
    body.cloned()
}

pub(in super::super) fn sql_insert(call: &Call, told: &mut Told<'_>) -> Edits {
    let call = sql(call);
    let Some(mut node) = body(&call, told) else { return Vec::new() };
    call.identify(&mut node);
    set(&mut node, "name", word(call.name()));
    vec![call.edit(Act::Put(node))]
}

/// One method of the audit log for two of the API: the type of the message tells a patch from a full update, which
/// replaces the settings.
pub(in super::super) fn sql_update(call: &Call, told: &mut Told<'_>) -> Edits {
    let call = sql(call);
    let Some(mut node) = body(&call, told) else { return Vec::new() };
    for key in ["name", "project", "kind", "selfLink", "etag"] {
        node.take_out(key);
    }
    let is_full = call.message.ends_with("SqlInstancesUpdateRequest");
    let mut edits = Vec::new();
    // The address goes with the switch; one that is given later stands in no entry.
    let switched = part(&node, "settings").and_then(|settings| part(settings, "ipConfiguration"));
    if switched.and_then(|own| flag(own, "ipv4Enabled")) == Some(false) {
        let from = Spot::of(&["ipAddresses"]);
        edits.push(call.edit(Act::Remove { from, items: vec![Call::pattern("type", "PRIMARY")] }));
    }
    if let (true, Some(settings)) = (is_full, node.own("settings").cloned()) {
        edits.push(call.sets(Spot::of(&["settings"]), settings));
        node.take_out("settings");
    }
    if !node.entries().is_empty() {
        edits.push(call.edit(Act::Merge(node)));
    }
    edits
}

pub(in super::super) fn sql_delete(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![sql(call).edit(Act::Drop)]
}

/// A copy has the settings of its source, which are not in the entry.
pub(in super::super) fn sql_clone(call: &Call, told: &mut Told<'_>) -> Edits {
    let keys = ["body", "cloneContext", "destinationInstanceName"];
    let copy = text_at(&call.request, &keys).unwrap_or("another instance");
    let sentence =
        format!("{copy} has the settings of its source, which are not in the entry: add an export of today");
    told.tell("unsaid-change", Effect::Narrowed, &sentence);
    Vec::new()
}

/// The call, with one path for each cluster: zones and regions are locations.
fn cluster(call: &Call) -> Call {
    let inner = part(&call.request, "cluster").and_then(|cluster| text(cluster, "name"));
    let asked = || {
        let parent = call.text("parent").map(|parent| path_of(parent).to_owned()).or_else(|| {
            Some(format!("projects/{}/locations/{}", call.text("projectId")?, call.text("zone")?))
        })?;
        Some(format!("{parent}/clusters/{}", inner?))
    };
    let path = match call.path.contains("/clusters/") {
        true => call.path.clone(),
        false => call
            .text("name")
            .filter(|name| name.contains("/clusters/"))
            .map(str::to_owned)
            .or_else(asked)
            .unwrap_or_else(|| call.path.clone()),
    };
    let path = path.replacen("/zones/", "/locations/", 1).replacen("/regions/", "/locations/", 1);
    Call { path, ..call.clone() }
}

pub(in super::super) fn create_cluster(call: &Call, told: &mut Told<'_>) -> Edits {
    let call = cluster(call);
    let Some(mut node) = object(&call.request, "cluster") else {
        told.missing("request.cluster", "whom the cluster lets in is not known");
        return Vec::new();
    };
    call.identify(&mut node);
    node.take_out("id");
    vec![call.edit(Act::Put(node))]
}

/// What a cluster is desired to be. Exports say some of it in two places: it is said in the newer, and what the older says
/// of it goes first, so that they never contradict each other.
pub(in super::super) fn update_cluster(call: &Call, told: &mut Told<'_>) -> Edits {
    let call = cluster(call);
    let Some(update) = object(&call.request, "update") else {
        told.missing("request.update", "whom the cluster lets in is not known");
        return Vec::new();
    };
    let endpoints = part(&update, "desiredControlPlaneEndpointsConfig");
    let by_address = endpoints.and_then(|endpoints| part(endpoints, BY_ADDRESS));
    let list = update.own("desiredMasterAuthorizedNetworksConfig");
    let list = list.or_else(|| by_address.and_then(|part| part.own(LIST)));
    let private = flag(&update, "desiredEnablePrivateEndpoint")
        .or_else(|| part(&update, "desiredPrivateClusterConfig").and_then(|part| flag(part, PRIVATE)))
        .or_else(|| by_address.and_then(|part| flag(part, PUBLIC)).map(|public| !public));
    let mut edits = Vec::new();
    if list.is_some() {
        edits.push(call.sets(Spot::of(&["masterAuthorizedNetworksConfig"]), Tree::Null));
    }
    if private.is_some() {
        edits.push(call.sets(Spot::of(&["privateClusterConfig", PRIVATE]), Tree::Null));
    }
    if let Some(endpoints) = endpoints {
        let merged = node_of(vec![(ENDPOINTS, Tree::Object(endpoints.clone()))]);
        edits.push(call.edit(Act::Merge(merged)));
    }
    // A list is replaced as a whole: one that is switched off is an empty object.
    if let Some(list) = list {
        edits.push(call.sets(Spot::of(&[ENDPOINTS, BY_ADDRESS, LIST]), list.clone()));
    }
    if let Some(private) = private {
        edits.push(call.sets(Spot::of(&[ENDPOINTS, BY_ADDRESS, PUBLIC]), Tree::Flag(!private)));
    }
    edits
}

pub(in super::super) fn delete_cluster(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![cluster(call).edit(Act::Drop)]
}

/// The application of a call, and its firewall.
fn firewall(call: &Call, act: Act) -> Edit {
    call.edit_of(call.collection.kind, &format!("apps/{}/firewall", application(call)), Nature::Rule, act)
}

fn application(call: &Call) -> String {
    let named = ["parent", "name"].iter().find_map(|key| call.text(key)).unwrap_or(&call.path);
    let of = |path: &str| {
        path.split_once("apps/").map(|(_, rest)| rest.split('/').next().unwrap_or(rest).to_owned())
    };
    of(named).or_else(|| of(&call.path)).or_else(|| call.project()).unwrap_or_default()
}

/// The rule of a request, which may stand alone.
fn rule(call: &Call, told: &mut Told<'_>) -> Option<Node<'static>> {
    let rule =
        part(&call.request, "rule").or_else(|| has(&call.request, "sourceRange").then_some(&call.request));
    if rule.is_none() {
        told.missing("request.rule", "whom the application lets in is not known");
    }
    rule.cloned()
}

/// The priority in a path: `apps/p/firewall/ingressRules/1000`.
fn priority(call: &Call) -> Option<String> {
    let named = [call.text("name"), Some(call.path.as_str())];
    let behind = named.into_iter().flatten().find_map(|path| path.split_once("ingressRules/"));
    behind.map(|(_, priority)| priority.to_owned())
}

pub(in super::super) fn create_ingress_rule(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(rule) = rule(call, told) else { return Vec::new() };
    let by = if has(&rule, PRIORITY) { vec![PRIORITY.into()] } else { Vec::new() };
    vec![firewall(call, Act::Insert { into: Spot::of(&[RULES]), items: vec![Tree::Object(rule)], by })]
}

pub(in super::super) fn update_ingress_rule(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(rule) = rule(call, told) else { return Vec::new() };
    let Some(priority) = priority(call).or_else(|| text(&rule, PRIORITY).map(str::to_owned)) else {
        told.missing(PRIORITY, "which rule is changed is not known");
        return Vec::new();
    };
    let item = Spot::of(&[RULES]).item(PRIORITY, &priority);
    let changed = rule.entries().iter().filter(|(key, _)| ["action", "sourceRange"].contains(&&**key));
    changed
        .map(|(key, value)| firewall(call, Act::Set { at: item.clone().key(key), value: value.clone() }))
        .collect()
}

/// The rules of the request take the place of all.
pub(in super::super) fn batch_ingress_rules(call: &Call, told: &mut Told<'_>) -> Edits {
    let listed = items(&call.request, RULES).to_vec();
    if listed.is_empty() {
        told.missing(RULES, "whom the application lets in is not known");
        return Vec::new();
    }
    let whole = node_of(vec![
        ("application", word(format!("apps/{}", application(call)))),
        (RULES, Tree::List(listed)),
    ]);
    vec![firewall(call, Act::Put(whole))]
}

pub(in super::super) fn delete_ingress_rule(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(priority) = priority(call) else {
        told.missing(PRIORITY, "which rule is gone is not known");
        return Vec::new();
    };
    vec![firewall(
        call,
        Act::Remove { from: Spot::of(&[RULES]), items: vec![Call::pattern(PRIORITY, &priority)] },
    )]
}

/// Whether a service of App Engine takes requests from everywhere.
pub(in super::super) fn update_app_service(call: &Call, _told: &mut Told<'_>) -> Edits {
    let settings = part(&call.request, "service").and_then(|service| service.own("networkSettings")).cloned();
    let path = call.text("name").unwrap_or(&call.path);
    let Some(settings) = settings else { return Vec::new() };
    let delta = node_of(vec![("networkSettings", settings)]);
    vec![call.edit_of(call.collection.kind, path, Nature::Rule, Act::Merge(delta))]
}

/// An application is served or not.
pub(in super::super) fn update_application(call: &Call, _told: &mut Told<'_>) -> Edits {
    let status = part(&call.request, "application").and_then(|own| own.own("servingStatus")).cloned();
    let Some(status) = status else { return Vec::new() };
    let mut delta = Node::default();
    set_default(&mut delta, "servingStatus", status);
    let id = format!("apps/{}", application(call));
    vec![call.edit_of(call.collection.kind, &id, Nature::Attachment, Act::Merge(delta))]
}

const RULES: &str = "ingressRules";
const PRIORITY: &str = "priority";
const ENDPOINTS: &str = "controlPlaneEndpointsConfig";
const BY_ADDRESS: &str = "ipEndpointsConfig";
const LIST: &str = "authorizedNetworksConfig";
const PRIVATE: &str = "enablePrivateEndpoint";
const PUBLIC: &str = "enablePublicEndpoint";
