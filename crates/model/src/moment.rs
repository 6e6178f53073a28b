//! When something was the case. Knows no clock.

use core::fmt;

/// Milliseconds since 1970, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// A time as clouds write it: `2017-11-27T14:26:11.300Z`, with an offset as the command line of AWS prints it, or
    /// seconds since 1970 as its first version did.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(seconds) = digits(text.split('.').next()?) {
            return Some(Self(seconds.checked_mul(1000)?.checked_add(fraction(text)?)?));
        }
        let (date, time) = text.split_once(['T', ' '])?;
        let mut parts = date.splitn(3, '-').map(digits);
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let (clock, offset) = split_offset(time)?;
        let mut parts = clock.split('.').next()?.splitn(3, ':').map(digits);
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        let in_range = (1..=9999).contains(&year) && (1..=12).contains(&month);
        let in_day = hour < 24 && minute < 60 && second <= 60;
        (in_range && in_day).then_some(())?;
        let days = days_before(year, month, day);
        // There is no 30 February: read as a day of March it would be another day's event.
        (date_of(days) == (year, month, day)).then_some(())?;
        let minutes = days * 24 * 60 + hour * 60 + minute - offset;
        Some(Self((minutes * 60 + second) * 1000 + fraction(clock)?))
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC; with milliseconds where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let (year, month, day) = date_of(days);
        let (seconds, millis) = (rest / 1000, rest % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if millis > 0 {
            write!(f, ".{millis:03}")?;
        }
        f.write_str("Z")
    }
}

/// A clock and its distance from UTC in minutes.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (clock, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let figures: String = offset.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = figures.split_at_checked(2)?;
    Some((clock, sign * (digits(hours)? * 60 + digits(minutes).unwrap_or(0))))
}

/// The milliseconds behind a point.
fn fraction(clock: &str) -> Option<i64> {
    let Some((_, figures)) = clock.split_once('.') else { return Some(0) };
    let figures = figures.get(..figures.len().min(3))?;
    let value = digits(figures)?;
    Some(match figures.len() {
        1 => value * 100,
        2 => value * 10,
        _ => value,
    })
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
const fn days_before(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that the odd day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 306 + 5) / 10
        + day
        - 1
        - 719_468
}

/// The date of the Gregorian calendar that is so many days behind 1970-01-01.
const fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // The year begins in March, so that the odd day is its last.
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_has_many_spellings() {
        let moment = Moment(1_511_792_771_300);
        for text in [
            "2017-11-27T14:26:11.300Z",
            "2017-11-27T14:26:11.3Z",
            "2017-11-27T15:26:11.300000+01:00",
            "2017-11-27 09:26:11.300-0500",
            "1511792771.3",
        ] {
            assert_eq!(Moment::of(text), Some(moment), "{text}");
        }
        assert!(Moment::of("2017-11-27T14:26:11.301Z") > Some(moment));
        assert_eq!(Moment::of("1970-01-01T00:00:00Z"), Some(Moment(0)));
        assert_eq!(Moment::of("2000-02-29T00:00:00Z"), Some(Moment(951_782_400_000)));
        for text in [
            "",
            "yesterday",
            "2017-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2017-11-27",
            "é.é",
            "99999999999999999999",
        ] {
            assert_eq!(Moment::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_reads_back_as_it_is_written() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59.007Z",
            "2026-01-10T09:12:44Z",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(Moment::of(text).map(|moment| moment.to_string()).as_deref(), Some(text));
        }
    }
}
