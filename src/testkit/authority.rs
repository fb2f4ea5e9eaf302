//! The authority: what AWS's signing service is to real instances.

use super::certificate::TestCertificate;
use super::cms::Cms;
use super::document::{TestDocument, TestInstance};
use super::era::Era;
use super::key::TestKey;
use super::served::served;
use crate::certs::{CertError, CertStore};
use crate::evidence::Evidence;
use crate::kind::SignatureKind;
use crate::region::{Partition, Region};
use crate::time::UnixTime;

/// Issues documents of one region, with all three signatures, under worthless keys.
///
/// Its certificates are part of no other store: a verifier trusts it only where [`store`](Self::store), [`add_to`](Self::add_to) or
/// [`replace_in`](Self::replace_in) says so.
///
/// ```
/// use instance_identity::testkit::{Authority, Era, TestInstance};
/// use instance_identity::{Expect, UnixTime, Verifier};
///
/// let authority = Authority::test_local();
/// let issued = authority.issue(&TestInstance::new(UnixTime::from_secs(1_700_000_000).unwrap()), Era::In2026);
///
/// let verifier = Verifier::new(authority.store());
/// let authentic = verifier.verify_evidence(&issued.evidence(), Expect::Region(authority.region())).unwrap();
/// assert_eq!(authentic.signatures().len(), 3);
///
/// // Without the word, nothing that it issues is authentic.
/// let refused = Verifier::bundled().verify_evidence(&issued.evidence(), Expect::AnyRegion).unwrap_err();
/// assert_eq!(refused.code(), "unknown_region");
/// ```
#[derive(Clone, Debug)]
pub struct Authority {
    region: Region,
    partition: Partition,
    pkcs7_key: TestKey,
}

impl Authority {
    /// The authority of a region.
    pub fn new(region: Region, partition: Partition) -> Self {
        Self { region, partition, pkcs7_key: TestKey::Dsa1024 }
    }

    /// The authority of the made-up region `test-local-1` in partition `aws`.
    #[allow(clippy::expect_used, reason = "constants of their form; tests make one")]
    pub fn test_local() -> Self {
        Self::new("test-local-1".parse().expect("a region"), "aws".parse().expect("a partition"))
    }

    /// In the shape of the China regions: `/pkcs7` is signed with RSA-2048.
    #[must_use]
    pub fn in_china_shape(self) -> Self {
        Self { pkcs7_key: TestKey::Rsa2048China, ..self }
    }

    /// The region.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The partition of the region.
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// The certificate of a slot.
    pub fn certificate(&self, kind: SignatureKind) -> TestCertificate {
        let key = match kind {
            SignatureKind::Rsa2048 => TestKey::Rsa2048,
            SignatureKind::Dsa => self.pkcs7_key,
            SignatureKind::Rsa => TestKey::Rsa1024,
        };
        TestCertificate::new(key, self.region.as_str())
    }

    /// A store with this authority's certificates and no others.
    #[allow(clippy::expect_used, reason = "the keys are checked in; tests make a store of each shape")]
    pub fn store(&self) -> CertStore {
        let mut store = CertStore::empty();
        self.add_to(&mut store).expect("an empty store takes all three");
        store
    }

    /// Adds its certificates to a store.
    ///
    /// # Errors
    /// Those of [`CertStore::add`].
    pub fn add_to(&self, store: &mut CertStore) -> Result<(), CertError> {
        SignatureKind::ALL.into_iter().try_for_each(|kind| store.add(&self.region, &self.partition, kind, &self.certificate(kind).der()))
    }

    /// Puts its certificates in the place of a store's own.
    ///
    /// # Errors
    /// Those of [`CertStore::replace`].
    pub fn replace_in(&self, store: &mut CertStore) -> Result<(), CertError> {
        SignatureKind::ALL
            .into_iter()
            .try_for_each(|kind| store.replace(&self.region, &self.partition, kind, &self.certificate(kind).der()))
    }

    /// The document of an instance with its signatures, as of an era. AWS signs a few seconds after the start, here two.
    pub fn issue(&self, instance: &TestInstance, era: Era) -> Issued {
        let signing_time = UnixTime::from_secs(instance.pending_time.as_secs().saturating_add(2)).unwrap_or(instance.pending_time);
        self.sign(TestDocument::new(instance, &self.region, era).encode(), era, signing_time)
    }

    /// Any bytes with three signatures over them.
    pub fn sign(&self, document: impl Into<Vec<u8>>, era: Era, signing_time: UnixTime) -> Issued {
        let document = document.into();
        let cms = |kind| served(&self.cms(kind, &document, era, signing_time).encode());
        Issued {
            signature: served(&TestKey::Rsa1024.sign(&document)),
            pkcs7: cms(SignatureKind::Dsa),
            rsa2048: cms(SignatureKind::Rsa2048),
            document,
        }
    }

    /// The CMS value of a kind over any bytes, open to be broken.
    pub fn cms(&self, kind: SignatureKind, content: &[u8], era: Era, signing_time: UnixTime) -> Cms {
        Cms::new(&self.certificate(kind), era, content, signing_time)
    }
}

/// A document with its signatures, as the metadata service serves them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// `/document`.
    pub document: Vec<u8>,
    /// `/signature`.
    pub signature: String,
    /// `/pkcs7`.
    pub pkcs7: String,
    /// `/rsa2048`.
    pub rsa2048: String,
}

impl Issued {
    /// All of it as an evidence.
    pub fn evidence(&self) -> Evidence {
        Evidence::new()
            .with_document(self.document.clone())
            .with_signature(self.signature.clone())
            .with_pkcs7(self.pkcs7.clone())
            .with_rsa2048(self.rsa2048.clone())
    }

    /// The evidence as the JSON object that [`Evidence::from_json`] reads. A document that is not UTF-8 cannot be in it.
    pub fn evidence_json(&self) -> Option<String> {
        let document = core::str::from_utf8(&self.document).ok()?;
        let fields = serde_json::json!({
            "document": document,
            "signature": self.signature,
            "pkcs7": self.pkcs7,
            "rsa2048": self.rsa2048,
        });
        Some(fields.to_string())
    }
}
