//! `serial.num` and `crl.num`: the next number, in upper-case hexadecimal with an even number of digits.

use super::files::{read_own_file, replace_file};
use super::layout::PRIVATE_MODE;
use super::{CaDir, StoreError};
use crate::x509::SerialNumber;

/// The most characters of what is found that a message shows.
const SHOWN_CHARACTERS: usize = 40;

/// The text of a number file.
pub(super) fn number_file(number: &SerialNumber) -> String {
    format!("{number}\n")
}

/// Reads the next serial number.
pub(super) fn read_serial(ca_dir: &CaDir) -> Result<SerialNumber, StoreError> {
    let path = ca_dir.serial();
    let content = match read_own_file(&path) {
        Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::SerialDamaged { path, found: "is missing".into(), proposed: None });
        }
        content => content?,
    };
    let text = String::from_utf8_lossy(&content);
    SerialNumber::parse_hex(text.trim()).ok_or_else(|| {
        let found = match text.trim() {
            "" => "is empty".to_owned(),
            other => format!("holds `{}`", crate::encoding::visible::visible(&other.chars().take(SHOWN_CHARACTERS).collect::<String>())),
        };
        StoreError::SerialDamaged { path, found, proposed: None }
    })
}

/// Replaces the next serial number, durably.
pub(super) fn write_serial(ca_dir: &CaDir, next: &SerialNumber) -> Result<(), StoreError> {
    replace_file(&ca_dir.conf(), &ca_dir.serial(), PRIVATE_MODE, number_file(next).as_bytes())
}
