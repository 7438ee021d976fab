//! `gsec ca show`.

use crate::cli::global::{Global, digits, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_ca::authority::{Authority, PreviousKey, Warning};
use gsec_ca::home::{PreviousFile, exists};
use gsec_ca::records::file::audit_end;
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::rfc3339;
use gsec_report::{CaShowReport, PathStep, PreviousKeyFacts};

/// Show the CA: name, key, expiry, next serial, and what it has issued
///
/// Also prints the thumbprints of its certificate.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca show
  $ gsec ca show --json"
))]
pub(in crate::cli) struct Args {}

pub(in crate::cli) fn run(_args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    let counts = authority.statistics(env.clock.now())?;
    let policy = authority.policy().ok();
    let report = CaShowReport {
        ca_dir: shown(authority.directory().root()),
        role: if authority.certificate().is_self_issued() {
            "root".into()
        } else {
            "intermediate".into()
        },
        certificate: authority.certificate().into(),
        chain: authority.chain().iter().map(PathStep::from).collect(),
        key_encrypted: authority.key_is_encrypted().ok(),
        next_serial: match policy {
            Some(_) => authority.next_serial()?.map(|serial| serial.to_string()),
            None => None,
        },
        serial_mode: policy.map(|policy| policy.serial.name().into()),
        adopted: authority.has_policy_file(),
        counts: super::counts(&counts),
        damaged_lines: counts.damaged_lines,
        previous_keys: authority.previous().iter().map(former).collect(),
        audit_head: audit_end(authority.directory())?.map(|end| digits(&end.head)),
    };
    let has_lost_log = report.audit_head.is_none() && authority.records().must_have_audit_log()?;
    let log = has_lost_log.then(|| Warning::AuditLogLost(authority.directory().audit_log()));
    let warnings: Vec<Warning> = warnings(&authority).into_iter().chain(log).collect();
    Ok(Outcome::report(&report, &warnings, global))
}

fn warnings(authority: &Authority) -> Vec<Warning> {
    let directory = authority.directory();
    // A key that is kept elsewhere is no doubt.
    let key = authority.key_is_encrypted().err();
    let key = key.filter(|_| exists(&directory.ca_key()).unwrap_or(true));
    let key = key.map(|why| Warning::KeyNotRead(why.to_string()));
    let policy = (!authority.has_policy_file()).then(|| {
        let lost = directory.lost_policy().ok().flatten();
        lost.map_or(Warning::NotAdopted, Warning::PolicyMissing)
    });
    policy.into_iter().chain(key).collect()
}

fn former(key: &PreviousKey) -> PreviousKeyFacts {
    PreviousKeyFacts {
        certificate: shown(&key.file(PreviousFile::Certificate)),
        not_after: rfc3339(key.certificate().not_after()),
        thumbprint_sha256: encode(&key.certificate().thumbprints().sha256, Separator::None),
    }
}
