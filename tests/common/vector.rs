//! The files of `tests/vectors`: see its README.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use instance_identity::{Authentic, CertError, CertStore, Error, Evidence, Expect, Region, SignatureKind, Verifier};

/// What is in the folder and is no vector.
const OTHERS: [&str; 5] = ["README.md", "certs", "not_vectors.tsv", "openssl.sh", "openssl.tsv"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// The vectors, by name.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if !OTHERS.contains(&name.as_str()) {
            files.push((name, fs::read(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}

/// The store of `vectors/certs`.
pub(crate) fn store() -> CertStore {
    let mut store = CertStore::empty();
    let mut loaded = 0;
    for entry in fs::read_dir(folder().join("certs")).unwrap() {
        let path = entry.unwrap().path();
        let region = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
        let partition = fs::read_to_string(path.join("partition")).unwrap().trim_end().parse().unwrap();
        for kind in SignatureKind::ALL {
            if let Ok(pem) = fs::read(path.join(format!("{kind}.pem"))) {
                store.add(&region, &partition, kind, &pem).unwrap();
                loaded += 1;
            }
        }
    }
    assert!(loaded >= 8, "only {loaded} certificates loaded");
    store
}

/// A file, read.
#[derive(Debug)]
pub(crate) struct Vector {
    pub(crate) expect: String,
    pub(crate) kind: Kind,
    region: String,
    document: Option<Vec<u8>>,
    allowed: Option<Vec<SignatureKind>>,
    at: Option<usize>,
    hint: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// What the body is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Any,
    Named(SignatureKind),
    Evidence,
    Certificate(SignatureKind),
}

impl Vector {
    pub(crate) fn parse(file: &[u8]) -> Result<Self, String> {
        let end = file.windows(2).position(|pair| pair == b"\n\n").ok_or("no blank line after the headers")?;
        let head = std::str::from_utf8(&file[..end]).map_err(|_| "headers are UTF-8")?;
        let mut headers = BTreeMap::new();
        for line in head.split('\n') {
            let (key, value) = line.split_once(": ").ok_or(format!("no header: {line:?}"))?;
            if !["expect", "kind", "region", "comment", "document", "allowed", "at", "hint"].contains(&key) {
                return Err(format!("unknown key {key}"));
            }
            if headers.insert(key, value).is_some() {
                return Err(format!("{key} stands twice"));
            }
        }
        let required = |key: &str| headers.get(key).map(|value| (*value).to_owned()).ok_or(format!("no {key}"));
        let expect = required("expect")?;
        let words: Vec<&str> = expect.split(' ').collect();
        if words.len() > 2 || words.iter().any(|word| word.is_empty() || !word.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')) {
            return Err(format!("expect is a code, or a code and a reason: {expect:?}"));
        }
        if expect == "accepted" && (headers.contains_key("at") || headers.contains_key("hint")) {
            return Err("what is accepted has neither at nor hint".to_owned());
        }
        if required("comment")?.trim().is_empty() {
            return Err("an empty comment".to_owned());
        }
        let slot = |name: &str| name.parse().map_err(|_| format!("unknown kind {name}"));
        let kind = match required("kind")?.as_str() {
            "any" => Kind::Any,
            "evidence" => Kind::Evidence,
            other => match other.strip_prefix("certificate ") {
                Some(name) => Kind::Certificate(slot(name)?),
                None => Kind::Named(slot(other)?),
            },
        };
        if matches!(kind, Kind::Evidence | Kind::Certificate(_)) && headers.contains_key("document") {
            return Err("a document beside an evidence or a certificate".to_owned());
        }
        let region = required("region")?;
        if region == "*" && matches!(kind, Kind::Any | Kind::Certificate(_)) {
            return Err("any region goes with an evidence".to_owned());
        }
        let document =
            headers.get("document").map(|text| STANDARD.decode(text)).transpose().map_err(|error| format!("document: {error}"))?;
        let allowed = headers.get("allowed").map(|kinds| kinds.split(',').map(slot).collect()).transpose()?;
        let at = headers.get("at").map(|at| at.parse()).transpose().map_err(|error| format!("at: {error}"))?;
        let hint = headers.get("hint").map(|hint| (*hint).to_owned());
        Ok(Self { expect, kind, region, document, allowed, at, hint, body: file[end + 2..].to_vec() })
    }

    /// Presents the body. What differs from what is expected is the error.
    pub(crate) fn run(&self, store: &CertStore) -> Result<(), String> {
        let outcome = match self.present(&self.verifier(store)?)? {
            Ok(Some(authentic)) => self.check(&authentic).map(|()| Ok(()))?,
            Ok(None) => Ok(()),
            Err(refusal) => Err(refusal),
        };
        match outcome {
            Ok(()) if self.expect == "accepted" => Ok(()),
            Ok(()) => Err(format!("expected {}, found accepted", self.expect)),
            Err(found) if found.name != self.expect => Err(format!("expected {}, found {found:?}", self.expect)),
            Err(found) if self.at.is_some() && self.at != found.at => Err(format!("expected at {:?}, found {found:?}", self.at)),
            Err(found) if self.hint.is_some() && self.hint != found.hint => Err(format!("expected {:?}, found {found:?}", self.hint)),
            Err(_) => Ok(()),
        }
    }

    /// The verifier to present it to.
    pub(crate) fn verifier(&self, store: &CertStore) -> Result<Verifier, String> {
        let verifier = Verifier::new(store.clone());
        match &self.allowed {
            Some(kinds) => verifier.allow_kinds(kinds.iter().copied()).map_err(|error| error.to_string()),
            None => Ok(verifier),
        }
    }

    /// Presents the body. What is accepted comes back, unless it is a certificate.
    pub(crate) fn present(&self, verifier: &Verifier) -> Result<Result<Option<Authentic>, Refusal>, String> {
        let document = self.document.as_deref();
        let verified = match self.kind {
            Kind::Any => match document {
                Some(document) => verifier.verify(document, &self.body, &self.region),
                None => verifier.verify_cms(&self.body, &self.region),
            },
            Kind::Named(kind) => {
                let evidence = document.map_or(Evidence::new(), |document| Evidence::new().with_document(document));
                let body = self.body.as_slice();
                self.verify_evidence(
                    verifier,
                    &match kind {
                        SignatureKind::Rsa2048 => evidence.with_rsa2048(body),
                        SignatureKind::Dsa => evidence.with_pkcs7(body),
                        SignatureKind::Rsa => evidence.with_signature(body),
                    },
                )?
            }
            Kind::Evidence => match Evidence::from_json(&self.body) {
                Ok(evidence) => self.verify_evidence(verifier, &evidence)?,
                Err(error) => Err(error),
            },
            Kind::Certificate(kind) => {
                let (region, partition) = (self.region.parse().unwrap(), "aws".parse().unwrap());
                let loaded = CertStore::empty().add(&region, &partition, kind, &self.body);
                return Ok(loaded.map(|()| None).map_err(|error| Refusal::to_load(&error)));
            }
        };
        Ok(verified.map(Some).map_err(|error| Refusal::of(&error)))
    }

    /// The length of what is presented.
    pub(crate) fn length(&self) -> usize {
        self.body.len() + self.document.as_ref().map_or(0, Vec::len)
    }

    fn verify_evidence(&self, verifier: &Verifier, evidence: &Evidence) -> Result<Result<Authentic, Error>, String> {
        if self.region == "*" {
            return Ok(verifier.verify_evidence(evidence, Expect::AnyRegion));
        }
        let region: Region = self.region.parse().map_err(|_| "an evidence is verified under a region code or *".to_owned())?;
        Ok(verifier.verify_evidence(evidence, Expect::Region(&region)))
    }

    /// What is accepted is what was presented.
    fn check(&self, authentic: &Authentic) -> Result<(), String> {
        if self.region != "*" && authentic.region().as_str() != self.region {
            return Err(format!("accepted as of {}", authentic.region()));
        }
        if self.document.as_ref().is_some_and(|document| authentic.document().as_bytes() != document) {
            return Err("accepted with another document".to_owned());
        }
        match self.kind {
            Kind::Named(kind) if authentic.signatures()[0].kind() != kind => Err("accepted as another kind".to_owned()),
            _ => Ok(()),
        }
    }
}

/// A refusal as the files name it.
#[derive(Debug)]
pub(crate) struct Refusal {
    name: String,
    at: Option<usize>,
    hint: Option<String>,
}

impl Refusal {
    fn of(error: &Error) -> Self {
        let name = error.reason().map_or(error.code().to_owned(), |reason| format!("{} {reason}", error.code()));
        Self { name, at: error.offset(), hint: error.hint().map(|hint| hint.to_string()) }
    }

    fn to_load(error: &CertError) -> Self {
        let (name, at) = match error {
            CertError::InvalidPem { reason, at } => (format!("{} {}", error.code(), reason.as_str()), Some(*at)),
            CertError::InvalidBase64 { at } => (error.code().to_owned(), Some(*at)),
            _ => (error.code().to_owned(), None),
        };
        Self { name, at, hint: None }
    }
}
