//! A writer of BER elements ([X.690 §8]) that can also write them wrongly.
//!
//! It shares no code with the reader: a mistake made twice would agree with itself.
//!
//! [X.690 §8]: https://www.itu.int/rec/T-REC-X.690

/// A BER element to be written.
///
/// ```
/// use instance_identity::testkit::{Element, Length};
///
/// let integer = Element::primitive(0x02, [7]);
/// assert_eq!(Element::constructed(0x30, [integer.clone()]).encode(), [0x30, 0x03, 0x02, 0x01, 0x07]);
/// let indefinite = Element::constructed(0x30, [integer]).with_length(Length::Indefinite);
/// assert_eq!(indefinite.encode(), [0x30, 0x80, 0x02, 0x01, 0x07, 0x00, 0x00]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The identifier octet.
    pub tag: u8,
    /// How the length is written.
    pub length: Length,
    /// What is inside.
    pub contents: Contents,
}

/// How the length of an element is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Length {
    /// Definite, with as few octets as possible: DER.
    Minimal,
    /// Definite, with that many octets after the first, 1 to 8, whether needed or not.
    Long(u8),
    /// Indefinite: end-of-contents octets follow the contents.
    Indefinite,
    /// These octets, whatever the contents are.
    Octets(Vec<u8>),
}

/// What is inside an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// These octets.
    Octets(Vec<u8>),
    /// These elements, one after the other.
    Elements(Vec<Element>),
}

impl Element {
    /// An element with octets inside.
    pub fn primitive(tag: u8, octets: impl Into<Vec<u8>>) -> Self {
        Self { tag, length: Length::Minimal, contents: Contents::Octets(octets.into()) }
    }

    /// An element with elements inside.
    pub fn constructed(tag: u8, elements: impl IntoIterator<Item = Self>) -> Self {
        Self { tag, length: Length::Minimal, contents: Contents::Elements(elements.into_iter().collect()) }
    }

    /// The same with its length written in another way.
    #[must_use]
    pub fn with_length(self, length: Length) -> Self {
        Self { length, ..self }
    }

    /// The elements inside; none, if there are octets inside.
    pub fn elements(&self) -> &[Self] {
        match &self.contents {
            Contents::Octets(_) => &[],
            Contents::Elements(elements) => elements,
        }
    }

    /// The elements inside, to be changed.
    ///
    /// # Panics
    /// If there are octets inside.
    #[allow(clippy::panic, reason = "for tests alone: a mistake of the test")]
    pub fn elements_mut(&mut self) -> &mut Vec<Self> {
        match &mut self.contents {
            Contents::Octets(_) => panic!("element {:02x} has octets inside", self.tag),
            Contents::Elements(elements) => elements,
        }
    }

    /// The element at `path`: of each level the index.
    ///
    /// # Panics
    /// If there is none.
    #[allow(clippy::indexing_slicing, reason = "for tests alone: a mistake of the test")]
    pub fn at(&self, path: &[usize]) -> &Self {
        path.iter().fold(self, |element, index| &element.elements()[*index])
    }

    /// The element at `path`, to be changed.
    ///
    /// # Panics
    /// If there is none.
    #[allow(clippy::indexing_slicing, reason = "for tests alone: a mistake of the test")]
    pub fn at_mut(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |element, index| &mut element.elements_mut()[*index])
    }

    /// Where in the encoding the element at `path` starts. One past the last element of a level is where those end.
    pub fn offset(&self, path: &[usize]) -> usize {
        let Some((index, path)) = path.split_first() else { return 0 };
        let before: usize = self.elements().iter().take(*index).map(|element| element.encode().len()).sum();
        let inside = self.elements().get(*index).map_or(0, |element| element.offset(path));
        1 + self.length_octets(self.inside().len()).0.len() + before + inside
    }

    /// The octets inside, header and end-of-contents octets aside.
    pub fn inside(&self) -> Vec<u8> {
        match &self.contents {
            Contents::Octets(octets) => octets.clone(),
            Contents::Elements(elements) => elements.iter().flat_map(Self::encode).collect(),
        }
    }

    /// The octets of the element.
    pub fn encode(&self) -> Vec<u8> {
        let contents = self.inside();
        let (length, end) = self.length_octets(contents.len());
        [&[self.tag], length.as_slice(), contents.as_slice(), end].concat()
    }

    /// The length octets, and what follows the contents.
    fn length_octets(&self, size: usize) -> (Vec<u8>, &'static [u8]) {
        let size = size as u64;
        match &self.length {
            Length::Minimal => (minimal_length(size), &[]),
            Length::Long(octets) => (long_length(size, *octets), &[]),
            Length::Indefinite => (vec![0x80], &[0x00, 0x00]),
            Length::Octets(octets) => (octets.clone(), &[]),
        }
    }
}

/// X.690 §10.1: as few octets as possible.
fn minimal_length(size: u64) -> Vec<u8> {
    match u8::try_from(size) {
        Ok(short) if short < 0x80 => vec![short],
        _ => long_length(size, (8 - size.leading_zeros() / 8) as u8),
    }
}

/// X.690 §8.1.3.5: the first octet says how many follow.
fn long_length(size: u64, octets: u8) -> Vec<u8> {
    let octets = octets.clamp(1, 8);
    let bytes = size.to_be_bytes();
    let skipped = bytes.len() - usize::from(octets);
    std::iter::once(0x80 | octets).chain(bytes.into_iter().skip(skipped)).collect()
}

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const CONSTRUCTED: u8 = 0x20;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// `[number]`, constructed.
pub(super) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// A positive INTEGER of these big-endian octets, with a leading zero where the first bit is set.
pub(super) fn unsigned(octets: &[u8]) -> Element {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(zeros..).unwrap_or_default();
    let sign: &[u8] = if significant.first().is_none_or(|first| *first >= 0x80) { &[0] } else { &[] };
    Element::primitive(INTEGER, [sign, significant].concat())
}

/// A SEQUENCE.
pub(super) fn sequence(elements: impl IntoIterator<Item = Element>) -> Element {
    Element::constructed(SEQUENCE, elements)
}

/// An OBJECT IDENTIFIER of these contents.
pub(super) fn oid(contents: &[u8]) -> Element {
    Element::primitive(OBJECT_IDENTIFIER, contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimal_length_takes_as_few_octets_as_possible() {
        for (size, octets) in
            [(0_usize, &[0x00][..]), (0x7f, &[0x7f]), (0x80, &[0x81, 0x80]), (0xff, &[0x81, 0xff]), (0x100, &[0x82, 0x01, 0x00])]
        {
            let encoded = Element::primitive(OCTET_STRING, vec![0; size]).encode();
            assert_eq!(encoded[1..encoded.len() - size], *octets);
        }
    }

    #[test]
    fn a_length_can_be_longer_than_needed_or_a_lie() {
        let element = Element::primitive(INTEGER, [7]);
        assert_eq!(element.clone().with_length(Length::Long(4)).encode(), [0x02, 0x84, 0, 0, 0, 1, 7]);
        assert_eq!(element.with_length(Length::Octets(vec![0x85])).encode(), [0x02, 0x85, 7]);
    }

    #[test]
    fn an_offset_is_where_an_element_starts() {
        let inner = Element::constructed(SET, [Element::primitive(INTEGER, [7]), Element::primitive(NULL, [])]);
        let outer = sequence([Element::primitive(OCTET_STRING, vec![0; 200]), inner.with_length(Length::Indefinite)]);
        let encoded = outer.encode();
        for (path, tag) in [(&[][..], SEQUENCE), (&[0], OCTET_STRING), (&[1], SET), (&[1, 0], INTEGER), (&[1, 1], NULL)] {
            assert_eq!((encoded[outer.offset(path)], outer.at(path).tag), (tag, tag));
        }
        assert_eq!(encoded[outer.offset(&[1, 2])..], [0, 0]);
        assert_eq!(outer.offset(&[2]), encoded.len());
    }

    #[test]
    fn an_unsigned_integer_is_positive_and_minimal() {
        assert_eq!(unsigned(&[0, 0, 0x80]).encode(), [0x02, 0x02, 0x00, 0x80]);
        assert_eq!(unsigned(&[0x7f]).encode(), [0x02, 0x01, 0x7f]);
        assert_eq!(unsigned(&[]).encode(), [0x02, 0x01, 0x00]);
    }
}
