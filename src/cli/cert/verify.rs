//! `gsec cert verify`.

use std::path::{Path, PathBuf};

use der::oid::ObjectIdentifier;
use time::OffsetDateTime;

use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::input::{self, Loaded};
use crate::cli::outcome::{CommandResult, Ending, Outcome};
use crate::cli::remedy::{self, Known};
use crate::cli::revocation::LocalCa;
use crate::cli::secret::{InputPassword, PasswordArgs};
use crate::cli::selector::{SourceKind, select_all};
use crate::cli::value::{self, AskedHost};
use gsec_ca::authority::Authority;
use gsec_ca::home::PreviousFile;
use gsec_doctor::facts::home;
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::path::{Answer, Consumer, PolicyInputs, Purpose, Question, Rule, Verdict, validate};
use gsec_pki::x509::{Certificate, GeneralName, crl_ders, rfc3339};
use gsec_report::{ConsumerFacts, FindingFacts, JudgedStep, Notice, PathStep, RevocationFacts, VerifyReport};

/// Check whether a certificate is valid, and explain why not
///
/// Checks the chain up to a trusted certificate, the dates, the purpose and the host name, and says for each
/// finding which rule it breaks and how to fix it. Also says which common TLS programs accept the
/// certificate, as measured when gsec was tested; for Windows, according to its documentation. Without
/// `--trust`, the certificate in the CA directory is trusted. Where gsec does not support the algorithm of a
/// signature and nothing else is wrong, the answer is undetermined, and the exit status 3.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert verify gsec-ca/repository/01_db1_cert.pem --name db1.example.com
  $ gsec cert verify 01 --purpose client
  $ gsec cert verify gsec-ca/repository/01_db1_cert.pem --trust gsec-ca/ca_conf/ca_cert.pem --json",
no = "the certificate is not valid for the requested use"))]
pub(in crate::cli) struct Args {
    /// A file: its first certificate is checked (or the host's, if a CA certificate comes first), and the
    /// others may be intermediates; `-`; a serial number or a host of the CA; or a server
    #[arg(value_name = "FILE|SERIAL|HOST|HOST:PORT")]
    selector: String,

    #[command(flatten)]
    kind: SourceKind,

    /// Trust the certificates in this file, instead of the CA directory's; can be repeated
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// Intermediate certificates; can be repeated
    #[arg(long, value_name = "FILE")]
    untrusted: Vec<PathBuf>,

    /// Host name or address that the certificate must match [default: of HOST:PORT the host, else none is checked]
    #[arg(long, value_name = "FQDN|IP", value_parser = value::asked_host)]
    name: Option<AskedHost>,

    /// Purpose to check for [default: server with --name and of HOST:PORT, else any]
    #[arg(long, value_name = "PURPOSE", value_parser = value::one_of(&Purpose::ALL, Purpose::name))]
    purpose: Option<Purpose>,

    /// Check for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    at: Option<OffsetDateTime>,

    /// Check revocation against this CRL: complete, partial, indirect or delta; can be repeated
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,

    /// Refuse unless CRLs say for every certificate below the trusted one that it is not revoked; a CRL that
    /// OpenSSL cannot use does not count, a partial, indirect or delta CRL does, and so does that of the CA
    /// directory
    #[arg(long)]
    require_crl: bool,

    /// An acceptable certificate policy, for `--explicit-policy` and for CAs that require one; can be
    /// repeated [default: any]
    #[arg(long, value_name = "OID", value_parser = value::policy)]
    policy: Vec<ObjectIdentifier>,

    /// Refuse unless an acceptable certificate policy is valid for the whole path (RFC 5280 §6.1.1)
    #[arg(long)]
    explicit_policy: bool,

    /// Do not let anyPolicy in a certificate stand for other policies
    #[arg(long)]
    inhibit_any_policy: bool,

    /// Do not let CAs map one policy to another
    #[arg(long)]
    inhibit_policy_mapping: bool,

    /// Accept a common name equal to the host where there is no dNSName, as old clients do
    #[arg(long)]
    allow_cn: bool,

    #[command(flatten)]
    password: PasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let files = args
        .trust
        .iter()
        .chain(&args.untrusted)
        .chain(&args.crl)
        .map(PathBuf::as_path);
    let password = args
        .password
        .read(files.chain([Path::new(&args.selector)]), env)?;
    let all = select_all(&args.selector, &args.kind, &password, global, env)?;
    let mut notices = Vec::new();
    let (anchors, between) = anchors(args, &password, &mut notices, global, env)?;
    let mut given = Given {
        anchors,
        between,
        untrusted: Vec::new(),
        crls: args
            .crl
            .iter()
            .map(|path| read_crls(path, env))
            .collect::<Result<_, _>>()?,
    };
    for path in &args.untrusted {
        given
            .untrusted
            .extend(input::certificates_noting(path, &password, &mut notices, env)?);
    }
    let judged = all
        .iter()
        .map(|loaded| judge(loaded, &given, args, global, env))
        .collect::<Result<Vec<_>, _>>()?;
    let (chosen, told) = of_all(judged);
    notices.splice(0..0, chosen.notices);
    notices.extend(told);
    let outcome = Outcome::noticed(&chosen.report, notices, global);
    if chosen.report.undetermined {
        let message = format!(
            "whether `{}` is valid could not be determined",
            chosen.report.title
        );
        return Ok(Outcome {
            ending: Ending::Partly(Failure::cannot("verify.undetermined", message)),
            ..outcome
        });
    }
    Ok(outcome.answering(chosen.report.valid))
}

/// What was given beside the certificate.
struct Given {
    anchors: Vec<Certificate>,
    /// The intermediates of the CA directory.
    between: Vec<Certificate>,
    untrusted: Vec<Certificate>,
    /// The CRLs of each file.
    crls: Vec<Vec<Vec<u8>>>,
}

/// One certificate, judged.
struct Judged {
    report: VerifyReport,
    notices: Vec<Notice>,
    /// The certificate as a person names it, and to whom it is presented.
    what: String,
}

/// Of all certificates that a server presents, the answer is about the first that is not valid, then about the first of which that is not
/// known, and else about the first; what comes of the others is told.
fn of_all(mut judged: Vec<Judged>) -> (Judged, Vec<Notice>) {
    let weight = |judged: &Judged| (judged.report.valid, judged.report.undetermined);
    let place = (0..judged.len())
        .min_by_key(|place| weight(&judged[*place]))
        .unwrap_or(0);
    let chosen = judged.remove(place);
    let is_one_of_several = !judged.is_empty();
    let about = is_one_of_several.then(|| Notice {
        code: "other_certificate".into(),
        message: format!(
            "the server has several certificates; this answer is about {}",
            chosen.what
        ),
        hint: None,
    });
    let others = judged.into_iter().map(|other| {
        let refusing: Vec<&str> = other
            .report
            .consumers
            .iter()
            .filter(|consumer| consumer.verdict == Verdict::Refuses.name())
            .map(|consumer| consumer.consumer)
            .collect();
        let found: Vec<&str> = other
            .report
            .findings
            .iter()
            .map(|found| found.message.as_str())
            .collect();
        let verdict = other.report.answer_in_words();
        let found = if found.is_empty() {
            String::new()
        } else {
            format!(": {}", found.join("; "))
        };
        let refusing = match refusing.as_slice() {
            [] => String::new(),
            refusing => format!("; rejected by {}", refusing.join(", ")),
        };
        Notice {
            code: "other_certificate".into(),
            message: format!("{verdict} is {}{found}{refusing}", other.what),
            hint: None,
        }
    });
    let told = about.into_iter().chain(others).collect();
    (chosen, told)
}

fn judge(
    loaded: &Loaded,
    given: &Given,
    args: &Args,
    global: &Global,
    env: &mut Env,
) -> Result<Judged, Failure> {
    let position = loaded.host_position().ok_or_else(|| several_hosts(loaded))?;
    let target = &loaded.certificates[position];
    let mut notices = loaded.unread.clone();
    // Clients of a server compare the host that they connect to.
    let connected_to = loaded
        .presented
        .as_ref()
        .and_then(|presented| presented.host.as_ref());
    let asked_name = args.name.as_ref().or(connected_to);
    notices.extend(asked_name.and_then(final_dot));
    notices.extend(asked_name.and_then(unicode_name));
    let asked_purpose = value::purpose(args.purpose, asked_name.is_some());
    notices.extend(too_long_for_apple(target, asked_purpose));
    notices.extend((position > 0).then(|| wrong_order(loaded, position)));
    // The clients of a server have what it presents; what lies in the CA directory they do not have.
    let available = if loaded.presented.is_some() {
        &[][..]
    } else {
        &given.between
    };
    let others = loaded
        .certificates
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != position)
        .map(|(_, certificate)| certificate);
    let untrusted: Vec<Certificate> = others.chain(available).chain(&given.untrusted).cloned().collect();
    let named = args
        .crl
        .iter()
        .zip(&given.crls)
        .flat_map(|(path, crls)| std::iter::repeat_n(shown(path), crls.len()));
    let beside = std::iter::repeat_n(loaded.source.clone(), loaded.crls.len());
    let files: Vec<String> = named.chain(beside).collect();
    let mut crls = [given.crls.concat(), loaded.crls.clone()].concat();
    let ca = LocalCa::open(global, env)?;
    // One that cannot be checked leaves the answer open, as where it is given.
    if args.require_crl || ca.has_unchecked_crl(target) {
        crls.extend(ca.crls_for(target));
    }
    let records = |certificate: &Certificate| ca.status(certificate);
    let name = asked_name.map(|name| name.host.clone());
    let question = Question {
        untrusted: &untrusted,
        anchors: &given.anchors,
        records: Some(&records),
        purpose: asked_purpose,
        name: name.as_ref(),
        allow_common_name: args.allow_cn,
        crls: &crls,
        require_crl: args.require_crl,
        policies: PolicyInputs {
            acceptable: &args.policy,
            require_explicit: args.explicit_policy,
            inhibit_any: args.inhibit_any_policy,
            inhibit_mapping: args.inhibit_policy_mapping,
        },
        ..Question::about(target, args.at.unwrap_or_else(|| env.clock.now()))
    };
    let mut answer = validate(&question);
    // Where the CA that issued it is revoked, that is the cause, and not that its certificate is missing.
    let revoked: Vec<Certificate> = ca
        .authority()
        .map(|authority| revoked_issuers(authority, &answer))
        .unwrap_or_default();
    let with_revoked: Vec<Certificate> = revoked.iter().chain(&untrusted).cloned().collect();
    let question = Question {
        untrusted: &with_revoked,
        ..question
    };
    if !revoked.is_empty() {
        answer = validate(&question);
    }
    let authority = ca.authority().filter(|_| args.trust.is_empty());
    let known = Known {
        // Where nothing is wrong, no replacement needs to be issued.
        home: authority
            .filter(|_| !answer.findings.is_empty())
            .map(|authority| {
                home(
                    authority,
                    &global.directory_words(),
                    target,
                    name.as_ref(),
                    env.clock.now(),
                )
            }),
        intermediate: authority.and_then(|authority| intermediate(authority, &answer)),
        former_issuer: ca
            .authority()
            .and_then(|authority| authority.former_issuer(target))
            .map(|previous| previous.file(PreviousFile::Certificate)),
        is_presented: loaded.presented.is_some(),
    };
    let revocation = revocation(&files, &answer, ca.about(target));
    let mut report = report(loaded, &question, &answer, &known, revocation);
    let is_added = |certificate: &&Certificate| {
        available.contains(certificate) && !loaded.certificates.contains(certificate)
    };
    report.completed_with = answer
        .path
        .iter()
        .filter(is_added)
        .map(|certificate| certificate.subject().to_string())
        .collect();
    notices.extend(unstapled(loaded, target, &mut report));
    let clients = loaded.presented.as_ref().map(|presented| {
        let clients = presented
            .clients
            .as_deref()
            .unwrap_or("clients that offer everything");
        format!(", which it presents to {clients}")
    });
    let what = format!(
        "`{}`, serial {}{}",
        target.title(),
        target.serial(),
        clients.unwrap_or_default()
    );
    Ok(Judged {
        report,
        notices,
        what,
    })
}

/// A certificate that requires a stapled OCSP response, from a server that staples none: GnuTLS looks at it in the handshake, not in the path.
fn unstapled(loaded: &Loaded, target: &Certificate, report: &mut VerifyReport) -> Option<Notice> {
    let presented = loaded.presented.as_ref()?;
    if presented.has_ocsp_response || !target.requires_staple() {
        return None;
    }
    for consumer in &mut report.consumers {
        if consumer.consumer == Consumer::GnuTls.name() {
            consumer.verdict = Verdict::Refuses.name();
            consumer.rules.push("must-staple-missing");
        }
    }
    Some(Notice {
        code: "must_staple_missing".into(),
        message: "the certificate requires a stapled OCSP response (TLS feature status_request), and the server sends none: GnuTLS and Firefox reject it".into(),
        hint: Some("issue a certificate without this feature, or turn OCSP stapling on in the server".into()),
    })
}

/// The file contains several certificates, and it is ambiguous which one to verify; a CA certificate is not a host's.
fn several_hosts(loaded: &Loaded) -> Failure {
    let message = format!(
        "`{}` begins with a CA certificate, `{}`, and contains certificates of several hosts",
        loaded.source,
        loaded.first().title()
    );
    let take_apart = hint::on_input(&loaded.source, |typed| {
        format!("split it: `gsec convert to-pem {typed} --out-dir parts`")
    });
    Failure::usage(message).hint(take_apart)
}

/// A final dot is no part of the name that is compared: clients leave it out, and what compares texts does not.
fn final_dot(asked: &AskedHost) -> Option<Notice> {
    let message = format!(
        "the final dot was removed, and `{}` compared, as browsers and curl do",
        asked.host.value()
    );
    let hint = "OpenSSL, Python and GnuTLS compare the dot too, and find it in no certificate that gsec \
         issues: have clients connect without it"
        .into();
    asked.has_final_dot.then(|| Notice {
        code: "final_dot".into(),
        message,
        hint: Some(hint),
    })
}

/// Certificates have A-labels, and few programs convert a name by themselves.
fn unicode_name(asked: &AskedHost) -> Option<Notice> {
    let message = format!(
        "the name was converted, and `{}` compared, as browsers do",
        asked.host.value()
    );
    let hint = "OpenSSL, Python, Node.js, Go and NSS compare a name as it is given: configure clients with this form".into();
    asked.is_unicode.then(|| Notice {
        code: "unicode_name".into(),
        message,
        hint: Some(hint),
    })
}

/// Apple's systems are not among the programs that are asked.
fn too_long_for_apple(target: &Certificate, purpose: Purpose) -> Option<Notice> {
    let is_rejected = purpose == Purpose::Server && target.exceeds_apple_lifetime();
    is_rejected.then(|| Notice {
        code: "apple_lifetime".into(),
        message: "the certificate is valid for more than 825 days: Apple's systems reject it from a server"
            .into(),
        hint: Some("issue certificates for Apple clients for 825 days or less".into()),
    })
}

/// The host's certificate does not come first, as servers require.
fn wrong_order(loaded: &Loaded, position: usize) -> Notice {
    let (first, own) = (loaded.first().title(), loaded.certificates[position].title());
    let message = format!(
        "`{}` begins with a CA certificate, `{first}`; checked is the host's, `{own}`, number {} in the \
         file: servers use the first",
        loaded.source,
        position + 1
    );
    let hint = hint::on_input(&loaded.source, |typed| {
        let out = hint::unused("sorted", "pem");
        format!("`gsec convert to-pem {typed} --out {out}` puts them in order")
    });
    Notice {
        code: "wrong_order".into(),
        message,
        hint: Some(hint),
    }
}

/// CAs below the CA at hand that are revoked, where one of them issued what no path leads on from.
fn revoked_issuers(authority: &Authority, answer: &Answer) -> Vec<Certificate> {
    let is_open = answer
        .findings
        .iter()
        .any(|found| found.rule == Rule::IssuerUnknown);
    let Some(top) = answer.path.last().filter(|_| is_open) else {
        return Vec::new();
    };
    authority
        .revoked_subordinates_named(top.issuer())
        .into_iter()
        .filter(|below| top.is_issued_by(below))
        .collect()
}

/// The file of the intermediate certificate that a path lacks, if the local CA has it: its own certificate, or one that it
/// issued.
fn intermediate(authority: &Authority, answer: &Answer) -> Option<PathBuf> {
    if !answer
        .findings
        .iter()
        .any(|found| found.rule == Rule::IssuerUnknown)
    {
        return None;
    }
    let top = answer.path.last()?;
    if authority
        .trusted()
        .any(|own| !own.is_self_issued() && top.is_issued_by(own))
    {
        return Some(authority.directory().ca_certificate());
    }
    authority
        .subordinates_named(top.issuer())
        .into_iter()
        .find(|(below, _)| top.is_issued_by(below))
        .map(|(_, file)| file)
}

/// The combined result of the given CRLs and the local CA, and which of them gave it.
///
/// `files` has the file of each CRL that was given.
fn revocation(files: &[String], answer: &Answer, ca: RevocationFacts) -> RevocationFacts {
    let mut asked: Vec<String> = answer
        .answering_crls
        .iter()
        .filter_map(|number| files.get(*number))
        .cloned()
        .collect();
    asked.dedup();
    let of_ca: Vec<String> = ca
        .asked
        .into_iter()
        .filter(|file| !asked.contains(file))
        .collect();
    RevocationFacts::of(
        answer.target_revocation(),
        asked.into_iter().chain(of_ca).collect(),
        ca.notes,
    )
}

/// What is trusted; and where that is the CA of a directory, the intermediates below its root.
fn anchors(
    args: &Args,
    password: &InputPassword,
    notices: &mut Vec<Notice>,
    global: &Global,
    env: &mut Env,
) -> Result<(Vec<Certificate>, Vec<Certificate>), Failure> {
    if args.trust.is_empty() {
        let authority = global
            .open_authority(env)
            .map_err(|failure| failure.hint("or pass the trusted certificate with `--trust FILE`"))?;
        return Ok(authority.anchors());
    }
    let mut anchors = Vec::new();
    for path in &args.trust {
        anchors.extend(input::certificates_noting(path, password, notices, env)?);
    }
    Ok((anchors, Vec::new()))
}

/// Every CRL in a file, as DER. A CRL that cannot be parsed becomes a finding.
fn read_crls(path: &Path, env: &Env) -> Result<Vec<Vec<u8>>, Failure> {
    crl_ders(&input::read(path, env)?).map_err(|error| failure::of_certificate(&shown(path), &error))
}

/// Whether a certificate that was just issued is what it should be.
pub(in crate::cli) fn verified(
    authority: &Authority,
    certificate: &Certificate,
    host: &GeneralName,
    at: OffsetDateTime,
) -> bool {
    let (anchors, between) = authority.anchors();
    let question = Question {
        untrusted: &between,
        anchors: &anchors,
        purpose: Purpose::Server,
        name: Some(host),
        ..Question::about(certificate, at)
    };
    validate(&question).is_valid()
}

/// What the verdicts of the programs cover.
fn looked_at(question: &Question<'_>) -> Vec<&'static str> {
    let purpose = (question.purpose != Purpose::Any).then_some("purpose");
    let name = question.name.map(|_| "name");
    ["path", "dates"].into_iter().chain(purpose).chain(name).collect()
}

fn report(
    loaded: &Loaded,
    question: &Question<'_>,
    answer: &Answer,
    known: &Known,
    revocation: RevocationFacts,
) -> VerifyReport {
    let target = question.target;
    let name = question.name.map(GeneralName::value);
    let sha256 = |certificate: &Certificate| encode(&certificate.thumbprints().sha256, Separator::None);
    VerifyReport {
        valid: answer.is_valid(),
        undetermined: answer.is_undetermined(),
        selected: loaded.selected.clone(),
        source: loaded.source.clone(),
        subject: target.subject().to_string(),
        title: target.title(),
        names: target
            .subject_alternative_names()
            .map(|names| names.iter().map(ToString::to_string).collect()),
        at: rfc3339(question.at),
        purpose: question.purpose.name(),
        name_in_san: answer.name_in_san,
        name_in_subject: answer.name_in_subject,
        path: answer
            .path
            .iter()
            .zip(&answer.revocation)
            .map(|(certificate, status)| JudgedStep {
                step: PathStep::from(certificate),
                revocation: status.into(),
            })
            .collect(),
        revocation,
        strict_validator: answer
            .strict
            .as_ref()
            .map(|verdict| verdict.clone().err().unwrap_or_else(|| "accepted".into())),
        disagreement: answer.disagreement.clone(),
        consumers: answer.consumers.iter().map(ConsumerFacts::from).collect(),
        consumers_looked_at: looked_at(question),
        has_crls: !question.crls.is_empty(),
        findings: answer
            .findings
            .iter()
            .map(|finding| {
                let help = remedy::for_finding(finding, answer, question, known);
                FindingFacts::of(finding, help.into_iter().collect())
            })
            .collect(),
        completed_with: Vec::new(),
        thumbprint_sha256: sha256(target),
        name,
    }
}
