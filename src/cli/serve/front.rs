//! `gsec serve front`.

use std::ffi::OsString;
use std::path::PathBuf;

use super::addresses::missing_lines;
use super::order::{FrontOrder, Server, Serving};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome, StreamError};
use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_report::{ServeReport, to_json, to_text};

/// The server's place in the network.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Network")]
pub(super) struct NetworkArgs {
    /// A name under which hosts reach this server; give it again for each further name [default: `names` in serve.toml]
    #[arg(long = "name", value_name = "HOST")]
    names: Vec<String>,

    /// Where ACME is served, over TLS [default: `listen` in serve.toml, else :8443]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,

    /// Where CRL and CA certificate are served, without TLS [default: `http` in serve.toml, else :8080]
    #[arg(long, value_name = "ADDR:PORT")]
    http: Option<String>,

    /// The port on which hosts answer http-01, for names that no rule of serve.toml is about [default: 80]
    #[arg(long, value_name = "PORT")]
    http_port: Option<u16>,

    /// Grant nothing to begin with
    ///
    /// Without any grant, a first one is made: everyone who proves it by a challenge gets certificates for the server's names
    /// and all names below them.
    #[arg(long)]
    no_first_grant: bool,
}

impl NetworkArgs {
    /// As an order.
    pub(super) fn order(&self, directory: CaDir, socket: Option<PathBuf>) -> FrontOrder {
        let network = self.clone();
        FrontOrder {
            directory,
            names: network.names,
            listen: network.listen,
            http: network.http,
            http_port: network.http_port,
            makes_first_grant: !network.no_first_grant,
            socket,
            ends_with_stdin: false,
        }
    }

    /// The same as words of a command line.
    pub(super) fn words(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        let mut add = |flag: &str, value: &str| words.push(OsString::from(format!("--{flag}={value}")));
        self.names.iter().for_each(|name| add("name", name));
        self.listen.iter().for_each(|listen| add("listen", listen));
        self.http.iter().for_each(|http| add("http", http));
        self.http_port
            .iter()
            .for_each(|port| add("http-port", &port.to_string()));
        words.extend(self.no_first_grant.then(|| "--no-first-grant".into()));
        words
    }
}

/// Run only the part of the server that talks to the network
///
/// `gsec serve` starts it and the signer together. Under systemd they are two units with two users: this one never sees the
/// CA key, and asks the signer at its socket.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve front --name ca.example.com
  $ gsec serve front --name ca.example.com --socket /run/gsec/signer.sock",
until_told = "no signer, an address in use, serve.toml"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    network: NetworkArgs,

    /// The signer's socket [default: signer.sock in the CA's ca_conf]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// End when standard input ends
    #[arg(long, hide = true)]
    end_with_stdin: bool,
}

pub(super) fn run(args: &Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    let directory = global.existing_directory(env)?;
    let order = FrontOrder {
        ends_with_stdin: args.end_with_stdin,
        ..args.network.order(directory.clone(), args.socket.clone())
    };
    let (json, quiet, screen) = (global.json, global.quiet, global.screen);
    Ok(Outcome::stream(move |out| {
        let mut written = Ok(());
        let mut ready = |serving: &Serving| {
            let report = report(&directory, serving);
            let text = match () {
                () if json => to_json(&report, &[]),
                () if quiet => String::new(),
                () => to_text(&report, false, screen),
            };
            written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        };
        let served = server.front(order, &mut ready);
        served.map_err(|error| StreamError::Input(Failure::from(error)))?;
        Ok(written?)
    }))
}

fn report(directory: &CaDir, serving: &Serving) -> ServeReport {
    ServeReport {
        ca_dir: shown(directory.root()),
        subject: serving.subject.clone(),
        sha256: serving.sha256.clone(),
        acme: serving.acme.clone(),
        crl: serving.crl.clone(),
        ocsp: serving.ocsp.clone(),
        ca_certificate: serving.certificate.clone(),
        first_grant: serving.first_grant.clone(),
        missing_settings: missing_lines(serving),
    }
}
