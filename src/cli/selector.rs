//! Selectors: a serial number, a file, a host, or a server's port; or a subject or a thumbprint that another program shows.

use std::path::{Path, PathBuf};

use super::connection_args::{chain_pem, fetch};
use super::failure::Failure;
use super::global::{Global, shown};
use super::input::{self, Loaded, PresentedTo, Source};
use super::secret::InputPassword;
use super::value;
use gsec_ca::authority::{Authority, HostRecord};
use gsec_ca::files::FileName;
use gsec_ca::records::Revocation;
use gsec_doctor::net::Depth;
use gsec_doctor::tls::{Endpoint, EndpointError, StartTls};
use gsec_env::Env;
use gsec_pki::encoding::pem;
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::{
    Certificate, DnsName, GeneralName, SerialNumber, TypedSubject, TypedThumbprint, decode_certificates,
    rfc3339,
};
use gsec_report::Selected;

/// Endings by which an argument is a file, whether or not it exists.
const FILE_ENDINGS: [&str; 9] = [
    ".pem", ".crt", ".cer", ".der", ".pfx", ".p12", ".key", ".csr", ".crl",
];

/// Codes of failures: a selector means nothing, and there is no CA.
const NOT_FOUND: &str = "input.not_found";
const NO_CA: &str = "store.no_ca";

const HOW_TO_NAME_A_SERVER: &str = "write HOST:PORT as `db1.example.com:443`, `10.0.0.1:443` or `[::1]:443`; a file with its path, as `./FILE`";

/// How a selector is to be read.
#[derive(clap::Args, Default)]
pub(super) struct SelectorKind {
    /// Read the argument as a serial number of this CA, even if a file or host matches
    #[arg(long, conflicts_with_all = ["file", "host"])]
    pub serial: bool,

    /// Read the argument as a file, even if a serial number or host matches
    #[arg(long, conflicts_with = "host")]
    pub file: bool,

    /// Read the argument as a host, even if a file or serial number matches
    #[arg(long)]
    pub host: bool,
}

/// How a selector is to be read that may be a server's port.
#[derive(clap::Args, Default)]
pub(super) struct SourceKind {
    #[command(flatten)]
    pub kind: SelectorKind,

    /// Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out
    #[arg(long, value_name = "PROTOCOL", value_parser = value::starttls(), conflicts_with_all = ["serial", "file", "host"])]
    pub starttls: Option<StartTls>,
}

/// What a selector means.
enum Meaning {
    File(PathBuf),
    Server(Endpoint),
    Serial(SerialNumber),
    /// What a host or a subject has, by the name under which answers speak of it.
    Host(String, Vec<HostRecord>),
}

impl Meaning {
    fn in_words(&self) -> &'static str {
        match self {
            Self::File(_) => "a file here",
            Self::Server(_) => "a port of a server",
            Self::Serial(_) => "a serial number of the CA",
            Self::Host(..) => "a host that the CA issued for",
        }
    }
}

/// What becomes of the certificates that selectors mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Affected {
    /// They are revoked.
    Revoked,
    /// Releases them from hold.
    Unheld,
}

/// Reads what a selector means: a file, `-`, what a server presents, or the certificate of a serial number or a host in the CA's repository.
/// Of a host's certificates it is the newest valid one.
pub(super) fn select_source(
    selector: &str,
    kind: &SourceKind,
    global: &Global,
    env: &Env,
) -> Result<(Source, Option<Selected>), Failure> {
    let mut selected = None;
    let source = match meaning(selector, kind, &mut || global.open_authority(env))? {
        Meaning::File(path) => Source::read(&path, env)?,
        Meaning::Server(target) => Source::of(
            target.to_string(),
            chain_pem(&fetch(&target, kind.starttls, Depth::Chain)?.chain, |_| {
                String::new()
            })
            .into_bytes(),
        ),
        Meaning::Serial(serial) => kept_file(&serial, global, env)?,
        Meaning::Host(host, records) => {
            let (newest, choice) = newest(&host, &records, env);
            selected = Some(choice);
            kept_file(&newest.record.serial, global, env)?
        }
    };
    Ok((source, selected))
}

/// Reads the certificates a selector refers to.
pub(super) fn select(
    selector: &str,
    kind: &SourceKind,
    password: &InputPassword,
    global: &Global,
    env: &mut Env,
) -> Result<Loaded, Failure> {
    let (source, selected) = select_source(selector, kind, global, env)?;
    loaded(&source, selected, password, env)
}

/// Reads the certificates a selector refers to; of a server all that it presents to some client, first what it presents to those that offer
/// everything.
pub(super) fn select_all(
    selector: &str,
    kind: &SourceKind,
    password: &InputPassword,
    global: &Global,
    env: &mut Env,
) -> Result<Vec<Loaded>, Failure> {
    let Ok(Meaning::Server(target)) = meaning(selector, kind, &mut || global.open_authority(env)) else {
        return Ok(vec![select(selector, kind, password, global, env)?]);
    };
    let seen = fetch(&target, kind.starttls, Depth::Certificates)?;
    let differs_at_times = seen.other_chains.iter().any(|other| other.is_at_times);
    let host = value::asked_host(&target.host).ok();
    let first = PresentedTo {
        host: host.clone(),
        clients: differs_at_times.then(|| "other connections".to_owned()),
        has_ocsp_response: seen
            .negotiated
            .as_ref()
            .is_some_and(|negotiated| negotiated.has_ocsp_response),
    };
    let others = seen.other_chains.iter().map(|other| {
        let presented = PresentedTo {
            host: host.clone(),
            clients: Some(other.to_string()),
            has_ocsp_response: other.has_ocsp_response,
        };
        (&other.chain, presented)
    });
    let all = std::iter::once((&seen.chain, first)).chain(others);
    all.map(|(chain, presented)| {
        let source = Source::of(
            target.to_string(),
            chain_pem(chain, |_| String::new()).into_bytes(),
        );
        Ok(Loaded {
            presented: Some(presented),
            ..loaded(&source, None, password, env)?
        })
    })
    .collect()
}

fn loaded(
    source: &Source,
    selected: Option<Selected>,
    password: &InputPassword,
    env: &mut Env,
) -> Result<Loaded, Failure> {
    let certificates = match source.certificates(password, env) {
        Ok(certificates) => certificates,
        Err(failure) => return Err(source.with_other_command(failure, password, env)),
    };
    let (unread, crls) = (source.unread(&[pem::X509_CRL]), source.crls());
    Ok(Loaded {
        certificates,
        unread,
        crls,
        source: shown(&source.path),
        selected,
        presented: None,
    })
}

/// The serial numbers of the CA's certificates that the selectors refer to, without duplicates. If a host has several certificates,
/// gsec does not choose one: with `all` it takes every one that can be affected, and otherwise the selector is ambiguous.
pub(super) fn serials(
    selectors: &[String],
    kind: &SelectorKind,
    (affected, all): (Affected, bool),
    authority: &Authority,
    env: &mut Env,
) -> Result<Vec<SerialNumber>, Failure> {
    let mut serials = Vec::new();
    for selector in selectors {
        let found = match meaning_in(selector, kind, Some(authority))? {
            Meaning::Host(host, records) => affected_of(&host, &records, affected, all, env)?,
            meaning => vec![serial_of(meaning, selector, kind, authority, env)?.0],
        };
        found.into_iter().for_each(|serial| {
            if !serials.contains(&serial) {
                serials.push(serial);
            }
        });
    }
    Ok(serials)
}

/// The serial number of the CA's certificate that a selector means; of a host's the newest valid one.
pub(super) fn serial(
    selector: &str,
    kind: &SelectorKind,
    authority: &Authority,
    env: &mut Env,
) -> Result<(SerialNumber, Option<Selected>), Failure> {
    serial_of(
        meaning_in(selector, kind, Some(authority))?,
        selector,
        kind,
        authority,
        env,
    )
}

fn serial_of(
    meaning: Meaning,
    selector: &str,
    kind: &SelectorKind,
    authority: &Authority,
    env: &mut Env,
) -> Result<(SerialNumber, Option<Selected>), Failure> {
    let (serial, selected) = match meaning {
        Meaning::Serial(serial) => (serial, None),
        Meaning::Host(host, records) => {
            let (newest, choice) = newest(&host, &records, env);
            (newest.record.serial.clone(), Some(choice))
        }
        Meaning::File(path) => return Ok((serial_of_file(&path, authority, env)?, None)),
        Meaning::Server(_) => return Err(nothing_found(selector, kind)),
    };
    match authority.records().find(&serial)? {
        Some(_) => Ok((serial, selected)),
        None => Err(nothing_found(selector, kind)),
    }
}

/// The serial number of a certificate file that this CA issued.
fn serial_of_file(path: &Path, authority: &Authority, env: &mut Env) -> Result<SerialNumber, Failure> {
    let certificates = input::certificates(path, &InputPassword::none(), env)?;
    let Some(certificate) =
        input::host_position(&certificates).and_then(|position| certificates.get(position))
    else {
        let message = format!(
            "`{}` begins with a CA certificate, `{}`, and contains several others",
            shown(path),
            certificates[0].title()
        );
        return Err(Failure::usage(message).hint("select one by its serial number"));
    };
    if authority.has_issued(certificate)? {
        return Ok(certificate.serial().clone());
    }
    if authority.has_signed(certificate) {
        return Err(unrecorded(path, certificate, authority)?);
    }
    if authority.own_certificates()?.contains(certificate) {
        let message = format!(
            "`{}` is the CA's own certificate, `{}`, not one that it issued",
            shown(path),
            certificate.subject()
        );
        let failure = Failure::cannot("authority.own_certificate", message)
            .hint("for a new lifetime with the same key: `gsec ca renew`");
        return Err(failure.hint(
            "if its key has leaked: `gsec ca rekey`, and remove the old root from everything that trusts it",
        ));
    }
    let message = format!(
        "`{}` was not issued by this CA: its issuer is `{}`, serial {}",
        shown(path),
        certificate.issuer(),
        certificate.serial()
    );
    Err(Failure::cannot("input.foreign_certificate", message)
        .hint("pass the CA that issued it with `--ca-dir`"))
}

/// The CA's key signed a certificate, and no record is about it: its serial number may be another certificate's.
fn unrecorded(path: &Path, certificate: &Certificate, authority: &Authority) -> Result<Failure, Failure> {
    let recorded = authority.recorded(certificate)?;
    let why = recorded.why_not(certificate).unwrap_or_default();
    let message = format!(
        "`{}` was signed with the CA's key, but is not a certificate that the CA recorded: {why}",
        shown(path)
    );
    let failure = Failure::cannot("authority.unrecorded_certificate", message);
    let failure = match recorded.record() {
        Some(record) => failure.hint(format!(
            "a CRL lists serial numbers: `gsec cert revoke {}` revokes both certificates with this number",
            record.serial
        )),
        None => failure.hint("gsec doctor on the CA directory finds certificates without a record"),
    };
    Ok(failure.hint("if nobody signed it on purpose, the CA key has leaked: `gsec ca rekey`"))
}

fn meaning(
    selector: &str,
    SourceKind { kind, starttls }: &SourceKind,
    authority: &mut dyn FnMut() -> Result<Authority, Failure>,
) -> Result<Meaning, Failure> {
    if let Some(protocol) = starttls {
        let parsed = Endpoint::parse_or(selector, protocol.usual_port());
        return parsed
            .map(Meaning::Server)
            .map_err(|error| not_a_port(selector, &error));
    }
    if is_file(selector, kind) {
        return Ok(Meaning::File(selector.into()));
    }
    let opened = authority();
    match (meaning_in(selector, kind, opened.as_ref().ok()), opened) {
        // A CA that was not examined may have it.
        (Err(nothing), Err(unread)) if nothing.problem.code == NOT_FOUND && unread.problem.code != NO_CA => {
            Err(unread)
        }
        (meaning, _) => meaning,
    }
}

fn not_a_port(selector: &str, error: &EndpointError) -> Failure {
    Failure::usage(format!("`{selector}` is not a port of a server: {error}")).hint(HOW_TO_NAME_A_SERVER)
}

fn is_file(selector: &str, kind: &SelectorKind) -> bool {
    if kind.file || kind.serial || kind.host {
        return kind.file;
    }
    // A URL has slashes, and is a server; so has a subject.
    let is_url = selector.contains("://") && Endpoint::looks_like(selector);
    let looks_like_one = selector == "-" || selector.contains(['/', '\\']) || ends_like_a_file(selector);
    !is_url && looks_like_one && (TypedSubject::parse(selector).is_none() || Path::new(selector).exists())
}

/// Whether a text is written as a certificate of a CA is named, and can be no server.
fn is_of_a_ca(selector: &str) -> bool {
    SerialNumber::looks_like(selector)
        || TypedSubject::parse(selector).is_some()
        || TypedThumbprint::parse(selector).is_some()
}

/// Whether a text is an address alone, whose last digits are no port: `fd00::1`, and not `[fd00::1]:443`.
fn is_address(selector: &str) -> bool {
    matches!(GeneralName::parse_typed_host(selector), Ok(GeneralName::Ip(_)))
}

/// Whether an argument ends as files do that have certificates or keys.
pub(super) fn ends_like_a_file(argument: &str) -> bool {
    FILE_ENDINGS
        .iter()
        .any(|ending| argument.to_ascii_lowercase().ends_with(ending))
}

/// The one thing that a selector means, or a failure that lists what it might mean.
fn meaning_in(
    selector: &str,
    kind: &SelectorKind,
    authority: Option<&Authority>,
) -> Result<Meaning, Failure> {
    if is_file(selector, kind) {
        return Ok(Meaning::File(selector.into()));
    }
    let any = !kind.serial && !kind.host;
    let mut meanings = Vec::new();
    if any && Path::new(selector).exists() {
        meanings.push(Meaning::File(selector.into()));
    }
    let is_of_a_ca = is_of_a_ca(selector) && (authority.is_some() || !SerialNumber::looks_like(selector));
    if any && !is_of_a_ca && !is_address(selector) && Endpoint::looks_like(selector) {
        let parsed = Endpoint::parse(selector).map_err(|error| not_a_port(selector, &error));
        meanings.push(Meaning::Server(parsed?));
    }
    if let Some(authority) = authority {
        if any || kind.serial {
            meanings.extend(known_serial(selector, authority)?.map(Meaning::Serial));
        }
        if any || kind.host {
            meanings.extend(known_host(selector, authority)?);
        }
        if any && meanings.is_empty() {
            meanings.extend(shown_elsewhere(selector, authority)?);
        }
    }
    match (meanings.pop(), meanings.as_slice()) {
        (Some(only), []) => Ok(only),
        (None, _) => Err(nothing_found(selector, kind)),
        (Some(last), others) => {
            let list: Vec<&str> = others.iter().chain([&last]).map(Meaning::in_words).collect();
            let has_server = others
                .iter()
                .chain([&last])
                .any(|meaning| matches!(meaning, Meaning::Server(_)));
            let hint = if has_server {
                "pass `--file`; gsec cert fetch queries a server"
            } else {
                "pass `--file`, `--serial` or `--host`"
            };
            Err(Failure::usage(format!("`{selector}` is {}", list.join(" and "))).hint(hint))
        }
    }
}

fn known_serial(selector: &str, authority: &Authority) -> Result<Option<SerialNumber>, Failure> {
    let Some(serial) = SerialNumber::parse_typed(selector) else {
        return Ok(None);
    };
    // A certificate without a record is damage, and still one to look at.
    let is_known = authority.file_of(&serial).is_some() || authority.records().find(&serial)?.is_some();
    Ok(is_known.then_some(serial))
}

fn known_host(selector: &str, authority: &Authority) -> Result<Option<Meaning>, Failure> {
    let Ok(host) = GeneralName::parse_typed_host(selector) else {
        return Ok(None);
    };
    let records = authority.records_of(&host)?;
    Ok((!records.is_empty()).then(|| Meaning::Host(host.value(), records)))
}

/// What the CA has under a subject or a thumbprint.
fn shown_elsewhere(selector: &str, authority: &Authority) -> Result<Option<Meaning>, Failure> {
    let (thumbprint, subject) = (TypedThumbprint::parse(selector), TypedSubject::parse(selector));
    let found = match (&thumbprint, &subject) {
        (Some(thumbprint), _) => authority.record_with_thumbprint(thumbprint)?.map(Meaning::Serial),
        (None, Some(subject)) => {
            let records = authority.records_of_subject(subject)?;
            (!records.is_empty()).then(|| Meaning::Host(visible(selector.trim()), records))
        }
        (None, None) => return Ok(None),
    };
    let is_meant = |own: &Certificate| match (&thumbprint, &subject) {
        (Some(thumbprint), _) => thumbprint.is_of(own),
        (None, Some(subject)) => {
            TypedSubject::parse(&own.subject().openssl_oneline()).is_some_and(|own| subject.is(&own))
        }
        (None, None) => false,
    };
    if found.is_none() && authority.own_certificates()?.iter().any(is_meant) {
        let message = format!(
            "`{}` is the CA's own certificate, not one that it issued",
            visible(selector.trim())
        );
        return Err(Failure::cannot("authority.own_certificate", message)
            .hint("gsec ca show shows it; gsec ca renew and gsec ca rekey replace it"));
    }
    Ok(found)
}

/// The certificate of a host that `cert ensure` would choose: the newest valid one, or the newest if none is valid.
fn newest<'a>(host: &str, records: &'a [HostRecord], env: &Env) -> (&'a HostRecord, Selected) {
    let now = env.clock.now();
    // A record without a certificate is what a killed call left.
    let mut kept = records.iter().rev().filter(|found| found.certificate.is_some());
    let mut valid = kept.clone().filter(|found| found.record.is_valid_at(now));
    let newest = valid
        .next()
        .or_else(|| kept.next())
        .or(records.last())
        .expect("a host that is known has records");
    let others = valid.map(|found| found.record.serial.to_string()).collect();
    (
        newest,
        Selected {
            host: host.to_owned(),
            serial: newest.record.serial.to_string(),
            others,
        },
    )
}

/// The certificates of a host that a change of status is about. Where none can be affected, the newest that was before: the call is a
/// repetition.
fn affected_of(
    host: &str,
    records: &[HostRecord],
    affected: Affected,
    all: bool,
    env: &Env,
) -> Result<Vec<SerialNumber>, Failure> {
    let now = env.clock.now();
    let is_held = |found: &&HostRecord| found.record.revocation.as_ref().is_some_and(Revocation::is_hold);
    let can_be = |found: &&HostRecord| match affected {
        Affected::Revoked => found.record.is_valid_at(now) || is_held(found),
        Affected::Unheld => is_held(found),
    };
    let was_before = |found: &&HostRecord| match affected {
        Affected::Revoked => found.record.revocation.is_some(),
        Affected::Unheld => found.record.is_valid_at(now),
    };
    let serials = |found: Vec<&HostRecord>| {
        found
            .into_iter()
            .map(|found| found.record.serial.clone())
            .collect::<Vec<_>>()
    };
    let open: Vec<&HostRecord> = records.iter().filter(can_be).collect();
    let done: Vec<&HostRecord> = records.iter().filter(was_before).collect();
    let several = match (open.len(), done.is_empty(), records) {
        (1, ..) => return Ok(serials(open)),
        // What one call revoked together, the same call names again.
        (0, false, _) if all => {
            let last = done.last().map(|found| &found.record.revocation);
            return Ok(serials(
                done.iter()
                    .copied()
                    .filter(|found| Some(&found.record.revocation) == last)
                    .collect(),
            ));
        }
        // The newest: a reason that is given now is not one for what was revoked long ago.
        (0, false, _) => return Ok(serials(done.into_iter().next_back().into_iter().collect())),
        (0, true, [only]) => return Ok(vec![only.record.serial.clone()]),
        (0, true, all) => all.iter().collect(),
        _ if all => return Ok(serials(open)),
        _ => open,
    };
    let list: Vec<String> = several.iter().map(|found| in_words(found)).collect();
    let failure = Failure::usage(format!("`{host}` has several certificates: {}", list.join(", ")));
    Err(failure.hint("select them by their serial numbers, or pass `--all`"))
}

fn in_words(found: &HostRecord) -> String {
    let held = if found.record.revocation.as_ref().is_some_and(Revocation::is_hold) {
        " (on hold)"
    } else {
        ""
    };
    format!(
        "serial {} until {}{held}",
        found.record.serial,
        rfc3339(found.record.expiry)
    )
}

/// The file of a serial number in the repository. A certificate with another serial number in that file is refused: the
/// answer would be taken for one about the requested certificate.
fn kept_file(serial: &SerialNumber, global: &Global, env: &Env) -> Result<Source, Failure> {
    let directory = global.existing_directory(env)?;
    let name = FileName::certificate(serial);
    let path = directory.existing_in_repository(&name).ok_or_else(|| {
        let message = format!(
            "serial {serial} is recorded, but `{}` does not exist",
            shown(&directory.in_repository(&name))
        );
        Failure::cannot("input.not_found", message)
            .hint("a command that was killed between record and certificate leaves such a record")
    })?;
    let content = directory.read(&path)?;
    let first = decode_certificates(&content)
        .ok()
        .and_then(|certificates| certificates.into_iter().next());
    match first.filter(|first| first.serial() != serial) {
        None => Ok(Source::of(path, content)),
        Some(other) => {
            let message = format!(
                "`{}` is not the certificate with serial {serial}: it has serial {}",
                shown(&path),
                other.serial()
            );
            Err(Failure::cannot("input.other_serial", message)
                .hint("restore the file from a backup; `gsec doctor` examines the CA directory"))
        }
    }
}

/// A port of an address. The last digits of an address may have been meant as the port: `::1:443`.
fn in_brackets(selector: &str, address: std::net::Ipv6Addr) -> String {
    let meant = selector.rsplit_once(':').and_then(|(before, port)| {
        let before: std::net::Ipv6Addr = before.parse().ok()?;
        Some((before, port.parse::<u16>().ok().filter(|port| *port > 0)?))
    });
    let (address, port) = meant.unwrap_or((address, 443));
    format!("[{address}]:{port}")
}

fn nothing_found(selector: &str, kind: &SelectorKind) -> Failure {
    let serial = SerialNumber::parse_typed(selector).filter(|_| !kind.host);
    let message = if kind.serial {
        format!("the CA has no certificate with serial `{selector}`")
    } else if kind.host {
        format!("the CA has issued no certificate for `{selector}`")
    } else if TypedThumbprint::parse(selector).is_some() && serial.is_none() {
        "the CA has no certificate with this thumbprint".to_owned()
    } else if TypedSubject::parse(selector).is_some() {
        format!("the CA has no certificate whose subject is `{selector}`")
    } else if DnsName::parse(selector).is_ok_and(|name| name.is_qualified()) {
        format!("no file or host `{selector}`")
    } else {
        format!("no file, serial number or host `{selector}`")
    };
    let failure = Failure::cannot(NOT_FOUND, message);
    let decimal = serial
        .as_ref()
        .and(SerialNumber::parse_decimal(selector))
        .filter(|number| Some(number) != serial.as_ref());
    let failure = match decimal {
        Some(decimal) => failure.hint(format!(
            "serial numbers are hexadecimal: did you mean decimal {selector}? That is {decimal}"
        )),
        None => failure,
    };
    let failure = match selector.trim().parse::<std::net::Ipv6Addr>() {
        Ok(address) => failure.hint(format!(
            "a port of a server is written `{}`",
            in_brackets(selector.trim(), address)
        )),
        Err(_) => failure,
    };
    failure.hint("`gsec cert list` shows the serial numbers; give a file with its path")
}
