//! What an observer is told: every decision, once, and nothing that was not verified. And that it changes no verdict.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "common/vector.rs"]
mod vector;

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use instance_identity::testkit::{Authority, Era, Issued, TestInstance};
use instance_identity::{
    Age, AnyOf, Authentic, Class, Decision, Error, Evidence, Expect, Observer, Occasion, Policy, Rule, SignatureKind, Step, Verifier,
};
use serde_json::{Value, json};
use vector::{Kind, Vector, files, store};

const PENDING: &str = "2026-01-02T03:04:05Z";

/// What has been told, as JSON without the duration, and as `Debug` shows it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Value, String)>>>);

impl Log {
    fn observer(&self) -> Observer {
        let log = self.clone();
        Observer::new(move |decision| log.0.lock().unwrap().push((told(decision), format!("{decision:?}"))))
    }

    /// What has been told since the last time.
    fn take(&self) -> Vec<Value> {
        self.0.lock().unwrap().drain(..).map(|(json, _)| json).collect()
    }

    /// The one decision that has been told.
    fn one(&self) -> Value {
        let [one] = self.take().try_into().unwrap();
        one
    }
}

fn told(decision: &Decision<'_>) -> Value {
    let mut json = serde_json::to_value(decision).unwrap();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    // In the order of the alphabet, as `serde_json` keeps them.
    let all = ["account_id", "age_seconds", "class", "code", "duration_nanos", "fingerprints", "instance_id", "kinds", "region", "step"];
    assert_eq!(keys, all, "always the same keys");
    let nanos = json.as_object_mut().unwrap().remove("duration_nanos").unwrap().as_u64().unwrap();
    assert_eq!(Duration::from_nanos(nanos), decision.duration());
    assert!(json.as_object().unwrap().values().all(|value| !value.is_object()), "flat");
    json
}

fn authority() -> Authority {
    Authority::test_local()
}

fn issued() -> Issued {
    authority().issue(&TestInstance::new(PENDING.parse().unwrap()), Era::In2026)
}

fn fingerprints(kinds: &[SignatureKind]) -> Vec<String> {
    let store = authority().store();
    let of = |kind: &SignatureKind| {
        store.certificates().find(|certificate| certificate.kind() == *kind).map(|certificate| certificate.fingerprint_hex()).unwrap()
    };
    kinds.iter().map(of).collect()
}

#[test]
fn a_verification_is_told_with_what_it_proved() {
    let (log, issued) = (Log::default(), issued());
    let verifier = Verifier::new(authority().store()).on_decision(log.observer());
    let expected = |kinds: &[SignatureKind]| {
        json!({
            "step": "verification",
            "code": "verified",
            "class": null,
            "kinds": kinds,
            "region": "test-local-1",
            "account_id": "123456789012",
            "instance_id": "i-0123456789abcdef0",
            "fingerprints": fingerprints(kinds),
            "age_seconds": null,
        })
    };
    verifier.verify(&issued.document, issued.signature.as_bytes(), "test-local-1").unwrap();
    assert_eq!(log.one(), expected(&[SignatureKind::Rsa]));
    verifier.verify_cms(issued.pkcs7.as_bytes(), "test-local-1").unwrap();
    assert_eq!(log.one(), expected(&[SignatureKind::Dsa]));
    verifier.verify_evidence(&issued.evidence(), Expect::AnyRegion).unwrap();
    assert_eq!(log.one(), expected(&SignatureKind::ALL));
    verifier.rsa2048_only().verify_evidence(&issued.evidence(), Expect::Region(authority().region())).unwrap();
    assert_eq!(log.one(), expected(&[SignatureKind::Rsa2048]), "and not what was skipped");
}

#[test]
fn a_verification_that_fails_is_told_without_what_is_merely_claimed() {
    let (log, issued) = (Log::default(), issued());
    let verifier = Verifier::new(authority().store()).on_decision(log.observer());
    let (document, rsa) = (issued.document.as_slice(), issued.signature.as_bytes());
    let changed = String::from_utf8(issued.document.clone()).unwrap().replace("123456789012", "210987654321").into_bytes();
    let refused = |code: &str, class: Class, kinds: &[SignatureKind], region: Option<&str>| {
        json!({
            "step": "verification",
            "code": code,
            "class": class.as_str(),
            "kinds": kinds,
            "region": region,
            "account_id": null,
            "instance_id": null,
            "fingerprints": [],
            "age_seconds": null,
        })
    };
    let here = Some("test-local-1");
    let check = |result: Result<Authentic, Error>, expected: Value| {
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.class().as_str()), (expected["code"].as_str().unwrap(), expected["class"].as_str().unwrap()));
        assert_eq!(log.one(), expected);
    };
    let (malformed, unauthentic) = (Class::Malformed, Class::Unauthentic);

    check(verifier.verify(&changed, rsa, "test-local-1"), refused("signature_invalid", unauthentic, &[SignatureKind::Rsa], here));
    check(verifier.verify(document, b"", "test-local-1"), refused("empty_input", malformed, &[], here));
    // What is no region is not shown, whatever it is.
    check(verifier.verify(document, rsa, "test-local-1\u{1b}[2J"), refused("invalid_region", malformed, &[], None));
    check(verifier.verify_cms(issued.pkcs7.as_bytes(), ""), refused("invalid_region", malformed, &[], None));
    check(verifier.verify_cms(b"!", "test-local-1"), refused("invalid_base64", malformed, &[], here));
    check(verifier.verify(document, rsa, "eu-west-1"), refused("unknown_region", Class::Refused, &[], Some("eu-west-1")));

    let evidence = Evidence::new().with_document(changed.clone());
    // The region that the document names is a claim.
    check(
        verifier.verify_evidence(&evidence.clone().with_signature(rsa), Expect::AnyRegion),
        refused("signature_invalid", unauthentic, &[SignatureKind::Rsa], None),
    );
    check(
        verifier.verify_evidence(&evidence.clone().with_pkcs7(issued.pkcs7.clone()), Expect::Region(authority().region())),
        refused("document_mismatch", unauthentic, &[SignatureKind::Dsa], here),
    );
    check(
        verifier.verify_evidence(&evidence.clone().with_rsa2048(issued.pkcs7.clone()), Expect::AnyRegion),
        refused("wrong_signature_kind", malformed, &[SignatureKind::Rsa2048], None),
    );
    check(verifier.verify_evidence(&evidence, Expect::AnyRegion), refused("missing_signature", malformed, &[], None));
    let one = verifier.clone().rsa2048_only();
    check(one.verify(document, rsa, "test-local-1"), refused("kind_not_allowed", Class::Refused, &[SignatureKind::Rsa], here));
}

/// Over all vectors: one decision for each verification, the same verdict as without, printable ASCII, and nothing of what was refused.
#[test]
fn no_verdict_depends_on_an_observer_and_each_is_told_once() {
    let (store, log) = (store(), Log::default());
    let mut counts = (0, 0);
    for (name, bytes) in files() {
        let vector = Vector::parse(&bytes).unwrap();
        let verifier = vector.verifier(&store).unwrap();
        let without = vector.present(&verifier).unwrap();
        let with = vector.present(&verifier.on_decision(log.observer())).unwrap();
        assert_eq!(format!("{with:?}"), format!("{without:?}"), "{name}");
        let decisions: Vec<(Value, String)> = log.0.lock().unwrap().drain(..).collect();
        // Neither is a verification: to load a certificate, and to read an evidence that is none.
        let is_verification = match vector.kind {
            Kind::Certificate(_) => false,
            Kind::Evidence => Evidence::from_json(&vector.body).is_ok(),
            Kind::Any | Kind::Named(_) => true,
        };
        assert_eq!(decisions.len(), usize::from(is_verification), "{name}");
        for (json, shown) in decisions {
            let code = vector.expect.split(' ').next().unwrap();
            assert_eq!(json["code"], if code == "accepted" { "verified" } else { code }, "{name}");
            assert_eq!(json["account_id"].is_null(), code != "accepted", "{name}");
            for text in [json.to_string(), shown] {
                assert!(text.bytes().all(|c| matches!(c, b' '..=b'~')), "{name}: {text:?}");
                assert!(text.len() < 700, "{name}: {text}");
            }
            counts.0 += 1;
            counts.1 += usize::from(code == "accepted");
        }
    }
    assert!(counts.0 > 900 && counts.1 > 10, "{counts:?}");
}

#[test]
fn a_decision_has_the_error_that_is_returned() {
    let seen: Arc<Mutex<Vec<Option<Error>>>> = Arc::default();
    let observer = Observer::new({
        let seen = seen.clone();
        move |decision| {
            assert_eq!((decision.step(), decision.step().to_string().as_str()), (Step::Verification, "verification"));
            seen.lock().unwrap().push(decision.error().cloned());
        }
    });
    let verifier = Verifier::new(authority().store()).on_decision(observer);
    let error = verifier.verify_cms(b"AAAA", "test-local-1").unwrap_err();
    verifier.verify_cms(issued().rsa2048.as_bytes(), "test-local-1").unwrap();
    assert_eq!(*seen.lock().unwrap(), [Some(error), None]);
}

#[test]
fn an_acceptance_is_told_with_the_age_and_explaining_is_not() {
    let log = Log::default();
    let authentic = Verifier::new(authority().store()).verify_evidence(&issued().evidence(), Expect::AnyRegion).unwrap();
    let policy = Policy::new(Age::AtMost(Duration::from_secs(900)))
        .with(Rule::Accounts(AnyOf::one("123456789012".parse().unwrap())))
        .on_decision(log.observer());
    let expected = |code: &str, class: Option<&str>, age: i64| {
        json!({
            "step": "acceptance",
            "code": code,
            "class": class,
            "kinds": SignatureKind::ALL,
            "region": "test-local-1",
            "account_id": "123456789012",
            "instance_id": "i-0123456789abcdef0",
            "fingerprints": fingerprints(&SignatureKind::ALL),
            "age_seconds": age,
        })
    };
    let occasion = |now: &str| Occasion { now: now.parse().unwrap(), peer: None };
    for (now, code, class, age) in [
        ("2026-01-02T03:04:05Z", "accepted", None, 0),
        ("2026-01-02T03:19:05Z", "accepted", None, 900),
        ("2026-01-02T03:19:06Z", "too_old", Some("refused"), 901),
        ("2026-01-02T03:03:05Z", "accepted", None, -60),
        ("2026-01-02T03:03:04Z", "not_yet", Some("refused"), -61),
        ("1970-01-01T00:00:00Z", "not_yet", Some("refused"), -1_767_323_045),
        ("9999-12-31T23:59:59Z", "too_old", Some("refused"), 251_634_977_754),
    ] {
        let occasion = occasion(now);
        let _ = policy.explain(&authentic, &occasion);
        assert_eq!(log.take(), Vec::<Value>::new());
        let result = policy.accept(authentic.clone(), &occasion);
        assert_eq!(result.err().map(|error| error.code()), class.map(|_| code), "{now}");
        assert_eq!(log.one(), expected(code, class, age), "{now}");
    }
    let other = policy.clone().with(Rule::Accounts(AnyOf::one("210987654321".parse().unwrap())));
    assert!(other.accept(authentic, &occasion(PENDING)).is_err());
    assert_eq!(log.one(), expected("account_not_allowed", Some("refused"), 0));
}

#[test]
fn no_acceptance_depends_on_an_observer_but_equality_of_policies_does() {
    let authentic = Verifier::new(authority().store()).verify_evidence(&issued().evidence(), Expect::AnyRegion).unwrap();
    let log = Log::default();
    let observer = log.observer();
    let policies = [
        Policy::new(Age::Unlimited),
        Policy::new(Age::AtMost(Duration::ZERO)),
        Policy::new(Age::Unlimited).with(Rule::PeerIsPrivateIp),
        Policy::new(Age::Unlimited).with(Rule::CertificatesUnexpired),
        Policy::new(Age::Unlimited).with(Rule::Regions(AnyOf::one("eu-west-1".parse().unwrap()))),
    ];
    for policy in policies {
        let with = policy.clone().on_decision(observer.clone());
        assert_ne!(policy, with);
        assert_eq!(with, policy.clone().on_decision(observer.clone()));
        for now in [PENDING, "2026-01-02T03:04:06Z", "2099-01-01T00:00:00Z"] {
            let occasion = Occasion { now: now.parse().unwrap(), peer: Some("10.0.0.10".parse().unwrap()) };
            let accepted = |policy: &Policy| policy.accept(authentic.clone(), &occasion);
            assert_eq!(format!("{:?}", accepted(&with)), format!("{:?}", accepted(&policy)));
            assert_eq!(with.explain(&authentic, &occasion), policy.explain(&authentic, &occasion));
            assert_eq!(log.take().len(), 1);
        }
    }
}

#[test]
fn a_panic_in_the_callback_unwinds_and_the_verifier_stays_usable() {
    let (called, issued) = (AtomicBool::new(false), issued());
    let verifier = Verifier::new(authority().store()).on_decision(Observer::new(move |_| {
        assert!(called.swap(true, Ordering::Relaxed), "the callback's own");
    }));
    let panicked = catch_unwind(|| verifier.verify_cms(issued.rsa2048.as_bytes(), "test-local-1").is_ok());
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"the callback's own"));
    assert!(verifier.verify_cms(issued.rsa2048.as_bytes(), "test-local-1").is_ok());
}

#[test]
fn the_last_observer_takes_the_place_of_the_one_before() {
    let (first, second) = (Log::default(), Log::default());
    let verifier = Verifier::new(authority().store()).on_decision(first.observer()).on_decision(second.observer());
    let _ = verifier.verify_cms(b"AAAA", "test-local-1");
    assert_eq!((first.take().len(), second.take().len()), (0, 1));
}

#[test]
fn observers_are_equal_if_they_are_clones_of_one() {
    let (one, other) = (Log::default().observer(), Log::default().observer());
    assert_eq!(one, one.clone());
    assert_ne!(one, other);
    assert_eq!(format!("{one:?}"), "Observer");
}
