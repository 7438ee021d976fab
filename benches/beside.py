#!/usr/bin/env python3
"""Times every command of docs/performance.md with two binaries of gsec, which take turns, and prints a Markdown table.

    python3 benches/beside.py OLD NEW [--sizes 0,10000,100000] [--repeat 30]

Each binary has a copy of one CA, whose certificates NEW has issued; one in fifty is revoked. Ratios of medians: above 1.00, NEW is slower.
Nothing here asserts anything.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import tempfile

import whole_process as bench
from whole_process import interleaved, ratio, run, run_all

HEADER = ["records", "", "old ms", "new ms", "**new / old**", "old CPU ms", "new CPU ms", "**new / old**", "old MiB", "new MiB"]


def row(records, what, sides, repeat, log, commands=None):
    old, new = interleaved(sides, repeat)
    wall, cpu = [[statistics.median(series) for series in pair] for pair in ((old.wall, new.wall), (old.cpu, new.cpu))]
    memory = ["", ""] if commands is None else [f"{(bench.peak_memory(command, log) or 0) / 1024:.1f}" for command in commands]
    cells = [f"{wall[0]:.2f}", f"{wall[1]:.2f}", ratio(wall[1], wall[0]), f"{cpu[0]:.2f}", f"{cpu[1]:.2f}", ratio(cpu[1], cpu[0])]
    print("| " + " | ".join([f"{records:,}", what, *cells, *memory]) + " |", flush=True)


def small(binaries, repeat, work, log):
    """Starting, a CA and its hosts, PKCS #12."""
    def each(make):
        return [lambda number, binary=binary: make(binary, number) for binary in binaries]

    def started(binary, _):
        return run([binary, "--version"], log)

    def new_ca(words):
        def made(binary, number):
            place = work / f"new-{pathlib.Path(binary).name}-{number}"
            cost = run_all([[binary, "--ca-dir", place, "ca", "init", "--cn", "Bench CA", *words], [binary, "--ca-dir", place, "cert", "issue", "--host", "db1.example.com", *words]], log)
            shutil.rmtree(place)
            return cost
        return made

    row(0, "`--version`", each(started), repeat * 4, log)
    row(0, "P-256, CA and host", each(new_ca(["--key-type", "p256"])), repeat, log)
    key, folder = work / "rsa.pem", work / "openssl"
    folder.mkdir()
    run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key], log)
    run_all(bench.openssl_ca(folder, "p256") + bench.openssl_host(folder, "p256", "db1.example.com"), log)
    secret, pfx = work / "secret", work / "db1.pfx"
    secret.write_text("correct horse\n")
    run(["openssl", "pkcs12", "-export", "-inkey", folder / "host.key", "-in", folder / "host.pem", "-certfile", folder / "ca.pem", "-passout", f"file:{secret}", "-out", pfx], log)
    cas = {binary: work / f"small-{number}" for number, binary in enumerate(binaries)}
    for binary, ca in cas.items():
        run([binary, "--ca-dir", ca, "ca", "init", "--cn", "Bench CA", "--key-type", "p256"], log)
    certificate = work / "openssl/host.pem"
    row(0, "issue, with PFX", each(lambda binary, _: run([binary, "--ca-dir", cas[binary], "cert", "issue", "--host", "db1.example.com", "--key-type", "p256"], log)), repeat, log)
    row(0, "issue, RSA key given", each(lambda binary, _: run([binary, "--ca-dir", cas[binary], "cert", "issue", "--host", "db1.example.com", "--key", key], log)), repeat, log)
    row(0, "thumbprint", each(lambda binary, _: run([binary, "cert", "thumbprint", certificate], log)), repeat * 4, log)
    row(0, "PFX to PEM", each(lambda binary, _: run([binary, "convert", "to-pem", pfx, "--password-file", secret], log)), repeat * 2, log)
    row(0, "verify", each(lambda binary, _: run([binary, "cert", "verify", certificate, "--trust", folder / "ca.pem"], log)), repeat * 2, log)
    row(0, "doctor on a file", each(lambda binary, _: run([binary, "doctor", certificate, "--fail-on", "never"], log)), repeat * 2, log)


def of_size(records, binaries, repeat, work, log):
    old, new = binaries
    cas = {binary: work / f"of-{records}-{number}" for number, binary in enumerate(binaries)}
    run([new, "--ca-dir", cas[new], "ca", "init", "--cn", "Bench CA", "--key-type", "p256"], log)
    if records:
        hosts = work / "hosts.csv"
        hosts.write_text("host\n" + "".join(f"host{number:07d}.site{number % 40:02d}.example.com\n" for number in range(records)))
        run([new, "--ca-dir", cas[new], "cert", "issue", "--from", hosts, "--key-type", "p256", "--no-pfx"], log)
        for start in range(1, records + 1, 50 * 1000):
            serials = [f"{number:X}" for number in range(start, min(start + 50 * 1000, records + 1), 50)]
            run([new, "--ca-dir", cas[new], "cert", "revoke", *serials, "--serial", "--reason", "superseded", "--yes"], log)
    shutil.copytree(cas[new], cas[old])
    os.sync()

    def compare(what, *words):
        commands = [[binary, "--ca-dir", cas[binary], *words] for binary in binaries]
        row(records, what, [lambda _, command=command: run(command, log) for command in commands], repeat, log, commands)

    def revoked(binary, _):
        ca = cas[binary]
        run([binary, "--ca-dir", ca, "cert", "issue", "--host", "db1.example.com", "--key-type", "p256", "--no-pfx"], log)
        with open(ca / "ca_conf/ca.db", "rb") as index:
            index.seek(-400, os.SEEK_END)
            last = index.read().splitlines()[-1].split(b"\t")[3].decode()
        return run([binary, "--ca-dir", ca, "cert", "revoke", last, "--no-crl"], log)

    compare("issue", "cert", "issue", "--host", "db1.example.com", "--key-type", "p256", "--no-pfx")
    row(records, "revoke", [lambda number, binary=binary: revoked(binary, number) for binary in binaries], repeat, log)
    compare("CRL", "crl", "update")
    compare("`cert ensure`, nothing to do", "cert", "ensure", "--host", "ensured.example.com", "--key-type", "p256", "--no-pfx")
    run([new, "--ca-dir", cas[new], "cert", "show", "ensured.example.com"], log)
    compare("a host's certificate", "cert", "show", "ensured.example.com")
    compare("list", "cert", "list")
    compare("list as JSON lines", "cert", "list", "--jsonl")
    compare("list --limit 10", "cert", "list", "--limit", "10")
    compare("`ca show`", "ca", "show")
    compare("`ca log --verify`", "ca", "log", "--verify")
    for ca in cas.values():
        shutil.rmtree(ca)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=pathlib.Path)
    parser.add_argument("new", type=pathlib.Path)
    parser.add_argument("--sizes", default="0,10000,100000", help="numbers of records (default: 0, 10,000 and 100,000)")
    parser.add_argument("--repeat", type=int, default=30, help="pairs of each comparison (default: 30)")
    parser.add_argument("--dir", type=pathlib.Path, help="where the directories are made (default: the system's temporary directory)")
    options = parser.parse_args()
    binaries = [str(path.resolve()) for path in (options.old, options.new)]
    with tempfile.TemporaryDirectory(dir=options.dir) as folder:
        work = pathlib.Path(folder)
        log = work / "log"
        print("| " + " | ".join(HEADER) + " |\n|---|---|" + "--:|" * (len(HEADER) - 2), flush=True)
        small(binaries, options.repeat, work, log)
        for records in (int(count) for count in options.sizes.split(",")):
            of_size(records, binaries, options.repeat, work, log)


if __name__ == "__main__":
    main()
