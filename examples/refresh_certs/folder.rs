//! The folder `certs/`: `<region>/partition` and `<region>/{dsa,rsa,rsa2048}.pem`.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use instance_identity::{CertStore, Partition, Region, SignatureKind};

use super::changes::Plan;
use super::{Failure, read as read_text};

/// The certificates of the folder, all of them fully checked.
pub(crate) fn read(root: &Path) -> Result<CertStore, Failure> {
    let mut store = CertStore::empty();
    for path in entries(&root.join("certs"))?.into_iter().filter(|path| path.is_dir()) {
        read_region(&mut store, &path)?;
    }
    Ok(store)
}

fn read_region(store: &mut CertStore, folder: &Path) -> Result<(), Failure> {
    let error = |path: &Path, message: &dyn std::fmt::Display| Failure::refused(format!("{}: {message}", path.display()));
    let code = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let region: Region = code.parse().map_err(|parse| error(folder, &parse))?;
    let partition_file = folder.join("partition");
    let partition: Partition = read_text(&partition_file)?.trim_ascii_end().parse().map_err(|parse| error(&partition_file, &parse))?;
    for path in entries(folder)?.into_iter().filter(|path| *path != partition_file) {
        // A certificate under another name would be left out in silence.
        let Some(kind) = SignatureKind::ALL.into_iter().find(|kind| path == file_of(folder, *kind)) else {
            return Err(error(&path, &"expected partition, dsa.pem, rsa.pem or rsa2048.pem"));
        };
        let pem = read_text(&path)?;
        store.add(&region, &partition, kind, pem.as_bytes()).map_err(|fault| error(&path, &fault))?;
    }
    if store.kinds(&region).is_empty() {
        return Err(error(folder, &"no certificate"));
    }
    Ok(())
}

/// The new contents of the files that `plan` changes.
pub(crate) fn files(root: &Path, plan: &Plan) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut files = Vec::new();
    for (region, kind) in plan.slots_to_write() {
        let folder = root.join("certs").join(region.as_str());
        let certificate = plan.store.get(region, kind).ok_or_else(|| Failure::refused(format!("{region} {kind}: no certificate")))?;
        // An existing file has the last word on the partition, so it is never written again.
        let partition_file = folder.join("partition");
        if !partition_file.exists() {
            files.push((partition_file, format!("{}\n", certificate.partition())));
        }
        files.push((file_of(&folder, kind), pem(certificate.der())));
    }
    Ok(files)
}

/// The partition of a region that the folder does not have yet.
pub(crate) fn partition_of_new(region: &Region) -> Result<Partition, Failure> {
    let found = PARTITIONS.into_iter().find(|(prefix, _)| region.as_str().starts_with(prefix));
    let partition = found.map_or("aws", |(_, partition)| partition);
    partition.parse().map_err(|parse| Failure::refused(format!("{region}: {parse}")))
}

/// The certificate in lines of 64 characters (RFC 7468 §2), each with LF.
fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (character, column) in base64.chars().zip(0..) {
        if column > 0 && column % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem + "\n-----END CERTIFICATE-----\n"
}

fn file_of(folder: &Path, kind: SignatureKind) -> PathBuf {
    folder.join(format!("{kind}.pem"))
}

/// What a folder holds, in alphabetical order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let paths = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>());
    let mut paths = paths.map_err(|error| Failure::refused(format!("{}: {error}", folder.display())))?;
    paths.sort();
    Ok(paths)
}

const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
];
