//! CMS values in every shape that AWS has served, open to be broken ([RFC 5652 §5]).
//!
//! Everything is a public field: change one, sign again if the fault is in what is signed, and encode.
//!
//! [RFC 5652 §5]: https://www.rfc-editor.org/rfc/rfc5652#section-5

use super::ber::{CONSTRUCTED, Element, Length, NULL, OCTET_STRING, SEQUENCE, SET, UTC_TIME, context, oid, sequence, unsigned};
use super::certificate::TestCertificate;
use super::era::Era;
use super::key::TestKey;
use super::oid::{ALGORITHM_PROTECTION, CONTENT_TYPE, DATA, MESSAGE_DIGEST, RSA_ENCRYPTION, SHA1, SHA256, SIGNED_DATA, SIGNING_TIME};
use crate::time::UnixTime;

/// A CMS `SignedData` to be written, by the parts of its ASN.1.
#[derive(Clone, Debug)]
pub struct Cms {
    /// The contents of contentType: the OBJECT IDENTIFIER signedData.
    pub content_info_type: Vec<u8>,
    /// version.
    pub version: Element,
    /// The elements of digestAlgorithms.
    pub digest_algorithms: Vec<Element>,
    /// The contents of eContentType: the OBJECT IDENTIFIER data.
    pub content_type: Vec<u8>,
    /// eContent, the OCTET STRING; `None` is detached.
    pub content: Option<Element>,
    /// certificates, `[0]`.
    pub certificates: Option<Element>,
    /// crls, `[1]`.
    pub crls: Option<Element>,
    /// The elements of signerInfos.
    pub signers: Vec<CmsSigner>,
    /// How the lengths outside the SignerInfo are written: indefinite, as served.
    pub lengths: Length,
}

/// A `SignerInfo` to be written.
#[derive(Clone, Debug)]
pub struct CmsSigner {
    /// version.
    pub version: Element,
    /// sid: IssuerAndSerialNumber.
    pub identifier: Element,
    /// digestAlgorithm.
    pub digest_algorithm: Element,
    /// The elements of signedAttrs, in the order in which they are written; `None` leaves them out.
    pub attributes: Option<Vec<Element>>,
    /// signatureAlgorithm.
    pub signature_algorithm: Element,
    /// The octets of signature.
    pub signature: Vec<u8>,
    /// unsignedAttrs, `[1]`.
    pub unsigned_attributes: Option<Element>,
}

impl Cms {
    /// The value that AWS would have served in that era, signed with the key of `certificate`.
    pub fn new(certificate: &TestCertificate, era: Era, content: &[u8], signing_time: UnixTime) -> Self {
        let digest_algorithm = digest_algorithm(certificate.key, era);
        let segment = Element::primitive(OCTET_STRING, content);
        let mut signer = CmsSigner {
            version: unsigned(&[1]),
            identifier: sequence([certificate.issuer.clone(), unsigned(&certificate.serial)]),
            digest_algorithm: digest_algorithm.clone(),
            attributes: Some(attributes(certificate.key, era, content, signing_time)),
            signature_algorithm: signature_algorithm(certificate.key, era),
            signature: Vec::new(),
            unsigned_attributes: None,
        };
        signer.sign(certificate.key);
        Self {
            content_info_type: SIGNED_DATA.to_vec(),
            version: unsigned(&[1]),
            digest_algorithms: vec![digest_algorithm],
            content_type: DATA.to_vec(),
            content: Some(Element::constructed(OCTET_STRING | CONSTRUCTED, [segment]).with_length(Length::Indefinite)),
            certificates: None,
            crls: None,
            signers: vec![signer],
            lengths: Length::Indefinite,
        }
    }

    /// With the content as one primitive OCTET STRING, as some answers have it.
    #[must_use]
    pub fn with_primitive_content(self, content: &[u8]) -> Self {
        Self { content: Some(Element::primitive(OCTET_STRING, content)), ..self }
    }

    /// With a certificate embedded, as some answers have it.
    #[must_use]
    pub fn with_embedded_certificate(self, der: &[u8]) -> Self {
        Self { certificates: Some(Element::primitive(context(0), der)), ..self }
    }

    /// The value as one element, to be taken apart further.
    pub fn element(&self) -> Element {
        let outer = |tag, elements: Vec<Element>| Element::constructed(tag, elements).with_length(self.lengths.clone());
        let content = self.content.clone().map(|content| outer(context(0), vec![content]));
        let encapsulated = outer(SEQUENCE, [oid(&self.content_type)].into_iter().chain(content).collect());
        let signers = Element::constructed(SET, self.signers.iter().map(CmsSigner::element));
        let parts = [self.version.clone(), Element::constructed(SET, self.digest_algorithms.clone()), encapsulated];
        let parts = parts.into_iter().chain(self.certificates.clone()).chain(self.crls.clone()).chain([signers]);
        let signed_data = outer(SEQUENCE, parts.collect());
        outer(SEQUENCE, vec![oid(&self.content_info_type), outer(context(0), vec![signed_data])])
    }

    /// The octets of the value.
    pub fn encode(&self) -> Vec<u8> {
        self.element().encode()
    }

    /// The octets of the value in DER: definite lengths, and the content primitive.
    pub fn encode_der(&self, content: &[u8]) -> Vec<u8> {
        Self { lengths: Length::Minimal, ..self.clone().with_primitive_content(content) }.encode()
    }
}

impl CmsSigner {
    /// Signs the attributes as they stand now (RFC 5652 §5.4: under the tag of a SET OF).
    pub fn sign(&mut self, key: TestKey) {
        let signed = Element::constructed(SET, self.attributes.clone().unwrap_or_default());
        self.signature = key.sign(&signed.encode());
    }

    fn element(&self) -> Element {
        let attributes = self.attributes.clone().map(|attributes| Element::constructed(context(0), attributes));
        let parts = [self.version.clone(), self.identifier.clone(), self.digest_algorithm.clone()];
        let parts = parts.into_iter().chain(attributes).chain([self.signature_algorithm.clone()]);
        sequence(parts.chain([Element::primitive(OCTET_STRING, self.signature.clone())]).chain(self.unsigned_attributes.clone()))
    }
}

/// A signed attribute with one value.
pub fn attribute(kind: &[u8], value: Element) -> Element {
    sequence([oid(kind), Element::constructed(SET, [value])])
}

fn digest_algorithm(key: TestKey, era: Era) -> Element {
    let null = Element::primitive(NULL, []);
    match (key, era) {
        (TestKey::Dsa1024, _) => sequence([oid(SHA1), null]),
        (_, Era::In2026) => sequence([oid(SHA256)]),
        (_, Era::In2016 | Era::In2018 | Era::In2022) => sequence([oid(SHA256), null]),
    }
}

fn signature_algorithm(key: TestKey, era: Era) -> Element {
    match (key, era) {
        (TestKey::Dsa1024, _) | (_, Era::In2022 | Era::In2026) => key.signature_algorithm(),
        (_, Era::In2016 | Era::In2018) => sequence([oid(RSA_ENCRYPTION), Element::primitive(NULL, [])]),
    }
}

/// The signed attributes in DER order: ascending by their encodings (X.690 §11.6).
fn attributes(key: TestKey, era: Era, content: &[u8], signing_time: UnixTime) -> Vec<Element> {
    let mut attributes = vec![
        attribute(CONTENT_TYPE, oid(DATA)),
        attribute(SIGNING_TIME, Element::primitive(UTC_TIME, utc_time(signing_time))),
        attribute(MESSAGE_DIGEST, Element::primitive(OCTET_STRING, key.digest(content))),
    ];
    if matches!(era, Era::In2022 | Era::In2026) {
        let mut signature_algorithm = signature_algorithm(key, era);
        signature_algorithm.tag = context(1);
        attributes.push(attribute(ALGORITHM_PROTECTION, sequence([digest_algorithm(key, era), signature_algorithm])));
    }
    attributes.sort_by_key(Element::encode);
    attributes
}

/// `YYMMDDhhmmssZ`, of `YYYY-MM-DDThh:mm:ssZ`.
fn utc_time(time: UnixTime) -> Vec<u8> {
    time.to_string().bytes().skip(2).filter(|c| c.is_ascii_digit()).chain(*b"Z").collect()
}
