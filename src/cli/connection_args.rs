//! How to connect to a server: the options of every command that does.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::failure::{self, Failure, Kind};
use super::global::shown;
use super::input;
use super::secret::InputPassword;
use super::{hint, value};
use gsec_doctor::net::{ClientIdentity, Depth, Limits, ProbeRequest, ServerNameChoice, SourceAddress, probe};
use gsec_doctor::tls::{Behaviour, Endpoint, Probe, Refusal, StartTls};
use gsec_env::Env;
use gsec_pki::contents::{BundledCertificate, OnlyEntry};
use gsec_pki::encoding::pem;
use gsec_pki::key::KeyError;
use gsec_pki::x509::GeneralName;

/// How to connect.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct ConnectionArgs {
    /// Ask the server to start TLS in this protocol, on each connection; the port may then be left out
    #[arg(long, value_name = "PROTOCOL", value_parser = value::starttls())]
    pub starttls: Option<StartTls>,

    /// The server name to send (SNI) [default: the host, unless it is an address]
    #[arg(long, value_name = "NAME", value_parser = value::compared_host, conflicts_with = "no_sni")]
    pub server_name: Option<GeneralName>,

    /// Send no server name
    #[arg(long)]
    pub no_sni: bool,

    /// Present this client certificate if the server requests one; its issuers and its key may follow in the
    /// same file
    #[arg(long, value_name = "FILE")]
    pub client_cert: Option<PathBuf>,

    /// The key of the client certificate [default: the one in the file of `--client-cert`]
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,

    /// Connect from this local address, and this port
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = value::source_address)]
    pub bind: Option<SourceAddress>,

    /// Connect through this HTTP proxy (CONNECT)
    #[arg(long, value_name = "HOST:PORT", value_parser = value::endpoint)]
    pub proxy: Option<Endpoint>,

    /// Timeout for each step; the whole check may take up to three times as long
    #[arg(long, value_name = "TIME", value_parser = value::timeout, default_value = "5s")]
    pub timeout: Duration,

    /// Do not resolve names: hosts are given by address
    #[arg(long)]
    pub no_dns: bool,
}

impl ConnectionArgs {
    /// The files that are read.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.client_cert
            .iter()
            .chain(&self.client_key)
            .map(PathBuf::as_path)
    }

    /// The certificate to show, when one was named.
    pub(super) fn identity(
        &self,
        password: &InputPassword,
        env: &mut Env,
    ) -> Result<Option<ClientIdentity>, Failure> {
        let Some(path) = &self.client_cert else {
            return Ok(None);
        };
        let mut bundle = input::bundle(path, password, env)?;
        let key_path = self.client_key.as_ref().unwrap_or(path);
        if self.client_key.is_some() {
            bundle.keys = input::bundle(key_path, password, env)?.keys;
        }
        let cannot = |message: String| Failure::cannot("input.client_certificate", message);
        let arranged = bundle.arrange();
        let chain: Vec<_> = match bundle.only_entry(&arranged) {
            OnlyEntry::Entry(entry) if entry.key.is_some() => entry.path().into_iter().cloned().collect(),
            OnlyEntry::SeveralKeys(count) => {
                return Err(failure::of_key(
                    &shown(key_path),
                    &KeyError::SeveralKeys { count },
                ));
            }
            OnlyEntry::NoCertificate(found) if !bundle.certificates.is_empty() => {
                let is_unknown = |other: &BundledCertificate| {
                    found.key.is_pair_of(other.certificate.public_key()).is_none()
                };
                let relation = match bundle.certificates.iter().any(is_unknown) {
                    true => "cannot be compared with",
                    false => "does not belong to",
                };
                let message = format!(
                    "the private key in `{}` {relation} the certificate in `{}`",
                    shown(key_path),
                    shown(path)
                );
                return Err(cannot(message).hint("gsec cert match finds the certificate of this key"));
            }
            OnlyEntry::NoCertificate(_) => {
                return Err(cannot(format!("`{}` contains no certificate", shown(path))));
            }
            _ => {
                return Err(
                    Failure::usage(format!("`{}` contains no private key", shown(key_path)))
                        .hint("pass it with `--client-key`"),
                );
            }
        };
        let key = bundle
            .only_key()
            .and_then(|found| found.key.into_signing_key())
            .map_err(|error| failure::of_key(&shown(key_path), &error))?;
        ClientIdentity::new(&chain, &key)
            .map(Some)
            .map_err(|error| cannot(format!("cannot use `{}`: {error}", shown(path))))
    }

    /// What to ask of a target.
    pub(super) fn request(
        &self,
        target: Endpoint,
        identity: Option<ClientIdentity>,
        depth: Depth,
    ) -> ProbeRequest {
        let server_name = match &self.server_name {
            _ if self.no_sni => ServerNameChoice::None,
            Some(name) => ServerNameChoice::Name(name.value()),
            None => ServerNameChoice::Target,
        };
        ProbeRequest {
            target,
            server_name,
            source: self.bind,
            proxy: self.proxy.clone(),
            starttls: self.starttls,
            limits: Limits::of_step(self.timeout),
            identity,
            may_resolve: !self.no_dns,
            depth,
        }
    }
}

/// Fetches what a server presents, for commands that take it as if it were a file.
pub(super) fn fetch(target: &Endpoint, starttls: Option<StartTls>, depth: Depth) -> Result<Probe, Failure> {
    let seen = probe(&ProbeRequest {
        starttls,
        ..ProbeRequest::of(target.clone(), depth)
    });
    match no_chain(&seen, false) {
        Some(failure) => Err(failure),
        None => Ok(seen),
    }
}

/// Why the server did not present any certificates, if so, for a command that has [`ConnectionArgs`] or not.
pub(super) fn no_chain(probe: &Probe, has_options: bool) -> Option<Failure> {
    if !probe.chain.is_empty() {
        return None;
    }
    // What gsec alone cannot do says nothing of the certificate.
    let unseen = match (&probe.modern_refusal, probe.uncommon_group()) {
        (Some(Refusal::Flight(error)), _) if error.is_bound() => Some(error.to_string()),
        (_, Some(group)) if probe.speaks_tls() => Some(format!(
            "it chooses {group} for the key exchange, and takes none of the groups that rustls offers: gsec could not see the certificate"
        )),
        _ => None,
    };
    if let Some(reason) = unseen {
        let message = format!("no certificate from {}: {reason}", probe.target);
        return Some(Failure::cannot("net.not_seen", message));
    }
    let (code, reason) = match (&probe.behaviour, &probe.modern_refusal) {
        (Behaviour::Tls | Behaviour::TlsAndPlainText, Some(refusal)) => (
            "net.refused",
            format!("it speaks TLS, but presents no certificate: {refusal}"),
        ),
        (Behaviour::Tls | Behaviour::TlsAndPlainText, None) => (
            "net.no_certificate",
            "it speaks TLS, but presents no certificate".into(),
        ),
        (Behaviour::NoStartTls { .. }, _) => ("net.no_starttls", probe.behaviour.to_string()),
        (behaviour, _) if behaviour.is_connected() => ("net.no_tls", behaviour.to_string()),
        (behaviour, _) => ("net.not_reached", behaviour.to_string()),
    };
    let mut failure = Failure::cannot(code, format!("no certificate from {}: {reason}", probe.target));
    failure.kind = Kind::No;
    failure.problem.hints = hint::for_probe(probe, has_options);
    Some(failure)
}

/// The certificates as PEM, each under a line that says what it is.
pub(super) fn chain_pem(chain: &[Vec<u8>], describe: impl Fn(&[u8]) -> String) -> String {
    let block = |der: &Vec<u8>| format!("{}{}", describe(der), pem::encode(pem::CERTIFICATE, der));
    chain.iter().map(block).collect()
}
