//! What is sent: one tar archive of files side by side, the same bytes for the same bundle.

use zeroize::Zeroizing;

use super::direct::{plan, push_sh};
use crate::bundle::{Bundle, BundleFile, Installation, encode_tar};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::sha256;

const SECRET_MODE: u32 = 0o600;
const PUBLIC_MODE: u32 = 0o644;
const SCRIPT_MODE: u32 = 0o755;

/// The files of a bundle that are installed, its manifest and their digests; without what is there for people.
fn files(bundle: &Bundle, installation: &Installation) -> Vec<BundleFile> {
    let of_row = |row: &crate::bundle::PayloadRow| {
        let file = bundle.files.iter().find(|file| file.path == row.path)?;
        Some(named(
            &row.name,
            if row.secret { SECRET_MODE } else { PUBLIC_MODE },
            file.content.to_vec(),
        ))
    };
    let mut files: Vec<BundleFile> = installation.rows.iter().filter_map(of_row).collect();
    let manifest = bundle.files.iter().find(|file| file.path == "manifest.json");
    files.extend(manifest.map(|file| named("manifest.json", PUBLIC_MODE, file.content.to_vec())));
    if !installation.aliases.is_empty() {
        let lines: String = installation
            .aliases
            .iter()
            .map(|(alias, file)| format!("{alias} {file}\n"))
            .collect();
        files.push(named("aliases", PUBLIC_MODE, lines.into_bytes()));
    }
    let sums: String = files
        .iter()
        .map(|file| {
            format!(
                "{}  {}\n",
                encode(&sha256(&file.content), Separator::None),
                file.path
            )
        })
        .collect();
    files.push(named("SHA256SUMS", PUBLIC_MODE, sums.into_bytes()));
    files
}

fn named(path: &str, mode: u32, content: Vec<u8>) -> BundleFile {
    BundleFile {
        path: path.to_owned(),
        mode,
        content: Zeroizing::new(content),
    }
}

/// For the receiver.
pub(super) fn for_receiver(bundle: &Bundle, installation: &Installation) -> Zeroizing<Vec<u8>> {
    encode_tar(&files(bundle, installation))
}

/// For direct mode: with the script, and what it is to do.
pub(super) fn for_direct(bundle: &Bundle, installation: &Installation) -> Zeroizing<Vec<u8>> {
    let mut all = files(bundle, installation);
    all.extend(script(installation, None));
    encode_tar(&all)
}

/// For direct mode, to go back: the script alone.
pub(super) fn for_direct_rollback(installation: &Installation, release: &str) -> Zeroizing<Vec<u8>> {
    encode_tar(&script(installation, Some(release)))
}

/// For direct mode, to ask for a CSR: the script alone.
pub(super) fn for_direct_request(installation: &Installation) -> Zeroizing<Vec<u8>> {
    encode_tar(&script(installation, None))
}

fn script(installation: &Installation, rollback: Option<&str>) -> [BundleFile; 2] {
    [
        named("plan", PUBLIC_MODE, plan(installation, rollback).into_bytes()),
        named("push.sh", SCRIPT_MODE, push_sh().into_bytes()),
    ]
}
