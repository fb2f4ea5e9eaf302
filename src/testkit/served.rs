//! Base64 in lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Base64 as the metadata service serves it: lines of 76 characters, no newline at the end.
pub fn served(value: &[u8]) -> String {
    base64_lines(value, 76)
}

/// Base64 in lines.
pub(super) fn base64_lines(value: &[u8], width: usize) -> String {
    let text = STANDARD.encode(value);
    let lines: Vec<&str> = text.as_bytes().chunks(width).map(|line| core::str::from_utf8(line).unwrap_or_default()).collect();
    lines.join("\n")
}
