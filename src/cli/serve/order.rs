//! What `gsecd` is told, and what it says.

use std::path::PathBuf;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_report::{
    ServeBackupReport, ServeEabReport, ServeGrantReport, ServeMoveKeyReport, ServeRestoreReport,
    ServeStatusReport, WatchReport,
};

use crate::cli::watch::order::{WatchOrder, WatchTask, Watched};

/// Where a server that runs answers its administrators, in `ca_conf/`.
pub const ADMIN_SOCKET: &str = "server.sock";
/// The program that has the server.
pub const SERVED_BY: &str = "gsecd";

/// How the server is started, whole.
pub struct ServeOrder {
    /// The CA directory.
    pub directory: CaDir,
    /// The passphrase of the CA key.
    pub passphrase: Option<Zeroizing<String>>,
    /// The arguments of `serve front`: what concerns the network.
    pub front: Vec<std::ffi::OsString>,
    /// Where the signer listens; beside the CA when `None`.
    pub socket: Option<PathBuf>,
    /// The signer's own directory, which has the key; the CA directory has it when `None`.
    pub signer_dir: Option<CaDir>,
}

/// How the process is started that talks to the network.
#[derive(Debug, Clone)]
pub struct FrontOrder {
    /// The CA directory.
    pub directory: CaDir,
    /// The names under which hosts reach it; those of `serve.toml` when empty.
    pub names: Vec<String>,
    /// Where ACME is served, as `:8443`.
    pub listen: Option<String>,
    /// Where CRLs are served, as `:8080`.
    pub http: Option<String>,
    /// The port of http-01 for names that no rule of `serve.toml` is about.
    pub http_port: Option<u16>,
    /// Whether a first grant is made where there is none.
    pub makes_first_grant: bool,
    /// Where the signer listens.
    pub socket: Option<PathBuf>,
    /// Whether it ends when standard input does: with the process that started it.
    pub ends_with_stdin: bool,
}

/// How the process is started that has the CA key.
pub struct SignerOrder {
    /// The CA directory, or the signer's own.
    pub directory: CaDir,
    /// Whether it is the signer's own, to which the front has no way but the socket.
    pub is_apart: bool,
    /// The passphrase of the CA key.
    pub passphrase: Option<Zeroizing<String>>,
    /// Where it listens.
    pub socket: Option<PathBuf>,
    /// Where it keeps its journal.
    pub journal: Option<PathBuf>,
    /// Whether the users of the socket's group may ask.
    pub group_may: bool,
    /// Whether it ends when standard input does: with the process that started it.
    pub ends_with_stdin: bool,
}

/// Names that are granted, as an administrator writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantedNames {
    /// A domain, and everything below it.
    Below(String),
    /// One name or address.
    Exact(String),
    /// The addresses of a network.
    Network(String),
}

/// Who is granted something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grantee {
    /// Every account.
    Everyone,
    /// The accounts that a key of an external account has made, by its `kid`.
    Eab(String),
    /// One account.
    Account(String),
}

/// What is to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// Who.
    pub to: Grantee,
    /// For which names.
    pub names: Vec<GrantedNames>,
    /// Of which profiles; the default profile when empty.
    pub profiles: Vec<String>,
    /// The longest lifetime in days.
    pub max_lifetime_days: Option<u32>,
    /// Whether nothing need be proven.
    pub replaces_proof: bool,
    /// Until when.
    pub until: Option<OffsetDateTime>,
}

/// What is to be done with grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantOrder {
    /// Makes one.
    Add(NewGrant),
    /// Looks at all.
    List,
    /// Takes some back.
    Remove(Vec<String>),
}

/// A key of an external account that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEabKey {
    /// Whose it is.
    pub name: String,
    /// Whether it makes one account only.
    pub is_single_use: bool,
    /// Until when it makes accounts.
    pub until: Option<OffsetDateTime>,
    /// What its accounts may have.
    pub granted: Vec<GrantedNames>,
    /// Whether nothing need be proven for that.
    pub replaces_proof: bool,
}

/// What is to be done with keys of external accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EabOrder {
    /// Makes one.
    Add(NewEabKey),
    /// Looks at all.
    List,
    /// Ends some.
    Remove(Vec<String>),
}

/// What is to be backed up, and for whom. It has no `Debug`: a passphrase may be in it.
pub struct BackupOrder {
    /// The CA directory.
    pub directory: CaDir,
    /// The file to write.
    pub out: PathBuf,
    /// Whether private keys are included.
    pub with_keys: bool,
    /// The public keys of those who may open it, as they were typed.
    pub recipients: Vec<String>,
    /// The passphrase that opens it.
    pub passphrase: Option<Zeroizing<String>>,
}

/// A backup that is to be restored or checked. It has no `Debug`: keys may be in it.
pub struct RestoreOrder {
    /// The file.
    pub file: PathBuf,
    /// The CA directory to make; nothing is made when `None`.
    pub directory: Option<PathBuf>,
    /// The content of a file of secret keys.
    pub identities: Option<Zeroizing<String>>,
    /// The passphrase.
    pub passphrase: Option<Zeroizing<String>>,
}

/// Where the CA key is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereto {
    /// To the signer's own directory.
    Away {
        /// Whose it is to be, by name or number.
        user: String,
    },
    /// Back to the CA directory.
    Back,
}

/// That the CA key is to have a directory of its own, or none any more.
#[derive(Debug, Clone)]
pub struct MoveKeyOrder {
    /// The CA directory.
    pub directory: CaDir,
    /// The signer's own directory.
    pub own: PathBuf,
    /// Which way.
    pub whereto: Whereto,
    /// Who moves it, for the audit log.
    pub by: Option<String>,
}

/// Where to look for what serves a CA directory.
#[derive(Debug, Clone)]
pub struct StatusOrder {
    /// The CA directory.
    pub directory: CaDir,
    /// Where the signer listens.
    pub socket: Option<PathBuf>,
    /// Where it keeps its journal.
    pub journal: Option<PathBuf>,
}

/// Where the server publishes, without TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// The URL of the CRL.
    pub crl: String,
    /// The URL of the OCSP responder.
    pub ocsp: String,
    /// The URL of the CA's certificate.
    pub certificate: String,
}

/// What is served now.
#[derive(Debug, Clone)]
pub struct Serving {
    /// The URL of the ACME directory.
    pub acme: String,
    /// The URL of the CRL.
    pub crl: String,
    /// The URL of the OCSP responder.
    pub ocsp: String,
    /// The URL of the CA's certificate.
    pub certificate: String,
    /// The name of the CA.
    pub subject: String,
    /// SHA-256 of its certificate.
    pub sha256: String,
    /// What the first grant is for, where this start has made it.
    pub first_grant: Vec<String>,
    /// Whether certificates say where a CRL is.
    pub has_crl_addresses: bool,
    /// Whether they say where OCSP requests are answered.
    pub has_ocsp_addresses: bool,
    /// In how many parts the CRL that is served is to be, where it is in one and the CA has so many certificates.
    pub wanted_shards: Option<u16>,
}

/// Why the server does not do it.
#[derive(Debug, Clone)]
pub struct ServerError {
    /// The error's code.
    pub code: &'static str,
    /// What cannot be done.
    pub message: String,
    /// Why, one after the other.
    pub causes: Vec<String>,
    /// What to do.
    pub hints: Vec<String>,
}

/// What is behind the words, in the program that has the network.
pub trait Server: Sync {
    /// Starts signer and front, and watches over both until it is told to end.
    ///
    /// # Errors
    /// [`ServerError`].
    fn serve(&self, order: ServeOrder, env: &mut Env) -> Result<u8, ServerError>;

    /// Talks to the network until it is told to end; `ready` is called when it does.
    ///
    /// # Errors
    /// [`ServerError`].
    fn front(&self, order: FrontOrder, ready: &mut dyn FnMut(&Serving)) -> Result<(), ServerError>;

    /// Where a server of this order publishes.
    ///
    /// # Errors
    /// [`ServerError`].
    fn addresses(&self, order: &FrontOrder) -> Result<Addresses, ServerError>;

    /// Has the CA key, and answers at its socket until it is told to end.
    ///
    /// # Errors
    /// [`ServerError`].
    fn signer(&self, order: SignerOrder) -> Result<(), ServerError>;

    /// Changes what is granted, or looks at it: through the server when one runs.
    ///
    /// # Errors
    /// [`ServerError`].
    fn grant(
        &self,
        directory: &CaDir,
        order: GrantOrder,
        env: &mut Env,
    ) -> Result<ServeGrantReport, ServerError>;

    /// Changes keys of external accounts, or looks at them: through the server when one runs.
    ///
    /// # Errors
    /// [`ServerError`].
    fn eab(&self, directory: &CaDir, order: EabOrder, env: &mut Env) -> Result<ServeEabReport, ServerError>;

    /// Looks what serves a CA directory, and how it is.
    ///
    /// # Errors
    /// [`ServerError`].
    fn status(&self, order: &StatusOrder, env: &Env) -> Result<ServeStatusReport, ServerError>;

    /// Backs up the CA directory and the server's state, while a server runs or none does.
    ///
    /// # Errors
    /// [`ServerError`]; then there is no file.
    fn backup(&self, order: BackupOrder, env: &mut Env) -> Result<ServeBackupReport, ServerError>;

    /// Restores a backup, or checks it.
    ///
    /// # Errors
    /// [`ServerError`]; then there is no directory.
    fn restore(&self, order: RestoreOrder, env: &mut Env) -> Result<ServeRestoreReport, ServerError>;

    /// Moves the CA key to a directory of a user of its own, or back.
    ///
    /// # Errors
    /// [`ServerError`]; the same order, given again, goes on.
    fn move_key(&self, order: &MoveKeyOrder) -> Result<ServeMoveKeyReport, ServerError>;

    /// Looks once at what is watched, or at what is known of it.
    ///
    /// # Errors
    /// [`ServerError`].
    fn watch(&self, order: &WatchOrder, task: &WatchTask, env: &mut Env) -> Result<WatchReport, ServerError>;

    /// Watches until it is told to end, or `told` says that nobody reads any more.
    ///
    /// # Errors
    /// [`ServerError`].
    fn watch_on(
        &self,
        order: WatchOrder,
        told: &mut dyn FnMut(Watched<'_>) -> bool,
    ) -> Result<(), ServerError>;
}
