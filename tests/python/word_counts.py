"""Counts words of a private dialect in comments and documentation: `word_counts.py [FOLDER...]`, by default those of the program.

Prints, for each row, how often it comes in 10,000 words of comments, and the bound. The bounds are twice the highest of six well-kept Rust
projects, or 2 where that is more. Ends with 1 when a row is above its bound.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

ROWS = [
    ("nobody, somebody, whoever, everybody", r"\b(?:nobody|somebody|whoever|everybody)\b", 2.0),
    ("stand, for is", r"\bstands?\b", 2.0),
    ("is no, has no", r"\b(?:is|are|was|were|has|have|had) no\b", 19.2),
    ("the X that it", r"\bthe \w+ that (?:it|he|she|they|we|you|one|this|these|those|nobody|somebody|gsec|the|a|an)\b", 8.8),
    ("asked", r"\basked\b", 2.0),
    ("begin", r"\bbegins?\b", 11.6),
    ("told, meant, wanted, shall, mend, at hand", r"\b(?:told|meant|wanted|shall|mend(?:s|ed|ing)?|at hand)\b", 27.0),
]
OCTET, BYTE = re.compile(r"\boctets?\b", re.I), re.compile(r"\bbytes?\b", re.I)


def comments(path):
    """The text of every comment and docstring of a file."""
    for line in path.read_text().splitlines():
        found = re.match(r"\s*//[/!]?\s?(.*)", line)
        if found:
            yield found.group(1)
        elif " // " in line and '"' not in line:
            yield line.split(" // ", 1)[1]


def main():
    folders = [pathlib.Path(name) for name in sys.argv[1:]] or [ROOT / "src", ROOT / "crates"]
    files = [path for folder in folders for path in sorted(folder.rglob("*.rs"))]
    text = "\n".join(line for path in files for line in comments(path))
    words = len(re.findall(r"[A-Za-z][A-Za-z'-]*", text))
    is_above = False
    print(f"{words} words of comments in {len(files)} files; a row is per 10,000 words")
    for name, pattern, bound in ROWS:
        rate = len(re.findall(pattern, text, re.I)) * 10000 / words
        is_above |= rate > bound
        print(f"{rate:6.1f}  at most {bound:4.1f}  {name}{'  ABOVE' if rate > bound else ''}")
    octets, bytes_ = len(OCTET.findall(text)), len(BYTE.findall(text))
    is_above |= octets > bytes_
    print(f"octet : byte {octets} : {bytes_}{'  ABOVE' if octets > bytes_ else ''}")
    return 1 if is_above else 0


sys.exit(main())
