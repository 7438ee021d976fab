#!/usr/bin/env python3
"""How fast `gsec log filter` is, and how much memory it takes: a log of a gibibyte as T-Servers write it, one key in three hidden.

    cargo build --release
    python3 benches/log_filter.py [--gsec target/release/gsec] [--mib 1024]

The output goes to /dev/null, and the log is read once before, so that the disk is not measured. Nothing here asserts anything.
"""

import argparse
import os
import pathlib
import resource
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

MESSAGE = b"""12:00:00.123_I_I_0077028a809f7004 [14:32] EventAttachedDataChanged is received for ts T[Switch] (this dn=3020, refid=0)
received from 65200(T)host:7007(fd=) message EventAttachedDataChanged
\tAttributeCallType\t2
\tAttributeConnID\t0077028a809f7004
\tAttributeCallUUID\t'QK59HK4FS927D7FUU41G6IE468000004'
\tAttributeUserData\t[149] 00 05 00 00..
\t\t'DNIS'\t\t'8410'
\t\t'PASSWORD'\t'1111111111'
\t\t'RECORD_ID'\t'8313427'
\t\t'LIST'(list) 'Session'\t'00PN8M303SBR7E9P04000VTAES000001+'
\t\t\t'Node'\t'272'
\tAttributeThisDN\t'9001'
\tAttributeEventSequenceNumber\t0000000000000acd
"""

RULES = {
    "one key": ["--key", "PASSWORD=hide"],
    "default hide": ["--default", "hide"],
    "copy all": ["--default", "copy"],
    "psdk only": ["--key", "PASSWORD=hide", "--format", "psdk"],
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gsec", default=ROOT / "target/release/gsec")
    arguments.add_argument("--mib", type=int, default=1024)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        log = os.path.join(directory, "t.log")
        block = MESSAGE * 1000
        with open(log, "wb") as out:
            for _ in range(given.mib * 1024 * 1024 // len(block)):
                out.write(block)
        size = os.path.getsize(log)
        subprocess.run(["cat", log], stdout=subprocess.DEVNULL, check=True)
        for name, rules in RULES.items():
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run([given.gsec, "log", "filter", "-q", log, *rules], stdout=subprocess.DEVNULL, check=True)
            seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"{name:14} {size / 1e6 / seconds:7.0f} MB/s, {size / 1e6 / processor:7.0f} MB per second of processor time")
        print(f"most memory    {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:7.1f} MiB")


if __name__ == "__main__":
    main()
