//! The group P-521 for rustls, which has none: servers that take no other present their certificates too.

use rustls::crypto::{ActiveKeyExchange, SharedSecret, SupportedKxGroup};
use rustls::{Error, NamedGroup, PeerMisbehaved};

use gsec_pki::key::EphemeralP521;

/// The group.
#[derive(Debug)]
pub(super) struct P521;

struct Exchange(EphemeralP521);

impl SupportedKxGroup for P521 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let key = EphemeralP521::generate().ok_or(Error::FailedToGetRandomBytes)?;
        Ok(Box::new(Exchange(key)))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer_pub_key: &[u8]) -> Result<SharedSecret, Error> {
        let secret = self.0.agree(peer_pub_key);
        let secret = secret.ok_or(Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare))?;
        Ok(SharedSecret::from(secret.as_slice()))
    }

    fn pub_key(&self) -> &[u8] {
        self.0.public()
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}
