//! Decisions as events of `tracing`.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use instance_identity::testkit::{Authority, Era, TestInstance};
use instance_identity::{Expect, Observer, Verifier};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps each event.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<Emitted>>>);

/// Target, level and fields of an event.
type Emitted = (&'static str, Level, Fields);

#[derive(Debug, Default, PartialEq)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        assert_eq!(self.0.insert(field.name(), format!("{value:?}")), None);
    }
}

impl Subscriber for Events {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.0.lock().unwrap().push((event.metadata().target(), *event.metadata().level(), fields));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        panic!("no spans are opened")
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a_decision_is_one_event_with_the_same_fields() {
    let authority = Authority::test_local();
    let issued = authority.issue(&TestInstance::new("2026-01-02T03:04:05Z".parse().unwrap()), Era::In2026);
    let verifier = Verifier::new(authority.store()).on_decision(Observer::tracing());
    let events = Events::default();
    tracing::subscriber::with_default(events.clone(), || {
        verifier.verify_evidence(&issued.evidence(), Expect::AnyRegion).unwrap();
        verifier.verify(&issued.document, b"!", "test-local-1").unwrap_err();
    });
    let mut events = events.0.lock().unwrap();
    for (target, _, fields) in events.iter_mut() {
        assert_eq!(*target, "instance_identity");
        assert!(fields.0.remove("duration_nanos").unwrap().parse::<u64>().is_ok());
        assert_eq!(fields.0.remove("message").as_deref(), Some("instance identity decision"));
    }
    let [(_, info, verified), (_, warn, refused)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((*info, *warn), (Level::INFO, Level::WARN));
    let fingerprint = |kind| authority.store().certificates().find(|found| found.kind() == kind).unwrap().fingerprint_hex();
    let fingerprints = instance_identity::SignatureKind::ALL.map(fingerprint).join(",");
    let quoted = |pairs: &[(&'static str, &str)]| Fields(pairs.iter().map(|(name, value)| (*name, format!("{value:?}"))).collect());
    let expected = quoted(&[
        ("step", "verification"),
        ("code", "verified"),
        ("kinds", "rsa2048,dsa,rsa"),
        ("region", "test-local-1"),
        ("account_id", "123456789012"),
        ("instance_id", "i-0123456789abcdef0"),
        ("fingerprints", &fingerprints),
    ]);
    assert_eq!(*verified, expected);
    let expected = quoted(&[("step", "verification"), ("code", "invalid_base64"), ("class", "malformed"), ("region", "test-local-1")]);
    assert_eq!(*refused, expected);
}
