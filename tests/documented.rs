//! What the documentation says of policies is so.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;

use instance_identity::{Policy, RuleName};

const README: &str = include_str!("../README.md");
const POLICY: &str = include_str!("../docs/policy.md");

#[test]
fn every_policy_in_the_documentation_is_one() {
    let mut count = 0;
    for text in [README, POLICY] {
        for block in text.split("```toml\n").skip(1) {
            let (toml, _) = block.split_once("```").unwrap();
            Policy::from_toml(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
            count += 1;
        }
    }
    assert_eq!(count, 2);
}

#[test]
fn what_the_tables_of_other_products_settings_name_are_rules() {
    let (_, tables) = POLICY.split_once("## Coming from elsewhere").unwrap();
    // The last column, where it names code in lower case.
    let named: BTreeSet<&str> = tables
        .lines()
        .filter_map(|row| row.strip_suffix(" |")?.rsplit_once(" | "))
        .flat_map(|(_, here)| here.split('`').skip(1).step_by(2))
        .filter(|name| name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'))
        .collect();
    let rules: BTreeSet<&str> = RuleName::ALL.iter().map(|rule| rule.as_str()).collect();
    assert_eq!(named.difference(&rules).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(named.len() >= 9, "{named:?}");
}

#[test]
fn the_codes_that_are_worth_an_alarm_exist() {
    let (_, table) = POLICY.split_once("| code | what it may be |").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let codes: Vec<&str> = table
        .lines()
        .filter_map(|row| row.strip_prefix("| ")?.split_once(" | "))
        .flat_map(|(codes, _)| codes.split('`').skip(1).step_by(2))
        .collect();
    let of_rules = RuleName::ALL.iter().map(|rule| rule.code());
    let of_readme = README.lines().filter(|row| row.starts_with("| 4 |")).flat_map(|row| row.split('`').skip(1).step_by(2));
    let known: BTreeSet<&str> = of_rules.chain(of_readme).chain(["accepted"]).collect();
    assert!(codes.iter().all(|code| known.contains(code)), "{codes:?}");
    assert_eq!(codes.len(), 9);
}
