//! The lowest Rust version: the highest that a dependency forces, no more and no less.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

#[test]
fn the_lowest_rust_version_is_the_highest_that_a_dependency_forces() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--locked",
            "--offline",
            "--all-features",
            "--format-version",
            "1",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let root = metadata["resolve"]["root"].as_str().unwrap();

    // What a user builds: everything but dev-dependencies.
    let (mut built, mut open) = (BTreeSet::new(), vec![root]);
    while let Some(package) = open.pop() {
        if built.insert(package) {
            let node = metadata["resolve"]["nodes"].as_array().unwrap().iter().find(|node| node["id"] == package).unwrap();
            let dependencies = node["deps"].as_array().unwrap().iter();
            let built =
                dependencies.filter(|dependency| dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"] != "dev"));
            open.extend(built.map(|dependency| dependency["pkg"].as_str().unwrap()));
        }
    }
    let version = |package: &Value| package["rust_version"].as_str().map(numbers);
    let packages = metadata["packages"].as_array().unwrap();
    let forced = packages
        .iter()
        .filter(|package| package["id"] != root && built.contains(package["id"].as_str().unwrap()))
        .filter_map(version)
        .max();
    let own = packages.iter().find(|package| package["id"] == root).and_then(version);
    assert!(built.len() > 20, "only {} packages found", built.len());
    assert_eq!(own, forced);
}

/// `1.88.0` as numbers, so that 1.100 is more than 1.88.
fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap());
    std::array::from_fn(|_| numbers.next().unwrap_or_default())
}
