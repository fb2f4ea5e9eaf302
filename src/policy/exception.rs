//! Exceptions: who may be older, until when, and why.

use core::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Age;
use crate::authentic::Authentic;
use crate::ids::{AccountId, InstanceId};
use crate::region::Partition;
use crate::time::UnixTime;

/// A longer age for the instances of an account, or for one of them, until a moment, for a reason.
///
/// It grants an age and nothing else: every rule, and the future skew, hold as before. An age that is shorter than the policy's changes
/// nothing. It is in force before `until`; at `until` it is over.
///
/// An account id is unique within its partition only: where a policy accepts several, say of [which](Self::only_partition) the account is.
///
/// ```
/// use core::time::Duration;
/// use instance_identity::{Age, Exception, Policy};
///
/// let until = "2027-01-01T00:00:00Z".parse().unwrap();
/// let exception = Exception::new("123456789012".parse().unwrap(), Age::Unlimited, until, "fleet of 2019, moves by the end of the year");
/// let policy = Policy::new(Age::AtMost(Duration::from_secs(900))).with_exception(exception.unwrap());
/// assert_eq!(policy.longest_age(), Age::Unlimited);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    account: AccountId,
    partition: Option<Partition>,
    instance: Option<InstanceId>,
    max_age: Age,
    until: UnixTime,
    reason: Box<str>,
}

impl Exception {
    /// For all instances of `account`, in whatever partition.
    ///
    /// # Errors
    /// [`InvalidReason`] if `reason` is blank, is longer than 256 bytes, or has control characters.
    pub fn new(account: AccountId, max_age: Age, until: UnixTime, reason: &str) -> Result<Self, InvalidReason> {
        if reason.trim().is_empty() || reason.len() > MAX_REASON || reason.chars().any(char::is_control) {
            return Err(InvalidReason);
        }
        Ok(Self { account, partition: None, instance: None, max_age, until, reason: reason.into() })
    }

    /// For the account of this partition alone.
    #[must_use]
    pub fn only_partition(self, partition: Partition) -> Self {
        Self { partition: Some(partition), ..self }
    }

    /// For one instance of the account alone.
    #[must_use]
    pub fn only_instance(self, instance: InstanceId) -> Self {
        Self { instance: Some(instance), ..self }
    }

    /// The account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The partition, where it is for one alone.
    pub fn partition(&self) -> Option<&Partition> {
        self.partition.as_ref()
    }

    /// The instance, where it is for one alone.
    pub fn instance(&self) -> Option<&InstanceId> {
        self.instance.as_ref()
    }

    /// The age that it grants.
    pub fn max_age(&self) -> Age {
        self.max_age
    }

    /// When it is over.
    pub fn until(&self) -> UnixTime {
        self.until
    }

    /// Why it was granted. It may hold any character but control characters.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Is it for this instance?
    pub(super) fn matches(&self, authentic: &Authentic) -> bool {
        let document = authentic.document();
        self.account == *document.account_id()
            && self.partition.as_ref().is_none_or(|partition| partition == authentic.partition())
            && self.instance.as_ref().is_none_or(|instance| instance == document.instance_id())
    }

    pub(super) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.until
    }

    /// Does it grant its age to this instance, now?
    pub(super) fn is_in_force(&self, authentic: &Authentic, now: UnixTime) -> bool {
        self.matches(authentic) && !self.is_over(now)
    }

    pub(super) fn serialize_fields<S: SerializeStruct>(&self, exception: &mut S) -> Result<(), S::Error> {
        exception.serialize_field("account", &self.account)?;
        exception.serialize_field("partition", &self.partition)?;
        exception.serialize_field("instance", &self.instance)?;
        exception.serialize_field("max_age", &self.max_age)?;
        exception.serialize_field("until", &self.until)?;
        exception.serialize_field("reason", &self.reason)
    }
}

impl Serialize for Exception {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut exception = serializer.serialize_struct("Exception", 6)?;
        self.serialize_fields(&mut exception)?;
        exception.end()
    }
}

/// The reason of an [`Exception`] is blank, longer than 256 bytes, or has control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidReason;

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a reason: text of at most 256 bytes, without control characters")
    }
}

impl std::error::Error for InvalidReason {}

/// Three lines of a terminal. A longer story belongs where the reason points to.
const MAX_REASON: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_not_blank_not_long_and_on_one_line() {
        let exception = |reason: &str| {
            let until = UnixTime::from_secs(0).unwrap();
            Exception::new("123456789012".parse().unwrap(), Age::Unlimited, until, reason).map(|exception| exception.reason().to_owned())
        };
        for reason in ["x", "Umzug der alten Flotte, bis März", &"x".repeat(256)] {
            assert_eq!(exception(reason).as_deref(), Ok(reason));
        }
        for reason in ["", " ", "\u{a0}", "two\nlines", "\u{1b}[2J", "x\u{85}", &"x".repeat(257)] {
            assert_eq!(exception(reason), Err(InvalidReason), "{reason:?}");
        }
    }
}
