//! The process that has the CA key.

use gsec::cli::serve::{ServerError, SignerOrder};
use gsec_ca::home::CaDir;
use gsec_env::SystemClock;
use gsec_signer::{Desk, JOURNAL_NAME, serve};

use crate::confine::{Reach, confine};

use super::{apart_socket, beside_ca, failed, socket_of, tell, wait_for_end_of_stdin};

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
    let desk = open(order.directory, passphrase, &journal, Box::new(SystemClock))
        .map_err(|error| failed("serve.signer", &error))?;
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
