//! `certs/MANIFEST.tsv`: a row for each certificate, with what it is and where it was found.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use der::{Decode, Encode};
use instance_identity::{Algorithm, CertStore, PinnedCertificate};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

use super::{Failure, read};

/// What a row is known by: region, kind and fingerprint. A new certificate in a slot does not inherit where the old one was found.
type Key = (String, String, String);

/// The column `sources` of the manifest as it stands: the one thing in it that does not follow from the folder.
pub(crate) fn sources(path: &Path) -> Result<BTreeMap<Key, String>, Failure> {
    let text = read(path)?;
    let error = |line: usize, message: &str| Failure::refused(format!("{}:{line}: {message}", path.display()));
    let mut lines = text.lines().zip(1..);
    let header: Vec<&str> = lines.next().map_or_else(Vec::new, |(line, _)| line.split('\t').collect());
    let mut sources = BTreeMap::new();
    for (line, number) in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() != header.len() {
            return Err(error(number, "not as many fields as the first line has"));
        }
        let field = |name: &str| {
            let value = header.iter().zip(&fields).find(|(column, _)| **column == name).map(|(_, value)| (*value).to_owned());
            value.ok_or_else(|| error(1, &format!("no column {name}")))
        };
        let key = (field("region")?, field("type")?, field("sha256_der")?);
        if sources.insert(key, field("sources")?).is_some() {
            return Err(error(number, "a second row of this certificate"));
        }
    }
    Ok(sources)
}

/// The manifest of `store`. A certificate that `sources` does not know comes from `new_source`.
pub(crate) fn render(store: &CertStore, sources: &BTreeMap<Key, String>, new_source: Option<&str>) -> Result<String, Failure> {
    let mut rows = BTreeMap::new();
    for certificate in store.certificates() {
        let (region, kind) = (certificate.region().to_string(), certificate.kind().to_string());
        let key = (region.clone(), kind.clone(), certificate.fingerprint_hex());
        let source = sources.get(&key).map(String::as_str).or(new_source).ok_or_else(|| {
            Failure::refused(format!(
                "{region} {kind}: certs/MANIFEST.tsv does not say where this certificate was found; --source TEXT does"
            ))
        })?;
        let row = row(&certificate, source).map_err(|fault| Failure::refused(format!("{region} {kind}: {fault}")))?;
        rows.insert((region, kind), row);
    }
    Ok(rows.into_values().fold(format!("{HEADER}\n"), |manifest, row| manifest + &row + "\n"))
}

fn row(pinned: &PinnedCertificate, source: &str) -> Result<String, der::Error> {
    let certificate = Certificate::from_der(pinned.der())?;
    let tbs = certificate.tbs_certificate();
    let fields = [
        pinned.region().to_string(),
        pinned.partition().to_string(),
        pinned.kind().to_string(),
        pinned.fingerprint_hex(),
        // The number itself, without the zero octet that keeps its INTEGER positive.
        hex(pinned.serial().strip_prefix(&[0]).unwrap_or(pinned.serial())),
        pinned.not_before().to_string(),
        pinned.not_after().to_string(),
        key(pinned.algorithm()).to_owned(),
        signature_algorithm(&certificate.signature_algorithm().oid.to_string()),
        format!("v{}", tbs.version() as u8 + 1),
        hex(&Sha256::digest(tbs.subject_public_key_info().to_der()?)),
        source.to_owned(),
    ];
    Ok(fields.join("\t"))
}

/// The key in words. The library has checked that its sizes and its exponent are the ones of the algorithm.
fn key(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Dsa1024Sha1 => "DSA p=1024 q=160",
        Algorithm::Rsa1024Sha256 => "RSA 1024 e=65537",
        Algorithm::Rsa2048Sha256 => "RSA 2048 e=65537",
    }
}

fn signature_algorithm(oid: &str) -> String {
    let known = SIGNATURE_ALGORITHMS.into_iter().find(|(known, _)| *known == oid);
    known.map_or_else(|| oid.to_owned(), |(_, name)| format!("{oid} {name}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

const HEADER: &str = "region\tpartition\ttype\tsha256_der\tserial_hex\tnotBefore\tnotAfter\tkey\tsigAlg\tversion\tsha256_spki\tsources";

/// Those that occur, by which a certificate signs itself. Nothing follows from them: the certificates are pinned.
const SIGNATURE_ALGORITHMS: [(&str, &str); 3] =
    [("1.2.840.10040.4.3", "dsa-with-sha1"), ("1.2.840.113549.1.1.5", "sha1WithRSA"), ("1.2.840.113549.1.1.11", "sha256WithRSA")];
