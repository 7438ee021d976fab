"""Sits at a terminal for a test: `pty_session.py < SESSION` runs a program on a pseudo-terminal and types what the session says.

SESSION is a JSON object: "command" (a list), "directory", "environment" (what is added to it), and "steps", a list of [PROMPT, KEYS]: once PROMPT has been
printed after the step before, KEYS are typed. "stdout" may be "pipe": then stdout is none of the terminal's. It prints a JSON object: "screen", all that
the terminal showed; "stdout", what went into the pipe; "status", the exit status, negative for a signal; "asked", how many prompts came.
"""

import json
import os
import pty
import select
import subprocess
import sys
import time

# Only a program that hangs lasts as long.
PATIENCE_SECONDS = 120


def take_terminal():
    """The terminal becomes the controlling one, so that Ctrl-C on it is a signal."""
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def start(session, terminal):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GSEC_") and name != "NO_COLOR"}
    environment.update(TERM="xterm", **session.get("environment", {}))
    stdout = subprocess.PIPE if session.get("stdout") == "pipe" else terminal
    return subprocess.Popen(
        session["command"], stdin=terminal, stdout=stdout, stderr=terminal, cwd=session["directory"], env=environment, preexec_fn=take_terminal
    )


class Screen:
    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.shown = b""

    def read_more(self):
        """False when the program has closed the terminal."""
        ready, _, _ = select.select([self.descriptor], [], [], 0.05)
        if not ready:
            return True
        try:
            more = os.read(self.descriptor, 65536)
        except OSError:
            return False
        self.shown += more
        return bool(more)


def converse(program, screen, steps):
    """Types what each step says, and returns how many prompts came before the program ended."""
    asked, seen_to, deadline = 0, 0, time.monotonic() + PATIENCE_SECONDS
    while screen.read_more():
        if asked < len(steps):
            found = screen.shown.find(steps[asked][0].encode(), seen_to)
            if found >= 0:
                os.write(screen.descriptor, steps[asked][1].encode())
                seen_to, asked = len(screen.shown), asked + 1
        if program.poll() is not None and not select.select([screen.descriptor], [], [], 0)[0]:
            break
        if time.monotonic() > deadline:
            program.kill()
            break
    return asked


def main():
    session = json.load(sys.stdin)
    controller, terminal = pty.openpty()
    program = start(session, terminal)
    os.close(terminal)
    screen = Screen(controller)
    asked = converse(program, screen, session["steps"])
    stdout = program.stdout.read().decode() if program.stdout else ""
    print(json.dumps({"screen": screen.shown.decode(errors="replace"), "stdout": stdout, "status": program.wait(), "asked": asked}))


main()
