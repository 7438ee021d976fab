//! systemd: LoadCredential= hands the files to the service, whatever user it runs as.

use super::{CA, FULL_CHAIN, Hooks, Installer, KEY, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "systemd",
    about: "A service of systemd that takes credentials",
    files: &[FULL_CHAIN, KEY, CA],
    key: ROOT_ONLY,
    unit: None,
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks {
        not_reloaded: "not restarted: no unit was named with --service, or it does not run here",
        ..Hooks::new(
            (CHECK, "systemd-analyze verify checks the unit"),
            (RELOAD, "the unit is restarted"),
        )
    },
    settings,
    further: no_further,
    notes: "The drop-in is in snippet.conf. systemd reads the files when the service starts, so install.sh restarts it.",
};

const CHECK: &str = r#"have systemd-analyze && [ -n "$unit" ] || return 2
    [ -f "/etc/systemd/system/$unit_file" ] || [ -f "/usr/lib/systemd/system/$unit_file" ] || [ -f "/lib/systemd/system/$unit_file" ] || return 2
    shown systemd-analyze verify "$unit_file""#;

const RELOAD: &str = r#"[ -n "$unit" ] && systemd_runs || return 2
    shown systemctl daemon-reload || return 1
    systemd_does restart"#;

fn settings(site: &Site<'_>) -> String {
    let unit = site.unit.unwrap_or("NAME.service");
    let unit = if unit.contains('.') {
        unit.to_owned()
    } else {
        format!("{unit}.service")
    };
    format!(
        "# A drop-in of the service: `systemctl edit {unit}`. The service finds the files in the directory that $CREDENTIALS_DIRECTORY names:\n\
         # %d/fullchain.pem, %d/privkey.pem and %d/ca.pem in its own settings in the unit.\n\
         [Service]\n\
         LoadCredential=fullchain.pem:{}\n\
         LoadCredential=privkey.pem:{}\n\
         LoadCredential=ca.pem:{}\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
    )
}
