//! What the vectors are made of: a document, its signatures, and a CMS value as a tree whose parts have names.

use instance_identity::testkit::{Authority, Cms, Contents, Element, Era, Length, TestDocument, TestInstance, TestKey, attribute, served};
use instance_identity::{SignatureKind, UnixTime};

pub(crate) const RSA2048: SignatureKind = SignatureKind::Rsa2048;
pub(crate) const DSA: SignatureKind = SignatureKind::Dsa;
/// The two kinds of CMS values, with the key that signs each.
pub(crate) const CMS_KINDS: [(SignatureKind, TestKey); 2] = [(RSA2048, TestKey::Rsa2048), (DSA, TestKey::Dsa1024)];

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const CONSTRUCTED_STRING: u8 = 0x24;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

// Where the parts of a CMS value are, as long as it has no certificates: of each level the index.
pub(crate) const SIGNED_DATA: &[usize] = &[1, 0];
pub(crate) const VERSION: &[usize] = &[1, 0, 0];
pub(crate) const DIGEST_ALGORITHMS: &[usize] = &[1, 0, 1];
pub(crate) const DIGEST_ALGORITHM: &[usize] = &[1, 0, 1, 0];
pub(crate) const ENCAPSULATED: &[usize] = &[1, 0, 2];
pub(crate) const CONTENT_TYPE: &[usize] = &[1, 0, 2, 0];
/// The `[0]` around the content.
pub(crate) const EXPLICIT: &[usize] = &[1, 0, 2, 1];
pub(crate) const CONTENT: &[usize] = &[1, 0, 2, 1, 0];
pub(crate) const SEGMENT: &[usize] = &[1, 0, 2, 1, 0, 0];
pub(crate) const SIGNERS: &[usize] = &[1, 0, 3];
pub(crate) const SIGNER: &[usize] = &[1, 0, 3, 0];
pub(crate) const SIGNER_VERSION: &[usize] = &[1, 0, 3, 0, 0];
pub(crate) const IDENTIFIER: &[usize] = &[1, 0, 3, 0, 1];
pub(crate) const SERIAL: &[usize] = &[1, 0, 3, 0, 1, 1];
pub(crate) const SIGNER_DIGEST: &[usize] = &[1, 0, 3, 0, 2];
pub(crate) const ATTRIBUTES: &[usize] = &[1, 0, 3, 0, 3];
pub(crate) const SIGNER_ALGORITHM: &[usize] = &[1, 0, 3, 0, 4];
pub(crate) const SIGNATURE: &[usize] = &[1, 0, 3, 0, 5];

// Names of algorithms.
pub(crate) const SHA1: &str = "1.3.14.3.2.26";
pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
pub(crate) const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
pub(crate) const DSA_WITH_SHA1: &str = "1.2.840.10040.4.3";

/// The authority of `test-local-1`.
pub(crate) fn authority() -> Authority {
    Authority::test_local()
}

/// The authority of another region in partition `aws`: the same keys, other serial numbers.
pub(crate) fn authority_of(region: &str) -> Authority {
    Authority::new(region.parse().unwrap(), "aws".parse().unwrap())
}

/// When the instance started.
fn pending() -> UnixTime {
    "2024-04-12T13:56:49Z".parse().unwrap()
}

/// When AWS signed.
pub(crate) fn signing_time() -> UnixTime {
    "2024-04-12T13:56:51Z".parse().unwrap()
}

/// The fields of the document of a region, to be changed.
pub(crate) fn fields_of(region: &str) -> TestDocument {
    TestDocument::new(&TestInstance::new(pending()), &region.parse().unwrap(), Era::In2018)
}

/// The fields of the document, to be changed.
pub(crate) fn fields() -> TestDocument {
    fields_of("test-local-1")
}

/// The document.
pub(crate) fn document() -> Vec<u8> {
    fields().encode()
}

/// The document of another instance of the region.
pub(crate) fn other_document() -> Vec<u8> {
    fields().with("instanceId", "\"i-0fedcba9876543210\"").encode()
}

/// The CMS value over any content, in the shape of 2018: three signed attributes.
pub(crate) fn cms_over(kind: SignatureKind, content: &[u8]) -> Cms {
    authority().cms(kind, content, Era::In2018, signing_time())
}

/// The same as a tree.
pub(crate) fn over(kind: SignatureKind, content: &[u8]) -> Element {
    cms_over(kind, content).element()
}

/// The value over the document.
pub(crate) fn value(kind: SignatureKind) -> Element {
    over(kind, &document())
}

/// The value over the document in DER.
pub(crate) fn der(kind: SignatureKind) -> Element {
    let document = document();
    Cms { lengths: Length::Minimal, ..cms_over(kind, &document).with_primitive_content(&document) }.element()
}

/// The value with one thing changed and not signed again.
pub(crate) fn changed(kind: SignatureKind, change: impl FnOnce(&mut Element)) -> Element {
    let mut value = value(kind);
    change(&mut value);
    value
}

/// The value with one thing changed, and its attributes signed as they then stand.
pub(crate) fn signed_as_changed(kind: SignatureKind, change: impl FnOnce(&mut Element)) -> Element {
    let mut value = changed(kind, change);
    sign(&mut value, authority().certificate(kind).key);
    value
}

/// The value with its attributes changed, put into DER order and signed.
pub(crate) fn with_attributes(kind: SignatureKind, change: impl FnOnce(&mut Vec<Element>)) -> Element {
    signed_as_changed(kind, |value| {
        let attributes = value.at_mut(ATTRIBUTES).elements_mut();
        change(attributes);
        attributes.sort_by_key(Element::encode);
    })
}

/// Signs the attributes as they stand.
pub(crate) fn sign(value: &mut Element, key: TestKey) {
    value.at_mut(SIGNATURE).contents = Contents::Octets(key.sign(&signed_octets(value)));
}

/// What is signed: the attributes under the tag of a SET OF.
pub(crate) fn signed_octets(value: &Element) -> Vec<u8> {
    Element { tag: SET, ..value.at(ATTRIBUTES).clone() }.encode()
}

/// The value with another signature in it.
pub(crate) fn with_signature(kind: SignatureKind, signature: impl Into<Vec<u8>>) -> Element {
    changed(kind, |value| value.at_mut(SIGNATURE).contents = Contents::Octets(signature.into()))
}

/// Puts `certificates` in as `[0]`.
pub(crate) fn with_certificates(kind: SignatureKind, certificates: Vec<Element>) -> Element {
    changed(kind, |value| value.at_mut(SIGNED_DATA).elements_mut().insert(3, Element::constructed(0xa0, certificates)))
}

/// How CMS names the certificate of a slot.
pub(crate) fn identifier(authority: &Authority, kind: SignatureKind) -> Element {
    let certificate = authority.certificate(kind);
    let tbs = certificate.element().at(&[0]).clone();
    Element::constructed(SEQUENCE, [certificate.issuer, tbs.at(&[1]).clone()])
}

/// Base64 as served.
pub(crate) fn text(value: &Element) -> String {
    served(&value.encode())
}

/// A `/signature` value over `document`, as served.
pub(crate) fn bare(document: &[u8]) -> String {
    served(&TestKey::Rsa1024.sign(document))
}

pub(crate) fn leaf(tag: u8, octets: impl Into<Vec<u8>>) -> Element {
    Element::primitive(tag, octets)
}

pub(crate) fn node(tag: u8, elements: Vec<Element>) -> Element {
    Element::constructed(tag, elements)
}

/// Octets as they are, at least one.
pub(crate) fn raw(octets: &[u8]) -> Element {
    Element { tag: octets[0], length: Length::Octets(Vec::new()), contents: Contents::Octets(octets[1..].to_vec()) }
}

pub(crate) fn null() -> Element {
    leaf(0x05, [])
}

/// A positive INTEGER of big-endian octets.
pub(crate) fn integer(octets: &[u8]) -> Element {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count().min(octets.len() - 1);
    let digits = &octets[zeros..];
    leaf(INTEGER, if digits[0] >= 0x80 { [&[0], digits].concat() } else { digits.to_vec() })
}

/// An OBJECT IDENTIFIER in dotted form.
pub(crate) fn oid(dotted: &str) -> Element {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut octets = Vec::new();
    for arc in [&[arcs[0] * 40 + arcs[1]], &arcs[2..]].concat() {
        let mut digits = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            digits.insert(0, 0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        octets.extend(digits);
    }
    leaf(0x06, octets)
}

/// An AlgorithmIdentifier without parameters.
pub(crate) fn algorithm(dotted: &str) -> Element {
    node(SEQUENCE, vec![oid(dotted)])
}

/// An AlgorithmIdentifier with NULL parameters.
pub(crate) fn algorithm_null(dotted: &str) -> Element {
    node(SEQUENCE, vec![oid(dotted), null()])
}

/// A signed attribute with one value.
pub(crate) fn attribute_of(dotted: &str, value: Element) -> Element {
    attribute(&oid(dotted).inside(), value)
}

/// A path one step longer.
pub(crate) fn inside(path: &[usize], more: &[usize]) -> Vec<usize> {
    [path, more].concat()
}

/// `a + b`, big-endian, in the octets of `a`; `None` if it does not fit.
pub(crate) fn sum(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    let mut carry = 0;
    let mut sum = a.to_vec();
    for (to, from) in sum.iter_mut().rev().zip(b.iter().rev().chain(std::iter::repeat(&0))) {
        carry += u16::from(*to) + u16::from(*from);
        *to = carry as u8;
        carry >>= 8;
    }
    (carry == 0).then_some(sum)
}

/// `a - b`, big-endian, in the octets of `a`.
pub(crate) fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut difference = a.to_vec();
    for (to, from) in difference.iter_mut().rev().zip(b.iter().rev().chain(std::iter::repeat(&0))) {
        borrow += i16::from(*to) - i16::from(*from);
        *to = borrow as u8;
        borrow >>= 8;
    }
    difference
}
