//! The one error of verification: what failed, where, whose fault it is, and the next step.
//!
//! No error repeats a signature or an unverified document: together they are a bearer token, and errors end up in logs.

mod hint;
mod reason;
mod rule;

use core::fmt;
use core::net::IpAddr;

pub use hint::{Alteration, Hint};
pub use reason::{BerReason, CmsReason, DocumentReason, EvidenceReason, JsonReason, PemReason};
pub use rule::{FoundValue, RuleName};

use crate::kind::SignatureKind;
use crate::region::Region;
use crate::time::UnixTime;

/// Why a document was not verified, or not accepted.
///
/// [`code`](Error::code) names the check that failed and is stable; [`class`](Error::class) says whose move is next and maps to exit
/// and HTTP statuses; [`hint`](Error::hint) is the next step where it can be known. `Display` is for people and may change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A certificate that vouched has expired, and the policy asks for valid ones.
    CertificateExpired {
        /// The kind of the certificate.
        kind: SignatureKind,
        /// The end of its validity.
        not_after: UnixTime,
    },
    /// The content of a CMS value does not have the digest that was signed.
    DigestMismatch {
        /// The kind of the value.
        kind: SignatureKind,
    },
    /// The document beside a CMS value is not its content, byte for byte.
    DocumentMismatch {
        /// The kind of the value.
        kind: SignatureKind,
        /// What the presented document looks like.
        alteration: Alteration,
    },
    /// The input is empty or all white space.
    EmptyInput {
        /// The input.
        part: Part,
    },
    /// The input is longer than its limit. Nothing was decoded.
    InputTooLarge {
        /// The input.
        part: Part,
        /// The limit in bytes.
        limit: usize,
    },
    /// The signature is not base64 (RFC 4648 §4, with padding; ASCII white space anywhere is ignored).
    InvalidBase64 {
        /// The input.
        part: Part,
        /// Offset in the text as presented.
        at: usize,
        /// The hint, where the bytes give one.
        hint: Option<Hint>,
    },
    /// The bytes are not the BER (X.690) that a CMS value consists of.
    InvalidBer {
        /// The input.
        part: Part,
        /// What is wrong.
        reason: BerReason,
        /// Offset in the decoded bytes.
        at: usize,
    },
    /// The document is not an instance identity document. It is read after its signature has verified; with
    /// [`Expect::AnyRegion`](crate::Expect) for its region before that, too.
    InvalidDocument {
        /// What is wrong.
        reason: DocumentReason,
    },
    /// The evidence is not the JSON object that it should be.
    InvalidEvidence {
        /// What is wrong.
        reason: EvidenceReason,
    },
    /// The signature has PEM lines, but is not one PEM block with the label `PKCS7` or `CMS` (RFC 7468).
    InvalidPem {
        /// The input.
        part: Part,
        /// What is wrong.
        reason: PemReason,
        /// Offset in the text as presented.
        at: usize,
    },
    /// The expected region is not a region code.
    InvalidRegion,
    /// The kind of signature is not among those that the verifier allows.
    KindNotAllowed {
        /// The kind presented.
        kind: SignatureKind,
    },
    /// There is no document: none was presented, and no CMS value that contains it is left.
    MissingDocument,
    /// The evidence has no signature.
    MissingSignature,
    /// The region has no certificate of the kind.
    NoCertificate {
        /// The expected region.
        region: Region,
        /// The kind presented.
        kind: SignatureKind,
        /// The kinds that the region has a certificate for.
        available: Vec<SignatureKind>,
    },
    /// A rule of the policy does not allow what the document says. [`code`](Error::code) is that of the rule.
    NotAllowed {
        /// The rule.
        rule: RuleName,
        /// The values that the rule refuses; none where the document does not say.
        found: Vec<FoundValue>,
    },
    /// The value is CMS or looks like it, but not SignedData with content (RFC 5652 §5).
    NotSignedData {
        /// The input.
        part: Part,
        /// Offset in the decoded bytes.
        at: usize,
    },
    /// The instance was started further in the future than the policy's skew: a clock is wrong.
    NotYet {
        /// When it was started, as the document says.
        pending: UnixTime,
        /// The latest that the policy allows.
        latest: UnixTime,
    },
    /// The caller's address is not the one in the document, or one of them is not known, and the policy asks for the same.
    PeerMismatch {
        /// The caller's address.
        peer: Option<IpAddr>,
        /// The private address in the document.
        private_ip: Option<IpAddr>,
    },
    /// The document is authentic, but it is a document of another region.
    RegionMismatch {
        /// The expected region.
        expected: Region,
        /// The region that the document names, signed by AWS.
        found: Region,
    },
    /// The signature does not verify under the certificate of the expected region.
    ///
    /// Without detail on purpose: there is nothing more that a caller may learn or do.
    SignatureInvalid {
        /// The kind presented.
        kind: SignatureKind,
        /// The hint, where the bytes give one.
        hint: Option<Hint>,
    },
    /// The instance was started longer ago than the policy allows.
    TooOld {
        /// When it was started, as the document says.
        pending: UnixTime,
        /// The earliest that the policy allows, its exceptions for this instance included.
        oldest: UnixTime,
    },
    /// The store has no certificate of the region.
    UnknownRegion {
        /// The expected region; `None` where the document was to name it, since what an unverified document says is not repeated.
        region: Option<Region>,
    },
    /// No certificate of the expected region has the issuer and serial number that the CMS value names as its signer's.
    UnknownSigner {
        /// The expected region.
        region: Region,
        /// The hint, where the bytes give one.
        hint: Option<Hint>,
    },
    /// The value is CMS, but outside the profile of what AWS signs.
    UnsupportedCms {
        /// The input.
        part: Part,
        /// What is wrong.
        reason: CmsReason,
        /// Offset in the decoded bytes.
        at: usize,
    },
    /// The value is of another kind than the one that was asked for.
    WrongSignatureKind {
        /// What was asked for.
        expected: ValueKind,
        /// What was found.
        found: ValueKind,
    },
}

impl Error {
    /// The stable name of the failed check, such as `signature_invalid`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CertificateExpired { .. } => RuleName::Certificates.code(),
            Self::DigestMismatch { .. } => "digest_mismatch",
            Self::DocumentMismatch { .. } => "document_mismatch",
            Self::EmptyInput { .. } => "empty_input",
            Self::InputTooLarge { .. } => "input_too_large",
            Self::InvalidBase64 { .. } => "invalid_base64",
            Self::InvalidBer { .. } => "invalid_ber",
            Self::InvalidDocument { .. } => "invalid_document",
            Self::InvalidEvidence { .. } => "invalid_evidence",
            Self::InvalidPem { .. } => "invalid_pem",
            Self::InvalidRegion => "invalid_region",
            Self::KindNotAllowed { .. } => "kind_not_allowed",
            Self::MissingDocument => "missing_document",
            Self::MissingSignature => "missing_signature",
            Self::NoCertificate { .. } => "no_certificate",
            Self::NotAllowed { rule, .. } => rule.code(),
            Self::NotSignedData { .. } => "not_signed_data",
            Self::NotYet { .. } => RuleName::FutureSkew.code(),
            Self::PeerMismatch { .. } => RuleName::Peer.code(),
            Self::RegionMismatch { .. } => "region_mismatch",
            Self::SignatureInvalid { .. } => "signature_invalid",
            Self::TooOld { .. } => RuleName::MaxAge.code(),
            Self::UnknownRegion { .. } => "unknown_region",
            Self::UnknownSigner { .. } => "unknown_signer",
            Self::UnsupportedCms { .. } => "unsupported_cms",
            Self::WrongSignatureKind { .. } => "wrong_signature_kind",
        }
    }

    /// Whose move is next.
    pub fn class(&self) -> Class {
        match self {
            Self::EmptyInput { .. }
            | Self::InputTooLarge { .. }
            | Self::InvalidBase64 { .. }
            | Self::InvalidBer { .. }
            | Self::InvalidDocument { .. }
            | Self::InvalidEvidence { .. }
            | Self::InvalidPem { .. }
            | Self::InvalidRegion
            | Self::MissingDocument
            | Self::MissingSignature
            | Self::NotSignedData { .. }
            | Self::UnsupportedCms { .. }
            | Self::WrongSignatureKind { .. } => Class::Malformed,
            Self::DigestMismatch { .. }
            | Self::DocumentMismatch { .. }
            | Self::RegionMismatch { .. }
            | Self::SignatureInvalid { .. }
            | Self::UnknownSigner { .. } => Class::Unauthentic,
            Self::CertificateExpired { .. }
            | Self::KindNotAllowed { .. }
            | Self::NoCertificate { .. }
            | Self::NotAllowed { .. }
            | Self::NotYet { .. }
            | Self::PeerMismatch { .. }
            | Self::TooOld { .. }
            | Self::UnknownRegion { .. } => Class::Refused,
        }
    }

    /// The stable name of the fault within the code, such as `signer_count`, for the codes that have one.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::InvalidBer { reason, .. } => Some(reason.as_str()),
            Self::InvalidDocument { reason } => Some(reason.as_str()),
            Self::InvalidEvidence { reason } => Some(reason.as_str()),
            Self::InvalidPem { reason, .. } => Some(reason.as_str()),
            Self::UnsupportedCms { reason, .. } => Some(reason.as_str()),
            _ => None,
        }
    }

    /// Where the fault is: for base64, PEM and JSON the byte of the text as presented, for CMS the byte of the decoded value.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::InvalidBase64 { at, .. }
            | Self::InvalidBer { at, .. }
            | Self::InvalidPem { at, .. }
            | Self::NotSignedData { at, .. }
            | Self::UnsupportedCms { at, .. } => Some(*at),
            Self::InvalidDocument { reason } => reason.offset(),
            Self::InvalidEvidence { reason } => reason.offset(),
            _ => None,
        }
    }

    /// The next step, where it can be known.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::CertificateExpired { kind, .. } => Some(Hint::RenewCertificate(*kind)),
            Self::DigestMismatch { .. } => Some(Hint::ContentAltered),
            Self::DocumentMismatch { alteration, .. } => Some(Hint::DocumentAltered(*alteration)),
            Self::InvalidBase64 { hint, .. } | Self::SignatureInvalid { hint, .. } | Self::UnknownSigner { hint, .. } => hint.clone(),
            Self::InvalidRegion => Some(Hint::RegionSyntax),
            Self::KindNotAllowed { .. } => Some(Hint::PresentAnotherKind),
            Self::MissingDocument => Some(Hint::PresentDocument),
            Self::NoCertificate { available, .. } => Some(Hint::PresentKind(available.clone())),
            Self::NotAllowed { rule, .. } => Some(Hint::ChangePolicy(*rule)),
            Self::NotYet { .. } => Some(Hint::CheckClock),
            Self::PeerMismatch { peer: None, .. } => Some(Hint::PassPeer),
            Self::PeerMismatch { .. } => Some(Hint::CheckNetwork),
            Self::RegionMismatch { found, .. } => Some(Hint::DocumentOf(found.clone())),
            Self::TooOld { .. } => Some(Hint::StartAgain),
            Self::UnknownRegion { .. } => Some(Hint::AddCertificates),
            Self::WrongSignatureKind { found, .. } => Some(Hint::PassAs(*found)),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CertificateExpired { kind, not_after } => {
                write!(f, "the {kind} certificate that vouched has expired on {not_after}")
            }
            Self::DigestMismatch { kind } => {
                write!(f, "the content of the {} value does not have the digest that was signed", kind.endpoint())
            }
            Self::DocumentMismatch { kind, .. } => {
                write!(f, "the document is not the content of the {} value, byte for byte", kind.endpoint())
            }
            Self::EmptyInput { part } => write!(f, "{part} is empty"),
            Self::InputTooLarge { part, limit } => write!(f, "{part} is longer than {limit} bytes"),
            Self::InvalidBase64 { part, at, .. } => write!(f, "{part} is not base64 at byte {at}"),
            Self::InvalidBer { part, reason, at } => write!(f, "{part} is not valid BER: {reason} at byte {at}"),
            Self::InvalidDocument { reason } => write!(f, "the document is not an instance identity document: {reason}"),
            Self::InvalidEvidence { reason } => write!(f, "the evidence is not of its form: {reason}"),
            Self::InvalidPem { part, reason, at } => write!(f, "{part} is not one PEM block: {reason} at byte {at}"),
            Self::InvalidRegion => f.write_str("the expected region is not a region code"),
            Self::KindNotAllowed { kind } => write!(f, "signatures of kind {kind} are not allowed"),
            Self::MissingDocument => f.write_str("there is no document, and no CMS value that contains it"),
            Self::MissingSignature => f.write_str("there is no signature"),
            Self::NoCertificate { region, kind, .. } => write!(f, "there is no {kind} certificate of {region}"),
            Self::NotAllowed { rule, found } => write_not_allowed(f, *rule, found),
            Self::NotSignedData { part, at } => write!(f, "{part} is not CMS SignedData with content, at byte {at}"),
            Self::NotYet { pending, latest } => write!(f, "the instance was started at {pending}, and the latest allowed is {latest}"),
            Self::PeerMismatch { peer, private_ip } => match (peer, private_ip) {
                (Some(peer), Some(private_ip)) => write!(f, "the caller's address is {peer}, and the document's {private_ip}"),
                (None, _) => f.write_str("the caller's address is not known, and has to be the document's"),
                (_, None) => f.write_str("the document has no private address, and the caller's has to be the same"),
            },
            Self::RegionMismatch { expected, found } => {
                write!(f, "expected a document of {expected}, found an authentic one of {found}")
            }
            Self::SignatureInvalid { kind, .. } => {
                write!(f, "the {} value does not verify under the certificate of the region", kind.endpoint())
            }
            Self::TooOld { pending, oldest } => write!(f, "the instance was started at {pending}, and the earliest allowed is {oldest}"),
            Self::UnknownRegion { region: Some(region) } => write!(f, "there is no certificate of region {region}"),
            Self::UnknownRegion { region: None } => f.write_str("there is no certificate of the region that the document names"),
            Self::UnknownSigner { region, .. } => write!(f, "the value names a signer that is not one of {region}"),
            Self::UnsupportedCms { part, reason, at } => {
                write!(f, "{part} is not CMS of the form that AWS signs: {reason} at byte {at}")
            }
            Self::WrongSignatureKind { expected, found } => write!(f, "expected {expected}, found {found}"),
        }
    }
}

/// What an error of a list says. The values are printable ASCII, as their types are.
fn write_not_allowed(f: &mut fmt::Formatter<'_>, rule: RuleName, found: &[FoundValue]) -> fmt::Result {
    let subject = rule.subject();
    let Some((first, rest)) = found.split_first() else { return write!(f, "the document has no {subject}, and the policy asks for one") };
    write!(f, "{subject} {first}")?;
    rest.iter().try_for_each(|value| write!(f, ", {value}"))?;
    f.write_str(match rule {
        RuleName::MarketplaceAnyOf | RuleName::BillingAnyOf => ": none of those that the policy asks for",
        _ if rest.is_empty() => " is not allowed",
        _ => " are not allowed",
    })
}

impl std::error::Error for Error {}

/// Whose move is next; the only thing to branch on for a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// The input is not what it should be: the presenter's mistake, or the caller's.
    Malformed,
    /// What is presented was not signed by AWS for this region.
    Unauthentic,
    /// It may be authentic, but it is outside what the verifier was told to look at, or what the policy allows.
    Refused,
}

impl Class {
    /// `malformed`, `unauthentic` or `refused`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unauthentic => "unauthentic",
            Self::Refused => "refused",
        }
    }

    /// The exit status of `iid`: 3, 4 or 5.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Malformed => 3,
            Self::Unauthentic => 4,
            Self::Refused => 5,
        }
    }

    /// The HTTP status to answer with: 400, 401 or 403.
    pub fn http_status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthentic => 401,
            Self::Refused => 403,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One of the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The document.
    Document,
    /// The JSON object with document and signatures.
    Evidence,
    /// A signature: one whose kind the caller did not name, or the field of that kind.
    Signature(Option<SignatureKind>),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => f.write_str("the document"),
            Self::Evidence => f.write_str("the evidence"),
            Self::Signature(None) => f.write_str("the signature"),
            Self::Signature(Some(kind)) => write!(f, "the {} value", kind.endpoint()),
        }
    }
}

/// What a value can be, as far as its bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// A signature of any kind.
    AnySignature,
    /// A CMS value, as `/pkcs7` and `/rsa2048` serve it.
    Cms,
    /// A JSON document.
    Document,
    /// The value of one endpoint.
    Endpoint(SignatureKind),
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnySignature => f.write_str("a signature"),
            Self::Cms => f.write_str("a PKCS7 (CMS) value"),
            Self::Document => f.write_str("a JSON document"),
            Self::Endpoint(kind) => write!(f, "a /{} value", kind.endpoint()),
        }
    }
}
