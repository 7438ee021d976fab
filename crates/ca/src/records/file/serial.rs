//! `serial.num` and `crl.num`: the next number, in upper-case hexadecimal with an even number of digits.

use std::path::Path;

use crate::files::{FilesError, PRIVATE_MODE, read_own_file, replace_file};
use crate::home::{CaDir, StoreError, exists};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::SerialNumber;

/// The most characters of what is found that a message shows.
const SHOWN_CHARACTERS: usize = 40;

/// The text of a number file.
pub(super) fn number_file(number: &SerialNumber) -> String {
    format!("{number}\n")
}

/// Reads the next serial number.
pub(super) fn read_serial(ca_dir: &CaDir) -> Result<SerialNumber, StoreError> {
    read_number(&ca_dir.serial())
}

/// Replaces the next serial number, durably.
pub(super) fn write_serial(ca_dir: &CaDir, next: &SerialNumber) -> Result<(), StoreError> {
    Ok(replace_file(
        &ca_dir.conf(),
        &ca_dir.serial(),
        PRIVATE_MODE,
        number_file(next).as_bytes(),
    )?)
}

/// Takes the next CRL number: `crl.num` says the one after it, durably, before it is returned. It is larger than `largest`, whatever `crl.num`
/// says: RFC 5280 §5.2.3 wants the numbers to increase. A directory that the old scripts made has no `crl.num`; there the first number is 1.
pub(super) fn take_crl_number(
    ca_dir: &CaDir,
    largest: Option<&SerialNumber>,
) -> Result<SerialNumber, StoreError> {
    let path = ca_dir.crl_number();
    let exhausted = || StoreError::SerialsExhausted(path.clone());
    let said = if exists(&path)? {
        read_number(&path)?
    } else {
        SerialNumber::one()
    };
    let after = largest
        .map(|largest| largest.next().ok_or_else(exhausted))
        .transpose()?;
    let number = after.into_iter().chain([said]).max().expect("there is one");
    let next = number.next().ok_or_else(exhausted)?;
    replace_file(&ca_dir.conf(), &path, PRIVATE_MODE, number_file(&next).as_bytes())?;
    Ok(number)
}

/// The number that the next CRL would have by `crl.num` alone.
pub(super) fn next_crl_number(ca_dir: &CaDir) -> Result<Option<SerialNumber>, StoreError> {
    let path = ca_dir.crl_number();
    if exists(&path)? {
        Ok(Some(read_number(&path)?))
    } else {
        Ok(None)
    }
}

fn read_number(path: &Path) -> Result<SerialNumber, StoreError> {
    let damaged = |found: String| StoreError::SerialDamaged {
        path: path.to_owned(),
        found,
        proposed: None,
    };
    let content = match read_own_file(path) {
        Err(FilesError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(damaged("is missing".into()));
        }
        content => content?,
    };
    let text = String::from_utf8_lossy(&content);
    SerialNumber::parse_hex(text.trim()).ok_or_else(|| match text.trim() {
        "" => damaged("is empty".into()),
        other => damaged(format!(
            "holds `{}`",
            visible(&other.chars().take(SHOWN_CHARACTERS).collect::<String>())
        )),
    })
}
