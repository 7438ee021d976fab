//! CRLs, which the signer makes by itself and signs only whole.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::Desk;
use super::refusal::{Answered, sentence};
use crate::journal::Entry;
use crate::message::{Answer, Refusal, digits};
use gsec_ca::authority::OpenCa;
use gsec_ca::home::{CaKey, KeySource};
use gsec_pki::encoding::hex::decode;
use gsec_pki::key::{PublicKey, Signer, sha256};
use gsec_pki::x509::{
    CLOCK_SKEW_ALLOWANCE, Certificate, CrlBuilder, CrlShard, CrlTemplate, Issuer, RevocationList,
    SerialNumber, parse_time,
};

/// What a CRL is to list, and in which parts, as it was asked for.
pub(super) struct CrlContent<'a> {
    pub(super) entries: &'a str,
    pub(super) shards: &'a [(u16, u16)],
    pub(super) published: &'a [String],
    pub(super) expired: &'a [String],
}

impl Desk {
    pub(super) fn sign_crl(
        &self,
        user: Option<u32>,
        former_key: Option<&str>,
        number: &str,
        [this_update, next_update]: [&str; 2],
        content: &CrlContent<'_>,
    ) -> Answered<Answer> {
        let opened = self.opened()?;
        let now = self.clock.now();
        let number = SerialNumber::parse_hex(number).ok_or("the number of the CRL is none")?;
        let time = |text: &str| parse_time(text).ok_or("a time of the CRL is none");
        let (this_update, next_update) = (time(this_update)?, time(next_update)?);
        if this_update > now + CLOCK_SKEW_ALLOWANCE {
            return Err("the CRL is of the future".into());
        }
        // It begins as much earlier as clocks may differ, and has been on its way.
        if this_update < now - 2 * CLOCK_SKEW_ALLOWANCE {
            return Err("the CRL is of the past".into());
        }
        let entries = decode(content.entries).ok_or("the entries are not in hexadecimal digits")?;
        let builder = CrlBuilder::from_entries(&entries).map_err(|error| sentence(&error))?;
        let template = CrlTemplate {
            number: &number,
            this_update,
            next_update,
        };
        let former = former_key.map(|spki| {
            decode(spki)
                .and_then(|spki| PublicKey::from_spki(&spki).ok())
                .ok_or("the former key is none")
        });
        let former = former.transpose()?;
        let shards: Option<Vec<CrlShard>> = content
            .shards
            .iter()
            .map(|(of, index)| CrlShard::new(*of, *index))
            .collect();
        let shards = shards.ok_or("a part of the CRL is none")?;
        if former.is_some() && !shards.is_empty() {
            return Err("a former key signs no part of the CRL".into());
        }
        self.expect_whole(&opened, (&builder, content.expired), &number, now)?;
        let published = content
            .published
            .iter()
            .map(|part| RevocationList::from_der(&decode(part)?).ok());
        let published: Option<Vec<RevocationList>> = published.collect();
        let published = published.ok_or("a published part of the CRL is none")?;
        let key = former
            .as_ref()
            .unwrap_or_else(|| opened.unlocked().key().public_key());
        let key = digits(&key.key_identifier());
        let mut memory = self.memory();
        if memory.crl_numbers.get(&key).is_some_and(|last| *last >= number) {
            return Err(format!("a CRL with number {number} or a later one was signed before").into());
        }
        let (authority, own) = (opened.authority(), opened.unlocked().key());
        let parts = authority
            .sign_shards(&builder, (&shards, &published), &template, own)
            .map_err(|error| Refusal::from(&error))?;
        let crl = match &former {
            None => signed_crl(builder, &template, authority.certificate(), own)?,
            Some(former) => self.former_crl(&opened, former, builder, &template)?,
        };
        let entry = |crl: &RevocationList, shard: Option<&CrlShard>| Entry::Crl {
            number: number.to_string(),
            sha256: digits(&sha256(crl.der())),
            key: key.clone(),
            shard: shard.map(ToString::to_string),
        };
        let mut entries: Vec<Entry> = parts
            .iter()
            .zip(&shards)
            .map(|(crl, shard)| entry(crl, Some(shard)))
            .collect();
        entries.push(entry(&crl, None));
        memory.append(entries, user, now)?;
        Ok(Answer::Crl {
            shards: parts.iter().map(|crl| digits(crl.der())).collect(),
            crl: digits(crl.der()),
        })
    }

    /// A CRL lists all that is revoked: what the files have as revoked, where the signer can read them, and what the last CRL had, whatever has
    /// become of the files since. What has expired may leave, by the word of its certificate. Those of former keys have the same entries.
    fn expect_whole(
        &self,
        opened: &OpenCa,
        (crl, expired): (&CrlBuilder, &[String]),
        number: &SerialNumber,
        now: OffsetDateTime,
    ) -> Answered<()> {
        let looked = (number.clone(), sha256(crl.entries()).to_vec());
        if self.memory().whole.as_ref() == Some(&looked) {
            return Ok(());
        }
        let authority = opened.authority();
        if !self.is_apart {
            let left_out = authority
                .left_out_of_crl(crl, now)
                .map_err(|error| Refusal::from(&error))?;
            if let Some(first) = left_out.first() {
                return Err(match left_out.len() - 1 {
                    0 => format!("the CRL leaves out {first}, which is revoked").into(),
                    more => format!("the CRL leaves out {first} and {more} more, which are revoked").into(),
                });
            }
        }
        let own = |der: &String| {
            let certificate = Certificate::from_der(&decode(der)?).ok()?;
            let has_expired = certificate.not_after() < now && authority.has_signed(&certificate);
            has_expired.then(|| certificate.serial().clone())
        };
        let expired: HashSet<SerialNumber> = expired.iter().filter_map(own).collect();
        let last = self.memory().last.clone();
        let revoked: HashSet<SerialNumber> = crl.revoked_for_good().collect();
        let may_leave = |serial: &SerialNumber| {
            expired.contains(serial) || (!self.is_apart && authority.has_expired(serial, now))
        };
        let dropped = last
            .revoked_for_good()
            .find(|serial| !revoked.contains(serial) && !may_leave(serial));
        if let Some(serial) = dropped {
            return Err(format!("the CRL takes back that {serial} is revoked, as the last one said").into());
        }
        let mut memory = self.memory();
        memory.last = crl.clone();
        memory.whole = Some(looked);
        Ok(())
    }

    fn former_crl(
        &self,
        opened: &OpenCa,
        key: &PublicKey,
        builder: CrlBuilder,
        template: &CrlTemplate<'_>,
    ) -> Answered<RevocationList> {
        let previous = opened
            .authority()
            .previous()
            .iter()
            .find(|previous| previous.certificate().public_key() == key)
            .ok_or("it was never this CA's key")?;
        let former = self
            .keys
            .open(CaKey::Former(key))
            .map_err(|error| sentence(&error))?
            .ok_or("the former key is not kept any more")?;
        if former.signer.public_key() != key {
            return Err("the file of the former key has another one".into());
        }
        signed_crl(builder, template, previous.certificate(), former.signer.as_ref())
    }
}

fn signed_crl(
    builder: CrlBuilder,
    template: &CrlTemplate<'_>,
    certificate: &Certificate,
    key: &dyn Signer,
) -> Answered<RevocationList> {
    let key_identifier = certificate.key_identifier_for_issued();
    let issuer = Issuer {
        name: certificate.subject(),
        key_identifier: Some(&key_identifier),
        key,
    };
    builder
        .sign(template, &issuer)
        .map_err(|error| sentence(&error).into())
}
