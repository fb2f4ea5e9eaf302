//! Why a certificate was not loaded.

use core::fmt;

use crate::error::PemReason;
use crate::kind::SignatureKind;
use crate::region::{Partition, Region};

/// Why a certificate was not loaded into a [`CertStore`](crate::CertStore).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertError {
    /// The RSA exponent is not 65537.
    Exponent,
    /// The PEM block is not base64.
    InvalidBase64 {
        /// Offset in the text.
        at: usize,
    },
    /// The text is not one PEM block with the label `CERTIFICATE`.
    InvalidPem {
        /// What is wrong.
        reason: PemReason,
        /// Offset in the text.
        at: usize,
    },
    /// The key is not of the algorithm and size of the slot.
    KeyDoesNotFit {
        /// The kind of the slot.
        kind: SignatureKind,
    },
    /// The key's integers are out of range, or DSA domain parameters are not what they should be.
    KeyParameters,
    /// The bytes are not an X.509 certificate in DER.
    NotACertificate,
    /// The region belongs to another partition.
    PartitionMismatch {
        /// The region.
        region: Region,
        /// Its partition.
        known: Partition,
    },
    /// Another slot of the region holds a certificate with the same issuer and serial number.
    SameSigner {
        /// The region.
        region: Region,
        /// The kind of the other slot.
        kind: SignatureKind,
    },
    /// The slot holds another certificate, and replacing it was not asked for.
    SlotFilled {
        /// The region of the slot.
        region: Region,
        /// The kind of the slot.
        kind: SignatureKind,
    },
    /// The input is longer than its limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

impl CertError {
    /// The stable name of the failed check, such as `slot_filled`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exponent => "exponent",
            Self::InvalidBase64 { .. } => "invalid_base64",
            Self::InvalidPem { .. } => "invalid_pem",
            Self::KeyDoesNotFit { .. } => "key_does_not_fit",
            Self::KeyParameters => "key_parameters",
            Self::NotACertificate => "not_a_certificate",
            Self::PartitionMismatch { .. } => "partition_mismatch",
            Self::SameSigner { .. } => "same_signer",
            Self::SlotFilled { .. } => "slot_filled",
            Self::TooLarge { .. } => "too_large",
        }
    }
}

impl fmt::Display for CertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exponent => f.write_str("the RSA exponent is not 65537"),
            Self::InvalidBase64 { at } => write!(f, "the PEM block is not base64 at byte {at}"),
            Self::InvalidPem { reason, at } => write!(f, "the text is not one PEM certificate: {reason} at byte {at}"),
            Self::KeyDoesNotFit { kind } => {
                let expected = match kind {
                    SignatureKind::Rsa2048 => "RSA-2048",
                    SignatureKind::Dsa => "DSA-1024 with q of 160 bits, or RSA-2048",
                    SignatureKind::Rsa => "RSA-1024",
                };
                write!(f, "the key does not fit slot {kind}: expected {expected}")
            }
            Self::KeyParameters => f.write_str("the key's parameters are not valid"),
            Self::NotACertificate => f.write_str("neither a PEM certificate nor an X.509 certificate in DER"),
            Self::PartitionMismatch { region, known } => write!(f, "{region} belongs to partition {known}"),
            Self::SameSigner { region, kind } => {
                write!(f, "slot {kind} of {region} holds a certificate with the same issuer and serial number")
            }
            Self::SlotFilled { region, kind } => write!(f, "slot {kind} of {region} holds another certificate"),
            Self::TooLarge { limit } => write!(f, "a certificate of more than {limit} bytes"),
        }
    }
}

impl std::error::Error for CertError {}
