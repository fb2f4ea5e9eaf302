//! Allocations of a verification.

use crate::cases::Cases;
use crate::counting::count;
use crate::report::Report;
use crate::whole_path::KINDS;

pub fn run(report: &mut Report) {
    report.section(
        "allocations of a verification, warm",
        &["Over the real captures, from base64 text to an Authentic that is dropped; OpenSSL's are not counted."],
    );
    report.line("                 count (least .. most)       bytes");
    let cases = Cases::captures();
    for (kind, name, _) in KINDS {
        let counted: Vec<(u64, u64)> = cases.of(kind).iter().map(|case| count(|| assert!(case.verify(&cases.verifier).is_ok()))).collect();
        let mean = |sum: u64| sum as f64 / counted.len() as f64;
        report.line(format!(
            "  {name:12} {:7.1} ({} .. {}) {:17.0}",
            mean(counted.iter().map(|(allocations, _)| allocations).sum()),
            counted.iter().map(|(allocations, _)| *allocations).min().unwrap_or_default(),
            counted.iter().map(|(allocations, _)| *allocations).max().unwrap_or_default(),
            mean(counted.iter().map(|(_, bytes)| bytes).sum())
        ));
    }
}
