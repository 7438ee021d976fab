"""Lints certificates with pkilint's RFC 5280 linter, all in one process: `lint.py FILE...` prints {"FILE": [finding, ...], ...}.

A finding is {"code", "severity", "where", "message"}; errors and warnings only.
The validators are those that pkilint's own command `lint_pkix_cert` runs.
"""

import json
import sys

from pkilint import loader
from pkilint.pkix import certificate, extension, name
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


def findings(validator, path):
    with open(path, "rb") as file:
        document = loader.RFC5280CertificateDocumentLoader().load_pem_file(file, path)
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


validator = linter()
json.dump({path: findings(validator, path) for path in sys.argv[1:]}, sys.stdout)
