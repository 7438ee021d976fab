//! What there is, beside what is to be: the plan.

use std::collections::BTreeMap;
use std::num::NonZero;

use time::OffsetDateTime;

use super::bundles::{BundleChange, made, sources};
use super::own_key::{reason_of, reasons_of_key};
use super::settings::{Standing, settings_and_restarts};
use super::{BundleStep, BundleWork, CertificateStep, Fleet, FleetHost, HostProblem, Output, Plan, Reason};
use crate::bundle::{BundleError, FolderState};
use gsec_ca::authority::{
    Authority, AuthorityError, Batch, Delivery, Deviation, Examined, HostKey, Remedy, RenewalMargin,
    RowResult,
};
use gsec_env::{cores, parallel_map};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::{Certificate, SerialNumber};

/// What was found, and what follows.
pub struct Look {
    /// What is to be done.
    pub plan: Plan,
    /// What was seen of the records, for `Authority::issue_batch`.
    pub examined: Examined,
    /// The places of the hosts for which certificates are to be issued here.
    pub wanted: Vec<usize>,
    /// The places of the hosts whose certificates are to be issued for keys that are made there.
    pub wanted_there: Vec<usize>,
    /// Hosts whose certificate stays, and whose bundles are to be written.
    pub bundles: Vec<BundleWork>,
    /// Hosts whose certificate stays.
    pub present: Vec<BundleWork>,
}

/// What a host has.
pub enum Has {
    /// A certificate as asked for.
    Certificate(SerialNumber),
    /// None.
    Wanted {
        /// The one in whose place a new one comes.
        replaces: Option<SerialNumber>,
        /// Why.
        reasons: Vec<Reason>,
    },
    /// It cannot have one.
    Problem(HostProblem),
}

/// What each host has, in the order of the fleet. Of bundles nothing is looked at.
///
/// # Errors
/// [`AuthorityError`] where the CA cannot be asked.
pub fn certificates(
    fleet: &Fleet<'_>,
    authority: &Authority,
    jobs: NonZero<usize>,
    now: OffsetDateTime,
) -> Result<Vec<Has>, AuthorityError> {
    let (_, has) = fleet.with_batch(jobs, |batch| examine(fleet, authority, batch, now))?;
    Ok(has)
}

/// What the bundles of a host come to.
type Bundles = Result<(Option<Certificate>, Vec<BundleChange>), BundleError>;

impl Look {
    /// Looks at certificates and bundles, and changes nothing.
    ///
    /// # Errors
    /// [`BundleError`] where the CA or the directory of bundles cannot be read.
    pub fn take(
        fleet: &Fleet<'_>,
        authority: &Authority,
        output: &Output,
        jobs: NonZero<usize>,
        now: OffsetDateTime,
    ) -> Result<Self, BundleError> {
        let (examined, has) = fleet.with_batch(jobs, |batch| examine(fleet, authority, batch, now))?;
        let shared = sources(authority)?;
        let look_at = |at: usize| -> Bundles {
            let host = &fleet.hosts[at];
            let Has::Certificate(serial) = &has[at] else {
                return output.expect_places(host).map(|()| (None, Vec::new()));
            };
            let certificate = authority.issued_certificate(serial)?;
            let made = made(authority, &shared, host, Ok(certificate.clone()), now);
            let changes = output.compare(host, made)?;
            Ok((certificate, changes))
        };
        let bundles = parallel_map(cores(), has.len(), look_at);
        let gone = output.gone(fleet)?;
        let mut look = Self {
            plan: Plan {
                problems: fleet.problems.clone(),
                gone: gone.bundles,
                ..Plan::default()
            },
            examined,
            wanted: Vec::new(),
            wanted_there: Vec::new(),
            bundles: Vec::new(),
            present: Vec::new(),
        };
        let mut standings = BTreeMap::new();
        for (at, (has, bundles)) in has.into_iter().zip(bundles).enumerate() {
            let standing = look.take_host(&fleet.hosts[at], at, has, bundles, output);
            standings.insert(fleet.hosts[at].host.name.as_str(), standing);
        }
        let (settings, restarts, notices) = settings_and_restarts(fleet.inventory, &standings);
        look.plan.settings = settings;
        look.plan.restarts = restarts;
        look.plan.notices = notices;
        look.plan
            .notices
            .extend(gone.others.iter().map(|path| left_over(path)));
        Ok(look)
    }

    /// Adds what is to be done for a host; returns what its certificate comes to.
    fn take_host(
        &mut self,
        host: &FleetHost<'_>,
        at: usize,
        has: Has,
        bundles: Bundles,
        output: &Output,
    ) -> Standing {
        let name = host.host.name.to_string();
        match (has, bundles) {
            (Has::Problem(problem), _) => {
                self.plan.problems.push(problem);
                Standing::Unknown
            }
            (Has::Wanted { .. } | Has::Certificate(_), Err(error)) => {
                self.plan.problems.push(HostProblem {
                    host: name,
                    code: error.code().to_owned(),
                    message: error.to_string(),
                });
                Standing::Unknown
            }
            (Has::Wanted { replaces, reasons }, _) => {
                for wanted in &host.bundles {
                    let is_new = output.path(host, &wanted.folder).symlink_metadata().is_err();
                    let reason = Reason {
                        code: "certificate".into(),
                        message: "the certificate is new".into(),
                    };
                    self.plan
                        .bundles
                        .push(bundle_step(host, wanted, is_new, vec![reason]));
                }
                self.plan.certificates.push(CertificateStep {
                    host: name,
                    replaces: replaces.map(|serial| serial.to_string()),
                    reasons,
                    is_key_on_host: host.is_key_on_host,
                });
                match host.is_key_on_host {
                    true => self.wanted_there.push(at),
                    false => self.wanted.push(at),
                }
                Standing::Changes
            }
            (Has::Certificate(serial), Ok((certificate, changes))) => {
                self.plan.unchanged.certificates += 1;
                self.plan.unchanged.bundles += host.bundles.len() - changes.len();
                self.plan.unchanged.hosts += usize::from(changes.is_empty());
                for change in &changes {
                    let (is_new, reasons) = reasons_of(&change.state);
                    self.plan
                        .bundles
                        .push(bundle_step(host, &host.bundles[change.bundle], is_new, reasons));
                }
                self.present.push(BundleWork {
                    host: at,
                    serial: serial.clone(),
                });
                if !changes.is_empty() {
                    self.bundles.push(BundleWork { host: at, serial });
                }
                certificate.map_or(Standing::Unknown, |certificate| {
                    Standing::Stays(certificate.thumbprints().sha1)
                })
            }
        }
    }
}

/// What a notice is called that something stays in the output directory.
pub const LEFT_OVER: &str = "fleet-left-over";

/// A key that nobody needs any more should not lie about.
fn left_over(path: &str) -> Reason {
    Reason {
        code: LEFT_OVER.into(),
        message: format!(
            "{} is not in the inventory, and not a bundle as gsec wrote it: `--prune` leaves it, with any key in it",
            visible(path)
        ),
    }
}

fn bundle_step(
    host: &FleetHost<'_>,
    wanted: &super::WantedBundle,
    is_new: bool,
    reasons: Vec<Reason>,
) -> BundleStep {
    BundleStep {
        host: host.host.name.to_string(),
        folder: wanted.folder.clone(),
        target: wanted.order.target.name,
        is_new,
        reasons,
        reloads: wanted.order.reloads().map(str::to_owned),
    }
}

fn reasons_of(state: &FolderState) -> (bool, Vec<Reason>) {
    match state {
        FolderState::Absent | FolderState::Same => (
            true,
            vec![Reason {
                code: "missing".into(),
                message: "there is none yet".into(),
            }],
        ),
        FolderState::Differs(files) => {
            // What is made of the others says nothing by itself.
            let made = ["SHA256SUMS", "manifest.json"];
            let told: Vec<&str> = files
                .iter()
                .map(String::as_str)
                .filter(|file| !made.contains(file))
                .collect();
            let told = if told.is_empty() {
                vec!["manifest.json"]
            } else {
                told
            };
            let reason = |file: &str| Reason {
                code: "file_differs".into(),
                message: format!("{file} differs"),
            };
            (false, told.into_iter().map(reason).collect())
        }
    }
}

/// What each host has.
fn examine(
    fleet: &Fleet<'_>,
    authority: &Authority,
    batch: &Batch<'_>,
    now: OffsetDateTime,
) -> Result<(Examined, Vec<Has>), AuthorityError> {
    let rows: Vec<usize> = (0..fleet.hosts.len())
        .filter(|at| !fleet.hosts[*at].is_key_on_host)
        .collect();
    let mut has: Vec<Option<Has>> = fleet.hosts.iter().map(|_| None).collect();
    let examined = authority.examine_batch(batch, &rows, false, now, &mut |row, result| {
        has[row] = Some(of_result(&fleet.hosts[row], result));
    })?;
    for (at, host) in fleet
        .hosts
        .iter()
        .enumerate()
        .filter(|(_, host)| host.is_key_on_host)
    {
        has[at] = Some(
            of_key_on_host(fleet, at, authority, batch.delivery, now)
                .unwrap_or_else(|error| problem(host, &error)),
        );
    }
    let missing = |at: usize| {
        Has::Problem(HostProblem {
            host: fleet.hosts[at].host.name.to_string(),
            code: "not_examined".into(),
            message: "it was skipped".into(),
        })
    };
    let has = has
        .into_iter()
        .enumerate()
        .map(|(at, has)| has.unwrap_or_else(|| missing(at)));
    Ok((examined, has.collect()))
}

fn problem(host: &FleetHost<'_>, error: &AuthorityError) -> Has {
    Has::Problem(HostProblem {
        host: host.host.name.to_string(),
        code: error.code().to_owned(),
        message: error.to_string(),
    })
}

fn of_result(host: &FleetHost<'_>, result: RowResult) -> Has {
    match result {
        RowResult::Present(row) | RowResult::Issued(row) => Has::Certificate(row.serial),
        RowResult::Failed(error) => problem(host, &error),
        RowResult::Wanted(wanted) => Has::Wanted {
            replaces: wanted.replaces,
            reasons: reasons(host, &wanted.reasons),
        },
    }
}

fn reasons(host: &FleetHost<'_>, deviations: &[Deviation]) -> Vec<Reason> {
    if deviations.is_empty() {
        return vec![Reason {
            code: "no_certificate".into(),
            message: format!(
                "there is no valid certificate for {} with its files",
                host.name.value()
            ),
        }];
    }
    let reason = |deviation: &Deviation| Reason {
        code: deviation.code().to_owned(),
        message: deviation.to_string(),
    };
    deviations.iter().map(reason).collect()
}

/// A host whose key is made there: its newest certificate says which key that is.
fn of_key_on_host(
    fleet: &Fleet<'_>,
    at: usize,
    authority: &Authority,
    delivery: &Delivery,
    now: OffsetDateTime,
) -> Result<Has, AuthorityError> {
    let host = &fleet.hosts[at];
    // What the policy refuses is found before the host is asked.
    authority.plan_host(fleet.order(at), now)?;
    let Some(newest) = authority.newest_valid(&host.name, now)? else {
        return Ok(Has::Wanted {
            replaces: None,
            reasons: reasons(host, &[]),
        });
    };
    let mut order = fleet.order(at);
    order.key = HostKey::Certified(Box::new(newest.public_key().clone()));
    let plan = match authority.plan_host(order, now) {
        // All else is permitted: another key is to be made.
        Err(error @ (AuthorityError::KeyCompromised { .. } | AuthorityError::Refused { .. })) => {
            return Ok(Has::Wanted {
                replaces: Some(newest.serial().clone()),
                reasons: vec![reason_of(&error)],
            });
        }
        plan => plan?,
    };
    let margin = RenewalMargin {
        now,
        renew_before: host.renew_before,
    };
    let comparison = authority.compare_host(&plan, delivery, margin)?;
    let of_key = reasons_of_key(host, newest.public_key(), authority)?;
    Ok(match (&comparison.remedy, &comparison.found) {
        (Remedy::Nothing | Remedy::Restore, Some(found)) if of_key.is_empty() => {
            Has::Certificate(found.certificate.serial().clone())
        }
        (remedy, found) => {
            let others = match remedy {
                Remedy::Nothing | Remedy::Restore => Vec::new(),
                _ => reasons(host, &comparison.deviations),
            };
            Has::Wanted {
                replaces: found.as_ref().map(|found| found.certificate.serial().clone()),
                reasons: others.into_iter().chain(of_key).collect(),
            }
        }
    })
}
