//! Who records and who judges: CloudTrail, AWS Config, Security Hub, Inspector, Macie, and the block on public groups of EMR.

use cloud::Quoted;
use cloud::audit::{Watcher, guards, keeps};
use model::Weakened;

use super::super::Does;
use super::super::Does::Read as By;
use super::{back, less, off, perhaps};
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};

/// What is done to trails and event data stores.
pub(in super::super) const CLOUDTRAIL: &[(&str, Does)] = &[
    ("StopLogging", off(TRAIL, TRAIL_ID)),
    ("StartLogging", back(TRAIL, TRAIL_ID)),
    ("DeleteTrail", off(TRAIL, TRAIL_ID)),
    ("CreateTrail", back(TRAIL, TRAIL_ID)),
    ("UpdateTrail", By(update_trail)),
    ("PutEventSelectors", By(selectors)),
    ("PutInsightSelectors", By(insights)),
    ("DeleteEventDataStore", off(STORE, STORE_ID)),
    ("RestoreEventDataStore", back(STORE, STORE_ID)),
    ("UpdateEventDataStore", perhaps(STORE, STORE_ID)),
    ("StopEventDataStoreIngestion", off(STORE, STORE_ID)),
    ("StartEventDataStoreIngestion", back(STORE, STORE_ID)),
    ("DeleteChannel", less(keeps("CloudTrail channel"), &["channel"])),
    (
        "DeregisterOrganizationDelegatedAdmin",
        less(keeps("administrator of an organisation's trails"), &["delegatedAdminAccountId"]),
    ),
];

/// What is done to AWS Config.
pub(in super::super) const CONFIG: &[(&str, Does)] = &[
    ("StopConfigurationRecorder", off(RECORDER, RECORDER_ID)),
    ("StartConfigurationRecorder", back(RECORDER, RECORDER_ID)),
    ("DeleteConfigurationRecorder", off(RECORDER, RECORDER_ID)),
    ("PutConfigurationRecorder", By(recorder)),
    ("DeleteDeliveryChannel", off(keeps("delivery channel"), &["deliveryChannelName"])),
    (
        "PutDeliveryChannel",
        perhaps(keeps("delivery channel"), &["deliveryChannel.name", "deliveryChannelName"]),
    ),
    ("DeleteConfigRule", less(RULE, &["configRuleName"])),
    ("PutConfigRule", perhaps(RULE, &["configRule.configRuleName", "configRuleName"])),
    ("DeleteOrganizationConfigRule", less(RULE, &["organizationConfigRuleName"])),
    ("DeleteConformancePack", less(guards("conformance pack"), &["conformancePackName"])),
    (
        "DeleteOrganizationConformancePack",
        less(guards("conformance pack"), &["organizationConformancePackName"]),
    ),
    ("DeleteRemediationConfiguration", less(guards("remediation of a Config rule"), &["configRuleName"])),
    (
        "DeleteConfigurationAggregator",
        less(guards("configuration aggregator"), &["configurationAggregatorName"]),
    ),
    ("DeleteEvaluationResults", less(guards("evaluation results"), &["configRuleName"])),
    ("DeleteRetentionConfiguration", perhaps(keeps("retention of Config"), &["retentionConfigurationName"])),
];

/// What is done to Security Hub.
pub(in super::super) const SECURITY_HUB: &[(&str, Does)] = &[
    ("DisableSecurityHub", off(HUB, &[])),
    ("EnableSecurityHub", back(HUB, &[])),
    ("DisableSecurityHubV2", off(HUB, &[])),
    ("EnableSecurityHubV2", back(HUB, &[])),
    ("BatchDisableStandards", less(guards("Security Hub standard"), &["standardsSubscriptionArns"])),
    (
        "BatchEnableStandards",
        back(guards("Security Hub standard"), &["standardsSubscriptions.standardsSubscriptionArn"]),
    ),
    ("UpdateStandardsControl", By(control)),
    ("BatchUpdateStandardsControlAssociations", By(controls)),
    ("BatchUpdateFindings", By(findings)),
    ("BatchUpdateFindingsV2", By(findings)),
    ("CreateAutomationRule", perhaps(guards("Security Hub automation rule"), &["ruleName"])),
    ("DisableImportFindingsForProduct", less(guards("Security Hub product"), &["productSubscriptionArn"])),
    ("DeleteFindingAggregator", less(guards("Security Hub finding aggregator"), &["findingAggregatorArn"])),
    ("DisassociateFromAdministratorAccount", off(guards("Security Hub administrator"), &[])),
    ("DisassociateFromMasterAccount", off(guards("Security Hub administrator"), &[])),
    ("DisassociateMembers", off(guards("Security Hub members"), &["accountIds"])),
    ("DeleteMembers", off(guards("Security Hub members"), &["accountIds"])),
    (
        "DisableOrganizationAdminAccount",
        off(guards("Security Hub administrator of an organisation"), &["adminAccountId"]),
    ),
];

/// What is done to Inspector.
pub(in super::super) const INSPECTOR: &[(&str, Does)] = &[
    ("Disable", By(disable)),
    ("Enable", back(INSPECTOR_KIND, &["accountIds"])),
    ("CreateFilter", By(suppression)),
    ("UpdateFilter", By(suppression)),
    ("DeleteFilter", back(guards("Inspector filter"), &["arn"])),
    ("DisassociateMember", off(guards("Inspector members"), &["accountId"])),
    ("DisableDelegatedAdminAccount", off(guards("Inspector administrator"), &["delegatedAdminAccountId"])),
];

/// What is done to Macie.
pub(in super::super) const MACIE: &[(&str, Does)] = &[
    ("DisableMacie", off(guards("Macie"), &[])),
    ("EnableMacie", back(guards("Macie"), &[])),
    ("UpdateMacieSession", By(macie)),
    (
        "DisableOrganizationAdminAccount",
        off(guards("Macie administrator of an organisation"), &["adminAccountId"]),
    ),
    ("DisassociateFromAdministratorAccount", off(guards("Macie administrator"), &[])),
    ("CreateFindingsFilter", By(archiving)),
    ("UpdateFindingsFilter", By(archiving)),
    ("DeleteFindingsFilter", back(guards("Macie findings filter"), &["id"])),
];

/// EMR refuses clusters whose groups let everybody in, unless it is told not to.
pub(in super::super) const EMR: &[(&str, Does)] = &[("PutBlockPublicAccessConfiguration", By(block))];

fn update_trail(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(name) = request.first_text(TRAIL_ID) else { return told.no_id("name") };
    let lost: Vec<&str> = TRAIL_FLAGS
        .iter()
        .filter(|(key, _)| request.flag(key) == Some(false))
        .map(|(_, what)| *what)
        .collect();
    if !lost.is_empty() {
        return Meaning::impairs(
            name,
            Weakened::Less,
            TRAIL,
            format!("it is without {} now", lost.join(", ")),
        );
    }
    if let Some(bucket) = request.text("s3BucketName") {
        let note = format!("it writes to the bucket {}, whose owner is not in the event", Quoted(bucket));
        return Meaning::impairs(name, Weakened::Perhaps, TRAIL, note);
    }
    let weakened = match TRAIL_FLAGS.iter().any(|(key, _)| request.flag(key) == Some(true)) {
        true => Weakened::Restored,
        false => Weakened::Perhaps,
    };
    Meaning::impairs(name, weakened, TRAIL, String::new())
}

/// What a trail may be without.
const TRAIL_FLAGS: [(&str, &str); 4] = [
    ("isMultiRegionTrail", "other regions"),
    ("includeGlobalServiceEvents", "events of global services"),
    ("enableLogFileValidation", "validation of its files"),
    ("isOrganizationTrail", "other accounts"),
];

fn selectors(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(name) = request.first_text(TRAIL_ID) else { return told.no_id("trailName") };
    let leaves_out = |one: &Body<'_>| {
        one.flag("includeManagementEvents") == Some(false)
            || one.text("readWriteType").is_some_and(|word| !word.eq_ignore_ascii_case("all"))
            || !one.items("excludeManagementEventSources").is_empty()
    };
    let basic = request.parts("eventSelectors");
    if basic.iter().any(leaves_out) {
        let note = "it leaves out some of the calls that change resources, or reads".to_owned();
        return Meaning::impairs(name, Weakened::Less, TRAIL, note);
    }
    if !basic.is_empty() {
        return Meaning::impairs(name, Weakened::Restored, TRAIL, String::new());
    }
    let is_management = |one: Body<'_>| {
        let category = |field: &Body<'_>| {
            field.text("field").is_some_and(|word| word.eq_ignore_ascii_case("eventCategory"))
                && field.texts("equals").iter().any(|word| word.eq_ignore_ascii_case("management"))
        };
        let fields = one.parts("fieldSelectors");
        fields.iter().any(category).then_some(fields.len())
    };
    let management: Vec<usize> =
        request.parts("advancedEventSelectors").into_iter().filter_map(is_management).collect();
    let (weakened, note) = match management.iter().min() {
        None => (Weakened::Less, "it has no selector of calls that change resources"),
        Some(1) => (Weakened::Restored, ""),
        Some(_) => (Weakened::Less, "it has only some of the calls that change resources"),
    };
    Meaning::impairs(name, weakened, TRAIL, note.to_owned())
}

fn insights(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.first_text(&["trailName", "eventDataStore"]) else {
        return told.no_id("trailName");
    };
    let is_off = call.request.items("insightSelectors").is_empty();
    let weakened = if is_off { Weakened::Less } else { Weakened::Restored };
    Meaning::impairs(name, weakened, guards("CloudTrail insights"), String::new())
}

fn recorder(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let recorder = call.request.part("configurationRecorder");
    let group = recorder.part("recordingGroup");
    let name = recorder.text("name").unwrap_or_default();
    let records_all = group.flag("allSupported") == Some(true);
    let excluded = !group.at(&["exclusionByResourceTypes"]).items("resourceTypes").is_empty();
    let weakened = if records_all && !excluded { Weakened::Restored } else { Weakened::Perhaps };
    let note = if records_all && !excluded { "" } else { "it records only some types of resources" };
    Meaning::impairs(name, weakened, RECORDER, note.to_owned())
}

/// Whether a word turns something off.
fn is_disabled(word: Option<&str>) -> bool {
    word.is_some_and(|word| word.eq_ignore_ascii_case("disabled"))
}

fn control(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.text("standardsControlArn").unwrap_or_default();
    let weakened =
        if is_disabled(request.text("controlStatus")) { Weakened::Less } else { Weakened::Restored };
    Meaning::impairs(id, weakened, CONTROL, String::new())
}

fn controls(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let updates = call.request.parts("standardsControlAssociationUpdates");
    let off: Vec<&str> = updates
        .iter()
        .filter(|one| is_disabled(one.text("associationStatus")))
        .filter_map(|one| one.text("securityControlId"))
        .collect();
    let id = updates.iter().find_map(|one| one.text("securityControlId")).unwrap_or_default();
    match off.is_empty() {
        true => Meaning::impairs(id, Weakened::Restored, CONTROL, String::new()),
        false => Meaning::impairs(id, Weakened::Less, CONTROL, format!("disabled: {}", off.join(", "))),
    }
}

/// Findings that are suppressed or closed by hand; notes and severities are nobody's loss.
fn findings(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let count = request.items("findingIdentifiers").len();
    let status = request.part("workflow").text("status").or_else(|| request.text("statusId"));
    let kind = guards("Security Hub findings");
    match status.map(str::to_ascii_uppercase).as_deref() {
        Some("SUPPRESSED" | "3") => {
            let note = format!("suppressed: {}", super::counted(count, "finding"));
            Meaning::impairs("", Weakened::Less, kind, note)
        }
        _ => Meaning::nothing(""),
    }
}

/// A filter of Macie that archives what it finds.
fn archiving(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id = call.request.text("id").or_else(|| call.response.text("id"));
    let id = id.or_else(|| call.request.text("name")).unwrap_or_default();
    match call.request.text("action").map(str::to_ascii_uppercase).as_deref() {
        Some("ARCHIVE") => {
            let note = "it archives findings".to_owned();
            Meaning::impairs(id, Weakened::Less, guards("Macie findings filter"), note)
        }
        Some(_) if call.name == "UpdateFindingsFilter" => {
            Meaning::impairs(id, Weakened::Restored, guards("Macie findings filter"), String::new())
        }
        Some(_) | None => Meaning::nothing(id),
    }
}

fn suppression(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.text("filterArn").or_else(|| call.response.text("arn"));
    let id = id.or_else(|| request.text("name")).unwrap_or_default();
    match request.text("action").map(str::to_ascii_uppercase).as_deref() {
        Some("SUPPRESS") => Meaning::impairs(
            id,
            Weakened::Less,
            guards("Inspector filter"),
            "it suppresses findings".to_owned(),
        ),
        Some(_) | None => Meaning::nothing(id),
    }
}

/// All that Inspector looks at, or some types of it.
fn disable(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id = call.request.first_at("accountIds").unwrap_or_default();
    let types = call.request.texts("resourceTypes");
    // The console names every type to turn it off.
    let is_named = |wanted: &&str| types.iter().any(|word| word.eq_ignore_ascii_case(wanted));
    let is_all = ["EC2", "ECR", "LAMBDA"].iter().all(is_named);
    match types.is_empty() || is_all {
        true => Meaning::impairs(id, Weakened::Off, INSPECTOR_KIND, String::new()),
        false => {
            let note = format!("it does not look at {} any more", types.join(", "));
            Meaning::impairs(id, Weakened::Less, INSPECTOR_KIND, note)
        }
    }
}

fn macie(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    match call.request.text("status").map(str::to_ascii_uppercase).as_deref() {
        Some("PAUSED") => Meaning::impairs("", Weakened::Off, guards("Macie"), String::new()),
        Some("ENABLED") => Meaning::impairs("", Weakened::Restored, guards("Macie"), String::new()),
        Some(_) | None => Meaning::nothing(""),
    }
}

fn block(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let config = call.request.part("blockPublicAccessConfiguration");
    let kind = guards("EMR block on public groups");
    let Some(blocks) = config.flag("blockPublicSecurityGroupRules") else {
        return told.no_id("blockPublicSecurityGroupRules");
    };
    if !blocks {
        return Meaning::impairs("", Weakened::Off, kind, String::new());
    }
    let range = |one: &Body<'_>| {
        let (first, last) = (one.text("minRange")?, one.text("maxRange").or_else(|| one.text("minRange"))?);
        Some(if first == last { first.to_owned() } else { format!("{first}-{last}") })
    };
    let permitted = config.parts("permittedPublicSecurityGroupRuleRanges");
    let ports: Vec<String> = permitted.iter().filter_map(range).collect();
    // SSH is permitted unless somebody takes it away.
    let is_usual = ports.iter().all(|port| port == "22");
    match is_usual {
        true => Meaning::impairs("", Weakened::Restored, kind, String::new()),
        false => {
            Meaning::impairs("", Weakened::Less, kind, format!("it permits the ports {}", ports.join(", ")))
        }
    }
}

const TRAIL: Watcher = keeps("CloudTrail trail");
const TRAIL_ID: &[&str] = &["name", "trailName"];
const STORE: Watcher = keeps("event data store");
const STORE_ID: &[&str] = &["eventDataStore"];
const RECORDER: Watcher = keeps("configuration recorder");
const RECORDER_ID: &[&str] = &["configurationRecorderName"];
const RULE: Watcher = guards("Config rule");
const HUB: Watcher = guards("Security Hub");
const CONTROL: Watcher = guards("Security Hub control");
const INSPECTOR_KIND: Watcher = guards("Inspector");
