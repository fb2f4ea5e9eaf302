//! Documents that are signed, and are not instance identity documents all the same.

use crate::value::{CMS_KINDS, RSA2048, bare, document, fields, other_document, over, text};
use crate::vector::Corpus;

pub(crate) fn add(to: &mut Corpus) {
    unverified(to);
    keys(to);
    identities(to);
    optional(to);
    json(to);
    times(to);
    controls(to);
}

/// A rightly signed document.
fn signed(to: &mut Corpus, name: &str, expect: &str, comment: &str, document: impl AsRef<[u8]>) {
    let expect = if expect == "accepted" { expect.to_owned() } else { format!("invalid_document {expect}") };
    to.add(name, &expect, comment, bare(document.as_ref())).document(document);
}

/// The document with `more` before its end.
fn with(more: &str) -> String {
    String::from_utf8(document()).unwrap().replace("\n}", &format!(",\n  {more}\n}}"))
}

fn unverified(to: &mut Corpus) {
    for (variant, document, hint) in [
        ("open", "{", ", not parsed and printed again"),
        ("array", "[]", " (this is not a JSON object)"),
        ("twice", "{\"a\":1,\"a\":1}", ", not parsed and printed again"),
        ("region", "{\"region\":7}", ", not parsed and printed again"),
    ] {
        let hint = format!("the bytes differ from what was signed: pass the document exactly as served{hint}");
        let comment = "a broken document under the signature of another";
        to.add(&format!("document-unverified.{variant}"), "signature_invalid", comment, bare(&other_document()))
            .document(document)
            .hint(&hint);
    }
    let broken = with("\"x\" : ");
    signed(to, "document-every-kind.rsa", "syntax", "signed, and not JSON", &broken);
    for (kind, _) in CMS_KINDS {
        let body = text(&over(kind, broken.as_bytes()));
        to.add(&format!("document-every-kind.{kind}"), "invalid_document syntax", "signed, and not JSON", body);
    }
}

fn keys(to: &mut Corpus) {
    for (variant, more) in [
        ("same", "\"region\" : \"test-local-1\""),
        ("other-region", "\"region\" : \"us-west-2\""),
        ("other-account", "\"accountId\" : \"999999999999\""),
        ("escaped", "\"\\u0061ccountId\" : \"999999999999\""),
        ("unknown", "\"x\" : 1, \"x\" : 1"),
        ("inside", "\"x\" : { \"y\" : 1, \"y\" : 2 }"),
        ("inside-array", "\"x\" : [ { \"\" : 1, \"\" : 2 } ]"),
    ] {
        signed(to, &format!("document-duplicate.{variant}"), "duplicate_key", "a key stands twice", with(more));
    }
    for (variant, name, other) in [
        ("account", "accountId", "AccountId"),
        ("account-d", "accountId", "accountID"),
        ("account-space", "accountId", "accountId "),
        ("instance", "instanceId", "InstanceId"),
        ("time", "pendingTime", "pendingtime"),
        ("region", "region", "Region"),
    ] {
        let text = String::from_utf8(document()).unwrap().replace(&format!("\"{name}\""), &format!("\"{other}\""));
        signed(to, &format!("document-capitals.{variant}"), "missing_field", "a key spelled otherwise is another key", text);
    }
    let beside = with("\"AccountId\" : \"999999999999\"");
    signed(to, "document-capitals.beside", "accepted", "an unknown key beside the right one", beside);
    for (variant, name) in [("account", "accountId"), ("instance", "instanceId"), ("time", "pendingTime"), ("region", "region")] {
        let name_of = |clause: &str| format!("{clause}.{variant}");
        signed(to, &name_of("document-missing"), "missing_field", "a required field is missing", fields().without(name).encode());
        signed(to, &name_of("document-null"), "missing_field", "a required field is null", fields().with(name, "null").encode());
    }
    signed(to, "document-missing.all", "missing_field", "an empty object", "{}");
    let future = with("\"future\" : { \"a\" : [ 1, -2.5, true, null ] }, \"\" : \"x\"");
    signed(to, "document-unknown", "accepted", "unknown fields", future);
    signed(to, "document-unknown.number", "accepted", "a number that no floating point number is", with("\"x\" : 1e999"));
}

fn identities(to: &mut Corpus) {
    let mut add = |name: &str, key: &str, json: &str, expect: &str| {
        signed(to, name, expect, "an identity of another form", fields().with(key, json).encode());
    };
    for (variant, json) in
        [("number", "123456789012"), ("float", "123456789012.0"), ("boolean", "true"), ("array", "[ \"123456789012\" ]"), ("object", "{}")]
    {
        add(&format!("document-account-number.{variant}"), "accountId", json, "field");
    }
    for (variant, text) in [
        ("empty", ""),
        ("11", "12345678901"),
        ("13", "1234567890123"),
        ("letter", "12345678901a"),
        ("space", " 12345678901"),
        ("newline", "123456789012\\n"),
        ("nul", "123456789012\\u0000"),
        ("minus", "-12345678901"),
        ("arabic", "١٢٣٤٥٦٧٨٩٠١٢"),
        ("hyphens", "1234-5678-9012"),
    ] {
        add(&format!("document-account-digits.{variant}"), "accountId", &format!("\"{text}\""), "field");
    }
    for (variant, id) in [
        ("empty", ""),
        ("none", "i-"),
        ("7", "i-0ce4441"),
        ("9", "i-0ce4441c8"),
        ("16", "i-0ce4441c840a0a94"),
        ("18", "i-0ce4441c840a0a9411"),
        ("capitals", "i-0CE4441C840A0A941"),
        ("g", "i-0ce4441c840a0a94g"),
        ("capital-i", "I-0ce4441c840a0a941"),
        ("no-i", "0ce4441c840a0a941"),
        ("managed", "mi-0ce4441c840a0a941"),
        ("newline", "i-0ce4441c840a0a941\\n"),
        ("path", "i-../../../../../../"),
    ] {
        add(&format!("document-instance.{variant}"), "instanceId", &format!("\"{id}\""), "field");
    }
    add("document-instance.number", "instanceId", "7", "field");
    add("document-instance.8", "instanceId", "\"i-f79fe56c\"", "accepted");
}

fn optional(to: &mut Corpus) {
    for (variant, name, value) in [
        ("architecture-number", "architecture", "7"),
        ("architecture-empty", "architecture", "\"\""),
        ("architecture-space", "architecture", "\"x86 64\""),
        ("billing-string", "billingProducts", "\"bp-6fa54006\""),
        ("billing-null-inside", "billingProducts", "[ null ]"),
        ("devpay-nested", "devpayProductCodes", "[ [] ]"),
        ("marketplace-object", "marketplaceProductCodes", "{}"),
        ("image", "imageId", "\"ami-\""),
        ("type-control", "instanceType", "\"t2.micro\\u0007\""),
        ("kernel", "kernelId", "\"aki-xyz\""),
        ("ip-256", "privateIp", "\"10.0.0.256\""),
        ("ip-net", "privateIp", "\"10.0.0.1/8\""),
        ("ip-number", "privateIp", "167772161"),
        ("ramdisk", "ramdiskId", "\"aki-12345678\""),
        ("version", "version", "20170930"),
    ] {
        let document = fields().with(name, value).encode();
        signed(to, &format!("document-optional.{variant}"), "field", "an optional field of another form", document);
        let name = format!("document-optional.null-{name}").to_lowercase();
        if !to.vectors().iter().any(|vector| vector.name() == name) {
            let key = fields().fields.into_iter().map(|(key, _)| key).find(|key| name.ends_with(&format!("null-{}", key.to_lowercase())));
            let document = fields().with(&key.unwrap(), "null").encode();
            signed(to, &name, "accepted", "an optional field is null", document);
        }
    }
}

fn json(to: &mut Corpus) {
    let whole = String::from_utf8(document()).unwrap();
    let nested = |levels: usize| with(&format!("\"x\" : {}{}", "[".repeat(levels), "]".repeat(levels)));
    signed(to, "document-depth.8", "accepted", "eight levels, of which the object is one", nested(7));
    signed(to, "document-depth.9", "depth", "nine levels", nested(8));
    signed(to, "document-depth.21", "depth", "21 levels", nested(20));
    let levels = (16 * 1024 - 6) / 2;
    let deepest = format!("{{\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    signed(to, "document-depth.deepest", "depth", "as deep as 16 KiB allow", deepest);
    for (variant, invalid) in [
        ("ff", &b"\xff"[..]),
        ("overlong", b"\xc0\xaf"),
        ("surrogate", b"\xed\xa0\x80"),
        ("too-large", b"\xf4\x90\x80\x80"),
        ("cut", b"\xe2\x82"),
    ] {
        let start = with("\"x\" : \"");
        let at = start.find("\"x\"").unwrap() + 7;
        let document = [&start.as_bytes()[..at], invalid, b"\"\n}"].concat();
        let name = format!("document-utf8.{variant}");
        to.add(&name, "invalid_document utf8", "not UTF-8", bare(&document)).document(&document).at(at);
    }
    for (variant, lone) in
        [("high", "\\ud800"), ("low", "\\udc00"), ("two-high", "\\ud800\\ud800"), ("reversed", "\\udfff\\ud800"), ("then-x", "\\ud800x")]
    {
        let document = with(&format!("\"x\" : \"{lone}\""));
        signed(to, &format!("document-surrogate.{variant}"), "syntax", "a surrogate alone", document);
    }
    signed(to, "document-surrogate.pair", "accepted", "a pair", with("\"x\" : \"\\ud83d\\ude00\""));
    for (variant, after) in [("x", "x"), ("object", "{}"), ("nul", "\0"), ("comma", ","), ("brace", "}"), ("again", whole.as_str())] {
        let document = format!("{whole}{after}");
        let name = format!("document-trailing.{variant}");
        let vector = to.add(&name, "invalid_document trailing", "text after the object", bare(document.as_bytes()));
        vector.document(&document).at(whole.len());
    }
    signed(to, "document-trailing.newline", "accepted", "a newline that was signed too", format!("{whole}\n"));
    for (variant, other) in [
        ("array", "[]"),
        ("null", "null"),
        ("number", "7"),
        ("string", "\"{}\""),
        ("array-of-object", "[{}]"),
        ("html", "<html></html>"),
        ("bom", "\u{feff}{}"),
    ] {
        let name = format!("document-top.{variant}");
        to.add(&name, "invalid_document not_an_object", "signed, and not an object", text(&over(RSA2048, other.as_bytes()))).at(0);
    }
    for (variant, broken) in [
        ("single-quotes", whole.replace('"', "'")),
        ("comma-last", whole.replace("\"\n}", "\",\n}")),
        ("equals", whole.replace(" : ", " = ")),
        ("comment", whole.replace('\n', "\n// a comment\n")),
        ("cut", whole[..whole.len() - 1].to_owned()),
        ("nan", with("\"x\" : NaN")),
        ("exponent", with("\"x\" : 1e")),
        ("01", with("\"x\" : 01")),
        ("control", with("\"x\" : \"\u{7}\"")),
        ("newline", with("\"x\" : \"a\nb\"")),
        ("escape", with("\"x\" : \"\\x41\"")),
    ] {
        signed(to, &format!("document-syntax.{variant}"), "syntax", "signed, and not JSON", broken);
    }
}

fn times(to: &mut Corpus) {
    for (variant, time) in [
        ("empty", ""),
        ("date", "2024-04-12"),
        ("space", "2024-04-12 13:56:49Z"),
        ("no-zone", "2024-04-12T13:56:49"),
        ("lower-case", "2024-04-12t13:56:49z"),
        ("fraction", "2024-04-12T13:56:49.0Z"),
        ("offset", "2024-04-12T13:56:49+00:00"),
        ("unknown-offset", "2024-04-12T13:56:49-00:00"),
        ("minutes", "2024-04-12T13:56Z"),
        ("basic", "20240412T135649Z"),
        ("hour-24", "2024-04-12T24:00:00Z"),
        ("minute-60", "2024-04-12T13:60:49Z"),
        ("leap-second", "2024-04-12T13:56:60Z"),
        ("february-29", "2023-02-29T13:56:49Z"),
        ("month-13", "2024-13-12T13:56:49Z"),
        ("day-0", "2024-04-00T13:56:49Z"),
        ("short-month", "2024-4-12T13:56:49Z"),
        ("minus", "-024-04-12T13:56:49Z"),
        ("plus", "+02024-04-12T13:56:49Z"),
        ("1969", "1969-12-31T23:59:59Z"),
        ("newline", "2024-04-12T13:56:49Z\\n"),
        ("wide", "２024-04-12T13:56:49Z"),
    ] {
        let document = fields().with("pendingTime", &format!("\"{time}\"")).encode();
        signed(to, &format!("document-time.{variant}"), "field", "pendingTime is RFC 3339 in UTC to the second", document);
    }
    let document = fields().with("pendingTime", "1712930209").encode();
    signed(to, "document-time.number", "field", "pendingTime as a number", document);
}

fn controls(to: &mut Corpus) {
    let document = with("\"x\" : \"\\u001b[31m\\u0000\\r\\n\", \"\\u001b[2J\" : 1");
    signed(to, "document-control", "accepted", "control characters in unknown fields: to be escaped where they are shown", document);
    for (variant, control) in
        [("nul", "\\u0000"), ("escape", "\\u001b"), ("delete", "\\u007f"), ("nel", "\\u0085"), ("csi", "\\u009b"), ("rlo", "\\u202e")]
    {
        for (field, name, value) in [
            ("account", "accountId", "123456789012"),
            ("instance", "instanceId", "i-0123456789abcdef0"),
            ("time", "pendingTime", "2024-04-12T13:56:49Z"),
            ("type", "instanceType", "t2"),
        ] {
            let document = fields().with(name, &format!("\"{value}{control}\"")).encode();
            signed(to, &format!("document-control-typed.{field}-{variant}"), "field", "a control character in a typed value", document);
        }
    }
}
