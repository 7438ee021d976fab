//! The banner in a registry file: a rule broken or not, and what an application does with it.

use gsec_platform::banner::{effective, levels, lint};
use gsec_platform::registry::RegistryFile;

/// Whether a banner is shown.
pub fn check(input: &[u8]) -> bool {
    let file = RegistryFile::parse(input);
    let found = lint(&file, Some("a.reg"));
    assert!(!found.is_empty(), "there is always something to say");
    let shown: Vec<bool> = levels(&file)
        .into_iter()
        .map(|scope| effective(&file, scope))
        .map(|effective| effective.is_shown())
        .collect();
    shown.contains(&true)
}
