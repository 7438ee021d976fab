//! Files and selectors named on the command line.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::ask::oddity;
use super::ask::{self, Secret};
use super::failure::{self, Failure};
use super::global::shown;
use super::secret::InputPassword;
use super::stdin::read_stdin;
use super::value::AskedHost;
use gsec_ca::files::{MAX_FILE_OCTETS, MAX_LIST_OCTETS, read_file_within, read_regular_within};
use gsec_doctor::checks::{Appending, Rewriting};
use gsec_env::Env;
use gsec_pki::contents::{Bundle, BundleError, decode_bundle};
use gsec_pki::encoding::pem;
use gsec_pki::encoding::sniff::holds_pkcs12;
use gsec_pki::encoding::visible::shortened;
use gsec_pki::key::{KeyDocument, KeyForm};
use gsec_pki::x509::{
    Certificate, CertificateError, CertificateRequest, decode_certificates, decode_requests,
    is_certificate_block,
};
use gsec_report::{Notice, Selected};

/// The most blocks that are named one by one.
const MAX_UNREAD: usize = 20;

/// Certificates that were read, and from where.
pub(super) struct Loaded {
    pub(super) source: String,
    pub(super) certificates: Vec<Certificate>,
    /// What else is in the file and was not looked at.
    pub(super) unread: Vec<Notice>,
    /// The CRLs in it, DER.
    pub(super) crls: Vec<Vec<u8>>,
    /// Which certificate of a host it is.
    pub(super) selected: Option<Selected>,
    /// How a server presented them: its clients have these and no others.
    pub(super) presented: Option<PresentedTo>,
}

/// To whom a server presents certificates, and how.
pub(super) struct PresentedTo {
    /// The host that was connected to; `None` where it is not one that a certificate can name.
    pub(super) host: Option<AskedHost>,
    /// The clients, where others are presented something else; `None`: those that offer everything.
    pub(super) clients: Option<String>,
    /// Whether an OCSP response was stapled.
    pub(super) has_ocsp_response: bool,
}

impl Loaded {
    /// The first one: in a chain file the host's own.
    pub(super) fn first(&self) -> &Certificate {
        &self.certificates[0]
    }

    /// Position of the host's own certificate: the first, as servers require; or, in a file that starts with a CA
    /// certificate such as a chain in the wrong order, the only one that is not a CA's. `None` if there are several such.
    pub(super) fn host_position(&self) -> Option<usize> {
        host_position(&self.certificates)
    }
}

/// As [`Loaded::host_position`].
pub(super) fn host_position(certificates: &[Certificate]) -> Option<usize> {
    if certificates.first().is_none_or(|first| !first.is_authority()) {
        return Some(0);
    }
    // An old root may say nothing of being a CA's.
    let hosts = certificates
        .iter()
        .enumerate()
        .filter(|(_, certificate)| !certificate.is_authority() && !certificate.is_self_issued());
    match hosts.map(|(position, _)| position).collect::<Vec<_>>().as_slice() {
        [] => Some(0),
        [position] => Some(*position),
        _ => None,
    }
}

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &Path, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read_within(path, MAX_FILE_OCTETS, env)
}

/// Reads a file of settings, or standard input for `-`.
pub(super) fn read_settings(path: &Path, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match path.as_os_str() == "-" {
        true => read_stdin(MAX_FILE_OCTETS, env),
        false => Ok(read_regular_within(path, MAX_FILE_OCTETS)?),
    }
}

/// Reads a list of hosts, which may be longer than other files, or standard input for `-`.
pub(super) fn read_list(path: &Path, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read_within(path, MAX_LIST_OCTETS, env)
}

fn read_within(path: &Path, bound: u64, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if path.as_os_str() == "-" {
        return read_stdin(bound, env);
    }
    Ok(read_file_within(path, bound)?)
}

/// A file that was read, or standard input.
pub(super) struct Source {
    pub(super) path: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
}

impl Source {
    pub(super) fn read(path: &Path, env: &Env) -> Result<Self, Failure> {
        Ok(Self {
            path: path.to_owned(),
            bytes: read(path, env)?,
        })
    }

    /// Whether something can be appended to it.
    pub(super) fn appending(&self) -> Appending {
        Appending::of(&self.bytes)
    }

    /// What would be lost if it were written again.
    pub(super) fn rewriting(&self) -> Rewriting {
        Rewriting::of(&self.bytes)
    }

    /// Content that was read from elsewhere, with a name to show for it.
    pub(super) fn of(name: impl Into<PathBuf>, bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        Self {
            path: name.into(),
            bytes: bytes.into(),
        }
    }

    /// Whether a block of it is a private key, encrypted or not.
    pub(super) fn has_private_key_block(&self) -> bool {
        let blocks = pem::decode_all(&self.bytes).unwrap_or_default();
        blocks.iter().any(|block| block.label.ends_with("PRIVATE KEY"))
    }

    pub(super) fn is_pkcs12(&self) -> bool {
        holds_pkcs12(&self.bytes)
    }

    /// The CRLs in it, DER, whether or not they can be read.
    pub(super) fn crls(&self) -> Vec<Vec<u8>> {
        let blocks = pem::decode_all(&self.bytes).unwrap_or_default();
        blocks
            .into_iter()
            .filter(|block| block.label == pem::X509_CRL)
            .map(|block| block.content.to_vec())
            .collect()
    }

    /// The CSRs in it.
    pub(super) fn requests(&self) -> Vec<CertificateRequest> {
        decode_requests(&self.bytes).unwrap_or_default()
    }

    /// What a command that examines certificates does not read: blocks of other kinds, each with its line. Keys are ignored
    /// silently.
    pub(super) fn unread(&self, read: &[&str]) -> Vec<Notice> {
        let blocks = pem::decode_all(&self.bytes).unwrap_or_default();
        let is_read = |block: &pem::Block| {
            let label = block.label.as_str();
            is_certificate_block(block)
                || read.contains(&label)
                || label.ends_with(pem::PRIVATE_KEY)
                || [pem::EC_PARAMETERS, pem::PKCS12].contains(&label)
        };
        let unread = blocks.iter().filter(|block| !is_read(block)).take(MAX_UNREAD).map(|block| {
            let message = format!("`{}`: the block at line {} was skipped: `{}`", shown(&self.path), block.line, shortened(&block.label));
            let on_input = |hint: &dyn Fn(&str) -> String| Some(super::hint::on_input(&shown(&self.path), hint));
            let hint = match block.label.as_str() {
                pem::X509_CRL => on_input(&|path| format!("`gsec crl show {path}` shows a CRL; gsec cert verify checks it with `--crl {path}`")),
                pem::CERTIFICATE_REQUEST => on_input(&|path| format!("`gsec cert show {path}` shows a CSR")),
                _ => None,
            };
            Notice { code: "unread_block".into(), message, hint }
        });
        unread.chain(self.odd_form(&blocks)).collect()
    }

    /// That programs which must load the file cannot: gsec reads more forms of PEM than they do.
    fn odd_form(&self, blocks: &[pem::Block]) -> Option<Notice> {
        let (line, oddity) = pem::oddities(blocks).next()?;
        let path = shown(&self.path);
        let message = format!("`{path}`: the block at line {line}: {}", oddity.in_words());
        let hint = super::hint::on_input(&path, |path| {
            format!("`gsec doctor {path}` shows how to write it again")
        });
        Some(Notice {
            code: "pem_form".into(),
            message,
            hint: Some(hint),
        })
    }

    /// All contents, whatever kind of file it is. Prompts on a terminal for a password that no option gives.
    pub(super) fn bundle(&self, password: &InputPassword, env: &mut Env) -> Result<Bundle, Failure> {
        let open = |password: Option<&str>| decode_bundle(&self.bytes, password);
        opened(&self.path, password, open, env)
    }

    /// Every certificate in it; from a PKCS #12 file the host's own comes first. Keys beside certificates are ignored, and
    /// so is their password.
    pub(super) fn certificates(
        &self,
        password: &InputPassword,
        env: &mut Env,
    ) -> Result<Vec<Certificate>, Failure> {
        let failed = |error: CertificateError| failure::of_certificate(&shown(&self.path), &error);
        if !self.is_pkcs12() {
            return decode_certificates(&self.bytes).map_err(failed);
        }
        let bundle = self.bundle(password, env)?;
        let certificates: Vec<Certificate> = bundle
            .arrange()
            .certificates()
            .map(|found| found.certificate.clone())
            .collect();
        if certificates.is_empty() {
            Err(failed(CertificateError::NoCertificate {
                found: bundle.in_words(),
            }))
        } else {
            Ok(certificates)
        }
    }

    /// The failure of a file in which no certificate is: with the command that shows what is in it.
    pub(super) fn with_other_command(
        &self,
        failure: Failure,
        password: &InputPassword,
        env: &mut Env,
    ) -> Failure {
        // A PKCS #12 file was opened already; opening it again would ask for the password once more.
        if failure.problem.code != "x509.no_certificate" || self.is_pkcs12() {
            return failure;
        }
        let on_input = |hint: &dyn Fn(&str) -> String| super::hint::on_input(&shown(&self.path), hint);
        match self.bundle(password, env) {
            Ok(bundle) if !bundle.crls.is_empty() => {
                failure.hint(on_input(&|path| format!("it is a CRL: `gsec crl show {path}`")))
            }
            Ok(bundle) if !bundle.keys.is_empty() => failure.hint(on_input(&|path| {
                format!("it is a private key: `gsec doctor {path}`; gsec cert match finds its certificate")
            })),
            Ok(bundle) if !bundle.public_keys.is_empty() => {
                failure.hint("it is a public key: gsec cert match finds its certificate")
            }
            Err(other) if other.problem.code == "key.encrypted" => failure.hint(on_input(&|path| {
                format!("it is an encrypted private key: `gsec doctor {path}`, with `--password-file`")
            })),
            _ => failure,
        }
    }
}

/// Opens what may need a password: with the one that an option gives, with none, or with one that is typed.
pub(super) fn opened<T>(
    path: &Path,
    password: &InputPassword,
    open: impl Fn(Option<&str>) -> Result<T, BundleError>,
    env: &mut Env,
) -> Result<T, Failure> {
    let failed = |error: &BundleError, is_given: bool, oddity: Option<String>| {
        let failure = failure::of_bundle(&shown(path), error, is_given);
        match oddity.filter(|_| error.wants_password()) {
            Some(oddity) => failure.with_hints(vec![oddity]),
            None => failure,
        }
    };
    let given = password.given();
    match open(given) {
        Ok(found) => Ok(found),
        Err(error) if given.is_none() && error.wants_password() && env.terminal.is_interactive() => {
            let question = format!("Password of {}", shown(path));
            let open = |typed: &str| open(Some(typed));
            ask::opening(
                &question,
                Secret::Password,
                BundleError::wants_password,
                open,
                env,
            )?
            .map_err(|(error, oddity)| failed(&error, true, oddity))
        }
        Err(error) => {
            let odd = given.and_then(|given| oddity(given, Secret::Password));
            Err(failed(&error, given.is_some(), odd))
        }
    }
}

/// Reads everything in a file of any kind.
pub(super) fn bundle(path: &Path, password: &InputPassword, env: &mut Env) -> Result<Bundle, Failure> {
    Source::read(path, env)?.bundle(password, env)
}

/// That programs which must load a private key in a file cannot: gsec reads more forms of keys than they do.
pub(super) fn odd_keys(path: &Path, bundle: &Bundle) -> Option<Notice> {
    let path = shown(path);
    let message = forms_of_keys(&path, bundle, |key| key.forms().to_vec())?;
    let stays = forms_of_keys(&path, bundle, KeyDocument::forms_as_written).is_some();
    let out = super::hint::unused("key", "pem");
    let hint = super::hint::on_input(&path, |path| {
        format!("`gsec convert key {path} --out {out}` writes it in a form that every program loads")
    });
    Some(Notice {
        code: "key_form".into(),
        message,
        hint: Some(hint).filter(|_| bundle.keys.len() == 1 && !stays),
    })
}

/// As [`odd_keys`], where the keys are written again.
pub(super) fn rewritten_keys(path: &Path, bundle: &Bundle) -> Option<Notice> {
    let path = shown(path);
    let message = match forms_of_keys(&path, bundle, KeyDocument::forms_as_written) {
        Some(kept) => format!("{kept}; this stays as it is"),
        None => {
            let was = forms_of_keys(&path, bundle, |key| key.forms().to_vec())?;
            format!("{was}; what gsec writes is in the usual form")
        }
    };
    Some(Notice {
        code: "key_form".into(),
        message,
        hint: None,
    })
}

/// The first key with particular forms, in words.
fn forms_of_keys(
    path: &str,
    bundle: &Bundle,
    forms: impl Fn(&KeyDocument) -> Vec<KeyForm>,
) -> Option<String> {
    bundle.keys.iter().find_map(|found| {
        let words: Vec<String> = forms(&found.key).iter().map(|form| form.in_words()).collect();
        let kind = found.key.algorithm();
        (!words.is_empty()).then(|| format!("`{path}`: the {kind} key: {}", words.join("; ")))
    })
}

/// As [`certificates`]; what else is in the file is added to `unread`.
pub(super) fn certificates_noting(
    path: &Path,
    password: &InputPassword,
    unread: &mut Vec<Notice>,
    env: &mut Env,
) -> Result<Vec<Certificate>, Failure> {
    let source = Source::read(path, env)?;
    let certificates = source.certificates(password, env)?;
    unread.extend(source.unread(&[]));
    Ok(certificates)
}

/// Reads every certificate in a file.
pub(super) fn certificates(
    path: &Path,
    password: &InputPassword,
    env: &mut Env,
) -> Result<Vec<Certificate>, Failure> {
    Source::read(path, env)?.certificates(password, env)
}
