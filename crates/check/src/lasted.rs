//! How long something lasted, in the two largest units that people count in.

use model::Moment;

/// `28 min`, `2 h 47 min`, `3 d 4 h`, `45 s`; `0 s` where the second is not after the first.
#[must_use]
pub fn lasted(from: Moment, upto: Moment) -> String {
    let seconds = upto.0.saturating_sub(from.0).max(0) / 1000;
    let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let first = units.iter().position(|(_, size)| seconds >= *size).unwrap_or(units.len() - 1);
    let mut rest = seconds;
    let told = units.iter().skip(first).take(2).filter_map(|(unit, size)| {
        let number = rest / size;
        rest %= size;
        (number > 0).then(|| format!("{number} {unit}"))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "0 s".to_owned() } else { told.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_at_most() {
        for (seconds, told) in [
            (0, "0 s"),
            (-5, "0 s"),
            (45, "45 s"),
            (60, "1 min"),
            (1_699, "28 min 19 s"),
            (10_020, "2 h 47 min"),
            (86_400, "1 d"),
            (86_461, "1 d"),
            (273_600, "3 d 4 h"),
        ] {
            assert_eq!(lasted(Moment(1_000_000), Moment(1_000_000 + seconds * 1000)), told, "{seconds}");
        }
        assert_eq!(lasted(Moment(i64::MIN), Moment(i64::MAX)), lasted(Moment(0), Moment(i64::MAX)));
    }
}
