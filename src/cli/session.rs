//! What a command brings to a change of the CA: time, randomness, who asks, and how long it waits for the lock.

use std::time::Duration;

use super::failure::Failure;
use super::global::Global;
use super::print::write_stderr;
use super::progress::Progress;
use gsec_ca::authority::{Session, WorkerSessions};
use gsec_ca::home::LockWait;
use gsec_ca::records::Principal;
use gsec_env::{Env, Interruption};
use gsec_pki::encoding::visible::system_words;

impl Global {
    /// What this call brings to a change of the CA. `action` is the name of the command.
    pub(super) fn session<'a>(&self, action: &'static str, env: &'a mut Env) -> Session<'a> {
        session(action, self.lock_timeout(), env)
    }

    /// What the workers of this call bring to changes of the CA.
    pub(super) fn worker_sessions<'a>(
        &self,
        action: &'static str,
        env: &'a Env,
        notice: &'a (dyn Fn(&str) + Sync),
    ) -> WorkerSessions<'a> {
        let (clock, new_random, by) = (
            env.clock.as_ref(),
            env.new_random,
            Principal::named(login_name(env)),
        );
        WorkerSessions {
            action,
            clock,
            new_random,
            by,
            timeout: self.lock_timeout(),
            notice,
        }
    }
}

/// Has Ctrl-C and SIGTERM noticed between two steps of long work.
pub(super) fn watch_interruption(env: &Env) -> Result<Interruption, Failure> {
    (env.watch_interruption)().map_err(|error| {
        let why = system_words(&error);
        Failure::cannot("signals", format!("cannot watch for signals: {why}"))
    })
}

/// Tells who holds the lock while a call waits for it.
fn lock_notice(holder: &str) {
    write_stderr(&format!(
        "waiting for {holder}, which is writing in the same CA directory\n"
    ));
}

/// As [`lock_notice`], for several workers under a progress bar: who waits first says so.
pub(super) fn shared_lock_notice(progress: &Progress) -> impl Fn(&str) + Sync {
    let notice = std::sync::Once::new();
    move |holder: &str| notice.call_once(|| progress.suspend(|| lock_notice(holder)))
}

/// Like [`Global::session`], for commands without the global options.
pub(super) fn session<'a>(action: &'static str, timeout: Duration, env: &'a mut Env) -> Session<'a> {
    let by = Principal::named(login_name(env));
    Session {
        action,
        now: env.clock.now(),
        random: env.random.as_mut(),
        by,
        wait: LockWait {
            timeout,
            notice: &lock_notice,
        },
    }
}

/// Under sudo, the person; under cron and systemd there may be no name at all.
pub fn login_name(env: &Env) -> Option<String> {
    let variables = ["SUDO_USER", "LOGNAME", "USER"];
    variables
        .into_iter()
        .find_map(|name| (env.variable)(name)?.into_string().ok())
        .filter(|name| !name.is_empty())
}
