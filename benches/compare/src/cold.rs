//! The first verification: in a new process, and with a new key in a process that is warm. Each is measured in a child process.

use std::process::Command;
use std::time::Instant;

use instance_identity::testkit::{Authority, Era, TestInstance};
use instance_identity::{SignatureKind, UnixTime, Verifier};
use openssl::x509::X509;

use crate::cases::{WARM_UP, capture};
use crate::peer::{Certified, Openssl};
use crate::report::{Report, at_most, ratio};
use crate::timing::Spread;
use crate::whole_path::KINDS;

const CHILDREN: usize = 41;
/// The capture that has all three signatures.
const CAPTURE: &str = "us-east-2-2018-cloud-init";
const REGION: &str = "us-east-2";

/// What a child found, in microseconds.
struct Found {
    /// The first verification, the verifier made and the certificate parsed in it.
    first: f64,
    /// The slowest of those that follow: the one that makes the tables, where there are any.
    slowest: f64,
    /// The median of many after that.
    steady: f64,
}

pub fn run(report: &mut Report) {
    report.section(
        "first verification",
        &[
            &format!("{CHILDREN} processes for each line, one real capture, bundled certificates; the first contains making the verifier and parsing"),
            "the certificate. OpenSSL warm is timed between them in this process. \"with a key\": the process has verified all three kinds",
            "with other keys before. \"slowest\" is the slowest of the next verifications with the key: it makes the tables.",
        ],
    );
    report.line("                                       first us  steady us  slowest us   first / OpenSSL warm");
    for (kind, name, _) in KINDS {
        for (mode, title) in [("process", "first in a new process"), ("key", "first with a key")] {
            let (found, ratios) = children(mode, kind);
            let of = |value: fn(&Found) -> f64| Spread::of(found.iter().map(value)).median;
            let verdict = if kind == SignatureKind::Dsa { at_most(ratios.median, 2.0) } else { String::new() };
            report.line(format!(
                "  {name:11} {title:24} {:9.1}  {:9.1}  {:10.1}   {:20}   {verdict}",
                of(|found| found.first),
                of(|found| found.steady),
                of(|found| found.slowest),
                ratio(ratios)
            ));
            if mode == "process" {
                let excess = of(|found| found.first - found.steady) / 1000.0;
                report.line(format!("  {:11} {:24} {excess:9.2} ms {:45}{}", "", "  first - steady", "", at_most(excess, 1.0)));
            }
        }
        let (found, ratios) = children("openssl", kind);
        let of = |value: fn(&Found) -> f64| Spread::of(found.iter().map(value)).median;
        let (first, steady) = (of(|found| found.first), of(|found| found.steady));
        report.line(format!("  {name:11} {:24} {first:9.1}  {steady:9.1}  {:10}   {}", "OpenSSL, new process", "", ratio(ratios)));
    }
}

/// What the children found, and for each its first over OpenSSL's warm time beside it.
fn children(mode: &str, kind: SignatureKind) -> (Vec<Found>, Spread) {
    let case = capture(&Verifier::bundled(), CAPTURE, REGION, kind);
    let mut openssl = Openssl::new();
    let mut warm = || {
        let start = Instant::now();
        assert!((0..32).all(|_| case.verify_by(&mut openssl)));
        start.elapsed().as_secs_f64() * 1e6 / 32.0
    };
    warm();
    let mut ratios = Vec::with_capacity(CHILDREN);
    let mut found = Vec::with_capacity(CHILDREN);
    for _ in 0..CHILDREN {
        let program = std::env::current_exe().unwrap();
        let output = Command::new(program).args(["--child", mode, kind.endpoint()]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let numbers = String::from_utf8(output.stdout).unwrap();
        let numbers: Vec<f64> = numbers.split_whitespace().map(|number| number.parse().unwrap()).collect();
        ratios.push(numbers[0] / warm());
        found.push(Found { first: numbers[0], slowest: numbers[1], steady: numbers[2] });
    }
    (found, Spread::of(ratios))
}

/// The child: prints the three numbers of a [`Found`].
pub fn child(mode: &str, endpoint: &str) {
    let kind = SignatureKind::ALL.into_iter().find(|kind| kind.endpoint() == endpoint).unwrap();
    let (document, text) = crate::cases::read(CAPTURE, endpoint);
    if mode == "openssl" {
        let pem = std::fs::read(crate::cases::root().join(format!("certs/{REGION}/{kind}.pem"))).unwrap();
        let mut openssl = Openssl::new();
        let mut certified = None;
        return print(|| {
            let certified = certified.get_or_insert_with(|| Certified::new(&X509::from_pem(&pem).unwrap().to_der().unwrap()));
            match kind {
                SignatureKind::Rsa => openssl.verify_bare(certified, &document, &text),
                _ => openssl.verify_cms(certified, &text),
            }
        });
    }
    if mode == "key" {
        verify_with_other_keys();
    }
    let mut verifier = None;
    print(|| {
        let verifier = verifier.get_or_insert_with(Verifier::bundled);
        match kind {
            SignatureKind::Rsa => verifier.verify(&document, text.as_bytes(), REGION).is_ok(),
            _ => verifier.verify_cms(text.as_bytes(), REGION).is_ok(),
        }
    });
}

fn print(mut verify: impl FnMut() -> bool) {
    let mut timed = || {
        let start = Instant::now();
        assert!(verify());
        start.elapsed().as_secs_f64() * 1e6
    };
    let first = timed();
    let slowest = (0..WARM_UP).map(|_| timed()).fold(0.0, f64::max);
    let steady = Spread::of((0..64).map(|_| timed())).median;
    println!("{first} {slowest} {steady}");
}

fn verify_with_other_keys() {
    let authority = Authority::test_local();
    let issued = authority.issue(&TestInstance::new(UnixTime::from_secs(1_700_000_000).unwrap()), Era::In2018);
    let verifier = Verifier::new(authority.store());
    for text in [&issued.signature, &issued.rsa2048, &issued.pkcs7] {
        assert!((0..WARM_UP).all(|_| verifier.verify(&issued.document, text.as_bytes(), authority.region().as_str()).is_ok()));
    }
}
