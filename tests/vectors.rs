//! The corpus in `vectors/`: each file's value is accepted, or refused with the exact error that the file states. See `vectors/README.md`.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use instance_identity::{Authentic, CertError, CertStore, Error, Evidence, Expect, Region, SignatureKind, Verifier};

const CLAUSES: &str = include_str!("refusals/clauses.md");
const NOT_VECTORS: &str = include_str!("vectors/not_vectors.tsv");
const OPENSSL: &str = include_str!("vectors/openssl.tsv");
/// So many at least, or the folder is not what it should be.
const AT_LEAST: usize = 120;
/// What is in the folder and is no vector.
const OTHERS: [&str; 5] = ["README.md", "certs", "not_vectors.tsv", "openssl.sh", "openssl.tsv"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// A file, read.
#[derive(Debug)]
struct Vector {
    expect: String,
    kind: Kind,
    region: String,
    document: Option<Vec<u8>>,
    allowed: Option<Vec<SignatureKind>>,
    at: Option<usize>,
    hint: Option<String>,
    body: Vec<u8>,
}

/// What the body is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Any,
    Named(SignatureKind),
    Evidence,
    Certificate(SignatureKind),
}

impl Vector {
    fn parse(file: &[u8]) -> Result<Self, String> {
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
    fn run(&self, store: &CertStore) -> Result<(), String> {
        let outcome = match self.kind {
            Kind::Certificate(kind) => self.load(kind),
            _ => self.verify(store)?.map(|_| ()).map_err(|error| Refusal::of(&error)),
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

    fn load(&self, kind: SignatureKind) -> Result<(), Refusal> {
        let (region, partition) = (self.region.parse().unwrap(), "aws".parse().unwrap());
        CertStore::empty().add(&region, &partition, kind, &self.body).map_err(|error| Refusal::to_load(&error))
    }

    fn verify(&self, store: &CertStore) -> Result<Result<Authentic, Error>, String> {
        let verifier = Verifier::new(store.clone());
        let verifier = match &self.allowed {
            Some(kinds) => verifier.allow_kinds(kinds.iter().copied()).map_err(|error| error.to_string())?,
            None => verifier,
        };
        let document = self.document.as_deref();
        let result = match self.kind {
            Kind::Any => match document {
                Some(document) => verifier.verify(document, &self.body, &self.region),
                None => verifier.verify_cms(&self.body, &self.region),
            },
            Kind::Named(kind) => {
                let evidence = document.map_or(Evidence::new(), |document| Evidence::new().with_document(document));
                let body = self.body.as_slice();
                self.verify_evidence(
                    &verifier,
                    &match kind {
                        SignatureKind::Rsa2048 => evidence.with_rsa2048(body),
                        SignatureKind::Dsa => evidence.with_pkcs7(body),
                        SignatureKind::Rsa => evidence.with_signature(body),
                    },
                )?
            }
            Kind::Evidence => match Evidence::from_json(&self.body) {
                Ok(evidence) => self.verify_evidence(&verifier, &evidence)?,
                Err(error) => Err(error),
            },
            Kind::Certificate(_) => unreachable!("is loaded, not verified"),
        };
        if let Ok(authentic) = &result {
            self.check(authentic)?;
        }
        Ok(result)
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
struct Refusal {
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

/// The files of a folder, by name, without `others`.
fn files(folder: &Path, others: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if !others.contains(&name.as_str()) {
            files.push((name, fs::read(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}

/// The ids of `refusals/clauses.md`.
fn clauses() -> BTreeSet<&'static str> {
    let ids: BTreeSet<&str> = CLAUSES.lines().filter_map(|line| line.strip_prefix("- ")?.split_once(": ")).map(|(id, _)| id).collect();
    assert!(ids.len() > 200, "the clauses are read");
    ids
}

/// The clause that a file is named after.
fn clause(name: &str) -> Result<&str, String> {
    let (clause, variant) = name.split_once('.').unwrap_or((name, "x"));
    let is_word = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if !clauses().contains(clause) || variant.is_empty() || !variant.bytes().all(is_word) {
        return Err("the name is no clause, or a clause and a variant".to_owned());
    }
    Ok(clause)
}

/// The store of `vectors/certs`.
fn store() -> CertStore {
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

/// Runs all files. What is wrong with the corpus, or with a verdict.
fn run(files: &[(String, Vec<u8>)], store: &CertStore) -> Result<BTreeMap<String, usize>, Vec<String>> {
    let mut faults = Vec::new();
    let mut counts = BTreeMap::new();
    if files.len() < AT_LEAST {
        faults.push(format!("only {} files", files.len()));
    }
    for (name, bytes) in files {
        let vector = clause(name).and_then(|_| Vector::parse(bytes));
        match vector.and_then(|vector| vector.run(store).map(|()| vector)) {
            Ok(vector) => *counts.entry(vector.expect.split(' ').next().unwrap().to_owned()).or_insert(0) += 1,
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    if faults.is_empty() { Ok(counts) } else { Err(faults) }
}

#[test]
fn every_vector_is_accepted_or_refused_as_it_states() {
    let files = files(&folder(), &OTHERS);
    match run(&files, &store()) {
        Ok(counts) => {
            println!("{} vectors: {counts:?}", files.len());
            let accepted = counts.get("accepted").copied().unwrap_or_default();
            assert_stated(&format!("{} files: {accepted} accepted, {} refused", files.len(), files.len() - accepted));
        }
        Err(faults) => panic!("{} of {} vectors:\n{}", faults.len(), files.len(), faults.join("\n")),
    }
}

#[test]
fn every_clause_has_a_vector_or_a_reason_why_not() {
    let named: BTreeSet<String> = files(&folder(), &OTHERS).iter().map(|(name, _)| clause(name).unwrap().to_owned()).collect();
    let mut lines = NOT_VECTORS.lines();
    assert_eq!(lines.next(), Some("clause\twhy it cannot be a file"));
    let rows: Vec<(&str, &str)> = lines.map(|line| line.split_once('\t').unwrap()).collect();
    let excepted: BTreeSet<&str> = rows.iter().map(|(id, _)| *id).collect();
    assert_eq!(excepted.len(), rows.len(), "an exception stands once");
    assert!(rows.iter().all(|(_, why)| !why.trim().is_empty()), "an exception has a reason");
    let without: Vec<&str> = clauses().into_iter().filter(|id| !named.contains(*id) && !excepted.contains(id)).collect();
    let unknown: Vec<&&str> = excepted.iter().filter(|id| !clauses().contains(**id) || named.contains(**id)).collect();
    assert_eq!((&without, &unknown), (&vec![], &vec![]), "clauses without a vector; exceptions that are no clause or have one");
    assert_stated(&format!("{} clauses: {} with a file, {} without", clauses().len(), named.len(), excepted.len()));
}

/// The counts in tests/README.md are those that the tests make.
#[track_caller]
fn assert_stated(count: &str) {
    assert!(include_str!("README.md").contains(count), "tests/README.md has to say: {count}");
}

/// Is the body base64 of something that starts as a CMS value does? 128 bytes are a `/signature` value, or cut.
fn is_cms(vector: &Vector) -> bool {
    let dense: Vec<u8> = vector.body.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
    let named = matches!(vector.kind, Kind::Any | Kind::Named(SignatureKind::Rsa2048 | SignatureKind::Dsa));
    named && STANDARD.decode(dense).is_ok_and(|bytes| bytes.first() == Some(&0x30) && bytes.len() != 128)
}

#[test]
fn the_table_of_openssl_is_about_these_vectors() {
    let mut lines = OPENSSL.lines().skip(1);
    assert_eq!(lines.next(), Some("file\texpect\topenssl"));
    let rows: BTreeMap<&str, &str> = lines.map(|line| line.split_once('\t').unwrap()).collect();
    let vectors: BTreeMap<String, Vector> =
        files(&folder(), &OTHERS).into_iter().map(|(name, bytes)| (name, Vector::parse(&bytes).unwrap())).collect();
    for (name, row) in &rows {
        let (expect, openssl) = row.split_once('\t').unwrap();
        assert_eq!(vectors.get(*name).map(|vector| vector.expect.as_str()), Some(expect), "{name}: run vectors/openssl.sh again");
        assert!(openssl == "accepts" || openssl.starts_with("refuses: "), "{name}: {openssl}");
    }
    let missing: Vec<&String> =
        vectors.iter().filter(|(name, it)| is_cms(it) && !rows.contains_key(name.as_str())).map(|it| it.0).collect();
    assert_eq!(missing, [""; 0], "run vectors/openssl.sh again");
    assert_stated(&format!("{} values that OpenSSL was asked about", rows.len()));
}

/// What reading this file is refused with.
fn fault(text: &str) -> String {
    Vector::parse(text.as_bytes()).unwrap_err()
}

#[test]
fn a_file_that_is_not_of_the_form_is_refused() {
    let good = "expect: accepted\nkind: any\nregion: test-local-1\ncomment: x\n\nMII=";
    assert_eq!(Vector::parse(good.as_bytes()).unwrap().body, b"MII=");
    assert_eq!(fault(&good.replace("comment: x", "comment: x\nexcept: y")), "unknown key except");
    assert_eq!(fault(&good.replace("comment: x", "comment: x\nkind: any")), "kind stands twice");
    for key in ["expect", "kind", "region", "comment"] {
        let without: Vec<&str> = good.split('\n').filter(|line| !line.starts_with(key)).collect();
        assert_eq!(fault(&without.join("\n")), format!("no {key}"));
    }
    assert_eq!(fault(&good.replace("kind: any", "kind: all")), "unknown kind all");
    assert_eq!(fault(&good.replace("kind: any", "kind: certificate any")), "unknown kind any");
    assert_eq!(fault(&good.replace("comment: x", "comment: x\nallowed: dsa,")), "unknown kind ");
    assert_eq!(fault(&good.replace("comment: x", "comment:  ")), "an empty comment");
    assert_eq!(fault(&good.replace("\n\n", "\n")), "no blank line after the headers");
    assert_eq!(fault(&good.replace("comment: x", "comment:x")), "no header: \"comment:x\"");
    assert_eq!(fault(&good.replace("comment: x", "comment: x\nat: 1")), "what is accepted has neither at nor hint");
    assert_eq!(fault(&good.replace("test-local-1", "*")), "any region goes with an evidence");
    assert!(fault(&good.replace("accepted", "one two three")).starts_with("expect is a code"));
    assert!(fault(&good.replace("comment: x", "comment: x\ndocument: *")).starts_with("document: "));
    assert!(fault(&good.replace("accepted", "x\nat: y")).starts_with("at: "));
}

#[test]
fn a_corpus_that_is_not_there_is_refused() {
    assert_eq!(run(&[], &store()).unwrap_err(), ["only 0 files"]);
    let vector = |expect: &str| format!("expect: {expect}\nkind: any\nregion: test-local-1\ncomment: x\n\n").into_bytes();
    let right = vec![("transport-blank-signature".to_owned(), vector("empty_input")); AT_LEAST];
    assert_eq!(run(&right, &store()).unwrap()["empty_input"], AT_LEAST);
    let with = |name: &str, file: Vec<u8>| run(&[right.clone(), vec![(name.to_owned(), file)]].concat(), &store()).unwrap_err();
    assert_eq!(with("no-such-clause", vector("empty_input")), ["no-such-clause: the name is no clause, or a clause and a variant"]);
    assert_eq!(with("ber-der.", vector("empty_input")), ["ber-der.: the name is no clause, or a clause and a variant"]);
    assert_eq!(with("ber-der", vector("accepted")).len(), 1);
    assert_eq!(with("ber-der", vector("invalid_ber trailing")).len(), 1);
    assert_eq!(with("ber-der", vector("empty_input trailing")).len(), 1);
    assert_eq!(with("ber-der", vector("empty_input\nat: 0")).len(), 1);
    assert_eq!(with("ber-der", vector("empty_input\nhint: x")).len(), 1);
}
