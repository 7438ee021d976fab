//! The modes of what is in a CA directory.

/// Mode of the folders, which hold keys.
pub(super) const FOLDER_MODE: u32 = 0o700;
/// Mode of the CA's private key.
pub(super) const CA_KEY_MODE: u32 = 0o400;
/// Mode of what the CA alone reads and writes, and of host keys.
pub(super) const PRIVATE_MODE: u32 = 0o600;
/// Mode of what may be handed round.
pub(super) const PUBLIC_MODE: u32 = 0o644;
/// Mode of a script.
pub(super) const SCRIPT_MODE: u32 = 0o755;
