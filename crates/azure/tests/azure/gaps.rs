//! Bad input: every gap, its message, and the sound answer beside it (semantics C8).

use crate::estate::{group_of, rule, scan, standard};

const OPEN: &str = "100 allow tcp 0.0.0.0/0 * 22";
const ALL: &str = "any 3702258431 / -";

/// One rule, a part of its text replaced.
fn check(from: &str, to: &str, message: &str, expected: &[&str]) {
    let stated = rule(OPEN);
    assert!(stated.contains(from), "{from} is not in {stated}");
    let mut documents = standard(&[]);
    documents[0] = group_of("nsg", &stated.replace(from, to), "");
    let answer = scan(&documents);
    assert_eq!(answer.message(), message);
    answer.check(expected);
}

#[test]
fn ports_that_cannot_be_read_may_be_every_port() {
    for bad in ["22,3389", "22-", "70000", "25-22", "ssh"] {
        check(
            r#""destinationPortRange": "22""#,
            &format!(r#""destinationPortRange": "{bad}""#),
            &format!(
                "`nsg`: rule `r100`: `destinationPortRange` is `{bad}`, expected one port or a range like `22-25`"
            ),
            &[&format!("nic exposed possible tcp/0-65535 {ALL}")],
        );
    }
}

#[test]
fn one_bad_port_in_a_list_leaves_the_others() {
    let answer = scan(&standard(&["100 allow tcp 0.0.0.0/0 * 22,2x"]));
    assert_eq!(
        answer.message(),
        "`nsg`: rule `r100`: `destinationPortRanges` is `2x`, expected one port or a range like `22-25`"
    );
    answer.check(&[
        &format!("nic exposed possible tcp/0-21,23-65535 {ALL}"),
        &format!("nic exposed tcp/22 {ALL}"),
    ]);
}

#[test]
fn prefixes_that_cannot_be_read_may_be_every_address() {
    for bad in ["0.0.0.0/33", "10.0.0.1-10.0.0.9", "10.0.0/8", "::/129", "a b"] {
        check(
            r#""sourceAddressPrefix": "0.0.0.0/0""#,
            &format!(r#""sourceAddressPrefix": "{bad}""#),
            &format!(
                "`nsg`: rule `r100`: `sourceAddressPrefix` is `{bad}`, expected an address, a prefix like `10.0.0.0/24`, or a service tag"
            ),
            &[&format!("nic exposed possible tcp/22 {ALL}")],
        );
    }
}

#[test]
fn unknown_words_are_possible_only() {
    let possible = format!("nic exposed possible tcp/22 {ALL}");
    check(
        r#""allow""#,
        r#""permit""#,
        "`nsg`: rule `r100`: `access` is `permit`, expected `Allow` or `Deny`",
        &[&possible],
    );
    check(
        r#""Inbound""#,
        r#""Upward""#,
        "`nsg`: rule `r100`: `direction` is `Upward`, expected `Inbound` or `Outbound`",
        &[&possible],
    );
    let message =
        "`nsg`: rule `r100`: `protocol` is `sctp`, expected `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*`";
    let expected = [format!("nic exposed possible any {ALL}")];
    let stated = rule(OPEN).replace(r#""tcp""#, r#""sctp""#);
    let mut documents = standard(&[]);
    documents[0] = group_of("nsg", &stated, "");
    assert_eq!(scan(&documents).message(), message);
    drop(expected);
}

#[test]
fn an_unreadable_deny_hides_nothing() {
    let rules = format!(
        "{}, {}",
        rule("100 deny tcp * * 22").replace(r#""22""#, r#""2x""#),
        rule("110 allow tcp 0.0.0.0/0 * 22")
    );
    let mut documents = standard(&[]);
    documents[0] = group_of("nsg", &rules, "");
    scan(&documents).check(&[&format!("nic exposed possible tcp/22 {ALL}")]);
}

#[test]
fn priorities() {
    check(
        r#""priority": 100"#,
        r#""priority": 99"#,
        "`nsg`: rule `r100`: `priority` is `99`, expected a whole number from 100 to 4096",
        &[&format!("nic exposed tcp/22 {ALL}")],
    );
    for (bad, told) in [("\"high\"", "`high`"), ("-1", "`-1`"), ("1.5", "`1.5`")] {
        check(
            r#""priority": 100"#,
            &format!(r#""priority": {bad}"#),
            &format!("`nsg`: rule `r100`: `priority` is {told}, expected a whole number from 100 to 4096"),
            &[&format!("nic exposed possible tcp/22 {ALL}")],
        );
    }
}

#[test]
fn a_number_or_its_text_is_one_priority() {
    let mut documents = standard(&[OPEN]);
    documents[0] = documents[0].replace(r#""priority": 100"#, r#""priority": "100""#);
    let answer = scan(&documents);
    answer.check(&[&format!("nic exposed tcp/22 {ALL}")]);
    assert_eq!(answer.codes(), [""; 0]);
}

#[test]
fn missing_fields_and_wrong_types() {
    check(
        r#""sourceAddressPrefix": "0.0.0.0/0", "#,
        "",
        "`nsg`: rule `r100`: `sourceAddressPrefix` is missing, expected a prefix, a service tag, or `*`",
        &[&format!("nic exposed possible tcp/22 {ALL}")],
    );
    check(
        r#""access": "allow""#,
        r#""access": ["Allow"]"#,
        "`nsg`: rule `r100`: `access` is or holds a list, expected `Allow` or `Deny`",
        &[&format!("nic exposed possible tcp/22 {ALL}")],
    );
    check(
        r#""destinationPortRange": "22""#,
        r#""destinationPortRange": {"from": 22}"#,
        "`nsg`: rule `r100`: `destinationPortRange` is or holds an object, expected one port or a range like `22-25`",
        &[&format!("nic exposed possible tcp/0-65535 {ALL}")],
    );
}

#[test]
fn a_key_nobody_knows_makes_the_rule_possible() {
    check(
        r#""access""#,
        r#""expiresAt": "2027-01-01", "access""#,
        "`nsg`: rule `r100`: the key `expiresAt` is not known or given twice: the rule is taken as possible, not as certain",
        &[&format!("nic exposed possible tcp/22 {ALL}")],
    );
    let mut documents = standard(&[OPEN]);
    documents[0] =
        documents[0].replace(r#""access""#, r#""expiresAt": null, "additionalProperties": {}, "access""#);
    assert_eq!(scan(&documents).codes(), [""; 0]);
}

#[test]
fn rules_that_are_no_rules() {
    let mut documents = standard(&[]);
    documents[0] = group_of("nsg", "7", "");
    let answer = scan(&documents);
    assert_eq!(answer.message(), "`nsg`: an item of `securityRules` is a number, expected rules");
    answer.check(&[&format!("nic exposed possible any {ALL}")]);
    documents[0] = documents[0].replace("[7]", "true");
    let answer = scan(&documents);
    assert_eq!(answer.message(), "`nsg`: `securityRules` is a boolean, expected rules");
}

#[test]
fn references_that_are_no_references_are_not_absent() {
    let mut documents = standard(&[]);
    documents[1] =
        documents[1].replace(r#""networkSecurityGroup": {"#, r#""networkSecurityGroup": 5, "unused": {"#);
    let answer = scan(&documents);
    assert_eq!(answer.codes(), ["dangling-reference", "unexpected-type"]);
    answer.check(&[&format!("nic exposed possible any {ALL}")]);
}

#[test]
fn truncated_text_keeps_what_stands_before() {
    let list = standard(&[OPEN]).remove(0);
    let cut = format!(
        "{},\n {{\"name\": \"nsg-2\", \"securityRules\": [{{\"na",
        list.trim_end_matches(']').to_owned() + "]}"
    );
    let cut = cut.replace("]}]},", "]},");
    let answer = scan(&[cut]);
    assert_eq!(answer.readings[0].format, Some("azure/cli"));
    assert_eq!(answer.readings[0].resources, 1);
    assert!(answer.readings[0].gaps[0].message.starts_with("`input.json`: not JSON at line 2 column "));
    assert_eq!(answer.codes(), ["malformed-json"]);
}

/// `az resource list` knows names, not contents: nothing of it may read as closed.
#[test]
fn a_list_of_names_is_no_export() {
    let name = |kind: &str, name: &str| {
        let id = crate::estate::id(kind, name);
        format!(
            r#"{{"id": "{id}", "name": "{name}", "type": "Microsoft.Network/{kind}", "provisioningState": "Succeeded", "properties": null}}"#
        )
    };
    let answer = scan(&[format!("[{}]", name("networkSecurityGroups", "nsg"))]);
    answer.check(&["nsg admitted possible any any 3702258431 / any"]);
    assert_eq!(answer.codes(), ["resource-without-properties"]);
    assert!(answer.message().starts_with("1 of the resources here have a name and no properties"));
    let mut documents = standard(&[OPEN]);
    documents[1] = format!("[{}]", name("networkInterfaces", "nic"));
    let exposures = scan(&documents).exposures();
    assert!(
        exposures.contains(&"nic admitted possible any any 3702258431 / any".to_owned()),
        "{exposures:?}"
    );
    documents = standard(&[OPEN]);
    documents[3] = format!("[{}]", name("virtualNetworks", "v"));
    assert_eq!(scan(&documents).codes(), ["dangling-reference", "resource-without-properties"]);
    assert_eq!(scan(&[format!("[{}]", name("routeTables", "rt"))]).codes(), ["resource-without-properties"]);
}

#[test]
fn rules_without_their_group_are_told() {
    let answer = scan(&[format!("[{}, {}]", rule(OPEN), rule(OPEN))]);
    assert_eq!(answer.codes(), ["rule-without-group"]);
    assert_eq!(answer.readings[0].resources, 0);
}

#[test]
fn names_stay_on_one_line() {
    let mut documents = standard(&[]);
    documents[0] =
        group_of("nsg", &rule(OPEN).replace("r100", "a\\u001b[2J\\nb").replace(r#""22""#, r#""x""#), "");
    let message = scan(&documents).message();
    assert!(message.contains(r"`a\u{1b}[2J\nb`"), "{message}");
}

/// A24, X-limits: thousands of prefixes in one rule are one set.
#[test]
fn long_lists_are_one_set() {
    let prefixes: Vec<String> = (0..4000).map(|n| format!("8.{}.{}.0/24", n / 256, n % 256)).collect();
    scan(&standard(&[&format!("100 allow tcp {} * 22", prefixes.join(","))]))
        .check(&["nic exposed tcp/22 wide 1024000 / -"]);
}
