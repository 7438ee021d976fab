//! FILES. What is written and read anywhere: files that appear whole or not at all, with their final mode and owner from the first moment;
//! reading within a bound; whose hands a path is in. Knows nothing of a CA.

mod disk;
#[cfg(unix)]
mod edit;
mod error;
mod exchange;
pub(crate) mod fault;
mod file_name;
mod in_flight;
mod mode;
mod output;
mod parent;
mod place;
mod read;
mod release;
mod reserved;
mod staged;
mod stream;
mod trust;
mod unnamed;
mod writable;

pub use disk::{DiskSpace, disk_space};
#[cfg(unix)]
pub use edit::{Edit, Edited, apply_edits, edit_file, edit_with_backup};
pub use error::FilesError;
#[cfg(target_os = "linux")]
pub use exchange::Exchanged;
pub use exchange::{StagedFolder, publish_folders};
pub use file_name::FileName;
pub use in_flight::InFlight;
pub(crate) use mode::{CA_KEY_MODE, FOLDER_MODE, PRIVATE_MODE, PUBLIC_MODE};
pub use mode::{is_readable_by_all, tighten};
pub use output::{
    Access, Existing, Mode, NamedFile, OutputFile, OutputFolder, expect_new_output, in_output_folder,
    is_standard_output, write_files, write_groups, write_named, write_new_files, write_output, write_own,
    write_unsynced,
};
pub(crate) use parent::parent_of;
pub(crate) use place::is_within;
pub use place::{Place, place_of};
pub use read::{MAX_FILE_OCTETS, MAX_LIST_OCTETS, read_file, read_file_within, read_regular_within};
pub(crate) use read::{open_own, read_own_file, read_own_within, read_range};
pub(crate) use release::RELEASES;
pub use release::{
    CURRENT, Exchange, Linked, Releases, linked_release, linked_through, lock_folder, release_folder,
    releases_in,
};
pub use reserved::expect_not_reserved;
pub(crate) use reserved::{CA_CONF, REPOSITORY};
pub(crate) use staged::{
    TEMPORARY_PREFIX, create_folder, give_to_owner_of, is_same_file, replace_file, set_aside,
    set_folder_mode_and_owner, set_mode_and_owner, stage, stage_like, stage_unsynced, sync_folder,
};
pub use staged::{is_temporary_name, make_folders};
pub use stream::{mode_of_copy, open_to_read, write_stream};
pub(crate) use trust::expect_guarded_way;
#[cfg(unix)]
pub(crate) use trust::{EVERYBODY, GROUP, Trusted, expect_plain, exposed_on_the_way, owner};
pub use trust::{ExposedBy, Exposure, expect_own_way, metadata_at_end};
pub use writable::{
    Chattr, chattr, check_replaceable_file, check_writable, check_writable_file, expect_creatable_folder,
};
