//! Moments in UTC, to the second.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::time::SystemTime;

use der::DateTime;
use serde::{Serialize, Serializer};

use crate::parse_error::ParseError;

/// Seconds since 1970-01-01T00:00:00Z, up to the end of the year 9999. Shown and read as `YYYY-MM-DDThh:mm:ssZ`.
///
/// Reading is strict: the form of [RFC 3339] that AWS serves, with `Z` and without fractions. A leap second is refused: AWS smears
/// them, so none is ever served.
///
/// ```
/// use instance_identity::UnixTime;
///
/// let time: UnixTime = "2018-10-05T20:10:43Z".parse().unwrap();
/// assert_eq!(time.as_secs(), 1_538_770_243);
/// assert_eq!(time.to_string(), "2018-10-05T20:10:43Z");
/// ```
///
/// [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339#section-5.6
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(DateTime);

impl UnixTime {
    /// The moment that many seconds after 1970-01-01T00:00:00Z; `None` after the year 9999.
    pub fn from_secs(seconds: u64) -> Option<Self> {
        DateTime::from_unix_duration(Duration::from_secs(seconds)).ok().map(Self)
    }

    pub(crate) fn new(time: DateTime) -> Self {
        Self(time)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn as_secs(self) -> u64 {
        self.0.unix_duration().as_secs()
    }
}

impl TryFrom<SystemTime> for UnixTime {
    type Error = ParseError;

    /// To the second, rounded down.
    fn try_from(time: SystemTime) -> Result<Self, ParseError> {
        DateTime::from_system_time(time).map(Self).map_err(|_| ParseError::expected("a time from 1970 to 9999"))
    }
}

impl From<UnixTime> for SystemTime {
    fn from(time: UnixTime) -> Self {
        time.0.to_system_time()
    }
}

impl FromStr for UnixTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(Self).map_err(|_| ParseError::expected("a time of the form YYYY-MM-DDThh:mm:ssZ"))
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_served_form_is_read() {
        for text in ["1970-01-01T00:00:00Z", "2016-02-29T23:59:59Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(text.parse::<UnixTime>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2018-10-05 20:10:43Z",
            "2018-10-05T20:10:43",
            "2018-10-05t20:10:43z",
            "2018-10-05T20:10:43.0Z",
            "2018-10-05T20:10:43+00:00",
            "2018-10-05T24:00:00Z",
            "2016-12-31T23:59:60Z",
            "2017-02-29T00:00:00Z",
            "2018-13-01T00:00:00Z",
            "2018-00-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "+018-10-05T20:10:43Z",
            "2018-10-05T20:10:43Z ",
        ] {
            let expected = ParseError::expected("a time of the form YYYY-MM-DDThh:mm:ssZ");
            assert_eq!(text.parse::<UnixTime>(), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn a_system_time_is_rounded_down_to_the_second() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_538_770_243_999);
        let seconds = UnixTime::try_from(time).unwrap();
        assert_eq!(seconds.to_string(), "2018-10-05T20:10:43Z");
        assert_eq!(SystemTime::from(seconds), SystemTime::UNIX_EPOCH + Duration::from_secs(1_538_770_243));
        assert!(UnixTime::try_from(SystemTime::UNIX_EPOCH - Duration::from_secs(1)).is_err());
    }

    #[test]
    fn seconds_beyond_the_year_9999_are_none() {
        assert_eq!(UnixTime::from_secs(253_402_300_799).unwrap().to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(UnixTime::from_secs(253_402_300_800), None);
        assert_eq!(UnixTime::from_secs(u64::MAX), None);
    }
}
