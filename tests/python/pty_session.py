"""Sits at a terminal for a test: `pty_session.py < SESSION` runs a program on a pseudo-terminal and types what the session says.

SESSION is a JSON object: "command" (a list), "directory", "environment" (what is added to it), and "steps", a list of [PROMPT, KEYS]: once PROMPT has been
printed after the step before, KEYS are typed. "stdout" may be "pipe": then stdout is none of the terminal's. It prints a JSON object: "screen", all that
the terminal showed; "stdout", what went into the pipe; "status", the exit status, negative for a signal; "asked", how many prompts came; "echo", whether
the terminal still shows what is typed. "columns" is its width, 0 for none. A step may be [PROMPT, KEYS, true]: then the keys wait until the terminal shows them no more.
With a number at the end, [PROMPT, KEYS, true, SIGNAL], the program gets this signal after the keys.
"""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

# Only a program that hangs lasts as long.
PATIENCE_SECONDS = 120


def take_terminal():
    """The terminal becomes the controlling one, so that Ctrl-C on it is a signal."""
    import fcntl

    # A shell without job control starts what runs in the background with SIGINT ignored, and that is inherited.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def start(session, terminal):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GSEC_") and name != "NO_COLOR"}
    environment.update({"TERM": "xterm"} | session.get("environment", {}))
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


def shows_keys(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def is_due(step, screen, seen_to):
    prompt, hidden = step[0], len(step) > 2 and step[2]
    return screen.shown.find(prompt.encode(), seen_to) >= 0 and not (hidden and shows_keys(screen.descriptor))


def converse(program, screen, steps):
    """Types what each step says, and returns how many prompts came before the program ended."""
    asked, seen_to, deadline = 0, 0, time.monotonic() + PATIENCE_SECONDS
    while screen.read_more():
        if asked < len(steps) and is_due(steps[asked], screen, seen_to):
            seen_to = len(screen.shown)
            os.write(screen.descriptor, steps[asked][1].encode())
            if len(steps[asked]) > 3:
                program.send_signal(steps[asked][3])
            asked += 1
        if program.poll() is not None and not select.select([screen.descriptor], [], [], 0)[0]:
            break
        if time.monotonic() > deadline:
            program.kill()
            break
    return asked


def main():
    session = json.load(sys.stdin)
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, session.get("columns", 0)))
    program = start(session, terminal)
    screen = Screen(controller)
    asked = converse(program, screen, session["steps"])
    stdout = program.stdout.read().decode() if program.stdout else ""
    shown = screen.shown.decode(errors="replace")
    print(json.dumps({"screen": shown, "stdout": stdout, "status": program.wait(), "asked": asked, "echo": shows_keys(terminal)}))


main()
