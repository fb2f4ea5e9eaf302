//! Sizes, base64, PEM, and inputs that are not what they are passed as.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use instance_identity::testkit::served;

use crate::value::{DSA, RSA2048, authority, bare, document, fields, text, value};
use crate::vector::Corpus;

const HTML: &str = "<?xml version=\"1.0\"?><html><title>404 - Not Found</title></html>";

pub(crate) fn add(to: &mut Corpus) {
    sizes(to);
    base64(to);
    pem(to);
    swapped(to);
    altered(to);
}

fn one_line() -> String {
    STANDARD.encode(value(RSA2048).encode())
}

fn in_columns(columns: usize, end: &str) -> String {
    let text = one_line();
    let lines: Vec<&str> = text.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(end)
}

fn sizes(to: &mut Corpus) {
    let document = document();
    to.add("transport-blank-signature", "empty_input", "nothing", "");
    to.add("transport-blank-signature.space", "empty_input", "white space", "\r\n\t \x0c");
    to.add("transport-blank-signature.document", "empty_input", "nothing, with a document beside it", "").document(&document);
    to.add("transport-blank-document", "empty_input", "an empty document beside a CMS value is not an absent one", text(&value(RSA2048)))
        .document("");
    to.add("transport-blank-document.space", "empty_input", "a blank document", bare(&document)).document("\r\n ");
    to.add("transport-blank-evidence", "empty_input", "no evidence", "").kind("evidence");
    to.add("transport-blank-evidence.space", "empty_input", "white space as evidence", "\n").kind("evidence");

    let altered = "the bytes differ from what was signed: pass the document exactly as served (this is not a JSON object)";
    to.add("transport-large-document.limit", "signature_invalid", "16 KiB is read", bare(&document))
        .document([b'x'; 16 * 1024])
        .hint(altered);
    to.add("transport-large-document.over", "input_too_large", "one byte more", bare(&document)).document([b'x'; 16 * 1024 + 1]);
    to.add("transport-large-document.blank", "input_too_large", "one byte more, all of it white space", bare(&document))
        .document([b' '; 16 * 1024 + 1]);
    let padded = |size: usize| one_line() + &"\n".repeat(size - one_line().len());
    to.add("transport-large-signature.limit", "accepted", "32 KiB of text are read", padded(32 * 1024));
    to.add("transport-large-signature.over", "input_too_large", "one byte more", padded(32 * 1024 + 1));
    to.add("transport-large-signature.undecoded", "input_too_large", "too long, and not base64 either", "*".repeat(32 * 1024 + 1));
    let padded = |size: usize| "{}".to_owned() + &" ".repeat(size - 2);
    to.add("transport-large-evidence.limit", "missing_signature", "256 KiB are read", padded(256 * 1024)).kind("evidence");
    to.add("transport-large-evidence.over", "input_too_large", "one byte more", padded(256 * 1024 + 1)).kind("evidence");
}

fn base64(to: &mut Corpus) {
    const BASE64: &str = "invalid_base64";
    let document = document();
    let with = |at: usize, c: &str| format!("{}{c}{}", &one_line()[..at], &one_line()[at + 1..]);
    for (variant, c) in [("star", "*"), ("comma", ","), ("percent", "%"), ("quote", "\""), ("tilde", "~"), ("delete", "\x7f")] {
        to.add(&format!("transport-alphabet.{variant}"), BASE64, "a character outside the alphabet", with(10, c)).at(10);
    }
    let mut broken = in_columns(76, "\r\n");
    broken.replace_range(160..161, "*");
    to.add("transport-alphabet.offset", BASE64, "the offset counts white space as presented", broken).at(160);
    to.add("transport-nul", BASE64, "NUL inside", with(10, "\0")).at(10);
    to.add("transport-nul.first", BASE64, "NUL first", format!("\0{}", one_line())).at(0);
    let bare = STANDARD.encode(instance_identity::testkit::TestKey::Rsa1024.sign(&document));
    to.add("transport-nul.last", BASE64, "NUL last", format!("{bare}\0")).document(&document).at(172);
    to.add("transport-vertical-tab", BASE64, "a vertical tab is no white space", with(10, "\x0b")).at(10);

    let url = URL_SAFE.encode(value(RSA2048).encode());
    let first = url.find(['-', '_']).unwrap();
    to.add("transport-base64url", BASE64, "the alphabet of URLs", url).at(first);
    let binary = "these are bytes: pass the base64 text as the metadata service serves it";
    to.add("transport-binary", BASE64, "the bytes themselves; 30 is the letter 0", value(RSA2048).encode()).at(1).hint(binary);
    to.add("transport-binary.letter", BASE64, "a letter outside ASCII", with(7, "é")).at(7);

    let mut add = |name: &str, comment: &str, text: &str, at: usize| {
        to.add(name, BASE64, comment, text).document(&document).at(at);
    };
    add("transport-padding-missing", "128 bytes end in one padding character", &bare[..171], 171);
    add("transport-padding-missing.half", "a single character in the last group", &bare[..169], 169);
    add("transport-padding-doubled", "one padding character too many", &format!("{bare}="), 171);
    add("transport-padding-doubled.group", "four padding characters too many", &format!("{bare}===="), 171);
    add("transport-padding-inside", "two values one after the other", &format!("{bare}{bare}"), 171);
    // 128 bytes leave two bytes for the last group: two bits of its third character are over.
    let last = bare.as_bytes()[170];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let index = alphabet.iter().position(|c| *c == last).unwrap();
    let odd = char::from(alphabet[index + 1]);
    add("transport-trailing-bits", "bits behind the last byte that are not zero", &format!("{}{odd}=", &bare[..170]), 170);

    for (variant, text) in [
        ("one-line", one_line()),
        ("64", in_columns(64, "\n")),
        ("76-crlf", in_columns(76, "\r\n")),
        ("1", in_columns(1, "\n")),
        ("7-tab", in_columns(7, "\t")),
        ("blank-lines", in_columns(76, "\n\n")),
        ("around", format!("\r\n \x0c{}\n\n", in_columns(76, "\n"))),
    ] {
        to.add(&format!("transport-white-space.{variant}"), "accepted", "white space is ignored", text);
    }
    to.add("transport-white-space.before-padding", "accepted", "white space before the padding", format!("{}\n=", &bare[..171]))
        .document(&document);
}

fn pem(to: &mut Corpus) {
    let block = |begin: &str, end: &str| format!("-----BEGIN {begin}-----\n{}\n-----END {end}-----\n", in_columns(64, "\n"));
    let pkcs7 = block("PKCS7", "PKCS7");
    let end = 22 + in_columns(64, "\n").len() + 1;
    to.add("transport-pem.pkcs7", "accepted", "label PKCS7", pkcs7.clone());
    to.add("transport-pem.cms", "accepted", "label CMS", block("CMS", "CMS"));
    for (variant, label) in [("certificate", "CERTIFICATE"), ("lower", "pkcs7"), ("space", "PKCS7 "), ("empty", "")] {
        let name = format!("transport-pem-label.{variant}");
        to.add(&name, "invalid_pem label", "another label", block(label, label)).at(11);
    }
    to.add("transport-pem-end.other", "invalid_pem end", "BEGIN PKCS7, END CMS", block("PKCS7", "CMS")).at(end);
    to.add("transport-pem-end.none", "invalid_pem end", "no END line", &pkcs7[..end]).at(end);
    to.add("transport-pem-end.alone", "invalid_pem outside", "no BEGIN line", &pkcs7[22..]).at(0);
    to.add("transport-pem-two", "invalid_pem second_block", "the same block twice", format!("{pkcs7}{pkcs7}")).at(pkcs7.len());
    to.add("transport-pem-after", "invalid_pem outside", "text after END", format!("{pkcs7}\nx")).at(pkcs7.len() + 1);
    let empty = "-----BEGIN PKCS7-----\n-----END PKCS7-----\n";
    to.add("transport-pem-empty", "empty_input", "a block with nothing inside", empty);
    to.add("transport-pem-empty.named", "empty_input", "a block with nothing inside, as pkcs7", empty).kind("dsa");
    to.add("transport-pem-before", "invalid_pem outside", "text before BEGIN", format!("subject=x\n{pkcs7}")).at(0);
    let header = format!("{}Proc-Type: 4\n{}", &pkcs7[..22], &pkcs7[22..]);
    to.add("transport-pem-header", "invalid_base64", "a header inside the block", header).at(26);
}

fn swapped(to: &mut Corpus) {
    const WRONG: &str = "wrong_signature_kind";
    let (document, json) = (document(), String::from_utf8(document()).unwrap());
    let as_bare = "this is a /signature value: pass it as signature, with the document beside it";
    let as_cms = "this is a PKCS7 (CMS) value: pass it as pkcs7 or rsa2048";
    let as_document = "this is a document: were document and signature swapped?";
    to.add("transport-swapped-bare", WRONG, "a /signature value where a CMS value is expected", bare(&document)).hint(as_bare);
    to.add("transport-swapped-bare.rsa2048", WRONG, "a /signature value as /rsa2048", bare(&document)).kind("rsa2048").hint(as_bare);
    to.add("transport-swapped-bare.dsa", WRONG, "a /signature value as /pkcs7", bare(&document)).kind("dsa").hint(as_bare);
    for (kind, variant) in [(RSA2048, "rsa2048"), (DSA, "dsa")] {
        let name = format!("transport-swapped-cms.{variant}");
        to.add(&name, WRONG, "a CMS value as /signature", text(&value(kind))).kind("rsa").document(&document).hint(as_cms);
    }
    to.add("transport-swapped-json", WRONG, "the document as CMS value", json.clone()).hint(as_document);
    to.add("transport-swapped-json.any", WRONG, "document and signature the wrong way round", json.clone())
        .document(bare(&document))
        .hint(as_document);
    to.add("transport-swapped-json.rsa", WRONG, "the document as /signature", json).kind("rsa").document(&document).hint(as_document);
    to.add("transport-twice", WRONG, "base64 of base64", STANDARD.encode(text(&value(RSA2048))));
    let certificate = authority().certificate(RSA2048);
    to.add("transport-certificate.pem", "invalid_pem label", "a certificate", certificate.pem()).at(11);
    to.add("transport-certificate.der", "invalid_ber tag", "a certificate: a SEQUENCE of a SEQUENCE", served(&certificate.der())).at(4);
    let page = "this looks like an error page: fetch the value again";
    to.add("transport-html-signature", "invalid_base64", "an error page", format!("\n{HTML}")).at(1).hint(page);
}

/// The document as people damage it.
fn altered(to: &mut Corpus) {
    let signed = document();
    let json = String::from_utf8(signed.clone()).unwrap();
    let parsed: serde_json::Value = serde_json::from_slice(&signed).unwrap();
    let utf16: Vec<u8> = json.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (pretty, minified) = (serde_json::to_vec_pretty(&parsed).unwrap(), serde_json::to_vec(&parsed).unwrap());
    for (clause, document, words) in [
        ("html", HTML.as_bytes().to_vec(), " (this is an error page)"),
        ("bom", [b"\xef\xbb\xbf", signed.as_slice()].concat(), " (it starts with a byte order mark)"),
        ("utf16", utf16, " (this is UTF-16)"),
        ("crlf", json.replace('\n', "\r\n").into_bytes(), " (it has CRLF line ends)"),
        ("pretty", pretty, ", not parsed and printed again"),
        ("pretty.minified", minified, ", not parsed and printed again"),
        ("newline", format!("{json}\n").into_bytes(), " (it ends with a newline)"),
        ("other", fields().with("accountId", "\"999999999999\"").encode(), ", not parsed and printed again"),
    ] {
        let (clause, variant) = clause.split_once('.').unwrap_or((clause, ""));
        let hint = format!("the bytes differ from what was signed: pass the document exactly as served{words}");
        for (value, presented, expect) in [
            ("bare", bare(&signed), "signature_invalid"),
            ("rsa2048", text(&value(RSA2048)), "document_mismatch"),
            ("dsa", text(&value(DSA)), "document_mismatch"),
        ] {
            let name = format!("transport-document-{clause}.{variant}{}{value}", if variant.is_empty() { "" } else { "-" });
            to.add(&name, expect, "a document other than the signed one", presented).document(&document).hint(&hint);
        }
    }
}
