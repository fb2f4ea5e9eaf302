//! OpenSSL: does it accept, and which content?

use std::collections::HashMap;

use instance_identity::testkit::Length;
use instance_identity::{Region, SignatureKind};
use instance_identity_fuzz::samples::{REGIONS, VERIFIER};
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use openssl::stack::Stack;
use openssl::x509::X509;

use crate::value::{DIGEST_ALGORITHMS, Value};

/// What OpenSSL is given of each region: its certificates in our store, and no others.
pub struct Openssl(HashMap<&'static str, Candidates>);

struct Candidates {
    certificates: Stack<X509>,
    /// Of the slot `rsa`, for bare signatures.
    bare: Option<PKey<Public>>,
}

impl Openssl {
    pub fn new() -> Self {
        Self(REGIONS.into_iter().map(|region| (region, Candidates::of(&region.parse().unwrap()))).collect())
    }

    /// The content that it accepts, of a CMS value or as a bare signature over `document`.
    pub fn accepts(&self, region: &str, value: &[u8], document: Option<&[u8]>) -> Option<Vec<u8>> {
        let candidates = &self.0[region];
        candidates.cms(value, document).or_else(|| candidates.bare(value, document?))
    }

    /// The same with what OpenSSL does not read left out or written otherwise, none of which is signed or changes what the value says.
    pub fn accepts_respelled(&self, region: &str, value: &[u8], document: Option<&[u8]>) -> Option<(Respelling, Vec<u8>)> {
        let value = Value::read(value)?;
        [Respelling::WithoutCertificates, Respelling::ShortLengths, Respelling::Both].into_iter().find_map(|how| {
            let content = self.accepts(region, &respelled(value.clone(), how)?, document)?;
            Some((how, content))
        })
    }
}

/// What OpenSSL is spared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respelling {
    /// `certificates [0]`, which OpenSSL parses though it takes none from there, and which we skip.
    WithoutCertificates,
    /// In digestAlgorithms an empty element at the end of another, its length written as `81 00` or longer. That is BER, but OpenSSL wants an
    /// octet more behind such a length (`asn1_get_length`: `max < i + 1`).
    ShortLengths,
    /// Both.
    Both,
}

fn respelled(mut value: Value, how: Respelling) -> Option<Vec<u8>> {
    if how != Respelling::ShortLengths {
        let place = value.certificates()?;
        let (parts, index) = value.siblings(&place)?;
        parts.remove(index);
    }
    if how != Respelling::WithoutCertificates {
        let algorithm = [DIGEST_ALGORITHMS, &[0]].concat();
        let last = value.below(&algorithm).pop().and_then(|place| value.get_mut(&place))?;
        if !last.inside().is_empty() || last.length == Length::Minimal {
            return None;
        }
        last.length = Length::Minimal;
    }
    Some(value.encode())
}

impl Candidates {
    fn of(region: &Region) -> Self {
        let (mut certificates, mut bare) = (Stack::new().unwrap(), None);
        for kind in SignatureKind::ALL {
            let Some(pinned) = VERIFIER.store().get(region, kind) else { continue };
            let certificate = X509::from_der(pinned.der()).unwrap();
            if kind == SignatureKind::Rsa {
                bare = Some(certificate.public_key().unwrap());
            }
            certificates.push(certificate).unwrap();
        }
        Self { certificates, bare }
    }

    /// CMS_verify. Where the value has no content, `document` is it.
    fn cms(&self, value: &[u8], document: Option<&[u8]>) -> Option<Vec<u8>> {
        // No certificate is taken from the message; those given are trusted as they are, and their dates do not matter.
        let flags = CMSOptions::BINARY | CMSOptions::NOINTERN | CMSOptions::NO_SIGNER_CERT_VERIFY;
        let mut content = Vec::new();
        let attached = CmsContentInfo::from_der(value).ok()?.verify(Some(&self.certificates), None, None, Some(&mut content), flags);
        let Err(refusal) = attached else { return Some(content) };
        if refusal.errors().iter().all(|error| error.reason() != Some("no content")) {
            return None;
        }
        // A value that has failed once is read again, so that nothing is left of that.
        let mut cms = CmsContentInfo::from_der(value).ok()?;
        cms.verify(Some(&self.certificates), None, Some(document?), None, flags).ok()?;
        document.map(<[u8]>::to_vec)
    }

    /// EVP_DigestVerify with the key of the slot.
    fn bare(&self, signature: &[u8], document: &[u8]) -> Option<Vec<u8>> {
        let mut verifier = Verifier::new(MessageDigest::sha256(), self.bare.as_ref()?).unwrap();
        verifier.verify_oneshot(signature, document).unwrap_or(false).then(|| document.to_vec())
    }
}
