//! Self-signed certificates of the worthless keys, in the shapes of AWS's (RFC 5280 §4.1).

use sha2::{Digest, Sha256};

use super::ber::{BIT_STRING, Element, GENERALIZED_TIME, PRINTABLE_STRING, SET, UTC_TIME, context, oid, sequence, unsigned};
use super::key::TestKey;
use super::served::base64_lines;

/// A certificate to be written: for the key `key`, under the issuer and serial number by which a CMS value names it.
#[derive(Clone, Debug)]
pub struct TestCertificate {
    /// The key, which also signs the certificate.
    pub key: TestKey,
    /// The serial number, big-endian.
    pub serial: Vec<u8>,
    /// The name of issuer and subject.
    pub issuer: Element,
}

impl TestCertificate {
    /// The certificate of `key` for `region`: its serial number follows from both.
    pub fn new(key: TestKey, region: &str) -> Self {
        let digest = Sha256::digest(format!("{region} {key:?}"));
        let mut serial: Vec<u8> = digest.iter().copied().take(8).collect();
        // All serial numbers of CMS captures have their first bit set, and so nine octets.
        if let Some(first) = serial.first_mut() {
            *first |= 0x80;
        }
        Self { key, serial, issuer: issuer() }
    }

    /// The certificate as one element, to be taken apart and broken.
    pub fn element(&self) -> Element {
        let algorithm = self.key.signature_algorithm();
        let validity =
            sequence([Element::primitive(UTC_TIME, *b"160101000000Z"), Element::primitive(GENERALIZED_TIME, *b"21991231235959Z")]);
        let tbs = sequence([
            Element::constructed(context(0), [unsigned(&[2])]),
            unsigned(&self.serial),
            algorithm.clone(),
            self.issuer.clone(),
            validity,
            self.issuer.clone(),
            self.key.public_key_info(),
        ]);
        let signature = self.key.sign(&tbs.encode());
        sequence([tbs, algorithm, Element::primitive(BIT_STRING, [&[0], signature.as_slice()].concat())])
    }

    /// The certificate in DER.
    pub fn der(&self) -> Vec<u8> {
        self.element().encode()
    }

    /// The certificate as PEM.
    pub fn pem(&self) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64_lines(&self.der(), 64))
    }
}

/// A name of the form and the length of AWS's.
fn issuer() -> Element {
    let attribute = |number: u8, text: &str| {
        let value = Element::primitive(PRINTABLE_STRING, text.as_bytes());
        Element::constructed(SET, [sequence([oid(&[0x55, 0x04, number]), value])])
    };
    sequence([attribute(6, "US"), attribute(8, "Washington State"), attribute(7, "Seattle"), attribute(10, "Worthless Test Keys Ltd")])
}
