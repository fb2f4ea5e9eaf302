//! RSASSA-PKCS1-v1_5 verification with SHA-256 ([RFC 8017 §8.2.2]).
//!
//! [RFC 8017 §8.2.2]: https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2

use ::rsa::RsaPublicKey;
use ::rsa::hazmat::rsa_encrypt;
use ::rsa::traits::PublicKeyParts;
use crypto_bigint::BoxedUint;

use super::{KeyFault, SignatureFault};

/// A public key with exponent 65537.
#[derive(Debug)]
pub(crate) struct Key {
    key: RsaPublicKey,
    /// The modulus in octets: k of RFC 8017.
    size: usize,
}

impl Key {
    /// The key of `modulus` and `exponent`, big-endian without leading zeros. The modulus has all of its bits.
    pub(super) fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyFault> {
        if exponent != [1, 0, 1] {
            return Err(KeyFault::Exponent);
        }
        let (Some(0x80..=0xff), Some(true)) = (modulus.first(), modulus.last().map(|last| last % 2 == 1)) else {
            return Err(KeyFault::Parameters);
        };
        let n = BoxedUint::from_be_slice_vartime(modulus);
        let key = RsaPublicKey::new(n, BoxedUint::from(65537_u64)).map_err(|_| KeyFault::Parameters)?;
        Ok(Self { key, size: modulus.len() })
    }

    /// Is `signature` one over a message whose SHA-256 is `digest`?
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        if signature.len() != self.size {
            return Err(SignatureFault::Invalid);
        }
        let s = BoxedUint::from_be_slice_vartime(signature);
        let s = crypto_bigint::Resize::resize(s, self.key.n_bits_precision());
        // RFC 8017 §5.2.2: a signature representative that is not between 0 and n - 1 is out of range.
        if s >= *self.key.n().as_ref() {
            return Err(SignatureFault::Invalid);
        }
        let message = rsa_encrypt(&self.key, &s).map_err(|_| SignatureFault::Invalid)?.to_be_bytes();
        // RFC 8017 §8.2.2, note: the encoded message is rebuilt and compared whole, so nothing of it has to be parsed.
        let (frame, found) = message.split_last_chunk::<32>().ok_or(SignatureFault::Invalid)?;
        if frame != frame_of(self.size, digest.len()) {
            Err(SignatureFault::Invalid)
        } else if found != digest {
            Err(SignatureFault::OtherDigest)
        } else {
            Ok(())
        }
    }
}

/// All of the encoded message but the digest: `00 01 FF .. FF 00` and the start of the DigestInfo (RFC 8017 §9.2).
fn frame_of(size: usize, digest_length: usize) -> Vec<u8> {
    let padding = size.saturating_sub(3 + SHA256_PREFIX.len() + digest_length);
    [&[0x00, 0x01], vec![0xff; padding].as_slice(), &[0x00], &SHA256_PREFIX].concat()
}

/// RFC 8017 §9.2, note 1: the DER of a SHA-256 DigestInfo up to the digest.
const SHA256_PREFIX: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
