//! JSON objects of requests, read strictly: no name twice (RFC 7515 §4; serde_json takes the last in silence), fields typed.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use thiserror::Error;

use super::problem::{Problem, ProblemType};

/// What is wrong with the JSON of a request.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum JsonFault {
    /// It is no JSON, or a name in it occurs twice.
    #[error("it is not JSON as RFC 8259 and RFC 7515 have it: {0}")]
    Text(String),
    /// It is JSON, and no object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// A field is not there.
    #[error("the field `{0}` is missing")]
    Missing(&'static str),
    /// A field is of another kind.
    #[error("the field `{name}` is not {expected}")]
    Kind {
        /// Its name.
        name: &'static str,
        /// What it is to be, with its article.
        expected: &'static str,
    },
}

impl From<JsonFault> for Problem {
    fn from(fault: JsonFault) -> Self {
        Self::new(
            ProblemType::Malformed,
            format!("the content of the request cannot be read: {fault}"),
        )
    }
}

/// An object of a request. Fields that nobody asks for are ignored (RFC 8555 §7.1), and an optional field that is `null` is one that is missing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, JsonFault> {
        let Unique(value) =
            serde_json::from_slice(bytes).map_err(|error| JsonFault::Text(error.to_string()))?;
        Self::of(value).ok_or(JsonFault::NotAnObject)
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(Self(fields)),
            _ => None,
        }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("what was read as JSON is JSON")
    }

    /// Whether there is a field of this name, `null` too.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The first of these names that it has.
    pub(super) fn first_of<'a>(&self, names: &[&'a str]) -> Option<&'a str> {
        names.iter().copied().find(|name| self.has(name))
    }

    fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn typed<'a, T>(
        &'a self,
        name: &'static str,
        expected: &'static str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, JsonFault> {
        let kind = JsonFault::Kind { name, expected };
        self.field(name).map(|value| read(value).ok_or(kind)).transpose()
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, JsonFault> {
        self.typed(name, "a string", Value::as_str)
    }

    pub(super) fn expect_text(&self, name: &'static str) -> Result<&str, JsonFault> {
        self.text(name)?.ok_or(JsonFault::Missing(name))
    }

    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, JsonFault> {
        self.typed(name, "true or false", Value::as_bool)
    }

    pub(super) fn number(&self, name: &'static str) -> Result<Option<u64>, JsonFault> {
        self.typed(name, "a whole number", Value::as_u64)
    }

    pub(super) fn object(&self, name: &'static str) -> Result<Option<Self>, JsonFault> {
        self.typed(name, "an object", |value| Self::of(value.clone()))
    }

    pub(super) fn texts(&self, name: &'static str) -> Result<Option<Vec<&str>>, JsonFault> {
        self.typed(name, "a list of strings", |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })
    }

    pub(super) fn objects(&self, name: &'static str) -> Result<Option<Vec<Self>>, JsonFault> {
        self.typed(name, "a list of objects", |value| {
            value.as_array()?.iter().cloned().map(Self::of).collect()
        })
    }
}

/// A JSON value in which no object has a name twice.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(value)) = items.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some((name, Unique(value))) = entries.next_entry::<String, Unique>()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the name `{name}` occurs twice")));
            }
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Object, JsonFault> {
        Object::read(text.as_bytes())
    }

    #[test]
    fn a_name_that_occurs_twice_is_refused_at_any_depth() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"b":{"a":1,"c":0,"a":2}}"#,
            r#"{"b":[{"a":1,"a":2}]}"#,
        ] {
            let Err(JsonFault::Text(reason)) = read(text) else {
                panic!("{text}")
            };
            assert!(reason.contains("the name `a` occurs twice"), "{reason}");
        }
        assert!(read(r#"{"a":{"a":{"a":[1]}}}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_said() {
        for text in ["[]", "1", "\"a\"", "null", "true", "-1", "1.5"] {
            assert_eq!(read(text), Err(JsonFault::NotAnObject), "{text}");
        }
        for text in ["", "{", "{}{}", "{} x", "{'a':1}", "\u{feff}{}", "{\"a\":NaN}"] {
            assert!(matches!(read(text), Err(JsonFault::Text(_))), "{text}");
        }
        assert!(matches!(
            Object::read(b"{\"a\":\"\xff\"}"),
            Err(JsonFault::Text(_))
        ));
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(matches!(read(&deep), Err(JsonFault::Text(_))));
    }

    #[test]
    fn serde_s_own_names_mean_nothing() {
        let object = read(r#"{"$serde_json::private::RawValue":"{\"a\":1}"}"#).expect("an object");
        assert!(!object.has("a"));
    }

    #[test]
    fn fields_have_kinds_and_null_is_missing() {
        let object =
            read(r#"{"text":"x","flag":true,"number":3,"texts":["x"],"objects":[{}],"object":{},"none":null,"big":1.0}"#)
                .expect("an object");
        assert_eq!(object.text("text"), Ok(Some("x")));
        assert_eq!(object.flag("flag"), Ok(Some(true)));
        assert_eq!(object.number("number"), Ok(Some(3)));
        assert_eq!(object.texts("texts"), Ok(Some(vec!["x"])));
        assert_eq!(
            object.objects("objects").map(|list| list.map(|list| list.len())),
            Ok(Some(1))
        );
        assert!(object.object("object").is_ok_and(|found| found.is_some()));
        assert_eq!(object.text("none"), Ok(None));
        assert_eq!(object.expect_text("none"), Err(JsonFault::Missing("none")));
        assert!(object.has("none"));
        for wrong in [
            object.text("flag").err(),
            object.flag("text").err(),
            object.number("big").err(),
            object.texts("objects").err(),
            object.objects("texts").err(),
            object.object("texts").err(),
        ] {
            assert!(matches!(wrong, Some(JsonFault::Kind { .. })), "{wrong:?}");
        }
    }
}
