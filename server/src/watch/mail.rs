//! Mail.

use gsec_pki::x509::parse_time;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use super::outlet::TIMEOUT;
use super::{Outlet, OutletError, secret};
use crate::alarm::{Event, MailTls, Numbered, SinkKind};

pub(super) struct Mail {
    transport: SmtpTransport,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Mail {
    pub(super) fn new(kind: &SinkKind) -> Result<Self, OutletError> {
        let SinkKind::Mail {
            server,
            port,
            tls,
            trust_file,
            user,
            password_file,
            from,
            to,
        } = kind
        else {
            return Err(OutletError::Down("it is no mail server".into()));
        };
        let parameters = || -> Result<TlsParameters, OutletError> {
            let mut builder = TlsParameters::builder(server.clone());
            if let Some(path) = trust_file {
                let wrong = |reason: String| OutletError::File {
                    path: path.clone(),
                    reason,
                };
                let content = gsec_ca::files::read_file_within(path, 1024 * 1024)
                    .map_err(|error| wrong(error.to_string()))?;
                let certificates = gsec_pki::x509::decode_certificates(&content)
                    .map_err(|error| wrong(error.to_string()))?;
                builder = builder.certificate_store(CertificateStore::None);
                for certificate in certificates {
                    let trusted = Certificate::from_der(certificate.der().to_vec());
                    builder =
                        builder.add_root_certificate(trusted.map_err(|error| wrong(error.to_string()))?);
                }
            }
            builder
                .build()
                .map_err(|error| OutletError::Down(error.to_string()))
        };
        let tls = match tls {
            MailTls::StartTls => Tls::Required(parameters()?),
            MailTls::Whole => Tls::Wrapper(parameters()?),
            MailTls::None => Tls::None,
        };
        let mut builder = SmtpTransport::builder_dangerous(server.clone())
            .port(*port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        if let Some((user, path)) = user.as_ref().zip(password_file.as_ref()) {
            let password = secret::read(path)?;
            let password = std::str::from_utf8(&password).map_err(|_| OutletError::File {
                path: path.clone(),
                reason: "it is not text".into(),
            })?;
            builder = builder.credentials(Credentials::new(user.clone(), password.to_owned()));
        }
        let mailbox = |text: &String| {
            let parsed = text.parse::<Mailbox>();
            parsed.map_err(|_| OutletError::Down(format!("`{text}` is not a mail address")))
        };
        Ok(Self {
            transport: builder.build(),
            from: mailbox(from)?,
            to: to.iter().map(mailbox).collect::<Result<_, _>>()?,
        })
    }
}

/// The message. Its id is that of the event, so that one that comes again is known.
pub(super) fn message(event: &Event, from: &Mailbox, to: &[Mailbox]) -> Result<Message, OutletError> {
    let subject: String = format!("[{}] {}", event.site, event.line())
        .chars()
        .take(200)
        .collect();
    let mut builder = Message::builder()
        .from(from.clone())
        .subject(subject)
        .message_id(Some(format!("<{}@{}>", event.id, from.email.domain())))
        .header(ContentType::TEXT_PLAIN);
    if let Some(at) = parse_time(&event.at) {
        builder = builder.date(at.into());
    }
    for to in to {
        builder = builder.to(to.clone());
    }
    builder
        .body(event.text())
        .map_err(|error| OutletError::Refused(error.to_string()))
}

impl Outlet for Mail {
    fn send(&mut self, Numbered { event, .. }: &Numbered) -> Result<(), OutletError> {
        let message = message(event, &self.from, &self.to)?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(OutletError::Refused(error.to_string())),
            Err(error) => Err(OutletError::Down(error.to_string())),
        }
    }
}
