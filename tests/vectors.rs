//! The corpus in `vectors/`: each file's value is accepted, or refused with the exact error that the file states. See `vectors/README.md`.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "common/vector.rs"]
mod vector;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use instance_identity::{CertStore, SignatureKind};
use vector::{Kind, Vector, files, store};

const CLAUSES: &str = include_str!("refusals/clauses.md");
const NOT_VECTORS: &str = include_str!("vectors/not_vectors.tsv");
const OPENSSL: &str = include_str!("vectors/openssl.tsv");
/// So many at least, or the folder is not what it should be.
const AT_LEAST: usize = 120;

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
    let files = files();
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
    let named: BTreeSet<String> = files().iter().map(|(name, _)| clause(name).unwrap().to_owned()).collect();
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
    let vectors: BTreeMap<String, Vector> = files().into_iter().map(|(name, bytes)| (name, Vector::parse(&bytes).unwrap())).collect();
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
