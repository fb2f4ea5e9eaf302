//! Memory of a process that has used every key. Measured in a child process, in stages.

use std::fs;
use std::process::Command;

use instance_identity::testkit::{Cms, Element, Era, TestCertificate, TestKey, served};
use instance_identity::{CertStore, SignatureKind, UnixTime, Verifier};
use openssl::x509::X509;

use crate::authority::Authority;
use crate::cases::{AUTHORITIES, WARM_UP, read, root};
use crate::counting;
use crate::random::Random;
use crate::report::Report;

pub fn run(report: &mut Report) {
    report.section(
        "memory of a process",
        &[
            "In stages, in one process. A forged value names the certificate, has the right digest and a random signature in range: it reaches",
            "the arithmetic. Each certificate is used 64 times. What the stages need is made before the first. VmRSS, and what Rust code has",
            "allocated and not freed: small tables can lie in memory that the preparation had freed, and then VmRSS does not show them.",
        ],
    );
    let output = Command::new(std::env::current_exe().unwrap()).args(["--child", "memory", ""]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    report.line("         VmRSS              heap");
    let mut before = None;
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let mut fields = line.splitn(3, ' ');
        let mut kib = || fields.next().unwrap().parse::<i64>().unwrap();
        let (resident, heap) = (kib(), kib());
        let (resident_before, heap_before) = before.unwrap_or((resident, heap));
        let (resident_more, heap_more) = (resident - resident_before, heap - heap_before);
        let stage = fields.next().unwrap();
        report.line(format!("  {resident:6} KiB {resident_more:+7}   {heap:6} KiB {heap_more:+7}   {stage}"));
        before = Some((resident, heap));
    }
}

/// The child: prints for each stage VmRSS and the heap, both in KiB, and its name.
pub fn child() {
    counting::start();
    let (_, capture) = read("us-east-2-2018-cloud-init", "rsa2048");
    let forged: Vec<Forged> = bundled().into_iter().map(|(region, kind, certificate)| Forged::new(region, kind, &certificate)).collect();
    let authorities = Authority::several(AUTHORITIES);
    let mut random = Random::new(3);
    let valid: Vec<(String, String)> = authorities
        .iter()
        .map(|authority| (authority.region.to_string(), authority.sign(SignatureKind::Dsa, &authority.document(&mut random).encode())))
        .collect();
    let store = Authority::store(&authorities);

    stage("before the first verification");
    let verifier = Verifier::bundled();
    assert!(verifier.verify_cms(capture.as_bytes(), "us-east-2").is_ok());
    stage("one /rsa2048 value verified");
    let certificates = CertStore::bundled().certificates().count();
    assert_eq!(certificates, forged.len());
    stage(&format!("all {certificates} bundled certificates parsed"));
    for kind in [SignatureKind::Rsa, SignatureKind::Rsa2048, SignatureKind::Dsa] {
        let of_kind = || forged.iter().filter(|forged| forged.kind == kind);
        of_kind().for_each(|forged| forged.present(&verifier));
        stage(&format!("forged values for each of the {} bundled certificates of {}", of_kind().count(), kind.endpoint()));
    }
    let verifier = Verifier::new(store);
    for (region, text) in &valid {
        assert!((0..WARM_UP).all(|_| verifier.verify_cms(text.as_bytes(), region).is_ok()));
    }
    stage(&format!("valid /pkcs7 values of {AUTHORITIES} further DSA keys"));
}

fn stage(name: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    println!("{} {} {name}", resident.trim().trim_end_matches(" kB"), counting::live() / 1024);
}

/// A value that is refused only by the signature itself.
struct Forged {
    region: String,
    kind: SignatureKind,
    text: String,
}

impl Forged {
    fn new(region: String, kind: SignatureKind, certificate: &X509) -> Self {
        let mut random = Random::new(4);
        // Below every modulus, and below every q.
        let mut integer = |size: usize| [&[0x7f], random.bytes(size - 1).as_slice()].concat();
        if kind == SignatureKind::Rsa {
            return Self { region, kind, text: served(&integer(128)) };
        }
        let is_dsa = certificate.public_key().unwrap().dsa().is_ok();
        let names = TestCertificate {
            key: if is_dsa { TestKey::Dsa1024 } else { TestKey::Rsa2048 },
            serial: certificate.serial_number().to_bn().unwrap().to_vec(),
            issuer: crate::authority::sequence_of(&certificate.issuer_name().to_der().unwrap()),
        };
        let mut cms = Cms::new(&names, Era::In2018, DOCUMENT, UnixTime::from_secs(1_700_000_000).unwrap());
        cms.signers[0].signature = if is_dsa {
            Element::constructed(0x30, [Element::primitive(0x02, integer(20)), Element::primitive(0x02, integer(20))]).encode()
        } else {
            integer(256)
        };
        Self { region, kind, text: served(&cms.encode()) }
    }

    fn present(&self, verifier: &Verifier) {
        for _ in 0..WARM_UP {
            let outcome = match self.kind {
                SignatureKind::Rsa => verifier.verify(DOCUMENT, self.text.as_bytes(), &self.region),
                SignatureKind::Dsa | SignatureKind::Rsa2048 => verifier.verify_cms(self.text.as_bytes(), &self.region),
            };
            assert_eq!(outcome.unwrap_err().code(), "signature_invalid");
        }
    }
}

/// The certificates in certs/: not through the store, so that it has parsed none before the stages.
fn bundled() -> Vec<(String, SignatureKind, X509)> {
    let mut certificates = Vec::new();
    for folder in fs::read_dir(root().join("certs")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for kind in SignatureKind::ALL {
            if let Ok(pem) = fs::read(folder.join(format!("{kind}.pem"))) {
                let region = folder.file_name().unwrap().to_str().unwrap().to_owned();
                certificates.push((region, kind, X509::from_pem(&pem).unwrap()));
            }
        }
    }
    certificates
}

const DOCUMENT: &[u8] = b"{}";
