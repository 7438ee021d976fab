//! BUNDLES. A certificate as one service, platform or tool takes it: its files, the script that installs them, and what to write into the
//! service's settings. The same input makes the same bytes.

mod content;
mod error;
mod made;
mod manifest;
mod material;
mod name;
mod on_host;
mod order;
mod readme;
mod script;
mod tar;
mod windows;
mod write;

pub use error::BundleError;
pub use made::{Bundle, BundleFile, installation_of, make};
pub use material::{CrlLack, Material, MissingCrl, Sources};
pub use name::{Account, BundleName, Dest, Unit};
pub use on_host::KeyOnHost;
pub use order::{Order, Store, parse_mode};
pub use script::{Installation, InstallerText, PayloadRow, installer_text};
pub use tar::encode_tar;
pub use write::{
    FolderState, Written, compare_folder, expect_replaceable, is_bundle, write_folder, write_folders,
};
