//! The worthless keys, and signing with them: deterministic, so that the same input gives the same bytes for ever.

use ::dsa::signature::hazmat::PrehashSigner;
use ::dsa::{Components, SigningKey, VerifyingKey};
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::ber::{BIT_STRING, Element, NULL, oid, sequence, unsigned};
use super::oid::{DSA, DSA_WITH_SHA1, RSA_ENCRYPTION, SHA256_WITH_RSA};

/// One of the worthless keys that are checked in. Everybody can sign with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TestKey {
    /// DSA-1024/160: signs `/pkcs7`.
    Dsa1024,
    /// RSA-1024: signs `/signature`.
    Rsa1024,
    /// RSA-2048: signs `/rsa2048`.
    Rsa2048,
    /// Another RSA-2048: signs `/pkcs7` in the shape of the China regions.
    Rsa2048China,
}

impl TestKey {
    /// The digest that the key signs: SHA-1 for DSA, SHA-256 for RSA.
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Dsa1024 => Sha1::digest(message).to_vec(),
            Self::Rsa1024 | Self::Rsa2048 | Self::Rsa2048China => Sha256::digest(message).to_vec(),
        }
    }

    /// A signature over `message`: RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.1), or DSA in DER with a nonce after RFC 6979.
    pub fn sign(self, message: &[u8]) -> Vec<u8> {
        let digest = self.digest(message);
        match self {
            Self::Dsa1024 => {
                let (r, s) = self.sign_dsa(&digest);
                sequence([unsigned(&r), unsigned(&s)]).encode()
            }
            Self::Rsa1024 | Self::Rsa2048 | Self::Rsa2048China => {
                let digest_info = [&SHA256_DIGEST_INFO[..], &digest].concat();
                let padding = vec![0xff; self.size() - digest_info.len() - 3];
                self.sign_encoded(&[&[0x00, 0x01], padding.as_slice(), &[0x00], &digest_info].concat())
            }
        }
    }

    /// The bare RSA private-key operation over an encoded message, whatever that says: for faults in the padding. The result has the
    /// modulus's size.
    ///
    /// # Panics
    /// If the key is DSA, or the message is longer than the modulus.
    #[allow(clippy::expect_used, reason = "for tests alone: what it cannot sign is a mistake of the test")]
    pub fn sign_encoded(self, message: &[u8]) -> Vec<u8> {
        assert_ne!(self, Self::Dsa1024, "a DSA key signs no encoded message");
        let modulus = BoxedUint::from_be_slice_vartime(&self.integer("n"));
        let field = BoxedMontyParams::new_vartime(Odd::new(modulus).into_option().expect("a modulus is odd"));
        let exponent = BoxedUint::from_be_slice_vartime(&self.integer("d"));
        let bits = u32::try_from(self.size() * 8).expect("a few thousand");
        let message = BoxedUint::from_be_slice(message, bits).expect("at most as long as the modulus");
        BoxedMontyForm::new(message, &field).pow(&exponent).retrieve().to_be_bytes().into()
    }

    /// r and s of the DSA signature over a digest, big-endian, 20 octets each.
    ///
    /// # Panics
    /// If the key is RSA, or the digest is empty.
    #[allow(clippy::expect_used, reason = "for tests alone; the key is checked in, and tests sign with it")]
    pub fn sign_dsa(self, digest: &[u8]) -> (Vec<u8>, Vec<u8>) {
        assert_eq!(self, Self::Dsa1024, "an RSA key signs no DSA");
        let integer = |name, bits| BoxedUint::from_be_slice(&self.integer(name), bits).expect("of its size");
        let components = Components::from_components(integer("p", 1024), integer("q", 160), integer("g", 1024)).expect("DSA parameters");
        let key = VerifyingKey::from_components(components, integer("y", 1024)).expect("a DSA key");
        let key = SigningKey::from_components(key, integer("x", 160)).expect("a DSA key");
        let signature: ::dsa::Signature = key.sign_prehash(digest).expect("there is a nonce");
        let octets = |integer: &BoxedUint| integer.to_be_bytes().iter().rev().take(20).rev().copied().collect();
        (octets(signature.r()), octets(signature.s()))
    }

    /// One of the key's integers, big-endian: n and d of RSA; p, q, g, y and x of DSA.
    ///
    /// # Panics
    /// If the key has no such integer.
    #[allow(clippy::expect_used, reason = "for tests alone; the files are checked in, and tests read them")]
    pub fn integer(self, name: &str) -> Vec<u8> {
        let file = match self {
            Self::Dsa1024 => include_str!("keys/dsa1024.txt"),
            Self::Rsa1024 => include_str!("keys/rsa1024.txt"),
            Self::Rsa2048 => include_str!("keys/rsa2048.txt"),
            Self::Rsa2048China => include_str!("keys/rsa2048_china.txt"),
        };
        let hex = file.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).expect("the key has the integer");
        let digit = |digit: &u8| char::from(*digit).to_digit(16).expect("hexadecimal") as u8;
        hex.as_bytes().chunks(2).map(|pair| pair.iter().fold(0, |octet, half| octet << 4 | digit(half))).collect()
    }

    /// The modulus in octets; for DSA, p.
    pub fn size(self) -> usize {
        match self {
            Self::Dsa1024 | Self::Rsa1024 => 128,
            Self::Rsa2048 | Self::Rsa2048China => 256,
        }
    }

    /// `SubjectPublicKeyInfo` (RFC 3279 §2.3).
    pub fn public_key_info(self) -> Element {
        let (algorithm, key) = match self {
            Self::Dsa1024 => {
                let parameters = sequence(["p", "q", "g"].map(|name| unsigned(&self.integer(name))));
                (sequence([oid(DSA), parameters]), unsigned(&self.integer("y")))
            }
            Self::Rsa1024 | Self::Rsa2048 | Self::Rsa2048China => {
                let key = sequence([unsigned(&self.integer("n")), unsigned(&[1, 0, 1])]);
                (sequence([oid(RSA_ENCRYPTION), Element::primitive(NULL, [])]), key)
            }
        };
        sequence([algorithm, Element::primitive(BIT_STRING, [&[0], key.encode().as_slice()].concat())])
    }

    /// The `AlgorithmIdentifier` of its signatures.
    pub fn signature_algorithm(self) -> Element {
        match self {
            Self::Dsa1024 => sequence([oid(DSA_WITH_SHA1)]),
            Self::Rsa1024 | Self::Rsa2048 | Self::Rsa2048China => sequence([oid(SHA256_WITH_RSA), Element::primitive(NULL, [])]),
        }
    }
}

/// RFC 8017 §9.2, note 1: a SHA-256 DigestInfo up to the digest.
const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
