//! What an instance presents: a document and its signatures, none of it verified.

use core::fmt;
use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::error::{Error, EvidenceReason, Part, ValueKind};
use crate::json::{self, Members};
use crate::kind::SignatureKind;
use crate::region::Region;

/// What an instance presents to say who it is: the document and up to three signatures, as the metadata service serves them.
///
/// Each signature is presented under the name of its endpoint, and verified as that. The document may be left out if a `pkcs7` or
/// `rsa2048` value is there: its content is then the document.
///
/// Whoever has an evidence can present it: it is a bearer token. `Debug` shows only the lengths.
#[derive(Clone, Default)]
pub struct Evidence {
    document: Option<Box<[u8]>>,
    rsa2048: Option<Box<[u8]>>,
    pkcs7: Option<Box<[u8]>>,
    signature: Option<Box<[u8]>>,
    any_kind: Option<Box<[u8]>>,
}

impl Evidence {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a JSON object with the keys `document`, `signature`, `pkcs7` and `rsa2048`: strings as served. `null` is the same as absent.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`] above 256 KiB; [`Error::InvalidEvidence`] if it is no such object, or has other keys or a key twice.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        check_size(json, Part::Evidence, MAX_EVIDENCE)?;
        let invalid = |reason| Error::InvalidEvidence { reason };
        let fields: Fields<'_> =
            json::object(json).map_err(|fault| invalid(EvidenceReason::Json { reason: fault.reason, at: fault.at }))?;
        if fields.has_unknown {
            return Err(invalid(EvidenceReason::UnknownKey));
        }
        let text = |name, value: Option<&RawValue>| match value {
            Some(value) if value.get() != "null" => {
                let text = json::string(value).ok_or(invalid(EvidenceReason::Field { name }))?;
                Ok(Some(text.into_owned().into_bytes().into()))
            }
            _ => Ok(None),
        };
        Ok(Self {
            document: text("document", fields.document)?,
            rsa2048: text("rsa2048", fields.rsa2048)?,
            pkcs7: text("pkcs7", fields.pkcs7)?,
            signature: text("signature", fields.signature)?,
            any_kind: None,
        })
    }

    /// With the bytes of `/latest/dynamic/instance-identity/document`, exactly as served.
    #[must_use]
    pub fn with_document(self, document: impl Into<Vec<u8>>) -> Self {
        Self { document: Some(document.into().into()), ..self }
    }

    /// With the text of `/signature`.
    #[must_use]
    pub fn with_signature(self, signature: impl Into<Vec<u8>>) -> Self {
        Self { signature: Some(signature.into().into()), ..self }
    }

    /// With the text of `/pkcs7`.
    #[must_use]
    pub fn with_pkcs7(self, pkcs7: impl Into<Vec<u8>>) -> Self {
        Self { pkcs7: Some(pkcs7.into().into()), ..self }
    }

    /// With the text of `/rsa2048`.
    #[must_use]
    pub fn with_rsa2048(self, rsa2048: impl Into<Vec<u8>>) -> Self {
        Self { rsa2048: Some(rsa2048.into().into()), ..self }
    }

    /// With the text of a signature whose endpoint is not known: its bytes tell the kind, as in [`Verifier::verify`](crate::Verifier::verify).
    ///
    /// Unlike a named one it is never skipped: a kind that is not allowed, or without a certificate, is an error.
    #[must_use]
    pub fn with_any_kind(self, signature: impl Into<Vec<u8>>) -> Self {
        Self { any_kind: Some(signature.into().into()), ..self }
    }

    pub(crate) fn document(&self) -> Option<&[u8]> {
        self.document.as_deref()
    }

    /// The strongest first, then one of unknown kind.
    pub(crate) fn values(&self) -> Vec<PresentedValue<'_>> {
        let named = [(SignatureKind::Rsa2048, &self.rsa2048), (SignatureKind::Dsa, &self.pkcs7), (SignatureKind::Rsa, &self.signature)];
        let named = named.into_iter().filter_map(|(kind, text)| Some(PresentedValue { label: Label::Kind(kind), text: text.as_deref()? }));
        let any_kind = self.any_kind.as_deref().map(|text| PresentedValue { label: Label::Any, text });
        named.chain(any_kind).collect()
    }
}

/// The values of the keys, as text.
#[derive(Default)]
struct Fields<'a> {
    document: Option<&'a RawValue>,
    rsa2048: Option<&'a RawValue>,
    pkcs7: Option<&'a RawValue>,
    signature: Option<&'a RawValue>,
    /// Of the last other key.
    unknown: Option<&'a RawValue>,
    has_unknown: bool,
}

impl<'a> Members<'a> for Fields<'a> {
    const NESTED: bool = false;

    fn place(&mut self, key: Cow<'a, str>) -> &mut Option<&'a RawValue> {
        match &*key {
            "document" => &mut self.document,
            "rsa2048" => &mut self.rsa2048,
            "pkcs7" => &mut self.pkcs7,
            "signature" => &mut self.signature,
            // One is refused, and so none of them is kept.
            _ => {
                self.has_unknown = true;
                self.unknown = None;
                &mut self.unknown
            }
        }
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = |field: &Option<Box<[u8]>>| field.as_ref().map(|bytes| bytes.len());
        f.debug_struct("Evidence")
            .field("document_length", &length(&self.document))
            .field("rsa2048_length", &length(&self.rsa2048))
            .field("pkcs7_length", &length(&self.pkcs7))
            .field("signature_length", &length(&self.signature))
            .field("any_kind_length", &length(&self.any_kind))
            .finish()
    }
}

/// Which region a document has to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect<'a> {
    /// The one that the document names, whichever it is, if the store has it: for a service with instances in many regions.
    ///
    /// The unverified document only picks the certificate; what it says counts after its signature has verified.
    AnyRegion,
    /// This one.
    Region(&'a Region),
}

/// What is presented, borrowed: an evidence, or the arguments of a call.
#[derive(Clone, Copy)]
pub(crate) struct Presented<'a> {
    pub(crate) document: Option<&'a [u8]>,
    pub(crate) values: &'a [PresentedValue<'a>],
}

/// One signature, as text.
#[derive(Clone, Copy)]
pub(crate) struct PresentedValue<'a> {
    pub(crate) label: Label,
    pub(crate) text: &'a [u8],
}

/// What a value is presented as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Any,
    AnyCms,
    Kind(SignatureKind),
}

impl Label {
    pub(crate) fn part(self) -> Part {
        match self {
            Self::Any | Self::AnyCms => Part::Signature(None),
            Self::Kind(kind) => Part::Signature(Some(kind)),
        }
    }

    /// What is asked for by this label.
    pub(crate) fn expected(self) -> ValueKind {
        match self {
            Self::Any => ValueKind::AnySignature,
            Self::AnyCms => ValueKind::Cms,
            Self::Kind(kind) => ValueKind::Endpoint(kind),
        }
    }
}

impl Presented<'_> {
    /// Nothing is empty, nothing over its limit.
    pub(crate) fn check_sizes(&self) -> Result<(), Error> {
        if let Some(document) = self.document {
            check_size(document, Part::Document, MAX_DOCUMENT)?;
        }
        self.values.iter().try_for_each(|value| check_size(value.text, value.label.part(), MAX_SIGNATURE))
    }
}

fn check_size(bytes: &[u8], part: Part, limit: usize) -> Result<(), Error> {
    if bytes.len() > limit {
        return Err(Error::InputTooLarge { part, limit });
    }
    if bytes.trim_ascii().is_empty() {
        return Err(Error::EmptyInput { part });
    }
    Ok(())
}

/// 32 times the longest document seen.
const MAX_DOCUMENT: usize = 16 * 1024;
/// A CMS value around the longest document, in base64 with line ends.
const MAX_SIGNATURE: usize = 32 * 1024;
/// All four at their limits, with room for the escapes of JSON.
const MAX_EVIDENCE: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_lengths_and_nothing_else() {
        let evidence = Evidence::new().with_document("{}").with_rsa2048("AAA=").with_any_kind("BBBBBBBB");
        let shown = "Evidence { document_length: Some(2), rsa2048_length: Some(4), pkcs7_length: None, signature_length: None, \
                     any_kind_length: Some(8) }";
        assert_eq!(format!("{evidence:?}"), shown);
    }
}
