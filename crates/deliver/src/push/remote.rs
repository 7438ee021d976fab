//! One call of `ssh`: the arguments, and what its end means.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;
use zeroize::Zeroizing;

use super::address::{SshHost, SshUser};
use gsec_env::{ProgramCall, ProgramEnd, ProgramError, Programs};
use gsec_pki::encoding::visible::visible;

/// What holds for every call, whatever the configuration of the user says: nobody is asked, no host key is taken on trust, nothing is forwarded.
const OPTIONS: [&str; 10] = [
    "-o",
    "BatchMode=yes",
    "-o",
    "StrictHostKeyChecking=yes",
    "-o",
    "ClearAllForwardings=yes",
    "-o",
    "ConnectTimeout=10",
    "-o",
    "ForwardAgent=no",
];
/// A call that waits for another one on the host (two minutes at the most), and for a service that checks and reloads.
const TIME_LIMIT: Duration = Duration::from_secs(300);
/// The exit status of `ssh` for what it could not do itself (ssh(1)).
const SSH_FAILED: i32 = 255;
/// What a shell says of a command that is not there, or cannot be run.
const NOT_FOUND: [i32; 2] = [126, 127];
/// What a program needs that finds keys, agents and tickets.
pub const VARIABLES: [&str; 5] = ["HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "KRB5CCNAME"];

/// How a host is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The host.
    pub host: SshHost,
    /// The log-in name, where it is not the one of the configuration.
    pub user: Option<SshUser>,
    /// The port, likewise.
    pub port: Option<u16>,
    /// A configuration file, absolute.
    pub config: Option<PathBuf>,
}

/// What runs on the host: one of the fixed texts of this room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteLine(pub(super) String);

/// Why nothing was done on a host.
#[derive(Debug, Error)]
pub enum RemoteError {
    /// There is no ssh here.
    #[error("cannot find `ssh`")]
    NoSsh,
    /// It does not run, or not to its end.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The key of the host is not known here.
    #[error("the host key of {0} is not known here")]
    HostKeyUnknown(SshHost),
    /// The host has another key than the one that is known.
    #[error("the host key of {0} is not the one that is known here: another machine may be answering")]
    HostKeyChanged(SshHost),
    /// The host does not let the user in.
    #[error("{host} does not let this user in: {words}")]
    Authentication {
        /// The host.
        host: SshHost,
        /// What ssh said.
        words: String,
    },
    /// There is no connection.
    #[error("cannot connect to {host}: {words}")]
    Unreachable {
        /// The host.
        host: SshHost,
        /// What ssh said.
        words: String,
    },
    /// The host has no receiver, or no shell.
    #[error("nothing on {host} takes the bundle: {words}")]
    NothingThere {
        /// The host.
        host: SshHost,
        /// What was said.
        words: String,
    },
}

impl RemoteError {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSsh => "push-no-ssh",
            Self::Program(ProgramError::TimedOut { .. }) => "push-timed-out",
            Self::Program(_) => "push-ssh",
            Self::HostKeyUnknown(_) => "push-host-key-unknown",
            Self::HostKeyChanged(_) => "push-host-key-changed",
            Self::Authentication { .. } => "push-authentication",
            Self::Unreachable { .. } => "push-unreachable",
            Self::NothingThere { .. } => "push-nothing-there",
        }
    }
}

impl Remote {
    /// The arguments of `ssh`. Those of the host and the user are of types that begin no option.
    fn arguments(&self, line: &RemoteLine) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = OPTIONS.iter().map(OsString::from).collect();
        arguments.extend(["-T", "-x"].map(OsString::from));
        if let Some(config) = &self.config {
            arguments.extend(["-F".into(), config.clone().into_os_string()]);
        }
        if let Some(port) = self.port {
            arguments.extend(["-p".into(), port.to_string().into()]);
        }
        if let Some(user) = &self.user {
            arguments.extend(["-l".into(), user.as_str().into()]);
        }
        arguments.extend(["--".into(), self.host.as_str().into(), line.0.clone().into()]);
        arguments
    }

    /// Runs a fixed text on the host, with this standard input. That it ended with a status other than 0 is no error, unless it is ssh's own.
    pub(super) fn call(
        &self,
        programs: &dyn Programs,
        variables: &[(OsString, OsString)],
        line: &RemoteLine,
        input: Zeroizing<Vec<u8>>,
    ) -> Result<ProgramEnd, RemoteError> {
        let ssh = programs.find("ssh").ok_or(RemoteError::NoSsh)?;
        let call = ProgramCall {
            arguments: self.arguments(line),
            variables: variables.to_vec(),
            stdin: input,
            time_limit: TIME_LIMIT,
            ..ProgramCall::new(ssh)
        };
        let end = programs.run(&call)?;
        match end.status {
            Some(SSH_FAILED) | None => Err(self.failure(&end)),
            Some(status) if NOT_FOUND.contains(&status) => Err(RemoteError::NothingThere {
                host: self.host.clone(),
                words: visible(&end.last_words().unwrap_or_default()),
            }),
            Some(_) => Ok(end),
        }
    }

    /// What ssh says of what it could not do; its messages have been these for twenty years.
    fn failure(&self, end: &ProgramEnd) -> RemoteError {
        let said = String::from_utf8_lossy(&end.stderr);
        let host = self.host.clone();
        let words = visible(&end.last_words().unwrap_or_else(|| "ssh said nothing".into()));
        if said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            RemoteError::HostKeyChanged(host)
        } else if said.contains("Host key verification failed") {
            RemoteError::HostKeyUnknown(host)
        } else if said.contains("Permission denied") || said.contains("Too many authentication failures") {
            RemoteError::Authentication { host, words }
        } else {
            RemoteError::Unreachable { host, words }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_env::FakePrograms;

    fn remote() -> Remote {
        Remote {
            host: SshHost::parse("web1.example.com").expect("a host"),
            user: SshUser::parse("gsec"),
            port: Some(2222),
            config: Some("/srv/fleet/ssh_config".into()),
        }
    }

    fn ending(status: Option<i32>, stderr: &'static str) -> Result<ProgramEnd, RemoteError> {
        let programs = FakePrograms::default().with("ssh", move |_| ProgramEnd {
            status,
            stdout: Vec::new(),
            stderr: stderr.into(),
        });
        remote().call(
            &programs,
            &[],
            &RemoteLine("status web".into()),
            Zeroizing::default(),
        )
    }

    #[test]
    fn ssh_is_called_as_the_contract_has_it() {
        let programs = FakePrograms::default().ending("ssh", 0);
        let line = RemoteLine("install web".into());
        remote()
            .call(&programs, &[], &line, Zeroizing::default())
            .expect("an end");
        let expected = "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ClearAllForwardings=yes -o ConnectTimeout=10 \
                        -o ForwardAgent=no -T -x -F /srv/fleet/ssh_config -p 2222 -l gsec -- web1.example.com";
        let mut expected: Vec<String> = expected.split_whitespace().map(str::to_owned).collect();
        expected.push("install web".into());
        assert_eq!(programs.calls(), [expected]);
    }

    #[test]
    fn no_secret_is_in_the_arguments() {
        let programs = FakePrograms::default().ending("ssh", 0);
        let input = Zeroizing::new(b"-----BEGIN PRIVATE KEY-----".to_vec());
        remote()
            .call(&programs, &[], &RemoteLine("install web".into()), input)
            .expect("an end");
        assert!(!programs.calls().concat().concat().contains("PRIVATE"));
    }

    #[test]
    fn what_ssh_could_not_do_is_told_apart() {
        let rows = [
            (
                "No ED25519 host key is known for web1 and you have requested strict checking.\r\nHost key verification failed.\r\n",
                "push-host-key-unknown",
            ),
            (
                "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n",
                "push-host-key-changed",
            ),
            (
                "gsec@web1: Permission denied (publickey).\n",
                "push-authentication",
            ),
            (
                "ssh: Could not resolve hostname web1: Name or service not known\n",
                "push-unreachable",
            ),
            (
                "ssh: connect to host web1 port 22: Connection refused\n",
                "push-unreachable",
            ),
            ("", "push-unreachable"),
        ];
        for (said, code) in rows {
            assert_eq!(
                ending(Some(255), said).expect_err("ssh failed").code(),
                code,
                "{said}"
            );
        }
        let absent = ending(Some(127), "sh: receive: not found\n").expect_err("not there");
        assert_eq!(absent.code(), "push-nothing-there");
        assert_eq!(ending(Some(4), "").expect("an answer").status, Some(4));
        let none = remote().call(
            &FakePrograms::default(),
            &[],
            &RemoteLine(String::new()),
            Zeroizing::default(),
        );
        assert_eq!(none.expect_err("no ssh").code(), "push-no-ssh");
    }
}
