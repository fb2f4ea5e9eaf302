//! SignerInfo: who signs, and by which algorithms.

use instance_identity::testkit::{Contents, Element, TestKey};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::rsa::padded;
use crate::value::{
    CMS_KINDS, DIGEST_ALGORITHM, DSA, DSA_WITH_SHA1, IDENTIFIER, INTEGER, OCTET_STRING, RSA_ENCRYPTION, RSA2048, SEQUENCE, SERIAL, SHA1,
    SHA256, SHA256_WITH_RSA, SIGNATURE, SIGNER_ALGORITHM, SIGNER_DIGEST, SIGNER_VERSION, algorithm, algorithm_null, attribute_of, changed,
    document, inside, integer, leaf, node, null, oid, other_document, over, sign, signed_octets, text, value, with_attributes,
    with_signature,
};
use crate::vector::Corpus;

const ALGORITHM: &str = "unsupported_cms algorithm";

pub(crate) fn add(to: &mut Corpus) {
    names(to);
    signatures(to);
    digests(to);
    agreeing(to);
    signature_algorithms(to);
    parameters(to);
}

fn names(to: &mut Corpus) {
    const UNKNOWN: &str = "unknown_signer";
    for version in [3, 1] {
        let value = changed(RSA2048, |value| {
            *value.at_mut(SIGNER_VERSION) = leaf(INTEGER, [version]);
            *value.at_mut(IDENTIFIER) = leaf(0x80, [0x5a; 20]);
        });
        let name = format!("cms-key-identifier.version-{version}");
        let expect = "unsupported_cms signer_identifier";
        to.add(&name, expect, "the signer is named by subjectKeyIdentifier", text(&value)).at(value.offset(IDENTIFIER));
    }
    let flip = |value: &mut Element| {
        let mut serial = value.at(SERIAL).inside();
        *serial.last_mut().unwrap() ^= 1;
        *value.at_mut(SERIAL) = leaf(INTEGER, serial);
    };
    for (kind, _) in CMS_KINDS {
        let value = text(&changed(kind, flip));
        to.add(&format!("cms-serial-unknown.{kind}"), UNKNOWN, "a serial number that nobody has", value.clone());
        to.add(&format!("cms-serial-unknown.{kind}-elsewhere"), UNKNOWN, "the same, and the content names a known region", value)
            .region("test-local-2")
            .hint("the document says that it is of test-local-1 (unverified): verify it as a document of that region");
    }
    let serial = value(RSA2048).at(SERIAL).inside();
    for (variant, other) in [
        ("without-zero", serial[1..].to_vec()),
        ("two-zeros", [&[0], serial.as_slice()].concat()),
        ("cut", serial[..8].to_vec()),
        ("empty", vec![]),
    ] {
        let value = changed(RSA2048, |value| *value.at_mut(SERIAL) = leaf(INTEGER, other));
        to.add(&format!("cms-serial-encoding.{variant}"), UNKNOWN, "the serial number with other octets", text(&value));
    }
    let issuer = inside(IDENTIFIER, &[0]);
    let mut add = |variant: &str, comment: &str, change: &dyn Fn(&mut Element)| {
        let value = changed(RSA2048, |value| change(value.at_mut(&issuer)));
        to.add(&format!("cms-issuer.{variant}"), UNKNOWN, comment, text(&value));
    };
    add("utf8", "the same name as UTF8String", &|name| name.at_mut(&[3, 0, 1]).tag = 0x0c);
    add("capitals", "in other capitals", &|name| *name.at_mut(&[3, 0, 1]) = leaf(0x13, *b"WORTHLESS TEST KEYS LTD"));
    add("shorter", "without its last part", &|name| drop(name.elements_mut().pop()));
    add("order", "in another order", &|name| name.elements_mut().reverse());
    add("empty", "no name", &|name| name.elements_mut().clear());
}

fn signatures(to: &mut Corpus) {
    const INVALID: &str = "signature_invalid";
    for (kind, _) in CMS_KINDS {
        let mut add = |variant: &str, comment: &str, signature: Vec<u8>| {
            let value = with_signature(kind, signature);
            to.add(&format!("cms-other-signature.{kind}-{variant}"), INVALID, comment, text(&value));
        };
        add("empty", "an empty signature", Vec::new());
        add("other-value", "the signature of another value", over(kind, &other_document()).at(SIGNATURE).inside());
        let signed = signed_octets(&value(kind));
        add("rsa1024", "by the key of slot rsa", TestKey::Rsa1024.sign(&signed));
        let other = if kind == RSA2048 { TestKey::Dsa1024 } else { TestKey::Rsa2048 };
        add("other-slot", "by the key of the other CMS slot", other.sign(&signed));
        add("china", "by an RSA-2048 key of another region", TestKey::Rsa2048China.sign(&signed));
    }
    let document = document();
    to.add("rsa-2048-bare", INVALID, "RSA-2048 where /signature is RSA-1024", {
        instance_identity::testkit::served(&TestKey::Rsa2048.sign(&document))
    })
    .document(&document);
    let mut value = value(RSA2048);
    *value.at_mut(IDENTIFIER) = crate::value::identifier(&crate::value::authority(), instance_identity::SignatureKind::Rsa);
    sign(&mut value, TestKey::Rsa1024);
    to.add("rsa-1024-cms", "unknown_signer", "a value of the key of slot rsa, under its name", text(&value));
    let mut value = crate::value::value(RSA2048);
    sign(&mut value, TestKey::Rsa1024);
    to.add("rsa-1024-cms.named", INVALID, "a value of the key of slot rsa, under the name of slot rsa2048", text(&value));
}

fn digests(to: &mut Corpus) {
    for (clause, variant, rsa, dsa) in [
        ("cms-algorithm-md5", "", "1.2.840.113549.2.5", "1.2.840.113549.2.5"),
        ("cms-algorithm-sha224", "", "2.16.840.1.101.3.4.2.4", "2.16.840.1.101.3.4.2.4"),
        ("cms-algorithm-sha512", "-sha384", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.2"),
        ("cms-algorithm-sha512", "-sha512", "2.16.840.1.101.3.4.2.3", "2.16.840.1.101.3.4.2.3"),
        ("cms-algorithm-sha512", "-sha3", "2.16.840.1.101.3.4.2.8", "2.16.840.1.101.3.4.2.8"),
        ("cms-algorithm-swapped", "", SHA1, SHA256),
    ] {
        for (kind, digest) in [(RSA2048, rsa), (DSA, dsa)] {
            let value = changed(kind, |value| {
                *value.at_mut(DIGEST_ALGORITHM) = algorithm_null(digest);
                *value.at_mut(SIGNER_DIGEST) = algorithm_null(digest);
            });
            let at = value.offset(DIGEST_ALGORITHM);
            to.add(&format!("{clause}.{kind}{variant}"), ALGORITHM, "another digest than that of the key", text(&value)).at(at);
        }
    }
    for (kind, other) in [(RSA2048, SHA1), (DSA, SHA256)] {
        for (variant, path) in [("outside", DIGEST_ALGORITHM), ("signer", SIGNER_DIGEST)] {
            let value = changed(kind, |value| *value.at_mut(path) = algorithm_null(other));
            let name = format!("cms-algorithm-not-among.{kind}-{variant}");
            to.add(&name, ALGORITHM, "one of the two digest algorithms is another", text(&value)).at(value.offset(path));
        }
    }
}

/// All names agree, and the signature is right under them.
fn agreeing(to: &mut Corpus) {
    let document = document();
    let other_digest = |kind, digest: Vec<u8>| {
        with_attributes(kind, |attributes| {
            attributes[2] = attribute_of("1.2.840.113549.1.9.4", leaf(OCTET_STRING, digest.as_slice()));
        })
    };
    let rename = |value: &mut Element, digest: &str, signature: Element| {
        *value.at_mut(DIGEST_ALGORITHM) = algorithm_null(digest);
        *value.at_mut(SIGNER_DIGEST) = algorithm_null(digest);
        *value.at_mut(SIGNER_ALGORITHM) = signature;
    };
    let mut sha1 = other_digest(RSA2048, Sha1::digest(&document).to_vec());
    // RFC 8017 §9.2, note 1: the DigestInfo of SHA-1.
    let info = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
    let info = [info.as_slice(), &Sha1::digest(signed_octets(&sha1))].concat();
    sha1.at_mut(SIGNATURE).contents = Contents::Octets(TestKey::Rsa2048.sign_encoded(&padded(256, &info)));
    for (variant, name) in [("rsa-encryption", RSA_ENCRYPTION), ("sha1-with-rsa", "1.2.840.113549.1.1.5")] {
        rename(&mut sha1, SHA1, algorithm_null(name));
        let comment = "SHA-1 with RSA, all of it agreeing, the signature right";
        to.add(&format!("cms-sha1-rsa.{variant}"), ALGORITHM, comment, text(&sha1)).at(sha1.offset(DIGEST_ALGORITHM));
    }
    let mut sha256 = other_digest(DSA, Sha256::digest(&document).to_vec());
    // FIPS 186-4 §4.6: the leftmost 160 bits of the digest are signed.
    let (r, s) = TestKey::Dsa1024.sign_dsa(&Sha256::digest(signed_octets(&sha256))[..20]);
    let signature = node(SEQUENCE, vec![integer(&r), integer(&s)]).encode();
    sha256.at_mut(SIGNATURE).contents = Contents::Octets(signature);
    for (variant, name) in [("dsa-with-sha1", DSA_WITH_SHA1), ("dsa-with-sha256", "2.16.840.1.101.3.4.3.2")] {
        rename(&mut sha256, SHA256, algorithm(name));
        let comment = "SHA-256 with DSA, all of it agreeing, the signature right";
        to.add(&format!("dsa-sha256.{variant}"), ALGORITHM, comment, text(&sha256)).at(sha256.offset(DIGEST_ALGORITHM));
    }
    let (sha1, sha256) = (Sha1::digest(&document).to_vec(), Sha256::digest(&document).to_vec());
    for (kind, digest) in [(RSA2048, sha1), (DSA, sha256)] {
        let value = other_digest(kind, digest);
        let name = format!("cms-digest-length.{kind}-other-algorithm");
        to.add(&name, "unsupported_cms signed_attributes", "the digest of the other algorithm under unchanged names", text(&value))
            .at(value.offset(crate::value::ATTRIBUTES));
    }
}

fn signature_algorithms(to: &mut Corpus) {
    for (name, dotted) in [
        ("cms-other-rsa.md5", "1.2.840.113549.1.1.4"),
        ("cms-other-rsa.sha1", "1.2.840.113549.1.1.5"),
        ("cms-other-rsa.sha224", "1.2.840.113549.1.1.14"),
        ("cms-other-rsa.sha384", "1.2.840.113549.1.1.12"),
        ("cms-other-rsa.sha512", "1.2.840.113549.1.1.13"),
        ("cms-other-rsa.oaep", "1.2.840.113549.1.1.7"),
        ("cms-pss.name", "1.2.840.113549.1.1.10"),
        ("cms-ecdsa.sha1", "1.2.840.10045.4.1"),
        ("cms-ecdsa.sha256", "1.2.840.10045.4.3.2"),
        ("cms-ecdsa.key", "1.2.840.10045.2.1"),
        ("cms-ed25519.name", "1.3.101.112"),
        ("cms-ed25519.ed448", "1.3.101.113"),
        ("cms-ed25519.ml-dsa-65", "2.16.840.1.101.3.4.3.18"),
        ("cms-other-key.dsa-sha256", "2.16.840.1.101.3.4.3.2"),
        ("cms-other-key.dsa-key", "1.2.840.10040.4.1"),
        ("cms-other-key.digest", SHA256),
        ("cms-other-key.dsa", DSA_WITH_SHA1),
        ("cms-other-key.rsa", RSA_ENCRYPTION),
        ("cms-other-key.sha256-rsa", SHA256_WITH_RSA),
    ] {
        for (kind, _) in CMS_KINDS {
            let fits = [(RSA2048, RSA_ENCRYPTION), (RSA2048, SHA256_WITH_RSA), (DSA, DSA_WITH_SHA1)];
            if fits.contains(&(kind, dotted)) {
                continue;
            }
            let value = changed(kind, |value| *value.at_mut(SIGNER_ALGORITHM) = algorithm(dotted));
            let comment = "the signature algorithm of another key";
            to.add(&format!("{name}-{kind}"), ALGORITHM, comment, text(&value)).at(value.offset(SIGNER_ALGORITHM));
        }
    }
}

fn parameters(to: &mut Corpus) {
    for (variant, named) in [
        ("rsa", algorithm(RSA_ENCRYPTION)),
        ("rsa-null", algorithm_null(RSA_ENCRYPTION)),
        ("sha256-rsa", algorithm(SHA256_WITH_RSA)),
        ("sha256-rsa-null", algorithm_null(SHA256_WITH_RSA)),
    ] {
        let value = changed(RSA2048, |value| *value.at_mut(SIGNER_ALGORITHM) = named);
        to.add(&format!("cms-rsa-names.{variant}"), "accepted", "a name of the algorithm", text(&value));
    }
    for (kind, digest) in [(RSA2048, SHA256), (DSA, SHA1)] {
        for (variant, outer, inner) in [
            ("absent", algorithm(digest), algorithm(digest)),
            ("absent-null", algorithm(digest), algorithm_null(digest)),
            ("null-absent", algorithm_null(digest), algorithm(digest)),
            ("null", algorithm_null(digest), algorithm_null(digest)),
        ] {
            let value = changed(kind, |value| {
                *value.at_mut(DIGEST_ALGORITHM) = outer;
                *value.at_mut(SIGNER_DIGEST) = inner;
            });
            let name = format!("cms-digest-parameters.{kind}-{variant}");
            to.add(&name, "accepted", "parameters outside and inside the SignerInfo", text(&value));
        }
    }
    for (variant, parameters) in [
        ("null-with-contents", leaf(0x05, [0])),
        ("integer", leaf(INTEGER, [1])),
        ("sequence", node(SEQUENCE, vec![])),
        ("oid", oid(SHA256)),
    ] {
        for (place, path) in [("outside", DIGEST_ALGORITHM), ("signer", SIGNER_DIGEST), ("signature", SIGNER_ALGORITHM)] {
            let value = changed(RSA2048, |value| value.at_mut(path).elements_mut()[1] = parameters.clone());
            let name = format!("cms-other-parameters.{place}-{variant}");
            to.add(&name, ALGORITHM, "parameters other than NULL", text(&value)).at(value.offset(path));
        }
    }
    let value = changed(DSA, |value| value.at_mut(SIGNER_ALGORITHM).elements_mut().push(null()));
    to.add("cms-dsa-parameters", ALGORITHM, "dsa-with-sha1 has no parameters", text(&value)).at(value.offset(SIGNER_ALGORITHM));
}
