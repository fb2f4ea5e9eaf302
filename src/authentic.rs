//! The proof that a document is authentic.

use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::certs::PinnedCertificate;
use crate::document::Document;
use crate::kind::{Algorithm, SignatureKind};
use crate::region::{Partition, Region};
use crate::time::UnixTime;

/// A document that AWS signed, with what vouched for it. Only verification makes one.
///
/// It is authentic, and no more: it does not say when it was presented, by whom, or for the how-manieth time.
#[derive(Clone, Debug)]
pub struct Authentic {
    document: Document,
    partition: Partition,
    signatures: Vec<VerifiedSignature>,
    skipped: Vec<SkippedSignature>,
}

impl Authentic {
    pub(crate) fn new(
        document: Document,
        partition: Partition,
        signatures: Vec<VerifiedSignature>,
        skipped: Vec<SkippedSignature>,
    ) -> Self {
        Self { document, partition, signatures, skipped }
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The region of the instance.
    pub fn region(&self) -> &Region {
        self.document.region()
    }

    /// The partition of the region: the account id is unique within it.
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// The signatures that verified, the strongest first; at least one.
    pub fn signatures(&self) -> &[VerifiedSignature] {
        &self.signatures
    }

    /// The signatures that were presented and not looked at.
    pub fn skipped(&self) -> &[SkippedSignature] {
        &self.skipped
    }
}

impl Serialize for Authentic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut authentic = serializer.serialize_struct("Authentic", 5)?;
        authentic.serialize_field("document", &self.document)?;
        authentic.serialize_field("region", self.region())?;
        authentic.serialize_field("partition", &self.partition)?;
        authentic.serialize_field("signatures", &self.signatures)?;
        authentic.serialize_field("skipped", &self.skipped)?;
        authentic.end()
    }
}

/// A signature that verified.
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    certificate: Arc<PinnedCertificate>,
    signing_time: Option<UnixTime>,
}

impl VerifiedSignature {
    pub(crate) fn new(certificate: Arc<PinnedCertificate>, signing_time: Option<UnixTime>) -> Self {
        Self { certificate, signing_time }
    }

    /// The kind.
    pub fn kind(&self) -> SignatureKind {
        self.certificate.kind()
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.certificate.algorithm()
    }

    /// The certificate that vouched.
    pub fn certificate(&self) -> &PinnedCertificate {
        &self.certificate
    }

    /// When AWS signed, as the signature says; `/signature` does not. Documents are signed again later, so this is not freshness.
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.signing_time
    }
}

impl Serialize for VerifiedSignature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut signature = serializer.serialize_struct("VerifiedSignature", 4)?;
        signature.serialize_field("kind", &self.kind())?;
        signature.serialize_field("algorithm", &self.algorithm())?;
        signature.serialize_field("certificate", self.certificate())?;
        signature.serialize_field("signing_time", &self.signing_time)?;
        signature.end()
    }
}

/// A signature of an evidence that was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedSignature {
    /// The kind that it was presented as.
    pub kind: SignatureKind,
    /// Why.
    pub reason: SkipReason,
}

/// Why a signature was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The verifier does not allow the kind.
    KindNotAllowed,
    /// The region has no certificate of the kind.
    NoCertificate,
}

impl SkipReason {
    /// `kind_not_allowed` or `no_certificate`, as the error's code would be.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KindNotAllowed => "kind_not_allowed",
            Self::NoCertificate => "no_certificate",
        }
    }
}

impl Serialize for SkippedSignature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut skipped = serializer.serialize_struct("SkippedSignature", 2)?;
        skipped.serialize_field("kind", &self.kind)?;
        skipped.serialize_field("reason", self.reason.as_str())?;
        skipped.end()
    }
}
