//! Lengths, definite and indefinite, and the octets that end the latter.

use instance_identity::{BerReason, CmsReason, Error, SignatureKind, verify_cms};

use crate::support::captures::{one, whole};
use crate::support::cms::{self, DIGEST_ALGORITHM, DIGEST_ALGORITHMS, ENCAPSULATED, EXPLICIT, SEGMENT, SIGNED_DATA, SIGNERS};
use crate::support::keys::{DOCUMENT, REGION, TestKey, verifier};
use crate::support::tlv::{Length, Node, bare, base64};
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

#[test]
fn lengths_outside_the_signer_need_not_be_minimal() {
    for path in
        [&[][..], &[0], &[1], SIGNED_DATA, cms::VERSION, DIGEST_ALGORITHMS, DIGEST_ALGORITHM, ENCAPSULATED, EXPLICIT, SEGMENT, SIGNERS]
    {
        let mut value = genuine();
        value.at_mut(path).length = Length::Octets(4);
        assert_accepted(&value);
    }
}

#[test]
fn huge_lengths_are_refused() {
    for (bytes, reason) in [
        (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff][..], BerReason::Truncated),
        (&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x06], BerReason::Truncated),
        (&[0x30, 0x85, 0, 0, 0, 0, 2, 5, 0], BerReason::Length),
        (&[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], BerReason::Length),
        (&[0x30, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 2, 5, 0], BerReason::Length),
        (&[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 2, 5, 0], BerReason::Length),
        (&[0x30, 0xfe], BerReason::Length),
        (&[0x30, 0xff], BerReason::Length),
    ] {
        assert_eq!(refusal(verify_cms(&base64(bytes), US_WEST_2)), invalid(reason, 1), "{bytes:02x?}");
    }
    let mut value = genuine();
    *value.at_mut(SEGMENT) = bare(&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(refused(&value), invalid(BerReason::Truncated, value.offset(SEGMENT) + 1));
}

#[test]
fn a_primitive_element_of_indefinite_length_is_refused() {
    for path in [&[0][..], cms::VERSION, &[DIGEST_ALGORITHM, &[0]].concat(), cms::CONTENT_TYPE, SEGMENT] {
        let mut value = genuine();
        value.at_mut(path).length = Length::Indefinite;
        assert_eq!(refused(&value), invalid(BerReason::Length, value.offset(path) + 1), "{path:?}");
    }
}

#[test]
fn missing_end_of_contents_octets_are_missed() {
    let value = genuine();
    // Those of the content, of its [0] and of EncapsulatedContentInfo stand side by side: one pair is missed where signers follow.
    let signers = value.offset(SIGNERS);
    let mut encoded = value.encode();
    assert_eq!(encoded[signers - 6..signers], [0; 6]);
    encoded.drain(signers - 2..signers);
    assert_eq!(refusal(verify_cms(&base64(&encoded), US_WEST_2)), invalid(BerReason::Trailing, signers - 2));

    let mut cut = value.encode();
    let length = cut.len() - 2;
    cut.truncate(length);
    assert_eq!(refusal(verify_cms(&base64(&cut), US_WEST_2)), invalid(BerReason::Truncated, length));
}

#[test]
fn end_of_contents_octets_are_two_zeros() {
    let value = genuine();
    let mut encoded = value.encode();
    let at = value.offset(SIGNERS) - 6;
    encoded[at + 1] = 1;
    assert_eq!(refusal(verify_cms(&base64(&encoded), US_WEST_2)), invalid(BerReason::EndOfContents, at));
}

#[test]
fn end_of_contents_octets_inside_a_definite_length_are_refused() {
    for (path, index, reason) in [
        (&[][..], 0, BerReason::EndOfContents),
        (SIGNED_DATA, 1, BerReason::EndOfContents),
        (DIGEST_ALGORITHMS, 0, BerReason::EndOfContents),
        (DIGEST_ALGORITHM, 1, BerReason::EndOfContents),
        (SIGNERS, 0, BerReason::EndOfContents),
        (DIGEST_ALGORITHMS, 1, BerReason::Trailing),
        (&[], 2, BerReason::Trailing),
        (SIGNERS, 1, BerReason::Trailing),
    ] {
        let mut value = genuine().der();
        value.at_mut(path).nodes_mut().insert(index, bare(&[0, 0]));
        let at = value.offset(&[path, &[index]].concat());
        assert_eq!(refused(&value), invalid(reason, at), "{path:?} {index}");
    }
}

#[test]
fn end_of_contents_octets_where_an_element_is_missing_are_refused() {
    for path in [&[][..], SIGNED_DATA, ENCAPSULATED] {
        let mut value = genuine();
        value.at_mut(path).nodes_mut().clear();
        assert_eq!(refused(&value), invalid(BerReason::EndOfContents, value.offset(path) + 2), "{path:?}");
    }
}

#[test]
fn lengths_inside_the_signer_are_minimal() {
    let attribute = cms::in_attributes(&[0]);
    let digest = cms::in_attributes(&[2, 1, 0]);
    for path in [
        cms::SIGNER,
        cms::SIGNER_VERSION,
        cms::IDENTIFIER,
        &[cms::IDENTIFIER, &[0]].concat(),
        cms::SERIAL,
        cms::SIGNER_DIGEST,
        &[cms::SIGNER_DIGEST, &[1]].concat(),
        cms::ATTRIBUTES,
        &attribute,
        &digest,
        cms::SIGNER_ALGORITHM,
        cms::SIGNATURE,
    ] {
        for octets in 1..=4_usize {
            // Signed as it stands, so that it is the length that is refused.
            let mut value = cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes());
            if value.at(path).contents().len() >= [128, 256, 65_536, 16_777_216][octets - 1] {
                // That many octets are needed.
                continue;
            }
            value.at_mut(path).length = Length::Octets(octets);
            if path != cms::SIGNATURE {
                cms::sign(&mut value, TestKey::Rsa2048);
            }
            let error = refusal(verifier().verify_cms(&value.text(), REGION));
            assert_eq!(error, invalid(BerReason::Length, value.offset(path) + 1), "{path:?}");
        }
    }
}

#[test]
fn lengths_inside_the_signer_are_definite() {
    for path in [cms::SIGNER, cms::IDENTIFIER, cms::SIGNER_DIGEST, cms::ATTRIBUTES, &cms::in_attributes(&[0]), cms::SIGNER_ALGORITHM] {
        let mut value = cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes());
        value.at_mut(path).length = Length::Indefinite;
        cms::sign(&mut value, TestKey::Rsa2048);
        assert_eq!(refusal(verifier().verify_cms(&value.text(), REGION)), invalid(BerReason::Length, value.offset(path) + 1), "{path:?}");
    }
}

#[test]
fn elements_shorter_than_declared_are_refused() {
    // Bytes that no element fills.
    let mut value = genuine().der();
    value.nodes_mut().push(bare(&[0x05]));
    assert_eq!(refused(&value), invalid(BerReason::Trailing, value.offset(&[2])));
    // The set swallows the header of what follows it.
    let mut value = genuine();
    let declared = value.at(DIGEST_ALGORITHMS).contents().len() + 2;
    value.at_mut(DIGEST_ALGORITHMS).length = Length::Declared(declared);
    assert_eq!(refused(&value), unsupported(CmsReason::DigestAlgorithms, value.offset(ENCAPSULATED)));
    // The same inside the signer, where something other follows.
    let mut value = genuine();
    let declared = value.at(cms::SIGNER_DIGEST).contents().len() + 2;
    value.at_mut(cms::SIGNER_DIGEST).length = Length::Declared(declared);
    assert_eq!(refused(&value), invalid(BerReason::Trailing, value.offset(cms::ATTRIBUTES)));
}

#[test]
fn elements_longer_than_their_parent_are_refused() {
    for (path, child) in
        [(DIGEST_ALGORITHMS, &[0][..]), (DIGEST_ALGORITHM, &[1]), (SIGNERS, &[0]), (cms::SIGNER, &[5]), (cms::IDENTIFIER, &[1])]
    {
        let mut value = genuine();
        let child = [path, child].concat();
        let declared = value.at(&child).contents().len() + 1;
        value.at_mut(&child).length = Length::Declared(declared);
        assert_eq!(refused(&value), invalid(BerReason::Length, value.offset(&child) + 1), "{child:?}");
    }
}
