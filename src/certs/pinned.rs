//! A certificate in its slot.

use core::fmt;
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::CertError;
use crate::encoding::{self, EncodingFault};
use crate::kind::{Algorithm, SignatureKind};
use crate::region::{Partition, Region};
use crate::signature::{self, KeyFault, PublicKey};
use crate::time::UnixTime;
use crate::x509::Certificate;

/// A certificate of a [`CertStore`](crate::CertStore): what vouches for the values of one kind in one region.
///
/// It is a pinned key. Its validity is reported and decides nothing: AWS renews certificates under the same key, and documents outlive
/// them.
pub struct PinnedCertificate {
    region: Region,
    partition: Partition,
    shared: Arc<KindCertificate>,
}

/// A certificate for slots of one kind, whatever their region.
#[derive(Debug)]
pub(super) struct KindCertificate {
    kind: SignatureKind,
    certificate: Certificate,
    key: PublicKey,
    fingerprint: [u8; 32],
}

impl PinnedCertificate {
    /// The region of the slot.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The partition of the region.
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// The kind of the slot.
    pub fn kind(&self) -> SignatureKind {
        self.shared.kind
    }

    /// The algorithm that follows from the key.
    pub fn algorithm(&self) -> Algorithm {
        self.shared.key.algorithm()
    }

    /// SHA-256 of the certificate's DER.
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.shared.fingerprint
    }

    /// [`fingerprint`](Self::fingerprint) in lower-case hexadecimal.
    pub fn fingerprint_hex(&self) -> String {
        hex(&self.shared.fingerprint)
    }

    /// The serial number: the contents of its INTEGER, big-endian, with a leading zero where the first bit is set.
    pub fn serial(&self) -> &[u8] {
        &self.shared.certificate.serial
    }

    /// The start of the certificate's validity.
    pub fn not_before(&self) -> UnixTime {
        self.shared.certificate.not_before
    }

    /// The end of the certificate's validity.
    pub fn not_after(&self) -> UnixTime {
        self.shared.certificate.not_after
    }

    /// The certificate itself.
    pub fn der(&self) -> &[u8] {
        &self.shared.certificate.der
    }

    /// Have both the same public key?
    pub fn has_key_of(&self, other: &Self) -> bool {
        self.shared.certificate.key == other.shared.certificate.key
    }

    /// The certificate of one slot from PEM or DER, all of it tested: for certificates that come from outside.
    pub(super) fn load(region: &Region, partition: &Partition, kind: SignatureKind, certificate: &[u8]) -> Result<Self, CertError> {
        let pinned = Self::new(region, partition, Arc::new(KindCertificate::parse(kind, certificate)?));
        pinned.key().check().map_err(|fault| key_error(fault, kind))?;
        Ok(pinned)
    }

    pub(super) fn new(region: &Region, partition: &Partition, shared: Arc<KindCertificate>) -> Self {
        Self { region: region.clone(), partition: partition.clone(), shared }
    }

    /// Does CMS name this certificate by `issuer`, header included, and `serial`, without header?
    pub(crate) fn is_signer(&self, issuer: &[u8], serial: &[u8]) -> bool {
        *self.shared.certificate.issuer == *issuer && *self.shared.certificate.serial == *serial
    }

    pub(crate) fn key(&self) -> &PublicKey {
        &self.shared.key
    }

    pub(crate) fn issuer(&self) -> &[u8] {
        &self.shared.certificate.issuer
    }

    #[cfg(feature = "internals")]
    pub(crate) fn subject_key(&self) -> &crate::x509::SubjectKey {
        &self.shared.certificate.key
    }
}

impl KindCertificate {
    /// The certificate from PEM or DER, if its key is of an algorithm that signs values of the kind. The tests of the key that take long
    /// are left out.
    pub(super) fn parse(kind: SignatureKind, certificate: &[u8]) -> Result<Self, CertError> {
        if certificate.len() > MAX_CERTIFICATE {
            return Err(CertError::TooLarge { limit: MAX_CERTIFICATE });
        }
        let decoded;
        // PEM is ASCII. DER never is: its outermost length alone needs an octet above that.
        let der = if certificate.is_ascii() && encoding::has_pem_lines(certificate) {
            decoded = encoding::decode(certificate, &["CERTIFICATE"])?;
            &decoded
        } else {
            certificate
        };
        let certificate = Certificate::parse(der).map_err(|_| CertError::NotACertificate)?;
        let key = PublicKey::new(&certificate.key).map_err(|fault| key_error(fault, kind))?;
        let fits = match kind {
            SignatureKind::Rsa => matches!(key, PublicKey::Rsa1024(_)),
            SignatureKind::Rsa2048 => matches!(key, PublicKey::Rsa2048(_)),
            // In the China regions AWS signs /pkcs7 with RSA-2048.
            SignatureKind::Dsa => matches!(key, PublicKey::Dsa1024(_) | PublicKey::Rsa2048(_)),
        };
        if !fits {
            return Err(CertError::KeyDoesNotFit { kind });
        }
        Ok(Self { kind, certificate, key, fingerprint: signature::sha256(&[der]) })
    }
}

impl From<EncodingFault> for CertError {
    fn from(fault: EncodingFault) -> Self {
        match fault {
            EncodingFault::Base64 { at } => Self::InvalidBase64 { at },
            EncodingFault::Pem { reason, at } => Self::InvalidPem { reason, at },
        }
    }
}

fn key_error(fault: KeyFault, kind: SignatureKind) -> CertError {
    match fault {
        KeyFault::Algorithm => CertError::KeyDoesNotFit { kind },
        KeyFault::Exponent => CertError::Exponent,
        KeyFault::Parameters => CertError::KeyParameters,
    }
}

impl Serialize for PinnedCertificate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut certificate = serializer.serialize_struct("PinnedCertificate", 8)?;
        certificate.serialize_field("region", self.region())?;
        certificate.serialize_field("partition", self.partition())?;
        certificate.serialize_field("kind", &self.kind())?;
        certificate.serialize_field("algorithm", &self.algorithm())?;
        certificate.serialize_field("fingerprint", &self.fingerprint_hex())?;
        certificate.serialize_field("serial", &hex(self.serial()))?;
        certificate.serialize_field("not_before", &self.not_before())?;
        certificate.serialize_field("not_after", &self.not_after())?;
        certificate.end()
    }
}

impl fmt::Debug for PinnedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PinnedCertificate")
            .field("region", &self.region)
            .field("kind", &self.kind())
            .field("fingerprint", &self.fingerprint_hex())
            .finish_non_exhaustive()
    }
}

fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Six times the longest bundled certificate as PEM.
const MAX_CERTIFICATE: usize = 16 * 1024;
