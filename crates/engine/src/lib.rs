//! The verbs: what the Internet reaches at a target, through which rules, with a packet as proof.
//!
//! The question comes first: the destination is fixed to the target's addresses, the source port is projected away,
//! the sources are cut to the snapshot's Internet. What is left is protocol × port × source, and one sweep decides
//! every cell of it. Knows no cloud, no severity, no document.

mod assessment;
mod assessor;
mod attempt;
mod bits;
mod blocks;
mod callers;
mod carried;
mod classes;
mod decide;
mod delta;
mod exposure;
mod faces;
mod idle;
mod matrix;
mod measure;
mod outcome;
mod protocols;
mod rank;
mod shapes;
mod sweep;
mod timeline;
mod trace;

pub use assessment::Assessment;
pub use assessor::{Assessor, Contradiction, exposures};
pub use attempt::{Aim, Answer, Attempt, Reason, Sent, send};
pub use callers::{callers, usual_caller};
pub use decide::{Decision, decide};
pub use delta::{Difference, delta};
pub use exposure::{
    Admission, Certainty, Entrance, Exposure, Fingerprint, Measure, Passage, Sources, Witness,
};
pub use idle::{Idle, IdleRule, idle_rules};
pub use matrix::{Closed, Closer, Matrix, Row, Taken, matrix};
pub use timeline::{
    Cause, ChangeEffect, Expected, Judged, Moved, Now, Opening, Step, Timeline, Touches, would_open,
};
pub use trace::{Layer, Trace, Verdict, trace};
