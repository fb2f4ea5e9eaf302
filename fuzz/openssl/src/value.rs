//! A CMS value as elements, found by their places in the grammar (RFC 5652 §5), however it is written.
//!
//! What is read here is what OpenSSL may have accepted: so it looks where the grammar says and asks for nothing. It shares no code with the
//! crate's reader.

use instance_identity::testkit::{Contents, Element, TestKey, oid};
use instance_identity_fuzz::tree;

/// The places of the elements: of each level the index.
pub type Place = Vec<usize>;

/// A value that can be taken apart.
#[derive(Clone)]
pub struct Value {
    /// The ContentInfo.
    pub root: Element,
    /// What follows it.
    pub rest: Vec<u8>,
}

impl Value {
    /// The value that `bytes` begin with; `None` where that is no SignedData, or nothing that can be taken apart.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (root, rest) = tree::first(bytes)?;
        let mut value = Self { root, rest: rest.to_vec() };
        value.get(&[1, 0, 2])?;
        // OpenSSL reads a SET OF whose tag says that it is primitive. The elements inside are the same octets.
        open(&mut value.root, &[1, 0, 1]);
        for part in [value.certificates(), value.crls(), value.signers()].into_iter().flatten() {
            open(&mut value.root, &part);
        }
        for signer in value.signer_infos() {
            for part in [value.attributes(&signer), value.unsigned_attributes(&signer)].into_iter().flatten() {
                open(&mut value.root, &part);
                for attribute in value.below(&part) {
                    open(&mut value.root, &[attribute.as_slice(), &[1]].concat());
                }
            }
        }
        Some(value)
    }

    pub fn encode(&self) -> Vec<u8> {
        [self.root.encode(), self.rest.clone()].concat()
    }

    /// The element at a place, if there is one.
    pub fn get(&self, place: &[usize]) -> Option<&Element> {
        place.iter().try_fold(&self.root, |element, index| element.elements().get(*index))
    }

    /// The element at a place, to be changed.
    pub fn get_mut(&mut self, place: &[usize]) -> Option<&mut Element> {
        get_mut(&mut self.root, place)
    }

    /// The elements among which the one at a place stands, and its index.
    pub fn siblings(&mut self, place: &[usize]) -> Option<(&mut Vec<Element>, usize)> {
        let (index, parent) = place.split_last()?;
        match &mut self.get_mut(parent)?.contents {
            Contents::Elements(elements) if *index < elements.len() => Some((elements, *index)),
            _ => None,
        }
    }

    /// The places of the elements inside the one at a place.
    pub fn below(&self, place: &[usize]) -> Vec<Place> {
        let count = self.get(place).map_or(0, |element| element.elements().len());
        (0..count).map(|index| [place, &[index]].concat()).collect()
    }

    /// The places of all elements.
    pub fn places(&self) -> Vec<Place> {
        let (mut all, mut open) = (Vec::new(), vec![Place::new()]);
        while let Some(place) = open.pop() {
            open.extend(self.below(&place));
            all.push(place);
        }
        all
    }

    /// certificates [0].
    pub fn certificates(&self) -> Option<Place> {
        self.optional(0x80)
    }

    /// crls [1].
    pub fn crls(&self) -> Option<Place> {
        self.optional(0x81)
    }

    /// signerInfos: the last element of SignedData.
    pub fn signers(&self) -> Option<Place> {
        self.below(SIGNED_DATA).into_iter().skip(3).next_back()
    }

    pub fn signer_infos(&self) -> Vec<Place> {
        self.signers().map(|signers| self.below(&signers)).unwrap_or_default()
    }

    /// The one SignerInfo, or the first.
    pub fn signer(&self) -> Option<Place> {
        self.signer_infos().into_iter().next()
    }

    /// signedAttrs [0] of a SignerInfo.
    pub fn attributes(&self, signer: &[usize]) -> Option<Place> {
        self.below(signer).into_iter().skip(3).find(|place| self.get(place).is_some_and(|part| part.tag & !0x20 == 0x80))
    }

    /// unsignedAttrs [1] of a SignerInfo.
    pub fn unsigned_attributes(&self, signer: &[usize]) -> Option<Place> {
        self.below(signer).into_iter().skip(4).find(|place| self.get(place).is_some_and(|part| part.tag & !0x20 == 0x81))
    }

    /// signatureAlgorithm of a SignerInfo.
    pub fn signature_algorithm(&self, signer: &[usize]) -> Option<Place> {
        let index = if self.attributes(signer).is_some() { 4 } else { 3 };
        let place = [signer, &[index]].concat();
        self.get(&place).map(|_| place)
    }

    /// signature of a SignerInfo.
    pub fn signature(&self, signer: &[usize]) -> Option<Place> {
        let mut place = self.signature_algorithm(signer)?;
        *place.last_mut()? += 1;
        self.get(&place).map(|_| place)
    }

    /// The places of the signed attributes of a type, in the first SignerInfo.
    pub fn attributes_of(&self, kind: &[u8]) -> Vec<Place> {
        let attributes = self.signer().and_then(|signer| self.attributes(&signer));
        let all = attributes.map(|place| self.below(&place)).unwrap_or_default();
        all.into_iter().filter(|place| self.octets(&[place.as_slice(), &[0]].concat()) == kind).collect()
    }

    /// The place of the one value of a signed attribute.
    pub fn value_of(&self, kind: &[u8]) -> Option<Place> {
        let place = [self.attributes_of(kind).first()?.as_slice(), &[1, 0]].concat();
        self.get(&place).map(|_| place)
    }

    /// The octets of the element at a place; of a constructed string those of its segments. None if there is no such element.
    pub fn octets(&self, place: &[usize]) -> Vec<u8> {
        self.get(place).map(octets).unwrap_or_default()
    }

    /// The content, if it is there.
    pub fn content(&self) -> Option<Vec<u8>> {
        self.get(CONTENT).map(octets)
    }

    /// Where in the encoding the element at a place starts.
    pub fn offset(&self, place: &[usize]) -> usize {
        self.root.offset(place)
    }

    fn optional(&self, class_and_number: u8) -> Option<Place> {
        let parts = self.below(SIGNED_DATA);
        let (_, before_signers) = parts.split_last()?;
        before_signers.iter().skip(3).find(|place| self.get(place).is_some_and(|part| part.tag & !0x20 == class_and_number)).cloned()
    }
}

pub const SIGNED_DATA: &[usize] = &[1, 0];
pub const VERSION: &[usize] = &[1, 0, 0];
pub const DIGEST_ALGORITHMS: &[usize] = &[1, 0, 1];
pub const CONTENT_TYPE: &[usize] = &[1, 0, 2, 0];
/// eContent, inside of its [0].
pub const CONTENT: &[usize] = &[1, 0, 2, 1, 0];

/// The octets of an element; of a constructed string those of its segments.
pub fn octets(element: &Element) -> Vec<u8> {
    match &element.contents {
        Contents::Octets(octets) => octets.clone(),
        Contents::Elements(elements) => elements.iter().flat_map(octets).collect(),
    }
}

/// Takes the element at a place out.
pub fn remove(value: &mut Value, place: &[usize]) -> Option<()> {
    let (siblings, index) = value.siblings(place)?;
    siblings.remove(index);
    Some(())
}

/// Puts an element before the one at a place.
pub fn insert(value: &mut Value, place: &[usize], element: Element) -> Option<()> {
    let (siblings, index) = value.siblings(place)?;
    siblings.insert(index, element);
    Some(())
}

/// Puts an element behind the last inside the one at a place.
pub fn push(value: &mut Value, place: &[usize], element: Element) -> Option<()> {
    let Contents::Elements(elements) = &mut value.get_mut(place)?.contents else { return None };
    elements.push(element);
    Some(())
}

/// The key with which the testkit signed a sample of this region and kind.
pub fn key(region: &str, kind: instance_identity::SignatureKind) -> Option<TestKey> {
    use instance_identity::SignatureKind::{Dsa, Rsa, Rsa2048};
    match (region.starts_with("test-"), kind) {
        (false, _) => None,
        (true, Rsa) => Some(TestKey::Rsa1024),
        (true, Rsa2048) => Some(TestKey::Rsa2048),
        (true, Dsa) if region == "test-china-1" => Some(TestKey::Rsa2048China),
        (true, Dsa) => Some(TestKey::Dsa1024),
    }
}

/// An OBJECT IDENTIFIER of these contents.
pub fn object(contents: &[u8]) -> Element {
    Element::primitive(0x06, contents)
}

pub fn null() -> Element {
    Element::primitive(0x05, [])
}

pub fn sequence(elements: impl IntoIterator<Item = Element>) -> Element {
    Element::constructed(0x30, elements)
}

/// Digest algorithms that a value may name, with what OpenSSL calls them.
pub const DIGESTS: [(&[u8], &str); 6] = [
    (oid::SHA1, "SHA1"),
    (oid::SHA256, "SHA256"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02], "SHA384"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03], "SHA512"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04], "SHA224"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05], "MD5"),
];

/// Signature algorithms that a value may name: those of DSA and RSA with several digests, ECDSA, EdDSA, RSASSA-PSS.
pub const SIGNATURES: [&[u8]; 10] = [
    oid::DSA_WITH_SHA1,
    oid::RSA_ENCRYPTION,
    oid::SHA256_WITH_RSA,
    oid::DSA,
    // dsa-with-sha256
    &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x02],
    // sha1WithRSAEncryption, sha512WithRSAEncryption, RSASSA-PSS
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a],
    // ecdsa-with-SHA256
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
    // Ed25519
    &[0x2b, 0x65, 0x70],
];

fn get_mut<'a>(root: &'a mut Element, place: &[usize]) -> Option<&'a mut Element> {
    place.iter().try_fold(root, |element, index| match &mut element.contents {
        Contents::Elements(elements) => elements.get_mut(*index),
        Contents::Octets(_) => None,
    })
}

/// Reads the octets of the element at a place as elements, where they are.
fn open(root: &mut Element, place: &[usize]) {
    if let Some(element) = get_mut(root, place)
        && let Contents::Octets(octets) = &element.contents
        && let Some(elements) = tree::all(octets)
    {
        element.contents = Contents::Elements(elements);
    }
}
