//! How bad an exposure is: one table, and what lowers it (design section 8).
//!
//! Knows no check and no wording.

use engine::{Certainty, Exposure, Sources};
use model::{Grade, Reach};
use packet::Protocol;

use crate::{Class, Severity};

/// How many can come in, as far as severity asks. Ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Breadth {
    /// `narrow`.
    Few,
    /// `wide`, or an address that anybody can rent.
    Many,
    /// `any`, `almost-any`, `broad`: 43 % of the Internet is not less severe than all of it.
    Most,
}

/// The table: what reaching a class of ports means, proved and on a complete path.
const fn cell(class: Class, breadth: Breadth) -> Severity {
    use Severity::{Critical, High, Info, Low, Medium};
    let [most, many, few] = match class {
        Class::Administration | Class::Database | Class::AllPorts => [Critical, High, Low],
        Class::Amplifier => [High, Medium, Info],
        // Where HTTPS leads to data it is no better than any other port.
        Class::Other | Class::Endpoint => [Medium, Low, Info],
        Class::Web | Class::Portless => [Info, Info, Info],
    };
    match breadth {
        Breadth::Most => most,
        Breadth::Many => many,
        Breadth::Few => few,
    }
}

/// How bad it is that the ports of a class are reached so.
pub(crate) fn severity(exposure: &Exposure, class: Class) -> Severity {
    let complete = match exposure.reach {
        Reach::Latent => Severity::Low,
        // Without a reply there is no TCP connection. A single datagram can do harm.
        Reach::OneWay if exposure.protocol == Some(Protocol::TCP) => Severity::Low,
        Reach::Exposed | Reach::ViaProxy | Reach::OneWay | Reach::Admitted => {
            cell(class, breadth(&exposure.sources))
        }
    };
    let told = if exposure.reach == Reach::Admitted { complete.lower() } else { complete };
    match exposure.certainty {
        Certainty::Proved => told,
        Certainty::Possible => told.lower(),
    }
}

/// Each family by itself: a size that is not known must not hide behind one that is.
fn breadth(sources: &Sources) -> Breadth {
    let measures = [&sources.ipv4, &sources.ipv6].into_iter().flatten();
    let breadths = measures.map(|measure| match measure.grade {
        Grade::Any | Grade::AlmostAny | Grade::Broad => Breadth::Most,
        Grade::Unknown if sources.rentable => Breadth::Many,
        Grade::Unknown => Breadth::Most,
        Grade::Narrow if sources.rentable => Breadth::Many,
        Grade::Wide => Breadth::Many,
        Grade::Narrow => Breadth::Few,
    });
    breadths.max().unwrap_or(Breadth::Few)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::estate::{Estate, allow};

    /// An exposure of a machine with these parts; everything else is of no matter here.
    fn exposure(reach: Reach, certainty: Certainty, grades: [Option<Grade>; 2], rentable: bool) -> Exposure {
        let whole = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["22"])]).exposures().remove(0);
        let measure = whole.sources.ipv4.clone().unwrap();
        let [ipv4, ipv6] =
            grades.map(|grade| grade.map(|grade| engine::Measure { grade, ..measure.clone() }));
        let sources = Arc::new(Sources { ipv4, ipv6, rentable, ..Sources::clone(&whole.sources) });
        Exposure { reach, certainty, sources, ..whole }
    }

    fn row(reach: Reach, certainty: Certainty, grade: Grade, rentable: bool) -> String {
        let exposure = exposure(reach, certainty, [Some(grade), None], rentable);
        Class::ALL.map(|class| severity(&exposure, class).word()).join(" ")
    }

    const MOST: &str = "critical critical critical high medium info info";
    const MANY: &str = "high high high medium low info info";
    const FEW: &str = "low low low info info info info";

    #[test]
    fn the_table_cell_by_cell() {
        for reach in [Reach::Exposed, Reach::ViaProxy] {
            for (grade, rentable, expected) in [
                (Grade::Any, false, MOST),
                (Grade::AlmostAny, false, MOST),
                (Grade::Broad, false, MOST),
                (Grade::Broad, true, MOST),
                (Grade::Unknown, false, MOST),
                (Grade::Unknown, true, MANY),
                (Grade::Wide, false, MANY),
                (Grade::Wide, true, MANY),
                (Grade::Narrow, true, MANY),
                (Grade::Narrow, false, FEW),
            ] {
                assert_eq!(row(reach, Certainty::Proved, grade, rentable), expected, "{grade:?} {rentable}");
            }
        }
    }

    #[test]
    fn admitted_and_possible_are_one_step_lower_each() {
        use Certainty::{Possible, Proved};
        for (reach, certainty, grade, expected) in [
            (Reach::Admitted, Proved, Grade::Any, "high high high medium low info info"),
            (Reach::Exposed, Possible, Grade::Any, "high high high medium low info info"),
            (Reach::Admitted, Possible, Grade::Any, "medium medium medium low info info info"),
            (Reach::Admitted, Proved, Grade::Wide, "medium medium medium low info info info"),
            (Reach::ViaProxy, Possible, Grade::Narrow, "info info info info info info info"),
        ] {
            assert_eq!(row(reach, certainty, grade, false), expected, "{reach:?} {certainty:?} {grade:?}");
        }
    }

    #[test]
    fn latent_is_low_and_so_is_tcp_without_a_reply() {
        for reach in [Reach::Latent, Reach::OneWay] {
            for grade in [Grade::Any, Grade::Wide, Grade::Narrow] {
                assert_eq!(row(reach, Certainty::Proved, grade, false), ["low"; 7].join(" "), "{reach:?}");
            }
            assert_eq!(row(reach, Certainty::Possible, Grade::Any, false), ["info"; 7].join(" "));
        }
        for protocol in [Some(Protocol::UDP), None] {
            let whole = exposure(Reach::OneWay, Certainty::Proved, [Some(Grade::Any), None], false);
            assert_eq!(severity(&Exposure { protocol, ..whole }, Class::Amplifier), Severity::High);
        }
    }

    #[test]
    fn a_family_whose_size_is_not_known_does_not_hide_behind_the_other() {
        let grades = [Some(Grade::Unknown), Some(Grade::Wide)];
        let exposure = exposure(Reach::Exposed, Certainty::Proved, grades, false);
        assert_eq!(severity(&exposure, Class::Other), Severity::Medium);
    }
}
