//! The certificates: that the bundled table, the folder `certs/` and its manifest are one; what is shared among them; and what a
//! `CertStore` takes and refuses.
#![cfg(feature = "bundled")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "certs/flips.rs"]
mod flips;
#[path = "certs/keys.rs"]
mod keys;
#[path = "certs/store.rs"]
mod store;
#[path = "certs/tlv.rs"]
mod tlv;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use instance_identity::{CertStore, Partition, PinnedCertificate, Region, SignatureKind};
use sha2::{Digest, Sha256};

/// A row of the manifest.
struct Row {
    region: Region,
    partition: Partition,
    kind: SignatureKind,
    cells: BTreeMap<String, String>,
}

impl Row {
    fn cell(&self, column: &str) -> &str {
        &self.cells[column]
    }

    fn pem_path(&self) -> PathBuf {
        certs().join(self.region.as_str()).join(format!("{}.pem", self.kind))
    }
}

fn manifest() -> Vec<Row> {
    let text = fs::read_to_string(certs().join("MANIFEST.tsv")).unwrap();
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        let cells: BTreeMap<String, String> = columns.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.to_owned())).collect();
        let (region, partition) = (cells["region"].parse().unwrap(), cells["partition"].parse().unwrap());
        Row { region, partition, kind: cells["type"].parse().unwrap(), cells }
    };
    lines.map(row).collect()
}

fn certs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("certs")
}

fn region(code: &str) -> Region {
    code.parse().unwrap()
}

fn partition(name: &str) -> Partition {
    name.parse().unwrap()
}

/// The PEM file of a slot, "us-east-1/rsa" say.
fn pem(slot: &str) -> String {
    fs::read_to_string(certs().join(format!("{slot}.pem"))).unwrap()
}

/// The contents of a PEM file in the one form that the folder has: 64 columns, LF.
fn der(pem: &str) -> Vec<u8> {
    let lines: Vec<&str> = pem.split('\n').collect();
    let [first, base64 @ .., last, end] = &lines[..] else { panic!("{pem}") };
    assert_eq!((*first, *last, *end), ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", ""));
    let (rest, full) = base64.split_last().unwrap();
    assert!((1..=64).contains(&rest.len()) && full.iter().all(|line| line.len() == 64), "{pem}");
    STANDARD.decode(base64.concat()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_table_is_the_folder_and_the_manifest() {
    let (rows, store) = (manifest(), CertStore::bundled());
    for row in &rows {
        let der = der(&fs::read_to_string(row.pem_path()).unwrap());
        let slot = store.get(&row.region, row.kind).unwrap();
        assert_eq!(slot.der(), der);
        assert_eq!((slot.region(), slot.kind(), slot.partition()), (&row.region, row.kind, &row.partition));
        assert_eq!(store.partition(&row.region).as_ref(), Some(&row.partition));
        assert_eq!(row.cell("sha256_der"), hex(&Sha256::digest(&der)));
        assert_eq!(row.cell("sha256_der"), slot.fingerprint_hex());
        assert_eq!(row.cell("sha256_der"), hex(slot.fingerprint()));
        assert_eq!(row.cell("serial_hex").trim_start_matches("00"), hex(slot.serial()).trim_start_matches("00"));
        assert_eq!(row.cell("notBefore"), slot.not_before().to_string());
        assert_eq!(row.cell("notAfter"), slot.not_after().to_string());
        assert!(!row.cell("sources").is_empty());
        let partition = fs::read_to_string(row.pem_path().with_file_name("partition")).unwrap();
        assert_eq!(partition, format!("{}\n", row.partition));
    }

    let slots: BTreeSet<(&Region, SignatureKind)> = rows.iter().map(|row| (&row.region, row.kind)).collect();
    assert_eq!(slots.len(), rows.len(), "a slot has one row");
    let bundled: Vec<Arc<PinnedCertificate>> = store.certificates().collect();
    assert_eq!(bundled.iter().map(|slot| (slot.region(), slot.kind())).collect::<BTreeSet<_>>(), slots);
    assert_eq!((store.regions().len(), bundled.len()), (39, 114));

    let mut expected: BTreeSet<PathBuf> = rows.iter().map(Row::pem_path).collect();
    expected.extend(rows.iter().map(|row| row.pem_path().with_file_name("partition")));
    let folders = fs::read_dir(certs()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    assert_eq!(files.collect::<BTreeSet<_>>(), expected);
}

#[test]
fn a_signer_is_found_by_its_serial_number_before_anything_is_parsed() {
    // The table repeats the serial numbers, and a hint depends on them: see `BundledCertificate`.
    let table = include_str!("../src/certs/table.rs");
    let mut seen = BTreeSet::new();
    for slot in CertStore::bundled().certificates() {
        let serial: String = slot.serial().iter().map(|byte| format!("\\x{byte:02x}")).collect();
        let path = format!("../../certs/{}/{}.pem", slot.region(), slot.kind());
        // A certificate of several regions stands there once, from the folder of the first.
        let rows = usize::from(seen.insert((slot.kind(), slot.der().to_vec())));
        let row = format!("BundledCertificate::new(b\"{serial}\", include_str!(\"{path}\"));\n");
        assert_eq!(table.matches(&row).count(), rows, "{path}");
    }
    assert_eq!(table.matches("include_str!").count(), seen.len());
    assert_eq!(seen.len(), 94);
}

#[test]
fn every_bundled_certificate_passes_the_checks_for_added_ones() {
    let mut store = CertStore::empty();
    for slot in CertStore::bundled().certificates() {
        assert_eq!(store.add(slot.region(), slot.partition(), slot.kind(), slot.der()), Ok(()), "{slot:?}");
    }
    assert_eq!(store.certificates().count(), 114);
}

#[test]
fn three_regions_have_no_dsa_certificate() {
    let store = CertStore::bundled();
    for region in store.regions() {
        let expected: &[SignatureKind] = match region.as_str() {
            "ap-east-2" | "ap-southeast-6" | "eusc-de-east-1" => &[SignatureKind::Rsa2048, SignatureKind::Rsa],
            _ => &SignatureKind::ALL,
        };
        assert_eq!(store.kinds(&region), expected, "{region}");
    }
}

#[test]
fn regions_belong_to_the_partition_of_their_prefix() {
    let store = CertStore::bundled();
    let mut regions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for region in store.regions() {
        regions.entry(store.partition(&region).unwrap().to_string()).or_default().push(region.to_string());
    }
    assert_eq!(regions.remove("aws").map(|regions| regions.len()), Some(34));
    let others = [
        ("aws-cn", vec!["cn-north-1", "cn-northwest-1"]),
        ("aws-eusc", vec!["eusc-de-east-1"]),
        ("aws-us-gov", vec!["us-gov-east-1", "us-gov-west-1"]),
    ];
    let others = others.map(|(partition, regions)| (partition.to_owned(), regions.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    assert_eq!(regions, BTreeMap::from(others));
}

/// The regions whose certificates of `kind` are the same by `same`, where there are several.
fn shared(kind: SignatureKind, same: impl Fn(&PinnedCertificate, &PinnedCertificate) -> bool) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<Arc<PinnedCertificate>>> = Vec::new();
    for slot in CertStore::bundled().certificates().filter(|slot| slot.kind() == kind) {
        match groups.iter_mut().find(|group| same(&group[0], &slot)) {
            Some(group) => group.push(slot),
            None => groups.push(vec![slot]),
        }
    }
    let names = |group: Vec<Arc<PinnedCertificate>>| group.iter().map(|slot| slot.region().to_string()).collect();
    groups.into_iter().filter(|group| group.len() > 1).map(names).collect()
}

fn same_key(one: &PinnedCertificate, other: &PinnedCertificate) -> bool {
    one.has_key_of(other)
}

fn same_certificate(one: &PinnedCertificate, other: &PinnedCertificate) -> bool {
    one.der() == other.der()
}

const CHINA: [&str; 2] = ["cn-north-1", "cn-northwest-1"];
const GOV_CLOUD: [&str; 2] = ["us-gov-east-1", "us-gov-west-1"];
const OLD_COMMERCIAL: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

#[test]
fn seventeen_regions_have_rsa_certificates_of_their_own_over_one_key() {
    assert_eq!(shared(SignatureKind::Rsa, same_key), [&OLD_COMMERCIAL[..], &CHINA, &GOV_CLOUD]);
    assert_eq!(shared(SignatureKind::Rsa, same_certificate), [CHINA]);
}

#[test]
fn nineteen_regions_share_one_dsa_certificate() {
    let mut nineteen = [&OLD_COMMERCIAL[..], &GOV_CLOUD].concat();
    nineteen.sort_unstable();
    assert_eq!(shared(SignatureKind::Dsa, same_certificate), [&nineteen[..], &CHINA]);
    assert_eq!(shared(SignatureKind::Dsa, same_key), [&nineteen[..], &CHINA]);
}

#[test]
fn every_rsa2048_key_is_of_one_region() {
    assert_eq!(shared(SignatureKind::Rsa2048, same_key), [[""; 0]; 0]);
}

#[test]
fn the_china_regions_sign_pkcs7_with_rsa2048() {
    for slot in CertStore::bundled().certificates() {
        let expected = match slot.kind() {
            SignatureKind::Rsa2048 => "rsa2048-sha256",
            SignatureKind::Dsa if CHINA.contains(&slot.region().as_str()) => "rsa2048-sha256",
            SignatureKind::Dsa => "dsa1024-sha1",
            SignatureKind::Rsa => "rsa1024-sha256",
        };
        assert_eq!(slot.algorithm().to_string(), expected, "{slot:?}");
    }
}
