//! Another reader of CMS and what it finds in the captures: the `cms` crate and its relatives, over the certificates as published.
//!
//! `cms` types the content as ANY. Read as BER that loses the constructed bit of a constructed OCTET STRING and keeps the header of the
//! segment inside, so [`Oracle`] has structures of its own around the content, typed as OCTET STRING, and takes the rest from `cms`.
#![cfg(feature = "bundled")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cms::content_info::CmsVersion;
use cms::signed_data::{SignerIdentifier, SignerInfo, SignerInfos};
use crypto_bigint::BoxedUint;
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec, UintRef};
use der::{Decode, Encode, Reader, Sequence, SliceReader};
use dsa::signature::hazmat::PrehashVerifier;
use instance_identity::{Authentic, SignatureKind, verify_cms};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

#[derive(Sequence)]
struct SignedData {
    version: CmsVersion,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    encapsulated: EncapsulatedContentInfo,
    signer_infos: SignerInfos,
}

#[derive(Sequence)]
struct EncapsulatedContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: OctetString,
}

/// With the SignedData of `cms`, for its content as it types that.
#[derive(Sequence)]
struct TypedByCms {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: cms::signed_data::SignedData,
}

/// A CMS value of a capture, read by both.
struct Capture {
    name: String,
    kind: SignatureKind,
    document: Vec<u8>,
    bytes: Vec<u8>,
    oracle: Oracle,
    verified: Authentic,
    certificate: x509_cert::Certificate,
}

/// What the other reader finds.
struct Oracle {
    signed_data: SignedData,
    signer: SignerInfo,
}

impl Oracle {
    fn read(bytes: &[u8]) -> Self {
        let content_info = ContentInfo::from_ber(bytes).unwrap();
        assert_eq!(content_info.content_type, SIGNED_DATA);
        let [signer] = content_info.content.signer_infos.0.as_slice() else { panic!("one signer") };
        Self { signer: signer.clone(), signed_data: content_info.content }
    }

    /// The one value of a signed attribute, in DER.
    fn attribute(&self, of: ObjectIdentifier) -> Vec<u8> {
        let attributes = self.signer.signed_attrs.as_ref().unwrap();
        let attribute = attributes.iter().find(|attribute| attribute.oid == of).unwrap();
        let [value] = attribute.values.as_slice() else { panic!("one value") };
        value.to_der().unwrap()
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn unbase64(text: &str) -> Vec<u8> {
    STANDARD.decode(text.split_whitespace().collect::<String>()).unwrap()
}

fn captures() -> Vec<Capture> {
    let index = fs::read_to_string(folder("tests/captures/INDEX.tsv")).unwrap();
    let mut captures = Vec::new();
    for row in index.lines().skip(1) {
        let (name, region) = (row.split('\t').next().unwrap(), row.split('\t').nth(1).unwrap());
        for (kind, file, slot) in [(SignatureKind::Dsa, "pkcs7.b64", "dsa.pem"), (SignatureKind::Rsa2048, "rsa2048.b64", "rsa2048.pem")] {
            let Ok(text) = fs::read_to_string(folder("tests/captures").join(name).join(file)) else { continue };
            let pem = fs::read_to_string(folder("certs").join(region).join(slot)).unwrap();
            let der = unbase64(&pem.lines().filter(|line| !line.starts_with("-----")).collect::<String>());
            let bytes = unbase64(&text);
            captures.push(Capture {
                name: name.to_owned(),
                kind,
                document: fs::read(folder("tests/captures").join(name).join("document.json")).unwrap(),
                oracle: Oracle::read(&bytes),
                bytes,
                verified: verify_cms(text.as_bytes(), region).unwrap(),
                certificate: x509_cert::Certificate::from_der(&der).unwrap(),
            });
        }
    }
    assert_eq!(captures.len(), 15);
    captures
}

/// The digest of the kind.
fn digest(kind: SignatureKind, bytes: &[u8]) -> Vec<u8> {
    if kind == SignatureKind::Dsa { Sha1::digest(bytes).to_vec() } else { Sha256::digest(bytes).to_vec() }
}

#[test]
fn both_find_the_same_content() {
    for Capture { name, document, oracle, verified, .. } in captures() {
        let encapsulated = &oracle.signed_data.encapsulated;
        assert_eq!((oracle.signed_data.version, encapsulated.content_type), (CmsVersion::V1, DATA));
        assert_eq!(verified.document().as_bytes(), encapsulated.content.as_bytes(), "{name}");
        assert_eq!(encapsulated.content.as_bytes(), document, "{name}");
    }
}

#[test]
fn both_find_the_same_signer() {
    for Capture { name, oracle, verified, certificate, .. } in captures() {
        let SignerIdentifier::IssuerAndSerialNumber(named) = &oracle.signer.sid else { panic!("{name}: by issuer and serial number") };
        let tbs = certificate.tbs_certificate();
        assert_eq!((&named.issuer, &named.serial_number), (tbs.issuer(), tbs.serial_number()), "{name}");
        let found = verified.signatures()[0].certificate();
        assert_eq!(found.serial(), named.serial_number.as_bytes(), "{name}");
        assert_eq!(found.der(), certificate.to_der().unwrap(), "{name}");
    }
}

#[test]
fn both_find_the_same_algorithms() {
    for Capture { name, kind, oracle, verified, .. } in captures() {
        let (digest, signatures, algorithm) = match kind {
            SignatureKind::Dsa => (SHA1, &[DSA_WITH_SHA1][..], "dsa1024-sha1"),
            _ => (SHA256, &[RSA_ENCRYPTION, SHA256_WITH_RSA][..], "rsa2048-sha256"),
        };
        let [outer] = oracle.signed_data.digest_algorithms.as_slice() else { panic!("{name}: one digest algorithm") };
        assert_eq!((outer.oid, oracle.signer.digest_alg.oid), (digest, digest), "{name}");
        assert!(signatures.contains(&oracle.signer.signature_algorithm.oid), "{name}");
        assert_eq!(verified.signatures()[0].algorithm().as_str(), algorithm, "{name}");
    }
}

#[test]
fn both_find_the_same_signed_attributes() {
    for Capture { name, kind, document, oracle, verified, .. } in captures() {
        assert_eq!(ObjectIdentifier::from_der(&oracle.attribute(CONTENT_TYPE)).unwrap(), DATA, "{name}");
        let message_digest = OctetString::from_der(&oracle.attribute(MESSAGE_DIGEST)).unwrap();
        assert_eq!(message_digest.as_bytes(), digest(kind, &document), "{name}");
        let time = Time::from_der(&oracle.attribute(SIGNING_TIME)).unwrap().to_unix_duration().as_secs();
        assert_eq!(verified.signatures()[0].signing_time().unwrap().as_secs(), time, "{name}");
    }
}

#[test]
fn the_signature_is_over_the_attributes_as_the_oracle_writes_them() {
    for Capture { name, kind, bytes, oracle, certificate, .. } in captures() {
        let attributes = oracle.signer.signed_attrs.as_ref().unwrap().to_der().unwrap();
        // It sorts what it reads: only where the same bytes were received is this what was signed.
        let received = [&[0xa0], &attributes[1..]].concat();
        assert!(bytes.windows(received.len()).any(|window| window == received), "{name}");

        let (digest, signature) = (digest(kind, &attributes), oracle.signer.signature.as_bytes());
        let info = certificate.tbs_certificate().subject_public_key_info();
        let key = info.subject_public_key.as_bytes().unwrap();
        if kind == SignatureKind::Dsa {
            let parameters = info.algorithm.parameters.as_ref().unwrap().to_der().unwrap();
            let [p, q, g] = integers(&parameters);
            let [r, s] = integers(signature);
            let components = dsa::Components::from_components(boxed(&p, 1024), boxed(&q, 160), boxed(&g, 1024)).unwrap();
            let y = boxed(UintRef::from_der(key).unwrap().as_bytes(), 1024);
            let key = dsa::VerifyingKey::from_components(components, y).unwrap();
            let signature = dsa::Signature::from_components(boxed(&r, 160), boxed(&s, 160)).unwrap();
            key.verify_prehash(&digest, &signature).unwrap();
        } else {
            let [modulus, exponent] = integers(key).map(|integer| BoxedUint::from_be_slice_vartime(&integer));
            let key = rsa::RsaPublicKey::new(modulus, exponent).unwrap();
            let scheme = rsa::Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_PREFIX.as_slice().into() };
            key.verify(scheme, &digest, signature).unwrap();
        }
    }
}

#[test]
fn the_content_as_cms_itself_types_it_is_right_only_where_it_is_primitive() {
    let mut right = Vec::new();
    for Capture { name, document, bytes, .. } in captures() {
        let content_info = TypedByCms::from_ber(&bytes).unwrap();
        assert_eq!(content_info.content_type, SIGNED_DATA);
        if content_info.content.encap_content_info.econtent.unwrap().value() == document {
            right.push(name);
        }
    }
    assert_eq!(right, ["us-east-1-2023-chalk"], "the day that all are right, the structures here are not needed");
}

/// The positive INTEGERs of a SEQUENCE, big-endian without leading zeros.
fn integers<const N: usize>(der: &[u8]) -> [Vec<u8>; N] {
    let mut reader = SliceReader::new(der).unwrap();
    let read = |reader: &mut SliceReader<'_>| {
        let mut integers = Vec::new();
        while !reader.is_finished() {
            integers.push(UintRef::decode(reader)?.as_bytes().to_vec());
        }
        Ok::<_, der::Error>(integers)
    };
    reader.sequence(read).unwrap().try_into().unwrap()
}

fn boxed(integer: &[u8], bits: u32) -> BoxedUint {
    BoxedUint::from_be_slice(integer, bits).unwrap()
}

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const DSA_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.3");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// RFC 8017 §9.2, note 1.
const SHA256_PREFIX: [u8; 19] = *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
