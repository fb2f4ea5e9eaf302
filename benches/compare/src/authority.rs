//! Authorities with keys of their own. The testkit's writer makes the values; only its keys, one of each kind, are replaced.

use instance_identity::testkit::{Cms, Element, Era, TestCertificate, TestDocument, TestInstance, TestKey, oid, served};
use instance_identity::{CertStore, Partition, Region, SignatureKind, UnixTime};

use crate::keys::Key;
use crate::random::Random;

pub struct Authority {
    pub region: Region,
    pub era: Era,
    signers: Vec<Signer>,
}

/// A key with its certificate, and a CMS value of it to be filled in.
struct Signer {
    key: Key,
    certificate: Vec<u8>,
    template: Cms,
}

impl Authority {
    /// The authority of region `test-local-NUMBER`, with new keys.
    pub fn new(number: usize) -> Self {
        let region: Region = format!("test-local-{number}").parse().unwrap();
        let era = Era::ALL[number % Era::ALL.len()];
        let signers = SignatureKind::ALL.map(|kind| Signer::new(kind, &region, era)).into();
        Self { region, era, signers }
    }

    pub fn several(count: usize) -> Vec<Self> {
        (1..=count).map(Self::new).collect()
    }

    /// A store with the certificates of all `authorities`.
    pub fn store(authorities: &[Self]) -> CertStore {
        let mut store = CertStore::empty();
        let partition: Partition = "aws".parse().unwrap();
        for authority in authorities {
            for signer in &authority.signers {
                store.add(&authority.region, &partition, signer.key.kind, &signer.certificate).unwrap();
            }
        }
        store
    }

    /// The certificate of a kind, in DER.
    pub fn certificate(&self, kind: SignatureKind) -> &[u8] {
        &self.signer(kind).certificate
    }

    /// The document of an instance like no other.
    pub fn document(&self, random: &mut Random) -> TestDocument {
        let mut instance = TestInstance::new(UnixTime::from_secs(1_600_000_000 + random.next() % 100_000_000).unwrap());
        instance.account_id = format!("{:012}", random.next() % 1_000_000_000_000).parse().unwrap();
        instance.image_id = format!("ami-{:017x}", random.next() >> 4).parse().unwrap();
        instance.instance_id = format!("i-{:017x}", random.next() >> 4).parse().unwrap();
        instance.private_ip = [10, random.next() as u8, random.next() as u8, random.next() as u8].into();
        TestDocument::new(&instance, &self.region, self.era)
    }

    /// Such a document with one field more, a string that fills it up to `size` bytes.
    pub fn document_of(&self, size: usize, random: &mut Random) -> Vec<u8> {
        let document = self.document(random);
        let empty = document.clone().with("filler", "\"\"").encode().len();
        let filled = document.with("filler", &format!("\"{}\"", "x".repeat(size.saturating_sub(empty)))).encode();
        assert_eq!(filled.len(), size.max(empty));
        filled
    }

    /// The value of a kind over any bytes, as served.
    pub fn sign(&self, kind: SignatureKind, document: &[u8]) -> String {
        match kind {
            SignatureKind::Rsa => served(&self.signer(kind).key.sign(document)),
            SignatureKind::Dsa | SignatureKind::Rsa2048 => served(&self.cms(kind, document).encode()),
        }
    }

    /// The CMS value of a kind over any bytes, open to be broken.
    pub fn cms(&self, kind: SignatureKind, content: &[u8]) -> Cms {
        let Signer { key, template, .. } = self.signer(kind);
        let mut cms = template.clone();
        *cms.content.as_mut().unwrap().at_mut(&[0]) = Element::primitive(OCTET_STRING, content);
        let attributes = cms.signers[0].attributes.as_mut().unwrap();
        let digest = attributes.iter_mut().find(|attribute| attribute.at(&[0]).inside() == oid::MESSAGE_DIGEST).unwrap();
        *digest.at_mut(&[1, 0]) = Element::primitive(OCTET_STRING, key.digest(content));
        self.sign_attributes(kind, &mut cms);
        cms
    }

    /// Signs the attributes of `cms` as they stand now.
    pub fn sign_attributes(&self, kind: SignatureKind, cms: &mut Cms) {
        let attributes = cms.signers[0].attributes.clone().unwrap();
        cms.signers[0].signature = self.signer(kind).key.sign(&Element::constructed(SET, attributes).encode());
    }

    fn signer(&self, kind: SignatureKind) -> &Signer {
        self.signers.iter().find(|signer| signer.key.kind == kind).unwrap()
    }
}

impl Signer {
    fn new(kind: SignatureKind, region: &Region, era: Era) -> Self {
        let test_key = match kind {
            SignatureKind::Rsa2048 => TestKey::Rsa2048,
            SignatureKind::Dsa => TestKey::Dsa1024,
            SignatureKind::Rsa => TestKey::Rsa1024,
        };
        let key = Key::new(kind);
        let names = TestCertificate::new(test_key, region.as_str());
        let mut certificate = names.element();
        // tbsCertificate, subjectPublicKeyInfo. The certificate's own signature is wrong then; nobody looks at it.
        *certificate.at_mut(&[0, 6]) = sequence_of(&key.public_key_info());
        let template = Cms::new(&names, era, b"", UnixTime::from_secs(1_700_000_000).unwrap());
        Self { key, certificate: certificate.encode(), template }
    }
}

/// A SEQUENCE in DER as an element.
pub fn sequence_of(der: &[u8]) -> Element {
    let header = match der {
        [SEQUENCE, 0x81, ..] => 3,
        [SEQUENCE, 0x82, ..] => 4,
        _ => 2,
    };
    let element = Element::primitive(SEQUENCE, &der[header..]);
    assert_eq!(element.encode(), der);
    element
}

const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
