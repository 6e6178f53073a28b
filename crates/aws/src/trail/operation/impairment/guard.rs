//! GuardDuty: detectors, members, filters that archive findings; its lists are in `lists`.

use cloud::Quoted;
use cloud::audit::{Watcher, guards};
use model::Weakened;

use super::super::Does;
use super::super::Does::Read as By;
use super::lists::list;
use super::{back, less, off, perhaps};
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};

/// What is done to GuardDuty.
pub(in super::super) const OPERATIONS: &[(&str, Does)] = &[
    ("CreateIPSet", By(list)),
    ("UpdateIPSet", By(list)),
    ("DeleteIPSet", By(list)),
    ("CreateTrustedEntitySet", By(list)),
    ("UpdateTrustedEntitySet", By(list)),
    ("DeleteTrustedEntitySet", By(list)),
    ("CreateThreatIntelSet", By(list)),
    ("UpdateThreatIntelSet", By(list)),
    ("DeleteThreatIntelSet", By(list)),
    ("CreateThreatEntitySet", By(list)),
    ("UpdateThreatEntitySet", By(list)),
    ("DeleteThreatEntitySet", By(list)),
    ("CreateFilter", By(filter)),
    ("UpdateFilter", By(filter)),
    ("DeleteFilter", back(guards("GuardDuty filter"), &["filterName"])),
    ("ArchiveFindings", By(archive)),
    ("UnarchiveFindings", back(guards("GuardDuty findings"), DETECTOR_ID)),
    ("CreateDetector", By(detector)),
    ("UpdateDetector", By(detector)),
    ("DeleteDetector", off(DETECTOR, DETECTOR_ID)),
    ("UpdateMemberDetectors", By(detector)),
    ("UpdateOrganizationConfiguration", By(organization)),
    ("DisassociateFromMasterAccount", off(ADMINISTRATOR, DETECTOR_ID)),
    ("DisassociateFromAdministratorAccount", off(ADMINISTRATOR, DETECTOR_ID)),
    ("DisassociateMembers", off(MEMBERS, DETECTOR_ID)),
    ("StopMonitoringMembers", off(MEMBERS, DETECTOR_ID)),
    ("StartMonitoringMembers", back(MEMBERS, DETECTOR_ID)),
    ("DeleteMembers", off(MEMBERS, DETECTOR_ID)),
    (
        "DisableOrganizationAdminAccount",
        off(guards("GuardDuty administrator of an organisation"), &["adminAccountId"]),
    ),
    (
        "EnableOrganizationAdminAccount",
        back(guards("GuardDuty administrator of an organisation"), &["adminAccountId"]),
    ),
    ("CreatePublishingDestination", back(DESTINATION, &["destinationId"])),
    ("UpdatePublishingDestination", perhaps(DESTINATION, &["destinationId"])),
    ("DeletePublishingDestination", less(DESTINATION, &["destinationId"])),
    (
        "DeleteMalwareProtectionPlan",
        less(guards("GuardDuty malware protection plan"), &["malwareProtectionPlanId"]),
    ),
];

/// A filter hides what it archives, and shows only what it does not.
fn filter(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(name) = request.first_text(&["name", "filterName"]) else { return told.no_id("name") };
    let what = criteria(request.at(&["findingCriteria", "criterion"]));
    let weakened = match request.text("action") {
        Some(action) if action.eq_ignore_ascii_case("archive") => Weakened::Less,
        Some(_) if call.name == "CreateFilter" => return Meaning::nothing(name),
        Some(_) => Weakened::Restored,
        // Nothing is archived by one that is made without saying so; one that is there may archive.
        None if call.name == "CreateFilter" || what.is_empty() => return Meaning::nothing(name),
        None => Weakened::Perhaps,
    };
    let note = match (weakened, what.is_empty()) {
        (Weakened::Restored, _) => String::new(),
        (_, true) => "it archives every finding".to_owned(),
        (_, false) => format!("it archives findings by {what}"),
    };
    Meaning::impairs(name, weakened, guards("GuardDuty filter"), note)
}

/// By what findings are chosen: `severity`, `type`.
fn criteria(criterion: Body<'_>) -> String {
    let keys = criterion.node().into_iter().flat_map(cloud::json::Node::keys);
    let keys: Vec<String> = keys.map(|key| Quoted(key).to_string()).collect();
    keys.join(", ")
}

fn archive(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let count = call.request.items("findingIds").len();
    let note = format!("archived: {}", super::counted(count, "finding"));
    let id = call.request.first_text(DETECTOR_ID).unwrap_or_default();
    Meaning::impairs(id, Weakened::Less, guards("GuardDuty findings"), note)
}

/// A detector of this account or those of its members. What it looks at is named by its features, or as data sources.
fn detector(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.first_text(DETECTOR_ID).or_else(|| call.response.text("detectorId")).unwrap_or_default();
    let kind = if call.name == "UpdateMemberDetectors" {
        guards("GuardDuty detectors of members")
    } else {
        DETECTOR
    };
    let is_new = call.name == "CreateDetector";
    let disabled = disabled(request);
    let enables = !request.items("features").is_empty() || request.has("dataSources");
    match (request.flag("enable"), disabled.is_empty()) {
        // A detector that is made and not turned on takes nothing away.
        (Some(false), _) if is_new => Meaning::nothing(id),
        (Some(false), _) => Meaning::impairs(id, Weakened::Off, kind, String::new()),
        (_, false) if !is_new => {
            let note = format!("it does not look at {} any more", disabled.join(", "));
            Meaning::impairs(id, Weakened::Less, kind, note)
        }
        (Some(true), _) => Meaning::impairs(id, Weakened::Restored, kind, String::new()),
        (None, true) if enables => Meaning::impairs(id, Weakened::Restored, kind, String::new()),
        // How often findings are published.
        (None, _) => Meaning::nothing(id),
    }
}

/// What a request turns off of what a detector looks at.
fn disabled(request: Body<'_>) -> Vec<String> {
    let mut off: Vec<String> = Vec::new();
    for feature in request.parts("features") {
        let word = feature.first_text(&["status", "autoEnable"]);
        if word.is_some_and(|word| ["DISABLED", "NONE"].iter().any(|off| word.eq_ignore_ascii_case(off))) {
            off.push(Quoted(feature.text("name").unwrap_or("a feature")).to_string());
        }
    }
    let sources = request.part("dataSources");
    for (key, _) in sources.node().map(cloud::json::Node::entries).unwrap_or_default() {
        if is_off(sources.part(key), 0) {
            off.push(Quoted(key).to_string());
        }
    }
    off
}

/// Whether something in a data source is turned off: `{"kubernetes": {"auditLogs": {"enable": false}}}`.
fn is_off(source: Body<'_>, depth: usize) -> bool {
    if ["enable", "autoEnable", "ebsVolumes"].iter().any(|key| source.flag(key) == Some(false)) {
        return true;
    }
    let keys = source.node().map(cloud::json::Node::entries).unwrap_or_default();
    depth < 4 && keys.iter().any(|(key, _)| is_off(source.part(key), depth + 1))
}

fn organization(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.first_text(DETECTOR_ID).unwrap_or_default();
    let members = request.text("autoEnableOrganizationMembers");
    let is_off = request.flag("autoEnable") == Some(false)
        || members.is_some_and(|word| word.eq_ignore_ascii_case("none"))
        || !disabled(request).is_empty();
    let weakened = if is_off { Weakened::Less } else { Weakened::Restored };
    Meaning::impairs(id, weakened, guards("GuardDuty of an organisation's new accounts"), String::new())
}

const DETECTOR: Watcher = guards("GuardDuty detector");
const DETECTOR_ID: &[&str] = &["detectorId"];
const ADMINISTRATOR: Watcher = guards("GuardDuty administrator");
const MEMBERS: Watcher = guards("GuardDuty members");
const DESTINATION: Watcher = guards("GuardDuty publishing destination");
