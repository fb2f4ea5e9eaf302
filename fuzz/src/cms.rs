//! The reader of CMS.

use cms::cert::IssuerAndSerialNumber;
use cms::content_info::CmsVersion;
use cms::signed_data::{SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use instance_identity::Algorithm;
use instance_identity::internals::Cms;
use instance_identity::testkit::{Contents, Element, Length, oid};
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use crate::input::Input;
use crate::samples::CMS_VALUES;
use crate::{edits, tree};

/// On whatever the strict reader accepts, two others find the same: a reader of any BER, which looks where the grammar says; and the typed
/// structures of `cms` and `der`.
pub fn cms(value: &[u8]) {
    let Ok(found) = Cms::parse(value) else { return };
    let root = tree::parse(value).expect("it is BER");
    let signer = as_the_grammar_has_it(&found, &root);
    as_cms_has_it(&found, signer);
    for algorithm in [Algorithm::Dsa1024Sha1, Algorithm::Rsa1024Sha256, Algorithm::Rsa2048Sha256] {
        if found.check_algorithms(algorithm).is_ok() {
            algorithms_are(algorithm, &found, &root, signer);
        }
    }
}

/// The same of a value that was really signed, changed element by element. Unchanged it is accepted.
pub fn cms_edited(data: &[u8]) {
    let mut input = Input::new(data);
    let value = input.choice(&CMS_VALUES);
    let unchanged = input.is_empty();
    let edited = edits::edited(value, &CMS_VALUES, input.rest());
    assert!(!unchanged || Cms::parse(&edited).is_ok(), "what was signed is accepted");
    cms(&edited);
}

/// Compares with the elements at the places of RFC 5652 §5.1 and §5.3, and holds the value to what is refused. The SignerInfo comes back.
fn as_the_grammar_has_it<'a>(found: &Cms<'_>, root: &'a Element) -> &'a Element {
    let [kind, explicit] = root.elements() else { panic!("ContentInfo has two elements") };
    assert_eq!((root.tag, kind.inside().as_slice(), explicit.tag), (0x30, oid::SIGNED_DATA, 0xa0));
    let [signed_data] = explicit.elements() else { panic!("one SignedData") };
    let (parts, certificates) = match signed_data.elements() {
        [version, digests, content, signers] => ([version, digests, content, signers], None),
        [version, digests, content, certificates, signers] => ([version, digests, content, signers], Some(certificates)),
        _ => panic!("four or five elements"),
    };
    let [version, digests, encapsulated, signers] = parts;
    assert!(certificates.is_none_or(|certificates| certificates.tag == 0xa0), "between content and signers only certificates");
    assert_eq!((version.inside(), digests.elements().len(), signers.elements().len()), (vec![1], 1, 1));
    assert_eq!([signed_data, version, digests, encapsulated, signers].map(|element| element.tag), [0x30, 0x02, 0x31, 0x30, 0x31]);

    let [kind, explicit] = encapsulated.elements() else { panic!("with content") };
    let [string] = explicit.elements() else { panic!("one content") };
    let content = match string.elements() {
        [] => string,
        [segment] => segment,
        _ => panic!("one segment"),
    };
    assert_eq!((kind.inside().as_slice(), explicit.tag, string.tag & !0x20, content.tag), (oid::DATA, 0xa0, 0x04, 0x04));
    assert_eq!(content.inside(), found.content(), "the content");

    let signer = &signers.elements()[0];
    let [version, identifier, _, attributes, _, signature] = signer.elements() else { panic!("six elements") };
    let [issuer, serial] = identifier.elements() else { panic!("issuer and serial number") };
    assert_eq!((version.inside(), attributes.tag, signature.tag, serial.tag), (vec![1], 0xa0, 0x04, 0x02));
    assert_eq!((issuer.encode().as_slice(), serial.inside().as_slice()), (found.issuer(), found.serial()), "who signed");
    assert_eq!(signature.inside(), found.signature(), "the signature");
    // The issuer has to be a certificate's, octet for octet, and so is not looked into.
    assert!(issuer.length == Length::Minimal, "the issuer's length is DER");
    let read = |root| inside(root, issuer).into_iter();
    assert!(read(root).all(|element| element.tag & 0x20 == 0 || matches!(element.contents, Contents::Elements(_))), "it is BER");
    assert!(read(signer).all(|element| element.length == Length::Minimal), "the SignerInfo is DER");
    let signed = Element { tag: 0x31, ..attributes.clone() }.encode();
    assert_eq!(signed, found.signed_bytes(), "what is signed");

    let encoded: Vec<Vec<u8>> = attributes.elements().iter().map(Element::encode).collect();
    assert!(encoded.is_sorted_by(|a, b| a < b), "attributes ascend");
    let mut types: Vec<Vec<u8>> = attributes.elements().iter().map(|attribute| attribute.at(&[0]).inside()).collect();
    types.sort();
    types.dedup();
    assert_eq!(types.len(), encoded.len(), "no type twice");
    assert_eq!(value_of(attributes, oid::CONTENT_TYPE).expect("contentType").inside(), oid::DATA);
    assert_eq!(value_of(attributes, oid::MESSAGE_DIGEST).expect("messageDigest").inside(), found.message_digest());
    let time = value_of(attributes, oid::SIGNING_TIME).map(|time| Time::from_der(&time.encode()).expect("a time"));
    assert_eq!(found.signing_time().map(|time| time.as_secs()), time.map(|time| time.to_unix_duration().as_secs()), "when");
    signer
}

/// The element and all inside, but for one element with what is inside that.
fn inside<'a>(root: &'a Element, except: &Element) -> Vec<&'a Element> {
    let (mut open, mut all) = (vec![root], Vec::new());
    while let Some(element) = open.pop() {
        open.extend(element.elements().iter().filter(|element| !std::ptr::eq(*element, except)));
        all.push(element);
    }
    all
}

/// The one value of the attribute of a type.
fn value_of<'a>(attributes: &'a Element, kind: &[u8]) -> Option<&'a Element> {
    let attribute = attributes.elements().iter().find(|attribute| attribute.at(&[0]).inside() == kind)?;
    let [_, values] = attribute.elements() else { panic!("type and values") };
    let [value] = values.elements() else { panic!("one value") };
    Some(value)
}

/// Compares with the typed SignerInfo. What the strict reader leaves to others to judge may keep that from being read: names, serial
/// numbers, algorithms and the attributes that it does not know. Nothing else may.
fn as_cms_has_it(found: &Cms<'_>, signer: &Element) {
    let [_, identifier, digest_algorithm, attributes, signature_algorithm, _] = signer.elements() else { panic!("six elements") };
    let parts_are_typed = IssuerAndSerialNumber::from_der(&identifier.encode()).is_ok()
        && [digest_algorithm, signature_algorithm].iter().all(|part| AlgorithmIdentifierOwned::from_der(&part.encode()).is_ok())
        && attributes.elements().iter().all(|part| Attribute::from_der(&part.encode()).is_ok());
    let typed = match SignerInfo::from_der(&signer.encode()) {
        Ok(typed) => typed,
        Err(error) => {
            assert!(!parts_are_typed, "cms refuses the SignerInfo: {error}");
            return;
        }
    };
    let SignerIdentifier::IssuerAndSerialNumber(named) = &typed.sid else { panic!("named by issuer and serial number") };
    assert_eq!(typed.version, CmsVersion::V1);
    assert_eq!(named.serial_number.as_bytes(), found.serial(), "the serial number, typed");
    assert_eq!(typed.signature.as_bytes(), found.signature(), "the signature, typed");
    assert!(typed.unsigned_attrs.is_none(), "no unsigned attributes");
    let attributes = typed.signed_attrs.as_ref().expect("signed attributes");
    assert_eq!(attributes.to_der().expect("they encode"), found.signed_bytes(), "what is signed, typed");
    let value_of = |kind: ObjectIdentifier| -> Option<&Any> {
        let attribute = attributes.iter().find(|attribute| attribute.oid == kind)?;
        attribute.values.get(0)
    };
    let digest = value_of(MESSAGE_DIGEST).expect("messageDigest").decode_as::<OctetString>().expect("an OCTET STRING");
    assert_eq!(digest.as_bytes(), found.message_digest(), "the message digest, typed");
    // `Name` sorts what is out of DER order; only where it writes the same again, it has read the same.
    if let Ok(issuer) = named.issuer.to_der()
        && issuer.len() == found.issuer().len()
        && tree::parse(&issuer).is_some_and(|name| sorted(&name) == sorted(&tree::parse(found.issuer()).expect("DER")))
    {
        return;
    }
    panic!("the issuer, typed");
}

/// The octets of all elements, in ascending order.
fn sorted(element: &Element) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut open = vec![element];
    while let Some(element) = open.pop() {
        match &element.contents {
            Contents::Octets(octets) => all.push([&[element.tag], octets.as_slice()].concat()),
            Contents::Elements(elements) => open.extend(elements),
        }
    }
    all.sort();
    all
}

/// Holds the algorithms that the value names to what the key of `algorithm` asks for.
fn algorithms_are(algorithm: Algorithm, found: &Cms<'_>, root: &Element, signer: &Element) {
    let is_dsa = algorithm == Algorithm::Dsa1024Sha1;
    let (digest, signatures, length) =
        if is_dsa { (SHA1, &[DSA_WITH_SHA1][..], 20) } else { (SHA256, &[RSA_ENCRYPTION, SHA256_WITH_RSA][..], 32) };
    let typed = |element: &Element, tag| {
        let element = Element { tag, ..tree::with_minimal_lengths(element.clone()) };
        let algorithm = AlgorithmIdentifierOwned::from_der(&element.encode()).expect("an AlgorithmIdentifier");
        assert!(algorithm.parameters.as_ref().is_none_or(Any::is_null), "parameters are NULL or absent");
        algorithm
    };
    assert_eq!(typed(root.at(&[1, 0, 1, 0]), 0x30).oid, digest);
    assert_eq!(typed(signer.at(&[2]), 0x30).oid, digest);
    let signature = typed(signer.at(&[4]), 0x30);
    assert!(signatures.contains(&signature.oid) && (!is_dsa || signature.parameters.is_none()));
    assert_eq!(found.message_digest().len(), length);
    if let Some(protection) = value_of(signer.at(&[3]), oid::ALGORITHM_PROTECTION) {
        let [digest_algorithm, signature_algorithm] = protection.elements() else { panic!("no MAC algorithm") };
        assert_eq!((typed(digest_algorithm, 0x30).oid, typed(signature_algorithm, 0x30).oid), (digest, signature.oid));
        assert_eq!((digest_algorithm.tag, signature_algorithm.tag), (0x30, 0xa1));
    }
}

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const DSA_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.3");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
