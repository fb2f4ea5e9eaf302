//! Digests and signatures: the only module that imports cryptography.
//!
//! Two primitives, each a small function over big-endian bytes: RSASSA-PKCS1-v1_5 ([`rsa`]) and DSA ([`dsa`]). All data is public:
//! nothing here has to run in constant time.

mod dsa;
mod montgomery;
#[cfg(test)]
mod published;
mod rsa;

#[cfg(feature = "internals")]
pub(crate) use montgomery::Modulus;

use crate::kind::Algorithm;
use crate::x509::SubjectKey;

/// A key that can vouch for a document. The algorithm follows from it.
#[derive(Debug)]
pub(crate) enum PublicKey {
    Dsa1024(Box<dsa::Key>),
    Rsa1024(Box<rsa::Key<1>>),
    Rsa2048(Box<rsa::Key<2>>),
}

/// Why a certificate's key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// Not one of the three algorithms and sizes.
    Algorithm,
    /// An RSA exponent other than 65537.
    Exponent,
    /// An integer that is out of its range.
    Parameters,
}

/// Why a signature does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    /// It is a signature by this key, but over other bytes.
    OtherDigest,
    /// It is no signature by this key.
    Invalid,
}

impl PublicKey {
    /// The key, if it is of a known algorithm and size. DSA domain parameters are not tested: see [`check`](Self::check).
    pub(crate) fn new(key: &SubjectKey) -> Result<Self, KeyFault> {
        match key {
            SubjectKey::Dsa { p, q, g, y } => dsa::Key::new(p, q, g, y).map(Box::new).map(Self::Dsa1024),
            SubjectKey::Rsa { modulus, exponent } => match modulus.len() {
                128 => rsa::Key::new(modulus, exponent).map(Box::new).map(Self::Rsa1024),
                256 => rsa::Key::new(modulus, exponent).map(Box::new).map(Self::Rsa2048),
                _ => Err(KeyFault::Algorithm),
            },
            SubjectKey::Other => Err(KeyFault::Algorithm),
        }
    }

    /// Tests what is too slow to test at every start: the domain parameters of a DSA key. Takes milliseconds.
    pub(crate) fn check(&self) -> Result<(), KeyFault> {
        match self {
            Self::Dsa1024(key) => key.check(),
            Self::Rsa1024(_) | Self::Rsa2048(_) => Ok(()),
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Dsa1024(_) => Algorithm::Dsa1024Sha1,
            Self::Rsa1024(_) => Algorithm::Rsa1024Sha256,
            Self::Rsa2048(_) => Algorithm::Rsa2048Sha256,
        }
    }

    /// Is `signature` one by this key over `message`, given in parts?
    pub(crate) fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), SignatureFault> {
        match self {
            Self::Dsa1024(key) => key.verify(&sha1(message), signature),
            Self::Rsa1024(key) => key.verify(&sha256(message), signature),
            Self::Rsa2048(key) => key.verify(&sha256(message), signature),
        }
    }

    /// Is `digest` that of `message`, given in parts, by the key's hash function?
    pub(crate) fn is_digest(&self, digest: &[u8], message: &[&[u8]]) -> bool {
        match self {
            Self::Dsa1024(_) => *digest == sha1(message),
            Self::Rsa1024(_) | Self::Rsa2048(_) => *digest == sha256(message),
        }
    }
}

/// SHA-1 (FIPS 180-4) of `message`, given in parts.
fn sha1(message: &[&[u8]]) -> [u8; 20] {
    hash::<sha1::Sha1, 20>(message)
}

/// SHA-256 (FIPS 180-4) of `message`, given in parts.
pub(crate) fn sha256(message: &[&[u8]]) -> [u8; 32] {
    hash::<sha2::Sha256, 32>(message)
}

fn hash<H: sha2::Digest, const N: usize>(message: &[&[u8]]) -> [u8; N]
where
    [u8; N]: From<sha2::digest::Output<H>>,
{
    let mut hash = H::new();
    for part in message {
        hash.update(part);
    }
    hash.finalize().into()
}
