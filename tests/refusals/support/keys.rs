//! The worthless test keys in `tests/refusals/keys`, and a store whose slots they fill.

use std::sync::LazyLock;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use dsa::signature::hazmat::PrehashSigner;
use dsa::{Components, SigningKey, VerifyingKey};
use instance_identity::{CertStore, Partition, Region, SignatureKind, Verifier};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::tlv::{INTEGER, SEQUENCE, leaf, node, unpem};

/// A key whose private part is checked in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TestKey {
    Dsa1024,
    Rsa1024,
    Rsa2048,
}

impl TestKey {
    /// Its certificate as PEM.
    pub(crate) fn pem(self) -> &'static str {
        match self {
            Self::Dsa1024 => include_str!("../keys/dsa1024.pem"),
            Self::Rsa1024 => include_str!("../keys/rsa1024.pem"),
            Self::Rsa2048 => include_str!("../keys/rsa2048.pem"),
        }
    }

    /// Its certificate as DER.
    pub(crate) fn der(self) -> Vec<u8> {
        unpem(self.pem())
    }

    /// One of its integers, by the name that openssl gives it, without leading zeros.
    pub(crate) fn integer(self, name: &str) -> Vec<u8> {
        let text = match self {
            Self::Dsa1024 => include_str!("../keys/dsa1024.integers"),
            Self::Rsa1024 => include_str!("../keys/rsa1024.integers"),
            Self::Rsa2048 => include_str!("../keys/rsa2048.integers"),
        };
        let hex = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap();
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        bytes[usize::from(bytes[0] == 0)..].to_vec()
    }

    /// The modulus in octets.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::Dsa1024 | Self::Rsa1024 => 128,
            Self::Rsa2048 => 256,
        }
    }

    /// The signature over `message`, by the digest that goes with the key.
    pub(crate) fn sign(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Dsa1024 => self.sign_digest(&Sha1::digest(message)),
            Self::Rsa1024 | Self::Rsa2048 => self.raw(&padded(self.size(), &digest_info(message))),
        }
    }

    /// The DSA signature over a digest of whatever length.
    pub(crate) fn sign_digest(self, digest: &[u8]) -> Vec<u8> {
        let [r, s] = self.sign_integers(digest);
        dss_sig_value(&r, &s)
    }

    /// r and s of the DSA signature over a digest, in 20 octets each.
    pub(crate) fn sign_integers(self, digest: &[u8]) -> [Vec<u8>; 2] {
        let boxed = |name, bits| BoxedUint::from_be_slice(&self.integer(name), bits).unwrap();
        let components = Components::from_components(boxed("P", 1024), boxed("Q", 160), boxed("G", 1024)).unwrap();
        let key = SigningKey::from_components(VerifyingKey::from_components(components, boxed("pub", 1024)).unwrap(), boxed("priv", 160));
        let signature = key.unwrap().sign_prehash(digest).unwrap();
        [signature.r(), signature.s()].map(|integer| integer.to_be_bytes().iter().rev().take(20).rev().copied().collect())
    }

    /// The RSA private-key operation on `message` as it stands: RSASP1 of RFC 8017.
    pub(crate) fn raw(self, message: &[u8]) -> Vec<u8> {
        let bits = 8 * self.size() as u32;
        let boxed = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, bits).unwrap();
        let modulus = Odd::new(boxed(&self.integer("modulus"))).unwrap();
        let field = BoxedMontyParams::new_vartime(modulus);
        let exponent = boxed(&self.integer("privateExponent"));
        BoxedMontyForm::new(boxed(message), &field).pow(&exponent).retrieve().to_be_bytes().to_vec()
    }
}

/// `SEQUENCE { r INTEGER, s INTEGER }` of big-endian integers, which are taken as positive.
pub(crate) fn dss_sig_value(r: &[u8], s: &[u8]) -> Vec<u8> {
    let positive = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(bytes.len() - 1);
        let digits = &bytes[zeros..];
        leaf(INTEGER, &if digits[0] >= 0x80 { [&[0], digits].concat() } else { digits.to_vec() })
    };
    node(SEQUENCE, vec![positive(r), positive(s)]).encode()
}

/// The DER of the SHA-256 DigestInfo of `message` (RFC 8017 §9.2).
pub(crate) fn digest_info(message: &[u8]) -> Vec<u8> {
    const PREFIX: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    [PREFIX, &Sha256::digest(message)].concat()
}

/// `00 01 FF .. FF 00` and `digest_info`, `size` octets in all.
pub(crate) fn padded(size: usize, digest_info: &[u8]) -> Vec<u8> {
    [&[0, 1], vec![0xff; size - 3 - digest_info.len()].as_slice(), &[0], digest_info].concat()
}

/// The region whose three slots hold the three test keys.
pub(crate) const REGION: &str = "test-local-1";
/// A region as those of China are: the `dsa` slot holds an RSA-2048 key.
pub(crate) const REGION_LIKE_CHINA: &str = "test-china-1";
/// A region that has the test key of RSA-1024 and no other.
pub(crate) const REGION_OF_RSA: &str = "test-alone-1";

/// A document of [`REGION`].
pub(crate) const DOCUMENT: &str = r#"{
  "accountId" : "012345678901",
  "availabilityZone" : "test-local-1a",
  "instanceId" : "i-0ce4441c840a0a941",
  "pendingTime" : "2024-04-12T13:56:49Z",
  "region" : "test-local-1"
}"#;

pub(crate) fn region(code: &str) -> Region {
    code.parse().unwrap()
}

pub(crate) fn partition(code: &str) -> Partition {
    code.parse().unwrap()
}

/// A store with the test keys and nothing else.
pub(crate) fn store() -> CertStore {
    let mut store = CertStore::empty();
    for (code, of, kind, key) in [
        (REGION, "aws", SignatureKind::Rsa, TestKey::Rsa1024),
        (REGION, "aws", SignatureKind::Rsa2048, TestKey::Rsa2048),
        (REGION, "aws", SignatureKind::Dsa, TestKey::Dsa1024),
        (REGION_LIKE_CHINA, "aws-cn", SignatureKind::Dsa, TestKey::Rsa2048),
        (REGION_OF_RSA, "aws", SignatureKind::Rsa, TestKey::Rsa1024),
    ] {
        store.add(&region(code), &partition(of), kind, key.pem().as_bytes()).unwrap();
    }
    store
}

pub(crate) fn verifier() -> Verifier {
    static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(store()));
    VERIFIER.clone()
}
