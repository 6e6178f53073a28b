//! Numbers: fractions of whole numbers, exact in every operation. What does not fit is told as too large, never rounded.

use std::cmp::Ordering;

use core::fmt;

/// A number: a fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    above: i128,
    /// Above zero.
    below: i128,
}

impl Number {
    /// A whole number.
    pub(crate) const fn whole(number: i128) -> Self {
        Self { above: number, below: 1 }
    }

    /// A fraction; `None` where it does not fit or divides by zero.
    pub(crate) fn fraction(above: i128, below: i128) -> Option<Self> {
        let divisor = greatest_divisor(above.checked_abs()?, below.checked_abs()?);
        let (above, below) = (above.checked_div(divisor)?, below.checked_div(divisor)?);
        match below.cmp(&0) {
            Ordering::Equal => None,
            Ordering::Greater => Some(Self { above, below }),
            Ordering::Less => Some(Self { above: above.checked_neg()?, below: below.checked_neg()? }),
        }
    }

    /// What a decimal says: `-1.5e3`. `None` where it is none, or does not fit.
    pub(crate) fn decimal(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits.trim_start_matches([' ', '\t'])),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (digits, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && part.is_empty() {
            return None;
        }
        let mut above = 0_i128;
        for digit in whole.chars().chain(part.trim_end_matches('0').chars()) {
            above = above.checked_mul(10)?.checked_add(i128::from(digit.to_digit(10)?))?;
        }
        // Zeros that were left out are digits too.
        part.bytes().all(|digit| digit.is_ascii_digit()).then_some(())?;
        let places = i32::try_from(part.trim_end_matches('0').len()).ok()?;
        let exponent = exponent.checked_sub(places)?;
        if above == 0 {
            return Some(Self::whole(0));
        }
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        let above = above.checked_mul(sign)?;
        if exponent < 0 { Self::fraction(above, power) } else { Some(Self::whole(above.checked_mul(power)?)) }
    }

    /// What a floating-point number is, exactly; `None` where that does not fit.
    pub(crate) fn floating(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        let (mut number, mut below) = (number, 1_i128);
        while number.fract() != 0.0 {
            (number, below) = (number * 2.0, below.checked_mul(2)?);
        }
        // Beyond it not every whole number is one of them.
        (number.abs() < 1e38).then_some(())?;
        Self::fraction(number as i128, below)
    }

    /// The nearest floating-point number.
    pub(crate) fn to_floating(self) -> f64 {
        self.above as f64 / self.below as f64
    }

    /// The whole number it is, where it is one.
    pub(crate) fn integer(self) -> Option<i128> {
        (self.below == 1).then_some(self.above)
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let above = self.above.checked_mul(other.below)?.checked_add(other.above.checked_mul(self.below)?)?;
        Self::fraction(above, self.below.checked_mul(other.below)?)
    }

    pub(crate) fn negative(self) -> Option<Self> {
        Some(Self { above: self.above.checked_neg()?, ..self })
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Self::fraction(self.above.checked_mul(other.above)?, self.below.checked_mul(other.below)?)
    }

    /// `None` by zero too.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        Self::fraction(self.above.checked_mul(other.below)?, self.below.checked_mul(other.above)?)
    }

    /// What is left after dividing towards zero.
    pub(crate) fn modulo(self, other: Self) -> Option<Self> {
        let times = self.over(other)?.towards_zero();
        self.plus(other.times(Self::whole(times))?.negative()?)
    }

    /// Without its fraction.
    pub(crate) const fn towards_zero(self) -> i128 {
        self.above / self.below
    }

    /// The whole number at it or below.
    pub(crate) const fn floor(self) -> i128 {
        self.above.div_euclid(self.below)
    }

    /// The whole number at it or above.
    pub(crate) const fn ceil(self) -> i128 {
        let floor = self.floor();
        if self.above.rem_euclid(self.below) == 0 { floor } else { floor + 1 }
    }

    /// Its digits, as Terraform prints them. `None` where they do not end soon: Terraform ends them somewhere.
    pub(crate) fn digits(self) -> Option<String> {
        if self.below == 1 {
            return Some(self.above.to_string());
        }
        let mut power = 1_i128;
        for places in 1..=PLACES_MAX {
            power = power.checked_mul(10)?;
            if power % self.below == 0 {
                let all = self.above.checked_abs()?.checked_mul(power / self.below)?;
                let sign = if self.above < 0 { "-" } else { "" };
                return Some(format!("{sign}{}.{:0places$}", all / power, all % power));
            }
        }
        None
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let sides = self.above.checked_mul(other.below).zip(other.above.checked_mul(self.below));
        match sides {
            Some((own, others)) => own.cmp(&others),
            // Whole parts tell them apart nearly always; what is left is told by continued fractions.
            None => self.floor().cmp(&other.floor()).then_with(|| {
                let rest = |number: &Self| (number.above.rem_euclid(number.below), number.below);
                let ((above, below), (others_above, others_below)) = (rest(self), rest(other));
                match (above, others_above) {
                    (0, 0) => Ordering::Equal,
                    (0, _) => Ordering::Less,
                    (_, 0) => Ordering::Greater,
                    (_, _) => Self { above: others_below, below: others_above }
                        .cmp(&Self { above: below, below: above }),
                }
            }),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits() {
            Some(digits) => f.write_str(&digits),
            None => write!(f, "{}/{}", self.above, self.below),
        }
    }
}

fn greatest_divisor(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

/// More places are of a fraction that was rounded somewhere.
const PLACES_MAX: usize = 20;
