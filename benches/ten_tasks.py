#!/usr/bin/env python3
"""Ten tasks of an administrator, typed for gsec and for easy-rsa and mkcert as Debian packages them: how many commands, how many files to
write first, and how long they take.

    apt-get install easy-rsa mkcert openssl
    cargo build --release
    python3 benches/ten_tasks.py

Every command is run, in a directory of its own for each program; one that fails stops the script. `-`: the program does not do it.
Waiting for a person to type is not counted. Nothing here asserts anything else.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOSTS = 200


def loop(command):
    return f"for host in $(cat hosts); do {command}; done"


# Each task: its name, and for each program the lines that are typed and how many files are written by hand first.
TASKS = [
    ("CA, server certificate with name and address, PFX", {
        "gsec": (["gsec quickstart db1.example.com 10.0.0.5"], 0),
        "easy-rsa": (["make-cadir pki-dir", "cd pki-dir && ./easyrsa init-pki", "cd pki-dir && ./easyrsa --batch build-ca nopass",
                      "cd pki-dir && ./easyrsa --batch --subject-alt-name=DNS:db1.example.com,IP:10.0.0.5 build-server-full db1.example.com nopass",
                      "cd pki-dir && ./easyrsa --batch --passout=pass: export-p12 db1.example.com"], 0),
        "mkcert": (["mkcert db1.example.com 10.0.0.5", "mkcert -pkcs12 db1.example.com 10.0.0.5"], 0)}),
    ("another server certificate", {
        "gsec": (["gsec cert issue db2.example.com 10.0.0.6"], 0),
        "easy-rsa": (["cd pki-dir && ./easyrsa --batch --subject-alt-name=DNS:db2.example.com,IP:10.0.0.6 build-server-full db2.example.com nopass"], 0),
        "mkcert": (["mkcert db2.example.com 10.0.0.6"], 0)}),
    ("client certificate", {
        "gsec": (["gsec cert issue agent7.example.com --profile tls-client"], 0),
        "easy-rsa": (["cd pki-dir && ./easyrsa --batch build-client-full agent7 nopass"], 0),
        "mkcert": (["mkcert -client agent7.example.com"], 0)}),
    ("files under names of one's own choice", {
        "gsec": (["gsec cert issue db3.example.com --cert-out tls.pem --key-out tls.key"], 0),
        "mkcert": (["mkcert -cert-file tls.pem -key-file tls.key db3.example.com"], 0)}),
    ("revoke, and make the CRL", {
        "gsec": (["gsec cert revoke db2.example.com --yes"], 0),
        "easy-rsa": (["cd pki-dir && ./easyrsa --batch revoke db2.example.com", "cd pki-dir && ./easyrsa gen-crl"], 0)}),
    ("what was issued, and what expires when", {
        "gsec": (["gsec cert list"], 0),
        "easy-rsa": (["cd pki-dir && ./easyrsa show-expire"], 0)}),
    ("renew now", {
        "gsec": (["gsec cert renew db1.example.com"], 0),
        "mkcert": (["mkcert db1.example.com 10.0.0.5"], 0)}),
    ("does a client accept it: chain and name", {
        "gsec": (["gsec cert verify db1.example.com --name db1.example.com"], 0),
        "easy-rsa": (["cd pki-dir && ./easyrsa verify db1.example.com"], 0)}),
    ("an intermediate CA", {
        "gsec": (["gsec ca init --cn 'Issuing CA' --parent gsec-ca --ca-dir issuing-ca"], 0),
        "easy-rsa": (["make-cadir sub-dir", "cd sub-dir && ./easyrsa init-pki", "cd sub-dir && ./easyrsa --batch --req-cn='Issuing CA' build-ca nopass subca",
                      "cd pki-dir && ./easyrsa --batch import-req ../sub-dir/pki/reqs/ca.req issuing && ./easyrsa --batch sign-req ca issuing",
                      "cp pki-dir/pki/issued/issuing.crt sub-dir/pki/ca.crt"], 0)}),
    (f"{HOSTS} hosts", {
        "gsec": (["gsec cert issue --from hosts.csv"], 1),
        "easy-rsa": ([loop("(cd pki-dir && ./easyrsa --batch build-server-full $host nopass)")], 1),
        "mkcert": ([loop("mkcert $host")], 1)}),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gsec", type=pathlib.Path, default=ROOT / "target/release/gsec", help="the binary (default: target/release/gsec)")
    options = parser.parse_args()
    programs = ["gsec", "easy-rsa", "mkcert"]
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "bin").mkdir()
        (work / "bin/gsec").symlink_to(options.gsec.resolve())
        environment = {"PATH": f"{work}/bin:/usr/share/easy-rsa:{os.environ['PATH']}", "HOME": folder, "LC_ALL": "C", "NO_COLOR": "1"}
        for program in programs:
            (work / program).mkdir()
            (work / program / "hosts.csv").write_text("host\n" + "".join(f"h{number}.example.com\n" for number in range(HOSTS)))
            (work / program / "hosts").write_text("".join(f"h{number}.example.com\n" for number in range(HOSTS)))
        print("| task | " + " | ".join(programs) + " |\n|---|" + "---|" * len(programs))
        for task, by_program in TASKS:
            cells = []
            for program in programs:
                if program not in by_program:
                    cells.append("-")
                    continue
                lines, files = by_program[program]
                start = time.perf_counter()
                for line in lines:
                    done = subprocess.run(["sh", "-c", line], cwd=work / program, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
                    if done.returncode != 0:
                        sys.exit(f"{program}: `{line}` ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
                seconds = time.perf_counter() - start
                cells.append(f"{len(lines)} / {files}, {seconds:.2f} s")
            print(f"| {task} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
