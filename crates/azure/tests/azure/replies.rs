//! Routes of the reply: TCP is only possible where it goes elsewhere (semantics AP13).

use crate::estate::{network, route_table, scan, standard};

fn routed(rule: &str, routes: &[(&str, &str)]) -> Vec<String> {
    let mut documents = standard(&[rule, "200 deny * * * *"]);
    documents[3] = network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", "rt"]]);
    documents.push(route_table("rt", routes));
    scan(&documents).exposures()
}

const TCP: &str = "nic exposed tcp/22 any 3702258431 / -";
const POSSIBLE: &str = "nic exposed possible tcp/22 any 3702258431 / -";

#[test]
fn only_the_internet_answers() {
    for hop in ["VirtualAppliance", "None", "VirtualNetworkGateway", "VnetLocal"] {
        assert_eq!(routed("100 allow tcp * * 22", &[("0.0.0.0/0", hop)]), [POSSIBLE], "{hop}");
        let udp = routed("100 allow udp * * 53", &[("0.0.0.0/0", hop)]);
        assert_eq!(udp, ["nic exposed udp/53 any 3702258431 / -"], "{hop}");
    }
    assert_eq!(routed("100 allow tcp * * 22", &[("0.0.0.0/0", "Internet")]), [TCP]);
    assert_eq!(routed("100 allow tcp * * 22", &[("10.0.0.0/8", "VirtualAppliance")]), [TCP]);
    assert_eq!(routed("100 allow tcp * * 22", &[("::/0", "VirtualAppliance")]), [TCP]);
}

/// The longest prefix wins, whatever the order.
#[test]
fn routes_for_parts_of_the_internet() {
    let half = [("0.0.0.0/1", "None")];
    assert_eq!(
        routed("100 allow tcp * * 22", &half),
        ["nic exposed possible tcp/22 almost-any 2092957696 / -", "nic exposed tcp/22 broad 1609300735 / -"]
    );
    let administrators = [("8.8.8.0/24", "Internet"), ("0.0.0.0/0", "VirtualAppliance")];
    assert_eq!(
        routed("100 allow tcp 8.8.8.8,9.9.9.9 * 22", &administrators),
        ["nic exposed possible tcp/22 narrow 1 / -", "nic exposed tcp/22 narrow 1 / -"]
    );
}

/// The table and its route stand in the path.
#[test]
fn the_route_is_named() {
    let mut documents = standard(&["100 allow tcp * * 22"]);
    documents[3] = network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", "rt"]]);
    documents.push(route_table("rt", &[("0.0.0.0/0", "VirtualAppliance")]));
    let answer = scan(&documents);
    let lists = answer.snapshot.targets[0].paths[0].filter.lists();
    assert_eq!((lists[0].kind, &*lists[0].name, &*lists[0].rules[0].name), ("route-table", "rt", "r"));
}

/// A service tag may hold anybody.
#[test]
fn routes_by_tag() {
    assert_eq!(routed("100 allow tcp * * 22", &[("AzureCloud", "VirtualAppliance")]), [POSSIBLE]);
    assert_eq!(routed("100 allow tcp * * 22", &[("AzureCloud", "Internet")]), [TCP]);
    assert_eq!(routed("100 allow tcp * * 22", &[("1.2.3", "Internet")]), [POSSIBLE]);
}
