"""Which key the `cryptography` library reads in a file: `key_digest.py KEY [PASSWORD]` prints the SHA-256 of the SubjectPublicKeyInfo of a private key."""

import hashlib
import sys

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key, load_pem_private_key


def main(path, password=None):
    with open(path, "rb") as file:
        octets = file.read()
    load = load_pem_private_key if octets.startswith(b"-----") else load_der_private_key
    public_key = load(octets, password.encode() if password else None).public_key()
    return hashlib.sha256(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


print(main(*sys.argv[1:]))
