"""OCSP by the `cryptography` library.

ocsp.py request ISSUER CERTIFICATE DIGEST OUT: writes a request with a nonce.
ocsp.py response ISSUER RESPONSE: prints what the response says as a JSON object; "signature" is "good", or why not.
"""

import json
import sys

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp


def read(path):
    with open(path, "rb") as file:
        return file.read()


def request(issuer, certificate, digest, out):
    issuer, certificate = (x509.load_pem_x509_certificate(read(path)) for path in (issuer, certificate))
    digest = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}[digest]
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, digest)
    made = builder.add_extension(x509.OCSPNonce(bytes(range(32))), critical=False).build()
    with open(out, "wb") as file:
        file.write(made.public_bytes(Encoding.DER))


def signature(response, responder):
    key = responder.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), response.signature_hash_algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(response.signature_hash_algorithm))
        else:
            key.verify(response.signature, response.tbs_response_bytes)
        return "good"
    except InvalidSignature:
        return "bad"


def response(issuer, path):
    issuer = x509.load_pem_x509_certificate(read(issuer))
    response = ocsp.load_der_ocsp_response(read(path))
    if response.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
        return {"refused": response.response_status.name}
    certificates = response.certificates
    for certificate in certificates:
        certificate.verify_directly_issued_by(issuer)
    responder = certificates[0] if certificates else issuer
    key_hash = x509.SubjectKeyIdentifier.from_public_key(responder.public_key()).digest
    nonce = [extension.value.nonce.hex() for extension in response.extensions if isinstance(extension.value, x509.OCSPNonce)]
    said = [
        {
            "serial": f"{single.serial_number:02X}",
            "digest": single.hash_algorithm.name,
            "status": single.certificate_status.name,
            "reason": single.revocation_reason and single.revocation_reason.value,
        }
        for single in response.responses
    ]
    return {
        "signature": signature(response, responder),
        "by_key": response.responder_key_hash == key_hash,
        "no_check": [bool(certificate.extensions.get_extension_for_class(x509.OCSPNoCheck)) for certificate in certificates],
        "nonce": nonce,
        "said": said,
    }


command, *arguments = sys.argv[1:]
if command == "request":
    request(*arguments)
else:
    json.dump(response(*arguments), sys.stdout)
