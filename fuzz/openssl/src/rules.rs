//! The table of what we refuse and OpenSSL accepts: `rules.tsv`. A rule asks for our error, and for what the value itself has to show.

use crate::judge::Refusal;
use crate::population::Case;
use crate::shows::{SHOWS, Shown, Shows};

/// One line of the table.
pub struct Rule {
    pub name: &'static str,
    /// Our errors, code and reason, one of which it is.
    pub faults: Vec<String>,
    /// Clauses of the contract, by their ids in `tests/refusals/clauses.md`.
    #[cfg_attr(not(test), expect(dead_code, reason = "for people, and for the test that they exist"))]
    pub clauses: Vec<&'static str>,
    shows: Shows,
}

impl Rule {
    /// Is this our error, and does the value show what the rule says?
    pub fn explains(&self, case: &Case, refusal: &Refusal, content: &[u8]) -> bool {
        self.faults.contains(&refusal.fault) && (self.shows)(&Shown::new(case, refusal, content))
    }
}

/// The table.
pub fn rules() -> Vec<Rule> {
    lines()
        .map(|[name, faults, clauses, _]| {
            let faults = faults.split(", ").map(ToOwned::to_owned).collect();
            let (_, shows) = SHOWS.into_iter().find(|(shown, _)| *shown == name).unwrap_or_else(|| panic!("nothing shows {name}"));
            Rule { name, faults, clauses: clauses.split(' ').collect(), shows }
        })
        .collect()
}

fn lines() -> impl Iterator<Item = [&'static str; 4]> {
    let rows = include_str!("../rules.tsv").lines().skip(1);
    rows.map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("four columns: {line}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_check_and_every_check_a_rule() {
        let names: Vec<&str> = rules().iter().map(|rule| rule.name).collect();
        let mut shown: Vec<&str> = SHOWS.iter().map(|(name, _)| *name).collect();
        shown.sort_unstable();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, shown);
    }

    #[test]
    fn every_rule_names_clauses_of_the_contract() {
        let clauses = include_str!("../../../tests/refusals/clauses.md");
        for rule in rules() {
            for id in &rule.clauses {
                assert!(clauses.contains(&format!("\n- {id}: ")), "{}: there is no clause {id}", rule.name);
            }
            for fault in &rule.faults {
                // The clause gives the code, or the reason, or both.
                let named = rule.clauses.iter().any(|id| {
                    let line = clauses.lines().find(|line| line.starts_with(&format!("- {id}: "))).unwrap();
                    let outcome = line.split_once(" -> ").map_or(line, |(_, outcome)| outcome);
                    fault.split(' ').any(|word| outcome.contains(word))
                });
                assert!(named, "{}: no clause of it ends in {fault}", rule.name);
            }
        }
    }
}
