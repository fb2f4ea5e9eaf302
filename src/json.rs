//! JSON objects ([RFC 8259]) from outside: bounded in depth, no key twice, nothing after the end.
//!
//! Values are kept as the text that they are. So a number is what was signed, to the last digit, and nothing hangs on how `serde_json`
//! represents numbers: another crate of the build can change that by a feature.
//!
//! [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259

use core::cell::Cell;
use core::fmt;
use std::collections::BTreeMap;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::JsonReason;

/// What is wrong, and up to which byte of the text it has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonFault {
    pub(crate) reason: JsonReason,
    pub(crate) at: usize,
}

/// The keys of an object, and its values as text.
pub(crate) type Members<'a> = BTreeMap<String, &'a RawValue>;

/// The JSON object that `text` consists of.
pub(crate) fn object(text: &[u8]) -> Result<Members<'_>, JsonFault> {
    let text = core::str::from_utf8(text).map_err(|error| JsonFault { reason: JsonReason::Utf8, at: error.valid_up_to() })?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(JsonFault { reason: JsonReason::NotAnObject, at: 0 });
    }
    let members = members(text)?;
    for value in members.values() {
        check(value.get(), 2).map_err(|fault| JsonFault { at: fault.at + distance(text, value.get()), ..fault })?;
    }
    Ok(members)
}

/// The characters of a value that is a string.
pub(crate) fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// The elements of a value that is an array of strings.
pub(crate) fn strings(value: &RawValue) -> Option<Vec<String>> {
    serde_json::from_str(value.get()).ok()
}

/// Checks what reading a value as text leaves open: depth, keys and the escapes of strings. `depth` is the one of an array or object here.
fn check(text: &str, depth: usize) -> Result<(), JsonFault> {
    let inner: Vec<&RawValue> = match text.as_bytes().first() {
        Some(b'{' | b'[') if depth > MAX_DEPTH => return Err(JsonFault { reason: JsonReason::Depth, at: 0 }),
        Some(b'{') => members(text)?.into_values().collect(),
        Some(b'[') => serde_json::from_str(text).map_err(|error| syntax(text, &error))?,
        Some(b'"') => return serde_json::from_str::<String>(text).map(drop).map_err(|error| syntax(text, &error)),
        _ => return Ok(()),
    };
    inner.into_iter().try_for_each(|value| {
        check(value.get(), depth + 1).map_err(|fault| JsonFault { at: fault.at + distance(text, value.get()), ..fault })
    })
}

/// The members of the object that `text` consists of.
fn members(text: &str) -> Result<Members<'_>, JsonFault> {
    let twice = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_str(text);
    let members = Object { twice: &twice }.deserialize(&mut reader).map_err(|error| {
        let reason = if twice.get() { JsonReason::DuplicateKey } else { JsonReason::Syntax };
        JsonFault { reason, ..syntax(text, &error) }
    })?;
    reader.end().map_err(|error| JsonFault { reason: JsonReason::Trailing, ..syntax(text, &error) })?;
    Ok(members)
}

/// Reads an object. That a key stands twice is noted in `twice`, since serde's errors are text.
struct Object<'a> {
    twice: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Members<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Members<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members::new();
        while let Some(key) = entries.next_key::<String>()? {
            if members.contains_key(&key) {
                self.twice.set(true);
                return Err(A::Error::custom(JsonReason::DuplicateKey));
            }
            members.insert(key, entries.next_value()?);
        }
        Ok(members)
    }
}

/// serde_json counts lines from 1, and columns in bytes.
fn syntax(text: &str, error: &serde_json::Error) -> JsonFault {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let at = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    JsonFault { reason: JsonReason::Syntax, at: at.min(text.len()) }
}

/// How far into `text` its part `inner` starts.
fn distance(text: &str, inner: &str) -> usize {
    (inner.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// Four times the depth of a document: an object with arrays in it.
const MAX_DEPTH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (JsonReason, usize) {
        let fault = object(text.as_bytes()).unwrap_err();
        (fault.reason, fault.at)
    }

    #[test]
    fn an_object_is_read_with_its_values_as_they_stand() {
        let read = object(br#" {"a": [1, -2, 1.50, true, null, "x\n"], "b": {"c": {}}, "d" : 1e400, "e":"\u0041"} "#).unwrap();
        let values: Vec<(&str, &str)> = read.iter().map(|(key, value)| (key.as_str(), value.get())).collect();
        let expected = [("a", r#"[1, -2, 1.50, true, null, "x\n"]"#), ("b", r#"{"c": {}}"#), ("d", "1e400"), ("e", r#""\u0041""#)];
        assert_eq!(values, expected);
        assert_eq!(string(read["e"]), Some("A".to_owned()));
        assert_eq!(string(read["d"]), None);
        assert_eq!(strings(read["a"]), None);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_every_level() {
        assert_eq!(fault(r#"{"a":1,"a":1}"#), (JsonReason::DuplicateKey, 9));
        assert_eq!(fault(r#"{"a":1,"\u0061":1}"#).0, JsonReason::DuplicateKey);
        assert_eq!(fault(r#"{"b":[{"a":1,"a":1}]}"#), (JsonReason::DuplicateKey, 15));
    }

    #[test]
    fn eight_levels_are_read_and_nine_are_not() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(object(nested(8).as_bytes()).is_ok());
        assert_eq!(fault(&nested(9)), (JsonReason::Depth, 12));
        assert_eq!(fault(&nested(8_000)), (JsonReason::Depth, 12));
    }

    #[test]
    fn what_is_no_json_object_is_refused() {
        assert_eq!(fault(""), (JsonReason::NotAnObject, 0));
        assert_eq!(fault("[]"), (JsonReason::NotAnObject, 0));
        assert_eq!(fault("\u{feff}{}"), (JsonReason::NotAnObject, 0));
        assert_eq!(fault("{} x"), (JsonReason::Trailing, 3));
        assert_eq!(fault("{\n\"a\": x}"), (JsonReason::Syntax, 7));
        assert_eq!(fault(r#"{"a":01}"#).0, JsonReason::Syntax);
        assert_eq!(fault(r#"{"a":"\ud800"}"#).0, JsonReason::Syntax);
        assert_eq!(fault(r#"{"a":[{"b":"\ud800"}]}"#).0, JsonReason::Syntax);
        assert_eq!(fault("{\"a\":\"\n\"}").0, JsonReason::Syntax);
        assert_eq!(fault(r#"{"a":1,}"#).0, JsonReason::Syntax);
        assert_eq!(object(b"{\"a\":\"\xff\"}").unwrap_err(), JsonFault { reason: JsonReason::Utf8, at: 6 });
    }
}
