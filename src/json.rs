//! JSON objects ([RFC 8259]) from outside: bounded in depth, no key twice, nothing after the end.
//!
//! Values are kept as the text that they are. So a number is what was signed, to the last digit, and nothing hangs on how `serde_json`
//! represents numbers: another crate of the build can change that by a feature.
//!
//! [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259

use core::fmt;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::JsonReason;

/// What is wrong, and up to which byte of the text it has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonFault {
    pub(crate) reason: JsonReason,
    pub(crate) at: usize,
}

impl JsonFault {
    /// The fault, where what has been read stands behind `length` more bytes.
    fn behind(self, length: usize) -> Self {
        Self { at: self.at + length, ..self }
    }
}

/// Where the members of an object go as they are read: the value of each key, as text.
pub(crate) trait Members<'a>: Default {
    /// May values be arrays and objects? If not, whoever takes the members refuses those: they are not looked into.
    const NESTED: bool;

    /// The place for the value of `key`, empty until `key` has been read; or always, for a key that is refused anyway.
    fn place(&mut self, key: Cow<'a, str>) -> &mut Option<&'a RawValue>;
}

/// Members by key, whatever the keys are.
pub(crate) type AnyMembers<'a> = BTreeMap<Cow<'a, str>, Option<&'a RawValue>>;

impl<'a> Members<'a> for AnyMembers<'a> {
    const NESTED: bool = true;

    fn place(&mut self, key: Cow<'a, str>) -> &mut Option<&'a RawValue> {
        self.entry(key).or_default()
    }
}

/// The JSON object that `text` consists of.
pub(crate) fn object<'a, M: Members<'a>>(text: &'a [u8]) -> Result<M, JsonFault> {
    let text = core::str::from_utf8(text).map_err(|error| JsonFault { reason: JsonReason::Utf8, at: error.valid_up_to() })?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(JsonFault { reason: JsonReason::NotAnObject, at: 0 });
    }
    // Most texts have no backslash, which is found out faster.
    let has_codes = text.find('\\').and_then(|at| text.get(at..)).is_some_and(|rest| rest.contains("\\u"));
    let mut object = Object { members: M::default(), unchecked: Vec::new(), has_codes, twice: false };
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_map(&mut object).map_err(|error| {
        let reason = if object.twice { JsonReason::DuplicateKey } else { JsonReason::Syntax };
        JsonFault { reason, ..syntax(text, &error) }
    })?;
    reader.end().map_err(|error| JsonFault { reason: JsonReason::Trailing, ..syntax(text, &error) })?;
    for value in object.unchecked {
        check(value.get()).map_err(|fault| fault.behind(distance(text, value.get())))?;
    }
    Ok(object.members)
}

/// The characters of a value that is a string.
pub(crate) fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    let inside = value.get().strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains('\\') { serde_json::from_str(value.get()).ok().map(|Text(text)| text) } else { Some(inside.into()) }
}

/// The elements of a value that is an array of strings.
pub(crate) fn strings(value: &RawValue) -> Option<Vec<Text<'_>>> {
    serde_json::from_str(value.get()).ok()
}

/// The object, as far as it has been read.
struct Object<'a, M> {
    members: M,
    /// The values that [`check`] has to look at.
    unchecked: Vec<&'a RawValue>,
    /// Is any character written as `\u` and its code? It may be half of a surrogate pair, and so no character (RFC 8259 §8.2).
    has_codes: bool,
    /// Does a key stand twice? Noted here, since serde's errors are text.
    twice: bool,
}

impl<'de, M: Members<'de>> Visitor<'de> for &mut Object<'de, M> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = entries.next_key()? {
            let place = self.members.place(key);
            if place.is_some() {
                self.twice = true;
                return Err(A::Error::custom(JsonReason::DuplicateKey));
            }
            let value: &RawValue = entries.next_value()?;
            *place = Some(value);
            match value.get().as_bytes().first() {
                Some(b'{' | b'[') if M::NESTED => self.unchecked.push(value),
                Some(b'"') if self.has_codes => self.unchecked.push(value),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Checks what reading a value as text leaves open: depth, keys and the codes in strings. The grammar holds already, so brackets and
/// strings are all that there is to look at.
fn check(value: &str) -> Result<(), JsonFault> {
    // The keys of each object around, and none for each array.
    let mut open: Vec<BTreeSet<Cow<'_, str>>> = Vec::new();
    let mut rest = value;
    while let Some(skipped) = rest.bytes().position(|c| matches!(c, b'"' | b'[' | b']' | b'{' | b'}')) {
        let token = rest.get(skipped..).unwrap_or_default();
        let at = value.len() - token.len();
        let mut length = 1;
        match token.as_bytes().first() {
            Some(b'"') => {
                let mut reader = serde_json::Deserializer::from_str(token).into_iter();
                let string = reader.next().transpose().map_err(|error| syntax(token, &error).behind(at))?;
                length = reader.byte_offset();
                let after = token.get(length..).unwrap_or_default().trim_ascii_start();
                // Only a key is followed by a colon.
                if let (Some(Text(key)), Some(keys), true) = (string, open.last_mut(), after.starts_with(':'))
                    && !keys.insert(key)
                {
                    return Err(JsonFault { reason: JsonReason::DuplicateKey, at: value.len() - after.len() - 1 });
                }
            }
            Some(b'[' | b'{') if open.len() + 1 == MAX_DEPTH => return Err(JsonFault { reason: JsonReason::Depth, at }),
            Some(b'[' | b'{') => open.push(BTreeSet::new()),
            _ => drop(open.pop()),
        }
        rest = token.get(length..).unwrap_or_default();
    }
    Ok(())
}

/// The characters of a string: those that stand there, where it has no escapes.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Characters;

        impl<'de> Visitor<'de> for Characters {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Characters)
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
        let fault = object::<AnyMembers<'_>>(text.as_bytes()).unwrap_err();
        (fault.reason, fault.at)
    }

    #[test]
    fn an_object_is_read_with_its_values_as_they_stand() {
        let read: AnyMembers<'_> =
            object(br#" {"a": [1, -2, 1.50, true, null, "x\n"], "b": {"c": {}}, "d" : 1e400, "e":"\u0041"} "#).unwrap();
        let values: Vec<(&str, &str)> = read.iter().map(|(key, value)| (&**key, value.unwrap().get())).collect();
        let expected = [("a", r#"[1, -2, 1.50, true, null, "x\n"]"#), ("b", r#"{"c": {}}"#), ("d", "1e400"), ("e", r#""\u0041""#)];
        assert_eq!(values, expected);
        assert_eq!(string(read["e"].unwrap()), Some("A".into()));
        assert_eq!(string(read["d"].unwrap()), None);
        assert!(strings(read["a"].unwrap()).is_none());
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_every_level() {
        assert_eq!(fault(r#"{"a":1,"a":1}"#), (JsonReason::DuplicateKey, 9));
        assert_eq!(fault(r#"{"a":1,"\u0061":1}"#).0, JsonReason::DuplicateKey);
        assert_eq!(fault(r#"{"b":[{"a":1,"a":1}]}"#), (JsonReason::DuplicateKey, 15));
    }

    #[test]
    fn only_what_is_a_key_of_the_same_object_is_a_key_that_stands_twice() {
        let text = r#"{"a":["a","a",{"a":{"a":"a:"},"b":["b","b"]},{"a":1e400},"]}[{\\",{ "a\"" : "\"" , "a\\" :2}],"b":"a"}"#;
        assert!(object::<AnyMembers<'_>>(text.as_bytes()).is_ok());
        assert_eq!(fault(r#"{"a":[[],{"b":{"a":1},"\u0062" :2}]}"#), (JsonReason::DuplicateKey, 30));
    }

    #[test]
    fn half_of_a_surrogate_pair_is_no_character_wherever_it_stands() {
        assert_eq!(fault(r#"{"a":"\ud83d"}"#), (JsonReason::Syntax, 12));
        assert_eq!(fault(r#"{"a":[{"b":[1, "\ud83d"]}]}"#), (JsonReason::Syntax, 22));
        assert_eq!(fault(r#"{"a":[{"b":1, "\ud83d":1}]}"#), (JsonReason::Syntax, 21));
        let read: AnyMembers<'_> = object(br#"{"a":"\ud83d\ude00","b":["\ud83d\ude00"]}"#).unwrap();
        assert_eq!(string(read["a"].unwrap()).unwrap(), "\u{1f600}");
        assert_eq!(strings(read["b"].unwrap()).unwrap()[0].0, "\u{1f600}");
    }

    #[test]
    fn eight_levels_are_read_and_nine_are_not() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(object::<AnyMembers<'_>>(nested(8).as_bytes()).is_ok());
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
        assert_eq!(object::<AnyMembers<'_>>(b"{\"a\":\"\xff\"}").unwrap_err(), JsonFault { reason: JsonReason::Utf8, at: 6 });
    }
}
