//! What an inventory asks for each host.

use std::collections::HashMap;
use std::num::NonZero;
use std::ops::Range;

use time::{Duration, OffsetDateTime};

use crate::bundle::{Account, BundleError, BundleName, Dest, Order, Store, Unit, parse_mode};
use crate::target::{CHOICES, Content, Target};
use gsec_ca::authority::{
    Authority, AuthorityError, Batch, Delivery, HostKey, HostOrder, HostPattern, OutFiles, OutNames,
};
use gsec_pki::key::{KeyAlgorithm, KeyFormat, RsaBits};
use gsec_pki::pkcs12::PfxEncryption;
use gsec_pki::x509::GeneralName;
use gsec_platform::inventory;
use gsec_platform::inventory::{Certificate, Host, Inventory, KeyMade, Os};

/// How long before its end a certificate is renewed where the inventory does not say it.
const RENEW_BEFORE: Duration = Duration::days(30);
/// The profile where the inventory does not say it.
const PROFILE: &str = "host";

/// Why nothing can be done for a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostProblem {
    /// The host, as the inventory calls it.
    pub host: String,
    /// A stable name.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

/// What an inventory asks for a host and cannot be done, and where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFault {
    /// A stable name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The bytes of the value.
    pub span: Range<usize>,
}

impl HostFault {
    fn new(code: &'static str, message: impl Into<String>, span: &Range<usize>) -> Self {
        Self {
            code,
            message: message.into(),
            span: span.clone(),
        }
    }

    fn of(self, host: &Host) -> HostProblem {
        HostProblem {
            host: host.name.to_string(),
            code: self.code.to_owned(),
            message: self.message,
        }
    }
}

/// A bundle that a host is to get.
pub struct WantedBundle {
    /// What its directory is called: the target, and where it has one, the name.
    pub folder: String,
    /// What it is to be.
    pub order: Order,
}

/// A host that is to have a certificate.
pub struct FleetHost<'a> {
    /// What the inventory says.
    pub host: &'a Host,
    /// Its fully qualified name, or its address.
    pub name: GeneralName,
    /// How long before its end its certificate is renewed.
    pub renew_before: Duration,
    /// Whether its key is made on the host.
    pub is_key_on_host: bool,
    /// Its bundles.
    pub bundles: Vec<WantedBundle>,
    profile: String,
    pub(super) key: KeyAlgorithm,
    /// Whether the inventory names the kind of its key.
    pub(super) is_kind_asked: bool,
}

/// The hosts of an inventory that are to have certificates.
pub struct Fleet<'a> {
    /// The inventory.
    pub inventory: &'a Inventory,
    /// The hosts, in its order.
    pub hosts: Vec<FleetHost<'a>>,
    /// Hosts for which nothing can be done.
    pub problems: Vec<HostProblem>,
    /// Which hosts these are, where they are not all.
    only: Option<HostPattern>,
}

impl<'a> Fleet<'a> {
    /// Reads what an inventory asks for. A kind of key that is not asked for is that of the host's present certificate.
    ///
    /// # Errors
    /// [`AuthorityError`] where the CA cannot be asked.
    pub fn of(
        inventory: &'a Inventory,
        authority: &Authority,
        now: OffsetDateTime,
    ) -> Result<Self, AuthorityError> {
        let (mut hosts, mut problems) = (Vec::new(), Vec::new());
        let mut seen: HashMap<String, &'a str> = HashMap::new();
        for host in inventory
            .hosts
            .iter()
            .filter(|host| host.certificate.value == Certificate::Host)
        {
            match fleet_host(inventory, host) {
                Err(fault) => problems.push(fault.of(host)),
                Ok(wanted) => {
                    match seen.insert(wanted.name.to_string().to_ascii_lowercase(), host.name.as_str()) {
                        Some(first) => problems.push(HostProblem {
                            host: host.name.to_string(),
                            code: "fleet-duplicate-fqdn".into(),
                            message: format!("its name {} is that of `{first}` too", wanted.name),
                        }),
                        None => hosts.push(wanted),
                    }
                }
            }
        }
        let mut fleet = Self {
            inventory,
            hosts,
            problems,
            only: None,
        };
        fleet.keep_key_kinds(authority, now)?;
        fleet.hosts.iter_mut().for_each(FleetHost::place_key);
        Ok(fleet)
    }

    /// A kind of key that is not asked for is that of the host's present certificate, where the profile admits it. What is wrong with the
    /// profile is found when the certificate is planned.
    fn keep_key_kinds(&mut self, authority: &Authority, now: OffsetDateTime) -> Result<(), AuthorityError> {
        let is_open = |host: &&mut FleetHost<'_>| !host.is_kind_asked;
        let open: Vec<&mut FleetHost<'_>> = self.hosts.iter_mut().filter(is_open).collect();
        if open.is_empty() {
            return Ok(());
        }
        let newest = authority.newest_valid_of_each(open.iter().map(|host| &host.name), now)?;
        for (host, newest) in open.into_iter().zip(newest) {
            let kept = newest.and_then(|newest| authority.key_kind_to_keep(&newest, &host.profile).ok()?);
            host.key = kept.unwrap_or(host.key);
        }
        Ok(())
    }

    /// Calls `work` with what the hosts ask of the CA.
    pub fn with_batch<T>(&self, jobs: NonZero<usize>, work: impl FnOnce(&Batch<'_>) -> T) -> T {
        let delivery = delivery();
        work(&Batch {
            order: &|at| self.order(at),
            delivery: &delivery,
            jobs,
            fail_fast: false,
            examines_all: true,
            renew_before: &|at| self.hosts[at].renew_before,
        })
    }

    /// Those whose name or fully qualified name a pattern admits: `*` stands for any text, `?` for one character.
    #[must_use]
    pub fn only(mut self, pattern: &str) -> Self {
        self.only = Some(HostPattern::new(pattern));
        let mut hosts = std::mem::take(&mut self.hosts);
        hosts.retain(|host| self.admits(host.host));
        let mut problems = std::mem::take(&mut self.problems);
        problems.retain(|problem| {
            self.inventory
                .host(&problem.host)
                .is_some_and(|host| self.admits(host))
        });
        Self {
            hosts,
            problems,
            ..self
        }
    }

    /// Whether these are all hosts: of a part it cannot be said what is gone.
    pub(super) fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    /// Whether a host is one of those that were asked for, with a certificate or without.
    pub fn admits(&self, host: &Host) -> bool {
        let Some(only) = &self.only else { return true };
        let fqdn = host.fqdn.as_ref().map(|name| name.value.value());
        let address = host.address.as_ref().map(|address| address.value.to_string());
        let name = fqdn.or(address).unwrap_or_default();
        only.matches(host.name.as_str()) || only.matches(&name)
    }

    /// What the CA refuses of it, whatever certificates there are: the policy, the names and the keys that it knows. A profile that there
    /// is not counts as refused, too.
    pub fn refused(&self, authority: &Authority, now: OffsetDateTime) -> Vec<(&'a Host, AuthorityError)> {
        let refused = |(at, host): (usize, &FleetHost<'a>)| {
            let error = authority.plan_host(self.order(at), now).err()?;
            Some((host.host, error))
        };
        self.hosts.iter().enumerate().filter_map(refused).collect()
    }

    /// What the host at a place asks of the CA.
    pub(super) fn order(&self, at: usize) -> HostOrder {
        let host = &self.hosts[at];
        HostOrder {
            further_names: host.host.names.iter().map(|name| name.value.clone()).collect(),
            ..HostOrder::new(
                Some(host.name.clone()),
                HostKey::Generate(host.key),
                &host.profile,
            )
        }
    }
}

/// What [`Fleet::of`] refuses of each host by itself: what is wrong with its bundles. Whether there is a CA does not matter.
pub fn faults(inventory: &Inventory) -> Vec<HostFault> {
    let hosts = inventory.hosts.iter();
    hosts
        .filter(|host| host.certificate.value == Certificate::Host)
        .filter_map(|host| wanted_bundles(host).err())
        .collect()
}

/// The CA keeps certificate and key, of which bundles are made.
pub(super) fn delivery() -> Delivery {
    Delivery {
        pfx: None,
        key_format: KeyFormat::default(),
        out_dir: None,
        out_names: OutNames::Serial,
        out_files: OutFiles::default(),
        keep_key: true,
    }
}

fn fleet_host<'a>(inventory: &'a Inventory, host: &'a Host) -> Result<FleetHost<'a>, HostFault> {
    let name = name_of(host).ok_or_else(|| {
        let message = "it has neither a fully qualified name nor an address";
        HostFault::new("fleet-no-name", message, &host.name.span)
    })?;
    let bundles = wanted_bundles(host)?;
    let profile = host.profile.as_ref().or(inventory.defaults.profile.as_ref());
    let asked = host.key_type.as_ref().or(inventory.defaults.key_type.as_ref());
    let renew_before = host
        .renew_before
        .as_ref()
        .or(inventory.defaults.renew_before.as_ref());
    Ok(FleetHost {
        host,
        name,
        renew_before: renew_before.map_or(RENEW_BEFORE, |time| time.value),
        is_key_on_host: host.key.value == KeyMade::OnHost,
        bundles,
        profile: profile.map_or_else(|| PROFILE.to_owned(), |profile| profile.value.clone()),
        key: asked.map_or(KeyAlgorithm::Rsa(RsaBits::default()), |key| key.value),
        is_kind_asked: asked.is_some(),
    })
}

/// The name that its certificate is for.
fn name_of(host: &Host) -> Option<GeneralName> {
    match (&host.fqdn, &host.address) {
        (Some(name), _) => Some(name.value.clone()),
        (None, address) => Some(GeneralName::Ip(address.as_ref()?.value)),
    }
}

/// The bundles of a host, each with a directory of its own here and on the host.
fn wanted_bundles(host: &Host) -> Result<Vec<WantedBundle>, HostFault> {
    let (mut wanted, mut places) = (Vec::<WantedBundle>::new(), Vec::new());
    let name = name_of(host).map(|name| name.value()).unwrap_or_default();
    for bundle in &host.bundles {
        let made = wanted_bundle(host, bundle)?;
        if wanted.iter().any(|other| other.folder == made.folder) {
            let message = format!(
                "two of its bundles are `{}`: give one of them a name",
                made.folder
            );
            let at = bundle.name.as_ref().unwrap_or(&bundle.target);
            return Err(HostFault::new("fleet-duplicate-bundle", message, &at.span));
        }
        let place = made.order.place_on(&name);
        if let Some(place) = place.filter(|place| places.contains(place)) {
            let message = format!(
                "two of its bundles go to `{place}`, and each would take the place of the other: give one of them a name or a dest"
            );
            let at = bundle.dest.as_ref().unwrap_or(&bundle.target);
            return Err(HostFault::new("fleet-duplicate-dest", message, &at.span));
        }
        places.extend(made.order.place_on(&name));
        wanted.push(made);
    }
    Ok(wanted)
}

fn wanted_bundle(host: &Host, bundle: &inventory::Bundle) -> Result<WantedBundle, HostFault> {
    let unknown = |code, what: &str, text: &Text| {
        let shown = gsec_pki::encoding::visible::visible(text);
        HostFault::new(code, format!("`{shown}` is not a {what} of a bundle"), &text.span)
    };
    let target = Target::named(&bundle.target)
        .ok_or_else(|| unknown("fleet-unknown-target", "target", &bundle.target))?;
    let content = |short: &String| CHOICES.into_iter().find(|content| content.short_name() == short);
    let files = bundle
        .files
        .iter()
        .map(|file| content(file).ok_or_else(|| unknown("fleet-unknown-file", "file", file)));
    let files = files.collect::<Result<Vec<Content>, _>>()?;
    let mode = match &bundle.mode {
        Some(text) => Some(parse_mode(text).ok_or_else(|| unknown("fleet-unknown-mode", "mode", text))?),
        None => None,
    };
    let encryption = match &bundle.pfx_encryption {
        Some(name) => PfxEncryption::ALL
            .into_iter()
            .find(|encryption| encryption.name() == name.value),
        None => None,
    };
    // Windows up to Server 2016 reads no PKCS #12 file with AES.
    let is_old = host.os.as_ref().is_some_and(|os| os.value == Os::Windows2016);
    let of_host = if is_old {
        PfxEncryption::Compat
    } else {
        PfxEncryption::Modern
    };
    let mut order = Order {
        target,
        name: typed(&bundle.name, |text| BundleName::parse_for(target, text))?,
        dest: typed(&bundle.dest, Dest::parse)?,
        owner: typed(&bundle.owner, Account::parse)?,
        group: typed(&bundle.group, Account::parse)?,
        mode,
        unit: typed(&bundle.service, Unit::parse)?,
        files: (!files.is_empty()).then_some(files),
        old_names: bundle.old_names,
        without_key: false,
        key_on_host: None,
        store: Store {
            password: None,
            encryption: encryption.unwrap_or(of_host),
        },
    };
    // What has no key stays the same without it.
    order.without_key = host.key.value == KeyMade::OnHost && order.has_key_file();
    let refused = |error: BundleError| said(&error, place(bundle, &error));
    order.check().map_err(refused)?;
    if order.without_key && order.is_installed_by_shell() {
        order.expect_key_on_host().map_err(refused)?;
    }
    let folder = match &order.name {
        Some(name) => format!("{}-{}", target.name, name.as_str().replace(':', "_")),
        None => target.name.to_owned(),
    };
    Ok(WantedBundle { folder, order })
}

type Text = inventory::Located<String>;

fn typed<T>(
    text: &Option<Text>,
    parse: impl FnOnce(&str) -> Result<T, BundleError>,
) -> Result<Option<T>, HostFault> {
    let parsed = |text: &Text| parse(text).map_err(|error| said(&error, &text.span));
    text.as_ref().map(parsed).transpose()
}

fn said(error: &BundleError, span: &Range<usize>) -> HostFault {
    HostFault::new(error.code(), error.to_string(), span)
}

/// The value that an error is about.
fn place<'a>(bundle: &'a inventory::Bundle, error: &BundleError) -> &'a Range<usize> {
    let value = match error {
        BundleError::KeyMode(_) => bundle.mode.as_ref(),
        BundleError::NotForTarget { option, .. } => match *option {
            "--files" => bundle.files.first(),
            "--service" => bundle.service.as_ref(),
            "--names old" => None,
            _ => [&bundle.owner, &bundle.group, &bundle.mode, &bundle.dest]
                .into_iter()
                .flatten()
                .next(),
        },
        _ => None,
    };
    &value.unwrap_or(&bundle.target).span
}
