"""Lints certificates and CRLs with pkilint's RFC 5280 linters, all in one process: `lint.py FILE...` prints {"FILE": [finding, ...], ...}.

A finding is {"code", "severity", "where", "message"}; errors and warnings only.
The validators are those that pkilint's own commands `lint_pkix_cert` and `lint_crl` run.
"""

import json
import sys

from pkilint import loader, pkix
from pkilint.pkix import certificate, crl, extension, name
from pkilint.validation import ValidationFindingSeverity


def linter():
    return certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )


def crl_linter():
    return crl.create_pkix_crl_validator_container(
        [
            pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
            pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
        ],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
        ],
    )


def read(path):
    with open(path, "rb") as file:
        is_crl = b"BEGIN X509 CRL" in file.read()
        file.seek(0)
        kind = loader.RFC5280CertificateListDocumentLoader if is_crl else loader.RFC5280CertificateDocumentLoader
        return (crls if is_crl else certificates), kind().load_pem_file(file, path)


def findings(path):
    validator, document = read(path)
    return [
        {
            "code": description.finding.code,
            "severity": description.finding.severity.name,
            "where": result.node.path,
            "message": description.message,
        }
        for result in validator.validate(document.root)
        for description in result.finding_descriptions
        if description.finding.severity <= ValidationFindingSeverity.WARNING
    ]


certificates, crls = linter(), crl_linter()
json.dump({path: findings(path) for path in sys.argv[1:]}, sys.stdout)
