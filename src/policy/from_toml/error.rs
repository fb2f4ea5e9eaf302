//! Why a text is not a policy.

use core::fmt;

use crate::parse_error::ParseError;
use crate::policy::{EmptyList, InvalidReason};

/// Why a TOML text is not a policy, and where. For the operator who wrote it: it may repeat a key, with control characters escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    line: usize,
    column: usize,
    fault: PolicyFault,
}

impl PolicyError {
    /// The fault at an offset of the text.
    pub(super) fn at(text: &str, offset: usize, fault: PolicyFault) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.chars().count() + 1, fault }
    }

    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1. What is missing stands at the start of its table, a text that is too large at 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong.
    pub fn fault(&self) -> &PolicyFault {
        &self.fault
    }

    /// The known key that is nearest to an unknown one, if one is near.
    pub fn nearest_key(&self) -> Option<&'static str> {
        match self.fault {
            PolicyFault::UnknownKey { nearest, .. } => nearest,
            _ => None,
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.fault)
    }
}

impl std::error::Error for PolicyError {}

/// What is wrong with a TOML text that should be a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyFault {
    /// A list names a value twice.
    DuplicateValue,
    /// A list is empty: it would allow nothing, or seem to allow anything.
    EmptyList,
    /// A key that is required is missing.
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// An exception does not say of which partition its account is, and the policy lists more than one.
    MissingPartition,
    /// The age of an exception is not longer than the policy's: it would change nothing.
    NotLonger,
    /// A value that should be one name has characters of patterns or of lists.
    NotOneName,
    /// The reason of an exception is blank, too long, or has control characters: see [`InvalidReason`](crate::InvalidReason).
    Reason,
    /// It is not TOML.
    Syntax {
        /// What the reader of TOML says. Not stable.
        message: Box<str>,
    },
    /// The text is longer than its limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A key is not known.
    UnknownKey {
        /// The key, its first 40 characters.
        key: Box<str>,
        /// The known key that is nearest, if one is near.
        nearest: Option<&'static str>,
    },
    /// A value is not of its type or form.
    Value(ParseError),
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateValue => f.write_str("the value stands in the list twice"),
            Self::EmptyList => EmptyList.fmt(f),
            Self::MissingKey { key } => write!(f, "{key} is missing"),
            Self::MissingPartition => {
                f.write_str("partition is missing: the policy lists more than one, and an account id is unique within one only")
            }
            Self::NotLonger => f.write_str("not longer than the policy's max_age: an exception grants a longer one"),
            Self::NotOneName => f.write_str("expected one name, written out: no patterns, no lists"),
            Self::Reason => InvalidReason.fmt(f),
            // Debug escapes what a terminal could take for a command.
            Self::Syntax { message } => write!(f, "not TOML: {}", message.escape_debug()),
            Self::TooLarge { limit } => write!(f, "longer than {limit} bytes"),
            Self::UnknownKey { key, .. } => write!(f, "unknown key {key:?}"),
            Self::Value(expected) => expected.fmt(f),
        }
    }
}
