//! A pinned X.509 certificate ([RFC 5280 §4.1]): its bytes, how CMS names it, its validity, its key.
//!
//! The certificates are pinned keys, not a PKIX chain: their own signatures, extensions and key usages decide nothing.
//!
//! [RFC 5280 §4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode, Encode, Reader, SliceReader, Tagged};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::time::UnixTime;

/// A certificate in DER.
#[derive(Debug)]
pub(crate) struct Certificate {
    pub(crate) der: Box<[u8]>,
    /// The issuer's Name, header included: CMS names a signer by these very bytes.
    pub(crate) issuer: Box<[u8]>,
    /// The contents of the serial number's INTEGER.
    pub(crate) serial: Box<[u8]>,
    pub(crate) not_before: UnixTime,
    pub(crate) not_after: UnixTime,
    pub(crate) key: SubjectKey,
}

/// The subject's key: big-endian integers without leading zeros, not judged yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SubjectKey {
    /// RFC 3279 §2.3.2.
    Dsa { p: Box<[u8]>, q: Box<[u8]>, g: Box<[u8]>, y: Box<[u8]> },
    /// RFC 3279 §2.3.1.
    Rsa { modulus: Box<[u8]>, exponent: Box<[u8]> },
    /// A key of another algorithm, or DSA with inherited parameters.
    Other,
}

impl Certificate {
    /// Reads one certificate that `der` consists of.
    pub(crate) fn parse(der: &[u8]) -> Result<Self, der::Error> {
        let certificate = x509_cert::Certificate::from_der(der)?;
        // x509-cert sorts what is out of DER order. Only where it writes the same bytes again are its parts the certificate's own.
        if certificate.to_der()? != der {
            return Err(der::ErrorKind::Noncanonical { tag: der::Tag::Sequence }.into());
        }
        let tbs = certificate.tbs_certificate();
        let key = tbs.subject_public_key_info().to_der()?;
        Ok(Self {
            der: der.into(),
            issuer: tbs.issuer().to_der()?.into(),
            serial: tbs.serial_number().as_bytes().into(),
            not_before: UnixTime::new(tbs.validity().not_before.to_date_time()),
            not_after: UnixTime::new(tbs.validity().not_after.to_date_time()),
            key: SubjectKey::parse(SubjectPublicKeyInfoRef::from_der(&key)?)?,
        })
    }
}

impl SubjectKey {
    fn parse(info: SubjectPublicKeyInfoRef<'_>) -> Result<Self, der::Error> {
        let key = info.subject_public_key.as_bytes().ok_or(der::ErrorKind::Failed)?;
        match (info.algorithm.oid, info.algorithm.parameters) {
            // RFC 3279 §2.3.1: the parameters MUST be NULL.
            (RSA_ENCRYPTION, Some(parameters)) if parameters.is_null() => {
                let mut reader = SliceReader::new(key)?;
                let (modulus, exponent) = reader.sequence(|reader| Ok::<_, der::Error>((integer(reader)?, integer(reader)?)))?;
                reader.finish()?;
                Ok(Self::Rsa { modulus, exponent })
            }
            (DSA, Some(parameters)) if parameters.tag() == der::Tag::Sequence => {
                let mut reader = SliceReader::new(parameters.value())?;
                let (p, q, g) = (integer(&mut reader)?, integer(&mut reader)?, integer(&mut reader)?);
                reader.finish()?;
                Ok(Self::Dsa { p, q, g, y: UintRef::from_der(key)?.as_bytes().into() })
            }
            _ => Ok(Self::Other),
        }
    }
}

fn integer<'a>(reader: &mut impl Reader<'a>) -> Result<Box<[u8]>, der::Error> {
    Ok(UintRef::decode(reader)?.as_bytes().into())
}

const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_an_rsa_key_are_null() {
        // SubjectPublicKeyInfo of the modulus 35 and the exponent 5, with these parameters.
        let key = |parameters: &[u8]| {
            let oid = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
            let algorithm = [&[0x30, 11 + parameters.len() as u8], oid.as_slice(), parameters].concat();
            let bits = [0x03, 0x09, 0x00, 0x30, 0x06, 0x02, 0x01, 35, 0x02, 0x01, 5];
            let info = [&[0x30, (algorithm.len() + bits.len()) as u8], algorithm.as_slice(), &bits].concat();
            SubjectKey::parse(SubjectPublicKeyInfoRef::from_der(&info).unwrap()).unwrap()
        };
        assert_eq!(key(&[0x05, 0x00]), SubjectKey::Rsa { modulus: [35].into(), exponent: [5].into() });
        assert_eq!(key(&[0x30, 0x00]), SubjectKey::Other);
        assert_eq!(key(&[]), SubjectKey::Other);
    }
}
