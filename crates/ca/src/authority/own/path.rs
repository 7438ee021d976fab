//! What in `ca_cert.pem` is believed: the CA's own path. The file is readable by all users, and one
//! certificate more in it must not become what peers trust.

use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::Certificate;

/// The certificates that follow the CA's own in `ca_cert.pem`.
#[derive(Debug, Default)]
pub struct OwnPath {
    /// Those above it, each the issuer of the one before, the root last; empty for a root.
    pub chain: Vec<Certificate>,
    /// Keys above that were certified by the keys before them (RFC 4210 §4.4). They are handed to hosts, and are no anchors.
    pub changeover: Vec<Certificate>,
    /// What is neither. Nothing believes it.
    pub foreign: Vec<Certificate>,
}

impl OwnPath {
    /// Sorts what follows the CA certificate. Where two certificates of the same CA are there, the first counts.
    pub fn of(certificate: &Certificate, following: impl Iterator<Item = Certificate>) -> Self {
        let mut path = Self {
            foreign: following.filter(|other| other != certificate).collect(),
            ..Self::default()
        };
        let certifies = |below: &Certificate, other: &Certificate| {
            !other.is_key_changeover() && other.lacking_for_authority().is_none() && below.is_issued_by(other)
        };
        while let Some(place) = {
            let below = path.chain.last().unwrap_or(certificate);
            let is_above = |other: &Certificate| !below.is_self_issued() && certifies(below, other);
            path.foreign.iter().position(is_above)
        } {
            path.chain.push(path.foreign.remove(place));
        }
        while let Some(place) = path
            .foreign
            .iter()
            .position(|cross| path.leads_here(certificate, cross))
        {
            path.changeover.push(path.foreign.remove(place));
        }
        path
    }

    /// Whether a certificate leads peers that trust a former root of a CA on the path to its present key, or to the next such certificate.
    fn leads_here(&self, certificate: &Certificate, cross: &Certificate) -> bool {
        if !cross.is_key_changeover() || cross.lacking_for_authority().is_some() {
            return false;
        }
        let is_of = |above: &Certificate| {
            above.subject() == cross.subject() && above.public_key().is_same_key(cross.public_key())
        };
        let signed = |step: &Certificate| {
            step.issuer() == cross.subject()
                && step.verify_signature(cross.public_key()) == SignatureCheck::Good
        };
        // A root has its own in previous/.
        !certificate.is_self_issued() && (self.chain.iter().any(is_of) || self.changeover.iter().any(signed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Identity;

    fn of(certificate: &Certificate, following: &[&Certificate]) -> [Vec<String>; 3] {
        let path = OwnPath::of(certificate, following.iter().map(|one| (*one).clone()));
        [path.chain, path.changeover, path.foreign]
            .map(|part| part.iter().map(|one| one.subject().to_string()).collect())
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| format!("CN={name}")).collect()
    }

    #[test]
    fn only_the_cas_own_path_is_believed() {
        let root = Identity::root("Root CA");
        let middle = root.below("Middle CA", |_| {});
        let own = middle.below("Example CA", |_| {}).certificate;
        let stray = Identity::root("Stray CA").certificate;
        let same_name = Identity::root("Root CA").certificate;
        let (root_certificate, middle) = (&root.certificate, &middle.certificate);
        type Row<'a> = (&'static str, Vec<&'a Certificate>, [Vec<String>; 3]);
        let rows: [Row<'_>; 5] = [
            ("nothing follows", vec![], [vec![], vec![], vec![]]),
            (
                "the path in another order",
                vec![root_certificate, middle],
                [names(&["Middle CA", "Root CA"]), vec![], vec![]],
            ),
            (
                "a stranger among them",
                vec![middle, &stray, root_certificate],
                [names(&["Middle CA", "Root CA"]), vec![], names(&["Stray CA"])],
            ),
            (
                "a root of the same name and another key",
                vec![middle, &same_name],
                [names(&["Middle CA"]), vec![], names(&["Root CA"])],
            ),
            (
                "the CA itself once more",
                vec![&own, middle, root_certificate],
                [names(&["Middle CA", "Root CA"]), vec![], vec![]],
            ),
        ];
        for (situation, following, expected) in rows {
            assert_eq!(of(&own, &following), expected, "{situation}");
        }
    }

    #[test]
    fn former_root_leads_to_the_present_one_and_is_no_anchor() {
        let (former, root) = (Identity::root("Root CA"), Identity::root("Root CA"));
        let own = root.below("Example CA", |_| {}).certificate;
        let cross = former.certify(&root);
        let expected = [names(&["Root CA"]), names(&["Root CA"]), vec![]];
        assert_eq!(of(&own, &[&root.certificate, &cross]), expected);
        let unrelated = Identity::root("Root CA").certify(&Identity::root("Root CA"));
        let expected = [names(&["Root CA"]), vec![], names(&["Root CA"])];
        assert_eq!(of(&own, &[&root.certificate, &unrelated]), expected);
        assert_eq!(
            of(&root.certificate, &[&cross])[2],
            names(&["Root CA"]),
            "a root has its own in previous/"
        );
    }

    #[test]
    fn root_that_was_renewed_is_not_above_itself() {
        let root = Identity::root("Root CA");
        let renewed = root.certify(&root);
        assert!(root.certificate.is_issued_by(&renewed) && root.certificate != renewed);
        assert_eq!(
            of(&root.certificate, &[&renewed]),
            [vec![], vec![], names(&["Root CA"])]
        );
    }
}
