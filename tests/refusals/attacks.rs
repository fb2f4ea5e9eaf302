//! Values that other verifiers have accepted: signed by a certificate that they bring along. `attacks/README.md` says how they were made.

use instance_identity::{CertStore, Error, SignatureKind, Verifier, verify, verify_cms};

use crate::support::keys::{partition, region};
use crate::support::refusal;
use crate::support::tlv::unpem;

const REGION: &str = "us-east-1";
const DOCUMENT: &[u8] = include_bytes!("attacks/document.json");
const OWN_ISSUER: &str = include_str!("attacks/own_issuer.p7");
const AWS_ISSUER: &str = include_str!("attacks/aws_issuer.p7");

/// The CMS value of an attacker's certificate with its own issuer.
pub(crate) fn own_issuer() -> Vec<u8> {
    unpem(OWN_ISSUER)
}

/// An attacker's certificate as DER.
pub(crate) fn certificate(file: &str) -> Vec<u8> {
    unpem(match file {
        "own_issuer.pem" => include_str!("attacks/own_issuer.pem"),
        "aws_issuer.pem" => include_str!("attacks/aws_issuer.pem"),
        _ => panic!("{file} is no certificate"),
    })
}

#[test]
fn a_value_signed_by_its_own_certificate_has_an_unknown_signer() {
    let error = Error::UnknownSigner { region: region(REGION), hint: None };
    assert_eq!(refusal(verify_cms(OWN_ISSUER.as_bytes(), REGION)), error);
    assert_eq!(refusal(verify(DOCUMENT, OWN_ISSUER.as_bytes(), REGION)), error);
}

#[test]
fn a_certificate_that_takes_the_name_of_awss_does_not_vouch() {
    let error = Error::SignatureInvalid { kind: SignatureKind::Rsa2048, hint: None };
    assert_eq!(refusal(verify_cms(AWS_ISSUER.as_bytes(), REGION)), error);
    assert_eq!(refusal(verify(DOCUMENT, AWS_ISSUER.as_bytes(), REGION)), error);
}

#[test]
fn only_the_missing_trust_is_wrong_with_these_values() {
    for (value, file) in [(OWN_ISSUER, "own_issuer.pem"), (AWS_ISSUER, "aws_issuer.pem")] {
        let mut store = CertStore::empty();
        store.add(&region(REGION), &partition("aws"), SignatureKind::Rsa2048, &certificate(file)).unwrap();
        let verified = Verifier::new(store).verify_cms(value.as_bytes(), REGION).unwrap();
        assert_eq!(verified.document().as_bytes(), DOCUMENT);
        assert_eq!(verified.document().account_id().as_str(), "999999999999");
    }
}
