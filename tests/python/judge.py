"""What the `cryptography` library makes of a host's files: `judge.py TRUST CERTIFICATE KEY PFX PASSWORD NAME` prints a JSON object.

"server" and "client" are what its path validation says: "accepted", or why not.
"""

import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError


def read(path):
    with open(path, "rb") as file:
        return file.read()


def server_verdict(policy, certificates, name):
    return verdict(policy.build_server_verifier(x509.DNSName(name)), certificates)


def client_verdict(policy, certificates):
    return verdict(policy.build_client_verifier(), certificates)


def verdict(verifier, certificates):
    try:
        verifier.verify(certificates[0], certificates[1:])
        return "accepted"
    except VerificationError as refusal:
        return str(refusal)


def main(trust, certificate, key, pfx, password, name):
    policy = PolicyBuilder().store(Store(x509.load_pem_x509_certificates(read(trust))))
    certificates = x509.load_pem_x509_certificates(read(certificate))
    private_key = load_pem_private_key(read(key), None)
    bundle = pkcs12.load_pkcs12(read(pfx), password.encode())
    public_key = certificates[0].public_key()
    return {
        "server": server_verdict(policy, certificates, name),
        "client": client_verdict(policy, certificates),
        "key_matches": private_key.public_key() == public_key,
        "pfx_key_matches": bundle.key.public_key() == public_key,
        "pfx_certificate_matches": bundle.cert.certificate == certificates[0],
        "pfx_chain": [extra.certificate.subject.rfc4514_string() for extra in bundle.additional_certs],
    }


json.dump(main(*sys.argv[1:]), sys.stdout)
