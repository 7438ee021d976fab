//! A CA directory that is watched, and a web server that takes alarms.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;

use crate::site::{Done, PATIENCE, Running, run};

const GSECD: &str = env!("CARGO_BIN_EXE_gsecd");

/// The CA directory `ca` in a folder.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        place
            .gsec(&["ca", "init", "--cn", "Example CA", "--key-type", "p256"])
            .ok();
        place
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn conf(&self, name: &str) -> PathBuf {
        self.folder().join("ca/ca_conf").join(name)
    }

    /// The settings.
    pub fn set(&self, settings: &str) {
        std::fs::write(self.conf("watch.toml"), settings).expect("watch.toml");
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(args)
            .args(["--no-input", "--ca-dir"])
            .arg(self.folder().join("ca"));
        command
    }

    pub fn gsec(&self, args: &[&str]) -> Done {
        run(&mut self.command(GSECD, args))
    }

    /// The same at another time, as `+3 days`.
    pub fn gsec_at(&self, time: &str, args: &[&str]) -> Done {
        run(&mut self.command("faketime", &[&[time, GSECD], args].concat()))
    }

    /// One look; the document.
    #[track_caller]
    pub fn look(&self, status: i32) -> Value {
        document(self.gsec(&["watch", "--once", "--json"]), status)
    }

    #[track_caller]
    pub fn look_at(&self, time: &str, status: i32) -> Value {
        document(self.gsec_at(time, &["watch", "--once", "--json"]), status)
    }

    #[track_caller]
    pub fn list(&self) -> Value {
        document(self.gsec(&["watch", "--list", "--json"]), 0)
    }

    /// The daemon, once it has looked.
    pub fn daemon(&self, args: &[&str]) -> (Running, BufReader<std::process::ChildStdout>) {
        let mut command = self.command(GSECD, &[&["watch", "--every", "10s", "--json"], args].concat());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let (running, stdout) = Running::with_output(&mut command);
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        while line != "}\n" {
            line.clear();
            assert!(stdout.read_line(&mut line).expect("a line") > 0, "it has ended");
        }
        (running, stdout)
    }
}

#[track_caller]
pub fn document(done: Done, status: i32) -> Value {
    assert_eq!(done.status, Some(status), "{done}");
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done}"))
}

/// The slugs of the alarms in a document, in their order.
pub fn slugs(document: &Value) -> Vec<&str> {
    let alarms = document["alarms"].as_array().expect("alarms");
    alarms
        .iter()
        .map(|alarm| alarm["slug"].as_str().expect("a slug"))
        .collect()
}

/// What a receiver does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It says that it has it.
    Good,
    /// It has it, and the line breaks before it says so.
    Lost,
    /// It has it, and the line stays open for ever.
    Silent,
}

/// A request as it came: head and body.
pub struct Request {
    head: String,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("an event")
    }
}

/// A web server that takes alarms.
pub struct Hook {
    pub url: String,
    requests: Receiver<Request>,
}

impl Hook {
    /// The first requests are answered like this, and all others well.
    pub fn new(first: &'static [Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (tell, requests) = channel();
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for (at, stream) in listener.incoming().flatten().enumerate() {
                let mut stream = stream;
                let Some(request) = request(&mut stream) else {
                    continue;
                };
                let _ = tell.send(request);
                match first.get(at).unwrap_or(&Answer::Good) {
                    Answer::Good => drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
                    Answer::Lost => {}
                    Answer::Silent => open.push(stream),
                }
            }
        });
        Self { url, requests }
    }

    /// The section of watch.toml.
    pub fn section(&self, more: &str) -> String {
        format!(
            "[[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n{more}\n",
            self.url
        )
    }

    /// The next request.
    #[track_caller]
    pub fn next(&self) -> Request {
        self.requests.recv_timeout(PATIENCE).expect("a request")
    }

    /// Whether there was no further one.
    pub fn is_quiet(&self) -> bool {
        matches!(
            self.requests.recv_timeout(Duration::from_millis(300)),
            Err(RecvTimeoutError::Timeout)
        )
    }
}

fn request(stream: &mut TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let at = head.len();
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
        if let Some(value) = head[at..].to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        head,
        body: String::from_utf8(body).ok()?,
    })
}
