//! What AWS served when.

use core::fmt;
use core::str::FromStr;

use crate::parse_error::ParseError;

/// The year as of which documents and CMS values are shaped: keys, algorithms, attributes and parameters. Read and shown as the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Era {
    /// The document has 14 keys and version `2010-08-31`; CMS as in 2018.
    In2016,
    /// The document has 15 keys and version `2017-09-30`; `/rsa2048` names rsaEncryption.
    In2018,
    /// Signed attributes have cmsAlgorithmProtection; `/rsa2048` names sha256WithRSAEncryption.
    In2022,
    /// SHA-256 stands without parameters.
    In2026,
}

impl Era {
    /// All of them, the oldest first.
    pub const ALL: [Self; 4] = [Self::In2016, Self::In2018, Self::In2022, Self::In2026];

    fn as_str(self) -> &'static str {
        match self {
            Self::In2016 => "2016",
            Self::In2018 => "2018",
            Self::In2022 => "2022",
            Self::In2026 => "2026",
        }
    }
}

impl FromStr for Era {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL.into_iter().find(|era| era.as_str() == text).ok_or(ParseError::expected("an era: 2016, 2018, 2022 or 2026"))
    }
}

impl fmt::Display for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
