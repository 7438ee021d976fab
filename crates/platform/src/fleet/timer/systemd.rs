//! A service and its timer.

use super::quote::{UnitCredential, UnitWord};
use super::{Argument, Order, TimerFile, Unwritable};

/// What the credential is called; `%d` is the directory of the credentials of the service.
const CREDENTIAL: &str = "ca-pass";

pub(super) fn units(order: &Order) -> Result<Vec<TimerFile>, Unwritable> {
    Ok(vec![
        TimerFile::new(format!("{}.service", order.name), service(order)?),
        TimerFile::new(format!("{}.timer", order.name), timer(order)),
    ])
}

fn service(order: &Order) -> Result<String, Unwritable> {
    let mut text =
        "# Issues what the inventory lacks, and writes the bundles of its hosts. Made by gsec fleet timer.\n\
        [Unit]\nDescription=Certificates of the fleet\nDocumentation=man:gsec-fleet-apply(1)\n"
            .to_owned();
    if let Some(unit) = &order.on_failure {
        text.push_str(&format!("OnFailure={unit}\n"));
    }
    text.push_str(&format!(
        "\n[Service]\nType=oneshot\nExecStart={}\n",
        command(order)?
    ));
    if let Some(file) = &order.passphrase {
        text.push_str(&format!(
            "LoadCredentialEncrypted={CREDENTIAL}:{}\n",
            UnitCredential::new(file)?
        ));
    }
    if let Some(user) = &order.user {
        text.push_str(&format!("User={user}\n"));
    }
    text.push_str(
        "UMask=0077\nLimitCORE=0\nNoNewPrivileges=yes\nPrivateTmp=yes\nProtectSystem=strict\nProtectHome=read-only\n",
    );
    for directory in &order.written {
        text.push_str(&format!("ReadWritePaths={}\n", UnitWord::path(directory)?));
    }
    Ok(text)
}

fn command(order: &Order) -> Result<String, Unwritable> {
    let mut words = vec![order.program.to_string()];
    for argument in order.arguments(None) {
        words.push(match argument {
            Argument::Own(word) => word.to_owned(),
            Argument::Value(text) => UnitWord::argument(text)?.to_string(),
        });
    }
    if order.passphrase.is_some() {
        words.push(format!("--ca-passphrase-file %d/{CREDENTIAL}"));
    }
    Ok(words.join(" "))
}

/// Without `OnActiveSec=`, which fires again at moments that are not foreseen (systemd#31914, systemd#31945).
fn timer(order: &Order) -> String {
    format!(
        "# Made by gsec fleet timer.\n[Unit]\nDescription=Certificates of the fleet, renewed in time\nDocumentation=man:gsec-fleet-timer(1)\n\n\
         [Timer]\nOnCalendar={}\nRandomizedDelaySec=1h\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
        order.calendar.expression()
    )
}
