//! The parts of the CRL. Which there are is said by `gsec.toml` and by the parts that are published: a certificate names its part for as long
//! as it lives, so one that was published goes on, also when `gsec.toml` says another number, or another address.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::ControlFlow;

use time::OffsetDateTime;

use crate::authority::{Authority, AuthorityError};
use crate::records::{Entry, RecordStatus};
use gsec_pki::key::{SignatureCheck, Signer};
use gsec_pki::x509::{CrlBuilder, CrlShard, CrlTemplate, Issuer, RevocationList, SerialNumber};

/// All parts of one count.
struct ShardSet {
    /// The addresses of the whole CRL from which theirs follow.
    wholes: BTreeSet<String>,
    /// Each part, and the CRL that is published as it.
    parts: Vec<(CrlShard, Option<RevocationList>)>,
}

/// What is wrong with a part of the CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShardFault {
    /// It is not there, or this CA has not signed it as this part.
    Missing,
    /// It is there and cannot be read: why.
    Unread(String),
    /// The next one is overdue.
    Overdue,
    /// It lacks a revocation that the whole CRL has.
    Incomplete,
}

impl ShardSet {
    fn addresses(&self, shard: CrlShard) -> Vec<String> {
        self.wholes
            .iter()
            .filter_map(|whole| shard.address(whole))
            .collect()
    }
}

impl Authority {
    /// A part of the CRL as it is published. What this CA has not signed, or signed as another part, is none.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn crl_shard(&self, shard: CrlShard) -> Result<Option<RevocationList>, AuthorityError> {
        let content = self.records().crl_shard(shard)?;
        let crl = content.and_then(|content| RevocationList::from_der(&content).ok());
        Ok(crl.filter(|crl| is_part(crl, shard) && self.has_signed_crl(crl)))
    }

    /// Whether half of the life of the CRL or of one of its parts is over, or one is missing.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn crl_is_due(&self, now: OffsetDateTime) -> Result<bool, AuthorityError> {
        let is_due = |crl: Option<&RevocationList>| crl.is_none_or(|crl| is_half_over(crl, now));
        if is_due(self.present_crl()?.as_ref()) {
            return Ok(true);
        }
        let sets = self.shard_sets(&[])?;
        let mut parts = sets.iter().flat_map(|set| &set.parts);
        Ok(parts.any(|(_, crl)| is_due(crl.as_ref())))
    }

    /// In how many parts the CRL of this CA is to be, where it is in one and there are that many certificates; reads the records once.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn wanted_shards(&self, now: OffsetDateTime) -> Result<Option<u16>, AuthorityError> {
        if !self.policy().is_ok_and(|policy| policy.crl_shards == 0) {
            return Ok(None);
        }
        let mut count = 0;
        self.records().visit(&mut |_, entry| {
            if let Entry::Record(record) = entry {
                count += u64::from(record.status != RecordStatus::Expired && record.expiry >= now);
            }
            ControlFlow::Continue(())
        })?;
        Ok(CrlShard::count_for(count))
    }

    /// The parts that clients cannot use, or that do not list what the whole CRL lists, each with what is wrong.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn faulty_shards(&self, now: OffsetDateTime) -> Result<Vec<(CrlShard, ShardFault)>, AuthorityError> {
        let whole = self.present_crl()?;
        let listed: HashSet<SerialNumber> = whole
            .iter()
            .flat_map(RevocationList::entries)
            .map(|entry| entry.serial)
            .collect();
        let mut unread = BTreeMap::new();
        let sets = self.shard_sets_read(&[], &mut |shard| {
            let read = self.crl_shard(shard).map_err(|error| unread.insert(shard, error));
            Ok(read.unwrap_or_default())
        })?;
        let mut faulty = Vec::new();
        for (shard, part) in sets.into_iter().flat_map(|set| set.parts) {
            let fault = match &part {
                None if unread.contains_key(&shard) => None,
                None => Some(ShardFault::Missing),
                Some(part) if part.next_update().is_some_and(|next| next < now) => Some(ShardFault::Overdue),
                Some(part) => {
                    let in_part: HashSet<SerialNumber> = part.entries().map(|entry| entry.serial).collect();
                    let belongs =
                        |serial: &&SerialNumber| CrlShard::of_serial(shard.of(), serial) == Some(shard);
                    let lacks = listed
                        .iter()
                        .filter(belongs)
                        .any(|serial| !in_part.contains(serial));
                    lacks.then_some(ShardFault::Incomplete)
                }
            };
            faulty.extend(fault.map(|fault| (shard, fault)));
        }
        faulty.extend(
            unread
                .into_iter()
                .map(|(shard, error)| (shard, ShardFault::Unread(error.to_string()))),
        );
        faulty.sort_by_key(|(shard, _)| *shard);
        Ok(faulty)
    }

    /// Of each count that is published a part that says under which addresses: to show it to who cannot read them.
    pub(super) fn shown_shards(&self) -> Result<Vec<RevocationList>, AuthorityError> {
        let shown = self.shard_sets(&[])?.into_iter().filter_map(|set| {
            let parts = set.parts.into_iter().filter_map(|(_, crl)| crl);
            parts.max_by_key(|crl| {
                crl.issuing_distribution_point()
                    .map_or(0, |point| point.addresses().count())
            })
        });
        Ok(shown.collect())
    }

    /// The counts that certificates may name, each with its parts; without those whose address is not known any more. What this CA has signed as a
    /// part says so, wherever it is from: it signs none under another address.
    fn shard_sets(&self, shown: &[RevocationList]) -> Result<Vec<ShardSet>, AuthorityError> {
        self.shard_sets_read(shown, &mut |shard| self.crl_shard(shard))
    }

    /// Checks that the parts that are published can be read, as [`Authority::update_crl`] must.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn expect_readable_shards(&self) -> Result<(), AuthorityError> {
        self.shard_sets(&[]).map(|_| ())
    }

    fn shard_sets_read(
        &self,
        shown: &[RevocationList],
        read: &mut dyn FnMut(CrlShard) -> Result<Option<RevocationList>, AuthorityError>,
    ) -> Result<Vec<ShardSet>, AuthorityError> {
        let shown = shown.iter().filter(|crl| self.has_signed_crl(crl));
        let shown: Vec<(String, CrlShard)> = shown
            .filter_map(RevocationList::issuing_distribution_point)
            .flat_map(|point| point.addresses())
            .filter_map(CrlShard::read_address)
            .collect();
        let published = self.records().crl_shards()?.into_iter();
        let published = published
            .chain(shown.iter().map(|(_, shard)| *shard))
            .map(CrlShard::of);
        let (policy, of_policy) = (self.policy_for_log(), self.policy_for_log().crl_shards);
        let counts: BTreeSet<u16> = published.chain((of_policy > 0).then_some(of_policy)).collect();
        let mut sets = Vec::new();
        for of in counts {
            let mut parts = Vec::with_capacity(usize::from(of));
            for shard in CrlShard::all(of) {
                parts.push((shard, read(shard)?));
            }
            let points = parts
                .iter()
                .filter_map(|(_, crl)| crl.as_ref()?.issuing_distribution_point());
            let wholes = points
                .flat_map(|point| point.addresses())
                .filter_map(|address| Some(CrlShard::read_address(address)?.0));
            let set_now = policy.crl_addresses.iter().filter(|_| of == of_policy).cloned();
            let of_shown = shown.iter().filter(|(_, shard)| shard.of() == of);
            let of_shown = of_shown.map(|(whole, _)| whole.clone());
            let wholes: BTreeSet<String> = wholes.chain(set_now).chain(of_shown).collect();
            if !wholes.is_empty() {
                sets.push(ShardSet { wholes, parts });
            }
        }
        Ok(sets)
    }

    /// Which parts are to be made beside a whole CRL: those that do not say what it says, and those of which half of the life is over.
    pub(super) fn shards_to_make(
        &self,
        whole: &CrlBuilder,
        every: bool,
        now: OffsetDateTime,
    ) -> Result<Vec<CrlShard>, AuthorityError> {
        let mut wanted = Vec::new();
        for set in self.shard_sets(&[])? {
            let of = set.parts.first().map_or(0, |(shard, _)| shard.of());
            for ((shard, published), (_, part)) in set.parts.iter().zip(whole.split(of)?) {
                let is_current = |crl: &RevocationList| {
                    crl.entries_der() == part.entries()
                        && !is_half_over(crl, now)
                        && crl.verify_signature(self.certificate().public_key()) == SignatureCheck::Good
                        && names_all(crl, &set.addresses(*shard))
                };
                if every || !published.as_ref().is_some_and(is_current) {
                    wanted.push(*shard);
                }
            }
        }
        Ok(wanted)
    }

    /// Signs parts of a whole CRL. What is in each follows from it, and at which addresses each is published, from `gsec.toml` and from what is
    /// published, in the CA directory or as it is shown with them.
    ///
    /// # Errors
    /// [`AuthorityError::UnknownShard`] for one that no certificate names; [`AuthorityError::Issue`].
    pub fn sign_shards(
        &self,
        whole: &CrlBuilder,
        (shards, shown): (&[CrlShard], &[RevocationList]),
        template: &CrlTemplate<'_>,
        key: &dyn Signer,
    ) -> Result<Vec<RevocationList>, AuthorityError> {
        if shards.is_empty() {
            return Ok(Vec::new());
        }
        let key_identifier = self.certificate().key_identifier_for_issued();
        let issuer = Issuer {
            name: self.certificate().subject(),
            key_identifier: Some(&key_identifier),
            key,
        };
        let sets = self.shard_sets(shown)?;
        let mut signed = Vec::with_capacity(shards.len());
        for of in shards.chunk_by(|one, next| one.of() == next.of()) {
            let count = of[0].of();
            let set = sets
                .iter()
                .find(|set| set.parts.first().is_some_and(|(shard, _)| shard.of() == count))
                .ok_or(AuthorityError::UnknownShard(of[0]))?;
            let parts = whole.split(count)?;
            for shard in of {
                let (_, part) = &parts[usize::from(shard.index())];
                let addresses = set.addresses(*shard);
                signed.push(part.clone().sign_for(&addresses, template, &issuer)?);
            }
        }
        Ok(signed)
    }

    /// What a CRL of these entries would leave out that is revoked: what [`Authority::update_crl`] would list.
    ///
    /// # Errors
    /// As [`Authority::update_crl`].
    pub fn left_out_of_crl(
        &self,
        whole: &CrlBuilder,
        now: OffsetDateTime,
    ) -> Result<Vec<SerialNumber>, AuthorityError> {
        let listed: HashSet<SerialNumber> = whole.serials().collect();
        let mut left_out = self.to_be_listed(now)?;
        left_out.retain(|serial| !listed.contains(serial));
        left_out.sort();
        Ok(left_out)
    }
}

fn is_half_over(crl: &RevocationList, now: OffsetDateTime) -> bool {
    let life = crl.next_update().map(|next| next - crl.this_update());
    life.is_none_or(|life| crl.this_update() + life / 2 <= now)
}

/// Whether all that a CRL says of where it is published says that it is this part.
fn is_part(crl: &RevocationList, shard: CrlShard) -> bool {
    let point = crl.issuing_distribution_point();
    let read = |address| CrlShard::read_address(address).map(|(_, shard)| shard);
    let mut shards = point
        .into_iter()
        .flat_map(|point| point.addresses())
        .map(read)
        .peekable();
    shards.peek().is_some() && shards.all(|read| read == Some(shard))
}

fn names_all(crl: &RevocationList, addresses: &[String]) -> bool {
    let named: Vec<&str> = crl
        .issuing_distribution_point()
        .into_iter()
        .flat_map(|point| point.addresses())
        .collect();
    addresses.iter().all(|address| named.contains(&address.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{CrlOrder, UpdatedCrl};
    use crate::tests::{Site, in_days, now, session};
    use gsec_pki::x509::RevocationReason;

    fn site() -> Site {
        with_settings(Site::new(), "http://x/ca.crl", 2)
    }

    /// The same CA with other settings.
    fn with_settings(site: Site, address: &str, shards: u16) -> Site {
        let path = site.authority.directory().policy();
        let text = std::fs::read_to_string(&path).expect("gsec.toml");
        let lines = text.lines().map(|line| match line.split_once(" = ") {
            Some(("crl_addresses", _)) => format!("crl_addresses = [\"{address}\"]"),
            Some(("crl_shards", _)) => format!("crl_shards = {shards}"),
            _ => line.to_owned(),
        });
        std::fs::write(path, lines.collect::<Vec<_>>().join("\n") + "\n").expect("written");
        site.reopened()
    }

    fn made_at(site: &Site, at: OffsetDateTime, order: CrlOrder) -> UpdatedCrl {
        session("crl.update", at, |session| {
            site.authority.update_crl(order, &site.unlocked, session)
        })
        .expect("a CRL")
    }

    fn made(site: &Site) -> usize {
        made_at(site, now(), CrlOrder::default()).shards
    }

    fn shard(of: u16, index: u16) -> CrlShard {
        CrlShard::new(of, index).expect("a part")
    }

    fn part(site: &Site, of: u16, index: u16) -> RevocationList {
        let crl = site.authority.crl_shard(shard(of, index)).expect("readable");
        crl.expect("it is published")
    }

    fn listed(crl: &RevocationList) -> Vec<SerialNumber> {
        crl.entries().map(|entry| entry.serial).collect()
    }

    fn addresses(crl: &RevocationList) -> Vec<String> {
        let point = crl.issuing_distribution_point().expect("a point");
        point.addresses().map(str::to_owned).collect()
    }

    #[test]
    fn a_revocation_is_in_the_part_that_the_certificate_names_and_no_other_is_made() {
        let site = site();
        assert_eq!(made(&site), 2);
        let before = part(&site, 2, 0);
        let certificates = [site.issue("a.example.com"), site.issue("b.example.com")];
        let odd = certificates
            .iter()
            .find(|certificate| certificate.crl_addresses() == ["http://x/ca-2-1.crl"])
            .expect("one of two that follow");
        site.revoke(odd, RevocationReason::KeyCompromise);
        let whole = made_at(&site, now(), CrlOrder::default());
        assert_eq!(whole.shards, 1);
        assert_eq!(listed(&whole.crl), [odd.serial().clone()]);
        assert!(whole.crl.issuing_distribution_point().is_none());
        let named = part(&site, 2, 1);
        assert_eq!(listed(&named), [odd.serial().clone()]);
        assert_eq!(addresses(&named), odd.crl_addresses());
        assert_eq!(
            named.number(),
            whole.crl.number(),
            "one number for what is made at once"
        );
        assert_eq!(part(&site, 2, 0).der(), before.der());
        assert_eq!(made(&site), 0);
        let every = CrlOrder {
            every_shard: true,
            ..CrlOrder::default()
        };
        assert_eq!(made_at(&site, now(), every).shards, 2);
    }

    #[test]
    fn parts_of_another_number_or_address_go_on_where_certificates_name_them() {
        let site = site();
        let old = [site.issue("a.example.com"), site.issue("b.example.com")];
        assert_eq!(made(&site), 2);
        let site = with_settings(site, "http://y/ca.crl", 4);
        assert_eq!(made(&site), 4, "those there are say what they must");
        site.revoke(&old[0], RevocationReason::Superseded);
        assert_eq!(made(&site), 2, "one of each");
        let of = |of| {
            let shard = CrlShard::of_serial(of, old[0].serial()).expect("a part");
            part(&site, of, shard.index())
        };
        assert_eq!(addresses(&of(2)), old[0].crl_addresses());
        assert_eq!(listed(&of(2)), listed(&of(4)));
        let site = with_settings(site, "http://z/ca.crl", 2);
        assert_eq!(made(&site), 2, "a further address");
        let of_two = part(&site, 2, 1);
        assert_eq!(addresses(&of_two), ["http://x/ca-2-1.crl", "http://z/ca-2-1.crl"]);
        let site = with_settings(site, "http://z/ca.crl", 0);
        let every = CrlOrder {
            every_shard: true,
            ..CrlOrder::default()
        };
        assert_eq!(made_at(&site, now(), every).shards, 6);
        assert_eq!(site.issue("c.example.com").crl_addresses(), ["http://z/ca.crl"]);
    }

    #[test]
    fn what_is_in_the_place_of_a_part_and_is_none_is_not_published() {
        let site = site();
        assert_eq!(made(&site), 2);
        let home = site.authority.directory();
        let path = |index| home.crl_shard(shard(2, index));
        let other = std::fs::read(path(1)).expect("a part");
        let whole = RevocationList::from_der(site.update_crl().der()).expect("a CRL");
        let foreign = crate::tests::Identity::root("Example CA").crl(&[]);
        for wrong in [other.as_slice(), whole.der(), foreign.der(), b"nothing"] {
            std::fs::write(path(0), wrong).expect("written");
            assert!(site.authority.crl_shard(shard(2, 0)).expect("readable").is_none());
            assert!(site.authority.crl_is_due(now()).expect("readable"));
            assert_eq!(made(&site), 1);
            assert_eq!(addresses(&part(&site, 2, 0)), ["http://x/ca-2-0.crl"]);
        }
        assert!(!site.authority.crl_is_due(now()).expect("readable"));
    }

    #[test]
    fn a_part_that_nothing_changes_is_made_again_when_half_of_its_life_is_over() {
        let site = site();
        assert_eq!(made(&site), 2);
        assert!(!site.authority.crl_is_due(in_days(14)).expect("readable"));
        let whole = made_at(&site, in_days(14), CrlOrder::default());
        assert_eq!(whole.shards, 0);
        assert!(site.authority.crl_is_due(in_days(15)).expect("readable"));
        assert_eq!(made_at(&site, in_days(15), CrlOrder::default()).shards, 2);
        assert!(!site.authority.crl_is_due(in_days(15)).expect("readable"));
    }

    #[test]
    fn what_leaves_the_whole_leaves_its_part() {
        let site = site();
        let mut order = crate::tests::order("a.example.com");
        order.lifetime = Some(gsec_pki::x509::Lifetime::days(10));
        let certificate = site.issue_order(order).expect("a certificate");
        site.revoke(&certificate, RevocationReason::Superseded);
        let shard = CrlShard::of_serial(2, certificate.serial()).expect("a part");
        for (day, revoked) in [(0, 1), (11, 1), (12, 0)] {
            let whole = made_at(&site, in_days(day), CrlOrder::default());
            let part = part(&site, 2, shard.index());
            assert_eq!((whole.crl.revoked(), part.revoked()), (revoked, revoked), "{day}");
        }
    }

    #[test]
    fn a_part_that_no_certificate_names_is_not_signed() {
        let site = site();
        made(&site);
        let template = CrlTemplate {
            number: &SerialNumber::one(),
            this_update: now(),
            next_update: in_days(9),
        };
        let sign = |shards: &[CrlShard]| {
            let key = site.unlocked.key();
            site.authority
                .sign_shards(&CrlBuilder::new(), (shards, &[]), &template, key)
        };
        assert!(sign(&[shard(2, 0)]).is_ok());
        assert!(matches!(
            sign(&[shard(2, 0), shard(4, 0)]),
            Err(AuthorityError::UnknownShard(unknown)) if unknown == shard(4, 0)
        ));
    }
}
