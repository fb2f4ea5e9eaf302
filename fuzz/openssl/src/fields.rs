//! Changes aimed at one field of the grammar each: to a value that another implementation might write, or an attacker.

use fastrand::Rng;
use instance_identity::testkit::{Authority, Contents, Element, Length, TestCertificate, TestKey, attribute, oid};
use instance_identity_fuzz::samples::CMS_VALUES;

use crate::attributes::{add_attribute, any_attribute, plausible, protection, signing_time, unknown};
use crate::documents;
use crate::value::{
    CONTENT, CONTENT_TYPE, DIGEST_ALGORITHMS, DIGESTS, Place, SIGNATURES, SIGNED_DATA, VERSION, Value, insert, null, object, push, remove,
    sequence,
};

/// What is done to a value; `None` if it has no such field.
pub type Change = fn(&mut Value, &mut Rng) -> Option<()>;

/// All changes by name. One of them is made as often as another, except where a name stands for many.
pub const CHANGES: [(&str, Change); 38] = [
    ("anything at any place", generic),
    ("anything at any place", generic),
    ("anything at any place", generic),
    ("anything at any place", generic),
    ("version", version),
    ("digest algorithm", |value, random| algorithm(value, random, Named::Digest)),
    ("digest algorithm everywhere", digest_everywhere),
    ("signature algorithm", |value, random| algorithm(value, random, Named::Signature)),
    ("algorithm parameters", parameters),
    ("digestAlgorithms", digest_algorithms),
    ("content type", content_type),
    ("content", content),
    ("content in segments", segments),
    ("segment", |value, random| {
        let tag = *random.choice([0x0c, 0x16, 0x80, 0x02, 0x03, 0x24].iter())?;
        value.get_mut(&[CONTENT, &[0]].concat()).map(|segment| segment.tag = tag)
    }),
    ("detached", |value, _| remove(value, &[1, 0, 2, 1])),
    ("certificates", certificates),
    ("crls", |value, random| {
        let inside = if random.bool() { vec![] } else { vec![sequence([])] };
        insert(value, &value.signers()?, Element::constructed(0xa1, inside))
    }),
    ("second signer", second_signer),
    ("attribute removed", |value, random| remove(value, &any_attribute(value, random)?)),
    ("attribute twice", |value, random| {
        let place = any_attribute(value, random)?;
        insert(value, &place, value.get(&place)?.clone())
    }),
    ("attribute of another type", |value, random| add_attribute(value, &unknown(random))),
    ("attribute with other values", |value, random| {
        let place = [any_attribute(value, random)?.as_slice(), &[1]].concat();
        let one = value.get(&place)?.elements().first()?.clone();
        *value.get_mut(&place)? = Element::constructed(0x31, vec![one; if random.bool() { 0 } else { 2 }]);
        Some(())
    }),
    ("attributes out of order", |value, random| {
        let place = value.attributes(&value.signer()?)?;
        let Contents::Elements(elements) = &mut value.get_mut(&place)?.contents else { return None };
        random.shuffle(elements);
        Some(())
    }),
    ("attributes, many", |value, random| {
        let count = random.u8(9..16);
        (0..count).try_for_each(|number| add_attribute(value, &attribute(&[0x2a, number], null())))
    }),
    ("attributes removed", |value, random| {
        let place = value.attributes(&value.signer()?)?;
        if random.bool() {
            // As content they would verify: the attack of EUF-CMA on CMS.
            let set = Element { tag: 0x31, ..value.get(&place)?.clone() };
            *value.get_mut(CONTENT)? = Element::primitive(0x04, set.encode());
        }
        remove(value, &place)
    }),
    ("attributes' tag", |value, random| {
        let place = value.attributes(&value.signer()?)?;
        value.get_mut(&place)?.tag = *random.choice([0x80, 0x31, 0xa1, 0x11].iter())?;
        Some(())
    }),
    ("contentType attribute", |value, random| {
        let place = value.value_of(oid::CONTENT_TYPE)?;
        *value.get_mut(&place)? = object(random.choice([oid::SIGNED_DATA, &oid::DATA[..8], oid::SHA256].iter())?);
        Some(())
    }),
    ("signingTime", signing_time),
    ("messageDigest", |value, random| {
        let place = value.value_of(oid::MESSAGE_DIGEST)?;
        let octets = value.octets(&place);
        *value.get_mut(&place)? = match random.u8(..4) {
            0 => Element::primitive(0x04, []),
            1 => Element::primitive(0x04, &octets[..octets.len().checked_sub(1)?]),
            2 => Element::constructed(0x24, [Element::primitive(0x04, octets)]),
            _ => Element::primitive(0x03, octets),
        };
        Some(())
    }),
    ("cmsAlgorithmProtection", protection),
    ("issuer", issuer),
    ("serial", serial),
    ("RSA-1024 signer", |value, _| {
        // The slot `rsa` of the regions whose keys these are; signed again, if at all, by that key.
        let certificate = TestCertificate::new(TestKey::Rsa1024, "test-local-1");
        let serial = Element::primitive(0x02, [&[0], certificate.serial.as_slice()].concat());
        let place = [value.signer()?.as_slice(), &[1]].concat();
        *value.get_mut(&place)? = sequence([certificate.issuer, serial]);
        Some(())
    }),
    ("signer's key identifier", |value, _| {
        let place = [value.signer()?.as_slice(), &[1]].concat();
        *value.get_mut(&place)? = Element::primitive(0x80, [0x5a; 20]);
        Some(())
    }),
    ("signature", |value, random| {
        let place = value.signature(&value.signer()?)?;
        let other = Value::read(random.choice(CMS_VALUES.iter())?)?;
        *value.get_mut(&place)? = match random.u8(..3) {
            0 => other.get(&other.signature(&other.signer()?)?)?.clone(),
            1 => Element::primitive(0x04, []),
            _ => Element::constructed(0x24, [Element::primitive(0x04, value.octets(&place))]),
        };
        Some(())
    }),
    ("unsignedAttrs", |value, random| {
        let inside = if random.bool() { vec![] } else { vec![unknown(random)] };
        let signer = value.signer()?;
        push(value, &signer, Element::constructed(0xa1, inside))
    }),
    ("lengths outside", |value, random| {
        let place: &[usize] = random.choice([&[][..], &[1], SIGNED_DATA, &[1, 0, 2], CONTENT].iter())?;
        value.get_mut(place)?.length = if random.u8(..4) == 0 { Length::Minimal } else { Length::Long(random.u8(1..9)) };
        Some(())
    }),
    ("octets after the end", |value, random| {
        value.rest.extend((0..random.u8(1..4)).map(|_| *random.choice([0, 10, 0x30, 0xff].iter()).unwrap_or(&0)));
        Some(())
    }),
];

/// One element, wherever it is: removed, doubled, written otherwise, or taken from another value.
fn generic(value: &mut Value, random: &mut Rng) -> Option<()> {
    let place = any_place(value, random);
    match random.u8(..10) {
        0 => remove(value, &place),
        1 => insert(value, &place, value.get(&place)?.clone()),
        2 => {
            let (siblings, index) = value.siblings(&place)?;
            let other = random.usize(..siblings.len());
            siblings.swap(index, other);
            Some(())
        }
        3 => {
            let other = Value::read(random.choice(CMS_VALUES.iter())?)?;
            *value.get_mut(&place)? = other.get(&place)?.clone();
            Some(())
        }
        4 => value.get_mut(&place).map(|element| element.length = Length::Long(random.u8(1..9))),
        5 => value.get_mut(&place).map(|element| element.length = Length::Indefinite),
        6 => value.get_mut(&place).map(|element| element.tag ^= 0x20),
        7 => {
            let element = value.get_mut(&place)?;
            for _ in 0..random.u8(1..20) {
                *element = sequence([element.clone()]);
            }
            Some(())
        }
        8 => {
            let Contents::Octets(octets) = &mut value.get_mut(&place)?.contents else { return None };
            let at = random.usize(..octets.len().max(1));
            *octets.get_mut(at)? = random.u8(..);
            Some(())
        }
        _ => {
            *value.get_mut(&place)? = plausible(random);
            Some(())
        }
    }
}

fn version(value: &mut Value, random: &mut Rng) -> Option<()> {
    let place = if random.bool() { VERSION.to_vec() } else { [value.signer()?.as_slice(), &[0]].concat() };
    let octets: &[u8] = random.choice([&[][..], &[0], &[2], &[3], &[4], &[5], &[0xff], &[0, 1], &[1, 0]].iter())?;
    value.get_mut(&place).map(|version| version.contents = Contents::Octets(octets.to_vec()))
}

#[derive(Clone, Copy, PartialEq)]
enum Named {
    Digest,
    Signature,
}

/// One of the places where an algorithm of this sort is named: outside, in the SignerInfo, in its cmsAlgorithmProtection.
fn algorithm_place(value: &Value, random: &mut Rng, named: Named) -> Option<Place> {
    let signer = value.signer()?;
    let protected = |index| value.value_of(oid::ALGORITHM_PROTECTION).map(|place| [place.as_slice(), &[index]].concat());
    match (named, random.u8(..3)) {
        (Named::Digest, 0) => Some([DIGEST_ALGORITHMS, &[0]].concat()),
        (Named::Digest, 1) => Some([signer.as_slice(), &[2]].concat()),
        (Named::Digest, _) => protected(0),
        (Named::Signature, 0) => protected(1),
        (Named::Signature, _) => value.signature_algorithm(&signer),
    }
}

fn algorithm(value: &mut Value, random: &mut Rng, named: Named) -> Option<()> {
    let place = [algorithm_place(value, random, named)?.as_slice(), &[0]].concat();
    let other = if named == Named::Digest { random.choice(DIGESTS)?.0 } else { random.choice(SIGNATURES)? };
    value.get_mut(&place).map(|element| *element = object(other))
}

/// The same other digest at all places: signed again, all of it agrees.
fn digest_everywhere(value: &mut Value, random: &mut Rng) -> Option<()> {
    let (other, _) = random.choice(DIGESTS)?;
    let mut places = vec![[DIGEST_ALGORITHMS, &[0, 0]].concat(), [value.signer()?.as_slice(), &[2, 0]].concat()];
    places.extend(value.value_of(oid::ALGORITHM_PROTECTION).map(|place| [place.as_slice(), &[0, 0]].concat()));
    places.iter().try_for_each(|place| value.get_mut(place).map(|element| *element = object(other)))
}

fn parameters(value: &mut Value, random: &mut Rng) -> Option<()> {
    let named = if random.bool() { Named::Digest } else { Named::Signature };
    let place = algorithm_place(value, random, named)?;
    let Contents::Elements(elements) = &mut value.get_mut(&place)?.contents else { return None };
    elements.truncate(1);
    match random.u8(..3) {
        0 => {}
        1 => elements.push(null()),
        _ => elements.push(plausible(random)),
    }
    Some(())
}

fn digest_algorithms(value: &mut Value, random: &mut Rng) -> Option<()> {
    let first = [DIGEST_ALGORITHMS, &[0]].concat();
    match random.u8(..4) {
        0 => remove(value, &first),
        1 => insert(value, &first, value.get(&first)?.clone()),
        2 => insert(value, &first, sequence([object(random.choice(DIGESTS)?.0), null()])),
        _ => push(value, DIGEST_ALGORITHMS, sequence([object(random.choice(DIGESTS)?.0)])),
    }
}

fn content_type(value: &mut Value, random: &mut Rng) -> Option<()> {
    // id-ct-TSTInfo, and what are no content types.
    let other: &[u8] = random.choice([oid::SIGNED_DATA, b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04", oid::SHA256].iter())?;
    *value.get_mut(CONTENT_TYPE)? = object(other);
    if random.bool() {
        let place = value.value_of(oid::CONTENT_TYPE)?;
        *value.get_mut(&place)? = object(other);
    }
    Some(())
}

fn content(value: &mut Value, random: &mut Rng) -> Option<()> {
    let other = documents::changed(&value.content()?, random);
    *value.get_mut(CONTENT)? = Element::primitive(0x04, other);
    Some(())
}

fn segments(value: &mut Value, random: &mut Rng) -> Option<()> {
    let whole = value.content()?;
    let (first, second) = whole.split_at(random.usize(..=whole.len()));
    let segment = |octets: &[u8]| Element::primitive(0x04, octets);
    let length = if random.bool() { Length::Indefinite } else { Length::Minimal };
    let inside = match random.u8(..5) {
        0 => vec![segment(&whole)],
        1 => vec![segment(first), segment(second)],
        2 => vec![Element::constructed(0x24, [segment(&whole)])],
        3 => vec![segment(&whole), segment(&[])],
        _ => {
            *value.get_mut(CONTENT)? = segment(&whole).with_length(Length::Long(random.u8(1..9)));
            return Some(());
        }
    };
    *value.get_mut(CONTENT)? = Element::constructed(0x24, inside).with_length(length);
    Some(())
}

fn certificates(value: &mut Value, random: &mut Rng) -> Option<()> {
    let key = if random.bool() { TestKey::Rsa2048 } else { TestKey::Dsa1024 };
    let region = if random.bool() { "test-local-1" } else { "test-other-1" };
    let der = TestCertificate::new(key, region).der();
    let tag = if random.u8(..6) == 0 { 0x80 } else { 0xa0 };
    let inside = match random.u8(..6) {
        0 => vec![],
        1 => der[..der.len() / 2].to_vec(),
        2 => sequence([null()]).encode(),
        3 => [der.clone(), der].concat(),
        _ => der,
    };
    insert(value, &value.signers()?, Element::primitive(tag, inside))
}

fn second_signer(value: &mut Value, random: &mut Rng) -> Option<()> {
    let other = if random.bool() { value.clone() } else { Value::read(random.choice(CMS_VALUES.iter())?)? };
    let signer = other.get(&other.signer()?)?.clone();
    match random.u8(..3) {
        0 => remove(value, &value.signer()?),
        1 => insert(value, &value.signer()?, signer),
        _ => push(value, &value.signers()?, signer),
    }
}

fn issuer(value: &mut Value, random: &mut Rng) -> Option<()> {
    let identifier = [value.signer()?.as_slice(), &[1]].concat();
    // Of each attribute { type, value } the last is `Worthless Test Keys Ltd`, or AWS's name.
    let name = [identifier.as_slice(), &[0, 3, 0, 1]].concat();
    let element = value.get_mut(&name)?;
    match random.u8(..4) {
        0 => element.tag = 0x0c,
        1 => element.contents = Contents::Octets(crate::value::octets(element).to_ascii_uppercase()),
        2 => element.contents = Contents::Octets(b"Another".to_vec()),
        _ => element.length = Length::Long(2),
    }
    Some(())
}

fn serial(value: &mut Value, random: &mut Rng) -> Option<()> {
    let place = [value.signer()?.as_slice(), &[1, 1]].concat();
    let serial = value.octets(&place);
    let other = match random.u8(..4) {
        0 => [&[0], serial.as_slice()].concat(),
        1 => serial.get(1..)?.to_vec(),
        2 => vec![],
        _ => {
            let region: &str = random.choice(["test-local-1", "test-local-2", "test-china-1"].iter())?;
            let authority = Authority::new(region.parse().ok()?, "aws".parse().ok()?);
            [&[0], authority.certificate(random.choice(instance_identity::SignatureKind::ALL)?).serial.as_slice()].concat()
        }
    };
    value.get_mut(&place).map(|element| element.contents = Contents::Octets(other))
}

/// A place at any depth; most are inside the SignerInfo.
fn any_place(value: &Value, random: &mut Rng) -> Place {
    random.choice(value.places()).unwrap_or_default()
}
