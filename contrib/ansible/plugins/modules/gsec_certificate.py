#!/usr/bin/python
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs `gsec cert ensure --json` and reports what it says. What is up to date, and what is not, only gsec decides."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: gsec_certificate
short_description: Make sure that a host has a matching certificate of a gsec CA
description:
  - Runs C(gsec cert ensure) on the machine that has the CA directory. A certificate is issued only if the host does not
    already have a match. If only files are missing, they are written again.
  - gsec compares names, subject, usages of the profile, the key, the CA's key, revocation, remaining lifetime, and the files.
    An option that is not set is not compared. The certificate of the host keeps what it has, also when it is renewed; a first
    certificate gets gsec's defaults.
requirements:
  - gsec on the machine where the module runs
options:
  host:
    description: Host name (FQDN) or IP address; C(*.example.com) for a wildcard.
    type: str
    required: true
  names:
    description:
      - Additional names, such as C(dns:db1.example.com), C(ip:10.0.0.5), C(email:admin@example.com)
        or C(uri:https://example.com/).
      - If not set, they are not compared; with an empty list, the certificate names nothing but the host.
    type: list
    elements: str
  ca_dir:
    description: The CA directory.
    type: path
    required: true
  profile:
    description: Profile in C(gsec.toml), which says what the certificate may be used for.
    type: str
  subject:
    description: Parts of the subject.
    type: dict
    suboptions:
      cn:
        description: Common name. The default is the host.
        type: str
      ou:
        description: Organizational units.
        type: list
        elements: str
      org:
        description: Organization.
        type: str
      locality:
        description: City.
        type: str
      state:
        description: State or province.
        type: str
      country:
        description: Country, two letters.
        type: str
  days:
    description: Lifetime of a new certificate in days. Like O(lifetime) and O(not_after), it is not compared.
    type: int
  lifetime:
    description: Lifetime of a new certificate with its unit, such as V(90m), V(12h), V(30d) or V(52w).
    type: str
  not_after:
    description: Expiry date of a new certificate, such as V(2027-12-31) or V(2027-12-31T12:00:00Z).
    type: str
  renew_before:
    description: Renew when less than this remains, such as V(12h), V(30d) or V(4w).
    type: str
  key_type:
    description: Key type. It is only compared if it is set.
    type: str
    choices: [rsa, p256, p384, p521, ed25519]
  key_size:
    description: Size of an RSA key in bits. It is only compared if it is set.
    type: int
  key:
    description: Use this private key file instead of a new key.
    type: path
  key_password_file:
    description: File with the password of O(key).
    type: path
  key_password:
    description: Password of O(key). It reaches gsec in an environment variable.
    type: str
  csr:
    description: Certify the key of this CSR. No private key and no PFX are written.
    type: path
  accept_csr_names:
    description: Also certify the names requested in the CSR.
    type: bool
    default: false
  pfx:
    description: Whether to write a PFX (PKCS#12) as well. Without a password it has the empty one.
    type: bool
    default: true
  pfx_password_file:
    description: File with the password of the PFX.
    type: path
  pfx_password:
    description: Password of the PFX. It reaches gsec in an environment variable.
    type: str
  pfx_encryption:
    description: V(modern) is AES-256. V(compat) is 3DES and SHA-1, for Windows Server 2008 to 2016.
    type: str
    choices: [modern, compat]
  friendly_name:
    description: Friendly name of the entry in the PFX. The default is the host.
    type: str
  key_format:
    description: Format of a new private key file.
    type: str
    choices: [pkcs8, pkcs1]
  out_dir:
    description:
      - Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal, such as
        V(db1_cert.pem).
      - They are links, and all of them change in one step. A file that gsec did not make, or that belongs to another host, is not
        replaced.
    type: path
  out_names:
    description: File names in O(out_dir). V(label) is V(db1_cert.pem), V(fqdn) is V(db1.example.com_cert.pem), and V(serial) is
      V(01_db1_cert.pem), with new files after each renewal.
    type: str
    choices: [label, fqdn, serial]
  cert_out:
    description: Also write the certificate, with its intermediates, to this file. Only an earlier certificate of the same CA and host
      is replaced. A program that reads between the steps in which O(key_out) and O(cert_out) change gets a pair that does not match.
    type: path
  key_out:
    description: Also write the private key to this file.
    type: path
  chain_out:
    description: Also write the CA certificates to this file.
    type: path
  pfx_out:
    description: Also write the PFX to this file.
    type: path
  keep_key:
    description: Whether the CA's repository keeps key and PFX. If not, O(out_dir) or O(key_out) is required.
    type: bool
    default: true
  ca_passphrase_file:
    description: File with the passphrase of the CA key. The CA key is only needed if a certificate is issued.
    type: path
  ca_passphrase:
    description: Passphrase of the CA key. It reaches gsec in an environment variable.
    type: str
  lock_timeout:
    description: Seconds to wait for the lock of the CA directory.
    type: int
  executable:
    description: The gsec program, as a name that is searched in E(PATH), or as a path.
    type: path
    default: gsec
attributes:
  check_mode:
    description: Runs C(gsec cert ensure --check), which changes nothing.
    support: full
  diff_mode:
    description: Shows serial number, names, subject, expiry and the reasons, before and after.
    support: full
author:
  - The gsec developers (@gsec)
"""

EXAMPLES = r"""
- name: A certificate for db1, issued on the machine that has the CA
  gsec.gsec.gsec_certificate:
    host: db1.example.com
    names: ["dns:db1", "ip:10.0.0.5"]
    key_type: p256
    renew_before: 4w
    ca_dir: /srv/ca
    ca_passphrase_file: /root/ca.pass
  delegate_to: ca.example.com
  register: db1

- name: The private key stays on its host; only the CSR and the certificate travel
  block:
    - name: Make the key and the CSR
      ansible.builtin.command:
        argv: [gsec, cert, request, --host, "{{ inventory_hostname }}", --out-dir, /etc/ssl/private]
        creates: "/etc/ssl/private/{{ inventory_hostname_short }}_req.pem"
    - name: Read the CSR
      ansible.builtin.slurp:
        src: "/etc/ssl/private/{{ inventory_hostname_short }}_req.pem"
      register: csr
    - name: Take the CSR to the CA
      ansible.builtin.copy:
        content: "{{ csr.content | b64decode }}"
        dest: "/srv/csr/{{ inventory_hostname }}.pem"
        mode: "0644"
      delegate_to: ca.example.com
    - name: Sign it
      gsec.gsec.gsec_certificate:
        host: "{{ inventory_hostname }}"
        csr: "/srv/csr/{{ inventory_hostname }}.pem"
        ca_dir: /srv/ca
        ca_passphrase: "{{ vault_ca_passphrase }}"
      delegate_to: ca.example.com
      register: signed
    - name: Read the certificate
      ansible.builtin.slurp:
        src: "{{ signed.files.host_certificate }}"
      delegate_to: ca.example.com
      register: certificate
      when: not ansible_check_mode
    - name: Deliver the certificate
      ansible.builtin.copy:
        content: "{{ certificate.content | b64decode }}"
        dest: "/etc/ssl/certs/{{ inventory_hostname }}.pem"
        mode: "0644"
      when: not ansible_check_mode

- name: A PFX for a Windows server, with a password from the vault
  gsec.gsec.gsec_certificate:
    host: iis1.example.com
    pfx_password: "{{ vault_pfx_password }}"
    out_dir: /srv/deliver/iis1
    ca_dir: /srv/ca
"""

RETURN = r"""
action:
  description: What was done, or would be in check mode.
  returned: success
  type: str
  sample: issued
reasons:
  description: Why; empty if nothing is changed. Each has a C(code), which is a stable name, and a C(message).
  returned: success
  type: list
  elements: dict
  sample: [{"code": "near_expiry", "message": "it expires in 6 days, and should be renewed 30 days before"}]
serial:
  description: Serial number of the certificate that is there, or of the new one; in check mode it can be null.
  returned: success
  type: str
  sample: "01"
compared:
  description: Serial number of the certificate with which the request was compared, or null.
  returned: success
  type: str
  sample: "01"
subject:
  description: Subject in one line.
  returned: success
  type: str
  sample: CN=db1.example.com
names:
  description: Subject alternative names, the host first.
  returned: success
  type: list
  elements: str
  sample: ["dns:db1.example.com", "ip:10.0.0.5"]
not_before:
  description: Begin of validity.
  returned: success
  type: str
  sample: "2026-11-29T08:47:35Z"
not_after:
  description: End of validity.
  returned: success
  type: str
  sample: "2027-03-09T08:52:35Z"
profile:
  description: The profile of C(gsec.toml).
  returned: success
  type: str
  sample: host
key_type:
  description: Key type.
  returned: success
  type: str
  sample: p256
key_bits:
  description: Size of the key in bits.
  returned: success
  type: int
  sample: 256
thumbprint_sha1:
  description: SHA-1 thumbprint, or null where a certificate would be issued.
  returned: success
  type: str
thumbprint_sha256:
  description: SHA-256 thumbprint, or null where a certificate would be issued.
  returned: success
  type: str
files:
  description: Paths of C(certificate), C(host_certificate) (with the intermediates), C(private_key), C(pfx), and a list of
    the files C(delivered) to O(out_dir) and to files of their own.
  returned: success
  type: dict
restored:
  description: Files that were written again, or would be.
  returned: success
  type: list
  elements: str
audit_head:
  description: SHA-256 of the last line of the CA's audit log after this change, or null.
  returned: success
  type: str
error_code:
  description: A stable name of what went wrong.
  returned: if gsec fails
  type: str
  sample: policy.lifetime
caused_by:
  description: Why it went wrong, from the outside to the root of it.
  returned: if gsec fails
  type: list
  elements: str
hints:
  description: What gsec advises.
  returned: if gsec fails
  type: list
  elements: str
rc:
  description: Exit status of gsec.
  returned: if gsec fails
  type: int
  sample: 3
"""

import json

from ansible.module_utils.basic import AnsibleModule

# The options that are values of an option of gsec with the same meaning.
VALUES = {
    "host": "--host",
    "names": "--san",
    "ca_dir": "--ca-dir",
    "profile": "--profile",
    "days": "--days",
    "lifetime": "--lifetime",
    "not_after": "--not-after",
    "renew_before": "--renew-before",
    "key_type": "--key-type",
    "key_size": "--key-size",
    "key": "--key",
    "key_password_file": "--password-file",
    "csr": "--csr",
    "pfx_password_file": "--pfx-password-file",
    "pfx_encryption": "--pfx-encryption",
    "friendly_name": "--friendly-name",
    "key_format": "--key-format",
    "out_dir": "--out-dir",
    "out_names": "--out-names",
    "cert_out": "--cert-out",
    "key_out": "--key-out",
    "chain_out": "--chain-out",
    "pfx_out": "--pfx-out",
    "ca_passphrase_file": "--ca-passphrase-file",
    "lock_timeout": "--lock-timeout",
}
SUBJECT = {
    "cn": "--cn",
    "ou": "--ou",
    "org": "--org",
    "locality": "--locality",
    "state": "--state",
    "country": "--country",
}
# For each yes or no the value that gsec has to be told, and how.
SWITCHES = {
    "accept_csr_names": (True, "--accept-csr-names"),
    "pfx": (False, "--no-pfx"),
    "keep_key": (False, "--no-keep-key"),
}
# Arguments can be read by every user of the machine, and the environment only by the same user.
SECRETS = {
    "key_password": ("--password-env", "GSEC_ANSIBLE_KEY_PASSWORD"),
    "pfx_password": ("--pfx-password-env", "GSEC_ANSIBLE_PFX_PASSWORD"),
    "ca_passphrase": ("--ca-passphrase-env", "GSEC_ANSIBLE_CA_PASSPHRASE"),
}
RETURNED = (
    "action reasons serial compared subject names not_before not_after profile key_type key_bits thumbprint_sha1 "
    "thumbprint_sha256 files restored audit_head"
).split()
SHOWN_IN_DIFF = ("serial", "subject", "names", "not_after", "key_type", "key_bits")


def arguments_of(values, flags):
    """`--flag=value` for each value that is set: a value that begins with a hyphen is then never an option."""
    for option, flag in flags.items():
        value = values.get(option)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield "%s=%s" % (flag, one)


def arguments_and_secrets(params):
    if params["names"] == []:
        # gsec compares names where one is given: the host is the only one then.
        params = dict(params, names=[params["host"]])
    arguments = list(arguments_of(params, VALUES))
    arguments += arguments_of(params["subject"] or {}, SUBJECT)
    arguments += [flag for option, (told, flag) in SWITCHES.items() if params[option] is told]
    secrets = {}
    for option, (flag, variable) in SECRETS.items():
        if params[option] is not None:
            arguments.append("%s=%s" % (flag, variable))
            secrets[variable] = params[option]
    return arguments, secrets


def json_object(text):
    """The JSON object that a text is, or an empty one."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def run(module, gsec, arguments, secrets=None):
    """Exit status, stdout and stderr of gsec, without a shell, and without Ansible's expansion of `~` and `$`."""
    return module.run_command([gsec] + arguments, environ_update=secrets or {}, expand_user_and_vars=False)


def fail(module, rc, stdout, stderr):
    error = json_object(stderr).get("error")
    if not isinstance(error, dict) or "message" not in error:
        module.fail_json(
            msg="gsec ended with exit status %s and no JSON answer: %s" % (rc, (stderr or stdout).strip()),
            rc=rc,
            stdout=stdout,
            stderr=stderr,
        )
    lines = [": ".join([error["message"]] + error.get("caused_by", []))]
    lines += ["hint: " + hint for hint in error.get("hints", [])]
    module.fail_json(
        msg="\n".join(lines),
        rc=rc,
        error_code=error.get("code"),
        caused_by=error.get("caused_by", []),
        hints=error.get("hints", []),
    )


def state_before(module, gsec, answer):
    """What the diff shows of the certificate that was compared; only its serial number if it cannot be read."""
    if answer["compared"] is None:
        return {}
    show = ["cert", "show", "--serial", answer["compared"], "--json", "--no-input", "--ca-dir=" + module.params["ca_dir"]]
    certificates = json_object(run(module, gsec, show)[1]).get("certificates")
    return picture(certificates[0]) if certificates else {"serial": answer["compared"]}


def picture(document):
    return {key: document[key] for key in SHOWN_IN_DIFF if key in document}


def diff(module, gsec, answer):
    before = state_before(module, gsec, answer)
    after = picture(answer)
    if answer["changed"]:
        after["reasons"] = ["%(code)s: %(message)s" % reason for reason in answer["reasons"]]
    if answer["restored"]:
        after["restored"] = answer["restored"]
    return {
        "before": before,
        "after": after,
        "before_header": module.params["host"],
        "after_header": "%s (%s)" % (module.params["host"], answer["action"]),
    }


def warn(module, warnings):
    for warning in warnings:
        hint = warning.get("hint")
        module.warn(warning["message"] + (" (hint: %s)" % hint if hint else ""))


def argument_spec():
    text = {"type": "str"}
    path = {"type": "path"}
    number = {"type": "int"}
    texts = {"type": "list", "elements": "str"}
    secret = {"type": "str", "no_log": True}
    secret_file = {"type": "path", "no_log": False}
    return {
        "host": {"type": "str", "required": True},
        "names": {"type": "list", "elements": "str"},
        "ca_dir": {"type": "path", "required": True},
        "profile": text,
        "subject": {
            "type": "dict",
            "options": {
                "cn": text,
                "ou": texts,
                "org": text,
                "locality": text,
                "state": text,
                "country": text,
            },
        },
        "days": number,
        "lifetime": text,
        "not_after": text,
        "renew_before": text,
        "key_type": {"type": "str", "choices": ["rsa", "p256", "p384", "p521", "ed25519"]},
        "key_size": number,
        "key": {"type": "path", "no_log": False},
        "key_password_file": secret_file,
        "key_password": secret,
        "csr": path,
        "accept_csr_names": {"type": "bool", "default": False},
        "pfx": {"type": "bool", "default": True},
        "pfx_password_file": secret_file,
        "pfx_password": secret,
        "pfx_encryption": {"type": "str", "choices": ["modern", "compat"]},
        "friendly_name": text,
        "key_format": {"type": "str", "choices": ["pkcs8", "pkcs1"]},
        "out_dir": path,
        "out_names": {"type": "str", "choices": ["label", "fqdn", "serial"]},
        "cert_out": path,
        "key_out": {"type": "path", "no_log": False},
        "chain_out": path,
        "pfx_out": path,
        "keep_key": {"type": "bool", "default": True, "no_log": False},
        "ca_passphrase_file": secret_file,
        "ca_passphrase": secret,
        "lock_timeout": number,
        "executable": {"type": "path", "default": "gsec"},
    }


def main():
    module = AnsibleModule(
        argument_spec=argument_spec(),
        mutually_exclusive=[
            ("days", "lifetime", "not_after"),
            ("key", "csr"),
            ("key_out", "csr"),
            ("pfx_out", "csr"),
            ("key_password", "key_password_file"),
            ("pfx_password", "pfx_password_file"),
            ("ca_passphrase", "ca_passphrase_file"),
        ],
        required_by={"out_names": ("out_dir",)},
        supports_check_mode=True,
    )
    gsec = module.get_bin_path(module.params["executable"], required=True)
    arguments, secrets = arguments_and_secrets(module.params)
    check = ["--check"] if module.check_mode else []
    rc, stdout, stderr = run(module, gsec, ["cert", "ensure", "--json", "--no-input"] + check + arguments, secrets)
    answer = json_object(stdout)
    # With --check, exit status 1 is the answer that something would be changed.
    if rc not in ((0, 1) if module.check_mode else (0,)) or not str(answer.get("schema")).startswith("gsec/cert.ensure/"):
        fail(module, rc, stdout, stderr)
    warn(module, answer["warnings"])
    result = {key: answer[key] for key in RETURNED}
    if module._diff:
        result["diff"] = diff(module, gsec, answer)
    module.exit_json(changed=answer["changed"], **result)


if __name__ == "__main__":
    main()
