//! Loading a certificate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::{Decode, Encode};
use instance_identity::internals::{issuer, key};
use instance_identity::testkit::{Authority, Contents, Element, TestCertificate, TestKey};
use instance_identity::{CertStore, PinnedCertificate, SignatureKind};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};

use crate::input::Input;
use crate::{edits, tree};

/// A certificate that loads says what stands at the places of RFC 5280 §4.1, by a reader of any BER and by `x509-cert`: issuer, serial
/// number, key, validity. From its own DER, and from PEM, it loads again as the same.
///
/// The first byte picks the slot, the next a certificate to be changed element by element; or what follows is the input itself.
pub fn certificate(data: &[u8]) {
    let mut input = Input::new(data);
    let kind = *input.choice(&SignatureKind::ALL);
    let base = usize::from(input.byte()) % (CERTIFICATES.len() + 1);
    let presented = match CERTIFICATES.get(base) {
        Some(certificate) => edits::edited(certificate, &CERTIFICATES, input.rest()),
        None => input.rest().to_vec(),
    };
    let Some(loaded) = load(kind, &presented) else { return };
    let der = loaded.der();
    if !presented.windows(5).any(|window| window == b"-----") {
        assert_eq!(der, presented, "nothing is changed");
    }
    assert_eq!(*loaded.fingerprint(), *Sha256::digest(der), "the fingerprint");
    assert_eq!(loaded.kind(), kind);
    is_what_it_says(&loaded);
    as_x509_cert_has_it(&loaded);

    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der));
    for again in [der, pem.as_bytes()].map(|text| load(kind, text)) {
        // PEM takes more octets, and there is a limit.
        let Some(again) = again else {
            assert!(pem.len() > MAX_CERTIFICATE, "it loads again");
            continue;
        };
        assert_eq!((again.der(), again.serial(), issuer(&again)), (der, loaded.serial(), issuer(&loaded)));
        assert_eq!((again.not_before(), again.not_after()), (loaded.not_before(), loaded.not_after()));
        assert_eq!((again.fingerprint(), again.algorithm()), (loaded.fingerprint(), loaded.algorithm()));
        assert!(again.has_key_of(&loaded));
    }
}

fn load(kind: SignatureKind, certificate: &[u8]) -> Option<Arc<PinnedCertificate>> {
    let (region, partition) = ("test-local-1".parse().unwrap(), "aws".parse().unwrap());
    let mut store = CertStore::empty();
    store.add(&region, &partition, kind, certificate).ok()?;
    Some(store.get(&region, kind).expect("what was added is there"))
}

fn is_what_it_says(loaded: &PinnedCertificate) {
    let root = tree::parse(loaded.der()).expect("it is BER");
    let typed = without_any(root.clone());
    assert_eq!(tree::with_minimal_lengths(typed.clone()), typed, "it is DER");
    let [tbs, _, _] = root.elements() else { panic!("three elements") };
    // The version is a default, and so may be left out.
    let first = usize::from(tbs.at(&[0]).tag == 0xa0);
    assert_eq!(tbs.at(&[first]).inside(), loaded.serial(), "the serial number");
    assert_eq!(tbs.at(&[first + 2]).encode(), issuer(loaded), "the issuer");
    let information = tbs.at(&[first + 5]);
    let bits = information.at(&[1]).inside();
    let (unused, bits) = bits.split_first().expect("a BIT STRING");
    let bits = tree::parse(bits).expect("a key");
    let found: Vec<Vec<u8>> = match bits.elements() {
        [] => information.at(&[0, 1]).elements().iter().chain([&bits]).map(positive).collect(),
        integers => integers.iter().map(positive).collect(),
    };
    assert_eq!((*unused, found.iter().map(Vec::as_slice).collect()), (0, key(loaded)), "the key");
}

/// The certificate with that as octets which is of any type by RFC 5280 §4.1.1.2 and §4.1.2.4: the parameters of the signature's algorithm,
/// and the values in names. Nothing depends on what is inside, and names are compared as they stand.
fn without_any(mut root: Element) -> Element {
    let first = usize::from(root.at(&[0, 0]).tag == 0xa0);
    let second_is_octets = |element: &mut Element| {
        if let Some(any) = children(element).get_mut(1) {
            any.contents = Contents::Octets(any.inside());
        }
    };
    for path in [&[0, first + 1][..], &[1]] {
        second_is_octets(root.at_mut(path));
    }
    for name in [first + 2, first + 4] {
        children(root.at_mut(&[0, name])).iter_mut().flat_map(children).for_each(second_is_octets);
    }
    root
}

fn children(element: &mut Element) -> &mut [Element] {
    match &mut element.contents {
        Contents::Octets(_) => &mut [],
        Contents::Elements(elements) => elements,
    }
}

fn positive(integer: &Element) -> Vec<u8> {
    assert_eq!(integer.tag, 0x02, "an INTEGER");
    let octets = integer.inside();
    assert!(octets.first().is_some_and(|first| *first < 0x80), "a positive one");
    octets.into_iter().skip_while(|octet| *octet == 0).collect()
}

fn as_x509_cert_has_it(loaded: &PinnedCertificate) {
    let certificate = x509_cert::Certificate::from_der(loaded.der()).expect("x509-cert reads it");
    let tbs = certificate.tbs_certificate();
    assert_eq!(tbs.issuer().to_der().expect("it encodes"), issuer(loaded), "the issuer, typed");
    assert_eq!(tbs.serial_number().as_bytes(), loaded.serial(), "the serial number, typed");
    let validity = tbs.validity();
    let seconds = [validity.not_before, validity.not_after].map(|time| time.to_unix_duration().as_secs());
    assert_eq!(seconds, [loaded.not_before().as_secs(), loaded.not_after().as_secs()], "the validity, typed");
}

/// To be changed: the testkit's, one of each shape, and some of AWS's.
static CERTIFICATES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let keys = [TestKey::Rsa2048, TestKey::Dsa1024, TestKey::Rsa1024, TestKey::Rsa2048China];
    let issued = keys.map(|key| TestCertificate::new(key, Authority::test_local().region().as_str()).der());
    let bundled = CertStore::bundled();
    let bundled = ["us-east-1", "cn-north-1", "ap-east-2", "us-gov-west-1"].map(|region| {
        let region = region.parse().unwrap();
        SignatureKind::ALL.into_iter().filter_map(|kind| bundled.get(&region, kind)).map(|certificate| certificate.der().to_vec()).collect()
    });
    issued.into_iter().chain(bundled.into_iter().flat_map(|certificates: Vec<_>| certificates)).collect()
});

/// The crate's limit.
const MAX_CERTIFICATE: usize = 16 * 1024;
