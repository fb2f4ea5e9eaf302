//! The path of `/pkcs7` and `/rsa2048`: CMS ([RFC 5652 §5.4, §5.6]).
//!
//! [RFC 5652 §5.4, §5.6]: https://www.rfc-editor.org/rfc/rfc5652#section-5.4

use std::sync::Arc;

use crate::certs::{CertStore, PinnedCertificate, Slots};
use crate::cms::SignedData;
use crate::document::Document;
use crate::error::{Alteration, Error, Hint};
use crate::kind::SignatureKind;
use crate::region::Region;

/// The one certificate of the region that the value names as its signer's.
pub(super) fn signer(
    signed_data: &SignedData<'_>,
    region: &Region,
    slots: Slots<'_>,
    store: &CertStore,
) -> Result<Arc<PinnedCertificate>, Error> {
    let (issuer, serial) = (signed_data.signer.issuer, signed_data.signer.serial);
    if let Some(certificate) = slots.signer(issuer, serial) {
        return Ok(certificate);
    }
    if signed_data.claims_dsa() && !slots.has(SignatureKind::Dsa) {
        return Err(Error::NoCertificate { region: region.clone(), kind: SignatureKind::Dsa, available: slots.kinds() });
    }
    let regions = store.regions_of_signer(issuer, serial);
    let hint = if regions.is_empty() { claim(signed_data.content, region, store) } else { Some(Hint::SignerOf(regions)) };
    Err(Error::UnknownSigner { region: region.clone(), hint })
}

/// Is the value signed with the key of `certificate`, over its content, and is that `document` where one is given?
pub(super) fn verify(signed_data: &SignedData<'_>, certificate: &PinnedCertificate, document: Option<&[u8]>) -> Result<(), Error> {
    let (kind, key) = (certificate.kind(), certificate.key());
    let SignedData { content, signer, .. } = signed_data;
    signed_data.check_algorithms(certificate.algorithm())?;
    if let Some(document) = document
        && document != *content
    {
        return Err(Error::DocumentMismatch { kind, alteration: Alteration::of(document) });
    }
    if !key.is_digest(signer.attributes.message_digest, &[content]) {
        return Err(Error::DigestMismatch { kind });
    }
    key.verify(&signer.attributes.signed_bytes(), signer.signature).map_err(|_| Error::SignatureInvalid { kind, hint: None })
}

/// Another known region that the unverified document names. Anybody can send one: it is not read if it is far larger than those of AWS.
pub(super) fn claim(document: &[u8], expected: &Region, store: &CertStore) -> Option<Hint> {
    if document.len() > MAX_HINTED {
        return None;
    }
    let claimed = Document::claimed_region(document).ok()?;
    (claimed != *expected && store.partition(&claimed).is_some()).then_some(Hint::ClaimsRegion(claimed))
}

/// Four times the longest document seen.
const MAX_HINTED: usize = 2 * 1024;

#[cfg(all(test, feature = "bundled"))]
mod tests {
    use super::*;

    /// A document of `length` bytes that names `region`, and no more.
    fn document(region: &str, length: usize) -> Vec<u8> {
        let named = format!(r#"{{"region":"{region}""#);
        format!("{named}{}}}", " ".repeat(length - named.len() - 1)).into_bytes()
    }

    #[test]
    fn a_claim_is_another_region_that_is_known_in_a_document_not_far_larger_than_those_of_aws() {
        let store = CertStore::bundled();
        let claim = |document: &[u8]| claim(document, &"us-east-1".parse().unwrap(), &store);
        let other = Some(Hint::ClaimsRegion("us-west-2".parse().unwrap()));
        assert_eq!(claim(&document("us-west-2", 100)), other);
        assert_eq!(claim(&document("us-west-2", 2048)), other);
        assert_eq!(claim(&document("us-west-2", 2049)), None);
        assert_eq!(claim(&document("us-west-2", 20_000)), None);
        assert_eq!(claim(&document("us-east-1", 100)), None);
        assert_eq!(claim(&document("us-nowhere-1", 100)), None);
        assert_eq!(claim(b"us-west-2"), None);
    }
}
