"""Seeds that no program writes on its own: make_seeds.py TARGET FOLDER FILE...

pkcs12 FOLDER KEY CERTIFICATE CRL PFX: PFX of Python's cryptography, PFX put together here, and another's PFX in BER.
ber FOLDER CERTIFICATE: strings in pieces, long lengths, indefinite lengths.
pem FOLDER CERTIFICATE: base64 in other lines than 64 characters.
server_flight FOLDER KEY CERTIFICATE CA: what `openssl s_server` answers to hellos of several versions.
"""

import base64
import hashlib
import hmac
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

DATA = "1.2.840.113549.1.7.1"
PKCS9 = "1.2.840.113549.1.9"
BAG = "1.2.840.113549.1.12.10.1"


def element(identifier, *content):
    content = b"".join(content)
    if len(content) < 0x80:
        return bytes([identifier, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([identifier, 0x80 | len(length)]) + length + content


def sequence(*content):
    return element(0x30, *content)


def explicit(*content):
    return element(0xA0, *content)


def octets(content):
    return element(0x04, content)


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = bytes([40 * first + second])
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.insert(0, 0x80 | number & 0x7F)
        out += bytes(groups)
    return element(0x06, out)


def integer(value):
    return element(0x02, bytes([value]))


def attribute(kind, value):
    return sequence(oid(kind), element(0x31, value))


def bag(number, value, *attributes):
    return sequence(oid(f"{BAG}.{number}"), explicit(value), *([element(0x31, *attributes)] if attributes else []))


def authenticated_safe(*safes):
    """Each of `safes` is the content of a SafeContents."""
    return sequence(*(sequence(oid(DATA), explicit(octets(sequence(*safe)))) for safe in safes))


def pfx(safe, *mac):
    return sequence(integer(3), sequence(oid(DATA), explicit(octets(safe))), *mac)


def pbmac1(safe):
    """MacData of RFC 9579 under the password `password`: PBKDF2 and HMAC with SHA-256, one iteration."""
    hmac_sha256 = sequence(oid("1.2.840.113549.2.9"), element(0x05))
    salt = b"saltsalt"
    kdf = sequence(oid("1.2.840.113549.1.5.12"), sequence(octets(salt), integer(1), integer(32), hmac_sha256))
    algorithm = sequence(oid("1.2.840.113549.1.5.14"), sequence(kdf, hmac_sha256))
    key = hashlib.pbkdf2_hmac("sha256", b"password", salt, 1, 32)
    return sequence(sequence(algorithm, octets(hmac.digest(key, safe, "sha256"))), octets(b"NOT USED"), integer(1))


def indefinite(der, pieces=7):
    """The same in BER: indefinite lengths, and octet strings in pieces, the implicitly tagged ones of encryptedContent too; what
    octet strings hold is changed alike where it is DER."""
    out = b""
    while der:
        identifier, length, header = der[0], der[1], 2
        if length & 0x80:
            header += length & 0x7F
            length = int.from_bytes(der[2:header], "big")
        content, der = der[header : header + length], der[header + length :]
        if identifier & 0x20:
            out += bytes([identifier, 0x80]) + indefinite(content, pieces) + b"\0\0"
        elif identifier == 0x04 and len(content) > pieces:
            if content[0] == 0x30:
                content = indefinite(content, pieces * 9)
            cut = [content[start : start + pieces * 9] for start in range(0, len(content), pieces * 9)]
            out += b"\x24\x80" + b"".join(map(octets, cut)) + b"\0\0"
        elif identifier == 0x80 and len(content) > 100:
            out += b"\xa0\x80" + octets(content[:100]) + octets(content[100:]) + b"\0\0"
        else:
            out += bytes([identifier]) + element(0, content)[1:]
    return out


def make_pkcs12(folder, key_file, certificate_file, crl_file, pfx_file):
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1)
    ways = {
        "aes_sha512": builder.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA512()),
        "3des_sha1": builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1()),
    }
    for way, builder in ways.items():
        made = pkcs12.serialize_key_and_certificates("Zürich".encode(), key, certificate, [certificate], builder.build(b"password"))
        (folder / f"python_{way}.p12").write_bytes(made)
    trusted = pkcs12.serialize_java_truststore([pkcs12.PKCS12Certificate(certificate, b"host")], ways["aes_sha512"].build(b"password"))
    (folder / "python_java_trust_store.p12").write_bytes(trusted)

    pkcs8 = key.private_bytes(serialization.Encoding.DER, PrivateFormat.PKCS8, serialization.NoEncryption())
    der = certificate.public_bytes(serialization.Encoding.DER)
    name = attribute(f"{PKCS9}.20", element(0x1E, "Zürich".encode("utf-16-be")))
    identifier = attribute(f"{PKCS9}.21", octets(b"\1\2\3\4"))
    trust = attribute("2.16.840.1.113894.746875.1.1", oid("2.5.29.37.0"))
    unknown = attribute("1.2.3.4", element(0x0C, b"unknown"))
    key_bag = bag(1, pkcs8, name, identifier)
    certificate_bag = bag(3, sequence(oid(f"{PKCS9}.22.1"), explicit(octets(der))), name, identifier, trust, unknown)
    sdsi_bag = bag(3, sequence(oid(f"{PKCS9}.22.2"), explicit(element(0x16, b"sdsi"))))
    crl_bag = bag(4, sequence(oid(f"{PKCS9}.23.1"), explicit(octets(crl_file.read_bytes()))))
    secret_bag = bag(5, sequence(oid(DATA), explicit(octets(b"secret"))), name)
    nested_bag = bag(6, sequence(certificate_bag, bag(6, sequence(key_bag))))
    unknown_bag = bag(99, octets(b"unknown"))
    safes = {
        "every_bag": authenticated_safe([key_bag, certificate_bag, crl_bag], [secret_bag, sdsi_bag, unknown_bag]),
        "nested_safe_contents": authenticated_safe([nested_bag]),
        "nothing_in_it": authenticated_safe([], []),
        "key_and_certificate": authenticated_safe([key_bag], [certificate_bag]),
    }
    for kind, safe in safes.items():
        (folder / f"plain_{kind}.p12").write_bytes(pfx(safe))
    safe = safes["key_and_certificate"]
    (folder / "plain_indefinite_lengths.p12").write_bytes(indefinite(pfx(safe)))
    (folder / "plain_pbmac1.p12").write_bytes(pfx(safe, pbmac1(safe)))
    (folder / "openssl_encrypted_indefinite_lengths.p12").write_bytes(indefinite(pfx_file.read_bytes()))


def make_ber(folder, certificate_file):
    certificate = certificate_file.read_bytes()
    (folder / "certificate_indefinite_lengths.ber").write_bytes(indefinite(certificate))
    pieces = {
        "octet_string": b"\x24\x80" + octets(b"one") + b"\x24\x80" + octets(b"two") + b"\0\0" + octets(b"") + b"\0\0",
        "bit_string": element(0x23, element(0x03, b"\0\xff"), element(0x03, b"\4\xf0")),
        "utf8_string": element(0x2C, element(0x0C, b"Z\xc3"), element(0x0C, b"\xbcrich")),
        "no_pieces": b"\x24\0",
    }
    for kind, ber in pieces.items():
        (folder / f"{kind}_in_pieces.ber").write_bytes(sequence(ber))
    (folder / "long_lengths.ber").write_bytes(b"\x30\x84\0\0\0\x0c\x02\x81\1\5\x04\x84\0\0\0\0\x05\0")
    (folder / "long_tag_numbers.der").write_bytes(b"\xbf\x87\x68\x05\x9f\x81\x48\1\0")
    (folder / "zeros_after.ber").write_bytes(certificate + bytes(8))
    deep = b""
    for _ in range(32):
        deep = sequence(deep)
    (folder / "nested_32_deep.der").write_bytes(deep)
    (folder / "nested_32_deep.ber").write_bytes(b"\x30\x80" * 32 + b"\0\0" * 32)


def make_pem(folder, certificate_file):
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes()).public_bytes(serialization.Encoding.DER)
    text = base64.b64encode(certificate).decode()
    for width in (1, 76, len(text)):
        lines = [text[start : start + width] for start in range(0, len(text), width)]
        block = "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"])
        (folder / f"lines_of_{width}.pem").write_text(block)
    (folder / "empty_block.pem").write_text("-----BEGIN X-----\n-----END X-----\n")
    (folder / "indented.pem").write_text("".join(f"  {line}\n" for line in certificate_file.read_text().splitlines()))


def client_hello(version, ciphers):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers(ciphers + ":@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    said = ssl.MemoryBIO()
    connection = context.wrap_bio(ssl.MemoryBIO(), said, server_hostname="db1.example.com")
    try:
        connection.do_handshake()
    except ssl.SSLWantReadError:
        return said.read()


def answer(hello, *flags):
    """The octets that `openssl s_server` sends first; it then waits for the client."""
    command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", *flags]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        port = next(int(found[1]) for found in (re.match(r"ACCEPT 127\.0\.0\.1:(\d+)", line) for line in server.stdout) if found)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(hello)
            time.sleep(0.5)
            octets = connection.recv(1 << 16)
        server.kill()
    return octets


def make_server_flight(folder, key, certificate, ca):
    own = ["-key", str(key), "-cert", str(certificate), "-cert_chain", str(ca)]
    v = ssl.TLSVersion
    for name, version, ciphers, flags in [
        ("tls10_static_rsa", v.TLSv1, "AES128-SHA", []),
        ("tls11_ecdhe", v.TLSv1_1, "ECDHE", []),
        ("tls12_ecdhe_client_certificate", v.TLSv1_2, "ECDHE", ["-Verify", "1", "-CAfile", str(ca)]),
        ("tls12_dhe", v.TLSv1_2, "DHE", []),
        ("tls12_anonymous", v.TLSv1_2, "AECDH", []),
        ("tls13", v.TLSv1_3, "ALL", []),
        ("alert", v.TLSv1_2, "ALL", ["-tls1_3"]),
    ]:
        (folder / f"openssl_{name}").write_bytes(answer(client_hello(version, ciphers), *own, *flags))
    whole = (folder / "openssl_tls12_ecdhe_client_certificate").read_bytes()
    content = b""
    while whole:
        length = int.from_bytes(whole[3:5], "big")
        content, whole = content + whole[5 : 5 + length], whole[5 + length :]
    pieces = [content[start : start + 100] for start in range(0, len(content), 100)]
    (folder / "openssl_in_small_records").write_bytes(b"".join(b"\x16\x03\x03" + len(piece).to_bytes(2, "big") + piece for piece in pieces))


if __name__ == "__main__":
    target, folder, *files = sys.argv[1:]
    {"pkcs12": make_pkcs12, "ber": make_ber, "pem": make_pem, "server_flight": make_server_flight}[target](*map(pathlib.Path, [folder, *files]))
