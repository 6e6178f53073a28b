//! The one list of methods on kinds that are not modelled and that open something: a change whose effect is not known.
//!
//! A kind that is modelled one day is taken out here.

use cloud::json::{Node, Tree};

use super::method::Method;
use super::part::text;

/// A method on a kind that is not modelled.
#[derive(Debug)]
pub(super) struct Other {
    of: &'static [&'static str],
    verbs: &'static [&'static str],
    /// What results call the kind.
    pub(super) kind: &'static str,
    /// Keys, at any depth of the request, whose values say that nothing comes in from the Internet.
    closed: &'static [(&'static str, &'static [&'static str])],
}

/// The entry of a method.
pub(super) fn find(method: &Method) -> Option<&'static Other> {
    OTHERS.iter().find(|one| one.of.contains(&&*method.of) && one.verbs.contains(&&*method.verb))
}

impl Other {
    /// Whether a request says that the Internet is kept out.
    pub(super) fn is_closed(&self, request: &Node<'_>) -> bool {
        self.closed.iter().any(|(key, values)| says(request, key, values))
    }
}

fn says(node: &Node<'_>, key: &str, values: &[&str]) -> bool {
    let own = text(node, key).is_some_and(|text| values.contains(&text))
        || matches!(node.own(key), Some(Tree::Flag(flag)) if values.contains(&if *flag { "true" } else { "false" }));
    own || node.entries().iter().any(|(_, value)| match value {
        Tree::Object(inner) => says(inner, key, values),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    })
}

const fn of(
    of: &'static [&'static str],
    verbs: &'static [&'static str],
    kind: &'static str,
    closed: &'static [(&'static str, &'static [&'static str])],
) -> Other {
    Other { of, verbs, kind, closed }
}

const INSTANCES: &[&str] = &["createinstance", "updateinstance"];

/// Every method.
static OTHERS: &[Other] = &[
    of(
        &["run.services"],
        &["createservice", "updateservice", "replaceservice", "patchservice"],
        "Cloud Run service",
        &[("ingress", &["INGRESS_TRAFFIC_INTERNAL_ONLY"]), ("run.googleapis.com/ingress", &["internal"])],
    ),
    of(
        &["functions.cloudfunctionsservice", "functions.functionservice"],
        &["createfunction", "updatefunction"],
        "Cloud Function",
        &[("ingressSettings", &["ALLOW_INTERNAL_ONLY"])],
    ),
    of(&["apigateway.apigatewayservice"], &["creategateway", "updategateway"], "API gateway", &[]),
    of(&["apigee.runtimeservice", "apigee.organizationservice"], INSTANCES, "Apigee instance", &[]),
    of(&["networkservices.networkservices"], &["creategateway", "updategateway"], "secure web gateway", &[]),
    of(
        &["alloydb.alloydbadmin"],
        &["createinstance", "updateinstance", "createsecondaryinstance"],
        "AlloyDB instance",
        &[("enablePublicIp", &["false"])],
    ),
    of(
        &["notebooks.notebookservice", "notebooks.managednotebookservice"],
        &["createinstance", "createruntime", "updateinstance"],
        "notebook instance",
        &[("noPublicIp", &["true"]), ("disablePublicIp", &["true"]), ("internalIpOnly", &["true"])],
    ),
    of(
        &["orchestration.airflow.service.environments"],
        &["createenvironment", "updateenvironment"],
        "Composer environment",
        &[("enablePrivateEndpoint", &["true"])],
    ),
    of(&["datafusion.datafusion"], INSTANCES, "Data Fusion instance", &[("privateInstance", &["true"])]),
    of(&["looker.looker"], INSTANCES, "Looker instance", &[("publicIpEnabled", &["false"])]),
    of(&["tpu.tpu"], &["createnode", "updatenode"], "TPU node", &[("enableExternalIps", &["false"])]),
    of(
        &["vmwareengine.vmwareengine"],
        &[
            "createexternaladdress",
            "createexternalaccessrule",
            "updateexternalaccessrule",
            "updatenetworkpolicy",
            "createnetworkpolicy",
        ],
        "VMware Engine external access",
        &[],
    ),
    of(
        &["compute.organizationsecuritypolicies"],
        &[
            "insert",
            "patch",
            "delete",
            "addrule",
            "patchrule",
            "removerule",
            "addassociation",
            "removeassociation",
            "copyrules",
        ],
        "security policy of an organisation",
        &[],
    ),
    of(
        &["compute.networkedgesecurityservices"],
        &["insert", "patch", "delete"],
        "network edge security service",
        &[],
    ),
    of(&["compute.interconnectattachments"], &["insert", "patch"], "interconnect attachment", &[]),
    of(&["compute.vpntunnels", "compute.vpngateways"], &["insert"], "VPN", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::operation::{Found, find as operation};

    #[test]
    fn what_is_modelled_is_not_elsewhere() {
        for one in OTHERS {
            for of in one.of {
                for verb in one.verbs {
                    let method = Method { of: (*of).to_owned(), verb: (*verb).to_owned() };
                    assert!(matches!(operation(&method), Found::Nothing), "{of} {verb}");
                }
            }
        }
    }
}
