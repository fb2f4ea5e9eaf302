//! RSA signatures, bare and in CMS. Encoded messages are signed as they stand with a test key.

use std::sync::LazyLock;

use instance_identity::{Alteration, Error, Evidence, Expect, Hint, SignatureKind, verify};
use sha2::{Digest, Sha256};

use crate::support::captures::{self, whole};
use crate::support::cms::{self, SIGNATURE};
use crate::support::keys::{self, DOCUMENT, REGION, TestKey, digest_info, padded, verifier};
use crate::support::refusal;
use crate::support::tlv::{Node, OCTET_STRING, base64, leaf, unbase64};

const INVALID: Error = Error::SignatureInvalid { kind: SignatureKind::Rsa, hint: None };
const INVALID_IN_CMS: Error = Error::SignatureInvalid { kind: SignatureKind::Rsa2048, hint: None };

/// What the bare signature `signature` over the test document is refused with.
fn refused(signature: &[u8]) -> Error {
    refusal(verifier().verify(DOCUMENT.as_bytes(), &base64(signature), REGION))
}

/// The same in a CMS value.
fn refused_in_cms(signature: &[u8]) -> Error {
    let mut value = VALUE.clone();
    *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, signature);
    refusal(verifier().verify_cms(&value.text(), REGION))
}

/// Made once: signing takes long.
static VALUE: LazyLock<Node> = LazyLock::new(|| cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes()));

/// What is signed in a CMS value over the test document.
fn signed_in_cms() -> Vec<u8> {
    cms::attributes_as_signed(&VALUE)
}

fn assert_accepted(document: &str, signature: &[u8]) {
    let verified = verifier().verify(document.as_bytes(), &base64(signature), REGION).unwrap();
    assert_eq!(verified.document().as_bytes(), document.as_bytes());
    assert_eq!(verified.signatures()[0].kind(), SignatureKind::Rsa);
}

/// Test documents, one for each number.
fn document(number: usize) -> String {
    DOCUMENT.replace("i-0ce4441c840a0a941", &format!("i-{number:017x}"))
}

/// `a + b`, big-endian, in the octets of `a`; `None` if it does not fit.
fn sum(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    let mut carry = 0;
    let mut sum = a.to_vec();
    for (to, from) in sum.iter_mut().rev().zip(b.iter().rev()) {
        carry += u16::from(*to) + u16::from(*from);
        *to = carry as u8;
        carry >>= 8;
    }
    (carry == 0).then_some(sum)
}

/// `a - b`, big-endian, of the same length.
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
fn every_bit_of_a_bare_signature_counts() {
    let capture = whole();
    let genuine = unbase64(capture.signature());
    for bit in 0..8 * genuine.len() {
        let mut signature = genuine.clone();
        signature[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(refusal(verify(&capture.document, &base64(&signature), "us-west-2")), INVALID, "bit {bit}");
    }
}

#[test]
fn every_bit_of_a_document_under_a_bare_signature_counts() {
    for capture in captures::all().into_iter().filter(|capture| capture.signature.is_some()) {
        for bit in 0..8 * capture.document.len() {
            let mut document = capture.document.clone();
            document[bit / 8] ^= 1 << (bit % 8);
            match refusal(verify(&document, capture.signature(), &capture.region)) {
                Error::SignatureInvalid { kind: SignatureKind::Rsa, hint: Some(Hint::DocumentAltered(_)) } => {}
                other => panic!("{} bit {bit}: {other:?}", capture.name),
            }
        }
    }
}

#[test]
fn every_bit_of_an_rsa_signature_in_cms_counts() {
    let genuine = TestKey::Rsa2048.sign(&signed_in_cms());
    for bit in 0..8 * genuine.len() {
        let mut signature = genuine.clone();
        signature[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(refused_in_cms(&signature), INVALID_IN_CMS, "bit {bit}");
    }
}

#[test]
fn a_signature_has_the_length_of_the_modulus() {
    let genuine = TestKey::Rsa1024.sign(DOCUMENT.as_bytes());
    assert_ne!(genuine[0], 0x30, "one byte longer it would be taken for CMS");
    let wrong = |genuine: &[u8]| {
        vec![
            genuine[1..].to_vec(),
            genuine[..genuine.len() - 1].to_vec(),
            [genuine, &[0]].concat(),
            [&[0], genuine].concat(),
            [genuine, genuine].concat(),
            vec![genuine[0]],
        ]
    };
    for signature in wrong(&genuine) {
        assert_eq!(refused(&signature), INVALID);
    }
    for signature in wrong(&TestKey::Rsa2048.sign(&signed_in_cms())) {
        assert_eq!(refused_in_cms(&signature), INVALID_IN_CMS);
    }
}

#[test]
fn a_signature_without_its_leading_zero_is_refused() {
    let (number, signature) =
        (0..).map(|number| (number, TestKey::Rsa1024.sign(document(number).as_bytes()))).find(|(_, signature)| signature[0] == 0).unwrap();
    assert_accepted(&document(number), &signature);
    let error = refusal(verifier().verify(document(number).as_bytes(), &base64(&signature[1..]), REGION));
    assert_eq!(error, INVALID);
}

#[test]
fn the_same_signature_plus_the_modulus_is_refused() {
    let modulus = TestKey::Rsa1024.integer("modulus");
    let fits = |number| sum(&TestKey::Rsa1024.sign(document(number).as_bytes()), &modulus).map(|sum| (number, sum));
    let (number, larger) = (0..).find_map(fits).unwrap();
    assert_eq!(refusal(verifier().verify(document(number).as_bytes(), &base64(&larger), REGION)), INVALID);
    assert_accepted(&document(number), &difference(&larger, &modulus));
}

#[test]
fn trivial_signatures_are_refused() {
    for (key, kind) in [(TestKey::Rsa1024, SignatureKind::Rsa), (TestKey::Rsa2048, SignatureKind::Rsa2048)] {
        let modulus = key.integer("modulus");
        let number = |last: u8| [vec![0; key.size() - 1], vec![last]].concat();
        let signed = if kind == SignatureKind::Rsa { DOCUMENT.as_bytes().to_vec() } else { signed_in_cms() };
        let negated = difference(&modulus, &key.sign(&signed));
        let above = sum(&modulus, &number(1)).unwrap();
        let below = difference(&modulus, &number(1));
        for signature in [number(0), number(1), number(2), below, modulus, above, vec![0xff; key.size()], negated] {
            let error = if kind == SignatureKind::Rsa { refused(&signature) } else { refused_in_cms(&signature) };
            assert_eq!(error, Error::SignatureInvalid { kind, hint: None });
        }
    }
}

#[test]
fn a_signature_that_starts_like_cms_is_still_a_bare_signature() {
    let starts = |number| Some((document(number), TestKey::Rsa1024.sign(document(number).as_bytes()))).filter(|(_, it)| it[0] == 0x30);
    let (document, signature) = (0..).find_map(starts).unwrap();
    assert_accepted(&document, &signature);
    let evidence = Evidence::new().with_document(document.clone()).with_signature(base64(&signature));
    for expect in [Expect::Region(&keys::region(REGION)), Expect::AnyRegion] {
        let verified = verifier().verify_evidence(&evidence, expect).unwrap();
        assert_eq!(verified.signatures()[0].kind(), SignatureKind::Rsa);
        assert_eq!(verified.document().as_bytes(), document.as_bytes());
    }
}

/// Encoded messages for `digest_info`, `size` octets each, that a lenient verifier takes for the one of RFC 8017 §9.2.
fn forgeries(size: usize, message: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let info = digest_info(message);
    let digest = Sha256::digest(message);
    let ff = |count: usize| vec![0xff; count];
    // With the rest of the octets after the DigestInfo.
    let cut = |start: &[u8], info: &[u8], fill: u8| {
        let mut encoded = [start, &[0], info].concat();
        encoded.resize(size, fill);
        encoded
    };
    let typed = |block: u8, fill: u8| [&[0, block], vec![fill; size - 3 - info.len()].as_slice(), &[0], &info].concat();
    let changed = |at: usize, to: u8| {
        let mut encoded = padded(size, &info);
        encoded[at] = to;
        encoded
    };
    let named = |prefix: &[u8]| padded(size, &[prefix, &digest].concat());
    let mut without_zero = padded(size, &info)[1..].to_vec();
    without_zero.push(0);
    without_zero.rotate_right(1);
    vec![
        ("garbage after the DigestInfo", cut(&[&[0, 1], ff(8).as_slice()].concat(), &info, 0x5a)),
        ("zeros after the DigestInfo", cut(&[&[0, 1], ff(8).as_slice()].concat(), &info, 0)),
        ("one byte after the DigestInfo", padded(size, &[info.as_slice(), &[0]].concat())),
        ("seven FF and garbage at the end", cut(&[&[0, 1], ff(7).as_slice()].concat(), &info, 0x5a)),
        ("no FF and garbage at the end", cut(&[0, 1], &info, 0x5a)),
        ("garbage first in the padding", changed(2, 0xfe)),
        ("garbage in the padding", changed(20, 0x5a)),
        ("a zero in the padding", changed(20, 0)),
        ("garbage last in the padding", changed(size - info.len() - 2, 0x7f)),
        ("no zero after the padding", changed(size - info.len() - 1, 0xff)),
        ("block type 00", typed(0, 0)),
        ("block type 00 with FF", typed(0, 0xff)),
        ("block type 02", typed(2, 0x5a)),
        ("block type 02 with FF", typed(2, 0xff)),
        ("block type 03", typed(3, 0xff)),
        ("a first octet other than 00", changed(0, 1)),
        ("the block type one octet late", [&[0, 0, 1], ff(size - 4 - info.len()).as_slice(), &[0], &info].concat()),
        ("no padding at all", [vec![0; size - info.len()], info.clone()].concat()),
        ("the digest alone", padded(size, &digest)),
        ("the DigestInfo without the digest", padded(size, &info[..19])),
        ("a long length of the DigestInfo", named(b"\x30\x81\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20")),
        ("a long length of the algorithm", named(b"\x30\x32\x30\x81\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20")),
        ("a long length of the digest", named(b"\x30\x32\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x81\x20")),
        ("a long length of NULL", named(b"\x30\x32\x30\x0e\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x81\x00\x04\x20")),
        ("an indefinite length", [named(b"\x30\x80\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20")].concat()),
        ("no NULL", named(b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20")),
        ("garbage in the parameters", named(b"\x30\x34\x30\x10\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x03abc\x04\x20")),
        ("garbage inside NULL", named(b"\x30\x34\x30\x10\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x03abc\x04\x20")),
        ("the name of SHA-384", named(b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x20")),
        ("the name of SHA-512/256", named(b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x06\x05\x00\x04\x20")),
        ("the name of SHA3-256", named(b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x08\x05\x00\x04\x20")),
        ("the name of SHA-1", named(b"\x30\x2d\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x20")),
        ("SHA-1", padded(size, &[b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14", &sha1_of(message)[..]].concat())),
        ("the digest first byte first", padded(size, &[&info[..19], &digest.iter().rev().copied().collect::<Vec<u8>>()].concat())),
        ("PSS", pss(size, message)),
    ]
}

fn sha1_of(message: &[u8]) -> Vec<u8> {
    sha1::Sha1::digest(message).to_vec()
}

/// EMSA-PSS (RFC 8017 §9.1.1) with SHA-256 and without salt.
fn pss(size: usize, message: &[u8]) -> Vec<u8> {
    let hash = Sha256::digest([[0; 8].as_slice(), &Sha256::digest(message)].concat());
    let mut block = vec![0; size - 32 - 1];
    *block.last_mut().unwrap() = 1;
    let mask = (0_u32..).flat_map(|counter| Sha256::digest([hash.as_slice(), &counter.to_be_bytes()].concat()));
    block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    block[0] &= 0x7f;
    [block.as_slice(), &hash, &[0xbc]].concat()
}

#[test]
fn the_encoded_message_is_exactly_the_one_there_is() {
    let message = DOCUMENT.as_bytes();
    assert_accepted(DOCUMENT, &TestKey::Rsa1024.raw(&padded(128, &digest_info(message))));
    for (forgery, encoded) in forgeries(128, message) {
        let error = refused(&TestKey::Rsa1024.raw(&encoded));
        // Where only the digest is another one, the document may have been altered.
        let hint = (forgery == "the digest first byte first").then_some(Hint::DocumentAltered(Alteration::Other));
        assert_eq!(error, Error::SignatureInvalid { kind: SignatureKind::Rsa, hint }, "{forgery}");
    }
}

#[test]
fn the_encoded_message_in_cms_is_exactly_the_one_there_is() {
    let message = signed_in_cms();
    for (forgery, encoded) in forgeries(256, &message) {
        assert_eq!(refused_in_cms(&TestKey::Rsa2048.raw(&encoded)), INVALID_IN_CMS, "{forgery}");
    }
}

#[test]
fn a_key_of_the_cms_kind_does_not_vouch_for_the_bare_kind() {
    let signature = TestKey::Rsa2048.sign(DOCUMENT.as_bytes());
    assert_ne!(signature[0], 0x30, "it is not taken for CMS");
    assert_eq!(refused(&signature), INVALID);
}

#[test]
fn a_key_of_the_bare_kind_does_not_vouch_for_the_cms_kind() {
    let mut value = cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes());
    *value.at_mut(cms::IDENTIFIER) = cms::identifier(&TestKey::Rsa1024.der());
    cms::sign(&mut value, TestKey::Rsa1024);
    let error = Error::UnknownSigner { region: keys::region(REGION), hint: None };
    assert_eq!(refusal(verifier().verify_cms(&value.text(), REGION)), error);
}
