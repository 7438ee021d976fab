"""What programs make of certification paths: `path_judges.py openssl|gnutls|nss-names` reads cases, one a line, and answers each with a line.

A case is seven fields with a tab between: seconds since 1970, `server`, `client` or `any`, the host or nothing, and in hexadecimal the
certificate, the certificates that come with it, the trusted ones, and the CRLs (lists are joined by commas). An answer is `yes`, or `no`
and why. `openssl` gives six answers with a tab between: by default, with X509_V_FLAG_X509_STRICT, and as Python's `ssl` from 3.13 on,
each with the CRL of the target's issuer checked where there are CRLs, and then the same with the CRL of every certificate.

The libraries are called as their TLS clients call them, which their commands do not do for every time and every name.
"""

import ctypes
import ctypes.util
import ipaddress
import sys

P, N = ctypes.c_void_p, ctypes.c_long


def library(*names):
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            pass
    raise SystemExit(f"none of {names} is installed")


def typed(lib, table):
    """Declares functions: name, result, arguments."""
    for name, result, *arguments in table:
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


class Case:
    def __init__(self, line):
        time, self.purpose, self.name, target, *lists = line.rstrip("\n").split("\t")
        self.time = int(time)
        self.target = bytes.fromhex(target)
        self.between, self.anchors, self.crls = ([bytes.fromhex(part) for part in part_list.split(",") if part] for part_list in lists)

    def address(self):
        try:
            return ipaddress.ip_address(self.name).packed
        except ValueError:
            return None


class OpenSsl:
    STRICT, PARTIAL, CRL, EVERY_CRL = 0x20, 0x80000, 0x4, 0x4 | 0x8
    # X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS. The common name counts: `ssl.create_default_context().hostname_checks_common_name`.
    PYTHON_HOST = 0x4

    def __init__(self):
        self.lib = typed(library("libcrypto.so.3"), [
            ("d2i_X509", P, P, ctypes.POINTER(ctypes.c_char_p), N),
            ("d2i_X509_CRL", P, P, ctypes.POINTER(ctypes.c_char_p), N),
            ("X509_STORE_new", P), ("X509_STORE_add_cert", ctypes.c_int, P, P), ("X509_STORE_add_crl", ctypes.c_int, P, P),
            ("X509_STORE_CTX_new", P), ("X509_STORE_CTX_init", ctypes.c_int, P, P, P, P),
            ("X509_STORE_CTX_set_default", ctypes.c_int, P, ctypes.c_char_p),
            ("X509_STORE_CTX_get0_param", P, P), ("X509_VERIFY_PARAM_set_time", None, P, ctypes.c_int64),
            ("X509_VERIFY_PARAM_set_auth_level", None, P, ctypes.c_int), ("X509_VERIFY_PARAM_set_flags", ctypes.c_int, P, ctypes.c_ulong),
            ("X509_VERIFY_PARAM_set_hostflags", None, P, ctypes.c_uint),
            ("X509_VERIFY_PARAM_set1_host", ctypes.c_int, P, ctypes.c_char_p, ctypes.c_size_t),
            ("X509_VERIFY_PARAM_set1_ip", ctypes.c_int, P, ctypes.c_char_p, ctypes.c_size_t),
            ("X509_verify_cert", ctypes.c_int, P), ("X509_STORE_CTX_get_error", ctypes.c_int, P),
            ("X509_STORE_CTX_get_error_depth", ctypes.c_int, P),
            ("X509_verify_cert_error_string", ctypes.c_char_p, N), ("OPENSSL_sk_new_null", P), ("OPENSSL_sk_push", ctypes.c_int, P, P),
            ("X509_STORE_free", None, P), ("X509_STORE_CTX_free", None, P),
        ])

    def certificate(self, der):
        return self.lib.d2i_X509(None, ctypes.byref(ctypes.c_char_p(der)), len(der))

    def judge(self, case):
        ways = [(0, 0), (self.STRICT, 0), (self.STRICT | self.PARTIAL, self.PYTHON_HOST)]
        every = [(flags, host_flags, crls) for crls in (self.CRL, self.EVERY_CRL) for flags, host_flags in ways]
        return "\t".join(self.one(case, *way) for way in every)

    def one(self, case, flags, host_flags, crl_flags):
        lib = self.lib
        target = self.certificate(case.target)
        if not target:
            return "no cannot be read"
        store, between = lib.X509_STORE_new(), lib.OPENSSL_sk_new_null()
        for der in case.anchors:
            certificate = self.certificate(der)
            if certificate:
                lib.X509_STORE_add_cert(store, certificate)
        for der in case.between:
            certificate = self.certificate(der)
            if certificate:
                lib.OPENSSL_sk_push(between, certificate)
        for der in case.crls:
            crl = lib.d2i_X509_CRL(None, ctypes.byref(ctypes.c_char_p(der)), len(der))
            if crl:
                lib.X509_STORE_add_crl(store, crl)
        context = lib.X509_STORE_CTX_new()
        lib.X509_STORE_CTX_init(context, store, target, between)
        if case.purpose != "any":
            lib.X509_STORE_CTX_set_default(context, b"ssl_" + case.purpose.encode())
        parameters = lib.X509_STORE_CTX_get0_param(context)
        lib.X509_VERIFY_PARAM_set_time(parameters, case.time)
        lib.X509_VERIFY_PARAM_set_auth_level(parameters, 1)
        lib.X509_VERIFY_PARAM_set_flags(parameters, flags | (crl_flags if case.crls else 0))
        if case.name:
            lib.X509_VERIFY_PARAM_set_hostflags(parameters, host_flags)
            address = case.address()
            if address:
                lib.X509_VERIFY_PARAM_set1_ip(parameters, address, len(address))
            else:
                lib.X509_VERIFY_PARAM_set1_host(parameters, case.name.encode(), 0)
        if lib.X509_verify_cert(context) == 1:
            said = "yes"
        else:
            why = lib.X509_verify_cert_error_string(lib.X509_STORE_CTX_get_error(context)).decode()
            said = f"no {why} at {lib.X509_STORE_CTX_get_error_depth(context)}"
        lib.X509_STORE_CTX_free(context)
        lib.X509_STORE_free(store)
        return said


class Datum(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_uint)]


class TypedData(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("data", ctypes.c_char_p), ("size", ctypes.c_uint)]


class GnuTls:
    DER = 0
    HOST, PURPOSE, ADDRESS = 1, 2, 4
    # GNUTLS_PROFILE_LOW, the profile of the priority NORMAL, as verify flags.
    PROFILE = 2 << 24
    PURPOSES = {"server": b"1.3.6.1.5.5.7.3.1", "client": b"1.3.6.1.5.5.7.3.2"}

    def __init__(self):
        self.lib = library("libgnutls.so.30")
        self.now = 0
        self.clock = ctypes.CFUNCTYPE(ctypes.c_int64, P)(lambda _: self.now)
        self.lib.gnutls_global_set_time_function(self.clock)

    def load(self, init, load, der):
        handle = P()
        init(ctypes.byref(handle))
        return handle if load(handle, ctypes.byref(Datum(der, len(der))), self.DER) == 0 else None

    def certificate(self, der):
        return self.load(self.lib.gnutls_x509_crt_init, self.lib.gnutls_x509_crt_import, der)

    def judge(self, case):
        lib = self.lib
        self.now = case.time
        chain = [self.certificate(der) for der in [case.target, *case.between]]
        if not chain[0]:
            return "no cannot be read"
        chain = [certificate for certificate in chain if certificate]
        trust = P()
        lib.gnutls_x509_trust_list_init(ctypes.byref(trust), 0)
        anchors = [anchor for anchor in map(self.certificate, case.anchors) if anchor]
        if anchors:
            lib.gnutls_x509_trust_list_add_cas(trust, (P * len(anchors))(*anchors), len(anchors), 0)
        crls = [crl for crl in (self.load(lib.gnutls_x509_crl_init, lib.gnutls_x509_crl_import, der) for der in case.crls) if crl]
        if crls:
            # GNUTLS_TL_USE_IN_TLS, as `gnutls_certificate_set_x509_crl_file` has it.
            lib.gnutls_x509_trust_list_add_crls(trust, (P * len(crls))(*crls), len(crls), 2, 0)
        data = []
        if case.purpose in self.PURPOSES:
            data.append(TypedData(self.PURPOSE, self.PURPOSES[case.purpose], 0))
        if case.name and case.address():
            data.append(TypedData(self.ADDRESS, case.address(), len(case.address())))
        elif case.name:
            data.append(TypedData(self.HOST, case.name.encode(), 0))
        status = ctypes.c_uint()
        result = lib.gnutls_x509_trust_list_verify_crt2(
            trust, (P * len(chain))(*chain), len(chain), (TypedData * len(data))(*data), len(data), self.PROFILE, ctypes.byref(status), None
        )
        if result == 0 and status.value == 0:
            # Its handshake asks for digitalSignature of every certificate that signs (`check_key_usage_for_sig`).
            usage, critical = ctypes.c_uint(), ctypes.c_uint()
            has_usage = lib.gnutls_x509_crt_get_key_usage(chain[0], ctypes.byref(usage), ctypes.byref(critical)) == 0
            return "no key usage violation" if case.purpose != "any" and has_usage and not usage.value & 128 else "yes"
        text = Datum()
        lib.gnutls_certificate_verification_status_print(status, 1, ctypes.byref(text), 0)
        return f"no {result} {text.data.decode() if text.data else status.value}"


class NssNames:
    def __init__(self):
        self.lib = typed(library("libnss3.so"), [
            ("NSS_NoDB_Init", ctypes.c_int, ctypes.c_char_p), ("CERT_VerifyCertName", ctypes.c_int, P, ctypes.c_char_p),
            ("CERT_DestroyCertificate", None, P),
        ])
        self.messages = typed(library("libsmime3.so"), [("CERT_DecodeCertFromPackage", P, ctypes.c_char_p, ctypes.c_int)])
        self.lib.NSS_NoDB_Init(b".")

    def judge(self, case):
        certificate = self.messages.CERT_DecodeCertFromPackage(case.target, len(case.target))
        if not certificate:
            return "no cannot be read"
        is_for_name = not case.name or self.lib.CERT_VerifyCertName(certificate, case.name.encode()) == 0
        # NSS does not take in two certificates of one issuer and number at once.
        self.lib.CERT_DestroyCertificate(certificate)
        return "yes" if is_for_name else "no name"


def main(program):
    judge = {"openssl": OpenSsl, "gnutls": GnuTls, "nss-names": NssNames}[program]().judge
    for line in sys.stdin:
        print(judge(Case(line)), flush=True)


main(sys.argv[1])
