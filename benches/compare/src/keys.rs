//! Keys of this run: made by OpenSSL, thrown away at its end.

use openssl::bn::BigNum;
use openssl::dsa::Dsa;
use openssl::hash::{MessageDigest, hash};
use openssl::md::Md;
use openssl::pkey::{PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};

use instance_identity::SignatureKind;

pub struct Key {
    pub kind: SignatureKind,
    pub private: PKey<Private>,
}

impl Key {
    /// A new key, such as AWS has for signatures of `kind`.
    pub fn new(kind: SignatureKind) -> Self {
        let exponent = BigNum::from_u32(65537).unwrap();
        let private = match kind {
            SignatureKind::Rsa2048 => PKey::from_rsa(Rsa::generate_with_e(2048, &exponent).unwrap()),
            SignatureKind::Rsa => PKey::from_rsa(Rsa::generate_with_e(1024, &exponent).unwrap()),
            SignatureKind::Dsa => {
                let dsa = Dsa::generate(1024).unwrap();
                assert_eq!((dsa.p().num_bits(), dsa.q().num_bits()), (1024, 160));
                PKey::from_dsa(dsa)
            }
        };
        Self { kind, private: private.unwrap() }
    }

    pub fn several(kind: SignatureKind, count: usize) -> Vec<Self> {
        (0..count).map(|_| Self::new(kind)).collect()
    }

    pub fn digest(&self, message: &[u8]) -> Vec<u8> {
        let function = if self.kind == SignatureKind::Dsa { MessageDigest::sha1() } else { MessageDigest::sha256() };
        hash(function, message).unwrap().to_vec()
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut context = PkeyCtx::new(&self.private).unwrap();
        context.sign_init().unwrap();
        if self.kind != SignatureKind::Dsa {
            context.set_rsa_padding(Padding::PKCS1).unwrap();
            context.set_signature_md(Md::sha256()).unwrap();
        }
        let mut signature = Vec::new();
        context.sign_to_vec(&self.digest(message), &mut signature).unwrap();
        signature
    }

    /// SubjectPublicKeyInfo in DER.
    pub fn public_key_info(&self) -> Vec<u8> {
        self.private.public_key_to_der().unwrap()
    }

    /// n of RSA; p, q, g and y of DSA.
    pub fn integers(&self) -> Vec<Vec<u8>> {
        match self.kind {
            SignatureKind::Dsa => {
                let dsa = self.private.dsa().unwrap();
                [dsa.p(), dsa.q(), dsa.g(), dsa.pub_key()].map(|integer| integer.to_vec()).into()
            }
            SignatureKind::Rsa | SignatureKind::Rsa2048 => vec![self.private.rsa().unwrap().n().to_vec()],
        }
    }
}
