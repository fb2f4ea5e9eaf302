//! Real requests over the loopback interface.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use enrol_axum::{Gate, app};
use instance_identity::testkit::{Authority, Era, TestInstance};
use instance_identity::{Age, AnyOf, Observer, Policy, Rule, UnixTime, Verifier};
use serde_json::{Value, json};

/// A running service, and the codes of what its observer was told.
struct Service {
    address: SocketAddr,
    told: Arc<Mutex<Vec<String>>>,
    // Stops serving when dropped.
    _runtime: tokio::runtime::Runtime,
}

/// An answer: status, headers, and the body as JSON.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Value,
}

impl Service {
    fn start(policy: impl FnOnce(Policy) -> Policy) -> Self {
        let authority = Authority::test_local();
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let observer = Observer::new({
            let told = told.clone();
            move |decision| told.lock().unwrap().push(format!("{} {}", decision.step(), decision.code()))
        });
        let accepted = Policy::new(Age::AtMost(Duration::from_secs(15 * 60)))
            .with(Rule::Partitions(AnyOf::one("aws".parse().unwrap())))
            .with(Rule::Accounts(AnyOf::one("123456789012".parse().unwrap())))
            .with(Rule::Regions(AnyOf::one(authority.region().clone())));
        let gate = Gate {
            verifier: Verifier::new(authority.store()).rsa2048_only().on_decision(observer.clone()),
            policy: policy(accepted).on_decision(observer),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_io().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let service = app(gate).into_make_service_with_connect_info::<SocketAddr>();
        runtime.spawn(async move { axum::serve(listener, service).await });
        Self { address, told, _runtime: runtime }
    }

    fn post(&self, body: &[u8]) -> Answer {
        self.send("POST", body)
    }

    /// One HTTP/1.1 request on a connection of its own.
    fn send(&self, method: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(stream, "{method} /enrol HTTP/1.1\r\nHost: test\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
        Answer { status, head: head.to_ascii_lowercase(), body }
    }

    /// What has been told since the last time.
    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

/// An instance that was started so many seconds ago.
fn started(seconds: u64) -> TestInstance {
    let now = UnixTime::try_from(SystemTime::now()).unwrap();
    TestInstance { private_ip: Ipv4Addr::LOCALHOST.into(), ..TestInstance::new(UnixTime::from_secs(now.as_secs() - seconds).unwrap()) }
}

fn evidence(authority: &Authority, instance: &TestInstance) -> String {
    authority.issue(instance, Era::In2026).evidence_json().unwrap()
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str, class: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!((&answer.body["code"], &answer.body["class"]), (&json!(code), &json!(class)), "{answer:?}");
    assert!(answer.body["message"].is_string(), "{answer:?}");
    let keys: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["class", "code", "hint", "message"]);
    assert_eq!(answer.head.contains("www-authenticate: "), status == 401, "{answer:?}");
}

#[test]
fn an_instance_that_has_just_booted_enrols() {
    let service = Service::start(|policy| policy);
    let answer = service.post(evidence(&Authority::test_local(), &started(30)).as_bytes());
    assert_eq!(answer.status, 200, "{answer:?}");
    let expected = json!({ "account_id": "123456789012", "region": "test-local-1", "instance_id": "i-0123456789abcdef0" });
    assert_eq!(answer.body, expected);
    assert_eq!(service.told(), ["verification verified", "acceptance accepted"]);
}

#[test]
fn an_instance_that_was_started_an_hour_ago_does_not() {
    let service = Service::start(|policy| policy);
    let answer = service.post(evidence(&Authority::test_local(), &started(3600)).as_bytes());
    assert_refused(&answer, 403, "too_old", "refused");
    assert_eq!(service.told(), ["verification verified", "acceptance too_old"]);
}

#[test]
fn an_instance_of_another_account_does_not() {
    let service = Service::start(|policy| policy);
    let other = TestInstance { account_id: "210987654321".parse().unwrap(), ..started(30) };
    let answer = service.post(evidence(&Authority::test_local(), &other).as_bytes());
    assert_refused(&answer, 403, "account_not_allowed", "refused");
    assert_eq!(service.told(), ["verification verified", "acceptance account_not_allowed"]);
}

#[test]
fn a_forged_document_is_refused_and_not_repeated() {
    let service = Service::start(|policy| policy);
    let genuine = evidence(&Authority::test_local(), &started(30));
    let changed = genuine.replace("i-0123456789abcdef0", "i-0fedcba9876543210");
    let answer = service.post(changed.as_bytes());
    assert_refused(&answer, 401, "document_mismatch", "unauthentic");
    assert!(!answer.body.to_string().contains("i-0"), "{answer:?}");
    // Of an authority that is not in the store, for the region that is.
    let mut forged: Value = serde_json::from_str(&genuine).unwrap();
    let other = Authority::new("test-local-2".parse().unwrap(), "aws".parse().unwrap());
    forged["rsa2048"] = json!(other.issue(&started(30), Era::In2026).rsa2048);
    assert_refused(&service.post(forged.to_string().as_bytes()), 401, "unknown_signer", "unauthentic");
    assert_eq!(service.told(), ["verification document_mismatch", "verification unknown_signer"]);
}

#[test]
fn what_is_no_evidence_is_refused_before_it_is_verified() {
    let service = Service::start(|policy| policy);
    assert_refused(&service.post(b""), 400, "empty_input", "malformed");
    assert_refused(&service.post(b"{"), 400, "invalid_evidence", "malformed");
    assert_refused(&service.post(b"{\"Document\":\"\"}"), 400, "invalid_evidence", "malformed");
    assert_eq!(service.told(), Vec::<String>::new());
    assert_refused(&service.post(b"{}"), 400, "missing_signature", "malformed");
    assert_eq!(service.told(), ["verification missing_signature"]);
}

#[test]
fn a_body_above_the_limit_has_the_code_and_the_status_of_the_library() {
    let service = Service::start(|policy| policy);
    // At the limit the library reads it, above it nobody does.
    let longest = vec![b' '; 256 * 1024];
    assert_refused(&service.post(&longest), 400, "empty_input", "malformed");
    assert_refused(&service.post(&[&longest[..], b" "].concat()), 400, "input_too_large", "malformed");
}

#[test]
fn the_address_of_the_connection_is_the_peer() {
    let service = Service::start(|policy| policy.with(Rule::PeerIsPrivateIp));
    assert_eq!(service.post(evidence(&Authority::test_local(), &started(30)).as_bytes()).status, 200);
    let elsewhere = TestInstance { private_ip: Ipv4Addr::new(10, 0, 0, 10).into(), ..started(30) };
    let answer = service.post(evidence(&Authority::test_local(), &elsewhere).as_bytes());
    assert_refused(&answer, 403, "peer_mismatch", "refused");
}

#[test]
fn another_method_is_not_allowed() {
    let service = Service::start(|policy| policy);
    let answer = service.send("GET", b"");
    assert_eq!((answer.status, answer.head.contains("allow: post")), (405, true), "{answer:?}");
    assert_eq!(service.told(), Vec::<String>::new());
}

#[test]
fn the_policy_file_is_a_policy() {
    let policy = Policy::from_toml(include_str!("../policy.toml")).unwrap();
    assert_eq!((policy.max_age(), policy.rules().len()), (Age::AtMost(Duration::from_secs(900)), 4));
}
