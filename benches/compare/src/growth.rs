//! How the cost grows with the document, up to the limit.

use std::sync::Arc;

use crate::authority::Authority;
use crate::cases::{Case, WARM_UP, authorities};
use crate::peer::{Certified, Openssl};
use crate::random::Random;
use crate::report::{Report, ratio};
use crate::timing::{Contender, race_rounds};
use crate::whole_path::KINDS;
use instance_identity::{SignatureKind, Verifier};

/// The limit of a presented document is 16 KiB.
const SIZES: [usize; 6] = [512, 1024, 2048, 4096, 8192, 16 * 1024];
const ROUNDS: usize = 200;
/// Keys and documents of each size.
const KEYS: usize = 4;
const DOCUMENTS_PER_KEY: usize = 4;

pub fn run(report: &mut Report) {
    report.section(
        "growth with the document, up to the limit",
        &[
            &format!("Issued documents filled up by a string; {KEYS} keys, {DOCUMENTS_PER_KEY} documents of each, {ROUNDS} rounds. \"more\": nanoseconds for each byte more than in"),
            "the row before; the same in all rows is linear.",
        ],
    );
    let verifier = Verifier::new(Authority::store(&authorities()[..KEYS]));
    for (kind, name, _) in KINDS {
        report.line(format!("  {name:12}    bytes       us   ns a byte   more ns a byte   OpenSSL us   ours / OpenSSL"));
        let cases: Vec<Vec<Case>> = SIZES.into_iter().map(|size| cases(kind, size, &verifier)).collect();
        let mut openssl: Vec<Openssl> = SIZES.iter().map(|_| Openssl::new()).collect();
        let by_openssl =
            cases.iter().zip(&mut openssl).map(|(cases, openssl)| Contender::rotating("OpenSSL", cases, |case| case.verify_by(openssl)));
        let by_us = cases.iter().map(|cases| Contender::rotating("ours", cases, |case| case.verify(&verifier).is_ok()));
        let lanes = race_rounds(by_openssl.chain(by_us).collect(), ROUNDS);
        let (theirs, ours) = lanes.split_at(SIZES.len());
        for index in 0..SIZES.len() {
            let (size, own) = (SIZES[index], &ours[index]);
            let more = match index.checked_sub(1) {
                Some(before) => format!("{:.2}", own.more_than(&ours[before]).median * 1e3 / (size - SIZES[before]) as f64),
                None => String::new(),
            };
            report.line(format!(
                "  {:12}  {size:7}  {:7.1}   {:9.2}   {more:>14}   {:10.1}   {}",
                "",
                own.micros.median,
                own.micros.median * 1e3 / size as f64,
                theirs[index].micros.median,
                ratio(own.over(&theirs[index]))
            ));
        }
    }
}

fn cases(kind: SignatureKind, size: usize, verifier: &Verifier) -> Vec<Case> {
    let mut random = Random::new(size as u64);
    let mut openssl = Openssl::new();
    let mut cases = Vec::new();
    for authority in &authorities()[..KEYS] {
        let certified = Arc::new(Certified::new(authority.certificate(kind)));
        cases.extend((0..DOCUMENTS_PER_KEY).map(|_| {
            let document = authority.document_of(size, &mut random);
            let text = authority.sign(kind, &document);
            Case { kind, region: authority.region.to_string(), document, text, certified: Arc::clone(&certified) }
        }));
    }
    random.shuffle(&mut cases);
    for case in &cases {
        assert_eq!(case.verify(verifier).unwrap().document().as_bytes().len(), size);
        assert!(case.verify_by(&mut openssl));
    }
    assert!(cases.iter().cycle().take(KEYS * WARM_UP).all(|case| case.verify(verifier).is_ok()));
    cases
}
