//! THE AUDIT LOG, as lines: what is recorded, how each line is bound to the one before, and what a signature
//! covers. Knows no file.

pub(super) mod chain;
mod commit_lines;
mod entry;
pub(super) mod head;
mod line;
mod told;

pub(crate) use chain::hash_of;
pub use chain::{HEAD_LOST, LOG_CUT, SIGNED_ACTIONS};
pub use commit_lines::{CommitFault, CommitLines, REQUEST_ID};
pub use entry::{AuditEnd, AuditEntry, AuditHead, AuditSeal, AuditStamp};
pub use head::{HeadFile, SignedHead};
pub use line::{AuditFields, AuditLine, BrokenLink, ChainCheck, DecodedLine};
pub use told::{FOUND, LogExtent, Told, ToldRevocation, announces, announces_own_record, takes_over};
pub(crate) use told::{digits_of, key_digits};
