//! Signed attributes. Each value is signed as it stands, so that it is the attributes that are refused and not the signature.

use instance_identity::{BerReason, CmsReason, Error, SignatureKind, verify_cms};

use crate::support::captures;
use crate::support::cms::{
    self, ATTRIBUTE_CONTENT_TYPE, ATTRIBUTE_MESSAGE_DIGEST, ATTRIBUTE_PROTECTION, ATTRIBUTE_SIGNING_TIME, ATTRIBUTES, DATA, DSA_WITH_SHA1,
    RSA_ENCRYPTION, SHA1, SHA256, SHA256_WITH_RSA, SIGNATURE, SIGNER_ALGORITHM, attribute, in_attributes, value_with_attributes,
};
use crate::support::keys::{DOCUMENT, REGION, TestKey, verifier};
use crate::support::tlv::{INTEGER, NULL, Node, OCTET_STRING, SEQUENCE, algorithm, algorithm_null, bare, leaf, node, oid};
use crate::support::{UNNAMED, refusal};

const KEYS: [TestKey; 2] = [TestKey::Rsa2048, TestKey::Dsa1024];
/// The order of the attributes in the values of these tests, which is DER's.
const CONTENT_TYPE: usize = 0;
const SIGNING_TIME: usize = 1;
const MESSAGE_DIGEST: usize = 2;

fn unsupported(reason: CmsReason, at: usize) -> Error {
    Error::UnsupportedCms { part: UNNAMED, reason, at }
}

fn malformed(at: usize) -> Error {
    unsupported(CmsReason::SignedAttributes, at)
}

fn invalid(reason: BerReason, at: usize) -> Error {
    Error::InvalidBer { part: UNNAMED, reason, at }
}

fn refused(value: &Node) -> Error {
    refusal(verifier().verify_cms(&value.text(), REGION))
}

fn assert_accepted(value: &Node) {
    let verified = verifier().verify_cms(&value.text(), REGION).unwrap();
    assert_eq!(verified.document().as_bytes(), DOCUMENT.as_bytes());
}

fn kind(key: TestKey) -> SignatureKind {
    if key == TestKey::Dsa1024 { SignatureKind::Dsa } else { SignatureKind::Rsa2048 }
}

/// A value whose attributes were changed and sorted.
fn sorted(key: TestKey, change: impl FnOnce(&mut Vec<Node>)) -> Node {
    value_with_attributes(key, DOCUMENT.as_bytes(), change)
}

/// A value whose attributes were changed and stand as they are.
fn unsorted(key: TestKey, change: impl FnOnce(&mut Vec<Node>)) -> Node {
    let mut value = cms::value(key, DOCUMENT.as_bytes());
    change(value.at_mut(ATTRIBUTES).nodes_mut());
    cms::sign(&mut value, key);
    value
}

/// Where the attribute of this type stands.
fn offset(value: &Node, of: &str, inside: &[usize]) -> usize {
    value.offset(&in_attributes(&[&[cms::attribute_index(value, of)], inside].concat()))
}

#[test]
fn the_attributes_of_these_tests_are_the_three_required_ones() {
    for key in KEYS {
        let value = cms::value(key, DOCUMENT.as_bytes());
        for (index, of) in
            [(CONTENT_TYPE, ATTRIBUTE_CONTENT_TYPE), (SIGNING_TIME, ATTRIBUTE_SIGNING_TIME), (MESSAGE_DIGEST, ATTRIBUTE_MESSAGE_DIGEST)]
        {
            assert_eq!(cms::attribute_index(&value, of), index);
        }
        assert_accepted(&value);
    }
}

#[test]
fn a_message_digest_is_required() {
    for key in KEYS {
        let value = sorted(key, |attributes| drop(attributes.remove(MESSAGE_DIGEST)));
        assert_eq!(refused(&value), malformed(value.offset(ATTRIBUTES)));
    }
}

#[test]
fn a_message_digest_has_the_length_of_its_algorithm() {
    for key in KEYS {
        let digest = cms::message_digest(key, DOCUMENT.as_bytes()).at(&[1, 0]).contents();
        for wrong in [&[][..], &digest[1..], &digest[..digest.len() - 1], &[digest.as_slice(), &[0]].concat(), &[0; 64]] {
            let value = sorted(key, |attributes| {
                attributes[MESSAGE_DIGEST] = attribute(ATTRIBUTE_MESSAGE_DIGEST, vec![leaf(OCTET_STRING, wrong)]);
            });
            assert_eq!(refused(&value), malformed(value.offset(ATTRIBUTES)));
        }
    }
}

#[test]
fn a_message_digest_of_other_content_does_not_fit() {
    for key in KEYS {
        let value = sorted(key, |attributes| attributes[MESSAGE_DIGEST] = cms::message_digest(key, b"{}"));
        assert_eq!(refused(&value), Error::DigestMismatch { kind: kind(key) });
    }
}

#[test]
fn a_message_digest_is_an_octet_string() {
    for wrong in [leaf(0x03, &[0; 33]), node(0x24, vec![leaf(OCTET_STRING, &[0; 32])]), leaf(NULL, b"")] {
        let value = sorted(TestKey::Rsa2048, |attributes| {
            attributes[MESSAGE_DIGEST] = attribute(ATTRIBUTE_MESSAGE_DIGEST, vec![wrong.clone()]);
        });
        assert_eq!(refused(&value), invalid(BerReason::Tag, offset(&value, ATTRIBUTE_MESSAGE_DIGEST, &[1, 0])));
    }
}

#[test]
fn a_content_type_is_required() {
    for key in KEYS {
        let value = sorted(key, |attributes| drop(attributes.remove(CONTENT_TYPE)));
        assert_eq!(refused(&value), malformed(value.offset(ATTRIBUTES)));
    }
}

#[test]
fn a_content_type_is_that_of_the_content() {
    for key in KEYS {
        for other in ["1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1.1", "1.2.840.113549.1.7"] {
            let value = sorted(key, |attributes| attributes[CONTENT_TYPE] = attribute(ATTRIBUTE_CONTENT_TYPE, vec![oid(other)]));
            assert_eq!(refused(&value), malformed(offset(&value, ATTRIBUTE_CONTENT_TYPE, &[1, 0])));
        }
    }
}

#[test]
fn an_empty_set_of_attributes_is_refused() {
    for key in KEYS {
        let value = sorted(key, Vec::clear);
        assert_eq!(refused(&value), malformed(value.offset(ATTRIBUTES)));
    }
}

#[test]
fn attributes_out_of_der_order_are_refused() {
    for key in KEYS {
        for (a, b, fault) in [(0, 1, 1), (0, 2, 1), (1, 2, 2)] {
            let value = unsorted(key, |attributes| attributes.swap(a, b));
            assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[fault]))), "{a} {b}");
        }
    }
}

#[test]
fn the_attributes_of_every_capture_are_refused_in_another_order() {
    for capture in captures::cms() {
        let mut value = capture.node();
        value.at_mut(ATTRIBUTES).nodes_mut().reverse();
        let at = value.offset(&in_attributes(&[1]));
        assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), malformed(at));
    }
}

#[test]
fn an_attribute_stands_once() {
    for key in KEYS {
        for index in [CONTENT_TYPE, SIGNING_TIME, MESSAGE_DIGEST] {
            let value = unsorted(key, |attributes| attributes.insert(index, attributes[index].clone()));
            assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[index + 1]))), "{index}");
        }
    }
}

#[test]
fn an_attribute_stands_once_even_with_another_value() {
    for (of, other) in [
        (ATTRIBUTE_SIGNING_TIME, leaf(0x17, b"990101000000Z")),
        (ATTRIBUTE_MESSAGE_DIGEST, leaf(OCTET_STRING, &[0; 32])),
        (ATTRIBUTE_MESSAGE_DIGEST, leaf(OCTET_STRING, &[0xff; 32])),
    ] {
        let value = sorted(TestKey::Rsa2048, |attributes| attributes.push(attribute(of, vec![other])));
        let second = cms::attribute_index(&value, of) + 1;
        assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[second]))));
    }
    let twice = [attribute("1.2.3", vec![leaf(INTEGER, &[1])]), attribute("1.2.3", vec![leaf(INTEGER, &[2])])];
    let value = sorted(TestKey::Rsa2048, |attributes| attributes.extend(twice));
    assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[1]))));
}

#[test]
fn an_attribute_has_exactly_one_value() {
    for index in [CONTENT_TYPE, SIGNING_TIME, MESSAGE_DIGEST] {
        for count in [0, 2] {
            let value = unsorted(TestKey::Rsa2048, |attributes| {
                let of = attributes[index].clone();
                let values = attributes[index].at_mut(&[1]).nodes_mut();
                *values = vec![of.at(&[1, 0]).clone(); count];
            });
            assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[index]))), "{index} {count}");
        }
    }
    for values in [vec![], vec![leaf(INTEGER, &[1]), leaf(INTEGER, &[2])]] {
        let value = sorted(TestKey::Rsa2048, |attributes| attributes.push(attribute("1.2.3", values)));
        assert_eq!(refused(&value), malformed(offset(&value, "1.2.3", &[])));
    }
}

#[test]
fn attributes_of_other_types_are_tolerated_up_to_sixteen_in_all() {
    let other = |number: usize| attribute(&format!("1.2.{number}"), vec![node(SEQUENCE, vec![leaf(INTEGER, &[1])])]);
    for key in KEYS {
        let value = sorted(key, |attributes| attributes.extend((0..13).map(other)));
        assert_eq!(value.at(ATTRIBUTES).nodes().len(), 16);
        assert_accepted(&value);
        let value = sorted(key, |attributes| attributes.extend((0..14).map(other)));
        assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[16]))));
    }
}

#[test]
fn an_attribute_of_another_type_is_der() {
    let string = || leaf(OCTET_STRING, &[1]);
    for value in [
        node(0x24, vec![string(), string()]),
        node(SEQUENCE, vec![node(0x24, vec![string()])]),
        leaf(INTEGER, &[0, 1]),
        leaf(NULL, &[0]),
        leaf(0x03, &[1, 0xff]),
    ] {
        let value = sorted(TestKey::Rsa2048, |attributes| attributes.push(attribute("1.2.3", vec![value])));
        // `1.2.3` is the shortest, and so the first.
        assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[0, 1, 0]))));
    }
    let cut = node(SEQUENCE, vec![leaf(0x06, &[0x2a, 0x83]), node(0x31, vec![leaf(NULL, b"")])]);
    let value = sorted(TestKey::Rsa2048, |attributes| attributes.push(cut));
    assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[0, 1, 0]))));
}

#[test]
fn thousands_of_attributes_are_refused_at_once() {
    let other = |number: usize| attribute(&format!("1.2.{}", 100_000 + number), vec![leaf(NULL, b"")]);
    let value = sorted(TestKey::Rsa2048, |attributes| attributes.extend((0..1500).map(other)));
    assert_eq!(refused(&value), malformed(value.offset(&in_attributes(&[16]))));
}

#[test]
fn attributes_under_another_tag_are_refused() {
    // As the SET OF that is signed, as [1], and [0] primitive.
    for tag in [0x31, 0xa1, 0x80] {
        let mut value = cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes());
        value.at_mut(ATTRIBUTES).tag = tag;
        assert_eq!(refused(&value), malformed(value.offset(ATTRIBUTES)));
    }
}

#[test]
fn attributes_are_signed_as_a_set_and_not_as_they_stand() {
    for key in KEYS {
        let mut value = cms::value(key, DOCUMENT.as_bytes());
        let as_they_stand = value.at(ATTRIBUTES).encode();
        assert_eq!(as_they_stand[0], 0xa0);
        for signed in [as_they_stand.as_slice(), DOCUMENT.as_bytes(), &value.at(ATTRIBUTES).contents()] {
            *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, &key.sign(signed));
            assert_eq!(refused(&value), Error::SignatureInvalid { kind: kind(key), hint: None });
        }
    }
}

#[test]
fn a_changed_attribute_is_not_authentic() {
    for capture in captures::cms() {
        let mut value = capture.node();
        let time = cms::attribute_mut(&mut value, ATTRIBUTE_SIGNING_TIME).at_mut(&[1, 0]);
        *time = leaf(0x17, b"300101000000Z");
        let error = refusal(verify_cms(&value.text(), &capture.region));
        assert_eq!(error, Error::SignatureInvalid { kind: capture.kind, hint: None });
    }
}

#[test]
fn a_signing_time_that_is_no_time_is_refused() {
    for wrong in [
        leaf(0x17, b""),
        leaf(0x17, b"garbage"),
        leaf(0x17, b"2106221128Z"),
        leaf(0x17, b"210622112826"),
        leaf(0x17, b"210622112826+0000"),
        leaf(0x17, b"210622112826.5Z"),
        leaf(0x17, b"211322112826Z"),
        leaf(0x17, b"210631112826Z"),
        leaf(0x17, b"210622242826Z"),
        leaf(0x17, b"21062211282\xffZ"),
        // RFC 5652 §11.3: a year before 2050 is a UTCTime.
        leaf(0x18, b"20210622112826Z"),
        leaf(0x18, b"20500622112826.5Z"),
        leaf(0x0c, b"210622112826Z"),
        leaf(INTEGER, &[1]),
        leaf(NULL, b""),
        node(SEQUENCE, vec![leaf(0x17, b"210622112826Z")]),
    ] {
        let value = sorted(TestKey::Rsa2048, |attributes| {
            attributes[SIGNING_TIME] = attribute(ATTRIBUTE_SIGNING_TIME, vec![wrong.clone()]);
        });
        assert_eq!(refused(&value), malformed(offset(&value, ATTRIBUTE_SIGNING_TIME, &[1, 0])), "{wrong:?}");
    }
}

#[test]
fn a_signing_time_may_be_absent_or_of_any_date() {
    let value = sorted(TestKey::Rsa2048, |attributes| drop(attributes.remove(SIGNING_TIME)));
    assert_eq!(verifier().verify_cms(&value.text(), REGION).unwrap().signatures()[0].signing_time(), None);
    for (time, read) in [(leaf(0x17, b"700101000000Z"), "1970-01-01T00:00:00Z"), (leaf(0x18, b"20500101000000Z"), "2050-01-01T00:00:00Z")] {
        let value = sorted(TestKey::Rsa2048, |attributes| {
            attributes[SIGNING_TIME] = attribute(ATTRIBUTE_SIGNING_TIME, vec![time]);
        });
        let verified = verifier().verify_cms(&value.text(), REGION).unwrap();
        assert_eq!(verified.signatures()[0].signing_time().unwrap().to_string(), read);
    }
}

/// `[1]` around an algorithm.
fn signature_algorithm(algorithm: Node) -> Node {
    Node { tag: 0xa1, ..algorithm }
}

fn protected(key: TestKey, inside: Vec<Node>) -> Node {
    sorted(key, |attributes| attributes.push(attribute(ATTRIBUTE_PROTECTION, vec![node(SEQUENCE, inside)])))
}

#[test]
fn algorithm_protection_that_agrees_is_accepted() {
    for digest in [algorithm(SHA256), algorithm_null(SHA256)] {
        for signature in [algorithm(RSA_ENCRYPTION), algorithm_null(RSA_ENCRYPTION)] {
            assert_accepted(&protected(TestKey::Rsa2048, vec![digest.clone(), signature_algorithm(signature)]));
        }
    }
    for digest in [algorithm(SHA1), algorithm_null(SHA1)] {
        assert_accepted(&protected(TestKey::Dsa1024, vec![digest, signature_algorithm(algorithm(DSA_WITH_SHA1))]));
    }
}

#[test]
fn algorithm_protection_that_contradicts_the_signer_is_refused() {
    let (sha256, rsa) = (algorithm_null(SHA256), signature_algorithm(algorithm_null(RSA_ENCRYPTION)));
    let other_parameters = node(SEQUENCE, vec![oid(SHA256), leaf(INTEGER, &[1])]);
    let other_rsa_parameters = node(SEQUENCE, vec![oid(RSA_ENCRYPTION), node(SEQUENCE, vec![])]);
    for (inside, fault) in [
        (vec![algorithm_null(SHA1), rsa.clone()], 0),
        (vec![algorithm("2.16.840.1.101.3.4.2.3"), rsa.clone()], 0),
        (vec![other_parameters, rsa], 0),
        (vec![sha256.clone(), signature_algorithm(algorithm_null(SHA256_WITH_RSA))], 1),
        (vec![sha256.clone(), signature_algorithm(algorithm(DSA_WITH_SHA1))], 1),
        (vec![sha256, signature_algorithm(other_rsa_parameters)], 1),
    ] {
        let value = protected(TestKey::Rsa2048, inside);
        let at = offset(&value, ATTRIBUTE_PROTECTION, &[1, 0, fault]);
        assert_eq!(refused(&value), unsupported(CmsReason::AlgorithmProtection, at));
    }
}

#[test]
fn a_signer_changed_after_it_was_protected_is_refused() {
    let mut tried = 0;
    for capture in captures::cms() {
        let mut value = capture.node();
        if capture.kind != SignatureKind::Rsa2048
            || !value.at(ATTRIBUTES).nodes().iter().any(|it| it.nodes()[0] == oid(ATTRIBUTE_PROTECTION))
        {
            continue;
        }
        tried += 1;
        *value.at_mut(SIGNER_ALGORITHM) = algorithm_null(RSA_ENCRYPTION);
        let at = offset(&value, ATTRIBUTE_PROTECTION, &[1, 0, 1]);
        assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), unsupported(CmsReason::AlgorithmProtection, at));
    }
    assert_eq!(tried, 3, "captures since 2021");
}

#[test]
fn algorithm_protection_names_a_signature_algorithm_and_no_mac() {
    let (sha256, rsa) = (algorithm_null(SHA256), signature_algorithm(algorithm_null(RSA_ENCRYPTION)));
    let mac = Node { tag: 0xa2, ..algorithm("1.2.840.113549.2.9") };
    for inside in [vec![sha256.clone()], vec![sha256.clone(), mac.clone()]] {
        let value = protected(TestKey::Rsa2048, inside);
        let at = offset(&value, ATTRIBUTE_PROTECTION, &[1, 0]);
        assert_eq!(refused(&value), unsupported(CmsReason::AlgorithmProtection, at));
    }
    let value = protected(TestKey::Rsa2048, vec![sha256, rsa, mac]);
    let at = offset(&value, ATTRIBUTE_PROTECTION, &[1, 0, 2]);
    assert_eq!(refused(&value), unsupported(CmsReason::AlgorithmProtection, at));
}

#[test]
fn algorithm_protection_is_of_its_form() {
    for (inside, reason, fault) in [
        (vec![], BerReason::Length, 0),
        (vec![oid(DATA)], BerReason::Tag, 0),
        (vec![algorithm(SHA256), signature_algorithm(algorithm(RSA_ENCRYPTION)), leaf(NULL, b"")], BerReason::Trailing, 2),
    ] {
        let value = protected(TestKey::Rsa2048, inside);
        assert_eq!(refused(&value), invalid(reason, offset(&value, ATTRIBUTE_PROTECTION, &[1, 0, fault])));
    }
    let value = sorted(TestKey::Rsa2048, |attributes| attributes.push(attribute(ATTRIBUTE_PROTECTION, vec![bare(&[5, 0])])));
    assert_eq!(refused(&value), invalid(BerReason::Tag, offset(&value, ATTRIBUTE_PROTECTION, &[1, 0])));
}
