"""Prints the messages that are in the source: `texts.py [ROOT]`, for docs/texts.txt and the test of words.

A message is a string literal of src/ and crates/*/src with two words or more beside each other, of which one is written in small
letters. Left out are: tests, `records::conformance` (which only tests use), comments (help comes from the program), what follows
`.expect(` and the macros that panic (a bug says it, no user should see it), the reasons of
`#[expect]`, and lines of only letters that stand for themselves in tables.
Placeholders such as `{}` stay as they are written. Files are in the order of their paths, messages in the order of the source, each once for
each file.
"""

import pathlib
import re
import sys

TOKEN = re.compile(
    r"""//[^\n]*                                        # a comment
    |/\*.*?\*/
    |(?P<raw>\bb?r(?P<hashes>\#*)"(?P<content>.*?)"(?P=hashes))
    |(?P<literal>\bb?"(?P<text>(?:[^"\\]|\\.)*)"|"(?P<plain>(?:[^"\\]|\\.)*)")
    |'(?:[^'\\]|\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|.))'   # a character
    """,
    re.X | re.S,
)
TESTS = re.compile(r"^#\[cfg\(test\)\]\s*(?:pub(?:\(\w+\))? )?mod \w+ \{", re.M)
NO_MESSAGE = re.compile(r"\breason = $|(?:\.expect(?:_err)?|\b(?:panic|unreachable|todo|assert(?:_eq|_ne)?|debug_assert(?:_eq)?)!)\(\s*(?:[^\"]*,\s*)?$")
WORDS = re.compile(r"[A-Za-z`}'\",;:)] [A-Za-z`{('<-]")
TABLE = re.compile(r"(?:[a-z?.] )+[a-z?.]")


def messages(source):
    """The messages of one file, as a person reads them."""
    tests = TESTS.search(source)
    source = source[: tests.start()] if tests else source
    for found in TOKEN.finditer(source):
        text = found["text"] if found["text"] is not None else found["plain"]
        text = found["content"] if found["raw"] else text
        if text is None or NO_MESSAGE.search(source[max(0, found.start() - 200) : found.start()]):
            continue
        if not found["raw"]:
            text = re.sub(r"\\\n\s*", "", text)
            text = text.replace('\\"', '"').replace("\\\\", "\\")
        if WORDS.search(text) and re.search(r"[a-z]{2}", text) and not TABLE.fullmatch(text):
            yield text


def files(root):
    """The files that hold messages."""
    folders = [root / "src", *sorted((root / "crates").glob("*/src"))]
    for folder in folders:
        for path in sorted(folder.rglob("*.rs")):
            name = path.relative_to(root).as_posix()
            if path.name != "tests.rs" and "/tests/" not in name and not re.search(r"records/conformance", name):
                yield path, name


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    root = root if root.is_dir() else root.parent.parent.parent
    for path, name in files(root):
        said = list(dict.fromkeys(messages(path.read_text())))
        if said:
            print(f"## {name}\n")
            print("\n".join(said) + "\n")


if __name__ == "__main__":
    main()
