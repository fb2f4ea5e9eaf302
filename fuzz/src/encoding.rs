//! Base64 and PEM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64ct::Encoding as _;
use instance_identity::internals::decode;

use crate::tokens;

/// Text without dashes is decoded exactly if, white space aside, two other libraries decode it, to the same bytes; and what decodes encodes
/// to the same text again. A fault is inside of the text.
pub fn base64(text: &[u8]) {
    let decoded = decode(text, &LABELS);
    let dense = dense(text);
    match &decoded {
        Ok(bytes) if !has_dashes(text) => assert_eq!(STANDARD.encode(bytes).as_bytes(), dense, "it encodes to the same text"),
        Ok(_) => {}
        Err(at) => assert!(*at <= text.len(), "the fault is inside of the text"),
    }
    if !has_dashes(text) {
        assert_eq!(decoded.as_ref().ok(), STANDARD.decode(&dense).ok().as_ref(), "as base64 has it");
        let text = std::str::from_utf8(&dense).ok();
        assert_eq!(decoded.ok(), text.and_then(|text| base64ct::Base64::decode_vec(text).ok()), "as base64ct has it");
    }
}

/// A PEM block that decodes is that label, the base64 of the bytes, and that label again, with white space anywhere in or around the base64.
/// What a strict reader of RFC 7468 reads decodes to the same bytes, if nothing stands before it.
pub fn pem(data: &[u8]) {
    let text = tokens::expand(data, &WORDS);
    let decoded = decode(&text, &LABELS);
    match &decoded {
        Ok(bytes) if has_dashes(&text) => {
            let body = STANDARD.encode(bytes);
            let is_block = |label: &&str| dense(&text) == dense(format!("-----BEGIN {label}-----{body}-----END {label}-----").as_bytes());
            let label = LABELS.iter().find(|label| is_block(label)).expect("the text is a block of that label and no more");
            // No white space is taken out of a label or of the dashes.
            let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
            let trimmed = text.trim_ascii();
            assert!(trimmed.starts_with(begin.as_bytes()) && trimmed.ends_with(end.as_bytes()), "both lines stand there whole");
        }
        Ok(_) => {}
        Err(at) => assert!(*at <= text.len(), "the fault is inside of the text"),
    }
    if let Ok((label, bytes)) = pem_rfc7468::decode_vec(&text)
        && LABELS.contains(&label)
        && text.starts_with(b"-----BEGIN ")
    {
        assert_eq!(decoded, Ok(bytes), "as pem-rfc7468 has it");
    }
}

fn has_dashes(text: &[u8]) -> bool {
    text.windows(5).any(|window| window == b"-----")
}

fn dense(text: &[u8]) -> Vec<u8> {
    // RFC 4648 does not say what white space is; the crate takes that of HTML: no vertical tab.
    text.iter().copied().filter(|c| !matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)).collect()
}

const LABELS: [&str; 3] = ["PKCS7", "CMS", "CERTIFICATE"];

/// For [`tokens::expand`].
pub const WORDS: [&str; 12] = [
    "-----BEGIN PKCS7-----",
    "-----END PKCS7-----",
    "-----BEGIN CMS-----",
    "-----END CMS-----",
    "-----BEGIN ",
    "-----END ",
    "-----",
    "CERTIFICATE",
    "X509 CERTIFICATE",
    "aGVsbG8=",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuJ3y3XQ8Pq0o5v8nq2l1",
    "\r\n",
];
