//! Signing a changed value again: only what is properly signed gets past the signature, on both sides.

use fastrand::Rng;
use instance_identity::testkit::{Contents, Element, TestKey, oid};
use instance_identity_fuzz::tree;
use openssl::hash::{MessageDigest, hash};

use crate::value::{CONTENT, DIGESTS, Value, null, object, sequence};

/// Signs each SignerInfo as it stands with a worthless key, by the digest that it names; mostly with the attributes in order and the digest
/// of the content among them. What cannot be signed stays as it is.
pub fn sign_again(value: &mut Value, key: TestKey, random: &mut Rng) {
    let (with_digest, in_order, minimal) = (random.u8(..) < 220, random.u8(..) < 170, random.bool());
    for signer in value.signer_infos().into_iter().take(3) {
        let named = value.octets(&[signer.as_slice(), &[2, 0]].concat());
        let Some((digest_oid, digest)) = DIGESTS.into_iter().find(|(digest_oid, _)| *digest_oid == named) else { continue };
        let content = value.octets(CONTENT);
        if with_digest && let Some(place) = value.value_of(oid::MESSAGE_DIGEST) {
            set_octets(value, &place, digest_of(digest, &content));
        }
        let attributes = value.attributes(&signer);
        let signed = match attributes.as_deref().and_then(|place| value.get_mut(place)) {
            None => content,
            Some(attributes) => {
                if in_order && let Contents::Elements(elements) = &mut attributes.contents {
                    elements.sort_by_key(Element::encode);
                }
                // RFC 5652 §5.4: under the tag of a SET OF. OpenSSL writes the lengths anew where they were longer than needed.
                let set = Element { tag: 0x31, ..attributes.clone() };
                if minimal { tree::with_minimal_lengths(set) } else { set }.encode()
            }
        };
        if let Some(place) = value.signature(&signer) {
            set_octets(value, &place, sign(key, digest_oid, &digest_of(digest, &signed)));
        }
    }
}

/// The digest by OpenSSL's name.
pub fn digest_of(name: &str, message: &[u8]) -> Vec<u8> {
    hash(MessageDigest::from_name(name).unwrap(), message).unwrap().to_vec()
}

fn set_octets(value: &mut Value, place: &[usize], octets: Vec<u8>) {
    if let Some(element) = value.get_mut(place) {
        element.contents = Contents::Octets(octets);
        element.tag &= !0x20;
    }
}

/// RSASSA-PKCS1-v1_5 (RFC 8017 §9.2) or DSA over any digest; the testkit's own `sign` knows only those of AWS.
fn sign(key: TestKey, digest_oid: &[u8], digest: &[u8]) -> Vec<u8> {
    if key == TestKey::Dsa1024 {
        let (r, s) = key.sign_dsa(digest);
        return sequence([r, s].map(|integer| Element::primitive(0x02, positive(&integer)))).encode();
    }
    let info = sequence([sequence([object(digest_oid), null()]), Element::primitive(0x04, digest)]).encode();
    let size = if key == TestKey::Rsa1024 { 128 } else { 256 };
    key.sign_encoded(&[&[0, 1], vec![0xff; size - info.len() - 3].as_slice(), &[0], &info].concat())
}

/// The contents of an INTEGER: minimal, and not negative.
fn positive(integer: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = integer.iter().copied().skip_while(|octet| *octet == 0).collect();
    if significant.first().is_none_or(|first| *first >= 0x80) { [&[0], significant.as_slice()].concat() } else { significant }
}
