//! THE CA AT WORK. The one place that joins store, policy, certificates, keys and PFX files into transactions: reserve,
//! record, sign, write. Every command calls it; it knows no flag and prints nothing.

mod adopt;
mod create;
mod error;
mod find;
mod host_pattern;
mod issue;
mod open;
mod plan;
mod statistics;
mod warning;

pub use adopt::{Adopted, AdoptionPlan, Weakness};
pub use create::{AuthorityOrder, CreatedAuthority, NewAuthority};
pub use error::AuthorityError;
pub use find::FoundHost;
pub use host_pattern::HostPattern;
pub use issue::{Delivery, IssuedFiles, IssuedHost, PfxOrder};
pub use open::{Authority, Unlocked};
pub use plan::{HostKey, HostOrder, IssuePlan};
pub use statistics::{ListFilter, ListedEntry, ListedRecord, Statistics, StatusFilter};
pub use warning::Warning;
