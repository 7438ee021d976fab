//! One POST. Redirects are not followed, and of the answer no more is read than is asked for: who answers may not be who he should be.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::rt::{Read, Write};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use super::outlet::TIMEOUT;
use super::{OutletError, trust};

/// The longest head of an answer.
const MAX_HEAD_BYTES: usize = 16 * 1024;
const MAX_FIELDS: usize = 64;
/// The longest answer that is read where one is asked for.
const MAX_ANSWER_BYTES: usize = 4096;

/// A place that takes POST requests.
pub(super) struct Poster {
    url: Url,
    tls: Arc<ClientConfig>,
    timeout: Duration,
}

impl Poster {
    pub(super) fn new(url: &str, path: &str, trust_file: Option<&Path>) -> Result<Self, OutletError> {
        let wrong = || OutletError::Down(format!("`{url}` is not a URL"));
        let mut whole = Url::parse(url).map_err(|_| wrong())?;
        if !path.is_empty() {
            whole.set_path(&format!("{}{path}", whole.path().trim_end_matches('/')));
        }
        Ok(Self {
            url: whole,
            tls: trust::client(trust_file)?,
            timeout: TIMEOUT,
        })
    }

    /// The same, where this side shows a certificate too: certificates and key.
    pub(super) fn mutual(
        url: &str,
        path: &str,
        trust_file: Option<&Path>,
        own: (&Path, &Path),
    ) -> Result<Self, OutletError> {
        Ok(Self {
            tls: trust::mutual(trust_file, own)?,
            ..Self::new(url, path, trust_file)?
        })
    }

    #[cfg(test)]
    pub(super) fn within(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sends a JSON document; any status of success says that it has arrived.
    pub(super) fn post(&self, body: String, fields: &[(&str, String)]) -> Result<(), OutletError> {
        self.asked(body, fields, 0).map(drop)
    }

    /// Sends a JSON document, and returns the answer to it.
    pub(super) fn ask_for(&self, body: String) -> Result<Vec<u8>, OutletError> {
        self.asked(body, &[], MAX_ANSWER_BYTES)
    }

    fn asked(&self, body: String, fields: &[(&str, String)], most: usize) -> Result<Vec<u8>, OutletError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| down(&error))?;
        let asked = async { tokio::time::timeout(self.timeout, self.ask(body, fields, most)).await };
        let answered = runtime.block_on(asked);
        // A name that is still looked up is not waited for.
        runtime.shutdown_background();
        let (status, answer) = answered
            .map_err(|_| OutletError::Down(format!("no answer within {} s", self.timeout.as_secs_f32())))??;
        match status {
            status if status.is_success() => Ok(answer),
            status if status.is_redirection() => Err(OutletError::Down(format!(
                "it answers {status}: redirects are not followed"
            ))),
            StatusCode::BAD_REQUEST
            | StatusCode::CONFLICT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNPROCESSABLE_ENTITY => Err(OutletError::Refused(format!("it answers {status}"))),
            status => Err(OutletError::Down(format!("it answers {status}"))),
        }
    }

    async fn ask(
        &self,
        body: String,
        fields: &[(&str, String)],
        most: usize,
    ) -> Result<(StatusCode, Vec<u8>), OutletError> {
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = self.url.port_or_known_default().unwrap_or(443);
        let stream = TcpStream::connect((host, port))
            .await
            .map_err(|error| down(&error))?;
        if self.url.scheme() == "http" {
            return self.exchange(TokioIo::new(stream), body, fields, most).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|error| down(&error))?;
        let secured = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
        self.exchange(
            TokioIo::new(secured.map_err(|error| down(&error))?),
            body,
            fields,
            most,
        )
        .await
    }

    async fn exchange(
        &self,
        stream: impl Read + Write + Unpin + Send + 'static,
        body: String,
        fields: &[(&str, String)],
        most: usize,
    ) -> Result<(StatusCode, Vec<u8>), OutletError> {
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(MAX_HEAD_BYTES)
            .max_headers(MAX_FIELDS)
            .handshake(stream)
            .await
            .map_err(|error| down(&error))?;
        // Ends with this function, and closes the connection.
        let mut tasks = JoinSet::new();
        tasks.spawn(connection);
        let mut request = Request::post(&self.url[Position::BeforePath..Position::AfterQuery])
            .header(HOST, &self.url[Position::BeforeHost..Position::AfterPort])
            .header(USER_AGENT, concat!("gsec/", env!("CARGO_PKG_VERSION")))
            .header(CONTENT_TYPE, "application/json")
            .header(CONNECTION, "close");
        for (name, value) in fields {
            request = request.header(*name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| down(&error))?;
        let response = sender.send_request(request).await.map_err(|error| down(&error))?;
        let status = response.status();
        let answer = match most {
            0 => Vec::new(),
            most => Limited::new(response.into_body(), most)
                .collect()
                .await
                .map_err(|error| OutletError::Down(error.to_string()))?
                .to_bytes()
                .into(),
        };
        Ok((status, answer))
    }
}

fn down(error: &(dyn std::error::Error + 'static)) -> OutletError {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    OutletError::Down(words)
}
