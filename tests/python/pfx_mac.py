"""Gives a PKCS #12 file another MAC, for what the libraries at hand do not write: PBMAC1 (RFC 9579). `pfx_mac.py < ORDER`, where ORDER is a JSON object.

"in" and "out" are files; the one that is read is in DER. Of the MAC: "password"; "digest" of its HMAC and "prf" of its PBKDF2 (names in
`HMAC`, "prf" may be null: then the parameter is left out, and it is SHA-1); "iterations"; "key_octets". What only damaged or malicious files have, all
may be missing: "told_iterations", "told_key_octets" (null: none) and "told_salt" stand in the file in place of those that were used. "outside_iterations"
stands beside the MAC, where PBMAC1 has no use for it.
"""

import hashlib
import hmac
import json
import os
import sys

PBKDF2 = "1.2.840.113549.1.5.12"
PBMAC1 = "1.2.840.113549.1.5.14"
HMAC = {
    "sha1": "1.2.840.113549.2.7",
    "sha224": "1.2.840.113549.2.8",
    "sha256": "1.2.840.113549.2.9",
    "sha384": "1.2.840.113549.2.10",
    "sha512": "1.2.840.113549.2.11",
}
INTEGER, OCTET_STRING, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30


# Writing DER.


def element(tag, content):
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def sequence(*parts):
    return element(SEQUENCE, b"".join(parts))


def integer(value):
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted):
    first, second, *rest = [int(arc) for arc in dotted.split(".")]
    return element(OID, b"".join(base128(arc) for arc in [40 * first + second, *rest]))


def base128(arc):
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(0x80 | arc & 0x7F)
    return bytes(reversed(octets))


def hmac_algorithm(digest):
    return sequence(oid(HMAC[digest]), element(NULL, b""))


# Reading DER.


def elements(octets):
    """The elements that stand one after another: tag, content, and the element as it stands."""
    found, start = [], 0
    while start < len(octets):
        tag, length, begin = octets[start], octets[start + 1], start + 2
        if length & 0x80:
            begin += length & 0x7F
            length = int.from_bytes(octets[start + 2 : begin], "big")
        found.append((tag, octets[begin : begin + length], octets[start : begin + length]))
        start = begin + length
    return found


def inside(octets):
    """The elements inside the one element that `octets` is."""
    ((_, content, _),) = elements(octets)
    return elements(content)


def authenticated_safe(content_info):
    """What stands in the OCTET STRING of id-data: what the MAC is over."""
    _, (_, explicit, _) = inside(content_info)
    ((tag, octets, _),) = elements(explicit)
    assert tag == OCTET_STRING
    return octets


# The MAC.


def mac_data(order, safe):
    salt = os.urandom(16)
    prf = order["prf"] or "sha1"
    key = hashlib.pbkdf2_hmac(prf, order["password"].encode(), salt, order["iterations"], order["key_octets"])
    value = hmac.digest(key, safe, order["digest"])
    algorithm = sequence(oid(PBMAC1), sequence(derivation(order, salt), hmac_algorithm(order["digest"])))
    # The salt and the iterations that stand here have no meaning under PBMAC1.
    return sequence(sequence(algorithm, element(OCTET_STRING, value)), element(OCTET_STRING, b"not used"), integer(order.get("outside_iterations", 1)))


def derivation(order, salt):
    told_salt = order["told_salt"].encode() if "told_salt" in order else salt
    key_octets = order.get("told_key_octets", order["key_octets"])
    parameters = [element(OCTET_STRING, told_salt), integer(order.get("told_iterations", order["iterations"]))]
    parameters += [integer(key_octets)] if key_octets is not None else []
    parameters += [hmac_algorithm(order["prf"])] if order["prf"] else []
    return sequence(oid(PBKDF2), sequence(*parameters))


def main(order):
    with open(order["in"], "rb") as file:
        version, (_, _, content_info), *_ = inside(file.read())
    with open(order["out"], "wb") as file:
        file.write(sequence(version[2], content_info, mac_data(order, authenticated_safe(content_info))))


main(json.load(sys.stdin))
