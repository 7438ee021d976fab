"""Prints an RSA key that can be factored, as PEM: `weak_key.py close` has two primes that follow each other, `weak_key.py roca` one whose modulus
has the fingerprint of CVE-2017-15361."""

import secrets
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

EXPONENT = 65537
SMALL_PRIMES = [n for n in range(3, 168) if all(n % d for d in range(2, n))]


def is_prime(number):
    if any(number % prime == 0 for prime in [2] + SMALL_PRIMES):
        return number in SMALL_PRIMES
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(12):
        power = pow(secrets.randbelow(number - 3) + 2, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def next_prime(number):
    number |= 1
    while not is_prime(number) or number % EXPONENT == 1:
        number += 2
    return number


def close():
    first = next_prime(secrets.randbits(1024) | 3 << 1022)
    return first, next_prime(first + 2)


def roca():
    product = 2
    for prime in SMALL_PRIMES:
        product *= prime

    def prime():
        while True:
            candidate = (secrets.randbits(1024) | 3 << 1022) // product * product
            candidate += pow(EXPONENT, secrets.randbits(60), product)
            if candidate >> 1022 == 3 and is_prime(candidate):
                return candidate

    return prime(), prime()


def main(kind):
    p, q = {"close": close, "roca": roca}[kind]()
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(EXPONENT, p * q)
    parts = [rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)]
    key = rsa.RSAPrivateNumbers(p, q, d, *parts, public).private_key(unsafe_skip_rsa_key_validation=True)
    form = serialization.PrivateFormat.PKCS8
    sys.stdout.write(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode())


main(sys.argv[1])
