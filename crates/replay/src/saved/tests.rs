use cloud::audit::{Act, Actor, Announcement, Bears, Edit, Impairment, Nature, Outcome, Spot};
use cloud::json::{Cause, Tree, tree_in};
use model::{Moment, Provenance, Watch, Weakened};
use packet::{PortSet, Prefix, ProtocolSet};

use super::*;

fn tree(text: &str) -> Tree<'static> {
    tree_in(text).map(|tree| tree.to_owned_tree()).unwrap()
}

fn node(text: &str) -> cloud::json::Node<'static> {
    match tree(text) {
        Tree::Object(node) => node,
        other => panic!("{other:?}"),
    }
}

fn event(number: u32, bears: Bears) -> Event {
    Event {
        id: format!("e{number}").into(),
        at: Some(Moment(1_700_000_000_000 + i64::from(number))),
        scope: Some("111111111111".into()),
        actor: Actor { name: "ali\u{202e}ce \"x\"".into(), address: Some("8.8.8.8".into()), client: None },
        operation: "Op".into(),
        edited: "sg-1".into(),
        outcome: Outcome::Done,
        joined_by: None,
        bears,
        before: Vec::new(),
        place: Provenance { document: DocumentId(number), offset: 7 },
    }
}

fn edit(act: Act) -> Edit {
    Edit {
        kind: "security-group".into(),
        id: "sg-1".into(),
        scope: None,
        region: None,
        nature: Nature::Rule,
        act,
    }
}

fn state() -> State {
    let sources =
        ["0.0.0.0/1", "9.9.9.9", "2000::/3"].iter().map(|text| text.parse::<Prefix>().unwrap()).collect();
    let acts = vec![
        edit(Act::Put(node(r#"{"z": 1, "a": [null, true, {"deep": "x"}], "z": 2}"#))),
        edit(Act::Drop),
        edit(Act::Merge(node(r#"{"a": null}"#))),
        edit(Act::Set {
            at: Spot::of(&["a"]).item("name", "x").key("b"),
            value: Tree::unknown(Cause::Existing, "***"),
        }),
        edit(Act::Insert { into: Spot::of(&["a"]), items: vec![tree("{\"b\": 7}")], by: vec!["b".into()] }),
        edit(Act::Remove { from: Spot::of(&["a"]), items: vec![Tree::Text("text".into())] }),
    ];
    let announced = Announcement {
        targets: vec!["vm".into()],
        within: "/subscriptions/s/".into(),
        protocols: ProtocolSet::only(packet::Protocol::TCP),
        ports: PortSet::only(22),
        sources,
        until: Moment(5),
    };
    let impairs = Impairment {
        weakened: Weakened::Less,
        watch: Watch::Guard,
        reads: Some("s3://b/k".into()),
        kind: "filter".into(),
        note: "it\nhides".to_owned(),
    };
    let mut denied = event(4, Bears::NotModelled { kind: "endpoint".into() });
    (denied.outcome, denied.at, denied.joined_by) = (Outcome::Denied, None, Some("op".into()));
    let mut first = event(1, Bears::Edits(acts.clone()));
    first.before = acts;
    let events = vec![
        first,
        event(2, Bears::Announces(Box::new(announced))),
        event(3, Bears::Impairs(impairs)),
        denied,
    ];
    State {
        snapshot: "abc".to_owned(),
        documents: vec!["log.json".to_owned()],
        positions: vec!["{\"path\":\"x\"}".to_owned()],
        records: vec![("aws".to_owned(), DocumentId(0), 9)],
        forgotten: vec!["aws".to_owned()],
        gaps: vec![SavedGap {
            document: 0,
            place: (7, 2),
            code: "malformed-json".to_owned(),
            effect: "skipped".to_owned(),
            message: "`log.json`\u{202e} line 2".to_owned(),
        }],
        told: vec!["mark".to_owned()],
        events: events
            .into_iter()
            .enumerate()
            .map(|(line, event)| ("aws".to_owned(), line as u64, event))
            .collect(),
    }
}

#[test]
fn what_is_saved_is_read_back() {
    let state = state();
    assert_eq!(load(&save(&state)), Ok(state));
    assert_eq!(load(&save(&State::default())), Ok(State::default()));
}

#[test]
fn what_was_cut_or_changed_anywhere_is_refused() {
    let text = save(&state());
    for end in 0..text.len() {
        if let Some(cut) = text.get(..end) {
            assert!(load(cut).is_err(), "cut at {end}");
        }
    }
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(load(&changed).is_err(), "changed at {at}");
        }
    }
}

#[test]
fn foreign_files_and_later_versions_are_refused() {
    for text in ["", "\n", "{}", "[1]\n", "{\"schema\": \"wideopen.result/1\"}\n", "wideopen-state 1\n"] {
        assert_eq!(load(text), Err(Refused::Foreign), "{text:?}");
    }
    assert_eq!(load("{\"wideopen-state\":2}\n"), Err(Refused::Other(2)));
}
