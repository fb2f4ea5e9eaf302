//! SignerInfo: who signs, and by which algorithms.

use instance_identity::{CmsReason, Error, Hint, SignatureKind, verify_cms};

use crate::support::captures::{self, one, whole};
use crate::support::cms::{
    self, DIGEST_ALGORITHM, DSA_WITH_SHA1, IDENTIFIER, RSA_ENCRYPTION, SERIAL, SHA1, SHA256, SHA256_WITH_RSA, SIGNATURE, SIGNER_ALGORITHM,
    SIGNER_DIGEST, SIGNER_VERSION,
};
use crate::support::keys::{self, DOCUMENT, REGION, TestKey, verifier};
use crate::support::tlv::{INTEGER, NULL, Node, OCTET_STRING, SEQUENCE, algorithm, algorithm_null, leaf, node, oid};
use crate::support::{UNNAMED, refusal};

const US_WEST_2: &str = "us-west-2";

fn unsupported(reason: CmsReason, at: usize) -> Error {
    Error::UnsupportedCms { part: UNNAMED, reason, at }
}

fn unknown(region: &str, hint: Option<Hint>) -> Error {
    Error::UnknownSigner { region: keys::region(region), hint }
}

fn refused(value: &Node) -> Error {
    refusal(verify_cms(&value.text(), US_WEST_2))
}

fn value(key: TestKey) -> Node {
    cms::value(key, DOCUMENT.as_bytes())
}

/// What a value of the test region is refused with.
fn refused_under_test_key(value: &Node) -> Error {
    refusal(verifier().verify_cms(&value.text(), REGION))
}

fn assert_accepted_under_test_key(value: &Node) {
    let verified = verifier().verify_cms(&value.text(), REGION).unwrap();
    assert_eq!(verified.document().as_bytes(), DOCUMENT.as_bytes());
}

#[test]
fn the_values_of_these_tests_verify_unless_something_is_changed() {
    for (key, kind) in [(TestKey::Rsa2048, SignatureKind::Rsa2048), (TestKey::Dsa1024, SignatureKind::Dsa)] {
        let verified = verifier().verify_cms(&value(key).text(), REGION).unwrap();
        assert_eq!(verified.document().as_bytes(), DOCUMENT.as_bytes());
        assert_eq!(verified.signatures()[0].kind(), kind);
        assert_eq!(verified.signatures()[0].signing_time(), captures_signing_time(kind));
    }
}

fn captures_signing_time(kind: SignatureKind) -> Option<instance_identity::UnixTime> {
    verify_cms(&one(kind).text, US_WEST_2).unwrap().signatures()[0].signing_time()
}

#[test]
fn a_signer_named_by_key_identifier_is_refused() {
    for version in [3, 1] {
        let mut value = value(TestKey::Rsa2048);
        *value.at_mut(SIGNER_VERSION) = leaf(INTEGER, &[version]);
        *value.at_mut(IDENTIFIER) = leaf(0x80, &[0x5a; 20]);
        assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::SignerIdentifier, value.offset(IDENTIFIER)));
    }
}

#[test]
fn a_serial_number_of_another_regions_certificate_names_that_region_in_the_hint() {
    for capture in captures::cms().into_iter().filter(|capture| capture.kind == SignatureKind::Rsa2048) {
        let error = refusal(verify_cms(&capture.text, "eu-west-1"));
        assert_eq!(error, unknown("eu-west-1", Some(Hint::SignerOf(vec![keys::region(&capture.region)]))));
        assert!(error.hint().unwrap().to_string().contains(&capture.region));
    }
    // One DSA certificate serves many regions.
    let error = refusal(verify_cms(whole().pkcs7(), "af-south-1"));
    let Some(Hint::SignerOf(regions)) = error.hint() else { panic!("{error:?}") };
    assert_eq!((regions.len(), regions.contains(&keys::region(US_WEST_2))), (19, true));
    assert_eq!(error, unknown("af-south-1", Some(Hint::SignerOf(regions))));
}

#[test]
fn an_unknown_serial_number_is_refused_and_the_content_may_say_of_which_region_it_is() {
    for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa] {
        let mut value = one(kind).node();
        cms::flip(value.at_mut(SERIAL));
        assert_eq!(refused(&value), unknown(US_WEST_2, None));
        let error = refusal(verify_cms(&value.text(), "eu-west-1"));
        assert_eq!(error, unknown("eu-west-1", Some(Hint::ClaimsRegion(keys::region(US_WEST_2)))));
        assert!(error.hint().unwrap().to_string().contains("unverified"));
    }
}

#[test]
fn a_claimed_region_that_nobody_knows_is_not_repeated() {
    let document = DOCUMENT.replace(REGION, "zz-nowhere-9");
    let value = cms::value(TestKey::Rsa2048, document.as_bytes());
    assert_eq!(refusal(verify_cms(&value.text(), US_WEST_2)), unknown(US_WEST_2, None));
}

#[test]
fn a_serial_number_is_compared_with_its_leading_zeros() {
    let serial = one(SignatureKind::Rsa2048).node().at(SERIAL).contents();
    assert_eq!((serial.len(), serial[0]), (9, 0));
    for other in [&serial[1..], &[&[0], serial.as_slice()].concat(), &[]] {
        let mut value = one(SignatureKind::Rsa2048).node();
        *value.at_mut(SERIAL) = leaf(INTEGER, other);
        assert_eq!(refused(&value), unknown(US_WEST_2, None));
    }
}

#[test]
fn an_issuer_is_compared_byte_for_byte() {
    let issuer: &[usize] = &[IDENTIFIER, &[0]].concat();
    // The same name as UTF8String, in other capitals, without its last part, and no name.
    let mut changes: Vec<fn(&mut Node)> = vec![|name| name.at_mut(&[3, 0, 1]).tag = 0x0c];
    changes.push(|name| *name.at_mut(&[3, 0, 1]) = leaf(0x13, b"AMAZON WEB SERVICES LLC"));
    changes.push(|name| drop(name.nodes_mut().pop()));
    changes.push(|name| name.nodes_mut().clear());
    for change in changes {
        let mut value = one(SignatureKind::Rsa2048).node();
        change(value.at_mut(issuer));
        assert_eq!(refused(&value), unknown(US_WEST_2, None));
    }
}

#[test]
fn a_dsa_signer_in_a_region_without_a_dsa_certificate_is_told_the_kinds_there_are() {
    let available = vec![SignatureKind::Rsa2048, SignatureKind::Rsa];
    let error = refusal(verify_cms(whole().pkcs7(), "ap-east-2"));
    assert_eq!(error, Error::NoCertificate { region: keys::region("ap-east-2"), kind: SignatureKind::Dsa, available: available.clone() });
    assert_eq!(error.hint(), Some(Hint::PresentKind(available)));
    // An RSA signer is not helped by a DSA certificate.
    let error = refusal(verify_cms(whole().rsa2048(), "ap-east-2"));
    assert_eq!(error, unknown("ap-east-2", Some(Hint::SignerOf(vec![keys::region(US_WEST_2)]))));
}

#[test]
fn a_value_signed_by_another_key_than_it_names_is_not_authentic() {
    for (named, kind, signs) in [
        (TestKey::Rsa2048, SignatureKind::Rsa2048, TestKey::Rsa1024),
        (TestKey::Rsa2048, SignatureKind::Rsa2048, TestKey::Dsa1024),
        (TestKey::Dsa1024, SignatureKind::Dsa, TestKey::Rsa2048),
    ] {
        let mut value = value(named);
        cms::sign(&mut value, signs);
        assert_eq!(refused_under_test_key(&value), Error::SignatureInvalid { kind, hint: None });
    }
}

#[test]
fn the_signature_of_another_value_or_none_is_not_authentic() {
    for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa] {
        let other = captures::cms().into_iter().find(|value| value.name == "us-west-2-2017-flaws-cloud" && value.kind == kind).unwrap();
        for signature in [other.node().at(SIGNATURE).clone(), leaf(OCTET_STRING, b"")] {
            let mut value = one(kind).node();
            *value.at_mut(SIGNATURE) = signature;
            assert_eq!(refused(&value), Error::SignatureInvalid { kind, hint: None });
        }
    }
}

#[test]
fn rsa_is_named_in_either_way_with_null_or_absent_parameters() {
    let mut accepted = 0;
    for signature in
        [algorithm(RSA_ENCRYPTION), algorithm_null(RSA_ENCRYPTION), algorithm(SHA256_WITH_RSA), algorithm_null(SHA256_WITH_RSA)]
    {
        for outer in [algorithm(SHA256), algorithm_null(SHA256)] {
            for inner in [algorithm(SHA256), algorithm_null(SHA256)] {
                let mut value = value(TestKey::Rsa2048);
                *value.at_mut(DIGEST_ALGORITHM) = outer.clone();
                *value.at_mut(SIGNER_DIGEST) = inner;
                *value.at_mut(SIGNER_ALGORITHM) = signature.clone();
                assert_accepted_under_test_key(&value);
                accepted += 1;
            }
        }
    }
    assert_eq!(accepted, 16);
}

#[test]
fn sha1_has_null_or_absent_parameters() {
    for outer in [algorithm(SHA1), algorithm_null(SHA1)] {
        for inner in [algorithm(SHA1), algorithm_null(SHA1)] {
            let mut value = value(TestKey::Dsa1024);
            *value.at_mut(DIGEST_ALGORITHM) = outer.clone();
            *value.at_mut(SIGNER_DIGEST) = inner;
            assert_accepted_under_test_key(&value);
        }
    }
}

#[test]
fn absent_and_null_parameters_mean_the_same_in_every_capture() {
    for capture in captures::cms() {
        let mut value = capture.node();
        for path in [DIGEST_ALGORITHM, SIGNER_DIGEST] {
            let algorithm = value.at_mut(path).nodes_mut();
            if algorithm.len() == 1 { algorithm.push(leaf(NULL, b"")) } else { algorithm.truncate(1) }
        }
        let verified = verify_cms(&value.text(), &capture.region).unwrap();
        assert_eq!(verified.document().as_bytes(), capture.document);
    }
}

/// MD5, SHA-224, SHA-384, SHA-512, SHA3-256, and an algorithm that is no digest.
const NO_DIGESTS: [&str; 6] = [
    "1.2.840.113549.2.5",
    "2.16.840.1.101.3.4.2.4",
    "2.16.840.1.101.3.4.2.2",
    "2.16.840.1.101.3.4.2.3",
    "2.16.840.1.101.3.4.2.8",
    RSA_ENCRYPTION,
];

#[test]
fn another_digest_than_that_of_the_key_is_refused_in_either_place() {
    for (key, other) in [(TestKey::Rsa2048, SHA1), (TestKey::Dsa1024, SHA256)] {
        for digest in NO_DIGESTS.into_iter().chain([other]) {
            for (paths, at) in [
                (&[DIGEST_ALGORITHM][..], DIGEST_ALGORITHM),
                (&[SIGNER_DIGEST], SIGNER_DIGEST),
                (&[DIGEST_ALGORITHM, SIGNER_DIGEST], DIGEST_ALGORITHM),
            ] {
                let mut value = value(key);
                for path in paths {
                    *value.at_mut(path) = algorithm_null(digest);
                }
                assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::Algorithm, value.offset(at)), "{digest}");
            }
        }
    }
}

#[test]
fn sha1_with_rsa_is_refused_even_if_all_of_it_agrees() {
    use sha1::Digest;
    let digest = leaf(OCTET_STRING, &sha1::Sha1::digest(DOCUMENT));
    let mut value = cms::value_with_attributes(TestKey::Rsa2048, DOCUMENT.as_bytes(), |attributes| {
        attributes.pop();
        attributes.push(cms::attribute(cms::ATTRIBUTE_MESSAGE_DIGEST, vec![digest]));
    });
    // RFC 8017 §9.2, note 1: the DigestInfo of SHA-1.
    let info = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
    let info = [info.as_slice(), &sha1::Sha1::digest(cms::attributes_as_signed(&value))].concat();
    *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, &TestKey::Rsa2048.raw(&keys::padded(256, &info)));
    *value.at_mut(DIGEST_ALGORITHM) = algorithm_null(SHA1);
    *value.at_mut(SIGNER_DIGEST) = algorithm_null(SHA1);
    for name in [RSA_ENCRYPTION, "1.2.840.113549.1.1.5"] {
        *value.at_mut(SIGNER_ALGORITHM) = algorithm_null(name);
        assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::Algorithm, value.offset(DIGEST_ALGORITHM)));
    }
}

#[test]
fn sha256_with_dsa_is_refused_even_if_all_of_it_agrees() {
    use sha2::Digest;
    let digest = leaf(OCTET_STRING, &sha2::Sha256::digest(DOCUMENT));
    let mut value = cms::value_with_attributes(TestKey::Dsa1024, DOCUMENT.as_bytes(), |attributes| {
        attributes.pop();
        attributes.push(cms::attribute(cms::ATTRIBUTE_MESSAGE_DIGEST, vec![digest]));
    });
    // FIPS 186-4 §4.6: the leftmost 160 bits of the digest are signed.
    let signature = TestKey::Dsa1024.sign_digest(&sha2::Sha256::digest(cms::attributes_as_signed(&value))[..20]);
    *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, &signature);
    *value.at_mut(DIGEST_ALGORITHM) = algorithm_null(SHA256);
    *value.at_mut(SIGNER_DIGEST) = algorithm_null(SHA256);
    for name in [DSA_WITH_SHA1, "2.16.840.1.101.3.4.3.2"] {
        *value.at_mut(SIGNER_ALGORITHM) = algorithm(name);
        assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::Algorithm, value.offset(DIGEST_ALGORITHM)));
    }
}

#[test]
fn a_digest_of_the_other_algorithm_under_unchanged_names_has_the_wrong_length() {
    use sha1::Digest;
    let (sha1, sha256) = (sha1::Sha1::digest(DOCUMENT).to_vec(), sha2::Sha256::digest(DOCUMENT).to_vec());
    for (key, digest) in [(TestKey::Rsa2048, sha1), (TestKey::Dsa1024, sha256)] {
        let value = cms::value_with_attributes(key, DOCUMENT.as_bytes(), |attributes| {
            attributes.pop();
            attributes.push(cms::attribute(cms::ATTRIBUTE_MESSAGE_DIGEST, vec![leaf(OCTET_STRING, &digest)]));
        });
        assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::SignedAttributes, value.offset(cms::ATTRIBUTES)));
    }
}

#[test]
fn other_signature_algorithms_are_refused() {
    // md5, sha1, sha224, sha384 and sha512 with RSA, RSASSA-PSS, RSAES-OAEP; ECDSA with SHA-1 and SHA-256; Ed25519, Ed448; ML-DSA-65;
    // DSA with SHA-224 and SHA-256, the DSA key itself; an EC key; a digest.
    let others = [
        "1.2.840.113549.1.1.4",
        "1.2.840.113549.1.1.5",
        "1.2.840.113549.1.1.14",
        "1.2.840.113549.1.1.12",
        "1.2.840.113549.1.1.13",
        "1.2.840.113549.1.1.10",
        "1.2.840.113549.1.1.7",
        "1.2.840.10045.4.1",
        "1.2.840.10045.4.3.2",
        "1.3.101.112",
        "1.3.101.113",
        "2.16.840.1.101.3.4.3.18",
        "2.16.840.1.101.3.4.3.1",
        "2.16.840.1.101.3.4.3.2",
        "1.2.840.10040.4.1",
        "1.2.840.10045.2.1",
        SHA256,
    ];
    let of_the_other_key = |key| if key == TestKey::Rsa2048 { vec![DSA_WITH_SHA1] } else { vec![RSA_ENCRYPTION, SHA256_WITH_RSA] };
    for key in [TestKey::Rsa2048, TestKey::Dsa1024] {
        for name in others.into_iter().chain(of_the_other_key(key)) {
            for named in [algorithm(name), algorithm_null(name)] {
                let mut value = value(key);
                *value.at_mut(SIGNER_ALGORITHM) = named;
                assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::Algorithm, value.offset(SIGNER_ALGORITHM)), "{name}");
            }
        }
    }
}

#[test]
fn dsa_with_sha1_has_no_parameters() {
    let mut value = value(TestKey::Dsa1024);
    *value.at_mut(SIGNER_ALGORITHM) = algorithm_null(DSA_WITH_SHA1);
    assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::Algorithm, value.offset(SIGNER_ALGORITHM)));
}

#[test]
fn other_parameters_than_null_are_refused() {
    for parameters in [leaf(NULL, &[0]), leaf(INTEGER, &[1]), node(SEQUENCE, vec![]), leaf(OCTET_STRING, b""), oid(SHA256)] {
        for path in [DIGEST_ALGORITHM, SIGNER_DIGEST, SIGNER_ALGORITHM] {
            let mut value = value(TestKey::Rsa2048);
            value.at_mut(path).nodes_mut()[1] = parameters.clone();
            assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::Algorithm, value.offset(path)));
        }
    }
}
