//! DISK. A CA directory: its layout, names and modes, the index (`ca.db`), serial numbers, the lock, and files that appear
//! whole or not at all. Knows no key and no policy; `authority` joins them.

mod attributes;
mod create;
mod error;
mod file_name;
mod files;
mod guard;
mod host_index;
mod host_pages;
mod index;
mod layout;
mod lock;
mod lookup;
mod output;
mod record;
mod reserve;
mod serial;

pub use create::{Adoption, NewDirectory, create_directory};
pub use error::{StoreError, system_words};
pub use file_name::FileName;
pub use files::{MAX_FILE_OCTETS, read_file};
pub use guard::{Looseness, key_file_looseness};
pub use host_index::{HostIndex, host_names};
pub use index::{DamagedLine, IndexEntry, IndexReader};
pub use layout::CaDir;
pub use lock::{LockWait, WriteLock};
pub use lookup::{LocatedRecord, RecordFinder, RecordsFrom};
pub use output::{
    Access, Existing, OutputFile, check_writable, create_output_folder, is_standard_output, write_files, write_new_files, write_output,
};
pub use record::{Record, RecordStatus, Revocation};
pub use reserve::{RecordStore, Reservation, ReservationNote, ReservationRequest, SerialMode};
