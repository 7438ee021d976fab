//! The process that has the CA key.

use gsec::cli::serve::{ServerError, SignerOrder};
use gsec_env::SystemClock;
use gsec_signer::{Desk, JOURNAL_NAME, serve};

use super::{apart_socket, beside_ca, failed, socket_of, wait_for_end_of_stdin};

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
    let desk = open(order.directory, passphrase, &journal, Box::new(SystemClock))
        .map_err(|error| failed("serve.signer", &error))?;
    drop(order.passphrase);
    if order.ends_with_stdin {
        std::thread::spawn(|| {
            wait_for_end_of_stdin();
            std::process::exit(0)
        });
    }
    serve(desk, &socket, group_may, || {}).map_err(|error| failed("serve.signer", &error))
}
