//! A large CA publishes its CRL in parts: others believe the part that a certificate names, and no other.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::publication::until;
use crate::site::{Done, Site, http, run};

/// Sets keys of gsec.toml; the server reads it at the next request.
fn set(site: &Site, settings: &[(&str, &str)]) {
    let path = site.ca().join("ca_conf/gsec.toml");
    let text = std::fs::read_to_string(&path).expect("gsec.toml");
    let lines = text.lines().map(|line| {
        let key = line.split(" = ").next().unwrap_or_default();
        match settings.iter().find(|(wanted, _)| *wanted == key) {
            Some((key, value)) => format!("{key} = {value}\n"),
            None => format!("{line}\n"),
        }
    });
    std::fs::write(path, lines.collect::<String>()).expect("written");
}

fn in_parts(site: &Site, count: &str) {
    let address = format!("[{}]", site.ready["crl"]);
    set(site, &[("crl_addresses", &address), ("crl_shards", count)]);
}

struct Host {
    name: String,
    certificate: PathBuf,
    /// Where its part of the CRL is.
    part: String,
}

impl Host {
    fn issued(site: &Site, name: &str) -> Self {
        let out = site.folder().join("out");
        std::fs::create_dir_all(&out).expect("a directory");
        let out_dir = out.to_str().expect("a path");
        let args = [
            "cert",
            "issue",
            "--host",
            name,
            "--key-type",
            "p256",
            "--out-dir",
            out_dir,
        ];
        site.gsec(&args).ok();
        let label = name.split('.').next().expect("a label");
        let certificate = out.join(format!("{label}_cert.pem"));
        let shown = site.gsec(&["cert", "show", certificate.to_str().expect("a path"), "--json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown.ok().stdout).expect("JSON");
        let part = shown["certificates"][0]["crl_addresses"][0]
            .as_str()
            .expect("an address");
        Self {
            name: name.to_owned(),
            part: part.to_owned(),
            certificate,
        }
    }

    /// The part of the CRL that it names, as it is published.
    fn fetched(&self, site: &Site) -> PathBuf {
        let name = self.part.rsplit('/').next().expect("a name");
        let path = site.folder().join(name);
        let patience = ["--retry", "20", "--retry-delay", "1", "--retry-all-errors"];
        let curl = run(Command::new("curl")
            .args(["-sf", "-o"])
            .arg(&path)
            .args(patience)
            .arg(&self.part));
        assert_eq!(curl.status, Some(0), "{curl}\n{}", site.server_log());
        path
    }
}

/// A revoked host, one that is not and names the same part, and one of the other part.
fn three_hosts(site: &Site) -> [Host; 3] {
    let mut hosts: Vec<Host> = ["a", "b", "c", "d"]
        .map(|label| Host::issued(site, &format!("{label}.ca.test")))
        .into();
    let revoked = hosts.remove(0);
    let take = |hosts: &mut Vec<Host>, is_same: bool| {
        let at = hosts
            .iter()
            .position(|host| (host.part == revoked.part) == is_same);
        hosts.remove(at.expect("a host of each part"))
    };
    let (same, other) = (take(&mut hosts, true), take(&mut hosts, false));
    site.gsec(&[
        "cert",
        "revoke",
        &revoked.name,
        "--reason",
        "keyCompromise",
        "--yes",
    ])
    .ok();
    let listed = || {
        let path = revoked.fetched(site);
        site.gsec(&["crl", "show", path.to_str().expect("a path")]).stdout
    };
    until("the part", listed, "keyCompromise");
    [revoked, same, other]
}

fn openssl(site: &Site, crl: &Path, host: &Host) -> String {
    let done = run(Command::new("openssl")
        .args(["verify", "-crl_check", "-CAfile"])
        .arg(site.ca_certificate())
        .arg("-CRLfile")
        .arg(crl)
        .arg(&host.certificate));
    format!("{}{}", done.stdout, done.stderr)
}

#[test]
fn openssl_and_gsec_believe_the_part_that_a_certificate_names_and_no_other() {
    let site = Site::without_dns();
    in_parts(&site, "2");
    let [revoked, same, other] = three_hosts(&site);
    let (part, other_part) = (revoked.fetched(&site), other.fetched(&site));
    let said = openssl(&site, &part, &revoked);
    assert!(said.contains("certificate revoked"), "{said}");
    assert!(openssl(&site, &part, &same).contains(": OK"));
    assert!(openssl(&site, &other_part, &other).contains(": OK"));
    for (crl, host) in [(&other_part, &revoked), (&other_part, &same), (&part, &other)] {
        let said = openssl(&site, crl, host);
        assert!(
            said.contains("CRL scope") || said.contains("unable to get certificate CRL"),
            "{said}"
        );
    }
    // The whole CRL goes on, for certificates that were issued before.
    let whole = site.fetched_crl();
    let said = openssl(&site, &whole, &revoked);
    assert!(said.contains("certificate revoked"), "{said}");
    assert!(openssl(&site, &whole, &other).contains(": OK"));
    // As it fetches the CRL by itself.
    let download = |host: &Host| {
        let done = run(Command::new("openssl")
            .args(["verify", "-crl_check", "-crl_download", "-CAfile"])
            .arg(site.ca_certificate())
            .arg(&host.certificate));
        format!("{}{}", done.stdout, done.stderr)
    };
    assert!(download(&revoked).contains("certificate revoked"));
    assert!(download(&other).contains(": OK"));
    let gsec = |crl: &Path, host: &Host| -> Done {
        run(Command::new(env!("CARGO_BIN_EXE_gsecd"))
            .args(["cert", "verify", "--file"])
            .arg(&host.certificate)
            .arg("--trust")
            .arg(site.ca_certificate())
            .arg("--crl")
            .arg(crl)
            .args(["--name", &host.name]))
    };
    let said = gsec(&part, &revoked).fails();
    assert!(said.stdout.contains("it is revoked"), "{said}");
    gsec(&part, &same).ok();
    let said = gsec(&other_part, &same);
    assert!(
        said.stdout
            .contains("a distribution point that the certificate does not name"),
        "{said}"
    );
}

/// As PEM, which GnuTLS asks for.
fn pem(site: &Site, crl: &Path) -> PathBuf {
    let path = site
        .folder()
        .join(format!("{}.pem", crl.file_stem().expect("a name").display()));
    run(Command::new("openssl")
        .args(["crl", "-inform", "DER", "-in"])
        .arg(crl)
        .arg("-out")
        .arg(&path))
    .ok();
    path
}

#[test]
fn gnutls_takes_a_part_and_does_not_look_which_it_is() {
    let site = Site::without_dns();
    in_parts(&site, "2");
    let [revoked, same, other] = three_hosts(&site);
    let parts = [&revoked, &other].map(|host| pem(&site, &host.fetched(&site)));
    let [part, other_part] = &parts;
    let certtool = |what: &str, crl: Option<&Path>, of: &Path| {
        let mut command = Command::new("certtool");
        command
            .arg(what)
            .arg("--load-ca-certificate")
            .arg(site.ca_certificate());
        if let Some(crl) = crl {
            command.arg("--load-crl").arg(crl);
        }
        let done = run(command.arg("--infile").arg(of));
        format!("{}{}", done.stdout, done.stderr)
    };
    for part in &parts {
        let said = certtool("--verify-crl", None, part);
        assert!(said.contains("Verified. The certificate is trusted."), "{said}");
    }
    let chain = |crl: &Path, host: &Host| certtool("--verify", Some(crl), &host.certificate);
    let said = chain(part, &revoked);
    assert!(said.contains("The certificate chain is revoked"), "{said}");
    let is_trusted = |said: &str| said.contains("Chain verification output: Verified");
    assert!(is_trusted(&chain(part, &same)));
    assert!(is_trusted(&chain(other_part, &other)));
    // docs/serve.md says so: who loads CRLs into GnuTLS by hand loads all parts, or the whole.
    assert!(is_trusted(&chain(other_part, &revoked)));
}

#[test]
fn java_fetches_the_part_that_a_certificate_names_and_believes_no_other() {
    let site = Site::without_dns();
    in_parts(&site, "2");
    let [revoked, same, other] = three_hosts(&site);
    let (part, other_part) = (revoked.fetched(&site), other.fetched(&site));
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/java/CrlJudge.java");
    let java = |host: &Host, crls: &[&Path]| {
        let done = run(Command::new("java")
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"])
            .arg(format!("-Dcom.sun.security.enableCRLDP={}", crls.is_empty()))
            .arg(&judge)
            .arg(site.ca_certificate())
            .arg(&host.certificate)
            .args(crls));
        format!("{}{}", done.stdout, done.stderr)
    };
    let said = java(&revoked, &[]);
    assert!(
        said.starts_with("REVOKED") && said.contains("KEY_COMPROMISE"),
        "{said}"
    );
    for host in [&same, &other] {
        assert_eq!(java(host, &[]), "accepted\n");
    }
    assert_eq!(java(&same, &[&part]), "accepted\n");
    assert!(java(&revoked, &[&part]).starts_with("REVOKED"));
    for (host, crl) in [(&same, &other_part), (&revoked, &other_part), (&other, &part)] {
        let said = java(host, &[crl]);
        assert!(said.starts_with("UNDETERMINED_REVOCATION_STATUS"), "{said}");
    }
}

/// NSS knows no issuingDistributionPoint, which must be critical: who uses it goes on with the whole CRL.
#[test]
fn nss_takes_no_part_but_the_whole() {
    let site = Site::without_dns();
    in_parts(&site, "2");
    let [revoked, same, _] = three_hosts(&site);
    let database = site.folder().join("nss");
    std::fs::create_dir(&database).expect("a directory");
    let directory = format!("sql:{}", database.display());
    let nss = |program: &str, args: &[&str], file: Option<&Path>| {
        let mut command = Command::new(program);
        command.args(args).args(["-d", &directory]);
        if let Some(file) = file {
            command.arg("-i").arg(file);
        }
        run(&mut command)
    };
    nss("certutil", &["-N", "--empty-password"], None).ok();
    nss(
        "certutil",
        &["-A", "-n", "ca", "-t", "CT,,"],
        Some(&site.ca_certificate()),
    )
    .ok();
    for host in [&revoked, &same] {
        let add = ["-A", "-n", &host.name, "-t", ",,"];
        nss("certutil", &add, Some(&host.certificate)).ok();
    }
    let refused = nss("crlutil", &["-I", "-t", "1"], Some(&revoked.fetched(&site))).fails();
    assert!(
        refused
            .stderr
            .contains("SEC_ERROR_CRL_UNKNOWN_CRITICAL_EXTENSION"),
        "{refused}"
    );
    nss("crlutil", &["-I", "-t", "1"], Some(&site.fetched_crl())).ok();
    let verify = |host: &Host| nss("certutil", &["-V", "-u", "V", "-n", &host.name], None);
    let said = verify(&revoked).fails();
    assert!(said.stdout.contains("has been revoked"), "{said}");
    verify(&same).ok();
}

#[test]
fn a_part_is_published_as_the_whole_and_what_is_none_is_not_there() {
    let site = Site::without_dns();
    let port = site.ready["crl"].as_str().expect("a URL");
    let port: u16 = port
        .split(':')
        .nth(2)
        .and_then(|rest| rest.split('/').next())
        .expect("a port")
        .parse()
        .expect("a number");
    let get = |path: &str, header: &str| {
        http(
            port,
            &format!("GET {path} HTTP/1.1\r\nHost: ca.test\r\n{header}Connection: close\r\n\r\n"),
        )
    };
    let is_absent = |path: &str| get(path, "").starts_with("HTTP/1.1 404");
    assert!(is_absent("/crl/ca-2-0.crl"), "before there are any");
    in_parts(&site, "2");
    let [revoked, ..] = three_hosts(&site);
    let headers = |path: &str| -> Vec<String> {
        let answer = get(path, "");
        let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_lowercase();
        let mut names: Vec<String> = head
            .lines()
            .skip(1)
            .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
            .collect();
        names.sort();
        names
    };
    let path = |url: &str| format!("/crl/{}", url.rsplit('/').next().expect("a name"));
    let part = path(&revoked.part);
    assert_eq!(headers(&part), headers("/crl/ca.crl"));
    let answer = get(&part, "");
    assert!(answer.contains("application/pkix-crl"), "{answer}");
    let tag = answer
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .expect("an ETag");
    let again = get(&part, &format!("If-None-Match: {tag}\r\n"));
    assert!(again.starts_with("HTTP/1.1 304"), "{again}");
    for path in [&part, "/crl/ca.crl", "/ca/ca.cer", "/ca/ca.pem", "/ca/ca.p7c"] {
        let answer = get(path, "");
        let date = answer
            .lines()
            .find_map(|line| line.strip_prefix("last-modified: "));
        let date = date.expect("a date").trim_end();
        let again = get(path, &format!("If-Modified-Since: {date}\r\n"));
        assert!(again.starts_with("HTTP/1.1 304"), "{again}");
        let long_ago = get(path, "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n");
        assert!(long_ago.starts_with("HTTP/1.1 200"), "{long_ago}");
    }
    for none in [
        "/crl/ca-2-2.crl",
        "/crl/ca-4-0.crl",
        "/crl/ca-2-00.crl",
        "/crl/cb-2-0.crl",
        "/crl/",
        "/crl/..%2fca_cert.pem",
    ] {
        assert!(is_absent(none), "{none}");
    }
    // A part under the address of another one is not given out, and made again.
    let file = |url: &str| site.ca().join("ca_conf").join(&path(url)[1..]);
    let other = revoked
        .part
        .replace("-2-0.crl", "-2-2.crl")
        .replace("-2-1.crl", "-2-0.crl")
        .replace("-2-2.crl", "-2-1.crl");
    std::fs::copy(file(&other), file(&revoked.part)).expect("copied");
    assert!(is_absent(&part));
    site.gsec(&["crl", "update"]).ok();
    assert!(get(&part, "").starts_with("HTTP/1.1 200"));
    // More parts: those that certificates name go on.
    in_parts(&site, "4");
    let later = Host::issued(&site, "later.ca.test");
    assert!(later.part.contains("-4-"), "{}", later.part);
    site.gsec(&["cert", "revoke", "later.ca.test", "--yes"]).ok();
    until("the new part", || get(&path(&later.part), ""), "HTTP/1.1 200");
    let said = openssl(&site, &revoked.fetched(&site), &revoked);
    assert!(said.contains("certificate revoked"), "{said}");
    let found = doctor(&site);
    assert!(!found.contains("\"slug\": \"ca-crl-parts\""), "{found}");
    // What cannot be read is not in order.
    std::fs::remove_file(file(&later.part)).expect("removed");
    std::fs::create_dir(file(&later.part)).expect("a folder");
    let found = doctor(&site);
    assert!(found.contains("\"slug\": \"ca-crl-parts\""), "{found}");
}

fn doctor(site: &Site) -> String {
    let directory = site.ca();
    let done = site.gsec(&["doctor", directory.to_str().expect("a path"), "--json"]);
    done.stdout
}

/// Records of so many certificates, as `openssl ca` would have left them.
fn with_records(site: &Site, count: u32) {
    let index = site.ca().join("ca_conf/ca.db");
    let mut text = std::fs::read_to_string(&index).expect("ca.db");
    for number in 0..count {
        text.push_str(&format!(
            "V\t491231235959Z\t\t{:06X}\tunknown\t/CN=h{number}.ca.test\n",
            0x10_0000 + number
        ));
    }
    std::fs::write(index, text).expect("written");
    std::fs::write(site.ca().join("ca_conf/serial.num"), "200000\n").expect("written");
}

#[test]
fn parts_are_asked_for_where_there_are_many_certificates_and_set_only_with_permission() {
    let mut site = Site::without_dns();
    assert_eq!(site.stop(), Some(0));
    site.start_with(&["--yes"]);
    // The server makes it after its start, and its certificate counts.
    let responder = site.ca().join("ca_conf/ocsp.pem");
    until("the OCSP responder", || responder.exists().to_string(), "true");
    assert_eq!(site.stop(), Some(0));
    let known = std::fs::read_to_string(site.ca().join("ca_conf/ca.db")).expect("ca.db");
    let known = u32::try_from(known.lines().count()).expect("a few");
    let says = |site: &Site| {
        let status = site
            .gsec(&["serve", "status", "--json"])
            .stdout
            .contains("crl-in-one-piece");
        let doctor = doctor(site).contains("\"slug\": \"ca-crl-in-one-piece\"");
        assert_eq!(status, doctor);
        status
    };
    with_records(&site, 9_999 - known);
    site.start();
    assert_eq!(site.ready["missing_settings"], serde_json::json!([]));
    assert!(!says(&site));
    Host::issued(&site, "one-more.ca.test");
    assert!(says(&site));
    assert_eq!(site.stop(), Some(0));
    let gsec_toml = site.ca().join("ca_conf/gsec.toml");
    let before = std::fs::read_to_string(&gsec_toml).expect("gsec.toml");
    site.start();
    assert_eq!(
        site.ready["missing_settings"],
        serde_json::json!(["crl_shards = 16"])
    );
    assert_eq!(
        std::fs::read_to_string(site.ca().join("ca_conf/gsec.toml")).expect("gsec.toml"),
        before
    );
    assert_eq!(site.stop(), Some(0));
    site.start_with(&["--yes"]);
    assert_eq!(site.ready["missing_settings"], serde_json::json!([]));
    let after = std::fs::read_to_string(site.ca().join("ca_conf/gsec.toml")).expect("gsec.toml");
    assert_eq!(after, before.replace("crl_shards = 0", "crl_shards = 16"));
    let host = Host::issued(&site, "in-part.ca.test");
    host.fetched(&site);
    assert!(host.part.contains("/crl/ca-16-"), "{}", host.part);
    assert!(!says(&site));
}
