//! The process that has the CA key.

use gsec::cli::serve::{ServerError, SignerOrder};
use gsec_ca::home::CaDir;
use gsec_env::SystemClock;
use gsec_pki::encoding::shell::CommandLine;
use gsec_signer::{Desk, DeskError, JOURNAL_NAME, JournalError, serve};

use crate::confine::{Reach, confine};

use super::{apart_socket, beside_ca, failed, hinted, socket_of, tell, wait_for_end_of_stdin};

/// Answers at its socket until the process ends.
pub(super) fn run(order: SignerOrder) -> Result<(), ServerError> {
    let journal = order
        .journal
        .unwrap_or_else(|| beside_ca(&order.directory, JOURNAL_NAME));
    let socket = match order.is_apart {
        true => order.socket.unwrap_or_else(|| apart_socket(&order.directory)),
        false => socket_of(&order.directory, order.socket),
    };
    let group_may = order.group_may || order.is_apart;
    let passphrase = order.passphrase.as_ref().map(|passphrase| passphrase.as_str());
    let open = match order.is_apart {
        true => Desk::open_apart,
        false => Desk::open,
    };
    let reach = reach(&order.directory);
    // How many processors there are is looked up once, in files that are out of reach later.
    gsec_env::cores();
    let desk =
        open(order.directory, passphrase, &journal, Box::new(SystemClock)).map_err(|error| {
            match aside(&error) {
                Some(hint) => hinted(failed("serve.signer", &error), hint),
                None => failed("serve.signer", &error),
            }
        })?;
    drop(order.passphrase);
    let confined = || {
        let confinement = confine(&reach);
        tell("signer", confinement.each());
        // Only now: each thread has given up what this one has when it starts it.
        if order.ends_with_stdin {
            std::thread::spawn(|| {
                wait_for_end_of_stdin();
                std::process::exit(0)
            });
        }
        Some(confinement)
    };
    serve(desk, &socket, group_may, confined).map_err(|error| failed("serve.signer", &error))
}

/// What to do about a journal that was damaged, and what is lost by it.
fn aside(error: &DeskError) -> Option<String> {
    let DeskError::Journal(JournalError::Damaged { path, .. }) = error else {
        return None;
    };
    let mut place = path.clone().into_os_string();
    place.push(".damaged");
    let aside = CommandLine::new("mv -n").path(path).path(place.as_ref());
    Some(format!(
        "restore it from a backup; or move it aside, `{aside}`, and start the signer again: it begins a new journal. That no longer shows what was signed before, \
         and with it the signer forgets what it sealed and signed last and what counts towards `max_per_hour`. First compare: `gsec ca log --verify`"
    ))
}

/// The CA directory, of which it changes `ca_conf/`, and the folders to which links in the place of its files lead.
fn reach(directory: &CaDir) -> Reach {
    let files = [directory.ca_certificate(), directory.ca_key(), directory.policy()];
    let linked = files.iter().filter_map(|path| directory.link_target(path)?.end);
    let folders = linked.filter_map(|end| Some(end.parent()?.to_owned()));
    let own = [directory.root().to_owned(), directory.repository()];
    Reach {
        read: own.into_iter().chain(folders).collect(),
        change: vec![directory.conf()],
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration as Wait;

    use gsec_ca::authority::{AuthorityOrder, NewAuthority, Session};
    use gsec_ca::home::LockWait;
    use gsec_ca::policy::SerialSource;
    use gsec_ca::records::Principal;
    use gsec_env::Env;
    use gsec_pki::key::KeyAlgorithm;
    use gsec_pki::x509::{AttributeKind, NameAttribute, NameParts};

    use super::*;

    fn ca(folder: &std::path::Path) -> CaDir {
        let order = AuthorityOrder {
            name: NameParts::new(NameAttribute::parse(AttributeKind::CommonName, "Example CA")),
            algorithm: KeyAlgorithm::P256,
            lifetime: None,
            path_len: None,
            constraints: None,
            serial: SerialSource::Sequential,
        };
        let env = Env::real();
        let mut random = (env.new_random)();
        let now = env.clock.now();
        let new = NewAuthority::plan(CaDir::at(folder.join("the ca")), order, now).expect("a plan");
        let mut session = Session {
            action: "ca.init",
            now,
            random: random.as_mut(),
            by: Principal::default(),
            wait: LockWait::silent(Wait::from_secs(10)),
        };
        new.create(None, &mut session).expect("a CA").directory
    }

    #[test]
    fn damaged_journal_is_moved_aside_as_the_hint_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let directory = ca(folder.path());
        let journal = beside_ca(&directory, JOURNAL_NAME);
        let open = || Desk::open(directory.clone(), None, &journal, Box::new(SystemClock));
        drop(open().unwrap_or_else(|error| panic!("{error}")));
        std::fs::write(&journal, "no journal\n").expect("written");
        std::fs::set_permissions(&journal, PermissionsExt::from_mode(0o600)).expect("a mode");
        let Err(error) = open() else {
            panic!("it is damaged")
        };
        let hint = aside(&error).expect("a hint");
        for word in [
            "restore it from a backup",
            "what was signed before",
            "`max_per_hour`",
        ] {
            assert!(hint.contains(word), "{hint}");
        }
        let command = hint.split('`').nth(1).expect("a command");
        let done = std::process::Command::new("sh").args(["-c", command]).status();
        assert!(done.expect("sh").success(), "{command}");
        drop(open().unwrap_or_else(|error| panic!("{error}")));
        let kept = std::fs::read(journal.with_extension("journal.damaged")).expect("what was moved");
        assert_eq!(kept, b"no journal\n");
    }
}
