//! What is verified: real captures, and issued documents. Each is asserted to verify, by us and by OpenSSL, before anything is measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use instance_identity::{Authentic, Error, SignatureKind, Verifier};

use crate::authority::Authority;
use crate::peer::{Certified, Openssl};
use crate::random::Random;

/// Verifications of each key before the clock starts: what is made only after some verifications is there then.
pub const WARM_UP: usize = 64;
/// As many keys of each kind as AWS has of DSA: what a service for all regions has in use.
pub const AUTHORITIES: usize = 16;
pub const DOCUMENTS_PER_AUTHORITY: usize = 20;

/// A value with its document.
#[derive(Clone)]
pub struct Case {
    pub kind: SignatureKind,
    pub region: String,
    pub document: Vec<u8>,
    pub text: String,
    pub certified: Arc<Certified>,
}

impl Case {
    /// A CMS value is verified alone, `/signature` with its document.
    pub fn verify(&self, verifier: &Verifier) -> Result<Authentic, Error> {
        match self.kind {
            SignatureKind::Rsa => verifier.verify(&self.document, self.text.as_bytes(), &self.region),
            SignatureKind::Dsa | SignatureKind::Rsa2048 => verifier.verify_cms(self.text.as_bytes(), &self.region),
        }
    }

    pub fn verify_by(&self, openssl: &mut Openssl) -> bool {
        match self.kind {
            SignatureKind::Rsa => openssl.verify_bare(&self.certified, &self.document, &self.text),
            SignatureKind::Dsa | SignatureKind::Rsa2048 => openssl.verify_cms(&self.certified, &self.text),
        }
    }
}

/// The authorities of this run.
pub fn authorities() -> &'static [Authority] {
    static AUTHORITIES_OF_RUN: LazyLock<Vec<Authority>> = LazyLock::new(|| Authority::several(AUTHORITIES));
    &AUTHORITIES_OF_RUN
}

/// Cases under one verifier.
pub struct Cases {
    pub verifier: Verifier,
    cases: BTreeMap<SignatureKind, Vec<Case>>,
}

impl Cases {
    pub fn of(&self, kind: SignatureKind) -> &[Case] {
        &self.cases[&kind]
    }

    /// Every signature of tests/captures.
    pub fn captures() -> &'static Self {
        static CASES: LazyLock<Cases> = LazyLock::new(|| {
            let verifier = Verifier::bundled();
            let cases = captures(&verifier);
            assert_eq!(cases.len(), 21);
            Cases::new(verifier, cases)
        });
        &CASES
    }

    /// Issued documents, all different, of several authorities.
    pub fn issued() -> &'static Self {
        static CASES: LazyLock<Cases> = LazyLock::new(Cases::issue);
        &CASES
    }

    fn issue() -> Self {
        let mut random = Random::new(2);
        let mut cases = Vec::new();
        for authority in authorities() {
            for kind in SignatureKind::ALL {
                let certified = Arc::new(Certified::new(authority.certificate(kind)));
                cases.extend((0..DOCUMENTS_PER_AUTHORITY).map(|_| {
                    let document = authority.document(&mut random).encode();
                    let text = authority.sign(kind, &document);
                    Case { kind, region: authority.region.to_string(), document, text, certified: Arc::clone(&certified) }
                }));
            }
        }
        random.shuffle(&mut cases);
        Self::new(Verifier::new(Authority::store(authorities())), cases)
    }

    fn new(verifier: Verifier, all: Vec<Case>) -> Self {
        let mut openssl = Openssl::new();
        let mut cases: BTreeMap<SignatureKind, Vec<Case>> = BTreeMap::new();
        for case in all {
            assert_eq!(case.verify(&verifier).unwrap().document().as_bytes(), case.document);
            assert!(case.verify_by(&mut openssl));
            let altered = altered(&case);
            assert_eq!(altered.verify(&verifier).unwrap_err().code(), "signature_invalid");
            assert!(!altered.verify_by(&mut openssl));
            cases.entry(case.kind).or_default().push(case);
        }
        for cases in cases.values() {
            assert!(cases.iter().cycle().take(AUTHORITIES * WARM_UP).all(|case| case.verify(&verifier).is_ok()));
        }
        Self { verifier, cases }
    }
}

/// The same with one character of the signature changed: 40 before the end there is nothing else.
fn altered(case: &Case) -> Case {
    let mut text = case.text.trim_end().as_bytes().to_vec();
    let at = (0..text.len() - 40).rev().find(|at| text[*at] != b'\n').unwrap();
    text[at] = if text[at] == b'A' { b'B' } else { b'A' };
    Case { text: String::from_utf8(text).unwrap(), ..case.clone() }
}

fn captures(verifier: &Verifier) -> Vec<Case> {
    let index = fs::read_to_string(root().join("tests/captures/INDEX.tsv")).unwrap();
    let mut cases = Vec::new();
    for row in index.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        for endpoint in columns[2].split(',') {
            let kind = SignatureKind::ALL.into_iter().find(|kind| kind.endpoint() == endpoint).unwrap();
            cases.push(capture(verifier, columns[0], columns[1], kind));
        }
    }
    cases
}

/// One signature of a capture.
pub fn capture(verifier: &Verifier, name: &str, region: &str, kind: SignatureKind) -> Case {
    let (document, text) = read(name, kind.endpoint());
    let certificate = verifier.store().get(&region.parse().unwrap(), kind).unwrap();
    Case { kind, region: region.to_owned(), document, text, certified: Arc::new(Certified::new(certificate.der())) }
}

/// The document and one value of a capture.
pub fn read(name: &str, endpoint: &str) -> (Vec<u8>, String) {
    let folder = root().join("tests/captures").join(name);
    let document = fs::read(folder.join("document.json")).unwrap();
    (document, fs::read_to_string(folder.join(format!("{endpoint}.b64"))).unwrap())
}

/// The folder of the crate.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
