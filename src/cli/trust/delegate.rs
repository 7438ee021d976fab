//! The browsers of the user for whom root acts: a process of that user changes and reads them. Root itself follows no path that another
//! user controls.

use std::path::Path;

use serde_json::Value;

use gsec_deliver::truststore::{Account, Anchor};
use gsec_env::{Env, ProgramCall, ProgramEnd};
use gsec_report::{Problem, StoreState, TrustStoreFacts};

/// What gsec, run by the user, says of the databases of the user's browsers; nothing where there are none.
pub(super) fn browsers_of(
    user: &Account,
    words: &[&str],
    anchor: &Anchor,
    nss_password_file: Option<&Path>,
    env: &Env,
) -> Vec<TrustStoreFacts> {
    let Some(call) = call(user, words, anchor, nss_password_file, env) else {
        return Vec::new();
    };
    match env.programs.run(&call) {
        Ok(end) => understood(user, &end),
        Err(error) => vec![unknown(user, error.to_string())],
    }
}

fn call(
    user: &Account,
    words: &[&str],
    anchor: &Anchor,
    nss_password_file: Option<&Path>,
    env: &Env,
) -> Option<ProgramCall> {
    let home = user.home.as_deref().filter(|home| home.is_dir())?;
    let (what, stdin) = match anchor.certificate() {
        Some(certificate) => ("-".to_owned(), certificate.to_pem()),
        None => (anchor.digits(), String::new()),
    };
    let call = ProgramCall {
        stdin: stdin.into_bytes().into(),
        run_as: Some(user.run_as()),
        ..ProgramCall::new((env.program)()?)
    };
    let call = call
        .arg("trust")
        .args(words)
        .arg(what)
        .args(["--store", "nss", "--yes", "--json"])
        .variable("HOME", home);
    Some(match nss_password_file {
        Some(file) => call.arg("--nss-password-file").arg(file),
        None => call,
    })
}

fn understood(user: &Account, end: &ProgramEnd) -> Vec<TrustStoreFacts> {
    let parsed = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    if let Some(stores) = parsed(&end.stdout)
        .as_mut()
        .and_then(|document| serde_json::from_value::<Vec<TrustStoreFacts>>(document["stores"].take()).ok())
    {
        let of_user = |store| TrustStoreFacts {
            user: Some(user.user),
            ..store
        };
        return stores.into_iter().map(of_user).collect();
    }
    let error = parsed(&end.stderr).map(|mut document| document["error"].take());
    match error.and_then(|error| serde_json::from_value::<Problem>(error).ok()) {
        Some(problem) if problem.code == "trust-no-store" => Vec::new(),
        Some(problem) => vec![with_problem(user, problem)],
        None => vec![unknown(user, end.last_words().unwrap_or_default())],
    }
}

fn unknown(user: &Account, why: String) -> TrustStoreFacts {
    let problem = Problem {
        code: "trust-other-user".into(),
        message: "gsec could not be run as this user".into(),
        caused_by: vec![why],
        hints: vec!["run gsec as that user, with `--store nss`".into()],
    };
    with_problem(user, problem)
}

fn with_problem(user: &Account, problem: Problem) -> TrustStoreFacts {
    TrustStoreFacts {
        kind: "nss".into(),
        layout: None,
        path: user
            .home
            .as_deref()
            .map(|home| home.display().to_string())
            .unwrap_or_default(),
        user: Some(user.user),
        state: StoreState::Failed,
        restored: None,
        places: Vec::new(),
        distrusted_by: None,
        run_inside: None,
        error: Some(problem),
    }
}
