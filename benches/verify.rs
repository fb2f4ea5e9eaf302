//! What a verification costs: the three kinds over real captures, and growing documents. `compare/` holds it against other libraries.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput};
use instance_identity::testkit::{Authority, Era, TestDocument, TestInstance};
use instance_identity::{SignatureKind, UnixTime, Verifier};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    captures(&mut criterion);
    growth(&mut criterion);
    criterion.final_summary();
}

/// Base64 text to document, all captures of a kind in turn.
fn captures(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let verifier = Verifier::bundled();
    let mut group = criterion.benchmark_group("captures");
    for kind in SignatureKind::ALL {
        let mut captures = Vec::new();
        for row in index.lines().skip(1) {
            let [name, region, endpoints] = row.split('\t').take(3).collect::<Vec<_>>().try_into().unwrap();
            if endpoints.split(',').any(|endpoint| endpoint == kind.endpoint()) {
                let read = |file: &str| fs::read(folder.join(name).join(file)).unwrap();
                captures.push((read("document.json"), read(&format!("{}.b64", kind.endpoint())), region));
            }
        }
        let mut turn = captures.iter().cycle();
        group.bench_function(kind.endpoint(), |bencher| {
            bencher.iter(|| {
                let (document, signature, region) = turn.next().unwrap();
                verifier.verify(black_box(document), black_box(signature), region).unwrap()
            });
        });
    }
    group.finish();
}

/// Documents filled up by a string, to the limit of 16 KiB.
fn growth(criterion: &mut Criterion) {
    let authority = Authority::test_local();
    let verifier = Verifier::new(authority.store());
    let start = UnixTime::from_secs(1_700_000_000).unwrap();
    let document = TestDocument::new(&TestInstance::new(start), authority.region(), Era::In2026);
    let unfilled = document.clone().with("filler", "\"\"").encode().len();
    let mut group = criterion.benchmark_group("document size");
    for size in [512, 2048, 16 * 1024] {
        let filler = format!("\"{}\"", "x".repeat(size - unfilled));
        let issued = authority.sign(document.clone().with("filler", &filler).encode(), Era::In2026, start);
        group.throughput(Throughput::Bytes(size as u64));
        for (name, signature) in [("signature", &issued.signature), ("rsa2048", &issued.rsa2048), ("pkcs7", &issued.pkcs7)] {
            group.bench_with_input(BenchmarkId::new(name, size), signature, |bencher, signature| {
                bencher.iter(|| verifier.verify(black_box(&issued.document), signature.as_bytes(), authority.region().as_str()).unwrap());
            });
        }
    }
    group.finish();
}
