//! gsec on a terminal: it asks for what is missing, hides what is secret, colours what is wrong; and without one it never waits.

use crate::common;

use std::process::{Command, Stdio};

use super::help_examples::all_commands;
use common::{ChildGuard, OldCa, Scene, Tree, python};
use serde_json::{Value, json};

const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
const RETURN: &str = "\r";
/// Ended by the signal itself, which is what shells call 130.
const INTERRUPTED: i64 = -2;
/// A colour code begins so.
const ESCAPE: &str = "\u{1b}[";

/// A call of gsec on a pseudo-terminal that is being put together.
pub(crate) struct Session<'a> {
    program: &'a str,
    directory: String,
    args: Vec<&'a str>,
    steps: Vec<(&'a str, String, bool)>,
    /// What the program gets after the last step.
    signal: Option<i64>,
    environment: Value,
    stdout: &'a str,
    columns: u16,
}

/// What became of it.
pub(crate) struct Shown {
    pub(crate) screen: String,
    stdout: String,
    status: i64,
    asked: u64,
    /// Whether the terminal still shows what is typed.
    echo: bool,
}

impl<'a> Session<'a> {
    fn in_dir(directory: String, args: &[&'a str]) -> Self {
        Session {
            program: env!("CARGO_BIN_EXE_gsec"),
            directory,
            args: args.to_vec(),
            steps: Vec::new(),
            signal: None,
            environment: json!({}),
            stdout: "terminal",
            columns: 0,
        }
    }

    /// A call of another program.
    pub(crate) fn of(self, program: &'a str) -> Self {
        Session { program, ..self }
    }

    /// On a terminal of this width.
    pub(crate) fn columns(self, columns: u16) -> Self {
        Session { columns, ..self }
    }

    pub(crate) fn new(scene: &Scene, args: &[&'a str]) -> Self {
        Session::in_dir(scene.dir.path(""), args)
    }

    /// Types an answer and Return, once this has been asked.
    pub(crate) fn answer(self, prompt: &'a str, answer: &str) -> Self {
        self.press(prompt, &format!("{answer}{RETURN}"))
    }

    /// Presses keys, once this has been asked.
    pub(crate) fn press(mut self, prompt: &'a str, keys: &str) -> Self {
        self.steps.push((prompt, keys.to_owned(), false));
        self
    }

    /// Types a secret and Return, once this has been asked and the terminal has stopped showing what is typed.
    fn answer_secretly(self, prompt: &'a str, secret: &str) -> Self {
        self.press_secretly(prompt, &format!("{secret}{RETURN}"))
    }

    /// Presses keys, once this has been asked and the terminal has stopped showing what is typed.
    fn press_secretly(mut self, prompt: &'a str, keys: &str) -> Self {
        self.steps.push((prompt, keys.to_owned(), true));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment[name] = json!(value);
        self
    }

    pub(crate) fn run(self) -> Shown {
        let command: Vec<&str> = std::iter::once(self.program).chain(self.args).collect();
        let steps: Vec<Value> = self
            .steps
            .iter()
            .map(|(prompt, keys, hidden)| json!([prompt, keys, hidden]))
            .collect();
        let mut steps = steps;
        if let (Some(signal), Some(last)) = (self.signal, steps.last_mut().and_then(Value::as_array_mut)) {
            last.push(json!(signal));
        }
        let session = json!({
            "command": command, "directory": self.directory, "environment": self.environment, "steps": steps, "stdout": self.stdout,
            "columns": self.columns,
        });
        let outcome = python("pty_session.py")
            .stdin(session.to_string())
            .run()
            .ok()
            .json();
        let text = |name: &str| outcome[name].as_str().expect("text").to_owned();
        Shown {
            screen: text("screen"),
            stdout: text("stdout"),
            status: outcome["status"].as_i64().expect("a status"),
            asked: outcome["asked"].as_u64().expect("a number"),
            echo: outcome["echo"].as_bool().expect("a truth"),
        }
    }
}

impl Shown {
    #[track_caller]
    pub(crate) fn ended(self, status: i64, asked: u64) -> Self {
        assert_eq!(
            (self.status, self.asked),
            (status, asked),
            "status and prompts that came:\n{}",
            self.screen
        );
        self
    }
}

// What is missing is asked for

/// The questions of the wizard, and an answer for each; `Return` alone where it is empty.
const WIZARD: [(&str, &str); 10] = [
    ("Name of the CA", "Terminal CA"),
    ("Organization (may be empty)", "Example"),
    ("Organizational unit", ""),
    ("City", "Erlangen"),
    ("State or province", ""),
    ("Country", "DE"),
    ("E-mail address", "ca@example.com"),
    ("Key type (rsa, p256, p384, p521, ed25519) [rsa]", "p384"),
    ("Lifetime, such as 52w or 10y [10y]", "52w"),
    ("Encrypt the CA key with a passphrase? [Y/n]", ""),
];
const CREATE: &str = "Create this CA? [Y/n]";
const NEW_PASSPHRASE: [&str; 2] = ["New passphrase of the CA key", "Repeat the passphrase"];

/// The wizard, answered up to this question.
fn wizard<'a>(scene: &Scene, questions: usize) -> Session<'a> {
    WIZARD[..questions].iter().fold(
        Session::new(scene, &["ca", "init"]),
        |session, (question, answer)| session.answer(question, answer),
    )
}

#[test]
fn wizard_asks_for_all_that_a_ca_has_and_before_it_creates_it() {
    let scene = Scene::empty();
    let shown = wizard(&scene, 10)
        .answer_secretly(NEW_PASSPHRASE[0], "open sesame")
        .answer_secretly(NEW_PASSPHRASE[1], "open sesame")
        .answer(CREATE, "")
        .run()
        .ended(0, 13);
    let summary = "Would create the certification authority `C=DE, L=Erlangen, O=Example, CN=Terminal CA, emailAddress=ca@example.com` in gsec-ca";
    let before_it = shown
        .screen
        .split(CREATE)
        .next()
        .unwrap_or_default()
        .replace('\r', "");
    for said in [summary, "P-384", "(in 363 days)", "ca_priv_key.pem (encrypted)"] {
        assert!(before_it.contains(said), "{said}: {}", shown.screen);
    }
    let ca = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
    assert_eq!(ca["key_encrypted"], true);
    scene
        .gsec(&[
            "cert",
            "issue",
            "a.example.com",
            "--key-type",
            "p256",
            "--ca-passphrase-stdin",
        ])
        .stdin("open sesame")
        .run()
        .ok();
}

#[test]
fn wizard_that_is_answered_no_or_ended_makes_nothing() {
    let scene = Scene::empty();
    let shown = wizard(&scene, 9)
        .answer(WIZARD[9].0, "n")
        .answer(CREATE, "n")
        .run()
        .ended(1, 11);
    assert!(
        shown.screen.contains("ca_priv_key.pem (not encrypted)")
            && shown.screen.contains("Nothing was changed"),
        "{}",
        shown.screen
    );
    for (number, (question, _)) in WIZARD.iter().enumerate() {
        let ended = wizard(&scene, number)
            .press(question, CTRL_D)
            .run()
            .ended(3, number as u64 + 1);
        assert!(
            plain(&ended.screen).contains("error: the input ended before the question was answered"),
            "{}",
            ended.screen
        );
    }
    let ended = wizard(&scene, 10)
        .press_secretly(NEW_PASSPHRASE[0], CTRL_D)
        .run()
        .ended(3, 11);
    assert!(ended.echo, "{}", ended.screen);
    wizard(&scene, 10)
        .answer_secretly(NEW_PASSPHRASE[0], "open sesame")
        .answer_secretly(NEW_PASSPHRASE[1], "open sesame")
        .press(CREATE, CTRL_C)
        .run()
        .ended(INTERRUPTED, 13);
    assert_eq!(scene.tree().files(), Vec::<String>::new());
}

#[test]
fn empty_passphrase_in_the_wizard_is_asked_about() {
    let leave = "Leave it unencrypted? [y/N]";
    let scene = Scene::empty();
    wizard(&scene, 10)
        .answer_secretly(NEW_PASSPHRASE[0], "")
        .answer(leave, "")
        .answer_secretly(NEW_PASSPHRASE[0], "")
        .answer(leave, "y")
        .answer(CREATE, "")
        .run()
        .ended(0, 15);
    assert!(
        !scene
            .read("gsec-ca/ca_conf/ca_priv_key.pem")
            .contains("ENCRYPTED")
    );
}

#[test]
fn wizard_does_not_ask_what_options_say() {
    let scene = Scene::empty();
    let args = [
        "ca",
        "init",
        "--key-type",
        "p256",
        "--org",
        "Example",
        "--days",
        "30",
        "--encrypt-key",
        "--yes",
    ];
    let shown = Session::new(&scene, &args)
        .answer("Name of the CA", "Terminal CA")
        .answer_secretly(NEW_PASSPHRASE[0], "open sesame")
        .answer_secretly(NEW_PASSPHRASE[1], "open sesame")
        .run()
        .ended(0, 3);
    assert!(
        !shown.screen.contains("may be empty") && !shown.screen.contains("Would"),
        "{}",
        shown.screen
    );
    // With a name nothing is asked, and the result says that the key can be read.
    let shown = Session::new(
        &Scene::empty(),
        &["ca", "init", "--key-type", "p256", "--cn", "X"],
    )
    .run()
    .ended(0, 0);
    assert!(
        !shown.screen.contains('?') && shown.screen.contains("ca_priv_key.pem (not encrypted)"),
        "{}",
        shown.screen
    );
}

#[test]
fn wizard_of_an_intermediate_ca_asks_too() {
    let scene = Scene::with_ca();
    let args = [
        "ca", "init", "--parent", "gsec-ca", "--ca-dir", "sub", "--org", "Example",
    ];
    let shown = Session::new(&scene, &args)
        .answer("Name of the CA", "Sub CA")
        .answer("Key type", "p256")
        .answer("Lifetime, such as 52w or 10y [5y]", "never")
        .answer("`never`: must be a number with a unit", "100")
        .answer("Encrypt the CA key", "no")
        .answer(CREATE, "yes")
        .run()
        .ended(0, 6);
    assert!(
        shown
            .screen
            .contains("Would create the intermediate certification authority"),
        "{}",
        shown.screen
    );
    assert!(scene.exists("sub/ca_conf/ca_cert.pem"));
}

#[test]
fn both_passphrases_are_asked_for_and_the_new_one_twice() {
    let scene = Scene::with_ca();
    let key = || scene.read("gsec-ca/ca_conf/ca_priv_key.pem");
    Session::new(&scene, &["ca", "passphrase"])
        .answer_secretly(NEW_PASSPHRASE[0], "first secret")
        .answer_secretly(NEW_PASSPHRASE[1], "first secret")
        .run()
        .ended(0, 2);
    let encrypted = key();
    assert!(encrypted.contains("ENCRYPTED"));
    let old = "Passphrase of gsec-ca/ca_conf/ca_priv_key.pem";
    Session::new(&scene, &["ca", "passphrase"])
        .answer_secretly(old, "wrong")
        .answer_secretly(old, "wrong")
        .answer_secretly(old, "wrong")
        .run()
        .ended(3, 3);
    assert_eq!(key(), encrypted);
    Session::new(&scene, &["ca", "passphrase", "--remove"])
        .answer_secretly(old, "wrong")
        .answer_secretly(old, "first secret")
        .run()
        .ended(0, 2);
    assert!(!key().contains("ENCRYPTED"));
}

#[test]
fn wrong_answer_is_said_and_asked_again() {
    let scene = Scene::with_ca();
    Session::new(&scene, &["cert", "issue", "--key-type", "p256"])
        .answer("Fully qualified name of the host", "db 1")
        .answer("`db 1`: it contains the invalid character ` `", "")
        .answer("An answer is required", "db1.example.com")
        .run()
        .ended(0, 3);
    assert!(scene.exists("gsec-ca/repository/01_db1_cert.pem"));
    // Who expects to be asked whether to go on gets no certificate for a host of that name.
    Session::new(&scene, &["cert", "issue", "--key-type", "p256"])
        .answer("Fully qualified name of the host", "n")
        .answer("type the name of the host, or Ctrl-C to stop", "db2.example.com")
        .run()
        .ended(0, 2);
    assert!(scene.exists("gsec-ca/repository/02_db2_cert.pem"));
}

#[test]
fn host_is_asked_for() {
    let scene = Scene::with_ca();
    let shown = Session::new(&scene, &["cert", "issue", "--key-type", "p256"])
        .answer("Fully qualified name of the host", "db1.example.com")
        .run()
        .ended(0, 1);
    assert!(
        shown.screen.contains("Issued serial 01 for db1.example.com"),
        "{}",
        shown.screen
    );
}

#[test]
fn nothing_is_asked_with_no_input_or_json() {
    for flag in ["--no-input", "--json"] {
        for args in [["ca", "init"], ["cert", "issue"]] {
            let scene = Scene::with_ca();
            let before = scene.tree();
            let elsewhere = scene.dir.path("new");
            let args = if args[1] == "init" {
                vec!["ca", "init", flag, "--ca-dir", &elsewhere]
            } else {
                vec!["cert", "issue", flag]
            };
            let shown = Session::new(&scene, &args).run().ended(2, 0);
            assert!(shown.screen.contains("missing "), "{}", shown.screen);
            scene.tree().is_unchanged_since(&before);
        }
    }
}

#[test]
fn ctrl_c_at_a_question_leaves_nothing() {
    let scene = Scene::empty();
    Session::new(&scene, &["ca", "init"])
        .press("Name of the CA", CTRL_C)
        .run()
        .ended(INTERRUPTED, 1);
    Session::new(&scene, &["ca", "init"])
        .answer("Name of the CA", "X")
        .press("Organization", CTRL_C)
        .run()
        .ended(INTERRUPTED, 2);
    assert_eq!(scene.tree().files(), Vec::<String>::new());
    let scene = Scene::with_ca();
    let before = scene.tree();
    Session::new(&scene, &["cert", "issue"])
        .press("name of the host", CTRL_C)
        .run()
        .ended(INTERRUPTED, 1);
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn adopting_asks_and_no_changes_nothing() {
    let old = OldCa::new();
    let before = old.tree();
    let adopt = ["ca", "adopt", "--ca-dir", &old.path];
    for answer in ["n", ""] {
        let shown = Session::in_dir(old.dir.path(""), &adopt)
            .answer("Continue?", answer)
            .run()
            .ended(1, 1);
        assert!(
            shown.screen.contains("would change"),
            "it says first what it would do: {}",
            shown.screen
        );
        old.tree().is_unchanged_since(&before);
    }
    Session::in_dir(old.dir.path(""), &adopt)
        .press("Continue?", CTRL_C)
        .run()
        .ended(INTERRUPTED, 1);
    old.tree().is_unchanged_since(&before);
    Session::in_dir(old.dir.path(""), &adopt)
        .answer("Continue?", "y")
        .run()
        .ended(0, 1);
    assert!(
        Tree::of(&old.path)
            .files()
            .contains(&"ca_conf/gsec.toml".to_owned())
    );
}

#[test]
fn mending_asks_and_no_changes_nothing() {
    let scene = Scene::with_host();
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    scene.chmod(key, 0o644);
    let before = scene.tree();
    for answer in ["n", ""] {
        let shown = Session::new(&scene, &["doctor", key, "--fix"])
            .answer("Apply these fixes?", answer)
            .run()
            .ended(0, 1);
        assert!(
            shown.screen.contains("to 640") && shown.screen.contains("key-readable-by-others"),
            "{}",
            shown.screen
        );
        scene.tree().is_unchanged_since(&before);
    }
    Session::new(&scene, &["doctor", key, "--fix"])
        .press("Apply these fixes?", CTRL_C)
        .run()
        .ended(INTERRUPTED, 1);
    scene.tree().is_unchanged_since(&before);
    let shown = Session::new(&scene, &["doctor", key, "--fix"])
        .answer("Apply these fixes?", "y")
        .run()
        .ended(0, 1);
    assert!(
        shown.screen.contains("Applied: ") && plain(&shown.screen).contains(": healthy"),
        "{}",
        shown.screen
    );
}

// Secrets

fn encrypted_scene() -> Scene {
    let scene = Scene::empty();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Test CA",
            "--key-type",
            "p256",
            "--encrypt-key",
            "--ca-passphrase-stdin",
        ])
        .stdin("open sesame")
        .run()
        .ok();
    scene
}

#[test]
fn passphrase_is_asked_for_and_not_shown() {
    let scene = encrypted_scene();
    let issue = ["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"];
    let shown = Session::new(&scene, &issue)
        .answer_secretly("Passphrase of gsec-ca/ca_conf/ca_priv_key.pem", "open sesame")
        .run()
        .ended(0, 1);
    assert!(!shown.screen.contains("sesame"), "{}", shown.screen);
}

#[test]
fn wrong_passphrase_on_a_terminal_is_refused_and_changes_nothing() {
    let scene = encrypted_scene();
    let before = scene.tree();
    let issue = ["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"];
    let shown = Session::new(&scene, &issue)
        .answer_secretly("Passphrase", "wrong secret")
        .answer_secretly("Wrong passphrase; try again", "wrong\u{0}secret")
        .answer_secretly(
            "The answer is not UTF-8, or contains a NUL character",
            "wrong secret",
        )
        .run()
        .ended(3, 3);
    assert!(
        shown.screen.contains("wrong passphrase, or the file is damaged")
            && !shown.screen.contains("wrong secret"),
        "{}",
        shown.screen
    );
    scene.tree().is_unchanged_since(&before);
}

/// A host's PFX and key, both under the password `open sesame`, and its certificate beside them.
fn locked_scene() -> Scene {
    let scene = Scene::with_ca();
    scene.write("secret", "open sesame");
    scene
        .issue("db1.example.com", &["--pfx-password-file", "secret"])
        .run()
        .ok();
    scene.write(
        "locked.pfx",
        scene.read_bytes("gsec-ca/repository/01_db1_cert.pfx"),
    );
    scene.write("host.pem", scene.read_bytes("gsec-ca/repository/01_db1_cert.pem"));
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    scene
        .gsec(&[
            "convert",
            "key",
            key,
            "--new-password-file",
            "secret",
            "--out",
            "locked.key",
        ])
        .run()
        .ok();
    scene
}

/// Calls that open one encrypted file, and the question for its password.
const OPENING: [(&[&str], &str); 11] = [
    (&["doctor", "locked.pfx"], "Password of locked.pfx"),
    (
        &["convert", "to-pem", "locked.pfx", "--out", "out"],
        "Password of locked.pfx",
    ),
    (
        &["convert", "to-pem", "locked.key", "--out-dir", "out"],
        "Password of locked.key",
    ),
    (
        &["convert", "key", "locked.key", "--out", "out"],
        "Password of locked.key",
    ),
    (
        &["convert", "key", "locked.pfx", "--out", "out"],
        "Password of locked.pfx",
    ),
    (
        &["convert", "to-pfx", "--cert", "locked.pfx", "--out", "out"],
        "Password of locked.pfx",
    ),
    (
        &[
            "convert",
            "to-pfx",
            "--cert",
            "host.pem",
            "--key",
            "locked.key",
            "--out",
            "out",
        ],
        "Password of locked.key",
    ),
    (&["cert", "show", "locked.pfx"], "Password of locked.pfx"),
    (&["cert", "thumbprint", "locked.pfx"], "Password of locked.pfx"),
    (&["cert", "verify", "locked.pfx"], "Password of locked.pfx"),
    (
        &["cert", "match", "host.pem", "locked.key"],
        "Password of locked.key",
    ),
];

/// Makes room for the next call of [`OPENING`].
fn clear(scene: &Scene) {
    let out = scene.dir.path("out");
    let _ = std::fs::remove_file(&out).or_else(|_| std::fs::remove_dir_all(&out)); // some make none
}

#[test]
fn password_of_a_file_is_asked_for_once_and_not_shown() {
    let scene = locked_scene();
    for (opening, question) in OPENING {
        let shown = Session::new(&scene, opening)
            .answer_secretly(question, "open sesame")
            .run()
            .ended(0, 1);
        assert_eq!(
            (
                shown.screen.matches("Password of").count(),
                shown.screen.contains("sesame")
            ),
            (1, false),
            "{opening:?}: {}",
            shown.screen
        );
        assert!(shown.echo, "whoever types on sees it");
        clear(&scene);
    }
}

#[test]
fn wrong_password_on_a_terminal_is_refused_and_makes_nothing() {
    let scene = locked_scene();
    let before = scene.tree();
    for (opening, question) in OPENING {
        let shown = Session::new(&scene, opening)
            .answer_secretly(question, "wrong secret")
            .answer_secretly(question, "wrong secret")
            .answer_secretly(question, "wrong secret")
            .run()
            .ended(3, 3);
        assert!(
            shown.screen.contains("wrong password, or the file is damaged")
                && !shown.screen.contains("wrong secret"),
            "{}",
            shown.screen
        );
        scene.tree().is_unchanged_since(&before);
    }
}

#[test]
fn password_of_a_file_is_not_asked_for_where_it_is_given_or_asking_is_forbidden() {
    let scene = locked_scene();
    let before = scene.tree();
    for (opening, question) in OPENING {
        for (flags, status) in [
            (&["--no-input"][..], 3),
            (&["--json"], 3),
            (&["--password-file", "secret", "--no-input"], 0),
        ] {
            let shown = Session::new(&scene, &[opening, flags].concat())
                .run()
                .ended(status, 0);
            assert!(
                !shown.screen.contains(question),
                "{opening:?} {flags:?}: {}",
                shown.screen
            );
            if status == 3 {
                assert!(shown.screen.contains("--password-file"), "{}", shown.screen);
                scene.tree().is_unchanged_since(&before);
            }
        }
        clear(&scene);
    }
}

#[test]
fn password_of_a_kept_key_is_asked_for() {
    let scene = locked_scene();
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    scene.write(key, scene.read_bytes("locked.key"));
    // What is typed as soon as the question is there counts.
    Session::new(&scene, &["cert", "renew", "01", "--keep-key", "--no-pfx"])
        .answer("Password of gsec-ca/repository/01_db1_priv_key.pem", "wrong")
        .answer(
            "Password of gsec-ca/repository/01_db1_priv_key.pem",
            "open sesame",
        )
        .run()
        .ended(0, 2);
    scene
        .gsec(&["cert", "renew", "01", "--keep-key", "--no-pfx"])
        .run()
        .code(3)
        .says("--password-file");
}

#[test]
fn empty_password_is_tried_before_anything_is_asked() {
    let scene = Scene::with_host();
    let pfx = "gsec-ca/repository/01_db1_cert.pfx";
    Session::new(&scene, &["convert", "to-pem", pfx, "--out-dir", "parts"])
        .run()
        .ended(0, 0);
    assert!(scene.exists("parts/db1_priv_key.pem"));
}

#[test]
fn ctrl_c_at_the_password_of_a_file_makes_nothing() {
    let scene = locked_scene();
    let before = scene.tree();
    let shown = Session::new(&scene, &["convert", "to-pem", "locked.pfx", "--out-dir", "parts"])
        .press_secretly("Password of", CTRL_C)
        .run()
        .ended(130, 1);
    assert!(shown.echo, "whoever types on sees nothing: {}", shown.screen);
    scene.tree().is_unchanged_since(&before);
}

/// The result of a conversion goes down the pipe, the question to the terminal.
#[test]
fn password_is_asked_for_beside_a_pipe() {
    let scene = locked_scene();
    let mut session = Session::new(&scene, &["convert", "to-pem", "locked.pfx"])
        .answer_secretly("Password of locked.pfx", "open sesame");
    session.stdout = "pipe";
    let shown = session.run().ended(0, 1);
    assert!(
        shown.stdout.starts_with("-----BEGIN CERTIFICATE-----\n") && !shown.stdout.contains("Password"),
        "{}",
        shown.stdout
    );
    assert!(!shown.screen.contains("BEGIN"), "{}", shown.screen);
}

#[test]
fn new_passphrase_is_asked_for_twice() {
    let scene = Scene::empty();
    let init = ["ca", "init", "--cn", "X", "--key-type", "p256", "--encrypt-key"];
    let shown = Session::new(&scene, &init)
        .answer_secretly("New passphrase of the CA key", "open sesame")
        .answer_secretly("Repeat the passphrase", "close sesame")
        .answer_secretly("New passphrase of the CA key", "open sesame")
        .answer_secretly("Repeat the passphrase", "open sesame")
        .run()
        .ended(0, 4);
    assert!(
        shown.screen.contains("The passphrases do not match") && shown.screen.contains("(encrypted)"),
        "{}",
        shown.screen
    );
    assert!(!shown.screen.contains("sesame"), "{}", shown.screen);
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "a.example.com",
            "--key-type",
            "p256",
            "--ca-passphrase-stdin",
        ])
        .stdin("open sesame")
        .run()
        .ok();
}

#[test]
fn ctrl_c_at_a_passphrase_leaves_a_terminal_that_shows_what_is_typed() {
    let scene = encrypted_scene();
    let before = scene.tree();
    let issue = ["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"];
    for (keys, status) in [
        (CTRL_C, 130),
        ("half\u{3}", 130),
        ("\u{1c}\r", 130), // Ctrl-\ alone ends no line
        (CTRL_D, 3),
    ] {
        let shown = Session::new(&scene, &issue)
            .press_secretly("Passphrase", keys)
            .run()
            .ended(status, 1);
        assert!(
            shown.echo,
            "{keys:?}: whoever types on sees nothing: {}",
            shown.screen
        );
        scene.tree().is_unchanged_since(&before);
    }
}

#[test]
fn signal_at_a_passphrase_leaves_a_terminal_that_shows_what_is_typed() {
    let scene = encrypted_scene();
    let before = scene.tree();
    let issue = ["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"];
    for signal in [1, 2, 3, 15] {
        let mut session = Session::new(&scene, &issue).press_secretly("Passphrase", "half");
        session.signal = Some(signal);
        let shown = session.run().ended(-signal, 1);
        assert!(shown.echo, "{signal}: {}", shown.screen);
    }
    scene.tree().is_unchanged_since(&before);
    // After the question a batch finishes what it has begun, as without one.
    let rows: String = (0..1500)
        .map(|number| format!("h{number}.example.com\n"))
        .collect();
    scene.write("hosts.csv", format!("host\n{rows}"));
    let batch = [
        "cert",
        "issue",
        "--key-type",
        "p256",
        "--no-pfx",
        "--jobs",
        "1",
        "--from",
        "hosts.csv",
    ];
    let shown = Session::new(&scene, &batch)
        .answer_secretly("Passphrase", "open sesame")
        .press("issuing [", CTRL_C)
        .run()
        .ended(130, 2);
    assert!(shown.screen.contains(" interrupted: "), "{}", shown.screen);
}

/// A shell with job control stops gsec with Ctrl-Z, looks at the terminal, and goes on with gsec.
#[test]
fn ctrl_z_at_a_passphrase_gives_the_terminal_back_and_the_question_comes_again() {
    let scene = encrypted_scene();
    let gsec = env!("CARGO_BIN_EXE_gsec");
    let script = format!(
        "set -m; {gsec} cert issue db1.example.com --key-type p256; echo stopped: $?; stty -a | grep -o -e '-\\?echo\\b' -e '-\\?isig\\b'; fg; echo ended: $?"
    );
    let session = Session::new(&scene, &["-c", &script])
        .press_secretly("Passphrase", "half\u{1a}")
        .answer_secretly("Passphrase", "open sesame");
    let shown = session.of("bash").run().ended(0, 2);
    let screen = shown.screen.replace('\r', "");
    assert!(
        screen.contains("stopped: 148\n") && screen.contains("\necho\n") && screen.contains("\nisig\n"),
        "{screen}"
    );
    assert!(
        screen.contains("Issued serial 01") && screen.contains("ended: 0"),
        "{screen}"
    );
    assert!(!screen.contains("sesame") && !screen.contains("half"), "{screen}");
    // A question whose answer is shown is stopped and continued by the terminal itself.
    let script = format!("set -m; {gsec} quickstart --ca-dir other; echo stopped: $?; fg; echo ended: $?");
    let session = Session::new(&scene, &["-c", &script])
        .press("name of the host", "\u{1a}")
        .answer("quickstart --ca-dir other", "db1.example.com");
    let shown = session.of("bash").run().ended(0, 2);
    assert!(
        shown.screen.contains("stopped: 148") && shown.screen.contains("ended: 0"),
        "{}",
        shown.screen
    );
    assert!(scene.exists("other/repository/01_db1_cert.pem"));
}

#[test]
fn new_passphrase_has_three_tries() {
    let scene = Scene::empty();
    let init = ["ca", "init", "--cn", "X", "--key-type", "p256", "--encrypt-key"];
    let shown = Session::new(&scene, &init)
        .answer_secretly(NEW_PASSPHRASE[0], "")
        .answer_secretly("The passphrase must not be empty", "abc")
        .answer_secretly(
            "The passphrase is too short: at least 4 characters",
            "open sesame",
        )
        .answer_secretly(NEW_PASSPHRASE[1], "close sesame")
        .run()
        .ended(3, 4);
    assert!(
        plain(&shown.screen).contains("error: the passphrases do not match")
            && !shown.screen.contains("sesame"),
        "{}",
        shown.screen
    );
    assert_eq!(scene.tree().files(), Vec::<String>::new());
}

// Permission

#[test]
fn revoking_and_changing_the_key_ask_and_no_changes_nothing() {
    for (args, question, said) in [
        (
            &["cert", "revoke", "01"][..],
            "Revoke? This cannot be undone. [y/N]",
            "CN=db1.example.com",
        ),
        (
            &["cert", "revoke", "01", "--reason", "superseded"],
            "Revoke (superseded)? This cannot be undone. [y/N]",
            "CN=db1.example.com",
        ),
        (
            &["cert", "revoke", "01", "--reason", "certificateHold"],
            "Put on hold? [y/N]",
            "CN=db1.example.com",
        ),
        (
            &["ca", "rekey"],
            "Replace the key of this CA? [y/N]",
            "Would replace the key of CA",
        ),
    ] {
        let scene = Scene::with_host();
        let before = scene.tree();
        for (keys, status) in [("n\r", 1), (RETURN, 1), (CTRL_D, 3), (CTRL_C, INTERRUPTED)] {
            let shown = Session::new(&scene, args)
                .press(question, keys)
                .run()
                .ended(status, 1);
            assert!(shown.screen.contains(said), "{}", shown.screen);
            scene.tree().is_unchanged_since(&before);
        }
        // Who must not be asked goes on.
        for flag in ["--dry-run", "--yes", "--no-input"] {
            let scene = Scene::with_host();
            let shown = Session::new(&scene, &[args, &[flag]].concat()).run().ended(0, 0);
            assert!(!shown.screen.contains(question), "{}", shown.screen);
        }
        Session::new(&scene, args)
            .answer(question, "maybe")
            .answer("Answer y or n", "y")
            .run()
            .ended(0, 2);
        // What is done already needs no permission.
        if args[1] == "revoke" {
            Session::new(&scene, args).run().ended(0, 0);
        }
    }
}

/// The rule: what is new is asked for by its name, and for what must be looked up the error says what to type.
#[test]
fn command_that_lacks_something_asks_or_says_what_to_type() {
    let empty = Scene::empty();
    let scene = Scene::with_host();
    let mut commands: Vec<Vec<String>> = all_commands();
    commands.retain(|words| !words.is_empty());
    let (mut asked, mut told) = (Vec::new(), Vec::new());
    for words in &commands {
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let piped = empty.gsec(&args).run();
        if piped.status != Some(2) {
            continue; // it lacks nothing, or a CA
        }
        let command = words.join(" ");
        let shown = Session::new(&empty, &args).press(": ", CTRL_D).run();
        match (shown.status, shown.asked) {
            (3, 1) => asked.push(command),
            (2, _) => {
                let says = format!("hint: for example: `gsec {command} ");
                let lists = format!("Usage: gsec {command} [OPTIONS] <COMMAND>");
                for said in [plain(&shown.screen), piped.stderr] {
                    assert!(said.contains(&says) || said.contains(&lists), "{command}: {said}");
                }
                told.push(command);
            }
            other => panic!("{command}: {other:?}: {}", shown.screen),
        }
    }
    assert_eq!(asked, ["quickstart", "ca init", "cert request"]);
    assert!(told.len() > 15, "{told:?}");
    // Those that need a CA first.
    for command in [&["cert", "issue"][..], &["cert", "ensure"], &["ca", "passphrase"]] {
        let shown = Session::new(&scene, command)
            .press(": ", CTRL_D)
            .run()
            .ended(3, 1);
        assert!(
            plain(&shown.screen).contains("error: the input ended"),
            "{}",
            shown.screen
        );
        scene.gsec(command).run().code(2).says("hint: ");
    }
}

#[test]
fn host_of_a_quickstart_is_asked_for() {
    let scene = Scene::empty();
    Session::new(&scene, &["quickstart"])
        .answer("Fully qualified name of the host", "db1.example.com")
        .run()
        .ended(0, 1);
    assert!(scene.exists("gsec-ca/repository/01_db1_cert.pem"));
}

// Colour

fn scene_with_list(hosts: usize) -> Scene {
    let scene = Scene::with_ca();
    let rows: String = (0..hosts)
        .map(|number| format!("host{number}.example.com\n"))
        .collect();
    scene.write("hosts.csv", format!("host\n{rows}"));
    scene
}

#[test]
fn batch_shows_how_far_it_is_unless_nobody_wants_to_know() {
    let scene = scene_with_list(130);
    let batch = [
        "cert",
        "issue",
        "--key-type",
        "p256",
        "--no-pfx",
        "--again",
        "--from",
        "hosts.csv",
    ];
    let shown = Session::new(&scene, &batch).run();
    assert_eq!(shown.status, 0, "{}", shown.screen);
    assert!(
        shown.screen.contains("issuing [") && shown.screen.contains("/130, "),
        "{}",
        shown.screen
    );
    for flag in ["--quiet", "--json"] {
        let shown = Session::new(&scene, &[&batch[..], &[flag]].concat()).run();
        assert!(
            shown.status == 0 && !shown.screen.contains("issuing ["),
            "{}",
            shown.screen
        );
    }
}

#[test]
fn ctrl_c_in_a_batch_finishes_what_is_begun_and_says_how_to_go_on() {
    let scene = scene_with_list(1500);
    let batch = [
        "cert",
        "issue",
        "--key-type",
        "p256",
        "--no-pfx",
        "--jobs",
        "1",
        "--from",
        "hosts.csv",
    ];
    let shown = Session::new(&scene, &batch).press("issuing [", CTRL_C).run();
    assert_eq!(shown.status, 130, "{}", shown.screen);
    assert!(
        shown.screen.contains(" interrupted: ") && shown.screen.contains("type the same command again"),
        "{}",
        shown.screen
    );
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let scene = Scene::empty();
    let coloured = |args: &[&str], variables: &[(&str, &str)]| {
        let session = variables
            .iter()
            .fold(Session::new(&scene, args), |session, (name, value)| {
                session.env(name, value)
            });
        session.run().ended(3, 0).screen.contains(ESCAPE)
    };
    let list = ["cert", "list"];
    assert!(coloured(&list, &[]), "on a terminal");
    assert!(!coloured(&list, &[("NO_COLOR", "1")]), "NO_COLOR");
    assert!(
        coloured(&list, &[("NO_COLOR", "")]),
        "an empty NO_COLOR says nothing (no-color.org)"
    );
    assert!(
        !coloured(&["cert", "list", "--color", "never"], &[]),
        "--color never"
    );
    assert!(
        coloured(&["cert", "list", "--color", "always"], &[("NO_COLOR", "1")]),
        "a flag is nearer than a variable"
    );
}

#[test]
fn colour_is_not_for_pipes() {
    let scene = Scene::empty();
    let said = |args: &[&str]| scene.gsec(args).run().stderr;
    assert!(!said(&["cert", "list"]).contains(ESCAPE));
    assert!(said(&["cert", "list", "--color", "always"]).contains(ESCAPE));
    assert!(
        !said(&["cert", "list", "--json", "--color", "always"]).contains(ESCAPE),
        "JSON is for programs"
    );
}

#[test]
fn usage_error_is_coloured_like_any_other() {
    let scene = Scene::empty();
    let shown = Session::new(&scene, &["cert", "nonsense"]).run().ended(2, 0);
    assert!(shown.screen.contains(ESCAPE), "{}", shown.screen);
    assert!(!scene.gsec(&["cert", "nonsense"]).run().stderr.contains(ESCAPE));
}

#[test]
fn result_goes_to_stdout_and_messages_to_the_terminal() {
    let scene = Scene::with_ca();
    let mut session = Session::new(&scene, &["cert", "issue", "--host", "db1", "--key-type", "p256"]);
    session.stdout = "pipe";
    let shown = session.run().ended(0, 0);
    assert!(
        shown.stdout.starts_with("Issued serial 01") && !shown.stdout.contains(ESCAPE),
        "{}",
        shown.stdout
    );
    assert!(
        shown.screen.contains("warning:") && !shown.screen.contains("Issued"),
        "{}",
        shown.screen
    );
}

// Without a terminal nothing waits

#[test]
fn nothing_waits_for_a_pipe_that_never_sends() {
    let scene = Scene::with_ca();
    let encrypted = encrypted_scene();
    let old = OldCa::new();
    let calls: [(String, Vec<&str>, i32); 5] = [
        (scene.dir.path(""), vec!["cert", "issue"], 2),
        (scene.dir.path(""), vec!["ca", "init", "--ca-dir", "new"], 2),
        (
            scene.dir.path(""),
            vec!["ca", "init", "--ca-dir", "new", "--cn", "X", "--encrypt-key"],
            2,
        ),
        (
            encrypted.dir.path(""),
            vec!["cert", "issue", "--host", "a.example.com", "--key-type", "p256"],
            3,
        ),
        (old.path.clone(), vec!["ca", "adopt"], 2),
    ];
    for (directory, args, status) in calls {
        for (name, stdin) in [("an open pipe", Stdio::piped()), ("a closed pipe", Stdio::null())] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_gsec"));
            command
                .args(&args)
                .current_dir(&directory)
                .stdin(stdin)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .env_remove("GSEC_CA_DIR");
            let mut child = ChildGuard::start(&mut command);
            let pipe = child.0.stdin.take(); // held open until the program has ended
            let ended = wait(&mut child).unwrap_or_else(|| panic!("{args:?} waits for {name}"));
            drop(pipe);
            assert_eq!(ended, status, "{args:?} with {name}");
        }
    }
}

/// The exit status of a program that ends; only one that hangs is waited for so long.
fn wait(child: &mut ChildGuard) -> Option<i32> {
    let start = std::time::Instant::now();
    while start.elapsed() < std::time::Duration::from_secs(60) {
        if let Some(status) = child.0.try_wait().expect("the state of the program") {
            return status.code();
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    None
}

// Output that nobody takes

/// Runs a command whose stdout is this, and returns its exit status and what it says.
fn with_stdout(scene: &Scene, args: &[&str], stdout: impl Into<Stdio>) -> (Option<i32>, String) {
    let mut command = scene.gsec(args).into_command();
    let output = command
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .output()
        .expect("gsec runs");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// A pipe whose reader has gone, as after `| head -1`.
fn broken_pipe() -> std::io::PipeWriter {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer
}

#[test]
fn broken_pipe_is_silent() {
    let scene = Scene::with_host();
    for args in [
        &["cert", "list"][..],
        &["ca", "show"],
        &["cert", "show", "01", "--json"],
        &["completions", "bash"],
        &["--help"],
        &["man"],
    ] {
        assert_eq!(
            with_stdout(&scene, args, broken_pipe()),
            (Some(0), String::new()),
            "{args:?}"
        );
    }
    let no = ["cert", "verify", "01", "--name", "other.example.com"];
    assert_eq!(
        with_stdout(&scene, &no, broken_pipe()),
        (Some(1), String::new()),
        "the answer is still no"
    );
}

#[test]
fn key_that_went_into_a_broken_pipe_is_lost_and_that_is_said() {
    let scene = Scene::with_ca();
    let (status, said) = with_stdout(
        &scene,
        &[
            "cert",
            "issue",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--stdout",
        ],
        broken_pipe(),
    );
    assert_eq!(status, Some(3), "nobody has the key: {said}");
    assert!(said.starts_with("error: cannot write to stdout: "), "{said}");
}

#[test]
fn full_disk_behind_stdout_is_said() {
    let scene = Scene::with_host();
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full")
    };
    let (status, said) = with_stdout(&scene, &["cert", "list"], full());
    assert_eq!(
        (status, said.as_str()),
        (
            Some(3),
            "error: cannot write to stdout: no space left on device\n"
        )
    );
    let (status, said) = with_stdout(&scene, &["cert", "list", "--json"], full());
    let document: Value = serde_json::from_str(&said).expect("one object");
    assert_eq!(
        (status, document["error"]["code"].as_str()),
        (Some(3), Some("output"))
    );
}

/// Without the codes of colors, and with line feeds alone.
fn plain(screen: &str) -> String {
    let pieces = screen.split(ESCAPE);
    let without_codes = pieces.enumerate().map(|(number, piece)| match number {
        0 => piece,
        _ => piece.split_once('m').map_or("", |(_, rest)| rest),
    });
    without_codes.collect::<String>().replace('\r', "")
}

#[test]
fn lines_are_broken_between_words_at_the_width_of_the_terminal() {
    let scene = Scene::with_host();
    for columns in [80, 120] {
        for args in [
            &[][..],
            &["cert", "show", "01"],
            &[
                "cert",
                "verify",
                "01",
                "--name",
                "another-host.of.a-long-domain.example.com",
            ],
            &["cert", "verify", "77"],
            &[
                "doctor",
                "gsec-ca/repository/01_db1_cert.pem",
                "--name",
                "another-host.of.a-long-domain.example.com",
            ],
            &["ca", "show"],
            &["ca", "init", "--cn", "Other", "--ca-dir", "gsec-ca"],
            &["cert", "issue", "--host", "db9.example.com", "--dry-run"],
        ] {
            let shown = plain(&Session::new(&scene, args).columns(columns).run().screen);
            let outcome = scene.gsec(args).run();
            // Times differ by a second.
            let said = format!("{}{}", outcome.stdout, outcome.stderr);
            assert_eq!(
                words_of(&unbroken(&shown)).len(),
                words_of(&said).len(),
                "{shown}\n{outcome}"
            );
            for line in shown.lines() {
                let is_command =
                    line.trim_start().starts_with("gsec ") || line.contains("fix: ") || line.contains('`');
                assert!(
                    line.chars().count() <= usize::from(columns) || words_of(line).len() == 1 || is_command,
                    "{columns}: {line}\n{shown}"
                );
            }
        }
    }
    let wide = plain(
        &Session::new(&scene, &["cert", "show", "01"])
            .columns(0)
            .run()
            .screen,
    );
    assert_eq!(
        words_of(&wide),
        words_of(&scene.gsec(&["cert", "show", "01"]).run().stdout)
    );
}

/// Thumbprints and commands that go on in the next line, in one.
fn unbroken(text: &str) -> String {
    let mut whole = String::new();
    for line in text.lines() {
        let goes_on = line.len() > 30 && line.ends_with(':') && line.chars().rev().nth(3) == Some(':');
        match line.strip_suffix(" \\") {
            Some(line) => whole.push_str(&format!("{line} ")),
            None if goes_on => whole.push_str(line),
            None => whole.push_str(&format!("{line}\n")),
        }
    }
    // The second half of a thumbprint begins in the right column.
    let halves: Vec<&str> = whole.split(":                 ").collect();
    halves.join(":")
}

fn words_of(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
