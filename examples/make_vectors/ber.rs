//! Encodings: what BER may be, and what is not BER or too much of it.

use instance_identity::testkit::{Contents, Element, Era, Length, served};

use crate::value::{
    ATTRIBUTES, CMS_KINDS, CONSTRUCTED_STRING, CONTENT, DIGEST_ALGORITHM, DIGEST_ALGORITHMS, ENCAPSULATED, EXPLICIT, IDENTIFIER, INTEGER,
    OCTET_STRING, RSA2048, SEGMENT, SEQUENCE, SERIAL, SET, SIGNATURE, SIGNED_DATA, SIGNER, SIGNER_ALGORITHM, SIGNER_DIGEST, SIGNER_VERSION,
    SIGNERS, VERSION, attribute_of, authority, changed, der, document, inside, leaf, node, null, oid, raw, signing_time, text, value,
    with_attributes, with_certificates,
};
use crate::vector::Corpus;

pub(crate) fn add(to: &mut Corpus) {
    forms(to);
    segments(to);
    depth(to);
    trailing(to);
    scraps(to);
    tags(to);
    types(to);
}

fn forms(to: &mut Corpus) {
    let document = document();
    for (kind, _) in CMS_KINDS {
        for era in Era::ALL {
            let cms = authority().cms(kind, &document, era, signing_time());
            let (value, name) = (text(&cms.element()), kind.to_string());
            to.add(&format!("ber-indefinite.{kind}-{era}"), "accepted", "as AWS served it in that year", value).kind(&name);
            let primitive = text(&cms.clone().with_primitive_content(&document).element());
            to.add(&format!("ber-primitive.{kind}-{era}"), "accepted", "content in one primitive string", primitive).kind(&name);
            let der = served(&cms.encode_der(&document));
            to.add(&format!("ber-der.{kind}-{era}"), "accepted", "the same in DER", der).kind(&name).document(&document);
        }
    }
    for (variant, length) in [("minimal", Length::Minimal), ("long", Length::Long(4))] {
        let value = changed(RSA2048, |value| value.at_mut(CONTENT).length = length);
        let name = format!("ber-constructed-definite.{variant}");
        to.add(&name, "accepted", "constructed content of definite length, one segment", text(&value));
    }
}

fn segments(to: &mut Corpus) {
    let document = document();
    let (first, second) = (leaf(OCTET_STRING, &document[..100]), leaf(OCTET_STRING, &document[100..]));
    let whole = leaf(OCTET_STRING, document.clone());
    for (variant, segments) in [
        ("two", vec![first.clone(), second.clone()]),
        ("nested", vec![first, node(CONSTRUCTED_STRING, vec![second])]),
        ("empty-last", vec![whole, leaf(OCTET_STRING, [])]),
        ("many", vec![raw(&[OCTET_STRING, 0].repeat(5)), leaf(OCTET_STRING, [])]),
    ] {
        let value = changed(RSA2048, |value| *value.at_mut(CONTENT).elements_mut() = segments);
        let second = if variant == "many" { value.offset(SEGMENT) + 2 } else { value.offset(&inside(CONTENT, &[1])) };
        let name = format!("ber-segments.{variant}");
        to.add(&name, "unsupported_cms segments", "the content in several segments", text(&value)).at(second);
    }
    let value = changed(RSA2048, |value| value.at_mut(CONTENT).elements_mut().clear());
    let at = value.offset(CONTENT) + 2;
    to.add("ber-segments-none", "unsupported_cms segments", "constructed content with nothing in it", text(&value)).at(at);
}

/// Elements nested in each other.
fn nested(tag: u8, length: &Length, depth: usize) -> Element {
    match length {
        Length::Indefinite => raw(&[[tag, 0x80].repeat(depth), [0, 0].repeat(depth)].concat()),
        _ => raw(&(0..depth).fold(Vec::new(), |inside, _| leaf(tag, inside).encode())),
    }
}

fn depth(to: &mut Corpus) {
    const DEPTH: &str = "invalid_ber depth";
    for (variant, length, header) in [("indefinite", Length::Indefinite, 2), ("definite", Length::Minimal, 4)] {
        let deep = |tag| nested(tag, &length, 2000);
        let value = changed(RSA2048, |value| *value.at_mut(CONTENT) = deep(CONSTRUCTED_STRING));
        let at = value.offset(CONTENT) + header;
        to.add(&format!("ber-depth-content.{variant}"), DEPTH, "2000 levels; a segment is primitive", text(&value)).at(at);
        let value = with_certificates(RSA2048, vec![deep(SEQUENCE)]);
        let at = value.offset(&inside(SIGNERS, &[0])) + 15 * header;
        to.add(&format!("ber-depth-certificates.{variant}"), DEPTH, "2000 levels; 16 are skipped, [0] is the first", text(&value)).at(at);
        let value = changed(RSA2048, |value| value.at_mut(DIGEST_ALGORITHM).elements_mut()[1] = deep(SEQUENCE));
        let at = value.offset(&inside(DIGEST_ALGORITHM, &[1])) + 16 * header;
        to.add(&format!("ber-depth-parameters.{variant}"), DEPTH, "2000 levels in parameters", text(&value)).at(at);
    }
    let deep = nested(SEQUENCE, &Length::Minimal, 2000);
    let value = with_attributes(RSA2048, |attributes| attributes.push(attribute_of("1.2.3", deep)));
    let last = value.at(ATTRIBUTES).elements().len() - 1;
    let at = value.offset(&inside(ATTRIBUTES, &[last, 1, 0])) + 16 * 4;
    to.add("ber-depth-attribute", DEPTH, "2000 levels in a signed attribute", text(&value)).at(at);
    let value = with_certificates(RSA2048, vec![nested(SEQUENCE, &Length::Indefinite, 15)]);
    to.add("ber-depth-certificates.16", "accepted", "16 levels of certificates are skipped", text(&value));
}

fn trailing(to: &mut Corpus) {
    const TRAILING: &str = "invalid_ber trailing";
    for (form, value) in [("ber", value(RSA2048)), ("der", der(RSA2048))] {
        let encoded = value.encode();
        for (variant, after) in [("zero", &[0][..]), ("zeros", &[0, 0]), ("newline", b"\n"), ("again", &encoded)] {
            let body = served(&[encoded.as_slice(), after].concat());
            to.add(&format!("ber-trailing.{form}-{variant}"), TRAILING, "bytes after the end", body).at(encoded.len());
        }
        for (variant, path) in [
            ("content-info", &[][..]),
            ("content-info-explicit", &[1]),
            ("signed-data", SIGNED_DATA),
            ("encapsulated", ENCAPSULATED),
            ("explicit", EXPLICIT),
            ("signers", SIGNERS),
            ("signer", SIGNER),
        ] {
            let mut value = value.clone();
            let elements = value.at_mut(path).elements_mut();
            elements.push(null());
            let last = inside(path, &[elements.len() - 1]);
            let name = format!("ber-trailing-inside.{form}-{variant}");
            to.add(&name, TRAILING, "a NULL after the last element there can be", text(&value)).at(value.offset(&last));
        }
        for (variant, length) in [("1", 1), ("half", encoded.len() / 2), ("all-but-1", encoded.len() - 1), ("128", 128)] {
            let clause = if variant == "128" { "ber-prefix-128" } else { "ber-prefix" };
            let variant = if variant == "128" { form.to_owned() } else { format!("{form}-{variant}") };
            let body = served(&encoded[..length]);
            let vector = to.add(&format!("{clause}.{variant}"), "invalid_ber truncated", "the first bytes of a right value", body);
            if length == 128 {
                vector.document(document());
            }
        }
    }
}

fn scraps(to: &mut Corpus) {
    for (clause, bytes, outside, reason, at) in [
        ("308206", &[0x30, 0x82, 0x06][..], Some(2), "length", 2),
        ("5f4d", &[0x5f, 0x4d], None, "tag", 0),
        ("1f80", &[0x1f, 0x80], None, "tag", 0),
        ("1f05", &[0x1f, 0x05], None, "tag", 0),
        ("3081", &[0x30, 0x81], Some(2), "length", 2),
        ("308401", &[0x30, 0x84, 0x01], Some(2), "length", 2),
        ("3080", &[0x30, 0x80], Some(2), "length", 2),
        ("80", &[0x80], None, "length", 1),
    ] {
        let name = format!("ber-scrap-{clause}");
        match outside {
            Some(at) => to.add(&name, "invalid_ber truncated", "nothing but this scrap", served(bytes)).at(at),
            None => to.add(&name, "wrong_signature_kind", "nothing but this scrap: no SEQUENCE", served(bytes)),
        };
        let value = with_certificates(RSA2048, vec![raw(bytes)]);
        let start = value.offset(&inside(SIGNERS, &[0]));
        let expect = format!("invalid_ber {reason}");
        to.add(&format!("{name}.inside"), &expect, "the scrap among the certificates", text(&value)).at(start + at);
    }
}

fn tags(to: &mut Corpus) {
    const TAG: &str = "invalid_ber tag";
    for (variant, path, tag) in [
        ("type", &[0][..], &[0x1f][..]),
        ("version", VERSION, &[0x5f, 0x4d]),
        ("digest-algorithms", DIGEST_ALGORITHMS, &[0x3f, 0x31]),
        ("content", CONTENT, &[0x3f, 0x04]),
        ("segment", SEGMENT, &[0xbf, 0x81, 0x00]),
        ("signers", SIGNERS, &[0x3f, 0x31]),
    ] {
        let value = changed(RSA2048, |value| {
            let contents = value.at(path).inside();
            *value.at_mut(path) = raw(&[tag, &[0x80, 0x80], &contents].concat());
        });
        to.add(&format!("ber-high-tag.{variant}"), TAG, "the form for high tag numbers", text(&value)).at(value.offset(path));
    }
    for (variant, path, tag) in [
        ("type", &[0][..], SET),
        ("explicit", &[1], 0xa1),
        ("signed-data", SIGNED_DATA, SET),
        ("version", VERSION, 0x0a),
        ("digest-algorithms", DIGEST_ALGORITHMS, SEQUENCE),
        ("digest-algorithm", DIGEST_ALGORITHM, SET),
        ("encapsulated", ENCAPSULATED, SET),
        ("content-explicit", EXPLICIT, 0xa1),
        ("content", CONTENT, 0x2c),
        ("segment", SEGMENT, 0x0c),
        ("signers", SIGNERS, SEQUENCE),
        ("signer", SIGNER, SET),
        ("signer-version", SIGNER_VERSION, 0x0a),
        ("identifier", IDENTIFIER, SET),
        ("serial", SERIAL, OCTET_STRING),
        ("signer-digest", SIGNER_DIGEST, SET),
        ("signer-algorithm", SIGNER_ALGORITHM, SET),
        ("signature", SIGNATURE, 0x03),
        ("signature-constructed", SIGNATURE, CONSTRUCTED_STRING),
    ] {
        let value = changed(RSA2048, |value| value.at_mut(path).tag = tag);
        to.add(&format!("ber-tag.{variant}"), TAG, "another element than the one expected", text(&value)).at(value.offset(path));
    }
}

fn types(to: &mut Corpus) {
    let with_type = |dotted: &str| changed(RSA2048, |value| *value.at_mut(&[0]) = oid(&format!("1.2.840.113549.1.{dotted}")));
    for (name, dotted) in [
        ("ber-data", "7.1"),
        ("ber-enveloped", "7.3"),
        ("ber-other-types.signed-and-enveloped", "7.4"),
        ("ber-other-types.digested", "7.5"),
        ("ber-other-types.encrypted", "7.6"),
        ("ber-other-types.authenticated", "9.16.1.2"),
        ("ber-other-types.auth-enveloped", "9.16.1.23"),
        ("ber-other-types.compressed", "9.16.1.9"),
    ] {
        to.add(name, "not_signed_data", "another type of CMS", text(&with_type(dotted))).at(2);
    }
    for (variant, value) in [("ber", value(RSA2048)), ("der", der(RSA2048))] {
        let mut value = value;
        value.elements_mut().pop();
        to.add(&format!("ber-absent.{variant}"), "not_signed_data", "no content in the ContentInfo", text(&value)).at(2);
    }
    for (clause, path) in [("ber-version", VERSION), ("ber-signer-version", SIGNER_VERSION)] {
        for (variant, version) in [("0", &[0][..]), ("3", &[3]), ("4", &[4]), ("negative", &[0xff]), ("long", &[0, 1]), ("empty", &[])] {
            let value = changed(RSA2048, |value| *value.at_mut(path) = leaf(INTEGER, version));
            let name = format!("{clause}.{variant}");
            to.add(&name, "unsupported_cms version", "a version other than 1", text(&value)).at(value.offset(path));
        }
    }

    let siblings = |element: &[u8]| raw(&element.repeat(10_000));
    let value = with_certificates(RSA2048, vec![siblings(&[5, 0])]);
    to.add("ber-siblings.certificates", "accepted", "10,000 elements among the certificates, which are skipped", text(&value));
    for (variant, path, element, expect, more) in [
        ("segments", CONTENT, [4, 0], "unsupported_cms segments", 2),
        ("digest-algorithms", DIGEST_ALGORITHMS, [0x30, 0], "invalid_ber length", 2),
        ("signers", SIGNERS, [0x30, 0], "unsupported_cms signer_count", 2),
    ] {
        let value = changed(RSA2048, |value| value.at_mut(path).contents = Contents::Elements(vec![siblings(&element)]));
        let at = value.offset(&inside(path, &[0])) + more;
        to.add(&format!("ber-siblings.{variant}"), expect, "10,000 empty elements", text(&value)).at(at);
    }
}
