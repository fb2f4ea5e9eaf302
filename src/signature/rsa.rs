//! RSASSA-PKCS1-v1_5 verification with SHA-256 ([RFC 8017 §8.2.2]).
//!
//! [RFC 8017 §8.2.2]: https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2

use super::montgomery::Modulus;
use super::{KeyFault, SignatureFault};

/// A public key with exponent 65537.
#[derive(Debug)]
pub(crate) struct Key<const B: usize> {
    modulus: Modulus<B>,
    /// The modulus, big-endian: k octets, as RFC 8017 calls it.
    n: Box<[u8]>,
    /// Every encoded message up to its digest.
    frame: Box<[u8]>,
}

impl<const B: usize> Key<B> {
    /// The key of `modulus` and `exponent`, big-endian without leading zeros. The modulus is odd and has all of its bits.
    pub(super) fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyFault> {
        if exponent != [1, 0, 1] {
            return Err(KeyFault::Exponent);
        }
        let n = modulus.into();
        Ok(Self { modulus: Modulus::new(modulus).ok_or(KeyFault::Parameters)?, n, frame: frame(modulus.len()) })
    }

    /// Is `signature` one over a message whose SHA-256 is `digest`?
    pub(crate) fn verify(&self, digest: &[u8; 32], signature: &[u8]) -> Result<(), SignatureFault> {
        // RFC 8017 §8.2.2 step 1: a signature has k octets. §5.2.2 step 1: and is between 0 and n - 1.
        if signature.len() != self.n.len() || *signature >= *self.n {
            return Err(SignatureFault::Invalid);
        }
        let mut message = [0; MAX_SIZE];
        let message = message.get_mut(..self.n.len()).ok_or(SignatureFault::Invalid)?;
        self.modulus.power_65537(signature, message);
        // RFC 8017 §8.2.2, note: the encoded message is rebuilt and compared whole, so nothing of it has to be parsed.
        match message.split_last_chunk() {
            Some((frame, found)) if *frame == *self.frame && found == digest => Ok(()),
            Some((frame, _)) if *frame == *self.frame => Err(SignatureFault::OtherDigest),
            _ => Err(SignatureFault::Invalid),
        }
    }
}

/// An encoded message of `size` octets without its digest: `00 01 FF .. FF 00` and the start of the DigestInfo (RFC 8017 §9.2).
fn frame(size: usize) -> Box<[u8]> {
    let padding = size.saturating_sub(3 + SHA256_PREFIX.len() + 32);
    [&[0x00, 0x01], vec![0xff; padding].as_slice(), &[0x00], &SHA256_PREFIX].concat().into()
}

/// RFC 8017 §9.2, note 1: the DER of a SHA-256 DigestInfo up to the digest.
const SHA256_PREFIX: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// 2048 bits.
const MAX_SIZE: usize = 256;
