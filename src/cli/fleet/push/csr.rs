//! Keys that are made on the hosts: the hosts are asked for their CSRs before anything is pushed.

use std::error::Error;

use super::Push;
use super::prepare::has_way;
use crate::cli::hint;
use crate::cli::progress::Progress;
use gsec_deliver::bundle::installation_of;
use gsec_deliver::push::{CsrCall, CsrError};
use gsec_deliver::rollout::CsrRefusal;
use gsec_env::parallel_map;
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::CertificateRequest;
use gsec_report::{Notice, Problem};

/// What a host answered, or why there is no CSR.
pub(in crate::cli::fleet) type Answer = Result<CertificateRequest, Problem>;

/// The subject that every host writes; and how many others are named of what a CSR contains.
const OWN_SUBJECT: &str = "subject CN=gsec";
const MAX_NAMED: usize = 4;

impl Push<'_> {
    /// Those of some hosts that can be asked for a CSR.
    pub(in crate::cli::fleet) fn can_be_asked(&self, hosts: &[usize]) -> Vec<usize> {
        let fleet = &self.fleet.hosts;
        let can_be = |at: &usize| has_way(&fleet[*at]) && self.expect_shell(&fleet[*at]).is_ok();
        hosts.iter().copied().filter(can_be).collect()
    }

    /// Asks hosts for CSRs, as many at the same time as are pushed to. Nothing changes there but that a key may wait for its certificate.
    pub(in crate::cli::fleet) fn ask(&self, hosts: &[usize]) -> Vec<(usize, Answer)> {
        let progress = Progress::new("asking for CSRs", hosts.len(), self.global);
        parallel_map(self.args.max_parallel.get(), hosts.len(), |number| {
            let at = hosts[number];
            let answer = match self.interruption.signal() {
                None => self.ask_one(at),
                Some(_) => Err(Problem::new("push-interrupted", "the call was interrupted")),
            };
            progress.advance();
            (at, answer)
        })
    }

    fn ask_one(&self, at: usize) -> Answer {
        let host = &self.fleet.hosts[at];
        let no_key = || {
            Problem::new(
                "push-key-on-host",
                "none of its bundles has a file with the private key",
            )
        };
        let bundle = host.key_bundle().ok_or_else(no_key)?;
        let installation = installation_of(&bundle.order, &host.name.value()).ok_or_else(no_key)?;
        let push = self.expect_shell(host).map_err(|refusal| refusal.problem)?;
        let remote = self.remote(host, push);
        let remote = remote.map_err(|message| Problem::new("push-address", message))?;
        let call = CsrCall {
            remote: &remote,
            mode: push.mode,
            folder: &bundle.folder,
            installation: &installation,
        };
        call.call(self.world.programs, &self.world.variables)
            .map_err(|error| not_sent(&error, host.host.name.as_str()))
    }
}

fn not_sent(error: &CsrError, host: &str) -> Problem {
    Problem {
        hints: hint::csr(error, host).into_iter().collect(),
        ..Problem::new(error.code(), error.to_string())
    }
}

/// Why the CSR of a host was not signed.
pub(in crate::cli::fleet) fn not_signed(refusal: &CsrRefusal, host: &str) -> Problem {
    let mut message = format!("the CSR of the host is not signed: {refusal}");
    let mut cause = refusal.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !message.ends_with(&text) {
            message = format!("{message}: {text}");
        }
        cause = error.source();
    }
    Problem {
        hints: hint::csr_refusal(refusal, host),
        ..Problem::new(refusal.code(), visible(&message))
    }
}

/// What a CSR contains that no host writes into it, and no certificate gets.
pub(in crate::cli::fleet) fn notice_of_ignored(host: &str, ignored: &[String]) -> Option<Notice> {
    let others: Vec<&str> = ignored
        .iter()
        .map(String::as_str)
        .filter(|text| *text != OWN_SUBJECT)
        .collect();
    let mut named = visible(
        &others
            .iter()
            .take(MAX_NAMED)
            .copied()
            .collect::<Vec<_>>()
            .join("; "),
    );
    if others.len() > MAX_NAMED {
        named = format!("{named}; and {} more", others.len() - MAX_NAMED);
    }
    (!others.is_empty()).then(|| Notice {
        code: "wishes_ignored".into(),
        message: format!("{host}: the CSR requests more than was granted: {named}"),
        hint: None,
    })
}
