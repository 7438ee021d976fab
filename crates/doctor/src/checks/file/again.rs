//! What helps where a file must be written again.

use super::facts::{SORTED, beside};
use super::{Facts, FileContent};
use crate::checks::Help;
use gsec_pki::encoding::shell::{CommandLine, Prose};

/// Writes everything in the file again, in order and as RFC 7468 has it, unless programs would load another key afterwards.
pub(super) fn written_again(facts: &Facts, by_hand: &'static str) -> Help {
    let file = &facts.file;
    if file.bundle.to_pem_changes_key_in_use() {
        return Help::Advice(skipped_key_out(file));
    }
    let mut names = SORTED.iter().map(|word| beside(file, word));
    let out = names.find(|name| !facts.written.contains(name));
    file.rewriting.help(&file.path, out.as_deref(), by_hand)
}

/// What helps before a file is written again in which OpenSSL skips a key: it would be taken afterwards.
fn skipped_key_out(file: &FileContent) -> Prose {
    let out = Prose::new("First take the private key that OpenSSL cannot load out of ").path(&file.path);
    let why = ": when gsec writes the file again, programs load that key instead of the one they use now. ";
    keys_apart(out.words(why), file)
}

/// The command that takes the keys of a file apart, after what is to be done with them.
pub(super) fn keys_apart(words: Prose, file: &FileContent) -> Prose {
    let apart = CommandLine::new("gsec convert to-pem")
        .path(&file.path)
        .words("--out-dir")
        .path(&beside(file, "parts"));
    words.typed(&apart).words(" writes each key into a file.")
}
