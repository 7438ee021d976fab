"""Says which libraries load a private key: `load_keys.py < ORDERS`, where each line is a certificate's PEM file, a tab and a key's.

It prints two words for each: whether OpenSSL loads the key for a server with that certificate (`SSL_CTX_use_PrivateKey_file`), and whether the
`cryptography` library loads it; `yes` or `no`. The password is `secret`.
"""

import ssl
import sys

from cryptography.hazmat.primitives.serialization import load_pem_private_key

PASSWORD = b"secret"


def openssl(certificate, key):
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=PASSWORD)
    except (ssl.SSLError, OSError):
        return "no"
    return "yes"


def cryptography(key):
    with open(key, "rb") as file:
        content = file.read()
    # It also refuses a password that is not needed.
    for password in [None, PASSWORD]:
        try:
            load_pem_private_key(content, password)
            return "yes"
        except Exception:
            pass
    return "no"


for order in sys.stdin:
    certificate, key = order.rstrip("\n").split("\t")
    print(openssl(certificate, key), cryptography(key))
