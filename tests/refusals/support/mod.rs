//! What the tests are made with: captures, test keys, and a byte writer that takes CMS values apart and builds them.

pub(crate) mod captures;
pub(crate) mod cms;
pub(crate) mod keys;
pub(crate) mod tlv;

use instance_identity::{Error, Part, SignatureKind};

/// A signature whose kind the caller did not name.
pub(crate) const UNNAMED: Part = Part::Signature(None);

/// The field of an evidence.
pub(crate) const fn named(kind: SignatureKind) -> Part {
    Part::Signature(Some(kind))
}

/// Where `needle` first stands in `bytes`.
pub(crate) fn position(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).position(|window| window == needle).expect("the needle is there")
}

/// `text` with what stands once as `from` replaced by `to`.
pub(crate) fn replaced(text: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = position(text, from.as_bytes());
    [&text[..at], to.as_bytes(), &text[at + from.len()..]].concat()
}

/// The error, which it has to be.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Error {
    result.unwrap_err()
}
