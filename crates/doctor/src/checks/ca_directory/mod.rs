//! A CA directory: certificate and key, who else can read and write, `ca.db` beside repository, audit log and CRL, and what
//! killed calls left. Each part is looked at by itself: what is missing stops nothing else.

mod access;
mod authority;
mod compare;
mod entries;
mod facts;
mod history;
mod index;
mod places;
mod records;
mod remedy;
mod settings;

pub use compare::{
    ConfigurationPaths, RecordedCertificate, copies_all_extensions, elsewhere, is_of_unknown_key, lacks,
    sets_nothing,
};
pub use entries::*;
pub use facts::*;
pub use places::{Exposed, ExposedPlace, FileType, Link, Place, PlaceFault, RepositoryPlaces, Role};
pub use remedy::CaFix;

use super::Check;
use super::file::{KEY_FORM, PEM_FORM, forms_in_words};

/// The checks of a CA directory.
pub static CHECKS: &[Check<Facts>] = &[
    Check {
        entries: &[&CA_WAITING, &CA_CERTIFICATE_MISSING, &CA_CERTIFICATE_DAMAGED],
        run: authority::certificate_is_there,
    },
    Check {
        entries: &[
            &CA_NOT_AUTHORITY,
            &CA_KEY_USAGE_MISSING,
            &CA_WITHOUT_CRL_SIGN,
            &CA_PURPOSE_EXCLUDED,
            &CA_CONSTRAINTS_NOT_CRITICAL,
        ],
        run: authority::is_an_authority,
    },
    Check {
        entries: &[&CA_SIGNATURE_WEAK, &CA_KEY_WEAK],
        run: authority::is_strong,
    },
    Check {
        entries: &[&CA_NOT_YET_VALID, &CA_EXPIRED, &CA_EXPIRES_SOON],
        run: authority::is_in_date,
    },
    Check {
        entries: &[&CA_EXPIRES_BEFORE_CERTIFICATES],
        run: authority::outlives_its_certificates,
    },
    Check {
        entries: &[&CA_CHAIN_BROKEN, &CA_CHAIN_EXPIRED],
        run: authority::leads_to_a_root,
    },
    Check {
        entries: &[&CA_CERTIFICATE_FOREIGN],
        run: authority::holds_its_path_alone,
    },
    Check {
        entries: &[
            &CA_KEY_MISSING,
            &CA_KEY_APART,
            &CA_KEY_UNREADABLE,
            &CA_KEY_MISMATCH,
            &REKEY_UNFINISHED,
            &REKEY_FOREIGN,
            &REKEY_SEALED,
        ],
        run: authority::key_belongs_to_it,
    },
    Check {
        entries: &[&PREVIOUS_KEY_ENDED],
        run: authority::previous_keys_are_of_use,
    },
    Check {
        entries: &[&PREVIOUS_KEY_UNUSABLE, &PREVIOUS_CROSS_CERTIFICATE_WRONG],
        run: authority::previous_keys_are_whole,
    },
    Check {
        entries: &[&CA_BUNDLE_WRONG],
        run: authority::bundle_holds_the_roots,
    },
    Check {
        entries: &[&PREVIOUS_CERTIFICATE_FOREIGN],
        run: authority::previous_certificates_are_proven,
    },
    Check {
        entries: &[&PREVIOUS_KEY_LOST],
        run: authority::former_keys_are_kept,
    },
    Check {
        entries: &[
            &CA_KEY_READABLE,
            &CA_WRITABLE,
            &CA_FOLDER_OPEN,
            &CA_FILE_READABLE,
            &CA_OWNER_DIFFERS,
            &CA_FILE_IRREGULAR,
        ],
        run: access::places,
    },
    Check {
        entries: &[&CA_FOLDER_MISSING, &HOST_KEYS_READABLE],
        run: access::repository,
    },
    Check {
        entries: &[&CA_NOT_PERMITTED],
        run: access::permitted,
    },
    Check {
        entries: &[&CA_OF_ANOTHER_USER],
        run: access::owner,
    },
    Check {
        entries: &[&CA_PARENT_WRITABLE],
        run: access::parents,
    },
    Check {
        entries: &[&CA_DISK_FULL, &CA_DISK_READ_ONLY],
        run: access::disk,
    },
    Check {
        entries: &[&CA_FIXED],
        run: access::marks,
    },
    Check {
        entries: &[&INDEX_MISSING, &INDEX_BAD_LINES, &INDEX_TORN_LINE],
        run: index::lines,
    },
    Check {
        entries: &[
            &INDEX_DUPLICATE_SERIALS,
            &INDEX_DUPLICATE_SUBJECTS,
            &INDEX_EXPIRED_NOT_MARKED,
        ],
        run: index::uniqueness,
    },
    Check {
        entries: &[&INDEX_ATTRIBUTES_MISSING],
        run: index::attributes,
    },
    Check {
        entries: &[&SERIAL_NUMBER_DAMAGED, &SERIAL_NUMBER_BEHIND],
        run: index::serial_number,
    },
    Check {
        entries: &[&CRL_NUMBER_DAMAGED, &CRL_NUMBER_BEHIND],
        run: index::crl_number,
    },
    Check {
        entries: &[&RECORD_WITHOUT_FILE, &CERTIFICATE_COPY_MISSING],
        run: records::without_file,
    },
    Check {
        entries: &[
            &CERTIFICATE_WITHOUT_RECORD,
            &CERTIFICATE_OF_ANOTHER_CA,
            &CERTIFICATE_FILE_DAMAGED,
            &CERTIFICATE_DIFFERS,
            &HOST_FILE_DIFFERS,
        ],
        run: records::certificates,
    },
    Check {
        entries: &[&REVOCATION_LOST],
        run: records::lost_revocations,
    },
    Check {
        entries: &[&RECORD_LOST],
        run: records::lost_records,
    },
    Check {
        entries: &[&COMPROMISED_KEY_IN_USE],
        run: records::compromised_keys,
    },
    Check {
        entries: &[&COMPROMISED_KEY_UNKNOWN],
        run: records::unknown_compromised,
    },
    Check {
        entries: &[&NAMES_OUTSIDE_CONSTRAINTS],
        run: records::names_outside_constraints,
    },
    Check {
        entries: &[&CA_KEY_CERTIFIED],
        run: records::ca_keys,
    },
    Check {
        entries: &[&CLOCK_BEHIND],
        run: history::clock,
    },
    Check {
        entries: &[&CERTIFICATES_EXPIRE_SOON],
        run: records::expiring,
    },
    Check {
        entries: &[
            &AUDIT_LOG_MISSING,
            &AUDIT_CHAIN_BROKEN,
            &AUDIT_LOG_TORN,
            &RECORDS_NOT_ANNOUNCED,
        ],
        run: history::audit_log,
    },
    Check {
        entries: &[
            &CRL_MISSING,
            &CRL_DAMAGED,
            &CRL_OF_ANOTHER_KEY,
            &CRL_NOT_MADE,
            &CRL_UNCHECKED,
            &CRL_OLD,
            &CRL_OVERDUE,
            &CRL_DUE_SOON,
            &CRL_FORM,
            &CRL_INCOMPLETE,
            &CRL_OUTDATED,
        ],
        run: history::crls,
    },
    Check {
        entries: &[&CRL_PARTS],
        run: history::crl_parts,
    },
    Check {
        entries: &[&CRL_IN_ONE_PIECE],
        run: history::crl_in_one_piece,
    },
    Check {
        entries: &[&CA_LEFTOVERS, &CA_LOCK_HELD, &HOST_INDEX_DAMAGED],
        run: settings::leftovers,
    },
    Check {
        entries: &[&PEM_FORM],
        run: settings::forms,
    },
    Check {
        entries: &[&KEY_FORM],
        run: settings::key_form,
    },
    Check {
        entries: &[
            &POLICY_MISSING,
            &POLICY_DAMAGED,
            &POLICY_LIMIT_INHERITED,
            &POLICY_NAME_UNCLEAR,
            &POLICY_ACCESS_UNCLEAR,
            &OPENSSL_CONFIGURATION_MISSING,
            &OPENSSL_CONFIGURATION_ELSEWHERE,
            &OPENSSL_COPIES_EXTENSIONS,
        ],
        run: settings::settings,
    },
];

#[cfg(test)]
pub(crate) mod tests;
