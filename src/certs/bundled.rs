//! The bundled table: the regions, and their certificates as PEM, each parsed once, when first needed.

use std::sync::{Arc, OnceLock};

use super::pinned::{KindCertificate, PinnedCertificate};
use crate::kind::SignatureKind;
use crate::region::{Partition, Region};

/// A region of the table.
#[derive(Debug)]
pub(super) struct BundledRegion {
    code: &'static str,
    partition: &'static str,
    rsa2048: Option<BundledSlot>,
    dsa: Option<BundledSlot>,
    rsa: Option<BundledSlot>,
}

/// A slot of the table.
#[derive(Debug)]
pub(super) struct BundledSlot {
    certificate: &'static BundledCertificate,
    pinned: OnceLock<Option<Arc<PinnedCertificate>>>,
}

/// A certificate of the table. It may fill slots of one kind in several regions: it is parsed once for all of them, and what its
/// key needs is made once.
#[derive(Debug)]
pub(super) struct BundledCertificate {
    /// The contents of the serial number's INTEGER, so that a signer is found without parsing every certificate.
    serial: &'static [u8],
    pem: &'static str,
    parsed: OnceLock<Option<Arc<KindCertificate>>>,
}

#[cfg(feature = "bundled")]
impl BundledRegion {
    pub(super) const fn new(
        code: &'static str,
        partition: &'static str,
        rsa2048: Option<BundledSlot>,
        dsa: Option<BundledSlot>,
        rsa: Option<BundledSlot>,
    ) -> Self {
        Self { code, partition, rsa2048, dsa, rsa }
    }
}

#[cfg(feature = "bundled")]
impl BundledSlot {
    pub(super) const fn new(certificate: &'static BundledCertificate) -> Option<Self> {
        Some(Self { certificate, pinned: OnceLock::new() })
    }
}

#[cfg(feature = "bundled")]
impl BundledCertificate {
    pub(super) const fn new(serial: &'static [u8], pem: &'static str) -> Self {
        Self { serial, pem, parsed: OnceLock::new() }
    }
}

// The text of every row is right: `the_table_is_the_folder_and_the_manifest` in tests/certs.rs reads all of them. Were one not, its
// slot would be empty, and what needs it refused.
impl BundledRegion {
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    pub(super) fn region(&self) -> Option<Region> {
        self.code.parse().ok()
    }

    pub(super) fn partition(&self) -> Option<Partition> {
        self.partition.parse().ok()
    }

    pub(super) fn has(&self, kind: SignatureKind) -> bool {
        self.slot(kind).is_some()
    }

    pub(super) fn certificate(&self, kind: SignatureKind) -> Option<Arc<PinnedCertificate>> {
        let slot = self.slot(kind)?;
        let pin = || Some(Arc::new(PinnedCertificate::new(&self.region()?, &self.partition()?, slot.certificate.parsed(kind)?)));
        slot.pinned.get_or_init(pin).clone()
    }

    /// The certificate of a slot if it has this serial number; if not, it is not parsed.
    pub(super) fn certificate_of_serial(&self, kind: SignatureKind, serial: &[u8]) -> Option<Arc<PinnedCertificate>> {
        if self.slot(kind)?.certificate.serial == serial { self.certificate(kind) } else { None }
    }

    fn slot(&self, kind: SignatureKind) -> Option<&BundledSlot> {
        match kind {
            SignatureKind::Rsa2048 => self.rsa2048.as_ref(),
            SignatureKind::Dsa => self.dsa.as_ref(),
            SignatureKind::Rsa => self.rsa.as_ref(),
        }
    }
}

impl BundledCertificate {
    /// The certificate, for the slots of its kind.
    fn parsed(&self, kind: SignatureKind) -> Option<Arc<KindCertificate>> {
        self.parsed.get_or_init(|| KindCertificate::parse(kind, self.pem.as_bytes()).ok().map(Arc::new)).clone()
    }
}
