//! Which certificates a CRL is about, RFC 5280 §6.3.3 (b), (c), (d).

use crate::x509::{Certificate, DistinguishedName, DistributionPoint, PointName, ReasonSet, RevocationList};

/// Whether a CRL is about a certificate.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// It comes from another issuer.
    Foreign,
    /// It is by an issuer of CRLs for this certificate, and about other certificates; why.
    Outside(&'static str),
    /// It tells of revocations for these reasons.
    Covers(ReasonSet),
}

pub(super) fn of(crl: &RevocationList, certificate: &Certificate) -> Scope {
    let is_own = crl.issuer() == certificate.issuer();
    let limits = crl.issuing_distribution_point();
    let is_indirect = limits.is_some_and(|limits| limits.is_indirect);
    if !is_own
        && !certificate
            .distribution_points()
            .iter()
            .any(|point| names_issuer(point, crl.issuer()))
    {
        return Scope::Foreign;
    }
    if !is_own && !is_indirect {
        return Scope::Outside("it is from an issuer other than the certificate's, and not an indirect CRL");
    }
    let outside = limits.and_then(|limits| {
        match (limits.only_users, limits.only_authorities, limits.only_attributes) {
            (_, _, true) => Some("it is for attribute certificates only"),
            (true, _, _) if certificate.is_authority() => {
                Some("it is for certificates of hosts and people only, and this is a CA certificate")
            }
            (_, true, _) if !certificate.is_authority() => Some("it is for certificates of CAs only"),
            _ => None,
        }
    });
    if let Some(why) = outside {
        return Scope::Outside(why);
    }
    let reasons = reasons_of_points(crl, certificate, is_own, is_indirect);
    if reasons == ReasonSet::NONE {
        return Scope::Outside("it is for a distribution point that the certificate does not name");
    }
    Scope::Covers(
        limits
            .and_then(|limits| limits.reasons)
            .map_or(reasons, |only| only.intersection(reasons)),
    )
}

/// The reasons of every distribution point that the CRL belongs to. A CRL of the issuer itself belongs besides to a point that no
/// certificate has to name: that of the issuer's own name, for all reasons (§6.3.3, last paragraph).
fn reasons_of_points(
    crl: &RevocationList,
    certificate: &Certificate,
    is_own: bool,
    is_indirect: bool,
) -> ReasonSet {
    let wanted = crl
        .issuing_distribution_point()
        .and_then(|limits| limits.name.as_ref())
        .map(|name| name.names(crl.issuer()));
    let is_relevant = |names: &[PointName]| {
        wanted.as_ref().is_none_or(|wanted| {
            names
                .iter()
                .any(|name| wanted.iter().any(|wanted| wanted.is_same(name)))
        })
    };
    if is_own && is_relevant(&[PointName::of_directory(certificate.issuer())]) {
        return ReasonSet::ALL;
    }
    let belongs = |point: &&DistributionPoint| {
        let is_by_right_issuer = if point.crl_issuer.is_empty() {
            is_own
        } else {
            names_issuer(point, crl.issuer()) && (is_own || is_indirect)
        };
        is_by_right_issuer && is_relevant(&names_of(point, certificate))
    };
    let points = certificate.distribution_points().iter().filter(belongs);
    points.fold(ReasonSet::NONE, |reasons, point| {
        reasons.union(point.reasons.unwrap_or(ReasonSet::ALL))
    })
}

fn names_issuer(point: &DistributionPoint, issuer: &DistinguishedName) -> bool {
    point
        .crl_issuer
        .iter()
        .any(|name| name.directory().is_some_and(|name| name == issuer))
}

/// The names of a distribution point: without any of its own, those of the CRL's issuer.
fn names_of(point: &DistributionPoint, certificate: &Certificate) -> Vec<PointName> {
    let issuer = point
        .crl_issuer
        .iter()
        .find_map(PointName::directory)
        .unwrap_or_else(|| certificate.issuer());
    point
        .name
        .as_ref()
        .map_or_else(|| point.crl_issuer.clone(), |name| name.names(issuer))
}
