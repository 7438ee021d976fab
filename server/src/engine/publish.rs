//! What anybody may fetch.

use time::{Duration, OffsetDateTime};

use crate::engine::{Answer, Engine, Fault};
use crate::notice::Moment;
use crate::publish::Freshness;
use gsec_ca::authority::{Authority, AuthorityError};
use gsec_ca::records::HeadFile;
use gsec_pki::x509::{Certificate, CrlShard, RevocationList, certificates_only};

/// How long the certificate of the CA is kept by those who fetched it, in seconds.
const CERTIFICATE_MAX_AGE: i64 = 24 * 3600;
/// How long a CRL is kept at the most: a revocation is to be seen soon.
const MAX_CRL_AGE: i64 = 3600;

/// Something that is published.
pub struct Published {
    /// It.
    pub content: Vec<u8>,
    /// How long it need not be fetched again.
    pub freshness: Freshness,
}

impl Published {
    fn new(content: Vec<u8>, since: OffsetDateTime, now: OffsetDateTime, max_age: i64) -> Self {
        let renewed = now + Duration::seconds(max_age);
        Self {
            freshness: Freshness::of(&content, since, renewed, renewed),
            content,
        }
    }
}

impl Engine {
    /// The CRL, DER; `None` before there is one.
    ///
    /// # Errors
    /// Status 503.
    pub async fn published_crl(&self) -> Answer<Option<Published>> {
        self.of_crl(Authority::present_crl).await
    }

    /// A part of the CRL, DER; `None` when it is not published.
    ///
    /// # Errors
    /// Status 503.
    pub async fn published_shard(&self, shard: CrlShard) -> Answer<Option<Published>> {
        self.of_crl(move |ca| ca.crl_shard(shard)).await
    }

    async fn of_crl(
        &self,
        crl: impl FnOnce(&Authority) -> Result<Option<RevocationList>, AuthorityError> + Send + 'static,
    ) -> Answer<Option<Published>> {
        let now = self.clock.now();
        let crl = self.ca.look(crl).await?;
        let crl = crl.map_err(|error| Fault::unavailable(error.to_string()))?;
        Ok(crl.map(|crl| {
            let left = crl.next_update().map_or(0, |next| (next - now).whole_seconds());
            Published::new(
                crl.der().to_vec(),
                crl.this_update(),
                now,
                (left / 2).clamp(0, MAX_CRL_AGE),
            )
        }))
    }

    /// What is so now. What cannot be looked at is left out.
    pub async fn moment(&self) -> Moment {
        let now = self.clock.now();
        let looked = self.ca.look(|ca| {
            let crl = ca.present_crl().ok().flatten();
            let crl = crl.map(|crl| (crl.this_update(), crl.next_update()));
            let lines = match ca.records().signed_head() {
                Ok(HeadFile::Read(head)) => Some(head.seq),
                _ => None,
            };
            (crl, lines, ca.certificate().not_after())
        });
        let (crl, log_lines, ca_end) = match looked.await {
            Ok((crl, lines, end)) => (crl, lines, Some(end)),
            Err(_) => (None, None, None),
        };
        Moment {
            open_orders: self.state.open_orders(now).await.ok(),
            overdue: self.overdue().await.ok(),
            crl_age: crl.map(|(made, _)| (now - made).whole_seconds()),
            crl_left: crl.and_then(|(_, next)| Some((next? - now).whole_seconds())),
            ca_left: ca_end.map(|end| (end - now).whole_seconds()),
            log_lines,
        }
    }

    /// The certificate of the CA, DER.
    ///
    /// # Errors
    /// Status 503.
    pub async fn published_certificate(&self) -> Answer<Option<Published>> {
        self.of_certificate(|ca| ca.certificate().der().to_vec()).await
    }

    /// The certificate of the CA and those above it, PEM.
    ///
    /// # Errors
    /// Status 503.
    pub async fn published_chain(&self) -> Answer<Option<Published>> {
        self.of_certificate(|ca| {
            ca.path_upwards()
                .map(Certificate::to_pem)
                .collect::<String>()
                .into_bytes()
        })
        .await
    }

    /// The same as certs-only PKCS #7 (RFC 5280 §4.2.2.1).
    ///
    /// # Errors
    /// Status 503.
    pub async fn published_collection(&self) -> Answer<Option<Published>> {
        self.of_certificate(|ca| certificates_only(ca.path_upwards()))
            .await
    }

    async fn of_certificate(
        &self,
        content: impl FnOnce(&Authority) -> Vec<u8> + Send + 'static,
    ) -> Answer<Option<Published>> {
        let now = self.clock.now();
        let published = self.ca.look(move |ca| {
            Published::new(
                content(ca),
                ca.certificate().not_before(),
                now,
                CERTIFICATE_MAX_AGE,
            )
        });
        published.await.map(Some)
    }
}
