//! Base64 ([RFC 4648 §4]) and PEM ([RFC 7468]), strict but for white space.
//!
//! Values are published in lines of 76 or 64 columns, as one line, with and without PEM lines, with LF or CRLF: ASCII white space is
//! ignored wherever it stands. All else is strict: padding is required, its bits are zero, nothing stands outside a PEM block.
//!
//! [RFC 4648 §4]: https://www.rfc-editor.org/rfc/rfc4648#section-4
//! [RFC 7468]: https://www.rfc-editor.org/rfc/rfc7468

use base64::engine::general_purpose::STANDARD;
use base64::{DecodeError, Engine};

use crate::error::PemReason;

/// What is wrong, and at which byte of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EncodingFault {
    Base64 { at: usize },
    Pem { reason: PemReason, at: usize },
}

/// The bytes of `text`: base64, or one PEM block with one of `labels`.
pub(crate) fn decode(text: &[u8], labels: &[&str]) -> Result<Vec<u8>, EncodingFault> {
    match base64(text, 0) {
        Err(_) if has_pem_lines(text) => pem(text, labels),
        decoded => decoded,
    }
}

/// Does `text` have the dashes of a PEM line? Base64 has none.
pub(crate) fn has_pem_lines(text: &[u8]) -> bool {
    text.contains(&b'-') && find(text, DASHES).is_some()
}

/// The bytes of the one PEM block that `text` consists of.
fn pem(text: &[u8], labels: &[&str]) -> Result<Vec<u8>, EncodingFault> {
    let fault = |reason, rest: &[u8]| EncodingFault::Pem { reason, at: text.len() - rest.len() };

    let begin = text.trim_ascii_start();
    let after_begin = begin.strip_prefix(BEGIN).ok_or_else(|| fault(PemReason::Outside, begin))?;
    let label_length = find(after_begin, DASHES).ok_or_else(|| fault(PemReason::Label, after_begin))?;
    let (label, after_label) = after_begin.split_at(label_length);
    if !labels.iter().any(|allowed| allowed.as_bytes() == label) {
        return Err(fault(PemReason::Label, after_begin));
    }
    let body_and_end = after_label.strip_prefix(DASHES).unwrap_or(after_label);
    let body_length = find(body_and_end, DASHES).ok_or_else(|| fault(PemReason::End, &[]))?;
    let (body, end) = body_and_end.split_at(body_length);
    let outside = end
        .strip_prefix(END)
        .and_then(|rest| rest.strip_prefix(label))
        .and_then(|rest| rest.strip_prefix(DASHES))
        .ok_or_else(|| fault(PemReason::End, end))?
        .trim_ascii_start();
    if outside.starts_with(BEGIN) {
        return Err(fault(PemReason::SecondBlock, outside));
    }
    if !outside.is_empty() {
        return Err(fault(PemReason::Outside, outside));
    }
    base64(body, text.len() - body_and_end.len())
}

/// The bytes of `text`, which stands `start` bytes into what was presented.
fn base64(text: &[u8], start: usize) -> Result<Vec<u8>, EncodingFault> {
    let dense = without_white_space(text);
    STANDARD.decode(&dense).map_err(|error| {
        let index = match error {
            DecodeError::InvalidByte(index, _) | DecodeError::InvalidLastSymbol { offset: index, .. } => index,
            DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => dense.len(),
        };
        let at = text.iter().enumerate().filter(|(_, c)| !c.is_ascii_whitespace()).nth(index).map_or(text.len(), |(position, _)| position);
        EncodingFault::Base64 { at: start + at }
    })
}

fn without_white_space(text: &[u8]) -> Vec<u8> {
    let mut dense = Vec::with_capacity(text.len());
    let (blocks, rest) = text.as_chunks::<16>();
    for block in blocks {
        // Most blocks have no white space. All of a block is looked at in about the time of one byte.
        if block.iter().fold(false, |found, c| found | (*c <= b' ')) {
            push_without_white_space(block, &mut dense);
        } else {
            dense.extend_from_slice(block);
        }
    }
    push_without_white_space(rest, &mut dense);
    dense
}

fn push_without_white_space(text: &[u8], dense: &mut Vec<u8>) {
    text.iter().filter(|c| !c.is_ascii_whitespace()).for_each(|c| dense.push(*c));
}

fn find(text: &[u8], pattern: &[u8]) -> Option<usize> {
    text.windows(pattern.len()).position(|window| window == pattern)
}

const DASHES: &[u8] = b"-----";
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<u8>, EncodingFault> {
        decode(text.as_bytes(), &["PKCS7", "CMS"])
    }

    #[test]
    fn white_space_is_ignored_wherever_it_stands() {
        for text in ["aGVsbG8=", "aGVs\nbG8=", "aGVs\r\nbG8=\r\n", " a G\tVsbG8=\n", "aGVsbG8\n="] {
            assert_eq!(read(text).unwrap(), b"hello", "{text:?}");
        }
    }

    #[test]
    fn what_is_not_canonical_base64_is_refused_with_its_offset() {
        for (text, at) in [
            ("aGVsbG8", 7),
            ("aGVsbG8==", 7),
            ("aGVsbG9=", 6),
            ("aGVs\n*G8=", 5),
            ("aGVs_G8=", 4),
            ("aGVsbG8=\0", 8),
            ("aGV=bG8=", 3),
            ("=", 0),
            ("a", 1),
        ] {
            assert_eq!(read(text), Err(EncodingFault::Base64 { at }), "{text:?}");
        }
    }

    #[test]
    fn one_pem_block_of_an_allowed_label_is_read() {
        for text in [
            "-----BEGIN PKCS7-----\naGVs\nbG8=\n-----END PKCS7-----\n",
            "\n-----BEGIN CMS-----\r\naGVsbG8=\r\n-----END CMS-----",
            "-----BEGIN CMS-----aGVsbG8=-----END CMS-----",
        ] {
            assert_eq!(read(text).unwrap(), b"hello", "{text:?}");
        }
    }

    #[test]
    fn anything_but_one_pem_block_is_refused() {
        for (text, reason, at) in [
            ("-----BEGIN CERTIFICATE-----\naGVs\n-----END CERTIFICATE-----", PemReason::Label, 11),
            ("-----BEGIN PKCS7", PemReason::Label, 11),
            ("x\n-----BEGIN PKCS7-----\naGVs\n-----END PKCS7-----", PemReason::Outside, 0),
            ("-----BEGIN PKCS7-----\naGVs\n-----END PKCS7-----\nx", PemReason::Outside, 47),
            ("-----BEGIN PKCS7-----\naGVs\n-----END CMS-----", PemReason::End, 27),
            ("-----BEGIN PKCS7-----\naGVs\n", PemReason::End, 27),
            ("aGVs-----", PemReason::Outside, 0),
            ("-----BEGIN CMS-----\naGVs\n-----END CMS-----\n-----BEGIN CMS-----\naGVs\n-----END CMS-----", PemReason::SecondBlock, 43),
        ] {
            assert_eq!(read(text), Err(EncodingFault::Pem { reason, at }), "{text:?}");
        }
    }

    #[test]
    fn an_offset_inside_a_pem_block_counts_from_the_start_of_the_text() {
        assert_eq!(read("-----BEGIN CMS-----\na*Vs\n-----END CMS-----"), Err(EncodingFault::Base64 { at: 21 }));
    }
}
