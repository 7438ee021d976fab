//! Windows: a PFX, the authorities and the scripts that place them.

use super::{Content, Hooks, Installer, KeyAccess, Site, Target, file, no_further};

pub(super) const TARGET: Target = Target {
    name: "windows",
    about: "Windows hosts: PFX, CA certificates and Install.ps1",
    files: &[
        file("host.pfx", Content::KeyStore),
        file("ca.crt", Content::Ca),
        file("chain.crt", Content::Chain),
        file("ca.crl", Content::CrlDer),
    ],
    key: KeyAccess {
        owner: "root",
        group: Some("root"),
        mode: 0o600,
    },
    unit: None,
    dest: None,
    installer: Installer::Windows,
    hooks: Hooks::NONE,
    settings,
    further: no_further,
    notes: "On the Windows host, as administrator: powershell -ExecutionPolicy Bypass -File Install.ps1. It checks the files, puts the root into Trusted Root Certification Authorities, intermediates into Intermediate Certification Authorities, and certificate and key into Personal; then it prints the thumbprint, and writes it to thumbprint.txt. -Scope User is for GUI applications, -Account NAME lets a service read the key, -Bind iis, http, rdp, winrm, sql or ntds has a service use the certificate, -WhatIf changes nothing, -Uninstall takes it back. install.cmd does the first part on hosts without PowerShell 3; it needs a PFX with the empty password.",
};

fn settings(site: &Site<'_>) -> String {
    format!(
        "# The thumbprint for the settings of the old platform: the value of `transport`, or the option certificate of the section [security].\r\n\
         tls=1;certificate={}\r\n",
        site.thumbprint
    )
}
