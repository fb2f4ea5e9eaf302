//! Sizes, base64, PEM, and inputs that are not what they are passed as.

use instance_identity::{Alteration, Error, Evidence, Hint, Part, PemReason, SignatureKind, ValueKind, verify, verify_cms};

use crate::support::captures::{self, whole};
use crate::support::tlv::{base64, unbase64};
use crate::support::{UNNAMED, named, refusal};

const REGION: &str = "us-west-2";
const BLANKS: [&[u8]; 4] = [b"", b" ", b"\n", b"\r\n\t \x0c"];

fn one_line(text: &[u8]) -> Vec<u8> {
    base64(&unbase64(text))
}

fn in_columns(text: &[u8], columns: usize, end: &str) -> Vec<u8> {
    one_line(text).chunks(columns).collect::<Vec<_>>().join(end.as_bytes())
}

fn pem(begin: &str, text: &[u8], end: &str) -> Vec<u8> {
    [format!("-----BEGIN {begin}-----\n").as_bytes(), &in_columns(text, 64, "\n"), format!("\n-----END {end}-----\n").as_bytes()].concat()
}

fn base64_fault(at: usize) -> Error {
    Error::InvalidBase64 { part: UNNAMED, at, hint: None }
}

fn pem_fault(reason: PemReason, at: usize) -> Error {
    Error::InvalidPem { part: UNNAMED, reason, at }
}

#[test]
fn an_empty_or_blank_signature_is_empty() {
    for blank in BLANKS {
        assert_eq!(refusal(verify(&whole().document, blank, REGION)), Error::EmptyInput { part: UNNAMED });
        assert_eq!(refusal(verify_cms(blank, REGION)), Error::EmptyInput { part: UNNAMED });
    }
}

#[test]
fn an_empty_or_blank_document_is_empty_and_not_absent() {
    for blank in BLANKS {
        for value in [whole().signature(), whole().pkcs7(), whole().rsa2048()] {
            assert_eq!(refusal(verify(blank, value, REGION)), Error::EmptyInput { part: Part::Document });
        }
    }
}

#[test]
fn an_empty_or_blank_evidence_is_empty() {
    for blank in BLANKS {
        assert_eq!(refusal(Evidence::from_json(blank)), Error::EmptyInput { part: Part::Evidence });
    }
}

#[test]
fn a_document_is_read_up_to_its_limit() {
    let (limit, capture) = (16 * 1024, whole());
    let altered = Error::SignatureInvalid { kind: SignatureKind::Rsa, hint: Some(Hint::DocumentAltered(Alteration::NotAnObject)) };
    assert_eq!(refusal(verify(&vec![b'x'; limit], capture.signature(), REGION)), altered);
    let too_large = Error::InputTooLarge { part: Part::Document, limit };
    assert_eq!(refusal(verify(&vec![b'x'; limit + 1], capture.signature(), REGION)), too_large);
    assert_eq!(refusal(verify(&vec![b' '; limit + 1], capture.signature(), REGION)), too_large);
}

#[test]
fn a_signature_is_read_up_to_its_limit_and_not_decoded_beyond() {
    let limit = 32 * 1024;
    let mut text = whole().rsa2048().to_vec();
    text.resize(limit, b'\n');
    assert_eq!(verify_cms(&text, REGION).unwrap().document().as_bytes(), whole().document);
    text.push(b'\n');
    let too_large = Error::InputTooLarge { part: UNNAMED, limit };
    assert_eq!(refusal(verify_cms(&text, REGION)), too_large);
    for not_base64 in [b'*', b'{', 0xff, b'-'] {
        assert_eq!(refusal(verify_cms(&vec![not_base64; limit + 1], REGION)), too_large);
        assert_eq!(refusal(verify(&whole().document, &vec![not_base64; limit + 1], REGION)), too_large);
    }
}

#[test]
fn an_evidence_is_read_up_to_its_limit_and_not_parsed_beyond() {
    let limit = 256 * 1024;
    let mut json = b"{}".to_vec();
    json.resize(limit, b' ');
    assert_eq!(format!("{:?}", Evidence::from_json(&json).unwrap()), format!("{:?}", Evidence::new()));
    let too_large = Error::InputTooLarge { part: Part::Evidence, limit };
    json.push(b' ');
    assert_eq!(refusal(Evidence::from_json(&json)), too_large);
    assert_eq!(refusal(Evidence::from_json(&vec![b'['; limit + 1])), too_large);
}

#[test]
fn a_character_outside_the_alphabet_is_refused_where_it_stands() {
    for outside in *b"*.,:%\"'\\=-_~\0\x01\x0b\x7f" {
        let mut text = one_line(whole().rsa2048());
        text[10] = outside;
        assert_eq!(refusal(verify_cms(&text, REGION)), base64_fault(10), "{outside:02x}");
        assert_eq!(refusal(verify(&whole().document, &text, REGION)), base64_fault(10), "{outside:02x}");
    }
}

#[test]
fn nul_is_refused_at_the_start_and_at_the_end_too() {
    let (document, text) = (whole().document, one_line(whole().signature()));
    assert_eq!(refusal(verify(&document, &[b"\0", text.as_slice()].concat(), REGION)), base64_fault(0));
    assert_eq!(refusal(verify(&document, &[text.as_slice(), b"\0"].concat(), REGION)), base64_fault(172));
}

#[test]
fn base64url_is_refused_at_its_first_own_character() {
    let mut tried = 0;
    for value in captures::cms() {
        let text = one_line(&value.text);
        let Some(first) = text.iter().position(|c| matches!(c, b'+' | b'/')) else { continue };
        tried += 1;
        let url: Vec<u8> = text.iter().map(|c| if *c == b'+' { b'-' } else { *c }).map(|c| if c == b'/' { b'_' } else { c }).collect();
        assert_eq!(refusal(verify_cms(&url, &value.region)), base64_fault(first), "{}", value.name);
    }
    assert_eq!(tried, 14, "all values but one have characters that base64url writes otherwise");
}

#[test]
fn offsets_count_the_white_space_as_presented() {
    let mut text = in_columns(whole().rsa2048(), 76, "\r\n");
    text[160] = b'*';
    assert_eq!(refusal(verify_cms(&text, REGION)), base64_fault(160));
}

#[test]
fn characters_outside_ascii_have_a_hint_that_these_are_bytes() {
    let bytes = unbase64(whole().rsa2048());
    let binary = |at| Error::InvalidBase64 { part: UNNAMED, at, hint: Some(Hint::Binary) };
    // The DER tag 30 is the letter 0.
    assert_eq!(refusal(verify_cms(&bytes, REGION)), binary(1));
    let mut text = one_line(whole().rsa2048());
    text.splice(7..8, "é".bytes());
    assert_eq!(refusal(verify_cms(&text, REGION)), binary(7));
}

#[test]
fn padding_is_neither_missing_nor_doubled_nor_in_the_middle() {
    let (document, text) = (whole().document, one_line(whole().signature()));
    assert_eq!((text.len(), &text[170..]), (172, b"s=".as_slice()), "128 bytes end in one padding character");
    assert_eq!(refusal(verify(&document, &text[..171], REGION)), base64_fault(171));
    assert_eq!(refusal(verify(&document, &[&text, b"=".as_slice()].concat(), REGION)), base64_fault(171));
    assert_eq!(refusal(verify(&document, &[&text, b"====".as_slice()].concat(), REGION)), base64_fault(171));
    assert_eq!(refusal(verify(&document, &[text.clone(), text.clone()].concat(), REGION)), base64_fault(171));
    assert_eq!(refusal(verify(&document, &text[..169], REGION)), base64_fault(169));
}

#[test]
fn the_bits_behind_the_last_byte_are_zero() {
    let (document, mut text) = (whole().document, one_line(whole().signature()));
    for other in *b"tuv" {
        text[170] = other;
        assert_eq!(refusal(verify(&document, &text, REGION)), base64_fault(170));
    }
}

#[test]
fn ascii_white_space_stands_anywhere() {
    let value = whole().rsa2048().to_vec();
    let between = one_line(&value).into_iter().flat_map(|c| [c, b' ']).collect();
    for text in [
        one_line(&value),
        in_columns(&value, 76, "\n"),
        in_columns(&value, 64, "\n"),
        in_columns(&value, 64, "\r\n"),
        in_columns(&value, 1, "\n"),
        in_columns(&value, 7, "\t"),
        in_columns(&value, 76, "\n\n"),
        [in_columns(&value, 76, "\n"), b"\n".to_vec()].concat(),
        [b"\r\n \x0c".to_vec(), in_columns(&value, 76, "\r\n"), b"\r\n\r\n".to_vec()].concat(),
        between,
    ] {
        assert_eq!(verify_cms(&text, REGION).unwrap().document().as_bytes(), whole().document);
    }
    for text in [one_line(whole().signature()), in_columns(whole().signature(), 171, "\n"), in_columns(whole().signature(), 64, "\r\n")] {
        assert_eq!(verify(&whole().document, &text, REGION).unwrap().signatures()[0].kind(), SignatureKind::Rsa);
    }
}

#[test]
fn pem_lines_say_pkcs7_or_cms() {
    for value in captures::cms() {
        for label in ["PKCS7", "CMS"] {
            let verified = verify_cms(&pem(label, &value.text, label), &value.region).unwrap();
            assert_eq!(verified.document().as_bytes(), value.document);
        }
    }
    for label in ["CERTIFICATE", "pkcs7", "PKCS 7", "PKCS7 ", " PKCS7", "PKCS #7 SIGNED DATA", "PRIVATE KEY", ""] {
        assert_eq!(refusal(verify_cms(&pem(label, whole().rsa2048(), label), REGION)), pem_fault(PemReason::Label, 11), "{label:?}");
    }
}

#[test]
fn a_pem_block_ends_with_its_own_label() {
    let value = whole().rsa2048().to_vec();
    let end = 22 + in_columns(&value, 64, "\n").len() + 1;
    assert_eq!(refusal(verify_cms(&pem("PKCS7", &value, "CMS"), REGION)), pem_fault(PemReason::End, end));
    let cut = &pem("PKCS7", &value, "PKCS7")[..end];
    assert_eq!(refusal(verify_cms(cut, REGION)), pem_fault(PemReason::End, end));
    let headless = &pem("PKCS7", &value, "PKCS7")[22..];
    assert_eq!(refusal(verify_cms(headless, REGION)), pem_fault(PemReason::Outside, 0));
}

#[test]
fn a_second_pem_block_is_refused() {
    let block = pem("PKCS7", whole().rsa2048(), "PKCS7");
    let twice = [block.as_slice(), block.as_slice()].concat();
    assert_eq!(refusal(verify_cms(&twice, REGION)), pem_fault(PemReason::SecondBlock, block.len()));
}

#[test]
fn text_before_or_after_a_pem_block_is_refused() {
    let block = pem("PKCS7", whole().rsa2048(), "PKCS7");
    let after = [block.as_slice(), b"\nx"].concat();
    assert_eq!(refusal(verify_cms(&after, REGION)), pem_fault(PemReason::Outside, block.len() + 1));
    let before = [b"subject=x\n", block.as_slice()].concat();
    assert_eq!(refusal(verify_cms(&before, REGION)), pem_fault(PemReason::Outside, 0));
}

#[test]
fn a_pem_header_is_not_base64() {
    let block = pem("PKCS7", whole().rsa2048(), "PKCS7");
    let with_header = [&block[..22], b"Proc-Type: 4\n", &block[22..]].concat();
    assert_eq!(refusal(verify_cms(&with_header, REGION)), base64_fault(26));
}

#[test]
fn a_page_of_html_as_signature_has_a_hint() {
    let page = b"\n<?xml version=\"1.0\"?><html><title>404 - Not Found</title></html>";
    let error = Error::InvalidBase64 { part: UNNAMED, at: 1, hint: Some(Hint::ErrorPage) };
    assert_eq!(refusal(verify_cms(page, REGION)), error);
    assert_eq!(refusal(verify(&whole().document, page, REGION)), error);
}

#[test]
fn a_value_passed_as_another_kind_is_named() {
    let capture = whole();
    let evidence = Evidence::new().with_document(capture.document.clone());
    let (rsa, dsa, rsa2048) = (SignatureKind::Rsa, SignatureKind::Dsa, SignatureKind::Rsa2048);
    for (evidence, expected, found) in [
        (evidence.clone().with_pkcs7(capture.signature()), dsa, ValueKind::Endpoint(rsa)),
        (evidence.clone().with_rsa2048(capture.signature()), rsa2048, ValueKind::Endpoint(rsa)),
        (evidence.clone().with_pkcs7(capture.rsa2048()), dsa, ValueKind::Endpoint(rsa2048)),
        (evidence.clone().with_rsa2048(capture.pkcs7()), rsa2048, ValueKind::Endpoint(dsa)),
        (evidence.clone().with_signature(capture.pkcs7()), rsa, ValueKind::Cms),
        (evidence.clone().with_signature(capture.rsa2048()), rsa, ValueKind::Cms),
        (evidence.clone().with_signature(capture.document.clone()), rsa, ValueKind::Document),
        (evidence.clone().with_pkcs7(capture.document.clone()), dsa, ValueKind::Document),
    ] {
        let region = REGION.parse().unwrap();
        let expect = instance_identity::Expect::Region(&region);
        let error = refusal(instance_identity::Verifier::bundled().verify_evidence(&evidence, expect));
        assert_eq!(error, Error::WrongSignatureKind { expected: ValueKind::Endpoint(expected), found });
        assert_eq!(error.hint(), Some(Hint::PassAs(found)));
    }
}

#[test]
fn a_bare_signature_is_no_cms_value() {
    let error = refusal(verify_cms(whole().signature(), REGION));
    assert_eq!(error, Error::WrongSignatureKind { expected: ValueKind::Cms, found: ValueKind::Endpoint(SignatureKind::Rsa) });
    assert_eq!(error.hint(), Some(Hint::PassAs(ValueKind::Endpoint(SignatureKind::Rsa))));
}

#[test]
fn document_and_signature_swapped_are_told() {
    let capture = whole();
    for (error, expected) in [
        (refusal(verify(capture.signature(), &capture.document, REGION)), ValueKind::AnySignature),
        (refusal(verify_cms(&capture.document, REGION)), ValueKind::Cms),
    ] {
        assert_eq!(error, Error::WrongSignatureKind { expected, found: ValueKind::Document });
        assert_eq!(error.hint(), Some(Hint::PassAs(ValueKind::Document)));
    }
}

#[test]
fn a_value_in_base64_twice_is_no_cms_value() {
    let twice = base64(whole().rsa2048());
    let error = Error::WrongSignatureKind { expected: ValueKind::Cms, found: ValueKind::Endpoint(SignatureKind::Rsa) };
    assert_eq!(refusal(verify_cms(&twice, REGION)), error);
}

#[test]
fn a_certificate_as_signature_is_no_signed_data() {
    let pem = include_str!("../../certs/us-west-2/rsa2048.pem");
    assert_eq!(refusal(verify_cms(pem.as_bytes(), REGION)), pem_fault(PemReason::Label, 11));
    let der = crate::support::tlv::unpem(pem);
    let tag = Error::InvalidBer { part: UNNAMED, reason: instance_identity::BerReason::Tag, at: 4 };
    assert_eq!(refusal(verify_cms(&base64(&der), REGION)), tag);
}

#[test]
fn an_altered_document_has_a_hint_that_the_bytes_must_be_those_served() {
    let capture = whole();
    for (document, alteration) in alterations(&capture.document) {
        let hint = Some(Hint::DocumentAltered(alteration));
        let error = refusal(verify(&document, capture.signature(), REGION));
        assert_eq!(error, Error::SignatureInvalid { kind: SignatureKind::Rsa, hint: hint.clone() });
        assert!(error.hint().unwrap().to_string().contains("exactly as served"));
        for (value, kind) in [(capture.pkcs7(), SignatureKind::Dsa), (capture.rsa2048(), SignatureKind::Rsa2048)] {
            let error = refusal(verify(&document, value, REGION));
            assert_eq!(error, Error::DocumentMismatch { kind, alteration });
            assert_eq!(error.hint(), hint);
        }
    }
}

/// The document as people damage it.
fn alterations(document: &[u8]) -> Vec<(Vec<u8>, Alteration)> {
    let text = String::from_utf8(document.to_vec()).unwrap();
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    let parsed: serde_json::Value = serde_json::from_slice(document).unwrap();
    vec![
        (b"<?xml version=\"1.0\"?><html><title>404 - Not Found</title></html>".to_vec(), Alteration::ErrorPage),
        (b"404 - Not Found".to_vec(), Alteration::NotAnObject),
        ([b"\xef\xbb\xbf", document].concat(), Alteration::ByteOrderMark),
        (utf16(u16::to_le_bytes), Alteration::Utf16),
        ([b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat(), Alteration::Utf16),
        (text.replace('\n', "\r\n").into_bytes(), Alteration::CarriageReturns),
        (serde_json::to_vec_pretty(&parsed).unwrap(), Alteration::Other),
        (serde_json::to_vec(&parsed).unwrap(), Alteration::Other),
        (format!("{text}\n").into_bytes(), Alteration::FinalNewline),
        (format!(" {text}").into_bytes(), Alteration::Other),
        (named_other(document), Alteration::Other),
    ]
}

/// The document with another account.
fn named_other(document: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(document.to_vec()).unwrap();
    let account = text.split('"').skip_while(|word| *word != "accountId").nth(2).unwrap();
    crate::support::replaced(document, account, "999999999999")
}

#[test]
fn an_empty_field_of_an_evidence_is_empty_even_if_its_kind_is_skipped() {
    let capture = whole();
    let verifier = instance_identity::Verifier::bundled().rsa2048_only();
    for (evidence, kind) in [
        (Evidence::new().with_signature(""), SignatureKind::Rsa),
        (Evidence::new().with_pkcs7(" "), SignatureKind::Dsa),
        (Evidence::new().with_rsa2048("\n"), SignatureKind::Rsa2048),
    ] {
        let evidence = evidence.with_document(capture.document.clone());
        let error = refusal(verifier.verify_evidence(&evidence, instance_identity::Expect::AnyRegion));
        assert_eq!(error, Error::EmptyInput { part: named(kind) });
    }
}
