//! What is presented together: names, what is skipped, and what has to remain.

use instance_identity::{
    Alteration, DocumentReason, Error, Evidence, EvidenceReason, Expect, Hint, JsonReason, NoKinds, SignatureKind, SkipReason, ValueKind,
    Verifier,
};
use serde_json::json;

use crate::support::captures::{self, whole};
use crate::support::cms;
use crate::support::keys::{self, DOCUMENT, REGION, REGION_OF_RSA, TestKey, region, verifier};
use crate::support::tlv::base64;
use crate::support::{named, refusal};

const US_WEST_2: &str = "us-west-2";

fn from_json(json: &serde_json::Value) -> Evidence {
    Evidence::from_json(json.to_string().as_bytes()).unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn refused(verifier: &Verifier, evidence: &Evidence) -> Error {
    refusal(verifier.verify_evidence(evidence, Expect::Region(&region(US_WEST_2))))
}

fn invalid(json: impl AsRef<[u8]>) -> EvidenceReason {
    match refusal(Evidence::from_json(json.as_ref())) {
        Error::InvalidEvidence { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// The capture with all three signatures.
fn full() -> Evidence {
    let capture = whole();
    Evidence::new()
        .with_document(capture.document.clone())
        .with_signature(capture.signature())
        .with_pkcs7(capture.pkcs7())
        .with_rsa2048(capture.rsa2048())
}

#[test]
fn all_signatures_verify_over_the_same_document() {
    let capture = whole();
    let evidence = from_json(&json!({
        "document": text(&capture.document),
        "signature": text(capture.signature()),
        "pkcs7": text(capture.pkcs7()),
        "rsa2048": text(capture.rsa2048()),
    }));
    for expect in [Expect::Region(&region(US_WEST_2)), Expect::AnyRegion] {
        let verified = Verifier::bundled().verify_evidence(&evidence, expect).unwrap();
        let kinds: Vec<SignatureKind> = verified.signatures().iter().map(|signature| signature.kind()).collect();
        assert_eq!(kinds, SignatureKind::ALL);
        assert_eq!(verified.skipped(), []);
    }
}

#[test]
fn null_and_missing_are_absent_and_empty_is_not() {
    let capture = whole();
    for json in [
        json!({ "document": null, "signature": null, "pkcs7": null, "rsa2048": text(capture.rsa2048()) }),
        json!({ "rsa2048": text(capture.rsa2048()) }),
    ] {
        let verified = Verifier::bundled().verify_evidence(&from_json(&json), Expect::AnyRegion).unwrap();
        assert_eq!(verified.document().as_bytes(), capture.document);
        assert_eq!(verified.signatures().len(), 1);
    }
    for (name, part) in
        [("document", instance_identity::Part::Document), ("signature", named(SignatureKind::Rsa)), ("pkcs7", named(SignatureKind::Dsa))]
    {
        let evidence = from_json(&json!({ "rsa2048": text(capture.rsa2048()), name: "" }));
        assert_eq!(refused(&Verifier::bundled(), &evidence), Error::EmptyInput { part });
    }
}

#[test]
fn unknown_keys_are_refused() {
    for key in ["Document", "rsa", "dsa", "RSA2048", "pkcs7 ", "", "comment", "__proto__"] {
        assert_eq!(invalid(json!({ key: null }).to_string()), EvidenceReason::UnknownKey, "{key}");
    }
}

#[test]
fn a_key_stands_once_in_an_evidence() {
    for json in [r#"{"pkcs7":"a","pkcs7":"a"}"#, r#"{"pkcs7":null,"pkcs7":"a"}"#, r#"{"document":"a","\u0064ocument":"b"}"#] {
        assert!(matches!(invalid(json), EvidenceReason::Json { reason: JsonReason::DuplicateKey, .. }), "{json}");
    }
    assert_eq!(invalid(r#"{"x":1,"x":1}"#), EvidenceReason::UnknownKey);
}

#[test]
fn a_field_is_a_string_or_null() {
    for name in ["document", "signature", "pkcs7", "rsa2048"] {
        for value in [json!(1), json!(true), json!([]), json!(["a"]), json!({}), json!({ "accountId": "012345678901" })] {
            assert_eq!(invalid(json!({ name: value }).to_string()), EvidenceReason::Field { name });
        }
    }
}

#[test]
fn an_evidence_is_one_json_object() {
    let fault = |json: &[u8]| match invalid(json) {
        EvidenceReason::Json { reason, at } => (reason, at),
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(b"[]"), (JsonReason::NotAnObject, 0));
    assert_eq!(fault(b"\"x\""), (JsonReason::NotAnObject, 0));
    assert_eq!(fault(b"null"), (JsonReason::NotAnObject, 0));
    assert_eq!(fault(b"{} {}"), (JsonReason::Trailing, 3));
    assert_eq!(fault(b"{\"document\":\"\xff\"}"), (JsonReason::Utf8, 13));
    assert_eq!(fault(b"{\"document\":").0, JsonReason::Syntax);
    assert_eq!(fault(b"{\"document\":\"\\ud800\"}").0, JsonReason::Syntax);
    // No array is a string, however deep it is.
    let nested = format!("{{\"document\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(invalid(nested), EvidenceReason::Field { name: "document" });
}

#[test]
fn a_value_under_the_name_of_another_kind_is_refused_though_the_others_verify() {
    let capture = whole();
    let (rsa, dsa, rsa2048) = (SignatureKind::Rsa, SignatureKind::Dsa, SignatureKind::Rsa2048);
    for (evidence, expected, found) in [
        (full().with_rsa2048(capture.pkcs7()), rsa2048, ValueKind::Endpoint(dsa)),
        (full().with_pkcs7(capture.rsa2048()), dsa, ValueKind::Endpoint(rsa2048)),
        (full().with_signature(capture.rsa2048()), rsa, ValueKind::Cms),
        (full().with_pkcs7(capture.signature()), dsa, ValueKind::Endpoint(rsa)),
    ] {
        let error = refused(&Verifier::bundled(), &evidence);
        assert_eq!(error, Error::WrongSignatureKind { expected: ValueKind::Endpoint(expected), found });
        assert_eq!(error.hint(), Some(Hint::PassAs(found)));
    }
}

#[test]
fn a_kind_that_is_not_allowed_is_not_looked_at_and_the_result_says_so() {
    // Not even its base64.
    let evidence = full().with_signature("***").with_pkcs7(whole().rsa2048());
    let verified = Verifier::bundled().rsa2048_only().verify_evidence(&evidence, Expect::Region(&region(US_WEST_2))).unwrap();
    let kinds: Vec<SignatureKind> = verified.signatures().iter().map(|signature| signature.kind()).collect();
    assert_eq!(kinds, [SignatureKind::Rsa2048]);
    let skipped: Vec<_> = verified.skipped().iter().map(|skipped| (skipped.kind, skipped.reason)).collect();
    assert_eq!(skipped, [(SignatureKind::Dsa, SkipReason::KindNotAllowed), (SignatureKind::Rsa, SkipReason::KindNotAllowed)]);
}

#[test]
fn a_kind_without_a_certificate_is_not_looked_at_and_the_result_says_so() {
    let document = DOCUMENT.replace(REGION, REGION_OF_RSA);
    let evidence = Evidence::new()
        .with_document(document.clone())
        .with_signature(base64(&TestKey::Rsa1024.sign(document.as_bytes())))
        .with_pkcs7("***")
        .with_rsa2048("***");
    for expect in [Expect::Region(&region(REGION_OF_RSA)), Expect::AnyRegion] {
        let verified = verifier().verify_evidence(&evidence, expect).unwrap();
        assert_eq!(verified.signatures().len(), 1);
        let skipped: Vec<_> = verified.skipped().iter().map(|skipped| (skipped.kind, skipped.reason)).collect();
        assert_eq!(skipped, [(SignatureKind::Rsa2048, SkipReason::NoCertificate), (SignatureKind::Dsa, SkipReason::NoCertificate)]);
    }
}

#[test]
fn without_any_signature_there_is_nothing_to_verify() {
    for evidence in [Evidence::new(), Evidence::new().with_document(whole().document), from_json(&json!({}))] {
        assert_eq!(refused(&Verifier::bundled(), &evidence), Error::MissingSignature);
        assert_eq!(refusal(Verifier::bundled().verify_evidence(&evidence, Expect::AnyRegion)), Error::MissingSignature);
    }
}

#[test]
fn if_all_signatures_are_of_kinds_that_are_not_allowed_that_is_the_error() {
    let capture = whole();
    let verifier = Verifier::bundled().rsa2048_only();
    let evidence = Evidence::new().with_document(capture.document.clone());
    for (evidence, kind) in [
        (evidence.clone().with_signature(capture.signature()), SignatureKind::Rsa),
        (evidence.clone().with_pkcs7(capture.pkcs7()), SignatureKind::Dsa),
        (evidence.with_pkcs7(capture.pkcs7()).with_signature(capture.signature()), SignatureKind::Dsa),
    ] {
        let error = refused(&verifier, &evidence);
        assert_eq!(error, Error::KindNotAllowed { kind });
        assert_eq!(error.hint(), Some(Hint::PresentAnotherKind));
        assert_eq!(refusal(verifier.verify_evidence(&evidence, Expect::AnyRegion)), error);
    }
}

#[test]
fn if_the_region_has_no_certificate_for_any_signature_that_is_the_error() {
    let document = DOCUMENT.replace(REGION, REGION_OF_RSA);
    let evidence = Evidence::new().with_document(document).with_pkcs7("***");
    let error = refusal(verifier().verify_evidence(&evidence, Expect::Region(&region(REGION_OF_RSA))));
    let available = vec![SignatureKind::Rsa];
    assert_eq!(error, Error::NoCertificate { region: region(REGION_OF_RSA), kind: SignatureKind::Dsa, available: available.clone() });
    assert_eq!(error.hint(), Some(Hint::PresentKind(available)));
}

#[test]
fn a_single_value_of_a_kind_that_is_not_allowed_is_refused() {
    let capture = whole();
    let only = |kind| Verifier::bundled().allow_kinds([kind]).unwrap();
    let (rsa, dsa, rsa2048) = (SignatureKind::Rsa, SignatureKind::Dsa, SignatureKind::Rsa2048);
    for (value, kind, other) in [(capture.signature(), rsa, rsa2048), (capture.pkcs7(), dsa, rsa2048), (capture.rsa2048(), rsa2048, dsa)] {
        let error = refusal(only(other).verify(&capture.document, value, US_WEST_2));
        assert_eq!(error, Error::KindNotAllowed { kind });
        assert_eq!(only(kind).verify(&capture.document, value, US_WEST_2).unwrap().signatures()[0].kind(), kind);
    }
    assert_eq!(Verifier::bundled().allow_kinds([]).unwrap_err(), NoKinds);
}

#[test]
fn a_bare_signature_needs_the_document() {
    let evidence = Evidence::new().with_signature(whole().signature());
    for expect in [Expect::Region(&region(US_WEST_2)), Expect::AnyRegion] {
        let error = refusal(Verifier::bundled().verify_evidence(&evidence, expect));
        assert_eq!(error, Error::MissingDocument);
        assert_eq!(error.hint(), Some(Hint::PresentDocument));
    }
    // A CMS value that is skipped does not give it.
    let capture = whole();
    let evidence = Evidence::new().with_signature(capture.signature()).with_rsa2048(capture.rsa2048());
    let verifier = Verifier::bundled().allow_kinds([SignatureKind::Rsa]).unwrap();
    assert_eq!(refused(&verifier, &evidence), Error::MissingDocument);
}

#[test]
fn the_content_of_a_cms_value_is_the_document_for_a_bare_signature() {
    let capture = whole();
    let evidence = Evidence::new().with_signature(capture.signature()).with_pkcs7(capture.pkcs7());
    let verified = Verifier::bundled().verify_evidence(&evidence, Expect::AnyRegion).unwrap();
    assert_eq!((verified.signatures().len(), verified.document().as_bytes()), (2, capture.document.as_slice()));
}

#[test]
fn values_over_different_documents_are_refused() {
    let (capture, other) = (whole(), captures::all().into_iter().find(|it| it.name == "us-west-2-2017-flaws-cloud").unwrap());
    let alteration = Alteration::Other;
    for (evidence, error) in [
        (full().with_document(other.document.clone()), Error::DocumentMismatch { kind: SignatureKind::Rsa2048, alteration }),
        (full().with_pkcs7(other.pkcs7()), Error::DocumentMismatch { kind: SignatureKind::Dsa, alteration }),
        (
            Evidence::new().with_rsa2048(capture.rsa2048()).with_pkcs7(other.pkcs7()),
            Error::DocumentMismatch { kind: SignatureKind::Dsa, alteration },
        ),
        (full().with_signature(other.signature()), {
            let hint = Some(Hint::DocumentAltered(alteration));
            Error::SignatureInvalid { kind: SignatureKind::Rsa, hint }
        }),
    ] {
        assert_eq!(refused(&Verifier::bundled(), &evidence), error);
    }
}

#[test]
fn the_strongest_failure_is_reported_first() {
    let broken = |evidence: Evidence| refused(&Verifier::bundled(), &evidence);
    let fault = |kind| Error::InvalidBase64 { part: named(kind), at: 0, hint: None };
    assert_eq!(broken(full().with_rsa2048("***").with_pkcs7("***").with_signature("***")), fault(SignatureKind::Rsa2048));
    assert_eq!(broken(full().with_pkcs7("***").with_signature("***")), fault(SignatureKind::Dsa));
    assert_eq!(broken(full().with_signature("***")), fault(SignatureKind::Rsa));
}

#[test]
fn one_forged_signature_beside_right_ones_is_refused() {
    let mut value = captures::one(SignatureKind::Dsa).node();
    cms::flip(value.at_mut(cms::SIGNATURE));
    let error = Error::SignatureInvalid { kind: SignatureKind::Dsa, hint: None };
    assert_eq!(refused(&Verifier::bundled(), &full().with_pkcs7(value.text())), error);
}

#[test]
fn a_cms_value_of_another_slot_is_refused_by_its_kind_or_by_its_region() {
    let document = DOCUMENT.replace(REGION, keys::REGION_LIKE_CHINA);
    let value = cms::value(TestKey::Rsa2048, document.as_bytes());
    let error = refusal(verifier().verify_evidence(&Evidence::new().with_pkcs7(value.text()), Expect::Region(&region(REGION))));
    let expected = ValueKind::Endpoint(SignatureKind::Dsa);
    assert_eq!(error, Error::WrongSignatureKind { expected, found: ValueKind::Endpoint(SignatureKind::Rsa2048) });
    let error = refusal(verifier().verify_cms(&value.text(), REGION));
    assert_eq!(error, Error::RegionMismatch { expected: region(REGION), found: region(keys::REGION_LIKE_CHINA) });
}

#[test]
fn the_document_of_an_evidence_is_as_strict_as_any() {
    let document = DOCUMENT.replace("012345678901", "0123");
    let evidence = Evidence::new().with_document(document.clone()).with_signature(base64(&TestKey::Rsa1024.sign(document.as_bytes())));
    let error = refusal(verifier().verify_evidence(&evidence, Expect::AnyRegion));
    assert_eq!(error, Error::InvalidDocument { reason: DocumentReason::Field { name: "accountId" } });
}

#[test]
fn a_value_without_a_name_goes_where_its_bytes_belong() {
    let capture = whole();
    let verify = |evidence: &Evidence| Verifier::bundled().verify_evidence(evidence, Expect::Region(&region(US_WEST_2))).unwrap();
    // Its content is the document of a bare signature beside it.
    let evidence = Evidence::new().with_signature(capture.signature()).with_any_kind(capture.rsa2048());
    let kinds: Vec<SignatureKind> = verify(&evidence).signatures().iter().map(|signature| signature.kind()).collect();
    assert_eq!(kinds, [SignatureKind::Rsa2048, SignatureKind::Rsa]);
    // Presented twice, it counts once.
    let evidence = Evidence::new().with_rsa2048(capture.rsa2048()).with_any_kind(capture.rsa2048());
    assert_eq!(verify(&evidence).signatures().len(), 1);
}

#[test]
fn a_pem_block_with_nothing_inside_is_empty() {
    let block = "-----BEGIN PKCS7-----\n-----END PKCS7-----\n";
    let part = named(SignatureKind::Dsa);
    assert_eq!(refused(&Verifier::bundled(), &Evidence::new().with_pkcs7(block)), Error::EmptyInput { part });
    assert_eq!(refusal(Verifier::bundled().verify(&whole().document, block.as_bytes(), US_WEST_2)).code(), "empty_input");
}
