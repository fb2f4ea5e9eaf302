//! Signed attributes that this crate does not know: are they DER ([X.690 §8, §10, §11])?
//!
//! A reader that takes them apart and writes them again, as OpenSSL does, must come out at the octets that were signed.
//!
//! # Left out
//! EXTERNAL, EMBEDDED PDV and CHARACTER STRING, the other constructed universal types: refused. Texts and times: any octets will do.
//!
//! [X.690 §8, §10, §11]: https://www.itu.int/rec/T-REC-X.690

use crate::asn1::{INTEGER, NULL, OID, SEQUENCE, SET};

/// Are the elements that `bytes` consist of DER? Their lengths are: the reader has skipped them.
pub(super) fn is_der(mut bytes: &[u8]) -> bool {
    while let [tag, first, rest @ ..] = bytes {
        let octets = if matches!(first, 0..=0x7f) { 0 } else { usize::from(first & 0x7f) };
        let Some((long, inside)) = rest.split_at_checked(octets) else { return false };
        let length = match octets {
            0 => usize::from(*first),
            _ => long.iter().fold(0, |length, octet| length * 0x100 + usize::from(*octet)),
        };
        let is_universal = tag & CLASS == 0;
        if tag & CONSTRUCTED != 0 {
            if is_universal && *tag != SEQUENCE && *tag != SET {
                return false;
            }
            // What is inside comes next.
            bytes = inside;
            continue;
        }
        let Some((contents, after)) = inside.split_at_checked(length) else { return false };
        if is_universal && !is_der_of(*tag, contents) {
            return false;
        }
        bytes = after;
    }
    bytes.is_empty()
}

/// X.690 §8.19.2: the last octet of each subidentifier has bit 8 clear, the first is not 80.
pub(super) fn is_oid(contents: &[u8]) -> bool {
    let mut starts = true;
    for octet in contents {
        if starts && *octet == 0x80 {
            return false;
        }
        starts = octet & 0x80 == 0;
    }
    starts && !contents.is_empty()
}

/// The contents of a primitive element of a universal type.
fn is_der_of(tag: u8, contents: &[u8]) -> bool {
    match (tag, contents) {
        (BOOLEAN, contents) => matches!(contents, [0x00 | 0xff]),
        // X.690 §8.3.2: the first nine bits are not all the same.
        (INTEGER | ENUMERATED, [first, second, ..]) => !matches!((first, second), (0x00, 0x00..=0x7f) | (0xff, 0x80..=0xff)),
        (INTEGER | ENUMERATED, contents) => !contents.is_empty(),
        // X.690 §11.2.1: unused bits are zero.
        (BIT_STRING, [unused, bits @ ..]) => *unused < 8 && bits.last().map_or(*unused == 0, |last| last & ((1 << unused) - 1) == 0),
        (BIT_STRING, []) => false,
        (NULL, contents) => contents.is_empty(),
        (OID, contents) => is_oid(contents),
        (BMP_STRING, contents) => contents.len().is_multiple_of(2),
        (UNIVERSAL_STRING, contents) => contents.len().is_multiple_of(4),
        // The same types, constructed.
        (PRIMITIVE_SEQUENCE | PRIMITIVE_SET, _) => false,
        _ => true,
    }
}

const BOOLEAN: u8 = 0x01;
const BIT_STRING: u8 = 0x03;
const ENUMERATED: u8 = 0x0a;
const PRIMITIVE_SEQUENCE: u8 = 0x10;
const PRIMITIVE_SET: u8 = 0x11;
const UNIVERSAL_STRING: u8 = 0x1c;
const BMP_STRING: u8 = 0x1e;
const CLASS: u8 = 0xc0;
const CONSTRUCTED: u8 = 0x20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_der_is_taken_at_any_depth() {
        for bytes in [
            &[0x05, 0x00][..],
            &[0x30, 0x00],
            &[0x30, 0x05, 0x02, 0x01, 0x80, 0x05, 0x00],
            &[0xa0, 0x02, 0x05, 0x00],
            &[0x04, 0x02, 0xff, 0xff],
            &[0x01, 0x01, 0xff],
            &[0x02, 0x02, 0x00, 0x80],
            &[0x03, 0x02, 0x07, 0x80],
            &[0x03, 0x01, 0x00],
            &[0x06, 0x03, 0x2a, 0x81, 0x00],
            &[0x85, 0x01, 0x80],
            &[&[0x04, 0x81, 0x80], [0x05; 0x80].as_slice()].concat(),
            &[&[0x04, 0x82, 0x02, 0x01], [0x05; 0x201].as_slice()].concat(),
        ] {
            assert!(is_der(bytes), "{bytes:02x?}");
        }
    }

    #[test]
    fn what_is_not_der_is_found_at_any_depth() {
        for bytes in [
            &[0x24, 0x03, 0x04, 0x01, 0x01][..],
            &[0x28, 0x02, 0x05, 0x00],
            &[0x10, 0x00],
            &[0x11, 0x00],
            &[0x05, 0x01, 0x00],
            &[0x01, 0x00],
            &[0x01, 0x01, 0x01],
            &[0x02, 0x00],
            &[0x02, 0x02, 0x00, 0x7f],
            &[0x0a, 0x02, 0xff, 0x80],
            &[0x03, 0x00],
            &[0x03, 0x01, 0x01],
            &[0x03, 0x02, 0x08, 0x00],
            &[0x03, 0x02, 0x07, 0x81],
            &[0x06, 0x00],
            &[0x06, 0x02, 0x2a, 0x80],
            &[0x06, 0x02, 0x80, 0x01],
            &[0x1e, 0x01, 0x41],
            &[0x1c, 0x02, 0x00, 0x41],
        ] {
            assert!(!is_der(bytes), "{bytes:02x?}");
            let inside = [&[0x30, 2 + bytes.len() as u8, 0xa0, bytes.len() as u8], bytes, &[]].concat();
            assert!(!is_der(&inside), "{inside:02x?}");
        }
    }
}
