//! One decision, as it is told.

use core::fmt;
use core::time::Duration;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::authentic::Authentic;
use crate::certs::PinnedCertificate;
use crate::error::{Class, Error, Part, ValueKind};
use crate::ids::{AccountId, InstanceId};
use crate::kind::SignatureKind;
use crate::region::Region;
use crate::time::UnixTime;

/// A verification or an acceptance: what came of it, for whom, and how long it took.
///
/// It has neither the document nor a signature, and shows nothing that is merely claimed. Its values have the characters of their types
/// alone: none of them is a control character, or more than ASCII.
///
/// `Serialize` gives one flat object, always with these keys: `step`, `code`, `class`, `kinds`, `region`, `account_id`, `instance_id`,
/// `fingerprints`, `age_seconds`, `duration_nanos`. What is not known is `null`, `kinds` and `fingerprints` are then empty lists.
#[derive(Clone, Copy)]
pub struct Decision<'a> {
    step: Step,
    error: Option<&'a Error>,
    expected: Option<&'a Region>,
    authentic: Option<&'a Authentic>,
    now: Option<UnixTime>,
    duration: Duration,
}

/// Which of the two questions was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Does a policy accept it?
    Acceptance,
    /// Is it authentic?
    Verification,
}

impl Step {
    /// `acceptance` or `verification`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Verification => "verification",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<'a> Decision<'a> {
    pub(super) fn of_verification(verdict: &'a Result<Authentic, Error>, expected: Option<&'a Region>, duration: Duration) -> Self {
        let (authentic, error) = (verdict.as_ref().ok(), verdict.as_ref().err());
        Self { step: Step::Verification, error, expected, authentic, now: None, duration }
    }

    pub(super) fn of_acceptance(verdict: &'a Result<(), Error>, authentic: &'a Authentic, now: UnixTime, duration: Duration) -> Self {
        let (authentic, error) = (Some(authentic), verdict.as_ref().err());
        Self { step: Step::Acceptance, error, expected: None, authentic, now: Some(now), duration }
    }

    /// Which question it answers.
    pub fn step(&self) -> Step {
        self.step
    }

    /// The error that is returned; `None` if it verified or was accepted.
    pub fn error(&self) -> Option<&'a Error> {
        self.error
    }

    /// The [code](Error::code) of the error, else `verified` or `accepted`.
    pub fn code(&self) -> &'static str {
        match (self.error, self.step) {
            (Some(error), _) => error.code(),
            (None, Step::Acceptance) => "accepted",
            (None, Step::Verification) => "verified",
        }
    }

    /// The class of the error.
    pub fn class(&self) -> Option<Class> {
        self.error.map(Error::class)
    }

    /// The kinds of the signatures that verified, the strongest first. If the verification failed, the one kind at which it did, where the
    /// error has it.
    pub fn kinds(&self) -> impl Iterator<Item = SignatureKind> + use<'a> {
        let failed = self.error.filter(|_| self.authentic.is_none()).and_then(kind_of);
        self.certificates().map(PinnedCertificate::kind).chain(failed)
    }

    /// The region of the authentic document, else the one that the caller expected; `None` if that is not a region, and where the document
    /// was to name it.
    pub fn region(&self) -> Option<&'a Region> {
        self.authentic.map(Authentic::region).or(self.expected)
    }

    /// The account of the authentic document. Unique within the partition of the region only.
    pub fn account_id(&self) -> Option<&'a AccountId> {
        self.authentic.map(|authentic| authentic.document().account_id())
    }

    /// The instance of the authentic document.
    pub fn instance_id(&self) -> Option<&'a InstanceId> {
        self.authentic.map(|authentic| authentic.document().instance_id())
    }

    /// The certificates that vouched for the authentic document, in the order of [`kinds`](Self::kinds).
    pub fn certificates(&self) -> impl Iterator<Item = &'a PinnedCertificate> + use<'a> {
        self.authentic.into_iter().flat_map(|authentic| authentic.signatures().iter().map(|signature| signature.certificate()))
    }

    /// How long before the occasion the instance was launched or last started; negative if `pendingTime` lies in the future. `None` of a
    /// verification, which knows no time.
    pub fn age_seconds(&self) -> Option<i64> {
        let pending = self.authentic?.document().pending_time();
        // Both are below the year 10000.
        Some(self.now?.as_secs().cast_signed().saturating_sub(pending.as_secs().cast_signed()))
    }

    /// How long the decision took.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// [`duration`](Self::duration) in nanoseconds; at most 584 years.
    pub(super) fn duration_nanos(&self) -> u64 {
        self.duration.as_nanos().try_into().unwrap_or(u64::MAX)
    }
}

impl Serialize for Decision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fingerprints: Vec<String> = self.certificates().map(PinnedCertificate::fingerprint_hex).collect();
        let mut decision = serializer.serialize_struct("Decision", 10)?;
        decision.serialize_field("step", self.step.as_str())?;
        decision.serialize_field("code", self.code())?;
        decision.serialize_field("class", &self.class().map(Class::as_str))?;
        decision.serialize_field("kinds", &self.kinds().collect::<Vec<_>>())?;
        decision.serialize_field("region", &self.region())?;
        decision.serialize_field("account_id", &self.account_id())?;
        decision.serialize_field("instance_id", &self.instance_id())?;
        decision.serialize_field("fingerprints", &fingerprints)?;
        decision.serialize_field("age_seconds", &self.age_seconds())?;
        decision.serialize_field("duration_nanos", &self.duration_nanos())?;
        decision.end()
    }
}

impl fmt::Debug for Decision<'_> {
    /// What it serializes, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("step", &self.step)
            .field("code", &self.code())
            .field("kinds", &self.kinds().collect::<Vec<_>>())
            .field("region", &self.region())
            .field("account_id", &self.account_id())
            .field("instance_id", &self.instance_id())
            .field("age_seconds", &self.age_seconds())
            .field("duration_nanos", &self.duration_nanos())
            .finish_non_exhaustive()
    }
}

/// The kind at which a verification failed.
fn kind_of(error: &Error) -> Option<SignatureKind> {
    match error {
        Error::DigestMismatch { kind }
        | Error::DocumentMismatch { kind, .. }
        | Error::KindNotAllowed { kind }
        | Error::NoCertificate { kind, .. }
        | Error::SignatureInvalid { kind, .. } => Some(*kind),
        Error::EmptyInput { part: Part::Signature(kind) }
        | Error::InputTooLarge { part: Part::Signature(kind), .. }
        | Error::InvalidBase64 { part: Part::Signature(kind), .. }
        | Error::InvalidBer { part: Part::Signature(kind), .. }
        | Error::InvalidPem { part: Part::Signature(kind), .. }
        | Error::NotSignedData { part: Part::Signature(kind), .. }
        | Error::UnsupportedCms { part: Part::Signature(kind), .. } => *kind,
        Error::WrongSignatureKind { expected: ValueKind::Endpoint(kind), .. } => Some(*kind),
        _ => None,
    }
}
