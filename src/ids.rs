//! What a document says, as types: one newtype for each kind of value.
//!
//! Identifiers have the form that EC2 gives them. Names that AWS extends at will (instance types, architectures, product codes,
//! versions) are any text of printable ASCII, so that a new instance type is not refused.

use core::fmt;
use core::str::FromStr;

use serde::{Serialize, Serializer};

use crate::parse_error::ParseError;

/// A newtype over checked text: `FromStr`, `Display`, `as_str`, `Serialize` as the text.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $check:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                let check: fn(&[u8]) -> bool = $check;
                if check(text.as_bytes()) {
                    Ok(Self(text.into()))
                } else {
                    Err(ParseError::expected($expected))
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}
pub(crate) use text_type;

text_type!(
    /// An AWS account: 12 decimal digits, leading zeros kept. Unique within its partition only.
    AccountId,
    |text| text.len() == 12 && text.iter().all(u8::is_ascii_digit),
    "an account id of 12 decimal digits"
);

text_type!(
    /// An instance: `i-` and 8 or 17 lower-case hexadecimal digits.
    InstanceId,
    |text| is_resource_id(text, b"i-"),
    "an instance id: i- and 8 or 17 hexadecimal digits"
);

text_type!(
    /// A machine image: `ami-` and 8 or 17 lower-case hexadecimal digits.
    ImageId,
    |text| is_resource_id(text, b"ami-"),
    "an image id: ami- and 8 or 17 hexadecimal digits"
);

text_type!(
    /// A kernel: `aki-` and 8 or 17 lower-case hexadecimal digits.
    KernelId,
    |text| is_resource_id(text, b"aki-"),
    "a kernel id: aki- and 8 or 17 hexadecimal digits"
);

text_type!(
    /// A RAM disk: `ari-` and 8 or 17 lower-case hexadecimal digits.
    RamdiskId,
    |text| is_resource_id(text, b"ari-"),
    "a RAM disk id: ari- and 8 or 17 hexadecimal digits"
);

text_type!(
    /// An availability zone or local zone, such as `us-east-1a` or `us-west-2-lax-1a`.
    AvailabilityZone,
    is_zone,
    "an availability zone: lower-case letters, digits and hyphens"
);

text_type!(
    /// An instance type, such as `t2.micro`.
    InstanceType,
    is_name,
    "an instance type: 1 to 128 printable ASCII characters"
);

text_type!(
    /// A processor architecture, such as `x86_64` or `arm64`.
    Architecture,
    is_name,
    "an architecture: 1 to 128 printable ASCII characters"
);

text_type!(
    /// A product code of AWS Marketplace, DevPay or a billing product.
    ProductCode,
    is_name,
    "a product code: 1 to 128 printable ASCII characters"
);

text_type!(
    /// The version of the document's format: `2010-08-31` or `2017-09-30`, so far.
    DocumentVersion,
    is_name,
    "a version: 1 to 128 printable ASCII characters"
);

fn is_resource_id(text: &[u8], prefix: &[u8]) -> bool {
    text.strip_prefix(prefix).is_some_and(|id| matches!(id.len(), 8 | 17) && id.iter().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')))
}

fn is_zone(text: &[u8]) -> bool {
    (1..=MAX_NAME).contains(&text.len()) && text.iter().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'z' | b'-'))
}

fn is_name(text: &[u8]) -> bool {
    (1..=MAX_NAME).contains(&text.len()) && text.iter().all(u8::is_ascii_graphic)
}

/// Four times the longest name in use: product codes have 25 characters, instance types up to 24.
const MAX_NAME: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_is_12_ascii_digits() {
        assert_eq!("012345678901".parse::<AccountId>().unwrap().as_str(), "012345678901");
        for text in ["", "12345678901", "1234567890123", "12345678901a", "-12345678901", "١٢٣٤٥٦٧٨٩٠١٢"] {
            let expected = ParseError::expected("an account id of 12 decimal digits");
            assert_eq!(text.parse::<AccountId>(), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn an_instance_id_has_8_or_17_lower_case_hexadecimal_digits() {
        for text in ["i-f79fe56c", "i-0ce4441c840a0a941"] {
            assert_eq!(text.parse::<InstanceId>().unwrap().to_string(), text);
        }
        for text in ["", "i-", "i-f79fe56", "i-F79FE56C", "i-0ce4441c840a0a94g", "ami-f79fe56c", "i-f79fe56c\n"] {
            let expected = ParseError::expected("an instance id: i- and 8 or 17 hexadecimal digits");
            assert_eq!(text.parse::<InstanceId>(), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn names_that_aws_extends_are_any_printable_ascii_text() {
        assert!("u-24tb1.112xlarge".parse::<InstanceType>().is_ok());
        assert!("x".repeat(128).parse::<ProductCode>().is_ok());
        for text in ["", "t2 micro", "t2\u{7}", "t2\u{e9}", &"x".repeat(129)] {
            assert!(text.parse::<InstanceType>().is_err(), "{text:?}");
        }
    }
}
