//! Who can issue another certificate, and which are there already.

use std::path::PathBuf;

use crate::checks::Help;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, GeneralName};

/// What is known of the CA that can issue another certificate.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// The option that names the directory of the CA whose certificates are trusted here, as it is typed after a command: empty
    /// when the directory is found by itself. `None`: no such directory is known.
    pub ca_option: Option<CommandLine>,
    /// Whether this CA issued the certificate and has a record of it, so that it can be renewed by its serial number.
    pub is_issuer: bool,
    /// Whether another certificate is this CA's to issue: the certificate names it as its issuer, or is self-signed. What another CA issued,
    /// also one below this one, that CA issues again.
    pub is_in_charge: bool,
    /// The host that another certificate would be for.
    pub host: Option<GeneralName>,
    /// Whether the certificate is for that host, and has not merely to be.
    pub is_for_host: bool,
    /// The names that another certificate would have besides.
    pub further_names: Vec<GeneralName>,
    /// Whether the CA would renew the certificate.
    pub can_renew: bool,
    /// The profile that must be named to renew it.
    pub profile: Option<String>,
    /// What the CA would issue for these names.
    pub permitted: Vec<Order>,
    /// Newer valid certificates for the host from this CA, newest first: one of them only needs to be installed.
    pub successors: Vec<Successor>,
    /// Whether the contents of the CA directory contradict this machine's clock; then a user must check the clock before
    /// anything is issued.
    pub doubts_clock: bool,
    /// The certificate of the CA's former key that signed the certificate: its file.
    pub former_issuer: Option<PathBuf>,
    /// The CA's own certificate, and its file.
    pub authority: Option<(Certificate, PathBuf)>,
}

/// Maximum number of names in a command that a user should type.
const MAX_TYPED_NAMES: usize = 50;

/// A certificate that can take the place of another.
#[derive(Debug, Clone)]
pub struct Successor {
    /// It.
    pub certificate: Certificate,
    /// The file to install on the host.
    pub file: PathBuf,
}

/// What `gsec cert issue` needs besides the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The default: a certificate for a host.
    Host,
    /// A certificate for clients alone.
    Client,
    /// A certificate for servers alone.
    Server,
    /// A key that every peer knows.
    CommonKey,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Host, Self::Client, Self::Server, Self::CommonKey];

    /// The profile of `gsec.toml` that it is issued under.
    pub fn profile(self) -> &'static str {
        match self {
            Self::Host | Self::CommonKey => "host",
            Self::Client => "tls-client",
            Self::Server => "tls-server",
        }
    }

    fn options(self) -> &'static str {
        match self {
            Self::Host => "",
            Self::Client => "--profile tls-client",
            Self::Server => "--profile tls-server",
            Self::CommonKey => "--key-type p256",
        }
    }
}

impl Home {
    /// A CA of which nothing is known yet but its directory, and whom another certificate would be for.
    pub fn of(
        ca_option: Option<CommandLine>,
        certificate: &Certificate,
        wanted: Option<&GeneralName>,
    ) -> Self {
        let host = host_for(certificate, wanted);
        let names = names_of(certificate);
        // One without any name has its host in the common name.
        let is_for_host = names.is_empty() || host.as_ref().is_none_or(|host| names.contains(host));
        let others = names
            .into_iter()
            .filter(|name| is_for_host && Some(name) != host.as_ref() && name.is_issued_as_it_stands());
        Self {
            ca_option,
            further_names: others.collect(),
            is_for_host,
            host,
            ..Self::default()
        }
    }

    /// Issues again what a certificate has, with a new key; or installs what was issued already.
    pub fn renew(&self, certificate: &Certificate) -> Vec<Help> {
        let is_good_for_longer = |found: &Certificate| found.not_after() >= certificate.not_after();
        if let Some(found) = self.successors.iter().find(|found| {
            serves_like(&found.certificate, certificate) && is_good_for_longer(&found.certificate)
        }) {
            return vec![found.install()];
        }
        match &self.ca_option {
            Some(option) if self.is_issuer && self.is_for_host && self.can_renew => {
                let command = CommandLine::new("gsec cert renew").value(&certificate.serial().to_string());
                let profile = self
                    .profile
                    .as_ref()
                    .map(|profile| CommandLine::new("--profile").value(profile))
                    .unwrap_or_default();
                self.unless_clock_is_wrong(command.then(&profile).then(option))
            }
            _ => self.order(certificate, Order::Host, None),
        }
    }

    /// Issues for the host; or installs what was issued already.
    pub fn issue(&self, certificate: &Certificate, order: Order) -> Vec<Help> {
        self.issue_with(certificate, order, None, &|_| true)
    }

    /// Issues for the host, with a further name where it is missing; or installs what was issued already and is as it should be.
    pub fn issue_with(
        &self,
        certificate: &Certificate,
        order: Order,
        name: Option<&GeneralName>,
        is_right: &dyn Fn(&Certificate) -> bool,
    ) -> Vec<Help> {
        let fits = |found: &Certificate| {
            let serves = match order {
                Order::Host => serves_like(found, certificate),
                Order::Client => found.permits(&ExtendedKeyUsage::ClientAuth),
                Order::Server => found.permits(&ExtendedKeyUsage::ServerAuth),
                Order::CommonKey => {
                    serves_like(found, certificate)
                        && found.public_key().algorithm() == Some(KeyAlgorithm::P256)
                }
            };
            serves && name.is_none_or(|name| names_of(found).contains(name)) && is_right(found)
        };
        match self.successors.iter().find(|found| fits(&found.certificate)) {
            Some(found) => vec![found.install()],
            None => self.order(certificate, order, name),
        }
    }

    /// Issues for what a certificate was good for and no more; or installs what was issued already.
    pub fn issue_like(&self, certificate: &Certificate) -> Vec<Help> {
        self.issue(
            certificate,
            match certificate.extended_key_usage() {
                Some([ExtendedKeyUsage::ClientAuth]) => Order::Client,
                Some([ExtendedKeyUsage::ServerAuth]) => Order::Server,
                _ => Order::Host,
            },
        )
    }

    /// Help that re-issues another CA's certificate from the local CA, if that is acceptable.
    pub fn issue_instead(&self, certificate: &Certificate) -> Option<Help> {
        let in_charge = Self {
            is_in_charge: true,
            ..self.clone()
        };
        match in_charge.issue_again(certificate).into_iter().next()? {
            Help::Fix(command) => Some(Help::Advice(
                Prose::new("If the CA here should issue for this host instead: ").typed(&command),
            )),
            _ => None,
        }
    }

    /// Issues for the host, whatever was issued already.
    pub fn issue_again(&self, certificate: &Certificate) -> Vec<Help> {
        self.order(certificate, Order::Host, None)
    }

    fn order(&self, certificate: &Certificate, order: Order, name: Option<&GeneralName>) -> Vec<Help> {
        let Some((option, host)) = self
            .ca_option
            .as_ref()
            .zip(self.host.as_ref())
            .filter(|_| self.is_in_charge)
        else {
            return vec![elsewhere(certificate)];
        };
        if !self.permitted.contains(&order) {
            let words = Prose::new("The CA here does not issue a certificate for ").name(&host.value());
            let why = vec![Help::Advice(
                words.words(" and everything else in this one: gsec cert issue says why."),
            )];
            return if self.doubts_clock {
                std::iter::once(look_at_the_clock()).chain(why).collect()
            } else {
                why
            };
        }
        if self.further_names.len() > MAX_TYPED_NAMES {
            let words = Prose::new("Issue another for ")
                .name(&host.value())
                .words(" and the other names of this one, with gsec cert issue --from and a list.");
            return vec![Help::Advice(words)];
        }
        let further = self
            .further_names
            .iter()
            .chain(name.filter(|name| *name != host && !self.further_names.contains(name)));
        let command = CommandLine::new("gsec cert issue --host").value(&host.value());
        let command = further.fold(command, |command, name| {
            command.words("--san").value(&name.to_string())
        });
        self.unless_clock_is_wrong(command.words(order.options()).then(option))
    }

    /// What was issued already for the host with this key, installed.
    pub fn install_of_key(&self, key: &gsec_pki::key::PublicKey) -> Option<Help> {
        self.successors
            .iter()
            .find(|found| found.certificate.public_key().is_pair_of(key))
            .map(Successor::install)
    }

    /// Renews the certificate of a CA, or hands on the one that has been renewed already.
    pub fn renew_authority(&self, certificate: &Certificate) -> Vec<Help> {
        let subject = certificate.subject().to_string();
        vec![match (&self.ca_option, &self.authority) {
            (Some(option), Some((own, _))) if own == certificate && certificate.is_self_issued() => {
                return self.unless_clock_is_wrong(CommandLine::new("gsec ca renew").then(option));
            }
            (Some(_), Some((own, _))) if own == certificate => {
                Help::Advice(Prose::new("Have the parent CA ").name(&certificate.issuer().to_string()).words(
                    " renew it: with gsec ca renew and --parent if that CA is on this machine, otherwise with \
                     gsec ca request, sign and accept.",
                ))
            }
            (Some(_), Some((own, file))) if own.subject() == certificate.subject() && own.not_after() > certificate.not_after() => {
                Help::Advice(Prose::new("This CA has a newer certificate: give ").path(file).words(" to everyone who has this one."))
            }
            _ => Help::Advice(Prose::new("Have the CA ").name(&subject).words(" renew its certificate.")),
        }]
    }
}

impl Home {
    /// Help that updates the CRL, if the local CA makes it.
    pub fn update_crl(&self) -> Option<Vec<Help>> {
        let option = self.ca_option.as_ref()?;
        Some(self.unless_clock_is_wrong(CommandLine::new("gsec crl update").then(option)))
    }

    /// A command that makes something with a date in it.
    fn unless_clock_is_wrong(&self, command: CommandLine) -> Vec<Help> {
        if !self.doubts_clock {
            return vec![Help::Fix(command)];
        }
        vec![
            look_at_the_clock(),
            Help::Advice(Prose::new("If this clock is right: ").typed(&command)),
        ]
    }
}

/// What shows whether a clock is wrong.
pub(in crate::checks) fn look_at_the_clock() -> Help {
    Help::Look(CommandLine::new("date -u"))
}

impl Successor {
    /// What the CA issued already need only be installed.
    pub fn install(&self) -> Help {
        Help::Advice(
            Prose::new("Install ")
                .path(&self.file)
                .words(" with its key in its place, and reload the program that uses it."),
        )
    }
}

/// Whether a certificate is good for what another one is good for.
fn serves_like(new: &Certificate, old: &Certificate) -> bool {
    let is_for_clients_only =
        !old.permits(&ExtendedKeyUsage::ServerAuth) && old.permits(&ExtendedKeyUsage::ClientAuth);
    new.permits(if is_for_clients_only {
        &ExtendedKeyUsage::ClientAuth
    } else {
        &ExtendedKeyUsage::ServerAuth
    })
}

/// The names of a certificate, including an address that is in a dNSName.
fn names_of(certificate: &Certificate) -> Vec<GeneralName> {
    let typed = |name: &GeneralName| match name.is_dns_name() {
        true => GeneralName::parse_host(&name.value()).unwrap_or_else(|_| name.clone()),
        false => name.clone(),
    };
    certificate
        .subject_alternative_names()
        .unwrap_or_default()
        .iter()
        .map(typed)
        .collect()
}

/// The host for which a new certificate is issued: the required one, otherwise the certificate's first name, otherwise its
/// common name. `None` for a CA certificate.
fn host_for(certificate: &Certificate, wanted: Option<&GeneralName>) -> Option<GeneralName> {
    if wanted.is_some() || certificate.is_authority() && !certificate.is_self_issued() {
        return wanted.cloned();
    }
    let own = names_of(certificate)
        .into_iter()
        .find(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
    // The name of a CA is often one word, which would do for a host's as well.
    let is_host = |name: &&String| !certificate.is_authority() || name.contains('.');
    own.or_else(|| {
        certificate
            .subject()
            .common_names()
            .iter()
            .filter(is_host)
            .find_map(|name| GeneralName::parse_host(name).ok())
    })
}

fn elsewhere(certificate: &Certificate) -> Help {
    if certificate.is_self_issued() {
        return Help::advice("Have a CA that clients trust issue a certificate for the host.");
    }
    Help::Advice(
        Prose::new("Have the CA ")
            .name(&certificate.issuer().to_string())
            .words(" issue a new certificate."),
    )
}

#[cfg(test)]
mod tests {
    use rcgen::SanType;

    use super::*;
    use crate::checks::tests::certificates::{Change, Identity, in_days, root};

    /// The local CA, which issued the certificate and would issue everything.
    fn home(certificate: &Certificate) -> Home {
        Home {
            is_issuer: true,
            is_in_charge: true,
            can_renew: true,
            permitted: Order::ALL.to_vec(),
            ..Home::of(Some(CommandLine::new("--ca-dir /srv/ca")), certificate, None)
        }
    }

    fn words(help: &[Help]) -> String {
        match help {
            [Help::Fix(command)] => format!("fix: {command}"),
            [Help::Look(look), Help::Advice(words)] => format!("look: {look}; {words}"),
            [Help::Advice(words)] => words.to_string(),
            other => format!("{other:?}"),
        }
    }

    fn host() -> Certificate {
        root().host("db1.example.com").certificate
    }

    #[test]
    fn who_renews_a_certificate() {
        let certificate = host();
        type Row = (&'static str, fn(&mut Home), &'static str);
        let rows: [Row; 7] = [
            ("this CA does", |_| {}, "fix: gsec cert renew 2A --ca-dir /srv/ca"),
            (
                "under a profile that must be named",
                |home| home.profile = Some("tls-server".into()),
                "fix: gsec cert renew 2A --profile tls-server --ca-dir /srv/ca",
            ),
            (
                "it would not, but it would issue for the host",
                |home| home.can_renew = false,
                "fix: gsec cert issue --host db1.example.com --ca-dir /srv/ca",
            ),
            (
                "another CA issued it",
                |home| (home.is_issuer, home.is_in_charge) = (false, false),
                "Have the CA 'CN=Example CA' issue a new certificate.",
            ),
            (
                "no directory is known",
                |home| home.ca_option = None,
                "Have the CA 'CN=Example CA' issue a new certificate.",
            ),
            (
                "its policy does not permit it",
                |home| (home.can_renew, home.permitted) = (false, Vec::new()),
                "The CA here does not issue a certificate for 'db1.example.com' and everything else in this one: gsec cert issue says why.",
            ),
            (
                "its directory speaks against the clock",
                |home| home.doubts_clock = true,
                "look: date -u; If this clock is right: gsec cert renew 2A --ca-dir /srv/ca",
            ),
        ];
        for (situation, change, expected) in rows {
            let mut home = home(&certificate);
            change(&mut home);
            assert_eq!(words(&home.renew(&certificate)), expected, "{situation}");
        }
    }

    fn successor(change: Change) -> Successor {
        Successor {
            certificate: root().host_with("db1.example.com", change).certificate,
            file: "/srv/ca/repository/2B_db1_cert.pem".into(),
        }
    }

    #[test]
    fn certificate_that_was_issued_already_is_installed() {
        let certificate = host();
        let with = |found: Successor| Home {
            successors: vec![found],
            ..home(&certificate)
        };
        let install = "Install '/srv/ca/repository/2B_db1_cert.pem' with its key in its place, and reload the program that uses it.";
        assert_eq!(words(&with(successor(|_| {})).renew(&certificate)), install);
        let earlier = with(successor(|params| params.not_after = in_days(100)));
        assert!(
            words(&earlier.renew(&certificate)).starts_with("fix: gsec cert renew"),
            "it ends before"
        );
        let of_clients = with(successor(|params| {
            params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        }));
        assert!(
            words(&of_clients.renew(&certificate)).starts_with("fix: gsec cert renew"),
            "it serves no server"
        );
        assert_eq!(words(&of_clients.issue(&certificate, Order::Client)), install);
        let key = of_clients.successors[0].certificate.public_key().clone();
        assert!(of_clients.install_of_key(&key).is_some());
        assert!(
            of_clients.install_of_key(certificate.public_key()).is_none(),
            "another key"
        );
    }

    #[test]
    fn what_is_issued_has_the_names_of_the_old_one() {
        let certificate = root()
            .host_with("db1.example.com", |params| {
                params
                    .subject_alt_names
                    .push(SanType::DnsName("10.0.0.9".try_into().expect("a name")));
            })
            .certificate;
        assert_eq!(
            words(&home(&certificate).issue(&certificate, Order::Host)),
            "fix: gsec cert issue --host db1.example.com --san ip:10.0.0.9 --ca-dir /srv/ca",
            "an address in a dNSName becomes one"
        );
        let wanted = GeneralName::parse_host("db2.example.com").expect("a host");
        let other = Home {
            is_in_charge: true,
            permitted: Order::ALL.to_vec(),
            ..Home::of(Some(CommandLine::new("")), &certificate, Some(&wanted))
        };
        assert_eq!(
            words(&other.issue(&certificate, Order::Host)),
            "fix: gsec cert issue --host db2.example.com",
            "another host gets none of its names"
        );
        let many = Home {
            further_names: vec![wanted; MAX_TYPED_NAMES + 1],
            ..home(&certificate)
        };
        assert!(words(&many.issue(&certificate, Order::Host)).contains("--from and a list"));
    }

    #[test]
    fn orders_name_what_is_asked_for() {
        let certificate = host();
        for (order, option) in [
            (Order::Host, ""),
            (Order::Client, " --profile tls-client"),
            (Order::Server, " --profile tls-server"),
            (Order::CommonKey, " --key-type p256"),
        ] {
            let expected = format!("fix: gsec cert issue --host db1.example.com{option} --ca-dir /srv/ca");
            assert_eq!(words(&home(&certificate).issue(&certificate, order)), expected);
        }
        let of_clients = root().host_with("app1.example.com", |params| {
            params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        });
        assert!(
            words(&home(&of_clients.certificate).issue_like(&of_clients.certificate))
                .contains("--profile tls-client")
        );
    }

    #[test]
    fn ca_of_another_issuer_only_advises() {
        let foreign = Identity::root("Other CA").host("db1.example.com").certificate;
        let home = Home {
            is_in_charge: false,
            ..home(&foreign)
        };
        let advice = home.issue_instead(&foreign).expect("this CA could issue");
        assert_eq!(
            words(&[advice]),
            "If the CA here should issue for this host instead: gsec cert issue --host db1.example.com --ca-dir /srv/ca"
        );
        let none = Home {
            ca_option: None,
            ..home
        };
        assert!(none.issue_instead(&foreign).is_none());
    }

    #[test]
    fn who_renews_the_certificate_of_a_ca() {
        let below = root().below("Middle CA", |_| {});
        let with = |own: &Identity| Home {
            ca_option: Some(CommandLine::new("--ca-dir /srv/ca")),
            authority: Some((own.certificate.clone(), "/srv/ca/ca_conf/ca_cert.pem".into())),
            ..Home::default()
        };
        let root_certificate = &root().certificate;
        assert_eq!(
            words(&with(root()).renew_authority(root_certificate)),
            "fix: gsec ca renew --ca-dir /srv/ca"
        );
        assert!(
            words(&with(&below).renew_authority(&below.certificate))
                .starts_with("Have the parent CA 'CN=Example CA' renew it")
        );
        let newer = root().again(|params| params.not_after = in_days(4000));
        assert!(
            words(&with(&newer).renew_authority(root_certificate))
                .starts_with("This CA has a newer certificate")
        );
        assert_eq!(
            words(&with(root()).renew_authority(&below.certificate)),
            "Have the CA 'CN=Middle CA' renew its certificate."
        );
    }
}
