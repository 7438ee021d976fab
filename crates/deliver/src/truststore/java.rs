//! Java's key stores: a file of CAs that `keytool` changes and reads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::files::{Digest, as_names, certificate_in, certificates_in};
use super::password::Passwords;
use super::{Anchor, Found, Layout, Machine, Standing, TrustError};
use gsec_ca::files::{expect_own_way, read_file_within};
use gsec_env::{ProgramCall, ProgramEnd};

const PROGRAM: &str = "keytool";
/// Where the store lies in a Java of today, and in one of before Java 9.
const IN_JAVA_HOME: [&str; 2] = ["lib/security/cacerts", "jre/lib/security/cacerts"];
/// The password of every store that comes with a Java.
const DEFAULT_PASSWORD: &str = "changeit";
/// What is kept of the program's output, in bytes: 150 CAs are 300 KB.
const MAX_OUTPUT: usize = 32 * 1024 * 1024;
/// Before the name of an entry, in English.
const ALIAS: &str = "Alias name: ";
/// How a store of the form JKS begins.
const JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];

/// A key store of Java with trusted CAs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStore {
    path: PathBuf,
    is_of_the_system: bool,
}

impl KeyStore {
    pub(super) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            is_of_the_system: false,
        }
    }

    /// The store that the tools of the system write.
    pub(super) fn of_the_system(path: &Path) -> Self {
        Self {
            is_of_the_system: true,
            ..Self::at(path)
        }
    }

    /// The one that a person named, as a file or as the directory of a Java, or that of `$JAVA_HOME`.
    pub(super) fn named(path: Option<&Path>, machine: &Machine<'_>) -> Result<Self, TrustError> {
        let not_one = |path: &Path| TrustError::NotAStore {
            path: path.to_owned(),
            what: "a Java key store, or a Java that has one",
        };
        let given = path
            .or(machine.java_home())
            .ok_or_else(|| TrustError::NotAStore {
                path: "$JAVA_HOME".into(),
                what: "set: name the key store as `--store java:PATH`",
            })?;
        let found = match given.is_dir() {
            true => IN_JAVA_HOME
                .iter()
                .map(|place| given.join(place))
                .find(|path| path.is_file()),
            false => Some(given.to_owned()),
        };
        let found = found
            .and_then(|path| path.canonicalize().ok())
            .filter(|path| path.is_file());
        let found = found.ok_or_else(|| not_one(given))?;
        if Layout::has_java(&found) {
            return Err(TrustError::OfTheSystem(found));
        }
        Ok(Self::at(&found))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn is_of_the_system(&self) -> bool {
        self.is_of_the_system
    }

    pub(super) fn expect_changeable(&self, machine: &Machine<'_>) -> Result<(), TrustError> {
        self.program(machine)?;
        expect_own_way(&self.path).map_err(TrustError::Exposed)
    }

    /// The system's program, or that of the Java that the store belongs to, where no other user can exchange it.
    fn program(&self, machine: &Machine<'_>) -> Result<PathBuf, TrustError> {
        let beside = || {
            let java = self.path.parent()?.parent()?.parent()?;
            let program = java.join("bin").join(PROGRAM);
            (program.is_file() && expect_own_way(&program).is_ok()).then_some(program)
        };
        machine
            .programs
            .find(PROGRAM)
            .or_else(beside)
            .ok_or_else(|| TrustError::NoProgram {
                program: PROGRAM,
                store: self.path.clone(),
            })
    }

    fn run(
        &self,
        arguments: &[&str],
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<ProgramEnd, TrustError> {
        let password = passwords
            .java
            .as_ref()
            .map_or(DEFAULT_PASSWORD, |given| given.as_str());
        let call = ProgramCall {
            // On standard input no other user sees it.
            stdin: Zeroizing::new(format!("{password}\n").into_bytes()),
            max_output: MAX_OUTPUT,
            ..ProgramCall::new(self.program(machine)?)
        };
        let call = call.args(arguments).arg("-keystore").arg(&self.path);
        let call = call.args(["-J-Duser.language=en", "-J-Duser.country=US"]);
        let end = machine.programs.run(&call)?;
        if end.is_success() {
            return Ok(end);
        }
        // The message is on one stream or the other, depending on the version.
        let text = [&end.stdout[..], &end.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        if [
            "password was incorrect",
            "password is incorrect",
            "password is too short",
        ]
        .iter()
        .any(|words| text.contains(words))
        {
            return Err(TrustError::Password(self.path.clone()));
        }
        Err(TrustError::Failed {
            program: PROGRAM.into(),
            store: self.path.clone(),
            words: text
                .lines()
                .find(|line| line.starts_with("keytool error"))
                .map(str::to_owned)
                .or_else(|| end.last_words()),
        })
    }

    /// Every entry with the certificates in it.
    fn entries(
        &self,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<Vec<(String, Vec<Digest>)>, TrustError> {
        let end = self.run(&["-list", "-rfc"], machine, passwords)?;
        Ok(entries(&String::from_utf8_lossy(&end.stdout)))
    }

    pub(super) fn look(
        &self,
        digest: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<Found, TrustError> {
        let end = self.run(&["-list", "-rfc"], machine, passwords)?;
        let entries = entries(&String::from_utf8_lossy(&end.stdout)).into_iter();
        let places: Vec<String> = entries
            .filter(|(_, digests)| digests.contains(digest))
            .map(|(alias, _)| alias)
            .collect();
        if places.is_empty() {
            return Ok(Found::absent());
        }
        Ok(Found {
            standing: Standing::Present,
            places,
            in_effect: true,
            certificate: certificate_in(&end.stdout, digest),
            ..Found::absent()
        })
    }

    /// Whether the file shows by itself that it does not have a certificate: stores of the form JKS have it as it is, unencrypted.
    pub(super) fn is_without(&self, anchor: &Anchor) -> bool {
        let content = read_file_within(&self.path, MAX_OUTPUT as u64).unwrap_or_default();
        let Some(certificate) = anchor.certificate().filter(|_| content.starts_with(&JKS)) else {
            return false;
        };
        let der = certificate.der();
        !content.windows(der.len()).any(|part| part == der)
    }

    pub(super) fn add(
        &self,
        anchor: &Anchor,
        file: &Path,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<(), TrustError> {
        let (name, file) = (anchor.name(), file.to_string_lossy().into_owned());
        let arguments = ["-importcert", "-noprompt", "-alias", &name, "-file", &file];
        self.run(&arguments, machine, passwords)?;
        Ok(())
    }

    pub(super) fn remove(
        &self,
        digest: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<(), TrustError> {
        for alias in self.look(digest, machine, passwords)?.places {
            self.run(&["-delete", "-alias", &alias], machine, passwords)?;
        }
        Ok(())
    }

    /// What else is in it.
    pub(super) fn others(
        &self,
        except: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<BTreeSet<String>, TrustError> {
        let entries = self.entries(machine, passwords)?.into_iter();
        // An alias says nothing of trust, unless it is that of a secret key.
        let others = entries.flat_map(|(alias, digests)| match digests.is_empty() {
            true => BTreeSet::from([alias]),
            false => as_names(digests.into_iter().filter(|digest| digest != except)),
        });
        Ok(others.collect())
    }
}

/// What `keytool -list -rfc` shows: the name of each entry, then its certificates.
fn entries(text: &str) -> Vec<(String, Vec<Digest>)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix(ALIAS), parts.last_mut()) {
            (Some(alias), _) => parts.push((alias.to_owned(), String::new())),
            (None, Some((_, body))) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    let parts = parts.into_iter();
    parts
        .map(|(alias, body)| (alias, certificates_in(body.as_bytes())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_from_the_program_s_list() {
        let block = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let text = format!(
            "Keystore type: JKS\n\nAlias name: one\nEntry type: trustedCertEntry\n\n{block}\n\n*****\n\
             Alias name: two words\nEntry type: PrivateKeyEntry\n{block}{block}"
        );
        let found: Vec<(String, usize)> = entries(&text)
            .into_iter()
            .map(|(alias, digests)| (alias, digests.len()))
            .collect();
        assert_eq!(found, [("one".to_owned(), 1), ("two words".to_owned(), 2)]);
    }
}
