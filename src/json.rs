//! JSON objects ([RFC 8259]) from outside: bounded in depth, no key twice, nothing after the end.
//!
//! [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259

use core::cell::Cell;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::JsonReason;

/// What is wrong, and up to which byte of the text it has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonFault {
    pub(crate) reason: JsonReason,
    pub(crate) at: usize,
}

/// The JSON object that `text` consists of.
pub(crate) fn object(text: &[u8]) -> Result<Map<String, Value>, JsonFault> {
    let text = core::str::from_utf8(text).map_err(|error| JsonFault { reason: JsonReason::Utf8, at: error.valid_up_to() })?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(JsonFault { reason: JsonReason::NotAnObject, at: 0 });
    }
    let refused = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Bounded { refused: &refused, depth: 0 }
        .deserialize(&mut reader)
        .map_err(|error| JsonFault { reason: refused.get().unwrap_or(JsonReason::Syntax), at: offset(text, &error) })?;
    reader.end().map_err(|error| JsonFault { reason: JsonReason::Trailing, at: offset(text, &error) })?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(JsonFault { reason: JsonReason::NotAnObject, at: 0 }),
    }
}

/// serde_json counts lines from 1, and columns in bytes.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let at = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    at.min(text.len())
}

/// Reads one value, `depth` levels down. What it refuses itself it notes in `refused`, since serde's errors are text.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    refused: &'a Cell<Option<JsonReason>>,
    depth: usize,
}

impl Bounded<'_> {
    fn refuse<E: serde::de::Error>(self, reason: JsonReason) -> E {
        self.refused.set(Some(reason));
        E::custom(reason)
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.refuse(JsonReason::Depth));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(self.refuse(JsonReason::DuplicateKey));
            }
            let value = entries.next_value_seed(inner)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
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
    fn an_object_is_read_with_all_its_values() {
        let read = object(br#" {"a": [1, -2, 1.5, true, null, "x\n"], "b": {"c": {}}} "#).unwrap();
        assert_eq!(Value::Object(read).to_string(), r#"{"a":[1,-2,1.5,true,null,"x\n"],"b":{"c":{}}}"#);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_every_level() {
        assert_eq!(fault(r#"{"a":1,"a":1}"#).0, JsonReason::DuplicateKey);
        assert_eq!(fault(r#"{"a":1,"\u0061":1}"#).0, JsonReason::DuplicateKey);
        assert_eq!(fault(r#"{"b":[{"a":1,"a":1}]}"#).0, JsonReason::DuplicateKey);
    }

    #[test]
    fn eight_levels_are_read_and_nine_are_not() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(object(nested(8).as_bytes()).is_ok());
        assert_eq!(fault(&nested(9)), (JsonReason::Depth, 13));
        assert_eq!(fault(&nested(100_000)).0, JsonReason::Depth);
    }

    #[test]
    fn what_is_no_json_object_is_refused() {
        assert_eq!(fault(""), (JsonReason::NotAnObject, 0));
        assert_eq!(fault("[]"), (JsonReason::NotAnObject, 0));
        assert_eq!(fault("\u{feff}{}"), (JsonReason::NotAnObject, 0));
        assert_eq!(fault("{} x"), (JsonReason::Trailing, 3));
        assert_eq!(fault("{\n\"a\": x}").0, JsonReason::Syntax);
        assert_eq!(fault(r#"{"a":"\ud800"}"#).0, JsonReason::Syntax);
        assert_eq!(fault(r#"{"a":1e400}"#).0, JsonReason::Syntax);
        assert_eq!(fault("{\"a\":\"\n\"}").0, JsonReason::Syntax);
        assert_eq!(fault(r#"{"a":1,}"#).0, JsonReason::Syntax);
        assert_eq!(object(b"{\"a\":\"\xff\"}").unwrap_err(), JsonFault { reason: JsonReason::Utf8, at: 6 });
    }
}
