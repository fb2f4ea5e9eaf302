//! The part of CMS `SignedData` that instance identity documents use ([RFC 5652 §5]).
//!
//! One reader of the exact grammar that AWS serves, over the received bytes: indefinite lengths outside the SignerInfo, DER inside
//! it. The typed structures of the `cms` crate do not carry this profile: read as BER they give the content with the header of its
//! inner segment in front, and they sort signed attributes that are out of order, so what they digest is not what was received. The
//! tests use them as an oracle.
//!
//! # Left out
//! Detached content, several signers, CRLs, unsigned attributes, signers named by key identifier: each an [`Error`], never skipped.
//! Embedded certificates are skipped and never used.
//!
//! [RFC 5652 §5]: https://www.rfc-editor.org/rfc/rfc5652#section-5

mod attributes;
mod unknown;

pub(crate) use attributes::SignedAttributes;

use crate::asn1::{INTEGER, NULL, OCTET_STRING, OID, Reader, SEQUENCE, SET, context};
use crate::error::{CmsReason, Error, Part};
use crate::kind::Algorithm;

/// A `SignedData` with one signer and its content.
///
/// ```text
/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY DEFINED BY contentType }
/// SignedData ::= SEQUENCE {
///   version CMSVersion,
///   digestAlgorithms SET OF DigestAlgorithmIdentifier,
///   encapContentInfo SEQUENCE { eContentType OBJECT IDENTIFIER, eContent [0] EXPLICIT OCTET STRING OPTIONAL },
///   certificates [0] IMPLICIT CertificateSet OPTIONAL,
///   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///   signerInfos SET OF SignerInfo }
/// ```
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    pub(crate) content: &'a [u8],
    pub(crate) signer: SignerInfo<'a>,
    digest_algorithm: AlgorithmIdentifier<'a>,
    part: Part,
}

/// The one signer.
///
/// ```text
/// SignerInfo ::= SEQUENCE {
///   version CMSVersion,
///   sid IssuerAndSerialNumber,
///   digestAlgorithm DigestAlgorithmIdentifier,
///   signedAttrs [0] IMPLICIT SET OF Attribute,
///   signatureAlgorithm SignatureAlgorithmIdentifier,
///   signature OCTET STRING }
/// ```
#[derive(Debug)]
pub(crate) struct SignerInfo<'a> {
    /// The issuer's Name, header included.
    pub(crate) issuer: &'a [u8],
    /// The contents of the serial number's INTEGER.
    pub(crate) serial: &'a [u8],
    pub(crate) attributes: SignedAttributes<'a>,
    pub(crate) signature: &'a [u8],
    digest_algorithm: AlgorithmIdentifier<'a>,
    signature_algorithm: AlgorithmIdentifier<'a>,
}

impl<'a> SignedData<'a> {
    /// Reads the `ContentInfo` that `bytes`, decoded from `part`, consist of.
    pub(crate) fn parse(bytes: &'a [u8], part: Part) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, part);
        let signed_data = reader.constructed(SEQUENCE, |reader| {
            let at = reader.offset();
            if reader.primitive(OID)? != SIGNED_DATA || reader.at_end() {
                return Err(reader.not_signed_data(at));
            }
            reader.constructed(context(0), |reader| reader.constructed(SEQUENCE, |reader| Self::read(reader, part)))
        })?;
        reader.finish()?;
        Ok(signed_data)
    }

    fn read(reader: &mut Reader<'a>, part: Part) -> Result<Self, Error> {
        version_1(reader)?;
        let digest_algorithm = reader.constructed(SET, |reader| {
            let at = reader.offset();
            if reader.at_end() {
                return Err(reader.unsupported(CmsReason::DigestAlgorithms, at));
            }
            let algorithm = AlgorithmIdentifier::read(reader, SEQUENCE)?;
            if reader.next_is(SEQUENCE) {
                return Err(reader.unsupported(CmsReason::DigestAlgorithms, reader.offset()));
            }
            Ok(algorithm)
        })?;
        let content = reader.constructed(SEQUENCE, |reader| {
            let at = reader.offset();
            if reader.primitive(OID)? != DATA {
                return Err(reader.unsupported(CmsReason::ContentType, at));
            }
            if reader.at_end() {
                return Err(reader.unsupported(CmsReason::Detached, at));
            }
            reader.constructed(context(0), Reader::octet_string)
        })?;
        if reader.next_is(context(0)) {
            reader.skip()?;
        }
        if reader.next_is(context(1)) {
            return Err(reader.unsupported(CmsReason::Crls, reader.offset()));
        }
        let signer = reader.constructed(SET, |reader| {
            let at = reader.offset();
            if reader.at_end() {
                return Err(reader.unsupported(CmsReason::SignerCount, at));
            }
            // Counted before the first is read, so that a second signer is named as the fault whatever the first one is.
            let mut ahead = reader.clone();
            ahead.opaque(SEQUENCE)?;
            if ahead.next_is(SEQUENCE) {
                return Err(reader.unsupported(CmsReason::SignerCount, ahead.offset()));
            }
            reader.constructed_der(SEQUENCE, SignerInfo::read)
        })?;
        Ok(Self { content, signer, digest_algorithm, part })
    }

    /// Does the SignerInfo claim a DSA signature?
    pub(crate) fn claims_dsa(&self) -> bool {
        self.signer.signature_algorithm.oid == DSA_WITH_SHA1
    }

    /// All algorithms that the value names are those of `algorithm`, and the message digest has its length.
    pub(crate) fn check_algorithms(&self, algorithm: Algorithm) -> Result<(), Error> {
        let signer = &self.signer;
        let (digest, digest_length) = match algorithm {
            Algorithm::Dsa1024Sha1 => (SHA1, 20),
            Algorithm::Rsa1024Sha256 | Algorithm::Rsa2048Sha256 => (SHA256, 32),
        };
        for named in [&self.digest_algorithm, &signer.digest_algorithm] {
            if named.oid != digest || named.parameters == Parameters::Other {
                return Err(self.unsupported(CmsReason::Algorithm, named.at));
            }
        }
        let named = &signer.signature_algorithm;
        let fits = match algorithm {
            // RFC 3370 §3.1: the AlgorithmIdentifier parameters field MUST be absent for dsa-with-sha1.
            Algorithm::Dsa1024Sha1 => named.oid == DSA_WITH_SHA1 && named.parameters == Parameters::Absent,
            Algorithm::Rsa1024Sha256 | Algorithm::Rsa2048Sha256 => {
                [RSA_ENCRYPTION, SHA256_WITH_RSA].contains(&named.oid) && named.parameters != Parameters::Other
            }
        };
        if !fits {
            return Err(self.unsupported(CmsReason::Algorithm, named.at));
        }
        if let Some(protection) = &signer.attributes.algorithm_protection {
            for (protected, named) in
                [(&protection.digest_algorithm, &signer.digest_algorithm), (&protection.signature_algorithm, &signer.signature_algorithm)]
            {
                if protected.oid != named.oid || protected.parameters == Parameters::Other {
                    return Err(self.unsupported(CmsReason::AlgorithmProtection, protected.at));
                }
            }
        }
        if signer.attributes.message_digest.len() != digest_length {
            return Err(self.unsupported(CmsReason::SignedAttributes, signer.attributes.at));
        }
        Ok(())
    }

    fn unsupported(&self, reason: CmsReason, at: usize) -> Error {
        Error::UnsupportedCms { part: self.part, reason, at }
    }
}

impl<'a> SignerInfo<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let mut ahead = reader.clone();
        ahead.primitive(INTEGER)?;
        // RFC 5652 §5.3: version 3 goes with a subjectKeyIdentifier, [0]. That is named as the fault, not the version.
        if ahead.next_is(SUBJECT_KEY_IDENTIFIER) {
            return Err(reader.unsupported(CmsReason::SignerIdentifier, ahead.offset()));
        }
        version_1(reader)?;
        let (issuer, serial) = reader.constructed(SEQUENCE, |reader| Ok((reader.opaque(SEQUENCE)?, reader.primitive(INTEGER)?)))?;
        let digest_algorithm = AlgorithmIdentifier::read(reader, SEQUENCE)?;
        if !reader.next_is(context(0)) {
            // RFC 5652 §5.3: signedAttrs may be absent if the content is data. Then the signature is over the content itself, and
            // signed attributes of another message could be presented as content. AWS always sends them.
            return Err(reader.unsupported(CmsReason::SignedAttributes, reader.offset()));
        }
        let attributes = SignedAttributes::read(reader)?;
        let signature_algorithm = AlgorithmIdentifier::read(reader, SEQUENCE)?;
        let signature = reader.primitive(OCTET_STRING)?;
        if reader.next_is(context(1)) {
            return Err(reader.unsupported(CmsReason::UnsignedAttributes, reader.offset()));
        }
        Ok(Self { issuer, serial, attributes, signature, digest_algorithm, signature_algorithm })
    }
}

/// An `AlgorithmIdentifier` (RFC 5280 §4.1.1.2), not judged yet.
#[derive(Debug)]
struct AlgorithmIdentifier<'a> {
    /// The contents of the OBJECT IDENTIFIER.
    oid: &'a [u8],
    parameters: Parameters,
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parameters {
    Absent,
    /// RFC 5754 §2: absent and NULL parameters are both in use and mean the same.
    Null,
    Other,
}

impl<'a> AlgorithmIdentifier<'a> {
    fn read(reader: &mut Reader<'a>, tag: u8) -> Result<Self, Error> {
        let at = reader.offset();
        reader.constructed(tag, |reader| {
            let oid = reader.primitive(OID)?;
            let parameters = if reader.at_end() {
                Parameters::Absent
            } else if reader.next_is(NULL) {
                if reader.primitive(NULL)?.is_empty() { Parameters::Null } else { Parameters::Other }
            } else {
                reader.skip()?;
                Parameters::Other
            };
            Ok(Self { oid, parameters, at })
        })
    }
}

fn version_1(reader: &mut Reader<'_>) -> Result<(), Error> {
    let at = reader.offset();
    if reader.primitive(INTEGER)? == [1] { Ok(()) } else { Err(reader.unsupported(CmsReason::Version, at)) }
}

/// `[0] IMPLICIT OCTET STRING`, primitive.
const SUBJECT_KEY_IDENTIFIER: u8 = 0x80;

/// 1.2.840.113549.1.7.2
pub(crate) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// 1.2.840.113549.1.7.1
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
/// 1.3.14.3.2.26
const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
/// 2.16.840.1.101.3.4.2.1
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// 1.2.840.10040.4.3
const DSA_WITH_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03];
/// 1.2.840.113549.1.1.1
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.113549.1.1.11
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
