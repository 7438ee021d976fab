//! A private key that is made on the host and stays there.

use super::{BundleError, BundleName, Order};
use crate::target::Content;
use gsec_pki::key::KeyAlgorithm;

/// A private key that is made on the host, of which only the public half is seen elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOnHost {
    /// Its kind.
    pub kind: KeyAlgorithm,
    /// Whether it is made in the directory of this bundle; otherwise it is in that of another bundle of the host.
    pub is_here: bool,
    name: BundleName,
    fixed_dest: String,
}

impl KeyOnHost {
    /// A key that is made in the directory of the bundle of this order.
    pub fn made_by(order: &Order, host: &str, kind: KeyAlgorithm) -> Self {
        let name = order.name_for(host);
        Self {
            kind,
            is_here: true,
            fixed_dest: order.fixed_dest(&name),
            name,
        }
    }

    /// The same key, for another bundle.
    #[must_use]
    pub fn for_another(&self) -> Self {
        Self {
            is_here: false,
            ..self.clone()
        }
    }

    /// What the scripts on the host know of it: none of these values needs quotes.
    pub(super) fn constants(key: Option<&Self>) -> [(&'static str, String); 4] {
        let made = match key {
            None => "",
            Some(key) if key.is_here => "here",
            Some(_) => "elsewhere",
        };
        let value = |of: &dyn Fn(&Self) -> String| key.map(of).unwrap_or_default();
        [
            ("key_made", made.to_owned()),
            ("key_type", value(&|key| word(key.kind))),
            ("key_of", value(&|key| key.name.to_string())),
            ("key_in", value(&|key| key.fixed_dest.clone())),
        ]
    }
}

/// A kind of key, as the scripts on the host call it.
fn word(kind: KeyAlgorithm) -> String {
    match kind {
        KeyAlgorithm::Rsa(size) => format!("rsa-{}", size.bits()),
        other => other.key_type().name().to_owned(),
    }
}

impl Order {
    /// Whether its files can be made of a key that stays on the host: of one file with a key, PEM, and of one with the certificate that it
    /// belongs to.
    ///
    /// # Errors
    /// [`BundleError::NeedsKey`], [`BundleError::KeyOnHost`].
    pub fn expect_key_on_host(&self) -> Result<(), BundleError> {
        let files = self.files();
        if files.iter().any(|(_, what)| *what == Content::KeyStore) {
            return Err(BundleError::NeedsKey(self.target.name));
        }
        let with_key = files.iter().filter(|(_, what)| what.has_key()).count();
        if with_key > 1 || (with_key == 1 && self.certificate_file().is_none()) {
            return Err(BundleError::KeyOnHost(self.target.name));
        }
        Ok(())
    }
}
