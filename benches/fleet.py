#!/usr/bin/env python3
"""How long `gsec fleet` takes: an inventory of 1,000 hosts with two bundles and three ports each, and 200 redundant pairs.

    cargo build --release
    python3 benches/fleet.py [--gsec target/release/gsec] [--hosts 1000] [--kills 100] [--ports 200]

Beside `fleet apply` stands `cert issue --from` with the same hosts, into an empty CA too. `--kills` ends that many calls of `fleet apply` with
SIGKILL at random moments, and looks after each whether all bundles are whole. `--ports` has that many TLS servers on loopback, of which seven
serve an old certificate. Wrong results end the program; nothing is asserted about times.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import random
import socket
import ssl
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAD = 'version = 1\nca_dir = "gsec-ca"\n[defaults]\nkey_type = "p256"\n'
BUNDLES = 'bundles = [ { for = "nginx" }, { for = "unix", group = "app", dest = "/opt/app/tls" } ]\n'
OLD = 7


def hosts(count, more=""):
    row = '[[host]]\nname = "h{0}"\nfqdn = "h{0}.example.com"\naddress = "127.0.0.1"\n'
    return "".join(row.format(number) + more for number in range(count))


def app(number, ports):
    rows = "".join(
        f'[[app.port]]\nid = "{name}"\nnumber = {port}\nmode = "{mode}"\n' + ("ha_sync = true\n" if name == "ha" else "")
        for name, port, mode in ports
    )
    return f'[[app]]\nname = "A{number}"\nhost = "h{number}"\nkind = "tserver"\n{rows}'


def whole_inventory(count):
    ports = [("default", 3000, "unsecured"), ("secure", 3001, "secured"), ("ha", 3002, "secured")]
    apps = "".join(app(number, ports) for number in range(count))
    pair = '[[pair]]\nprimary = "A{}"\nbackup = "A{}"\nredundancy = "hot-standby"\n'
    pairs = "".join(pair.format(2 * number, 2 * number + 1) for number in range(count // 5))
    return HEAD + hosts(count, BUNDLES) + apps + pairs


class Site:
    """A directory with a CA, in which gsec is called."""

    def __init__(self, gsec, directory):
        self.gsec, self.directory = gsec, pathlib.Path(directory)
        self.call("ca", "init", "--cn", "Bench CA", "--key-type", "p256")

    def call(self, *arguments, statuses=(0,)):
        done = subprocess.run(
            [self.gsec, *arguments], cwd=self.directory, capture_output=True, text=True, check=False
        )
        if done.returncode not in statuses:
            raise SystemExit(f"gsec {' '.join(arguments)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr}")
        return done.stdout

    def timed(self, *arguments, statuses=(0,)):
        start = time.monotonic()
        self.call(*arguments, statuses=statuses)
        print(f"  {' '.join(['gsec', *arguments]):<60}{time.monotonic() - start:8.2f} s")

    def write(self, name, text):
        (self.directory / name).write_text(text)


def check_bundles(directory):
    """Every bundle has just the files of its list, as the list has them; returns how many there are."""
    count = 0
    for sums in directory.glob("out/*/*/SHA256SUMS"):
        if sums.parent.name.startswith("."):
            continue
        listed = dict(reversed(line.split("  ", 1)) for line in sums.read_text().splitlines())
        there = {entry.name for entry in sums.parent.iterdir()}
        if there != set(listed) | {"SHA256SUMS"}:
            raise SystemExit(f"{sums.parent} is not whole")
        for name, digest in listed.items():
            if hashlib.sha256((sums.parent / name).read_bytes()).hexdigest() != digest:
                raise SystemExit(f"{sums.parent / name} is not that of its list")
        count += 1
    return count


def measure(gsec, count):
    with tempfile.TemporaryDirectory() as directory:
        site = Site(gsec, directory)
        site.write("fleet.toml", whole_inventory(count))
        site.write("hosts.csv", "host\n" + "".join(f"h{number}.example.com\n" for number in range(count)))
        site.call("ca", "init", "--cn", "Other CA", "--key-type", "p256", "--ca-dir", "other")
        issue = ("cert", "issue", "--from", "hosts.csv", "--key-type", "p256", "--no-pfx", "--quiet")
        site.timed(*issue, "--ca-dir", "other")
        site.timed("fleet", "check")
        site.timed("fleet", "plan")
        site.timed("fleet", "apply", "--yes", "--quiet")
        if check_bundles(site.directory) != 2 * count:
            raise SystemExit("bundles are missing")
        site.timed("fleet", "check")
        site.timed("fleet", "plan", "--check")
        site.timed("fleet", "apply", "--yes", "--quiet")
        site.timed("fleet", "status")


def kill(gsec, count, kills):
    """Which moments are tried is the same in every run."""
    moments = random.Random(1)
    with tempfile.TemporaryDirectory() as directory:
        site = Site(gsec, directory)
        site.write("fleet.toml", whole_inventory(count))
        killed = 0
        for _ in range(kills):
            call = subprocess.Popen(
                [gsec, "fleet", "apply", "--yes", "--quiet"],
                cwd=directory,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            with contextlib.suppress(subprocess.TimeoutExpired):
                call.wait(moments.uniform(0.0, 0.0004 * count))
            killed += call.poll() is None
            call.kill()
            call.wait()
            check_bundles(site.directory)
        site.call("fleet", "apply", "--yes", "--quiet")
        serials = [row.split("\t")[3] for row in (site.directory / "gsec-ca/ca_conf/ca.db").read_text().splitlines()]
        if check_bundles(site.directory) != 2 * count or len(set(serials)) != len(serials):
            raise SystemExit("a bundle is missing, or a serial number is there twice")
        print(f"  killed {killed} of {kills} times; then all {2 * count} bundles whole, {len(serials)} records, no serial number twice")


def serve(files):
    """A TLS server on loopback; returns its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def answer(connection):
        with contextlib.suppress(OSError):
            connection.settimeout(10)
            with context.wrap_socket(connection, server_side=True) as stream:
                stream.recv(1)

    def accept():
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def probe(gsec, count):
    with tempfile.TemporaryDirectory() as directory:
        site = Site(gsec, directory)
        site.write("fleet.toml", HEAD + hosts(count))
        site.call("fleet", "apply", "--yes")

        def newest():
            found = sorted(site.directory.glob("gsec-ca/repository/*_cert.pem"), key=lambda path: path.name)
            return {
                path.name.split("_")[1]: (path, path.with_name(path.name.replace("_cert.", "_priv_key.")))
                for path in found
            }

        old = {f"h{number}": newest()[f"h{number}"] for number in range(0, count, -(-count // OLD))}
        for host in old:
            site.call("cert", "renew", f"{host}.example.com")
        served = {**newest(), **old}
        ports = [serve(served[f"h{number}"]) for number in range(count)]
        apps = "".join(app(number, [("default", port, "secured")]) for number, port in enumerate(ports))
        site.write("fleet.toml", HEAD + hosts(count) + apps)
        site.timed("fleet", "status", "--probe", statuses=(1,))
        status = json.loads(site.call("fleet", "status", "--probe", "--json", statuses=(1,)))
        found = {port["host"] for port in status["ports"] if port["state"] == "drift-old"}
        others = {port["host"] for port in status["ports"] if port["state"] != "serves"} - found
        if found != set(old) or others:
            raise SystemExit(f"found {sorted(found)} and {sorted(others)}, not {sorted(old)}")
        print(f"  {count} ports: found the {len(found)} that serve an old certificate, and no other")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--gsec", default=ROOT / "target/release/gsec")
    arguments.add_argument("--hosts", type=int, default=1000)
    arguments.add_argument("--kills", type=int, default=0)
    arguments.add_argument("--ports", type=int, default=200)
    given = arguments.parse_args()
    gsec = os.path.abspath(given.gsec)
    print(f"{given.hosts} hosts, {2 * given.hosts} bundles:")
    measure(gsec, given.hosts)
    if given.ports:
        probe(gsec, given.ports)
    if given.kills:
        kill(gsec, given.hosts, given.kills)


if __name__ == "__main__":
    main()
