//! Signed attributes. Each value is signed as it stands, so that it is the attributes that are refused and not the signature.

use instance_identity::testkit::{Contents, Element, Era};

use crate::value::{
    ATTRIBUTES, CMS_KINDS, DSA, DSA_WITH_SHA1, INTEGER, OCTET_STRING, RSA_ENCRYPTION, RSA2048, SEQUENCE, SET, SHA1, SHA256,
    SHA256_WITH_RSA, SIGNATURE, SIGNER_ALGORITHM, algorithm, algorithm_null, attribute_of, authority, changed, document, inside, leaf,
    node, null, oid, signed_as_changed, signing_time, text, value, with_attributes,
};
use crate::vector::Corpus;

// The order of the attributes in a value of 2018, which is DER's.
const CONTENT_TYPE: usize = 0;
const SIGNING_TIME: usize = 1;
const MESSAGE_DIGEST: usize = 2;
const NAMES: [&str; 3] = ["1.2.840.113549.1.9.3", "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.4"];
const PROTECTION: &str = "1.2.840.113549.1.9.52";

const MALFORMED: &str = "unsupported_cms signed_attributes";

pub(crate) fn add(to: &mut Corpus) {
    digest(to);
    content_type(to);
    sets(to);
    signing(to);
    times(to);
    protection(to);
    protection_faults(to);
}

/// Where in the value the attribute of this type stands.
fn offset(value: &Element, dotted: &str, more: &[usize]) -> usize {
    let attributes = value.at(ATTRIBUTES).elements();
    let index = attributes.iter().position(|attribute| *attribute.at(&[0]) == oid(dotted)).unwrap();
    value.offset(&inside(&inside(ATTRIBUTES, &[index]), more))
}

fn replaced(kind: instance_identity::SignatureKind, index: usize, by: Element) -> Element {
    with_attributes(kind, |attributes| attributes[index] = attribute_of(NAMES[index], by))
}

fn digest(to: &mut Corpus) {
    for (kind, key) in CMS_KINDS {
        let value = with_attributes(kind, |attributes| drop(attributes.remove(MESSAGE_DIGEST)));
        to.add(&format!("cms-digest-missing.{kind}"), MALFORMED, "no messageDigest", text(&value)).at(value.offset(ATTRIBUTES));
        let digest = key.digest(&document());
        for (name, octets) in [
            ("cms-digest-empty", vec![]),
            ("cms-digest-length.shorter", digest[1..].to_vec()),
            ("cms-digest-length.longer", [digest.as_slice(), &[0]].concat()),
            ("cms-digest-length.64", vec![0; 64]),
        ] {
            let value = replaced(kind, MESSAGE_DIGEST, leaf(OCTET_STRING, octets));
            let name = if name.contains('.') { format!("{name}-{kind}") } else { format!("{name}.{kind}") };
            to.add(&name, MALFORMED, "a messageDigest of another length", text(&value)).at(value.offset(ATTRIBUTES));
        }
        let value = replaced(kind, MESSAGE_DIGEST, leaf(OCTET_STRING, key.digest(b"{}")));
        to.add(&format!("cms-digest-other.{kind}"), "digest_mismatch", "the messageDigest of other content, signed", text(&value));
    }
    for (variant, wrong) in
        [("bit-string", leaf(0x03, [0; 33])), ("constructed", node(0x24, vec![leaf(OCTET_STRING, [0; 32])])), ("null", null())]
    {
        let value = replaced(RSA2048, MESSAGE_DIGEST, wrong);
        let at = offset(&value, NAMES[MESSAGE_DIGEST], &[1, 0]);
        to.add(&format!("cms-digest-type.{variant}"), "invalid_ber tag", "a messageDigest of another type", text(&value)).at(at);
    }
}

fn content_type(to: &mut Corpus) {
    for (kind, _) in CMS_KINDS {
        let value = with_attributes(kind, |attributes| drop(attributes.remove(CONTENT_TYPE)));
        to.add(&format!("cms-content-type-missing.{kind}"), MALFORMED, "no contentType", text(&value)).at(value.offset(ATTRIBUTES));
        for (variant, other) in [("signed-data", "7.2"), ("longer", "7.1.1"), ("shorter", "7")] {
            let value = replaced(kind, CONTENT_TYPE, oid(&format!("1.2.840.113549.1.{other}")));
            let at = offset(&value, NAMES[CONTENT_TYPE], &[1, 0]);
            let name = format!("cms-content-type-unequal.{kind}-{variant}");
            to.add(&name, MALFORMED, "a contentType other than that of the content", text(&value)).at(at);
        }
        let value = with_attributes(kind, Vec::clear);
        let name = format!("cms-attributes-stripped.{kind}-empty");
        to.add(&name, MALFORMED, "an empty set of attributes, signed", text(&value)).at(value.offset(ATTRIBUTES));
    }
}

fn sets(to: &mut Corpus) {
    let unsorted = |kind, change: &dyn Fn(&mut Vec<Element>)| signed_as_changed(kind, |it| change(it.at_mut(ATTRIBUTES).elements_mut()));
    for (kind, _) in CMS_KINDS {
        for (a, b, fault) in [(0, 1, 1), (0, 2, 1), (1, 2, 2)] {
            let value = unsorted(kind, &|attributes| attributes.swap(a, b));
            let at = value.offset(&inside(ATTRIBUTES, &[fault]));
            to.add(&format!("cms-attributes-unsorted.{kind}-{a}-{b}"), MALFORMED, "out of DER order, signed so", text(&value)).at(at);
        }
        let value = changed(kind, |value| value.at_mut(ATTRIBUTES).elements_mut().reverse());
        let comment = "out of DER order, the signature being over them in DER order";
        let at = value.offset(&inside(ATTRIBUTES, &[1]));
        to.add(&format!("cms-attributes-unsorted.{kind}-signed-sorted"), MALFORMED, comment, text(&value)).at(at);
        for (index, name) in [(CONTENT_TYPE, "content-type"), (SIGNING_TIME, "signing-time"), (MESSAGE_DIGEST, "digest")] {
            let value = unsorted(kind, &|attributes| attributes.insert(index, attributes[index].clone()));
            let at = value.offset(&inside(ATTRIBUTES, &[index + 1]));
            to.add(&format!("cms-attributes-duplicate.{kind}-{name}"), MALFORMED, "the same attribute twice", text(&value)).at(at);
            for count in [0, 2] {
                let value = unsorted(kind, &|attributes| {
                    let one = attributes[index].at(&[1, 0]).clone();
                    *attributes[index].at_mut(&[1]).elements_mut() = vec![one; count];
                });
                let at = value.offset(&inside(ATTRIBUTES, &[index]));
                let name = format!("cms-attributes-values.{kind}-{name}-{count}");
                to.add(&name, MALFORMED, "not exactly one value", text(&value)).at(at);
            }
        }
    }
    for (variant, index, other) in [
        ("other-time", SIGNING_TIME, leaf(0x17, *b"990101000000Z")),
        ("other-digest-before", MESSAGE_DIGEST, leaf(OCTET_STRING, [0; 32])),
        ("other-digest-after", MESSAGE_DIGEST, leaf(OCTET_STRING, [0xff; 32])),
    ] {
        let value = with_attributes(RSA2048, |attributes| attributes.push(attribute_of(NAMES[index], other)));
        let at = value.offset(&inside(ATTRIBUTES, &[index + 1]));
        to.add(&format!("cms-attributes-duplicate.{variant}"), MALFORMED, "an attribute twice, with two values", text(&value)).at(at);
    }
    let other = |number: usize| attribute_of(&format!("1.2.{number}"), node(SEQUENCE, vec![leaf(INTEGER, [1])]));
    for (kind, _) in CMS_KINDS {
        let value = with_attributes(kind, |attributes| attributes.extend((0..13).map(other)));
        to.add(&format!("cms-attributes-unknown.{kind}-16"), "accepted", "sixteen attributes, 13 of unknown types", text(&value));
        let value = with_attributes(kind, |attributes| attributes.extend((0..14).map(other)));
        let at = value.offset(&inside(ATTRIBUTES, &[16]));
        to.add(&format!("cms-attributes-unknown.{kind}-17"), MALFORMED, "seventeen attributes", text(&value)).at(at);
    }
    for (variant, kind, value) in [
        // Written again, it would be one segment: OpenSSL finds another digest.
        ("constructed", "1.2.3", node(0x24, vec![leaf(OCTET_STRING, [1]), leaf(OCTET_STRING, [2])])),
        ("inside", "1.2.3", node(SEQUENCE, vec![node(0x24, vec![leaf(OCTET_STRING, [1])])])),
        ("integer", "1.2.3", leaf(INTEGER, [0, 1])),
        ("null", "1.2.3", leaf(0x05, [0])),
        ("bits", "1.2.3", leaf(0x03, [1, 0xff])),
    ] {
        let value = with_attributes(RSA2048, |attributes| attributes.push(attribute_of(kind, value)));
        let at = offset(&value, kind, &[1, 0]);
        to.add(&format!("cms-attributes-not-der.{variant}"), MALFORMED, "an unknown attribute whose value is not DER", text(&value)).at(at);
    }
    let cut = node(SEQUENCE, vec![leaf(0x06, [0x2a, 0x83]), node(SET, vec![null()])]);
    let value = with_attributes(RSA2048, |attributes| attributes.push(cut.clone()));
    let index = value.at(ATTRIBUTES).elements().iter().position(|attribute| *attribute == cut).unwrap();
    let at = value.offset(&inside(&inside(ATTRIBUTES, &[index]), &[1, 0]));
    to.add("cms-attributes-not-der.type", MALFORMED, "an unknown attribute whose type ends too early", text(&value)).at(at);
    for (variant, tag) in [("set", SET), ("1", 0xa1), ("primitive", 0x80)] {
        let value = changed(RSA2048, |value| value.at_mut(ATTRIBUTES).tag = tag);
        to.add(&format!("cms-attributes-tag.{variant}"), MALFORMED, "another tag than [0]", text(&value)).at(value.offset(ATTRIBUTES));
    }
}

fn signing(to: &mut Corpus) {
    const INVALID: &str = "signature_invalid";
    for (kind, key) in CMS_KINDS {
        let whole = value(kind);
        for (variant, signed) in
            [("tagged", whole.at(ATTRIBUTES).encode()), ("content", document()), ("untagged", whole.at(ATTRIBUTES).inside())]
        {
            let value = changed(kind, |value| value.at_mut(SIGNATURE).contents = Contents::Octets(key.sign(&signed)));
            let name = format!("cms-attributes-signed-as-they-stand.{kind}-{variant}");
            to.add(&name, INVALID, "a signature over something other than the SET OF attributes", text(&value));
        }
        let later = leaf(0x17, *b"300101000000Z");
        let value = changed(kind, |value| *value.at_mut(&inside(ATTRIBUTES, &[SIGNING_TIME, 1, 0])) = later);
        to.add(&format!("cms-attributes-changed.{kind}"), INVALID, "another signingTime than the signed one", text(&value));
    }
}

fn times(to: &mut Corpus) {
    for (variant, wrong) in [
        ("empty", leaf(0x17, [])),
        ("garbage", leaf(0x17, *b"garbage")),
        ("without-seconds", leaf(0x17, *b"2106221128Z")),
        ("without-z", leaf(0x17, *b"210622112826")),
        ("offset", leaf(0x17, *b"210622112826+0000")),
        ("fraction", leaf(0x17, *b"210622112826.5Z")),
        ("month-13", leaf(0x17, *b"211322112826Z")),
        ("june-31", leaf(0x17, *b"210631112826Z")),
        ("hour-24", leaf(0x17, *b"210622242826Z")),
        ("byte-ff", leaf(0x17, *b"21062211282\xffZ")),
        // RFC 5652 §11.3: a year before 2050 is a UTCTime.
        ("generalized-2021", leaf(0x18, *b"20210622112826Z")),
        ("generalized-fraction", leaf(0x18, *b"20500622112826.5Z")),
        ("utf8-string", leaf(0x0c, *b"210622112826Z")),
        ("integer", leaf(INTEGER, [1])),
        ("sequence", node(SEQUENCE, vec![leaf(0x17, *b"210622112826Z")])),
    ] {
        let value = replaced(RSA2048, SIGNING_TIME, wrong);
        let at = offset(&value, NAMES[SIGNING_TIME], &[1, 0]);
        to.add(&format!("cms-signing-time.{variant}"), MALFORMED, "a signingTime that is none", text(&value)).at(at);
    }
    for (kind, _) in CMS_KINDS {
        let value = with_attributes(kind, |attributes| drop(attributes.remove(SIGNING_TIME)));
        to.add(&format!("cms-signing-time-absent.{kind}"), "accepted", "no signingTime", text(&value));
        for (variant, time) in [("1970", leaf(0x17, *b"700101000000Z")), ("2050", leaf(0x18, *b"20500101000000Z"))] {
            let name = format!("cms-signing-time-absent.{kind}-{variant}");
            to.add(&name, "accepted", "a signingTime far away", text(&replaced(kind, SIGNING_TIME, time)));
        }
    }
}

/// `[1]` around a signature algorithm.
fn signature(algorithm: Element) -> Element {
    Element { tag: 0xa1, ..algorithm }
}

fn protected(kind: instance_identity::SignatureKind, parts: Vec<Element>) -> Element {
    with_attributes(kind, |attributes| attributes.push(attribute_of(PROTECTION, node(SEQUENCE, parts))))
}

fn protection(to: &mut Corpus) {
    let rsa = |signer: Element| signature(signer);
    for (variant, kind, parts) in [
        ("rsa-null-null", RSA2048, vec![algorithm_null(SHA256), rsa(algorithm_null(RSA_ENCRYPTION))]),
        ("rsa-null-absent", RSA2048, vec![algorithm_null(SHA256), rsa(algorithm(RSA_ENCRYPTION))]),
        ("rsa-absent-null", RSA2048, vec![algorithm(SHA256), rsa(algorithm_null(RSA_ENCRYPTION))]),
        ("dsa-null", DSA, vec![algorithm_null(SHA1), signature(algorithm(DSA_WITH_SHA1))]),
        ("dsa-absent", DSA, vec![algorithm(SHA1), signature(algorithm(DSA_WITH_SHA1))]),
    ] {
        let name = format!("cms-protection-absent.agreeing-{variant}");
        to.add(&name, "accepted", "cmsAlgorithmProtection that agrees with the SignerInfo", text(&protected(kind, parts)));
    }
    for (kind, _) in CMS_KINDS {
        to.add(&format!("cms-protection-absent.{kind}"), "accepted", "no cmsAlgorithmProtection", text(&value(kind)));
    }
}

fn protection_faults(to: &mut Corpus) {
    const CONTRADICTS: &str = "unsupported_cms algorithm_protection";
    let (sha256, rsa) = (algorithm_null(SHA256), signature(algorithm_null(RSA_ENCRYPTION)));
    let with_parameters = |dotted: &str| node(SEQUENCE, vec![oid(dotted), leaf(INTEGER, [1])]);
    for (variant, parts, fault) in [
        ("sha1", vec![algorithm_null(SHA1), rsa.clone()], 0),
        ("sha512", vec![algorithm_null("2.16.840.1.101.3.4.2.3"), rsa.clone()], 0),
        ("digest-parameters", vec![with_parameters(SHA256), rsa.clone()], 0),
        ("sha256-rsa", vec![sha256.clone(), signature(algorithm_null(SHA256_WITH_RSA))], 1),
        ("dsa", vec![sha256.clone(), signature(algorithm(DSA_WITH_SHA1))], 1),
        ("signature-parameters", vec![sha256.clone(), signature(with_parameters(RSA_ENCRYPTION))], 1),
    ] {
        let value = protected(RSA2048, parts);
        let name = format!("cms-protection-contradicts.{variant}");
        let at = offset(&value, PROTECTION, &[1, 0, fault]);
        to.add(&name, CONTRADICTS, "cmsAlgorithmProtection names another algorithm", text(&value)).at(at);
    }
    let mut value = authority().cms(RSA2048, &document(), Era::In2022, signing_time()).element();
    *value.at_mut(SIGNER_ALGORITHM) = algorithm_null(RSA_ENCRYPTION);
    let at = offset(&value, PROTECTION, &[1, 0, 1]);
    to.add("cms-protection-contradicts.signer-changed", CONTRADICTS, "the SignerInfo was changed after it was signed", text(&value)).at(at);

    let mac = Element { tag: 0xa2, ..algorithm("1.2.840.113549.2.9") };
    for (variant, parts, fault) in [
        ("no-signature", vec![sha256.clone()], &[1, 0][..]),
        ("mac", vec![sha256.clone(), mac.clone()], &[1, 0]),
        ("mac-too", vec![sha256, rsa, mac], &[1, 0, 2]),
    ] {
        let value = protected(RSA2048, parts);
        let at = offset(&value, PROTECTION, fault);
        to.add(&format!("cms-protection-mac.{variant}"), CONTRADICTS, "not a signature algorithm alone", text(&value)).at(at);
    }
    let whole = vec![algorithm(SHA256), signature(algorithm(RSA_ENCRYPTION)), null()];
    for (variant, parts, expect, fault) in [
        ("empty", vec![], "invalid_ber length", 0),
        ("oid", vec![oid(SHA256)], "invalid_ber tag", 0),
        ("null-after", whole, "invalid_ber trailing", 2),
    ] {
        let value = protected(RSA2048, parts);
        let at = offset(&value, PROTECTION, &[1, 0, fault]);
        to.add(&format!("cms-protection-form.{variant}"), expect, "cmsAlgorithmProtection not of its form", text(&value)).at(at);
    }
    let value = with_attributes(RSA2048, |attributes| attributes.push(attribute_of(PROTECTION, null())));
    let at = offset(&value, PROTECTION, &[1, 0]);
    to.add("cms-protection-form.null", "invalid_ber tag", "cmsAlgorithmProtection not of its form", text(&value)).at(at);
}
