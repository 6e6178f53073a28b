//! Refused attempts: what they would have opened is told of so many, and of how many it is not.
#![allow(clippy::panic, reason = "a broken fixture is a failed test")]

use serde_json::json;
use testkit::replayed::over;

const NET: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

/// A log of refused writes of rules of one group, a minute apart.
fn refused(count: usize) -> String {
    let one = |number: usize| {
        let (hour, minute) = (number / 60, number % 60);
        json!({
            "eventTimestamp": format!("2026-01-10T{hour:02}:{minute:02}:00Z"), "eventDataId": format!("e-{number}"),
            "correlationId": format!("c-{number}"), "caller": "mallory@example.com",
            "operationName": {"value": "Microsoft.Network/networkSecurityGroups/securityRules/write"},
            "resourceId": format!("{NET}/networkSecurityGroups/nsg/securityRules/r{number}"),
            "status": {"value": "Failed"}, "subStatus": {"value": "Forbidden"},
            "properties": {"requestbody": {"properties": {"access": "Allow", "direction": "Inbound", "priority": 100 + number,
                "protocol": "Tcp", "sourcePortRange": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "*",
                "destinationPortRange": "22"}}},
        })
    };
    json!((0..count).map(one).collect::<Vec<_>>()).to_string()
}

#[test]
fn attempts_that_are_not_played_through_are_counted() {
    for (count, untried) in [(256, None), (260, Some("4 more refused attempts"))] {
        let mut heard = over(&[], None);
        heard.hear(0, refused(count).as_bytes());
        let told = heard.told();
        let [told] = told.as_slice() else { panic!("{} clouds tell something", told.len()) };
        assert_eq!(told.judged.len(), count);
        assert_eq!(told.attempts.len(), 256);
        assert!(told.attempts.values().all(|found| !found.is_empty()), "each would have opened a port");
        let gaps = told.gaps.iter().filter(|gap| gap.code == "attempts-not-judged");
        let gaps: Vec<&str> = gaps.map(|gap| gap.message.as_str()).collect();
        match untried {
            None => assert!(gaps.is_empty(), "{gaps:?}"),
            Some(start) => assert!(matches!(gaps.as_slice(), [gap] if gap.starts_with(start)), "{gaps:?}"),
        }
    }
}
