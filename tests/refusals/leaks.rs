//! Errors end up in logs, and a document with its signature is a bearer token: no error repeats a piece of either.

use std::collections::HashSet;
use std::sync::LazyLock;

use instance_identity::{CertStore, Error, Evidence, Expect, Region, Verifier};

use crate::support::captures;
use crate::support::cms;
use crate::support::keys::{DOCUMENT, REGION, TestKey, verifier};
use crate::support::refusal;
use crate::support::tlv::{base64, unbase64};

/// Shorter pieces occur by chance: `signature` stands in texts, and a region's code may be shown.
const WINDOW: usize = 12;

/// Nothing in what is shown of `error` is a piece of `presented`.
fn assert_silent(error: &Error, presented: &[&[u8]]) {
    let shown = format!("{error} {error:?} {:?} {}", error.hint(), error.hint().map(|hint| hint.to_string()).unwrap_or_default());
    // A hint may name a region that the store knows.
    static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| CertStore::bundled().regions());
    let shown = REGIONS.iter().fold(shown, |shown, region| shown.replace(region.as_str(), "\n"));
    let windows: HashSet<&[u8]> = shown.as_bytes().windows(WINDOW).collect();
    for bytes in presented {
        let leak = bytes.windows(WINDOW).find(|piece| windows.contains(piece));
        assert_eq!(leak.map(String::from_utf8_lossy), None, "{shown}");
    }
}

/// Presents a document and a signature in every way there is; what is refused says nothing of them. Returns the number of refusals.
fn present(verifier: &Verifier, document: &[u8], signature: &[u8], region: &str) -> usize {
    let evidence = Evidence::new().with_document(document);
    let region_parsed = region.parse().unwrap();
    let expect = Expect::Region(&region_parsed);
    let errors = [
        verifier.verify(document, signature, region).err(),
        verifier.verify_cms(signature, region).err(),
        verifier.verify_evidence(&evidence.clone().with_signature(signature), expect).err(),
        verifier.verify_evidence(&evidence.clone().with_pkcs7(signature), expect).err(),
        verifier.verify_evidence(&evidence.with_rsa2048(signature), Expect::AnyRegion).err(),
    ];
    errors.iter().flatten().map(|error| assert_silent(error, &[document, signature])).count()
}

#[test]
fn errors_over_damaged_captures_repeat_nothing() {
    let verifier = Verifier::bundled();
    let mut refused = 0;
    for capture in captures::all() {
        let values = [&capture.signature, &capture.pkcs7, &capture.rsa2048];
        for text in values.into_iter().flatten() {
            let bytes = unbase64(text);
            let flipped = |at: usize| {
                let mut bytes = bytes.clone();
                bytes[at] ^= 0x20;
                base64(&bytes)
            };
            let mut damaged: Vec<Vec<u8>> = (0..bytes.len()).step_by(53).map(flipped).collect();
            damaged.extend((1..bytes.len()).step_by(151).map(|length| base64(&bytes[..length])));
            damaged.push([text, b"*".as_slice()].concat());
            damaged.push(bytes.clone());
            damaged.push([b"-----BEGIN PKCS7-----\n", text.as_slice()].concat());
            for signature in &damaged {
                refused += present(&verifier, &capture.document, signature, &capture.region);
            }
            refused += present(&verifier, &capture.document, text, "af-south-1");
            refused += present(&verifier, &capture.document, text, "us-gov-west-1");
            refused += present(&verifier, b"<html>404 - Not Found, says this server</html>", text, &capture.region);
            refused += present(&verifier, &[capture.document.as_slice(), b"\n"].concat(), text, &capture.region);
            refused += present(&verifier, text, &capture.document, &capture.region);
        }
    }
    assert!(refused > 2000, "{refused}");
}

#[test]
fn errors_over_signed_documents_repeat_no_value() {
    // The names of fields are in the error's own words; the values are the document's.
    for (value, to) in [
        ("012345678901", "0123456789ab-secret"),
        ("i-0ce4441c840a0a941", "i-secret0c840a0a941"),
        ("2024-04-12T13:56:49Z", "2024-04-12T13:56:49+00:00"),
        ("\"test-local-1\"\n}", "\"secret-place-1\"\n}"),
        ("test-local-1a", "secret-zone-in-the-document"),
    ] {
        let document = DOCUMENT.replace(value, to);
        let bare = base64(&TestKey::Rsa1024.sign(document.as_bytes()));
        let error = refusal(verifier().verify(document.as_bytes(), &bare, REGION));
        if let Error::RegionMismatch { found, .. } = &error {
            // Signed, so it is told.
            assert_eq!(found.as_str(), "secret-place-1");
        } else {
            assert_silent(&error, &[to.as_bytes(), &bare]);
        }
    }
}

#[test]
fn a_region_that_is_claimed_and_unknown_is_not_shown() {
    let document = DOCUMENT.replace(REGION, "secret-claimed-place-1");
    let mut value = cms::value(TestKey::Rsa2048, document.as_bytes());
    let error = refusal(verifier().verify_cms(&value.text(), "test-alone-1"));
    assert_silent(&error, &[document.as_bytes(), &value.text()]);
    cms::flip(value.at_mut(cms::SIGNATURE));
    let error = refusal(verifier().verify_cms(&value.text(), REGION));
    assert_silent(&error, &[document.as_bytes(), &value.text()]);
    let bare = base64(&[7; 128]);
    let error = refusal(verifier().verify(document.as_bytes(), &bare, REGION));
    assert_silent(&error, &[document.as_bytes(), &bare]);
}

#[test]
fn an_invalid_evidence_is_not_repeated() {
    let capture = captures::whole();
    let text = |bytes: &[u8]| serde_json::Value::from(String::from_utf8(bytes.to_vec()).unwrap()).to_string();
    let (document, rsa2048) = (text(&capture.document), text(capture.rsa2048()));
    for json in [
        format!("{{{document}:{rsa2048}}}"),
        format!("{{\"document\":{document},\"rsa2048\":[{rsa2048}]}}"),
        format!("{{\"document\":{document},\"document\":{document}}}"),
        format!("{{\"document\":{document},\"rsa2048\":{rsa2048}"),
        format!("{{\"document\":{document}}} {rsa2048}"),
        format!("[{document}]"),
    ] {
        assert_silent(&refusal(Evidence::from_json(json.as_bytes())), &[json.as_bytes()]);
    }
}

#[test]
fn debug_of_an_evidence_shows_lengths_and_no_bytes() {
    let capture = captures::whole();
    let evidence = Evidence::new()
        .with_document(capture.document.clone())
        .with_signature(capture.signature())
        .with_pkcs7(capture.pkcs7())
        .with_rsa2048(capture.rsa2048())
        .with_any_kind(capture.rsa2048());
    for shown in [format!("{evidence:?}"), format!("{evidence:#?}")] {
        for bytes in [&capture.document, capture.signature(), capture.pkcs7(), capture.rsa2048()] {
            assert!(!shown.as_bytes().windows(WINDOW).any(|window| bytes.windows(WINDOW).any(|piece| piece == window)), "{shown}");
            assert!(!shown.contains(&format!("{}, {}, {}", bytes[0], bytes[1], bytes[2])), "{shown}");
            assert!(shown.contains(&bytes.len().to_string()), "{shown}");
        }
    }
}

#[test]
fn this_test_finds_what_is_repeated() {
    let error = Error::UnknownRegion { region: "secret-place-1".parse().unwrap() };
    let caught = std::panic::catch_unwind(|| assert_silent(&error, &[b"at secret-place-1 there"]));
    assert!(caught.is_err());
}
