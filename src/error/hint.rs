//! The next step after an error.

use core::fmt;

use super::{RuleName, ValueKind};
use crate::kind::SignatureKind;
use crate::region::Region;

/// What to do about an error. `Display` is a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// The region may be new or isolated: its certificates can be added.
    AddCertificates,
    /// The value is bytes, not their base64.
    Binary,
    /// This rule of the policy decides.
    ChangePolicy(RuleName),
    /// A clock is wrong.
    CheckClock,
    /// Something between caller and verifier may hide the caller's address.
    CheckNetwork,
    /// The presented bytes claim another region that the store knows. The claim is unverified.
    ClaimsRegion(Region),
    /// The content was altered after it was signed.
    ContentAltered,
    /// The document differs from what was signed.
    DocumentAltered(Alteration),
    /// The document is authentic and of this region.
    DocumentOf(Region),
    /// The value is HTML or XML: an error page.
    ErrorPage,
    /// The value is of this kind: pass it as that.
    PassAs(ValueKind),
    /// The caller's address has to be given.
    PassPeer,
    /// Another kind of signature must be presented.
    PresentAnotherKind,
    /// The document must be presented too.
    PresentDocument,
    /// The region has certificates for these kinds.
    PresentKind(Vec<SignatureKind>),
    /// What a region code looks like.
    RegionSyntax,
    /// AWS may have renewed the certificate of this kind.
    RenewCertificate(SignatureKind),
    /// The signer that the value names is the certificate of these regions. The claim is unverified.
    SignerOf(Vec<Region>),
    /// The instance gets a new document when it is started again.
    StartAgain,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddCertificates => f.write_str("check the spelling; for a new or isolated region, add its certificates"),
            Self::Binary => f.write_str("these are bytes: pass the base64 text as the metadata service serves it"),
            Self::ChangePolicy(rule) => write!(f, "the policy's rule {rule} decides this: change it, or refuse the instance"),
            Self::CheckClock => f.write_str("check the clock of this machine: it may be behind by the policy's future_skew"),
            Self::CheckNetwork => {
                f.write_str("a proxy or address translation may hide the caller's address: the rule is for callers in the same network")
            }
            Self::ClaimsRegion(region) => {
                write!(f, "the document says that it is of {region} (unverified): verify it as a document of that region")
            }
            Self::ContentAltered => f.write_str("the value was altered after it was signed: fetch it again"),
            Self::DocumentAltered(alteration) => {
                write!(f, "the bytes differ from what was signed: pass the document exactly as served{alteration}")
            }
            Self::DocumentOf(region) => write!(f, "this document belongs to {region}: expect that region, or refuse it"),
            Self::ErrorPage => f.write_str("this looks like an error page: fetch the value again"),
            Self::PassAs(ValueKind::AnySignature) => f.write_str("this is a signature: pass it as one"),
            Self::PassAs(ValueKind::Cms) => f.write_str("this is a PKCS7 (CMS) value: pass it as pkcs7 or rsa2048"),
            Self::PassAs(ValueKind::Document) => f.write_str("this is a document: were document and signature swapped?"),
            Self::PassAs(ValueKind::Endpoint(SignatureKind::Rsa)) => {
                f.write_str("this is a /signature value: pass it as signature, with the document beside it")
            }
            Self::PassAs(ValueKind::Endpoint(kind)) => write!(f, "this is a /{0} value: pass it as {0}", kind.endpoint()),
            Self::PassPeer => f.write_str("pass the caller's address (--peer), or take the rule out of the policy"),
            Self::PresentAnotherKind => f.write_str("present a signature of an allowed kind"),
            Self::PresentDocument => f.write_str("a /signature value is verified over the document: pass that too"),
            Self::PresentKind(kinds) => {
                f.write_str("the region has certificates for ")?;
                for (index, kind) in kinds.iter().enumerate() {
                    write!(f, "{}/{}", separator(index), kind.endpoint())?;
                }
                f.write_str(": present that, or add the missing certificate")
            }
            Self::RegionSyntax => f.write_str("a region code looks like us-east-1: lower case, no spaces"),
            Self::RenewCertificate(kind) => {
                write!(
                    f,
                    "AWS may have published a new {kind} certificate of the region: take a newer release, or replace it; \
                     or leave the kind out (--kinds, Verifier::allow_kinds): one that is not allowed is not counted"
                )
            }
            Self::SignerOf(regions) => {
                f.write_str("this value names the signer of ")?;
                for (index, region) in regions.iter().take(REGIONS_SHOWN).enumerate() {
                    write!(f, "{}{region}", separator(index))?;
                }
                if let Some(more) = regions.len().checked_sub(REGIONS_SHOWN).filter(|more| *more > 0) {
                    write!(f, " and {more} more")?;
                }
                f.write_str(" (unverified): verify it as a document of that region")
            }
            Self::StartAgain => {
                f.write_str("an instance that is stopped and started has a new document; or grant an exception, with a reason and an end")
            }
        }
    }
}

fn separator(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}

/// One DSA certificate serves 19 regions; the first few tell which one it is.
const REGIONS_SHOWN: usize = 4;

/// What a document that differs from what was signed looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Alteration {
    /// It starts with a byte order mark.
    ByteOrderMark,
    /// It has carriage returns: CRLF line ends.
    CarriageReturns,
    /// It is HTML or XML: an error page.
    ErrorPage,
    /// It ends with a newline; as served it ends with `}`.
    FinalNewline,
    /// It is not a JSON object.
    NotAnObject,
    /// None of the others: other values, key order or white space.
    Other,
    /// It has NUL bytes: UTF-16.
    Utf16,
}

impl Alteration {
    /// What `document` looks like, compared with the form that AWS serves.
    pub(crate) fn of(document: &[u8]) -> Self {
        match document {
            [0xef, 0xbb, 0xbf, ..] => Self::ByteOrderMark,
            _ if document.contains(&0) => Self::Utf16,
            _ if document.trim_ascii().starts_with(b"<") => Self::ErrorPage,
            _ if !document.trim_ascii().starts_with(b"{") => Self::NotAnObject,
            _ if document.contains(&b'\r') => Self::CarriageReturns,
            [.., b'\n'] => Self::FinalNewline,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Alteration {
    /// Completes "pass the document exactly as served".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => " (it starts with a byte order mark)",
            Self::CarriageReturns => " (it has CRLF line ends)",
            Self::ErrorPage => " (this is an error page)",
            Self::FinalNewline => " (it ends with a newline)",
            Self::NotAnObject => " (this is not a JSON object)",
            Self::Other => ", not parsed and printed again",
            Self::Utf16 => " (this is UTF-16)",
        })
    }
}
