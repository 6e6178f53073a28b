//! When something happened, in any of the spellings that exports have.

use model::Moment;

/// The moment that a text names: RFC 3339; milliseconds as PowerShell 5 writes them; and the dates of people in the United
/// States, which tables and older exports have.
pub(super) fn moment(text: &str) -> Option<Moment> {
    if let Some(millis) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        return millis.split(['+', '-']).next()?.parse().ok().map(Moment);
    }
    Moment::of(text).or_else(|| Moment::of(&by_month(text)?))
}

/// `1/9/2007, 9:41:00.123 PM +01:00` as `2007-1-9T21:41:00.123+01:00`.
fn by_month(text: &str) -> Option<String> {
    let mut words = text.split([' ', ',', '\u{202f}']).filter(|word| !word.is_empty());
    let mut date = words.next()?.splitn(3, '/');
    let (month, day, year) = (date.next()?, date.next()?, date.next()?);
    let clock = words.next()?;
    let (hour, rest) = clock.split_once(':')?;
    let mut hour: u32 = hour.parse().ok()?;
    let mut offset = String::new();
    for word in words {
        match word {
            "AM" if hour == 12 => hour = 0,
            "PM" if hour < 12 => hour += 12,
            "AM" | "PM" | "UTC" | "Z" => {}
            sign if sign.starts_with(['+', '-']) => sign.clone_into(&mut offset),
            _ => return None,
        }
    }
    Some(format!("{year}-{month}-{day}T{hour}:{rest}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_has_many_spellings() {
        let moment_is = Moment::of("2007-01-09T21:41:00.5Z");
        for text in [
            "2007-01-09T21:41:00.5000000Z",
            "/Date(1168378860500)/",
            "1/9/2007, 9:41:00.5 PM",
            "01/09/2007 21:41:00.5",
            "1/9/2007 10:41:00.5 PM +01:00",
        ] {
            assert_eq!(moment(text), moment_is, "{text}");
        }
        assert_eq!(moment("1/9/2007 12:00:00 AM"), Moment::of("2007-01-09T00:00:00Z"));
        assert_eq!(moment("1/9/2007 12:00:00 PM"), Moment::of("2007-01-09T12:00:00Z"));
        for text in ["", "/Date(x)/", "9.1.2007 21:41:00", "1/9/2007", "13/13/2007 1:00:00 XM"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
