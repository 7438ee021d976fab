//! Gathers what is watched: the CA directory, what it has issued, its server, backups, ports and files of hosts.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use gsec::cli::serve::StatusOrder;
use gsec::cli::watch::WatchOrder;
use gsec_ca::authority::{Authority, ListFilter, ListedEntry, StatusFilter};
use gsec_ca::files::read_regular_within;
use gsec_doctor::checks::ca_directory::CHECKS;
use gsec_doctor::checks::file::{FileContent, Judgements};
use gsec_doctor::checks::{Diagnosis, Selection};
use gsec_doctor::facts;
use gsec_doctor::net::{Depth, ProbeRequest};
use gsec_doctor::tls::Endpoint;
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::visible::system_words;
use gsec_pki::x509::path::Purpose;
use gsec_pki::x509::{Certificate, GeneralName, SerialNumber, decode_certificates, parse_time};
use time::{Duration, OffsetDateTime};

use super::super::status::{JOURNAL_NEW, crowd};
use super::super::{beside_ca, status};
use crate::acme::{CertificateId, SuggestedWindow};
use crate::alarm::{
    Backup, Ending, Kind, LastLine, Look, Served, WatchSettings, of_backup, of_ca_directory, of_endings,
    of_files, of_last_line, of_port, of_queues, of_server, of_sites, step_of,
};
use crate::watch::{Store, StoreError};

/// Of more certificates than these, the audit log is asked first which are near their end.
const MAX_READ: usize = 20_000;
/// The most certificates near their end.
const MAX_NEAR: usize = 200_000;
/// A certificate may begin before it was announced.
const BACKDATED: Duration = Duration::DAY;
/// So long somebody is told of a certificate that has expired.
const EXPIRED: Duration = Duration::days(30);
/// The most files of one folder that are looked into.
const MAX_FILES: usize = 1000;
const MAX_FILE_BYTES: u64 = 1024 * 1024;

const DIRECTORY: &str = "the CA directory";
const OWN_CERTIFICATE: &str = "the certificate of the CA";
const CERTIFICATES: &str = "the certificates that the CA has issued";
const SERVER: &str = "the server";
const LAST_LINE: &str = "the end of the audit log";
const BACKUP: &str = "the backup";
const SITES: &str = "the sites of the hub";
const QUEUES: &str = "the queues of alarms";

/// Looks at everything.
pub(super) fn look(
    order: &WatchOrder,
    settings: &WatchSettings,
    store: &mut Store,
    now: OffsetDateTime,
) -> Result<Look, StoreError> {
    let mut look = Look::new(now);
    ca_directory(order, &mut look);
    let authority = Authority::open(order.directory.clone());
    match &authority {
        Ok(authority) => {
            let found = certificates(authority, now);
            look.take(CERTIFICATES, found.map(|endings| of_endings(&endings, now)));
        }
        Err(error) => look.leave(CERTIFICATES, &error.to_string()),
    }
    server(order, settings, store, &mut look)?;
    if let Some(path) = &settings.backup {
        look.take(BACKUP, newest(path).map(|backup| of_backup(BACKUP, &backup, now)));
    } else if let Some(made) = store.fact(super::BACKUP_MADE)? {
        let made = made
            .parse()
            .ok()
            .and_then(|made| OffsetDateTime::from_unix_timestamp(made).ok());
        let backup = Backup {
            path: "`gsec serve backup`".into(),
            newest: made,
        };
        look.take(BACKUP, Ok(of_backup(BACKUP, &backup, now)));
    }
    ports(order, settings, authority.as_ref().ok(), &mut look);
    for folder in settings.host_dirs.iter().chain(&order.host_dirs) {
        let scope = format!("the files in {}", folder.display());
        let found = host_files(folder, &scope, now);
        look.take(&scope, found);
    }
    if let Some(hub) = &settings.hub {
        let sites = store.sites(&hub.sites)?;
        look.take(SITES, Ok(of_sites(SITES, &sites, hub.silent_after, now)));
    }
    let queues = store.waiting(&settings.sinks)?;
    look.take(QUEUES, Ok(of_queues(QUEUES, &queues, now)));
    Ok(look)
}

fn ca_directory(order: &WatchOrder, look: &mut Look) {
    let facts = match facts::ca_directory(&order.directory, look.at) {
        Ok(facts) => facts,
        Err(error) => return look.take(DIRECTORY, Err(error.to_string())),
    };
    let diagnosis = Diagnosis::of(&facts, CHECKS, &Selection::default());
    for (scope, found) in of_ca_directory(&facts, &diagnosis) {
        look.take(scope, found);
    }
    match facts.certificate() {
        Some(own) => {
            let ending = Ending {
                remedies: vec!["`gsec ca renew` renews it; `gsec doctor` says what that needs.".into()],
                ..ending(OWN_CERTIFICATE, Kind::CaExpires, own)
            };
            look.take(OWN_CERTIFICATE, Ok(of_endings(&[ending], look.at)));
        }
        None => look.leave(OWN_CERTIFICATE, "it cannot be read"),
    }
}

fn ending(scope: &str, kind: Kind, certificate: &Certificate) -> Ending {
    let serial = certificate.serial().to_string();
    let names = certificate.subject_alternative_names().unwrap_or_default();
    Ending {
        scope: scope.to_owned(),
        kind,
        what: serial.clone(),
        serial,
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        subject: Some(certificate.subject().to_string()),
        names: names.iter().map(GeneralName::value).collect(),
        renews_itself: false,
        renewal_until: None,
        remedies: Vec::new(),
        tells_names: false,
    }
}

/// A record of a certificate that is not revoked.
struct Live {
    expiry: OffsetDateTime,
    serial: SerialNumber,
    subject: u64,
}

/// The certificates that may be near their end, and whose subject has none that lasts longer.
fn certificates(authority: &Authority, now: OffsetDateTime) -> Result<Vec<Ending>, String> {
    let said = |error: &dyn std::error::Error| error.to_string();
    let mut live: Vec<Live> = Vec::new();
    let mut last: HashMap<u64, OffsetDateTime> = HashMap::new();
    let listing = authority.listing().map_err(|error| said(&error))?;
    let taken = listing.visit(&ListFilter::default(), now, &mut |entry| {
        if let ListedEntry::Record {
            record,
            status: StatusFilter::Valid | StatusFilter::Expired,
            is_own: false,
            ..
        } = entry
        {
            let mut hasher = DefaultHasher::new();
            record.subject.hash(&mut hasher);
            let subject = hasher.finish();
            let lasts = last.entry(subject).or_insert(record.expiry);
            *lasts = record.expiry.max(*lasts);
            if record.expiry + EXPIRED > now {
                live.push(Live {
                    expiry: record.expiry,
                    serial: record.serial,
                    subject,
                });
            }
        }
        ControlFlow::Continue(())
    });
    taken.map_err(|error| said(&error))?;
    live.retain(|record| last.get(&record.subject) == Some(&record.expiry));
    if live.len() > MAX_READ {
        let announced = announced(authority)?;
        live.retain(|record| {
            let begin = announced.get(&record.serial);
            begin.is_none_or(|begin| step_of(*begin, record.expiry, now).is_some())
        });
    }
    live.sort_by_key(|record| record.expiry);
    if live.len() > MAX_NEAR {
        return Err(format!(
            "{} certificates are near their end, which are too many to check",
            live.len()
        ));
    }
    let read = live
        .iter()
        .filter_map(|record| authority.issued_certificate(&record.serial).transpose());
    let read: Vec<Certificate> = read.collect::<Result<_, _>>().map_err(|error| said(&error))?;
    let read: Vec<Certificate> = read
        .into_iter()
        .filter(|certificate| step_of(certificate.not_before(), certificate.not_after(), now).is_some())
        .collect();
    let by_acme = match read.is_empty() {
        true => HashSet::new(),
        false => issued_by_acme(authority)?,
    };
    Ok(read
        .iter()
        .map(|certificate| {
            let serial = certificate.serial().to_string();
            let renewal = CertificateId::of(certificate)
                .filter(|_| by_acme.contains(&serial))
                .map(|id| SuggestedWindow::by_age(certificate, &id).end());
            let renew = CommandLine::new("gsec cert renew --serial").value(&serial);
            Ending {
                renewal_until: renewal,
                remedies: vec![renew.to_string()],
                ..ending(CERTIFICATES, Kind::Expires, certificate)
            }
        })
        .collect())
}

/// When each certificate was announced, as the audit log says: of a million it is faster asked than each certificate, which begins then or before.
fn announced(authority: &Authority) -> Result<HashMap<SerialNumber, OffsetDateTime>, String> {
    let mut times = HashMap::new();
    let mut take = |serial: Option<String>, time: &str| {
        let serial = serial.and_then(|serial| SerialNumber::parse_any_hex(&serial));
        if let Some((serial, time)) = serial.zip(parse_time(time)) {
            times.entry(serial).or_insert(time - BACKDATED);
        }
    };
    authority
        .records()
        .audit_lines_with(&["\"serial\":\""], &mut |fields| {
            take(fields.serial, &fields.time)
        })
        .map_err(|error| error.to_string())?;
    Ok(times)
}

/// The serial numbers of certificates whose clients renew by themselves.
fn issued_by_acme(authority: &Authority) -> Result<HashSet<String>, String> {
    let mut serials = HashSet::new();
    authority
        .records()
        .audit_lines_with(&["\"acme_order\":"], &mut |fields| {
            serials.extend(fields.serial);
        })
        .map_err(|error| error.to_string())?;
    Ok(serials)
}

/// Remembers that a server was seen.
const SERVER_SEEN: &str = "server_seen";

fn server(
    order: &WatchOrder,
    settings: &WatchSettings,
    store: &mut Store,
    look: &mut Look,
) -> Result<(), StoreError> {
    let asked = StatusOrder {
        directory: order.directory.clone(),
        socket: None,
        journal: None,
    };
    let own = beside_ca(&order.directory, "server.pem");
    let status = match status::run(&asked, &Env::real()) {
        Ok(status) => status,
        Err(error) => {
            look.take(SERVER, Err(error.message));
            return Ok(());
        }
    };
    let was_seen = match settings.server {
        Some(expected) => expected,
        // The front writes its certificate when it starts for the first time.
        None => status.front.answers || own.exists() || store.fact(SERVER_SEEN)?.is_some(),
    };
    if status.front.answers {
        store.set_fact(SERVER_SEEN, "1")?;
    }
    let last = Authority::open(order.directory.clone())
        .map_err(|error| error.to_string())
        .and_then(|authority| {
            authority
                .records()
                .last_audit_time()
                .map_err(|error| error.to_string())
        });
    let at = look.at;
    look.take(
        LAST_LINE,
        last.map(|last| {
            let line = LastLine {
                at: last,
                is_sealed: status.log.lines == 0 || status.log.last_sealed,
                by_server: was_seen,
            };
            of_last_line(LAST_LINE, &line, at)
        }),
    );
    if !was_seen {
        return Ok(());
    }
    let served = Served {
        was_seen,
        front_problem: status.front.problem,
        signer_problem: status.signer.problem,
        unready: status.served.as_ref().and_then(|served| served.unready.clone()),
        own_certificate_revoked: status
            .served
            .as_ref()
            .is_some_and(|served| served.own_certificate_revoked),
        overdue: status.served.as_ref().map(|served| served.overdue),
        crowd: status.served.as_ref().and_then(crowd),
        journal_changed: status
            .findings
            .iter()
            .any(|finding| finding.slug == JOURNAL_NEW)
            .then(|| {
                status
                    .served
                    .as_ref()
                    .and_then(|served| served.journal_changed.clone())
            })
            .flatten(),
        journal_problem: status.journal.and_then(|journal| journal.problem),
    };
    look.take(SERVER, Ok(of_server(SERVER, &served)));
    for (name, kind, scope) in [
        (
            "server.pem",
            Kind::ServerCertificateExpires,
            "the server's own certificate",
        ),
        (
            "ocsp.pem",
            Kind::OcspSignerExpires,
            "the certificate of the OCSP responder",
        ),
    ] {
        let path = beside_ca(&order.directory, name);
        if path.symlink_metadata().is_ok() {
            let found = first_of(&path).map(|certificate| {
                let ending = Ending {
                    // One alarm, however often it is replaced.
                    what: name.to_owned(),
                    renews_itself: true,
                    remedies: vec!["The server renews it by itself; its log says why it could not.".into()],
                    ..ending(scope, kind, &certificate)
                };
                of_endings(&[ending], at)
            });
            look.take(scope, found);
        }
    }
    Ok(())
}

fn first_of(path: &Path) -> Result<Certificate, String> {
    let content = read_regular_within(path, MAX_FILE_BYTES).map_err(|error| error.to_string())?;
    let certificates = decode_certificates(&content).map_err(|error| error.to_string())?;
    certificates
        .into_iter()
        .next()
        .ok_or_else(|| "there is no certificate in it".into())
}

/// The newest file at a place: the file itself, or one in the folder.
fn newest(path: &Path) -> Result<Backup, String> {
    let time_of = |path: &Path| -> Option<OffsetDateTime> {
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        metadata.modified().ok().map(OffsetDateTime::from)
    };
    let newest = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => std::fs::read_dir(path)
            .map_err(|error| error.to_string())?
            .filter_map(|entry| time_of(&entry.ok()?.path()))
            .max(),
        Ok(_) => time_of(path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.to_string()),
    };
    Ok(Backup {
        path: path.display().to_string(),
        newest,
    })
}

fn ports(order: &WatchOrder, settings: &WatchSettings, authority: Option<&Authority>, look: &mut Look) {
    let mut endpoints: Vec<Endpoint> = Vec::new();
    for text in &settings.probe {
        match Endpoint::parse(text) {
            Ok(endpoint) => endpoints.push(endpoint),
            Err(error) => look.take(&format!("the port {text}"), Err(error.to_string())),
        }
    }
    for endpoint in &order.probe {
        if !endpoints.contains(endpoint) {
            endpoints.push(endpoint.clone());
        }
    }
    let requests: Vec<ProbeRequest> = endpoints
        .iter()
        .map(|endpoint| ProbeRequest::of(endpoint.clone(), Depth::Certificates))
        .collect();
    for (endpoint, probed) in endpoints.iter().zip(facts::probe_hosts(&requests)) {
        let expected = facts::Expected {
            name: GeneralName::parse_host(&endpoint.host).ok(),
            trust: None,
            authority: authority.map(|authority| (authority, true)),
            deployed: Vec::new(),
            key: None,
            client: Vec::new(),
            client_file: None,
            thumbprint: None,
            expires_within: None,
            now: look.at,
        };
        let facts = facts::server(probed, &expected);
        let diagnosis = gsec_doctor::checks::server::diagnose(&facts, &Selection::default());
        let scope = format!("the port {endpoint}");
        let found = match facts.chain.is_empty() && facts.unreadable.is_empty() {
            true => Err(why_nothing(&diagnosis)),
            false => Ok(of_port(&scope, &diagnosis)),
        };
        look.take(&scope, found);
    }
}

fn why_nothing(diagnosis: &Diagnosis) -> String {
    match diagnosis.findings.first() {
        Some(finding) => format!("{}: {}", finding.entry.slug, finding.seen),
        None => "it presents no certificate".into(),
    }
}

fn host_files(
    folder: &Path,
    scope: &str,
    now: OffsetDateTime,
) -> Result<Vec<crate::alarm::Condition>, String> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| system_words(&error))? {
        let path = entry.map_err(|error| system_words(&error))?.path();
        match path.metadata() {
            Ok(found) if found.is_file() => paths.push(path),
            Ok(_) => {}
            // A link to what was taken away has no certificate that could expire.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("`{}`: {}", path.display(), system_words(&error))),
        }
    }
    if paths.len() > MAX_FILES {
        return Err(format!("there are more than {MAX_FILES} files"));
    }
    paths.sort();
    let mut contents: Vec<Arc<FileContent>> = Vec::new();
    for path in &paths {
        let bytes =
            gsec_ca::files::read_file_within(path, MAX_FILE_BYTES).map_err(|error| error.to_string())?;
        // A PFX is under a password, and what is no file of these kinds is none of ours.
        contents.extend(facts::file::contents(path, &bytes, None, None).ok().map(Arc::new));
    }
    let mut endings: HashMap<String, Ending> = HashMap::new();
    let mut found = Vec::new();
    for content in &contents {
        for certificate in content
            .certificates()
            .filter(|certificate| !certificate.is_authority())
        {
            let serial = certificate.serial().to_string();
            let what = format!("{}:{serial}", folder.display());
            endings.entry(what.clone()).or_insert_with(|| Ending {
                what,
                tells_names: true,
                remedies: vec!["`gsec cert ensure --out-dir` in a timer renews it.".into()],
                ..ending(scope, Kind::Expires, certificate)
            });
        }
        let facts = file_facts(content, &contents, now);
        let diagnosis = gsec_doctor::checks::file::diagnose(&facts, &Selection::default());
        found.extend(of_files(scope, &diagnosis));
    }
    if endings.is_empty() {
        return Err("there is no certificate of a host that can be read".into());
    }
    let endings: Vec<Ending> = endings.into_values().collect();
    found.extend(of_endings(&endings, now));
    Ok(found)
}

/// The file of the key that goes with a certificate, as `cert issue` names the two.
fn key_beside(file: &FileContent, all: &[Arc<FileContent>]) -> Option<Arc<FileContent>> {
    let name = file.path.file_name()?.to_str()?;
    let key = name
        .strip_suffix("_cert.pem")
        .map(|name| format!("{name}_priv_key.pem"))?;
    all.iter().find(|other| other.path.ends_with(&key)).cloned()
}

fn file_facts(
    file: &Arc<FileContent>,
    all: &[Arc<FileContent>],
    now: OffsetDateTime,
) -> gsec_doctor::checks::file::Facts {
    gsec_doctor::checks::file::Facts {
        file: file.clone(),
        beside: all
            .iter()
            .filter(|other| other.path != file.path)
            .cloned()
            .collect(),
        recorded: Vec::new(),
        unrecorded: Vec::new(),
        key: key_beside(file, all),
        right_key: None,
        trust: None,
        homes: Vec::new(),
        local_ca: None,
        is_trust_file: false,
        user_is_asked: false,
        now,
        expires_within: None,
        purpose: Purpose::Any,
        name: None,
        thumbprint: None,
        written: Vec::new(),
        readers: Vec::new(),
        judgements: Judgements::default(),
        password_option: CommandLine::default(),
        pfx_password_option: CommandLine::default(),
    }
}
