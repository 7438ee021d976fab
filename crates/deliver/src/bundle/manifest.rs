//! `manifest.json`: what a bundle is, and every file that is installed. Its digest names the release.

use serde::Serialize;

use super::Material;
use crate::target::Target;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::visible::visible_json;
use gsec_pki::key::sha256;
use gsec_pki::x509::{ExtendedKeyUsage, GeneralName, rfc3339};

/// Its form.
const SCHEMA: &str = "gsec/bundle/1";
/// Digits of the digest that name a release.
const ID_DIGITS: usize = 16;

/// One file.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ManifestFile {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) size: usize,
    pub(super) mode: String,
    pub(super) owner: String,
    pub(super) group: String,
}

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    target: &'static str,
    name: &'a str,
    serial: String,
    subject: String,
    names: Vec<String>,
    issuer: String,
    not_before: String,
    not_after: String,
    thumbprint_sha1: String,
    thumbprint_sha256: String,
    has_key: bool,
    /// Where Windows keeps it: `Machine` for what serves, `User` for what only connects.
    scope: &'static str,
    unit: Option<&'a str>,
    files: &'a [ManifestFile],
}

/// The manifest, and the release that it names.
pub(super) fn manifest(
    target: &'static Target,
    name: &str,
    unit: Option<&str>,
    material: &Material,
    has_key: bool,
    files: &[ManifestFile],
) -> (Vec<u8>, String) {
    let certificate = &material.certificate;
    let thumbprints = certificate.thumbprints();
    let hex = |bytes: &[u8]| encode(bytes, Separator::None);
    let document = Manifest {
        schema: SCHEMA,
        target: target.name,
        name,
        serial: certificate.serial().to_string(),
        subject: certificate.subject().to_string(),
        names: certificate
            .subject_alternative_names()
            .unwrap_or_default()
            .iter()
            .map(GeneralName::to_string)
            .collect(),
        issuer: certificate.issuer().to_string(),
        not_before: rfc3339(certificate.not_before()),
        not_after: rfc3339(certificate.not_after()),
        thumbprint_sha1: hex(&thumbprints.sha1),
        thumbprint_sha256: hex(&thumbprints.sha256),
        has_key,
        scope: if certificate.permits(&ExtendedKeyUsage::ServerAuth) {
            "Machine"
        } else {
            "User"
        },
        unit,
        files,
    };
    let text = serde_json::to_string_pretty(&document).expect("a document of strings and numbers serializes");
    let bytes = format!("{}\n", visible_json(&text)).into_bytes();
    let id = hex(&sha256(&bytes))[..ID_DIGITS].to_owned();
    (bytes, id)
}

/// Whether a file is the manifest of a bundle, of this version or an earlier one.
pub(super) fn is_manifest(bytes: &[u8]) -> bool {
    let document: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    let schema = document.as_ref().and_then(|document| document["schema"].as_str());
    schema.is_some_and(|schema| schema.starts_with("gsec/bundle/"))
}

/// `SHA256SUMS`, as `sha256sum -c` reads it.
pub(super) fn sums<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    files
        .map(|(path, content)| format!("{}  {path}\n", encode(&sha256(content), Separator::None)))
        .collect::<String>()
        .into_bytes()
}
