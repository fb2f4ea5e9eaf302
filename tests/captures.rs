//! Real documents, signed by AWS: each verifies as what it is, and as nothing else.

#![cfg(feature = "bundled")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Capture, captures, decode};
use instance_identity::{
    Alteration, Authentic, CertStore, Error, Evidence, Expect, Hint, Region, SignatureKind, Verifier, verify, verify_cms,
};

#[test]
fn every_capture_verifies_with_its_document() {
    for capture in captures() {
        let authentic =
            verify(&capture.document, &capture.signature, &capture.region).unwrap_or_else(|error| panic!("{}: {error}", capture.name));
        check(&authentic, &capture);
    }
}

#[test]
fn every_cms_capture_verifies_alone() {
    let captures: Vec<Capture> = captures().into_iter().filter(|capture| capture.kind != SignatureKind::Rsa).collect();
    assert_eq!(captures.len(), 15);
    for capture in captures {
        let authentic = verify_cms(&capture.signature, &capture.region).unwrap_or_else(|error| panic!("{}: {error}", capture.name));
        check(&authentic, &capture);
    }
}

/// The proof says what the capture's own text says.
fn check(authentic: &Authentic, capture: &Capture) {
    let document = authentic.document();
    assert_eq!(document.as_bytes(), capture.document);
    let served: serde_json::Value = serde_json::from_slice(&capture.document).unwrap();
    assert_eq!(serde_json::to_value(document).unwrap(), served);
    assert_eq!(document.account_id().as_str(), served["accountId"]);
    assert_eq!(document.instance_id().as_str(), served["instanceId"]);
    assert_eq!(document.pending_time().to_string(), served["pendingTime"].as_str().unwrap());
    assert_eq!(document.unknown_fields().len(), 0);
    assert_eq!((authentic.region().as_str(), authentic.partition().as_str()), (capture.region.as_str(), "aws"));
    assert_eq!(authentic.skipped(), []);

    assert_eq!(authentic.signatures().len(), 1);
    let signature = &authentic.signatures()[0];
    assert_eq!(signature.kind(), capture.kind);
    assert_eq!((signature.certificate().region().as_str(), signature.certificate().kind()), (capture.region.as_str(), capture.kind));
    let algorithm = match capture.kind {
        SignatureKind::Rsa2048 => "rsa2048-sha256",
        SignatureKind::Dsa => "dsa1024-sha1",
        SignatureKind::Rsa => "rsa1024-sha256",
    };
    assert_eq!(signature.algorithm().as_str(), algorithm);
    match signature.signing_time() {
        Some(time) => assert!(capture.kind != SignatureKind::Rsa && time >= document.pending_time(), "{}", capture.name),
        None => assert_eq!(capture.kind, SignatureKind::Rsa),
    }
}

#[test]
fn every_capture_is_refused_under_every_other_region() {
    let (store, mut refused) = (CertStore::bundled(), 0);
    for capture in captures() {
        let of: Region = capture.region.parse().unwrap();
        let own = store.get(&of, capture.kind).unwrap();
        let same_certificate = |region: &Region| store.get(region, capture.kind).is_some_and(|other| other.der() == own.der());
        let regions_of_signer: Vec<Region> = store.regions().into_iter().filter(same_certificate).collect();
        for expected in store.regions().into_iter().filter(|region| *region != of) {
            let (region, other) = (expected.to_string(), store.get(&expected, capture.kind));
            let refusal = match capture.kind {
                // Where regions share a key, only the region in the signed document tells them apart.
                SignatureKind::Rsa if other.as_ref().is_some_and(|other| other.has_key_of(&own)) => {
                    Error::RegionMismatch { expected, found: of.clone() }
                }
                SignatureKind::Rsa => Error::SignatureInvalid { kind: SignatureKind::Rsa, hint: Some(Hint::ClaimsRegion(of.clone())) },
                _ if regions_of_signer.contains(&expected) => Error::RegionMismatch { expected, found: of.clone() },
                SignatureKind::Dsa if other.is_none() => {
                    let available = vec![SignatureKind::Rsa2048, SignatureKind::Rsa];
                    Error::NoCertificate { region: expected, kind: SignatureKind::Dsa, available }
                }
                _ => Error::UnknownSigner { region: expected, hint: Some(Hint::SignerOf(regions_of_signer.clone())) },
            };
            assert_eq!(verify(&capture.document, &capture.signature, &region).unwrap_err(), refusal, "{} as {region}", capture.name);
            refused += 1;
        }
    }
    assert_eq!(refused, 21 * 38);
}

/// Flips each bit of the document and of the decoded signature in turn; none is accepted. Says how many flips of each there were.
fn flip_every_bit(kind: SignatureKind) -> (usize, usize) {
    let verifier = Verifier::bundled();
    let mut flips = (0, 0);
    for Capture { name, region, document, signature, .. } in captures().into_iter().filter(|capture| capture.kind == kind) {
        let mut altered = document.clone();
        for bit in 0..document.len() * 8 {
            altered[bit / 8] ^= 1 << (bit % 8);
            let refusal = verifier.verify(&altered, &signature, &region).unwrap_err();
            match kind {
                SignatureKind::Rsa => {
                    let hint = Some(Hint::DocumentAltered(alteration(&refusal)));
                    assert_eq!(refusal, Error::SignatureInvalid { kind, hint }, "{name}, document bit {bit}");
                }
                _ => assert_eq!(refusal.code(), "document_mismatch", "{name}, document bit {bit}"),
            }
            altered[bit / 8] ^= 1 << (bit % 8);
            flips.0 += 1;
        }
        let mut altered = decode(&signature);
        for bit in 0..altered.len() * 8 {
            altered[bit / 8] ^= 1 << (bit % 8);
            // A CMS value alone: with the document beside it one check more could refuse.
            let text = encode(&altered);
            let outcome =
                if kind == SignatureKind::Rsa { verifier.verify(&document, &text, &region) } else { verifier.verify_cms(&text, &region) };
            assert!(outcome.is_err(), "{name}, signature bit {bit}");
            altered[bit / 8] ^= 1 << (bit % 8);
            flips.1 += 1;
        }
    }
    flips
}

fn alteration(refusal: &Error) -> Alteration {
    match refusal.hint() {
        Some(Hint::DocumentAltered(alteration)) => alteration,
        other => panic!("{other:?}"),
    }
}

// A test for each kind, so that they run beside one another.

#[test]
fn no_rsa2048_capture_with_a_flipped_bit_verifies() {
    assert_eq!(flip_every_bit(SignatureKind::Rsa2048), (26_504, 60_368));
}

#[test]
fn no_pkcs7_capture_with_a_flipped_bit_verifies() {
    assert_eq!(flip_every_bit(SignatureKind::Dsa), (29_880, 52_856));
}

#[test]
fn no_signature_capture_with_a_flipped_bit_verifies() {
    assert_eq!(flip_every_bit(SignatureKind::Rsa), (22_992, 6_144));
}

#[test]
fn the_three_signatures_of_one_document_verify_together() {
    for name in ["us-west-2-2017-flaws-cloud", "us-west-2-2018-taskcluster-iid-verify", "us-east-2-2018-cloud-init"] {
        let of_one: Vec<Capture> = captures().into_iter().filter(|capture| capture.name == name).collect();
        let mut evidence = Evidence::new().with_document(of_one[0].document.clone());
        for capture in of_one {
            evidence = match capture.kind {
                SignatureKind::Rsa2048 => evidence.with_rsa2048(capture.signature),
                SignatureKind::Dsa => evidence.with_pkcs7(capture.signature),
                SignatureKind::Rsa => evidence.with_signature(capture.signature),
            };
        }
        let authentic = Verifier::bundled().verify_evidence(&evidence, Expect::AnyRegion).unwrap();
        let kinds: Vec<SignatureKind> = authentic.signatures().iter().map(|signature| signature.kind()).collect();
        assert_eq!(kinds, SignatureKind::ALL, "{name}");
    }
}

/// The base64 of a signature's bytes, in one line.
fn encode(signature: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(signature).into_bytes()
}
