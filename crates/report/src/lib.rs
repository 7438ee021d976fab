#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! RESULTS. What a command found or did, as text for people and as JSON for programs, from the same value. Pure.

mod banner;
mod batch;
mod bundle;
mod ca;
mod ca_request;
mod cert;
mod certificate;
mod conf;
mod convert;
mod counts;
mod crl;
mod doctor;
mod doctor_document;
mod doctor_formats;
mod doctor_handshake;
mod fetch;
mod fleet_check;
mod fleet_explain;
mod fleet_import;
mod fleet_plan;
mod fleet_render;
mod fleet_status;
mod fleet_timer;
mod help;
mod issue;
mod list;
mod log;
mod log_filter;
mod next;
mod page;
mod placed;
mod problem;
mod renew;
mod request;
mod revocation;
mod screen;
mod serve;
mod serve_backup;
mod serve_move_key;
mod tone;
mod transport;
mod trust;
mod warning;
mod watch;
mod written;

use serde::Serialize;

pub use banner::{
    BannerDocument, BannerLintReport, BannerShowReport, BannerValue, BannerWriteReport, EffectiveBanner,
    LintedBanner,
};
pub use batch::{BatchCounts, BatchForm, BatchHead, BatchRow, BatchTail};
pub use bundle::{BundleReport, BundledFile, KeyPlace};
pub use ca::{
    AdoptReport, CaFiles, CaInitReport, CaRekeyFiles, CaRekeyReport, CaRenewReport, CaShowReport, Counts,
    ParentFacts, PassphraseReport, PreviousKeyFacts,
};
pub use ca_request::{CaAcceptReport, CaRequestReport, CaSignReport};
pub use cert::{
    ConsumerFacts, DamagedLineFacts, EntryFacts, FindingFacts, JudgedStep, ListedCertificate, PathStep,
    Pkcs12Facts, ReaderFacts, Selected, ShowReport, ShownCertificate, StepRevocation, ThumbprintReport,
    TrustSettingsFacts, VerifyReport, damaged_lines_text, notices_text,
};
pub use certificate::{CertificateFacts, ExtensionFacts, NameFacts, RequestFacts};
pub use conf::{ChangedKey, ConfFixReport, ConfLintReport, ConfSetReport, FixedFile, FixedValue, LintedFile};
pub use convert::{
    ConvertKeyReport, MatchReport, MatchedFile, ToDerReport, ToPemReport, ToPfxReport, WrittenFile,
};
pub use counts::{FindingCounts, counted};
pub use crl::{
    CrlEntryFacts, CrlFacts, CrlInFull, CrlShowReport, CrlUpdateReport, RevokeReport, RevokedCertificate,
    SameKeyCertificate, shown_subject,
};
pub use doctor::{
    CatalogueEntry, CatalogueReport, DoctorFinding, DoctorReport, ExaminedFact, ExaminedTarget, ExpiryFacts,
    ExplainReport, Linted,
};
pub use doctor_document::to_markdown;
pub use doctor_formats::{NagiosState, to_nagios, to_prometheus};
pub use doctor_handshake::{HandshakeEnd, HandshakeReport, RehearsedVersion};
pub use fetch::{
    AddressFacts, ClientCertificateFacts, ConnectionFacts, FetchReport, HandshakeSignatureFacts,
};
pub use fleet_check::{FleetCheckReport, FleetSize, NotCheckedPart};
pub use fleet_explain::{
    ExplainedConnection, ExplainedEnd, ExplainedLevel, ExplainedOption, ExplainedPort, FleetExplainReport,
};
pub use fleet_import::FleetImportReport;
pub use fleet_plan::{
    AppliedBundle, AppliedCertificate, AppliedFailure, FleetApplyReport, FleetPlan, FleetPlanReport,
    PlanProblem, PlanUnchanged, PlannedBundle, PlannedCertificate, PlannedReason, PlannedRestart,
    PlannedSetting, PushedBundle,
};
pub use fleet_render::FleetRenderReport;
pub use fleet_status::{FleetStatusReport, HostStatus, PortStatus};
pub use fleet_timer::{FleetTimerReport, TimerFileFacts};
pub use help::HelpFacts;
pub use issue::{IssueFiles, IssueReport, QuickstartReport};
pub use list::{List, ListForm, Row, to_list_form};
pub use log::{
    JournalComparison, JournalContradiction, LogCheckReport, LogRow, LostRevocationFacts, LostRevocations,
    NamedSerials,
};
pub use log_filter::LogFilterReport;
pub use next::NextSteps;
pub use page::Page;
pub use placed::{FoundPlace, PlacedFinding, PlacedFindings};
pub use problem::Problem;
pub use renew::{EnsureReport, Reason, RenewReport};
pub use request::{RequestFiles, RequestReport, SignReport};
pub use revocation::RevocationFacts;
pub use screen::{Screen, wrapped};
pub use serve::{
    ConfinementFacts, EabKeyFacts, FrontFacts, FullProfileFacts, GrantFacts, GrantedName, HoldFacts,
    JournalFacts, ProcessFacts, PublishedCrl, SecretText, ServeEabReport, ServeGrantReport, ServeReport,
    ServeStatusReport, ServedFinding, ServedLog, ServedMode,
};
pub use serve_backup::{BackupCounts, ServeBackupReport, ServeRestoreReport};
pub use serve_move_key::ServeMoveKeyReport;
pub use tone::Tone;
pub use transport::{
    LintedValue, TransportBuildReport, TransportFixReport, TransportLintReport, TransportParseReport,
    TransportPart,
};
pub use trust::{
    BypassFacts, StoreState, TrustInstallReport, TrustStatusReport, TrustStoreFacts, TrustUninstallReport,
    TrustedCa,
};
pub use warning::Notice;
pub use watch::{AcknowledgedBy, AlarmFacts, NotChecked, SinkFacts, SiteFacts, WatchReport};
pub use written::{CompatLinkReport, ManReport};

/// A result with its two renderings.
pub trait Report: Serialize {
    /// The name of the JSON document's form: `gsec/<command>/<version>`.
    const SCHEMA: &'static str;

    /// Whether it is what was asked for. Otherwise it tells of what was done, which `--quiet` leaves out.
    fn is_answer(&self) -> bool {
        true
    }

    /// Writes the result for people.
    fn text(&self, page: &mut Page);
}

#[derive(Serialize)]
struct Document<'a, R> {
    schema: &'static str,
    #[serde(flatten)]
    body: &'a R,
    warnings: &'a [Notice],
}

/// Renders a result as one JSON document, with the warnings in it.
pub fn to_json<R: Report>(report: &R, warnings: &[Notice]) -> String {
    let document = Document {
        schema: R::SCHEMA,
        body: report,
        warnings,
    };
    let text = serde_json::to_string_pretty(&document).expect("a report of strings and numbers serialises");
    format!("{}\n", gsec_pki::encoding::visible::visible_json(&text))
}

/// Renders a result for people, with details when `verbose`, for this screen.
pub fn to_text<R: Report>(report: &R, verbose: bool, screen: Screen) -> String {
    let mut page = Page::new(verbose).on(screen);
    report.text(&mut page);
    page.into_text()
}
