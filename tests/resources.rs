//! What an input may cost: memory is bounded by a multiple of its length, time grows with its length, and a small stack is enough.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "common/vector.rs"]
mod vector;

use std::alloc::System;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use instance_identity::testkit::{Authority, Element, Era, TestDocument, TestInstance, TestKey, attribute, served};
use instance_identity::{CertStore, Evidence, Expect, SignatureKind, UnixTime, Verifier};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use vector::{Kind, Vector, files, store};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What is measured, is measured alone in the process.
static ALONE: Mutex<()> = Mutex::new(());

/// All bytes that are allocated, freed again or not, are at most these and a multiple of the input's length. DSA takes them for its numbers.
const CONSTANT: usize = 24 * 1024;
/// To load a certificate: a DSA key has a table.
const CONSTANT_OF_CERTIFICATE: usize = 60 * 1024;
/// The multiple, but for JSON with very many keys.
const MULTIPLE: usize = 4;
const MOST_ALLOCATIONS: usize = 100;

#[test]
fn what_a_vector_allocates_is_bounded_by_its_length() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let store = store();
    let mut count = 0;
    for (name, bytes) in files() {
        let vector = Vector::parse(&bytes).unwrap();
        let verifier = vector.verifier(&store).unwrap();
        let (allocations, bytes) = allocated(|| drop(vector.present(&verifier).unwrap()));
        let is_certificate = matches!(vector.kind, Kind::Certificate(_));
        let most = if is_certificate { CONSTANT_OF_CERTIFICATE } else { CONSTANT } + MULTIPLE * vector.length();
        assert!(bytes <= most, "{name}: {bytes} bytes for {}", vector.length());
        assert!(allocations <= MOST_ALLOCATIONS, "{name}: {allocations} allocations");
        count += 1;
    }
    assert!(count > 1000, "only {count} vectors");
}

#[test]
fn what_a_large_input_allocates_is_bounded_by_its_length() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for shape in shapes() {
        let presented = (shape.of_size)(shape.largest);
        let length = presented.length();
        let verifier = verifier();
        assert_eq!(presented.present(&verifier), shape.outcome, "{}", shape.name);
        let (_, bytes) = allocated(|| _ = presented.present(&verifier));
        let most = CONSTANT + shape.multiple * length;
        assert!(bytes <= most, "{}: {bytes} bytes for {length}", shape.name);
    }
}

/// Allocations, growing ones included, and their bytes.
fn allocated(work: impl Fn()) -> (usize, usize) {
    // What is made at the first use is not the input's.
    work();
    let region = Region::new(ALLOCATOR);
    work();
    let change = region.change();
    (change.allocations + change.reallocations, change.bytes_allocated)
}

#[test]
fn time_grows_with_the_length() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for shape in shapes() {
        let growth = growth(|size| {
            let (verifier, presented) = (verifier(), (shape.of_size)(shape.largest * size / GROWTH));
            move || _ = presented.present(&verifier)
        });
        assert!(growth <= MOST_GROWTH, "{}: {growth:.1} times the time of {GROWTH} inputs of a {GROWTH}th of the length", shape.name);
    }
}

#[test]
fn time_that_grows_with_the_square_of_the_length_would_be_found() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let with_exponent = |exponent| {
        growth(move |size| {
            let steps = 2_000 * size.pow(exponent);
            move || _ = (0..steps).fold(1_u64, |sum, step| std::hint::black_box(sum.wrapping_mul(step as u64 | 1)))
        })
    };
    assert!(with_exponent(1) <= MOST_GROWTH);
    assert!(with_exponent(2) > MOST_GROWTH);
}

/// How long the work of size [`GROWTH`] takes, as a multiple of [`GROWTH`] times the work of size 1. In turns, the best of many, so that what
/// else the machine does is left out.
fn growth<W: Fn()>(work_of_size: impl Fn(usize) -> W) -> f64 {
    let (small, large) = (work_of_size(1), work_of_size(GROWTH));
    let (mut smalls, mut larges) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        smalls = smalls.min(time(|| (0..GROWTH).for_each(|_| small())));
        larges = larges.min(time(&large));
    }
    larges.as_secs_f64() / smalls.as_secs_f64()
}

fn time(work: impl Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

const GROWTH: usize = 8;
/// Linear time is 1, quadratic time up to 8.
const MOST_GROWTH: f64 = 3.0;
const ROUNDS: usize = 25;

#[test]
fn a_thread_with_a_stack_of_128_kib_survives_everything() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let small_stack = thread::Builder::new().stack_size(128 * 1024).spawn(|| {
        let (store, mut count) = (store(), 0);
        for (_, bytes) in files() {
            let vector = Vector::parse(&bytes).unwrap();
            vector.run(&store).unwrap();
            count += 1;
        }
        for shape in shapes() {
            _ = (shape.of_size)(shape.largest).present(&verifier());
            count += 1;
        }
        // All of AWS's certificates, from their PEM.
        count + CertStore::bundled().certificates().count()
    });
    assert!(small_stack.unwrap().join().unwrap() > 1216 + 114);
}

/// A kind of input that can be made as large as its limit.
struct Shape {
    name: &'static str,
    of_size: fn(usize) -> Presented,
    /// The size of the largest.
    largest: usize,
    /// The code that it is refused with, or `accepted`.
    outcome: &'static str,
    /// What its length is multiplied by for the bound of its memory.
    multiple: usize,
}

enum Presented {
    Cms(String),
    Both(Vec<u8>, String),
    Evidence(String),
    Certificate(Vec<u8>),
}

impl Presented {
    /// The code that it is refused with, or `accepted`.
    fn present(&self, verifier: &Verifier) -> &'static str {
        let authority = Authority::test_local();
        let (region, partition) = (authority.region(), authority.partition());
        let verified = match self {
            Self::Cms(text) => verifier.verify_cms(text.as_bytes(), region.as_str()),
            Self::Both(document, text) => verifier.verify(document, text.as_bytes(), region.as_str()),
            Self::Evidence(json) => {
                Evidence::from_json(json.as_bytes()).and_then(|evidence| verifier.verify_evidence(&evidence, Expect::AnyRegion))
            }
            Self::Certificate(bytes) => {
                let loaded = CertStore::empty().add(region, partition, SignatureKind::Rsa2048, bytes);
                return loaded.map_or_else(|error| error.code(), |()| "accepted");
            }
        };
        verified.map_or_else(|error| error.code(), |_| "accepted")
    }

    fn length(&self) -> usize {
        match self {
            Self::Cms(text) | Self::Evidence(text) => text.len(),
            Self::Both(document, text) => document.len() + text.len(),
            Self::Certificate(bytes) => bytes.len(),
        }
    }
}

fn verifier() -> Verifier {
    Verifier::new(Authority::test_local().store())
}

/// Just below the limits: of a signature's text, of its bytes, of a document, of an evidence, of a certificate.
const TEXT: usize = 32 * 1024 - 200;
const BYTES: usize = 22_000;
const DOCUMENT: usize = 15 * 1024;
const EVIDENCE: usize = 250 * 1024;
const CERTIFICATE: usize = 16 * 1024;

#[rustfmt::skip]
fn shapes() -> Vec<Shape> {
    let shape = |name, outcome, largest, of_size| Shape { name, of_size, largest, outcome, multiple: MULTIPLE };
    // Each key costs a place in a table, and what reads one the key's own bytes. The first two have to be signed by AWS.
    let keys_of = |multiple, shape| Shape { multiple, ..shape };
    vec![
        shape("base64 of no meaning", "wrong_signature_kind", TEXT, |size| Presented::Cms("A".repeat(size))),
        shape("white space around a value", "accepted", TEXT, |size| Presented::Cms(rsa2048() + &"\n".repeat(size.saturating_sub(2_000)))),
        shape("white space between all characters", "wrong_signature_kind", TEXT, |size| Presented::Cms("A ".repeat(size / 2))),
        shape("PEM in short lines", "wrong_signature_kind", TEXT, |size| {
            Presented::Cms(format!("-----BEGIN CMS-----\n{}\n-----END CMS-----\n", "AAAA\n".repeat(size / 5)))
        }),
        shape("nested elements", "invalid_ber", BYTES, |size| Presented::Cms(served(&[0x30, 0x80].repeat(size / 2)))),
        shape("nested strings", "invalid_ber", BYTES, |size| Presented::Cms(changed(|cms| {
            cms.content = Some(Element::primitive(0x24, [0x24, 0x80].repeat(size / 2)));
        }))),
        shape("elements among the certificates", "accepted", BYTES, |size| Presented::Cms(changed(|cms| {
            cms.certificates = Some(Element::primitive(0xa0, [0x05, 0x00].repeat(size / 2)));
        }))),
        shape("signers", "unsupported_cms", BYTES, |size| Presented::Cms(changed(|cms| {
            cms.signers = vec![cms.signers.first().unwrap().clone(); 1 + size / 700];
        }))),
        shape("signed attributes", "unsupported_cms", BYTES, |size| Presented::Cms(with_attributes(size / 13))),
        keys_of(24, shape("keys of a signed document", "accepted", DOCUMENT, |size| {
            let document = document_with(&keys(size));
            let text = signed(&document);
            Presented::Both(document, text)
        })),
        keys_of(8, shape("keys inside of a signed document", "accepted", DOCUMENT, |size| {
            let document = document_with(&format!(r#", "x": {{"k":0{}}}"#, keys(size)));
            let text = signed(&document);
            Presented::Both(document, text)
        })),
        shape("brackets in an unsigned document", "document_mismatch", DOCUMENT, |size| Presented::Both("[".repeat(size).into(), rsa2048())),
        shape("a long string in a signed document", "accepted", DOCUMENT, |size| {
            let document = document_with(&format!(r#", "x": "{}""#, r"\u00e9".repeat(size / 6)));
            let text = signed(&document);
            Presented::Both(document, text)
        }),
        keys_of(8, shape("keys of an evidence's document", "document_mismatch", DOCUMENT, |size| {
            let document = String::from_utf8(document_with(&keys(size))).unwrap();
            Presented::Evidence(serde_json::json!({ "document": document, "rsa2048": rsa2048() }).to_string())
        })),
        shape("keys of an evidence", "invalid_evidence", EVIDENCE, |size| Presented::Evidence(format!(r#"{{"document":"x"{}}}"#, keys(size)))),
        shape("white space in an evidence", "invalid_base64", EVIDENCE, |size| Presented::Evidence(format!(r#"{{"rsa2048":"x"{}}}"#, " ".repeat(size)))),
        shape("escapes in an evidence", "input_too_large", EVIDENCE, |size| {
            Presented::Evidence(format!(r#"{{"rsa2048":"{}"}}"#, r"\u0041".repeat(size / 6)))
        }),
        shape("a certificate of one long element", "not_a_certificate", CERTIFICATE, |size| {
            Presented::Certificate(Element::constructed(0x30, [Element::primitive(0x04, vec![0; size - 20])]).encode())
        }),
        shape("a nested certificate", "not_a_certificate", CERTIFICATE, |size| {
            let depth = size / 8;
            let nested = (0..depth).fold(Element::primitive(0x30, []), |inner, _| Element::primitive(0x30, inner.encode()));
            Presented::Certificate(nested.encode())
        }),
    ]
}

/// Keys that are all different, with a comma before each.
fn keys(size: usize) -> String {
    (0..size / 10).map(|number| format!(r#","{number:05}":0"#)).collect()
}

fn document_with(more: &str) -> Vec<u8> {
    let instance = TestInstance::new(UnixTime::from_secs(1_700_000_000).unwrap());
    let mut document = TestDocument::new(&instance, Authority::test_local().region(), Era::In2026).encode();
    document.pop();
    document.extend([more.as_bytes(), b"}"].concat());
    document
}

fn signed(document: &[u8]) -> String {
    served(&TestKey::Rsa1024.sign(document))
}

fn rsa2048() -> String {
    changed(|_| {})
}

/// An `/rsa2048` value, changed outside of what is signed.
fn changed(change: impl FnOnce(&mut instance_identity::testkit::Cms)) -> String {
    let time = UnixTime::from_secs(1_700_000_002).unwrap();
    let mut cms = Authority::test_local().cms(SignatureKind::Rsa2048, &document_with(""), Era::In2026, time);
    change(&mut cms);
    served(&cms.encode())
}

/// One with so many attributes more, all different, signed.
fn with_attributes(count: usize) -> String {
    changed(|cms| {
        let signer = cms.signers.first_mut().unwrap();
        let attributes = signer.attributes.as_mut().unwrap();
        attributes.extend((0..count).map(|number| {
            let [.., high, middle, low] = (number as u32).to_be_bytes();
            attribute(&[0x2a, 0x81 + high, 0x80 | (middle << 1 | low >> 7), low & 0x7f], Element::primitive(0x05, []))
        }));
        attributes.sort_by_key(Element::encode);
        signer.sign(TestKey::Rsa2048);
    })
}
