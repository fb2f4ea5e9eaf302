//! Which region a document has to be of.

use instance_identity::testkit::{Element, Era, TestKey, served};

use crate::value::{CMS_KINDS, DSA, RSA2048, authority_of, bare, document, fields, fields_of, over, signing_time, text, value};
use crate::vector::Corpus;

pub(crate) fn add(to: &mut Corpus) {
    syntax(to);
    kinds(to);
    other(to);
    any(to);
    zone(to);
    expired(to);
}

fn syntax(to: &mut Corpus) {
    let long = format!("us-{}", "x".repeat(40));
    for (name, region) in [
        ("region-space.after", "test-local-1 "),
        ("region-space.before", " test-local-1"),
        ("region-space.tab", "test-local-1\t"),
        ("region-space.carriage-return", "test-local-1\r"),
        ("region-upper.all", "TEST-LOCAL-1"),
        ("region-upper.one", "test-Local-1"),
        ("region-nul.after", "test-local-1\0"),
        ("region-nul.inside", "test-local-1\0.example"),
        ("region-path.parent", "../test-local-1"),
        ("region-path.inside", "test-local-1/../test-local-2"),
        ("region-path.slash", "test-local-1/"),
        ("region-empty", ""),
        ("region-unicode.hyphens", "test\u{2010}local\u{2010}1"),
        ("region-unicode.long-s", "teſt-local-1"),
        ("region-long", &long),
    ] {
        let hint = "a region code looks like us-east-1: lower case, no spaces";
        to.add(name, "invalid_region", "not a region code", text(&value(RSA2048))).region(region).hint(hint);
    }
    to.add("region-order.syntax", "invalid_region", "the syntax of the region before an empty input", "").region("TEST-LOCAL-1");
    to.add("region-order.empty", "empty_input", "an empty input before the look-up of the region", "").region("test-nowhere-9");
    let large = vec![b'*'; 32 * 1024 + 1];
    to.add("region-order.large", "input_too_large", "a large input before the look-up", large).region("test-nowhere-9");
    let unread = "any region, and a document that names none: the fault of the signature first";
    to.add("everywhere-any-region-signature", "invalid_base64", unread, "%%%").kind("rsa2048").region("*").document("x").at(0);
    let swapped = "any region, and document and signature swapped";
    let value_as_document = text(&value(RSA2048));
    to.add("everywhere-any-region-signature.swapped", "wrong_signature_kind", swapped, document())
        .kind("rsa2048")
        .region("*")
        .document(value_as_document);
    let page = "any region, and an error page beside a value: the region from the content";
    to.add("everywhere-any-region-content", "document_mismatch", page, text(&value(RSA2048)))
        .kind("rsa2048")
        .region("*")
        .document("<html>");
    to.add("region-order.base64", "unknown_region", "the look-up before base64", "*").region("test-nowhere-9");

    let hint = "check the spelling; for a new or isolated region, add its certificates";
    for (variant, region) in [("other", "test-nowhere-9"), ("longer", "test-local-10"), ("shorter", "test-local"), ("real", "us-east-1")] {
        for (kind, body) in [("bare", bare(&document())), ("rsa2048", text(&value(RSA2048))), ("dsa", text(&value(DSA)))] {
            let name = format!("region-unknown.{variant}-{kind}");
            to.add(&name, "unknown_region", "no certificate of the region", body).region(region).document(document()).hint(hint);
        }
    }
}

fn kinds(to: &mut Corpus) {
    let document = fields_of("test-nodsa-1").encode();
    let elsewhere = authority_of("test-nodsa-1");
    let value = |kind| text(&elsewhere.cms(kind, &document, Era::In2026, signing_time()).element());
    let hint = "the region has certificates for /rsa2048, /signature: present that, or add the missing certificate";
    to.add("region-no-kind", "no_certificate", "a DSA value in a region without a dsa certificate", value(DSA))
        .region("test-nodsa-1")
        .hint(hint);
    to.add("region-no-kind.named", "no_certificate", "the same as /pkcs7", value(DSA)).kind("dsa").region("test-nodsa-1").hint(hint);
    to.add("region-no-kind.other", "accepted", "the kind that there is", value(RSA2048)).region("test-nodsa-1").document(&document);
    let stranger = text(&authority_of("test-local-2").cms(RSA2048, &document, Era::In2026, signing_time()).element());
    to.add("region-no-kind.stranger", "unknown_signer", "not DSA, and signed elsewhere", stranger).region("test-nodsa-1");
}

fn other(to: &mut Corpus) {
    const MISMATCH: &str = "region_mismatch";
    let hint = "this document belongs to test-local-2: expect that region, or refuse it";
    let theirs = fields_of("test-local-2").encode();
    to.add("region-other.rsa", MISMATCH, "a right /signature value of test-local-2, whose key is the same", bare(&theirs))
        .document(&theirs)
        .hint(hint);
    let named = "this value names the signer of test-local-2 (unverified): verify it as a document of that region";
    for (kind, _) in CMS_KINDS {
        let body = text(&authority_of("test-local-2").cms(kind, &theirs, Era::In2026, signing_time()).element());
        to.add(&format!("region-other.{kind}"), "unknown_signer", "a right value of test-local-2", body).document(&theirs).hint(named);
        let name = format!("region-signed-other.{kind}");
        to.add(&name, MISMATCH, "signed under this region's name, naming another", text(&over(kind, &theirs))).hint(hint);
    }
    for (variant, region) in [("unknown", "test-nowhere-9"), ("longer", "test-local-10"), ("shorter", "test-local")] {
        let document = fields_of(region).encode();
        let name = format!("region-signed-other.rsa-{variant}");
        to.add(&name, MISMATCH, "signed, and naming a region that nobody knows or that only starts alike", bare(&document))
            .document(&document)
            .hint(&format!("this document belongs to {region}: expect that region, or refuse it"));
    }
    let forged = served(&TestKey::Rsa1024.sign_encoded(&[0x5a; 128]));
    let claims = "the document says that it is of test-local-2 (unverified): verify it as a document of that region";
    to.add("region-claimed", "signature_invalid", "an invalid signature over a document that names another region", forged.clone())
        .document(&theirs)
        .hint(claims);
    let unknown = fields_of("test-nowhere-9").encode();
    to.add("region-claimed.unknown", "signature_invalid", "the same with a region that nobody knows", forged).document(&unknown);
}

/// The region that the document names picks the certificates.
fn any(to: &mut Corpus) {
    let mut add = |name: &str, expect: &str, comment: &str, document: &[u8]| {
        to.add(&format!("{name}.rsa"), expect, comment, bare(document)).kind("rsa").region("*").document(document);
        to.add(&format!("{name}.rsa2048"), expect, comment, text(&over(RSA2048, document))).kind("rsa2048").region("*");
    };
    add("region-any", "accepted", "the region that the document names", &document());
    let mut add = |variant: &str, expect: &str, comment: &str, document: Vec<u8>| {
        to.add(&format!("region-any-unknown.{variant}-rsa"), expect, comment, bare(&document)).kind("rsa").region("*").document(&document);
        let body = text(&over(RSA2048, &document));
        to.add(&format!("region-any-unknown.{variant}-rsa2048"), expect, comment, body).kind("rsa2048").region("*");
    };
    let unnamed = "invalid_document missing_field";
    add("other", "unknown_region", "a region that nobody knows", fields_of("test-nowhere-9").encode());
    add("missing", unnamed, "no region", fields().without("region").encode());
    add("null", unnamed, "region is null", fields().with("region", "null").encode());
    add("capitals", unnamed, "Region is not region", fields().without("region").with("Region", "\"test-local-1\"").encode());
    add("no-code", "invalid_document field", "not a region code", fields().with("region", "\"TEST\"").encode());
    add("path", "invalid_document field", "a path", fields().with("region", "\"../x\"").encode());
    add("trailing", "invalid_document trailing", "text after the object", [document().as_slice(), b"x"].concat());
    add("not-json", "invalid_document not_an_object", "no JSON", b"not json".to_vec());
    let twice = String::from_utf8(document()).unwrap().replace("\n}", ",\n  \"region\" : \"test-local-2\"\n}");
    add("twice", "invalid_document duplicate_key", "two regions", twice.into_bytes());

    let theirs = fields_of("test-local-2").encode();
    let hint = "this value names the signer of test-local-1 (unverified): verify it as a document of that region";
    for (kind, _) in CMS_KINDS {
        let body = text(&over(kind, &theirs));
        let name = format!("region-any-other-key.{kind}");
        let vector = to.add(&name, "unknown_signer", "signed under the name of another region than the one that is claimed", body);
        vector.kind(&kind.to_string()).region("*").hint(hint);
    }
}

fn zone(to: &mut Corpus) {
    for (variant, zone, expect) in [
        ("zone", "\"test-local-1a\"", "accepted"),
        ("local-zone", "\"test-local-1-lax-1a\"", "accepted"),
        ("region", "\"test-local-1\"", "accepted"),
        ("null", "null", "accepted"),
        ("other-region", "\"test-local-2a\"", "invalid_document zone"),
        ("far-region", "\"us-west-2a\"", "invalid_document zone"),
        ("not-first", "\"xtest-local-1a\"", "invalid_document zone"),
        ("shorter", "\"test-local\"", "invalid_document zone"),
        ("capitals", "\"TEST-LOCAL-1A\"", "invalid_document field"),
    ] {
        let document = fields().with("availabilityZone", zone).encode();
        to.add(&format!("region-zone.{variant}"), expect, "availabilityZone starts with region", bare(&document)).document(&document);
    }
    let document = fields().without("availabilityZone").encode();
    to.add("region-zone.absent", "accepted", "no availabilityZone", bare(&document)).document(&document);
}

fn expired(to: &mut Corpus) {
    let authority = authority_of("test-expired-1");
    let document = fields_of("test-expired-1").encode();
    let value = |kind| -> Element { authority.cms(kind, &document, Era::In2026, signing_time()).element() };
    let comment = "the certificate expired in 2001: for a policy to judge";
    to.add("region-expired.rsa", "accepted", comment, bare(&document)).region("test-expired-1").document(&document);
    for (kind, _) in CMS_KINDS {
        let name = format!("region-expired.{kind}");
        to.add(&name, "accepted", comment, text(&value(kind))).region("test-expired-1").document(&document);
    }
    to.add("region-expired-other", "accepted", "test-expired-1 in the same store changes nothing", text(&crate::value::value(RSA2048)));
}
