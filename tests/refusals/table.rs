//! `clauses.md` says what is refused, `table.tsv` by which tests: neither without the other, and no test that is not there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const CLAUSES: &str = include_str!("clauses.md");
const TABLE: &str = include_str!("table.tsv");

/// In place of tests: the clause waits for a signer that issues CMS values under test keys.
const NEEDS_THE_SIGNER: &str = "needs the signer";
/// How many do. To be changed knowingly.
const NEED_THE_SIGNER: usize = 0;

/// The ids of `clauses.md`: bullets of the form `- id: text`.
fn clauses() -> Vec<&'static str> {
    let bullets = CLAUSES.lines().filter_map(|line| line.strip_prefix("- "));
    bullets.map(|bullet| bullet.split_once(": ").unwrap_or_else(|| panic!("no id: {bullet}")).0).collect()
}

/// The rows of `table.tsv`: id and tests.
fn rows() -> Vec<(&'static str, &'static str)> {
    let mut lines = TABLE.lines();
    assert_eq!(lines.next(), Some("clause\ttests"));
    lines.map(|line| line.split_once('\t').unwrap_or_else(|| panic!("not two columns: {line}"))).collect()
}

/// Each id once.
fn unique<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut counts = BTreeMap::new();
    ids.into_iter().for_each(|id| *counts.entry(id).or_insert(0) += 1);
    let twice: Vec<&str> = counts.iter().filter(|(_, count)| **count > 1).map(|(id, _)| *id).collect();
    assert_eq!(twice, [""; 0], "these stand twice");
    counts.into_keys().collect()
}

/// Is `fn function(` in `source`, under a `#[test]` that is not ignored?
fn has_test(source: &str, function: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let Some(at) = lines.iter().position(|line| line.starts_with(&format!("fn {function}("))) else { return false };
    let attributes: Vec<&&str> = lines[..at].iter().rev().take_while(|line| line.starts_with("#[")).collect();
    attributes.iter().any(|line| **line == "#[test]") && !attributes.iter().any(|line| line.starts_with("#[ignore"))
}

#[test]
fn every_clause_has_a_row_and_every_row_a_clause() {
    let clauses = unique(clauses());
    assert!(clauses.len() > 200, "the clauses are read");
    for id in &clauses {
        assert!(id.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'z' | b'-')), "{id:?}");
    }
    let rows = unique(rows().into_iter().map(|(id, _)| id));
    let without_row: Vec<&&str> = clauses.iter().filter(|id| !rows.contains(id)).collect();
    let without_clause: Vec<&&str> = rows.iter().filter(|id| !clauses.contains(id)).collect();
    assert_eq!((without_row, without_clause), (vec![], vec![]), "clauses without a row, rows without a clause");
}

#[test]
fn every_row_names_tests_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = BTreeMap::new();
    let mut need_the_signer = 0;
    for (id, tests) in rows() {
        if tests == NEEDS_THE_SIGNER {
            need_the_signer += 1;
            continue;
        }
        for test in tests.split(' ') {
            let (file, function) = test.split_once("::").unwrap_or_else(|| panic!("{id}: {test:?} is not file::function"));
            assert!(file.starts_with("tests/") || file.starts_with("src/"), "{id}: {file}");
            let source = sources.entry(file).or_insert_with(|| fs::read_to_string(root.join(file)).unwrap_or_default());
            assert!(has_test(source, function), "{id}: {file} has no test {function}");
        }
    }
    assert_eq!(need_the_signer, NEED_THE_SIGNER);
}

#[test]
fn a_test_is_a_function_that_runs_as_one() {
    let has = |source| has_test(source, "f");
    assert!(has("#[test]\nfn f() {"));
    assert!(has("    #[test]\n    #[cfg(unix)]\n    fn f() {"));
    assert!(!has("fn f() {"));
    assert!(!has("#[test]\nfn fg() {"));
    assert!(!has("#[test]\n#[ignore = \"why\"]\nfn f() {"));
    assert!(!has("#[test]\nfn g() {}\n\nfn f() {"));
}

#[test]
#[should_panic(expected = "these stand twice")]
fn an_id_that_stands_twice_is_found() {
    unique(["a", "b", "a"]);
}
