//! The JSON Schema of an inventory, for editors.

use serde_json::{Map, Value, json};

use super::keys::{Form, Keys, ROOT};

/// The schema (JSON Schema 2020-12), written from the keys that the reader obeys.
pub fn schema() -> Value {
    let mut schema = of_table(&ROOT);
    if let Value::Object(members) = &mut schema {
        members.insert(
            "$schema".into(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        members.insert("title".into(), json!("Inventory of gsec fleet, version 1"));
    }
    schema
}

fn of_table(keys: &Keys) -> Value {
    let properties: Map<String, Value> = keys
        .keys
        .iter()
        .map(|key| {
            let mut form = of_form(&key.form);
            if let Value::Object(members) = &mut form {
                members.insert("description".into(), json!(key.meaning));
            }
            (key.name.to_owned(), form)
        })
        .collect();
    let required: Vec<&str> = keys
        .keys
        .iter()
        .filter(|key| key.is_required)
        .map(|key| key.name)
        .collect();
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        table["required"] = json!(required);
    }
    table
}

fn of_form(form: &Form) -> Value {
    match form {
        Form::Text => json!({ "type": "string" }),
        Form::Path => json!({ "type": "string", "minLength": 1 }),
        Form::OneOf(words) => json!({ "enum": words }),
        Form::Number(range) => {
            json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() })
        }
        Form::Flag => json!({ "type": "boolean" }),
        Form::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Form::Options => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Form::Table(keys) => of_table(keys),
        Form::Tables(keys) => json!({ "type": "array", "items": of_table(keys) }),
    }
}
