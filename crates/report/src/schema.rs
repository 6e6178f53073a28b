//! The JSON Schema of the result, for programs that read it.
//!
//! Written by hand: it is the contract, and what the sinks write is held against it, not made from it.

/// The name and version of the result document.
pub const RESULT_SCHEMA_NAME: &str = "wideopen.result/1";

/// The JSON Schema (draft 2020-12) of the result document. It is strict: every field is required, no other is
/// allowed. Lines of `jsonl` are its `$defs` with a `type`.
pub const RESULT_SCHEMA: &str = include_str!("result.schema.json");

#[cfg(test)]
mod tests {
    use core::net::{IpAddr, SocketAddr};
    use std::sync::Arc;

    use engine::{Certainty, Entrance, Exposure, Measure, Passage, Sources, Witness};
    use model::{Carries, DocumentId, Effect, Front, Gap, Grade, Hop, Path, Reach, Target};
    use packet::{AddressSet, Cover, PortSet, Prefix, Protocol, ProtocolSet, TypeRange};
    use serde_json::{Value, json};

    use super::*;
    use crate::Style;
    use crate::sample::{Estate, any_v4, cover, day, estate, exposure, packet, rendered};

    /// Every shape an exposure, a gap and an input can have.
    fn everything() -> Estate {
        let mut estate = estate();
        estate.exposures.extend([tagged(), six(), every_protocol(), without_ports(), almost_any()]);
        let whole_document = Gap {
            document: Some(DocumentId(0)),
            provenance: None,
            code: "truncated-page",
            effect: Effect::Skipped,
            message: "the page ends early".to_owned(),
        };
        let nowhere = Gap { document: None, code: "empty-folder", ..whole_document.clone() };
        estate.gaps.extend([whole_document, nowhere]);
        estate
    }

    fn tagged() -> Exposure {
        let measure = Measure {
            grade: Grade::Unknown,
            addresses: None,
            share: None,
            cidrs: cover(&[]),
            missing: cover(&[]),
        };
        let tags = vec!["AzureCloud".into()];
        let sources = Sources { ipv4: Some(measure), tags, rentable: true, ..any_v4() };
        Exposure { witness: None, fronts: vec![], reach: Reach::Admitted, ..exposure(sources) }
    }

    fn six() -> Exposure {
        let front: Option<IpAddr> = "2001:db8::1".parse().ok();
        let packet = packet(Protocol::TCP, "2600::1", "fd00::4");
        let outside = front.map(|front| SocketAddr::new(front, 50_001));
        let source_ports = Arc::new(PortSet::everything());
        let witness = Witness { packet, front: outside, target: Some(packet.destination), source_ports };
        let any = any_v4().ipv4.map(|measure| Measure { cidrs: cover(&["::/0"]), ..measure });
        let six = Front { id: "/ips/six".into(), address: front };
        let exposure = exposure(Sources { ipv4: None, ipv6: any, ..any_v4() });
        let translated = Path {
            front: Some(six.clone()),
            carries: Carries::Translated {
                protocols: ProtocolSet::only(Protocol::TCP),
                from: Arc::new(PortSet::only(50_001)),
                to: 3389,
            },
            hops: vec![hop("/lbs/lb", Some("rdp")), hop("/firewalls/fw", None)],
            ..exposure.target.paths[0].clone()
        };
        let attributes = vec![("waf", "prevention".into())];
        Exposure {
            target: Arc::new(Target {
                attributes,
                paths: vec![translated],
                ..Target::clone(&exposure.target)
            }),
            fronts: vec![Entrance { front: six, ports: PortSet::only(50_001) }],
            witness: Some(witness),
            ..exposure
        }
    }

    fn hop(id: &str, rule: Option<&str>) -> Hop {
        let name = id.rsplit('/').next().unwrap().into();
        Hop { kind: "load-balancer", id: id.into(), name, rule: rule.map(Into::into), provenance: None }
    }

    fn every_protocol() -> Exposure {
        let some: AddressSet = ["10.0.0.0/25"].iter().map(|text| text.parse::<Prefix>().unwrap()).collect();
        let mut exposure = exposure(any_v4());
        exposure.passages =
            exposure.passages.into_iter().map(|passage| Passage { rule: None, ..passage }).collect();
        let later = Front { id: "/ips/later".into(), address: None };
        let forwarded = Path {
            front: Some(later.clone()),
            hops: vec![hop("/lbs/lb", None)],
            ..exposure.target.paths[0].clone()
        };
        Exposure {
            target: Arc::new(Target { paths: vec![forwarded], ..Target::clone(&exposure.target) }),
            protocol: None,
            ports: PortSet::empty(),
            certainty: Certainty::Possible,
            destinations: Some(Arc::new(some)),
            // An address that the input does not have.
            fronts: vec![Entrance { front: later, ports: PortSet::empty() }],
            ..exposure
        }
    }

    fn without_ports() -> Exposure {
        let packet = packet(Protocol::ICMP, "8.8.8.8", "10.0.0.4");
        let witness = Witness { packet, front: None, target: None, source_ports: Arc::new(PortSet::empty()) };
        // Echo requests, and one code of another type.
        let ports =
            [(8, 0, 255), (3, 4, 4)].map(|(of_type, first, last)| TypeRange::Codes(of_type, first, last));
        let ports: PortSet = ports.into_iter().filter_map(TypeRange::numbers).collect();
        Exposure { protocol: Some(Protocol::ICMP), ports, witness: Some(witness), ..exposure(any_v4()) }
    }

    fn almost_any() -> Exposure {
        let cut = |texts: &[&str], more| Cover { more, ..cover(texts) };
        let halves = Measure {
            grade: Grade::AlmostAny,
            share: Some(0.56),
            cidrs: cut(&["0.0.0.0/1"], 3),
            missing: cut(&["128.0.0.0/1"], 2),
            ..any_v4().ipv4.unwrap()
        };
        exposure(Sources { ipv4: Some(halves), ..any_v4() })
    }

    fn document(estate: &Estate) -> Value {
        serde_json::from_str(&rendered("json", &estate.outcome(), &Style::PLAIN)).unwrap()
    }

    fn lines(estate: &Estate) -> Vec<Value> {
        let text = rendered("jsonl", &estate.outcome(), &Style::PLAIN);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn schema() -> Value {
        serde_json::from_str(RESULT_SCHEMA).unwrap()
    }

    fn check(schema: &Value, document: &Value) {
        let validator = jsonschema::draft202012::new(schema).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(document).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }

    #[test]
    fn the_schema_is_one() {
        assert!(jsonschema::draft202012::meta::is_valid(&schema()));
    }

    #[test]
    fn documents_are_what_the_schema_says() {
        for estate in [estate(), everything(), Estate::clean(), day()] {
            check(&schema(), &document(&estate));
        }
    }

    /// No field may be left out, and no other may slip in.
    #[test]
    fn the_schema_is_strict() {
        for estate in [everything(), day()] {
            strict(&document(&estate));
        }
    }

    fn strict(document: &Value) {
        let validator = jsonschema::draft202012::new(&schema()).unwrap();
        let mut objects = Vec::new();
        collect_objects(document, String::new(), &mut objects);
        assert!(objects.len() > 50);
        for pointer in objects {
            let fields: Vec<_> =
                document.pointer(&pointer).unwrap().as_object().unwrap().keys().cloned().collect();
            let is_map = pointer == "/coverage"
                || pointer == "/run/catalogues"
                || pointer.ends_with("/target/attributes");
            for field in fields.iter().filter(|_| !is_map) {
                let mut less = document.clone();
                less.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().remove(field);
                assert!(!validator.is_valid(&less), "{pointer} without {field}");
            }
            let mut more = document.clone();
            more.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().insert("other".into(), Value::Null);
            assert!(!validator.is_valid(&more), "{pointer} with another field");
        }
    }

    fn collect_objects(value: &Value, pointer: String, into: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields
                    .iter()
                    .for_each(|(key, field)| collect_objects(field, format!("{pointer}/{key}"), into));
                into.push(pointer);
            }
            Value::Array(items) => {
                let numbered = items.iter().enumerate();
                numbered.for_each(|(n, item)| collect_objects(item, format!("{pointer}/{n}"), into));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn lines_are_the_document_taken_apart() {
        let estate = everything();
        let document = document(&estate);
        let lines = lines(&estate);
        for (kind, list) in [("exposure", "exposures"), ("finding", "findings"), ("gap", "gaps")] {
            let of_kind: Vec<_> =
                lines.iter().filter(|line| line["type"] == kind).cloned().map(untyped).collect();
            assert_eq!(Value::Array(of_kind), document[list], "{kind}");
        }
        let kinds: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
        let expected =
            [["exposure"; 6].as_slice(), &["finding"; 2], &["gap"; 3], &["coverage", "run"]].concat();
        assert_eq!(kinds, expected);
        let [.., coverage, run] = lines.as_slice() else { panic!("no run") };
        let assessed = json!({
            "type": "coverage", "kind": "network-security-group", "assessed": 1200, "not_assessed": 0
        });
        assert_eq!(coverage, &assessed);
        let mut run = untyped(run.clone());
        assert_eq!(run.as_object_mut().unwrap().remove("schema"), Some("wideopen.result/1".into()));
        assert_eq!(run, document["run"]);
    }

    fn untyped(mut line: Value) -> Value {
        line.as_object_mut().unwrap().remove("type");
        line
    }

    #[test]
    fn lines_of_a_log_are_openings_and_changes() {
        let estate = day();
        let document = document(&estate);
        let lines = lines(&estate);
        for (kind, list) in [("opening", "openings"), ("change", "changes"), ("finding", "findings")] {
            let of_kind: Vec<_> =
                lines.iter().filter(|line| line["type"] == kind).cloned().map(untyped).collect();
            assert_eq!(Value::Array(of_kind), document[list], "{kind}");
        }
        assert!(document.get("exposures").is_none());
        let opening = &document["openings"][0];
        assert_eq!(opening["opened"]["at"], "2026-01-10T09:12:44Z");
        assert_eq!(opening["opened"]["provenance"]["pointer"], "/Records/6");
        assert_eq!([&opening["closed"], &opening["expected"]], [&Value::Null, &Value::Null]);
        let effects: Vec<_> =
            opening["steps"].as_array().unwrap().iter().map(|step| &step["effect"]).collect();
        assert_eq!(effects, ["opens", "widens"]);
        assert_eq!(opening["steps"][0]["sources"]["ipv4"]["cidrs"], json!(["0.0.0.0/1"]));
        assert_eq!(document["openings"][1]["baseline"], "partial");
        assert_eq!(document["findings"][0]["changes"], json!(["e-1", "e-2"]));
        let accepted: Vec<_> =
            document["findings"].as_array().unwrap().iter().filter(|of| !of["accepted"].is_null()).collect();
        assert_eq!(accepted.len(), 1);
        assert_eq!(
            accepted[0]["accepted"],
            json!({ "owner": "net-team", "reason": "migration of the jump host" })
        );
        let first = json!({
            "event": "e-6", "effect": "impairs", "weakened": "off",
        });
        let change = &document["changes"][0];
        for (field, value) in first.as_object().unwrap() {
            assert_eq!(&change[field], value);
        }
        assert_eq!(document["run"]["log"]["records"], 41_033);
    }

    #[test]
    fn the_type_comes_first() {
        let text = rendered("jsonl", &everything().outcome(), &Style::PLAIN);
        assert!(text.lines().all(|line| line.starts_with("{\"type\":\"")), "{text}");
    }

    #[test]
    fn what_is_not_known_is_null_or_empty() {
        let document = document(&everything());
        let exposures = &document["exposures"];
        let ipv4 = &exposures[1]["sources"]["ipv4"];
        assert_eq!(
            [&ipv4["grade"], &ipv4["addresses"], &ipv4["share"]],
            [&json!("unknown"), &Value::Null, &Value::Null]
        );
        assert_eq!(exposures[1]["sources"]["tags"], json!(["AzureCloud"]));
        assert_eq!(exposures[1]["witness"], Value::Null);
        assert_eq!(exposures[1]["path"][1]["hop"], "filter");
        assert_eq!(exposures[2]["witness"]["front"], "[2001:db8::1]:50001");
        assert_eq!(
            exposures[2]["fronts"],
            json!([{ "id": "/ips/six", "address": "2001:db8::1", "ports": ["50001"] }])
        );
        let translated = json!([
            { "hop": "front", "id": "/ips/six" },
            { "hop": "translate", "id": "/lbs/lb", "rule": "rdp" },
            { "hop": "translate", "id": "/firewalls/fw", "rule": null },
        ]);
        assert_eq!(exposures[2]["path"].as_array().unwrap()[..3], translated.as_array().unwrap()[..]);
        assert_eq!(exposures[2]["target"]["attributes"], json!({ "waf": "prevention" }));
        assert_eq!(exposures[0]["target"]["attributes"], json!({}));
        assert_eq!(exposures[2]["sources"]["ipv4"], Value::Null);
        assert_eq!([&exposures[3]["protocol"], &exposures[3]["ports"]], [&json!("any"), &json!([])]);
        assert_eq!(exposures[3]["destinations"], json!(["10.0.0.0/25"]));
        assert_eq!(exposures[3]["fronts"], json!([]));
        assert_eq!(exposures[3]["path"][0], json!({ "hop": "front", "id": "/ips/later" }));
        let passed = json!({ "hop": "filter", "id": "/nsgs/nsg-web", "verdict": null, "rule": null });
        assert_eq!(exposures[3]["path"][1], json!({ "hop": "forward", "id": "/lbs/lb", "rule": null }));
        assert_eq!(exposures[3]["path"][2], passed);
        let ping = json!({
            "protocol": "icmp", "source": "8.8.8.8", "source_port": null,
            "front": null, "target": null, "target_port": null, "icmp": "8/0", "source_ports": []
        });
        assert_eq!([&exposures[4]["ports"], &exposures[4]["icmp"]], [&json!([]), &json!(["3/4", "8"])]);
        assert_eq!(exposures[0]["icmp"], json!([]));
        assert_eq!(exposures[4]["witness"], ping);
        let cut = &exposures[5]["sources"]["ipv4"];
        assert_eq!([&cut["more"], &cut["missing_more"]], [5, 2]);
        let whole = json!({ "path": "nsgs.json", "line": null, "pointer": null });
        assert_eq!([&document["gaps"][1]["where"], &document["gaps"][2]["where"]], [&whole, &Value::Null]);
        assert_eq!(document["run"]["inputs"][1]["format"], Value::Null);
    }

    #[test]
    fn destinations_are_cut() {
        let every_other = (0..100_u32).map(|n| (2 * n, 2 * n)).collect();
        let mut estate = estate();
        estate.exposures[0].destinations = Some(Arc::new(AddressSet::from_v4_spans(every_other)));
        let exposure = &document(&estate)["exposures"][0];
        assert_eq!(exposure["destinations"].as_array().map(Vec::len), Some(64));
        assert_eq!(exposure["destinations_more"], 36);
    }
}
