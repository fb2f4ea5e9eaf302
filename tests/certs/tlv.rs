//! A small writer of DER, of its own so that it does not share a mistake with the readers it tests.

/// The element of `tag` with `contents`.
pub(crate) fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let header = match length {
        0..=0x7f => vec![tag, length as u8],
        _ => [&[tag, 0x80 | octets.len() as u8], &octets[..]].concat(),
    };
    [header, contents.to_vec()].concat()
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// The INTEGER of a big-endian number that may have leading zeros.
pub(crate) fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|octet| **octet == 0).count().min(number.len() - 1);
    let number = &number[zeros..];
    let sign: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
    tlv(0x02, &[sign, number].concat())
}

/// A BIT STRING without unused bits.
pub(crate) fn bit_string(contents: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], contents].concat())
}

/// The contents of the one element that `element` is.
pub(crate) fn contents(element: &[u8]) -> &[u8] {
    let (contents, rest) = split(element);
    assert!(rest.is_empty());
    contents
}

/// The elements inside the constructed element that `element` is.
pub(crate) fn elements(element: &[u8]) -> Vec<&[u8]> {
    let mut rest = contents(element);
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let after = split(rest).1;
        elements.push(&rest[..rest.len() - after.len()]);
        rest = after;
    }
    elements
}

/// The contents of the first element, and what follows it.
fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let octets = usize::from(input[1].saturating_sub(0x80));
    let length = match octets {
        0 => usize::from(input[1]),
        _ => input[2..2 + octets].iter().fold(0, |length, octet| length << 8 | usize::from(*octet)),
    };
    input[2 + octets..].split_at(length)
}

/// `certificate` with another SubjectPublicKeyInfo. Its signature is then wrong, which nobody checks: it is a pinned key.
pub(crate) fn with_key(certificate: &[u8], key: &[u8]) -> Vec<u8> {
    let mut parts = elements(certificate);
    let mut tbs = elements(parts[0]);
    let index = key_index(&tbs);
    tbs[index] = key;
    let tbs = sequence(&tbs);
    parts[0] = &tbs;
    sequence(&parts)
}

/// The SubjectPublicKeyInfo of `certificate`.
pub(crate) fn key_of(certificate: &[u8]) -> Vec<u8> {
    let tbs = elements(elements(certificate)[0]);
    tbs[key_index(&tbs)].to_vec()
}

/// RFC 5280 §4.1: [0] version (absent in v1), serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo.
fn key_index(tbs: &[&[u8]]) -> usize {
    if tbs[0][0] == 0xa0 { 6 } else { 5 }
}

#[test]
fn a_certificate_written_again_is_the_same() {
    for slot in ["us-east-1/dsa", "us-east-1/rsa", "cn-north-1/dsa"] {
        let certificate = crate::der(&crate::pem(slot));
        assert_eq!(with_key(&certificate, &key_of(&certificate)), certificate);
    }
}
