//! How to fix a finding: commands to run, and what `--fix` does.

use std::fmt;
use std::path::Path;

use super::Facts;
use crate::checks::{AutoFix, Entry, Finding};
use gsec_pki::encoding::shell::CommandLine;

/// What `--fix` does in a CA directory, under its lock, after looking again whether it is still to be done. In the order in which it is done:
/// a CRL comes after what is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaFix {
    /// Takes from others what they may do with host keys, and with files that they may write.
    TightenRepository,
    /// Finishes a change of key that was decided.
    FinishRekey,
    /// Sets aside what follows the last whole line of `ca.db` and `audit.log`.
    SetTornLinesAside,
    /// Writes `unique_subject = no`.
    WriteAttributes,
    /// Writes the number after the highest serial number in use into `serial.num`.
    RaiseSerial,
    /// Writes the number after that of the CRL into `crl.num`.
    RaiseCrlNumber,
    /// Copies certificates from the hosts' files to the CA's own.
    CopyCertificates,
    /// Records certificates that the CA signed.
    RecordCertificates,
    /// Rewrites damaged records as OpenSSL would write them; a revoked one stays revoked.
    RepairRecords,
    /// Leaves one line of each serial number, and makes comments of the others.
    JoinDuplicates,
    /// Writes into records what the certificates say.
    CorrectRecords,
    /// Revokes records without any file that a killed call left.
    RevokeLoneRecords,
    /// Revokes again what the log or the CRL says was revoked.
    RevokeAgain,
    /// Has the audit log tell of records of which it has no line.
    TakeIntoLog,
    /// Makes a new CRL.
    UpdateCrl,
    /// Writes `ca_bundle.pem` anew.
    WriteBundle,
    /// Removes gsec's own temporary files.
    RemoveLeftovers,
    /// Removes the cache of hosts.
    RemoveHostIndex,
    /// Writes `ca.conf`.
    WriteConfiguration,
}

impl fmt::Display for CaFix {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::TightenRepository => "remove permissions of others on keys of hosts",
            Self::FinishRekey => "finish the change of the CA key",
            Self::SetTornLinesAside => {
                "complete a record without a line feed at the end of ca.db; move any other incomplete last \
                 line of ca.db or audit.log to a separate file"
            }
            Self::WriteAttributes => "set `unique_subject = no` in ca.db.attr",
            Self::RaiseSerial => "set serial.num to the number after the highest one in use",
            Self::RaiseCrlNumber => "set crl.num to the number after that of the CRL",
            Self::CopyCertificates => "re-create the CA's copies of certificates from the hosts' files",
            Self::RecordCertificates => "record the certificates that this CA signed",
            Self::RepairRecords => "rewrite damaged lines of ca.db as OpenSSL writes them",
            Self::JoinDuplicates => {
                "keep one of several lines of a serial number, a revoked one before any \
                 other, and comment out the others"
            }
            Self::CorrectRecords => "correct records to match the certificates",
            Self::RevokeLoneRecords => "revoke records left by a killed command",
            Self::RevokeAgain => "restore revocations",
            Self::TakeIntoLog => "add audit log lines for records that had none, as they were found",
            Self::UpdateCrl => "make a new CRL",
            Self::WriteBundle => "re-create ca_bundle.pem, with all roots of this CA that have not expired",
            Self::RemoveLeftovers => "remove gsec's own temporary files",
            Self::RemoveHostIndex => "remove the index of hosts, a cache",
            Self::WriteConfiguration => "write ca.conf from the template",
        })
    }
}

impl Facts {
    /// A command of gsec's on this CA.
    pub(super) fn gsec(&self, words: &'static str) -> CommandLine {
        self.in_directory(CommandLine::new("gsec").words(words))
    }

    /// The same for a command that is whole but for the CA.
    pub(super) fn in_directory(&self, command: CommandLine) -> CommandLine {
        command.words("--ca-dir").path(&self.paths.root)
    }

    /// The command that fixes this and nothing else.
    pub(super) fn fix(&self, entry: &Entry) -> CommandLine {
        CommandLine::new("gsec doctor")
            .path(&self.paths.root)
            .words("--only")
            .words(entry.slug)
            .words("--fix --yes")
    }

    /// Sets the change that `--fix` makes, and adds that command to the finding's help.
    pub(super) fn fixed(&self, finding: Finding, auto_fix: CaFix) -> Finding {
        let command = self.fix(finding.entry);
        self.fixed_automatically(finding, auto_fix).fix(command)
    }

    /// Sets the change that `--fix` makes.
    pub(super) fn fixed_automatically(&self, finding: Finding, auto_fix: CaFix) -> Finding {
        finding.fixed_by(AutoFix::CaDirectory {
            root: self.paths.root.clone(),
            auto_fix,
        })
    }

    /// A finding about a file.
    pub(super) fn about(&self, entry: &'static Entry, path: &Path, seen: impl Into<String>) -> Finding {
        Finding::new(entry, path.display().to_string(), seen)
    }
}

/// Advice for files whose only other copy is in a backup.
pub(super) const FROM_BACKUP: &str = "Restore it from a backup.";
