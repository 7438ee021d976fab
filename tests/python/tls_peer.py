"""A TLS server and client that does what lines on stdin say; see tests/common/word_peer.rs."""

import socket
import ssl
import sys
import threading
from contextlib import closing

PATIENCE_SECONDS = 120


class Server(threading.Thread):
    """Takes one connection and keeps its outcome."""

    def __init__(self, context):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.context = context
        self.start()

    def run(self):
        self.outcome = outcome(self.serve_one)

    def serve_one(self):
        with closing(self.listener):
            plain, _ = self.listener.accept()
        plain.settimeout(PATIENCE_SECONDS)
        with self.context.wrap_socket(plain, server_side=True) as tls:
            hear(tls)
            tls.sendall(b"welcome\n")
            return subject_of_peer(tls)


def connect(port, name, certificate, key, trust):
    context = strict_context(ssl.Purpose.SERVER_AUTH, certificate, key, trust)
    plain = socket.create_connection(("127.0.0.1", int(port)), PATIENCE_SECONDS)
    with plain, context.wrap_socket(plain, server_hostname=name) as tls:
        tls.sendall(b"hello\n")
        hear(tls)  # in TLS 1.3 a client learns only now whether the server took its certificate
        return subject_of_peer(tls)


def strict_context(purpose, certificate, key, trust):
    context = ssl.create_default_context(purpose, cafile=trust)
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


def hear(tls):
    if not tls.recv(100):
        raise EOFError("the other end hung up")


def subject_of_peer(tls):
    return ",".join(f"{name}={value}" for part in tls.getpeercert()["subject"] for name, value in part)


def outcome(attempt, *arguments):
    try:
        return "ok", attempt(*arguments)
    except OSError as problem:  # ssl.SSLError is one
        return "refused", str(problem)
    except EOFError as problem:
        return "refused", str(problem)


def main():
    server = None
    for line in sys.stdin:
        verb, *words = line.rstrip("\n").split("\t")
        if verb == "serve":
            certificate, key, _pfx, trust = words
            server = Server(strict_context(ssl.Purpose.CLIENT_AUTH, certificate, key, trust))
            answer = "port", str(server.listener.getsockname()[1])
        elif verb == "served":
            server.join()
            answer = server.outcome
        elif verb == "connect":
            port, name, certificate, key, _pfx, trust = words
            answer = outcome(connect, port, name, certificate, key, trust)
        print("\t".join(answer).replace("\n", " "), flush=True)


main()
