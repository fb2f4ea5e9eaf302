//! Compares our verdicts with those of OpenSSL's CMS verification, over a generated population: see README.md.
//!
//! `openssl-differential [CASES] [FIRST]`

#![forbid(unsafe_code)]

mod attributes;
mod documents;
mod fields;
mod judge;
mod peer;
mod population;
mod rules;
mod shows;
mod signing;
mod tally;
mod value;

use std::process::ExitCode;
use std::time::Instant;

use crate::rules::rules;
use crate::tally::{Tally, run};

fn main() -> ExitCode {
    let numbers: Result<Vec<u64>, _> = std::env::args().skip(1).map(|number| number.parse()).collect();
    let (cases, first) = match numbers.as_deref() {
        Ok([]) => (DEFAULT_CASES, 0),
        Ok([cases]) => (*cases, 0),
        Ok([cases, first]) => (*cases, *first),
        _ => {
            eprintln!("usage: openssl-differential [CASES] [FIRST]");
            return ExitCode::from(2);
        }
    };
    let (start, rules) = (Instant::now(), rules());
    let tally: Tally = run(first, cases, &rules);
    print!("{}", tally.report(&rules));
    println!("{}; {} s", openssl::version::version(), start.elapsed().as_secs());
    // A few thousand cases need not meet every rule.
    let is_complete = cases >= MEETS_EVERY_RULE;
    if tally.failures > 0 || (is_complete && tally.has_unused(&rules)) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

const DEFAULT_CASES: u64 = 2_000;

/// From this many cases on, a rule that none has met is a failure: it explains nothing any more.
const MEETS_EVERY_RULE: u64 = 100_000;
