//! A reader of any BER into the elements that the testkit writes. It shares no code with the crate's reader, whose oracle it is.

use instance_identity::testkit::{Contents, Element, Length};

/// The one element that `bytes` consist of, with the way in which each length is written. Where no elements are inside of a constructed one,
/// it has octets.
pub fn parse(bytes: &[u8]) -> Option<Element> {
    let (element, rest) = first(bytes)?;
    rest.is_empty().then_some(element)
}

/// As [`parse`], the element that `bytes` begin with, and what follows it.
pub fn first(bytes: &[u8]) -> Option<(Element, &[u8])> {
    element(bytes, MAX_DEPTH)
}

/// The elements that `bytes` consist of.
pub fn all(bytes: &[u8]) -> Option<Vec<Element>> {
    elements(bytes, MAX_DEPTH)
}

/// All lengths as DER has them.
pub fn with_minimal_lengths(mut element: Element) -> Element {
    element.length = Length::Minimal;
    if let Contents::Elements(elements) = &mut element.contents {
        elements.iter_mut().for_each(|inner| *inner = with_minimal_lengths(inner.clone()));
    }
    element
}

fn element(bytes: &[u8], depth: usize) -> Option<(Element, &[u8])> {
    let [tag, first, rest @ ..] = bytes else { return None };
    let depth = depth.checked_sub(1)?;
    let is_constructed = tag & 0x20 != 0;
    if tag & 0x1f == 0x1f || *tag == 0 {
        return None;
    }
    if *first == 0x80 {
        let (mut rest, mut elements) = (rest, Vec::new());
        while !rest.starts_with(&[0, 0]) {
            let (inner, after) = self::element(rest, depth)?;
            elements.push(inner);
            rest = after;
        }
        let element = Element::constructed(*tag, elements).with_length(Length::Indefinite);
        return is_constructed.then_some((element, &rest[2..]));
    }
    let octets = if *first < 0x80 { 0 } else { usize::from(first & 0x7f) };
    if octets > 8 {
        return None;
    }
    let length = match octets {
        0 => usize::from(*first),
        _ => rest.get(..octets)?.iter().try_fold(0_usize, |length, octet| Some(length.checked_mul(256)? + usize::from(*octet)))?,
    };
    let is_minimal = octets == 0 || (length > 0x7f && rest[0] != 0);
    let rest = &rest[octets..];
    let (inside, after) = (rest.get(..length)?, &rest[length..]);
    let mut element = match is_constructed.then(|| elements(inside, depth)).flatten() {
        Some(elements) => Element::constructed(*tag, elements),
        None => Element::primitive(*tag, inside),
    };
    if !is_minimal {
        element.length = Length::Long(octets as u8);
    }
    Some((element, after))
}

/// The elements that `inside` consists of.
fn elements(mut inside: &[u8], depth: usize) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while !inside.is_empty() {
        let (inner, after) = element(inside, depth)?;
        elements.push(inner);
        inside = after;
    }
    Some(elements)
}

/// Deeper than the crate's reader skips, 16 inside of at most 5.
const MAX_DEPTH: usize = 64;
