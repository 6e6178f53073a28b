//! Network managers with their rules and who these are for, and network security perimeters.

use cloud::json::{Node, Tree};

use super::one::{Block, One, doubtful};
use super::row::{Make, Parent, Place, Row};
use super::written::{Written, text};

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_network_manager", place: Place::Group(MANAGER), make: Make::Resources(manager) },
    Row {
        kind: "azurerm_network_manager_network_group",
        place: Place::Part(&OF_MANAGER, "networkGroups"),
        make: Make::Resources(group),
    },
    Row {
        kind: "azurerm_network_manager_static_member",
        place: Place::Part(&OF_GROUP, "staticMembers"),
        make: Make::Resources(member),
    },
    Row {
        kind: "azurerm_network_manager_security_admin_configuration",
        place: Place::Part(&OF_MANAGER, "securityAdminConfigurations"),
        make: Make::Resources(configuration),
    },
    Row {
        kind: "azurerm_network_manager_admin_rule_collection",
        place: Place::Part(&OF_CONFIGURATION, "ruleCollections"),
        make: Make::Resources(collection),
    },
    Row {
        kind: "azurerm_network_manager_admin_rule",
        place: Place::Part(&OF_COLLECTION, "rules"),
        make: Make::Resources(rule),
    },
    Row {
        kind: "azurerm_network_manager_deployment",
        place: Place::Part(&OF_MANAGER, "deployments"),
        make: Make::Resources(deployment),
    },
    Row {
        kind: "azurerm_network_security_perimeter",
        place: Place::Group(PERIMETER),
        make: Make::Resources(perimeter),
    },
    Row {
        kind: "azurerm_network_security_perimeter_profile",
        place: Place::Part(&OF_PERIMETER, "profiles"),
        make: Make::Resources(profile),
    },
    Row {
        kind: "azurerm_network_security_perimeter_access_rule",
        place: Place::Part(&OF_PROFILE, "accessRules"),
        make: Make::Resources(access_rule),
    },
    Row {
        kind: "azurerm_network_security_perimeter_association",
        place: Place::Part(&OF_PROFILE, "resourceAssociations"),
        make: Make::Resources(association),
    },
];

const MANAGER: &str = "Microsoft.Network/networkManagers";
const PERIMETER: &str = "Microsoft.Network/networkSecurityPerimeters";

const fn owner(ids: &'static [&'static str], path: &'static str) -> Parent {
    Parent { ids, names: &[], kinds: &[], path }
}

static OF_MANAGER: Parent = owner(&["network_manager_id"], MANAGER);
static OF_GROUP: Parent = owner(&["network_group_id"], MANAGER);
static OF_CONFIGURATION: Parent = owner(&["security_admin_configuration_id"], MANAGER);
static OF_COLLECTION: Parent = owner(&["admin_rule_collection_id"], MANAGER);
static OF_PERIMETER: Parent = owner(&["network_security_perimeter_id"], PERIMETER);
static OF_PROFILE: Parent = owner(&["network_security_perimeter_profile_id", "profile_id"], PERIMETER);

fn made<'a>(one: One<'_, 'a>, kind: &'static str, own: Written<'a>) -> Vec<Node<'a>> {
    vec![Written::resource(kind, &one.who(), one.at(), own).node()]
}

fn manager<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let scopes = one.block().only(&["scope"], |scope| {
        Written::default()
            .with("managementGroups", scope.value(&["management_group_ids"]))
            .with("subscriptions", scope.value(&["subscription_ids"]))
            .tree()
    });
    made(one, MANAGER, Written::default().with("networkManagerScopes", scopes))
}

fn group<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    made(one, "Microsoft.Network/networkManagers/networkGroups", Written::default())
}

/// One that may not be there is a member that is not known.
fn member<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let member = one.block().value(&["target_virtual_network_id", "target_resource_id"]);
    let member = member.filter(|_| one.is_certain()).unwrap_or_else(|| doubtful(None));
    let own = Written::default().with("resourceId", member);
    made(one, "Microsoft.Network/networkManagers/networkGroups/staticMembers", own)
}

fn configuration<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let services = one.block().value(&["apply_on_network_intent_policy_based_services"]);
    let own = Written::default().with("applyOnNetworkIntentPolicyBasedServices", services);
    made(one, "Microsoft.Network/networkManagers/securityAdminConfigurations", own)
}

fn collection<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let groups = one.block().value(&["network_group_ids"]).map(|groups| match groups {
        Tree::List(ids) => {
            let group = |id| Written::default().with("networkGroupId", id).tree();
            Tree::List(ids.into_iter().map(group).collect())
        }
        other => other,
    });
    let own = Written::default().with("appliesToGroups", groups);
    made(one, "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections", own)
}

fn rule<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let is_outbound = block.text(&["direction"]).is_some_and(|word| word.eq_ignore_ascii_case("outbound"));
    let direction = block.value(&["direction"]).filter(|_| one.is_certain() || is_outbound);
    let all = || Tree::List(vec![text("0-65535")]);
    let own = Written::default()
        .with("access", block.value(&["action"]))
        .with("direction", direction.unwrap_or_else(|| doubtful(None)))
        .with("priority", block.value(&["priority"]))
        .with("protocol", block.value(&["protocol"]))
        .with("sources", block.list(&["source"], side))
        .with("destinations", block.list(&["destination"], side))
        .with("sourcePortRanges", block.value(&["source_port_ranges"]).unwrap_or_else(all))
        .with("destinationPortRanges", block.value(&["destination_port_ranges"]).unwrap_or_else(all));
    made(one, "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules", own)
}

fn side<'a>(block: Block<'_, 'a>) -> Tree<'a> {
    Written::within(block.at())
        .with("addressPrefixType", block.value(&["address_prefix_type"]))
        .with("addressPrefix", block.value(&["address_prefix"]))
        .tree()
}

fn deployment<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let done = if one.is_certain() { text("Deployed") } else { doubtful(None) };
    let own = Written::default()
        .with("region", block.value(&["location"]))
        .with("deploymentType", block.value(&["scope_access"]))
        .with("configurationIds", block.value(&["configuration_ids"]))
        .with("deploymentStatus", done);
    made(one, "Microsoft.Network/networkManagers/deployments", own)
}

fn perimeter<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    made(one, PERIMETER, Written::default())
}

fn profile<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    made(one, "Microsoft.Network/networkSecurityPerimeters/profiles", Written::default())
}

fn access_rule<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let direction = block.value(&["direction"]).filter(|_| one.is_certain());
    let own = Written::default()
        .with("direction", direction.unwrap_or_else(|| doubtful(None)))
        .with("addressPrefixes", block.value(&["address_prefixes"]))
        .with("serviceTags", block.value(&["service_tags"]));
    made(one, "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules", own)
}

fn association<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let mode = block.value(&["access_mode"]).filter(|_| one.is_certain());
    let own = Written::default()
        .with("privateLinkResource", block.reference(&["resource_id"]))
        .with("profile", block.reference(&["network_security_perimeter_profile_id", "profile_id"]))
        .with("accessMode", mode.unwrap_or_else(|| doubtful(None)));
    made(one, "Microsoft.Network/networkSecurityPerimeters/resourceAssociations", own)
}
