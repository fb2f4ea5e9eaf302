//! SignedData: content, signers, certificates, and what stands around them.

use instance_identity::{BerReason, CmsReason, DocumentReason, Error, Hint, JsonReason, SignatureKind, Verifier, verify, verify_cms};

use crate::support::captures::{self, one, whole};
use crate::support::cms::{
    self, ATTRIBUTES, CONTENT, CONTENT_TYPE, DIGEST_ALGORITHMS, ENCAPSULATED, EXPLICIT, SEGMENT, SIGNATURE, SIGNED_DATA, SIGNER, SIGNERS,
};
use crate::support::keys::{DOCUMENT, REGION, TestKey, verifier};
use crate::support::tlv::{Node, OCTET_STRING, SEQUENCE, algorithm, algorithm_null, bare, leaf, node, oid};
use crate::support::{UNNAMED, refusal};

const US_WEST_2: &str = "us-west-2";
const KEYS: [TestKey; 2] = [TestKey::Rsa2048, TestKey::Dsa1024];

fn unsupported(reason: CmsReason, at: usize) -> Error {
    Error::UnsupportedCms { part: UNNAMED, reason, at }
}

fn invalid(reason: BerReason, at: usize) -> Error {
    Error::InvalidBer { part: UNNAMED, reason, at }
}

fn genuine() -> Node {
    one(SignatureKind::Rsa2048).node()
}

fn refused(value: &Node) -> Error {
    refusal(verify_cms(&value.text(), US_WEST_2))
}

/// What a value of the test region is refused with.
fn refused_under_test_key(value: &Node) -> Error {
    refusal(verifier().verify_cms(&value.text(), REGION))
}

#[test]
fn changed_content_has_another_digest() {
    for value in captures::cms() {
        for bit in [0, 1, 1000, 8 * value.document.len() - 1] {
            let mut changed = value.node().der();
            let mut document = value.document.clone();
            document[bit / 8] ^= 1 << (bit % 8);
            *changed.at_mut(CONTENT) = leaf(OCTET_STRING, &document);
            let error = refusal(verify_cms(&changed.text(), &value.region));
            assert_eq!(error, Error::DigestMismatch { kind: value.kind }, "{} {bit}", value.name);
            assert_eq!(error.hint(), Some(Hint::ContentAltered));
        }
    }
}

#[test]
fn content_cut_or_lengthened_or_of_another_document_has_another_digest() {
    let document = whole().document;
    let other = captures::all().into_iter().find(|capture| capture.name == "us-west-2-2017-flaws-cloud").unwrap().document;
    for content in [&document[..document.len() - 1], &document[1..], &[&document, b"\n".as_slice()].concat(), &other, b""] {
        for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa] {
            let mut value = one(kind).node();
            *value.at_mut(SEGMENT) = leaf(OCTET_STRING, content);
            assert_eq!(refused(&value), Error::DigestMismatch { kind });
        }
    }
}

#[test]
fn the_signer_of_another_value_does_not_fit_the_content() {
    let of = |name: &str, kind| captures::cms().into_iter().find(|value| value.name == name && value.kind == kind).unwrap().node();
    for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa] {
        let mut value = one(kind).node();
        *value.at_mut(SIGNER) = of("us-west-2-2017-flaws-cloud", kind).at(SIGNER).clone();
        assert_eq!(refused(&value), Error::DigestMismatch { kind });
    }
}

#[test]
fn no_signer_is_refused() {
    for value in captures::cms() {
        let mut signerless = value.node();
        signerless.at_mut(SIGNERS).nodes_mut().clear();
        let at = signerless.offset(SIGNERS) + 2;
        assert_eq!(refusal(verify_cms(&signerless.text(), &value.region)), unsupported(CmsReason::SignerCount, at));
        assert_eq!(refusal(verify(&value.document, &signerless.text(), &value.region)), unsupported(CmsReason::SignerCount, at));
    }
}

#[test]
fn signers_left_out_are_not_found() {
    let mut value = genuine();
    value.at_mut(SIGNED_DATA).nodes_mut().pop();
    assert_eq!(refused(&value), invalid(BerReason::EndOfContents, value.offset(SIGNERS)));
    assert_eq!(refused(&value.der()), invalid(BerReason::Truncated, value.der().encode().len()));
}

#[test]
fn a_second_signer_is_refused_in_either_order() {
    let other = cms::value(TestKey::Rsa2048, &whole().document).at(SIGNER).clone();
    let attacker = Node::parse(&crate::attacks::own_issuer()).at(&[1, 0, 4, 0]).clone();
    let genuine_signer = genuine().at(SIGNER).clone();
    for signers in [
        vec![genuine_signer.clone(), other.clone()],
        vec![other, genuine_signer.clone()],
        vec![genuine_signer.clone(), attacker.clone()],
        vec![attacker, genuine_signer.clone()],
        vec![genuine_signer.clone(), genuine_signer.clone()],
        vec![genuine_signer.clone(), node(SEQUENCE, vec![])],
        vec![node(SEQUENCE, vec![]), genuine_signer.clone()],
        vec![genuine_signer.clone(), genuine_signer.clone(), genuine_signer],
    ] {
        let mut value = genuine();
        *value.at_mut(SIGNERS).nodes_mut() = signers;
        assert_eq!(refused(&value), unsupported(CmsReason::SignerCount, value.offset(&[SIGNERS, &[1]].concat())));
    }
}

#[test]
fn a_signer_without_signed_attributes_is_refused_even_if_the_signature_is_over_the_content() {
    for key in KEYS {
        // RFC 5652 §5.4 allows this for content of type data, and the signature is right.
        let mut value = cms::value(key, DOCUMENT.as_bytes());
        *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, &key.sign(DOCUMENT.as_bytes()));
        value.at_mut(SIGNER).nodes_mut().remove(ATTRIBUTES[4]);
        assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::SignedAttributes, value.offset(ATTRIBUTES)));
    }
}

#[test]
fn a_genuine_value_without_its_signed_attributes_is_refused() {
    for capture in captures::cms() {
        let mut value = capture.node();
        value.at_mut(SIGNER).nodes_mut().remove(ATTRIBUTES[4]);
        let error = unsupported(CmsReason::SignedAttributes, value.offset(ATTRIBUTES));
        assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), error);
        assert_eq!(refusal(verify(&capture.document, &value.text(), &capture.region)), error);
    }
}

#[test]
fn signed_attributes_presented_as_content_are_refused() {
    for capture in captures::cms() {
        // The genuine signature is one over these very bytes: draft-ietf-lamps-cms-euf-cma-signeddata.
        let mut value = capture.node().der();
        let attributes = cms::attributes_as_signed(&value);
        assert_eq!(attributes[0], 0x31);
        *value.at_mut(CONTENT) = leaf(OCTET_STRING, &attributes);
        value.at_mut(SIGNER).nodes_mut().remove(ATTRIBUTES[4]);
        let error = unsupported(CmsReason::SignedAttributes, value.offset(ATTRIBUTES));
        assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), error, "{}", capture.name);
        assert_eq!(refusal(verify(&attributes, &value.text(), &capture.region)), error, "{}", capture.name);
    }
}

#[test]
fn embedded_certificates_are_skipped_and_never_used() {
    let own_issuer = crate::attacks::certificate("own_issuer.pem");
    let sets: [Vec<Node>; 7] = [
        vec![],
        vec![bare(&TestKey::Rsa2048.der())],
        vec![bare(&own_issuer)],
        vec![bare(&crate::attacks::certificate("aws_issuer.pem"))],
        vec![bare(&own_issuer), bare(&TestKey::Dsa1024.der())],
        vec![leaf(0x04, b"no certificate at all")],
        vec![node(0xa1, vec![leaf(0x02, &[1])])],
    ];
    for capture in captures::cms() {
        let slot = Verifier::bundled().store().get(&capture.region.parse().unwrap(), capture.kind).unwrap();
        for certificates in &sets {
            let mut value = capture.node();
            cms::insert_certificates(&mut value, certificates.clone());
            for text in [value.text(), value.der().text()] {
                let verified = verify_cms(&text, &capture.region).unwrap();
                assert_eq!(verified.document().as_bytes(), capture.document);
                assert_eq!(verified.signatures()[0].certificate().der(), slot.der());
            }
        }
    }
}

#[test]
fn another_document_beside_a_value_is_refused() {
    for capture in captures::cms() {
        let other = captures::all().into_iter().find(|other| other.document != capture.document).unwrap();
        let error = refusal(verify(&other.document, &capture.text, &capture.region));
        let alteration = instance_identity::Alteration::Other;
        assert_eq!(error, Error::DocumentMismatch { kind: capture.kind, alteration });
        assert_eq!(error.hint(), Some(Hint::DocumentAltered(alteration)));
    }
}

#[test]
fn the_same_json_with_other_white_space_beside_a_value_is_refused() {
    for capture in captures::cms() {
        let text = String::from_utf8(capture.document.clone()).unwrap();
        for document in [text.replace(" : ", ": "), text.replace("\n  ", "\n    "), text.replace('\n', " ")] {
            let error = refusal(verify(document.as_bytes(), &capture.text, &capture.region));
            assert_eq!(error, Error::DocumentMismatch { kind: capture.kind, alteration: instance_identity::Alteration::Other });
        }
    }
}

#[test]
fn the_document_beside_a_value_is_compared_before_the_digest() {
    let mut value = one(SignatureKind::Rsa2048).node();
    cms::flip(value.at_mut(SEGMENT));
    let error = refusal(verify(&whole().document, &value.text(), US_WEST_2));
    let alteration = instance_identity::Alteration::Other;
    assert_eq!(error, Error::DocumentMismatch { kind: SignatureKind::Rsa2048, alteration });
}

#[test]
fn detached_content_is_refused_with_and_without_the_document() {
    for capture in captures::cms() {
        let mut value = capture.node();
        value.at_mut(ENCAPSULATED).nodes_mut().pop();
        for value in [value.clone(), value.der()] {
            let error = unsupported(CmsReason::Detached, value.offset(CONTENT_TYPE));
            assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), error);
            assert_eq!(refusal(verify(&capture.document, &value.text(), &capture.region)), error);
        }
    }
}

#[test]
fn an_empty_wrapper_of_the_content_is_refused() {
    let mut value = genuine();
    value.at_mut(EXPLICIT).nodes_mut().clear();
    assert_eq!(refused(&value), invalid(BerReason::EndOfContents, value.offset(EXPLICIT) + 2));
    let value = value.der();
    assert_eq!(refused(&value), invalid(BerReason::Length, value.offset(EXPLICIT) + 2));
}

#[test]
fn empty_content_is_no_document_even_if_it_is_signed() {
    for key in KEYS {
        let value = cms::value(key, b"");
        let reason = DocumentReason::Json { reason: JsonReason::NotAnObject, at: 0 };
        assert_eq!(refused_under_test_key(&value), Error::InvalidDocument { reason });
        let error = refusal(verifier().verify(b"", &value.text(), REGION));
        assert_eq!(error, Error::EmptyInput { part: instance_identity::Part::Document });
    }
}

#[test]
fn content_of_another_type_is_refused() {
    // SignedData, TSTInfo, an id-ct of firmware, and one that only starts as data.
    for other in ["1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4", "1.2.840.113549.1.9.16.1.16", "1.2.840.113549.1.7.1.1"] {
        let mut value = genuine();
        *value.at_mut(CONTENT_TYPE) = oid(other);
        assert_eq!(refused(&value), unsupported(CmsReason::ContentType, value.offset(CONTENT_TYPE)));
        // Signed as such, and the signed attribute agrees.
        for key in KEYS {
            let mut value = cms::value_with_attributes(key, DOCUMENT.as_bytes(), |attributes| {
                attributes[0] = cms::attribute(cms::ATTRIBUTE_CONTENT_TYPE, vec![oid(other)]);
            });
            *value.at_mut(CONTENT_TYPE) = oid(other);
            assert_eq!(refused_under_test_key(&value), unsupported(CmsReason::ContentType, value.offset(CONTENT_TYPE)));
        }
    }
}

#[test]
fn content_that_is_no_octet_string_is_refused() {
    // UTF8String, SEQUENCE, BIT STRING: PKCS #7 1.5 allows any type here.
    for tag in [0x0c, 0x30, 0x03] {
        let mut value = genuine();
        *value.at_mut(CONTENT) = leaf(tag, &whole().document);
        assert_eq!(refused(&value), invalid(BerReason::Tag, value.offset(CONTENT)));
    }
}

#[test]
fn there_is_exactly_one_digest_algorithm() {
    let sha256 = algorithm_null(cms::SHA256);
    for algorithms in [
        vec![sha256.clone(), sha256.clone()],
        vec![sha256.clone(), algorithm(cms::SHA256)],
        vec![sha256.clone(), algorithm_null(cms::SHA1)],
        vec![algorithm_null(cms::SHA1), sha256],
    ] {
        let mut value = genuine();
        *value.at_mut(DIGEST_ALGORITHMS).nodes_mut() = algorithms;
        let second = value.offset(&[DIGEST_ALGORITHMS, &[1]].concat());
        assert_eq!(refused(&value), unsupported(CmsReason::DigestAlgorithms, second));
    }
    let mut value = genuine();
    value.at_mut(DIGEST_ALGORITHMS).nodes_mut().clear();
    assert_eq!(refused(&value), unsupported(CmsReason::DigestAlgorithms, value.offset(DIGEST_ALGORITHMS) + 2));
}

#[test]
fn revocation_lists_are_refused_even_if_empty() {
    for crls in [vec![], vec![node(SEQUENCE, vec![])]] {
        for certificates in [false, true] {
            let mut value = genuine();
            value.at_mut(SIGNED_DATA).nodes_mut().insert(3, node(0xa1, crls.clone()));
            let mut at = SIGNERS.to_vec();
            if certificates {
                cms::insert_certificates(&mut value, vec![bare(&TestKey::Rsa2048.der())]);
                at[2] += 1;
            }
            assert_eq!(refused(&value), unsupported(CmsReason::Crls, value.offset(&at)));
        }
    }
}

#[test]
fn certificates_stand_once_and_are_constructed() {
    let mut twice = genuine();
    cms::insert_certificates(&mut twice, vec![]);
    cms::insert_certificates(&mut twice, vec![]);
    assert_eq!(refused(&twice), invalid(BerReason::Tag, twice.offset(&[1, 0, 4])));
    let mut primitive = genuine();
    primitive.at_mut(SIGNED_DATA).nodes_mut().insert(3, leaf(0x80, b""));
    assert_eq!(refused(&primitive), invalid(BerReason::Tag, primitive.offset(SIGNERS)));
}

#[test]
fn something_other_than_a_signer_after_the_signer_is_refused() {
    let mut value = genuine();
    value.at_mut(SIGNERS).nodes_mut().push(leaf(0x05, b""));
    assert_eq!(refused(&value), invalid(BerReason::Trailing, value.offset(&[SIGNERS, &[1]].concat())));
    let mut value = genuine();
    let signer = value.at_mut(SIGNER).nodes_mut();
    signer.push(leaf(0x05, b""));
    assert_eq!(refused(&value), invalid(BerReason::Trailing, value.offset(&[SIGNER, &[6]].concat())));
}

#[test]
fn unsigned_attributes_are_refused_even_if_empty() {
    for capture in captures::cms() {
        for attributes in [vec![], vec![cms::attribute("1.2.840.113549.1.9.6", vec![bare(&[5, 0])])]] {
            let mut value = capture.node();
            value.at_mut(SIGNER).nodes_mut().push(node(0xa1, attributes));
            let at = value.offset(&[SIGNER, &[6]].concat());
            assert_eq!(refusal(verify_cms(&value.text(), &capture.region)), unsupported(CmsReason::UnsignedAttributes, at));
        }
    }
}

#[test]
fn an_element_left_out_of_the_signer_is_missed() {
    for index in 0..6 {
        let mut value = genuine();
        value.at_mut(SIGNER).nodes_mut().remove(index);
        let at = value.offset(&[SIGNER, &[index]].concat());
        let error = match index {
            3 => unsupported(CmsReason::SignedAttributes, value.offset(ATTRIBUTES)),
            // The digest algorithm stands where the identifier is expected: a SEQUENCE too, but not of a SEQUENCE.
            1 => invalid(BerReason::Tag, at + 2),
            5 => invalid(BerReason::Length, at),
            _ => invalid(BerReason::Tag, at),
        };
        assert_eq!(refused(&value), error, "{index}");
    }
}
