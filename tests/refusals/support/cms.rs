//! CMS values under the test keys, in the form that AWS serves: a capture taken apart, with other contents, signed anew.

use instance_identity::SignatureKind;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::captures;
use super::keys::TestKey;
use super::tlv::{Body, Node, OCTET_STRING, SEQUENCE, SET, leaf, node, oid};

// Where things are in a value as AWS serves it.
pub(crate) const SIGNED_DATA: &[usize] = &[1, 0];
pub(crate) const VERSION: &[usize] = &[1, 0, 0];
pub(crate) const DIGEST_ALGORITHMS: &[usize] = &[1, 0, 1];
pub(crate) const DIGEST_ALGORITHM: &[usize] = &[1, 0, 1, 0];
pub(crate) const ENCAPSULATED: &[usize] = &[1, 0, 2];
pub(crate) const CONTENT_TYPE: &[usize] = &[1, 0, 2, 0];
/// The [0] around the content.
pub(crate) const EXPLICIT: &[usize] = &[1, 0, 2, 1];
/// The OCTET STRING, here constructed.
pub(crate) const CONTENT: &[usize] = &[1, 0, 2, 1, 0];
pub(crate) const SEGMENT: &[usize] = &[1, 0, 2, 1, 0, 0];
/// Where certificates would stand, and if there are none:
pub(crate) const SIGNERS: &[usize] = &[1, 0, 3];
pub(crate) const SIGNER: &[usize] = &[1, 0, 3, 0];
pub(crate) const SIGNER_VERSION: &[usize] = &[1, 0, 3, 0, 0];
pub(crate) const IDENTIFIER: &[usize] = &[1, 0, 3, 0, 1];
pub(crate) const SERIAL: &[usize] = &[1, 0, 3, 0, 1, 1];
pub(crate) const SIGNER_DIGEST: &[usize] = &[1, 0, 3, 0, 2];
pub(crate) const ATTRIBUTES: &[usize] = &[1, 0, 3, 0, 3];
pub(crate) const SIGNER_ALGORITHM: &[usize] = &[1, 0, 3, 0, 4];
pub(crate) const SIGNATURE: &[usize] = &[1, 0, 3, 0, 5];

pub(crate) const DATA: &str = "1.2.840.113549.1.7.1";
pub(crate) const SHA1: &str = "1.3.14.3.2.26";
pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
pub(crate) const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
pub(crate) const DSA_WITH_SHA1: &str = "1.2.840.10040.4.3";

pub(crate) const ATTRIBUTE_CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub(crate) const ATTRIBUTE_MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub(crate) const ATTRIBUTE_SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
pub(crate) const ATTRIBUTE_PROTECTION: &str = "1.2.840.113549.1.9.52";

/// The value that `key` signs over `content`.
pub(crate) fn value(key: TestKey, content: &[u8]) -> Node {
    let kind = if key == TestKey::Dsa1024 { SignatureKind::Dsa } else { SignatureKind::Rsa2048 };
    let mut value = captures::one(kind).node();
    *value.at_mut(SEGMENT) = leaf(OCTET_STRING, content);
    *value.at_mut(IDENTIFIER) = identifier(&key.der());
    *attribute_mut(&mut value, ATTRIBUTE_MESSAGE_DIGEST) = message_digest(key, content);
    sign(&mut value, key);
    value
}

/// The attribute with the digest of `content`.
pub(crate) fn message_digest(key: TestKey, content: &[u8]) -> Node {
    let digest = if key == TestKey::Dsa1024 { Sha1::digest(content).to_vec() } else { Sha256::digest(content).to_vec() };
    attribute(ATTRIBUTE_MESSAGE_DIGEST, vec![leaf(OCTET_STRING, &digest)])
}

/// Signs the attributes of `value` as they stand.
pub(crate) fn sign(value: &mut Node, key: TestKey) {
    let signature = key.sign(&attributes_as_signed(value));
    *value.at_mut(SIGNATURE) = leaf(OCTET_STRING, &signature);
}

/// As [`value`], with attributes changed by `change`, put into DER order and signed anew.
pub(crate) fn value_with_attributes(key: TestKey, content: &[u8], change: impl FnOnce(&mut Vec<Node>)) -> Node {
    let mut value = value(key, content);
    let attributes = value.at_mut(ATTRIBUTES).nodes_mut();
    change(attributes);
    attributes.sort_by_key(Node::encode);
    sign(&mut value, key);
    value
}

/// The DER of the signed attributes, as a SET OF.
pub(crate) fn attributes_as_signed(value: &Node) -> Vec<u8> {
    Node { tag: SET, ..value.at(ATTRIBUTES).clone() }.encode()
}

/// An attribute.
pub(crate) fn attribute(of: &str, values: Vec<Node>) -> Node {
    node(SEQUENCE, vec![oid(of), node(SET, values)])
}

/// Which attribute is of this type.
pub(crate) fn attribute_index(value: &Node, of: &str) -> usize {
    value.at(ATTRIBUTES).nodes().iter().position(|attribute| attribute.nodes()[0] == oid(of)).unwrap()
}

pub(crate) fn attribute_mut<'a>(value: &'a mut Node, of: &str) -> &'a mut Node {
    let index = attribute_index(value, of);
    &mut value.at_mut(ATTRIBUTES).nodes_mut()[index]
}

/// The path to something in the attributes.
pub(crate) fn in_attributes(path: &[usize]) -> Vec<usize> {
    [ATTRIBUTES, path].concat()
}

/// How CMS names the certificate `der`: issuer and serial number.
pub(crate) fn identifier(der: &[u8]) -> Node {
    let certificate = Node::parse(der);
    let tbs = certificate.nodes()[0].nodes();
    // X.509 v1 has no version in front of the serial number.
    let serial = usize::from(tbs[0].tag == 0xa0);
    node(SEQUENCE, vec![tbs[serial + 2].clone(), tbs[serial].clone()])
}

/// Puts `nodes` in as certificates [0].
pub(crate) fn insert_certificates(value: &mut Node, nodes: Vec<Node>) {
    value.at_mut(SIGNED_DATA).nodes_mut().insert(SIGNERS[2], node(0xa0, nodes));
}

/// Inverts one bit of the last byte of a primitive element.
pub(crate) fn flip(node: &mut Node) {
    match &mut node.body {
        Body::Bytes(bytes) => *bytes.last_mut().unwrap() ^= 1,
        Body::Nodes(_) => panic!("only primitive elements are flipped"),
    }
}
