//! RSA signatures, bare and in CMS. Encoded messages are signed as they stand.

use instance_identity::testkit::{TestKey, served};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::value::{RSA2048, difference, document, fields, signed_octets, sum, text, value, with_signature};
use crate::vector::Corpus;

const INVALID: &str = "signature_invalid";

pub(crate) fn add(to: &mut Corpus) {
    let document = document();
    let signed = signed_octets(&value(RSA2048));
    octets(to, &document, &signed);
    encodings(to, &document, &signed);
    searched(to);
}

/// A signature as a `/signature` value, or in a CMS value.
fn present<'a>(to: &'a mut Corpus, name: &str, comment: &str, key: TestKey, signature: &[u8]) -> &'a mut crate::vector::Vector {
    match key {
        TestKey::Rsa1024 => to.add(name, INVALID, comment, served(signature)).document(document()),
        _ => to.add(name, INVALID, comment, text(&with_signature(RSA2048, signature))),
    }
}

fn octets(to: &mut Corpus, document: &[u8], signed: &[u8]) {
    for (form, key, right) in
        [("bare", TestKey::Rsa1024, TestKey::Rsa1024.sign(document)), ("cms", TestKey::Rsa2048, TestKey::Rsa2048.sign(signed))]
    {
        let mut add = |name: &str, comment: &str, signature: Vec<u8>| {
            let form =
                if name.starts_with("rsa-bit") { String::new() } else { format!("{}{form}", if name.contains('.') { "-" } else { "." }) };
            present(to, &format!("{name}{form}"), comment, key, &signature);
        };
        assert_ne!(right[0], 0x30, "one byte longer a bare one would be taken for CMS");
        add("rsa-short.first", "without its first byte", right[1..].to_vec());
        add("rsa-short.last", "without its last byte", right[..right.len() - 1].to_vec());
        add("rsa-short.one", "one byte", vec![right[0]]);
        add("rsa-long.zero", "a zero at the end", [right.as_slice(), &[0]].concat());
        add("rsa-long.twice", "the signature twice", [right.as_slice(), &right].concat());
        add("rsa-leading-zero", "a zero at the start", [&[0], right.as_slice()].concat());
        let modulus = key.integer("n");
        let number = |last: u8| [vec![0; key.size() - 1], vec![last]].concat();
        add("rsa-trivial.0", "s = 0", number(0));
        add("rsa-trivial.1", "s = 1", number(1));
        add("rsa-trivial.n-minus-1", "s = n - 1", difference(&modulus, &[1]));
        add("rsa-trivial.negated", "n - s", difference(&modulus, &right));
        add("rsa-range.n", "s = n", modulus.clone());
        add("rsa-range.n-plus-1", "s = n + 1", sum(&modulus, &[1]).unwrap());
        add("rsa-range.ones", "all bits set", vec![0xff; key.size()]);
        for bit in [0, 1, 8 * key.size() - 1] {
            let mut flipped = right.clone();
            flipped[bit / 8] ^= 0x80 >> (bit % 8);
            let name = if form == "bare" { format!("rsa-bit-signature.{bit}") } else { format!("rsa-bit-cms.{bit}") };
            add(&name, "one bit of the signature flipped", flipped);
        }
    }
    for (variant, at, hint) in [
        ("first", 0, "pass the document exactly as served (this is not a JSON object)"),
        ("middle", 100, "pass the document exactly as served, not parsed and printed again"),
        ("last", document.len() - 1, "pass the document exactly as served, not parsed and printed again"),
    ] {
        let mut flipped = document.to_vec();
        flipped[at] ^= 1;
        to.add(
            &format!("rsa-bit-document.{variant}"),
            INVALID,
            "one bit of the document flipped",
            served(&TestKey::Rsa1024.sign(document)),
        )
        .document(&flipped)
        .hint(&format!("the bytes differ from what was signed: {hint}"));
    }
}

/// `00 01 FF .. FF 00` and `info`, `size` octets in all (RFC 8017 §9.2).
pub(crate) fn padded(size: usize, info: &[u8]) -> Vec<u8> {
    [&[0, 1], vec![0xff; size - 3 - info.len()].as_slice(), &[0], info].concat()
}

/// A DigestInfo up to the digest.
const SHA256_INFO: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

/// Encoded messages that a lenient verifier takes for the one of RFC 8017 §9.2.
fn encodings(to: &mut Corpus, document: &[u8], signed: &[u8]) {
    for (form, key, message) in [("bare", TestKey::Rsa1024, document), ("cms", TestKey::Rsa2048, signed)] {
        let size = key.size();
        let digest = Sha256::digest(message);
        let info = [SHA256_INFO, &digest].concat();
        let whole = padded(size, &info);
        let filled = |ff: usize, fill: u8| {
            let mut encoded = [&[0, 1], vec![0xff; ff].as_slice(), &[0], &info].concat();
            encoded.resize(size, fill);
            encoded
        };
        let typed = |block: u8, fill: u8| [&[0, block], vec![fill; size - 3 - info.len()].as_slice(), &[0], &info].concat();
        let with = |at: usize, to: u8| {
            let mut encoded = whole.clone();
            encoded[at] = to;
            encoded
        };
        let named = |prefix: &[u8]| padded(size, &[prefix, &digest].concat());
        let last = size - info.len() - 2;
        let late = [&[0, 0, 1], vec![0xff; size - 4 - info.len()].as_slice(), &[0], &info].concat();
        let reversed: Vec<u8> = digest.iter().rev().copied().collect();
        let sha1_info = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
        for (name, encoded) in [
            ("rsa-garbage-after.eight-ff", filled(8, 0x5a)),
            ("rsa-garbage-after.zeros", filled(8, 0)),
            ("rsa-garbage-after.one-byte", padded(size, &[info.as_slice(), &[0]].concat())),
            ("rsa-few-ff.seven", filled(7, 0x5a)),
            ("rsa-few-ff.none", filled(0, 0x5a)),
            ("rsa-padding.first", with(2, 0xfe)),
            ("rsa-padding.inside", with(20, 0x5a)),
            ("rsa-padding.zero-inside", with(20, 0)),
            ("rsa-padding.last", with(last, 0x7f)),
            ("rsa-padding.no-zero", with(last + 1, 0xff)),
            ("rsa-padding.first-octet", with(0, 1)),
            ("rsa-padding.late", late),
            ("rsa-block-type.00", typed(0, 0)),
            ("rsa-block-type.00-ff", typed(0, 0xff)),
            ("rsa-block-type.02", typed(2, 0x5a)),
            ("rsa-block-type.02-ff", typed(2, 0xff)),
            ("rsa-block-type.03", typed(3, 0xff)),
            ("rsa-bare-digest.no-padding", [vec![0; size - info.len()], info.clone()].concat()),
            ("rsa-bare-digest.digest", padded(size, &digest)),
            ("rsa-bare-digest.no-digest", padded(size, SHA256_INFO)),
            ("rsa-ber.info", named(b"\x30\x81\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20")),
            ("rsa-ber.algorithm", named(b"\x30\x32\x30\x81\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20")),
            ("rsa-ber.digest", named(b"\x30\x32\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x81\x20")),
            ("rsa-ber.null", named(b"\x30\x32\x30\x0e\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x81\x00\x04\x20")),
            ("rsa-ber.indefinite", padded(size, &[b"\x30\x80", &info[2..], &[0, 0]].concat())),
            ("rsa-no-null", named(b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20")),
            ("rsa-parameters.string", named(b"\x30\x34\x30\x10\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x03abc\x04\x20")),
            ("rsa-parameters.null-contents", named(b"\x30\x34\x30\x10\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x03abc\x04\x20")),
            ("rsa-hash.sha384", named(b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x20")),
            ("rsa-hash.sha512-256", named(b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x06\x05\x00\x04\x20")),
            ("rsa-hash.sha3-256", named(b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x08\x05\x00\x04\x20")),
            ("rsa-hash.sha1-name", named(b"\x30\x2d\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x20")),
            ("rsa-hash.sha1", padded(size, &[sha1_info.as_slice(), &Sha1::digest(message)].concat())),
            ("rsa-hash.reversed", padded(size, &[SHA256_INFO, &reversed].concat())),
            ("rsa-pss", pss(size, message)),
        ] {
            let dot = if name.contains('.') { "-" } else { "." };
            let comment = "an encoded message that is not the one of RSASSA-PKCS1-v1_5, signed with the right key";
            present(to, &format!("{name}{dot}{form}"), comment, key, &key.sign_encoded(&encoded));
        }
    }
}

/// EMSA-PSS (RFC 8017 §9.1.1) with SHA-256 and without salt.
fn pss(size: usize, message: &[u8]) -> Vec<u8> {
    let hash = Sha256::digest([[0; 8].as_slice(), &Sha256::digest(message)].concat());
    let mut block = vec![0; size - 32 - 1];
    *block.last_mut().unwrap() = 1;
    let mask = (0_u32..).flat_map(|counter| Sha256::digest([hash.as_slice(), &counter.to_be_bytes()].concat()));
    block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    block[0] &= 0x7f;
    [block.as_slice(), &hash, &[0xbc]].concat()
}

/// Signatures that are searched for: over documents that differ in the instance's number.
fn searched(to: &mut Corpus) {
    let document = |number: u32| fields().with("instanceId", &format!("\"i-{number:017x}\"")).encode();
    let find = |is: &dyn Fn(&[u8]) -> bool| {
        let signed = |number| (document(number), TestKey::Rsa1024.sign(&document(number)));
        (0..).map(signed).find(|(_, signature)| is(signature)).unwrap()
    };
    let (document, signature) = find(&|signature| signature[0] == 0x30);
    to.add("rsa-starts-like-cms", "accepted", "a /signature value that starts with 30", served(&signature)).document(&document);
    to.add("rsa-starts-like-cms.named", "accepted", "the same as /signature", served(&signature)).kind("rsa").document(&document);
    let (document, signature) = find(&|signature| signature[0] == 0);
    to.add("rsa-leading-zero.needed", "accepted", "a signature that starts with 00", served(&signature)).document(&document);
    to.add("rsa-short.leading-zero", INVALID, "the same without its leading zero", served(&signature[1..])).document(&document);
    let modulus = TestKey::Rsa1024.integer("n");
    let (document, signature) = find(&|signature| sum(signature, &modulus).is_some());
    let larger = sum(&signature, &modulus).unwrap();
    to.add("rsa-range.s-plus-n", INVALID, "s + n, which is right modulo n", served(&larger)).document(&document);
}
