//! A key that is made on the host, and the CSR that the host answers. What comes from there is whatever who holds the host wants.

use std::ffi::OsString;

use thiserror::Error;

use super::direct::{Action, line};
use super::parcel::for_direct_request;
use super::receiver::request;
use super::remote::{Remote, RemoteError};
use crate::bundle::Installation;
use gsec_env::{ProgramEnd, Programs};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::{CertificateRequest, decode_request};
use gsec_platform::inventory::PushMode;
use zeroize::Zeroizing;

/// Several times what a CSR of an RSA key of 8192 bits has.
const MAX_CSR: usize = 16 * 1024;
/// What follows the CSR, so that one that was cut off is none.
const END: &[u8] = b"state=requested\n";
/// Exit statuses of what runs on the host.
const REFUSED: i32 = 2;
const NO_OPENSSL: i32 = 6;
/// What a receiver says that was installed before hosts made keys.
const EARLIER_RECEIVER: &str = "install NAME, rollback NAME ID or status NAME";

/// Who is asked for a CSR, and by which bundle.
pub struct CsrCall<'a> {
    /// How the host is reached.
    pub remote: &'a Remote,
    /// Who runs what there.
    pub mode: PushMode,
    /// What the bundle's directory is called, and its settings on the host.
    pub folder: &'a str,
    /// How the bundle is installed.
    pub installation: &'a Installation,
}

/// Why there is no CSR of a host.
#[derive(Debug, Error)]
pub enum CsrError {
    /// It could not be asked.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// Its receiver does not know the question.
    #[error("the receiver on the host was installed by an earlier gsec, and makes no keys")]
    EarlierReceiver,
    /// It does not do it.
    #[error("the host makes no key: {0}")]
    Refused(String),
    /// Nothing there makes keys.
    #[error("openssl, which makes the key, is not on the host")]
    NoOpenssl,
    /// It could not do it.
    #[error("the host could not make a key: {0}")]
    Failed(String),
    /// It answered with something else.
    #[error("the host did not answer with a CSR: {0}")]
    NotACsr(String),
}

impl CsrError {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Remote(error) => error.code(),
            Self::EarlierReceiver => "push-receiver-earlier",
            Self::Refused(_) => "push-refused",
            Self::NoOpenssl => "push-no-openssl",
            Self::Failed(_) => "push-key-failed",
            Self::NotACsr(_) => "push-not-a-csr",
        }
    }
}

impl CsrCall<'_> {
    /// Asks for it. A key that still waits for its certificate there is taken again.
    ///
    /// # Errors
    /// [`CsrError`].
    pub fn call(
        &self,
        programs: &dyn Programs,
        variables: &[(OsString, OsString)],
    ) -> Result<CertificateRequest, CsrError> {
        let (line, input) = match self.mode {
            PushMode::Receiver => (request(self.folder), Zeroizing::default()),
            PushMode::Direct => (line(Action::Request), for_direct_request(self.installation)),
        };
        read(&self.remote.call(programs, variables, &line, input)?)
    }
}

/// Reads the answer. Its words become text that is safe to show.
fn read(end: &ProgramEnd) -> Result<CertificateRequest, CsrError> {
    let words = || {
        let words = end.last_words().unwrap_or_else(|| "it said nothing".into());
        visible(words.trim_start_matches("gsec: "))
    };
    match end.status {
        Some(0) => {}
        Some(NO_OPENSSL) => return Err(CsrError::NoOpenssl),
        Some(REFUSED) if words().contains(EARLIER_RECEIVER) => return Err(CsrError::EarlierReceiver),
        Some(REFUSED) => return Err(CsrError::Refused(words())),
        _ => return Err(CsrError::Failed(words())),
    }
    let not = |why: String| Err(CsrError::NotACsr(why));
    if end.stdout.len() > MAX_CSR {
        return not(format!("the answer has more than {MAX_CSR} bytes"));
    }
    let Some(csr) = end.stdout.strip_suffix(END) else {
        return not("the answer is cut off, or has another form".into());
    };
    decode_request(csr).or_else(|error| not(visible(&error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSR: &str = include_str!("../../../../tests/data/requests.pem");

    fn code(status: Option<i32>, stdout: &[u8], stderr: &str) -> Result<(), &'static str> {
        let end = ProgramEnd {
            status,
            stdout: stdout.to_vec(),
            stderr: stderr.into(),
        };
        read(&end).map(drop).map_err(|error| error.code())
    }

    /// The first CSR of the file.
    fn csr() -> Vec<u8> {
        let begin = CSR.find("-----BEGIN").expect("a CSR");
        let end = CSR[begin..].find("-----END").expect("its end") + begin;
        format!("{}-----END CERTIFICATE REQUEST-----\n", &CSR[begin..end]).into_bytes()
    }

    #[test]
    fn an_answer_is_one_csr_and_the_word_that_it_is_whole() {
        let whole = [csr(), END.to_vec()].concat();
        assert_eq!(code(Some(0), &whole, ""), Ok(()));
        let twice = [csr(), csr(), END.to_vec()].concat();
        let large = [vec![b'x'; MAX_CSR], csr(), END.to_vec()].concat();
        let not_a_csr: [&[u8]; 6] = [b"", END, &csr(), &twice, &large, b"\x1b[2J\xffstate=requested\n"];
        for answer in not_a_csr {
            let shown = String::from_utf8_lossy(answer)
                .chars()
                .take(40)
                .collect::<String>();
            assert_eq!(code(Some(0), answer, ""), Err("push-not-a-csr"), "{shown:?}");
        }
    }

    #[test]
    fn why_there_is_none_is_told_apart() {
        let earlier = "gsec: refused: it is asked for as install NAME, rollback NAME ID or status NAME; nothing was changed\n";
        assert_eq!(code(Some(2), b"", earlier), Err("push-receiver-earlier"));
        assert_eq!(
            code(Some(2), b"", "gsec: refused: this is no name\n"),
            Err("push-refused")
        );
        assert_eq!(code(Some(6), b"", ""), Err("push-no-openssl"));
        // A CSR of a call that did not end well is none.
        let whole = [csr(), END.to_vec()].concat();
        for status in [Some(1), Some(3), Some(7), None] {
            assert_eq!(code(status, &whole, ""), Err("push-key-failed"), "{status:?}");
        }
    }

    #[test]
    fn words_of_the_host_are_only_words() {
        let end = ProgramEnd {
            status: Some(3),
            stdout: Vec::new(),
            stderr: b"gsec: \x1b]0;title\x07\x1b[2J".to_vec(),
        };
        let message = read(&end).expect_err("no CSR").to_string();
        assert!(
            !message.contains('\x1b') && !message.contains('\x07'),
            "{message:?}"
        );
    }
}
