//! The whole path: from base64 text to a verified document.

use instance_identity::SignatureKind;

use crate::cases::{AUTHORITIES, Cases, DOCUMENTS_PER_AUTHORITY};
use crate::peer::Openssl;
use crate::report::{Report, at_most, ratio};
use crate::timing::{Contender, race};

/// With the bars of the warm state.
pub const KINDS: [(SignatureKind, &str, f64); 3] =
    [(SignatureKind::Rsa, "/signature", 0.85), (SignatureKind::Rsa2048, "/rsa2048", 0.85), (SignatureKind::Dsa, "/pkcs7 DSA", 0.30)];

pub fn run(report: &mut Report) {
    report.section(
        "whole path, base64 text to verified document, warm",
        &[
            "ours: Verifier::verify_cms, for /signature Verifier::verify, to an Authentic; the JSON is parsed.",
            "OpenSSL: EVP_DecodeBlock, d2i_CMS_ContentInfo and CMS_verify, for /signature EVP_DigestVerify, with parsed keys and certificates;",
            "no JSON, no comparison of the region. CMS_verify makes a context for each value; so does the line for /signature, and the one below",
            "it keeps a context for each key. The second column counts the signatures in rotation.",
        ],
    );
    report.line("real captures");
    kinds(report, Cases::captures());
    report.line(format!("issued documents: {AUTHORITIES} keys of each kind, {DOCUMENTS_PER_AUTHORITY} documents of each key, shuffled"));
    kinds(report, Cases::issued());
}

fn kinds(report: &mut Report, cases: &Cases) {
    for (kind, name, bar) in KINDS {
        let mut openssl = Openssl::new();
        let mut openssl_kept = Openssl::new();
        let mut contenders = vec![
            Contender::rotating("OpenSSL", cases.of(kind), |case| case.verify_by(&mut openssl)),
            Contender::rotating("instance-identity", cases.of(kind), |case| case.verify(&cases.verifier).is_ok()),
        ];
        if kind == SignatureKind::Rsa {
            contenders.push(Contender::rotating("OpenSSL, kept context", cases.of(kind), |case| {
                openssl_kept.verify_bare_kept(&case.certified, &case.document, &case.text)
            }));
        }
        for lane in race(contenders) {
            let verdict = if lane.name == "instance-identity" { at_most(lane.ratio.median, bar) } else { String::new() };
            let (name, count) = if lane.name == "OpenSSL" { (name, cases.of(kind).len().to_string()) } else { ("", String::new()) };
            report.line(format!(
                "  {name:12} {count:>4}   {:20} {:8.2} us   {}   {verdict}",
                lane.name,
                lane.micros.median,
                ratio(lane.ratio)
            ));
        }
    }
}
