//! THE CA AT WORK. The one place that joins store, policy, certificates, keys and PFX files into transactions: reserve,
//! record, sign, write. Every command calls it; it knows no flag and prints nothing.

mod below;
mod certify;
mod clock;
mod error;
mod fix;
mod host;
mod look;
mod open;
mod open_ca;
mod own;
mod session;
mod status;
mod warning;

pub use below::accept::{AcceptError, Acceptance, Accepted};
pub use below::certify::{CertifiedSubordinate, SubordinateError, SubordinateOrder, SubordinatePlan};
pub use below::from_request::{SubordinateRequestOrder, SubordinateRequestPlan};
pub use below::intermediate::{CreatedIntermediate, NewIntermediate};
pub use below::renew::{RenewedSubordinate, SubordinateRenewal};
pub use below::waiting::{CreatedWaiting, NewWaiting};
pub use clock::{Dated, LaterThanNow};
pub use error::{AuthorityError, HourlyLimit};
pub use fix::{Fix, fix};
pub use host::as_present::LeftOut;
pub use host::batch::{Batch, Examined, IssuedRow, OnRow, RowResult, WantedRow};
pub use host::compare::RenewalMargin;
pub use host::delivery::{Delivery, IssuedFiles, OutFiles, OutNames, PfxOrder, expect_distinct_names};
pub use host::deviation::Deviation;
pub use host::from_request::RequestError;
pub use host::issue::{IssuedHost, ReadyHost};
pub use host::once::{Look, Once};
pub use host::order::{HostKey, HostOrder, HostSubject, Names};
pub use host::plan::IssuePlan;
pub use host::present::{Comparison, Remedy, Restored};
pub use host::renew::{RenewalError, algorithm_like};
pub use host::request::{MadeRequest, RequestDraft, RequestKey};
pub use host::successor::RenewalWatch;
pub use look::find::{FoundHost, HostRecord, Recorded};
pub use look::host_pattern::HostPattern;
pub use look::list::{ListDoubts, ListFilter, ListedEntry, Listing, NotRead, Statistics, StatusFilter};
pub use look::log::{
    FoundInstead, HeadCheck, LogCheck, LogProblem, LogQuestion, LostRevocation, Signatures, ToldRecord,
    check_log, foreign_records,
};
pub use open::{Authority, Unlocked, policy_of};
pub use open_ca::OpenCa;
pub use own::adopt::{Adopted, AdoptionPlan, Weakness};
pub use own::create::{AuthorityOrder, CreatedAuthority, NewAuthority};
pub use own::noted::Noted;
pub use own::ocsp_responder::IssuedResponder;
pub use own::passphrase::PassphraseChange;
pub use own::path::OwnPath;
pub use own::previous::{
    FormerCrlMissing, FormerKeyProblem, FormerKeys, LostKey, PreviousKey, Unproven, UnprovenKey, lost_keys,
};
pub use own::rekey::{RekeyOrder, RekeyPlan, RekeyedAuthority};
pub use own::renew::{IssuedUnder, RenewalOrder, RenewalPlan, RenewedAuthority};
pub use session::{Session, WorkerSessions};
pub use status::compromise::CompromisedKey;
pub use status::crl::{CrlOrder, CrlPlan, FlawedRevocation, RevocationFlaw, UncheckedCrl, UpdatedCrl};
pub use status::crl_shards::ShardFault;
pub use status::revoke::{StatusOrder, StatusOutcome};
pub use status::standing::{ReadRecords, Standing, status_in_words};
pub use status::unfinished::Unfinished;
pub use warning::Warning;
