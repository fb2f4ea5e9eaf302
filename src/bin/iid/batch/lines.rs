//! Lines, cut out of an input that comes in blocks.

use std::io::BufRead as _;

use crate::verify::MAX_READ;

/// Lines that have come, and, while they are being read, the beginning of the next.
#[derive(Default)]
pub(super) struct Lines {
    /// The complete lines without LF, then the beginning of the next.
    bytes: Vec<u8>,
    /// Where in `bytes` each complete line ends.
    ends: Vec<usize>,
}

impl Lines {
    /// Adds what has come, up to so many lines. Says how many bytes were added.
    pub(super) fn push(&mut self, block: &[u8]) -> usize {
        self.bytes.reserve(block.len());
        let mut rest = block;
        while !rest.is_empty() && self.ends.len() < MAX_LINES {
            let from_here = rest;
            // Reading from a slice does not fail. It is quicker than an iterator over the bytes.
            let length = rest.skip_until(b'\n').unwrap_or(from_here.len());
            let piece = from_here.get(..length).unwrap_or(from_here);
            self.extend(piece.strip_suffix(b"\n").unwrap_or(piece));
            if piece.ends_with(b"\n") {
                self.ends.push(self.bytes.len());
            }
        }
        block.len() - rest.len()
    }

    /// What is left at the end of the input is the last line, if it is anything.
    pub(super) fn end_input(&mut self) {
        if self.bytes.len() > self.complete_bytes() {
            self.ends.push(self.bytes.len());
        }
    }

    /// The complete lines, if there are any; the beginning of the next stays.
    pub(super) fn take_complete(&mut self) -> Option<Self> {
        if self.ends.is_empty() {
            return None;
        }
        let bytes = self.bytes.split_off(self.complete_bytes());
        Some(std::mem::replace(self, Self { bytes, ends: Vec::new() }))
    }

    /// The complete lines, without LF or CR LF. One that is over the limit of an evidence may be cut, but not to the limit.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let lines = starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default());
        lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Where the line begins that is not complete.
    fn complete_bytes(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Adds to the line that is not complete, up to what is kept of one.
    fn extend(&mut self, piece: &[u8]) {
        let room = MAX_LINE.saturating_sub(self.bytes.len() - self.complete_bytes());
        self.bytes.extend_from_slice(piece.get(..room).unwrap_or(piece));
    }
}

/// A result is longer than a short line: 300 bytes where the line is empty.
const MAX_LINES: usize = 1024;
/// Above the limit of an evidence, so that a longer line is refused by the library, not read as what is left of it.
const MAX_LINE: usize = MAX_READ as usize;

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;

    /// The lines of `input`, if it comes in blocks of so many bytes.
    fn lines_of(input: &[u8], block: usize) -> Vec<Vec<u8>> {
        let (mut reading, mut found) = (Lines::default(), Vec::new());
        let mut take = |reading: &mut Lines| {
            if let Some(lines) = reading.take_complete() {
                assert_eq!(lines.len(), lines.iter().count());
                found.extend(lines.iter().map(<[u8]>::to_vec));
            }
        };
        for mut block in input.chunks(block) {
            while !block.is_empty() {
                block = &block[reading.push(block)..];
                take(&mut reading);
            }
        }
        reading.end_input();
        take(&mut reading);
        found
    }

    #[test]
    fn lines_are_the_same_however_the_input_is_cut() {
        for (input, lines) in [
            (&b""[..], &[][..]),
            (b"\n", &[&b""[..]]),
            (b"a", &[b"a"]),
            (b"a\n", &[b"a"]),
            (b"a\r\n\r\nb", &[b"a", b"", b"b"]),
            (b"a\n\n\nbc\n", &[b"a", b"", b"", b"bc"]),
            (b"a\rb\r\r\n\r", &[b"a\rb\r", b""]),
        ] {
            for block in 1..=input.len() + 1 {
                assert_eq!(lines_of(input, block), lines, "{input:?} in blocks of {block}");
            }
        }
    }

    #[test]
    fn no_more_than_so_many_lines_are_taken_at_a_time() {
        let mut reading = Lines::default();
        assert_eq!(reading.push(&[b'\n'; 3 * MAX_LINES]), MAX_LINES);
        assert_eq!(reading.push(b"\n"), 0);
        assert_eq!(reading.take_complete().map(|lines| lines.len()), Some(MAX_LINES));
        assert_eq!(lines_of(&[b'\n'; 3 * MAX_LINES], 3 * MAX_LINES).len(), 3 * MAX_LINES);
    }

    #[test]
    fn of_a_long_line_no_more_than_the_limit_is_kept() {
        let input = [&vec![b'x'; 3 * MAX_LINE][..], b"\na\n", &vec![b'y'; MAX_LINE], b"\n", &vec![b'z'; MAX_LINE + 1]].concat();
        for block in [1000, 64 * 1024, input.len()] {
            let lines = lines_of(&input, block);
            let lengths: Vec<usize> = lines.iter().map(Vec::len).collect();
            assert_eq!(lengths, [MAX_LINE, 1, MAX_LINE, MAX_LINE]);
        }
    }

    #[test]
    fn a_line_that_does_not_end_takes_no_more_memory_than_the_limit() {
        let mut reading = Lines::default();
        for _ in 0..100 {
            reading.push(&[b'x'; 64 * 1024]);
            assert!(reading.take_complete().is_none());
        }
        assert!(reading.bytes.capacity() <= 2 * MAX_LINE, "{}", reading.bytes.capacity());
    }
}
