//! JSON and the document.

use std::collections::HashSet;
use std::fmt;

use instance_identity::Document;
use instance_identity::internals::{document as parse, json_object};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::tokens;

/// An object is read exactly if `serde_json` reads one, at most 8 levels deep and with no key twice; with the same keys and values.
pub fn json(data: &[u8]) {
    let text = tokens::expand(data, &WORDS);
    object(&text);
}

/// An accepted document is such an object. Every field says what `serde_json` finds there, the serialized document has the same keys and
/// values, is accepted again, and says the same.
pub fn document(data: &[u8]) {
    let text = tokens::expand(data, &WORDS);
    let is_object = object(&text);
    let Ok(document) = parse(&text) else { return };
    assert!(is_object, "a document is a JSON object");
    assert_eq!(document.as_bytes(), text, "its bytes are those that were read");

    let serialized = serde_json::to_vec(&document).expect("a document serializes");
    let again = parse(&serialized).expect("a serialized document is accepted");
    assert_eq!(fields(&again), fields(&document), "serialized, it says the same");
    assert_eq!(serde_json::to_vec(&again).expect("a document serializes"), serialized, "serializing ends there");

    // Numbers out of the range of `Value` are kept as text.
    let Ok(value) = serde_json::from_slice::<Value>(&text) else { return };
    assert_eq!(serde_json::from_slice::<Value>(&serialized).ok().as_ref(), Some(&value), "keys and values as served");
    let members = value.as_object().expect("it is an object");
    for (name, found) in fields(&document) {
        let expected = match members.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(elements)) => elements.iter().map(|element| element.as_str().expect("a string").to_owned()).collect(),
            Some(value) => vec![value.as_str().expect("a string").to_owned()],
        };
        match name {
            // Addresses have several forms.
            "privateIp" => assert_eq!(found.first().cloned(), expected.first().map(|text| address(text)), "{name}"),
            _ => assert_eq!(found, expected, "{name}"),
        }
    }
    let known: HashSet<&str> = fields(&document).into_iter().map(|(name, _)| name).collect();
    for (name, raw) in document.unknown_fields() {
        assert!(!known.contains(name.as_str()), "{name} is known");
        assert_eq!(serde_json::from_str::<Value>(raw.get()).ok().as_ref(), members.get(name), "{name}");
    }
    let unknown = members.keys().filter(|name| !known.contains(name.as_str())).count();
    assert_eq!(document.unknown_fields().len(), unknown, "all unknown fields are kept");
}

/// Checks that the crate's reader and `serde_json` agree. Is it an object?
fn object(text: &[u8]) -> bool {
    let ours = json_object(text);
    let theirs = Plain::read(text);
    match (&ours, &theirs) {
        (Ok(members), Ok(Plain { depth, keys: Some(keys), twice })) => {
            assert!(!twice && *depth <= 8, "no key twice, at most 8 levels");
            let ours: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
            assert_eq!(&ours, keys, "the same keys");
        }
        (Ok(_), Ok(Plain { keys: None, .. })) => panic!("it is no object"),
        (Err(at), Ok(plain)) => {
            assert!(plain.keys.is_none() || plain.twice || plain.depth > 8, "an object, refused at {at}");
        }
        // A number out of range is read as text here.
        (Ok(_), Err(error)) => assert!(error.to_string().starts_with("number out of range"), "{error}"),
        (Err(_), Err(_)) => {}
    }
    if let Err(at) = ours {
        assert!(at <= text.len(), "the fault is inside of the text");
    }
    if let (Ok(members), Ok(Value::Object(object))) = (&ours, serde_json::from_slice(text)) {
        for (key, value) in members {
            assert_eq!(serde_json::from_str::<Value>(value).ok().as_ref(), object.get(key), "the value of {key:?}");
        }
    }
    ours.is_ok()
}

/// What matters of a JSON value, as `serde_json` reads it.
pub struct Plain {
    /// The levels of arrays and objects.
    pub depth: usize,
    /// Of an object, in alphabetical order.
    pub keys: Option<Vec<String>>,
    /// Does a key stand twice in one object, here or inside?
    pub twice: bool,
}

impl Plain {
    /// Reads a JSON text, to its end.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_slice(text);
        Self::deserialize(&mut reader).and_then(|plain| reader.end().map(|()| plain))
    }

    const LEAF: Self = Self { depth: 0, keys: None, twice: false };
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Plain, E> {
        Ok(Plain::LEAF)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Plain, E> {
        Ok(Plain::LEAF)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Plain, E> {
        Ok(Plain::LEAF)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Plain, E> {
        Ok(Plain::LEAF)
    }

    fn visit_str<E>(self, _: &str) -> Result<Plain, E> {
        Ok(Plain::LEAF)
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain::LEAF)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Plain, A::Error> {
        let mut all = Plain { depth: 1, ..Plain::LEAF };
        while let Some(element) = elements.next_element::<Plain>()? {
            all = Plain { depth: all.depth.max(1 + element.depth), twice: all.twice || element.twice, ..all };
        }
        Ok(all)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Plain, A::Error> {
        let (mut all, mut keys) = (Plain { depth: 1, ..Plain::LEAF }, Vec::new());
        while let Some(key) = members.next_key::<String>()? {
            let value: Plain = members.next_value()?;
            all = Plain { depth: all.depth.max(1 + value.depth), twice: all.twice || value.twice, ..all };
            keys.push(key);
        }
        let count = keys.len();
        keys.sort();
        keys.dedup();
        Ok(Plain { twice: all.twice || keys.len() < count, keys: Some(keys), ..all })
    }
}

/// The known fields by AWS's names, as texts; none for an absent one.
fn fields(document: &Document) -> Vec<(&'static str, Vec<String>)> {
    let one = |text: Option<String>| text.into_iter().collect();
    let codes = |codes: &[instance_identity::ProductCode]| codes.iter().map(ToString::to_string).collect();
    vec![
        ("accountId", vec![document.account_id().to_string()]),
        ("architecture", one(document.architecture().map(ToString::to_string))),
        ("availabilityZone", one(document.availability_zone().map(ToString::to_string))),
        ("billingProducts", codes(document.billing_products())),
        ("devpayProductCodes", codes(document.devpay_product_codes())),
        ("imageId", one(document.image_id().map(ToString::to_string))),
        ("instanceId", vec![document.instance_id().to_string()]),
        ("instanceType", one(document.instance_type().map(ToString::to_string))),
        ("kernelId", one(document.kernel_id().map(ToString::to_string))),
        ("marketplaceProductCodes", codes(document.marketplace_product_codes())),
        ("pendingTime", vec![document.pending_time().to_string()]),
        ("privateIp", one(document.private_ip().map(|ip| ip.to_string()))),
        ("ramdiskId", one(document.ramdisk_id().map(ToString::to_string))),
        ("region", vec![document.region().to_string()]),
        ("version", one(document.version().map(ToString::to_string))),
    ]
}

fn address(text: &str) -> String {
    text.parse::<std::net::IpAddr>().expect("an address").to_string()
}

/// For [`tokens::expand`].
pub const WORDS: [&str; 40] = [
    "\"accountId\" : \"123456789012\"",
    "\"architecture\" : \"x86_64\"",
    "\"availabilityZone\" : \"us-east-1a\"",
    "\"billingProducts\" : [ \"bp-6fa54006\" ]",
    "\"devpayProductCodes\" : null",
    "\"imageId\" : \"ami-0123456789abcdef0\"",
    "\"instanceId\" : \"i-0123456789abcdef0\"",
    "\"instanceType\" : \"t3.micro\"",
    "\"kernelId\" : \"aki-12345678\"",
    "\"marketplaceProductCodes\" : [ \"4i20ezfza3p7xx2kt2g8weu2u\", \"x\" ]",
    "\"pendingTime\" : \"2024-04-12T13:56:49Z\"",
    "\"privateIp\" : \"10.0.0.10\"",
    "\"ramdiskId\" : \"ari-12345678\"",
    "\"region\" : \"us-east-1\"",
    "\"version\" : \"2017-09-30\"",
    "\"accountId\"",
    "\"region\"",
    "\"\\u0072egion\"",
    "\"privateIp\"",
    "\"pendingTime\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\\u0061",
    "\\ud800",
    "\\\"",
    "\u{1f600}",
    "\u{feff}",
    "[[[[[[",
    "]]]]]]",
    "{\"a\":",
    "{\"a\":{\"a\":{\"a\":",
    "}}}",
    "\"a\":1,",
    "1e400",
    "-0.0",
    "18446744073709551616",
    "null",
    "true",
    "\"fe80::1\"",
    ",\n  ",
];
