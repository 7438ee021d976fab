//! rustls-acme, with which a server in Rust gets its own certificate: it proves by tls-alpn-01 at the port that it serves.

use std::sync::Arc;

use futures_util::StreamExt as _;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use rustls_acme::caches::DirCache;
use rustls_acme::{AcmeConfig, EventOk, is_tls_alpn_challenge};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{LazyConfigAcceptor, TlsConnector};

use crate::site::Site;

/// Serves until it has its certificate, and then each connection with it.
async fn serve(
    site: &Site,
    name: &str,
    obtained: tokio::sync::mpsc::Sender<String>,
    trusted: &Arc<ClientConfig>,
) {
    let mut state = AcmeConfig::new_with_client_config([name], trusted.clone())
        .directory(site.directory())
        .cache(DirCache::new(site.folder().join("cache")))
        .state();
    let (proof, ordinary) = (state.challenge_rustls_config(), state.default_rustls_config());
    tokio::spawn(async move {
        while let Some(event) = state.next().await {
            let said = match event {
                Ok(EventOk::DeployedNewCert) => "new".to_owned(),
                Ok(EventOk::DeployedCachedCert) => "cached".to_owned(),
                Ok(_) => continue,
                Err(error) => error.to_string(),
            };
            let _ = obtained.send(said).await;
        }
    });
    let listener = TcpListener::bind(("127.0.0.1", site.tls_port))
        .await
        .expect("a port");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (proof, ordinary) = (proof.clone(), ordinary.clone());
            tokio::spawn(async move {
                let begun = LazyConfigAcceptor::new(Default::default(), stream).await?;
                let settings = if is_tls_alpn_challenge(&begun.client_hello()) {
                    proof
                } else {
                    ordinary
                };
                begun.into_stream(settings).await?.shutdown().await
            });
        }
    });
}

#[tokio::test]
async fn rustls_acme_obtains_by_tls_alpn_and_serves_what_it_got() {
    let site = Site::new();
    let root = CertificateDer::from_pem_file(site.ca_certificate()).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(root).expect("a root");
    let trusted = Arc::new(
        ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth(),
    );
    let (send, mut said) = tokio::sync::mpsc::channel(8);
    serve(&site, "r.ca.test", send, &trusted).await;
    let said = tokio::time::timeout(super::PATIENCE, said.recv()).await;
    assert_eq!(said.expect("in time").as_deref(), Some("new"));
    // The client checks chain, time and name.
    let stream = TcpStream::connect(("127.0.0.1", site.tls_port))
        .await
        .expect("the server");
    let name = ServerName::try_from("r.ca.test").expect("a name");
    let connected = TlsConnector::from(trusted)
        .connect(name, stream)
        .await
        .expect("trust");
    let chain = connected.get_ref().1.peer_certificates().expect("a chain");
    let shown = site.gsec(&["cert", "list", "--json"]).ok().stdout;
    let serial = gsec_pki::x509::Certificate::from_der(&chain[0])
        .expect("a certificate")
        .serial()
        .to_string();
    assert!(shown.contains(&format!("\"{serial}\"")), "{serial}: {shown}");
    site.is_in_order();
}
