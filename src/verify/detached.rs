//! The path of `/signature`: a bare RSA signature over the document's bytes.

use super::cms::claim;
use crate::certs::{CertStore, PinnedCertificate};
use crate::error::{Alteration, Error, Hint};
use crate::signature::SignatureFault;

/// Is `signature` one over `document` with the key of `certificate`?
pub(super) fn verify(document: &[u8], signature: &[u8], certificate: &PinnedCertificate, store: &CertStore) -> Result<(), Error> {
    certificate.key().verify(&[document], signature).map_err(|fault| {
        let hint = match fault {
            SignatureFault::OtherDigest => Some(Hint::DocumentAltered(Alteration::of(document))),
            SignatureFault::Invalid => claim(document, certificate.region(), store),
        };
        Error::SignatureInvalid { kind: certificate.kind(), hint }
    })
}
