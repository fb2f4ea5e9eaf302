//! `--policy`: is what has verified accepted?

use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::Path;
use std::time::SystemTime;

use instance_identity::{Accepted, Authentic, Check, Error, Exception, Explanation, Occasion, Policy, Rule, UnixTime};

use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::output;
use crate::verify;

/// The policy of the command line, and what it is asked about every document.
pub(crate) struct Acceptance {
    policy: Policy,
    now: Option<UnixTime>,
    peer: Option<IpAddr>,
    explain: bool,
}

impl Acceptance {
    /// What the command line says, if it names a policy.
    pub(crate) fn new(args: &VerifyArgs) -> Result<Option<Self>, Failure> {
        let Some(path) = &args.policy else { return Ok(None) };
        let policy = read(path)?;
        if args.region.is_none() && !policy.rules().iter().any(|rule| matches!(rule, Rule::Regions(_))) {
            return Err(Failure::Usage("the policy has no regions, so --region has to say which: give it, or add regions to the policy"));
        }
        Ok(Some(Self { policy, now: args.now, peer: args.peer, explain: args.explain }))
    }

    /// Asks the policy, at the time of the command line or now.
    pub(crate) fn ask(&self, authentic: Authentic) -> Result<(Result<Accepted, Error>, Option<Explanation>), Failure> {
        let now = match self.now {
            Some(now) => now,
            None => UnixTime::try_from(SystemTime::now()).map_err(|_| Failure::Clock)?,
        };
        let occasion = Occasion { now, peer: self.peer };
        let explanation = self.explain.then(|| self.policy.explain(&authentic, &occasion));
        Ok((self.policy.accept(authentic, &occasion), explanation))
    }
}

fn read(path: &Path) -> Result<Policy, Failure> {
    let text = String::from_utf8(verify::read(path)?).map_err(|_| Failure::Usage("the policy is not UTF-8"))?;
    Policy::from_toml(&text).map_err(|error| Failure::Policy { path: path.to_owned(), error })
}

/// The explanation for people: aligned rows, one for each rule and exception.
pub(crate) fn table(explanation: &Explanation) -> String {
    let mut table = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(table, "policy, at {}", explanation.occasion().now);
    let names = explanation.checks().iter().map(|check| check.rule().as_str().len());
    let found = explanation.checks().iter().map(|check| values(check.found()).chars().count());
    let (name_width, found_width) = (names.max().unwrap_or_default(), found.max().unwrap_or_default().min(MAX_WIDTH));
    for check in explanation.checks() {
        let outcome = if check.holds() { "holds" } else { "refuses" };
        let (name, found) = (check.rule(), values(check.found()));
        let _ = writeln!(table, "  {name:<name_width$}  {outcome:<7}  {found:<found_width$}  {}", compared(check, explanation));
    }
    for check in explanation.exceptions() {
        let _ = writeln!(table, "  exception, {}: {}", check.outcome().as_str(), exception(check.exception()));
    }
    table
}

/// An exception on one line.
pub(crate) fn exception(exception: &Exception) -> String {
    let mut whom = exception.account().to_string();
    if let Some(partition) = exception.partition() {
        // Writing to a String does not fail.
        let _ = write!(whom, " ({partition})");
    }
    if let Some(instance) = exception.instance() {
        let _ = write!(whom, " {instance}");
    }
    let (age, until, reason) = (exception.max_age(), exception.until(), output::escaped_line(exception.reason()));
    format!("{whom}, max_age {age} until {until}: {reason}")
}

/// What a rule compares with, and how.
fn compared(check: &Check, explanation: &Explanation) -> String {
    use instance_identity::RuleName::{BillingNoneOf, Certificates, FutureSkew, MarketplaceNoneOf, MaxAge, Peer};
    let values = values(check.compared_with());
    match check.rule() {
        MaxAge if explanation.age_granted_by().is_some() => format!("at most {values}, by an exception"),
        MaxAge | FutureSkew => format!("at most {values}"),
        MarketplaceNoneOf | BillingNoneOf => format!("none of {values}"),
        Certificates => format!("now {values}"),
        Peer => format!("the document's {values}"),
        _ => format!("one of {values}"),
    }
}

/// Some of the values, and how many more there are.
fn values(values: &[String]) -> String {
    if values.is_empty() {
        return "-".to_owned();
    }
    let shown: Vec<&str> = values.iter().take(VALUES_SHOWN).map(String::as_str).collect();
    let more = values.len().saturating_sub(VALUES_SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// A row of a terminal; JSON has all.
const VALUES_SHOWN: usize = 4;
/// Longer values push what follows them to the right.
const MAX_WIDTH: usize = 40;
