//! The three kinds of signature and the algorithms behind them.

use core::fmt;
use core::str::FromStr;

use serde::{Serialize, Serializer};

use crate::parse_error::ParseError;

/// A kind of signature, by AWS's name for the certificate that verifies it. The order is by strength, the strongest first.
///
/// AWS serves one value of each kind beside the document. Exhaustive: a fourth kind would change what every caller decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureKind {
    /// `/rsa2048`: a CMS value, RSA-2048 with SHA-256. The one to ask for.
    Rsa2048,
    /// `/pkcs7`: a CMS value, DSA-1024 with SHA-1; in the China regions RSA-2048 with SHA-256.
    Dsa,
    /// `/signature`: a bare RSA-1024 signature with SHA-256 over the document's bytes.
    Rsa,
}

impl SignatureKind {
    /// All kinds, the strongest first.
    pub const ALL: [Self; 3] = [Self::Rsa2048, Self::Dsa, Self::Rsa];

    /// AWS's name of the certificate: `rsa2048`, `dsa` or `rsa`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa2048",
            Self::Dsa => "dsa",
            Self::Rsa => "rsa",
        }
    }

    /// The last part of the metadata path that serves it: `rsa2048`, `pkcs7` or `signature`.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa2048",
            Self::Dsa => "pkcs7",
            Self::Rsa => "signature",
        }
    }
}

impl FromStr for SignatureKind {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(ParseError::expected("a signature kind: rsa2048, dsa or rsa"))
    }
}

impl fmt::Display for SignatureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for SignatureKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A signature algorithm with its key size and digest. It follows from the key of the certificate; no others exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// DSA with p of 1024 and q of 160 bits (FIPS 186-4) over SHA-1.
    Dsa1024Sha1,
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) with a modulus of 1024 bits over SHA-256.
    Rsa1024Sha256,
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) with a modulus of 2048 bits over SHA-256.
    Rsa2048Sha256,
}

impl Algorithm {
    /// `dsa1024-sha1`, `rsa1024-sha256` or `rsa2048-sha256`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dsa1024Sha1 => "dsa1024-sha1",
            Self::Rsa1024Sha256 => "rsa1024-sha256",
            Self::Rsa2048Sha256 => "rsa2048-sha256",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Algorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_ordered_by_strength() {
        let mut kinds = [SignatureKind::Rsa, SignatureKind::Rsa2048, SignatureKind::Dsa];
        kinds.sort();
        assert_eq!(kinds, SignatureKind::ALL);
    }

    #[test]
    fn a_kind_is_read_by_the_name_it_is_shown_by() {
        for kind in SignatureKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert_eq!("pkcs7".parse::<SignatureKind>(), Err(ParseError::expected("a signature kind: rsa2048, dsa or rsa")));
    }
}
