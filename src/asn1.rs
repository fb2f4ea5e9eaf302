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
/// A constructed element of context-specific tag `[number]`.
pub(crate) const fn context(number: u8) -> u8 {
    CONTEXT | CONSTRUCTED | number
}

/// A position in a BER value, and the end of the innermost element around it.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    part: Part,
    input: &'a [u8],
    at: usize,
    /// Where the innermost definite element ends: nothing inside may reach past it.
    limit: usize,
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
        Self { part, input, at: 0, limit: input.len(), indefinite: false, rules: Rules::Ber }
    }

    /// The offset of the next byte.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// The fault `reason` at `at`, outside the profile.
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
        if self.indefinite { self.peek() == Some(END_OF_CONTENTS) } else { self.at == self.limit }
    }

    /// Reads the constructed element of `tag` that stands here: what is inside by `read`, and then its end.
    pub(crate) fn constructed<T>(&mut self, tag: u8, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let header = self.expect(tag)?;
        let (limit, indefinite) = (self.limit, self.indefinite);
        if let Some(length) = header.length {
            self.limit = self.at + length;
        }
        self.indefinite = header.length.is_none();
        let value = read(self)?;
        self.end()?;
        (self.limit, self.indefinite) = (limit, indefinite);
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
        let length = self.expect(tag)?.length.ok_or(self.fault(BerReason::Length, start))?;
        self.take(length)
    }

    /// The contents of an OCTET STRING: primitive, or constructed with exactly one primitive segment.
    ///
    /// X.690 §8.7.3.2: the contents are the concatenation of the segments. AWS sends one; a second one is refused rather than joined.
    pub(crate) fn octet_string(&mut self) -> Result<&'a [u8], Error> {
        if !self.next_is(OCTET_STRING | CONSTRUCTED) {
            return self.primitive(OCTET_STRING);
        }
        self.constructed(OCTET_STRING | CONSTRUCTED, |reader| {
            if reader.next_is(OCTET_STRING | CONSTRUCTED) {
                return Err(reader.fault(BerReason::Depth, reader.at));
            }
            if reader.at_end() {
                return Err(reader.unsupported(CmsReason::Segments, reader.at));
            }
            let segment = reader.primitive(OCTET_STRING)?;
            if reader.next_is(OCTET_STRING) || reader.next_is(OCTET_STRING | CONSTRUCTED) {
                return Err(reader.unsupported(CmsReason::Segments, reader.at));
            }
            Ok(segment)
        })
    }

    /// The element of `tag` and of definite length that stands here: header and contents, unread.
    pub(crate) fn opaque(&mut self, tag: u8) -> Result<&'a [u8], Error> {
        let start = self.at;
        let length = self.expect(tag)?.length.ok_or(self.fault(BerReason::Length, start))?;
        self.take(length)?;
        Ok(self.since(start))
    }

    /// The bytes from `start` to here.
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        self.input.get(start..self.at).unwrap_or_default()
    }

    /// Skips the element that stands here, whatever it is, and all inside it.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        // For each open element its outer limit and whether it is indefinite.
        let mut open = [(0, false); MAX_SKIPPED_DEPTH];
        let mut depth = 0;
        loop {
            let start = self.at;
            let header = self.header()?;
            if header.tag & CONSTRUCTED == 0 {
                let length = header.length.ok_or(self.fault(BerReason::Length, start))?;
                self.take(length)?;
            } else {
                let frame = open.get_mut(depth).ok_or(Error::InvalidBer { part: self.part, reason: BerReason::Depth, at: start })?;
                *frame = (self.limit, self.indefinite);
                depth += 1;
                if let Some(length) = header.length {
                    self.limit = self.at + length;
                }
                self.indefinite = header.length.is_none();
            }
            while depth > 0 && self.at_end() {
                self.end()?;
                depth -= 1;
                (self.limit, self.indefinite) = open.get(depth).copied().unwrap_or_default();
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// The value ends here; nothing may follow it.
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.at == self.input.len() { Ok(()) } else { Err(self.fault(BerReason::Trailing, self.at)) }
    }

    /// The end of the innermost element.
    fn end(&mut self) -> Result<(), Error> {
        if !self.indefinite {
            return if self.at == self.limit { Ok(()) } else { Err(self.fault(BerReason::Trailing, self.at)) };
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
        if self.peek().is_some_and(|found| found != tag && found != END_OF_CONTENTS && found & HIGH_TAG_NUMBER != HIGH_TAG_NUMBER) {
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
                let length = octets.iter().fold(0_u64, |length, octet| length << 8 | u64::from(*octet));
                let minimal = length > 0x7f && octets.first() != Some(&0);
                if self.rules == Rules::Der && !minimal {
                    return Err(self.fault(BerReason::Length, at));
                }
                usize::try_from(length).map_err(|_| self.fault(BerReason::Length, at))?
            }
            _ => return Err(self.fault(BerReason::Length, at)),
        };
        if length > self.limit.saturating_sub(self.at) {
            return Err(self.fault(self.missing(), at));
        }
        Ok(Header { tag, length: Some(length) })
    }

    /// The reason where bytes are missing: the input ends, or an element around ends before.
    fn missing(&self) -> BerReason {
        if self.limit == self.input.len() { BerReason::Truncated } else { BerReason::Length }
    }

    fn octet(&mut self) -> Result<u8, Error> {
        match self.take(1)? {
            [octet] => Ok(*octet),
            _ => Err(self.fault(BerReason::Truncated, self.at)),
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.limit);
        let taken = end.and_then(|end| self.input.get(self.at..end)).ok_or(self.fault(self.missing(), self.at))?;
        self.at += taken.len();
        Ok(taken)
    }

    fn peek(&self) -> Option<u8> {
        if self.at < self.limit { self.input.get(self.at).copied() } else { None }
    }

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
const CONTEXT: u8 = 0x80;
const END_OF_CONTENTS: u8 = 0x00;
const HIGH_TAG_NUMBER: u8 = 0x1f;
const INDEFINITE: u8 = 0x80;

/// Twice the depth of an X.509 certificate's extensions, the deepest that may have to be skipped.
const MAX_SKIPPED_DEPTH: usize = 16;
