//! Compares this crate with OpenSSL and others. `cargo run --release` runs all sections and writes results.txt;
//! `cargo run --release -- primitives` runs one.

mod authority;
mod cases;
mod keys;
mod peer;
mod primitives;
mod random;
mod report;
mod timing;
mod whole_path;

use report::Report;

type Section = (&'static str, fn(&mut Report));

const SECTIONS: [Section; 2] = [("whole_path", whole_path::run), ("primitives", primitives::run)];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let mut report = Report::default();
    report.head();
    for (name, section) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            section(&mut report);
        }
    }
}
