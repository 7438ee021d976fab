//! Whether a file may be written again with what gsec reads in it.

use std::path::Path;

use super::Help;
use gsec_pki::encoding::pem::{self, Block};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::{is_encrypted_block, is_key_block};

/// What `gsec convert to-pem` would leave out of a PEM file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewriting {
    /// Nothing: the file is PEM blocks that are all written again.
    Whole,
    /// The text around the blocks: settings, comments, a description. The blocks are all written again.
    LosesText,
    /// Blocks too, or it would write in clear what is encrypted.
    LosesBlocks,
}

impl Rewriting {
    /// What would be left out of a file that contains these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        match pem::decode_all(bytes) {
            Ok(blocks)
                if !blocks.is_empty() && blocks.iter().all(is_written_again) && !has_lone_curve(&blocks) =>
            {
                match pem::is_nothing_but_pem(bytes) {
                    true => Self::Whole,
                    false => Self::LosesText,
                }
            }
            _ => Self::LosesBlocks,
        }
    }

    /// Writes what is in `file` again as RFC 7468 has it, in the order that servers need. The file stays the same one, with its mode, owner and
    /// group, by which a server may read it; but where something would be lost, it stays as it is, and `out` is written. `by_hand` says what
    /// to do where nothing can be written.
    pub(in crate::checks) fn help(self, file: &Path, out: Option<&Path>, by_hand: &'static str) -> Help {
        let Some(out) = out.filter(|_| self != Self::LosesBlocks) else {
            return Help::advice(by_hand);
        };
        let command = CommandLine::new("gsec convert to-pem")
            .path(file)
            .words("--out")
            .path(out);
        if self == Self::LosesText {
            let words = Prose::new(
                "The file contains other text, which gsec would lose. Write the blocks into a new file for the programs that load it, and keep this one: ",
            );
            return Help::Advice(words.typed(&command));
        }
        let command = command.words("&& cat").path(out).words(">").path(file);
        Help::Fix(command.words("&& rm").path(out))
    }
}

/// Whether the curve in a block is that of no key after it.
fn has_lone_curve(blocks: &[Block]) -> bool {
    let curve = blocks.iter().position(|block| block.label == pem::EC_PARAMETERS);
    curve.is_some_and(|curve| !blocks[curve..].iter().any(is_key_block))
}

/// Whether the block comes out of `gsec convert to-pem` as it went in.
fn is_written_again(block: &Block) -> bool {
    let is_of_kind = matches!(
        block.label.as_str(),
        pem::CERTIFICATE
            | "X509 CERTIFICATE"
            | pem::CERTIFICATE_REQUEST
            | "NEW CERTIFICATE REQUEST"
            | pem::X509_CRL
            | pem::PRIVATE_KEY
            | pem::RSA_PRIVATE_KEY
            | pem::EC_PRIVATE_KEY
            // It belongs to the key after it, which names its curve itself when it is written.
            | pem::EC_PARAMETERS
    );
    is_of_kind && block.dek_info.is_none() && !is_encrypted_block(block)
}
