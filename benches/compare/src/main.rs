//! Compares this crate with OpenSSL and others. `cargo run --release` runs all sections and writes results.txt;
//! `cargo run --release -- primitives` runs one.

mod allocations;
mod authority;
mod cases;
mod cold;
mod counting;
mod growth;
mod hostile;
mod keys;
mod memory;
mod peer;
mod primitives;
mod random;
mod report;
mod throughput;
mod timing;
mod whole_path;

use report::Report;

type Section = (&'static str, fn(&mut Report));

const SECTIONS: [Section; 8] = [
    ("whole_path", whole_path::run),
    ("primitives", primitives::run),
    ("cold", cold::run),
    ("throughput", throughput::run),
    ("allocations", allocations::run),
    ("growth", growth::run),
    ("hostile", hostile::run),
    ("memory", memory::run),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, mode, endpoint] = arguments.as_slice()
        && child == "--child"
    {
        return if mode == "memory" { memory::child() } else { cold::child(mode, endpoint) };
    }
    if let Some(unknown) = arguments.iter().find(|wanted| SECTIONS.iter().all(|(name, _)| name != wanted)) {
        eprintln!("no section {unknown}; there are: {}", SECTIONS.map(|(name, _)| name).join(" "));
        std::process::exit(2);
    }
    let mut report = Report::default();
    report.head();
    for (name, section) in SECTIONS {
        if arguments.is_empty() || arguments.iter().any(|wanted| wanted == name) {
            section(&mut report);
        }
    }
    if arguments.is_empty() {
        report.write();
    }
}
