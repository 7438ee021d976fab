//! What TLS presents, and why clients do not accept it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use time::OffsetDateTime;

use super::{ServerTls, Site};
use gsec_pki::x509::{Certificate, GeneralName, rfc3339};

/// Why hosts get no certificates from a server that could issue them.
const AWAITS_TLS: &str = "it has no certificate of its own to answer over TLS with, and the signer signs no more of its profile in this hour";

/// The server's own certificate, once there is one.
pub struct Presented {
    /// The names that it must have.
    names: Vec<String>,
    tls: OnceLock<Arc<ServerTls>>,
    /// Why it is presented on though it is revoked.
    kept_revoked: Mutex<Option<String>>,
}

impl Presented {
    /// Nothing yet.
    pub fn of(site: &Site) -> Arc<Self> {
        Arc::new(Self {
            names: site.names().iter().map(GeneralName::value).collect(),
            tls: OnceLock::new(),
            kept_revoked: Mutex::new(None),
        })
    }

    /// From now on this is presented, and what replaces it there.
    pub fn begin(&self, tls: Arc<ServerTls>) -> Arc<ServerTls> {
        self.tls.get_or_init(|| tls).clone()
    }

    /// Whoever presents it.
    pub fn tls(&self) -> Option<&Arc<ServerTls>> {
        self.tls.get()
    }

    /// What a connection is shown that begins now.
    pub fn certificate(&self) -> Option<Certificate> {
        Certificate::from_der(&self.tls()?.certificate()).ok()
    }

    /// Notes why a certificate is presented on that is revoked; `None` where it is not revoked, or was replaced.
    pub fn note_kept_revoked(&self, why: Option<String>) {
        *self.kept_revoked.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// Why clients get nothing from the server, or should not: there is no certificate, or it does not have a name of the server, has ended, or is
    /// revoked and cannot be replaced.
    pub fn fault(&self, now: OffsetDateTime) -> Option<String> {
        let Some(own) = self.certificate() else {
            return Some(AWAITS_TLS.to_owned());
        };
        lacking_name(&own, &self.names)
            .or_else(|| ended(&own, now))
            .or_else(|| {
                let kept = self.kept_revoked.lock().unwrap_or_else(PoisonError::into_inner);
                let why = kept.as_ref()?;
                Some(format!(
                    "its own certificate is revoked, and there is no other: {why}"
                ))
            })
    }
}

/// What is presented after its end is accepted by nobody.
fn ended(own: &Certificate, now: OffsetDateTime) -> Option<String> {
    let at = own.not_after();
    (at < now).then(|| format!("its own certificate ended at {}", rfc3339(at)))
}

/// What clients would say of a certificate that does not have all names of the server.
fn lacking_name(own: &Certificate, names: &[String]) -> Option<String> {
    let has = own.subject_alternative_names().unwrap_or_default();
    let lacking = names
        .iter()
        .find(|name| !has.iter().any(|has| has.value() == **name))?;
    Some(format!(
        "its own certificate does not have its name `{lacking}`, so clients do not accept it there"
    ))
}

#[cfg(test)]
mod tests {
    use rustls_pki_types::PrivatePkcs8KeyDer;

    use super::*;

    #[test]
    fn what_clients_do_not_accept_is_told() {
        let site = Site::new(&["ca.example.com".to_owned()], 443).expect("a site");
        let end = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        let presenting = |name: &str| {
            let mut params = rcgen::CertificateParams::new([name.to_owned()]).expect("parameters");
            (params.not_before, params.not_after) = (end - time::Duration::DAY, end);
            let key = rcgen::KeyPair::generate().expect("a key");
            let certificate = params.self_signed(&key).expect("a certificate");
            let key = PrivatePkcs8KeyDer::from(key.serialize_der());
            let presented = Presented::of(&site);
            let tls = ServerTls::new(vec![certificate.der().clone()], key.into()).expect("TLS");
            presented.begin(Arc::new(tls));
            presented
        };
        let before = end - time::Duration::SECOND;
        assert_eq!(Presented::of(&site).fault(before).as_deref(), Some(AWAITS_TLS));
        let presented = presenting("ca.example.com");
        assert_eq!(presented.fault(before), None);
        assert_eq!(
            presented.fault(end + time::Duration::SECOND).as_deref(),
            Some("its own certificate ended at 2024-10-04T00:00:00Z")
        );
        presented.note_kept_revoked(Some("the disk is full".into()));
        assert_eq!(
            presented.fault(before).as_deref(),
            Some("its own certificate is revoked, and there is no other: the disk is full")
        );
        presented.note_kept_revoked(None);
        assert_eq!(presented.fault(before), None);
        let other = presenting("other.example.com").fault(before).expect("a fault");
        assert!(
            other.contains("does not have its name `ca.example.com`"),
            "{other}"
        );
    }
}
