//! Where elements begin and end, what is opened, and where reading goes on behind a break.

use super::{check, told};

const MIB: usize = 1 << 20;

#[test]
fn every_container_gives_the_same_records() {
    let a = r#"{"eventName":"A","items":[{"x":1}]}"#;
    let b = r#"{"eventName":"B"}"#;
    let containers = [
        format!("{a}\n{b}\n"),
        format!("{a}\r\n{b}"),
        format!("{a}{b}"),
        format!("{a},\n{b}"),
        format!("[{a},{b}]"),
        format!("[\n{a},\n{b}\n]\n"),
        format!("[[{a}],[[{b}]]]"),
        format!(r#"{{"Records":[{a},{b}]}}"#),
        format!(r#"{{"detail":{{"Records":[{a},{b}]}}}}"#),
        format!(r#"{{"value":[{a}],"nextLink":null,"more":[1,"x",[{b}]]}}"#),
        format!(r#"{{"hits":{{"hits":[{{"list":[{a}]}},{{"list":[{b}]}}]}}}}"#),
        format!("{{\"records\":[{a}]}}\n{{\"records\":[{b}]}}\n"),
        format!("2023-07-10T11:45:00.000Z {a}\n2023-07-10T11:45:01.000Z {b}\n"),
        format!("\u{1e}{a}\n\u{1e}{b}\n"),
        format!("{a}\n\u{feff}{b}\n"),
    ];
    for text in containers {
        for element_bytes_max in [MIB, a.len() + 1, a.len()] {
            let told = told(&text, element_bytes_max);
            let at = |record: &str| {
                let offset = text.find(record).unwrap();
                format!("{offset}:{} {record}", 1 + text[..offset].matches('\n').count())
            };
            let records: Vec<&String> =
                told.iter().filter(|line| line.contains("} ") || line.contains(" {\"eventName")).collect();
            let records: Vec<&String> = records.into_iter().filter(|line| !line.contains('?')).collect();
            assert_eq!(records, [&at(a), &at(b)], "{text} with {element_bytes_max}: {told:?}");
            let end = told.last().unwrap();
            assert!(end.ends_with("2 known, 0 not, 0 broken"), "{text}: {told:?}");
        }
    }
}

#[test]
fn pretty_printed_records_are_read_at_their_lines() {
    check(
        b"{\n  \"Records\": [\n    {\n      \"eventName\": \"A\"\n    },\n    {\n      \"eventName\": \"B\"\n    }\n  ]\n}\n",
        70,
        &[
            "21:3 {\n      \"eventName\": \"A\"\n    }",
            "57:6 {\n      \"eventName\": \"B\"\n    }",
            "end 94 bytes, 2 known, 0 not, 0 broken",
        ],
    );
}

#[test]
fn nothing_in_a_record_poses_as_a_record() {
    // Recognised: never looked into.
    check(
        br#"{"eventName":"Put","records":[{"eventName":"Forged"}]}"#,
        MIB,
        &[
            r#"0:1 {"eventName":"Put","records":[{"eventName":"Forged"}]}"#,
            "end 54 bytes, 1 known, 0 not, 0 broken",
        ],
    );
    // Too long to be asked about: the keys tell that it is a record.
    check(
        br#"{"Records":[{"eventName":"Put","records":[{"eventName":"Forged"}]},{"eventName":"B"}]}"#,
        40,
        &["12:1 BROKEN too long", r#"67:1 {"eventName":"B"}"#, "end 86 bytes, 1 known, 0 not, 1 broken"],
    );
    // A record inside of an envelope that is too long.
    check(
        br#"{"id":1,"detail":{"operationName":"x","list":[{"eventName":"Forged"}]}}"#,
        30,
        &["0:1 BROKEN too long", "end 71 bytes, 0 known, 0 not, 1 broken"],
    );
    // Nobody knows it, but it is a record.
    check(
        br#"{"operationName":"x","list":[{"eventName":"Forged"}]}"#,
        MIB,
        &[
            r#"0:1 ? {"operationName":"x","list":[{"eventName":"Forged"}]}"#,
            "end 53 bytes, 0 known, 1 not from 0:1, 0 broken",
        ],
    );
}

#[test]
fn what_nobody_knows_counts_once() {
    check(
        br#"{"a":[{"b":1},{"c":[{"d":1}]}]}"#,
        MIB,
        &[
            r#"0:1 ? {"a":[{"b":1},{"c":[{"d":1}]}]}"#,
            r#"6:1 ? {"b":1}"#,
            r#"14:1 ? {"c":[{"d":1}]}"#,
            r#"20:1 ? {"d":1}"#,
            "end 31 bytes, 0 known, 1 not from 0:1, 0 broken",
        ],
    );
    // Beside what is known, each.
    check(
        br#"[{"b":1},{"eventName":1},{"c":[{"d":1},{"e":1}]}]"#,
        MIB,
        &[
            r#"1:1 ? {"b":1}"#,
            r#"9:1 {"eventName":1}"#,
            r#"25:1 ? {"c":[{"d":1},{"e":1}]}"#,
            r#"31:1 ? {"d":1}"#,
            r#"39:1 ? {"e":1}"#,
            "end 49 bytes, 1 known, 2 not from 1:1, 0 broken",
        ],
    );
}

#[test]
fn empty_lists_are_no_strangers() {
    check(b"[]", MIB, &["end 2 bytes, 0 known, 0 not, 0 broken"]);
    check(br#"{"Records":[]}"#, MIB, &[r#"0:1 ? {"Records":[]}"#, "end 14 bytes, 0 known, 0 not, 0 broken"]);
    check(
        br#"{"Records":[],"x":1}"#,
        MIB,
        &[r#"0:1 ? {"Records":[],"x":1}"#, "end 20 bytes, 0 known, 1 not from 0:1, 0 broken"],
    );
}

#[test]
fn a_broken_line_costs_no_other_line() {
    let good = "{\"eventName\":1}\n";
    for bad in [
        "{\"eventName\":\n",
        "{\"eventName\":{\"a\":1\n",
        "{\"eventName\":\"unended\n",
        "{\"eventName\":\"unended\\\n",
        "{\"eventName\" 1}\n",
        "{\"eventName\":1}}\n",
        "{\"eventName\":1]\n",
        "{\"eventName\":[1}\n",
        "{eventName:1}\n",
        "{'eventName':1}\n",
        "[\n",
        "[{\"a\":1},\n",
        "{\"a\":[{\"b\":\n",
        "hello\n",
        "null\n",
        "\"{}\"\n",
        "}\n",
        "{\n",
        "2023-07-10 hello {\"eventName\":1}\n",
    ] {
        for (text, goods) in [(format!("{good}{bad}{good}"), 2), (format!("{good}{bad}{good}{good}{bad}"), 3)]
        {
            let told = told(&text, MIB);
            let known = told
                .iter()
                .filter(|line| line.ends_with(" {\"eventName\":1}") && !line.contains('?'))
                .count();
            assert!(known >= goods, "{text:?}: {told:?}");
            // What closes behind a break is left from it, and not told again.
            let broken = told.iter().filter(|line| line.contains("BROKEN")).count();
            assert!(broken > 0, "{text:?}: {told:?}");
            check(text.as_bytes(), MIB, &told.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_broken_record_of_a_list_with_lines_costs_no_other() {
    check(
        b"[\n  {\n    \"eventName\": 1\n  },\n  {\n    \"eventName\": oops \"x\",\n    \"list\": [\n      {\n        \"a\": 1\n      }\n    ]\n  },\n  {\n    \"eventName\": 3\n  }\n]\n",
        MIB,
        &[
            "4:2 {\n    \"eventName\": 1\n  }",
            "32:5 BROKEN no json at 56",
            "119:13 {\n    \"eventName\": 3\n  }",
            "end 146 bytes, 2 known, 0 not, 1 broken",
        ],
    );
}

#[test]
fn what_stands_before_the_end_of_a_truncated_text_is_read() {
    check(
        br#"{"Records":[{"eventName":1},{"eventName":{"#,
        MIB,
        &[r#"12:1 {"eventName":1}"#, "28:1 BROKEN truncated", "end 42 bytes, 1 known, 0 not, 1 broken"],
    );
    check(
        br#"{"Records":[{"eventName":1},"#,
        MIB,
        &[r#"12:1 {"eventName":1}"#, "28:1 BROKEN truncated", "end 28 bytes, 1 known, 0 not, 1 broken"],
    );
    check(br#"{"Rec"#, MIB, &["0:1 BROKEN truncated", "end 5 bytes, 0 known, 0 not, 1 broken"]);
    check(b"[", MIB, &["1:1 BROKEN truncated", "end 1 bytes, 0 known, 0 not, 1 broken"]);
}

#[test]
fn a_record_that_is_not_text_costs_no_other() {
    check(
        b"{\"Records\":[{\"eventName\":1},{\"eventName\":\"\xff\"},{\"eventName\":3}]}",
        MIB,
        &[
            r#"12:1 {"eventName":1}"#,
            "28:1 BROKEN no utf-8 at 42",
            r#"46:1 {"eventName":3}"#,
            "end 63 bytes, 2 known, 0 not, 1 broken",
        ],
    );
}

#[test]
fn a_value_that_is_too_long_or_too_deep_costs_its_record() {
    let long = format!("{{\"Records\":[{{\"eventName\":\"{}\"}},{{\"eventName\":2}}]}}", "x".repeat(100));
    check(
        long.as_bytes(),
        50,
        &["12:1 BROKEN too long", r#"129:1 {"eventName":2}"#, "end 146 bytes, 1 known, 0 not, 1 broken"],
    );
    let first = format!("{{\"Records\":[{{\"a\":\"{}\"}},{{\"eventName\":2}}]}}", "x".repeat(100));
    assert_eq!(told(&first, 50)[0], "12:1 BROKEN too long");
    let deep = format!("[{{\"eventName\":{}1{}}},{{\"eventName\":2}}]", "[".repeat(2000), "]".repeat(2000));
    let told_deep = told(&deep, MIB);
    assert_eq!(told_deep[0], "1:1 BROKEN too deep");
    assert_eq!(told_deep[1], format!("{}:1 {{\"eventName\":2}}", 14 + 4000 + 3));
}

#[test]
fn a_text_that_is_no_log_is_told_once() {
    let prose = "Dear all\n\nnothing here is a log: \"really\"\n".repeat(50);
    assert_eq!(told(&prose, MIB), ["0:1 BROKEN no json at 0", "end 2100 bytes, 0 known, 0 not, 1 broken"]);
}

#[test]
fn rows_are_objects_of_their_columns() {
    check(
        b"eventName,\"Time [UTC]\",Properties\r\nA,2023,\"{\"\"a\"\":\"\"b,\nc\"\"}\"\r\n\r\nB,2024,x\\y\r\nC,2025\nD,2025\nE,2026,\n",
        MIB,
        &[
            r#"35:2 {"eventName":"A","Time [UTC]":"2023","Properties":"{\"a\":\"b,\u000ac\"}"}"#,
            r#"64:5 {"eventName":"B","Time [UTC]":"2024","Properties":"x\\y"}"#,
            "76:6 BROKEN 2 of 3 fields",
            r#"90:8 {"eventName":"E","Time [UTC]":"2026","Properties":""}"#,
            "end 98 bytes, 3 known, 0 not, 1 broken",
        ],
    );
    check(
        b"eventName;x\n\"A;1\";2\nB;\"open",
        MIB,
        &[
            r#"12:2 {"eventName":"A;1","x":"2"}"#,
            "20:3 BROKEN truncated",
            "end 27 bytes, 1 known, 0 not, 1 broken",
        ],
    );
    check(
        b"eventName,x\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,2\nB,3\nC,\xff\nD,4",
        20,
        &[
            "12:2 BROKEN too long",
            r#"49:3 {"eventName":"B","x":"3"}"#,
            "53:4 BROKEN no utf-8 at 55",
            r#"57:5 {"eventName":"D","x":"4"}"#,
            "end 60 bytes, 2 known, 0 not, 2 broken",
        ],
    );
}
