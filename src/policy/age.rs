//! Ages, and the two rules on `pendingTime`.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::parse_error::ParseError;
use crate::time::UnixTime;

/// The maximum age of `pendingTime`: how long ago the instance may have been launched or last started. The order is by length.
///
/// As text it is `unlimited`, or numbers with the units `d`, `h`, `m` and `s`, the largest first: `15m`, `24h`, `1d12h`. At most `36500d`.
/// Unix time is counted, so a leap second has no length.
///
/// ```
/// use core::time::Duration;
/// use instance_identity::Age;
///
/// assert_eq!("1h30m".parse(), Ok(Age::AtMost(Duration::from_secs(5400))));
/// assert_eq!("unlimited".parse(), Ok(Age::Unlimited));
/// assert_eq!(Age::AtMost(Duration::from_secs(86400)).to_string(), "1d");
/// assert!("15".parse::<Age>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// At most so old. Fractions of a second make no difference: times have none.
    AtMost(Duration),
    /// Any age. A document that has been seen once, by anyone, is then accepted for ever.
    Unlimited,
}

impl Age {
    /// Is a document of an instance that was started at `pending` young enough?
    pub(super) fn check(self, pending: UnixTime, now: UnixTime) -> Result<(), Error> {
        match self {
            // Both times are seconds since 1970, and one is taken from the other: nothing overflows, whatever the maximum.
            Self::AtMost(max) if age(pending, now) > max => {
                Err(Error::TooOld { pending, oldest: UnixTime::from_secs(now.as_secs().saturating_sub(max.as_secs())).unwrap_or(now) })
            }
            Self::AtMost(_) | Self::Unlimited => Ok(()),
        }
    }
}

/// Does `pending` lie in the future by at most `skew`?
pub(super) fn check_future(pending: UnixTime, now: UnixTime, skew: Duration) -> Result<(), Error> {
    if age(now, pending) > skew {
        // Below `pending`, and so a time that can be written.
        let latest = UnixTime::from_secs(now.as_secs().saturating_add(skew.as_secs())).unwrap_or(pending);
        return Err(Error::NotYet { pending, latest });
    }
    Ok(())
}

/// The time from `since` to `until`; none, if that is the earlier.
pub(super) fn age(since: UnixTime, until: UnixTime) -> Duration {
    Duration::from_secs(until.as_secs().saturating_sub(since.as_secs()))
}

impl FromStr for Age {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text == UNLIMITED {
            return Ok(Self::Unlimited);
        }
        let expected = "an age such as 15m, 24h or 30d, at most 36500d, or unlimited";
        span(text).map(Self::AtMost).ok_or(ParseError::expected(expected))
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(max) => Span(*max).fmt(f),
            Self::Unlimited => f.write_str(UNLIMITED),
        }
    }
}

impl Serialize for Age {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A length of time from its text, such as `1d12h`.
pub(super) fn span(text: &str) -> Option<Duration> {
    let (mut rest, mut total, mut units) = (text, 0_u64, UNITS.iter());
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(end)?;
        let unit = after.chars().next()?;
        // Each unit comes after the larger ones, and once.
        let (_, seconds) = units.find(|(name, _)| *name == unit)?;
        if number.len() > 1 && number.starts_with('0') {
            return None;
        }
        total = number.parse::<u64>().ok()?.checked_mul(*seconds)?.checked_add(total)?;
        rest = after.get(unit.len_utf8()..)?;
    }
    (!text.is_empty() && total <= MAX_SPAN).then_some(Duration::from_secs(total))
}

/// Shows whole seconds as [`span`] reads them.
pub(super) struct Span(pub(super) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_secs();
        if rest == 0 {
            return f.write_str("0s");
        }
        for (name, seconds) in UNITS {
            if rest >= seconds {
                write!(f, "{}{name}", rest / seconds)?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}

const UNLIMITED: &str = "unlimited";
const UNITS: [(char, u64); 4] = [('d', 86400), ('h', 3600), ('m', 60), ('s', 1)];
/// 100 years of 365 days. EC2 began in 2006: whoever writes more means `unlimited`, and should say so.
const MAX_SPAN: u64 = 36500 * 86400;

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> UnixTime {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_is_shown_as_it_is_read() {
        for (text, seconds, shown) in [
            ("0s", 0, "0s"),
            ("59s", 59, "59s"),
            ("15m", 900, "15m"),
            ("90m", 5400, "1h30m"),
            ("24h", 86400, "1d"),
            ("1d2h3m4s", 93784, "1d2h3m4s"),
            ("36500d", 3_153_600_000, "36500d"),
        ] {
            let age: Age = text.parse().unwrap();
            assert_eq!((age, age.to_string().as_str()), (Age::AtMost(Duration::from_secs(seconds)), shown));
            assert_eq!(shown.parse(), Ok(age));
        }
        assert_eq!(("unlimited".parse(), Age::Unlimited.to_string().as_str()), (Ok(Age::Unlimited), "unlimited"));
    }

    #[test]
    fn what_is_not_exactly_an_age_is_none() {
        for text in [
            "",
            "15",
            "m",
            "15 m",
            " 15m",
            "15m ",
            "15M",
            "15min",
            "015m",
            "-15m",
            "+15m",
            "1.5h",
            "1m1h",
            "1m1m",
            "1w",
            "١m",
            "1µ",
            "d1",
            "Unlimited",
            "never",
            "36501d",
            "36500d1s",
            "99999999999999999999d",
            "18446744073709551615d",
            "18446744073709551615s1s",
        ] {
            let expected = ParseError::expected("an age such as 15m, 24h or 30d, at most 36500d, or unlimited");
            assert_eq!(text.parse::<Age>(), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn exactly_the_maximum_is_young_enough_and_one_second_more_is_not() {
        let (pending, max) = (time("2026-01-01T00:00:00Z"), Age::AtMost(Duration::from_secs(900)));
        assert_eq!(max.check(pending, time("2026-01-01T00:15:00Z")), Ok(()));
        let refused = Error::TooOld { pending, oldest: time("2026-01-01T00:00:01Z") };
        assert_eq!(max.check(pending, time("2026-01-01T00:15:01Z")), Err(refused.clone()));
        // A fraction of a second lets nothing more in.
        assert_eq!(Age::AtMost(Duration::from_millis(900_999)).check(pending, time("2026-01-01T00:15:01Z")), Err(refused));
        assert_eq!(Age::Unlimited.check(time("1970-01-01T00:00:00Z"), time("9999-12-31T23:59:59Z")), Ok(()));
    }

    #[test]
    fn exactly_the_skew_is_not_too_far_in_the_future_and_one_second_more_is() {
        let (now, skew) = (time("2026-01-01T00:00:00Z"), Duration::from_secs(60));
        assert_eq!(check_future(time("2026-01-01T00:01:00Z"), now, skew), Ok(()));
        let pending = time("2026-01-01T00:01:01Z");
        assert_eq!(check_future(pending, now, skew), Err(Error::NotYet { pending, latest: time("2026-01-01T00:01:00Z") }));
        assert_eq!(check_future(now, now, Duration::ZERO), Ok(()));
        assert!(check_future(time("2026-01-01T00:00:01Z"), now, Duration::from_millis(999)).is_err());
    }

    #[test]
    fn no_age_and_no_skew_overflows() {
        let (first, last) = (time("1970-01-01T00:00:00Z"), time("9999-12-31T23:59:59Z"));
        assert_eq!(Age::AtMost(Duration::MAX).check(first, last), Ok(()));
        assert_eq!(Age::AtMost(Duration::ZERO).check(first, last), Err(Error::TooOld { pending: first, oldest: last }));
        assert_eq!(Age::AtMost(Duration::ZERO).check(last, first), Ok(()));
        assert_eq!(check_future(last, first, Duration::MAX), Ok(()));
        assert_eq!(check_future(last, first, Duration::ZERO), Err(Error::NotYet { pending: last, latest: first }));
        assert_eq!(check_future(first, last, Duration::MAX), Ok(()));
    }

    /// 2016-12-31T23:59:60Z was one. AWS smears it, and Unix time does not count it.
    #[test]
    fn a_leap_second_has_no_length() {
        let (before, after) = (time("2016-12-31T23:59:59Z"), time("2017-01-01T00:00:00Z"));
        assert_eq!(Age::AtMost(Duration::from_secs(1)).check(before, after), Ok(()));
        assert_eq!(check_future(after, before, Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn unlimited_is_longer_than_any_age() {
        assert!(Age::Unlimited > Age::AtMost(Duration::MAX));
        assert!(Age::AtMost(Duration::from_secs(2)) > Age::AtMost(Duration::from_secs(1)));
    }
}
