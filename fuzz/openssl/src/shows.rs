//! What a value shows, for each rule of the table: found in its elements, whatever our reader says. Our error gives the place at most.

use instance_identity::testkit::{Contents, Element, Length, oid};
use instance_identity::{Algorithm, SignatureKind};
use instance_identity_fuzz::samples::VERIFIER;
use instance_identity_fuzz::tree;

use crate::documents;
use crate::judge::Refusal;
use crate::population::Case;
use crate::value::{CONTENT, CONTENT_TYPE, DIGEST_ALGORITHMS, Place, VERSION, Value, object, octets};

/// A case in which we alone refuse.
pub struct Shown<'a> {
    case: &'a Case,
    /// Where our error points.
    at: Option<usize>,
    /// What OpenSSL accepted.
    content: &'a [u8],
    /// The value taken apart, if it can be.
    value: Option<Value>,
}

impl<'a> Shown<'a> {
    pub fn new(case: &'a Case, refusal: &Refusal, content: &'a [u8]) -> Self {
        Self { case, at: refusal.at, content, value: Value::read(&case.value) }
    }
}

/// Does a case show it?
pub type Shows = fn(&Shown<'_>) -> bool;

/// What the value has to show, by the name of the rule.
pub const SHOWS: [(&str, Shows); 35] = [
    ("trailing", |it| it.value(|value| !value.rest.is_empty() && it.at == Some(value.root.encode().len()))),
    ("length_in_signer", |it| {
        it.value(|value| {
            let Some(signers) = value.signers() else { return false };
            let inside = value.offset(&signers)..value.offset(&signers) + value.get(&signers).map_or(0, |element| element.encode().len());
            it.element_of_length().is_some_and(|element| element.length != Length::Minimal) && it.at.is_some_and(|at| inside.contains(&at))
        })
    }),
    // Lengths of more than eight octets cannot be taken apart.
    ("length_octets", |it| {
        it.octet().is_some_and(|first| (0x85..0xff).contains(&first))
            && (it.is_unreadable() || it.element_of_length().is_some() || it.is_opaque())
    }),
    ("depth_skipped", |it| it.value(|value| skipped(value).iter().any(|element| depth(element) > 16))),
    ("not_ber", |it| it.is_opaque()),
    ("depth_content", |it| {
        it.value(|value| value.get(CONTENT).is_some_and(|content| content.elements().iter().any(|segment| segment.tag & 0x20 != 0)))
    }),
    // Nor can such tags.
    ("high_tag", |it| it.octet().is_some_and(|tag| tag & 0x1f == 0x1f) && (it.is_unreadable() || it.is_opaque())),
    ("constructed_bit", |it| {
        it.value(|value| {
            it.at.and_then(|at| element_at(value, at)).is_some_and(|place| {
                let tag = value.get(&place).map(|element| element.tag);
                place != CONTENT && tag.is_some_and(|tag| [0x10, 0x11, 0x24, 0x80, 0x81].contains(&tag))
            })
        })
    }),
    ("segment_tag", |it| {
        it.value(|value| value.get(CONTENT).is_some_and(|content| content.elements().iter().any(|segment| segment.tag & !0x20 != 0x04)))
    }),
    ("version", |it| {
        it.value(|value| {
            let is_1 = |place: &[usize]| value.octets(place) == [1];
            !is_1(VERSION) || value.signer().is_some_and(|signer| !is_1(&[signer.as_slice(), &[0]].concat()))
        })
    }),
    ("digest_algorithms", |it| it.value(|value| value.below(DIGEST_ALGORITHMS).len() != 1)),
    ("content_type", |it| it.value(|value| value.octets(CONTENT_TYPE) != oid::DATA)),
    ("detached", |it| it.value(|value| value.content().is_none())),
    ("segments", |it| it.value(|value| value.get(CONTENT).is_some_and(|content| content.tag & 0x20 != 0 && content.elements().len() != 1))),
    ("crls", |it| it.value(|value| value.crls().is_some())),
    ("signer_count", |it| it.value(|value| value.signer_infos().len() != 1)),
    ("attributes_absent", |it| it.value(|value| value.signer().is_some_and(|signer| value.attributes(&signer).is_none()))),
    ("attributes_tag", |it| it.attributes(|attributes| attributes.tag == 0x80)),
    ("attributes_order", |it| {
        it.attributes(|attributes| {
            let encoded: Vec<Vec<u8>> = attributes.elements().iter().map(Element::encode).collect();
            !encoded.is_sorted_by(|one, next| one < next)
        })
    }),
    ("attributes_duplicate", |it| {
        it.attributes(|attributes| {
            let mut types: Vec<Vec<u8>> =
                attributes.elements().iter().filter_map(|attribute| attribute.elements().first()).map(octets).collect();
            types.sort();
            types.windows(2).any(|pair| pair[0] == pair[1])
        })
    }),
    ("attributes_values", |it| {
        it.attributes(|attributes| {
            attributes.elements().iter().any(|attribute| attribute.elements().get(1).is_some_and(|values| values.elements().len() != 1))
        })
    }),
    ("attributes_count", |it| it.attributes(|attributes| attributes.elements().len() > 16)),
    ("content_type_attribute", |it| {
        it.value(|value| value.value_of(oid::CONTENT_TYPE).is_none_or(|place| value.get(&place) != Some(&object(oid::DATA))))
    }),
    ("signing_time", |it| {
        it.value(|value| value.value_of(oid::SIGNING_TIME).and_then(|place| value.get(&place).cloned()).is_some_and(|time| !is_time(&time)))
    }),
    ("attributes_not_der", |it| {
        it.attributes(|attributes| {
            let unknown = attributes.elements().iter().filter(|attribute| !KNOWN.contains(&kind_of(attribute).as_slice()));
            unknown.flat_map(|attribute| attribute.elements().get(1)).any(|values| !is_der(values))
        })
    }),
    ("algorithm", |it| it.value(|value| it.is_other_algorithm(value))),
    ("protection", |it| it.value(contradicts)),
    ("protection_form", |it| {
        it.value(|value| {
            value
                .value_of(oid::ALGORITHM_PROTECTION)
                .and_then(|place| value.get(&place))
                .is_some_and(|protection| !is_protection(protection))
        })
    }),
    ("unsigned_attributes", |it| it.value(|value| value.signer().is_some_and(|signer| value.unsigned_attributes(&signer).is_some()))),
    ("issuer", |it| it.value(|value| it.signer_of(value, &SignatureKind::ALL).is_none() && it.differs_in_issuer(value))),
    ("rsa_1024_signer", |it| it.value(|value| it.signer_of(value, &[SignatureKind::Rsa]).is_some())),
    ("document_blank", |it| it.case.document.as_deref().is_some_and(|document| document.trim_ascii().is_empty())),
    ("document_mismatch", |it| it.case.document.as_deref().is_some_and(|document| document != it.content)),
    ("document", |it| !documents::is_document(it.content)),
    ("region", |it| documents::region(it.content).is_some_and(|region| region != it.case.region)),
];

impl Shown<'_> {
    fn value(&self, holds: impl FnOnce(&Value) -> bool) -> bool {
        self.value.as_ref().is_some_and(holds)
    }

    /// signedAttrs of the first SignerInfo.
    fn attributes(&self, holds: impl FnOnce(&Element) -> bool) -> bool {
        self.value(|value| {
            let place = value.signer().and_then(|signer| value.attributes(&signer));
            place.and_then(|place| value.get(&place)).is_some_and(holds)
        })
    }

    /// A CMS value that cannot be taken apart.
    fn is_unreadable(&self) -> bool {
        self.value.is_none() && self.case.value.starts_with(&[0x30]) && self.case.value.len() != 128
    }

    /// The octet where our error points.
    fn octet(&self) -> Option<u8> {
        self.case.value.get(self.at?).copied()
    }

    /// The element whose length octets start where our error points.
    fn element_of_length(&self) -> Option<&Element> {
        let value = self.value.as_ref()?;
        element_at(value, self.at?.checked_sub(1)?).and_then(|place| value.get(&place))
    }

    /// Does our error point into a constructed element whose contents are no elements?
    fn is_opaque(&self) -> bool {
        self.value(|value| self.at.is_some_and(|at| opaque(value).iter().any(|inside| inside.contains(&at))))
    }

    /// The slot among `kinds` whose certificate has the issuer and the serial number that the value names.
    fn signer_of(&self, value: &Value, kinds: &[SignatureKind]) -> Option<SignatureKind> {
        let identifier = value.get(&[value.signer()?.as_slice(), &[1]].concat())?.elements();
        let [issuer, serial] = identifier else { return None };
        kinds.iter().copied().find(|kind| self.named(*kind).is_some_and(|named| named == [issuer.encode(), octets(serial)]))
    }

    /// The serial number is that of a certificate, whose issuer has other octets.
    fn differs_in_issuer(&self, value: &Value) -> bool {
        let place = value.signer().map(|signer| [signer.as_slice(), &[1]].concat()).unwrap_or_default();
        let [issuer, serial] = value.get(&place).map(Element::elements).unwrap_or_default() else { return false };
        SignatureKind::ALL
            .into_iter()
            .filter_map(|kind| self.named(kind))
            .any(|named| named[1] == octets(serial) && named[0] != issuer.encode())
    }

    /// Issuer and serial number of the certificate of a slot (RFC 5280 §4.1).
    fn named(&self, kind: SignatureKind) -> Option<[Vec<u8>; 2]> {
        let pinned = VERIFIER.store().get(&self.case.region.parse().ok()?, kind)?;
        let certificate = tree::parse(pinned.der())?;
        let parts = certificate.elements().first()?.elements();
        // The version is absent in version 1.
        let parts = if parts.first()?.tag == 0xa0 { &parts[1..] } else { parts };
        Some([parts.get(2)?.encode(), octets(parts.first()?)])
    }

    /// Does one of the three places name another algorithm, or other parameters, than the key of the signer asks for?
    fn is_other_algorithm(&self, value: &Value) -> bool {
        let Some(kind) = self.signer_of(value, &[SignatureKind::Rsa2048, SignatureKind::Dsa]) else { return false };
        let Some(pinned) = self.case.region.parse().ok().and_then(|region| VERIFIER.store().get(&region, kind)) else { return false };
        let is_dsa = pinned.algorithm() == Algorithm::Dsa1024Sha1;
        let digest = if is_dsa { oid::SHA1 } else { oid::SHA256 };
        let Some(signer) = value.signer() else { return false };
        let fits = |place: &[usize], expected: &[&[u8]], null_is_allowed: bool| {
            value.get(place).is_some_and(|named| expected.contains(&kind_of(named).as_slice()) && has_no_parameters(named, null_is_allowed))
        };
        let signatures: &[&[u8]] = if is_dsa { &[oid::DSA_WITH_SHA1] } else { &[oid::RSA_ENCRYPTION, oid::SHA256_WITH_RSA] };
        let all_fit = fits(&[DIGEST_ALGORITHMS, &[0]].concat(), &[digest], true)
            && fits(&[signer.as_slice(), &[2]].concat(), &[digest], true)
            && value.signature_algorithm(&signer).is_some_and(|place| fits(&place, signatures, !is_dsa));
        !all_fit
    }
}

/// The contents of the OBJECT IDENTIFIER of an AlgorithmIdentifier.
fn kind_of(algorithm: &Element) -> Vec<u8> {
    algorithm.elements().first().map(octets).unwrap_or_default()
}

fn has_no_parameters(algorithm: &Element, null_is_allowed: bool) -> bool {
    match algorithm.elements() {
        [_] => true,
        [_, parameters] => null_is_allowed && parameters.tag == 0x05 && octets(parameters).is_empty(),
        _ => false,
    }
}

/// Does cmsAlgorithmProtection (RFC 6211 §2) say something else than the SignerInfo?
fn contradicts(value: &Value) -> bool {
    let Some(protection) = value.value_of(oid::ALGORITHM_PROTECTION).and_then(|place| value.get(&place)) else { return false };
    let [digest, signature] = protection.elements() else { return true };
    let Some(signer) = value.signer() else { return false };
    let named = |place: &[usize]| value.get(place).map(kind_of).unwrap_or_default();
    signature.tag != 0xa1
        || kind_of(digest) != named(&[signer.as_slice(), &[2]].concat())
        || kind_of(signature) != value.signature_algorithm(&signer).map(|place| named(&place)).unwrap_or_default()
        || !has_no_parameters(digest, true)
        || !has_no_parameters(signature, true)
}

/// SEQUENCE { AlgorithmIdentifier, [1] AlgorithmIdentifier OPTIONAL, [2] AlgorithmIdentifier OPTIONAL }
fn is_protection(protection: &Element) -> bool {
    let is_algorithm = |element: &Element| element.elements().first().is_some_and(|kind| kind.tag == 0x06) && element.elements().len() <= 2;
    let Some((digest, others)) = protection.elements().split_first() else { return false };
    protection.tag == 0x30
        && digest.tag == 0x30
        && is_algorithm(digest)
        && others.iter().all(|other| [0xa1, 0xa2].contains(&other.tag) && is_algorithm(other))
}

/// `YYMMDDhhmmssZ` as UTCTime, or from 2050 on `YYYYMMDDhhmmssZ` as GeneralizedTime (RFC 5652 §11.3).
fn is_time(time: &Element) -> bool {
    let Contents::Octets(octets) = &time.contents else { return false };
    let Some(digits) = std::str::from_utf8(octets).ok().and_then(|text| text.strip_suffix('Z')) else { return false };
    if time.length != Length::Minimal || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let century = if digits < "50" { "20" } else { "19" };
    match time.tag {
        // A UnixTime starts in 1970.
        0x17 => documents::is_date_time(&format!("{century}{digits}")) && !("50".."70").contains(&digits),
        0x18 => digits >= "2050" && documents::is_date_time(digits),
        _ => false,
    }
}

/// The types of signed attributes whose values have rules of their own.
const KNOWN: [&[u8]; 4] = [oid::CONTENT_TYPE, oid::SIGNING_TIME, oid::MESSAGE_DIGEST, oid::ALGORITHM_PROTECTION];

/// Are the element and all inside as DER has them, as far as anybody is likely to write them otherwise?
fn is_der(element: &Element) -> bool {
    let is_universal = element.tag < 0x40;
    match &element.contents {
        Contents::Elements(elements) => (!is_universal || [0x30, 0x31].contains(&element.tag)) && elements.iter().all(is_der),
        Contents::Octets(_) if element.tag & 0x20 != 0 => element.inside().is_empty(),
        Contents::Octets(octets) => match element.tag {
            0x01 => octets == &[0] || octets == &[0xff],
            0x02 | 0x0a => {
                octets.len() == 1 || octets.len() > 1 && !(octets[0] == 0 && octets[1] < 128 || octets[0] == 255 && octets[1] > 127)
            }
            0x05 => octets.is_empty(),
            0x06 => octets.last().is_some_and(|last| *last < 0x80),
            0x10 | 0x11 => false,
            _ => true,
        },
    }
}

/// The levels of elements, the element itself included.
fn depth(element: &Element) -> usize {
    1 + element.elements().iter().map(depth).max().unwrap_or(0)
}

/// What may hold anything: certificates, parameters of algorithms, and values of signed attributes.
fn skipped(value: &Value) -> Vec<Element> {
    let mut places: Vec<Place> = value.certificates().into_iter().collect();
    let signer = value.signer().unwrap_or_default();
    let algorithms =
        [Some([DIGEST_ALGORITHMS, &[0]].concat()), Some([signer.as_slice(), &[2]].concat()), value.signature_algorithm(&signer)];
    places.extend(algorithms.into_iter().flatten().flat_map(|algorithm| value.below(&algorithm)));
    let attributes = value.attributes(&signer).map(|place| value.below(&place)).unwrap_or_default();
    places.extend(attributes.iter().flat_map(|attribute| value.below(&[attribute.as_slice(), &[1]].concat())));
    places.iter().filter_map(|place| value.get(place).cloned()).collect()
}

/// The place of the element that starts at an offset.
fn element_at(value: &Value, offset: usize) -> Option<Place> {
    value.places().into_iter().find(|place| value.offset(place) == offset)
}

/// Where constructed elements stand whose contents are no elements; to their ends, where octets may be missing.
fn opaque(value: &Value) -> Vec<std::ops::RangeInclusive<usize>> {
    let is_opaque = |element: &Element| element.tag & 0x20 != 0 && matches!(element.contents, Contents::Octets(_));
    let places = value.places().into_iter().filter(|place| value.get(place).is_some_and(is_opaque));
    places
        .map(|place| value.offset(&place)..=value.offset(&place) + value.get(&place).map_or(0, |element| element.encode().len()))
        .collect()
}
