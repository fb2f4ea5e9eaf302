//! The proof that a document is accepted.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Age, Exception};
use crate::authentic::Authentic;
use crate::document::Document;
use crate::time::UnixTime;

/// A document that is authentic and that a policy accepted. Only [`Policy::accept`](crate::Policy::accept) makes one.
///
/// It was accepted once, at [`accepted_at`](Self::accepted_at): it says nothing about later, and not that it had not been accepted before.
#[derive(Clone, Debug)]
pub struct Accepted {
    authentic: Authentic,
    accepted_at: UnixTime,
    policy_age: Age,
    exception: Option<Exception>,
}

impl Accepted {
    pub(super) fn new(authentic: Authentic, accepted_at: UnixTime, policy_age: Age, exception: Option<Exception>) -> Self {
        Self { authentic, accepted_at, policy_age, exception }
    }

    /// The document, and what vouched for it.
    pub fn authentic(&self) -> &Authentic {
        &self.authentic
    }

    /// The same, owned. It is no longer known to be accepted.
    pub fn into_authentic(self) -> Authentic {
        self.authentic
    }

    /// The document.
    pub fn document(&self) -> &Document {
        self.authentic.document()
    }

    /// The time of the occasion.
    pub fn accepted_at(&self) -> UnixTime {
        self.accepted_at
    }

    /// The maximum age under which it was accepted: the policy's, or the exception's.
    pub fn max_age(&self) -> Age {
        self.exception.as_ref().map_or(self.policy_age, Exception::max_age)
    }

    /// The exception without which it would have been too old.
    pub fn exception(&self) -> Option<&Exception> {
        self.exception.as_ref()
    }
}

impl Serialize for Accepted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut accepted = serializer.serialize_struct("Accepted", 4)?;
        accepted.serialize_field("authentic", &self.authentic)?;
        accepted.serialize_field("accepted_at", &self.accepted_at)?;
        accepted.serialize_field("max_age", &self.max_age())?;
        accepted.serialize_field("exception", &self.exception)?;
        accepted.end()
    }
}
