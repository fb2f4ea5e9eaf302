//! The signer for tests writes what AWS writes: against the captures, byte for byte.

#![cfg(all(feature = "bundled", feature = "testkit"))]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Capture, captures, decode};
use der::{Decode, Encode};
use instance_identity::testkit::{Authority, Cms, Contents, Element, Era, TestDocument, TestInstance, served};
use instance_identity::{SignatureKind, verify_cms};
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
