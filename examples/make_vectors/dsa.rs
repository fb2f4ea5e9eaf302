//! DSA signatures, and RSA in the slot of DSA. The values are right but for the signature's integers or their encoding.

use instance_identity::testkit::{Authority, Contents, Element, Era, Length, TestKey};
use sha1::{Digest, Sha1};

use crate::value::{
    DIGEST_ALGORITHM, DSA, IDENTIFIER, INTEGER, OCTET_STRING, SEQUENCE, SET, SIGNATURE, difference, fields, fields_of, identifier, integer,
    leaf, node, null, over, sign, signed_octets, signing_time, sum, text, value, with_signature,
};
use crate::vector::Corpus;

const INVALID: &str = "signature_invalid";
const REGION_OF_CHINA: &str = "test-china-1";

pub(crate) fn add(to: &mut Corpus) {
    let (r, s) = TestKey::Dsa1024.sign_dsa(&Sha1::digest(signed_octets(&value(DSA))));
    let signature = node(SEQUENCE, vec![integer(&r), integer(&s)]);
    assert_eq!(signature.encode(), value(DSA).at(SIGNATURE).inside());
    integers(to, &r, &s);
    encodings(to, &r, &s, &signature);
    zeros(to);
    china(to);
}

fn integers(to: &mut Corpus, r: &[u8], s: &[u8]) {
    let q = TestKey::Dsa1024.integer("q");
    let wide = |a: &[u8], b: &[u8]| sum(&[&[0], a].concat(), b).unwrap();
    let (r_plus_q, s_plus_q, q_plus_1) = (wide(r, &q), wide(s, &q), wide(&q, &[1]));
    let q_minus_1 = difference(&q, &[1]);
    let (minus_r, minus_s) = (difference(&q, r), difference(&q, s));
    for (name, r, s) in [
        ("dsa-zero.r", &[0][..], s),
        ("dsa-zero.s", r, &[0]),
        ("dsa-zero.both", &[0], &[0]),
        ("dsa-range.r-is-q", &q, s),
        ("dsa-range.s-is-q", r, &q),
        ("dsa-range.both-are-q", &q, &q),
        ("dsa-range.r-plus-q", &r_plus_q, s),
        ("dsa-range.s-plus-q", r, &s_plus_q),
        ("dsa-range.r-is-q-plus-1", &q_plus_1, s),
        ("dsa-range.s-is-q-plus-1", r, &q_plus_1),
        ("dsa-range.r-ones", &[0xff; 20], s),
        ("dsa-range.r-large", &[0x7f; 128], s),
        ("dsa-range.s-large", r, &[0x7f; 1000]),
        ("dsa-ones.both", &[1], &[1]),
        ("dsa-ones.s", r, &[1]),
        ("dsa-ones.r", &[1], s),
        ("dsa-negated.s", r, &minus_s),
        ("dsa-negated.r", &minus_r, s),
        ("dsa-negated.both", &minus_r, &minus_s),
        ("dsa-negated.swapped", s, r),
        ("dsa-negated.r-twice", r, r),
        ("dsa-negated.q-minus-1", &q_minus_1, &q_minus_1),
        ("dsa-negated.1-and-q-minus-1", &[1], &q_minus_1),
    ] {
        let signature = node(SEQUENCE, vec![integer(r), integer(s)]).encode();
        to.add(name, INVALID, "other integers than those of the signature", text(&with_signature(DSA, signature)));
    }
}

fn encodings(to: &mut Corpus, r: &[u8], s: &[u8], signature: &Element) {
    let der = signature.encode();
    let (r_element, s_element) = (integer(r), integer(s));
    let sequence = |elements: Vec<Element>| node(SEQUENCE, elements).encode();
    let negative = |octets: &[u8]| leaf(INTEGER, [&[0xff], octets].concat());
    let padded = |element: &Element| leaf(INTEGER, [&[0, 0], element.inside().as_slice()].concat());
    let long = |element: &Element, octets| element.clone().with_length(Length::Long(octets));
    let mut add = |name: &str, comment: &str, octets: Vec<u8>| {
        to.add(name, INVALID, comment, text(&with_signature(DSA, octets)));
    };
    add("dsa-negative.r", "r negative", sequence(vec![negative(r), s_element.clone()]));
    add("dsa-negative.s", "s negative", sequence(vec![r_element.clone(), negative(s)]));
    add("dsa-negative.minus-1", "r = -1", sequence(vec![leaf(INTEGER, [0xff]), s_element.clone()]));
    add("dsa-der.empty", "no octets", vec![]);
    add("dsa-der.empty-sequence", "an empty SEQUENCE", vec![0x30, 0]);
    add("dsa-der.cut", "one byte short", der[..der.len() - 1].to_vec());
    add("dsa-der.bare-integers", "r and s of 20 octets each, as in other formats", [r, s].concat());
    add("dsa-der.r-alone", "no s", sequence(vec![r_element.clone()]));
    add("dsa-der.three", "three integers", sequence(vec![r_element.clone(), s_element.clone(), s_element.clone()]));
    add("dsa-der.null", "a NULL after s", sequence(vec![r_element.clone(), s_element.clone(), null()]));
    add("dsa-der.set", "a SET", node(SET, vec![r_element.clone(), s_element.clone()]).encode());
    add("dsa-der.octet-string", "r as OCTET STRING", sequence(vec![leaf(OCTET_STRING, r), s_element.clone()]));
    add("dsa-der.r-zeros", "r with leading zeros", sequence(vec![padded(&r_element), s_element.clone()]));
    add("dsa-der.s-zeros", "s with leading zeros", sequence(vec![r_element.clone(), padded(&s_element)]));
    add("dsa-der.r-empty", "r of no octets", sequence(vec![leaf(INTEGER, []), s_element.clone()]));
    add("dsa-der.long-1", "a length longer than it need be", long(signature, 1).encode());
    add("dsa-der.long-2", "a length longer than it need be", long(signature, 2).encode());
    add("dsa-der.long-r", "a length longer than it need be", sequence(vec![long(&r_element, 1), s_element.clone()]));
    add("dsa-der.long-s", "a length longer than it need be", sequence(vec![r_element.clone(), long(&s_element, 2)]));
    add("dsa-der.indefinite", "an indefinite length", signature.clone().with_length(Length::Indefinite).encode());
    for (variant, after) in [("zero", &[0][..]), ("zeros", &[0, 0]), ("null", &[5, 0]), ("again", &der)] {
        add(&format!("dsa-trailing.{variant}"), "bytes after the signature", [der.as_slice(), after].concat());
    }
    for bit in [7, 8 * der.len() / 2, 8 * der.len() - 1] {
        let mut flipped = der.clone();
        flipped[bit / 8] ^= 0x80 >> (bit % 8);
        add(&format!("dsa-bit.{bit}"), "one bit flipped", flipped);
    }
}

/// A document whose signature has 00 00 inside r: not at its start, and not the end of anything.
fn zeros(to: &mut Corpus) {
    let value = |number: u32| over(DSA, &fields().with("instanceId", &format!("\"i-{number:017x}\"")).encode());
    let has_zeros = |value: &Element| {
        let signature = value.at(SIGNATURE).inside();
        signature[5..5 + 19].windows(2).any(|pair| pair == [0, 0])
    };
    let found = (0..).map(value).find(has_zeros).unwrap();
    to.add("dsa-zeros-inside", "accepted", "00 00 inside r is no end of contents", text(&found));
}

fn china(to: &mut Corpus) {
    let china = Authority::new(REGION_OF_CHINA.parse().unwrap(), "aws-cn".parse().unwrap()).in_china_shape();
    let document = fields_of(REGION_OF_CHINA).encode();
    for era in Era::ALL {
        let value = china.cms(DSA, &document, era, signing_time()).element();
        let name = format!("dsa-china.{era}");
        to.add(&name, "accepted", "/pkcs7 of RSA-2048", text(&value)).kind("dsa").region(REGION_OF_CHINA).document(&document);
    }
    let mut forged = china.cms(DSA, &document, Era::In2026, signing_time()).element();
    let mut signature = forged.at(SIGNATURE).inside();
    *signature.last_mut().unwrap() ^= 1;
    forged.at_mut(SIGNATURE).contents = Contents::Octets(signature);
    to.add("dsa-china.forged", INVALID, "one bit of the signature flipped", text(&forged)).region(REGION_OF_CHINA);
    let mut other = china.cms(DSA, &document, Era::In2026, signing_time()).element();
    sign(&mut other, TestKey::Rsa2048);
    to.add("dsa-china.other-slot", INVALID, "by the key of slot rsa2048", text(&other)).region(REGION_OF_CHINA);

    let mut value = over(DSA, &document);
    to.add("dsa-china-dsa.own-name", "unknown_signer", "a DSA value of test-local-1", text(&value))
        .region(REGION_OF_CHINA)
        .hint("this value names the signer of test-local-1 (unverified): verify it as a document of that region");
    *value.at_mut(IDENTIFIER) = identifier(&china, DSA);
    sign(&mut value, TestKey::Dsa1024);
    to.add("dsa-china-dsa.its-name", "unsupported_cms algorithm", "a DSA value under the name of the RSA-2048 certificate", text(&value))
        .region(REGION_OF_CHINA)
        .at(value.offset(DIGEST_ALGORITHM));
}
