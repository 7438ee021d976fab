"""Tells how much memory a program had at its highest: `peak_memory.py FILE PROGRAM [ARGUMENT]...` writes the number of KiB into FILE.

Streams and exit status are the program's own. One that hangs is ended, and the exit status is 124 then.
"""

import pathlib
import resource
import subprocess
import sys

# Only a program that hangs lasts as long.
PATIENCE_SECONDS = 60


def main(file, command):
    try:
        status = subprocess.run(command, timeout=PATIENCE_SECONDS).returncode
    except subprocess.TimeoutExpired:
        status = 124
    pathlib.Path(file).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
    sys.exit(status if status >= 0 else 128 - status)


main(sys.argv[1], sys.argv[2:])
