"""Asks the JSON Schema of inventories about TOML files: `check_inventories.py SCHEMA < LIST` prints `yes` or `no` for each text of the JSON list."""

import json
import sys
import tomllib

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for text in json.load(sys.stdin):
    print("yes" if validator.is_valid(tomllib.loads(text)) else "no")
