"""Parses PowerShell with tree-sitter: `parse_powershell.py FILE...` says where a file cannot be parsed.

PowerShell takes typographic quotes and dashes for plain ones, and tree-sitter does not: each file is parsed a second time with
them replaced, so that a name with such a quote that left its string would be seen.
"""

import sys

import tree_sitter_powershell
from tree_sitter import Language, Parser

ALIKE = {
    **{character: "'" for character in "\u2018\u2019\u201a\u201b"},
    **{character: '"' for character in "\u201c\u201d\u201e"},
    **{character: "-" for character in "\u2013\u2014\u2015"},
}


def faults(tree):
    """Lines at which a node is an error, or is missing."""
    left = [tree.root_node]
    while left:
        node = left.pop()
        if node.is_error or node.is_missing:
            yield node.start_point[0] + 1
        left.extend(node.children)


def main(paths):
    parser = Parser(Language(tree_sitter_powershell.language()))
    bad = 0
    for path in paths:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
        alike = "".join(ALIKE.get(character, character) for character in text)
        for version in (text, alike):
            for line in faults(parser.parse(version.encode())):
                print(f"{path}: line {line} cannot be parsed")
                bad = 1
    return bad


sys.exit(main(sys.argv[1:]))
