//! Bundles and push in an inventory.

use super::Entry;
use gsec_pki::x509::path::Severity::{Error, Warning};

/// In the order of the catalog.
pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(
        "bundle-name-unsafe",
        Error,
        "A name that scripts or paths could misread",
        "Names enter scripts that run as root.",
        "Use letters, digits, `.`, `_` and `-`, as the finding says.",
    ),
    Entry::new(
        "bundle-target-needs-group",
        Error,
        "The group that may read the key is missing",
        "Only the site knows which group the applications have.",
        "Add `group`.",
    ),
    Entry::new(
        "bundle-key-mode",
        Error,
        "A mode that lets everyone read the key",
        "The key would no longer be secret; a mode that lets its owner not read it is refused, too.",
        "Use 0600 or 0640.",
    ),
    Entry::new(
        "bundle-target-needs-key",
        Error,
        "A target that cannot be made without the key",
        "Its store holds the key.",
        "Let the CA make the key, or use another target.",
    ),
    Entry::new(
        "bundle-not-for-target",
        Error,
        "A value that the target does not have",
        "It would have no effect.",
        "Remove it.",
    ),
    Entry::new(
        "push-address",
        Error,
        "A host or user that ssh could misread",
        "They become arguments of ssh.",
        "Use letters, digits, `.`, `_` and `-`, without `-` at the beginning.",
    ),
    Entry::new(
        "push-windows",
        Warning,
        "Push to a Windows host",
        "Bundles for Windows are not pushed.",
        "Copy the bundle there, and run Install.ps1.",
    ),
];
