//! Taking in the certificate that another CA has made of this one.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::authority::session::audit_of;
use crate::authority::{Authority, AuthorityError, Session, SubordinateError, Warning};
use crate::home::{CaDir, Held};
use crate::records::file::FileRecords;
use crate::records::{AuditHead, Entry, Records, Under, host_names};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::key::{PublicKey, SignatureCheck};
use gsec_pki::x509::path::{Finding, Question, Rule, Severity, path_room, validate, why_unchecked};
use gsec_pki::x509::{
    Certificate, DistinguishedName, ExtendedKeyUsage, GeneralName, KeyUsage, NameConstraints, decode_request,
    rfc3339,
};

/// A CA certificate that ends within this time is reported.
const ENDS_SOON: Duration = Duration::days(7);

/// A certificate that was looked at, with everything above it.
pub struct Acceptance {
    /// The directory.
    pub directory: CaDir,
    /// The CA's own certificate.
    pub certificate: Certificate,
    /// The certificates above it, the root last.
    pub chain: Vec<Certificate>,
    /// Keys above that the keys before them certified, for peers that trust a former root alone.
    pub changeover: Vec<Certificate>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// Whether a CA that has its certificate gets under another root with it, or becomes one.
    pub is_move: bool,
    /// Whose place it takes; `None` where the CA waits for its first.
    present: Option<Authority>,
}

/// A certificate that was taken in.
pub struct Accepted {
    /// Where the old one is; `None` where there was none.
    pub kept: Option<PathBuf>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

/// Why a certificate is not this CA's.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum AcceptError {
    /// None of the certificates is about the CA's key.
    #[error("no certificate contains the key of this CA (sha256 {key}): there is {}", found.join(", "))]
    NotOurKey {
        /// SHA-256 of the CA's SubjectPublicKeyInfo.
        key: String,
        /// Whom the certificates are about.
        found: Vec<String>,
    },
    /// The path from the certificate up to a root does not hold.
    #[error("the certificate of `{subject}` is not valid")]
    Path {
        /// The CA's name in it.
        subject: String,
        /// Everything that is wrong, the most specific first.
        findings: Vec<Finding>,
    },
    /// A signature on the path cannot be checked.
    #[error("whether the certificate of `{subject}` is valid is not known: `{certificate}`: {message}")]
    Unchecked {
        /// The CA's name in it.
        subject: String,
        /// Whose signature it is.
        certificate: String,
        /// Why it cannot be checked.
        message: String,
    },
    /// It does not say that it is a CA's.
    #[error("the certificate of `{subject}` is not a CA certificate: {problem}")]
    NotAnAuthority {
        /// The CA's name in it.
        subject: String,
        /// What it lacks.
        problem: &'static str,
    },
    /// Another name, and certificates that say the old one.
    #[error(
        "the certificate is for `{new}`, but this CA has issued certificates as `{old}`: no client would \
         find their issuer any more"
    )]
    OtherName {
        /// The name in the certificate.
        new: String,
        /// The name until now.
        old: String,
    },
    /// The same name in other bytes, and certificates that have the old ones.
    #[error(
        "the name `{0}` is encoded with other string types or letters than in the certificates that this CA \
         has issued: Go and rustls, among others, would not find their issuer any more"
    )]
    OtherNameEncoding(String),
    /// Another subjectKeyIdentifier, and certificates that say the old one.
    #[error(
        "its subject key identifier is {new}, but the certificates of this CA reference {old} as their \
         issuer's"
    )]
    OtherKeyIdentifier {
        /// The identifier in the certificate.
        new: String,
        /// The identifier until now.
        old: String,
    },
    /// Certificates whose authorityKeyIdentifier names the old certificate by issuer and serial number.
    #[error("{} valid certificates reference the present CA certificate by its issuer and serial number, and \
         are not valid with any other: {}", .0.count, .0.named().join(", "))]
    Bound(Sample<String>),
    /// The names of valid certificates are not permitted any more.
    #[error("the name constraints of the new path do not permit the names of {} valid certificates: {}", .0.count, .0.named().join(", "))]
    NotPermitted(Sample<String>),
}

impl AcceptError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOurKey { .. } => "accept.other_key",
            Self::Path { .. } => "accept.path",
            Self::Unchecked { .. } => "accept.signature_unchecked",
            Self::NotAnAuthority { .. } => "authority.not_a_ca",
            Self::OtherName { .. } => "accept.other_name",
            Self::OtherNameEncoding(_) => "accept.other_name_encoding",
            Self::OtherKeyIdentifier { .. } => "accept.other_key_identifier",
            Self::Bound(_) => "accept.bound_to_serial",
            Self::NotPermitted(_) => "accept.names_not_permitted",
        }
    }
}

impl Acceptance {
    /// Finds the CA's own certificate among those that are given, in whatever order, and the path from it up to a root; what is in
    /// `ca_cert.pem` already need not be given again. The CA key stays closed, and nothing is written.
    ///
    /// # Errors
    /// [`AuthorityError::Accept`]; [`AuthorityError::Subordinate`] when no CA is allowed there (RFC 5280
    /// §4.2.1.9); [`AuthorityError::Store`] when there is no CA here, nor one that waits.
    pub fn plan(
        directory: CaDir,
        given: &[Certificate],
        now: OffsetDateTime,
    ) -> Result<Self, AuthorityError> {
        let expected = Expected::of(directory)?;
        let certificate = expected.own_among(given)?;
        if let Some(problem) = certificate.lacking_for_authority() {
            return Err(AcceptError::NotAnAuthority {
                subject: certificate.subject().to_string(),
                problem,
            }
            .into());
        }
        let known: Vec<Certificate> = expected
            .known()
            .chain(given)
            .filter(|other| **other != certificate)
            .cloned()
            .collect();
        let mut warnings: Vec<Warning> = Vec::new();
        let chain = path_above(&certificate, &known, now, &mut warnings)?;
        let changeover = changeover_of(&chain, &known, now);
        expect_room(&certificate, &chain)?;
        expected.expect_same_name(&certificate, &mut warnings)?;
        if !certificate.lets_key(KeyUsage::CRL_SIGN) {
            warnings.push(Warning::NoCrlSign);
        }
        let path = std::iter::once(&certificate).chain(&chain);
        warnings.extend(Warning::of_excluded_purposes(path, &ExtendedKeyUsage::OF_TLS));
        if let Some(present) = &expected.present {
            present.expect_issued_to_hold(&certificate, now)?;
            present.expect_names_to_hold(&certificate, &chain, now)?;
            warnings.extend(present.outlived_by_issued(&certificate, now)?);
        }
        if certificate.not_after() - now < ENDS_SOON {
            warnings.push(Warning::AuthorityEndsSoon {
                not_after: certificate.not_after(),
            });
        }
        let moved = expected
            .present
            .as_ref()
            .and_then(|present| present.moved_under(&certificate, &chain, &changeover));
        let is_move = moved.is_some();
        warnings.splice(0..0, moved);
        Ok(Self {
            directory: expected.directory,
            certificate,
            chain,
            changeover,
            warnings,
            is_move,
            present: expected.present,
        })
    }

    /// The records of the CA, or of the one that waits, which has files.
    fn records(&self) -> Arc<dyn Records> {
        self.present.as_ref().map_or_else(
            || Arc::new(FileRecords::in_home(&self.directory)) as Arc<dyn Records>,
            Authority::shared_records,
        )
    }

    /// Whether it is what the CA has already.
    pub fn changes_nothing(&self) -> bool {
        self.present.as_ref().is_some_and(|present| {
            *present.certificate() == self.certificate
                && present.chain() == self.chain
                && present.above_changeover == self.changeover
        })
    }

    /// Puts the certificate and those above it into `ca_cert.pem`. An old one is kept.
    ///
    /// # Errors
    /// [`AuthorityError::Store`]; then everything is as it was.
    pub fn accept(&self, session: &mut Session<'_>) -> Result<Accepted, AuthorityError> {
        let content: String = std::iter::once(&self.certificate)
            .chain(&self.chain)
            .chain(&self.changeover)
            .map(Certificate::to_pem)
            .collect();
        let held = Held::begin(&self.directory, &mut session.wait)?;
        if let Some(present) = &self.present {
            held.expect_unchanged(&self.directory.ca_certificate(), present.certificate_file())?;
        }
        let entry =
            audit_of(&self.certificate, session).with("ca_serial", self.certificate.serial().to_string());
        let entry = entry
            .with("issuer", self.certificate.issuer().to_string())
            .with("not_after", rfc3339(self.certificate.not_after()));
        let audit_head = self
            .records()
            .announce(&[entry], &session.stamp(None), Under::Held(&held))?;
        let kept = match &self.present {
            Some(present) => {
                let old = (
                    present.certificate().public_key(),
                    present.certificate().serial(),
                    present.certificate_file(),
                );
                Some(held.replace_certificate(old, content.as_bytes())?)
            }
            None => {
                held.place_certificate(content.as_bytes())?;
                None
            }
        };
        Ok(Accepted { kept, audit_head })
    }
}

/// What a directory waits for: its key and name.
struct Expected {
    directory: CaDir,
    public_key: PublicKey,
    subject: DistinguishedName,
    present: Option<Authority>,
}

impl Expected {
    fn of(directory: CaDir) -> Result<Self, AuthorityError> {
        if !directory.is_waiting()? {
            let present = Authority::open(directory)?;
            let (public_key, subject) = (
                present.certificate().public_key().clone(),
                present.certificate().subject().clone(),
            );
            return Ok(Self {
                directory: present.directory().clone(),
                public_key,
                subject,
                present: Some(present),
            });
        }
        let path = directory.ca_request();
        let request = decode_request(&directory.read(&path)?)
            .map_err(|source| AuthorityError::Certificate { path, source })?;
        Ok(Self {
            public_key: request.public_key().clone(),
            subject: request.subject().clone(),
            directory,
            present: None,
        })
    }

    /// The newest of the certificates that are about the CA's key: a file may have the old one too.
    fn own_among(&self, given: &[Certificate]) -> Result<Certificate, AcceptError> {
        let own = given
            .iter()
            .filter(|certificate| *certificate.public_key() == self.public_key)
            .max_by_key(|certificate| certificate.not_before());
        own.cloned().ok_or_else(|| AcceptError::NotOurKey {
            key: encode(&self.public_key.pin(), Separator::None),
            found: given
                .iter()
                .map(|certificate| format!("`{}`", certificate.subject()))
                .collect(),
        })
    }

    /// What is above the CA now.
    fn known(&self) -> impl Iterator<Item = &Certificate> {
        self.present
            .iter()
            .flat_map(|present| present.chain().iter().chain(&present.above_changeover))
    }

    /// The name must stay once certificates say it; before, it is the CA above that gives it.
    fn expect_same_name(
        &self,
        certificate: &Certificate,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), AuthorityError> {
        let (old, new) = (self.subject.to_string(), certificate.subject().to_string());
        if self.subject.has_same_encoding(certificate.subject()) {
            return Ok(());
        }
        let is_same = self.subject == *certificate.subject();
        if has_records(&FileRecords::in_home(&self.directory))? {
            return Err(if is_same {
                AcceptError::OtherNameEncoding(old).into()
            } else {
                AcceptError::OtherName { new, old }.into()
            });
        }
        // Where only letters differ, the user sees another name.
        if old == new {
            return Ok(());
        }
        warnings.push(Warning::OtherName {
            asked: old,
            given: new,
        });
        Ok(())
    }
}

impl Authority {
    /// From where to where the CA moves with a new certificate, unless what is at the top of its path now is
    /// on the new one too, or was issued from there.
    fn moved_under(
        &self,
        certificate: &Certificate,
        chain: &[Certificate],
        changeover: &[Certificate],
    ) -> Option<Warning> {
        let new_path = || std::iter::once(certificate).chain(chain);
        let (old, new) = (self.path_upwards().last()?, new_path().last()?);
        let stays = match old.is_self_issued() {
            // The key above was changed, and the key before it says so.
            true => {
                old.public_key() == new.public_key() || changeover.iter().any(|cross| cross.is_issued_by(old))
            }
            false => !is_self_signed(certificate) && new_path().any(|above| old.is_issued_by(above)),
        };
        (!stays).then(|| Warning::MovesUnder {
            from: old.subject().to_string(),
            to: new.subject().to_string(),
        })
    }

    /// Whether the names that this CA has issued for hold below another certificate of its key (RFC 5280 §4.2.1.10).
    fn expect_names_to_hold(
        &self,
        new: &Certificate,
        chain: &[Certificate],
        now: OffsetDateTime,
    ) -> Result<(), AuthorityError> {
        let constraints: Vec<&NameConstraints> = std::iter::once(new)
            .chain(chain)
            .filter_map(Certificate::name_constraints)
            .collect();
        if constraints.is_empty() || constraints == self.constraints().collect::<Vec<_>>() {
            return Ok(());
        }
        let is_permitted = |certificate: &Certificate| {
            let names = certificate
                .subject_alternative_names()
                .map_or_else(|| host_names(certificate), <[_]>::to_vec);
            let subject = GeneralName::Directory(certificate.subject().clone());
            let holds = |name: &GeneralName| {
                constraints
                    .iter()
                    .all(|found| found.unreadable.is_none() && found.allows(name))
            };
            names.iter().chain([&subject]).all(holds)
        };
        let (mut refused, mut unread) = (Sample::default(), None);
        self.each_record(&mut |record| {
            if !record.is_valid_at(now) {
                return;
            }
            match self.certificate_in_file_of(&record.serial) {
                Ok(Some(certificate))
                    if certificate != *self.certificate() && !is_permitted(&certificate) =>
                {
                    refused.add(record.serial.to_string());
                }
                Ok(_) => {}
                Err(error) => unread = unread.take().or(Some(error)),
            }
        })?;
        if let Some(error) = unread {
            return Err(error);
        }
        if refused.count > 0 {
            Err(AcceptError::NotPermitted(refused).into())
        } else {
            Ok(())
        }
    }

    /// The valid certificates that end after another certificate of the CA's key, which ends sooner than the present one.
    fn outlived_by_issued(
        &self,
        new: &Certificate,
        now: OffsetDateTime,
    ) -> Result<Option<Warning>, AuthorityError> {
        if new.not_after() >= self.certificate().not_after() {
            return Ok(None);
        }
        let mut count = 0;
        self.each_record(&mut |record| {
            count += u64::from(record.is_valid_at(now) && record.expiry > new.not_after())
        })?;
        Ok((count > 0).then(|| Warning::IssuedOutlive {
            count,
            not_after: new.not_after(),
        }))
    }

    /// Whether what this CA has issued holds with another certificate of its key: a certificate may name its issuer's by key
    /// identifier, or by issuer and serial number (RFC 5280 §4.2.1.1).
    fn expect_issued_to_hold(&self, new: &Certificate, now: OffsetDateTime) -> Result<(), AuthorityError> {
        let present = self.certificate();
        let [old_identifier, new_identifier] = [present, new].map(Certificate::key_identifier_for_issued);
        if old_identifier != new_identifier && has_records(self.records())? {
            let [old, new] =
                [old_identifier, new_identifier].map(|identifier| encode(&identifier, Separator::None));
            return Err(AcceptError::OtherKeyIdentifier { new, old }.into());
        }
        if present.issuer().has_same_encoding(new.issuer())
            && present.serial_content() == new.serial_content()
        {
            return Ok(());
        }
        let issued = self.issued_under(now, &mut |_| {})?;
        if issued.bound.count > 0 {
            Err(AcceptError::Bound(issued.bound).into())
        } else {
            Ok(())
        }
    }
}

/// Whether the CA has issued anything.
fn has_records(records: &dyn Records) -> Result<bool, AuthorityError> {
    let mut has_one = false;
    records.visit(&mut |_, entry| {
        has_one |= matches!(entry, Entry::Record(_));
        if has_one {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(has_one)
}

/// The certificates above one, the root last. What is wrong with any of them now is an error.
fn path_above(
    certificate: &Certificate,
    known: &[Certificate],
    now: OffsetDateTime,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Certificate>, AcceptError> {
    let (anchors, untrusted): (Vec<Certificate>, Vec<Certificate>) = std::iter::once(certificate)
        .chain(known)
        .cloned()
        .partition(is_self_signed);
    let question = Question {
        untrusted: &untrusted,
        anchors: &anchors,
        ..Question::about(certificate, now)
    };
    let answer = validate(&question);
    let (mut errors, odd): (Vec<Finding>, Vec<Finding>) = answer
        .findings
        .into_iter()
        .partition(|finding| finding.severity == Severity::Error);
    // A root that is not known to have signed itself ends no path. What else is wrong comes first; where nothing is, nothing speaks against it.
    if let Some(root) = answer.path.last().filter(|root| root.is_perhaps_self_signed()) {
        let is_of_root = |finding: &Finding| finding.rule == Rule::IssuerUnknown;
        if !errors.is_empty() && errors.iter().all(is_of_root) {
            return Err(AcceptError::Unchecked {
                subject: certificate.subject().to_string(),
                certificate: root.subject().to_string(),
                message: why_unchecked(root, root),
            });
        }
        errors.sort_by_key(is_of_root);
    }
    if !errors.is_empty() {
        return Err(AcceptError::Path {
            subject: certificate.subject().to_string(),
            findings: errors,
        });
    }
    if let Some(finding) = odd
        .iter()
        .find(|finding| finding.rule == Rule::SignatureUnchecked)
    {
        return Err(AcceptError::Unchecked {
            subject: certificate.subject().to_string(),
            certificate: finding.certificate.clone(),
            message: finding.message.clone(),
        });
    }
    warnings.extend(odd.into_iter().map(|finding| Warning::OnPath {
        certificate: finding.certificate,
        message: finding.message,
    }));
    Ok(answer.path.into_iter().skip(1).collect())
}

/// Of the certificates that are known those by which a former key of a CA in the chain certifies the key after it, the newest first: peers
/// that trust a former root alone need them.
fn changeover_of(chain: &[Certificate], known: &[Certificate], now: OffsetDateTime) -> Vec<Certificate> {
    let mut found: Vec<Certificate> = Vec::new();
    let mut waiting: Vec<&Certificate> = known
        .iter()
        .filter(|other| other.is_key_changeover() && other.not_after() >= now)
        .collect();
    loop {
        let leads_on = |cross: &Certificate| {
            let certifies = |above: &Certificate| {
                above.subject() == cross.subject() && above.public_key() == cross.public_key()
            };
            chain.iter().any(certifies) || found.iter().any(|step| step.is_issued_by(cross))
        };
        let Some(place) = waiting.iter().position(|cross| leads_on(cross)) else {
            return found;
        };
        let cross = waiting.remove(place).clone();
        if !found.contains(&cross) {
            found.push(cross);
        }
    }
}

fn is_self_signed(certificate: &Certificate) -> bool {
    certificate.is_self_issued()
        && certificate.verify_signature(certificate.public_key()) == SignatureCheck::Good
}

/// A CA that is allowed there has room on the path above it; validation alone treats it as the end of the
/// path.
fn expect_room(certificate: &Certificate, chain: &[Certificate]) -> Result<(), SubordinateError> {
    match path_room(chain) {
        Some(room) if room.authorities == 0 => Err(SubordinateError::NoRoom {
            issuer: certificate.issuer().to_string(),
            limited_by: room.limited_by.subject().to_string(),
            path_len: room
                .limited_by
                .basic_constraints()
                .and_then(|constraints| constraints.path_len)
                .unwrap_or_default(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, GeneralSubtree, IsCa, KeyUsagePurpose, NameConstraints as Constraints};

    use super::*;
    use crate::tests::{Change, Identity, Site, in_days, now};

    fn subjects(found: &[Certificate]) -> Vec<String> {
        found.iter().map(|one| one.subject().to_string()).collect()
    }

    #[test]
    fn path_above_a_new_certificate() {
        let root = Identity::root("Root CA");
        let middle = root.below("Middle CA", |_| {});
        let own = middle.below("Example CA", |_| {}).certificate;
        let expired = Identity::root_with("Old CA", |params| params.not_after = in_days(-1));
        let above = |own: &Certificate, known: &[&Certificate]| {
            let known: Vec<Certificate> = known.iter().map(|one| (*one).clone()).collect();
            path_above(own, &known, now(), &mut Vec::new())
                .map(|path| subjects(&path))
                .map_err(|error| error.code())
        };
        let stray = Identity::root("Stray CA").certificate;
        assert_eq!(
            above(&own, &[&root.certificate, &stray, &middle.certificate]),
            Ok(vec!["CN=Middle CA".to_owned(), "CN=Root CA".to_owned()])
        );
        assert_eq!(
            above(&root.certificate, &[&stray]),
            Ok(Vec::new()),
            "a root needs nothing"
        );
        assert_eq!(
            above(&own, &[&middle.certificate]),
            Err("accept.path"),
            "no root is there"
        );
        assert_eq!(
            above(&own, &[&root.certificate]),
            Err("accept.path"),
            "the CA between is missing"
        );
        let below_expired = expired.below("Example CA", |_| {}).certificate;
        assert_eq!(
            above(&below_expired, &[&expired.certificate]),
            Err("accept.path"),
            "the root has expired"
        );
    }

    #[test]
    fn former_root_above_is_kept_for_those_that_trust_it_alone() {
        let (former, root) = (Identity::root("Root CA"), Identity::root("Root CA"));
        let cross = former.certify(&root);
        let found =
            |known: &[Certificate]| changeover_of(std::slice::from_ref(&root.certificate), known, now());
        assert_eq!(found(std::slice::from_ref(&cross)), std::slice::from_ref(&cross));
        assert_eq!(found(&[root.certificate.clone(), former.certificate.clone()]), []);
        let unrelated = former.certify(&Identity::root("Root CA"));
        assert_eq!(found(&[unrelated]), []);
    }

    #[test]
    fn room_for_a_ca_on_the_path() {
        for (path_len, is_refused) in [(None, false), (Some(1), false), (Some(0), true)] {
            let root = match path_len {
                None => Identity::root("Root CA"),
                Some(0) => Identity::root_with("Root CA", |params| {
                    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0))
                }),
                Some(_) => Identity::root_with("Root CA", |params| {
                    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1))
                }),
            };
            let own = root.below("Example CA", |_| {}).certificate;
            let found = expect_room(&own, std::slice::from_ref(&root.certificate));
            assert_eq!(found.is_err(), is_refused, "{path_len:?}");
        }
    }

    /// What a CA that has its certificate says to a file with these.
    fn answer(site: &Site, given: &[Certificate]) -> Result<(), &'static str> {
        let plan = Acceptance::plan(site.authority.directory().clone(), given, now());
        plan.map(drop).map_err(|error| error.code())
    }

    #[test]
    fn certificate_of_another_key_is_not_the_cas() {
        let site = Site::new();
        assert_eq!(
            answer(&site, &[Identity::root("Example CA").certificate]),
            Err("accept.other_key")
        );
        assert_eq!(answer(&site, &[]), Err("accept.other_key"));
        let own = site.authority.certificate().clone();
        assert_eq!(answer(&site, std::slice::from_ref(&own)), Ok(()));
        let plan = Acceptance::plan(site.authority.directory().clone(), &[own], now()).expect("a plan");
        assert!(plan.changes_nothing() && !plan.is_move);
    }

    /// The CA's own key, certified by a parent CA under this name with something changed.
    fn by_parent(site: &Site, name: &str, change: Change) -> Vec<Certificate> {
        let parent = Identity::root("Parent CA");
        let own = parent.below_of_key(name, site.authority.certificate(), change);
        vec![own, parent.certificate]
    }

    #[test]
    fn certificate_from_a_parent_ca() {
        type Row = (&'static str, &'static str, bool, Change, Result<(), &'static str>);
        let rows: [Row; 7] = [
            ("it is as it should be", "Example CA", true, |_| {}, Ok(())),
            (
                "another name, and nothing was issued",
                "Other CA",
                false,
                |_| {},
                Ok(()),
            ),
            (
                "another name, and something was",
                "Other CA",
                true,
                |_| {},
                Err("accept.other_name"),
            ),
            (
                "no certificate of a CA",
                "Example CA",
                true,
                |params| params.is_ca = IsCa::ExplicitNoCa,
                Err("authority.not_a_ca"),
            ),
            (
                "no cRLSign",
                "Example CA",
                true,
                |params| params.key_usages = vec![KeyUsagePurpose::KeyCertSign],
                Ok(()),
            ),
            (
                "names of certificates that are not permitted any more",
                "Example CA",
                true,
                |params| {
                    params.name_constraints = Some(Constraints {
                        permitted_subtrees: vec![GeneralSubtree::DnsName("example.org".into())],
                        excluded_subtrees: Vec::new(),
                    });
                },
                Err("accept.names_not_permitted"),
            ),
            (
                "it has expired",
                "Example CA",
                true,
                |params| params.not_after = in_days(-1),
                Err("accept.path"),
            ),
        ];
        for (situation, name, has_issued, change, expected) in rows {
            let site = Site::new();
            if has_issued {
                site.issue("db1.example.com");
            }
            assert_eq!(
                answer(&site, &by_parent(&site, name, change)),
                expected,
                "{situation}"
            );
        }
    }

    #[test]
    fn ca_that_gets_under_another_root_moves() {
        let site = Site::new();
        let given = by_parent(&site, "Example CA", |_| {});
        let plan = Acceptance::plan(site.authority.directory().clone(), &given, now()).expect("a plan");
        assert!(plan.is_move && !plan.changes_nothing());
        assert!(matches!(&plan.warnings[0], Warning::MovesUnder { to, .. } if to == "CN=Parent CA"));
    }

    #[test]
    fn certificate_of_another_key_identifier_leaves_what_was_issued_without_an_issuer() {
        for (has_issued, expected) in [(false, Ok(())), (true, Err("accept.other_key_identifier"))] {
            let site = Site::new();
            if has_issued {
                site.issue("db1.example.com");
            }
            let given = by_parent(&site, "Example CA", |params| {
                params.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(vec![7; 20]);
            });
            assert_eq!(answer(&site, &given), expected, "has issued: {has_issued}");
        }
    }

    #[test]
    fn certificate_that_ends_before_what_was_issued_is_warned_of() {
        let site = Site::new();
        site.issue("db1.example.com");
        let warnings = |change: Change| {
            let given = by_parent(&site, "Example CA", change);
            let plan = Acceptance::plan(site.authority.directory().clone(), &given, now()).expect("a plan");
            let outlive = |warning: &Warning| matches!(warning, Warning::IssuedOutlive { count: 1, .. });
            let soon = |warning: &Warning| matches!(warning, Warning::AuthorityEndsSoon { .. });
            (plan.warnings.iter().any(outlive), plan.warnings.iter().any(soon))
        };
        assert_eq!(warnings(|params| params.not_after = in_days(101)), (false, false));
        assert_eq!(warnings(|params| params.not_after = in_days(99)), (true, false));
        assert_eq!(warnings(|params| params.not_after = in_days(7)), (true, false));
        assert_eq!(warnings(|params| params.not_after = in_days(6)), (true, true));
    }
}
