//! What a page changes in the folder.

use std::collections::BTreeMap;

use instance_identity::{Algorithm, CertStore, PinnedCertificate, Region, SignatureKind};

use super::Failure;
use super::folder::partition_of_new;
use super::page::Published;

/// What happens to a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The slot was empty.
    Added,
    /// The slot is not on the pages. It is kept: its documents may still be presented, and the China regions stand on a page of their own.
    Gone,
    /// Another certificate over the same key.
    Renewed,
    /// A certificate over another key.
    Replaced,
    /// The same certificate, or no page was given.
    Unchanged,
}

/// The folder as it will be, and how it comes about.
pub(crate) struct Plan {
    pub(crate) store: CertStore,
    slots: BTreeMap<(Region, SignatureKind), Slot>,
}

struct Slot {
    change: Change,
    /// For the report: what the certificate is, or what it was and is.
    detail: String,
    /// Where a page has it.
    place: String,
}

impl Plan {
    /// `published` put over `folder`: every certificate is checked as one that comes from outside.
    pub(crate) fn new(folder: CertStore, published: &[Published]) -> Result<Self, Failure> {
        let pages: BTreeMap<(&Region, SignatureKind), &Published> =
            published.iter().map(|slot| ((&slot.region, slot.kind), slot)).collect();
        let mut plan = Self { store: CertStore::empty(), slots: BTreeMap::new() };
        let kept = folder.certificates().filter(|held| !pages.contains_key(&(held.region(), held.kind())));
        for held in kept {
            let (region, kind) = (held.region(), held.kind());
            let added = plan.store.add(region, held.partition(), kind, held.der());
            added.map_err(|fault| Failure::refused(format!("certs/{region}/{kind}.pem: {fault}")))?;
            let change = if published.is_empty() { Change::Unchanged } else { Change::Gone };
            let slot = Slot { change, detail: "not on the pages, kept".to_owned(), place: String::new() };
            plan.slots.insert((region.clone(), kind), slot);
        }
        for Published { region, kind, pem, place } in published {
            let error = |message: &dyn std::fmt::Display| Failure::refused(format!("{place}: {region} {kind}: {message}"));
            let partition = folder.partition(region).map_or_else(|| partition_of_new(region), Ok)?;
            plan.store.add(region, &partition, *kind, pem.as_bytes()).map_err(|fault| error(&fault))?;
            let new = plan.store.get(region, *kind).ok_or_else(|| error(&"no certificate"))?;
            // AWS signs /pkcs7 with RSA in China alone. Elsewhere it is the certificate of the tab beside.
            if *kind == SignatureKind::Dsa && new.algorithm() == Algorithm::Rsa2048Sha256 && partition.as_str() != "aws-cn" {
                return Err(error(&"an RSA-2048 key outside of China: is it from the wrong tab?"));
            }
            let (change, detail) = compare(folder.get(region, *kind).as_deref(), &new);
            plan.slots.insert((region.clone(), *kind), Slot { change, detail, place: place.clone() });
        }
        Ok(plan)
    }

    /// Refuses a plan in which another key takes the place of a known one: a tampered page must not do so unnoticed.
    pub(crate) fn refuse_replaced_keys(&self) -> Result<(), Failure> {
        let replaced = self.slots.iter().filter(|(_, slot)| slot.change == Change::Replaced);
        let message = |((region, kind), slot): (&(Region, SignatureKind), &Slot)| {
            format!("{}: {region} {kind}: another key than in certs/: {}; --replace allows it", slot.place, slot.detail)
        };
        let messages: Vec<String> = replaced.map(message).collect();
        if messages.is_empty() { Ok(()) } else { Err(Failure::Refused(messages)) }
    }

    /// The slots whose certificates are not in the folder yet.
    pub(crate) fn slots_to_write(&self) -> impl Iterator<Item = (&Region, SignatureKind)> {
        let is_new = |change| matches!(change, Change::Added | Change::Renewed | Change::Replaced);
        self.slots.iter().filter(move |(_, slot)| is_new(slot.change)).map(|((region, kind), _)| (region, *kind))
    }

    pub(crate) fn count(&self, change: Change) -> usize {
        self.slots.values().filter(|slot| slot.change == change).count()
    }

    /// A line for every slot that is not unchanged, and a last line with the counts.
    pub(crate) fn report(&self) -> String {
        let changed = self.slots.iter().filter(|(_, slot)| slot.change != Change::Unchanged);
        let lines = changed.map(|((region, kind), slot)| format!("{:<8} {region} {kind}: {}\n", name(slot.change), slot.detail));
        let counts = [Change::Added, Change::Renewed, Change::Replaced, Change::Gone, Change::Unchanged];
        let counts = counts.map(|change| format!("{} {}", self.count(change), name(change)));
        lines.collect::<String>() + &counts.join(", ") + "\n"
    }
}

fn compare(old: Option<&PinnedCertificate>, new: &PinnedCertificate) -> (Change, String) {
    let Some(old) = old else {
        return (Change::Added, format!("{}, partition {}", describe(new), new.partition()));
    };
    let change = if old.der() == new.der() {
        Change::Unchanged
    } else if old.has_key_of(new) {
        Change::Renewed
    } else {
        Change::Replaced
    };
    (change, format!("{} -> {}", describe(old), describe(new)))
}

fn describe(certificate: &PinnedCertificate) -> String {
    format!("{} valid to {}", certificate.fingerprint_hex(), certificate.not_after())
}

fn name(change: Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Gone => "gone",
        Change::Renewed => "renewed",
        Change::Replaced => "replaced",
        Change::Unchanged => "unchanged",
    }
}
