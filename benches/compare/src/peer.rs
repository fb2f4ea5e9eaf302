//! The same work by OpenSSL: keys and certificates parsed before, buffers kept.

use openssl::base64;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::md::Md;
use openssl::md_ctx::MdCtx;
use openssl::pkey::{PKey, Public};
use openssl::stack::Stack;
use openssl::x509::X509;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The certificate that a value is verified with.
pub struct Certified {
    number: usize,
    certificates: Stack<X509>,
    key: PKey<Public>,
}

impl Certified {
    pub fn new(der: &[u8]) -> Self {
        let certificate = X509::from_der(der).unwrap();
        let key = certificate.public_key().unwrap();
        let mut certificates = Stack::new().unwrap();
        certificates.push(certificate).unwrap();
        Self { number: CERTIFIED.fetch_add(1, Ordering::Relaxed), certificates, key }
    }
}

/// How many there are so far.
static CERTIFIED: AtomicUsize = AtomicUsize::new(0);

/// What is kept between verifications.
pub struct Openssl {
    sha256: Md,
    /// Of each certificate by its number: one that has been used with a key stays with it.
    contexts: Vec<Option<MdCtx>>,
    /// Base64 without line ends.
    dense: String,
}

impl Openssl {
    pub fn new() -> Self {
        Self { sha256: Md::fetch(None, "SHA256", None).unwrap(), contexts: Vec::new(), dense: String::new() }
    }

    /// `/signature`: EVP_DigestVerify in a context that is kept for the key.
    pub fn verify_bare_kept(&mut self, certified: &Certified, document: &[u8], text: &str) -> bool {
        let Some(signature) = self.decode(text) else { return false };
        if self.contexts.len() <= certified.number {
            self.contexts.resize_with(certified.number + 1, || None);
        }
        let context = self.contexts[certified.number].get_or_insert_with(|| MdCtx::new().unwrap());
        context.digest_verify_init(Some(&self.sha256), &certified.key).unwrap();
        context.digest_verify(document, &signature).unwrap_or(false)
    }

    /// `/signature`: EVP_DigestVerify in a context of its own, as CMS_verify makes one for each value.
    pub fn verify_bare(&mut self, certified: &Certified, document: &[u8], text: &str) -> bool {
        let Some(signature) = self.decode(text) else { return false };
        let mut context = MdCtx::new().unwrap();
        context.digest_verify_init(Some(&self.sha256), &certified.key).unwrap();
        context.digest_verify(document, &signature).unwrap_or(false)
    }

    /// `/pkcs7` and `/rsa2048`: d2i_CMS_ContentInfo and CMS_verify, by the given certificate alone.
    pub fn verify_cms(&mut self, certified: &Certified, text: &str) -> bool {
        let Some(value) = self.decode(text) else { return false };
        let flags = CMSOptions::BINARY | CMSOptions::NOINTERN | CMSOptions::NO_SIGNER_CERT_VERIFY;
        let Ok(mut cms) = CmsContentInfo::from_der(&value) else { return false };
        cms.verify(Some(&certified.certificates), None, None, None, flags).is_ok()
    }

    /// EVP_DecodeBlock takes no line ends inside.
    fn decode(&mut self, text: &str) -> Option<Vec<u8>> {
        self.dense.clear();
        text.split('\n').for_each(|line| self.dense.push_str(line.trim_ascii()));
        base64::decode_block(&self.dense).ok()
    }
}
