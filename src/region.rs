//! Regions and the partitions they belong to.

use core::fmt;
use core::str::FromStr;

use serde::{Serialize, Serializer};

use crate::ids::text_type;
use crate::parse_error::ParseError;

text_type!(
    /// The code of an AWS region, such as `us-east-1`: segments of lower-case letters and digits joined by single hyphens, at
    /// least two of them, beginning with a letter, at most 32 characters.
    ///
    /// The type says nothing about whether such a region exists: new and isolated regions have codes too.
    ///
    /// ```
    /// use instance_identity::Region;
    ///
    /// assert!("us-east-1".parse::<Region>().is_ok());
    /// assert!("US-EAST-1".parse::<Region>().is_err());
    /// assert!("us-east-1 ".parse::<Region>().is_err());
    /// ```
    Region,
    |text| is_code(text) && text.contains(&b'-'),
    "a region code such as us-east-1"
);

text_type!(
    /// A partition: a part of AWS with accounts of its own, such as `aws`, `aws-cn` or `aws-us-gov`. An account id is unique
    /// within its partition only.
    Partition,
    is_code,
    "a partition such as aws or aws-us-gov"
);

fn is_code(text: &[u8]) -> bool {
    text.len() <= MAX_CODE
        && text.first().is_some_and(u8::is_ascii_lowercase)
        && text.split(|&c| c == b'-').all(|segment| !segment.is_empty() && segment.iter().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'z')))
}

/// Twice the longest code in use, `ap-southeast-1`, and a little more.
const MAX_CODE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_hyphenated_lower_case() {
        for text in ["us-east-1", "eusc-de-east-1", "us-isob-east-1", "test-local-1"] {
            assert_eq!(text.parse::<Region>().unwrap().as_str(), text);
        }
        let long = format!("a-{}", "b".repeat(31));
        for text in
            ["", "local", "us-west-2 ", " us-west-2", "US-WEST-2", "us-west-2\0", "../us-west-2", "us--west", "-us-west", "1us-w", &long]
        {
            assert_eq!(text.parse::<Region>(), Err(ParseError::expected("a region code such as us-east-1")), "{text:?}");
        }
    }

    #[test]
    fn a_partition_may_be_one_word() {
        assert!("aws".parse::<Partition>().is_ok());
        assert!("aws-iso-b".parse::<Partition>().is_ok());
        assert!("AWS".parse::<Partition>().is_err());
    }
}
