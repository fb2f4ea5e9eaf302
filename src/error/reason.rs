//! The faults within a code.

use core::fmt;

/// An enum of faults: each with its stable name and its words.
macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $words:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[doc = concat!("`", $code, "`: ", $words, ".")] $variant,)*
        }

        impl $name {
            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $words,)*
                })
            }
        }
    };
}

reasons!(
    /// What is wrong with the BER of a CMS value (X.690 §8, and §10 inside the SignerInfo).
    BerReason {
        Depth = "depth", "nested too deeply";
        EndOfContents = "end_of_contents", "end-of-contents octets missing or out of place";
        Length = "length", "a length that is not allowed here";
        Tag = "tag", "not the element expected here";
        Trailing = "trailing", "bytes after the end";
        Truncated = "truncated", "the bytes end too early";
    }
);

reasons!(
    /// What is outside the profile of the CMS values that AWS signs (RFC 5652, RFC 6211).
    CmsReason {
        Algorithm = "algorithm", "an algorithm other than the certificate's";
        AlgorithmProtection = "algorithm_protection", "cmsAlgorithmProtection contradicts the SignerInfo";
        ContentType = "content_type", "the content is not of type data";
        Crls = "crls", "revocation lists";
        Detached = "detached", "no content inside";
        DigestAlgorithms = "digest_algorithms", "not exactly one digest algorithm";
        Segments = "segments", "the content is not in one segment";
        SignedAttributes = "signed_attributes", "signed attributes missing or malformed";
        SignerCount = "signer_count", "not exactly one signer";
        SignerIdentifier = "signer_identifier", "the signer is not named by issuer and serial number";
        UnsignedAttributes = "unsigned_attributes", "unsigned attributes";
        Version = "version", "a version other than 1";
    }
);

reasons!(
    /// What is wrong with a PEM block.
    PemReason {
        End = "end", "no END line of the same label";
        Label = "label", "the label is another one";
        Outside = "outside", "text outside the block";
        SecondBlock = "second_block", "a second block";
    }
);

reasons!(
    /// What is wrong with a JSON text (RFC 8259).
    JsonReason {
        Depth = "depth", "nested too deeply";
        DuplicateKey = "duplicate_key", "a key stands twice";
        NotAnObject = "not_an_object", "not an object";
        Syntax = "syntax", "not JSON";
        Trailing = "trailing", "text after the object";
        Utf8 = "utf8", "not UTF-8";
    }
);

/// What is wrong with a signed document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentReason {
    /// A value is not of the form that its field has.
    Field {
        /// AWS's name of the field.
        name: &'static str,
    },
    /// The JSON is at fault.
    Json {
        /// How.
        reason: JsonReason,
        /// Offset in the document up to which it has been read.
        at: usize,
    },
    /// `missing_field`: a required field is missing or null.
    MissingField {
        /// AWS's name of the field.
        name: &'static str,
    },
    /// `zone`: the availability zone does not start with the region.
    Zone,
}

impl DocumentReason {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field { .. } => "field",
            Self::Json { reason, .. } => reason.as_str(),
            Self::MissingField { .. } => "missing_field",
            Self::Zone => "zone",
        }
    }

    pub(super) fn offset(self) -> Option<usize> {
        match self {
            Self::Json { at, .. } => Some(at),
            _ => None,
        }
    }
}

impl fmt::Display for DocumentReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { name } => write!(f, "{name} is not of its form"),
            Self::Json { reason, at } => write!(f, "{reason} at byte {at}"),
            Self::MissingField { name } => write!(f, "{name} is missing"),
            Self::Zone => f.write_str("availabilityZone does not start with region"),
        }
    }
}

/// What is wrong with the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EvidenceReason {
    /// `field`: a value is neither a string nor null.
    Field {
        /// The key.
        name: &'static str,
    },
    /// The JSON is at fault.
    Json {
        /// How.
        reason: JsonReason,
        /// Offset in the evidence up to which it has been read.
        at: usize,
    },
    /// `unknown_key`: a key other than `document`, `signature`, `pkcs7` and `rsa2048`.
    UnknownKey,
}

impl EvidenceReason {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field { .. } => "field",
            Self::Json { reason, .. } => reason.as_str(),
            Self::UnknownKey => "unknown_key",
        }
    }

    pub(super) fn offset(self) -> Option<usize> {
        match self {
            Self::Json { at, .. } => Some(at),
            _ => None,
        }
    }
}

impl fmt::Display for EvidenceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { name } => write!(f, "{name} is neither a string nor null"),
            Self::Json { reason, at } => write!(f, "{reason} at byte {at}"),
            Self::UnknownKey => f.write_str("a key other than document, signature, pkcs7 and rsa2048"),
        }
    }
}
