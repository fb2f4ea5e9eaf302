//! Changes aimed at signed attributes.

use fastrand::Rng;
use instance_identity::testkit::{Element, attribute, oid};

use crate::value::{DIGESTS, Place, SIGNATURES, Value, null, object, push, remove, sequence};

pub fn signing_time(value: &mut Value, random: &mut Rng) -> Option<()> {
    let place = value.value_of(oid::SIGNING_TIME)?;
    let (tag, text) = random.choice([
        (0x17, "210622112826Z"),
        (0x17, "700101000000Z"),
        (0x17, ""),
        (0x17, "garbage"),
        (0x17, "2106221128Z"),
        (0x17, "210622112826"),
        (0x17, "210622112826+0000"),
        (0x17, "211322112826Z"),
        (0x17, "210631112826Z"),
        (0x17, "210622242826Z"),
        (0x18, "20210622112826Z"),
        (0x18, "20500622112826Z"),
        (0x18, "20500622112826.5Z"),
        (0x0c, "210622112826Z"),
        (0x05, ""),
    ])?;
    *value.get_mut(&place)? = Element::primitive(tag, text);
    Some(())
}

pub fn protection(value: &mut Value, random: &mut Rng) -> Option<()> {
    let algorithm = |contents: &[u8]| sequence([object(contents), null()]);
    let digest = algorithm(random.choice(DIGESTS)?.0);
    let signature = Element { tag: 0xa1, ..algorithm(random.choice(SIGNATURES)?) };
    let mac = Element { tag: 0xa2, ..algorithm(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09]) };
    let other = match random.u8(..7) {
        0 => sequence([digest]),
        1 => sequence([digest, mac]),
        2 => sequence([digest, signature, mac]),
        3 => sequence([]),
        4 => null(),
        _ => sequence([digest, signature]),
    };
    if let Some(place) = value.attributes_of(oid::ALGORITHM_PROTECTION).first() {
        remove(value, place)?;
    }
    add_attribute(value, &attribute(oid::ALGORITHM_PROTECTION, other))
}

/// A signed attribute of a type that nobody knows: with one value, or several, or none.
pub fn unknown(random: &mut Rng) -> Element {
    let values = match random.u8(..8) {
        0 => vec![],
        1 => vec![null(), null()],
        2 => {
            let mut deep = null();
            (0..random.u8(10..25)).for_each(|_| deep = sequence([deep.clone()]));
            vec![deep]
        }
        3 => {
            let string = Element::constructed(0x24, [Element::primitive(0x04, [1]), Element::primitive(0x04, [2])]);
            // OpenSSL does not look into a SEQUENCE.
            if random.bool() { vec![string] } else { vec![sequence([string])] }
        }
        _ => vec![plausible(random)],
    };
    sequence([object(&[0x2a, random.u8(3..9)]), Element::constructed(0x31, values)])
}

pub fn any_attribute(value: &Value, random: &mut Rng) -> Option<Place> {
    let attributes = value.below(&value.attributes(&value.signer()?)?);
    random.choice(attributes)
}

pub fn add_attribute(value: &mut Value, attribute: &Element) -> Option<()> {
    let place = value.attributes(&value.signer()?)?;
    push(value, &place, attribute.clone())
}

/// An element as it might stand anywhere.
pub fn plausible(random: &mut Rng) -> Element {
    match random.u8(..8) {
        // [1] in the high-tag-number form: `9f 01 00`.
        7 => Element::primitive(0x9f, [0]),
        0 => null(),
        1 => Element::primitive(0x02, [random.u8(..)]),
        2 => sequence([]),
        3 => object(random.choice(SIGNATURES).unwrap_or_default()),
        4 => Element::primitive(0x04, b"octets".to_vec()),
        5 => Element::constructed(0x31, [null()]),
        _ => sequence([object(random.choice(DIGESTS).unwrap_or_default().0), null()]),
    }
}
