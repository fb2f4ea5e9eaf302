//! The layering of `src/`: a module imports only from lower floors. The README draws the same picture.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules by floors, the lowest first. Modules of one floor do not import from one another.
const FLOORS: [&[&str]; 12] = [
    &["parse_error"],
    &["ids", "kind", "time"],
    &["region"],
    &["error"],
    &["asn1", "encoding", "json"],
    &["cms", "document", "x509"],
    &["signature"],
    &["certs", "evidence"],
    &["authentic"],
    &["audit"],
    &["policy", "verify"],
    &["internals", "testkit"],
];

#[test]
fn a_module_imports_only_from_lower_floors() {
    let mut imports = 0;
    for path in sources(Path::new("src")) {
        let Some(module) = module_of(&path) else { continue };
        let own = floor(&module).unwrap_or_else(|| panic!("{} stands on no floor", path.display()));
        for imported in imported_modules(&fs::read_to_string(&path).unwrap()).into_iter().filter(|imported| *imported != module) {
            let floor = floor(&imported).unwrap_or_else(|| panic!("{} imports {imported}, which stands on no floor", path.display()));
            assert!(floor < own, "{} (floor {own}) imports {imported} (floor {floor})", path.display());
            imports += 1;
        }
    }
    assert!(imports > 50, "only {imports} imports found: are they read at all?");
}

#[test]
fn every_module_of_the_crate_stands_on_one_floor() {
    let declared: Vec<String> = fs::read_to_string("src/lib.rs")
        .unwrap()
        .lines()
        .filter_map(|line| Some(line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')?.to_owned()))
        .collect();
    let mut on_floors: Vec<&str> = FLOORS.concat();
    on_floors.sort_unstable();
    assert_eq!(declared, on_floors);
}

#[test]
fn only_the_signature_module_and_the_test_signer_import_cryptography() {
    let crates = ["crypto_bigint", "crypto_primes", "dsa", "rsa", "sha1", "sha2"];
    let mut found = BTreeSet::new();
    for path in sources(Path::new("src")) {
        let names_one =
            |line: &str| crates.iter().any(|name| line.contains(&format!(" ::{name}::")) || line.contains(&format!(" {name}::")));
        let text = fs::read_to_string(&path).unwrap();
        if text.lines().any(|line| names_one(line) && !line.trim_start().starts_with("//")) {
            found.insert(module_of(&path).unwrap_or_default());
        }
    }
    assert_eq!(found, BTreeSet::from(["signature".to_owned(), "testkit".to_owned()]));
}

/// Time is an argument. Only how long a decision takes is measured, for who asks to be told.
#[test]
fn only_the_audit_module_reads_a_clock() {
    let reads = |line: &str| ["Instant::now", "SystemTime::now", ".elapsed()"].iter().any(|name| line.contains(name));
    let mut found = BTreeSet::new();
    for path in sources(Path::new("src")) {
        let text = fs::read_to_string(&path).unwrap();
        if text.lines().any(|line| reads(line) && !line.trim_start().starts_with("//")) {
            // The command stands in no module.
            found.extend(module_of(&path));
        }
    }
    assert_eq!(found, BTreeSet::from(["audit".to_owned()]));
}

/// Shared code would let a mistake agree with itself.
#[test]
fn the_test_signer_shares_no_code_with_the_readers() {
    let readers = ["asn1", "cms", "document", "encoding", "json", "signature", "x509"];
    let testkit: Vec<PathBuf> =
        sources(Path::new("src")).into_iter().filter(|path| module_of(path).as_deref() == Some("testkit")).collect();
    assert!(testkit.len() > 5, "only {} files found", testkit.len());
    for path in testkit {
        let imported = imported_modules(&fs::read_to_string(&path).unwrap());
        assert!(readers.iter().all(|reader| !imported.contains(*reader)), "{} imports a reader: {imported:?}", path.display());
    }
}

/// All Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// `src/certs/table.rs` belongs to `certs`. The crate's root and the command belong to no module.
fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix("src").unwrap().with_extension("");
    let first = inside.iter().next().unwrap().to_str().unwrap().to_owned();
    (first != "lib" && first != "bin").then_some(first)
}

/// The modules named after `crate::`, outside comments: in a `use`, with or without braces, or in the code.
fn imported_modules(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    assert!(!code.contains("crate::{"), "imports are one module a line");
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_').collect::<String>();
    code.split("crate::").skip(1).map(name).collect()
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}
