//! The strict, bounded reader of the BER that AWS serves ([X.690]).
//!
//! AWS encodes CMS values in BER with indefinite lengths, which DER readers refuse, around a SignerInfo in DER. This reader walks such
//! a value once, over the received bytes. The caller asks for the elements of a fixed grammar, so the reader's depth is the grammar's;
//! where an element is skipped, the depth is bounded. It allocates nothing and never recurses on the input.
//!
//! # Left out
//! High tag numbers, lengths of more than four octets, and a constructed string of more than one segment: each an [`Error`].
//!
//! [X.690]: https://www.itu.int/rec/T-REC-X.690

use crate::error::{BerReason, CmsReason, Error, Part};

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
const CONSTRUCTED_OCTET_STRING: u8 = 0x24;
/// A constructed element of context-specific tag `[number]`.
pub(crate) const fn context(number: u8) -> u8 {
    CONTEXT_CONSTRUCTED + number
}

/// A position in a BER value, and the end of the innermost element around it.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    part: Part,
    /// The length of the whole value.
    length: usize,
    /// The value up to the end of the innermost definite element: nothing inside may reach past it.
    input: &'a [u8],
    at: usize,
    /// Is the innermost element of indefinite length? Then end-of-contents octets end it.
    indefinite: bool,
    rules: Rules,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rules {
    /// Lengths are indefinite, or definite and not necessarily minimal.
    Ber,
    /// X.690 §10.1: lengths are definite and minimal.
    Der,
}

impl<'a> Reader<'a> {
    /// A reader of `input`, which is decoded from `part`.
    pub(crate) fn new(input: &'a [u8], part: Part) -> Self {
        Self { part, length: input.len(), input, at: 0, indefinite: false, rules: Rules::Ber }
    }

    /// The offset of the next byte.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// The fault `reason` at `at`, outside the profile.
    #[cold]
    pub(crate) fn unsupported(&self, reason: CmsReason, at: usize) -> Error {
        Error::UnsupportedCms { part: self.part, reason, at }
    }

    /// The value is no SignedData, as seen at `at`.
    pub(crate) fn not_signed_data(&self, at: usize) -> Error {
        Error::NotSignedData { part: self.part, at }
    }

    /// Is the next element of `tag`? False at the end.
    pub(crate) fn next_is(&self, tag: u8) -> bool {
        !self.at_end() && self.peek() == Some(tag)
    }

    /// Does the innermost element end here? Its end-of-contents octets, if it has them, are not checked yet.
    pub(crate) fn at_end(&self) -> bool {
        if self.indefinite { self.peek() == Some(END_OF_CONTENTS) } else { self.at == self.input.len() }
    }

    /// Reads the constructed element of `tag` that stands here: what is inside by `read`, and then its end.
    pub(crate) fn constructed<T>(&mut self, tag: u8, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let header = self.expect(tag)?;
        let (input, indefinite) = (self.input, self.indefinite);
        self.enter(header);
        let value = read(self)?;
        self.end()?;
        (self.input, self.indefinite) = (input, indefinite);
        Ok(value)
    }

    /// As [`constructed`](Self::constructed), under DER from the element's own header on.
    pub(crate) fn constructed_der<T>(&mut self, tag: u8, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let rules = std::mem::replace(&mut self.rules, Rules::Der);
        let value = self.constructed(tag, read)?;
        self.rules = rules;
        Ok(value)
    }

    /// The contents of the primitive element of `tag` that stands here.
    pub(crate) fn primitive(&mut self, tag: u8) -> Result<&'a [u8], Error> {
        let start = self.at;
        let length = self.expect(tag)?.length.ok_or_else(|| self.fault(BerReason::Length, start))?;
        self.take(length)
    }

    /// The contents of an OCTET STRING: primitive, or constructed with exactly one primitive segment.
    ///
    /// X.690 §8.7.3.2: the contents are the concatenation of the segments. AWS sends one; a second one is refused rather than joined.
    pub(crate) fn octet_string(&mut self) -> Result<&'a [u8], Error> {
        if !self.next_is(CONSTRUCTED_OCTET_STRING) {
            return self.primitive(OCTET_STRING);
        }
        self.constructed(CONSTRUCTED_OCTET_STRING, |reader| {
            if reader.next_is(CONSTRUCTED_OCTET_STRING) {
                return Err(reader.fault(BerReason::Depth, reader.at));
            }
            if reader.at_end() {
                return Err(reader.unsupported(CmsReason::Segments, reader.at));
            }
            let segment = reader.primitive(OCTET_STRING)?;
            if reader.next_is(OCTET_STRING) || reader.next_is(CONSTRUCTED_OCTET_STRING) {
                return Err(reader.unsupported(CmsReason::Segments, reader.at));
            }
            Ok(segment)
        })
    }

    /// The element of `tag` and of definite length that stands here: header and contents, unread.
    pub(crate) fn opaque(&mut self, tag: u8) -> Result<&'a [u8], Error> {
        let start = self.at;
        let length = self.expect(tag)?.length.ok_or_else(|| self.fault(BerReason::Length, start + 1))?;
        self.take(length)?;
        Ok(self.since(start))
    }

    /// The bytes from `start` to here.
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        self.input.get(start..self.at).unwrap_or_default()
    }

    /// Skips the element that stands here, whatever it is, and all inside it.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        // For each open element the input around it, and whether that is indefinite.
        let mut open: [(&[u8], bool); MAX_SKIPPED_DEPTH] = Default::default();
        let mut depth = 0;
        loop {
            let start = self.at;
            let header = self.header()?;
            if header.tag & CONSTRUCTED == 0 {
                let length = header.length.ok_or_else(|| self.fault(BerReason::Length, start))?;
                self.take(length)?;
            } else {
                let Some(frame) = open.get_mut(depth) else { return Err(self.fault(BerReason::Depth, start)) };
                *frame = (self.input, self.indefinite);
                depth += 1;
                self.enter(header);
            }
            while depth > 0 && self.at_end() {
                self.end()?;
                depth -= 1;
                (self.input, self.indefinite) = open.get(depth).copied().unwrap_or_default();
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// The value ends here; nothing may follow it.
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.at == self.length { Ok(()) } else { Err(self.fault(BerReason::Trailing, self.at)) }
    }

    /// What is inside the constructed element of `header`, which has just been read.
    fn enter(&mut self, header: Header) {
        if let Some(length) = header.length {
            self.input = self.input.get(..self.at + length).unwrap_or_default();
        }
        self.indefinite = header.length.is_none();
    }

    /// The end of the innermost element.
    fn end(&mut self) -> Result<(), Error> {
        if !self.indefinite {
            return if self.at == self.input.len() { Ok(()) } else { Err(self.fault(BerReason::Trailing, self.at)) };
        }
        let start = self.at;
        match self.take(2)? {
            [0, 0] => Ok(()),
            [0, _] => Err(self.fault(BerReason::EndOfContents, start)),
            _ => Err(self.fault(BerReason::Trailing, start)),
        }
    }

    fn expect(&mut self, tag: u8) -> Result<Header, Error> {
        let start = self.at;
        if self.at_end() {
            let reason = if self.indefinite { BerReason::EndOfContents } else { self.missing() };
            return Err(self.fault(reason, start));
        }
        if self.peek().is_some_and(|found| found != tag && found != END_OF_CONTENTS) {
            return Err(self.fault(BerReason::Tag, start));
        }
        self.header()
    }

    /// Identifier and length octets (X.690 §8.1.2, §8.1.3). A definite length stays inside the innermost element.
    fn header(&mut self) -> Result<Header, Error> {
        let start = self.at;
        let tag = self.octet()?;
        if tag == END_OF_CONTENTS {
            return Err(self.fault(BerReason::EndOfContents, start));
        }
        if tag & HIGH_TAG_NUMBER == HIGH_TAG_NUMBER {
            return Err(self.fault(BerReason::Tag, start));
        }
        let at = self.at;
        let first = self.octet()?;
        let length = match first {
            0..=0x7f => usize::from(first),
            INDEFINITE if self.rules == Rules::Der || tag & CONSTRUCTED == 0 => return Err(self.fault(BerReason::Length, at)),
            INDEFINITE => return Ok(Header { tag, length: None }),
            0x81..=0x84 => {
                let octets = self.take(usize::from(first & 0x7f))?;
                let length = octets.iter().fold(0_u64, |length, octet| length * 0x100 + u64::from(*octet));
                let minimal = length > 0x7f && octets.first() != Some(&0);
                if self.rules == Rules::Der && !minimal {
                    return Err(self.fault(BerReason::Length, at));
                }
                usize::try_from(length).map_err(|_| self.fault(BerReason::Length, at))?
            }
            _ => return Err(self.fault(BerReason::Length, at)),
        };
        if length > self.input.len().saturating_sub(self.at) {
            return Err(self.fault(self.missing(), at));
        }
        Ok(Header { tag, length: Some(length) })
    }

    /// The reason where bytes are missing: the input ends, or an element around ends before.
    fn missing(&self) -> BerReason {
        if self.input.len() == self.length { BerReason::Truncated } else { BerReason::Length }
    }

    fn octet(&mut self) -> Result<u8, Error> {
        let octet = self.peek().ok_or_else(|| self.fault(self.missing(), self.at))?;
        self.at += 1;
        Ok(octet)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(length);
        let taken = end.and_then(|end| self.input.get(self.at..end)).ok_or_else(|| self.fault(self.missing(), self.at))?;
        self.at += taken.len();
        Ok(taken)
    }

    fn peek(&self) -> Option<u8> {
        self.input.get(self.at).copied()
    }

    #[cold]
    fn fault(&self, reason: BerReason, at: usize) -> Error {
        Error::InvalidBer { part: self.part, reason, at }
    }
}

struct Header {
    tag: u8,
    /// `None` if indefinite.
    length: Option<usize>,
}

const CONSTRUCTED: u8 = 0x20;
const CONTEXT_CONSTRUCTED: u8 = 0xa0;
const END_OF_CONTENTS: u8 = 0x00;
const HIGH_TAG_NUMBER: u8 = 0x1f;
const INDEFINITE: u8 = 0x80;

/// Twice the depth of an X.509 certificate's extensions, the deepest that may have to be skipped.
const MAX_SKIPPED_DEPTH: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const PART: Part = Part::Signature(None);

    fn reader(input: &[u8]) -> Reader<'_> {
        Reader::new(input, PART)
    }

    fn ber(reason: BerReason, at: usize) -> Error {
        Error::InvalidBer { part: PART, reason, at }
    }

    /// A SEQUENCE of INTEGERs and nothing else.
    fn integers<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a [u8]>, Error> {
        reader.constructed(SEQUENCE, |reader| {
            let mut integers = Vec::new();
            while !reader.at_end() {
                integers.push(reader.primitive(INTEGER)?);
            }
            Ok(integers)
        })
    }

    #[test]
    fn a_length_is_indefinite_or_definite_and_need_not_be_minimal() {
        for input in [
            &[0x30, 0x03, 0x02, 0x01, 0x07][..],
            &[0x30, 0x80, 0x02, 0x01, 0x07, 0x00, 0x00],
            &[0x30, 0x81, 0x03, 0x02, 0x01, 0x07],
            &[0x30, 0x84, 0x00, 0x00, 0x00, 0x05, 0x02, 0x82, 0x00, 0x01, 0x07],
        ] {
            let mut reader = reader(input);
            assert_eq!(integers(&mut reader).unwrap(), [[0x07]], "{input:02x?}");
            assert_eq!(reader.finish(), Ok(()), "{input:02x?}");
        }
    }

    #[test]
    fn inside_a_der_element_a_length_is_definite_and_minimal() {
        for (input, at) in [
            (&[0x30, 0x80, 0x02, 0x01, 0x07, 0x00, 0x00][..], 1),
            (&[0x30, 0x81, 0x03, 0x02, 0x01, 0x07], 1),
            (&[0x30, 0x04, 0x02, 0x81, 0x01, 0x07], 3),
            (&[0x30, 0x05, 0x02, 0x82, 0x00, 0x01, 0x07], 3),
            (&[&[0x30, 0x81, 0x7f, 0x02, 0x7d], [0; 0x7d].as_slice()].concat(), 1),
        ] {
            let error = reader(input).constructed_der(SEQUENCE, |reader| reader.primitive(INTEGER)).unwrap_err();
            assert_eq!(error, ber(BerReason::Length, at), "{input:02x?}");
        }
        let shortest = [&[0x30, 0x81, 0x80, 0x02, 0x7e], [0x01; 0x7e].as_slice()].concat();
        let integer = reader(&shortest).constructed_der(SEQUENCE, |reader| reader.primitive(INTEGER)).unwrap();
        assert_eq!(integer, [0x01; 0x7e]);
        let long = [&[0x30, 0x81, 0x83, 0x02, 0x81, 0x80][..], &[0x07; 0x80]].concat();
        assert_eq!(reader(&long).constructed_der(SEQUENCE, |reader| reader.primitive(INTEGER)).unwrap(), [0x07; 0x80]);
    }

    #[test]
    fn der_ends_with_its_element() {
        let input = [0x30, 0x80, 0x30, 0x00, 0x30, 0x80, 0x00, 0x00, 0x00, 0x00];
        let read = reader(&input).constructed(SEQUENCE, |reader| {
            reader.constructed_der(SEQUENCE, |_| Ok(()))?;
            reader.constructed(SEQUENCE, |_| Ok(()))
        });
        assert_eq!(read, Ok(()));
    }

    #[test]
    fn every_fault_is_named_with_its_offset() {
        for (input, reason, at) in [
            (&[][..], BerReason::Truncated, 0),
            (&[0x30], BerReason::Truncated, 1),
            (&[0x30, 0x81], BerReason::Truncated, 2),
            (&[0x30, 0x82, 0x06], BerReason::Truncated, 2),
            (&[0x30, 0x84, 0x01], BerReason::Truncated, 2),
            (&[0x30, 0x80], BerReason::Truncated, 2),
            (&[0x30, 0x80, 0x02, 0x01, 0x07], BerReason::Truncated, 5),
            (&[0x30, 0x80, 0x02, 0x01, 0x07, 0x00], BerReason::Truncated, 5),
            (&[0x30, 0x03, 0x02, 0x01], BerReason::Truncated, 1),
            (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], BerReason::Truncated, 1),
            (&[0x30, 0x85, 0x00, 0x00, 0x00, 0x00, 0x00], BerReason::Length, 1),
            (&[0x30, 0x89, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00], BerReason::Length, 1),
            (&[0x30, 0xff], BerReason::Length, 1),
            (&[0x30, 0x80, 0x02, 0x80, 0x07, 0x00, 0x00], BerReason::Length, 3),
            (&[0x30, 0x03, 0x02, 0x02, 0x07, 0x00], BerReason::Length, 3),
            (&[0x30, 0x04, 0x02, 0x01, 0x07, 0x02], BerReason::Truncated, 6),
            (&[0x30, 0x05, 0x02, 0x01, 0x07, 0x00, 0x00], BerReason::EndOfContents, 5),
            (&[0x30, 0x80, 0x02, 0x01, 0x07, 0x00, 0x01], BerReason::EndOfContents, 5),
            (&[0x31, 0x00], BerReason::Tag, 0),
            (&[0x1f, 0x05], BerReason::Tag, 0),
            (&[0x1f, 0x80], BerReason::Tag, 0),
            (&[0x5f, 0x4d], BerReason::Tag, 0),
            (&[0x80], BerReason::Tag, 0),
            (&[0x30, 0x03, 0x04, 0x01, 0x07], BerReason::Tag, 2),
            (&[0x30, 0x00, 0x00], BerReason::Trailing, 2),
        ] {
            let mut reader = reader(input);
            let error = integers(&mut reader).map(drop).and_then(|()| reader.finish()).unwrap_err();
            assert_eq!(error, ber(reason, at), "{input:02x?}");
        }
    }

    #[test]
    fn what_an_element_holds_is_read_to_its_end() {
        let one = |input| reader(input).constructed(SEQUENCE, |reader| reader.primitive(INTEGER)).unwrap_err();
        assert_eq!(one(&[0x30, 0x06, 0x02, 0x01, 0x07, 0x02, 0x01, 0x07]), ber(BerReason::Trailing, 5));
        assert_eq!(one(&[0x30, 0x80, 0x02, 0x01, 0x07, 0x02, 0x01, 0x07, 0x00, 0x00]), ber(BerReason::Trailing, 5));
        assert_eq!(one(&[0x30, 0x80, 0x00, 0x00]), ber(BerReason::EndOfContents, 2));
    }

    #[test]
    fn an_octet_string_is_primitive_or_has_one_primitive_segment() {
        for input in [&[0x04, 0x01, 0x07][..], &[0x24, 0x03, 0x04, 0x01, 0x07], &[0x24, 0x80, 0x04, 0x01, 0x07, 0x00, 0x00]] {
            assert_eq!(reader(input).octet_string().unwrap(), [0x07], "{input:02x?}");
        }
        let segments = |at| Error::UnsupportedCms { part: PART, reason: CmsReason::Segments, at };
        for (input, error) in [
            (&[0x24, 0x80, 0x00, 0x00][..], segments(2)),
            (&[0x24, 0x00], segments(2)),
            (&[0x24, 0x80, 0x04, 0x01, 0x07, 0x04, 0x01, 0x07, 0x00, 0x00], segments(5)),
            (&[0x24, 0x80, 0x04, 0x00, 0x24, 0x80, 0x00, 0x00, 0x00, 0x00], segments(4)),
            (&[0x24, 0x80, 0x24, 0x80, 0x04, 0x01, 0x07, 0x00, 0x00, 0x00, 0x00], ber(BerReason::Depth, 2)),
            (&[0x24, 0x80, 0x02, 0x01, 0x07, 0x00, 0x00], ber(BerReason::Tag, 2)),
        ] {
            assert_eq!(reader(input).octet_string().unwrap_err(), error, "{input:02x?}");
        }
    }

    #[test]
    fn skipping_takes_one_element_and_all_inside_it() {
        for element in [
            &[0x02, 0x01, 0x07][..],
            &[0x30, 0x00],
            &[0x30, 0x80, 0x00, 0x00],
            &[0x30, 0x80, 0x02, 0x01, 0x00, 0x30, 0x04, 0x31, 0x80, 0x00, 0x00, 0x00, 0x00],
            &[0xa0, 0x05, 0x30, 0x03, 0x02, 0x01, 0x07],
        ] {
            let input = [element, &[0x05, 0x00]].concat();
            let mut reader = reader(&input);
            reader.skip().unwrap();
            assert_eq!((reader.since(0), reader.offset()), (element, element.len()));
            assert_eq!(reader.primitive(NULL), Ok(&[][..]));
        }
    }

    #[test]
    fn skipping_goes_sixteen_levels_deep_and_no_deeper() {
        let nested = |levels: usize| [[0x30, 0x80].repeat(levels), [0x00, 0x00].repeat(levels)].concat();
        assert_eq!(reader(&nested(16)).skip(), Ok(()));
        assert_eq!(reader(&nested(17)).skip(), Err(ber(BerReason::Depth, 32)));
        assert_eq!(reader(&nested(100_000)).skip(), Err(ber(BerReason::Depth, 32)));
    }

    #[test]
    fn an_opaque_element_is_taken_by_its_length_unread() {
        let input = [0x30, 0x02, 0xff, 0xff, 0x05, 0x00];
        assert_eq!(reader(&input).opaque(SEQUENCE).unwrap(), &input[..4]);
        assert_eq!(reader(&[0x30, 0x80, 0x00, 0x00]).opaque(SEQUENCE).unwrap_err(), ber(BerReason::Length, 1));
    }
}
