//! DSA signatures. The values are right but for the signature's integers or their encoding.

use instance_identity::{CmsReason, Error, SignatureKind, verify_cms};

use crate::support::captures::{self, one};
use crate::support::cms::{self, SIGNATURE};
use crate::support::keys::{self, DOCUMENT, REGION, REGION_LIKE_CHINA, TestKey, dss_sig_value, verifier};
use crate::support::tlv::{INTEGER, Length, NULL, OCTET_STRING, SEQUENCE, SET, bare, leaf, node};
use crate::support::{UNNAMED, refusal};

const INVALID: Error = Error::SignatureInvalid { kind: SignatureKind::Dsa, hint: None };
const ZERO: &[u8] = &[0];
const ONE: &[u8] = &[1];

/// What the test document is refused with under `signature`.
fn refused(signature: &[u8]) -> Error {
    let mut value = cms::value(TestKey::Dsa1024, DOCUMENT.as_bytes());
    *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, signature);
    refusal(verifier().verify_cms(&value.text(), REGION))
}

/// r and s of the right signature.
fn genuine() -> [Vec<u8>; 2] {
    use sha1::Digest;
    let value = cms::value(TestKey::Dsa1024, DOCUMENT.as_bytes());
    let [r, s] = TestKey::Dsa1024.sign_integers(&sha1::Sha1::digest(cms::attributes_as_signed(&value)));
    assert_eq!(value.at(SIGNATURE).contents(), dss_sig_value(&r, &s));
    [r, s]
}

fn q() -> Vec<u8> {
    TestKey::Dsa1024.integer("Q")
}

/// `a + b`, 21 octets.
fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut sum = vec![0; 21];
    let mut carry = 0;
    for (to, (a, b)) in sum.iter_mut().rev().zip(a.iter().rev().chain([&0]).zip(b.iter().rev().chain([&0]))) {
        carry += u16::from(*a) + u16::from(*b);
        *to = carry as u8;
        carry >>= 8;
    }
    sum
}

/// `a - b`, 20 octets.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut difference = a.to_vec();
    for (to, from) in difference.iter_mut().rev().zip(b.iter().rev()) {
        borrow += i16::from(*to) - i16::from(*from);
        *to = borrow as u8;
        borrow >>= 8;
    }
    difference
}

#[test]
fn integers_out_of_range_are_refused() {
    let ([r, s], q) = (genuine(), q());
    for (r, s) in [
        (ZERO, s.as_slice()),
        (&r, ZERO),
        (ZERO, ZERO),
        (&q, &s),
        (&r, &q),
        (&q, &q),
        (&sum(&r, &q), &s),
        (&r, &sum(&s, &q)),
        (&sum(&q, ONE), &s),
        (&r, &sum(&q, ONE)),
        (&[0xff; 20], &s),
        (&r, &[0xff; 20]),
        (&[0x7f; 128], &s),
        (&r, &[0x7f; 1000]),
    ] {
        assert_eq!(refused(&dss_sig_value(r, s)), INVALID, "{r:02x?} {s:02x?}");
    }
}

#[test]
fn integers_that_are_no_signature_are_refused() {
    let ([r, s], q) = (genuine(), q());
    let below_q = difference(&q, &[&[0; 19], ONE].concat());
    for (r, s) in [
        (ONE, ONE),
        (&r, ONE),
        (ONE, &s),
        (&r, &difference(&q, &s)),
        (&difference(&q, &r), &s),
        (&s, &r),
        (&r, &r),
        (&below_q, &below_q),
        (ONE, &below_q),
    ] {
        assert_eq!(refused(&dss_sig_value(r, s)), INVALID, "{r:02x?} {s:02x?}");
    }
}

#[test]
fn negative_integers_are_refused() {
    let [r, s] = genuine();
    let integer = |bytes: &[u8]| leaf(INTEGER, &[&[0], bytes].concat());
    for (r, s) in [
        (leaf(INTEGER, &[0xff]), integer(&s)),
        (integer(&r), leaf(INTEGER, &[0xff])),
        (leaf(INTEGER, &[&[0x80], r.as_slice()].concat()), integer(&s)),
        (integer(&r), leaf(INTEGER, &[&[0xff], s.as_slice()].concat())),
    ] {
        assert_eq!(refused(&node(SEQUENCE, vec![r, s]).encode()), INVALID);
    }
    // The very octets of r or s with the first bit set, without the zero that makes them positive.
    let mut tried = 0;
    for capture in captures::cms().into_iter().filter(|capture| capture.kind == SignatureKind::Dsa) {
        for index in [0, 1] {
            let mut value = capture.node();
            let mut signature = crate::support::tlv::Node::parse(&value.at(SIGNATURE).contents());
            let octets = signature.at(&[index]).contents();
            if octets[0] == 0 {
                *signature.at_mut(&[index]) = leaf(INTEGER, &octets[1..]);
                *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, &signature.encode());
                assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), INVALID);
                tried += 1;
            }
        }
    }
    assert!(tried > 0, "some integer has its first bit set");
}

#[test]
fn a_signature_that_is_not_der_is_refused() {
    let [r, s] = genuine();
    let der = dss_sig_value(&r, &s);
    let parsed = crate::support::tlv::Node::parse(&der);
    let (r_node, s_node) = (parsed.at(&[0]).clone(), parsed.at(&[1]).clone());
    let sequence = |nodes| node(SEQUENCE, nodes);
    let padded = |node: &crate::support::tlv::Node| leaf(INTEGER, &[&[0, 0], node.contents().as_slice()].concat());
    for wrong in [
        Vec::new(),
        vec![0x30, 0x00],
        der[..der.len() - 1].to_vec(),
        [r.as_slice(), &s].concat(),
        sequence(vec![r_node.clone()]).encode(),
        sequence(vec![r_node.clone(), s_node.clone(), s_node.clone()]).encode(),
        sequence(vec![r_node.clone(), s_node.clone(), leaf(NULL, b"")]).encode(),
        node(SET, vec![r_node.clone(), s_node.clone()]).encode(),
        sequence(vec![leaf(OCTET_STRING, &r), s_node.clone()]).encode(),
        sequence(vec![padded(&r_node), s_node.clone()]).encode(),
        sequence(vec![r_node.clone(), padded(&s_node)]).encode(),
        sequence(vec![leaf(INTEGER, b""), s_node.clone()]).encode(),
        parsed.clone().with(Length::Octets(1)).encode(),
        parsed.clone().with(Length::Octets(2)).encode(),
        parsed.clone().with(Length::Indefinite).encode(),
        parsed.with(Length::Declared(der.len())).encode(),
        sequence(vec![r_node.clone().with(Length::Octets(1)), s_node.clone()]).encode(),
        sequence(vec![r_node, s_node.with(Length::Octets(2))]).encode(),
    ] {
        assert_eq!(refused(&wrong), INVALID, "{wrong:02x?}");
    }
}

#[test]
fn bytes_after_a_signature_are_refused() {
    let [r, s] = genuine();
    let der = dss_sig_value(&r, &s);
    for after in [&[0][..], &[0, 0], &[5, 0], &der] {
        assert_eq!(refused(&[&der, after].concat()), INVALID);
    }
}

#[test]
fn every_bit_of_a_dsa_signature_counts() {
    let capture = one(SignatureKind::Dsa);
    let genuine = capture.node().at(SIGNATURE).contents();
    for bit in 0..8 * genuine.len() {
        let mut signature = genuine.clone();
        signature[bit / 8] ^= 1 << (bit % 8);
        let mut value = capture.node();
        *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, &signature);
        assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), INVALID, "bit {bit}");
    }
}

#[test]
fn zeros_inside_an_integer_are_no_end_of_contents() {
    let capture = captures::cms().into_iter().find(|capture| capture.name == "us-west-2-2017-grailbio-b").unwrap();
    assert!(capture.node().at(SIGNATURE).contents().windows(2).any(|pair| pair == [0, 0]));
    assert_eq!(verify_cms(&capture.text, &capture.region).unwrap().document().as_bytes(), capture.document);
}

#[test]
fn a_dsa_slot_with_an_rsa_key_takes_rsa_as_in_china() {
    let document = DOCUMENT.replace(REGION, REGION_LIKE_CHINA);
    let value = cms::value(TestKey::Rsa2048, document.as_bytes());
    let verified = verifier().verify_cms(&value.text(), REGION_LIKE_CHINA).unwrap();
    let signature = &verified.signatures()[0];
    assert_eq!((signature.kind(), signature.algorithm().as_str()), (SignatureKind::Dsa, "rsa2048-sha256"));
    assert_eq!(verified.partition().as_str(), "aws-cn");

    let mut forged = value;
    cms::flip(forged.at_mut(SIGNATURE));
    assert_eq!(refusal(verifier().verify_cms(&forged.text(), REGION_LIKE_CHINA)), INVALID);
}

#[test]
fn a_dsa_slot_with_an_rsa_key_does_not_take_dsa() {
    let document = DOCUMENT.replace(REGION, REGION_LIKE_CHINA);
    let mut value = cms::value(TestKey::Dsa1024, document.as_bytes());
    let error = Error::UnknownSigner { region: keys::region(REGION_LIKE_CHINA), hint: Some(signer_of(REGION)) };
    assert_eq!(refusal(verifier().verify_cms(&value.text(), REGION_LIKE_CHINA)), error);
    *value.at_mut(cms::IDENTIFIER) = cms::identifier(&TestKey::Rsa2048.der());
    let at = value.offset(cms::DIGEST_ALGORITHM);
    let error = Error::UnsupportedCms { part: UNNAMED, reason: CmsReason::Algorithm, at };
    assert_eq!(refusal(verifier().verify_cms(&value.text(), REGION_LIKE_CHINA)), error);
}

fn signer_of(region: &str) -> instance_identity::Hint {
    instance_identity::Hint::SignerOf(vec![keys::region(region)])
}

#[test]
fn the_bundled_certificates_of_china_are_rsa() {
    let store = instance_identity::CertStore::bundled();
    for code in ["cn-north-1", "cn-northwest-1"] {
        let certificate = store.get(&keys::region(code), SignatureKind::Dsa).unwrap();
        assert_eq!((certificate.algorithm().as_str(), certificate.partition().as_str()), ("rsa2048-sha256", "aws-cn"));
    }
}

#[test]
fn a_constructed_signature_is_no_element_of_the_signer() {
    let mut value = cms::value(TestKey::Dsa1024, DOCUMENT.as_bytes());
    let signature = value.at(SIGNATURE).contents();
    *value.at_mut(SIGNATURE) = node(OCTET_STRING | 0x20, vec![bare(&leaf(OCTET_STRING, &signature).encode())]);
    let at = value.offset(SIGNATURE);
    let error = Error::InvalidBer { part: UNNAMED, reason: instance_identity::BerReason::Tag, at };
    assert_eq!(refusal(verifier().verify_cms(&value.text(), REGION)), error);
}
