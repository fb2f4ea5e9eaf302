//! SignedData: content, signers, certificates, and what stands around them.

use instance_identity::testkit::{Contents, Element, TestCertificate, TestKey};

use crate::value::{
    ATTRIBUTES, CMS_KINDS, CONTENT, CONTENT_TYPE, DIGEST_ALGORITHMS, DSA, ENCAPSULATED, EXPLICIT, OCTET_STRING, RSA2048, SEGMENT, SEQUENCE,
    SHA1, SHA256, SIGNATURE, SIGNED_DATA, SIGNER, SIGNERS, algorithm, algorithm_null, attribute_of, authority, authority_of, changed, der,
    document, inside, leaf, node, null, oid, other_document, over, raw, sign, signed_octets, text, value, with_attributes,
    with_certificates,
};
use crate::vector::Corpus;

pub(crate) fn add(to: &mut Corpus) {
    content(to);
    signers(to);
    attributes_missing(to);
    certificates(to);
    documents(to);
    content_types(to);
    around(to);
}

fn content(to: &mut Corpus) {
    const DIGEST: &str = "digest_mismatch";
    let hint = "the value was altered after it was signed: fetch it again";
    let document = document();
    for (kind, _) in CMS_KINDS {
        let mut flipped = document.clone();
        flipped[100] ^= 1;
        for (variant, content) in [
            ("bit", flipped),
            ("cut", document[..document.len() - 1].to_vec()),
            ("longer", [document.as_slice(), b"\n"].concat()),
            ("other", other_document()),
            ("empty", Vec::new()),
        ] {
            let value = changed(kind, |value| *value.at_mut(SEGMENT) = leaf(OCTET_STRING, content));
            to.add(&format!("cms-content.{kind}-{variant}"), DIGEST, "content other than the signed one", text(&value)).hint(hint);
        }
        let value = changed(kind, |value| *value.at_mut(SIGNER) = over(kind, &other_document()).at(SIGNER).clone());
        to.add(&format!("cms-content-swapped.{kind}"), DIGEST, "the signer of another value", text(&value)).hint(hint);
        let value = over(kind, b"");
        let name = format!("cms-empty-content.{kind}");
        to.add(&name, "invalid_document not_an_object", "empty content, rightly signed", text(&value)).at(0);
    }
}

/// A certificate under a name of its own, for the key that the China regions use: nobody has pinned it.
fn stranger() -> TestCertificate {
    let mut certificate = TestCertificate::new(TestKey::Rsa2048China, "nowhere");
    *certificate.issuer.at_mut(&[3, 0, 1]) = leaf(0x13, *b"Somebody Else");
    certificate
}

/// The value that the key of `certificate` signs under its name, with it embedded.
fn signed_by(certificate: &TestCertificate) -> Element {
    let document = document();
    let cms =
        instance_identity::testkit::Cms::new(certificate, instance_identity::testkit::Era::In2018, &document, crate::value::signing_time());
    cms.with_embedded_certificate(&certificate.der()).element()
}

fn signers(to: &mut Corpus) {
    const COUNT: &str = "unsupported_cms signer_count";
    let right = value(RSA2048).at(SIGNER).clone();
    let other = over(RSA2048, &other_document()).at(SIGNER).clone();
    // Where certificates are embedded, the signers stand one element later.
    let attacker = signed_by(&stranger()).at(&[1, 0, 4, 0]).clone();
    let empty = node(SEQUENCE, vec![]);
    for (name, signers) in [
        ("cms-signers-two.attacker", vec![right.clone(), attacker.clone()]),
        ("cms-signers-two.own", vec![right.clone(), other.clone()]),
        ("cms-signers-two.empty", vec![right.clone(), empty.clone()]),
        ("cms-signers-two-reversed.attacker", vec![attacker, right.clone()]),
        ("cms-signers-two-reversed.own", vec![other, right.clone()]),
        ("cms-signers-two-reversed.empty", vec![empty, right.clone()]),
        ("cms-signers-same.twice", vec![right.clone(), right.clone()]),
        ("cms-signers-same.three-times", vec![right.clone(), right.clone(), right]),
    ] {
        let value = changed(RSA2048, |value| *value.at_mut(SIGNERS).elements_mut() = signers);
        let second = value.offset(&inside(SIGNERS, &[1]));
        to.add(name, COUNT, "more than one signer, one of them right", text(&value)).at(second);
    }
    for (kind, _) in CMS_KINDS {
        let value = changed(kind, |value| value.at_mut(SIGNERS).elements_mut().clear());
        let at = value.offset(SIGNERS) + 2;
        to.add(&format!("cms-signers-none.{kind}"), COUNT, "no signer", text(&value)).at(at);
        let name = format!("cms-signers-none.{kind}-document");
        to.add(&name, COUNT, "no signer, with the document beside it", text(&value)).document(document()).at(at);
    }
    let mut value = value(RSA2048);
    value.at_mut(SIGNED_DATA).elements_mut().pop();
    to.add("cms-signers-absent.ber", "invalid_ber end_of_contents", "no signerInfos", text(&value)).at(value.offset(SIGNERS));
    let mut value = der(RSA2048);
    value.at_mut(SIGNED_DATA).elements_mut().pop();
    to.add("cms-signers-absent.der", "invalid_ber truncated", "no signerInfos", text(&value)).at(value.encode().len());
}

fn attributes_missing(to: &mut Corpus) {
    const MISSING: &str = "unsupported_cms signed_attributes";
    let document = document();
    let without = |value: &mut Element| drop(value.at_mut(SIGNER).elements_mut().remove(ATTRIBUTES[4]));
    for (kind, key) in CMS_KINDS {
        let value = changed(kind, |value| {
            value.at_mut(SIGNATURE).contents = Contents::Octets(key.sign(&document));
            without(value);
        });
        let at = value.offset(ATTRIBUTES);
        to.add(&format!("cms-attributes-absent.{kind}"), MISSING, "a right signature over the content itself", text(&value)).at(at);
        let value = changed(kind, without);
        to.add(&format!("cms-attributes-stripped.{kind}"), MISSING, "the attributes left out, the content right", text(&value)).at(at);
        let name = format!("cms-attributes-stripped.{kind}-document");
        to.add(&name, MISSING, "the same with the document beside it", text(&value)).document(&document).at(at);

        // draft-ietf-lamps-cms-euf-cma-signeddata: the signature is one over these very bytes.
        let mut value = der(kind);
        let attributes = signed_octets(&value);
        value.at_mut(CONTENT).contents = Contents::Octets(attributes.clone());
        without(&mut value);
        let at = value.offset(ATTRIBUTES);
        to.add(&format!("cms-euf-cma.{kind}"), MISSING, "the old attributes as content, the signature being over them", text(&value))
            .at(at);
        let name = format!("cms-euf-cma.{kind}-document");
        to.add(&name, MISSING, "the same, beside that content as document", text(&value)).document(&attributes).at(at);
    }
}

fn certificates(to: &mut Corpus) {
    let stranger = stranger();
    to.add("cms-own-issuer", "unknown_signer", "signed by a stranger whose certificate is embedded", text(&signed_by(&stranger)));
    let named = authority().certificate(RSA2048);
    let impostor = TestCertificate { key: TestKey::Rsa2048China, ..named };
    let comment = "signed by a stranger under the issuer and serial number of the region's certificate, embedded";
    to.add("cms-aws-issuer", "signature_invalid", comment, text(&signed_by(&impostor)));

    let own = authority().certificate(RSA2048).der();
    for (kind, _) in CMS_KINDS {
        for (name, certificates) in [
            ("cms-irrelevant-certificate.none", vec![]),
            ("cms-irrelevant-certificate.own", vec![raw(&own)]),
            ("cms-irrelevant-certificate.garbage", vec![leaf(OCTET_STRING, *b"no certificate at all")]),
            ("cms-irrelevant-certificate.other-format", vec![node(0xa1, vec![leaf(0x02, [1])])]),
            ("cms-attacker-certificate.stranger", vec![raw(&stranger.der())]),
            ("cms-attacker-certificate.impostor", vec![raw(&impostor.der())]),
            ("cms-attacker-certificate.both", vec![raw(&stranger.der()), raw(&impostor.der())]),
        ] {
            let value = with_certificates(kind, certificates);
            to.add(&format!("{name}-{kind}"), "accepted", "certificates inside are skipped", text(&value)).document(document());
        }
    }
    let mut twice = with_certificates(RSA2048, vec![]);
    twice.at_mut(SIGNED_DATA).elements_mut().insert(4, node(0xa0, vec![]));
    to.add("cms-certificates-twice", "invalid_ber tag", "two sets of certificates", text(&twice)).at(twice.offset(&[1, 0, 4]));
    let primitive = changed(RSA2048, |value| value.at_mut(SIGNED_DATA).elements_mut().insert(3, leaf(0x80, [])));
    to.add("cms-certificates-twice.primitive", "invalid_ber tag", "certificates in a primitive element", text(&primitive))
        .at(primitive.offset(SIGNERS));
}

fn documents(to: &mut Corpus) {
    const MISMATCH: &str = "document_mismatch";
    let json = String::from_utf8(document()).unwrap();
    let hint = "the bytes differ from what was signed: pass the document exactly as served, not parsed and printed again";
    for (kind, _) in CMS_KINDS {
        let body = text(&value(kind));
        to.add(&format!("cms-document.{kind}"), MISMATCH, "a right value with the document of another instance", body.clone())
            .document(other_document())
            .hint(hint);
        for (variant, document) in [("colons", json.replace(" : ", ": ")), ("one-line", json.replace('\n', " "))] {
            let name = format!("cms-white-space.{kind}-{variant}");
            to.add(&name, MISMATCH, "the same JSON with other white space", body.clone()).document(document).hint(hint);
        }
        let value = changed(kind, |value| *value.at_mut(SEGMENT) = leaf(OCTET_STRING, other_document()));
        let name = format!("cms-document.{kind}-content-altered");
        to.add(&name, MISMATCH, "the content was altered, the document is the signed one: compared before the digest", text(&value))
            .document(document());
    }
}

fn content_types(to: &mut Corpus) {
    for (kind, _) in CMS_KINDS {
        for (form, value) in [("ber", value(kind)), ("der", der(kind))] {
            let mut value = value;
            value.at_mut(ENCAPSULATED).elements_mut().pop();
            let at = value.offset(CONTENT_TYPE);
            let expect = "unsupported_cms detached";
            to.add(&format!("cms-detached.{kind}-{form}"), expect, "no content", text(&value)).at(at);
            let name = format!("cms-detached.{kind}-{form}-document");
            to.add(&name, expect, "no content, the document beside it", text(&value)).document(document()).at(at);
        }
        for (variant, other) in [("signed-data", "7.2"), ("tst-info", "9.16.1.4"), ("longer", "7.1.1")] {
            let other = oid(&format!("1.2.840.113549.1.{other}"));
            let mut value = with_attributes(kind, |attributes| attributes[0] = attribute_of("1.2.840.113549.1.9.3", other.clone()));
            *value.at_mut(CONTENT_TYPE) = other;
            let name = format!("cms-content-type-other.{kind}-{variant}");
            let comment = "content of another type, and the signed attribute agrees";
            to.add(&name, "unsupported_cms content_type", comment, text(&value)).at(value.offset(CONTENT_TYPE));
        }
    }
    let value = changed(RSA2048, |value| value.at_mut(EXPLICIT).elements_mut().clear());
    to.add("cms-empty-wrapper.ber", "invalid_ber end_of_contents", "[0] with nothing in it", text(&value)).at(value.offset(EXPLICIT) + 2);
    let mut value = der(RSA2048);
    value.at_mut(EXPLICIT).elements_mut().clear();
    to.add("cms-empty-wrapper.der", "invalid_ber length", "[0] with nothing in it", text(&value)).at(value.offset(EXPLICIT) + 2);
    for (variant, tag) in [("utf8-string", 0x0c), ("sequence", 0x30), ("bit-string", 0x03)] {
        let value = changed(RSA2048, |value| *value.at_mut(CONTENT) = leaf(tag, document()));
        let name = format!("cms-content-tag.{variant}");
        to.add(&name, "invalid_ber tag", "content that is no OCTET STRING, as PKCS #7 1.5 allows", text(&value)).at(value.offset(CONTENT));
    }
}

fn around(to: &mut Corpus) {
    let sha256 = algorithm_null(SHA256);
    for (variant, algorithms) in [
        ("same-twice", vec![sha256.clone(), sha256.clone()]),
        ("without-parameters", vec![sha256.clone(), algorithm(SHA256)]),
        ("sha1-after", vec![sha256.clone(), algorithm_null(SHA1)]),
        ("sha1-before", vec![algorithm_null(SHA1), sha256]),
        ("none", vec![]),
    ] {
        let value = changed(RSA2048, |value| *value.at_mut(DIGEST_ALGORITHMS).elements_mut() = algorithms);
        let at = value.offset(&inside(DIGEST_ALGORITHMS, &[1]));
        let at = if variant == "none" { value.offset(DIGEST_ALGORITHMS) + 2 } else { at };
        let name = format!("cms-digest-algorithms.{variant}");
        to.add(&name, "unsupported_cms digest_algorithms", "not exactly one digest algorithm", text(&value)).at(at);
    }
    for (variant, crls) in [("empty", vec![]), ("one", vec![node(SEQUENCE, vec![])])] {
        let value = changed(RSA2048, |value| value.at_mut(SIGNED_DATA).elements_mut().insert(3, node(0xa1, crls)));
        to.add(&format!("cms-crls.{variant}"), "unsupported_cms crls", "revocation lists", text(&value)).at(value.offset(SIGNERS));
    }
    for (kind, _) in CMS_KINDS {
        for (variant, attributes) in [("empty", vec![]), ("one", vec![attribute_of("1.2.840.113549.1.9.6", null())])] {
            let value = changed(kind, |value| value.at_mut(SIGNER).elements_mut().push(node(0xa1, attributes)));
            let name = format!("cms-unsigned-attributes.{kind}-{variant}");
            let at = value.offset(&inside(SIGNER, &[6]));
            to.add(&name, "unsupported_cms unsigned_attributes", "attributes that nobody signed", text(&value)).at(at);
        }
    }
    for (index, element, expect, more) in [
        (0, "version", "invalid_ber tag", 0),
        // The digest algorithm then stands where the identifier is expected: a SEQUENCE too, but not of a SEQUENCE.
        (1, "identifier", "invalid_ber tag", 2),
        (2, "digest-algorithm", "invalid_ber tag", 0),
        (4, "signature-algorithm", "invalid_ber tag", 0),
        (5, "signature", "invalid_ber length", 0),
    ] {
        let value = changed(RSA2048, |value| drop(value.at_mut(SIGNER).elements_mut().remove(index)));
        let at = value.offset(&inside(SIGNER, &[index])) + more;
        to.add(&format!("cms-signer-elements.{element}"), expect, "left out", text(&value)).at(at);
    }

    // A right value of another region, whose certificate has the same key and another serial number.
    let elsewhere = authority_of("test-local-2");
    for (kind, key) in CMS_KINDS {
        let mut value = value(kind);
        *value.at_mut(crate::value::IDENTIFIER) = crate::value::identifier(&elsewhere, kind);
        sign(&mut value, key);
        to.add(
            &format!("cms-serial-other-region.{kind}"),
            "unknown_signer",
            "the serial number of another region's certificate",
            text(&value),
        )
        .hint("this value names the signer of test-local-2 (unverified): verify it as a document of that region");
    }
    let value = value(DSA);
    to.add("cms-serial-other-region.presented-elsewhere", "unknown_signer", "a right value of test-local-1", text(&value))
        .region("test-local-2")
        .hint("this value names the signer of test-local-1 (unverified): verify it as a document of that region");
}
