"""Validates gsec's JSON documents: `check_schema.py SCHEMA_DIR < SITUATIONS` prints one line for each thing that is wrong, and exits with 1 if any is.

SITUATIONS is a list of objects: "situation" says how the document came about, "schema" is the name of its schema file without ending, "document" the
document. Every schema must be used by at least one document, forbid what it does not describe, and describe all that it allows.
"""

import json
import pathlib
import re
import sys

from jsonschema import Draft202012Validator


# For what people write: the reader says what of it must be there.
WRITTEN = ("fleet.1", "serve.toml")


def load(folder):
    """The schemas of documents."""
    paths = sorted(pathlib.Path(folder).glob("*.json"))
    schemas = {path.stem: json.loads(path.read_text()) for path in paths}
    for stem in WRITTEN:
        Draft202012Validator.check_schema(schemas.pop(stem))
    return schemas


def objects_in(schema, place):
    """Every part of a schema that has properties, with the place where it stands."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema, place
        for key, part in schema.items():
            yield from objects_in(part, f"{place}/{key}")
    elif isinstance(schema, list):
        for index, part in enumerate(schema):
            yield from objects_in(part, f"{place}/{index}")


def looseness(name, schema):
    Draft202012Validator.check_schema(schema)
    for reference in sorted(set(re.findall(r'"#/\$defs/([^"/]+)"', json.dumps(schema))) - set(schema.get("$defs", {}))):
        yield f"{name}: `{reference}` is not defined in it"
    for part, place in objects_in(schema, name):
        if part.get("additionalProperties") is not False:
            yield f"{place}: allows properties that it does not describe"
        if sorted(part["properties"]) != sorted(part.get("required", [])):
            yield f"{place}: does not require exactly its properties"
        for key, value in part["properties"].items():
            if not value.get("description", "").endswith("."):
                yield f"{place}/{key}: has no description that is a sentence"


def faults(schemas, situations):
    for name, schema in schemas.items():
        yield from looseness(name, schema)
        if all(situation["schema"] != name for situation in situations):
            yield f"{name}: no document uses it"
    for situation in situations:
        schema = schemas.get(situation["schema"])
        if schema is None:
            yield f"{situation['situation']}: there is no schema {situation['schema']}"
            continue
        for error in Draft202012Validator(schema).iter_errors(situation["document"]):
            yield f"{situation['situation']}: {error.json_path}: {error.message}"


def main(folder):
    found = list(faults(load(folder), json.load(sys.stdin)))
    print("\n".join(found))
    sys.exit(1 if found else 0)


main(*sys.argv[1:])
