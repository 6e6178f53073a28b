//! What the input has nothing of that forwarding rules lead to, each with the command that would export it.

use crate::resource::command_of;

use super::super::Lowering;

impl Lowering<'_> {
    /// Whether something can be missing although its kind is in the input: else its kind is, and that is told once.
    pub(super) fn is_lost(&mut self, kinds: &[&'static str]) -> bool {
        if kinds.iter().any(|kind| self.has_kind(kind)) {
            return true;
        }
        self.balancers.wanted.extend(kinds.first());
        false
    }

    /// What was looked for in vain.
    pub(in crate::lower) fn missing_of_balancers(&self) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        if !self.has_kind("forwarding-rule") && !self.estate.resources.instances.is_empty() {
            let command = command_of("forwarding-rule");
            told.push(format!(
                "forwarding rules are not in the input: what load balancers and protocol forwarding lead to is not told; \
                 add `{command}`"
            ));
        }
        told.extend(self.balancers.wanted.iter().copied().map(sentence));
        told
    }
}

fn sentence(kind: &'static str) -> String {
    let command = command_of(kind);
    match kind {
        "security-policy" => format!(
            "security policies are not in the input: what they stand before is possible; add `{command}` and `gcloud \
             compute security-policies describe` of each"
        ),
        "instance-group-members" => format!(
            "members of instance groups are not in the input: load balancers are told in place of them; add `{command}` of \
             each group, with its path under `instanceGroup` beside the answer under `items`"
        ),
        "network-endpoints" => format!(
            "endpoints are not in the input: load balancers are told in place of them; add `{command}` of each group, with \
             its path under `networkEndpointGroup` beside the answer under `items`"
        ),
        _ => format!(
            "{} are not in the input: load balancers are told in place of what is behind them; add `{command}`",
            plural(kind)
        ),
    }
}

/// What people call several of a kind: `backend services`.
fn plural(kind: &str) -> String {
    let words = kind.replace('-', " ");
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{words}s"),
    }
}
