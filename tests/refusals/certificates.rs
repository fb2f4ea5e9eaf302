//! Certificates that are not loaded, and what those that are do and do not vouch for.
//!
//! A pinned certificate's own signature decides nothing, so the wrong ones are made from those of the test keys.

use instance_identity::{CertError, CertStore, Error, Hint, PemReason, SignatureKind, UnixTime, Verifier};

use crate::support::captures::{self, whole};
use crate::support::cms;
use crate::support::keys::{self, DOCUMENT, REGION, TestKey, partition, region};
use crate::support::refusal;
use crate::support::tlv::{INTEGER, Node, SEQUENCE, algorithm, algorithm_null, bare, base64, leaf, node, oid};

const DSA: &str = "1.2.840.10040.4.1";
const RSA: &str = "1.2.840.113549.1.1.1";

/// The error of adding `certificate`; the store is then as it was.
fn refused(kind: SignatureKind, certificate: &[u8]) -> CertError {
    let mut store = CertStore::empty();
    let error = store.add(&region(REGION), &partition("aws"), kind, certificate).unwrap_err();
    assert_eq!((store.regions(), store.kinds(&region(REGION))), (vec![], vec![]));
    assert_eq!(store.replace(&region(REGION), &partition("aws"), kind, certificate), Err(error.clone()));
    error
}

/// A positive INTEGER.
fn integer(bytes: &[u8]) -> Node {
    leaf(INTEGER, &if bytes.first().is_some_and(|first| *first >= 0x80) { [&[0], bytes].concat() } else { bytes.to_vec() })
}

/// The certificate of a test key with another key in it.
fn with_key(algorithm: Node, key: &Node) -> Vec<u8> {
    let mut certificate = Node::parse(&TestKey::Rsa2048.der());
    let key = leaf(0x03, &[&[0], key.encode().as_slice()].concat());
    *certificate.at_mut(&[0, 6]) = node(SEQUENCE, vec![algorithm, key]);
    certificate.encode()
}

fn with_rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    with_key(algorithm_null(RSA), &node(SEQUENCE, vec![integer(modulus), integer(exponent)]))
}

fn with_dsa(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> Vec<u8> {
    let parameters = node(SEQUENCE, vec![integer(p), integer(q), integer(g)]);
    with_key(node(SEQUENCE, vec![oid(DSA), parameters]), &integer(y))
}

#[test]
fn a_key_fits_its_slot() {
    let (rsa, dsa, rsa2048) = (SignatureKind::Rsa, SignatureKind::Dsa, SignatureKind::Rsa2048);
    for (key, kind) in [
        (TestKey::Rsa2048, rsa),
        (TestKey::Dsa1024, rsa),
        (TestKey::Rsa1024, rsa2048),
        (TestKey::Dsa1024, rsa2048),
        (TestKey::Rsa1024, dsa),
    ] {
        assert_eq!(refused(kind, key.pem().as_bytes()), CertError::KeyDoesNotFit { kind });
        assert_eq!(refused(kind, &key.der()), CertError::KeyDoesNotFit { kind });
    }
}

#[test]
fn a_modulus_has_exactly_the_bits_of_its_slot() {
    for kind in SignatureKind::ALL {
        for octets in [1, 64, 127, 129, 192, 255, 257, 384, 512, 1500] {
            let error = refused(kind, &with_rsa(&vec![0xc1; octets], &[1, 0, 1]));
            assert_eq!(error, CertError::KeyDoesNotFit { kind }, "{octets}");
        }
    }
    // One bit less than the octets have room for.
    assert_eq!(refused(SignatureKind::Rsa2048, &with_rsa(&[0x7f; 256], &[1, 0, 1])), CertError::KeyParameters);
    assert_eq!(refused(SignatureKind::Rsa, &with_rsa(&[0x7f; 128], &[1, 0, 1])), CertError::KeyParameters);
}

#[test]
fn an_even_modulus_is_refused() {
    let mut modulus = TestKey::Rsa2048.integer("modulus");
    *modulus.last_mut().unwrap() &= 0xfe;
    assert_eq!(refused(SignatureKind::Rsa2048, &with_rsa(&modulus, &[1, 0, 1])), CertError::KeyParameters);
}

#[test]
fn an_exponent_is_65537() {
    let modulus = TestKey::Rsa2048.integer("modulus");
    for exponent in [&[0][..], &[1], &[2], &[3], &[17], &[0xff, 0xff], &[1, 0, 0], &[1, 0, 3], &[1, 0, 0, 0, 1], &modulus] {
        assert_eq!(refused(SignatureKind::Rsa2048, &with_rsa(&modulus, exponent)), CertError::Exponent, "{exponent:02x?}");
    }
    let mut store = CertStore::empty();
    store.add(&region(REGION), &partition("aws"), SignatureKind::Rsa2048, &with_rsa(&modulus, &[1, 0, 1])).unwrap();
}

#[test]
fn keys_of_other_algorithms_are_refused() {
    let rsa = node(SEQUENCE, vec![integer(&TestKey::Rsa2048.integer("modulus")), integer(&[1, 0, 1])]);
    // An EC key, Ed25519, and the same RSA key named for PSS.
    for named in [
        node(SEQUENCE, vec![oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]),
        algorithm("1.3.101.112"),
        algorithm("1.2.840.113549.1.1.10"),
    ] {
        for kind in SignatureKind::ALL {
            assert_eq!(refused(kind, &with_key(named.clone(), &rsa)), CertError::KeyDoesNotFit { kind });
        }
    }
}

#[test]
fn dsa_domain_parameters_are_tested() {
    let of = |name| TestKey::Dsa1024.integer(name);
    let (p, q, g, y) = (of("P"), of("Q"), of("G"), of("pub"));
    let plus = |integer: &[u8], more: u8| {
        let mut integer = integer.to_vec();
        let last = integer.last_mut().unwrap();
        *last = last.checked_add_signed(more as i8).unwrap_or(*last ^ 0x10);
        integer
    };
    let minus_one = plus(&p, 0xff);
    for (what, certificate) in [
        ("p even", with_dsa(&minus_one, &q, &g, &y)),
        ("p composite", with_dsa(&plus(&p, 2), &q, &g, &y)),
        ("p all ones", with_dsa(&[0xff; 128], &q, &g, &y)),
        ("q even", with_dsa(&p, &plus(&q, 1), &g, &y)),
        ("q composite", with_dsa(&p, &plus(&q, 2), &g, &y)),
        ("q all ones", with_dsa(&p, &[0xff; 20], &g, &y)),
        ("g = 0", with_dsa(&p, &q, &[0], &y)),
        ("g = 1", with_dsa(&p, &q, &[1], &y)),
        ("g = 2, of another order", with_dsa(&p, &q, &[2], &y)),
        ("g = p - 1, of order 2", with_dsa(&p, &q, &minus_one, &y)),
        ("g = p", with_dsa(&p, &q, &p, &y)),
        ("g longer than p", with_dsa(&p, &q, &[1; 129], &y)),
        ("y = 0", with_dsa(&p, &q, &g, &[0])),
        ("y = 1", with_dsa(&p, &q, &g, &[1])),
        ("y = 2, of another order", with_dsa(&p, &q, &g, &[2])),
        ("y = p - 1", with_dsa(&p, &q, &g, &minus_one)),
        ("y = p", with_dsa(&p, &q, &g, &p)),
        ("y longer than p", with_dsa(&p, &q, &g, &[1; 129])),
    ] {
        assert_eq!(refused(SignatureKind::Dsa, &certificate), CertError::KeyParameters, "{what}");
    }
    let mut store = CertStore::empty();
    store.add(&region(REGION), &partition("aws"), SignatureKind::Dsa, &with_dsa(&p, &q, &g, &y)).unwrap();
}

#[test]
fn dsa_keys_of_other_sizes_are_refused_before_they_are_tested() {
    let of = |name| TestKey::Dsa1024.integer(name);
    let (p, q, g, y) = (of("P"), of("Q"), of("G"), of("pub"));
    let kind = SignatureKind::Dsa;
    for (p, q) in [
        (&[0xc1; 256][..], q.as_slice()),
        (&[0xc1; 64], &q),
        (&[0xc1; 1500], &q),
        (&p[..127], &q),
        (&p, &[0xc1; 28]),
        (&p, &[0xc1; 32]),
        (&p, &q[..19]),
        (&p, &[0x7f; 20]),
        (&[0x7f; 128], &q),
        (&p, &p),
        (&p, &[3]),
    ] {
        assert_eq!(refused(kind, &with_dsa(p, q, &g, &y)), CertError::KeyDoesNotFit { kind });
    }
}

#[test]
fn inherited_dsa_parameters_are_refused() {
    let y = integer(&TestKey::Dsa1024.integer("pub"));
    let kind = SignatureKind::Dsa;
    for named in [algorithm(DSA), algorithm_null(DSA)] {
        assert_eq!(refused(kind, &with_key(named, &y)), CertError::KeyDoesNotFit { kind });
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    let der = TestKey::Rsa2048.der();
    let cut = &der[..der.len() - 1];
    let longer = [der.as_slice(), &[0]].concat();
    let negative = {
        let key = node(SEQUENCE, vec![leaf(INTEGER, &TestKey::Rsa2048.integer("modulus")), integer(&[1, 0, 1])]);
        with_key(algorithm_null(RSA), &key)
    };
    let value = cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes()).encode();
    for wrong in [b"", cut, &longer, &der[1..], &negative, &value, &base64(&der), b"garbage", &[0x30, 0x80]] {
        assert_eq!(refused(SignatureKind::Rsa2048, wrong), CertError::NotACertificate);
    }
    assert_eq!(refused(SignatureKind::Rsa2048, &vec![0x30; 16 * 1024 + 1]), CertError::TooLarge { limit: 16 * 1024 });
}

#[test]
fn pem_of_another_label_or_with_more_around_is_refused() {
    let pem = TestKey::Rsa2048.pem();
    let refused = |text: &str| refused(SignatureKind::Rsa2048, text.as_bytes());
    let fault = |reason, at| CertError::InvalidPem { reason, at };
    assert_eq!(refused(&pem.replace("CERTIFICATE", "PKCS7")), fault(PemReason::Label, 11));
    assert_eq!(refused(&pem.replace("CERTIFICATE", "PRIVATE KEY")), fault(PemReason::Label, 11));
    assert_eq!(refused(&format!("{pem}{pem}")), fault(PemReason::SecondBlock, pem.len()));
    assert_eq!(refused(&format!("{pem}x")), fault(PemReason::Outside, pem.len()));
    assert_eq!(refused(&format!("x{pem}")), fault(PemReason::Outside, 0));
    assert_eq!(refused(&pem.replacen("MI", "M*", 1)), CertError::InvalidBase64 { at: 29 });
}

#[test]
fn certificates_are_added_and_replaced_only_by_an_explicit_word() {
    let (us_west_2, aws) = (region("us-west-2"), partition("aws"));
    let mut store = CertStore::bundled();
    let (rsa2048, pem) = (SignatureKind::Rsa2048, TestKey::Rsa2048.pem().as_bytes());
    let filled = CertError::SlotFilled { region: us_west_2.clone(), kind: rsa2048 };
    assert_eq!(store.add(&us_west_2, &aws, rsa2048, pem), Err(filled));
    assert_eq!(Verifier::new(store.clone()).verify_cms(whole().rsa2048(), "us-west-2").unwrap().document().as_bytes(), whole().document);

    let document = DOCUMENT.replace(REGION, "us-west-2");
    let value = cms::value(TestKey::Rsa2048, document.as_bytes());
    let unknown = |hint| Error::UnknownSigner { region: us_west_2.clone(), hint };
    assert_eq!(refusal(Verifier::new(store.clone()).verify_cms(&value.text(), "us-west-2")), unknown(None));

    store.replace(&us_west_2, &aws, rsa2048, pem).unwrap();
    let verifier = Verifier::new(store);
    assert_eq!(verifier.verify_cms(&value.text(), "us-west-2").unwrap().document().as_bytes(), document.as_bytes());
    // What was there no longer vouches for anything.
    assert_eq!(refusal(verifier.verify_cms(whole().rsa2048(), "us-west-2")), unknown(None));
}

#[test]
fn an_added_region_changes_nothing_for_the_others() {
    let mut store = CertStore::bundled();
    for (kind, key) in
        [(SignatureKind::Rsa, TestKey::Rsa1024), (SignatureKind::Rsa2048, TestKey::Rsa2048), (SignatureKind::Dsa, TestKey::Dsa1024)]
    {
        store.add(&region(REGION), &partition("aws"), kind, key.pem().as_bytes()).unwrap();
        store.add(&region(REGION), &partition("aws"), kind, &key.der()).unwrap();
    }
    let verifier = Verifier::new(store);
    for value in captures::cms() {
        assert_eq!(verifier.verify_cms(&value.text, &value.region).unwrap().document().as_bytes(), value.document);
    }
    let value = cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes());
    verifier.verify_cms(&value.text(), REGION).unwrap();
    let error = refusal(verifier.verify_cms(&value.text(), "us-west-2"));
    assert_eq!(error, Error::UnknownSigner { region: region("us-west-2"), hint: Some(Hint::SignerOf(vec![region(REGION)])) });
}

#[test]
fn a_region_has_one_partition() {
    let mut store = CertStore::bundled();
    let pem = TestKey::Dsa1024.pem().as_bytes();
    let error = CertError::PartitionMismatch { region: region("ap-east-2"), known: partition("aws") };
    assert_eq!(store.add(&region("ap-east-2"), &partition("aws-cn"), SignatureKind::Dsa, pem), Err(error));
    assert_eq!(store.kinds(&region("ap-east-2")), [SignatureKind::Rsa2048, SignatureKind::Rsa]);
}

#[test]
fn two_slots_of_a_region_do_not_share_a_name() {
    let mut store = keys::store();
    let aws = partition("aws");
    let rsa2048_pem = TestKey::Rsa2048.pem().as_bytes();
    let error = CertError::SameSigner { region: region(REGION), kind: SignatureKind::Rsa2048 };
    assert_eq!(store.replace(&region(REGION), &aws, SignatureKind::Dsa, rsa2048_pem), Err(error));
    // Another key under the same issuer and serial number.
    let mut named = Node::parse(&TestKey::Dsa1024.der());
    let rsa2048 = Node::parse(&TestKey::Rsa2048.der());
    for path in [[0, 1], [0, 3]] {
        *named.at_mut(&path) = rsa2048.at(&path).clone();
    }
    let error = CertError::SameSigner { region: region(REGION), kind: SignatureKind::Rsa2048 };
    assert_eq!(store.replace(&region(REGION), &aws, SignatureKind::Dsa, &named.encode()), Err(error));
}

/// The certificate of a test key that was valid in 2001.
fn expired(key: TestKey) -> Vec<u8> {
    let mut certificate = Node::parse(&key.der());
    *certificate.at_mut(&[0, 4]) = node(SEQUENCE, vec![leaf(0x17, b"010101000000Z"), leaf(0x17, b"011231235959Z")]);
    certificate.encode()
}

#[test]
fn an_expired_certificate_verifies_and_says_when_it_expired() {
    let mut store = CertStore::bundled();
    store.add(&region(REGION), &partition("aws"), SignatureKind::Rsa2048, &expired(TestKey::Rsa2048)).unwrap();
    store.add(&region(REGION), &partition("aws"), SignatureKind::Rsa, &expired(TestKey::Rsa1024)).unwrap();
    let verifier = Verifier::new(store);
    let value = cms::value(TestKey::Rsa2048, DOCUMENT.as_bytes());
    let bare = base64(&TestKey::Rsa1024.sign(DOCUMENT.as_bytes()));
    for verified in [verifier.verify_cms(&value.text(), REGION), verifier.verify(DOCUMENT.as_bytes(), &bare, REGION)] {
        let expiry: UnixTime = "2001-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(verified.unwrap().signatures()[0].certificate().not_after(), expiry);
    }
    // Of another region it has no effect.
    assert_eq!(verifier.verify_cms(whole().rsa2048(), "us-west-2").unwrap().document().as_bytes(), whole().document);
}

#[test]
fn a_certificate_that_is_not_der_is_refused() {
    use crate::support::tlv::Length;
    let certificate = Node::parse(&TestKey::Rsa2048.der());
    for path in [&[][..], &[0], &[0, 1], &[0, 3], &[0, 6]] {
        let mut wrong = certificate.clone();
        wrong.at_mut(path).length = Length::Octets(4);
        assert_eq!(refused(SignatureKind::Rsa2048, &wrong.encode()), CertError::NotACertificate, "{path:?}");
    }
    let mut indefinite = certificate;
    indefinite.length = Length::Indefinite;
    assert_eq!(refused(SignatureKind::Rsa2048, &indefinite.encode()), CertError::NotACertificate);
    let nested = bare(&[0x30, 0x80].repeat(4000));
    assert_eq!(refused(SignatureKind::Rsa2048, &nested.encode()), CertError::NotACertificate);
}
