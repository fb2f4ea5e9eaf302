//! The corpus's own certificates, and certificates that are not loaded.

use instance_identity::SignatureKind;
use instance_identity::testkit::{Authority, Element, TestCertificate, TestKey, served};

use crate::value::{
    DSA, INTEGER, RSA2048, SEQUENCE, algorithm, algorithm_null, authority, authority_of, difference, integer, leaf, node, null, oid, raw,
    sum, text, value,
};
use crate::vector::Corpus;

const RSA_KEY: &str = "1.2.840.113549.1.1.1";
const DSA_KEY: &str = "1.2.840.10040.4.1";

/// The files below `certs/`.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let china = Authority::new("test-china-1".parse().unwrap(), "aws-cn".parse().unwrap()).in_china_shape();
    let mut files = Vec::new();
    for authority in [authority(), authority_of("test-local-2"), china, authority_of("test-nodsa-1"), authority_of("test-expired-1")] {
        let region = authority.region();
        files.push((format!("{region}/partition"), format!("{}\n", authority.partition()).into_bytes()));
        for kind in SignatureKind::ALL {
            if region.as_str() == "test-nodsa-1" && kind == DSA {
                continue;
            }
            let certificate = authority.certificate(kind);
            let pem = if region.as_str() == "test-expired-1" { pem(&expired(&certificate)) } else { certificate.pem() };
            files.push((format!("{region}/{kind}.pem"), pem.into_bytes()));
        }
    }
    files
}

/// The certificate, valid in 2001. Its own signature is no longer right, which decides nothing.
fn expired(certificate: &TestCertificate) -> Element {
    let mut element = certificate.element();
    *element.at_mut(&[0, 4]) = node(SEQUENCE, vec![leaf(0x17, *b"010101000000Z"), leaf(0x17, *b"011231235959Z")]);
    element
}

fn pem(certificate: &Element) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", text(certificate))
}

/// The certificate of the RSA-2048 key with another key in it.
fn with_key(algorithm: Element, key: &Element) -> String {
    let mut certificate = authority().certificate(RSA2048).element();
    let key = leaf(0x03, [&[0], key.encode().as_slice()].concat());
    *certificate.at_mut(&[0, 6]) = node(SEQUENCE, vec![algorithm, key]);
    pem(&certificate)
}

fn with_rsa(modulus: &[u8], exponent: &[u8]) -> String {
    with_key(algorithm_null(RSA_KEY), &node(SEQUENCE, vec![integer(modulus), integer(exponent)]))
}

fn with_dsa(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> String {
    let parameters = node(SEQUENCE, vec![integer(p), integer(q), integer(g)]);
    with_key(node(SEQUENCE, vec![oid(DSA_KEY), parameters]), &integer(y))
}

pub(crate) fn add(to: &mut Corpus) {
    slots(to);
    rsa(to);
    dsa(to);
    forms(to);
}

fn slots(to: &mut Corpus) {
    const FIT: &str = "key_does_not_fit";
    for (slot, of, expect) in [
        ("rsa2048", SignatureKind::Rsa2048, "accepted"),
        ("dsa", SignatureKind::Dsa, "accepted"),
        ("rsa", SignatureKind::Rsa, "accepted"),
        ("dsa", SignatureKind::Rsa2048, "accepted"),
        ("dsa", SignatureKind::Rsa, FIT),
        ("rsa", SignatureKind::Rsa2048, FIT),
        ("rsa", SignatureKind::Dsa, FIT),
        ("rsa2048", SignatureKind::Rsa, FIT),
        ("rsa2048", SignatureKind::Dsa, FIT),
    ] {
        let comment = "a key in this slot; RSA-2048 in slot dsa is the China shape";
        let name = format!("region-wrong-slot.{of}-in-{slot}");
        to.add(&name, expect, comment, authority().certificate(of).pem()).kind(&format!("certificate {slot}"));
    }
    let key = node(SEQUENCE, vec![integer(&TestKey::Rsa2048.integer("n")), integer(&[1, 0, 1])]);
    for (variant, named) in [
        ("ec", node(SEQUENCE, vec![oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")])),
        ("ed25519", algorithm("1.3.101.112")),
        ("pss", algorithm("1.2.840.113549.1.1.10")),
    ] {
        let name = format!("region-other-key.{variant}");
        to.add(&name, FIT, "a key named for another algorithm", with_key(named, &key)).kind("certificate rsa2048");
    }
}

fn rsa(to: &mut Corpus) {
    let mut add = |name: &str, slot: &str, expect: &str, comment: &str, certificate: String| {
        to.add(name, expect, comment, certificate).kind(&format!("certificate {slot}"));
    };
    for (slot, octets) in [("rsa2048", [128_usize, 255, 257, 384]), ("rsa", [64, 127, 129, 256])] {
        for octets in octets {
            let name = format!("rsa-modulus.{slot}-{octets}");
            add(&name, slot, "key_does_not_fit", "a modulus of so many octets", with_rsa(&vec![0xc1; octets], &[1, 0, 1]));
        }
    }
    let short = "one bit less than the octets have room for";
    add("rsa-modulus.2047-bits", "rsa2048", "key_parameters", short, with_rsa(&[0x7f; 256], &[1, 0, 1]));
    add("rsa-modulus.1023-bits", "rsa", "key_parameters", short, with_rsa(&[0x7f; 128], &[1, 0, 1]));
    let modulus = TestKey::Rsa2048.integer("n");
    let even = difference(&modulus, &[1]);
    add("rsa-modulus.even", "rsa2048", "key_parameters", "an even modulus", with_rsa(&even, &[1, 0, 1]));
    for (variant, exponent) in [
        ("0", &[0][..]),
        ("1", &[1]),
        ("2", &[2]),
        ("3", &[3]),
        ("17", &[17]),
        ("65535", &[0xff, 0xff]),
        ("65536", &[1, 0, 0]),
        ("65539", &[1, 0, 3]),
        ("2-to-32-plus-1", &[1, 0, 0, 0, 1]),
    ] {
        add(&format!("rsa-exponent.{variant}"), "rsa2048", "exponent", "the exponent is 65537", with_rsa(&modulus, exponent));
    }
}

fn dsa(to: &mut Corpus) {
    let of = |name| TestKey::Dsa1024.integer(name);
    let (p, q, g, y) = (of("p"), of("q"), of("g"), of("y"));
    let minus_one = difference(&p, &[1]);
    let plus = |integer: &[u8], more: u8| sum(integer, &[more]).unwrap();
    for (name, certificate) in [
        ("p.even", with_dsa(&minus_one, &q, &g, &y)),
        ("p.composite", with_dsa(&plus(&p, 2), &q, &g, &y)),
        ("p.ones", with_dsa(&[0xff; 128], &q, &g, &y)),
        ("q.even", with_dsa(&p, &plus(&q, 1), &g, &y)),
        ("q.composite", with_dsa(&p, &plus(&q, 2), &g, &y)),
        ("q.ones", with_dsa(&p, &[0xff; 20], &g, &y)),
        ("g.0", with_dsa(&p, &q, &[0], &y)),
        ("g.1", with_dsa(&p, &q, &[1], &y)),
        ("g.2", with_dsa(&p, &q, &[2], &y)),
        ("g.p-minus-1", with_dsa(&p, &q, &minus_one, &y)),
        ("g.p", with_dsa(&p, &q, &p, &y)),
        ("g.long", with_dsa(&p, &q, &[1; 129], &y)),
        ("y.0", with_dsa(&p, &q, &g, &[0])),
        ("y.1", with_dsa(&p, &q, &g, &[1])),
        ("y.2", with_dsa(&p, &q, &g, &[2])),
        ("y.p-minus-1", with_dsa(&p, &q, &g, &minus_one)),
        ("y.p", with_dsa(&p, &q, &g, &p)),
        ("y.long", with_dsa(&p, &q, &g, &[1; 129])),
    ] {
        let name = format!("dsa-certificate-{name}");
        to.add(&name, "key_parameters", "bad DSA parameters or key", certificate).kind("certificate dsa");
    }
    for (variant, p, q) in [
        ("p-2048", &[0xc1; 256][..], q.as_slice()),
        ("p-512", &[0xc1; 64], &q),
        ("p-12000", &[0xc1; 1500], &q),
        ("p-1016", &p[..127], &q),
        ("p-1023", &[0x7f; 128], &q),
        ("q-224", &p, &[0xc1; 28]),
        ("q-152", &p, &q[..19]),
        ("q-159", &p, &[0x7f; 20]),
        ("q-3", &p, &[3]),
    ] {
        let name = format!("dsa-certificate-size.{variant}");
        to.add(&name, "key_does_not_fit", "p has 1024 bits and q 160", with_dsa(p, q, &g, &y)).kind("certificate dsa");
    }
    for (variant, named) in [("absent", algorithm(DSA_KEY)), ("null", node(SEQUENCE, vec![oid(DSA_KEY), null()]))] {
        let name = format!("dsa-certificate-inherited.{variant}");
        to.add(&name, "key_does_not_fit", "no parameters: inherited", with_key(named, &integer(&y))).kind("certificate dsa");
    }
}

fn forms(to: &mut Corpus) {
    let mut add = |name: &str, expect: &str, comment: &str, body: Vec<u8>, at: Option<usize>| {
        let vector = to.add(name, expect, comment, body).kind("certificate rsa2048");
        at.map(|at| vector.at(at));
    };
    let certificate = authority().certificate(RSA2048);
    let (der, block) = (certificate.der(), certificate.pem());
    let no = "not_a_certificate";
    add("region-not-certificate.empty", no, "nothing", vec![], None);
    add("region-not-certificate.cut", no, "one byte short", der[..der.len() - 1].to_vec(), None);
    add("region-not-certificate.trailing", no, "one byte more", [der.as_slice(), &[0]].concat(), None);
    add("region-not-certificate.twice", no, "two certificates", [der.as_slice(), &der].concat(), None);
    add("region-not-certificate.base64", no, "base64 without PEM lines", served(&der).into_bytes(), None);
    add("region-not-certificate.cms", no, "a CMS value", value(RSA2048).encode(), None);
    let negative = node(SEQUENCE, vec![leaf(INTEGER, TestKey::Rsa2048.integer("n")), integer(&[1, 0, 1])]);
    let negative = with_key(algorithm_null(RSA_KEY), &negative);
    add("region-not-certificate.negative", no, "a negative modulus", negative.into_bytes(), None);
    for (variant, path) in [("outer", &[][..]), ("tbs", &[0]), ("serial", &[0, 1]), ("issuer", &[0, 3]), ("key", &[0, 6])] {
        let mut element = certificate.element();
        element.at_mut(path).length = instance_identity::testkit::Length::Long(4);
        add(&format!("region-not-certificate.ber-{variant}"), no, "a length longer than it need be", element.encode(), None);
    }
    let nested = raw(&[0x30, 0x80].repeat(4000)).encode();
    add("region-not-certificate.nested", no, "4000 levels", nested, None);
    add("region-not-certificate.large", "too_large", "one byte over 16 KiB", vec![0x30; 16 * 1024 + 1], None);

    let label = "invalid_pem label";
    let outside = "invalid_pem outside";
    let mut add = |name: &str, expect: &str, comment: &str, body: String, at: usize| {
        to.add(name, expect, comment, body).kind("certificate rsa2048").at(at);
    };
    add("region-certificate-pem.pkcs7", label, "label PKCS7", block.replace("CERTIFICATE", "PKCS7"), 11);
    add("region-certificate-pem.key", label, "label PRIVATE KEY", block.replace("CERTIFICATE", "PRIVATE KEY"), 11);
    add("region-certificate-pem.twice", "invalid_pem second_block", "two blocks", format!("{block}{block}"), block.len());
    add("region-certificate-pem.after", outside, "text after", format!("{block}x"), block.len());
    add("region-certificate-pem.before", outside, "text before", format!("x{block}"), 0);
    add("region-certificate-pem.base64", "invalid_base64", "not base64", block.replacen("MI", "M*", 1), 29);
}
