//! Places in YAML, by indentation.
//!
//! Knows keys and dashes at the beginning of lines; what stands in one line in brackets is at the place of its line.

use super::{Place, push_step};

/// See [`super::locate`]. The byte of a key says which mapping is meant: the one that has the key.
pub(super) fn locate(text: &str, offsets: &[u64]) -> Vec<Place> {
    let lines = lines(text);
    let place = |offset: &u64| {
        let offset = usize::try_from(*offset).unwrap_or(usize::MAX).min(text.len());
        let number = lines.partition_point(|line| line.start <= offset).saturating_sub(1);
        let steps =
            lines.get(number).map(|line| steps(&lines, number, offset - line.start)).unwrap_or_default();
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            pointer.push('/');
            push_step(&mut pointer, step.chars());
        }
        Place { line: number as u64 + 1, pointer }
    };
    offsets.iter().map(place).collect()
}

/// A line: the marks at its beginning, each at its column.
struct Line<'a> {
    start: usize,
    marks: Vec<(usize, Mark<'a>)>,
}

/// What stands at the beginning of a line.
#[derive(Clone, Copy)]
enum Mark<'a> {
    /// An item of a list.
    Dash,
    /// A key, be it the end of a line or followed by its value.
    Key(&'a str),
    /// Anything else.
    Text,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        lines.push(Line { start, marks: marks(line.trim_end_matches(['\n', '\r'])) });
        start += line.len();
    }
    lines
}

fn marks(line: &str) -> Vec<(usize, Mark<'_>)> {
    let mut marks = Vec::new();
    let mut rest = line.trim_start_matches(' ');
    while !rest.is_empty() && !rest.starts_with('#') {
        let column = line.len() - rest.len();
        match rest.strip_prefix('-').filter(|behind| behind.is_empty() || behind.starts_with(' ')) {
            Some(behind) => {
                marks.push((column, Mark::Dash));
                rest = behind.trim_start_matches(' ');
            }
            None => {
                marks.push((column, key(rest).map_or(Mark::Text, Mark::Key)));
                break;
            }
        }
    }
    marks
}

/// The key with which a line begins.
fn key(line: &str) -> Option<&str> {
    if let Some(quote) = line.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let (key, behind) = line.get(1..)?.split_once(quote)?;
        return behind.trim_start().starts_with(':').then_some(key);
    }
    let ends = line.match_indices(':').map(|(at, _)| at);
    let end = ends
        .into_iter()
        .find(|at| line.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))?;
    line.get(..end)
}

/// The way from a byte of a line up to the document, the nearest step first.
fn steps(lines: &[Line<'_>], number: usize, offset: usize) -> Vec<String> {
    let mut steps = Vec::new();
    let Some(line) = lines.get(number) else { return steps };
    let Some(mut column) =
        line.marks.iter().rev().map(|(column, _)| *column).find(|column| *column <= offset)
    else {
        return steps;
    };
    let (mut number, mut is_item) =
        (number, matches!(line.marks.first(), Some((first, Mark::Dash)) if *first == column));
    let mut items: u64 = 0;
    // The byte stands in what has a mark at `column`; what holds that begins at a lesser one.
    loop {
        let above = lines.get(number).and_then(|line| {
            line.marks.iter().rev().find(|(other, mark)| {
                *other < column || is_item && *other == column && matches!(mark, Mark::Key(_))
            })
        });
        // An item that begins here is counted where its line is passed.
        let begins = lines.get(number).is_some_and(|line| {
            is_item && line.marks.iter().any(|(other, mark)| *other == column && matches!(mark, Mark::Dash))
        });
        items += u64::from(begins);
        match above {
            Some((other, Mark::Dash)) => {
                (column, is_item, items) = (*other, true, 0);
                continue;
            }
            Some((other, Mark::Key(key))) => {
                if is_item {
                    steps.push(items.saturating_sub(1).to_string());
                }
                steps.push((*key).to_owned());
                (column, is_item) = (*other, false);
                if column == 0 {
                    return steps;
                }
                continue;
            }
            Some((_, Mark::Text)) | None => {}
        }
        if number == 0 {
            if is_item {
                steps.push(items.saturating_sub(1).to_string());
            }
            return steps;
        }
        number -= 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(marked: &str, expected: &[(u64, &str)]) {
        let offsets: Vec<u64> =
            marked.match_indices('^').enumerate().map(|(n, (at, _))| (at - n) as u64).collect();
        let places = locate(&marked.replace('^', ""), &offsets);
        let found: Vec<_> = places.iter().map(|place| (place.line, place.pointer.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_key_stands_in_its_mapping() {
        check(
            "Resources:\n  Web:\n    ^Type: AWS::EC2::SecurityGroup\n    Properties:\n      Ingress:\n        - ^CidrIp: a\n          ^Port: 22\n        # x\n        - ^CidrIp: b\n      Tags:\n      - ^Key: c\n      - {a: ^1}\n^Outputs:\n",
            &[
                (3, "/Resources/Web"),
                (6, "/Resources/Web/Properties/Ingress/0"),
                (7, "/Resources/Web/Properties/Ingress/0"),
                (9, "/Resources/Web/Properties/Ingress/1"),
                (11, "/Resources/Web/Properties/Tags/0"),
                (12, "/Resources/Web/Properties/Tags/1"),
                (13, ""),
            ],
        );
    }

    #[test]
    fn lists_at_the_top_and_quoted_keys() {
        check("- a: 1\n- 'b/c':\n    ^d: 2\n", &[(3, "/1/b~1c")]);
        check("^", &[(1, "")]);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_place_for_every_offset(text in r#"[-:#'"{}a-c\n ]{0,80}"#, mut offsets in proptest::collection::vec(0_u64..100, 0..6)) {
            offsets.sort_unstable();
            prop_assert_eq!(locate(&text, &offsets).len(), offsets.len());
        }
    }
}
