//! The table of who accepts what (src/x509/path/consumers.rs) holds against the programs themselves: each gets a path with each fault.
//!
//! Python is OpenSSL with the two flags that its `ssl` sets from 3.13 on
//! (<https://docs.python.org/3/library/ssl.html#ssl.create_default_context>). Windows and Go are not run here.

mod common;

use common::faults::{self, Fault, NOW, Scenario, sound};
use common::{TestDir, openssl, tool};
use gsec::x509::path::{Answer, Consumer, Rule, Verdict};

/// A scenario in files.
struct Files {
    dir: TestDir,
    between: Vec<String>,
    crls: Vec<String>,
}

impl Files {
    fn of(scenario: &Scenario) -> Self {
        let dir = TestDir::new();
        let write = |kind: &str, list: &[Vec<u8>]| -> Vec<String> {
            list.iter().enumerate().map(|(number, der)| dir.write(&format!("{kind}{number}.der"), der)).collect()
        };
        dir.write("target.der", &scenario.target);
        write("anchor", &scenario.anchors);
        let (between, crls) = (write("between", &scenario.untrusted), write("crl", &scenario.crls));
        let pems = |label: &str, list: &[Vec<u8>]| list.iter().map(|der| common::forge::pem(label, der)).collect::<String>();
        dir.write("pem_target", pems("CERTIFICATE", std::slice::from_ref(&scenario.target)));
        dir.write("pem_anchors", pems("CERTIFICATE", &scenario.anchors));
        dir.write("pem_between", pems("CERTIFICATE", &scenario.untrusted));
        dir.write("pem_crls", pems("X509 CRL", &scenario.crls));
        Files { dir, between, crls }
    }

    /// `openssl verify` at the security level that TLS has by default.
    fn openssl(&self, name: &str, flags: &[&str]) -> Result<(), String> {
        let time = NOW.to_string();
        let path = |name: &str| self.dir.path(name);
        let (anchors, between, crls) = (path("pem_anchors"), path("pem_between"), path("pem_crls"));
        let host = if name.parse::<std::net::IpAddr>().is_ok() { "-verify_ip" } else { "-verify_hostname" };
        let mut call = openssl(&["verify", "-no-CApath", "-no-CAstore", "-CAfile", &anchors, "-purpose", "sslserver", host, name])
            .args(&["-attime", &time, "-auth_level", "1"])
            .args(flags);
        if !self.between.is_empty() {
            call = call.args(&["-untrusted", &between]);
        }
        if !self.crls.is_empty() {
            call = call.args(&["-crl_check_all", "-CRLfile", &crls]);
        }
        let said = call.args(&[&path("pem_target")]).run();
        if said.status == Some(0) { Ok(()) } else { Err(said.stderr) }
    }

    /// NSS's PKIX validator, without a database.
    fn nss(&self) -> Result<(), String> {
        let mut args = vec!["-pp", "-u", "1", "-b", "260601000000Z"];
        let target = self.dir.path("target.der");
        args.push(&target);
        args.extend(self.between.iter().map(String::as_str));
        let anchor = self.dir.path("anchor0.der");
        args.extend(["-t", &anchor]);
        let said = tool("vfychain").args(&args).run();
        if said.status == Some(0) { Ok(()) } else { Err(said.stderr) }
    }
}

/// What Java says of every scenario, in one process.
fn by_java(all: &[Files]) -> Vec<Result<(), String>> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/java/PathJudge.java");
    let time = NOW.to_string();
    let folders: Vec<String> = all.iter().map(|files| files.dir.path("")).collect();
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let said = tool("java").args(&["-XX:TieredStopAtLevel=1", source, &time]).args(&folders).run().ok();
    let verdicts: Vec<_> = said.stdout.lines().map(|line| if line == "yes" { Ok(()) } else { Err(line.to_owned()) }).collect();
    assert_eq!(verdicts.len(), all.len(), "{said}");
    verdicts
}

/// Rules that a validator of paths is not asked about: names are for TLS to compare, in Java and NSS elsewhere.
fn is_about_the_name(rule: Rule) -> bool {
    matches!(rule, Rule::NameMismatch | Rule::PartialWildcard | Rule::NoSubjectAlternativeName | Rule::AddressAsName)
}

/// Whether what a program did is what the table says; where the table knows nothing, anything is.
fn compare(what: &str, answer: &Answer, consumer: Consumer, said: &Result<(), String>, problems: &mut Vec<String>) {
    let told = answer.consumers.iter().find(|found| found.consumer == consumer).expect("every program");
    let is_as_told = match told.verdict {
        Verdict::Accepts => said.is_ok(),
        Verdict::Refuses => said.is_err(),
        Verdict::Unknown => true,
    };
    if !is_as_told {
        problems.push(format!("{what}: {} {} {:?}, and it says {said:?}", consumer.name(), told.verdict.name(), told.rules));
    }
}

#[test]
fn every_program_does_what_the_table_says() {
    let mut all = faults::all();
    all.push(Fault { rule: Rule::CrlNumber, what: "nothing wrong", position: None, scenario: sound().scenario() });
    let files: Vec<Files> = all.iter().map(|fault| Files::of(&fault.scenario)).collect();
    let java = by_java(&files);
    let mut problems = Vec::new();
    for ((fault, files), java) in all.iter().zip(&files).zip(&java) {
        let answer = fault.scenario.answer();
        let name = fault.scenario.name;
        let mut judge = |consumer, said: &Result<(), String>| compare(fault.what, &answer, consumer, said, &mut problems);
        judge(Consumer::OpenSsl, &files.openssl(name, &[]));
        judge(Consumer::OpenSslStrict, &files.openssl(name, &["-x509_strict"]));
        let is_about_the_name = answer.findings.iter().any(|finding| is_about_the_name(finding.rule));
        if !is_about_the_name {
            // Of names, Python's settings ask for more than the command has flags for.
            judge(Consumer::Python, &files.openssl(name, &["-x509_strict", "-partial_chain"]));
            judge(Consumer::Java, java);
            if files.crls.is_empty() {
                judge(Consumer::Nss, &files.nss());
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
