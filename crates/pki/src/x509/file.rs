//! Files of one kind of object, in PEM or DER.

use super::CertificateError;
use crate::encoding::pem::{self, PKCS7_LABELS};
use crate::encoding::sniff::{FileKind, file_kind, without_padding};

/// Reads every object in a file: all PEM blocks of these labels, or one in DER. `none` makes the error of what is there instead.
pub(super) fn decode_file<T>(
    bytes: &[u8],
    labels: &[&str],
    read: impl Fn(&[u8]) -> Result<T, CertificateError>,
    none: impl Fn(String) -> CertificateError,
) -> Result<Vec<T>, CertificateError> {
    match file_kind(bytes) {
        FileKind::Pem => {
            let blocks = pem::decode_all(bytes)?;
            let found: Vec<_> = blocks
                .iter()
                .filter(|block| labels.contains(&block.label.as_str()))
                .collect();
            if let Some(foreign) = blocks
                .iter()
                .find(|block| found.is_empty() && PKCS7_LABELS.contains(&block.label.as_str()))
            {
                return Err(CertificateError::Foreign(pem::pkcs7_form(&foreign.label)));
            }
            if found.is_empty() {
                return Err(none(format!("only {}", pem::labels_in_words(&blocks))));
            }
            let in_block = |line, source| CertificateError::InBlock {
                line,
                source: Box::new(source),
            };
            found
                .into_iter()
                .map(|block| read(&block.content).map_err(|error| in_block(block.line, error)))
                .collect()
        }
        FileKind::DerSigned => Ok(vec![read(without_padding(bytes))?]),
        FileKind::Foreign(foreign) => Err(CertificateError::Foreign(foreign)),
        other => Err(none(format!("it is {}", other.name()))),
    }
}
