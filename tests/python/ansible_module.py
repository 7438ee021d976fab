"""Whether a module of Ansible documents what it has: `ansible_module.py FILE` prints the flags of gsec that the module passes on, as JSON.

An option, its type, its choices or its default that differ between the documentation and the argument specification end it with a message, as
does a description without a full stop: ` #` begins a comment in YAML.
"""

import importlib.util
import json
import sys

import yaml

TRAITS = {"type": "str", "elements": None, "required": False, "default": None, "choices": None}


def traits(option):
    return {trait: option.get(trait, absent) for trait, absent in TRAITS.items()}


def options(specification, below):
    found = {}
    for name, option in specification.items():
        found[name] = traits(option)
        for inner, its in options(option.get(below) or {}, below).items():
            found["%s.%s" % (name, inner)] = its
    return found


def descriptions(documented):
    for option in documented.values():
        yield from [option["description"]] if isinstance(option["description"], str) else option["description"]
        yield from descriptions(option.get("suboptions") or {})


def main(path):
    spec = importlib.util.spec_from_file_location("module", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    documentation = yaml.safe_load(module.DOCUMENTATION)["options"]
    returned = yaml.safe_load(module.RETURN)
    for description in [*descriptions(documentation), *descriptions(returned)]:
        if not description.endswith("."):
            sys.exit("not a sentence: " + description)
    documented = options(documentation, "suboptions")
    accepted = options(module.argument_spec(), "options")
    differing = [name for name in sorted({*documented, *accepted}) if documented.get(name) != accepted.get(name)]
    if differing:
        sys.exit("documented otherwise than accepted: " + ", ".join(differing))
    undocumented = set(module.RETURNED) - set(returned)
    if undocumented:
        sys.exit("returned and not documented: " + ", ".join(sorted(undocumented)))
    names = {option for task in yaml.safe_load(module.EXAMPLES) for option in task.get("gsec.gsec.gsec_certificate", {})}
    if names - set(accepted):
        sys.exit("used by an example and not accepted: " + ", ".join(sorted(names - set(accepted))))
    pairs = [*module.SWITCHES.values(), *((flag, None) for flag, _ in module.SECRETS.values())]
    flags = {part for pair in pairs for part in pair if isinstance(part, str)}
    print(json.dumps(sorted(flags | set(module.VALUES.values()) | set(module.SUBJECT.values()))))


main(sys.argv[1])
