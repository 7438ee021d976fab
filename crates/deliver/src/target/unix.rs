//! The old platform on UNIX: names as its guide has them, readable by the group of all its applications.

use super::{Content, Hooks, Installer, KeyAccess, Site, Target, file, no_further};

pub(super) const TARGET: Target = Target {
    name: "unix",
    about: "The old platform's applications on UNIX",
    files: &[
        file("host_cert.pem", Content::FullChain),
        file("host_priv_key.pem", Content::Key),
        file("ca_cert.pem", Content::Ca),
        file("ca_crl.pem", Content::Crl),
    ],
    key: KeyAccess {
        owner: "root",
        group: None,
        mode: 0o640,
    },
    unit: None,
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks {
        not_reloaded: "applications of this host that use the files must be restarted to read them, and LCA too",
        ..Hooks::NONE
    },
    settings,
    further: no_further,
    notes: "Paths in settings are full paths, and stay the same after each renewal. Applications and LCA read them at their start.",
};

fn settings(site: &Site<'_>) -> String {
    format!(
        "# The value of `transport`, or the options certificate, certificate-key and trusted-ca of the section [security]:\n\
         tls=1;certificate={};certificate-key={};trusted-ca={}\n\
         \n\
         # In the start file of each application, and of LCA, so that it finds the Security Pack; its directory is the site's:\n\
         # Linux, Solaris: LD_LIBRARY_PATH=/opt/genesys/security-pack:$LD_LIBRARY_PATH; export LD_LIBRARY_PATH\n\
         # AIX:            LIBPATH=/opt/genesys/security-pack:$LIBPATH; export LIBPATH\n\
         # HP-UX:          SHLIB_PATH=/opt/genesys/security-pack:$SHLIB_PATH; export SHLIB_PATH\n",
        site.at("host_cert.pem"),
        site.at("host_priv_key.pem"),
        site.at("ca_cert.pem"),
    )
}
