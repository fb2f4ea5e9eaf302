//! Each rule, at its edges.

use std::time::Duration;

use instance_identity::testkit::{Authority, Era, TestDocument, TestInstance};
use instance_identity::{
    Age, AnyOf, Class, EmptyList, Error, Exception, ExceptionOutcome, FoundValue, IpRange, Occasion, Policy, ProductCode, Region, Rule,
    RuleName, SignatureKind, UnixTime,
};

use super::{after, at, authentic, authentic_document, instance, list, v, verified};

/// A policy of one rule.
fn only(rule: Rule) -> Policy {
    Policy::new(Age::Unlimited).with(rule)
}

fn refusal(rule: Rule, instance: &TestInstance) -> Option<Error> {
    only(rule).accept(authentic(instance), &after(0)).err()
}

#[test]
fn exactly_the_maximum_age_is_accepted_and_one_second_more_is_not() {
    let policy = Policy::new(Age::AtMost(Duration::from_secs(900)));
    assert!(policy.accept(authentic(&instance()), &after(900)).is_ok());
    let error = policy.accept(authentic(&instance()), &after(901)).unwrap_err();
    assert_eq!(error, Error::TooOld { pending: v("2026-01-01T00:00:00Z"), oldest: v("2026-01-01T00:00:01Z") });
    assert_eq!((error.code(), error.class(), error.class().exit_code()), ("too_old", Class::Refused, 5));
    assert_eq!(error.to_string(), "the instance was started at 2026-01-01T00:00:00Z, and the earliest allowed is 2026-01-01T00:00:01Z");
}

#[test]
fn a_start_in_the_future_is_accepted_up_to_the_skew() {
    let pending = |time: &str| authentic(&TestInstance::new(v(time)));
    for (skew, last, first_refused) in
        [(None, "2026-01-01T00:01:00Z", "2026-01-01T00:01:01Z"), (Some(Duration::ZERO), "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")]
    {
        for age in [Age::Unlimited, Age::AtMost(Duration::ZERO)] {
            let policy = skew.into_iter().fold(Policy::new(age), Policy::with_future_skew);
            assert!(policy.accept(pending(last), &after(0)).is_ok());
            let error = policy.accept(pending(first_refused), &after(0)).unwrap_err();
            assert_eq!(error, Error::NotYet { pending: v(first_refused), latest: v(last) });
            assert_eq!(error.code(), "not_yet");
        }
    }
}

#[test]
fn ages_and_skews_at_the_ends_of_time_do_not_overflow() {
    let (first, last) = ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
    let code = |age: Age, skew: Duration, pending: &str, now: &str| {
        let authentic = authentic(&TestInstance::new(v(pending)));
        Policy::new(age).with_future_skew(skew).accept(authentic, &at(now)).err().map(|error| error.code())
    };
    let max = Age::AtMost(Duration::MAX);
    assert_eq!(code(max, Duration::MAX, first, last), None);
    assert_eq!(code(max, Duration::MAX, last, first), None);
    assert_eq!(code(max, Duration::ZERO, last, first), Some("not_yet"));
    assert_eq!(code(Age::AtMost(Duration::from_secs(253_402_300_798)), Duration::ZERO, first, last), Some("too_old"));
    assert_eq!(code(Age::AtMost(Duration::from_secs(253_402_300_799)), Duration::ZERO, first, last), None);
}

/// AWS smears leap seconds. One that is written is not a time, so nothing is compared with it.
#[test]
fn a_leap_second_is_not_a_start() {
    let document = TestDocument::new(&instance(), Authority::test_local().region(), Era::In2026);
    let document = document.with("pendingTime", "\"2016-12-31T23:59:60Z\"");
    let issued = Authority::test_local().sign(document.encode(), Era::In2026, v("2017-01-01T00:00:00Z"));
    let verifier = instance_identity::Verifier::new(Authority::test_local().store());
    let error = verifier.verify_cms(issued.rsa2048.as_bytes(), "test-local-1").unwrap_err();
    assert_eq!(error.code(), "invalid_document");
    // Around it, seconds are counted as Unix time does: it has no length.
    let policy = Policy::new(Age::AtMost(Duration::from_secs(1)));
    assert!(policy.accept(authentic(&TestInstance::new(v("2016-12-31T23:59:59Z"))), &at("2017-01-01T00:00:00Z")).is_ok());
}

#[test]
fn a_list_without_values_cannot_be_made() {
    assert_eq!(AnyOf::<Region>::new([]).unwrap_err(), EmptyList);
    assert_eq!(EmptyList.to_string(), "a list has to have at least one value");
    let twice = AnyOf::<Region>::new([v("us-east-1"), v("us-east-1")]).unwrap();
    assert_eq!((twice.iter().count(), twice), (1, AnyOf::one(v("us-east-1"))));
}

/// For every list of one value of a document: in it, not in it, and not in the document.
#[test]
fn each_list_allows_what_it_names_and_refuses_the_rest() {
    let cases: [(&str, Rule, Rule, FoundValue, Option<&str>); 9] = [
        (
            "account_not_allowed",
            Rule::Accounts(list(&["000000000000", "123456789012"])),
            Rule::Accounts(list(&["123456789013"])),
            FoundValue::Account(v("123456789012")),
            None,
        ),
        (
            "partition_not_allowed",
            Rule::Partitions(list(&["aws", "aws-cn"])),
            Rule::Partitions(list(&["aws-cn"])),
            FoundValue::Partition(v("aws")),
            None,
        ),
        (
            "region_not_allowed",
            Rule::Regions(list(&["us-east-1", "test-local-1"])),
            Rule::Regions(list(&["test-local-12"])),
            FoundValue::Region(v("test-local-1")),
            None,
        ),
        (
            "availability_zone_not_allowed",
            Rule::AvailabilityZones(list(&["test-local-1a"])),
            Rule::AvailabilityZones(list(&["test-local-1b", "test-local-1"])),
            FoundValue::AvailabilityZone(v("test-local-1a")),
            Some("availabilityZone"),
        ),
        (
            "instance_id_not_allowed",
            Rule::InstanceIds(list(&["i-0123456789abcdef0"])),
            Rule::InstanceIds(list(&["i-0123456789abcdef1", "i-01234567"])),
            FoundValue::Instance(v("i-0123456789abcdef0")),
            None,
        ),
        (
            "image_id_not_allowed",
            Rule::ImageIds(list(&["ami-0123456789abcdef0"])),
            Rule::ImageIds(list(&["ami-01234567"])),
            FoundValue::Image(v("ami-0123456789abcdef0")),
            Some("imageId"),
        ),
        (
            "instance_type_not_allowed",
            Rule::InstanceTypes(list(&["t3.micro"])),
            Rule::InstanceTypes(list(&["t3.micro2", "T3.MICRO"])),
            FoundValue::InstanceType(v("t3.micro")),
            Some("instanceType"),
        ),
        (
            "architecture_not_allowed",
            Rule::Architectures(list(&["arm64", "x86_64"])),
            Rule::Architectures(list(&["arm64"])),
            FoundValue::Architecture(v("x86_64")),
            Some("architecture"),
        ),
        (
            "private_ip_not_allowed",
            Rule::PrivateIps(list(&["10.0.0.0/8"])),
            Rule::PrivateIps(list(&["10.0.0.11/32", "fd00::/8"])),
            FoundValue::Ip(v("10.0.0.10")),
            Some("privateIp"),
        ),
    ];
    for (code, allows, refuses, value, key) in cases {
        let rule = refuses.name();
        assert_eq!((refusal(allows.clone(), &instance()), rule.code()), (None, code));
        let error = refusal(refuses, &instance()).unwrap();
        assert_eq!((error.code(), error.class(), &error), (code, Class::Refused, &Error::NotAllowed { rule, found: vec![value] }));
        let Some(key) = key else { continue };
        let document = TestDocument::new(&instance(), Authority::test_local().region(), Era::In2026);
        for lacking in [document.clone().without(key), document.with(key, "null")] {
            let error = only(allows.clone()).accept(authentic_document(&lacking), &after(0)).unwrap_err();
            assert_eq!(error, Error::NotAllowed { rule, found: vec![] }, "{key}");
        }
    }
}

#[test]
fn of_product_codes_one_has_to_be_listed_or_none() {
    type Make = fn(AnyOf<ProductCode>) -> Rule;
    let rules: [(Make, Make); 2] = [(Rule::MarketplaceAnyOf, Rule::MarketplaceNoneOf), (Rule::BillingAnyOf, Rule::BillingNoneOf)];
    for (kind, (any_of, none_of)) in rules.into_iter().enumerate() {
        let with = |codes: &[&str]| {
            let codes = codes.iter().map(|code| v(code)).collect();
            if kind == 0 {
                TestInstance { marketplace_product_codes: codes, ..instance() }
            } else {
                TestInstance { billing_products: codes, ..instance() }
            }
        };
        let wanted = || list(&["code-a", "code-b"]);
        for (codes, has_any) in [(&["code-a"][..], true), (&["code-c", "code-b"], true), (&["code-c"], false), (&[], false)] {
            assert_eq!(refusal(any_of(wanted()), &with(codes)).is_none(), has_any, "{codes:?}");
            assert_eq!(refusal(none_of(wanted()), &with(codes)).is_none(), !has_any, "{codes:?}");
        }
        let missing = refusal(any_of(wanted()), &with(&["code-c"])).unwrap();
        assert_eq!(missing, Error::NotAllowed { rule: any_of(wanted()).name(), found: vec![FoundValue::Product(v("code-c"))] });
        // Only what is refused is named.
        let listed = refusal(none_of(wanted()), &with(&["code-c", "code-b"])).unwrap();
        assert_eq!(listed, Error::NotAllowed { rule: none_of(wanted()).name(), found: vec![FoundValue::Product(v("code-b"))] });
        // An empty array, null and no field at all are no codes.
        let key = if kind == 0 { "marketplaceProductCodes" } else { "billingProducts" };
        let document = TestDocument::new(&instance(), Authority::test_local().region(), Era::In2026);
        for lacking in [document.clone().with(key, "[]"), document.clone().with(key, "null"), document.without(key)] {
            let authentic = authentic_document(&lacking);
            let error = only(any_of(wanted())).accept(authentic.clone(), &after(0)).unwrap_err();
            assert_eq!(error, Error::NotAllowed { rule: any_of(wanted()).name(), found: vec![] });
            assert!(only(none_of(wanted())).accept(authentic, &after(0)).is_ok());
        }
    }
}

#[test]
fn a_capital_is_no_way_around_a_list_of_what_is_refused() {
    let codes = vec![v("Code-A"), v("code-b")];
    let instance = TestInstance { marketplace_product_codes: codes.clone(), billing_products: codes, ..instance() };
    for rule in [Rule::MarketplaceNoneOf(list(&["cODE-a"])), Rule::BillingNoneOf(list(&["cODE-a"]))] {
        let found = vec![FoundValue::Product(v("Code-A"))];
        assert_eq!(refusal(rule.clone(), &instance), Some(Error::NotAllowed { rule: rule.name(), found }));
    }
    // A list of what is allowed is exact.
    for rule in [Rule::MarketplaceAnyOf(list(&["code-a"])), Rule::BillingAnyOf(list(&["code-a"]))] {
        assert!(refusal(rule, &instance).is_some());
    }
}

#[test]
fn the_addresses_of_a_range_are_allowed_and_their_neighbours_are_not() {
    let accepts = |range: &str, address: &str| {
        let instance = TestInstance { private_ip: v(address), ..instance() };
        refusal(Rule::PrivateIps(AnyOf::one(v::<IpRange>(range))), &instance).is_none()
    };
    assert!(accepts("10.0.0.0/30", "10.0.0.3") && !accepts("10.0.0.0/30", "10.0.0.4"));
    assert!(accepts("10.0.0.10/32", "10.0.0.10") && accepts("0.0.0.0/0", "10.0.0.10") && !accepts("::/0", "10.0.0.10"));
    assert!(accepts("fd00::/8", "fd12::1") && !accepts("fd00::/8", "fe00::"));
    // However the document writes it, it is the IPv4 address.
    assert!(accepts("10.0.0.0/8", "::ffff:10.0.0.10"));
}

#[test]
fn one_signature_of_an_allowed_kind_is_enough_and_has_to_have_verified() {
    let issued = Authority::test_local().issue(&instance(), Era::In2026);
    let refused = |rule: &Rule, evidence: instance_identity::Evidence| only(rule.clone()).accept(verified(&evidence), &after(0)).err();
    let rule = Rule::SignatureKinds(AnyOf::one(SignatureKind::Rsa2048));
    let weak = instance_identity::Evidence::new().with_document(issued.document.clone()).with_signature(issued.signature.clone());
    assert_eq!(refused(&rule, issued.evidence()), None);
    let error = refused(&rule, weak.clone().with_pkcs7(issued.pkcs7.clone())).unwrap();
    let found = vec![FoundValue::Kind(SignatureKind::Dsa), FoundValue::Kind(SignatureKind::Rsa)];
    assert_eq!(error, Error::NotAllowed { rule: RuleName::SignatureKinds, found });
    assert_eq!(error.to_string(), "signature kind dsa, rsa are not allowed");
    let either = Rule::SignatureKinds(AnyOf::new([SignatureKind::Rsa2048, SignatureKind::Rsa]).unwrap());
    assert_eq!(refused(&either, weak), None);
}

#[test]
fn a_certificate_is_valid_through_its_last_second() {
    let authentic = authentic(&instance());
    let ends: Vec<UnixTime> = authentic.signatures().iter().map(|signature| signature.certificate().not_after()).collect();
    let first = *ends.iter().min().unwrap();
    let second_after = UnixTime::from_secs(first.as_secs() + 1).unwrap();
    let at = |now| Occasion { now, peer: None };
    let policy = only(Rule::CertificatesUnexpired);
    assert!(policy.accept(authentic.clone(), &at(first)).is_ok());
    let error = policy.accept(authentic.clone(), &at(second_after)).unwrap_err();
    let kind = authentic.signatures().iter().find(|signature| signature.certificate().not_after() == first).unwrap().kind();
    assert_eq!((error.code(), error), ("certificate_expired", Error::CertificateExpired { kind, not_after: first }));
    // The start of its validity is not looked at.
    let start = authentic.signatures()[0].certificate().not_before();
    let before = UnixTime::from_secs(start.as_secs() - 1).unwrap();
    let skewed = policy.with_future_skew(Duration::MAX);
    assert!(skewed.accept(authentic, &at(before)).is_ok());
}

#[test]
fn the_peer_has_to_be_known_and_to_be_the_private_address() {
    let policy = only(Rule::PeerIsPrivateIp);
    let code = |peer: Option<&str>| {
        let occasion = Occasion { peer: peer.map(v), ..after(0) };
        policy.accept(authentic(&instance()), &occasion).err()
    };
    assert_eq!(code(Some("10.0.0.10")), None);
    assert_eq!(code(Some("::ffff:10.0.0.10")), None);
    for other in ["10.0.0.11", "::10.0.0.10", "::ffff:10.0.0.11", "64:ff9b::10.0.0.10"] {
        let error = code(Some(other)).unwrap();
        assert_eq!(error, Error::PeerMismatch { peer: Some(v(other)), private_ip: Some(v("10.0.0.10")) });
        assert_eq!(error.code(), "peer_mismatch");
    }
    assert_eq!(code(None), Some(Error::PeerMismatch { peer: None, private_ip: Some(v("10.0.0.10")) }));
    // Neither is known: nothing is equal to nothing.
    let document = TestDocument::new(&instance(), Authority::test_local().region(), Era::In2026).without("privateIp");
    for peer in [None, Some(v("10.0.0.10"))] {
        let error = policy.accept(authentic_document(&document), &Occasion { peer, ..after(0) }).unwrap_err();
        assert_eq!(error, Error::PeerMismatch { peer, private_ip: None });
    }
    // Without the rule, any peer.
    assert!(Policy::new(Age::Unlimited).accept(authentic(&instance()), &after(0)).is_ok());
}

#[test]
fn the_same_rule_twice_means_both() {
    let twice = only(Rule::Regions(list(&["test-local-1", "us-east-1"]))).with(Rule::Regions(list(&["us-east-1"])));
    assert_eq!(twice.rules().len(), 2);
    assert_eq!(twice.accept(authentic(&instance()), &after(0)).unwrap_err().code(), "region_not_allowed");
}

#[test]
fn rules_are_looked_at_in_the_order_of_their_names_however_they_were_added() {
    let rules = [Rule::PeerIsPrivateIp, Rule::Regions(list(&["us-east-1"])), Rule::Accounts(list(&["000000000000"]))];
    let policy = rules.into_iter().fold(Policy::new(Age::AtMost(Duration::ZERO)), Policy::with);
    assert_eq!(policy.accept(authentic(&instance()), &after(1)).unwrap_err().code(), "too_old");
    assert_eq!(policy.accept(authentic(&instance()), &after(0)).unwrap_err().code(), "account_not_allowed");
    let names: Vec<RuleName> = policy.explain(&authentic(&instance()), &after(0)).checks().iter().map(|check| check.rule()).collect();
    assert_eq!(names, [RuleName::MaxAge, RuleName::FutureSkew, RuleName::Accounts, RuleName::Regions, RuleName::Peer]);
    assert!(RuleName::ALL.is_sorted());
}

fn exception(max_age: Age, until: &str) -> Exception {
    Exception::new(v("123456789012"), max_age, v(until), "moves in spring").unwrap()
}

#[test]
fn an_exception_is_in_force_before_its_end_and_grants_its_age_exactly() {
    let hour = Age::AtMost(Duration::from_secs(3600));
    let policy = Policy::new(Age::AtMost(Duration::from_secs(60))).with_exception(exception(hour, "2026-01-01T00:30:00Z"));
    let accepted = policy.accept(authentic(&instance()), &at("2026-01-01T00:29:59Z")).unwrap();
    assert_eq!((accepted.max_age(), accepted.exception()), (hour, Some(&policy.exceptions()[0])));
    let error = policy.accept(authentic(&instance()), &at("2026-01-01T00:30:00Z")).unwrap_err();
    assert_eq!(error, Error::TooOld { pending: v("2026-01-01T00:00:00Z"), oldest: v("2026-01-01T00:29:00Z") });

    let longer = Policy::new(Age::AtMost(Duration::from_secs(60))).with_exception(exception(hour, "2027-01-01T00:00:00Z"));
    assert!(longer.accept(authentic(&instance()), &after(3600)).is_ok());
    let error = longer.accept(authentic(&instance()), &after(3601)).unwrap_err();
    assert_eq!(error, Error::TooOld { pending: v("2026-01-01T00:00:00Z"), oldest: v("2026-01-01T00:00:01Z") });
}

#[test]
fn an_exception_is_for_its_account_or_its_instance_alone() {
    let policy = |exception| Policy::new(Age::AtMost(Duration::from_secs(60))).with_exception(exception);
    let of_one = exception(Age::Unlimited, "2027-01-01T00:00:00Z").only_instance(v("i-0123456789abcdef0"));
    let of_all = exception(Age::Unlimited, "2027-01-01T00:00:00Z");
    let sibling = TestInstance { instance_id: v("i-0123456789abcdef1"), ..instance() };
    let namesake = TestInstance { account_id: v("000000000000"), ..instance() };
    for (exception, instance, accepted) in [
        (&of_one, instance(), true),
        (&of_one, sibling.clone(), false),
        (&of_one, namesake.clone(), false),
        (&of_all, instance(), true),
        (&of_all, sibling, true),
        (&of_all, namesake, false),
        // An account of this number in another partition is another account.
        (&of_all.clone().only_partition(v("aws")), instance(), true),
        (&of_all.clone().only_partition(v("aws-cn")), instance(), false),
        (&of_one.clone().only_partition(v("aws-cn")), instance(), false),
    ] {
        assert_eq!(policy(exception.clone()).accept(authentic(&instance), &after(61)).is_ok(), accepted);
    }
}

#[test]
fn an_exception_does_not_move_the_future_skew() {
    let policy = Policy::new(Age::AtMost(Duration::ZERO)).with_exception(exception(Age::Unlimited, "2027-01-01T00:00:00Z"));
    assert_eq!(policy.accept(authentic(&instance()), &at("2025-12-31T23:58:59Z")).unwrap_err().code(), "not_yet");
}

#[test]
fn every_exception_is_explained() {
    let minutes = |minutes: u64| Age::AtMost(Duration::from_secs(60 * minutes));
    let policy = Policy::new(minutes(1))
        .with_exception(Exception::new(v("000000000000"), Age::Unlimited, v("2027-01-01T00:00:00Z"), "others").unwrap())
        .with_exception(exception(Age::Unlimited, "2026-01-01T00:03:00Z"))
        .with_exception(exception(minutes(2), "2027-01-01T00:00:00Z"))
        .with_exception(exception(minutes(5), "2027-01-01T00:00:00Z"))
        .with_exception(exception(Age::Unlimited, "2027-01-01T00:00:00Z"));
    let outcomes = |seconds| {
        let explanation = policy.explain(&authentic(&instance()), &after(seconds));
        explanation.exceptions().iter().map(|exception| exception.outcome()).collect::<Vec<_>>()
    };
    use ExceptionOutcome::{Applied, NotEnough, NotForIt, NotNeeded, Over};
    assert_eq!(outcomes(60), [NotForIt, NotNeeded, NotNeeded, NotNeeded, NotNeeded]);
    assert_eq!(outcomes(61), [NotForIt, Applied, NotNeeded, NotNeeded, NotNeeded]);
    assert_eq!(outcomes(240), [NotForIt, Over, NotEnough, Applied, NotNeeded]);
    assert_eq!((policy.longest_age(), policy.max_age()), (Age::Unlimited, minutes(1)));
}

#[test]
fn the_age_that_decided_is_explained() {
    let minutes = |minutes: u64| Age::AtMost(Duration::from_secs(60 * minutes));
    let policy = Policy::new(minutes(1))
        .with_exception(exception(Age::Unlimited, "2026-01-01T00:00:00Z"))
        .with_exception(exception(minutes(2), "2027-01-01T00:00:00Z"))
        .with_exception(exception(minutes(4), "2027-01-01T00:00:00Z"))
        .with_exception(exception(minutes(3), "2027-01-01T00:00:00Z"));
    // Which exception, of those above.
    for (seconds, age, granted_by) in
        [(60, "1m", None), (61, "2m", Some(1)), (121, "4m", Some(2)), (240, "4m", Some(2)), (241, "4m", Some(2))]
    {
        let explanation = policy.explain(&authentic(&instance()), &after(seconds));
        let check = &explanation.checks()[0];
        assert_eq!((check.rule(), check.compared_with(), check.holds()), (RuleName::MaxAge, &[age.to_owned()][..], seconds <= 240));
        assert_eq!(explanation.age_granted_by(), granted_by.map(|index: usize| &policy.exceptions()[index]));
    }
}

#[test]
fn an_explanation_serializes_with_every_value_compared() {
    let policy = Policy::new(Age::AtMost(Duration::from_secs(900)))
        .with(Rule::Accounts(list(&["000000000000", "111111111111"])))
        .with(Rule::Regions(list(&["test-local-1"])))
        .with(Rule::PeerIsPrivateIp)
        .with_exception(exception(Age::Unlimited, "2026-01-01T00:00:00Z"))
        .with_exception(exception(Age::Unlimited, "2027-01-01T00:00:00Z").only_partition(v("aws-cn")));
    let explanation = policy.explain(&authentic(&instance()), &after(17));
    let expected = serde_json::json!({
        "accepted": false,
        "now": "2026-01-01T00:00:17Z",
        "peer": null,
        "checks": [
            { "rule": "max_age", "holds": true, "code": null, "found": ["17s"], "compared_with": ["15m"] },
            { "rule": "future_skew", "holds": true, "code": null, "found": ["0s"], "compared_with": ["1m"] },
            { "rule": "accounts", "holds": false, "code": "account_not_allowed", "found": ["123456789012"], "compared_with": ["000000000000", "111111111111"] },
            { "rule": "regions", "holds": true, "code": null, "found": ["test-local-1"], "compared_with": ["test-local-1"] },
            { "rule": "peer", "holds": false, "code": "peer_mismatch", "found": [], "compared_with": ["10.0.0.10"] },
        ],
        "exceptions": [
            { "account": "123456789012", "partition": null, "instance": null, "max_age": "unlimited", "until": "2026-01-01T00:00:00Z", "reason": "moves in spring", "outcome": "over" },
            { "account": "123456789012", "partition": "aws-cn", "instance": null, "max_age": "unlimited", "until": "2027-01-01T00:00:00Z", "reason": "moves in spring", "outcome": "not_for_it" },
        ],
    });
    assert_eq!(serde_json::to_value(&explanation).unwrap(), expected);
}

#[test]
fn an_accepted_document_serializes_with_what_it_was_accepted_under() {
    let accepted = Policy::new(Age::AtMost(Duration::from_secs(900))).accept(authentic(&instance()), &after(17)).unwrap();
    let json = serde_json::to_value(&accepted).unwrap();
    assert_eq!(
        (&json["accepted_at"], &json["max_age"], &json["exception"]),
        (&"2026-01-01T00:00:17Z".into(), &"15m".into(), &serde_json::Value::Null)
    );
    assert_eq!(json["authentic"]["document"]["instanceId"], "i-0123456789abcdef0");
    assert_eq!(accepted.into_authentic().region().as_str(), "test-local-1");
}

/// The codes of the rules are part of the contract.
#[test]
fn every_rule_has_a_name_and_a_code_of_its_own() {
    let rules: Vec<(&str, &str)> = RuleName::ALL.iter().map(|rule| (rule.as_str(), rule.code())).collect();
    let expected = [
        ("max_age", "too_old"),
        ("future_skew", "not_yet"),
        ("partitions", "partition_not_allowed"),
        ("accounts", "account_not_allowed"),
        ("regions", "region_not_allowed"),
        ("availability_zones", "availability_zone_not_allowed"),
        ("instance_ids", "instance_id_not_allowed"),
        ("image_ids", "image_id_not_allowed"),
        ("instance_types", "instance_type_not_allowed"),
        ("architectures", "architecture_not_allowed"),
        ("private_ips", "private_ip_not_allowed"),
        ("marketplace_any_of", "marketplace_code_missing"),
        ("marketplace_none_of", "marketplace_code_not_allowed"),
        ("billing_any_of", "billing_code_missing"),
        ("billing_none_of", "billing_code_not_allowed"),
        ("signature_kinds", "signature_kind_not_allowed"),
        ("certificates", "certificate_expired"),
        ("peer", "peer_mismatch"),
    ];
    assert_eq!(rules, expected);
    let readme = include_str!("../../README.md");
    for (name, code) in expected {
        assert!(readme.contains(&format!("| `{name}` | `{code}` |")), "the README's table of rules has {name} with {code}");
    }
}
