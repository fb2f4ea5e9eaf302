//! What is private, for this crate's own benches and fuzz targets. No API, no promise: it changes without notice.

use crate::signature::PublicKey;
use crate::x509::SubjectKey;

/// An RSA key of 1024 or 2048 bits with the exponent 65537.
#[derive(Debug)]
pub struct RsaKey(PublicKey);

impl RsaKey {
    /// The key of `modulus`, big-endian without leading zeros.
    pub fn new(modulus: &[u8]) -> Option<Self> {
        PublicKey::new(&SubjectKey::Rsa { modulus: modulus.into(), exponent: [1, 0, 1].into() }).ok().map(Self)
    }

    /// Is `signature` one over a message whose SHA-256 is `digest`?
    pub fn verify(&self, digest: &[u8; 32], signature: &[u8]) -> bool {
        match &self.0 {
            PublicKey::Rsa1024(key) => key.verify(digest, signature).is_ok(),
            PublicKey::Rsa2048(key) => key.verify(digest, signature).is_ok(),
            PublicKey::Dsa1024(_) => false,
        }
    }
}

/// A DSA key with p of 1024 and q of 160 bits.
#[derive(Debug)]
pub struct DsaKey(PublicKey);

impl DsaKey {
    /// The key of these integers, big-endian without leading zeros.
    pub fn new(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> Option<Self> {
        PublicKey::new(&SubjectKey::Dsa { p: p.into(), q: q.into(), g: g.into(), y: y.into() }).ok().map(Self)
    }

    /// Is `signature`, in DER, one over a message whose SHA-1 is `digest`?
    pub fn verify(&self, digest: &[u8; 20], signature: &[u8]) -> bool {
        matches!(&self.0, PublicKey::Dsa1024(key) if key.verify(digest, signature).is_ok())
    }
}
