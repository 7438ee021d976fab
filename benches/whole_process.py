#!/usr/bin/env python3
"""Times whole processes of gsec beside the OpenSSL commands that reach the same result, and prints Markdown tables.

    cargo build --release
    python3 benches/whole_process.py                  # everything, some minutes
    python3 benches/whole_process.py --only a,d       # some of it
    python3 benches/whole_process.py --dir /dev/shm   # without a disk: what the processor does alone

What it measures:
  a  CA + host certificate + PKCS #12 + thumbprint: gsec in two processes, OpenSSL in seven. P-256 and RSA 2048.
  b  RSA 2048: processor time of `cert issue` beyond that of generating the key.
  c  `cert issue` into a CA with a million records, beside an empty one; and `openssl ca` on the same indexes.
  d  `gsec --version` beside /bin/true.
  g  issue, revoke, CRL, list and `ca log --verify` at 0, 10,000, 100,000 and 1,000,000 records, beside `openssl ca` on the same index.
  h  `cert issue --from`: 1,000 RSA 2048 hosts, 10,000 P-256 hosts with and without PFX, beside the bare rates of key generation with
     signing and of key derivation on all cores, measured before and after in the same run. Needs --keygen-command.
  i  `doctor HOST:PORT` on nginx, beside sslscan, sslyze and testssl.sh on the same server, those that are installed.
  f  `cert issue` with a P-256 key and without a PFX, beside a program that makes a key, signs twice, and writes files of the same length with the same
     barriers: processor time of each in user space. Needs --keygen-command.
  e  opening a PKCS #12 file as OpenSSL 3 writes it by default, beside `openssl pkcs12 -nodes`; and taking it apart.

Directories stay until the end: a file system may pass over inodes that were deleted seconds ago, and making files is ten times slower then.
The two sides take turns (A B A B …), so that whatever else the machine does meets both alike. Times are of this machine; only ratios mean
something elsewhere. Nothing here asserts anything: a timed test fails when somebody else uses the machine.
"""

import argparse
import contextlib
import hashlib
import os
import pathlib
import platform
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUIET = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C", "NO_COLOR": "1"}


class Cost:
    """Wall and processor seconds of one or more processes."""

    def __init__(self, wall=0.0, cpu=0.0):
        self.wall, self.cpu = wall, cpu

    def __add__(self, other):
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


def run(command, log, may_fail=False):
    """Runs one process to its end; a failure stops everything, since a command that fails is fast. Scanners say in their status what they found."""
    first = str(command[0])
    program = first if "/" in first else shutil.which(first)
    if program is None:
        sys.exit(f"`{command[0]}` is not installed")
    actions = QUIET + [(os.POSIX_SPAWN_OPEN, 2, str(log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    start = time.perf_counter()
    child = os.posix_spawn(program, [str(word) for word in command], ENVIRONMENT, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if status != 0 and not may_fail:
        sys.exit(f"{' '.join(map(str, command))}\nended with status {os.waitstatus_to_exitcode(status)}: {log.read_text()}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def run_all(commands, log):
    return sum((run(command, log) for command in commands), Cost())


def peak_memory(command, log):
    """Peak resident memory in KiB, from a child that replaces itself: the figure that wait4 gives is never less than the parent's own."""
    time_tool = shutil.which("time")
    if time_tool is None:
        return None
    run([time_tool, "-f", "%M", "-o", log.with_suffix(".rss"), *command], log)
    return int(log.with_suffix(".rss").read_text().split()[-1])


class Series:
    """The costs of one side, in milliseconds."""

    def __init__(self, costs):
        self.wall = sorted(1000 * cost.wall for cost in costs)
        self.cpu = sorted(1000 * cost.cpu for cost in costs)

    def columns(self):
        return [f"{statistics.median(self.wall):.2f}", f"{statistics.mean(self.wall):.2f}", f"{statistics.median(self.cpu):.2f}", f"{statistics.mean(self.cpu):.2f}"]


def interleaved(sides, repeat, warm_up=2):
    """Calls each side in turn, `repeat` times; the first rounds are thrown away."""
    costs = [[] for _ in sides]
    for number in range(-warm_up, repeat):
        for at, side in enumerate(sides):
            cost = side(number)
            if number >= 0:
                costs[at].append(cost)
    return [Series(each) for each in costs]


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "|".join("---" if at == 0 else "--:" for at in range(len(header))) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print(flush=True)


TIMES = ["wall median ms", "wall mean ms", "CPU median ms", "CPU mean ms"]


def ratio(one, other):
    return f"{one / other:.2f}" if other else "-"


def median_ratios(slow, fast):
    return [ratio(statistics.median(slow.wall), statistics.median(fast.wall)), ratio(statistics.mean(slow.wall), statistics.mean(fast.wall)),
            ratio(statistics.median(slow.cpu), statistics.median(fast.cpu)), ratio(statistics.mean(slow.cpu), statistics.mean(fast.cpu))]


# ---------------------------------------------------------------------------------------------------------------------------- a


def openssl_key(kind, path):
    options = ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "p256" else ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
    return ["openssl", "genpkey", "-quiet", "-algorithm", *options, "-out", path]


def openssl_ca(folder, kind):
    return [
        openssl_key(kind, folder / "ca.key"),
        ["openssl", "req", "-x509", "-new", "-key", folder / "ca.key", "-sha256", "-days", "3650", "-subj", "/CN=Bench CA",
         "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", folder / "ca.pem"],
    ]


def openssl_host(folder, kind, host):
    """What `cert issue` does, in the five processes that people write into their scripts."""
    (folder / "san.cnf").write_text(
        f"basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:{host}\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    return [
        openssl_key(kind, folder / "host.key"),
        ["openssl", "req", "-new", "-key", folder / "host.key", "-subj", f"/CN={host}", "-out", folder / "host.csr"],
        ["openssl", "x509", "-req", "-in", folder / "host.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial", "-sha256", "-days", "100",
         "-extfile", folder / "san.cnf", "-out", folder / "host.pem"],
        ["openssl", "pkcs12", "-export", "-inkey", folder / "host.key", "-in", folder / "host.pem", "-certfile", folder / "ca.pem", "-passout", "pass:",
         "-out", folder / "host.pfx"],
        ["openssl", "x509", "-in", folder / "host.pem", "-noout", "-fingerprint", "-sha1"],
    ]


def side_by_side(options, work):
    print("### CA, host certificate, PKCS #12 and thumbprint: whole processes\n")
    gsec, log = options.gsec, work / "log"
    for kind, words in (("p256", ["--key-type", "p256"]), ("rsa2048", ["--key-type", "rsa", "--key-size", "2048"])):
        place = work / f"side-{kind}"
        place.mkdir()
        ca, ossl = place / "gsec-ca", place / "openssl-ca"
        run([gsec, "--ca-dir", ca, "ca", "init", "--cn", "Bench CA", *words], log)
        ossl.mkdir()
        run_all(openssl_ca(ossl, kind), log)

        def gsec_all(number):
            new = place / f"new{number}"
            cost = run_all([[gsec, "--ca-dir", new, "ca", "init", "--cn", "Bench CA", *words], [gsec, "--ca-dir", new, "cert", "issue", "--host", "db1.example.com", *words]], log)
            shutil.rmtree(new)
            return cost

        def openssl_all(number):
            new = place / f"other{number}"
            new.mkdir()
            cost = run_all(openssl_ca(new, kind) + openssl_host(new, kind, "db1.example.com"), log)
            shutil.rmtree(new)
            return cost

        both = interleaved([gsec_all, openssl_all], options.repeat)
        issue = interleaved([lambda number: run([gsec, "--ca-dir", ca, "cert", "issue", "--host", "db1.example.com", *words], log),
                             lambda number: run_all(openssl_host(ossl, kind, "db1.example.com"), log)], options.repeat)
        rows = []
        for what, (mine, theirs), processes in ((f"{kind}: CA and host", both, (2, 7)), (f"{kind}: host only", issue, (1, 5))):
            rows += [[f"{what}, gsec ({processes[0]} process{'es' if processes[0] > 1 else ''})", *mine.columns()],
                     [f"{what}, OpenSSL ({processes[1]} processes)", *theirs.columns()],
                     [f"**{what}, OpenSSL / gsec**", *(f"**{cell}**" for cell in median_ratios(theirs, mine))]]
        table([f"{options.repeat} rounds"] + TIMES, rows)


# ---------------------------------------------------------------------------------------------------------------------------- b


def beyond_key_generation(options, work):
    print("### RSA 2048: processor time beyond key generation\n")
    gsec, log, keys = options.gsec, work / "log", options.keys
    ca = work / "beyond"
    rsa = ["--key-type", "rsa", "--key-size", "2048"]
    run([gsec, "--ca-dir", ca, "ca", "init", "--cn", "Bench CA", *rsa], log)
    key = work / "rsa.pem"
    run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key], log)

    def issue(_):
        return run([gsec, "--ca-dir", ca, "cert", "issue", "--host", "db1.example.com", *rsa], log)

    def issue_for_key(_):
        return run([gsec, "--ca-dir", ca, "cert", "issue", "--host", "db1.example.com", "--key", key], log)

    sides = [issue, issue_for_key]
    if options.keygen_command:
        # One process for one key, so that both sides pay for starting; the cost of an empty process is taken off the bare side below.
        sides.append(lambda _: run(options.keygen_command.split(), log))
        sides.append(lambda _: run([gsec, "--version"], log))
    series = interleaved(sides, keys, warm_up=1)

    def row(name, side):
        error = statistics.stdev(side.cpu) / len(side.cpu) ** 0.5
        return [name, f"{statistics.mean(side.cpu):.2f}", f"{error:.2f}", f"{statistics.median(side.cpu):.2f}", f"{statistics.mean(side.wall):.2f}"]

    rows = [row("`cert issue`, new RSA 2048 key", series[0]), row("`cert issue --key FILE`, the same RSA 2048 key each time", series[1])]
    if options.keygen_command:
        bare, start = series[2], series[3]
        rows += [row("bare key generation, one process for each key", bare), row("`gsec --version`", start)]
        generation = statistics.mean(bare.cpu) - statistics.mean(start.cpu)
        beyond = statistics.mean(series[0].cpu) - generation
        error = (statistics.variance(series[0].cpu) / keys + statistics.variance(bare.cpu) / keys) ** 0.5
        rows.append(["**`cert issue` beyond key generation** (difference of the means, process start counted)", f"**{beyond:.2f}**", f"{error:.2f}", "", ""])
    table([f"{keys} keys each"] + ["CPU mean ms", "its standard error", "CPU median ms", "wall mean ms"], rows)
    print("The time that generating an RSA key takes varies by chance; issuing for a key that is there already shows the rest without that noise.\n")


# ---------------------------------------------------------------------------------------------------------------------------- c


def fill_index(ca, records, with_files, revoked_each=50):
    """A CA that has issued `records` certificates: an index with realistic subjects, and on request the repository's files."""
    def serial(number):
        digits = f"{number:X}"
        return digits if len(digits) % 2 == 0 else "0" + digits

    with open(ca / "ca_conf/ca.db", "a", encoding="ascii") as index:
        for number in range(1, records + 1):
            status, revoked = ("R", "260301120000Z,superseded") if number % revoked_each == 0 else ("V", "")
            index.write(f"{status}\t{351231 - number % 28:06d}120000Z\t{revoked}\t{serial(number)}\tunknown\t/C=DE/ST=Bavaria/L=Munich/O=Example Contact Centre/OU=Platform/OU=Site {number % 40:02d}/CN=host{number:07d}.site{number % 40:02d}.example.com\n")
    (ca / "ca_conf/serial.num").write_text(serial(records + 1) + "\n")
    if with_files:
        # A million files of their own would take gigabytes; a file system allows some ten thousand names for one file.
        template = None
        for number in range(1, records + 1):
            name = ca / "repository" / f"{serial(number)}.pem"
            if template is None or number % 30000 == 0:
                shutil.copy(ca / "ca_conf/ca_cert.pem", name)
                template = name
            else:
                os.link(template, name)


def cost_of_size(options, work):
    records = options.records
    print(f"### `cert issue` (P-256) into a CA with {records:,} records{' and their files' if options.files else ''}, beside an empty one\n")
    gsec, log = options.gsec, work / "log"
    words = ["--key-type", "p256"]
    empty, full = work / "empty", work / "full"
    for ca in (empty, full):
        run([gsec, "--ca-dir", ca, "ca", "init", "--cn", "Bench CA", *words], log)
    fill_index(full, records, options.files)
    os.sync()  # or the issues below would wait for this to reach the disk

    def issue(ca):
        return [gsec, "--ca-dir", ca, "cert", "issue", "--host", "db1.example.com", *words]

    small, large = interleaved([lambda _: run(issue(empty), log), lambda _: run(issue(full), log)], options.repeat * 2)
    memory = [peak_memory(issue(ca), log) for ca in (empty, full)]
    shown = [f"{kib:,}" if kib else "install `time`" for kib in memory]
    rows = [["gsec, empty", *small.columns(), shown[0]], [f"gsec, {records:,}", *large.columns(), shown[1]],
            ["**gsec, ratio**", *(f"**{cell}**" for cell in median_ratios(large, small)), ratio(memory[1], memory[0]) if all(memory) else "-"]]

    csr, host_key = work / "host.csr", work / "host.key"
    run(openssl_key("p256", host_key), log)
    run(["openssl", "req", "-new", "-key", host_key, "-subj", "/CN=db1.example.com", "-out", csr], log)

    def openssl_ca_issue(ca):
        # ca.conf has relative paths: OpenSSL must be started in the directory.
        return ["sh", "-c", f"cd '{ca}' && exec openssl ca -batch -notext -config ca_conf/ca.conf -in '{csr}' -out /dev/null"]

    rounds = max(3, options.repeat // 10)
    small, large = interleaved([lambda _: run(openssl_ca_issue(empty), log), lambda _: run(openssl_ca_issue(full), log)], rounds, warm_up=1)
    memory = [peak_memory(openssl_ca_issue(ca), log) for ca in (empty, full)]
    shown = [f"{kib:,}" if kib else "install `time`" for kib in memory]
    rows += [["`openssl ca` (signs only), empty", *small.columns(), shown[0]], [f"`openssl ca` (signs only), {records:,}", *large.columns(), shown[1]],
             ["`openssl ca`, ratio", *median_ratios(large, small), ratio(memory[1], memory[0]) if all(memory) else "-"]]
    table(["", *TIMES, "peak memory KiB"], rows)

    print(f"### Reading {records:,} records\n")
    rows = []
    for name, command in (("`cert list --limit 10`", ["cert", "list", "--limit", "10"]), ("`cert list` (all)", ["cert", "list"]), ("`ca show`", ["ca", "show"])):
        (series,) = interleaved([lambda _: run([gsec, "--ca-dir", full, *command], log)], 5, warm_up=1)
        kib = peak_memory([gsec, "--ca-dir", full, *command], log)
        rows.append([name, *series.columns(), f"{kib:,}" if kib else "-"])
    table(["", *TIMES, "peak memory KiB"], rows)


# ---------------------------------------------------------------------------------------------------------------------------- d


def start_up(options, work):
    print("### Starting\n")
    log = work / "log"
    mine, theirs = interleaved([lambda _: run([options.gsec, "--version"], log), lambda _: run(["/bin/true"], log)], options.repeat * 10)
    table(["", *TIMES], [["`gsec --version`", *mine.columns()], ["`/bin/true`", *theirs.columns()],
                         ["**ratio**", *(f"**{cell}**" for cell in median_ratios(mine, theirs))]])
    print(f"Size of the binary: {os.stat(options.gsec).st_size / 1e6:.1f} MB\n")


# ---------------------------------------------------------------------------------------------------------------------------- e


def conversion(options, work):
    print("### A PKCS #12 file as OpenSSL 3 writes it by default (P-256 key, certificate, CA)\n")
    gsec, log, place = options.gsec, work / "log", work / "conversion"
    place.mkdir()
    run_all(openssl_ca(place, "p256") + openssl_host(place, "p256", "db1.example.com"), log)
    secret = place / "secret"
    secret.write_text("correct horse\n")
    pfx = place / "db1.pfx"
    run(["openssl", "pkcs12", "-export", "-inkey", place / "host.key", "-in", place / "host.pem", "-certfile", place / "ca.pem", "-passout", f"file:{secret}", "-out", pfx], log)
    password = ["--password-file", secret]
    stdout = interleaved([lambda _: run([gsec, "convert", "to-pem", pfx, *password], log),
                          lambda _: run(["openssl", "pkcs12", "-in", pfx, "-passin", f"file:{secret}", "-nodes"], log)], options.repeat * 4)

    def gsec_split(number):
        return run([gsec, "convert", "to-pem", pfx, *password, "--out-dir", place / f"split{number}"], log)

    def openssl_split(number):
        def part(name, *flags):
            return ["openssl", "pkcs12", "-in", pfx, "-passin", f"file:{secret}", *flags, "-out", place / f"{number}{name}.pem"]
        return run_all([part("cert", "-clcerts", "-nokeys"), part("key", "-nocerts", "-nodes"), part("chain", "-cacerts", "-nokeys")], log)

    split = interleaved([gsec_split, openssl_split], options.repeat)
    rows = []
    for what, (mine, theirs), names in (("to one stream", stdout, ("`gsec convert to-pem`", "`openssl pkcs12 -nodes`")),
                                        ("to three files", split, ("`gsec convert to-pem --out-dir`, durable", "`openssl pkcs12`, three calls"))):
        rows += [[f"{what}: {names[0]}", *mine.columns()], [f"{what}: {names[1]}", *theirs.columns()],
                 [f"**{what}: OpenSSL / gsec**", *(f"**{cell}**" for cell in median_ratios(theirs, mine))]]
    table(["", *TIMES], rows)


# ---------------------------------------------------------------------------------------------------------------------------- g


def fill_audit_log(ca, lines):
    """A chain of so many lines after those that are there, unsigned, as gsec writes them."""
    log = ca / "ca_conf/audit.log"
    head = hashlib.sha256(log.read_bytes().splitlines()[-1]).hexdigest()
    first = len(log.read_bytes().splitlines()) + 1
    with open(log, "a", encoding="ascii") as out:
        for number in range(lines):
            line = (f'{{"seq":{first + number},"time":"2026-11-01T12:00:00Z","action":"cert.issue","serial":"{hexadecimal(number + 1)}","host":"host{number:07d}.example.com",'
                    f'"names":["dns:host{number:07d}.example.com"],"subject":"CN=host{number:07d}.example.com","profile":"host","not_after":"2035-12-31T12:00:00Z","prev":"{head}"}}')
            head = hashlib.sha256(line.encode("ascii")).hexdigest()
            out.write(line + "\n")


def hexadecimal(number):
    digits = f"{number:X}"
    return digits if len(digits) % 2 == 0 else "0" + digits


def scale(options, work):
    print("### By the number of records; one in ten is revoked\n")
    gsec, log = options.gsec, work / "log"
    rounds = max(3, options.repeat // 10)
    rows = []
    for records in [int(count) for count in options.sizes.split(",")]:
        ca = work / f"scale-{records}"
        run([gsec, "--ca-dir", ca, "ca", "init", "--cn", "Bench CA", "--key-type", "p256"], log)
        fill_index(ca, records, options.files, revoked_each=10)
        fill_audit_log(ca, records)
        theirs = work / f"openssl-{records}"
        shutil.copytree(ca, theirs, ignore=shutil.ignore_patterns("*.pem") if options.files else None)
        for name in ("ca_cert.pem", "ca_priv_key.pem"):
            shutil.copy(ca / "ca_conf" / name, theirs / "ca_conf" / name)
        (theirs / "repository").mkdir(exist_ok=True)
        os.sync()  # or what is measured would wait for this to reach the disk

        def ours(*words):
            return [gsec, "--ca-dir", ca, *words]

        def other(words):
            return ["sh", "-c", f"cd '{theirs}' && exec openssl ca -config ca_conf/ca.conf {words}"]

        csr, key = work / "scale.csr", work / "scale.key"
        run(openssl_key("p256", key), log)
        run(["openssl", "req", "-new", "-key", key, "-subj", "/CN=db1.example.com", "-out", csr], log)
        issue = ours("cert", "issue", "--host", "db1.example.com", "--key-type", "p256", "--no-pfx")
        their_issue = other(f"-batch -notext -in '{csr}' -out '{work / 'scale.pem'}'")
        both = {}
        both["issue"] = interleaved([lambda _: run(issue, log), lambda _: run(their_issue, log)], rounds, warm_up=1)

        def our_revoke(_):
            run(issue, log)
            last = (ca / "ca_conf/ca.db").read_bytes().splitlines()[-1].split(b"\t")[3].decode()
            return run(ours("cert", "revoke", last, "--no-crl"), log)

        def their_revoke(_):
            run(their_issue, log)
            return run(other(f"-revoke '{work / 'scale.pem'}'"), log)

        def copied(_):
            return run(["sh", "-c", f"cp '{ca}/ca_conf/ca.db' '{work}/copy' && sync '{work}/copy'"], log)

        revoke = interleaved([our_revoke, their_revoke, copied], rounds, warm_up=1)
        both["revoke"] = revoke[:2]
        both["CRL"] = interleaved([lambda _: run(ours("crl", "update"), log), lambda _: run(other(f"-gencrl -out '{work / 'crl'}'"), log)], rounds, warm_up=1)
        memory = {"issue": (issue, their_issue), "CRL": (ours("crl", "update"), other(f"-gencrl -out '{work / 'crl'}'"))}
        for what, (mine, theirs_series) in both.items():
            kib = [peak_memory(command, log) or 0 for command in memory.get(what, ())]
            shown = [f"{each / 1024:.1f}" for each in kib] or ["-", "-"]
            rows.append([f"{records:,}", what, f"{statistics.median(mine.wall):.1f}", f"{statistics.median(theirs_series.wall):.1f}", ratio(statistics.median(theirs_series.wall), statistics.median(mine.wall)), *shown])
        rows.append([f"{records:,}", "`cp` and `sync` of ca.db", "", f"{statistics.median(revoke[2].wall):.1f}", "", "", ""])
        ensured = ["cert", "ensure", "--host", "ensured.example.com", "--key-type", "p256", "--no-pfx"]
        first = run(ours(*ensured), log)  # makes the index of hosts, unless `issue` has
        rows.append([f"{records:,}", "the index of hosts made, once", f"{1000 * first.wall:.0f}", "", "", "", ""])
        for what, words in (("`cert ensure`, nothing to do", ensured), ("list", ["cert", "list"]), ("list as JSON lines", ["cert", "list", "--jsonl"]), ("list --limit 10", ["cert", "list", "--limit", "10"]),
                            ("`ca show`", ["ca", "show"]), ("`ca log --verify`", ["ca", "log", "--verify"]), ("a host's certificate", ["cert", "show", "db1.example.com", "--json"]), ("`doctor`", ["doctor", str(ca)])):
            command = ours(*words)
            if words[0] == "doctor":
                command = [*command, "--fail-on", "never"]  # the files are all one certificate, which it says
            if what.startswith("a host"):
                command = ["sh", "-c", f"'{gsec}' --ca-dir '{ca}' cert show db1.example.com > /dev/null 2>&1; true"]  # several certificates: it lists them and ends with 2
            (series,) = interleaved([lambda _: run(command, log)], rounds, warm_up=1)
            rows.append([f"{records:,}", what, f"{statistics.median(series.wall):.1f}", "", "", f"{(peak_memory(command, log) or 0) / 1024:.1f}", ""])
    table(["records", "", "gsec ms", "OpenSSL ms", "OpenSSL / gsec", "gsec MiB", "OpenSSL MiB"], rows)


# ---------------------------------------------------------------------------------------------------------------------------- h


def batch(options, work):
    print("### `cert issue --from`: many hosts in one call, on all cores\n")
    if not options.keygen_command:
        sys.exit("part h needs --keygen-command, the program that measures bare rates: see docs/performance.md")
    keygen, log, rows = options.keygen_command.split()[0], work / "log", []

    def bare(kind, count):
        return float(subprocess.run([keygen, "--rate", kind, str(count)], capture_output=True, text=True, check=True).stdout)

    hosts = options.hosts
    sides = [("RSA 2048", "rsa", [], hosts, {"rsa": "keys made and signatures"}),
             ("P-256", "p256", [], 10 * hosts, {"pfx3": "× three keys derived, as OpenSSL writes a PFX", "pfx": "× two, as gsec does"}),
             ("P-256, `--no-pfx`", "p256", ["--no-pfx"], 10 * hosts, {"p256": "keys made and signatures"})]
    for name, kind, flags, count, limits in sides:
        ca, listed = work / f"batch-{kind}-{len(flags)}", work / "hosts.csv"
        run([options.gsec, "--ca-dir", ca, "ca", "init", "--cn", "Bench CA", "--key-type", kind], log)
        listed.write_text("host\n" + "".join(f"host{number}.example.com\n" for number in range(count)), encoding="utf-8")
        before = {limit: bare(limit, count) for limit in limits}
        command = [options.gsec, "--ca-dir", ca, "cert", "issue", "--from", listed, "--key-type", kind, "--quiet", *flags]
        cost = run(command, log)
        after = {limit: bare(limit, count) for limit in limits}
        again = run(command, log)
        rate = count / cost.wall
        bare_rates = "; ".join(f"{before[limit]:,.0f}, {after[limit]:,.0f} {what}" for limit, what in limits.items())
        shares = ", ".join(f"{100 * rate * (1 / before[limit] + 1 / after[limit]) / 2:.0f} %" for limit in limits)
        rows.append([f"{name}, {count:,} hosts", f"{rate:,.0f}", f"{rate / os.cpu_count():,.0f}", bare_rates, shares,
                     f"{100 * cost.cpu / cost.wall / os.cpu_count():.0f} %", f"{again.wall:.2f} s"])
    table(["", "hosts a second", "for each core", "bare rate before, after", "of the bare rate", "cores busy", "the same again, all present"], rows)


# ---------------------------------------------------------------------------------------------------------------------------- i


NGINX = """daemon off; master_process off; pid nginx.pid; events {{}}
http {{ access_log off; client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {cert}; ssl_certificate_key {key}; }} }}
"""


@contextlib.contextmanager
def nginx(place, certificate, key):
    """nginx as it comes, on a free loopback port, until the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (place / "nginx.conf").write_text(NGINX.format(port=port, cert=certificate, key=key))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or sys.exit("`nginx` is not installed")
    server = subprocess.Popen([program, "-p", f"{place}/", "-c", "nginx.conf", "-e", "error.log"], stderr=subprocess.DEVNULL)
    try:
        while not (place / "nginx.pid").exists():
            if server.poll() is not None:
                sys.exit(f"nginx does not start: {(place / 'error.log').read_text()}")
            time.sleep(0.01)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def doctor(options, work):
    print("### `doctor HOST:PORT` on nginx on loopback, RSA 2048\n")
    gsec, log, place = options.gsec, work / "log", work / "doctor"
    place.mkdir()
    ca, host = place / "ca", "db1.example.com"
    run_all([[gsec, "ca", "init", "--cn", "CA", "--ca-dir", ca], [gsec, "cert", "issue", "--host", host, "--ca-dir", ca]], log)
    [certificate], [key] = (sorted((ca / "repository").glob(f"01_*_{what}.pem")) for what in ("cert", "priv_key"))
    with nginx(place, certificate, key) as target:
        run([gsec, "doctor", target, "--name", host, "--ca-dir", ca, "--fail-on", "notice"], log)
        # testssl.sh takes minutes: it has one turn.
        scanners = {"sslscan": (["sslscan", "--no-colour", f"--sni-name={host}"], 1), "sslyze": ([options.sslyze], 1), "testssl.sh": (["testssl", "--quiet", "--color", "0"], 0)}
        present = {name: (command, in_turn) for name, (command, in_turn) in scanners.items() if shutil.which(str(command[0]))}
        in_turn = {name: command for name, (command, turns) in present.items() if turns}
        sides = [lambda _: run([gsec, "doctor", target, "--name", host, "--ca-dir", ca], log)]
        sides += [lambda _, command=command: run([*command, target], log, may_fail=True) for command in in_turn.values()]
        series = dict(zip(["`gsec doctor`", *in_turn], interleaved(sides, max(options.repeat // 5, 3), warm_up=1)))
        series |= {name: Series([run([*command, target], log, may_fail=True)]) for name, (command, turns) in present.items() if not turns}
    mine = series["`gsec doctor`"]
    table(["", *TIMES, "times gsec's (wall median)"],
          [[name, *each.columns(), ratio(statistics.median(each.wall), statistics.median(mine.wall))] for name, each in series.items()])
    missing = [name for name in scanners if name not in present]
    if missing:
        print(f"Not installed: {', '.join(missing)}\n")


def issue_beside_bare(options, work):
    if not options.keygen_command:
        sys.exit("part f needs --keygen-command, the program that does the same without the rest: see docs/performance.md")
    print("### `cert issue`, P-256, no PFX, beside a program that only makes the key, signs twice and writes the files\n")
    gsec, log, ca, bare = options.gsec, work / "log", work / "issue-ca", work / "bare"
    bare.mkdir()
    run([gsec, "--ca-dir", ca, "ca", "init", "--cn", "Bench CA", "--key-type", "p256"], log)
    shutil.copy(ca / "ca_conf/ca_priv_key.pem", bare / "ca_key.pem")
    program = options.keygen_command.split()[0]

    def user(command):
        """Milliseconds in user space: those of this process's children, before and after."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        return (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) * 1000

    issued, done = [], []
    for turn in range(options.repeat + 5):
        issued.append(user([gsec, "--ca-dir", ca, "cert", "issue", "--host", f"db{turn}.example.com", "--key-type", "p256", "--no-pfx"]))
        done.append(user([program, "--issue", bare]))
    # The first few find nothing in the memory of the system yet.
    issued, done = issued[5:], done[5:]
    rows = [[name, f"{statistics.mean(times):.2f}", f"{statistics.stdev(times) / len(times) ** 0.5:.2f}"]
            for name, times in (("`gsec cert issue`", issued), ("the bare program", done))]
    rows.append(["**ratio**", f"**{statistics.mean(issued) / statistics.mean(done):.2f}**", ""])
    table([f"{options.repeat} turns each", "user ms, mean", "its standard error"], rows)


PARTS = {"f": issue_beside_bare, "i": doctor, "g": scale, "h": batch, "a": side_by_side, "b": beyond_key_generation, "c": cost_of_size, "d": start_up, "e": conversion}


def processor():
    with contextlib.suppress(OSError):
        for line in open("/proc/cpuinfo", encoding="utf-8"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gsec", type=pathlib.Path, default=ROOT / "target/release/gsec", help="the binary (default: target/release/gsec)")
    parser.add_argument("--dir", type=pathlib.Path, help="where the directories are made (default: the system's temporary directory)")
    parser.add_argument("--only", default="a,b,c,d,e", help="which parts (default: a,b,c,d,e); g, h and i take long")
    parser.add_argument("--repeat", type=int, default=50, help="rounds of each comparison (default: 50)")
    parser.add_argument("--keys", type=int, default=300, help="RSA keys for part b (default: 300)")
    parser.add_argument("--keygen-command", help="command that generates one RSA 2048 key and ends, for part b")
    parser.add_argument("--records", type=int, default=1_000_000, help="records for part c (default: 1,000,000)")
    parser.add_argument("--sizes", default="0,10000,100000,1000000", help="numbers of records for part g")
    parser.add_argument("--hosts", type=int, default=1000, help="RSA hosts for part h, and ten times as many with P-256 (default: 1,000)")
    parser.add_argument("--sslyze", default="sslyze", help="part i: the program (it lives in a virtual environment, mostly)")
    parser.add_argument("--files", action="store_true", help="part c: make the repository's files as well (minutes)")
    options = parser.parse_args()
    options.gsec = options.gsec.resolve()
    if not options.gsec.exists():
        sys.exit(f"{options.gsec} is not there: cargo build --release")
    with tempfile.TemporaryDirectory(prefix="gsec-bench-", dir=options.dir) as work:
        version = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.split("(")[0].strip()
        print(f"{subprocess.run([options.gsec, '--version'], capture_output=True, text=True, check=False).stdout.strip()}, {version}, {os.cpu_count()} × {processor()}, "
              f"Linux {platform.release().split('-')[0]}, {file_system(work)}\n", flush=True)
        for part in options.only.split(","):
            PARTS[part.strip()](options, pathlib.Path(work))


def file_system(folder):
    """The type of the file system that a folder lies on: fsync costs nothing on tmpfs and much on a disk."""
    best = ("", "unknown")
    for line in open("/proc/mounts", encoding="utf-8"):
        _, place, kind = line.split()[:3]
        if os.path.commonpath([place, os.path.realpath(folder)]) == place and len(place) >= len(best[0]):
            best = (place, kind)
    return best[1]


if __name__ == "__main__":
    main()
