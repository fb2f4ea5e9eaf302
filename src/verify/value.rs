//! A presented value, decoded: which of the two forms it has, and the region that is claimed.

use crate::cms::{SIGNED_DATA, SignedData};
use crate::document::Document;
use crate::encoding::{self, EncodingFault};
use crate::error::{Error, Hint, ValueKind};
use crate::evidence::Label;
use crate::kind::SignatureKind;
use crate::region::Region;

/// The bytes of a value.
pub(super) struct Decoded {
    label: Label,
    bytes: Vec<u8>,
}

/// What the bytes look like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Cms,
    Detached,
}

impl Decoded {
    pub(super) fn new(label: Label, text: &[u8]) -> Result<Self, Error> {
        if text.trim_ascii_start().starts_with(b"{") {
            return Err(Error::WrongSignatureKind { expected: label.expected(), found: ValueKind::Document });
        }
        let bytes = encoding::decode(text, &["PKCS7", "CMS"]).map_err(|fault| match fault {
            EncodingFault::Base64 { at } => Error::InvalidBase64 { part: label.part(), at, hint: hint(text) },
            EncodingFault::Pem { reason, at } => Error::InvalidPem { part: label.part(), reason, at },
        })?;
        if bytes.is_empty() {
            return Err(Error::EmptyInput { part: label.part() });
        }
        let decoded = Self { label, bytes };
        match (label, decoded.form()) {
            (Label::AnyCms | Label::Kind(SignatureKind::Rsa2048 | SignatureKind::Dsa), Form::Detached) => {
                Err(Error::WrongSignatureKind { expected: label.expected(), found: ValueKind::Endpoint(SignatureKind::Rsa) })
            }
            (Label::Kind(SignatureKind::Rsa), Form::Cms) => {
                Err(Error::WrongSignatureKind { expected: label.expected(), found: ValueKind::Cms })
            }
            _ => Ok(decoded),
        }
    }

    pub(super) fn label(&self) -> Label {
        self.label
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A CMS value starts with a SEQUENCE. So does one RSA-1024 signature of 256: at their size, more of the CMS has to be there.
    pub(super) fn form(&self) -> Form {
        let is_cms = match self.bytes.as_slice() {
            bytes if bytes.len() == RSA_1024_SIZE => starts_with_signed_data(bytes),
            bytes => bytes.first() == Some(&SEQUENCE),
        };
        if is_cms { Form::Cms } else { Form::Detached }
    }

    /// The value, found to be of `kind`, was presented as that.
    pub(super) fn check_kind(&self, kind: SignatureKind) -> Result<(), Error> {
        match self.label {
            Label::Kind(expected) if expected != kind => {
                Err(Error::WrongSignatureKind { expected: self.label.expected(), found: ValueKind::Endpoint(kind) })
            }
            _ => Ok(()),
        }
    }
}

/// The region that the unverified document names, or else the content of the first CMS value.
pub(super) fn claimed_region(document: Option<&[u8]>, values: &[(Label, Result<Decoded, Error>)]) -> Result<Region, Error> {
    let named_by_document = document.map(Document::claimed_region);
    if let Some(Ok(region)) = named_by_document {
        return Ok(region);
    }
    let mut cms = values
        .iter()
        .filter_map(|(label, value)| value.as_ref().ok().filter(|value| value.form() == Form::Cms).map(|value| (label, value)));
    match (cms.next(), named_by_document) {
        (Some((label, value)), _) => Document::claimed_region(SignedData::parse(value.bytes(), label.part())?.content),
        (None, Some(unreadable)) => unreadable,
        (None, None) => Err(Error::MissingDocument),
    }
}

fn hint(text: &[u8]) -> Option<Hint> {
    if core::str::from_utf8(text).is_err() {
        Some(Hint::Binary)
    } else if text.trim_ascii_start().starts_with(b"<") {
        Some(Hint::ErrorPage)
    } else {
        None
    }
}

/// A SEQUENCE header, and the OBJECT IDENTIFIER signedData inside.
fn starts_with_signed_data(bytes: &[u8]) -> bool {
    let header_length = match bytes {
        [SEQUENCE, 0x00..=0x80, ..] => 2,
        [SEQUENCE, long @ 0x81..=0x84, ..] => 2 + usize::from(long & 0x7f),
        _ => return false,
    };
    let inside = bytes.get(header_length..).unwrap_or_default();
    matches!(inside, [0x06, 0x09, oid @ ..] if oid.starts_with(SIGNED_DATA))
}

const SEQUENCE: u8 = 0x30;
const RSA_1024_SIZE: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of 128 octets that starts as given.
    fn form(start: &[u8]) -> Form {
        let mut bytes = start.to_vec();
        bytes.resize(RSA_1024_SIZE, 0);
        Decoded { label: Label::Any, bytes }.form()
    }

    #[test]
    fn of_128_octets_a_cms_value_has_the_type_behind_its_header_however_its_length_is_written() {
        for header in [
            &[0x30, 0x00][..],
            &[0x30, 0x7e],
            &[0x30, 0x80],
            &[0x30, 0x81, 0x7d],
            &[0x30, 0x82, 0x00, 0x7c],
            &[0x30, 0x83, 0x00, 0x00, 0x7b],
            &[0x30, 0x84, 0x00, 0x00, 0x00, 0x7a],
        ] {
            let start = [header, &[0x06, 0x09], SIGNED_DATA].concat();
            assert!(form(&start) == Form::Cms, "{header:02x?}");
            let mut other = start.clone();
            *other.last_mut().unwrap() ^= 1;
            assert!(form(&other) == Form::Detached, "{header:02x?}");
            assert!(form(&[header, &[0x00], &start].concat()) == Form::Detached, "{header:02x?}");
        }
        let five = [&[0x30, 0x85, 0x00, 0x00, 0x00, 0x00, 0x79, 0x06, 0x09], SIGNED_DATA].concat();
        assert!(form(&five) == Form::Detached);
    }
}
