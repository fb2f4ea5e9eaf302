//! The signer for tests writes what AWS writes: against the captures, byte for byte.

#![cfg(all(feature = "bundled", feature = "testkit"))]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Capture, captures, decode};
use der::{Decode, Encode};
use instance_identity::testkit::{Authority, Cms, Contents, Element, Era, TestDocument, TestInstance, served};
use instance_identity::{CertError, CertStore, Error, Expect, SignatureKind, Verifier, verify, verify_cms};
use serde_json::Value;

/// The era whose shape a capture has. The flaws.cloud document of 2017 was signed in June 2021.
fn era(capture: &Capture) -> Era {
    match capture.name.as_str() {
        "us-east-1-2016-mozilla-pkcs7" => Era::In2016,
        "us-west-2-2017-flaws-cloud" | "us-west-2-2017-grailbio-b" | "us-east-1-2017-netflix-vssm" => Era::In2018,
        "us-west-2-2018-taskcluster-iid-verify" | "us-east-2-2018-cloud-init" | "us-east-1-2019-ncbi-vdb" => Era::In2018,
        "us-west-2-2021-teleport-a" | "us-west-1-2021-teleport-b" => Era::In2022,
        "us-east-1-2023-chalk" | "us-east-1-2024-rspamd-iid1" => Era::In2022,
        "ap-southeast-2-2026-metaphor-cloud-2026a" | "ap-southeast-2-2026-metaphor-cloud-2026b" => Era::In2026,
        other => panic!("{other}: of which era?"),
    }
}

#[test]
fn the_fields_of_a_capture_give_its_document_byte_for_byte() {
    for capture in captures() {
        let fields: Value = serde_json::from_slice(&capture.document).unwrap();
        let text = |key: &str| fields[key].as_str().unwrap();
        let codes = |key: &str| match &fields[key] {
            Value::Array(codes) => codes.iter().map(|code| code.as_str().unwrap().parse().unwrap()).collect(),
            _ => Vec::new(),
        };
        let instance = TestInstance {
            account_id: text("accountId").parse().unwrap(),
            architecture: text("architecture").parse().unwrap(),
            availability_zone: Some(text("availabilityZone").parse().unwrap()),
            billing_products: codes("billingProducts"),
            image_id: text("imageId").parse().unwrap(),
            instance_id: text("instanceId").parse().unwrap(),
            instance_type: text("instanceType").parse().unwrap(),
            marketplace_product_codes: codes("marketplaceProductCodes"),
            pending_time: text("pendingTime").parse().unwrap(),
            private_ip: text("privateIp").parse().unwrap(),
        };
        let document = TestDocument::new(&instance, &capture.region.parse().unwrap(), era(&capture));
        let served = std::str::from_utf8(&capture.document).unwrap();
        let order: Vec<&str> = served.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect();
        // Since 2020 the order is always the same.
        if capture.name.contains("-202") {
            assert_eq!(document.fields.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), order, "{}", capture.name);
        }
        assert_eq!(document.in_order(&order).encode(), capture.document, "{}", capture.name);
    }
}

#[test]
fn the_content_and_time_of_a_capture_give_its_cms_byte_for_byte() {
    let mut compared = 0;
    for capture in captures().into_iter().filter(|capture| capture.kind != SignatureKind::Rsa) {
        let bytes = decode(&capture.signature);
        let authentic = verify_cms(&capture.signature, &capture.region).unwrap();
        let verified = &authentic.signatures()[0];

        let authority = Authority::test_local();
        let mut cms = authority.cms(capture.kind, &capture.document, era(&capture), verified.signing_time().unwrap());
        if capture.name == "us-east-1-2023-chalk" {
            cms = cms.with_primitive_content(&capture.document);
        }
        check_own_names(&cms, bytes.len());

        // Who signs, and the signature, are AWS's alone.
        let certificate = x509_cert::Certificate::from_der(verified.certificate().der()).unwrap();
        let issuer = certificate.tbs_certificate().issuer().to_der().unwrap();
        let serial = certificate.tbs_certificate().serial_number().to_der().unwrap();
        cms.signers[0].identifier = Element::primitive(0x30, [issuer, serial].concat());
        cms.signers[0].signature = signature_of(&bytes).to_vec();
        assert_eq!(cms.encode(), bytes, "{}", capture.name);
        compared += 1;
    }
    assert_eq!(compared, 15);
}

/// The authority's own names are as long as AWS's, so that a value differs from AWS's in these octets alone.
fn check_own_names(cms: &Cms, size: usize) {
    // A DSA signature has 46 to 48 octets.
    assert!(cms.encode().len().abs_diff(size) <= 2);
    let Contents::Elements(identifier) = &cms.signers[0].identifier.contents else { panic!("an identifier of elements") };
    assert_eq!((identifier[0].encode().len(), identifier[1].encode().len()), (94, 11));
}

/// The octets of the signature: what ends with the value, its end-of-contents octets aside.
fn signature_of(bytes: &[u8]) -> &[u8] {
    let end = bytes.len() - 6;
    let is_header = |at: &usize| match &bytes[*at..end] {
        [0x04, 0x82, 0x01, 0x00, rest @ ..] => rest.len() == 256,
        [0x04, length, 0x30, rest @ ..] => rest.len() + 1 == usize::from(*length),
        _ => false,
    };
    let start = (0..end).rev().find(is_header).unwrap();
    &bytes[start + if bytes[start + 1] == 0x82 { 4 } else { 2 }..end]
}

#[test]
fn base64_is_written_as_served() {
    let as_published = ["us-east-1-2016-mozilla-pkcs7", "us-east-1-2017-netflix-vssm"];
    let captures: Vec<Capture> = captures().into_iter().filter(|capture| !as_published.contains(&capture.name.as_str())).collect();
    assert_eq!(captures.len(), 19);
    for capture in captures {
        assert_eq!(served(&decode(&capture.signature)).as_bytes(), capture.signature, "{} {}", capture.name, capture.kind);
    }
}

#[test]
fn every_shape_of_every_era_verifies_under_the_authority_alone() {
    let mut shapes = 0;
    for authority in [Authority::test_local(), Authority::test_local().in_china_shape(), of_bundled_region()] {
        let verifier = Verifier::new(authority.store());
        let region = authority.region().as_str();
        for era in Era::ALL {
            let instance = TestInstance::new("2026-01-02T03:04:05Z".parse().unwrap());
            let document = TestDocument::new(&instance, authority.region(), era).encode();
            let time = "2026-01-02T03:04:07Z".parse().unwrap();
            for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa] {
                let cms = authority.cms(kind, &document, era, time);
                let embedded = cms.clone().with_embedded_certificate(&authority.certificate(kind).der());
                let primitive = cms.clone().with_primitive_content(&document);
                for bytes in
                    [cms.encode(), embedded.encode(), primitive.encode(), cms.encode_der(&document), embedded.encode_der(&document)]
                {
                    let value = served(&bytes);
                    let authentic = verifier.verify(&document, value.as_bytes(), region).unwrap();
                    let signature = &authentic.signatures()[0];
                    assert_eq!((signature.kind(), signature.signing_time()), (kind, Some(time)), "{era}");
                    assert_eq!(authentic.document().as_bytes(), document);
                    assert!(matches!(verify_cms(value.as_bytes(), region), Err(Error::UnknownRegion { .. } | Error::UnknownSigner { .. })));
                    shapes += 1;
                }
            }
        }
    }
    assert_eq!(shapes, 3 * 4 * 2 * 5);
}

#[test]
fn nothing_that_it_issues_verifies_under_the_bundled_certificates() {
    let authority = of_bundled_region();
    let issued = authority.issue(&TestInstance::new("2026-01-02T03:04:05Z".parse().unwrap()), Era::In2026);
    let refused = |signature: &str| verify(&issued.document, signature.as_bytes(), "us-east-1").unwrap_err();
    assert_eq!(refused(&issued.signature), Error::SignatureInvalid { kind: SignatureKind::Rsa, hint: None });
    let unknown = Error::UnknownSigner { region: "us-east-1".parse().unwrap(), hint: None };
    assert_eq!((refused(&issued.pkcs7), refused(&issued.rsa2048)), (unknown.clone(), unknown));

    // A bundled region takes them only by the word that replaces.
    let mut store = CertStore::bundled();
    assert!(matches!(authority.add_to(&mut store), Err(CertError::SlotFilled { .. })));
    authority.replace_in(&mut store).unwrap();
    let authentic = Verifier::new(store).verify_evidence(&issued.evidence(), Expect::AnyRegion).unwrap();
    assert_eq!(authentic.signatures().len(), 3);
}

#[test]
fn signatures_are_the_same_every_time() {
    let issue = || Authority::test_local().issue(&TestInstance::new("2026-01-02T03:04:05Z".parse().unwrap()), Era::In2018);
    assert_eq!(issue(), issue());
}

fn of_bundled_region() -> Authority {
    Authority::new("us-east-1".parse().unwrap(), "aws".parse().unwrap())
}
