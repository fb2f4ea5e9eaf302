//! The certificates that verification trusts: exactly one for each region and kind.
//!
//! AWS publishes up to three certificates for each region. A value is verified by the one certificate of its slot, (region, kind), and by
//! no other: there is no pool and no fallback.

mod bundled;
mod error;
mod pinned;
#[cfg(feature = "bundled")]
#[rustfmt::skip]
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use bundled::BundledRegion;
pub use error::CertError;
pub use pinned::PinnedCertificate;

use crate::kind::SignatureKind;
use crate::region::{Partition, Region};

/// The certificates by slot, (region, kind). A bundled certificate is parsed when it is first needed.
///
/// ```
/// use instance_identity::{CertStore, SignatureKind};
///
/// let store = CertStore::bundled();
/// let region = "eu-west-1".parse().unwrap();
/// let certificate = store.get(&region, SignatureKind::Rsa2048).unwrap();
/// assert_eq!(certificate.algorithm().to_string(), "rsa2048-sha256");
/// ```
#[derive(Clone)]
pub struct CertStore {
    bundled: &'static [BundledRegion],
    added: BTreeMap<Region, AddedRegion>,
}

#[derive(Clone, Debug)]
struct AddedRegion {
    partition: Partition,
    slots: BTreeMap<SignatureKind, Arc<PinnedCertificate>>,
}

impl CertStore {
    /// The certificates that AWS publishes, as of this crate's release.
    #[cfg(feature = "bundled")]
    pub fn bundled() -> Self {
        Self { bundled: &table::REGIONS, added: BTreeMap::new() }
    }

    /// No certificates.
    pub fn empty() -> Self {
        Self { bundled: &[], added: BTreeMap::new() }
    }

    /// Adds a certificate, PEM or DER, to an empty slot: for a new or an isolated region, or a kind that is not bundled.
    ///
    /// Adding the very certificate that a slot holds changes nothing.
    ///
    /// # Errors
    /// Every error leaves the store as it was. [`CertError::SlotFilled`] if the slot holds another certificate: see
    /// [`replace`](Self::replace). The others say why the certificate does not fit.
    pub fn add(&mut self, region: &Region, partition: &Partition, kind: SignatureKind, certificate: &[u8]) -> Result<(), CertError> {
        let pinned = PinnedCertificate::load(region, partition, kind, certificate)?;
        match self.get(region, kind) {
            Some(held) if held.der() == pinned.der() => self.check_partition(region, partition),
            Some(_) => Err(CertError::SlotFilled { region: region.clone(), kind }),
            None => self.insert(pinned),
        }
    }

    /// Puts a certificate, PEM or DER, into a slot, whether a certificate is there or not. What was there no longer vouches for anything.
    ///
    /// # Errors
    /// As [`add`](Self::add), but for [`CertError::SlotFilled`].
    pub fn replace(&mut self, region: &Region, partition: &Partition, kind: SignatureKind, certificate: &[u8]) -> Result<(), CertError> {
        self.insert(PinnedCertificate::load(region, partition, kind, certificate)?)
    }

    /// The certificate of a slot.
    pub fn get(&self, region: &Region, kind: SignatureKind) -> Option<Arc<PinnedCertificate>> {
        self.slots(region).get(kind)
    }

    /// The kinds that a region has certificates for, the strongest first; none if the region is unknown.
    pub fn kinds(&self, region: &Region) -> Vec<SignatureKind> {
        self.slots(region).kinds()
    }

    /// The partition of a region.
    pub fn partition(&self, region: &Region) -> Option<Partition> {
        self.slots(region).partition()
    }

    /// All regions, in alphabetical order.
    pub fn regions(&self) -> Vec<Region> {
        let mut regions: Vec<Region> = self.bundled.iter().filter_map(BundledRegion::region).chain(self.added.keys().cloned()).collect();
        regions.sort();
        regions.dedup();
        regions
    }

    /// All certificates, by region and then by kind. Parses those that have not been needed yet.
    pub fn certificates(&self) -> impl Iterator<Item = Arc<PinnedCertificate>> + '_ {
        let slots = self.regions().into_iter().flat_map(|region| SignatureKind::ALL.map(|kind| (region.clone(), kind)));
        slots.filter_map(|(region, kind)| self.get(&region, kind))
    }

    /// The slots of a region; all empty if it is unknown.
    pub(crate) fn slots(&self, region: &Region) -> Slots<'_> {
        let index = self.bundled.binary_search_by(|bundled| bundled.code().cmp(region.as_str())).ok();
        Slots { added: self.added.get(region), bundled: index.and_then(|index| self.bundled.get(index)) }
    }

    /// The regions that have a CMS certificate of this issuer and serial number, as in [`Slots::signer`].
    pub(crate) fn regions_of_signer(&self, issuer: &[u8], serial: &[u8]) -> Vec<Region> {
        self.regions().into_iter().filter(|region| self.slots(region).signer(issuer, serial).is_some()).collect()
    }

    fn insert(&mut self, pinned: PinnedCertificate) -> Result<(), CertError> {
        let (region, kind) = (pinned.region().clone(), pinned.kind());
        self.check_partition(&region, pinned.partition())?;
        // A CMS value belongs to the slot whose certificate it names. Two slots of one name would leave that open.
        let others = SignatureKind::ALL.into_iter().filter(|other| *other != kind);
        for other in others.filter_map(|other| self.get(&region, other)) {
            if other.is_signer(pinned.issuer(), pinned.serial()) {
                return Err(CertError::SameSigner { region, kind: other.kind() });
            }
        }
        let empty = AddedRegion { partition: pinned.partition().clone(), slots: BTreeMap::new() };
        self.added.entry(region).or_insert(empty).slots.insert(kind, Arc::new(pinned));
        Ok(())
    }

    fn check_partition(&self, region: &Region, partition: &Partition) -> Result<(), CertError> {
        match self.partition(region) {
            Some(known) if known != *partition => Err(CertError::PartitionMismatch { region: region.clone(), known }),
            _ => Ok(()),
        }
    }
}

/// The slots of one region.
#[derive(Clone, Copy)]
pub(crate) struct Slots<'a> {
    added: Option<&'a AddedRegion>,
    bundled: Option<&'static BundledRegion>,
}

impl Slots<'_> {
    pub(crate) fn get(self, kind: SignatureKind) -> Option<Arc<PinnedCertificate>> {
        self.added(kind).or_else(|| self.bundled?.certificate(kind))
    }

    pub(crate) fn has(self, kind: SignatureKind) -> bool {
        self.added.is_some_and(|region| region.slots.contains_key(&kind)) || self.bundled.is_some_and(|region| region.has(kind))
    }

    /// The kinds of the slots that are filled, the strongest first.
    pub(crate) fn kinds(self) -> Vec<SignatureKind> {
        SignatureKind::ALL.into_iter().filter(|kind| self.has(*kind)).collect()
    }

    pub(crate) fn partition(self) -> Option<Partition> {
        self.added.map(|added| added.partition.clone()).or_else(|| self.bundled?.partition())
    }

    /// The CMS certificate that has this issuer, header included, and serial number, without header.
    pub(crate) fn signer(self, issuer: &[u8], serial: &[u8]) -> Option<Arc<PinnedCertificate>> {
        [SignatureKind::Rsa2048, SignatureKind::Dsa].into_iter().find_map(|kind| {
            let certificate = self.added(kind).or_else(|| self.bundled?.certificate_of_serial(kind, serial))?;
            certificate.is_signer(issuer, serial).then_some(certificate)
        })
    }

    fn added(self, kind: SignatureKind) -> Option<Arc<PinnedCertificate>> {
        self.added?.slots.get(&kind).cloned()
    }
}

impl core::fmt::Debug for CertStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CertStore").field("bundled_regions", &self.bundled.len()).field("added", &self.added).finish()
    }
}
