//! THE CA AT WORK. The one place that joins store, policy, certificates, keys and PFX files into transactions: reserve,
//! record, sign, write. Every command calls it; it knows no flag and prints nothing.

mod adopt;
mod compare;
mod create;
mod deviation;
mod error;
mod find;
mod host_pattern;
mod intermediate;
mod issue;
mod log;
mod open;
mod passphrase;
mod plan;
mod present;
mod renew;
mod request;
mod revoke;
mod session;
mod sign;
mod statistics;
mod subordinate;
mod warning;

pub use adopt::{Adopted, AdoptionPlan, Weakness};
pub use compare::RenewalMargin;
pub use create::{AuthorityOrder, CreatedAuthority, NewAuthority};
pub use deviation::Deviation;
pub use error::AuthorityError;
pub use find::{FoundHost, HostRecord};
pub use host_pattern::HostPattern;
pub use intermediate::{CreatedIntermediate, NewIntermediate};
pub use issue::{Delivery, IssuedFiles, IssuedHost, PfxOrder, ReadyHost};
pub use log::{LogCheck, Named, Signatures};
pub use open::{Authority, Unlocked};
pub use passphrase::PassphraseChange;
pub use plan::{HostKey, HostOrder, IssuePlan};
pub use present::{Comparison, Remedy, Restored};
pub use renew::{IssuedUnder, RenewalOrder, RenewalPlan, RenewedAuthority};
pub use request::{MadeRequest, RequestDraft, RequestKey};
pub use revoke::{StatusOrder, StatusOutcome, UpdatedCrl};
pub use session::Session;
pub use sign::{RequestError, RequestOrder, RequestPlan};
pub use statistics::{ListFilter, ListedEntry, Statistics, StatusFilter};
pub use subordinate::{CertifiedSubordinate, SubordinateError, SubordinateOrder, SubordinatePlan};
pub use warning::Warning;
