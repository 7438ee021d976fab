//! Which hosts are pushed to, what they get, and what keeps others from it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::Push;
use crate::cli::failure::Failure;
use gsec_deliver::bundle::Bundle;
use gsec_deliver::push::{Item, PushBundle, PushHost, PushState, Pushed, Remote, SshHost, SshUser};
use gsec_deliver::rollout::{BundleWork, FleetHost, ServingPort, make_again};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::Certificate;
use gsec_platform::inventory;
use gsec_platform::transport::Platform;
use gsec_report::{Problem, PushedBundle};

/// What became of the hosts before anything is pushed.
pub(in crate::cli::fleet) struct Before<'a> {
    /// Hosts with their certificates.
    pub(in crate::cli::fleet) certificates: &'a [BundleWork],
    /// Hosts of which something could not be done.
    pub(in crate::cli::fleet) failed: &'a [String],
    /// Hosts that have no certificate for a key of their own, by their places in the fleet.
    pub(in crate::cli::fleet) unsigned: &'a BTreeMap<usize, Problem>,
}

/// A host of the inventory that is to be pushed to.
pub(super) enum Prepared<'a> {
    /// It can be.
    Ready {
        host: Box<PushHost>,
        wanted: &'a FleetHost<'a>,
        /// For each bundle its port, where it is to be asked.
        ports: Vec<Option<ServingPort>>,
        certificate: Box<Certificate>,
    },
    /// It cannot.
    Refused {
        name: String,
        bundles: Vec<String>,
        why: Refusal,
    },
}

/// Why nothing is pushed to a host.
pub(super) struct Refusal {
    pub(super) state: PushState,
    pub(super) problem: Problem,
}

impl Refusal {
    fn skipped(message: &str) -> Self {
        Self {
            state: PushState::Skipped,
            problem: Problem::new("push-not-made", message),
        }
    }

    fn failed(code: &str, message: impl Into<String>) -> Self {
        Self {
            state: PushState::Failed,
            problem: Problem::new(code, message),
        }
    }
}

impl Prepared<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Ready { host, .. } => &host.name,
            Self::Refused { name, .. } => name,
        }
    }

    pub(super) fn bundles(&self) -> Vec<&str> {
        match self {
            Self::Ready { host, .. } => host.bundles.iter().map(|bundle| bundle.folder.as_str()).collect(),
            Self::Refused { bundles, .. } => bundles.iter().map(String::as_str).collect(),
        }
    }

    /// What is said of each bundle of a host that cannot be pushed to.
    pub(super) fn each(&self, tell: &dyn Fn(PushedBundle)) {
        if let Self::Refused { name, bundles, why } = self {
            for bundle in bundles {
                let pushed = super::reported(Pushed::new(name, bundle, why.state));
                tell(PushedBundle {
                    problem: Some(why.problem.clone()),
                    ..pushed
                });
            }
        }
    }
}

impl<'a> Push<'a> {
    /// The places in the fleet of the hosts that have a way to them.
    pub(in crate::cli::fleet) fn places(&self) -> Vec<usize> {
        let hosts = &self.fleet.hosts;
        (0..hosts.len()).filter(|at| has_way(&hosts[*at])).collect()
    }

    /// The hosts at these places, each with its bundles.
    pub(super) fn prepare(
        &self,
        places: &[usize],
        before: &Before<'_>,
    ) -> Result<Vec<Prepared<'a>>, Failure> {
        let has_way: HashSet<usize> = places.iter().copied().collect();
        let work: Vec<BundleWork> = before
            .certificates
            .iter()
            .filter(|work| has_way.contains(&work.host))
            .map(|work| BundleWork {
                host: work.host,
                serial: work.serial.clone(),
            })
            .collect();
        let made = make_again(self.fleet, &self.site.authority, &work, self.world.now)?;
        let mut made: BTreeMap<usize, _> = work
            .iter()
            .zip(made)
            .map(|(work, made)| (work.host, (work, made.map_err(|error| error.to_string()))))
            .collect();
        let failed: HashSet<&str> = before.failed.iter().map(String::as_str).collect();
        let prepare_one = |at: &usize| {
            let host = &self.fleet.hosts[*at];
            let is_failed = failed.contains(host.host.name.as_str());
            let one = self.expect_shell(host).and_then(|push| match made.remove(at) {
                _ if is_failed => Err(Refusal::skipped("its certificate or a bundle could not be made")),
                None => Err(match before.unsigned.get(at) {
                    Some(problem) => Refusal {
                        state: PushState::Failed,
                        problem: problem.clone(),
                    },
                    None => Refusal::skipped("the CA has no certificate for it"),
                }),
                Some((_, Err(why))) => Err(Refusal::failed("push-not-made", why)),
                Some((work, Ok(bundles))) => self.ready(*at, push, work, bundles),
            });
            one.unwrap_or_else(|why| Prepared::Refused {
                name: host.host.name.to_string(),
                bundles: host.bundles.iter().map(|bundle| bundle.folder.clone()).collect(),
                why,
            })
        };
        Ok(places.iter().map(prepare_one).collect())
    }

    /// The way to a host on which a shell installs.
    pub(super) fn expect_shell(&self, host: &FleetHost<'a>) -> Result<&'a inventory::Push, Refusal> {
        let message = "bundles for Windows are not pushed: copy the bundle there, and run Install.ps1";
        match &host.host.push {
            _ if self.fleet.inventory.platform(host.host) == Platform::Windows => {
                Err(Refusal::failed("push-windows", message))
            }
            Some(push) => Ok(push),
            None => Err(Refusal::skipped("the inventory names no way to it")),
        }
    }

    fn ready(
        &self,
        at: usize,
        push: &inventory::Push,
        work: &BundleWork,
        bundles: Vec<Bundle>,
    ) -> Result<Prepared<'a>, Refusal> {
        let wanted = &self.fleet.hosts[at];
        let remote = self
            .remote(wanted, push)
            .map_err(|message| Refusal::failed("push-address", message))?;
        let certificate = self.site.authority.issued_certificate(&work.serial);
        let certificate = certificate
            .map_err(|error| Refusal::failed("push-not-made", error.to_string()))?
            .ok_or_else(|| Refusal::failed("push-not-made", "its certificate is gone"))?;
        let ports: Vec<Option<ServingPort>> = (0..bundles.len())
            .map(|number| serving_port(wanted, at, number))
            .collect();
        let pushed = wanted.bundles.iter().zip(bundles).zip(&ports);
        let pushed = pushed.map(|((wanted, bundle), port)| PushBundle {
            folder: wanted.folder.clone(),
            installer: wanted.order.target.installer,
            bundle,
            is_probed: port.is_some(),
        });
        Ok(Prepared::Ready {
            host: Box::new(PushHost {
                name: wanted.host.name.to_string(),
                remote,
                mode: push.mode,
                bundles: pushed.collect(),
            }),
            wanted,
            ports,
            certificate: Box::new(certificate),
        })
    }

    /// How a host is reached; or what is wrong with what the inventory says.
    pub(super) fn remote(&self, host: &FleetHost<'_>, push: &inventory::Push) -> Result<Remote, String> {
        let address = push
            .address
            .as_ref()
            .map_or_else(|| host.host.reached_at(), |address| address.value.clone());
        let not = |what: &str, text: &str| {
            let text = visible(text);
            format!("`{text}` cannot be {what} of ssh: letters, digits and `._-`, not beginning with `-`")
        };
        let config = push.ssh_config.as_ref().map(|file| self.inventory.beside(file));
        let absolute = |file: &Path| std::path::absolute(file).map_err(|error| error.to_string());
        Ok(Remote {
            host: SshHost::parse(&address).ok_or_else(|| not("a host", &address))?,
            user: match &push.user {
                None => None,
                Some(user) => Some(SshUser::parse(user).ok_or_else(|| not("a user", user))?),
            },
            port: push.port.as_ref().map(|port| port.value),
            config: config.as_deref().map(absolute).transpose()?,
        })
    }

    /// For each host its number, and the hosts with the backups of its primary servers.
    pub(super) fn items(&self, places: &[usize]) -> Vec<Item> {
        let fleet = self.fleet;
        let mut items: Vec<Item> = places
            .iter()
            .map(|at| Item {
                order: fleet.hosts[*at].host.push.as_ref().map_or(0, |push| push.order),
                backups: Vec::new(),
            })
            .collect();
        let names = places.iter().map(|at| fleet.hosts[*at].host.name.as_str());
        let item_of: HashMap<&str, usize> = names.zip(0..).collect();
        let host_of = |app: &str| item_of.get(fleet.inventory.app(app)?.host.as_str()).copied();
        for pair in &fleet.inventory.pairs {
            if let (Some(primary), Some(backup)) = (host_of(&pair.primary), host_of(&pair.backup))
                && primary != backup
            {
                items[primary].backups.push(backup);
            }
        }
        items
    }
}

/// Whether bundles of a host are to be pushed.
pub(super) fn has_way(host: &FleetHost<'_>) -> bool {
    host.host.push.is_some() && !host.bundles.is_empty()
}

/// The port of a bundle, where the inventory names it.
fn serving_port(wanted: &FleetHost<'_>, at: usize, number: usize) -> Option<ServingPort> {
    let asked = &wanted.host.bundles[number];
    Some(ServingPort {
        host: at,
        of: wanted.bundles[number].folder.clone(),
        number: asked.port.as_ref()?.value,
        starttls: asked.probe.as_ref().map(|probe| probe.value.clone()),
    })
}
