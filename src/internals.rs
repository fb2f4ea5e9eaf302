//! What is private, for this crate's own benches and fuzz targets. No API, no promise: it changes without notice.

use crate::certs::PinnedCertificate;
use crate::cms::SignedData;
use crate::document::Document;
use crate::encoding::{self, EncodingFault};
use crate::error::{Error, Part};
use crate::json::{self, AnyMembers};
use crate::kind::Algorithm;
use crate::signature::{Modulus, PublicKey};
use crate::time::UnixTime;
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

/// `number` to the power of 65537 modulo `modulus`, for a number below it, of as many octets: 128 for one block, 256 for two.
pub fn power_65537(modulus: &[u8], number: &[u8]) -> Option<Vec<u8>> {
    let mut power = vec![0; modulus.len()];
    match modulus.len() {
        128 => Modulus::<1>::new(modulus)?.power_65537(number, &mut power),
        _ => Modulus::<2>::new(modulus)?.power_65537(number, &mut power),
    }
    Some(power)
}

/// The product of two numbers modulo `modulus`, all of 128 octets.
pub fn product(modulus: &[u8], numbers: [&[u8]; 2]) -> Option<Vec<u8>> {
    let (modulus, mut product) = (Modulus::<1>::new(modulus)?, vec![0; 128]);
    let [a, b] = numbers.map(|number| modulus.residue(number));
    modulus.number(&modulus.mul(&a, &b), &mut product);
    Some(product)
}

/// The bytes of `text`, base64 or one PEM block with one of `labels`; or the offset of what is wrong.
pub fn decode(text: &[u8], labels: &[&str]) -> Result<Vec<u8>, usize> {
    encoding::decode(text, labels).map_err(|fault| match fault {
        EncodingFault::Base64 { at } | EncodingFault::Pem { at, .. } => at,
    })
}

/// The keys of the JSON object that `text` consists of, in alphabetical order, with the texts of their values; or the offset of what is wrong.
pub fn json_object(text: &[u8]) -> Result<Vec<(String, &str)>, usize> {
    let members: AnyMembers<'_> = json::object(text).map_err(|fault| fault.at)?;
    Ok(members.into_iter().filter_map(|(key, value)| Some((key.into_owned(), value?.get()))).collect())
}

/// Reads a document that nobody has signed.
pub fn document(bytes: &[u8]) -> Result<Document, Error> {
    Document::parse(bytes)
}

/// The issuer of a certificate, header included.
pub fn issuer(certificate: &PinnedCertificate) -> &[u8] {
    certificate.issuer()
}

/// The integers of a certificate's key, big-endian without leading zeros: modulus and exponent of RSA; p, q, g and y of DSA.
pub fn key(certificate: &PinnedCertificate) -> Vec<&[u8]> {
    match certificate.subject_key() {
        SubjectKey::Dsa { p, q, g, y } => vec![p, q, g, y],
        SubjectKey::Rsa { modulus, exponent } => vec![modulus, exponent],
        SubjectKey::Other => Vec::new(),
    }
}

/// What the reader of CMS finds in a value.
#[derive(Debug)]
pub struct Cms<'a>(SignedData<'a>);

impl<'a> Cms<'a> {
    /// Reads the value that `bytes` consist of.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        SignedData::parse(bytes, Part::Signature(None)).map(Self)
    }

    /// Are all algorithms that it names those of `algorithm`?
    pub fn check_algorithms(&self, algorithm: Algorithm) -> Result<(), Error> {
        self.0.check_algorithms(algorithm)
    }

    /// The content.
    pub fn content(&self) -> &'a [u8] {
        self.0.content
    }

    /// The issuer that names the signer, header included.
    pub fn issuer(&self) -> &'a [u8] {
        self.0.signer.issuer
    }

    /// The contents of the serial number that names the signer.
    pub fn serial(&self) -> &'a [u8] {
        self.0.signer.serial
    }

    /// The message digest among the signed attributes.
    pub fn message_digest(&self) -> &'a [u8] {
        self.0.signer.attributes.message_digest
    }

    /// The signing time among the signed attributes.
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.0.signer.attributes.signing_time
    }

    /// The bytes that are signed.
    pub fn signed_bytes(&self) -> Vec<u8> {
        self.0.signer.attributes.signed_bytes().concat()
    }

    /// The octets of the signature.
    pub fn signature(&self) -> &'a [u8] {
        self.0.signer.signature
    }
}
