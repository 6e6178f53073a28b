//! Names of methods without what varies in them: the version of the API, who spells it, letter case.
//!
//! `v1.compute.firewalls.insert`, `beta.compute.firewalls.insert`, `compute.firewalls.insert` and
//! `google.cloud.compute.v1.Firewalls.Insert` are one method. Knows no method.

/// A method: the collection or service that it is one of, and what is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Method {
    /// `compute.firewalls`, `container.clustermanager`.
    pub(super) of: String,
    /// `insert`, `updatecluster`.
    pub(super) verb: String,
}

impl Method {
    /// The method of a name as it is logged.
    pub(super) fn of(name: &str) -> Self {
        let mut words: Vec<String> = Vec::with_capacity(4);
        for word in name.trim().split(['.', '/']) {
            // `google.identity.accesscontextmanager`, `google.cloud.sql`.
            let is_prefix =
                words.is_empty() && PREFIXES.iter().any(|prefix| word.eq_ignore_ascii_case(prefix));
            if !(word.is_empty() || is_prefix || is_version(word)) {
                words.push(word.to_ascii_lowercase());
            }
        }
        let verb = words.pop().unwrap_or_default();
        Self { of: words.join("."), verb }
    }

    /// Whether it only reads, in any service.
    pub(super) fn reads(&self) -> bool {
        READS.iter().any(|start| self.verb.starts_with(start))
    }
}

const PREFIXES: [&str; 4] = ["google", "cloud", "identity", "api"];

/// How verbs begin that change nothing, or nothing but who may do what, labels and the like.
const READS: [&str; 13] = [
    "get",
    "list",
    "aggregatedlist",
    "search",
    "testiam",
    "query",
    "describe",
    "fetch",
    "setlabels",
    "setiampolicy",
    "wait",
    "validate",
    "preview",
];

/// `v1`, `v1beta4`, `v2alpha`, `beta`, `alpha`, `v1p1beta1`.
fn is_version(word: &str) -> bool {
    let is_word = ["alpha", "beta", "staging_v1"].iter().any(|version| word.eq_ignore_ascii_case(version));
    let figures = word.strip_prefix(['v', 'V']).unwrap_or_default();
    is_word || figures.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_method_has_many_names() {
        for name in [
            "v1.compute.firewalls.insert",
            "beta.compute.firewalls.insert",
            "alpha.compute.firewalls.insert",
            "compute.firewalls.insert",
            "compute.beta.firewalls.insert",
            "google.cloud.compute.v1.Firewalls.Insert",
            "google.compute.v1.Firewalls.Insert",
            "v1p1beta1.compute.firewalls.insert",
        ] {
            let method = Method::of(name);
            assert_eq!((&*method.of, &*method.verb), ("compute.firewalls", "insert"), "{name}");
        }
        let of = |name: &str| {
            let Method { of, verb } = Method::of(name);
            format!("{of} {verb}")
        };
        assert_eq!(
            of("google.container.v1beta1.ClusterManager.UpdateCluster"),
            "container.clustermanager updatecluster"
        );
        assert_eq!(of("google.cloud.sql.v1beta4.SqlInstancesService.Patch"), "sql.sqlinstancesservice patch");
        assert_eq!(of("cloudsql.instances.update"), "cloudsql.instances update");
        assert_eq!(
            of("google.identity.accesscontextmanager.v1.AccessContextManager.DeleteAccessLevel"),
            "accesscontextmanager.accesscontextmanager deleteaccesslevel"
        );
        assert_eq!(of("TagBindings.CreateTagBinding"), "tagbindings createtagbinding");
        assert_eq!(of("SetIamPolicy"), " setiampolicy");
        assert!(
            Method::of("v1.compute.firewalls.aggregatedList").reads() && !Method::of("x.y.patch").reads()
        );
    }
}
