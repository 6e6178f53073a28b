//! What people call a resource of which only the id is known.

/// The last part of an id that somebody chose.
pub(crate) fn name_of(id: &str) -> &str {
    let id = id.trim_end_matches('/');
    let id = machine_of(id).unwrap_or(id);
    let mut parts = id.rsplit('/');
    let last = match (parts.next(), parts.next()) {
        // Behind some names stands what the provider made up to tell two of one name apart.
        (Some(last), Some(before)) if id.starts_with("arn:") && is_made_up(last) => before,
        (Some(last), _) => last,
        (None, _) => id,
    };
    // Names of resources may end in colons; an address of IPv6 has colons and is whole.
    if last.starts_with("arn:") { last.rsplit(':').next().unwrap_or(last) } else { last }
}

/// The machine whose part an id is of: `nic0` is the name of thousands of interfaces.
fn machine_of(id: &str) -> Option<&str> {
    let (machine, _) = id.split_once("/networkInterfaces/")?;
    (machine.rsplit('/').nth(1) == Some("instances")).then_some(machine)
}

fn is_made_up(part: &str) -> bool {
    part.len() == MADE_UP && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How many hexadecimal digits a provider makes up.
const MADE_UP: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_somebody_chose() {
        let balancer =
            "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/net/admin/1a2b7e65e4d1f0c3";
        for (id, name) in [
            (balancer, "admin"),
            ("/subscriptions/s/resourceGroups/rg/providers/x/lbs/lb-front", "lb-front"),
            ("arn:aws:rds:eu-central-1:111122223333:db:orders", "orders"),
            ("arn:aws:eks:eu-central-1:111122223333:cluster/northwind", "northwind"),
            ("projects/tailspin/zones/europe-west3-a/instances/jump/networkInterfaces/nic0", "jump"),
            ("projects/tailspin/regions/europe-west3/forwardingRules/fwd-game", "fwd-game"),
            (
                "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic-web",
                "nic-web",
            ),
            ("2001:db8::1", "2001:db8::1"),
            ("eni-0123456789abcdef0", "eni-0123456789abcdef0"),
            ("folder/", "folder"),
        ] {
            assert_eq!(name_of(id), name);
        }
    }
}
