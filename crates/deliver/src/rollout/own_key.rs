//! Hosts whose keys are made there: which bundle brings it about, and which keys count.

use std::error::Error;

use super::{FleetHost, Reason, WantedBundle};
use crate::bundle::KeyOnHost;
use gsec_ca::authority::{Authority, AuthorityError};
use gsec_pki::key::PublicKey;

impl FleetHost<'_> {
    /// The bundle in whose directory the key of the host is made, where it is made there.
    pub fn key_bundle(&self) -> Option<&WantedBundle> {
        let is_here =
            |bundle: &&WantedBundle| bundle.order.key_on_host.as_ref().is_some_and(|key| key.is_here);
        self.bundles.iter().find(is_here)
    }

    /// The first bundle with a key brings it about, and the others find it there.
    pub(super) fn place_key(&mut self) {
        if !self.is_key_on_host {
            return;
        }
        let mut made: Option<KeyOnHost> = None;
        let host = self.name.value();
        let takes_key =
            |bundle: &&mut WantedBundle| bundle.order.is_installed_by_shell() && bundle.order.has_key_file();
        for bundle in self.bundles.iter_mut().filter(takes_key) {
            let key = match &made {
                Some(key) => key.for_another(),
                None => KeyOnHost::made_by(&bundle.order, &host, self.key),
            };
            made.get_or_insert_with(|| key.clone());
            bundle.order.key_on_host = Some(key);
        }
    }

    /// Whether a key is of the kind that the host is to have.
    pub(super) fn has_kind(&self, key: &PublicKey) -> bool {
        key.key_type() == Some(self.key.key_type()) && key.size_bits() == Some(self.key.bits())
    }
}

/// Why a key is not the one that a host with a key of its own is to have.
pub(super) fn reasons_of_key(
    host: &FleetHost<'_>,
    key: &PublicKey,
    authority: &Authority,
) -> Result<Vec<Reason>, AuthorityError> {
    let mut found = Vec::new();
    if authority.keeps_key(key)? {
        found.push(Reason {
            code: "key_at_ca".into(),
            message: "the CA has its private key, which is to be made on the host".into(),
        });
    }
    if host.is_kind_asked && !host.has_kind(key) {
        found.push(Reason {
            code: "key_type".into(),
            message: format!("its key is {key}, expected {}", host.key),
        });
    }
    Ok(found)
}

/// That the CA does not certify a key any more.
pub(super) fn reason_of(error: &AuthorityError) -> Reason {
    let why = error
        .source()
        .map(|source| format!(": {source}"))
        .unwrap_or_default();
    Reason {
        code: error.code().to_owned(),
        message: format!("{error}{why}"),
    }
}
