"""Prints the licenses of the crates that a program contains: `python3 contrib/debian/licenses.py gsec`, or `gsec-server`.

Rust links crates statically, so whoever gets the binary gets their code, and most of their licenses ask for their text and their copyright to
go with it. Each text that several crates share is printed once. tests/it/program/package.rs compares the list of crates with the build.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

FEATURES = ["--locked", "--target", "x86_64-unknown-linux-gnu"]
# What crates call the files with their licenses and notices.
IS_LICENSE = re.compile(r"(?i)^(licen[cs]e|copying|copyright|notice|unlicense|authors)([-._].*)?$")


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], check=True, capture_output=True, text=True).stdout


def linked():
    """Name and version of each crate in the program; none that only builds or tests it."""
    lines = cargo("tree", "-p", sys.argv[1], "-e", "normal,no-proc-macro", "--prefix", "none", *FEATURES).splitlines()
    return {tuple(line.split()[:2]) for line in lines if line and not line.startswith("gsec")}


def texts_of(package):
    folder = Path(package["manifest_path"]).parent
    # Libraries in C lie below, with licenses of their own.
    files = sorted(path for path in folder.rglob("*") if path.is_file() and IS_LICENSE.match(path.name))
    if " AND " not in package["license"] and "MIT" in package["license"].replace("/", " OR ").split(" OR "):
        # Where there is a choice, it is MIT.
        files = [path for path in files if "mit" in path.name.lower()] or files
    return ["\n".join(line.rstrip() for line in path.read_text("utf-8").strip("\n").splitlines()) for path in files]


def main():
    wanted = linked()
    packages = json.loads(cargo("metadata", "--format-version", "1", "--locked"))["packages"]
    packages = [package for package in packages if (package["name"], "v" + package["version"]) in wanted]
    packages.sort(key=lambda package: (package["name"], package["version"]))
    if len(packages) != len(wanted):
        sys.exit("cargo metadata and cargo tree do not agree")
    numbers = {}
    print(f"{sys.argv[1]} contains these crates, each under its own license. The numbers are those of the texts below;\nwhere a crate leaves the choice, and one of them is MIT, that is the one.\n")
    for package in packages:
        for text in texts_of(package):
            numbers.setdefault(text, len(numbers) + 1)
        own = ", ".join(dict.fromkeys(str(numbers[text]) for text in texts_of(package))) or "no text in the crate"
        print(f"{package['name']} {package['version']}: {package['license']} [{own}]")
        if package["authors"]:
            print("    " + ", ".join(package["authors"]))
    print("\nIt also contains parts of the Rust standard library: MIT OR Apache-2.0, The Rust Project Contributors.")
    for text, number in numbers.items():
        print(f"\n{'=' * 70}\n[{number}]\n\n{text}")


main()
