//! A run over cases, and its counts.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::judge::{Outcome, Verdicts, judge};
use crate::peer::Openssl;
use crate::population::Case;
use crate::rules::Rule;

/// How often each outcome occurred.
#[derive(Default)]
pub struct Tally {
    cases: u64,
    both_accept: u64,
    changed_and_accepted: u64,
    /// Without certificates, with short lengths, both.
    respelled: [u64; 3],
    both_refuse: u64,
    /// By the index of the rule.
    explained: Vec<u64>,
    pub failures: u64,
}

/// Judges `cases` cases from the `first` on, on two threads, and prints each failure as it comes.
pub fn run(first: u64, cases: u64, rules: &[Rule]) -> Tally {
    const THREADS: u64 = 2;
    let part = |thread: u64| {
        let (openssl, mut tally) = (Openssl::new(), Tally { explained: vec![0; rules.len()], ..Tally::default() });
        for number in (first + thread..first + cases).step_by(THREADS as usize) {
            let case = Case::new(number);
            let verdicts = Verdicts::of(&case, &openssl);
            tally.count(&case, &verdicts, judge(&case, &verdicts, rules));
        }
        tally
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || part(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).reduce(Tally::with).unwrap()
    })
}

impl Tally {
    /// The counts as text.
    pub fn report(&self, rules: &[Rule]) -> String {
        let explained: u64 = self.explained.iter().sum();
        let mut text = String::new();
        let counts = [
            (self.cases, "cases"),
            (self.both_accept, "accepted by both, the same content"),
            (self.changed_and_accepted, "  of them changed"),
            (self.respelled[0], "accepted by both, the same content, when OpenSSL does not see certificates [0]"),
            (self.respelled[1], "accepted by both, the same content, when OpenSSL is given the length of an empty element in one octet"),
            (self.respelled[2], "accepted by both, the same content, with both"),
            (self.both_refuse, "refused by both"),
            (explained, "refused by us alone, under a rule"),
            (self.failures, "FAILURES: accepted by us alone, with other content, or refused by us alone under no rule"),
        ];
        for (count, what) in counts {
            writeln!(text, "{count:>8}  {what}").unwrap();
        }
        for (count, rule) in self.explained.iter().zip(rules) {
            let unused = if *count == 0 { "  UNUSED" } else { "" };
            writeln!(text, "{count:>8}  {}{unused}", rule.name).unwrap();
        }
        text
    }

    /// Is there a rule that explained nothing?
    pub fn has_unused(&self, rules: &[Rule]) -> bool {
        debug_assert_eq!(self.explained.len(), rules.len());
        self.explained.contains(&0)
    }

    fn count(&mut self, case: &Case, verdicts: &Verdicts, outcome: Outcome) {
        self.cases += 1;
        if outcome.is_failure() {
            self.failures += 1;
            println!("case {}: {outcome:?}: {} (region {})", case.number, case.made, case.region);
            println!("  our error: {:?}", verdicts.ours.as_ref().err());
            println!("  value: {}", STANDARD.encode(&case.value));
            println!("  document: {:?}", case.document.as_deref().map(|document| STANDARD.encode(document)));
        }
        match outcome {
            Outcome::BothAccept => {
                self.both_accept += 1;
                self.changed_and_accepted += u64::from(case.is_changed);
            }
            Outcome::BothAcceptRespelled(how) => self.respelled[how as usize] += 1,
            Outcome::BothRefuse => self.both_refuse += 1,
            Outcome::Explained(rule) => self.explained[rule] += 1,
            Outcome::WeAloneAccept | Outcome::OtherContent | Outcome::Unexplained => {}
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            cases: self.cases + other.cases,
            both_accept: self.both_accept + other.both_accept,
            changed_and_accepted: self.changed_and_accepted + other.changed_and_accepted,
            respelled: std::array::from_fn(|how| self.respelled[how] + other.respelled[how]),
            both_refuse: self.both_refuse + other.both_refuse,
            explained: self.explained.iter().zip(&other.explained).map(|(one, other)| one + other).collect(),
            failures: self.failures + other.failures,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rules;

    #[test]
    fn without_one_of_its_rules_the_table_does_not_explain_the_population() {
        let (cases, mut rules) = (1_000, rules());
        assert_eq!(run(0, cases, &rules).failures, 0);
        rules.retain(|rule| rule.name != "version");
        let tally = run(0, cases, &rules);
        assert!(tally.failures > 0);
    }

    #[test]
    fn a_rule_that_explains_nothing_is_reported() {
        let rules = rules();
        let tally = run(0, 1, &rules);
        assert!(tally.has_unused(&rules) && tally.report(&rules).contains("UNUSED"));
    }
}
