//! What holds for any policy, document and occasion: thousands of them, made by a small generator from a fixed seed.

use std::time::Duration;

use instance_identity::testkit::{Authority, Era, TestDocument, TestInstance};
use instance_identity::{Age, AnyOf, Authentic, Evidence, Exception, Occasion, Policy, Rule, RuleName, SignatureKind, UnixTime};

use super::{list, v, verified};

#[test]
fn adding_a_rule_never_accepts_more() {
    let (mut random, documents) = (Random(1), documents());
    let mut outcomes = [0_u32; 3];
    for _ in 0..CASES {
        let (policy, authentic, occasion) = case(&mut random, &documents);
        let stricter = policy.clone().with(rule(&mut random));
        match (policy.accept(authentic.clone(), &occasion), stricter.accept(authentic.clone(), &occasion)) {
            (Err(_), Ok(_)) => panic!("{stricter:?} accepts {authentic:?} on {occasion:?}"),
            (Ok(_), Ok(_)) => outcomes[0] += 1,
            (Ok(_), Err(_)) => outcomes[1] += 1,
            (Err(before), Err(_)) => {
                assert!(stricter.explain(authentic, &occasion).checks().iter().any(|check| check.refusal() == Some(&before)));
                outcomes[2] += 1;
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > CASES / 50), "every outcome occurs: {outcomes:?}");
}

#[test]
fn a_shorter_age_and_a_smaller_skew_never_accept_more() {
    let (mut random, documents) = (Random(2), documents());
    let mut accepted = 0;
    for _ in 0..CASES {
        let (policy, authentic, occasion) = case(&mut random, &documents);
        let (age, skew) = (age(&mut random).min(policy.max_age()), duration(&mut random).min(policy.future_skew()));
        let with_rules = policy.rules().iter().cloned().fold(Policy::new(age).with_future_skew(skew), Policy::with);
        let stricter = policy.exceptions().iter().cloned().fold(with_rules, Policy::with_exception);
        if stricter.accept(authentic.clone(), &occasion).is_ok() {
            assert!(policy.accept(authentic.clone(), &occasion).is_ok(), "{policy:?} refuses {authentic:?} on {occasion:?}");
            accepted += 1;
        }
    }
    assert!(accepted > CASES / 50, "{accepted}");
}

#[test]
fn accepting_and_explaining_agree() {
    let (mut random, documents) = (Random(3), documents());
    for _ in 0..CASES {
        let (policy, authentic, occasion) = case(&mut random, &documents);
        let explanation = policy.explain(authentic, &occasion);
        let outcome = policy.accept(authentic.clone(), &occasion);
        assert_eq!((explanation.error(), explanation.accepted()), (outcome.as_ref().err(), outcome.is_ok()));
        let names: Vec<RuleName> = explanation.checks().iter().map(|check| check.rule()).collect();
        let expected = [RuleName::MaxAge, RuleName::FutureSkew].into_iter().chain(policy.rules().iter().map(Rule::name));
        assert_eq!(names, expected.collect::<Vec<_>>(), "every rule is explained, in its order");
        assert!(names.is_sorted());
        for check in explanation.checks() {
            assert!(check.refusal().is_none_or(|error| error.code() == check.rule().code()), "{check:?}");
        }
        let applied = explanation.exceptions().iter().find(|exception| exception.outcome().as_str() == "applied");
        if let Ok(accepted) = outcome {
            assert_eq!(accepted.exception(), applied.map(|applied| applied.exception()));
            assert_eq!(accepted.exception(), explanation.age_granted_by());
            assert_eq!(explanation.checks()[0].compared_with(), [accepted.max_age().to_string()]);
            let age = occasion.now.as_secs().saturating_sub(accepted.document().pending_time().as_secs());
            let granted = Age::AtMost(Duration::from_secs(age));
            assert!(granted <= accepted.max_age() && accepted.max_age() <= policy.longest_age());
        }
    }
}

/// Whatever exceptions there are, what is refused for another reason than its age stays refused, for the same reason.
#[test]
fn an_exception_changes_nothing_but_an_age_that_is_too_long() {
    let (mut random, documents) = (Random(4), documents());
    let (mut granted, mut kept) = (0, 0);
    for _ in 0..CASES {
        let (policy, authentic, occasion) = case(&mut random, &documents);
        let excepted = policy.clone().with_exception(exception(&mut random));
        let (before, after) = (policy.explain(authentic, &occasion), excepted.explain(authentic, &occasion));
        for (before, after) in before.checks().iter().zip(after.checks()) {
            if before.rule() == RuleName::MaxAge {
                assert!(after.holds() || !before.holds(), "an exception never shortens an age");
                granted += u32::from(after.holds() && !before.holds());
            } else {
                assert_eq!(before, after);
                kept += u32::from(!before.holds());
            }
        }
    }
    assert!(granted > 50 && kept > CASES / 2, "{granted} {kept}");
}

/// A reader of its own, of one rule at a time: a list holds exactly if one of its texts is the text in the document; a list of
/// what is refused, whatever its case.
#[test]
fn a_rule_holds_exactly_if_the_document_says_so_in_json() {
    let (mut random, documents) = (Random(5), documents());
    let mut held = 0;
    for _ in 0..CASES {
        let (rule, (authentic, occasion)) = (rule(&mut random), (random.one_of(&documents), occasion(&mut random)));
        let json: serde_json::Value = serde_json::from_slice(authentic.document().as_bytes()).unwrap();
        let one = |key: &str, listed: Vec<String>| json[key].as_str().is_some_and(|text| listed.iter().any(|listed| listed == text));
        let any = |key: &str, listed: Vec<String>| {
            json[key].as_array().is_some_and(|codes| codes.iter().any(|code| listed.iter().any(|listed| *listed == code.as_str().unwrap())))
        };
        let none = |key: &str, listed: Vec<String>| {
            let refuses =
                |code: &serde_json::Value| listed.iter().any(|listed| listed.to_lowercase() == code.as_str().unwrap().to_lowercase());
            !json[key].as_array().is_some_and(|codes| codes.iter().any(refuses))
        };
        let expected = match &rule {
            Rule::Accounts(list) => one("accountId", texts(list)),
            Rule::Architectures(list) => one("architecture", texts(list)),
            Rule::AvailabilityZones(list) => one("availabilityZone", texts(list)),
            Rule::BillingAnyOf(list) => any("billingProducts", texts(list)),
            Rule::BillingNoneOf(list) => none("billingProducts", texts(list)),
            Rule::ImageIds(list) => one("imageId", texts(list)),
            Rule::InstanceIds(list) => one("instanceId", texts(list)),
            Rule::InstanceTypes(list) => one("instanceType", texts(list)),
            Rule::MarketplaceAnyOf(list) => any("marketplaceProductCodes", texts(list)),
            Rule::MarketplaceNoneOf(list) => none("marketplaceProductCodes", texts(list)),
            Rule::Regions(list) => one("region", texts(list)),
            Rule::PeerIsPrivateIp => occasion.peer.is_some_and(|peer| json["privateIp"] == peer.to_string()),
            // These do not stand in the document, or not as text.
            _ => continue,
        };
        let policy = Policy::new(Age::Unlimited).with_future_skew(Duration::MAX).with(rule.clone());
        assert_eq!(policy.accept(authentic.clone(), &occasion).is_ok(), expected, "{rule:?} {json}");
        held += u32::from(expected);
    }
    assert!(held > CASES / 10, "{held}");
}

const CASES: u32 = 20_000;

fn texts<T: Ord + ToString>(list: &AnyOf<T>) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_of<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len())]
    }

    fn text<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    /// At least one of the texts, often all but one.
    fn some<'a>(&mut self, texts: &[&'a str]) -> Vec<&'a str> {
        let left_out = self.below(texts.len() + 1);
        let some: Vec<&str> =
            texts.iter().enumerate().filter(|(index, _)| *index != left_out && self.below(4) != 0).map(|(_, text)| *text).collect();
        if some.is_empty() { vec![self.text(texts)] } else { some }
    }
}

const ACCOUNTS: [&str; 3] = ["000000000001", "123456789012", "123456789013"];
const ARCHITECTURES: [&str; 2] = ["arm64", "x86_64"];
const ZONES: [&str; 3] = ["test-local-1a", "test-local-1b", "test-local-1-lax-1a"];
const IMAGES: [&str; 3] = ["ami-0123456789abcdef0", "ami-0123456789abcdef1", "ami-01234567"];
const INSTANCES: [&str; 3] = ["i-0123456789abcdef0", "i-0123456789abcdef1", "i-01234567"];
const TYPES: [&str; 3] = ["t3.micro", "m7g.large", "t3.micro2"];
const ADDRESSES: [&str; 4] = ["10.0.0.10", "10.0.1.10", "192.168.0.1", "fd00::10"];
const RANGES: [&str; 5] = ["10.0.0.0/8", "10.0.0.0/24", "192.168.0.1/32", "fd00::/8", "0.0.0.0/0"];
const CODES: [&str; 5] = ["code-a", "code-b", "code-c", "code-d", "CODE-B"];
/// Around `super::PENDING`, and at the ends of time.
const TIMES: [&str; 7] = [
    "1970-01-01T00:00:00Z",
    "2025-12-31T23:58:59Z",
    "2025-12-31T23:59:00Z",
    super::PENDING,
    "2026-01-01T00:15:00Z",
    "2026-01-01T00:15:01Z",
    "9999-12-31T23:59:59Z",
];
const SECONDS: [u64; 7] = [0, 1, 59, 60, 900, 901, u64::MAX];

/// Documents with and without each field, each with some of its signatures.
fn documents() -> Vec<Authentic> {
    let mut random = Random(0);
    (0..60).map(|_| document(&mut random)).collect()
}

fn document(random: &mut Random) -> Authentic {
    let instance = TestInstance {
        account_id: v(random.text(&ACCOUNTS)),
        architecture: v(random.text(&ARCHITECTURES)),
        availability_zone: Some(v(random.text(&ZONES))),
        image_id: v(random.text(&IMAGES)),
        instance_id: v(random.text(&INSTANCES)),
        instance_type: v(random.text(&TYPES)),
        private_ip: v(random.text(&ADDRESSES)),
        billing_products: if random.below(3) == 0 { vec![] } else { random.some(&CODES).into_iter().map(v).collect() },
        marketplace_product_codes: if random.below(3) == 0 { vec![] } else { random.some(&CODES).into_iter().map(v).collect() },
        pending_time: v(random.text(&TIMES)),
    };
    let authority = Authority::test_local();
    let mut written = TestDocument::new(&instance, authority.region(), Era::In2026);
    for key in ["architecture", "availabilityZone", "imageId", "instanceType", "privateIp", "billingProducts", "marketplaceProductCodes"] {
        if random.below(8) == 0 {
            written = written.without(key);
        }
    }
    let issued = authority.sign(written.encode(), Era::In2026, v(super::PENDING));
    let mut evidence = Evidence::new().with_document(issued.document);
    let kinds = 1 + random.below(7);
    if kinds & 1 != 0 {
        evidence = evidence.with_rsa2048(issued.rsa2048);
    }
    if kinds & 2 != 0 {
        evidence = evidence.with_pkcs7(issued.pkcs7);
    }
    if kinds & 4 != 0 {
        evidence = evidence.with_signature(issued.signature);
    }
    verified(&evidence)
}

fn rule(random: &mut Random) -> Rule {
    match random.below(16) {
        0 => Rule::Accounts(list(&random.some(&ACCOUNTS))),
        1 => Rule::Architectures(list(&random.some(&ARCHITECTURES))),
        2 => Rule::AvailabilityZones(list(&random.some(&ZONES))),
        3 => Rule::BillingAnyOf(list(&random.some(&CODES))),
        4 => Rule::BillingNoneOf(list(&random.some(&CODES[..2]))),
        5 => Rule::CertificatesUnexpired,
        6 => Rule::ImageIds(list(&random.some(&IMAGES))),
        7 => Rule::InstanceIds(list(&random.some(&INSTANCES))),
        8 => Rule::InstanceTypes(list(&random.some(&TYPES))),
        9 => Rule::MarketplaceAnyOf(list(&random.some(&CODES))),
        10 => Rule::MarketplaceNoneOf(list(&random.some(&CODES[..2]))),
        11 => Rule::Partitions(list(&random.some(&["aws", "aws-cn"]))),
        12 => Rule::PeerIsPrivateIp,
        13 => Rule::PrivateIps(list(&random.some(&RANGES))),
        14 => Rule::Regions(list(&random.some(&["test-local-1", "us-east-1"]))),
        _ => Rule::SignatureKinds(AnyOf::new(random.some(&["rsa2048", "dsa", "rsa"]).into_iter().map(v::<SignatureKind>)).unwrap()),
    }
}

fn duration(random: &mut Random) -> Duration {
    Duration::from_secs(*random.one_of(&SECONDS))
}

fn age(random: &mut Random) -> Age {
    if random.below(3) == 0 { Age::Unlimited } else { Age::AtMost(duration(random)) }
}

fn exception(random: &mut Random) -> Exception {
    let mut exception = Exception::new(v(random.text(&ACCOUNTS)), age(random), v::<UnixTime>(random.text(&TIMES)), "x").unwrap();
    if random.below(3) == 0 {
        exception = exception.only_partition(v(random.text(&["aws", "aws-cn"])));
    }
    if random.below(3) == 0 { exception.only_instance(v(random.text(&INSTANCES))) } else { exception }
}

fn occasion(random: &mut Random) -> Occasion {
    let peer = (random.below(3) != 0).then(|| v(random.text(&ADDRESSES)));
    Occasion { now: v(random.text(&TIMES)), peer }
}

fn case<'a>(random: &mut Random, documents: &'a [Authentic]) -> (Policy, &'a Authentic, Occasion) {
    let mut policy = Policy::new(age(random)).with_future_skew(duration(random));
    for _ in 0..random.below(4) {
        policy = policy.with(rule(random));
    }
    for _ in 0..random.below(3) {
        policy = policy.with_exception(exception(random));
    }
    (policy, random.one_of(documents), occasion(random))
}
