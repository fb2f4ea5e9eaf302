//! Encodings: what BER may be, and what is not BER or too much of it.

use std::thread;

use instance_identity::{BerReason, CmsReason, Error, SignatureKind, ValueKind, verify, verify_cms};

use crate::support::captures::{self, one, whole};
use crate::support::cms::{self, CONTENT, DIGEST_ALGORITHM, DIGEST_ALGORITHMS, ENCAPSULATED, EXPLICIT, SEGMENT, SIGNED_DATA, SIGNERS};
use crate::support::tlv::{Length, NULL, Node, OCTET_STRING, SEQUENCE, SET, bare, base64, leaf, node, oid};
use crate::support::{UNNAMED, refusal};

const US_WEST_2: &str = "us-west-2";

fn invalid(reason: BerReason, at: usize) -> Error {
    Error::InvalidBer { part: UNNAMED, reason, at }
}

fn unsupported(reason: CmsReason, at: usize) -> Error {
    Error::UnsupportedCms { part: UNNAMED, reason, at }
}

/// A genuine value of us-west-2.
fn genuine() -> Node {
    one(SignatureKind::Rsa2048).node()
}

/// What a value of us-west-2 is refused with.
fn refused(value: &Node) -> Error {
    refusal(verify_cms(&value.text(), US_WEST_2))
}

fn assert_accepted(value: &Node) {
    assert_eq!(verify_cms(&value.text(), US_WEST_2).unwrap().document().as_bytes(), whole().document);
}

/// Elements nested in each other, `depth` levels of them.
fn nested(tag: u8, length: Length, depth: usize) -> Node {
    let contents = match length {
        Length::Indefinite => [[tag, 0x80].repeat(depth), [0, 0].repeat(depth)].concat(),
        _ => (0..depth).fold(Vec::new(), |inside, _| Node { length, ..node(tag, vec![bare(&inside)]) }.encode()),
    };
    bare(&contents)
}

#[test]
fn the_form_that_aws_serves_is_read() {
    for value in captures::cms() {
        assert_eq!(value.node().encode(), value.bytes(), "the writer of these tests writes what it has read: {}", value.name);
        assert_eq!(value.bytes()[..2], [0x30, 0x80]);
        let verified = verify_cms(&value.text, &value.region).unwrap();
        assert_eq!(verified.document().as_bytes(), value.document);
        assert_eq!(verified.signatures()[0].kind(), value.kind);
    }
}

#[test]
fn the_same_in_der_is_read() {
    for value in captures::cms() {
        let der = value.node().der();
        assert_eq!(der.encode()[..2], [0x30, 0x82]);
        let verified = verify_cms(&der.text(), &value.region).unwrap();
        assert_eq!(verified.document().as_bytes(), value.document, "{}", value.name);
    }
}

#[test]
fn primitive_content_is_read_in_every_encoding_around() {
    let der = genuine().der();
    for length in [Length::Minimal, Length::Octets(3), Length::Octets(4)] {
        let mut value = genuine();
        *value.at_mut(CONTENT) = der.at(CONTENT).clone().with(length);
        assert_accepted(&value);
    }
    let chalk = captures::cms().into_iter().find(|value| value.name == "us-east-1-2023-chalk").unwrap();
    assert_eq!(chalk.node().at(CONTENT).tag, OCTET_STRING, "one capture is of this form");
}

#[test]
fn constructed_content_of_definite_length_is_read() {
    for length in [Length::Minimal, Length::Octets(2), Length::Octets(4)] {
        let mut value = genuine();
        let content = value.at_mut(CONTENT);
        assert_eq!(content.tag, OCTET_STRING | 0x20);
        content.length = length;
        assert_accepted(&value);
    }
}

#[test]
fn content_in_several_segments_is_refused() {
    let document = whole().document;
    let (first, second) = (leaf(OCTET_STRING, &document[..100]), leaf(OCTET_STRING, &document[100..]));
    for segments in [
        vec![first.clone(), second.clone()],
        vec![first.clone(), second.clone(), leaf(OCTET_STRING, &[])],
        vec![first, node(OCTET_STRING | 0x20, vec![second])],
        vec![leaf(OCTET_STRING, &whole().document), leaf(OCTET_STRING, &[])],
    ] {
        let mut value = genuine();
        *value.at_mut(CONTENT).nodes_mut() = segments;
        let second = value.offset(&[CONTENT, &[1]].concat());
        assert_eq!(refused(&value), unsupported(CmsReason::Segments, second));
    }
}

#[test]
fn content_without_a_segment_is_refused() {
    let mut value = genuine();
    value.at_mut(CONTENT).nodes_mut().clear();
    assert_eq!(refused(&value), unsupported(CmsReason::Segments, value.offset(CONTENT) + 2));
}

#[test]
fn two_thousand_levels_are_refused_on_a_small_stack() {
    let deep = |tag, length| nested(tag, length, 2000);
    let mut values = Vec::new();
    for length in [Length::Indefinite, Length::Minimal] {
        // In the content: refused at the second level, since a segment is primitive.
        let mut value = genuine();
        *value.at_mut(CONTENT) = deep(OCTET_STRING | 0x20, length);
        let header = if length == Length::Indefinite { 2 } else { 4 };
        values.push((value.text(), value.offset(CONTENT) + header));

        // In the certificates and in parameters: skipped for sixteen levels, of which [0] is one.
        let mut value = genuine();
        cms::insert_certificates(&mut value, vec![deep(SEQUENCE, length)]);
        values.push((value.text(), value.offset(&[SIGNERS, &[0]].concat()) + 15 * header));

        let mut value = genuine();
        value.at_mut(DIGEST_ALGORITHM).nodes_mut()[1] = deep(SEQUENCE, length);
        values.push((value.text(), value.offset(&[DIGEST_ALGORITHM, &[1]].concat()) + 16 * header));
    }
    // In a signed attribute of unknown type, which is DER.
    let mut value = genuine();
    value.at_mut(cms::ATTRIBUTES).nodes_mut().push(cms::attribute("1.2.3", vec![deep(SEQUENCE, Length::Minimal)]));
    let at = value.offset(&cms::in_attributes(&[value.at(cms::ATTRIBUTES).nodes().len() - 1, 1, 0]));
    values.push((value.text(), at + 16 * 4));

    let small = thread::Builder::new().stack_size(128 * 1024);
    let run = move || values.iter().for_each(|(text, at)| assert_eq!(refusal(verify_cms(text, US_WEST_2)), invalid(BerReason::Depth, *at)));
    small.spawn(run).unwrap().join().unwrap();
}

#[test]
fn sixteen_levels_of_certificates_are_skipped() {
    let mut value = genuine();
    cms::insert_certificates(&mut value, vec![nested(SEQUENCE, Length::Indefinite, 15)]);
    assert_accepted(&value);
}

#[test]
fn bytes_after_the_end_are_trailing() {
    for value in captures::cms() {
        for encoded in [value.bytes(), value.node().der().encode()] {
            for after in [&[0][..], &[0, 0], b"\n", &[0x30, 0x80], &encoded] {
                let text = base64(&[&encoded, after].concat());
                assert_eq!(refusal(verify_cms(&text, &value.region)), invalid(BerReason::Trailing, encoded.len()), "{}", value.name);
            }
        }
    }
}

#[test]
fn an_element_too_many_inside_is_trailing() {
    for der in [false, true] {
        // ContentInfo, [0], SignedData, EncapsulatedContentInfo, the [0] around the content.
        for path in [&[][..], &[1], SIGNED_DATA, ENCAPSULATED, EXPLICIT] {
            let mut value = if der { genuine().der() } else { genuine() };
            let elements = value.at_mut(path).nodes_mut();
            elements.push(leaf(NULL, &[]));
            let last = [path, &[elements.len() - 1]].concat();
            assert_eq!(refused(&value), invalid(BerReason::Trailing, value.offset(&last)), "{path:?}");
        }
    }
}

#[test]
fn every_prefix_of_a_genuine_value_is_truncated() {
    let mut of_rsa_size = 0;
    for value in captures::cms() {
        for encoded in [value.bytes(), value.node().der().encode()] {
            for length in 1..encoded.len() {
                let text = base64(&encoded[..length]);
                match refusal(verify_cms(&text, &value.region)) {
                    Error::InvalidBer { part: UNNAMED, reason: BerReason::Truncated, at } if at <= length => {}
                    other => panic!("{} {length}: {other:?}", value.name),
                }
                // A prefix of 128 bytes has the size of a /signature value, and is told from one.
                if length == 128 {
                    let error = refusal(verify(&value.document, &text, &value.region));
                    assert!(matches!(error, Error::InvalidBer { reason: BerReason::Truncated, .. }), "{error:?}");
                    of_rsa_size += 1;
                }
            }
        }
    }
    assert_eq!(of_rsa_size, 30, "15 values in two encodings");
}

#[test]
fn headers_cut_short_are_truncated() {
    for (bytes, at) in [
        (&[0x30][..], 1),
        (&[0x30, 0x82, 0x06], 2),
        (&[0x30, 0x81], 2),
        (&[0x30, 0x84, 0x01], 2),
        (&[0x30, 0x80], 2),
        (&[0x30, 0x05], 1),
        (&[0x30, 0x80, 0x06], 3),
        (&[0x30, 0x80, 0x06, 0x09], 3),
    ] {
        assert_eq!(refusal(verify_cms(&base64(bytes), US_WEST_2)), invalid(BerReason::Truncated, at), "{bytes:02x?}");
        assert_eq!(refusal(verify(b"{}", &base64(bytes), US_WEST_2)), invalid(BerReason::Truncated, at), "{bytes:02x?}");
    }
    assert_eq!(refusal(verify_cms(&base64(&[0x30, 0x00]), US_WEST_2)), invalid(BerReason::Truncated, 2));
}

#[test]
fn scraps_that_do_not_start_as_a_sequence_are_no_cms_values() {
    for bytes in [&[0x5f, 0x4d][..], &[0x1f, 0x80], &[0x1f, 0x05], &[0x80], &[0x00], &[0x00, 0x00], &[0xff; 127], &[0x31, 0x80]] {
        let error = Error::WrongSignatureKind { expected: ValueKind::Cms, found: ValueKind::Endpoint(SignatureKind::Rsa) };
        assert_eq!(refusal(verify_cms(&base64(bytes), US_WEST_2)), error, "{bytes:02x?}");
        let error = Error::SignatureInvalid { kind: SignatureKind::Rsa, hint: None };
        assert_eq!(refusal(verify(b"{}", &base64(bytes), US_WEST_2)), error, "{bytes:02x?}");
    }
}

#[test]
fn scraps_among_the_certificates_are_refused_where_they_stand() {
    for (scrap, reason, at) in [
        (&[0x30, 0x82, 0x06][..], BerReason::Length, 2),
        (&[0x5f, 0x4d], BerReason::Tag, 0),
        (&[0x1f, 0x80], BerReason::Tag, 0),
        (&[0x1f, 0x05], BerReason::Tag, 0),
        (&[0x30, 0x81], BerReason::Length, 2),
        (&[0x30, 0x84, 0x01], BerReason::Length, 2),
        (&[0x30, 0x80], BerReason::Length, 2),
        (&[0x80], BerReason::Length, 1),
        (&[0x04, 0x80, 0x00, 0x00], BerReason::Length, 1),
        (&[0x00, 0x00], BerReason::EndOfContents, 0),
    ] {
        let mut value = genuine();
        cms::insert_certificates(&mut value, vec![bare(scrap)]);
        let start = value.offset(&[SIGNERS, &[0]].concat());
        assert_eq!(refused(&value), invalid(reason, start + at), "{scrap:02x?}");
    }
}

#[test]
fn the_form_for_high_tag_numbers_is_refused() {
    for path in [&[0][..], SIGNED_DATA, cms::VERSION, DIGEST_ALGORITHMS, CONTENT, SEGMENT, SIGNERS, cms::SIGNER_DIGEST] {
        for tag in [&[0x1f][..], &[0x3f, 0x30], &[0x5f, 0x4d], &[0xbf, 0x81, 0x00]] {
            let mut value = genuine();
            let contents = value.at(path).contents();
            *value.at_mut(path) = bare(&[tag, &[0x80, 0x80], &contents].concat());
            if path == cms::SIGNER_DIGEST {
                value.at_mut(path).body = crate::support::tlv::Body::Bytes([tag, &[0x02, 0x05, 0x00]].concat());
            }
            assert_eq!(refused(&value), invalid(BerReason::Tag, value.offset(path)), "{path:?} {tag:02x?}");
        }
    }
}

#[test]
fn another_element_than_expected_is_refused() {
    for (path, tag) in [
        (&[0][..], SET),
        (&[1], 0xa1),
        (SIGNED_DATA, SET),
        (cms::VERSION, 0x0a),
        (DIGEST_ALGORITHMS, SEQUENCE),
        (DIGEST_ALGORITHM, SET),
        (ENCAPSULATED, SET),
        (EXPLICIT, 0xa1),
        (CONTENT, 0x2c),
        (SEGMENT, 0x0c),
        (SIGNERS, SEQUENCE),
        (cms::SIGNER, SET),
        (cms::SIGNER_VERSION, 0x0a),
        (cms::IDENTIFIER, SET),
        (cms::SERIAL, OCTET_STRING),
        (cms::SIGNER_DIGEST, SET),
        (cms::SIGNER_ALGORITHM, SET),
        (cms::SIGNATURE, 0x03),
        (cms::SIGNATURE, 0x24),
    ] {
        let mut value = genuine();
        value.at_mut(path).tag = tag;
        assert_eq!(refused(&value), invalid(BerReason::Tag, value.offset(path)), "{path:?}");
    }
}

#[test]
fn ten_thousand_siblings_are_skipped_or_refused_at_once() {
    let siblings = [0x05, 0x00].repeat(10_000);
    // Among the certificates nothing is looked at.
    let mut value = genuine();
    cms::insert_certificates(&mut value, vec![bare(&siblings)]);
    assert_accepted(&value);
    // Elsewhere the second one is the fault.
    let mut value = genuine();
    value.at_mut(CONTENT).nodes_mut()[0] = bare(&[0x04, 0x00].repeat(10_000));
    assert_eq!(refused(&value), unsupported(CmsReason::Segments, value.offset(SEGMENT) + 2));
    let mut value = genuine();
    value.at_mut(DIGEST_ALGORITHMS).nodes_mut()[0] = bare(&[0x30, 0x00].repeat(10_000));
    assert_eq!(refused(&value), invalid(BerReason::Length, value.offset(DIGEST_ALGORITHM) + 2));
    let mut value = genuine();
    value.at_mut(SIGNERS).nodes_mut()[0] = bare(&[0x30, 0x00].repeat(10_000));
    assert_eq!(refused(&value), unsupported(CmsReason::SignerCount, value.offset(SIGNERS) + 4 + 2));
}

#[test]
fn other_content_types_are_not_signed_data() {
    // Data, EnvelopedData, SignedAndEnvelopedData, DigestedData, EncryptedData, AuthenticatedData, AuthEnvelopedData, CompressedData.
    for other in ["7.1", "7.3", "7.4", "7.5", "7.6", "9.16.1.2", "9.16.1.23", "9.16.1.9"] {
        let mut value = genuine();
        *value.at_mut(&[0]) = oid(&format!("1.2.840.113549.1.{other}"));
        assert_eq!(refused(&value), Error::NotSignedData { part: UNNAMED, at: 2 }, "{other}");
    }
}

#[test]
fn a_content_info_without_content_is_not_signed_data() {
    let mut value = genuine();
    value.nodes_mut().pop();
    assert_eq!(refused(&value), Error::NotSignedData { part: UNNAMED, at: 2 });
    assert_eq!(refused(&value.der()), Error::NotSignedData { part: UNNAMED, at: 2 });
}

#[test]
fn a_version_other_than_1_is_refused() {
    for path in [cms::VERSION, cms::SIGNER_VERSION] {
        for version in [&[0][..], &[2], &[3], &[4], &[5], &[0x7f], &[0xff], &[], &[0, 1], &[1, 0]] {
            let mut value = genuine();
            *value.at_mut(path) = leaf(0x02, version);
            assert_eq!(refused(&value), unsupported(CmsReason::Version, value.offset(path)), "{version:02x?}");
        }
    }
}
