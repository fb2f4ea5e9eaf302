//! The policy: is an authentic document accepted?
//!
//! The second question, after [`verify`](crate::verify). What is written down as a requirement is data: an age and [`Rule`]s. One function
//! judges each rule ([`Rule::judge`]); accepting, explaining and their tests all go through it. Time and the peer's address are arguments.
//!
//! # Left out
//! One-time use. A policy says whether a document may be accepted, not whether it has been before.

mod accepted;
mod age;
mod exception;
mod explanation;
#[cfg(feature = "toml")]
mod from_toml;
mod ip_range;
mod rule;

use core::net::IpAddr;
use core::time::Duration;

pub use accepted::Accepted;
pub use age::Age;
pub use exception::{Exception, InvalidReason};
pub use explanation::{Check, ExceptionCheck, ExceptionOutcome, Explanation};
#[cfg(feature = "toml")]
pub use from_toml::{PolicyError, PolicyFault};
pub use ip_range::IpRange;
pub use rule::{AnyOf, EmptyList, Rule};

use crate::audit::{self, Observer};
use crate::authentic::Authentic;
use crate::error::{Error, RuleName};
use crate::time::UnixTime;

/// What has to hold for an authentic document to be accepted.
///
/// The age is said in words: nobody gets a policy without an age by leaving it out. Each [`Rule`] is optional. All of them have to hold, so
/// adding one never accepts more; the same rule twice means both. A rule that asks for a value refuses a document without it.
///
/// Two are equal if they ask for the same and tell the same [`Observer`], or none.
///
/// An account id is unique within its partition only: whoever lists [accounts](Rule::Accounts) lists [partitions](Rule::Partitions) or
/// [regions](Rule::Regions) too.
///
/// ```
/// use core::time::Duration;
/// use instance_identity::{Age, AnyOf, Occasion, Policy, Rule, UnixTime, verify_cms};
///
/// let policy = Policy::new(Age::AtMost(Duration::from_secs(15 * 60)))
///     .with(Rule::Partitions(AnyOf::one("aws".parse().unwrap())))
///     .with(Rule::Accounts(AnyOf::new(["437526006925".parse().unwrap()]).unwrap()));
///
/// let signature = std::fs::read("tests/captures/us-east-2-2018-cloud-init/rsa2048.b64").unwrap();
/// let authentic = verify_cms(&signature, "us-east-2").unwrap();
/// let at = |time: &str| Occasion { now: time.parse().unwrap(), peer: None };
/// let accepted = policy.accept(authentic.clone(), &at("2018-10-05T20:11:00Z")).unwrap();
/// assert_eq!(accepted.document().instance_id().as_str(), "i-075f088c72ad3271c");
///
/// // A day later it is as authentic as before.
/// let refused = policy.accept(authentic, &at("2018-10-06T20:11:00Z")).unwrap_err();
/// assert_eq!(refused.code(), "too_old");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    max_age: Age,
    future_skew: Duration,
    /// In the order of their names; of one name, in that in which they were added.
    rules: Vec<Rule>,
    exceptions: Vec<Exception>,
    observer: Option<Observer>,
}

/// When, and by whom, a document is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The time. The library does not read it: `UnixTime::try_from(SystemTime::now())`.
    pub now: UnixTime,
    /// The caller's address, as the connection has it; `None` where it is not known. Only [`Rule::PeerIsPrivateIp`] looks at it.
    pub peer: Option<IpAddr>,
}

impl Policy {
    /// With a maximum age of `pendingTime`, a future skew of [one minute](Self::DEFAULT_FUTURE_SKEW), and no rules.
    pub fn new(max_age: Age) -> Self {
        Self { max_age, future_skew: Self::DEFAULT_FUTURE_SKEW, rules: Vec::new(), exceptions: Vec::new(), observer: None }
    }

    /// How far in the future `pendingTime` may lie, where nothing else is said: more than clocks differ that are set from the network.
    pub const DEFAULT_FUTURE_SKEW: Duration = Duration::from_secs(60);

    /// Lets `pendingTime` lie at most so far in the future: as far as clocks may differ.
    #[must_use]
    pub fn with_future_skew(self, future_skew: Duration) -> Self {
        Self { future_skew, ..self }
    }

    /// Asks for one rule more.
    #[must_use]
    pub fn with(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self.rules.sort_by_key(Rule::name);
        self
    }

    /// Grants a longer age to some, for a while.
    #[must_use]
    pub fn with_exception(mut self, exception: Exception) -> Self {
        self.exceptions.push(exception);
        self
    }

    /// Tells `observer` of every acceptance, in place of any other before: to log and to count. No verdict depends on it.
    ///
    /// [`explain`](Self::explain) tells nobody: it decides nothing.
    #[must_use]
    pub fn on_decision(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// The maximum age of `pendingTime`, exceptions aside.
    pub fn max_age(&self) -> Age {
        self.max_age
    }

    /// The longest age that the policy or any of its exceptions grants, whenever that may be.
    ///
    /// A document that is older is not accepted again, so a record of it need not be kept longer.
    pub fn longest_age(&self) -> Age {
        self.exceptions.iter().map(Exception::max_age).fold(self.max_age, Age::max)
    }

    /// How far in the future `pendingTime` may lie.
    pub fn future_skew(&self) -> Duration {
        self.future_skew
    }

    /// The rules, in the order in which they are looked at: that of [`RuleName`].
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The exceptions, as they were added.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Accepts `authentic` on this `occasion`.
    ///
    /// # Errors
    /// That of the first rule that does not hold, in the order of [`RuleName`]: the age, then the rest. All are of
    /// [`Class::Refused`](crate::Class).
    pub fn accept(&self, authentic: Authentic, occasion: &Occasion) -> Result<Accepted, Error> {
        audit::acceptance(self.observer.as_ref(), &authentic, occasion.now, || self.judge(&authentic, occasion))?;
        let (_, exception) = self.granted(&authentic, occasion.now);
        let exception = exception.cloned();
        Ok(Accepted::new(authentic, occasion.now, self.max_age, exception))
    }

    /// Every rule with its outcome and the values compared: for dry runs, and to keep beside a decision.
    ///
    /// [`Explanation::accepted`] is what [`accept`](Self::accept) would say. It is no proof.
    pub fn explain(&self, authentic: &Authentic, occasion: &Occasion) -> Explanation {
        explanation::explain(self, authentic, occasion)
    }

    fn judge(&self, authentic: &Authentic, occasion: &Occasion) -> Result<(), Error> {
        for name in [RuleName::MaxAge, RuleName::FutureSkew] {
            self.judge_time(name, authentic, occasion)?;
        }
        self.rules.iter().try_for_each(|rule| rule.judge(authentic, occasion))
    }

    /// The rules that every policy has.
    fn judge_time(&self, name: RuleName, authentic: &Authentic, occasion: &Occasion) -> Result<(), Error> {
        let pending = authentic.document().pending_time();
        if name == RuleName::FutureSkew {
            return age::check_future(pending, occasion.now, self.future_skew);
        }
        self.granted(authentic, occasion.now).0.check(pending, occasion.now)
    }

    /// The maximum age that decides, and the exception that grants it where it is not the policy's own.
    ///
    /// That of the policy if it is enough, else of the first exception that is. If none is, it is the longest.
    fn granted(&self, authentic: &Authentic, now: UnixTime) -> (Age, Option<&Exception>) {
        let suffices = |age: Age| age.check(authentic.document().pending_time(), now).is_ok();
        if suffices(self.max_age) {
            return (self.max_age, None);
        }
        // Exceptions grant an age, and nothing else.
        let longer = self.exceptions.iter().filter(|exception| exception.max_age() > self.max_age && exception.is_in_force(authentic, now));
        let exception =
            longer.clone().find(|exception| suffices(exception.max_age())).or(longer.max_by_key(|exception| exception.max_age()));
        (exception.map_or(self.max_age, Exception::max_age), exception)
    }
}
