//! What a store takes and refuses, whatever the key.

use instance_identity::{CertError, CertStore, PemReason, SignatureKind};

use crate::tlv::{elements, integer, sequence, with_key};
use crate::{der, partition, pem, region};

/// All that a store says about its slots.
pub(crate) fn state(store: &CertStore) -> Vec<(String, String, SignatureKind, Vec<u8>)> {
    let slots = store.certificates();
    slots.map(|slot| (slot.region().to_string(), slot.partition().to_string(), slot.kind(), slot.der().to_vec())).collect()
}

/// Asserts that neither `add` nor `replace` takes `certificate`, in an empty store and in a bundled one, and that the stores stay as they were.
#[track_caller]
pub(crate) fn assert_refused(kind: SignatureKind, certificate: &[u8], error: &CertError) {
    for mut store in [CertStore::empty(), CertStore::bundled()] {
        let before = state(&store);
        assert_eq!(store.add(&region("us-east-1"), &partition("aws"), kind, certificate).as_ref(), Err(error));
        assert_eq!(store.replace(&region("us-east-1"), &partition("aws"), kind, certificate).as_ref(), Err(error));
        assert_eq!(state(&store), before);
    }
}

#[test]
fn a_certificate_is_added_to_an_empty_slot_as_pem_or_der() {
    let (region, partition) = (region("test-local-1"), partition("aws-test"));
    let pem = pem("us-east-1/rsa");
    let der = der(&pem);
    for certificate in [pem.as_bytes(), &der, pem.replace('\n', "\r\n").as_bytes(), pem.trim_end().as_bytes()] {
        let mut store = CertStore::empty();
        assert_eq!(store.add(&region, &partition, SignatureKind::Rsa, certificate), Ok(()));
        assert_eq!(store.get(&region, SignatureKind::Rsa).unwrap().der(), der);
        assert_eq!(store.get(&region, SignatureKind::Rsa2048).map(|slot| slot.kind()), None);
        assert_eq!(store.kinds(&region), [SignatureKind::Rsa]);
        assert_eq!(store.regions(), std::slice::from_ref(&region));
        assert_eq!(store.partition(&region), Some(partition.clone()));
    }
}

#[test]
fn a_der_certificate_may_hold_five_hyphens() {
    let certificate = der(&pem("us-east-1/rsa"));
    let mut parts = elements(&certificate);
    let mut tbs = elements(parts[0]);
    let serial = integer(b"-----BEGIN ");
    tbs[1] = &serial;
    let tbs = sequence(&tbs);
    parts[0] = &tbs;
    let certificate = sequence(&parts);
    let mut store = CertStore::empty();
    store.add(&region("us-east-1"), &partition("aws"), SignatureKind::Rsa, &certificate).unwrap();
    assert_eq!(store.get(&region("us-east-1"), SignatureKind::Rsa).unwrap().der(), certificate);
}

#[test]
fn a_missing_slot_of_a_bundled_region_can_be_filled() {
    let mut store = CertStore::bundled();
    let region = region("ap-east-2");
    assert_eq!(store.add(&region, &partition("aws"), SignatureKind::Dsa, pem("us-east-1/dsa").as_bytes()), Ok(()));
    assert_eq!(store.kinds(&region), SignatureKind::ALL);
    assert_eq!((store.regions().len(), store.certificates().count()), (39, 115));
    assert_eq!(CertStore::bundled().kinds(&region), [SignatureKind::Rsa2048, SignatureKind::Rsa], "only this store has it");
}

#[test]
fn adding_the_certificate_that_a_slot_holds_changes_nothing() {
    let mut store = CertStore::bundled();
    let before = state(&store);
    for _ in 0..2 {
        assert_eq!(store.add(&region("us-east-1"), &partition("aws"), SignatureKind::Rsa, pem("us-east-1/rsa").as_bytes()), Ok(()));
        assert_eq!(state(&store), before);
    }
}

#[test]
fn a_filled_slot_takes_another_certificate_only_by_replacing() {
    let (region, aws) = (region("us-east-1"), partition("aws"));
    let full = CertError::SlotFilled { region: region.clone(), kind: SignatureKind::Rsa };
    // Another certificate over the same key is another certificate.
    for other in ["us-west-2/rsa", "af-south-1/rsa"] {
        let mut store = CertStore::bundled();
        let before = state(&store);
        let other = pem(other);
        assert_eq!(store.add(&region, &aws, SignatureKind::Rsa, other.as_bytes()), Err(full.clone()));
        assert_eq!(state(&store), before);

        assert_eq!(store.replace(&region, &aws, SignatureKind::Rsa, other.as_bytes()), Ok(()));
        assert_eq!(store.get(&region, SignatureKind::Rsa).unwrap().der(), der(&other));
        assert_eq!(store.kinds(&region), SignatureKind::ALL);
        assert_eq!((store.regions().len(), store.certificates().count()), (39, 114));
        assert_eq!(store.add(&region, &aws, SignatureKind::Rsa, pem("us-east-1/rsa").as_bytes()), Err(full.clone()));
        assert_eq!(store.replace(&region, &aws, SignatureKind::Rsa, pem("us-east-1/rsa").as_bytes()), Ok(()));
        assert_eq!(state(&store), before);
    }
}

#[test]
fn a_region_has_one_partition() {
    let aws = region("us-east-1");
    let mismatch = CertError::PartitionMismatch { region: aws.clone(), known: partition("aws") };
    let mut store = CertStore::bundled();
    let before = state(&store);
    let (same, other) = (pem("us-east-1/rsa"), pem("us-west-2/rsa"));
    assert_eq!(store.add(&aws, &partition("aws-cn"), SignatureKind::Rsa, same.as_bytes()), Err(mismatch.clone()));
    assert_eq!(store.replace(&aws, &partition("aws-cn"), SignatureKind::Rsa, same.as_bytes()), Err(mismatch.clone()));
    assert_eq!(store.replace(&aws, &partition("aws-cn"), SignatureKind::Rsa, other.as_bytes()), Err(mismatch));
    assert_eq!(state(&store), before);

    let local = region("test-local-1");
    let mismatch = CertError::PartitionMismatch { region: local.clone(), known: partition("aws-test") };
    assert_eq!(store.add(&local, &partition("aws-test"), SignatureKind::Rsa, same.as_bytes()), Ok(()));
    let before = state(&store);
    let rsa2048 = pem("us-east-1/rsa2048");
    assert_eq!(store.add(&local, &partition("aws"), SignatureKind::Rsa2048, rsa2048.as_bytes()), Err(mismatch));
    assert_eq!(state(&store), before);
}

#[test]
fn two_slots_of_a_region_have_no_common_issuer_and_serial_number() {
    let (region, cn) = (region("test-local-1"), partition("aws-cn"));
    let (rsa2048, dsa) = (der(&pem("cn-north-1/rsa2048")), der(&pem("cn-north-1/dsa")));
    // As in the China regions, slot `dsa` holds RSA-2048. Another key under the same name is no better.
    let renamed = with_key(&rsa2048, &crate::tlv::key_of(&dsa));
    for same_signer in [&rsa2048, &renamed] {
        let mut store = CertStore::empty();
        assert_eq!(store.add(&region, &cn, SignatureKind::Rsa2048, &rsa2048), Ok(()));
        let before = state(&store);
        let error = CertError::SameSigner { region: region.clone(), kind: SignatureKind::Rsa2048 };
        assert_eq!(store.add(&region, &cn, SignatureKind::Dsa, same_signer), Err(error.clone()));
        assert_eq!(store.replace(&region, &cn, SignatureKind::Dsa, same_signer), Err(error));
        assert_eq!(state(&store), before);
        assert_eq!(store.add(&region, &cn, SignatureKind::Dsa, &dsa), Ok(()));
    }

    let mut store = CertStore::bundled();
    let before = state(&store);
    let error = CertError::SameSigner { region: crate::region("cn-north-1"), kind: SignatureKind::Rsa2048 };
    assert_eq!(store.replace(&crate::region("cn-north-1"), &cn, SignatureKind::Dsa, &rsa2048), Err(error));
    assert_eq!(state(&store), before);
}

#[test]
fn a_certificate_may_stand_in_several_regions() {
    let mut store = CertStore::bundled();
    assert_eq!(store.add(&region("test-local-1"), &partition("aws"), SignatureKind::Rsa2048, pem("us-east-1/rsa2048").as_bytes()), Ok(()));
}

#[test]
fn a_key_of_another_slot_does_not_fit() {
    use SignatureKind::{Dsa, Rsa, Rsa2048};
    for (slot, kinds) in [("us-east-1/rsa", [Rsa2048, Dsa]), ("us-east-1/dsa", [Rsa2048, Rsa])] {
        for kind in kinds {
            assert_refused(kind, pem(slot).as_bytes(), &CertError::KeyDoesNotFit { kind });
        }
    }
    for slot in ["us-east-1/rsa2048", "cn-north-1/dsa"] {
        assert_refused(Rsa, pem(slot).as_bytes(), &CertError::KeyDoesNotFit { kind: Rsa });
    }
}

#[test]
fn what_is_not_one_certificate_in_der_is_refused() {
    let der = der(&pem("us-east-1/rsa"));
    let body = crate::tlv::contents(&der);
    let base64 = pem("us-east-1/rsa").lines().filter(|line| !line.starts_with('-')).collect::<String>();
    assert_eq!(der[..2], [0x30, 0x82]);
    for (what, bytes) in [
        ("nothing", vec![]),
        ("garbage", b"garbage".to_vec()),
        ("white space", b" \n".to_vec()),
        ("truncated", der[..der.len() - 1].to_vec()),
        ("one byte more", [&der[..], &[0]].concat()),
        ("two certificates", der.repeat(2)),
        ("a length that is not minimal", [&[0x30, 0x83, 0], &der[2..]].concat()),
        ("an indefinite length", [&[0x30, 0x80], body, &[0, 0]].concat()),
        ("no signature", sequence(&elements(&der)[..2])),
        ("a fourth part", sequence(&[body, &[0x05, 0x00]])),
        ("base64 without PEM lines", base64.into_bytes()),
        ("a deep nest", [0x30, 0x80].repeat(8192)),
        ("as long as the limit", vec![0x30; 16 * 1024]),
    ] {
        let mut store = CertStore::empty();
        let added = store.add(&region("us-east-1"), &partition("aws"), SignatureKind::Rsa, &bytes);
        assert_eq!(added, Err(CertError::NotACertificate), "{what}");
        assert_refused(SignatureKind::Rsa, &bytes, &CertError::NotACertificate);
    }
}

#[test]
fn what_is_not_one_pem_certificate_is_refused_with_the_offset() {
    let pem = pem("us-east-1/rsa");
    let last = pem.rfind("-----END").unwrap();
    let error = |reason, at| CertError::InvalidPem { reason, at };
    for (text, error) in [
        (pem.repeat(2), error(PemReason::SecondBlock, pem.len())),
        (pem.replace("CERTIFICATE", "X509 CERTIFICATE"), error(PemReason::Label, 11)),
        (pem.replace("CERTIFICATE", "PUBLIC KEY"), error(PemReason::Label, 11)),
        (format!("Subject: AWS\n{pem}"), error(PemReason::Outside, 0)),
        (format!("{pem}end\n"), error(PemReason::Outside, pem.len())),
        (pem[..last].to_owned(), error(PemReason::End, last)),
        (pem[..pem.len() - 2].to_owned(), error(PemReason::End, last)),
        (pem.replace("END CERTIFICATE", "END X"), error(PemReason::End, last)),
        (pem.replacen("MII", "M*I", 1), CertError::InvalidBase64 { at: 29 }),
        // Of padding of the wrong length, the first character is reported.
        (pem.replacen("==\n-----END", "===\n-----END", 1), CertError::InvalidBase64 { at: last - 3 }),
        (pem.replacen("CERTIFICATE-----\nM", "CERTIFICATE-----\n", 1), CertError::InvalidBase64 { at: last - 4 }),
    ] {
        assert_refused(SignatureKind::Rsa, text.as_bytes(), &error);
    }
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    assert_refused(SignatureKind::Rsa, empty.as_bytes(), &CertError::NotACertificate);
}

#[test]
fn a_certificate_longer_than_the_limit_is_refused_unread() {
    let pem = pem("us-east-1/rsa");
    let padded = |length: usize| pem.clone() + &"\n".repeat(length - pem.len());
    let limit = 16 * 1024;
    let mut store = CertStore::empty();
    let region = region("us-east-1");
    assert_eq!(store.add(&region, &partition("aws"), SignatureKind::Rsa, padded(limit).as_bytes()), Ok(()));
    assert_refused(SignatureKind::Rsa, padded(limit + 1).as_bytes(), &CertError::TooLarge { limit });
    assert_refused(SignatureKind::Rsa, &vec![0; 10_000_000], &CertError::TooLarge { limit });
}

#[test]
fn every_refusal_is_said_in_words() {
    let (region, kind) = (region("us-east-1"), SignatureKind::Dsa);
    for (error, words) in [
        (CertError::Exponent, "the RSA exponent is not 65537"),
        (CertError::InvalidBase64 { at: 7 }, "the PEM block is not base64 at byte 7"),
        (
            CertError::InvalidPem { reason: PemReason::Label, at: 7 },
            "the text is not one PEM certificate: the label is another one at byte 7",
        ),
        (CertError::KeyDoesNotFit { kind }, "the key does not fit slot dsa: expected DSA-1024 with q of 160 bits, or RSA-2048"),
        (CertError::KeyParameters, "the key's parameters are not valid"),
        (CertError::NotACertificate, "neither a PEM certificate nor an X.509 certificate in DER"),
        (CertError::PartitionMismatch { region: region.clone(), known: partition("aws") }, "us-east-1 belongs to partition aws"),
        (
            CertError::SameSigner { region: region.clone(), kind },
            "slot dsa of us-east-1 holds a certificate with the same issuer and serial number",
        ),
        (CertError::SlotFilled { region, kind }, "slot dsa of us-east-1 holds another certificate"),
        (CertError::TooLarge { limit: 7 }, "a certificate of more than 7 bytes"),
    ] {
        assert_eq!(error.to_string(), words);
    }
}

#[test]
fn debug_says_which_certificates_they_are() {
    let mut store = CertStore::empty();
    assert_eq!(format!("{store:?}"), "CertStore { bundled_regions: 0, added: {} }");
    store.add(&region("us-east-1"), &partition("aws"), SignatureKind::Rsa, pem("us-east-1/rsa").as_bytes()).unwrap();
    let slot = store.get(&region("us-east-1"), SignatureKind::Rsa).unwrap();
    let shown =
        format!("PinnedCertificate {{ region: {:?}, kind: Rsa, fingerprint: \"{}\", .. }}", region("us-east-1"), slot.fingerprint_hex());
    assert_eq!(format!("{slot:?}"), shown);
}
