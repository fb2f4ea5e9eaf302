//! Documents that are signed, and are not instance identity documents all the same.

use instance_identity::{Alteration, Authentic, DocumentReason, Error, Hint, JsonReason, SignatureKind, verify};

use crate::support::captures::whole;
use crate::support::cms;
use crate::support::keys::{DOCUMENT, REGION, TestKey, verifier};
use crate::support::refusal;
use crate::support::tlv::base64;

/// `document`, rightly signed.
fn signed(document: &[u8]) -> Result<Authentic, Error> {
    verifier().verify(document, &base64(&TestKey::Rsa1024.sign(document)), REGION)
}

/// What a signed document is refused with.
fn reason(document: impl AsRef<[u8]>) -> DocumentReason {
    match refusal(signed(document.as_ref())) {
        Error::InvalidDocument { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// The JSON at fault, and where.
fn json(document: impl AsRef<[u8]>) -> (JsonReason, usize) {
    match reason(document) {
        DocumentReason::Json { reason, at } => (reason, at),
        other => panic!("{other:?}"),
    }
}

/// The test document with `more` before its end.
fn with(more: &str) -> String {
    DOCUMENT.replace("\n}", &format!(",\n  {more}\n}}"))
}

/// The test document with a value changed.
fn changed(from: &str, to: &str) -> String {
    assert!(DOCUMENT.contains(from), "{from}");
    DOCUMENT.replace(from, to)
}

#[test]
fn what_is_not_authentic_is_not_parsed() {
    let forged = base64(&TestKey::Rsa1024.sign(b"something else"));
    for document in ["{", "[]", "{\"a\":1,\"a\":1}", "{\"region\":7}"] {
        let alteration = if document.starts_with('{') { Alteration::Other } else { Alteration::NotAnObject };
        let hint = Some(Hint::DocumentAltered(alteration));
        let error = Error::SignatureInvalid { kind: SignatureKind::Rsa, hint };
        assert_eq!(refusal(verifier().verify(document.as_bytes(), &forged, REGION)), error, "{document}");
        let mut value = cms::value(TestKey::Rsa2048, document.as_bytes());
        cms::flip(value.at_mut(cms::SIGNATURE));
        let error = Error::SignatureInvalid { kind: SignatureKind::Rsa2048, hint: None };
        assert_eq!(refusal(verifier().verify_cms(&value.text(), REGION)), error, "{document}");
    }
}

#[test]
fn a_signed_value_of_every_kind_is_parsed_alike() {
    let broken = with("\"x\" : ");
    let error = refusal(signed(broken.as_bytes()));
    assert!(matches!(error, Error::InvalidDocument { reason: DocumentReason::Json { reason: JsonReason::Syntax, .. } }), "{error:?}");
    for key in [TestKey::Rsa2048, TestKey::Dsa1024] {
        let value = cms::value(key, broken.as_bytes());
        assert_eq!(refusal(verifier().verify_cms(&value.text(), REGION)), error);
        assert_eq!(refusal(verifier().verify(broken.as_bytes(), &value.text(), REGION)), error);
    }
}

#[test]
fn a_key_stands_once() {
    for more in [
        "\"region\" : \"test-local-1\"",
        "\"region\" : \"us-west-2\"",
        "\"accountId\" : \"999999999999\"",
        "\"\\u0061ccountId\" : \"999999999999\"",
        "\"x\" : 1, \"x\" : 1",
        "\"x\" : { \"y\" : 1, \"y\" : 2 }",
        "\"x\" : [ { \"\" : 1, \"\" : 2 } ]",
    ] {
        assert_eq!(json(with(more)).0, JsonReason::DuplicateKey, "{more}");
    }
}

#[test]
fn a_key_in_other_capitals_is_another_key() {
    for (name, other) in [
        ("accountId", "AccountId"),
        ("accountId", "accountID"),
        ("accountId", "accountId "),
        ("accountId", "account_id"),
        ("instanceId", "InstanceId"),
        ("pendingTime", "pendingtime"),
        ("region", "Region"),
    ] {
        assert_eq!(reason(changed(&format!("\"{name}\""), &format!("\"{other}\""))), DocumentReason::MissingField { name });
    }
    // Beside the real one it is kept as unknown, and decides nothing.
    let verified = signed(with("\"AccountId\" : \"999999999999\"").as_bytes()).unwrap();
    assert_eq!(verified.document().account_id().as_str(), "012345678901");
    assert_eq!(verified.document().unknown_fields().len(), 1);
}

#[test]
fn an_account_id_is_a_string_of_12_ascii_digits() {
    for to in [
        "12345678901",
        "12345678901.0",
        "true",
        "[ \"012345678901\" ]",
        "{}",
        "\"\"",
        "\"12345678901\"",
        "\"0123456789012\"",
        "\"01234567890a\"",
        "\" 12345678901\"",
        "\"012345678901\\n\"",
        "\"012345678901\\u0000\"",
        "\"-12345678901\"",
        "\"٠١٢٣٤٥٦٧٨٩٠١\"",
        "\"\\u0660\\u0661\\u0662345678901\"",
        "\"0123-4567-8901\"",
    ] {
        assert_eq!(reason(changed("\"012345678901\"", to)), DocumentReason::Field { name: "accountId" }, "{to}");
    }
}

#[test]
fn an_instance_id_is_i_and_8_or_17_hexadecimal_digits() {
    for id in [
        "",
        "i-",
        "i-0ce4441",
        "i-0ce4441c8",
        "i-0ce4441c840a0a94",
        "i-0ce4441c840a0a9411",
        "i-0CE4441C840A0A941",
        "i-0ce4441c840a0a94g",
        "I-0ce4441c840a0a941",
        "0ce4441c840a0a941",
        "mi-0ce4441c840a0a941",
        "i-0ce4441c840a0a941\\n",
        "i-../../../../../../",
    ] {
        assert_eq!(reason(changed("i-0ce4441c840a0a941", id)), DocumentReason::Field { name: "instanceId" }, "{id}");
    }
    assert_eq!(signed(changed("i-0ce4441c840a0a941", "i-f79fe56c").as_bytes()).unwrap().document().instance_id().as_str(), "i-f79fe56c");
    assert_eq!(reason(changed("\"i-0ce4441c840a0a941\"", "7")), DocumentReason::Field { name: "instanceId" });
}

#[test]
fn a_required_field_is_neither_missing_nor_null() {
    for (name, value) in [
        ("accountId", "\"012345678901\""),
        ("instanceId", "\"i-0ce4441c840a0a941\""),
        ("pendingTime", "\"2024-04-12T13:56:49Z\""),
        ("region", "\"test-local-1\""),
    ] {
        let missing = DocumentReason::MissingField { name };
        assert_eq!(reason(changed(&format!("\"{name}\" : {value}"), "\"other\" : 1")), missing);
        assert_eq!(reason(changed(&format!("\"{name}\" : {value}"), &format!("\"{name}\" : null"))), missing);
    }
    assert_eq!(reason("{}"), DocumentReason::MissingField { name: "accountId" });
}

#[test]
fn unknown_fields_are_kept() {
    let document = with("\"future\" : { \"a\" : [ 1, -2.5, true, null ] }, \"\" : \"x\"");
    let verified = signed(document.as_bytes()).unwrap();
    assert_eq!(verified.document().unknown_fields()["future"].to_string(), r#"{"a":[1,-2.5,true,null]}"#);
    assert_eq!(verified.document().unknown_fields()[""], "x");
    assert_eq!(verified.document().as_bytes(), document.as_bytes());
}

#[test]
fn eight_levels_are_read_and_no_more() {
    let nested = |levels: usize| with(&format!("\"x\" : {}{}", "[".repeat(levels), "]".repeat(levels)));
    signed(nested(7).as_bytes()).unwrap();
    let reason = JsonReason::Depth;
    assert_eq!(json(nested(8)).0, reason);
    let document = nested(20);
    assert_eq!(json(&document), (reason, document.find("[[").unwrap() + 7));
    // As deep as the limit of size allows, on a small stack.
    let deepest = format!("{{\"x\":{}", "[".repeat(16 * 1024 - 5));
    let signature = base64(&TestKey::Rsa1024.sign(deepest.as_bytes()));
    let verify = move || refusal(verifier().verify(deepest.as_bytes(), &signature, REGION));
    let error = std::thread::Builder::new().stack_size(128 * 1024).spawn(verify).unwrap().join().unwrap();
    assert_eq!(error, Error::InvalidDocument { reason: DocumentReason::Json { reason, at: 5 + 7 } });
}

#[test]
fn a_document_is_utf_8() {
    for invalid in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"] {
        let start = with("\"x\" : \"");
        let at = start.find("\"x\"").unwrap() + 7;
        let document = [&start.as_bytes()[..at], invalid, b"\"\n}"].concat();
        assert_eq!(json(document), (JsonReason::Utf8, at), "{invalid:02x?}");
    }
    let utf16: Vec<u8> = DOCUMENT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(json(utf16), (JsonReason::Syntax, 1));
    assert_eq!(json([b"\xef\xbb\xbf", DOCUMENT.as_bytes()].concat()), (JsonReason::NotAnObject, 0));
}

#[test]
fn a_surrogate_does_not_stand_alone() {
    for lone in ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\udfff\\ud800", "\\ud800x"] {
        assert_eq!(json(with(&format!("\"x\" : \"{lone}\""))).0, JsonReason::Syntax, "{lone}");
    }
    let verified = signed(with("\"x\" : \"\\ud83d\\ude00\"").as_bytes()).unwrap();
    assert_eq!(verified.document().unknown_fields()["x"], "\u{1f600}");
}

#[test]
fn nothing_follows_the_object() {
    let at = DOCUMENT.len();
    for after in ["x", "{}", "\0", ",", "}", DOCUMENT] {
        assert_eq!(json(format!("{DOCUMENT}{after}")), (JsonReason::Trailing, at), "{after}");
    }
    signed(format!("{DOCUMENT}\n").as_bytes()).unwrap();
}

#[test]
fn the_top_level_is_an_object() {
    for other in ["[]", "null", "7", "\"{}\"", "true", "[{}]", "x", "<html></html>", "\u{feff}{}"] {
        assert_eq!(json(other), (JsonReason::NotAnObject, 0), "{other}");
    }
}

#[test]
fn what_is_not_json_is_refused() {
    for broken in [
        DOCUMENT.replace('"', "'"),
        DOCUMENT.replace("\"\n}", "\",\n}"),
        DOCUMENT.replace(" : ", " = "),
        DOCUMENT.replace('\n', "\n// a comment\n"),
        DOCUMENT[..DOCUMENT.len() - 1].to_owned(),
        with("\"x\" : NaN"),
        with("\"x\" : 1e999"),
        with("\"x\" : 01"),
        with("\"x\" : \"\u{7}\""),
        with("\"x\" : \"a\nb\""),
        with("\"x\" : \"\\x41\""),
    ] {
        assert_eq!(json(&broken).0, JsonReason::Syntax, "{broken}");
    }
}

#[test]
fn a_pending_time_is_rfc_3339_in_utc_to_the_second() {
    for time in [
        "",
        "2024-04-12",
        "2024-04-12 13:56:49Z",
        "2024-04-12T13:56:49",
        "2024-04-12t13:56:49z",
        "2024-04-12T13:56:49.0Z",
        "2024-04-12T13:56:49+00:00",
        "2024-04-12T13:56:49-00:00",
        "2024-04-12T13:56Z",
        "20240412T135649Z",
        "2024-04-12T24:00:00Z",
        "2024-04-12T13:60:49Z",
        "2024-04-12T13:56:60Z",
        "2023-02-29T13:56:49Z",
        "2024-13-12T13:56:49Z",
        "2024-00-12T13:56:49Z",
        "2024-04-00T13:56:49Z",
        "2024-4-12T13:56:49Z",
        "-024-04-12T13:56:49Z",
        "+02024-04-12T13:56:49Z",
        "1969-12-31T23:59:59Z",
        " 2024-04-12T13:56:49Z",
        "2024-04-12T13:56:49Z\\n",
        "２024-04-12T13:56:49Z",
    ] {
        assert_eq!(reason(changed("2024-04-12T13:56:49Z", time)), DocumentReason::Field { name: "pendingTime" }, "{time}");
    }
    for number in ["1712930209", "1712930209000", "-1"] {
        assert_eq!(reason(changed("\"2024-04-12T13:56:49Z\"", number)), DocumentReason::Field { name: "pendingTime" });
    }
}

#[test]
fn a_zone_starts_with_its_region() {
    for (zone, fits) in [
        ("test-local-1a", true),
        ("test-local-1-lax-1a", true),
        ("test-local-1", true),
        ("test-local-2a", false),
        ("us-west-2a", false),
        ("xtest-local-1a", false),
        ("test-local", false),
    ] {
        let document = changed("test-local-1a", zone);
        if fits {
            assert_eq!(signed(document.as_bytes()).unwrap().document().availability_zone().unwrap().as_str(), zone);
        } else {
            assert_eq!(reason(document), DocumentReason::Zone, "{zone}");
        }
    }
    assert_eq!(reason(changed("test-local-1a", "TEST-LOCAL-1A")), DocumentReason::Field { name: "availabilityZone" });
    for absent in [changed("\"test-local-1a\"", "null"), changed("  \"availabilityZone\" : \"test-local-1a\",\n", "")] {
        assert_eq!(signed(absent.as_bytes()).unwrap().document().availability_zone(), None);
    }
}

#[test]
fn an_optional_field_is_of_its_form_where_it_is_there() {
    for (name, value) in [
        ("architecture", "7"),
        ("architecture", "\"\""),
        ("architecture", "\"x86 64\""),
        ("billingProducts", "\"bp-6fa54006\""),
        ("billingProducts", "[ null ]"),
        ("devpayProductCodes", "[ [] ]"),
        ("marketplaceProductCodes", "{}"),
        ("imageId", "\"ami-\""),
        ("instanceType", "\"t2.micro\\u0007\""),
        ("kernelId", "\"aki-xyz\""),
        ("privateIp", "\"10.0.0.256\""),
        ("privateIp", "\"10.0.0.1/8\""),
        ("privateIp", "167772161"),
        ("ramdiskId", "\"aki-12345678\""),
        ("version", "20170930"),
    ] {
        assert_eq!(reason(with(&format!("\"{name}\" : {value}"))), DocumentReason::Field { name }, "{value}");
        signed(with(&format!("\"{name}\" : null")).as_bytes()).unwrap();
    }
}

#[test]
fn control_characters_are_escaped_where_a_document_is_shown() {
    let document = with("\"x\" : \"\\u001b[31m\\u0000\\r\\n\", \"\\u001b[2J\" : 1");
    let verified = signed(document.as_bytes()).unwrap();
    let json = serde_json::to_string(&verified).unwrap();
    for shown in [format!("{verified:?}"), format!("{:?}", verified.document()), json.clone()] {
        assert!(!shown.contains(char::is_control), "{shown:?}");
    }
    assert!(json.contains("\\u001b[31m\\u0000\\r\\n"), "{json}");
}

#[test]
fn typed_values_have_no_control_characters() {
    for (name, value) in [("accountId", "012345678901"), ("instanceId", "i-0ce4441c840a0a941"), ("pendingTime", "2024-04-12T13:56:49Z")] {
        for control in ["\\u0000", "\\u001b", "\\u007f", "\\u0085", "\\u009b", "\\u202e"] {
            assert_eq!(reason(changed(value, &format!("{value}{control}"))), DocumentReason::Field { name }, "{control}");
        }
    }
    for control in ["\\u0000", "\\u001b", "\\u007f", "\\u0085", "\\u009b", "\\u202e"] {
        assert_eq!(reason(with(&format!("\"instanceType\" : \"t2{control}\""))), DocumentReason::Field { name: "instanceType" });
    }
}

#[test]
fn a_published_document_that_is_altered_at_all_is_not_parsed() {
    let capture = whole();
    let altered = [capture.document.as_slice(), b" "].concat();
    let hint = Some(Hint::DocumentAltered(Alteration::Other));
    assert_eq!(refusal(verify(&altered, capture.signature(), "us-west-2")), Error::SignatureInvalid { kind: SignatureKind::Rsa, hint });
}
