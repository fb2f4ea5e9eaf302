//! What is presented together: names, what is skipped, and what has to remain.

use instance_identity::testkit::{Authority, Era, Issued, TestInstance};
use serde_json::{Map, Value, json};

use crate::value::{
    DSA, RSA2048, SIGNATURE, authority, authority_of, bare, changed, document, fields, fields_of, other_document, signing_time, text, value,
};
use crate::vector::{Corpus, Vector};

pub(crate) fn add(to: &mut Corpus) {
    whole(to);
    forms(to);
    skipped(to);
    remaining(to);
    documents(to);
    orders(to);
}

fn issued_over(authority: &Authority, document: &[u8]) -> Issued {
    authority.sign(document, Era::In2018, signing_time())
}

/// The evidence of the document with all three signatures.
fn full() -> Map<String, Value> {
    object(&issued_over(&authority(), &document()))
}

fn object(issued: &Issued) -> Map<String, Value> {
    serde_json::from_str(&issued.evidence_json().unwrap()).unwrap()
}

/// With some fields replaced.
fn with(fields: &[(&str, &str)]) -> Map<String, Value> {
    let mut object = full();
    fields.iter().for_each(|(name, text)| drop(object.insert((*name).to_owned(), json!(text))));
    object
}

/// Without some fields.
fn without(names: &[&str]) -> Map<String, Value> {
    let mut object = full();
    names.iter().for_each(|name| drop(object.remove(*name)));
    object
}

fn present<'a>(to: &'a mut Corpus, name: &str, expect: &str, comment: &str, evidence: &Map<String, Value>) -> &'a mut Vector {
    to.add(name, expect, comment, serde_json::to_string(evidence).unwrap()).kind("evidence")
}

fn whole(to: &mut Corpus) {
    let all = "all three signatures over one document";
    present(to, "evidence-all", "accepted", all, &full());
    present(to, "evidence-all.any-region", "accepted", all, &full()).region("*");
    for era in Era::ALL {
        let issued = authority().issue(&TestInstance::new(signing_time()), era);
        present(to, &format!("evidence-all.{era}"), "accepted", "as served in that year", &object(&issued));
    }
    let china = Authority::new("test-china-1".parse().unwrap(), "aws-cn".parse().unwrap()).in_china_shape();
    let issued = issued_over(&china, &fields_of("test-china-1").encode());
    present(to, "evidence-all.china", "accepted", all, &object(&issued)).region("test-china-1");

    let mut nulls = full();
    ["document", "signature", "pkcs7"].iter().for_each(|name| drop(nulls.insert((*name).to_owned(), Value::Null)));
    present(to, "evidence-null.null", "accepted", "null is absent", &nulls);
    present(to, "evidence-null.missing", "accepted", "so is what is missing", &without(&["document", "signature", "pkcs7"]));
    for name in ["document", "signature", "pkcs7", "rsa2048"] {
        present(to, &format!("evidence-empty.{name}"), "empty_input", "empty is not absent", &with(&[(name, "")]));
        let skipped =
            present(to, &format!("evidence-empty.{name}-skipped"), "empty_input", "even where it is skipped", &with(&[(name, " ")]));
        skipped.allowed(if name == "rsa2048" { "dsa" } else { "rsa2048" });
    }
}

fn forms(to: &mut Corpus) {
    for (variant, key) in
        [("capital", "Document"), ("rsa", "rsa"), ("dsa", "dsa"), ("space", "pkcs7 "), ("empty", ""), ("other", "comment")]
    {
        let mut object = full();
        object.insert(key.to_owned(), Value::Null);
        present(to, &format!("evidence-unknown-key.{variant}"), "invalid_evidence unknown_key", "a fifth key", &object);
    }
    let mut json = |name: &str, reason: &str, comment: &str, body: Vec<u8>| {
        to.add(name, &format!("invalid_evidence {reason}"), comment, body).kind("evidence");
    };
    let twice = "duplicate_key";
    let body = serde_json::to_string(&full()).unwrap();
    let second = |key: &str, value: &str| format!("{},\"{key}\":{value}}}", &body[..body.len() - 1]).into_bytes();
    json("evidence-duplicate-key.same", twice, "a key twice", second("pkcs7", full()["pkcs7"].to_string().as_str()));
    json("evidence-duplicate-key.null", twice, "a key twice, once null", second("pkcs7", "null"));
    json("evidence-duplicate-key.escaped", twice, "a key twice, once escaped", second("\\u0064ocument", "\"x\""));
    for name in ["document", "signature", "pkcs7", "rsa2048"] {
        for (variant, value) in [("number", json!(1)), ("boolean", json!(true)), ("array", json!(["a"])), ("object", json!({}))] {
            let mut object = full();
            object.insert(name.to_owned(), value);
            let body = serde_json::to_vec(&object).unwrap();
            json(&format!("evidence-field.{name}-{variant}"), "field", "neither a string nor null", body);
        }
    }
    json("evidence-json.array", "not_an_object", "an array", format!("[{body}]").into_bytes());
    json("evidence-json.string", "not_an_object", "a string", b"\"x\"".to_vec());
    json("evidence-json.null", "not_an_object", "null", b"null".to_vec());
    json("evidence-json.two", "trailing", "two objects", format!("{body} {{}}").into_bytes());
    json("evidence-json.utf8", "utf8", "not UTF-8", b"{\"document\":\"\xff\"}".to_vec());
    json("evidence-json.cut", "syntax", "one byte short", body.as_bytes()[..body.len() - 1].to_vec());
    json("evidence-json.surrogate", "syntax", "a surrogate alone", b"{\"document\":\"\\ud800\"}".to_vec());
    let deep = format!("{{\"document\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    json("evidence-json.deep", "field", "100,000 levels, and so no string", deep.into_bytes());
}

fn skipped(to: &mut Corpus) {
    let broken = with(&[("signature", "***"), ("pkcs7", &text(&value(RSA2048)))]);
    present(to, "evidence-skipped-kind", "accepted", "what is not allowed is not looked at", &broken).allowed("rsa2048");
    let broken = with(&[("rsa2048", "***"), ("signature", "***")]);
    present(to, "evidence-skipped-kind.dsa", "accepted", "what is not allowed is not looked at", &broken).allowed("dsa");
    let document = fields_of("test-nodsa-1").encode();
    let mut object = object(&issued_over(&authority_of("test-nodsa-1"), &document));
    object.insert("pkcs7".to_owned(), json!("***"));
    for (variant, region) in [("region", "test-nodsa-1"), ("any-region", "*")] {
        let name = format!("evidence-skipped-certificate.{variant}");
        present(to, &name, "accepted", "a kind without a certificate is not looked at", &object).region(region);
    }
    ["signature", "rsa2048"].iter().for_each(|name| drop(object.remove(*name)));
    present(to, "evidence-no-certificate", "no_certificate", "only a kind without a certificate", &object)
        .region("test-nodsa-1")
        .hint("the region has certificates for /rsa2048, /signature: present that, or add the missing certificate");
}

fn remaining(to: &mut Corpus) {
    let none = "missing_signature";
    present(to, "evidence-no-signature.document", none, "the document alone", &without(&["signature", "pkcs7", "rsa2048"]));
    present(to, "evidence-no-signature.nothing", none, "nothing", &Map::new());
    present(to, "evidence-no-signature.any-region", none, "nothing", &Map::new()).region("*");
    let hint = "present a signature of an allowed kind";
    for (variant, removed) in [("rsa", &["pkcs7", "rsa2048"][..]), ("dsa", &["signature", "rsa2048"]), ("both", &["rsa2048"])] {
        for region in ["test-local-1", "*"] {
            let any = if region == "*" { "-any-region" } else { "" };
            let name = format!("evidence-none-allowed.{variant}{any}");
            present(to, &name, "kind_not_allowed", "only kinds that are not allowed", &without(removed))
                .allowed("rsa2048")
                .region(region)
                .hint(hint);
        }
    }
    let document = document();
    for (kind, body, allowed) in
        [("rsa", bare(&document), "rsa2048,dsa"), ("dsa", text(&value(DSA)), "rsa2048,rsa"), ("rsa2048", text(&value(RSA2048)), "dsa,rsa")]
    {
        let name = format!("evidence-none-allowed.single-{kind}");
        to.add(&name, "kind_not_allowed", "a single value of a kind that is not allowed", body)
            .document(&document)
            .allowed(allowed)
            .hint(hint);
    }
}

fn documents(to: &mut Corpus) {
    const MISSING: &str = "missing_document";
    let hint = "a /signature value is verified over the document: pass that too";
    let alone = without(&["document", "pkcs7", "rsa2048"]);
    present(to, "evidence-no-document", MISSING, "/signature alone", &alone).hint(hint);
    present(to, "evidence-no-document.any-region", MISSING, "/signature alone", &alone).region("*").hint(hint);
    let comment = "a CMS value that is skipped does not give the document";
    present(to, "evidence-no-document.skipped", MISSING, comment, &without(&["document"])).allowed("rsa").hint(hint);
    present(to, "evidence-content.all", "accepted", "the content of the CMS values is the document", &without(&["document"]));
    let two = without(&["document", "rsa2048"]);
    present(to, "evidence-content.dsa", "accepted", "the content of /pkcs7 is the document", &two).region("*");

    let other = issued_over(&authority(), &other_document());
    let other_json = String::from_utf8(other_document()).unwrap();
    for (name, expect, evidence) in [
        ("document", "document_mismatch", with(&[("document", &other_json)])),
        ("rsa2048", "document_mismatch", with(&[("rsa2048", &other.rsa2048)])),
        ("pkcs7", "document_mismatch", with(&[("pkcs7", &other.pkcs7)])),
        ("signature", "signature_invalid", with(&[("signature", &other.signature)])),
    ] {
        let hint = "the bytes differ from what was signed: pass the document exactly as served, not parsed and printed again";
        let comment = "one of the four is of another instance";
        present(to, &format!("evidence-mismatch.{name}"), expect, comment, &evidence).hint(hint);
    }
    let mut contents = with(&[("pkcs7", &other.pkcs7)]);
    ["document", "signature"].iter().for_each(|name| drop(contents.remove(*name)));
    present(to, "evidence-mismatch.contents", "document_mismatch", "two CMS values of two instances", &contents);
    let wrong = fields().with("accountId", "\"0123\"").encode();
    let wrong = object(&issued_over(&authority(), &wrong));
    present(to, "evidence-document", "invalid_document field", "a signed document with a wrong field", &wrong);
    present(to, "evidence-document.any-region", "invalid_document field", "the same", &wrong).region("*");
}

fn orders(to: &mut Corpus) {
    const WRONG: &str = "wrong_signature_kind";
    let (bare, pkcs7, rsa2048) = (bare(&document()), text(&value(DSA)), text(&value(RSA2048)));
    for (variant, field, body) in [
        ("pkcs7-as-rsa2048", "rsa2048", &pkcs7),
        ("rsa2048-as-pkcs7", "pkcs7", &rsa2048),
        ("rsa2048-as-signature", "signature", &rsa2048),
        ("pkcs7-as-signature", "signature", &pkcs7),
        ("signature-as-pkcs7", "pkcs7", &bare),
        ("signature-as-rsa2048", "rsa2048", &bare),
    ] {
        let name = format!("evidence-wrong-name.{variant}");
        present(to, &name, WRONG, "under the name of another kind, though the others verify", &with(&[(field, body)]));
    }
    for (index, (field, kind)) in [("rsa2048", RSA2048), ("pkcs7", DSA)].into_iter().enumerate() {
        let forged = changed(kind, |value| {
            let mut octets = value.at(SIGNATURE).inside();
            *octets.last_mut().unwrap() ^= 1;
            *value.at_mut(SIGNATURE) = crate::value::leaf(4, octets);
        });
        let name = format!("evidence-one-forged.{field}");
        present(to, &name, "signature_invalid", "one forged signature beside two right ones", &with(&[(field, &text(&forged))]));
        // A fault of a weaker kind is not reached.
        let later = if index == 0 { "pkcs7" } else { "signature" };
        let evidence = with(&[(field, &text(&forged)), (later, "***")]);
        present(to, &format!("evidence-order.{field}"), "signature_invalid", "two faults: that of the stronger kind", &evidence);
    }
    let evidence = with(&[("signature", "***")]);
    present(to, "evidence-order.signature", "invalid_base64", "two right signatures do not help a third", &evidence).at(0);
    let china = fields_of("test-china-1").encode();
    let over_china = text(&crate::value::over(RSA2048, &china));
    let mut evidence = Map::new();
    evidence.insert("pkcs7".to_owned(), json!(over_china));
    present(
        to,
        "evidence-kind-before-region.named",
        WRONG,
        "a value of slot rsa2048 as /pkcs7, over a document of another region",
        &evidence,
    );
    to.add("evidence-kind-before-region.any", "region_mismatch", "the same value without a name", over_china)
        .hint("this document belongs to test-china-1: expect that region, or refuse it");
}
