//! Certifying an intermediate CA on its request. What the request says is a wish: the name is taken unless another is given, path
//! length and name constraints are the administrator's, and everything else is left out.

use time::OffsetDateTime;

use crate::authority::host::from_request::{expect_possession, warning_about_digest, warning_about_key};
use crate::authority::{Authority, AuthorityError, RequestError, SubordinateOrder, SubordinatePlan, Warning};
use gsec_pki::x509::{
    CertificateRequest, DistinguishedName, GeneralName, Lifetime, NameConstraints, NameParts,
};

/// How to certify a request for an intermediate CA.
#[derive(Default)]
pub struct SubordinateRequestOrder {
    /// The name; as the request says when `None`.
    pub name: Option<NameParts>,
    /// Its lifetime; five years when `None`.
    pub lifetime: Option<Lifetime>,
    /// pathLenConstraint; 0 when `None`.
    pub path_len: Option<u8>,
    /// Name constraints of its own.
    pub constraints: Option<NameConstraints>,
}

/// What will be certified on a request.
pub struct SubordinateRequestPlan {
    /// The certificate.
    pub subordinate: SubordinatePlan,
    /// What the request contains that is not granted, one text per item.
    pub ignored: Vec<String>,
}

impl Authority {
    /// Checks a request of an intermediate CA. Nothing is reserved or written.
    ///
    /// # Errors
    /// [`AuthorityError::Request`] for what is wrong with the request, else as [`Authority::plan_subordinate`].
    pub fn plan_subordinate_request(
        &self,
        request: &CertificateRequest,
        order: SubordinateRequestOrder,
        now: OffsetDateTime,
    ) -> Result<SubordinateRequestPlan, AuthorityError> {
        self.expect_other_authority(request)?;
        request.public_key().expect_sound().map_err(RequestError::from)?;
        expect_possession(request)?;
        let unknown = self.expect_not_compromised(&[request.public_key()])?;
        self.expect_no_host_key(request.public_key(), now)?;
        let subject = match &order.name {
            Some(name) => DistinguishedName::build(name).map_err(gsec_pki::x509::IssueError::from)?,
            None => request.subject().clone(),
        };
        self.expect_no_host_name(&subject, now)?;
        let SubordinateRequestOrder {
            lifetime,
            path_len,
            constraints,
            ..
        } = order;
        let mut plan = self.plan_subordinate(
            SubordinateOrder {
                names: addresses_of(&subject),
                subject,
                lifetime,
                path_len,
                constraints,
            },
            now,
        )?;
        let not_asked = (!request.asks_for_authority()).then_some(Warning::AuthorityNotAsked);
        let of_request = warning_about_digest(request)
            .into_iter()
            .chain(warning_about_key(request))
            .chain(not_asked);
        plan.warnings
            .splice(0..0, of_request.chain(Warning::of_unknown_keys(unknown)));
        let ignored = ignored(request, &plan);
        Ok(SubordinateRequestPlan {
            subordinate: plan,
            ignored,
        })
    }
}

/// The e-mail addresses of a name also as rfc822Name, where they read as such (RFC 5280 §4.1.2.6).
fn addresses_of(subject: &DistinguishedName) -> Vec<GeneralName> {
    let addresses = subject
        .attributes()
        .into_iter()
        .filter(|(kind, _)| kind == "emailAddress");
    addresses
        .filter_map(|(_, address)| GeneralName::parse_san(&format!("email:{address}")).ok())
        .collect()
}

/// What the request contains that is not granted. What every CA certificate says anyway does not count as
/// ignored.
fn ignored(request: &CertificateRequest, plan: &SubordinatePlan) -> Vec<String> {
    let is_own_name = plan.subject == *request.subject();
    let subject =
        (!is_own_name && !request.subject().is_empty()).then(|| format!("subject {}", request.subject()));
    let names = request
        .names()
        .iter()
        .filter(|name| !plan.names.contains(name))
        .map(|name| format!("subjectAltName {name}"));
    let granted = [
        "basicConstraints CA:TRUE".to_owned(),
        format!("basicConstraints CA:TRUE, pathlen:{}", plan.path_len),
        "keyUsage keyCertSign, cRLSign".to_owned(),
    ];
    let constraints = plan.constraints.is_some().then_some("nameConstraints");
    let others = request
        .further_wishes()
        .iter()
        .filter(|wish| !granted.contains(wish) && Some(wish.as_str()) != constraints)
        .cloned();
    subject.into_iter().chain(names).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use rcgen::DnType;

    use super::*;
    use crate::tests::{Change, Site, named, now, request};

    fn named_request(change: Change) -> CertificateRequest {
        request(&[], change)
    }

    fn answer(
        request: &CertificateRequest,
        order: SubordinateRequestOrder,
    ) -> Result<Vec<String>, &'static str> {
        let site = Site::new();
        site.issue("db1.example.com");
        let plan = site.authority.plan_subordinate_request(request, order, now());
        plan.map(|plan| plan.ignored).map_err(|error| error.code())
    }

    #[test]
    fn which_requests_are_certified() {
        let of_name = |change: Change| answer(&named_request(change), SubordinateRequestOrder::default());
        let middle: Change = |params| params.distinguished_name.push(DnType::CommonName, "Middle CA");
        assert_eq!(of_name(middle), Ok(Vec::new()));
        assert_eq!(of_name(|_| {}), Err("authority.no_name"));
        assert_eq!(
            of_name(|params| params.distinguished_name.push(DnType::CommonName, "Example CA")),
            Err("request.ca_name")
        );
        assert_eq!(
            of_name(|params| params
                .distinguished_name
                .push(DnType::CommonName, "db1.example.com")),
            Err("authority.name_taken"),
            "a host has it"
        );
        let renamed = SubordinateRequestOrder {
            name: Some(named("Lower CA")),
            ..SubordinateRequestOrder::default()
        };
        assert_eq!(
            answer(&named_request(middle), renamed),
            Ok(vec!["subject CN=Middle CA".to_owned()])
        );
    }

    #[test]
    fn what_is_not_granted_is_told() {
        let asks: Change = |params| {
            params.distinguished_name.push(DnType::CommonName, "Middle CA");
            params.subject_alt_names = vec![rcgen::SanType::DnsName(
                "db1.example.com".try_into().expect("a name"),
            )];
            params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        };
        let ignored = answer(&named_request(asks), SubordinateRequestOrder::default()).expect("a plan");
        assert_eq!(
            ignored,
            ["subjectAltName dns:db1.example.com", "extKeyUsage serverAuth"]
        );
    }
}
