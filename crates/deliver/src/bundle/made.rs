//! From an order and what the CA has, a bundle. Pure.

use zeroize::Zeroizing;

use super::content::content;
use super::manifest::{ManifestFile, manifest, sums};
use super::readme::{ReadmeFacts, readme};
use super::script::{Installation, PayloadRow, install_sh, installation, kubectl_sh};
use super::{BundleError, BundleName, Material, Order, windows};
use crate::target::{Content, Installer, Site, SiteFile};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::sha256;

/// Modes of what is in a bundle itself, whatever it will have on the host.
const SECRET_MODE: u32 = 0o600;
const PUBLIC_MODE: u32 = 0o644;
const SCRIPT_MODE: u32 = 0o755;

/// A file of a bundle.
pub struct BundleFile {
    /// Its path in the bundle, with `/` between directories.
    pub path: String,
    /// Its mode there.
    pub mode: u32,
    /// Its content.
    pub content: Zeroizing<Vec<u8>>,
}

impl BundleFile {
    fn new(path: impl Into<String>, mode: u32, content: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            mode,
            content: Zeroizing::new(content.into()),
        }
    }

    /// Whether it holds a secret.
    pub fn is_secret(&self) -> bool {
        self.mode == SECRET_MODE
    }
}

/// A bundle.
pub struct Bundle {
    /// What it is called.
    pub name: String,
    /// The release that it is: 16 digits of the manifest's SHA-256.
    pub id: String,
    /// Where its files are on the host, unless something else is said there.
    pub dest: String,
    /// Owner, group and mode of the key there; empty where the target has no such thing.
    pub key_access: Option<(String, String, u32)>,
    /// How its files are installed; `None` where a program other than a shell does it, or nothing.
    pub installation: Option<Installation>,
    /// Its files, sorted by path.
    pub files: Vec<BundleFile>,
}

impl Bundle {
    /// Whether the private key is in it.
    pub fn has_key(&self) -> bool {
        self.files.iter().any(BundleFile::is_secret)
    }
}

/// A file that is installed: where it lies in the bundle, what it is called on the host, and whether the key is in it.
struct Payload {
    path: String,
    name: String,
    secret: bool,
    content: Zeroizing<Vec<u8>>,
}

/// Makes a bundle. The same order and material make the same bytes.
///
/// # Errors
/// Those of [`Order::check`], [`BundleError::Pkcs12`].
pub fn make(order: &Order, material: &Material) -> Result<Bundle, BundleError> {
    order.check()?;
    let target = order.target;
    let host = material.host();
    let name = order.name_for(&host);
    let dest = order.dest_for(&name);
    let table = table(order, material, name.as_str())?;
    let digest = public_digest(&table);
    let thumbprint = encode(&material.certificate.thumbprints().sha1, Separator::Space);
    let key = order.key();
    let site = Site {
        name: name.as_str(),
        dest: &dest,
        host: &host,
        plain_host: Some(host.as_str()).filter(|host| is_plain(host)),
        owner: order.owner(),
        group: order.group(),
        mode: key.mode,
        unit: order.unit(),
        thumbprint: &thumbprint,
        digest: &digest,
        has_crl: order.files().iter().any(|(_, what)| *what == Content::Crl)
            && material.missing_crls.is_empty(),
        has_key: table.iter().any(|file| file.secret),
        has_known_password: order.has_known_password(),
        files: &table,
    };
    let snippet = (target.settings)(&site);
    let payload = payload(order, &site);
    let manifest_files = manifest_files(order, &payload, key.mode);
    let has_key = payload.iter().any(|file| file.secret);
    let (manifest, id) = manifest(
        target,
        name.as_str(),
        order.unit(),
        material,
        has_key,
        &manifest_files,
    );
    let rows = rows(&payload, key.mode);
    let installation = installation(order, &name, rows, old_aliases(order, material));
    let mut files: Vec<BundleFile> = match target.installer {
        Installer::Shell | Installer::ShellWithNames => {
            vec![BundleFile::new(
                "install.sh",
                SCRIPT_MODE,
                install_sh(&installation),
            )]
        }
        Installer::Kubectl => vec![BundleFile::new("install.sh", SCRIPT_MODE, kubectl_sh())],
        Installer::Windows => vec![
            BundleFile::new("Install.ps1", PUBLIC_MODE, windows::install_ps1()),
            BundleFile::new("install.cmd", PUBLIC_MODE, windows::install_cmd()),
        ],
        Installer::None => Vec::new(),
    };
    let facts = ReadmeFacts {
        order,
        name: name.as_str(),
        dest: &dest,
        id: &id,
        has_key,
        lines: &manifest_files,
    };
    files.push(BundleFile::new(
        "README.txt",
        PUBLIC_MODE,
        readme(&facts, material),
    ));
    files.push(BundleFile::new("snippet.conf", PUBLIC_MODE, snippet));
    files.push(BundleFile::new("manifest.json", PUBLIC_MODE, manifest));
    files.extend(payload.into_iter().map(|file| BundleFile {
        path: file.path,
        mode: if file.secret { SECRET_MODE } else { PUBLIC_MODE },
        content: file.content,
    }));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let listed = sums(
        files
            .iter()
            .map(|file| (file.path.as_str(), file.content.as_slice())),
    );
    files.push(BundleFile::new("SHA256SUMS", PUBLIC_MODE, listed));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let has_places = matches!(
        target.installer,
        Installer::Shell | Installer::ShellWithNames | Installer::None
    );
    Ok(Bundle {
        name: name.as_str().to_owned(),
        id,
        dest,
        key_access: has_places.then(|| (order.owner().to_owned(), order.group().to_owned(), key.mode)),
        installation: order.is_installed_by_shell().then_some(installation),
        files,
    })
}

/// The files of the target's table, those that have a content.
fn table(order: &Order, material: &Material, name: &str) -> Result<Vec<SiteFile>, BundleError> {
    let mut table = Vec::new();
    for (file, what) in order.files() {
        let Some((file, what)) = order.as_delivered(file, what) else {
            continue;
        };
        if let Some(content) = content(what, material, order, name)? {
            table.push(SiteFile {
                name: file.to_owned(),
                secret: what.has_key(),
                content,
            });
        }
    }
    Ok(table)
}

/// SHA-256 of all that is no secret.
fn public_digest(table: &[SiteFile]) -> String {
    let mut all = Vec::new();
    for file in table.iter().filter(|file| !file.secret) {
        all.extend_from_slice(&sha256(&file.content));
    }
    encode(&sha256(&all), Separator::None)
}

/// Whether a host needs no quotes anywhere.
fn is_plain(host: &str) -> bool {
    let inside = |character: char| character.is_ascii_alphanumeric() || ".-".contains(character);
    !host.is_empty() && !host.starts_with(['-', '.']) && host.chars().all(inside)
}

/// What is installed on the host.
fn payload(order: &Order, site: &Site<'_>) -> Vec<Payload> {
    let target = order.target;
    let is_table_handed_out = matches!(
        target.installer,
        Installer::Shell | Installer::ShellWithNames | Installer::Windows
    );
    let folder = match target.installer {
        Installer::ShellWithNames => format!("certs.d/{}/", site.name),
        _ => String::new(),
    };
    let table = site
        .files
        .iter()
        .filter(|_| is_table_handed_out)
        .map(|file| Payload {
            path: format!("{folder}{}", file.name),
            name: file.name.clone(),
            secret: file.secret,
            content: Zeroizing::new(file.content.to_vec()),
        });
    let further = (target.further)(site).into_iter().map(|file| Payload {
        name: file.path.rsplit('/').next().unwrap_or_default().to_owned(),
        path: file.path,
        secret: file.secret,
        content: file.content,
    });
    table.chain(further).collect()
}

fn manifest_files(order: &Order, payload: &[Payload], key_mode: u32) -> Vec<ManifestFile> {
    payload
        .iter()
        .map(|file| ManifestFile {
            name: file.path.clone(),
            sha256: encode(&sha256(&file.content), Separator::None),
            size: file.content.len(),
            mode: format!("{:04o}", if file.secret { key_mode } else { PUBLIC_MODE }),
            owner: if file.secret { order.owner() } else { "root" }.to_owned(),
            group: if file.secret { order.group() } else { "root" }.to_owned(),
        })
        .collect()
}

fn rows(payload: &[Payload], key_mode: u32) -> Vec<PayloadRow> {
    payload
        .iter()
        .map(|file| PayloadRow {
            secret: file.secret,
            mode: if file.secret { key_mode } else { PUBLIC_MODE },
            path: file.path.clone(),
            name: file.name.clone(),
        })
        .collect()
}

/// How every bundle of this order is installed on a host, with all files that it could have; `None` where no shell installs it.
pub fn installation_of(order: &Order, host: &str) -> Option<Installation> {
    let name: BundleName = order.name_for(host);
    let key = order.key();
    let files = order.files();
    let of_table = files.into_iter().filter_map(|(file, what)| {
        let (file, what) = order.as_delivered(file, what)?;
        Some((file.to_owned(), what.has_key()))
    });
    let site = Site {
        name: name.as_str(),
        dest: &order.dest_for(&name),
        host,
        plain_host: None,
        owner: order.owner(),
        group: order.group(),
        mode: key.mode,
        unit: order.unit(),
        thumbprint: "",
        digest: "",
        has_crl: true,
        has_key: !order.without_key,
        has_known_password: order.has_known_password(),
        files: &[],
    };
    let of_target = (order.target.further)(&site)
        .into_iter()
        .map(|file| (file.path, file.secret));
    let row = |(name, secret): (String, bool)| PayloadRow {
        secret,
        mode: if secret { key.mode } else { PUBLIC_MODE },
        path: name.clone(),
        name,
    };
    let rows = of_table.chain(of_target).map(row).collect();
    order
        .is_installed_by_shell()
        .then(|| installation(order, &name, rows, Vec::new()))
}

/// The names of the old guide, which change at each renewal, as links.
fn old_aliases(order: &Order, material: &Material) -> Vec<(String, &'static str)> {
    if !order.old_names {
        return Vec::new();
    }
    let host = material.host();
    let label = host.split('.').next().unwrap_or_default();
    let label = gsec_ca::files::FileName::text_part(label);
    let serial = material.certificate.serial();
    vec![
        (format!("{serial}_{label}_cert.pem"), "host_cert.pem"),
        (format!("{serial}_{label}_priv_key.pem"), "host_priv_key.pem"),
    ]
}
