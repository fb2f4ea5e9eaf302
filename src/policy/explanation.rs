//! A decision, rule by rule.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::age::{self, Span};
use super::{Exception, Occasion, Policy};
use crate::authentic::Authentic;
use crate::error::{Error, RuleName};

/// What a policy says about a document on an occasion, rule by rule. [`Policy::explain`] makes it; it is no proof.
///
/// `Serialize` gives `accepted`, `now`, `peer`, `checks` (each `rule`, `holds`, `code`, `found`, `compared_with`) and `exceptions`. Texts that
/// come from the document are printable ASCII. The reason of an exception is yours: escape it where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    occasion: Occasion,
    checks: Vec<Check>,
    exceptions: Vec<ExceptionCheck>,
    age_granted_by: Option<Exception>,
}

impl Explanation {
    /// Would [`Policy::accept`] accept it?
    pub fn accepted(&self) -> bool {
        self.error().is_none()
    }

    /// The error that [`Policy::accept`] would give: that of the first rule that refuses.
    pub fn error(&self) -> Option<&Error> {
        self.checks.iter().find_map(Check::refusal)
    }

    /// The occasion.
    pub fn occasion(&self) -> &Occasion {
        &self.occasion
    }

    /// Every rule of the policy, in the order in which they are looked at.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The exception whose age `max_age` was compared with, where it is not the policy's own. It has been applied, or was not enough.
    pub fn age_granted_by(&self) -> Option<&Exception> {
        self.age_granted_by.as_ref()
    }

    /// Every exception of the policy, as they were added.
    pub fn exceptions(&self) -> &[ExceptionCheck] {
        &self.exceptions
    }
}

/// One rule with its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    rule: RuleName,
    refusal: Option<Error>,
    found: Vec<String>,
    compared_with: Vec<String>,
}

impl Check {
    /// The rule.
    pub fn rule(&self) -> RuleName {
        self.rule
    }

    /// Does it hold?
    pub fn holds(&self) -> bool {
        self.refusal.is_none()
    }

    /// Why it does not hold.
    pub fn refusal(&self) -> Option<&Error> {
        self.refusal.as_ref()
    }

    /// What it looked at: values of the document, an age, or the peer. Empty where there is none.
    pub fn found(&self) -> &[String] {
        &self.found
    }

    /// What that was compared with: the values of the rule, for `peer` the document's address, for `max_age` the age that decided: the
    /// policy's, or that of an [exception](Explanation::age_granted_by).
    pub fn compared_with(&self) -> &[String] {
        &self.compared_with
    }
}

/// One exception with what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionCheck {
    exception: Exception,
    outcome: ExceptionOutcome,
}

impl ExceptionCheck {
    /// The exception.
    pub fn exception(&self) -> &Exception {
        &self.exception
    }

    /// What it did.
    pub fn outcome(&self) -> ExceptionOutcome {
        self.outcome
    }
}

/// What an exception did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExceptionOutcome {
    /// `applied`: without it the document would be too old.
    Applied,
    /// `not_enough`: the document is older than it grants, too.
    NotEnough,
    /// `not_for_it`: it is for other instances.
    NotForIt,
    /// `not_needed`: the policy, or an exception before it, grants the age.
    NotNeeded,
    /// `over`: it is for this instance, and its end has passed.
    Over,
}

impl ExceptionOutcome {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NotEnough => "not_enough",
            Self::NotForIt => "not_for_it",
            Self::NotNeeded => "not_needed",
            Self::Over => "over",
        }
    }
}

pub(super) fn explain(policy: &Policy, authentic: &Authentic, occasion: &Occasion) -> Explanation {
    let (pending, now) = (authentic.document().pending_time(), occasion.now);
    let (max_age, granted_by) = policy.granted(authentic, now);
    let time = |rule, found, compared_with| Check {
        rule,
        refusal: policy.judge_time(rule, authentic, occasion).err(),
        found: vec![Span(found).to_string()],
        compared_with: vec![compared_with],
    };
    let mut checks = vec![
        time(RuleName::MaxAge, age::age(pending, now), max_age.to_string()),
        time(RuleName::FutureSkew, age::age(now, pending), Span(policy.future_skew).to_string()),
    ];
    checks.extend(policy.rules.iter().map(|rule| Check {
        rule: rule.name(),
        refusal: rule.judge(authentic, occasion).err(),
        found: rule.found(authentic, occasion),
        compared_with: rule.compared(authentic, occasion),
    }));
    let exceptions = policy.exceptions.iter().map(|exception| ExceptionCheck {
        exception: exception.clone(),
        outcome: match granted_by {
            _ if !exception.matches(authentic) => ExceptionOutcome::NotForIt,
            _ if exception.is_over(now) => ExceptionOutcome::Over,
            _ if exception.max_age().check(pending, now).is_err() => ExceptionOutcome::NotEnough,
            Some(granted_by) if core::ptr::eq(granted_by, exception) => ExceptionOutcome::Applied,
            _ => ExceptionOutcome::NotNeeded,
        },
    });
    Explanation { occasion: *occasion, exceptions: exceptions.collect(), checks, age_granted_by: granted_by.cloned() }
}

impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut explanation = serializer.serialize_struct("Explanation", 5)?;
        explanation.serialize_field("accepted", &self.accepted())?;
        explanation.serialize_field("now", &self.occasion.now)?;
        explanation.serialize_field("peer", &self.occasion.peer)?;
        explanation.serialize_field("checks", &self.checks)?;
        explanation.serialize_field("exceptions", &self.exceptions)?;
        explanation.end()
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut check = serializer.serialize_struct("Check", 5)?;
        check.serialize_field("rule", &self.rule)?;
        check.serialize_field("holds", &self.holds())?;
        check.serialize_field("code", &self.refusal.as_ref().map(Error::code))?;
        check.serialize_field("found", &self.found)?;
        check.serialize_field("compared_with", &self.compared_with)?;
        check.end()
    }
}

impl Serialize for ExceptionCheck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut check = serializer.serialize_struct("ExceptionCheck", 7)?;
        self.exception.serialize_fields(&mut check)?;
        check.serialize_field("outcome", self.outcome.as_str())?;
        check.end()
    }
}
