"""Writes and reads PKCS #12 files with the `cryptography` library: `pfx.py < ORDERS`, where each line is a JSON object; it answers with one for each.

"write": a file to write, with "password" and "encryption". That is "none", "best", or an object of "cipher" (a name in `PBES`), "digest" and
"rounds", each of which may be missing. What goes in: "key" and "certificate" (PEM files, each may be null), "name", and "others" (pairs of PEM file and
name or null). With "trusted" instead, such pairs too, it writes a trust store for Java.

"read": a file to read, under "password" (null for none). The answer has "key" (PEM, or null), "certificate" (its digest, or
null) and "name" of what goes with it, and "others" (pairs of digest and name). "refused" is there instead when the file is not read, and says why.
"""

import hashlib
import json
import sys
import warnings

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def certificate(path):
    return x509.load_pem_x509_certificate(content(path))


def name(text):
    return None if text is None else text.encode()


def named(pairs):
    return [pkcs12.PKCS12Certificate(certificate(path), name(text)) for path, text in pairs]


def encryption(wanted, password):
    if wanted == "none":
        return NoEncryption()
    if wanted == "best":
        return BestAvailableEncryption(password.encode())
    builder = PrivateFormat.PKCS12.encryption_builder()
    if "cipher" in wanted:
        builder = builder.key_cert_algorithm(pkcs12.PBES[wanted["cipher"]])
    if "digest" in wanted:
        builder = builder.hmac_hash(getattr(hashes, wanted["digest"])())
    if "rounds" in wanted:
        builder = builder.kdf_rounds(wanted["rounds"])
    return builder.build(password.encode())


def written(order):
    under = encryption(order["encryption"], order["password"])
    if "trusted" in order:
        return pkcs12.serialize_java_truststore(named(order["trusted"]), under)
    key = load_pem_private_key(content(order["key"]), None) if order["key"] else None
    own = certificate(order["certificate"]) if order["certificate"] else None
    return pkcs12.serialize_key_and_certificates(name(order["name"]), key, own, named(order["others"]) or None, under)


def digest(der):
    return hashlib.sha256(der).hexdigest()


def entry(found):
    return [digest(found.certificate.public_bytes(Encoding.DER)), found.friendly_name and found.friendly_name.decode()]


def found_in(bundle):
    own = entry(bundle.cert) if bundle.cert else [None, None]
    key = bundle.key and bundle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {"key": key, "certificate": own[0], "name": own[1], "others": [entry(other) for other in bundle.additional_certs]}


def main(order):
    if "write" in order:
        with open(order["write"], "wb") as file:
            file.write(written(order))
        return {}
    try:
        return found_in(pkcs12.load_pkcs12(content(order["read"]), name(order["password"])))
    except ValueError as refusal:
        return {"refused": str(refusal)}


# That some files are BER is what they are here for.
warnings.simplefilter("ignore", UserWarning)
for order in sys.stdin:
    print(json.dumps(main(json.loads(order))), flush=True)
