//! RSA and DSA signatures: the crate's arithmetic against that of `rsa`, `dsa` and `crypto-bigint`.

use std::sync::LazyLock;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero, Resize};
use dsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use instance_identity::internals::{DsaKey, RsaKey, power_65537, product};
use instance_identity::testkit::{Element, TestKey};
use sha2::{Digest, Sha256};

use crate::edits;
use crate::input::Input;

/// A changed signature of a known key over a changed digest verifies exactly if the `rsa` crate says so. For any odd modulus the power of
/// 65537, and the product of two numbers, are those of `crypto-bigint`.
pub fn rsa_signature(data: &[u8]) {
    let mut input = Input::new(data);
    match input.byte() % 4 {
        0 => any_power(&mut input),
        1 => any_product(&mut input),
        _ => changed_rsa(&mut input),
    }
}

fn changed_rsa(input: &mut Input<'_>) {
    let key = input.choice(RSA_KEYS.as_slice());
    let (mut digest, mut signature) = input.choice(&key.signed).clone();
    while !input.is_empty() {
        match input.byte() % 10 {
            0 => change_octet(&mut signature, input),
            1 => change_octet(&mut digest, input),
            2 => signature = sum(&signature, &key.n),
            3 => signature = sum(&signature, &[input.byte()]),
            4 => signature = difference(&key.n, &signature),
            5 => signature.truncate(input.number()),
            6 => signature.insert(0, input.byte()),
            7 => signature.push(input.byte()),
            8 => signature = key.n.clone(),
            _ => signature = input.take(key.n.len()).to_vec(),
        }
        signature.truncate(MAX_OCTETS);
    }
    let scheme = rsa::Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_DIGEST_INFO[..].into() };
    let theirs = key.theirs.verify(scheme, &digest, &signature).is_ok();
    assert_eq!(key.ours.verify(&digest, &signature), theirs, "as rsa has it");
}

fn any_power(input: &mut Input<'_>) {
    let size = *input.choice(&[128, 256]);
    let (modulus, number) = (modulus(size, input), below(size, input));
    let Some(power) = power_65537(&modulus, &number) else { panic!("an odd modulus of its size") };
    let field = BoxedMontyParams::new_vartime(integer(&modulus).to_odd().unwrap());
    let expected = BoxedMontyForm::new(integer(&number), &field).pow(&BoxedUint::from(65537_u64)).retrieve();
    assert_eq!(integer(&power), expected, "as crypto-bigint has it");
}

fn any_product(input: &mut Input<'_>) {
    let (modulus, a, b) = (modulus(128, input), below(128, input), below(128, input));
    let Some(product) = product(&modulus, [&a, &b]) else { panic!("an odd modulus of its size") };
    let expected = integer(&a).mul_mod(&integer(&b), &NonZero::new(integer(&modulus)).unwrap());
    assert_eq!(integer(&product), expected, "as crypto-bigint has it");
}

/// An odd number that has all of its bits, from runs of octets: limbs of zeros and ones are the hard ones.
fn modulus(size: usize, input: &mut Input<'_>) -> Vec<u8> {
    let mut modulus = runs(size, input);
    modulus[0] |= 0x80;
    modulus[size - 1] |= 1;
    modulus
}

/// A number below all of those.
fn below(size: usize, input: &mut Input<'_>) -> Vec<u8> {
    let mut number = runs(size, input);
    number[0] &= 0x7f;
    number
}

/// Octets as they stand or, where an octet is 0xA5, the one behind that as often as the next says.
fn runs(size: usize, input: &mut Input<'_>) -> Vec<u8> {
    let mut octets = Vec::new();
    while octets.len() < size {
        match input.byte() {
            0xa5 => {
                let octet = input.byte();
                octets.resize(octets.len() + 1 + usize::from(input.byte()), octet);
            }
            octet => octets.push(octet),
        }
    }
    octets.truncate(size);
    octets
}

/// A changed signature of a known key over a changed digest verifies exactly if the `dsa` crate says so, read from DER too. A signature
/// made for given exponents of g and y, which needs no private key, verifies; the number next to it does not.
pub fn dsa_signature(data: &[u8]) {
    let mut input = Input::new(data);
    let choices = input.byte();
    let key = input.choice(DSA_KEYS.as_slice());
    // A key that is used often prepares itself: one that is new takes the other way.
    let fresh;
    let ours = if choices & 4 == 0 {
        &key.ours
    } else {
        fresh = key.new_key();
        &fresh
    };
    match choices % 4 {
        0 => made_for_exponents(key, ours, &mut input),
        1 => changed_dsa_in_der(key, ours, &mut input),
        _ => changed_dsa(key, ours, &mut input),
    }
}

fn made_for_exponents(key: &Dsa, ours: &DsaKey, input: &mut Input<'_>) {
    let q = NonZero::new(key.q.clone()).unwrap();
    let [u1, u2] = [0; 2].map(|_| integer(&runs(20, input)).rem(&q));
    let power = |base: &BoxedUint, exponent: &BoxedUint| BoxedMontyForm::new(base.clone(), &key.field).pow(exponent);
    let v = (power(&key.g, &u1) * power(&key.y, &u2)).retrieve().rem(&q.clone().resize(1024)).resize(160);
    let Some(inverse) = u2.invert_mod(&q).into_option() else { return };
    // u1 = z / s and u2 = r / s, so s = r / u2 and z = u1 s.
    let s = v.mul_mod(&inverse, &q);
    let z = u1.mul_mod(&s, &q);
    if v.is_zero().to_bool() {
        return;
    }
    let digest: [u8; 20] = octets(&z).try_into().unwrap();
    let (r, s) = (octets(&v), octets(&s));
    assert!(agreed(key, ours, &digest, &r, &s), "it is a signature");
    let other = (v + BoxedUint::one_with_precision(160)).rem(&q);
    assert!(!ours.verify(&digest, &dss_sig_value(&octets(&other), &s)), "of two next to each other only one is");
}

fn changed_dsa(key: &Dsa, ours: &DsaKey, input: &mut Input<'_>) {
    let (mut digest, [mut r, mut s]) = input.choice(&key.signed).clone();
    let q = octets(&key.q);
    while !input.is_empty() {
        let operation = input.byte();
        let number = if operation & 0x80 == 0 { &mut r } else { &mut s };
        match operation % 8 {
            0 => change_octet(number, input),
            1 => change_octet(&mut digest, input),
            2 => *number = sum(number, &q),
            3 => *number = difference(&q, number),
            4 => *number = sum(number, &[input.byte()]),
            5 => *number = vec![input.byte()],
            6 => std::mem::swap(&mut r, &mut s),
            _ => *number = runs(20, input),
        }
        r.truncate(MAX_OCTETS);
        s.truncate(MAX_OCTETS);
    }
    agreed(key, ours, &digest, &r, &s);
}

fn changed_dsa_in_der(key: &Dsa, ours: &DsaKey, input: &mut Input<'_>) {
    let (digest, [r, s]) = input.choice(&key.signed);
    let der = edits::edited(&dss_sig_value(r, s), &[], input.rest());
    let theirs = dsa::Signature::try_from(der.as_slice()).is_ok_and(|signature| key.theirs.verify_prehash(digest, &signature).is_ok());
    assert_eq!(ours.verify(digest, &der), theirs, "as dsa has it");
}

/// The verdict of both.
fn agreed(key: &Dsa, ours: &DsaKey, digest: &[u8; 20], r: &[u8], s: &[u8]) -> bool {
    let theirs = dsa::Signature::from_components(integer(r), integer(s))
        .is_some_and(|signature| key.theirs.verify_prehash(digest, &signature).is_ok());
    assert_eq!(ours.verify(digest, &dss_sig_value(r, s)), theirs, "as dsa has it");
    theirs
}

struct Rsa {
    ours: RsaKey,
    theirs: rsa::RsaPublicKey,
    n: Vec<u8>,
    /// Digests with numbers that the key has signed: the first over an encoded message, the others over what resembles one.
    signed: Vec<([u8; 32], Vec<u8>)>,
}

impl Rsa {
    fn new(key: TestKey) -> Self {
        let n = key.integer("n");
        let digest: [u8; 32] = Sha256::digest(format!("{key:?}")).into();
        let encode = |end: &[u8]| [&[0x00, 0x01], vec![0xff; n.len() - end.len() - 3].as_slice(), &[0x00], end].concat();
        let info = |info: &[u8]| [info, digest.as_slice()].concat();
        let mut wrong_block = encode(&info(&SHA256_DIGEST_INFO));
        wrong_block[1] = 2;
        let without_null = [&[0x30, 0x2f, 0x30, 0x0b], &SHA256_DIGEST_INFO[4..15], &[0x04, 0x20]].concat();
        let messages = [encode(&info(&SHA256_DIGEST_INFO)), encode(&digest), encode(&info(&without_null)), wrong_block];
        Self {
            ours: RsaKey::new(&n).unwrap(),
            theirs: rsa::RsaPublicKey::new(BoxedUint::from_be_slice_vartime(&n), BoxedUint::from(65537_u64)).unwrap(),
            signed: messages.iter().map(|message| (digest, key.sign_encoded(message))).collect(),
            n,
        }
    }
}

struct Dsa {
    ours: DsaKey,
    theirs: dsa::VerifyingKey,
    field: BoxedMontyParams,
    q: BoxedUint,
    g: BoxedUint,
    y: BoxedUint,
    /// Digests with r and s.
    signed: Vec<([u8; 20], [Vec<u8>; 2])>,
}

impl Dsa {
    /// A key in the domain of the testkit's.
    fn new(x: u64) -> Self {
        let [p, q, g] = ["p", "q", "g"].map(|name| integer(&TestKey::Dsa1024.integer(name)));
        let field = BoxedMontyParams::new_vartime(p.to_odd().unwrap());
        let x = BoxedUint::from(x).resize(160).wrapping_mul(integer(&TestKey::Dsa1024.integer("x"))).rem(&NonZero::new(q.clone()).unwrap());
        let y = BoxedMontyForm::new(g.clone(), &field).pow(&x).retrieve();
        let domain = dsa::Components::from_components(p, q.clone(), g.clone()).unwrap();
        let theirs = dsa::VerifyingKey::from_components(domain, y.clone()).unwrap();
        let signer = dsa::SigningKey::from_components(theirs.clone(), x).unwrap();
        // The second and the third are 0 modulo q.
        let digests = [[0x5a; 20], [0; 20], octets(&q).try_into().unwrap(), [0xff; 20]];
        let signed = digests.map(|digest| {
            let signature: dsa::Signature = signer.sign_prehash(&digest).unwrap();
            (digest, [octets(signature.r()), octets(signature.s())])
        });
        let ours = new_key(&y);
        Self { ours, theirs, field, q, g, y, signed: signed.into() }
    }

    fn new_key(&self) -> DsaKey {
        new_key(&self.y)
    }
}

fn new_key(y: &BoxedUint) -> DsaKey {
    let [p, q, g] = ["p", "q", "g"].map(|name| TestKey::Dsa1024.integer(name));
    DsaKey::new(&p, &q, &g, &y.to_be_bytes()).unwrap()
}

static RSA_KEYS: LazyLock<[Rsa; 3]> = LazyLock::new(|| [TestKey::Rsa1024, TestKey::Rsa2048, TestKey::Rsa2048China].map(Rsa::new));
static DSA_KEYS: LazyLock<[Dsa; 2]> = LazyLock::new(|| [1, 0x9e37_79b9_7f4a_7c15].map(Dsa::new));

fn change_octet(octets: &mut [u8], input: &mut Input<'_>) {
    let (at, mask) = (input.byte(), input.byte());
    if !octets.is_empty() {
        octets[usize::from(at) % octets.len()] ^= mask;
    }
}

fn integer(octets: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice(octets, 8 * octets.len() as u32).unwrap()
}

/// An integer below q, in 20 octets.
fn octets(integer: &BoxedUint) -> Vec<u8> {
    let octets = integer.to_be_bytes();
    octets[octets.len() - 20..].to_vec()
}

/// The DER of two numbers.
fn dss_sig_value(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |octets: &[u8]| {
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        let significant = &octets[zeros..];
        let sign: &[u8] = if significant.first().is_none_or(|first| *first >= 0x80) { &[0] } else { &[] };
        Element::primitive(0x02, [sign, significant].concat())
    };
    Element::constructed(0x30, [integer(r), integer(s)]).encode()
}

/// a + b, in one octet more than the longer where it has to be.
fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let length = a.len().max(b.len());
    let octet = |number: &[u8], place: usize| number.iter().rev().nth(place).copied().map_or(0, u16::from);
    let (mut sum, mut carry) = (Vec::new(), 0);
    for place in 0..length {
        carry += octet(a, place) + octet(b, place);
        sum.push(carry as u8);
        carry >>= 8;
    }
    if carry > 0 {
        sum.push(1);
    }
    sum.reverse();
    sum
}

/// a - b modulo 256 to the length of a.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let octet = |number: &[u8], place: usize| number.iter().rev().nth(place).copied().map_or(0, i16::from);
    let (mut difference, mut borrow) = (Vec::new(), 0);
    for place in 0..a.len() {
        let digit = octet(a, place) - octet(b, place) - borrow;
        difference.push(digit.rem_euclid(256) as u8);
        borrow = i16::from(digit < 0);
    }
    difference.reverse();
    difference
}

/// Longer than any signature that is looked at.
const MAX_OCTETS: usize = 300;

/// RFC 8017 §9.2, note 1.
const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
