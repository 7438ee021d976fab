//! instant-acme, with which programs in Rust ask for certificates.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use instant_acme::{
    Account, AuthorizationStatus, CertificateIdentifier, ChallengeType, Error, ExternalAccountKey,
    Identifier, NewAccount, NewOrder, RetryPolicy, RevocationRequest,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{PATIENCE, REQUIRES_KEY, is_for_servers_alone, serial_of};
use crate::client::Responder;
use crate::site::{Dns, Site, run};

async fn account(site: &Site, binding: Option<&ExternalAccountKey>) -> Result<Account, Error> {
    let new = NewAccount {
        contact: &[],
        terms_of_service_agreed: true,
        only_return_existing: false,
    };
    let builder = Account::builder_with_root(site.ca_certificate())?;
    let created = builder.create(&new, site.directory().to_owned(), binding).await?;
    Ok(created.0)
}

/// Proves what is asked for and fetches the certificate, with its chain.
async fn obtain(
    site: &Site,
    responder: &Responder,
    account: &Account,
    order: &NewOrder<'_>,
    how: ChallengeType,
) -> Result<String, Error> {
    let patience = RetryPolicy::default().timeout(PATIENCE);
    let mut order = account.new_order(order).await?;
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let mut challenge = authorization.challenge(how.clone()).expect("such a challenge");
        let key_authorization = challenge.key_authorization();
        if how == ChallengeType::Dns01 {
            let name = challenge.identifier().to_string();
            let name = format!("_acme-challenge.{}.", name.trim_start_matches("*."));
            let set = format!(
                "{}\nset_txt {name} {}",
                site.dns().set_txt(),
                key_authorization.dns_value()
            );
            run(std::process::Command::new("sh").args(["-c", &set])).ok();
        } else {
            let token = challenge.token.clone();
            responder.knows(&token, key_authorization.as_str().to_owned());
        }
        challenge.set_ready().await?;
    }
    order.poll_ready(&patience).await?;
    order.finalize().await?;
    order.poll_certificate(&patience).await
}

fn written(site: &Site, name: &str, chain: &str) -> PathBuf {
    let path = site.folder().join(name);
    std::fs::write(&path, chain).expect("written");
    path
}

fn first_of(chain: &Path) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(chain).expect("a certificate")
}

fn wait_for(client: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(client);
}

#[test]
fn instant_acme_obtains_renews_in_time_and_revokes() {
    let mut site = Site::with_addresses();
    site.grant_profile("tls-server");
    wait_for(obtains_renews_and_revokes(&site));
    site.is_in_order();
}

async fn obtains_renews_and_revokes(site: &Site) {
    let responder = Responder::start(site.http_port);
    let mut account = account(site, None).await.expect("an account");
    let a = [Identifier::Dns("a.ca.test".into())];
    let order = NewOrder::new(&a).profile("tls-server");
    let chain = obtain(site, &responder, &account, &order, ChallengeType::Http01)
        .await
        .expect("a certificate");
    let first = written(site, "a.pem", &chain);
    site.verifies(&first, "a.ca.test");
    assert!(is_for_servers_alone(&first));

    let certificate = first_of(&first);
    let id = CertificateIdentifier::try_from(&certificate).expect("an identifier");
    let (info, again) = account.renewal_info(&id).await.expect("renewal information");
    assert!(info.suggested_window.start < info.suggested_window.end);
    assert!(again > Duration::ZERO);
    let _ = account.update_key().await.expect("another key");
    let order = NewOrder::new(&a).replaces(id.into_owned());
    let chain = obtain(site, &responder, &account, &order, ChallengeType::Http01)
        .await
        .expect("another certificate");
    let second = written(site, "second.pem", &chain);
    assert_ne!(serial_of(&first), serial_of(&second));
    let id = CertificateIdentifier::try_from(&certificate).expect("an identifier");
    let once_more = account.new_order(&NewOrder::new(&a).replaces(id)).await.err();
    let said = once_more.map(|error| error.to_string()).unwrap_or_default();
    assert!(said.contains("alreadyReplaced"), "{said}");

    for (identifier, name, how) in [
        (
            Identifier::Dns("*.ca.test".into()),
            "any.ca.test",
            ChallengeType::Dns01,
        ),
        (
            Identifier::Ip([127, 0, 0, 1].into()),
            "127.0.0.1",
            ChallengeType::Http01,
        ),
    ] {
        let asked = [identifier];
        let chain = obtain(site, &responder, &account, &NewOrder::new(&asked), how)
            .await
            .expect("a certificate");
        site.verifies(&written(site, "other.pem", &chain), name);
    }

    let request = RevocationRequest {
        certificate: &certificate,
        reason: None,
    };
    account.revoke(&request).await.expect("a revocation");
    site.wait_for_revocations(1);
    account.deactivate().await.expect("the end of the account");
}

#[test]
fn instant_acme_has_an_account_where_a_key_is_required() {
    let mut site = Site::with(REQUIRES_KEY, Some(Dns::start()));
    let (id, key) = site.external_account();
    wait_for(obtains_with_a_key(&site, id, &key));
    site.is_in_order();
}

async fn obtains_with_a_key(site: &Site, id: String, key: &str) {
    let refused = account(site, None).await.err().map(|error| error.to_string());
    assert!(refused.is_some_and(|said| said.contains("externalAccountRequired")));
    let key = URL_SAFE_NO_PAD.decode(key).expect("base64url");
    let binding = ExternalAccountKey::new(id, &key);
    let account = account(site, Some(&binding)).await.expect("an account");
    let responder = Responder::start(site.http_port);
    let asked = [Identifier::Dns("a.ca.test".into())];
    let chain = obtain(
        site,
        &responder,
        &account,
        &NewOrder::new(&asked),
        ChallengeType::Http01,
    )
    .await
    .expect("a certificate");
    site.verifies(&written(site, "a.pem", &chain), "a.ca.test");
}
