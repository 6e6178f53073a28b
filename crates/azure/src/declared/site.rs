//! App Service and Functions: the restrictions of an app and of its management site (P10).

use cloud::json::{Node, Tree};

use super::database::public_access;
use super::one::{Block, One, doubtful, written};
use super::row::{Make, Parent, Place, Row};
use super::written::{Who, Written, text};

pub(super) static ROWS: &[Row] = &[
    app("azurerm_linux_web_app", modern),
    app("azurerm_windows_web_app", modern),
    app("azurerm_linux_function_app", modern),
    app("azurerm_windows_function_app", modern),
    app("azurerm_function_app_flex_consumption", modern),
    app("azurerm_logic_app_standard", modern),
    app("azurerm_app_service", legacy),
    app("azurerm_function_app", legacy),
    slot("azurerm_linux_web_app_slot", &OF_APP, modern_slot),
    slot("azurerm_windows_web_app_slot", &OF_APP, modern_slot),
    slot("azurerm_linux_function_app_slot", &OF_APP, modern_slot),
    slot("azurerm_windows_function_app_slot", &OF_APP, modern_slot),
    slot("azurerm_app_service_slot", &OF_APP, legacy_slot),
    slot("azurerm_function_app_slot", &OF_APP, legacy_slot),
    Row { kind: "azurerm_service_plan", place: Place::Group(PLAN), make: Make::Nothing },
    Row { kind: "azurerm_app_service_plan", place: Place::Group(PLAN), make: Make::Nothing },
];

const SITE: &str = "Microsoft.Web/sites";
const PLAN: &str = "Microsoft.Web/serverFarms";

static OF_APP: Parent = Parent {
    ids: &["app_service_id", "function_app_id"],
    names: &["app_service_name", "function_app_name"],
    kinds: &["azurerm_app_service", "azurerm_function_app"],
    path: SITE,
};

type MakeApp = for<'s, 'a> fn(One<'s, 'a>) -> Vec<Node<'a>>;

const fn app(kind: &'static str, make: MakeApp) -> Row {
    Row { kind, place: Place::Group(SITE), make: Make::Resources(make) }
}

const fn slot(kind: &'static str, owner: &'static Parent, make: MakeApp) -> Row {
    Row { kind, place: Place::Part(owner, "slots"), make: Make::Resources(make) }
}

/// What is let in besides, as a provider says where nobody does.
type Default = Option<&'static str>;

const IN_APP: [&str; 2] = [SITE, "Microsoft.Web/sites/config"];
const IN_SLOT: [&str; 2] = ["Microsoft.Web/sites/slots", "Microsoft.Web/sites/slots/config"];

fn modern<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    site(one, IN_APP, Some("Allow"))
}

fn modern_slot<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    site(one, IN_SLOT, Some("Allow"))
}

/// Older kinds do not say it: Azure lets in everybody where there is no rule, and nobody else where there is one.
fn legacy<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    site(one, IN_APP, None)
}

fn legacy_slot<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    site(one, IN_SLOT, None)
}

fn site<'a>(one: One<'_, 'a>, [kind, configuration]: [&'static str; 2], default: Default) -> Vec<Node<'a>> {
    let own = Written::default()
        .with("defaultHostName", text(one.who().name.to_owned()))
        .with("publicNetworkAccess", public_access(one))
        .with("hostingEnvironmentProfile", environment(one));
    let app = Written::resource(kind, &one.who(), one.at(), own).node();
    let lists = one.block().only(&["site_config"], |block| lists(block, default).tree());
    let lists = match lists {
        Some(Tree::Object(lists)) => lists,
        // Not known: neither are its lists.
        Some(_) => {
            Written::default().with(MAIN[1], doubtful(None)).with(MANAGEMENT[1], doubtful(None)).node()
        }
        None => Written::default().node(),
    };
    let id = format!("{}/config/web", one.who().id);
    // What says that this is the whole configuration.
    let mut written = Written::default().with("numberOfWorkers", text("1"));
    for (key, value) in lists.entries() {
        written.put_stated(key.clone(), value.clone());
    }
    let at = lists.at.or(one.at());
    let configuration = Written::resource(configuration, &Who { id: &id, name: "web" }, at, written).node();
    vec![app, configuration]
}

/// The environment of its own in which a plan runs.
fn environment<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let plan = one.block().text(&["service_plan_id", "app_service_plan_id"])?;
    let plan = one.scene.made(&plan)?;
    let id = plan.block().value(&["app_service_environment_id"])?;
    Some(Written::default().with("id", id).tree())
}

fn lists<'a>(block: Block<'_, 'a>, default: Default) -> Written<'a> {
    let action = |names: &[&str]| block.value(names).or_else(|| default.map(text));
    let main = block.written_blocks(&["ip_restriction"]);
    let management = block.written_blocks(&["scm_ip_restriction"]);
    let use_main = block.flag(&["scm_use_main_ip_restriction"], false);
    Written::within(block.at())
        .with(MAIN[0], (!main.is_empty()).then(|| written(main, restriction)))
        .with(MAIN[1], action(&["ip_restriction_default_action"]))
        .with(MANAGEMENT[0], (!management.is_empty()).then(|| written(management, restriction)))
        .with(MANAGEMENT[1], action(&["scm_ip_restriction_default_action"]))
        .with("scmIpSecurityRestrictionsUseMain", use_main)
}

fn restriction<'a>(rule: Block<'_, 'a>) -> Tree<'a> {
    let tag = rule.value(&["service_tag"]);
    let word = tag.as_ref().map_or("Default", |_| "ServiceTag");
    let headers = rule.only(&["headers"], |headers| {
        let header = |written: Written<'a>, (argument, key)| written.with(key, headers.value(&[argument]));
        HEADERS.into_iter().fold(Written::default(), header).tree()
    });
    Written::within(rule.at())
        .with("name", rule.value(&["name"]))
        .with("action", rule.value_or(&["action"], "Allow"))
        .with("priority", rule.value_or(&["priority"], "65000"))
        .with("vnetSubnetResourceId", rule.value(&["virtual_network_subnet_id", "subnet_id"]))
        .with("ipAddress", tag.or_else(|| rule.value(&["ip_address"])))
        .with("subnetMask", rule.value(&["subnet_mask"]))
        .with("tag", text(word))
        .with("headers", headers)
        .tree()
}

const MAIN: [&str; 2] = ["ipSecurityRestrictions", "ipSecurityRestrictionsDefaultAction"];
const MANAGEMENT: [&str; 2] = ["scmIpSecurityRestrictions", "scmIpSecurityRestrictionsDefaultAction"];

const HEADERS: [(&str, &str); 4] = [
    ("x_azure_fdid", "x-azure-fdid"),
    ("x_fd_health_probe", "x-fd-healthprobe"),
    ("x_forwarded_for", "x-forwarded-for"),
    ("x_forwarded_host", "x-forwarded-host"),
];
