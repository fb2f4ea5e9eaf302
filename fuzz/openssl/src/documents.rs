//! Documents: changed as bytes and as JSON; and what a document of the contract is, by `serde_json` and by hand.

use std::net::IpAddr;

use fastrand::Rng;
use instance_identity_fuzz::Plain;
use serde_json::{Map, Value as Json};

/// `document` with other values, keys, or bytes.
pub fn changed(document: &[u8], random: &mut Rng) -> Vec<u8> {
    let text = String::from_utf8_lossy(document).into_owned();
    let replaced = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    match random.u8(..18) {
        0 => replaced("\"region\"", "\"Region\""),
        1 => replaced("\"accountId\" : \"", "\"accountId\" : \"9"),
        2 => replaced("\"instanceId\" : \"i-", "\"instanceId\" : \"i-g"),
        3 => replaced("\"pendingTime\"", "\"pending\""),
        4 => replaced("\"version\"", "\"region\" : \"us-east-1\",\n  \"version\""),
        5 => replaced("{", "{ \"unknown\" : [ { \"a\" : 1 } ],"),
        6 => replaced("\"privateIp\" : \"", "\"privateIp\" : \"x"),
        7 => [b"\xef\xbb\xbf", document].concat(),
        8 => [document, b"\n"].concat(),
        9 => [document, document].concat(),
        10 => [b"[", document, b"]"].concat(),
        11 => Vec::new(),
        12 => replaced("T", " "),
        13 => document.iter().copied().filter(|octet| !octet.is_ascii_whitespace()).collect(),
        14 => replaced(": null", ": { \"deep\" : [[[[[[[[1]]]]]]]] }"),
        15 => replaced("\"accountId\" : \"", "\"accountId\" : \"\u{fffd}"),
        _ => bytes(document.to_vec(), random),
    }
}

/// A few bytes replaced, put in, taken out or with one bit flipped.
pub fn bytes(mut octets: Vec<u8>, random: &mut Rng) -> Vec<u8> {
    for _ in 0..random.u8(1..4) {
        let at = random.usize(..=octets.len());
        match random.u8(..4) {
            0 if at < octets.len() => octets[at] = random.u8(..),
            1 if at < octets.len() => octets[at] ^= 1 << random.u8(..8),
            2 if at < octets.len() => drop(octets.remove(at)),
            _ => octets.insert(at, random.u8(..)),
        }
    }
    octets
}

/// The region that a JSON object names.
pub fn region(content: &[u8]) -> Option<String> {
    serde_json::from_slice::<Json>(content).ok()?.get("region")?.as_str().map(ToOwned::to_owned)
}

/// Is `content` a document as the contract has it? Made without the crate's own types, whose judgement it is to explain.
pub fn is_document(content: &[u8]) -> bool {
    let (Ok(plain), Ok(Json::Object(fields))) = (Plain::read(content), serde_json::from_slice(content)) else { return false };
    let region = fields.get("region").and_then(Json::as_str).unwrap_or_default();
    let is_zone = |text: &str| text.starts_with(region) && text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    !plain.twice
        && plain.depth <= 8
        && required(&fields, "accountId", |text| text.len() == 12 && text.bytes().all(|c| c.is_ascii_digit()))
        && required(&fields, "instanceId", |text| is_id(text, "i-"))
        && required(&fields, "region", is_region)
        && required(&fields, "pendingTime", is_time)
        && optional(&fields, "imageId", |text| is_id(text, "ami-"))
        && optional(&fields, "kernelId", |text| is_id(text, "aki-"))
        && optional(&fields, "ramdiskId", |text| is_id(text, "ari-"))
        && optional(&fields, "privateIp", |text| text.parse::<IpAddr>().is_ok())
        && optional(&fields, "availabilityZone", is_zone)
        && ["architecture", "instanceType", "version"].into_iter().all(|name| optional(&fields, name, is_name))
        && ["billingProducts", "devpayProductCodes", "marketplaceProductCodes"].into_iter().all(|name| is_list(fields.get(name)))
}

fn required(fields: &Map<String, Json>, name: &str, holds: impl Fn(&str) -> bool) -> bool {
    fields.get(name).and_then(Json::as_str).is_some_and(holds)
}

fn optional(fields: &Map<String, Json>, name: &str, holds: impl Fn(&str) -> bool) -> bool {
    matches!(fields.get(name), None | Some(Json::Null)) || required(fields, name, holds)
}

fn is_list(list: Option<&Json>) -> bool {
    match list {
        None | Some(Json::Null) => true,
        Some(Json::Array(elements)) => elements.iter().all(|element| element.as_str().is_some_and(is_name)),
        Some(_) => false,
    }
}

fn is_name(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic())
}

fn is_id(text: &str, prefix: &str) -> bool {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    matches!(digits.len(), 8 | 17) && digits.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_region(text: &str) -> bool {
    let is_segment = |segment: &str| !segment.is_empty() && segment.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'z'));
    text.len() <= 32 && text.contains('-') && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(is_segment)
}

/// `YYYY-MM-DDThh:mm:ssZ` of a day that exists.
fn is_time(text: &str) -> bool {
    let pattern = text.bytes().map(|c| if c.is_ascii_digit() { b'0' } else { c });
    let compact: String = text.chars().filter(char::is_ascii_digit).collect();
    pattern.eq(*b"0000-00-00T00:00:00Z") && compact.as_str() >= "1970" && is_date_time(&compact)
}

/// Is `YYYYMMDDhhmmss` a time that exists?
pub fn is_date_time(digits: &str) -> bool {
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|text| text.parse::<u32>().ok()).unwrap_or(u32::MAX);
    let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    digits.len() == 14 && (1..=days).contains(&day) && number(8, 10) < 24 && number(10, 12) < 60 && number(12, 14) < 60
}
