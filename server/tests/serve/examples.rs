//! The examples in the help of the commands that serve until they are told to end: each is started as it stands, but for ports and sockets.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::site::{PATIENCE, Running, Site, free_port, run};

const GSECD: &str = env!("CARGO_BIN_EXE_gsecd");

/// The examples of a command.
fn examples(words: &[&str]) -> Vec<Vec<String>> {
    let help = run(Command::new(GSECD).args(words).arg("--help")).ok().stdout;
    let section = help.split("\nEXAMPLES\n").nth(1).expect("examples");
    let lines = section.lines().map_while(|line| line.strip_prefix("  $ gsec "));
    lines
        .map(|line| line.split(' ').map(str::to_owned).collect())
        .collect()
}

/// A word of an example as it can be on any machine: a free port for one that is said, a folder of the test for one of the system.
fn here(word: &str, folder: &Path) -> String {
    match word {
        port if port.starts_with(':') => format!("127.0.0.1:{}", free_port()),
        path if path.starts_with('/') => {
            let name = Path::new(path).file_name().expect("a name");
            folder.join(name).to_string_lossy().into_owned()
        }
        word => word.to_owned(),
    }
}

fn start(site: &Site, words: &[String]) -> Running {
    let mut command = Command::new(GSECD);
    command
        .args(words.iter().map(|word| here(word, site.folder())))
        .arg("--ca-dir")
        .arg(site.ca())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    // Without the option, the port is everybody's.
    let is_front = words.get(1).is_none_or(|word| word != "signer");
    for option in ["--listen", "--http"] {
        if is_front && !words.iter().any(|word| word == option) {
            command.arg(format!("{option}=127.0.0.1:{}", free_port()));
        }
    }
    Running::start(&mut command)
}

/// Waits until something is so.
#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = std::time::Instant::now() + PATIENCE;
    while !is_so() {
        assert!(std::time::Instant::now() < end, "not in time: {what}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn the_example_that_watches_on_does_until_it_is_told_to_end() {
    let mut site = Site::without_dns();
    let daemons: Vec<Vec<String>> = examples(&["watch"])
        .into_iter()
        .filter(|words| words.iter().any(|word| word == "--every"))
        .collect();
    assert_eq!(daemons.len(), 1);
    for words in daemons {
        let port = site.ready["acme"]
            .as_str()
            .and_then(|url| url.rsplit(':').next()?.split('/').next());
        let probe = format!("127.0.0.1:{}", port.expect("a port"));
        let words = words.iter().map(|word| word.replace("localhost:8443", &probe));
        let running = Running::start(
            Command::new(GSECD)
                .args(words)
                .arg("--ca-dir")
                .arg(site.ca())
                .stdin(Stdio::null())
                .stdout(Stdio::null()),
        );
        wait_until("a look", || {
            let list = site.gsec(&["watch", "--list", "--json"]).stdout;
            list.contains("\"last_check\": \"")
        });
        assert_eq!(running.end(), Some(0));
    }
    site.stop();
}

#[test]
fn every_example_that_starts_a_server_serves() {
    let mut site = Site::without_dns();
    site.stop();
    let serves = |what: &str| {
        wait_until(what, || site.gsec(&["serve", "status"]).status == Some(0));
    };
    for words in examples(&["serve"]) {
        let running = start(&site, &words);
        serves(&words.join(" "));
        assert_eq!(running.end(), Some(0), "{words:?}");
    }
    for words in examples(&["serve", "signer"]) {
        let at = words.iter().position(|word| word == "--socket");
        let socket = match at.and_then(|at| words.get(at + 1)) {
            Some(path) => here(path, site.folder()),
            None => site
                .ca()
                .join("ca_conf/signer.sock")
                .to_string_lossy()
                .into_owned(),
        };
        let signer = start(&site, &words);
        wait_until(&words.join(" "), || Path::new(&socket).exists());
        for front in examples(&["serve", "front"]) {
            let asks = front.iter().any(|word| word == "--socket");
            if asks == at.is_some() {
                let running = start(&site, &front);
                serves(&front.join(" "));
                assert_eq!(running.end(), Some(0), "{front:?}");
            }
        }
        signer.end();
    }
}
