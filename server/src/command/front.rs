//! The process that talks to the network.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gsec::cli::serve::{Addresses, FrontOrder, ServerError, Serving};
use gsec_ca::home::{CaDir, KeySource};
use gsec_ca::policy::Policy;
use gsec_env::{Clock, Env, SystemClock};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::GeneralName;
use gsec_signer::{Client, ClientError, RemoteKeys};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

use super::admin_socket::{AdminSocket, Facts};
use super::first_grant::{FirstGrant, GRANTS_LOST, first_grant};
use super::own_certificate::{OwnCertificate, told};
use super::{
    admin_socket_of, beside_ca, error, expect_none_serves, expect_profiles, failed, hinted, settings_text,
    socket_of, state_of, tell, wait_for_end_of_stdin,
};
use crate::confine::{FrontConfinement, confine_front};
use crate::engine::{self, AskSigner, CaView, Engine, Fault, Issuer, OcspResponder, Parts, Workshop};
use crate::notice::{LogForm, Metrics, ReadFilter, ServerLog};
use crate::settings::{FILE_NAME, Listen, Settings};
use crate::state::State;
use crate::state::sqlite::Database;
use crate::validate::{Rule, Rules, Scope};
use crate::web::{
    App, Limits, Presented, ServerTls, Site, account_urls, metrics_routes, plain_routes, serve_plain,
    serve_tls, tls_routes,
};

/// How long a commit that was begun is waited for at the end.
const ISSUER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a signer that is starting is waited for.
const SIGNER_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a command that has the state open is waited for.
const STATE_TIMEOUT: Duration = Duration::from_secs(10);
/// How many connections wait to be accepted.
const BACKLOG: u32 = 1024;

/// Where a server of this order publishes.
pub(super) fn addresses(order: &FrontOrder) -> Result<Addresses, ServerError> {
    let settings = settings(order)?;
    Ok(published(&site(&settings)?, settings.http))
}

fn site(settings: &Settings) -> Result<Site, ServerError> {
    Site::new(&settings.names, settings.listen.port()).map_err(|error| {
        hinted(
            failed("serve.name", &error),
            "say under which name hosts reach this server: `gsec serve --name ca.example.com`",
        )
    })
}

/// Serves until it is told to end.
pub(super) fn run(order: FrontOrder, ready: &mut dyn FnMut(&Serving)) -> Result<(), ServerError> {
    expect_none_serves(&order.directory)?;
    let settings = settings(&order)?;
    let site = site(&settings)?;
    let keys = keys(&order)?;
    let confinement = confined(&order.directory);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| failed("serve.runtime", &error))?;
    runtime.block_on(serve(&order, settings, site, (keys, confinement), ready))
}

/// It writes the CA directory, and nothing else.
fn confined(directory: &CaDir) -> FrontConfinement {
    let confinement = confine_front(&[
        directory.root().to_owned(),
        directory.conf(),
        directory.repository(),
    ]);
    tell("front", confinement.each());
    confinement
}

/// `serve.toml`, and what the command line has in its place.
fn settings(order: &FrontOrder) -> Result<Settings, ServerError> {
    let path = beside_ca(&order.directory, FILE_NAME);
    let text = settings_text(&order.directory, &path).map_err(|error| failed("serve.settings", &error))?;
    let wrong = |error: &crate::settings::SettingsError| {
        let mut failure = failed("serve.settings", error);
        failure.causes.insert(0, std::mem::take(&mut failure.message));
        failure.message = format!("cannot use `{}`", path.display());
        failure
    };
    let mut settings = Settings::read(&text).map_err(|error| wrong(&error))?;
    if !order.names.is_empty() {
        settings.names.clone_from(&order.names);
    }
    for (flag, given, place) in [
        ("--listen", &order.listen, &mut settings.listen),
        ("--http", &order.http, &mut settings.http),
    ] {
        if let Some(text) = given {
            *place = Listen::parse(text).ok_or_else(|| {
                error(
                    "serve.settings",
                    format!("`{flag} {text}` is not an address and a port, as `192.0.2.1:8443` or `:8443`"),
                )
            })?;
        }
    }
    expect_ports_apart(&settings)?;
    if let Some(http_port) = order.http_port {
        // Of two rules for all other names, one would be without effect.
        if settings.validate.iter().any(|rule| rule.scope == Scope::Every) {
            let said = "`--http-port` and a [[validate]] section without `names` are about the same names";
            return Err(error(
                "serve.settings",
                format!("{said}: put `http_port` into the section"),
            ));
        }
        settings.validate.push(Rule {
            http_port,
            ..Rule::default()
        });
    }
    Ok(settings)
}

/// Of two listeners at one port, the kernel would say that another program has it.
fn expect_ports_apart(settings: &Settings) -> Result<(), ServerError> {
    let places = [
        ("listen", Some(settings.listen)),
        ("http", Some(settings.http)),
        ("metrics", settings.metrics),
    ];
    for (index, (key, place)) in places.iter().enumerate() {
        for (other, its) in &places[..index] {
            if let (Some(place), Some(its)) = (place, its)
                && place.meets(*its)
            {
                return Err(error(
                    "serve.settings",
                    format!("`{other}` is `{its}` and `{key}` is `{place}`: each needs a port of its own"),
                ));
            }
        }
    }
    Ok(())
}

/// The keys of the CA, in the process that has them. One that is starting is waited for.
fn keys(order: &FrontOrder) -> Result<Arc<dyn KeySource>, ServerError> {
    let socket = socket_of(&order.directory, order.socket.clone());
    let end = Instant::now() + SIGNER_TIMEOUT;
    loop {
        match Client::connect(&socket) {
            Ok(client) => return Ok(RemoteKeys::of(client)),
            Err(error) if Instant::now() >= end => {
                return Err(hinted(
                    failed("serve.signer", &error),
                    "`gsec serve` starts the signer too; by itself: `gsec serve signer`",
                ));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

async fn serve(
    order: &FrontOrder,
    settings: Settings,
    site: Site,
    (keys, confinement): (Arc<dyn KeySource>, FrontConfinement),
    ready: &mut dyn FnMut(&Serving),
) -> Result<(), ServerError> {
    let clock: Arc<dyn Clock + Send + Sync> = Arc::new(SystemClock);
    let new_random = Env::real().new_random;
    let ca =
        CaView::open(order.directory.clone(), keys.clone()).map_err(|error| failed(error.code(), &error))?;
    let metrics = Arc::<Metrics>::default();
    let issuer = Issuer::start(Workshop {
        directory: order.directory.clone(),
        keys,
        clock: clock.clone(),
        new_random,
        metrics: metrics.clone(),
    })
    .map_err(|error| failed("serve.issuer", &error))?;
    let database = state(&order.directory)?;
    let state: Arc<dyn State> = database.clone();
    let tls_listener = listening(settings.listen, "--listen")?;
    let http_listener = listening(settings.http, "--http")?;
    let metrics_listener = settings
        .metrics
        .map(|at| listening(at, "`metrics` in serve.toml"));
    let metrics_listener = metrics_listener.transpose()?;
    let listeners: Vec<SocketAddr> = [&tls_listener, &http_listener]
        .into_iter()
        .chain(&metrics_listener)
        .filter_map(|listener| listener.local_addr().ok())
        .collect();
    let engine = Engine::new(Parts {
        state: state.clone(),
        issuer: issuer.clone(),
        ca: ca.clone(),
        responder: OcspResponder::at(beside_ca(&order.directory, "ocsp.pem")),
        rules: Rules::new(settings.validate.clone(), listeners, Vec::new()),
        account_urls: account_urls(&site),
        settings: engine_settings(&settings, &ca)?,
        clock: clock.clone(),
        new_random,
        metrics,
        log: server_log(settings.log, &ca, &clock),
        ask_signer: asking_signer(socket_of(&order.directory, order.socket.clone())),
    })
    .await
    .map_err(|fault| of_fault(&fault))?;
    let was_served = beside_ca(&order.directory, "server.pem").exists();
    let first_grant = match order.makes_first_grant {
        true => first_grant(&state, &site, was_served, new_random, &issuer).await?,
        false => FirstGrant::Others,
    };
    let own = OwnCertificate {
        path: beside_ca(&order.directory, "server.pem"),
        names: site.names().to_vec(),
        issuer: issuer.clone(),
        ca: ca.clone(),
    };
    let first = own
        .first(clock.now())
        .await
        .map_err(|error| failed("serve.certificate", &error))?;
    let tls = first.pair.map(|(chain, key)| ServerTls::new(chain, key));
    let tls = tls
        .transpose()
        .map_err(|error| failed("serve.certificate", &error))?
        .map(Arc::new);
    let presented = Presented::of(&site);
    if let Some(tls) = tls {
        presented.begin(tls);
    }
    let is_limited = first.limited.is_some();
    if let Some(limited) = first.limited {
        told(&engine, limited.to_string());
    }
    if first_grant == FirstGrant::Lost {
        engine.log().fault("grants", GRANTS_LOST);
    }
    engine.start();
    let first_grant = match first_grant {
        FirstGrant::Made(names) => names,
        FirstGrant::Others | FirstGrant::Lost => Vec::new(),
    };
    let serving = serving(&site, settings.http, &ca, first_grant)?;
    let administrators = AdminSocket::bind(&admin_socket_of(&order.directory))
        .map_err(|error| failed("serve.listen", &error))?;
    let facts = Facts {
        since: clock.now(),
        names: site.names().iter().map(GeneralName::value).collect(),
        serving: serving.clone(),
        signer: socket_of(&order.directory, order.socket.clone()),
        confinement,
    };
    let app = Arc::new(App {
        engine: engine.clone(),
        site,
        presented: presented.clone(),
    });
    let administrators = administrators.start(facts, app.clone(), database);
    let (end, ended) = watch::channel(false);
    let listeners = 2 + u64::from(metrics_listener.is_some());
    let limits = Limits::of_listener(open_files(), listeners);
    let (routes, mut tls_ended) = (tls_routes(&app), ended.clone());
    let over_tls = tokio::spawn(async move {
        // CRL and OCSP need no TLS, and do not wait for it.
        let tls = match presented.tls() {
            Some(tls) => tls.clone(),
            None => tokio::select! {
                tls = own.awaited(&engine, &tls_listener) => presented.begin(tls),
                _ = tls_ended.changed() => return,
            },
        };
        tokio::spawn(own.keep(engine, presented, is_limited));
        serve_tls(tls_listener, tls, routes, limits, tls_ended).await;
    });
    let numbers = metrics_listener.map(|listener| {
        let served = serve_plain(listener, metrics_routes(&app), limits, ended.clone());
        tokio::spawn(served)
    });
    let plain = tokio::spawn(serve_plain(http_listener, plain_routes(&app), limits, ended));
    ready(&serving);
    told_to_end(order.ends_with_stdin)
        .await
        .map_err(|error| failed("serve.signals", &error))?;
    drop(administrators);
    let _ = end.send(true);
    let _ = tokio::join!(over_tls, plain);
    if let Some(numbers) = numbers {
        let _ = numbers.await;
    }
    let _ = tokio::time::timeout(ISSUER_TIMEOUT, issuer.end()).await;
    Ok(())
}

/// Asks the signer, with its causes in one sentence where it would not sign.
fn asking_signer(socket: PathBuf) -> AskSigner {
    Arc::new(move || {
        Client::look(&socket)
            .map(|looked| looked.journal)
            .map_err(|error| match &error {
                ClientError::Unreachable { source, .. } => format!("{error}: {source}"),
                error => error.to_string(),
            })
    })
}

/// What the server remembers, beside the CA. A command of an administrator may have it open for a moment.
fn state(directory: &CaDir) -> Result<Arc<Database>, ServerError> {
    let end = Instant::now() + STATE_TIMEOUT;
    loop {
        match Database::open(&state_of(directory)) {
            Ok(database) => return Ok(Arc::new(database)),
            Err(crate::state::StateError::InUse { .. }) if Instant::now() < end => {
                expect_none_serves(directory)?;
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => {
                let in_use = matches!(error, crate::state::StateError::InUse { .. });
                let failure = failed("serve.state", &error);
                return Err(match in_use {
                    true => hinted(failure, "a server for this CA directory is already running"),
                    false => failure,
                });
            }
        }
    }
}

fn engine_settings(settings: &Settings, ca: &CaView) -> Result<engine::Settings, ServerError> {
    let opened = ca.now().map_err(|error| failed(error.code(), &error))?;
    let policy = opened
        .authority()
        .policy()
        .map_err(|error| failed(error.code(), &error))?;
    let known: Vec<String> = policy.profiles().map(|profile| profile.name.clone()).collect();
    let offered = settings.profiles.clone().unwrap_or_else(|| known.clone());
    let default = ("default_profile", &settings.default_profile);
    let named = offered.iter().map(|name| ("profiles", name)).chain([default]);
    expect_profiles(policy, "serve.settings", FILE_NAME, named)?;
    Ok(engine::Settings {
        terms: settings.terms.clone(),
        must_agree_again: settings.agree_again,
        requires_external_account: settings.external_account_required,
        default_profile: settings.default_profile.clone(),
        profiles: offered
            .into_iter()
            .map(|name| {
                let description = format!("profile {name} of gsec.toml");
                (name, description)
            })
            .collect(),
        order_lifetime: settings.order_lifetime,
        authorization_lifetime: settings.proof_lifetime,
        overrides: settings.limits.clone(),
        most_pending: settings.most_pending.into(),
    })
}

/// The first of the addresses that can be listened at; `set_by` says where another one is set.
fn listening(listen: Listen, set_by: &str) -> Result<TcpListener, ServerError> {
    let mut failure = None;
    for address in listen.addresses() {
        match bound(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = Some((address, error)),
        }
    }
    let (address, error) = failure.expect("there is an address");
    let mut failure = failed("serve.listen", &error);
    failure.causes = vec![std::mem::take(&mut failure.message)];
    failure.message = format!("cannot listen at {address}");
    Err(match error.kind() {
        std::io::ErrorKind::AddrInUse => hinted(
            failure,
            format!("another program listens there; choose another port with {set_by}"),
        ),
        std::io::ErrorKind::AddrNotAvailable => hinted(failure, "this machine does not have that address"),
        std::io::ErrorKind::PermissionDenied => hinted(
            failure,
            "ports below 1024 need the capability CAP_NET_BIND_SERVICE: start it by systemd, or choose another port",
        ),
        _ => failure,
    })
}

fn bound(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A server that was ended a moment ago has connections that linger.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The addresses of what is published, without TLS: the first of the server's names, as it listens.
fn published(site: &Site, http: Listen) -> Addresses {
    let host = site.names().first().map(|name| match name {
        GeneralName::Ip(std::net::IpAddr::V6(address)) => format!("[{address}]"),
        name => name.value(),
    });
    let plain = match http.port() {
        80 => format!("http://{}", host.unwrap_or_default()),
        port => format!("http://{}:{port}", host.unwrap_or_default()),
    };
    Addresses {
        crl: format!("{plain}/crl/ca.crl"),
        ocsp: format!("{plain}/ocsp/ca"),
        certificate: format!("{plain}/ca/ca.cer"),
    }
}

fn serving(site: &Site, http: Listen, ca: &CaView, first_grant: Vec<String>) -> Result<Serving, ServerError> {
    let opened = ca.now().map_err(|error| failed(error.code(), &error))?;
    let certificate = opened.authority().certificate();
    let addresses = published(site, http);
    let policy = opened.authority().policy().ok();
    let is_own = policy.is_some_and(|policy| policy.crl_addresses == [addresses.crl.clone()]);
    let wanted_shards = match is_own {
        true => opened.authority().wanted_shards(SystemClock.now()),
        false => Ok(None),
    };
    let wanted_shards = wanted_shards.map_err(|error| failed(error.code(), &error))?;
    Ok(Serving {
        acme: site.origin(None).url("/acme/directory"),
        crl: addresses.crl,
        ocsp: addresses.ocsp,
        certificate: addresses.certificate,
        subject: certificate.subject().to_string(),
        sha256: encode(&certificate.thumbprints().sha256, Separator::None),
        first_grant,
        has_crl_addresses: policy.is_some_and(|policy| !policy.crl_addresses.is_empty()),
        has_ocsp_addresses: policy.is_some_and(|policy| !policy.ocsp_addresses.is_empty()),
        wanted_shards,
    })
}

/// The server's own log, with the filter that gsec.toml has now; where that cannot be read, nothing is shown that it could hide.
fn server_log(form: LogForm, ca: &Arc<CaView>, clock: &Arc<dyn Clock + Send + Sync>) -> ServerLog {
    let ca = ca.clone();
    let read_filter: ReadFilter = Box::new(move || {
        let opened = ca.now().ok();
        let policy = opened
            .as_ref()
            .and_then(|opened| opened.authority().policy().ok());
        policy.map_or_else(
            || Policy::unknown().log_filter,
            |policy| policy.log_filter.clone(),
        )
    });
    ServerLog::to(Box::new(std::io::stderr()), form, clock.clone(), read_filter)
}

/// How many files this process may have open. The soft limit is for programs that use select(2), which this one does not.
fn open_files() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let soft = limit.current;
        limit.current = limit.maximum;
        if setrlimit(Resource::Nofile, limit).is_err() {
            limit.current = soft;
        }
    }
    limit.current.unwrap_or(u64::MAX)
}

fn of_fault(fault: &Fault) -> ServerError {
    ServerError {
        code: "serve.state",
        message: "cannot use the server's state".into(),
        causes: fault.cause.iter().cloned().collect(),
        hints: Vec::new(),
    }
}

/// SIGTERM, Ctrl-C, and the end of the process that started this one.
async fn told_to_end(ends_with_stdin: bool) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (ends, ended) = tokio::sync::oneshot::channel();
    if ends_with_stdin {
        // No task of the runtime: one that reads cannot be stopped, and the runtime would wait for it.
        std::thread::spawn(move || {
            wait_for_end_of_stdin();
            let _ = ends.send(());
        });
    }
    let starter_ended = async {
        match ends_with_stdin {
            true => drop(ended.await),
            false => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = starter_ended => {}
    }
    Ok(())
}
