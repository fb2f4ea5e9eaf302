//! The signature functions against the crates `rsa` and `dsa`: over valid, corrupted and edge signatures they never disagree.
//!
//! 20,000 cases, or as many as `DIFFERENTIAL_CASES` says: `.ci/deep differential` takes a million. The cases follow from their number alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::collections::BTreeMap;

use crypto_bigint::BoxedUint;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use dsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use instance_identity::internals::{DsaKey, RsaKey};
use instance_identity::testkit::TestKey;

/// Verdicts by the name of the case: how many both accept, and how many both refuse.
type Tally = BTreeMap<&'static str, (u32, u32)>;

#[test]
fn rsa_signatures_come_out_as_the_rsa_crate_has_it() {
    let keys = [TestKey::Rsa1024, TestKey::Rsa2048, TestKey::Rsa2048China].map(Rsa::new);
    let mut tally = Tally::new();
    for case in 0..cases() * 2 / 3 {
        let mut random = Random(case);
        let key = &keys[case as usize % keys.len()];
        let (name, digest, signature) = key.case(&mut random);
        let ours = key.ours.verify(&digest, &signature);
        let prefix = SHA256_DIGEST_INFO[..].into();
        let theirs = key.theirs.verify(rsa::Pkcs1v15Sign { hash_len: Some(32), prefix }, &digest, &signature).is_ok();
        assert_eq!(ours, theirs, "case {case}: {name}");
        count(&mut tally, name, ours);
    }
    every_name_has_one_verdict(&tally, &["valid"], 15);
}

#[test]
fn dsa_signatures_come_out_as_the_dsa_crate_has_it() {
    let keys = [1_u64, 2, 3, 4].map(Dsa::new);
    let mut tally = Tally::new();
    for case in 0..cases() / 3 {
        let mut random = Random(case);
        let key = &keys[case as usize % keys.len()];
        let (name, digest, [r, s]) = key.case(&mut random);
        let ours = key.ours.verify(&digest, &dss_sig_value(&r, &s));
        let boxed = |integer: &[u8]| BoxedUint::from_be_slice(integer, 8 * integer.len() as u32).unwrap();
        let theirs = dsa::Signature::from_components(boxed(&r), boxed(&s))
            .is_some_and(|signature| key.theirs.verify_prehash(&digest, &signature).is_ok());
        assert_eq!(ours, theirs, "case {case}: {name}");
        count(&mut tally, name, ours);
    }
    every_name_has_one_verdict(&tally, &["valid", "valid over a digest that is 0 modulo q"], 15);
}

struct Rsa {
    ours: RsaKey,
    theirs: rsa::RsaPublicKey,
    n: Vec<u8>,
    /// Digests with their signatures.
    valid: Vec<([u8; 32], Vec<u8>)>,
    /// Signatures over what is no encoded message of the digest.
    misencoded: Vec<([u8; 32], Vec<u8>)>,
}

impl Rsa {
    fn new(key: TestKey) -> Self {
        let n = key.integer("n");
        let modulus = BoxedUint::from_be_slice_vartime(&n);
        let theirs = rsa::RsaPublicKey::new(modulus, BoxedUint::from(65537_u64)).unwrap();
        let mut random = Random(u64::from(n[5]));
        let valid = (0..16).map(|_| random.octets()).map(|digest: [u8; 32]| (digest, key.sign_encoded(&encoded(n.len(), &digest))));
        let valid = valid.collect();
        let misencoded = (0..MISENCODINGS).map(|fault| {
            let digest: [u8; 32] = random.octets();
            (digest, key.sign_encoded(&misencode(encoded(n.len(), &digest), fault)))
        });
        Self { ours: RsaKey::new(&n).unwrap(), theirs, valid, misencoded: misencoded.collect(), n }
    }

    fn case(&self, random: &mut Random) -> (&'static str, [u8; 32], Vec<u8>) {
        let (digest, signature) = self.valid[random.below(16)].clone();
        let size = self.n.len();
        match random.below(16) {
            0 | 1 => ("valid", digest, signature),
            2 => ("another digest", random.octets(), signature),
            3 => ("a bit of the digest flipped", flipped(&digest, random).try_into().unwrap(), signature),
            4 => ("a bit flipped", digest, flipped(&signature, random)),
            5 => ("an octet replaced", digest, {
                let mut replaced = signature;
                replaced[random.below(size)] ^= 1 + random.below(255) as u8;
                replaced
            }),
            6 => ("any number", digest, random.vec(size)),
            7 => ("n added", digest, sum(&signature, &self.n)),
            8 => ("n added to any number", digest, sum(&self.n, &random.vec(size))),
            9 => ("a small number", digest, padded(&[random.below(256) as u8], size)),
            10 => ("n or next to it", digest, sum(&self.n, &padded(&[random.below(3) as u8], size))),
            11 => ("below n", digest, difference(&self.n, &padded(&[1 + random.below(3) as u8], size))),
            12 => ("all ones", digest, vec![0xff; size]),
            13 => ("too short", digest, signature[1 + random.below(size - 1)..].to_vec()),
            14 => ("too long", digest, [vec![0; 1 + random.below(2)], signature].concat()),
            _ => {
                let (digest, signature) = self.misencoded[random.below(MISENCODINGS)].clone();
                ("signed, but misencoded", digest, signature)
            }
        }
    }
}

struct Dsa {
    ours: DsaKey,
    theirs: dsa::VerifyingKey,
    q: Vec<u8>,
    /// Digests with r and s of their signatures.
    valid: Vec<Signed>,
    /// The same of digests that are 0 and q.
    valid_over_zero: [Signed; 2],
}

type Signed = ([u8; 20], [Vec<u8>; 2]);

impl Dsa {
    /// A key of the test key's domain, of its own for each seed.
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let [p, q, g] = ["p", "q", "g"].map(|name| TestKey::Dsa1024.integer(name));
        let boxed = |integer: &[u8]| BoxedUint::from_be_slice_vartime(integer);
        // Of 159 bits, and so below q.
        let mut x = random.vec(20);
        x[0] &= 0x7f;
        let field = BoxedMontyParams::new_vartime(boxed(&p).to_odd().unwrap());
        let y = BoxedMontyForm::new(boxed(&g), &field).pow(&boxed(&x)).retrieve();
        let ours = DsaKey::new(&p, &q, &g, &y.to_be_bytes()).unwrap();
        let domain = dsa::Components::from_components(boxed(&p), boxed(&q), boxed(&g)).unwrap();
        let theirs = dsa::VerifyingKey::from_components(domain, y).unwrap();
        let signer = dsa::SigningKey::from_components(theirs.clone(), boxed(&x)).unwrap();
        let sign = |digest: [u8; 20]| {
            let signature: dsa::Signature = signer.sign_prehash(&digest).unwrap();
            (digest, [signature.r(), signature.s()].map(|integer| padded(&integer.to_be_bytes_trimmed_vartime(), 20)))
        };
        let valid = (0..16).map(|_| sign(random.octets())).collect();
        Self { ours, theirs, valid, valid_over_zero: [[0; 20], q.clone().try_into().unwrap()].map(sign), q }
    }

    fn case(&self, random: &mut Random) -> (&'static str, [u8; 20], [Vec<u8>; 2]) {
        let (digest, [r, s]) = self.valid[random.below(16)].clone();
        let edge = self.edge(random);
        match random.below(16) {
            0 | 1 => ("valid", digest, [r, s]),
            2 => {
                let (digest, integers) = self.valid_over_zero[random.below(2)].clone();
                ("valid over a digest that is 0 modulo q", digest, integers)
            }
            3 => ("another digest", random.octets(), [r, s]),
            4 => ("a digest that is 0 modulo q", self.valid_over_zero[random.below(2)].0, [r, s]),
            5 => ("a bit of the digest flipped", flipped(&digest, random).try_into().unwrap(), [r, s]),
            6 => ("a bit of r flipped", digest, [flipped(&r, random), s]),
            7 => ("a bit of s flipped", digest, [r, flipped(&s, random)]),
            8 => ("any numbers", digest, [random.vec(20), random.vec(20)]),
            9 => ("r at an edge", digest, [edge, s]),
            10 => ("s at an edge", digest, [r, edge]),
            11 => ("both at an edge", digest, [edge, self.edge(random)]),
            12 => ("r and s exchanged", digest, [s, r]),
            13 => ("s negated", digest, [r, difference(&self.q, &s)]),
            14 => ("q added to r", digest, [sum(&r, &self.q), s]),
            _ => ("q added to s", digest, [r, sum(&s, &self.q)]),
        }
    }

    /// 0, 1, q - 1, q, q + 1, 2 q or 2^160 - 1.
    fn edge(&self, random: &mut Random) -> Vec<u8> {
        let one = padded(&[1], 20);
        match random.below(7) {
            0 => vec![0; 20],
            1 => one,
            2 => difference(&self.q, &one),
            3 => self.q.clone(),
            4 => sum(&self.q, &one),
            5 => sum(&self.q, &self.q),
            _ => vec![0xff; 20],
        }
    }
}

/// The encoded message of RFC 8017 §9.2.
fn encoded(size: usize, digest: &[u8; 32]) -> Vec<u8> {
    encode(size, &[&SHA256_DIGEST_INFO[..], digest].concat())
}

fn encode(size: usize, end: &[u8]) -> Vec<u8> {
    [&[0x00, 0x01], vec![0xff; size - end.len() - 3].as_slice(), &[0x00], end].concat()
}

/// An encoded message with one of the faults that lenient readers have let pass.
fn misencode(mut message: Vec<u8>, fault: usize) -> Vec<u8> {
    let size = message.len();
    let digest = message[size - 32..].to_vec();
    let separator = size - 32 - SHA256_DIGEST_INFO.len() - 1;
    match fault {
        // Block type 2, another first octet, padding that is not all ones, no separator.
        0 => message[1] = 0x02,
        1 => message[0] = 0x01,
        2 => message[10] = 0xfe,
        3 => message[separator] = 0xff,
        // Padding cut short, and what is left put behind the digest.
        4 => message = [&message[..10], &message[separator..], &vec![0x5a; separator - 10]].concat(),
        // No DigestInfo at all; one without parameters; one with a length in long form; SHA-1's.
        5 => message = encode(size, &digest),
        6 => message = encode(size, &[&[0x30, 0x2f, 0x30, 0x0b], &SHA256_DIGEST_INFO[4..15], &[0x04, 0x20], digest.as_slice()].concat()),
        7 => message = encode(size, &[&[0x30, 0x81, 0x31], &SHA256_DIGEST_INFO[2..], digest.as_slice()].concat()),
        8 => message[separator + 15] ^= 0x03,
        // A digest that is one octet short.
        _ => message = encode(size, &[&SHA256_DIGEST_INFO[..], &digest[..31]].concat()),
    }
    assert_eq!(message.len(), size);
    message
}

const MISENCODINGS: usize = 10;

/// RFC 8017 §9.2, note 1.
const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// The DER of two numbers.
fn dss_sig_value(r: &[u8], s: &[u8]) -> Vec<u8> {
    use instance_identity::testkit::Element;
    let integer = |integer: &[u8]| {
        let zeros = integer.iter().take_while(|octet| **octet == 0).count().min(integer.len() - 1);
        let contents = &integer[zeros..];
        let sign: &[u8] = if contents[0] >= 0x80 { &[0] } else { &[] };
        Element::primitive(0x02, [sign, contents].concat())
    };
    Element::constructed(0x30, [integer(r), integer(s)]).encode()
}

fn cases() -> u64 {
    std::env::var("DIFFERENTIAL_CASES").map_or(20_000, |cases| cases.parse().expect("a number"))
}

fn count(tally: &mut Tally, name: &'static str, accepted: bool) {
    let counts = tally.entry(name).or_default();
    if accepted { counts.0 += 1 } else { counts.1 += 1 }
}

/// Every case of an accepted name is accepted, every other refused, and there are so many names.
fn every_name_has_one_verdict(tally: &Tally, accepted: &[&str], names: usize) {
    for (name, counts) in tally {
        let expected = if accepted.contains(name) { counts.1 == 0 } else { counts.0 == 0 };
        assert!(expected && counts.0 + counts.1 >= 100, "{name}: {counts:?}");
    }
    assert_eq!(tally.len(), names, "{tally:?}");
}

fn flipped(octets: &[u8], random: &mut Random) -> Vec<u8> {
    let (mut flipped, bit) = (octets.to_vec(), random.below(8 * octets.len()));
    flipped[bit / 8] ^= 1 << (bit % 8);
    flipped
}

fn padded(octets: &[u8], size: usize) -> Vec<u8> {
    [vec![0; size - octets.len()].as_slice(), octets].concat()
}

/// a + b, in one octet more than both where it has to be.
fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let (mut sum, mut carry) = (Vec::new(), 0);
    for (a, b) in a.iter().zip(b).rev() {
        carry += u16::from(*a) + u16::from(*b);
        sum.insert(0, carry as u8);
        carry >>= 8;
    }
    if carry > 0 {
        sum.insert(0, 1);
    }
    sum
}

/// a - b, for a >= b: a + (2^n - 1 - b) + 1 without its highest bit.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let complement: Vec<u8> = b.iter().map(|octet| !octet).collect();
    let one = padded(&[1], a.len());
    let difference = sum(&sum(a, &complement)[..], &padded(&one, a.len() + 1));
    difference[difference.len() - a.len()..].to_vec()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn vec(&mut self, size: usize) -> Vec<u8> {
        (0..size).map(|_| self.next() as u8).collect()
    }

    fn octets<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next() as u8)
    }
}
