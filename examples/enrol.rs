//! A backend's handler, and how to test it without an EC2 instance.
//!
//! `enrol` is the code that you would deploy. Its tests at the end make documents with the feature `testkit`. They run with
//! `cargo test --all-features --example enrol`; `cargo run --features testkit --example enrol` shows one request.

use std::time::Duration;

use instance_identity::testkit::{Authority, Era, TestInstance};
use instance_identity::{Accepted, AccountId, Age, AnyOf, Error, Evidence, Expect, Occasion, Policy, Region, Rule, UnixTime, Verifier};

/// What the handler needs to decide: in production `Verifier::bundled().rsa2048_only()`.
struct Enrolment {
    verifier: Verifier,
    region: Region,
    policy: Policy,
}

/// An answer: an HTTP status and a text.
#[derive(Debug, PartialEq)]
struct Answer(u16, String);

impl Enrolment {
    /// Answers a request whose body is the evidence as JSON. `now`: in production `UnixTime::try_from(SystemTime::now())`.
    fn enrol(&self, body: &[u8], now: UnixTime) -> Answer {
        match self.identify(body, now) {
            Ok(accepted) => Answer(200, format!("welcome, {}", accepted.document().instance_id())),
            Err(error) => Answer(error.class().http_status(), error.code().to_owned()),
        }
    }

    fn identify(&self, body: &[u8], now: UnixTime) -> Result<Accepted, Error> {
        let evidence = Evidence::from_json(body)?;
        let authentic = self.verifier.verify_evidence(&evidence, Expect::Region(&self.region))?;
        // Authentic is not accepted: whose instances may come in, and how long after their start, is for you to say.
        self.policy.accept(authentic, &Occasion { now, peer: None })
    }
}

/// Instances of one account, within a quarter of an hour after their start.
fn policy(account: AccountId) -> Policy {
    Policy::new(Age::AtMost(Duration::from_secs(15 * 60))).with(Rule::Accounts(AnyOf::one(account)))
}

fn main() {
    let authority = Authority::test_local();
    let Some(now) = UnixTime::from_secs(1_700_000_000) else { return };
    let instance = TestInstance::new(now);
    let enrolment = Enrolment {
        verifier: Verifier::new(authority.store()).rsa2048_only(),
        region: authority.region().clone(),
        policy: policy(instance.account_id.clone()),
    };
    let body = authority.issue(&instance, Era::In2026).evidence_json().unwrap_or_default();
    let Answer(status, text) = enrolment.enrol(body.as_bytes(), now);
    println!("{status} {text}");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The deployed handler, but for the store: the test's authority takes the place of AWS.
    fn enrolment(authority: &Authority) -> Enrolment {
        Enrolment {
            verifier: Verifier::new(authority.store()).rsa2048_only(),
            region: authority.region().clone(),
            policy: policy("123456789012".parse().unwrap()),
        }
    }

    fn instance() -> TestInstance {
        TestInstance::new(time("2026-01-02T03:04:05Z"))
    }

    /// A minute after the start.
    fn now() -> UnixTime {
        time("2026-01-02T03:05:05Z")
    }

    fn time(text: &str) -> UnixTime {
        text.parse().unwrap()
    }

    #[test]
    fn an_instance_of_our_account_is_welcome_by_name() {
        let authority = Authority::test_local();
        let body = authority.issue(&instance(), Era::In2026).evidence_json().unwrap();
        assert_eq!(enrolment(&authority).enrol(body.as_bytes(), now()), Answer(200, "welcome, i-0123456789abcdef0".to_owned()));
    }

    #[test]
    fn an_instance_of_another_account_is_refused() {
        let authority = Authority::test_local();
        let other = TestInstance { account_id: "210987654321".parse().unwrap(), ..instance() };
        let body = authority.issue(&other, Era::In2026).evidence_json().unwrap();
        assert_eq!(enrolment(&authority).enrol(body.as_bytes(), now()), Answer(403, "account_not_allowed".to_owned()));
    }

    #[test]
    fn an_instance_that_was_started_long_ago_is_refused() {
        let authority = Authority::test_local();
        let body = authority.issue(&instance(), Era::In2026).evidence_json().unwrap();
        let later = time("2026-01-02T03:19:06Z");
        assert_eq!(enrolment(&authority).enrol(body.as_bytes(), later), Answer(403, "too_old".to_owned()));
    }

    #[test]
    fn a_document_of_another_authority_is_refused() {
        let authority = Authority::test_local();
        let other = Authority::new("test-local-2".parse().unwrap(), "aws".parse().unwrap());
        let body = other.issue(&instance(), Era::In2026).evidence_json().unwrap();
        assert_eq!(enrolment(&authority).enrol(body.as_bytes(), now()), Answer(401, "unknown_signer".to_owned()));
    }

    #[test]
    fn a_changed_document_is_refused() {
        let authority = Authority::test_local();
        let body = authority.issue(&instance(), Era::In2026).evidence_json().unwrap();
        let changed = body.replace("123456789012", "210987654321");
        assert_eq!(enrolment(&authority).enrol(changed.as_bytes(), now()), Answer(401, "document_mismatch".to_owned()));
    }

    #[test]
    fn nobody_is_talked_down_to_a_weaker_signature() {
        let authority = Authority::test_local();
        let issued = authority.issue(&instance(), Era::In2026);
        let body = serde_json::json!({ "document": String::from_utf8(issued.document).unwrap(), "signature": issued.signature });
        assert_eq!(enrolment(&authority).enrol(body.to_string().as_bytes(), now()), Answer(403, "kind_not_allowed".to_owned()));
    }
}
