//! What one security admin rule matches and does, and its own words for it (semantics AA1, AA2).

use std::borrow::Cow;
use std::sync::Arc;

use cloud::{Quoted, Said, Stated};
use model::Effect;
use packet::{Bounds, PortSet};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::ports::{PortFields, read_ports};
use crate::resource::rule_intake::{Access, Direction, Origin, RuleIntake};
use crate::resource::security_rule::SecurityRule;
use crate::resource::side::{Side, SideNames, read_side};
use crate::wire::{RuleSide, Text, Texts};

/// What a rule matches and does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AdminBody {
    pub(crate) action: AdminAction,
    /// What it matches; its `access` is of no meaning here. `None` for an outbound rule.
    pub(crate) rule: Option<SecurityRule>,
}

/// What an admin rule does with what it matches (AA1). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdminAction {
    /// The groups decide.
    Allow,
    /// Delivered; no group is asked.
    AlwaysAllow,
    Deny,
    /// One of the three.
    Unreadable,
}

pub(super) fn read_body<'a>(
    stated: &Stated<'_, 'a>,
    identity: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> AdminBody {
    let (strange, priority, action) =
        (has_strange_keys(stated, intake), read_priority(stated, intake), read_action(stated, intake));
    let direction = text(stated, "direction", intake);
    let protocol = text(stated, "protocol", intake);
    let [sources, destinations] = ["sources", "destinations"].map(|key| Words::of(stated, key, intake));
    let [source_ports, ports] =
        ["sourcePortRanges", "destinationPortRanges"].map(|key| texts(stated, key, intake));
    let name = Arc::clone(&identity.name);
    let mut rule = RuleIntake {
        intake,
        origin: Origin::Stated,
        list: "security admin rules",
        rule: name,
        place: stated.read_at.0,
        denies: action == AdminAction::Deny,
    };
    let direction_known = match rule.direction(&direction) {
        Direction::Outbound => return AdminBody { action, rule: None },
        Direction::Inbound => true,
        Direction::Unreadable => false,
    };
    let source_ports = ports_of("sourcePortRanges", &source_ports, &mut rule);
    let ports = ports_of("destinationPortRanges", &ports, &mut rule);
    let security_rule = SecurityRule {
        name: Arc::clone(&rule.rule),
        priority,
        access: Access::Allow,
        // Without its place in the order a rule can only be said to be possible, and first.
        certain: direction_known && priority.is_some() && !strange,
        protocols: rule.protocols(&protocol, &source_ports, &ports),
        sources: sources.side(&SOURCES, &mut rule),
        destinations: destinations.side(&DESTINATIONS, &mut rule),
        source_ports,
        ports,
        built_in: false,
        read_at: Some(stated.read_at),
    };
    AdminBody { action, rule: Some(security_rule) }
}

type Ports = Bounds<Arc<PortSet>>;

fn ports_of(field: &'static str, stated: &Texts<'_>, rule: &mut RuleIntake<'_, '_, '_>) -> Ports {
    let fields = PortFields { range: (field, &Texts::Absent), ranges: (field, stated) };
    read_ports(&fields, rule)
}

/// AA2: 1 to 4096; older interfaces gave 0 to 99.
fn read_priority<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<u32> {
    let priority = match stated.number("priority", intake) {
        Said::This(priority) if priority <= 4096 => return Some(priority),
        Said::This(priority) => format!("`priority` is {priority}"),
        Said::Nothing => "`priority` is missing".to_owned(),
        Said::Unreadable => return None,
    };
    let sentence = format!("{priority}, expected a whole number from 1 to 4096");
    stated.tell("priority-out-of-range", Effect::Undecided, &sentence, intake);
    None
}

/// AA1.
fn read_action<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> AdminAction {
    let sentence = match stated.text("access", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("allow") => return AdminAction::Allow,
        Said::This(word) if word.eq_ignore_ascii_case("alwaysallow") => return AdminAction::AlwaysAllow,
        Said::This(word) if word.eq_ignore_ascii_case("deny") => return AdminAction::Deny,
        Said::Unreadable => return AdminAction::Unreadable,
        Said::This(word) => format!("`access` is {}", Quoted(word)),
        Said::Nothing => "`access` is missing".to_owned(),
    };
    let sentence = format!("{sentence}, expected `Allow`, `AlwaysAllow` or `Deny`");
    stated.tell("unknown-access", Effect::Undecided, &sentence, intake);
    AdminAction::Unreadable
}

/// Whether the rule has keys with a value that no rule is known to have; they are told.
fn has_strange_keys<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let within = stated.object("properties", intake).this();
    let keys = stated.keys().chain(within.iter().flat_map(Stated::keys));
    let mut any = false;
    for key in keys {
        // PowerShell repeats lists as text, under names that end so.
        let stem = key.strip_suffix("Text").unwrap_or(key);
        let is_known = |known: &&str| known.eq_ignore_ascii_case(key) || known.eq_ignore_ascii_case(stem);
        if KNOWN_KEYS.iter().any(is_known) || stated.is_null(key) {
            continue;
        }
        any = true;
        let sentence = format!("{} is a key that no admin rule is known to have", Quoted(key));
        stated.tell("unknown-rule-key", Effect::Undecided, &sentence, intake);
    }
    any
}

fn text<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Text<'static> {
    match stated.text(key, intake) {
        Said::This(word) => Text::Is(Cow::Owned(word.to_owned())),
        // Unreadable has been told; that it is missing is told beside it.
        Said::Nothing | Said::Unreadable => Text::Absent,
    }
}

fn texts<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Texts<'static> {
    match stated.texts(key, intake) {
        Said::This(words) => Texts::Many(words.into_iter().map(owned).collect()),
        Said::Nothing | Said::Unreadable => Texts::Absent,
    }
}

fn owned(word: &str) -> Text<'static> {
    Text::Is(Cow::Owned(word.to_owned()))
}

/// What one side of a rule says: `[{"addressPrefix": …, "addressPrefixType": …}]`.
enum Words {
    These(Vec<Text<'static>>),
    /// Something that cannot be told from the document, and has been told.
    Unknown,
}

impl Words {
    fn of<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Self {
        let Said::This(items) = stated.objects(key, intake) else {
            return if stated.has(key) && !stated.is_null(key) {
                Self::Unknown
            } else {
                Self::These(Vec::new())
            };
        };
        let mut words = Vec::with_capacity(items.len());
        for item in items {
            let is_group = item
                .text("addressPrefixType", intake)
                .this()
                .is_some_and(|kind| kind.eq_ignore_ascii_case("networkgroup"));
            if is_group {
                // The prefixes of its members at the time of the commit, which no export has.
                let sentence =
                    format!("`{key}` is a network group: which addresses that stands for is not known");
                stated.tell("network-group-as-side", Effect::Undecided, &sentence, intake);
                return Self::Unknown;
            }
            match item.text("addressPrefix", intake) {
                // The portal takes several, with commas.
                Said::This(prefixes) => words.extend(prefixes.split(',').map(|prefix| owned(prefix.trim()))),
                Said::Nothing => {
                    let sentence = format!(
                        "`{key}`: `addressPrefix` is missing, expected a prefix, a service tag, or `*`"
                    );
                    stated.tell("missing-field", Effect::Undecided, &sentence, intake);
                    return Self::Unknown;
                }
                Said::Unreadable => return Self::Unknown,
            }
        }
        Self::These(words)
    }

    fn side(self, names: &SideNames, rule: &mut RuleIntake<'_, '_, '_>) -> Arc<Side> {
        match self {
            Self::These(words) => {
                let side = RuleSide { prefixes: Texts::Many(words), ..RuleSide::default() };
                read_side(&side, names, rule)
            }
            Self::Unknown => Arc::new(Side::unknown(rule.intake.pool)),
        }
    }
}

const SOURCES: SideNames =
    SideNames { prefix: "sources", prefixes: "sources", groups: "sources", expanded: "sources" };

const DESTINATIONS: SideNames = SideNames {
    prefix: "destinations",
    prefixes: "destinations",
    groups: "destinations",
    expanded: "destinations",
};

/// Keys of admin rules, drafted and in force, flattened and nested.
const KNOWN_KEYS: [&str; 47] = [
    "access",
    "aliases",
    "apiVersion",
    "commitTime",
    "configurationDescription",
    "configurationDisplayName",
    "configurationId",
    "description",
    "destinationPortRanges",
    "destinations",
    "direction",
    "displayName",
    "etag",
    "extendedLocation",
    "flag",
    "id",
    "identity",
    "kind",
    "location",
    "managedBy",
    "name",
    "networkManagerName",
    "plan",
    "priority",
    "properties",
    "protocol",
    "provisioningState",
    "region",
    "resourceGroup",
    "resourceGroupName",
    "resourceGuid",
    "resourceId",
    "ruleCollectionAppliesToGroups",
    "ruleCollectionDescription",
    "ruleCollectionDisplayName",
    "ruleCollectionName",
    "ruleGroups",
    "securityAdminConfigurationName",
    "sku",
    "sourcePortRanges",
    "sources",
    "subscriptionId",
    "systemData",
    "tags",
    "tenantId",
    "type",
    "zones",
];
