//! Lengths, definite and indefinite, and the octets that end the latter.

use instance_identity::testkit::{Length, served};

use crate::value::{
    ATTRIBUTES, CONTENT_TYPE, DIGEST_ALGORITHM, DIGEST_ALGORITHMS, ENCAPSULATED, EXPLICIT, IDENTIFIER, OCTET_STRING, RSA2048, SEGMENT,
    SERIAL, SIGNATURE, SIGNED_DATA, SIGNER, SIGNER_ALGORITHM, SIGNER_DIGEST, SIGNER_VERSION, SIGNERS, VERSION, changed, der, inside, raw,
    signed_as_changed, text, value,
};
use crate::vector::Corpus;

const LENGTH: &str = "invalid_ber length";
const END: &str = "invalid_ber end_of_contents";
const TRUNCATED: &str = "invalid_ber truncated";
const TRAILING: &str = "invalid_ber trailing";

pub(crate) fn add(to: &mut Corpus) {
    long(to);
    huge(to);
    ends(to);
    signer(to);
    lies(to);
}

/// A length that says so many octets.
fn declared(octets: usize) -> Length {
    let first = u8::try_from(octets).unwrap();
    Length::Octets(if first < 0x80 { vec![first] } else { vec![0x81, first] })
}

fn long(to: &mut Corpus) {
    for (variant, path) in [
        ("content-info", &[][..]),
        ("type", &[0]),
        ("content-info-explicit", &[1]),
        ("signed-data", SIGNED_DATA),
        ("version", VERSION),
        ("digest-algorithms", DIGEST_ALGORITHMS),
        ("digest-algorithm", DIGEST_ALGORITHM),
        ("encapsulated", ENCAPSULATED),
        ("explicit", EXPLICIT),
        ("segment", SEGMENT),
        ("signers", SIGNERS),
    ] {
        let value = changed(RSA2048, |value| value.at_mut(path).length = Length::Long(4));
        to.add(&format!("ber-long-lengths.{variant}"), "accepted", "four length octets, outside the SignerInfo", text(&value));
    }
}

fn huge(to: &mut Corpus) {
    for (name, bytes, expect) in [
        ("ber-length-huge", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff][..], TRUNCATED),
        ("ber-length-huge.signed", &[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x06], TRUNCATED),
        ("ber-length-nine", &[0x30, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 2, 5, 0], LENGTH),
        ("ber-length-nine.overflow", &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 2, 5, 0], LENGTH),
        ("ber-length-nine.five", &[0x30, 0x85, 0, 0, 0, 0, 2, 5, 0], LENGTH),
        ("ber-length-nine.eight", &[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], LENGTH),
        ("ber-length-nine.126", &[0x30, 0xfe], LENGTH),
        ("ber-length-reserved", &[0x30, 0xff], LENGTH),
    ] {
        to.add(name, expect, "a length that cannot be", served(bytes)).at(1);
    }
    let value = changed(RSA2048, |value| *value.at_mut(SEGMENT) = raw(&[OCTET_STRING, 0x84, 0xff, 0xff, 0xff, 0xff]));
    to.add("ber-length-huge.segment", TRUNCATED, "4 GiB of content announced", text(&value)).at(value.offset(SEGMENT) + 1);
    for (variant, path) in [
        ("type", &[0][..]),
        ("version", VERSION),
        ("digest-algorithm", &inside(DIGEST_ALGORITHM, &[0])),
        ("content-type", CONTENT_TYPE),
        ("segment", SEGMENT),
    ] {
        let value = changed(RSA2048, |value| value.at_mut(path).length = Length::Indefinite);
        let name = format!("ber-primitive-indefinite.{variant}");
        to.add(&name, LENGTH, "a primitive element of indefinite length", text(&value)).at(value.offset(path) + 1);
    }
}

fn ends(to: &mut Corpus) {
    let whole = value(RSA2048);
    let signers = whole.offset(SIGNERS);
    let mut encoded = whole.encode();
    // Those of the content, of its [0] and of EncapsulatedContentInfo stand side by side.
    assert_eq!(encoded[signers - 6..signers], [0; 6]);
    encoded.drain(signers - 2..signers);
    to.add("ber-eoc-missing.inside", TRAILING, "one pair is missing before the signers", served(&encoded)).at(signers - 2);
    let mut encoded = whole.encode();
    encoded.truncate(encoded.len() - 2);
    to.add("ber-eoc-missing.last", TRUNCATED, "the last pair is missing", served(&encoded)).at(encoded.len());
    let mut encoded = whole.encode();
    encoded[signers - 5] = 1;
    to.add("ber-eoc-half", END, "00 01 in place of 00 00", served(&encoded)).at(signers - 6);

    for (variant, path, index, expect) in [
        ("content-info-first", &[][..], 0, END),
        ("signed-data", SIGNED_DATA, 1, END),
        ("digest-algorithms-first", DIGEST_ALGORITHMS, 0, END),
        ("digest-algorithm", DIGEST_ALGORITHM, 1, END),
        ("signers-first", SIGNERS, 0, END),
        ("digest-algorithms-last", DIGEST_ALGORITHMS, 1, TRAILING),
        ("content-info-last", &[], 2, TRAILING),
        ("signers-last", SIGNERS, 1, TRAILING),
    ] {
        let mut value = der(RSA2048);
        value.at_mut(path).elements_mut().insert(index, raw(&[0, 0]));
        let at = value.offset(&inside(path, &[index]));
        to.add(&format!("ber-eoc-definite.{variant}"), expect, "00 00 inside a definite length", text(&value)).at(at);
    }
    for (variant, path) in [("content-info", &[][..]), ("signed-data", SIGNED_DATA), ("encapsulated", ENCAPSULATED)] {
        let value = changed(RSA2048, |value| value.at_mut(path).elements_mut().clear());
        let at = value.offset(path) + 2;
        to.add(&format!("ber-eoc-early.{variant}"), END, "00 00 where an element is missing", text(&value)).at(at);
    }
}

/// Signed as they stand, so that it is the length that is refused.
fn signer(to: &mut Corpus) {
    for (variant, path, octets) in [
        ("signer", SIGNER, 3),
        ("version", SIGNER_VERSION, 1),
        ("identifier", IDENTIFIER, 2),
        ("issuer", &inside(IDENTIFIER, &[0]), 4),
        ("serial", SERIAL, 1),
        ("digest", SIGNER_DIGEST, 1),
        ("parameters", &inside(SIGNER_DIGEST, &[1]), 4),
        ("attributes", ATTRIBUTES, 2),
        ("attribute", &inside(ATTRIBUTES, &[0]), 1),
        ("attribute-value", &inside(ATTRIBUTES, &[2, 1, 0]), 2),
        ("algorithm", SIGNER_ALGORITHM, 1),
        ("signature", SIGNATURE, 3),
    ] {
        let long = |value: &mut instance_identity::testkit::Element| value.at_mut(path).length = Length::Long(octets);
        let value = signed_as_changed(RSA2048, long);
        to.add(&format!("ber-signer-minimal.{variant}"), LENGTH, "a length longer than it need be", text(&value))
            .at(value.offset(path) + 1);
    }
    for (variant, path) in [
        ("signer", SIGNER),
        ("identifier", IDENTIFIER),
        ("digest", SIGNER_DIGEST),
        ("attributes", ATTRIBUTES),
        ("attribute", &inside(ATTRIBUTES, &[0])),
        ("algorithm", SIGNER_ALGORITHM),
    ] {
        let value = signed_as_changed(RSA2048, |value| value.at_mut(path).length = Length::Indefinite);
        let name = format!("ber-signer-definite.{variant}");
        to.add(&name, LENGTH, "an indefinite length inside the SignerInfo", text(&value)).at(value.offset(path) + 1);
    }
}

/// Lengths that are not those of what is inside.
fn lies(to: &mut Corpus) {
    let mut value = der(RSA2048);
    value.elements_mut().push(raw(&[5]));
    to.add("ber-short.scrap", TRAILING, "a byte that no element fills", text(&value)).at(value.offset(&[2]));
    let longer = |path: &[usize], more: usize| {
        changed(RSA2048, |value| {
            let length = declared(value.at(path).inside().len() + more);
            value.at_mut(path).length = length;
        })
    };
    let value = longer(DIGEST_ALGORITHMS, 2);
    to.add("ber-short.set", "unsupported_cms digest_algorithms", "the set swallows the header of what follows", text(&value))
        .at(value.offset(ENCAPSULATED));
    let value = longer(SIGNER_DIGEST, 2);
    to.add("ber-short.signer", TRAILING, "the digest algorithm swallows the header of what follows", text(&value))
        .at(value.offset(ATTRIBUTES));
    for (variant, path) in [("digest-algorithm", DIGEST_ALGORITHM), ("parameters", &inside(DIGEST_ALGORITHM, &[1])), ("serial", SERIAL)] {
        let value = longer(path, 1);
        let name = format!("ber-long.{variant}");
        to.add(&name, LENGTH, "an element longer than the one around it", text(&value)).at(value.offset(path) + 1);
    }
}
