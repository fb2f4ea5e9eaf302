//! Keys that a store refuses: certificates of AWS with other keys in them.

use instance_identity::{CertError, CertStore, SignatureKind};

use crate::store::assert_refused;
use crate::tlv::{bit_string, contents, elements, integer, key_of, sequence, tlv, with_key};
use crate::{der, partition, pem, region};

/// A DSA key: big-endian numbers.
#[derive(Clone)]
struct Dsa {
    p: Vec<u8>,
    q: Vec<u8>,
    g: Vec<u8>,
    y: Vec<u8>,
}

impl Dsa {
    /// The key of 19 regions.
    fn of_aws() -> Self {
        let key = key_of(&der(&pem("us-east-1/dsa")));
        let parameters = elements(elements(elements(&key)[0])[1]).into_iter().map(|number| contents(number).to_vec());
        let [p, q, g] = parameters.collect::<Vec<_>>().try_into().unwrap();
        Self { p, q, g, y: contents(&contents(elements(&key)[1])[1..]).to_vec() }
    }

    /// A certificate of this key.
    fn certificate(&self) -> Vec<u8> {
        let parameters = sequence(&[&integer(&self.p), &integer(&self.q), &integer(&self.g)]);
        dsa_certificate(&parameters, &integer(&self.y))
    }

    #[track_caller]
    fn assert_refused(&self, error: &CertError) {
        assert_refused(SignatureKind::Dsa, &self.certificate(), error);
    }
}

/// RFC 3279 §2.3.2.
fn dsa_certificate(parameters: &[u8], y: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[DSA, parameters]);
    with_key(&der(&pem("us-east-1/dsa")), &sequence(&[&algorithm, &bit_string(y)]))
}

/// RFC 3279 §2.3.1.
fn rsa_certificate(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[RSA_ENCRYPTION, NULL]);
    let key = sequence(&[&integer(modulus), &integer(exponent)]);
    with_key(&der(&pem("us-east-1/rsa")), &sequence(&[&algorithm, &bit_string(&key)]))
}

/// The modulus of an RSA certificate.
fn modulus(slot: &str) -> Vec<u8> {
    let key = key_of(&der(&pem(slot)));
    contents(elements(&contents(elements(&key)[1])[1..])[0]).to_vec()
}

#[track_caller]
fn assert_added(kind: SignatureKind, certificate: &[u8]) {
    let mut store = CertStore::empty();
    assert_eq!(store.add(&region("us-east-1"), &partition("aws"), kind, certificate), Ok(()));
}

fn number(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// `number` plus `summand`, which carries no further than the last byte.
fn plus(number: &[u8], summand: i8) -> Vec<u8> {
    let (last, rest) = number.split_last().unwrap();
    [rest, &[last.checked_add_signed(summand).unwrap()]].concat()
}

#[test]
fn an_rsa_key_has_the_exponent_65537() {
    let n = modulus("us-east-1/rsa");
    assert_added(SignatureKind::Rsa, &rsa_certificate(&n, &[1, 0, 1]));
    let huge = vec![0xff; 8000];
    for exponent in
        [&[3][..], &[0], &[1], &[2], &[17], &[1, 0, 0], &[1, 0, 3], &[1, 0, 1, 0], &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1], &n, &huge]
    {
        assert_refused(SignatureKind::Rsa, &rsa_certificate(&n, exponent), &CertError::Exponent);
    }
}

#[test]
fn an_rsa_modulus_is_odd() {
    for (slot, kind) in [("us-east-1/rsa", SignatureKind::Rsa), ("us-east-1/rsa2048", SignatureKind::Rsa2048)] {
        let n = modulus(slot);
        assert_added(kind, &rsa_certificate(&n, &[1, 0, 1]));
        assert_refused(kind, &rsa_certificate(&plus(&n, -1), &[1, 0, 1]), &CertError::KeyParameters);
    }
}

#[test]
fn an_rsa_modulus_has_all_bits_of_its_size() {
    let n = contents(&integer(&modulus("us-east-1/rsa")))[1..].to_vec();
    assert_eq!((n.len(), n[0] >= 0x80), (128, true));
    let short = [&[0x7f], &n[1..]].concat();
    assert_refused(SignatureKind::Rsa, &rsa_certificate(&short, &[1, 0, 1]), &CertError::KeyParameters);
    let does_not_fit = CertError::KeyDoesNotFit { kind: SignatureKind::Rsa };
    for modulus in
        [&[0][..], &[1], &[0xff; 64], &n[1..], &[&[1], &n[..]].concat(), &[0xff; 192], &[0xff; 256], &[0xff; 512], &[0xff; 15_000]]
    {
        assert_refused(SignatureKind::Rsa, &rsa_certificate(modulus, &[1, 0, 1]), &does_not_fit);
    }
}

#[test]
fn a_negative_number_is_no_key() {
    let n = tlv(0x02, &contents(&integer(&modulus("us-east-1/rsa")))[1..]);
    let algorithm = sequence(&[RSA_ENCRYPTION, NULL]);
    let key = sequence(&[&algorithm, &bit_string(&sequence(&[&n, &integer(&[1, 0, 1])]))]);
    assert_refused(SignatureKind::Rsa, &with_key(&der(&pem("us-east-1/rsa")), &key), &CertError::NotACertificate);
    let dsa = Dsa::of_aws();
    let parameters = sequence(&[&tlv(0x02, &dsa.p[1..]), &integer(&dsa.q), &integer(&dsa.g)]);
    assert_refused(SignatureKind::Dsa, &dsa_certificate(&parameters, &integer(&dsa.y)), &CertError::NotACertificate);
}

#[test]
fn a_key_of_an_unknown_algorithm_does_not_fit() {
    let key = sequence(&[&sequence(&[ED25519]), &bit_string(&[7; 32])]);
    for kind in SignatureKind::ALL {
        assert_refused(kind, &with_key(&der(&pem("us-east-1/rsa")), &key), &CertError::KeyDoesNotFit { kind });
    }
}

#[test]
fn dsa_domain_parameters_stand_in_the_certificate() {
    let y = integer(&Dsa::of_aws().y);
    assert_added(SignatureKind::Dsa, &Dsa::of_aws().certificate());
    for inherited in [&[][..], NULL] {
        assert_refused(SignatureKind::Dsa, &dsa_certificate(inherited, &y), &CertError::KeyDoesNotFit { kind: SignatureKind::Dsa });
    }
    let dsa = Dsa::of_aws();
    let (p, q, g) = (integer(&dsa.p), integer(&dsa.q), integer(&dsa.g));
    for parameters in [sequence(&[]), sequence(&[&p]), sequence(&[&p, &q]), sequence(&[&p, &q, &g, &g])] {
        assert_refused(SignatureKind::Dsa, &dsa_certificate(&parameters, &y), &CertError::NotACertificate);
    }
}

#[test]
fn a_dsa_key_has_p_of_1024_and_q_of_160_bits() {
    let aws = Dsa::of_aws();
    let does_not_fit = CertError::KeyDoesNotFit { kind: SignatureKind::Dsa };
    let (p, q) = (&aws.p[1..], &aws.q[1..]);
    assert_eq!((p.len(), q.len()), (128, 20));
    let huge = vec![0xff; 12_000];
    for p in [&[0][..], &[1], &[3], &[&[0x7f], &p[1..]].concat(), &[&[1], p].concat(), &[0xff; 256], &[p, p].concat(), &huge] {
        Dsa { p: p.to_vec(), ..aws.clone() }.assert_refused(&does_not_fit);
    }
    for q in [&[0][..], &[1], &[3], &[&[0x7f], &q[1..]].concat(), &[&[1], q].concat(), &[0xff; 32], &huge] {
        Dsa { q: q.to_vec(), ..aws.clone() }.assert_refused(&does_not_fit);
    }
}

#[test]
fn p_and_q_of_a_dsa_key_are_prime() {
    let aws = Dsa::of_aws();
    for (p, q) in [(plus(&aws.p, -1), aws.q.clone()), (plus(&aws.p, 2), aws.q.clone())] {
        Dsa { p, q, ..aws.clone() }.assert_refused(&CertError::KeyParameters);
    }
    for q in [plus(&aws.q, -1), plus(&aws.q, 2)] {
        Dsa { q, ..aws.clone() }.assert_refused(&CertError::KeyParameters);
    }
    // All is right with these but for the one number: the other is prime, q divides p - 1, and g, which is y too, has the order q.
    let g = number(G_OF_COMPOSITE_P);
    Dsa { p: number(P_COMPOSITE), q: number(Q_OF_COMPOSITE_P), g: g.clone(), y: g }.assert_refused(&CertError::KeyParameters);
    let g = number(G_OF_COMPOSITE_Q);
    Dsa { p: number(P_OF_COMPOSITE_Q), q: number(Q_COMPOSITE), g: g.clone(), y: g }.assert_refused(&CertError::KeyParameters);
}

#[test]
fn q_of_a_dsa_key_divides_p_minus_one() {
    // Primes of other keys. No number but 1 has such an order modulo p, so g and y are wrong as well.
    let aws = Dsa::of_aws();
    Dsa { q: number(Q_OF_COMPOSITE_P), ..aws.clone() }.assert_refused(&CertError::KeyParameters);
    Dsa { p: number(P_OF_COMPOSITE_Q), ..aws }.assert_refused(&CertError::KeyParameters);
}

#[test]
fn g_and_y_of_a_dsa_key_have_the_order_q() {
    let aws = Dsa::of_aws();
    // The one thing asked of y is its order, which g has.
    assert_added(SignatureKind::Dsa, &Dsa { y: aws.g.clone(), ..aws.clone() }.certificate());
    assert_added(SignatureKind::Dsa, &Dsa { g: aws.y.clone(), ..aws.clone() }.certificate());

    let huge = vec![0xff; 7_000];
    let wrong =
        [vec![0], vec![1], vec![2], vec![3], aws.q.clone(), plus(&aws.p, -1), aws.p.clone(), plus(&aws.p, 1), vec![0xff; 128], huge];
    for element in wrong {
        Dsa { g: element.clone(), ..aws.clone() }.assert_refused(&CertError::KeyParameters);
        Dsa { y: element.clone(), ..aws.clone() }.assert_refused(&CertError::KeyParameters);
        Dsa { g: element.clone(), y: element, ..aws.clone() }.assert_refused(&CertError::KeyParameters);
    }
}

#[test]
fn numbers_as_long_as_a_certificate_may_be_are_refused() {
    let long = vec![0xff; 3_500];
    let dsa = Dsa { p: long.clone(), q: long.clone(), g: long.clone(), y: long.clone() };
    dsa.assert_refused(&CertError::KeyDoesNotFit { kind: SignatureKind::Dsa });
    assert_refused(SignatureKind::Rsa, &rsa_certificate(&long, &long), &CertError::KeyDoesNotFit { kind: SignatureKind::Rsa });
}

/// 1.2.840.10040.4.1
const DSA: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
/// 1.3.101.112
const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
const NULL: &[u8] = &[0x05, 0x00];
/// 1.2.840.113549.1.1.1
const RSA_ENCRYPTION: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

// Made for this test: the product of two primes of 80 bits, a prime of 1024 bits that is 1 modulo the product, and a number of that order.
const Q_COMPOSITE: &str = "c6b130305f9bb9478e89b2d4befb6a3cf512e8df";
const P_OF_COMPOSITE_Q: &str = "\
    cc44069b5b9b1ba0e9a3480b286c3399575dade42a9a412197e7335a57a4096aa091b98bdaa49684e47cd31404efa944\
    5f138072ec51810ff219d78438d9d1d652f44db66fb8add7dfdd4db05d1fece8f7031be0387639f60f7101d620da5677\
    eca8f7744d9401c35bf26726a30e501d64eccc9dd6d94e1026e44fecd85b60e9";
const G_OF_COMPOSITE_Q: &str = "\
    0d77559584f3475f241a765d39f6bd65aa4e7c104435d9dc870df8d2928b69fa8c084a67cffcc2983c70c63142c5249c\
    c4e2cfa1149863ef259bccc6dde58c4e5c25a678f1fa898d12b048695c951a4f9cce298f1e43a33e485072f0edd36289\
    e2879b7bdecec542d0f37dc5543dd003aa993cf7fd01e76ecb908c0bd89fd048";

// Made for this test: a prime of 160 bits, the product of two primes of 512 bits that are 1 modulo it, and a number of that order.
const Q_OF_COMPOSITE_P: &str = "e9ea8524fd6fbdf861cc03247bbf96d4783ef6b1";
const P_COMPOSITE: &str = "\
    cfe87072f7ffc8ef9787e4b4594a775b8fcca13de125f5a5e772b609a25499996fffbb035fd84e7f2fab1eb74b935949\
    e2ca9f54a841e3a56e67dbae9fc48e00f7d0daa60a17358af1ed0affc3facfbba070dc5c1f69d67afed1fe687686dd19\
    d3171797b3c530d77828dc7313cd6b4937e9e9b68e0335ef667610de39875e29";
const G_OF_COMPOSITE_P: &str = "\
    07b0e659149ae6363c3a2c3a298efbb23101042e580707d585bef08613522789004e352819317a6fdaad497f7442384d\
    dce1b7c18e70be78a42112e9645658abd3f44b16354f6104b6446eb667adea73a2ff2b629dc307c5e48cc321f9d06a66\
    e32d2742ea9d1d5cb172f85ebab0fc6bf6c9773c19882fdf7f7c04522f5c9da0";
