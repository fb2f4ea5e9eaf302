//! What `docs/policy.md` says of policies is so.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;

use instance_identity::{Policy, RuleName};

const README: &str = include_str!("../README.md");
const POLICY: &str = include_str!("../docs/policy.md");

#[test]
fn the_recommended_policy_is_one() {
    let blocks: Vec<&str> = POLICY.split("```toml\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    let [recommended] = blocks[..] else { panic!("{} policies", blocks.len()) };
    let policy = Policy::from_toml(recommended).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((policy.rules().len(), policy.exceptions().len()), (5, 0));
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
