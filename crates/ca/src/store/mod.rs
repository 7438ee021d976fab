//! DISK. A CA directory: its layout, names and modes, the index (`ca.db`), serial numbers, the lock, and files that appear
//! whole or not at all. Knows no key and no policy; `authority` joins them.

mod attributes;
mod audit;
mod audit_find;
mod audit_head;
mod audit_read;
mod changeover;
mod commit;
mod create;
mod disk;
mod error;
mod file_name;
mod files;
mod guard;
mod host_index;
mod host_pages;
mod in_flight;
mod index;
mod layout;
mod lock;
mod lookup;
mod mend;
mod mode;
mod output;
mod own_changeover;
mod place;
mod previous;
mod record;
mod reserve;
mod revoked;
mod serial;
mod status;

pub use attributes::unique_subject;
pub use audit::{AuditEntry, AuditHead, AuditSeal, AuditStamp, HEAD_LOST, LOG_CUT, SIGNED_ACTIONS, audit_head, last_audit_time};
pub use audit_head::{HeadFile, SignedHead, read_signed_head};
pub use audit_read::{AuditFields, AuditLine, AuditReader, BrokenLink, ChainCheck, DecodedLine};
pub use changeover::Changeover;
pub use commit::Commit;
pub use create::{Adoption, Identity, NewDirectory, create_directory};
pub use disk::{DiskSpace, disk_space};
pub use error::StoreError;
pub use file_name::FileName;
pub use files::{MAX_FILE_OCTETS, MAX_LIST_OCTETS, read_file, read_file_within};
pub use gsec_pki::encoding::visible::system_words;
pub use guard::{ExposedBy, Exposure, LooseMode, LooseModes, Looseness, key_file_looseness};
pub use host_index::{HostIndex, fits_record, host_names};
pub use index::{DamagedLine, IndexEntry, IndexReader, last_record};
pub use layout::CaDir;
pub use lock::{LockWait, WriteLock};
pub use lookup::{LocatedRecord, RecordFinder, RecordsFrom};
pub use mend::is_temporary_name;
pub use mode::tighten;
pub use output::{
    Access, Existing, OutputFile, OutputFolder, check_writable, create_output_folder, is_standard_output, write_files, write_groups, write_new_files,
    write_output,
};
pub use place::IndexPlace;
pub use previous::PreviousFile;
pub use record::{Record, RecordStatus, Revocation, UNKNOWN_EXPIRY, UNKNOWN_REVOCATION_DATE, UnreadableLine};
pub use reserve::{RecordStore, Reservation, ReservationNote, ReservationRequest, SerialMode};
pub use revoked::RevokedRecords;
pub use status::{ChangedRecord, Changes, Decide, StatusChange};
