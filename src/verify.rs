//! The verifier: is it authentic?
//!
//! A value takes one of two separate paths: [`detached`] for `/signature`, [`cms`] for `/pkcs7` and `/rsa2048`. What comes out is an
//! [`Authentic`], which nothing else can make.

mod cms;
mod detached;
mod value;

use std::sync::Arc;

use value::{Decoded, Form};

use crate::audit::{self, Observer};
use crate::authentic::{Authentic, SkipReason, SkippedSignature, VerifiedSignature};
use crate::certs::{CertStore, Slots};
use crate::document::Document;
use crate::error::Error;
use crate::evidence::{Evidence, Expect, Label, Presented, PresentedValue};
use crate::kind::SignatureKind;
use crate::region::Region;

/// Verifies `document` with `signature` as one of `region`, under the bundled certificates: [`Verifier::verify`] of
/// [`Verifier::bundled`].
///
/// # Errors
/// The first check that fails; see [`Error`].
#[cfg(feature = "bundled")]
pub fn verify(document: &[u8], signature: &[u8], region: &str) -> Result<Authentic, Error> {
    Verifier::bundled().verify(document, signature, region)
}

/// Verifies a CMS value alone as one of `region`, under the bundled certificates: [`Verifier::verify_cms`] of [`Verifier::bundled`].
///
/// # Errors
/// The first check that fails; see [`Error`].
#[cfg(feature = "bundled")]
pub fn verify_cms(signature: &[u8], region: &str) -> Result<Authentic, Error> {
    Verifier::bundled().verify_cms(signature, region)
}

/// A certificate store and the kinds of signature that count. Cheap to clone and to share between threads.
///
/// All kinds are allowed until [`rsa2048_only`](Self::rsa2048_only) or [`allow_kinds`](Self::allow_kinds) says otherwise. For production
/// allow RSA-2048 alone: 17 regions stand on one RSA-1024 key, 19 on one DSA-1024 key with SHA-1, and whoever may choose the kind
/// chooses the weakest.
///
/// ```
/// use instance_identity::{SignatureKind, Verifier};
///
/// let verifier = Verifier::bundled().rsa2048_only();
/// let signature = std::fs::read("tests/captures/us-east-2-2018-cloud-init/rsa2048.b64").unwrap();
/// let authentic = verifier.verify_cms(&signature, "us-east-2").unwrap();
/// assert_eq!(authentic.document().instance_id().as_str(), "i-075f088c72ad3271c");
/// assert_eq!(authentic.signatures()[0].kind(), SignatureKind::Rsa2048);
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    store: Arc<CertStore>,
    allowed: Vec<SignatureKind>,
    observer: Option<Observer>,
}

impl Verifier {
    /// With the certificates that AWS publishes.
    #[cfg(feature = "bundled")]
    pub fn bundled() -> Self {
        Self::new(CertStore::bundled())
    }

    /// With the certificates of `store`.
    pub fn new(store: CertStore) -> Self {
        Self { store: Arc::new(store), allowed: SignatureKind::ALL.to_vec(), observer: None }
    }

    /// Allows `kinds` and no others.
    ///
    /// # Errors
    /// [`NoKinds`] if there are none: such a verifier would refuse everything.
    pub fn allow_kinds(self, kinds: impl IntoIterator<Item = SignatureKind>) -> Result<Self, NoKinds> {
        let allowed: Vec<SignatureKind> = kinds.into_iter().collect();
        if allowed.is_empty() { Err(NoKinds) } else { Ok(Self { allowed, ..self }) }
    }

    /// Allows RSA-2048 alone, so that nobody is talked down to RSA-1024 or SHA-1.
    #[must_use]
    pub fn rsa2048_only(self) -> Self {
        Self { allowed: vec![SignatureKind::Rsa2048], ..self }
    }

    /// Tells `observer` of every verification, in place of any other before: to log and to count. No verdict depends on it.
    #[must_use]
    pub fn on_decision(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// The certificates.
    pub fn store(&self) -> &CertStore {
        &self.store
    }

    /// Verifies `document` with `signature`, of whichever kind its bytes are, as one of `region`.
    ///
    /// `document`: the bytes of `/latest/dynamic/instance-identity/document`, exactly as served. `signature`: the base64 text of
    /// `/signature`, `/pkcs7` or `/rsa2048`; white space and PEM lines do not matter. `region`: the region that the caller expects, such
    /// as `us-east-1`.
    ///
    /// # Errors
    /// The first check that fails; see [`Error`].
    pub fn verify(&self, document: &[u8], signature: &[u8], region: &str) -> Result<Authentic, Error> {
        let value = PresentedValue { label: Label::Any, text: signature };
        self.run_as_of(Presented { document: Some(document), values: &[value] }, region)
    }

    /// Verifies a CMS value, `/pkcs7` or `/rsa2048`, alone as one of `region`: the document is its content.
    ///
    /// # Errors
    /// The first check that fails; see [`Error`].
    pub fn verify_cms(&self, signature: &[u8], region: &str) -> Result<Authentic, Error> {
        let value = PresentedValue { label: Label::AnyCms, text: signature };
        self.run_as_of(Presented { document: None, values: &[value] }, region)
    }

    /// Verifies every signature of `evidence`, over the same document.
    ///
    /// A signature of a kind that is not allowed, or that the region has no certificate for, is not looked at, and
    /// [`Authentic::skipped`] says so. At least one must remain, and every one that remains must verify. They are checked in the order
    /// `rsa2048`, `pkcs7`, `signature`; the first failure is reported. None may be empty or over its limit, looked at or not.
    ///
    /// # Errors
    /// The first check that fails; see [`Error`].
    pub fn verify_evidence(&self, evidence: &Evidence, expect: Expect<'_>) -> Result<Authentic, Error> {
        let expected = match expect {
            Expect::AnyRegion => None,
            Expect::Region(region) => Some(region),
        };
        let presented = Presented { document: evidence.document(), values: &evidence.values() };
        audit::verification(self.observer.as_ref(), expected, || self.run(presented, expect))
    }

    fn run_as_of(&self, presented: Presented<'_>, region: &str) -> Result<Authentic, Error> {
        let region: Result<Region, Error> = region.parse().map_err(|_| Error::InvalidRegion);
        audit::verification(self.observer.as_ref(), region.as_ref().ok(), || {
            self.run(presented, Expect::Region(region.as_ref().map_err(Clone::clone)?))
        })
    }

    fn run(&self, presented: Presented<'_>, expect: Expect<'_>) -> Result<Authentic, Error> {
        presented.check_sizes()?;
        let (mut values, mut skipped) = (Vec::with_capacity(presented.values.len()), Vec::new());
        for PresentedValue { label, text } in presented.values {
            match label {
                Label::Kind(kind) if !self.allowed.contains(kind) => {
                    skipped.push(SkippedSignature { kind: *kind, reason: SkipReason::KindNotAllowed });
                }
                // A value that cannot be decoded is reported in its turn.
                _ => values.push((*label, Decoded::new(*label, text))),
            }
        }
        // A CMS value brings the document along, so the detached ones come after it.
        values.sort_by_key(|(_, value)| value.as_ref().is_ok_and(|value| value.form() == Form::Detached));
        let claimed;
        let (region, expected) = match expect {
            Expect::Region(region) => (region, Some(region)),
            Expect::AnyRegion => {
                claimed = self.claimed_region(presented.document, &values, &skipped)?;
                (&claimed, None)
            }
        };
        let slots = self.store.slots(region);
        let partition = slots.partition().ok_or_else(|| Error::UnknownRegion { region: expected.cloned() })?;
        values.retain(|(label, _)| match label {
            Label::Kind(kind) if !slots.has(*kind) => {
                skipped.push(SkippedSignature { kind: *kind, reason: SkipReason::NoCertificate });
                false
            }
            _ => true,
        });
        if values.is_empty() {
            return Err(nothing_left(&skipped, Some((region, slots.kinds()))));
        }

        // The content of the first CMS value is the document where none was presented.
        let mut document = presented.document;
        let mut signatures = Vec::with_capacity(values.len());
        for (_, value) in &values {
            let value = value.as_ref().map_err(Clone::clone)?;
            let signature = match value.form() {
                Form::Cms => {
                    let (content, signature) = self.verify_cms_value(value, document, region, slots)?;
                    document = Some(content);
                    signature
                }
                Form::Detached => self.verify_detached_value(value, document, region, slots)?,
            };
            signatures.push(signature);
        }
        signatures.sort_by_key(VerifiedSignature::kind);
        // One that is presented both under its name and without one counts once.
        signatures.dedup_by_key(|signature| signature.kind());

        let document = Document::parse(document.ok_or(Error::MissingDocument)?)?;
        if document.region() != region {
            return Err(Error::RegionMismatch { expected: region.clone(), found: document.region().clone() });
        }
        Ok(Authentic::new(document, partition, signatures, skipped))
    }

    /// The region that is claimed. Where none can be read, a value that cannot be decoded is the better reason.
    fn claimed_region(
        &self,
        document: Option<&[u8]>,
        values: &[(Label, Result<Decoded, Error>)],
        skipped: &[SkippedSignature],
    ) -> Result<Region, Error> {
        if values.is_empty() {
            return Err(nothing_left(skipped, None));
        }
        value::claimed_region(document, values).map_err(|fault| {
            let undecoded = values.iter().find_map(|(_, value)| value.as_ref().err().cloned());
            let not_allowed = (fault == Error::MissingDocument).then(|| self.check_allowed(SignatureKind::Rsa).err()).flatten();
            undecoded.or(not_allowed).unwrap_or(fault)
        })
    }

    fn verify_cms_value<'a>(
        &self,
        value: &'a Decoded,
        document: Option<&[u8]>,
        region: &Region,
        slots: Slots<'_>,
    ) -> Result<(&'a [u8], VerifiedSignature), Error> {
        let signed_data = crate::cms::SignedData::parse(value.bytes(), value.label().part())?;
        let certificate = cms::signer(&signed_data, region, slots, &self.store)?;
        let kind = certificate.kind();
        value.check_kind(kind)?;
        self.check_allowed(kind)?;
        cms::verify(&signed_data, &certificate, document)?;
        Ok((signed_data.content, VerifiedSignature::new(certificate, signed_data.signer.attributes.signing_time)))
    }

    fn verify_detached_value(
        &self,
        value: &Decoded,
        document: Option<&[u8]>,
        region: &Region,
        slots: Slots<'_>,
    ) -> Result<VerifiedSignature, Error> {
        value.check_kind(SignatureKind::Rsa)?;
        let certificate = slots.get(SignatureKind::Rsa).ok_or_else(|| Error::NoCertificate {
            region: region.clone(),
            kind: SignatureKind::Rsa,
            available: slots.kinds(),
        })?;
        self.check_allowed(SignatureKind::Rsa)?;
        let document = document.ok_or(Error::MissingDocument)?;
        detached::verify(document, value.bytes(), &certificate, &self.store)?;
        Ok(VerifiedSignature::new(certificate, None))
    }

    fn check_allowed(&self, kind: SignatureKind) -> Result<(), Error> {
        if self.allowed.contains(&kind) { Ok(()) } else { Err(Error::KindNotAllowed { kind }) }
    }
}

/// An empty list of kinds was to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoKinds;

impl core::fmt::Display for NoKinds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("at least one signature kind has to be allowed")
    }
}

impl std::error::Error for NoKinds {}

/// Why no signature is left to look at: what was skipped first, or that there was none.
fn nothing_left(skipped: &[SkippedSignature], region: Option<(&Region, Vec<SignatureKind>)>) -> Error {
    match (skipped.first(), region) {
        (Some(SkippedSignature { kind, reason: SkipReason::KindNotAllowed }), _) => Error::KindNotAllowed { kind: *kind },
        (Some(SkippedSignature { kind, reason: SkipReason::NoCertificate }), Some((region, available))) => {
            Error::NoCertificate { region: region.clone(), kind: *kind, available }
        }
        _ => Error::MissingSignature,
    }
}

#[cfg(all(test, feature = "bundled"))]
mod tests {
    use super::*;

    /// Base64 of 128 bytes: a bare signature by its form.
    const BARE: [u8; 172] = {
        let mut text = [b'A'; 172];
        text[171] = b'=';
        text
    };

    #[test]
    fn a_value_without_a_document_names_no_region_unless_its_kind_is_the_better_reason() {
        let refused = |verifier: &Verifier, evidence: Evidence| verifier.verify_evidence(&evidence, Expect::AnyRegion).unwrap_err();
        let bare = Evidence::new().with_any_kind(BARE);
        let (all, one) = (Verifier::bundled(), Verifier::bundled().rsa2048_only());
        assert_eq!(refused(&all, bare.clone()), Error::MissingDocument);
        assert_eq!(refused(&one, bare.clone()), Error::KindNotAllowed { kind: SignatureKind::Rsa });
        // A document that is there and cannot be read is the fault, whatever the kind.
        let unreadable = bare.with_document("{}");
        assert_eq!(refused(&all, unreadable.clone()).code(), "invalid_document");
        assert_eq!(refused(&one, unreadable).code(), "invalid_document");
    }

    #[test]
    fn the_bundled_certificates_are_found_by_what_a_value_names() {
        for (endpoint, kind) in [("rsa2048", SignatureKind::Rsa2048), ("pkcs7", SignatureKind::Dsa)] {
            let capture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/us-east-2-2018-cloud-init");
            let value = std::fs::read(format!("{capture}/{endpoint}.b64")).unwrap();
            let authentic = verify_cms(&value, "us-east-2").unwrap();
            assert_eq!(authentic.signatures().iter().map(VerifiedSignature::kind).collect::<Vec<_>>(), [kind]);
        }
    }

    #[test]
    fn no_kinds_at_all_is_an_error_in_words() {
        let error = Verifier::bundled().allow_kinds([]).unwrap_err();
        assert_eq!((error, error.to_string().as_str()), (NoKinds, "at least one signature kind has to be allowed"));
    }
}
