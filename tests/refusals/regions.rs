//! Which region a document has to be of.

use instance_identity::{DocumentReason, Error, Evidence, Expect, Hint, JsonReason, SignatureKind, Verifier, verify, verify_cms};

use crate::support::captures::{self, whole};
use crate::support::cms;
use crate::support::keys::{self, DOCUMENT, REGION, REGION_OF_RSA, TestKey, region, verifier};
use crate::support::refusal;
use crate::support::tlv::base64;

fn mismatch(expected: &str, found: &str) -> Error {
    Error::RegionMismatch { expected: region(expected), found: region(found) }
}

#[test]
fn an_unknown_region_has_no_default() {
    let capture = whole();
    for unknown in ["us-east-9", "zz-nowhere-1", "us-west-22", "us-west"] {
        for error in [
            refusal(verify(&capture.document, capture.signature(), unknown)),
            refusal(verify(&capture.document, capture.pkcs7(), unknown)),
            refusal(verify_cms(capture.rsa2048(), unknown)),
        ] {
            assert_eq!(error, Error::UnknownRegion { region: region(unknown) });
            assert_eq!(error.hint(), Some(Hint::AddCertificates));
        }
    }
}

#[test]
fn a_store_without_certificates_knows_no_region() {
    let verifier = Verifier::new(instance_identity::CertStore::empty());
    assert_eq!(refusal(verifier.verify_cms(whole().rsa2048(), "us-west-2")), Error::UnknownRegion { region: region("us-west-2") });
}

#[test]
fn region_syntax_is_checked_before_anything_else() {
    let long = format!("us-{}", "x".repeat(40));
    for wrong in [
        "us-west-2 ",
        " us-west-2",
        "us-west-2\n",
        "us-west-2\0",
        "us-west-2\0.example",
        "US-WEST-2",
        "us-West-2",
        "../us-west-2",
        "us-west-2/../us-east-1",
        "us-west-2/",
        "us_west_2",
        "us--west-2",
        "-us-west-2",
        "us-west-2-",
        "us\u{2010}west\u{2010}2",
        "uſ-west-2",
        "us-west-2;",
        "*",
        "",
        "local",
        "2-us-west",
        &long,
    ] {
        for (document, signature) in [(&b""[..], &b""[..]), (&whole().document, whole().signature())] {
            let error = refusal(verify(document, signature, wrong));
            assert_eq!(error, Error::InvalidRegion, "{wrong:?}");
            assert_eq!(error.hint(), Some(Hint::RegionSyntax));
        }
        assert_eq!(refusal(verify_cms(whole().rsa2048(), wrong)), Error::InvalidRegion, "{wrong:?}");
    }
}

#[test]
fn an_empty_or_oversized_input_is_refused_before_the_region_is_looked_up() {
    let part = instance_identity::Part::Document;
    assert_eq!(refusal(verify(b"", b"x", "us-east-9")), Error::EmptyInput { part });
    assert_eq!(refusal(verify(&[b'x'; 20_000], b"x", "us-east-9")), Error::InputTooLarge { part, limit: 16 * 1024 });
    // And the region before what the signature decodes to.
    assert_eq!(refusal(verify(b"x", b"*", "us-east-9")), Error::UnknownRegion { region: region("us-east-9") });
}

#[test]
fn a_kind_without_a_certificate_is_told_the_kinds_there_are() {
    let document = DOCUMENT.replace(REGION, REGION_OF_RSA);
    let value = cms::value(TestKey::Dsa1024, document.as_bytes());
    let available = vec![SignatureKind::Rsa];
    let error = refusal(verifier().verify_cms(&value.text(), REGION_OF_RSA));
    assert_eq!(error, Error::NoCertificate { region: region(REGION_OF_RSA), kind: SignatureKind::Dsa, available: available.clone() });
    assert_eq!(error.hint(), Some(Hint::PresentKind(available)));
    assert!(error.hint().unwrap().to_string().contains("/signature"));

    let code = keys::REGION_LIKE_CHINA;
    let document = DOCUMENT.replace(REGION, code);
    let bare = base64(&TestKey::Rsa1024.sign(document.as_bytes()));
    let error = refusal(verifier().verify(document.as_bytes(), &bare, code));
    let available = vec![SignatureKind::Dsa];
    assert_eq!(error, Error::NoCertificate { region: region(code), kind: SignatureKind::Rsa, available });
}

#[test]
fn an_authentic_document_of_another_region_is_refused_and_its_region_named() {
    let capture = whole();
    // One RSA-1024 key and one DSA key serve both regions, so the signature is right.
    for value in [capture.signature(), capture.pkcs7()] {
        let error = refusal(verify(&capture.document, value, "eu-west-1"));
        assert_eq!(error, mismatch("eu-west-1", "us-west-2"));
        assert_eq!(error.hint(), Some(Hint::DocumentOf(region("us-west-2"))));
        assert!(error.to_string().contains("us-west-2"));
    }
    let error = refusal(verify_cms(capture.rsa2048(), "eu-west-1"));
    let hint = Some(Hint::SignerOf(vec![region("us-west-2")]));
    assert_eq!(error, Error::UnknownSigner { region: region("eu-west-1"), hint });
}

#[test]
fn a_bare_signature_under_the_key_of_another_region_is_refused_and_the_claim_is_called_unverified() {
    let capture = whole();
    let error = refusal(verify(&capture.document, capture.signature(), "af-south-1"));
    let hint = Some(Hint::ClaimsRegion(region("us-west-2")));
    assert_eq!(error, Error::SignatureInvalid { kind: SignatureKind::Rsa, hint });
    assert!(error.hint().unwrap().to_string().contains("(unverified)"));
}

#[test]
fn no_capture_verifies_as_one_of_another_region() {
    for other in instance_identity::CertStore::bundled().regions() {
        for capture in captures::all() {
            if capture.region == other.as_str() {
                continue;
            }
            let values = [&capture.signature, &capture.pkcs7, &capture.rsa2048];
            for value in values.into_iter().flatten() {
                match refusal(verify(&capture.document, value, other.as_str())) {
                    Error::RegionMismatch { expected, found } => {
                        assert_eq!((expected, found.as_str()), (other.clone(), capture.region.as_str()));
                    }
                    Error::UnknownSigner { hint: Some(Hint::SignerOf(regions)), .. } => assert!(regions.contains(&region(&capture.region))),
                    Error::SignatureInvalid { kind: SignatureKind::Rsa, hint } => {
                        assert_eq!(hint, Some(Hint::ClaimsRegion(region(&capture.region))));
                    }
                    Error::NoCertificate { kind: SignatureKind::Dsa, .. } => {}
                    other => panic!("{}: {other:?}", capture.name),
                }
            }
        }
    }
}

#[test]
fn a_document_signed_for_one_region_that_names_another_is_refused() {
    let bare = |document: &str| base64(&TestKey::Rsa1024.sign(document.as_bytes()));
    let document = DOCUMENT.replace(REGION, REGION_OF_RSA);
    let error = refusal(verifier().verify(document.as_bytes(), &bare(&document), REGION));
    assert_eq!(error, mismatch(REGION, REGION_OF_RSA));
    // A region of which nobody has certificates, and one that only starts as the expected one does.
    for other in ["zz-nowhere-1", "test-local-10", "test-local"] {
        let document = DOCUMENT
            .replace("\"region\" : \"test-local-1\"", &format!("\"region\" : \"{other}\""))
            .replace("test-local-1a", &format!("{other}a"));
        let error = refusal(verifier().verify(document.as_bytes(), &bare(&document), REGION));
        assert_eq!(error, mismatch(REGION, other));
    }
}

#[test]
fn any_region_is_still_one_that_the_store_has() {
    for (document, error) in [
        (DOCUMENT.replace(REGION, "zz-nowhere-1"), Error::UnknownRegion { region: region("zz-nowhere-1") }),
        (DOCUMENT.replace("\"region\"", "\"Region\""), unnamed()),
        (DOCUMENT.replace("\"test-local-1\"", "null"), unnamed()),
        (DOCUMENT.replace("\"test-local-1\"", "\"TEST\""), misnamed()),
        (DOCUMENT.replace("\"test-local-1\"", "\"../x\""), misnamed()),
        (format!("{DOCUMENT}x"), unread(JsonReason::Trailing, DOCUMENT.len())),
        ("not json".to_owned(), unread(JsonReason::NotAnObject, 0)),
        (DOCUMENT.replace("\"accountId\"", "\"region\" : \"test-local-1\", \"accountId\""), unread(JsonReason::DuplicateKey, 193)), // After the second key.
    ] {
        let evidence = Evidence::new().with_document(document.clone()).with_signature(base64(&TestKey::Rsa1024.sign(document.as_bytes())));
        assert_eq!(refusal(verifier().verify_evidence(&evidence, Expect::AnyRegion)), error, "{document}");
        let value = cms::value(TestKey::Rsa2048, document.as_bytes());
        let evidence = Evidence::new().with_rsa2048(value.text());
        assert_eq!(refusal(verifier().verify_evidence(&evidence, Expect::AnyRegion)), error, "{document}");
    }
}

fn unnamed() -> Error {
    Error::InvalidDocument { reason: DocumentReason::MissingField { name: "region" } }
}

fn misnamed() -> Error {
    Error::InvalidDocument { reason: DocumentReason::Field { name: "region" } }
}

fn unread(reason: JsonReason, at: usize) -> Error {
    Error::InvalidDocument { reason: DocumentReason::Json { reason, at } }
}

#[test]
fn the_region_that_a_document_claims_only_picks_the_certificate() {
    // Signed by the key of another region than the document names.
    let document = DOCUMENT.replace(REGION, keys::REGION_LIKE_CHINA);
    let value = cms::value(TestKey::Dsa1024, document.as_bytes());
    let evidence = Evidence::new().with_pkcs7(value.text());
    let hint = Some(Hint::SignerOf(vec![region(REGION)]));
    let error = refusal(verifier().verify_evidence(&evidence, Expect::AnyRegion));
    assert_eq!(error, Error::UnknownSigner { region: region(keys::REGION_LIKE_CHINA), hint });
}

#[test]
fn any_region_verifies_every_capture_as_the_one_it_names() {
    for capture in captures::all() {
        let mut evidence = Evidence::new().with_document(capture.document.clone());
        evidence = capture.signature.iter().fold(evidence, |evidence, text| evidence.with_signature(text.clone()));
        evidence = capture.pkcs7.iter().fold(evidence, |evidence, text| evidence.with_pkcs7(text.clone()));
        evidence = capture.rsa2048.iter().fold(evidence, |evidence, text| evidence.with_rsa2048(text.clone()));
        let verified = Verifier::bundled().verify_evidence(&evidence, Expect::AnyRegion).unwrap();
        assert_eq!((verified.region().as_str(), verified.document().as_bytes()), (capture.region.as_str(), capture.document.as_slice()));
    }
}
