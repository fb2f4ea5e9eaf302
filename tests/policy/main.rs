//! The policy: each rule at its edges, and what holds for any policy, document and occasion.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod properties;
mod rules;

use std::fmt::Debug;
use std::str::FromStr;

use instance_identity::testkit::{Authority, Era, TestDocument, TestInstance};
use instance_identity::{AnyOf, Authentic, Evidence, Expect, Occasion, UnixTime, Verifier};

/// When the instances of these tests are started, unless they say otherwise.
const PENDING: &str = "2026-01-01T00:00:00Z";

/// The value of a text.
fn v<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// The list of the values of some texts.
fn list<T: FromStr<Err: Debug> + Ord>(texts: &[&str]) -> AnyOf<T> {
    AnyOf::new(texts.iter().map(|text| v(text))).unwrap()
}

fn instance() -> TestInstance {
    TestInstance::new(v(PENDING))
}

/// The document of an instance, after all three signatures have verified.
fn authentic(instance: &TestInstance) -> Authentic {
    let document = TestDocument::new(instance, Authority::test_local().region(), Era::In2026);
    authentic_document(&document)
}

fn authentic_document(document: &TestDocument) -> Authentic {
    let issued = Authority::test_local().sign(document.encode(), Era::In2026, v(PENDING));
    verified(&issued.evidence())
}

fn verified(evidence: &Evidence) -> Authentic {
    let authority = Authority::test_local();
    Verifier::new(authority.store()).verify_evidence(evidence, Expect::Region(authority.region())).unwrap()
}

/// At this time, by an unknown peer.
fn at(now: &str) -> Occasion {
    Occasion { now: v(now), peer: None }
}

/// So many seconds after the start.
fn after(seconds: u64) -> Occasion {
    let pending: UnixTime = v(PENDING);
    Occasion { now: UnixTime::from_secs(pending.as_secs() + seconds).unwrap(), peer: None }
}
