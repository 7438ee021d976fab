//! Standard input, as a file or a secret is read from it.

use zeroize::Zeroizing;

use super::failure::Failure;
use gsec_ca::files::FilesError;
use gsec_env::Env;
use gsec_pki::encoding::bounded;
use gsec_pki::encoding::visible::system_words;

/// Reads standard input to its end.
pub(super) fn read_stdin(bound: u64, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = bounded::read_to_end(&mut (env.stdin)(), None, bound);
    let bytes = read.map_err(|error| {
        Failure::cannot(
            "input",
            format!("cannot read standard input: {}", system_words(&error)),
        )
    })?;
    if bytes.len() as u64 > bound {
        return Err(FilesError::TooLarge {
            path: "-".into(),
            bound,
        }
        .into());
    }
    Ok(bytes)
}
