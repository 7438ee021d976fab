#!/bin/sh
# Writes what is generated from the program and kept in the tree: completions/, docs/man/, docs/help.txt, docs/doctor.md,
# docs/schema/fleet.1.json and docs/texts.txt.
# `sh tests/generate.sh [GSEC]`; tests/it/program/generated_files.rs compares.
set -eu
cd "$(dirname "$0")/.."
gsec=${1:-target/debug/gsec}
[ $# -gt 0 ] || cargo build --quiet

mkdir -p completions docs
"$gsec" completions bash > completions/gsec.bash
"$gsec" completions zsh > completions/_gsec
"$gsec" completions fish > completions/gsec.fish
"$gsec" completions powershell > completions/_gsec.ps1
"$gsec" completions elvish > completions/gsec.elv

rm -rf docs/man
mkdir docs/man
"$gsec" man --out docs/man > /dev/null

"$gsec" doctor --list --format markdown > docs/doctor.md

"$gsec" fleet schema > docs/schema/fleet.1.json

# The long help of every command, in the order of the lists of commands. `commands` prints those below the command in its arguments.
commands() {
    "$gsec" "$@" --help | sed -n '/^Commands:$/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' | grep -vx help || true
}

# Without a terminal clap wraps at 100 columns.
tree() {
    printf '$ gsec%s --help\n\n' "${*:+ $*}"
    "$gsec" "$@" --help
    printf '\n\n'
    for below in $(commands "$@"); do
        (tree "$@" "$below")
    done
}
tree > docs/help.txt

# All words that a user reads, in one file: the help, the catalog of doctor, and the messages that are in the source.
{
    printf '# Help\n\n'
    cat docs/help.txt
    printf '# Catalog\n\n'
    cat docs/doctor.md
    printf '\n# Messages\n\n'
    python3 tests/python/texts.py .
} > docs/texts.txt
