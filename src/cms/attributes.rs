//! The signed attributes of a signer ([RFC 5652 §5.3, §11]; algorithm protection: [RFC 6211]).
//!
//! [RFC 5652 §5.3, §11]: https://www.rfc-editor.org/rfc/rfc5652#section-11
//! [RFC 6211]: https://www.rfc-editor.org/rfc/rfc6211

use der::Decode;
use der::asn1::{GeneralizedTime, UtcTime};

use super::unknown::{is_der, is_oid};
use super::{AlgorithmIdentifier, DATA};
use crate::asn1::{OCTET_STRING, OID, Reader, SEQUENCE, SET, context};
use crate::error::{CmsReason, Error};
use crate::time::UnixTime;

/// The signed attributes, required and optional ones told apart. Attributes of other types are tolerated.
///
/// ```text
/// signedAttrs [0] IMPLICIT SET SIZE (1..MAX) OF SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
/// ```
#[derive(Debug)]
pub(crate) struct SignedAttributes<'a> {
    pub(crate) message_digest: &'a [u8],
    pub(crate) signing_time: Option<UnixTime>,
    pub(super) algorithm_protection: Option<AlgorithmProtection<'a>>,
    pub(super) at: usize,
    wire: &'a [u8],
}

/// ```text
/// CMSAlgorithmProtection ::= SEQUENCE {
///   digestAlgorithm DigestAlgorithmIdentifier,
///   signatureAlgorithm [1] SignatureAlgorithmIdentifier OPTIONAL,
///   macAlgorithm [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
/// ```
#[derive(Debug)]
pub(super) struct AlgorithmProtection<'a> {
    pub(super) digest_algorithm: AlgorithmIdentifier<'a>,
    pub(super) signature_algorithm: AlgorithmIdentifier<'a>,
}

impl<'a> SignedAttributes<'a> {
    /// What was signed, in two parts to be hashed one after the other.
    pub(crate) fn signed_bytes(&self) -> [&'a [u8]; 2] {
        // RFC 5652 §5.4:
        //   The IMPLICIT [0] tag in the signedAttrs is not used for the DER encoding, rather an EXPLICIT SET OF tag is used.
        // So the tag is swapped; the reader has already required DER.
        [&[SET], self.wire.get(1..).unwrap_or_default()]
    }

    /// Reads them under the rules of the SignerInfo around: DER.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let at = reader.offset();
        let mut found = Found::default();
        reader.constructed(context(0), |reader| {
            let mut previous: &[u8] = &[];
            while !reader.at_end() {
                let start = reader.offset();
                found.read(reader)?;
                let attribute = reader.since(start);
                // X.690 §11.6: the components of a SET OF stand in ascending order of their encodings. Equal ones are duplicates.
                if attribute <= previous {
                    return Err(reader.unsupported(CmsReason::SignedAttributes, start));
                }
                previous = attribute;
            }
            Ok(())
        })?;
        let (true, Some(message_digest)) = (found.content_type, found.message_digest) else {
            return Err(reader.unsupported(CmsReason::SignedAttributes, at));
        };
        Ok(Self {
            message_digest,
            signing_time: found.signing_time,
            algorithm_protection: found.algorithm_protection,
            at,
            wire: reader.since(at),
        })
    }
}

/// What has been found so far.
#[derive(Default)]
struct Found<'a> {
    content_type: bool,
    message_digest: Option<&'a [u8]>,
    signing_time: Option<UnixTime>,
    algorithm_protection: Option<AlgorithmProtection<'a>>,
    types: [&'a [u8]; MAX_ATTRIBUTES],
    count: usize,
}

impl<'a> Found<'a> {
    /// Reads one attribute: its type, not seen before, and its one value.
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        let at = reader.offset();
        reader.constructed(SEQUENCE, |reader| {
            let attribute = reader.primitive(OID)?;
            if self.types.contains(&attribute) {
                return Err(reader.unsupported(CmsReason::SignedAttributes, at));
            }
            let Some(free) = self.types.get_mut(self.count) else {
                return Err(reader.unsupported(CmsReason::SignedAttributes, at));
            };
            *free = attribute;
            self.count += 1;
            reader.constructed(SET, |reader| {
                if reader.at_end() {
                    return Err(reader.unsupported(CmsReason::SignedAttributes, at));
                }
                self.read_value(attribute, reader)?;
                // RFC 5652 §11.1, §11.2, §11.3; RFC 6211 §2: there is exactly one value.
                if reader.at_end() { Ok(()) } else { Err(reader.unsupported(CmsReason::SignedAttributes, at)) }
            })
        })
    }

    fn read_value(&mut self, attribute: &[u8], reader: &mut Reader<'a>) -> Result<(), Error> {
        let at = reader.offset();
        match attribute {
            CONTENT_TYPE => {
                // RFC 5652 §11.1: it must be the content's type, which the reader has required to be data.
                if reader.primitive(OID)? != DATA {
                    return Err(reader.unsupported(CmsReason::SignedAttributes, at));
                }
                self.content_type = true;
            }
            MESSAGE_DIGEST => self.message_digest = Some(reader.primitive(OCTET_STRING)?),
            SIGNING_TIME => {
                reader.skip()?;
                let time = time(reader.since(at)).ok_or_else(|| reader.unsupported(CmsReason::SignedAttributes, at))?;
                self.signing_time = Some(time);
            }
            ALGORITHM_PROTECTION => {
                self.algorithm_protection = Some(reader.constructed(SEQUENCE, |reader| {
                    let digest_algorithm = AlgorithmIdentifier::read(reader, SEQUENCE)?;
                    if !reader.next_is(context(1)) {
                        return Err(reader.unsupported(CmsReason::AlgorithmProtection, at));
                    }
                    let signature_algorithm = AlgorithmIdentifier::read(reader, context(1))?;
                    if reader.next_is(context(2)) {
                        return Err(reader.unsupported(CmsReason::AlgorithmProtection, reader.offset()));
                    }
                    Ok(AlgorithmProtection { digest_algorithm, signature_algorithm })
                })?);
            }
            _ => {
                reader.skip()?;
                if !is_oid(attribute) || !is_der(reader.since(at)) {
                    return Err(reader.unsupported(CmsReason::SignedAttributes, at));
                }
            }
        }
        Ok(())
    }
}

/// `Time ::= CHOICE { UTCTime, GeneralizedTime }`, in DER, header included.
///
/// RFC 5652 §11.3: dates through the year 2049 are UTCTime, later ones GeneralizedTime.
fn time(der: &[u8]) -> Option<UnixTime> {
    let time = match UtcTime::from_der(der) {
        Ok(time) => time.to_date_time(),
        Err(_) => GeneralizedTime::from_der(der).ok()?.to_date_time(),
    };
    let tag_fits = (time.year() >= 2050) == (der.first() == Some(&GENERALIZED_TIME));
    tag_fits.then_some(UnixTime::new(time))
}

const GENERALIZED_TIME: u8 = 0x18;

/// Four times the attributes of a capture.
const MAX_ATTRIBUTES: usize = 16;

/// 1.2.840.113549.1.9.3
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
/// 1.2.840.113549.1.9.4
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// 1.2.840.113549.1.9.5
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
/// 1.2.840.113549.1.9.52
const ALGORITHM_PROTECTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x34];
