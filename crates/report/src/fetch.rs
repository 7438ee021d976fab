//! `cert fetch`.

use serde::Serialize;

use super::{CertificateFacts, Page, Problem, Report, WrittenFile};
use gsec_doctor::tls::{Negotiated, NegotiatedBy, Probe, SignatureVerdict};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::pem;
use gsec_pki::x509::{Certificate, DistinguishedName};

/// `cert fetch`.
#[derive(Debug, Clone, Serialize)]
pub struct FetchReport {
    /// Host and port as they were named.
    pub target: String,
    /// Whether certificates were presented.
    pub fetched: bool,
    /// Why not.
    pub problem: Option<Problem>,
    /// Always false: nothing is trusted.
    pub verified: bool,
    /// How the port behaves.
    pub behaviour: &'static str,
    /// The address that took the connection.
    pub address: Option<String>,
    /// Every address of the host.
    pub addresses: Vec<AddressFacts>,
    /// The server name that was sent.
    pub server_name: Option<String>,
    /// The protocol in which TLS was asked for; `null`: TLS from the first byte.
    pub starttls: Option<&'static str>,
    /// What was negotiated.
    pub connection: Option<ConnectionFacts>,
    /// Why a modern library cannot connect; `null` if it can, or if the port does not speak TLS.
    pub modern_refusal: Option<String>,
    /// Whether the server has the key of its certificate.
    pub handshake_signature: HandshakeSignatureFacts,
    /// Whether the server asks for a client certificate.
    pub client_certificate: ClientCertificateFacts,
    /// The certificates that can be read, in the order in which they were presented.
    pub certificates: Vec<CertificateFacts>,
    /// All certificates as PEM.
    pub pem: Option<String>,
    /// The file that was written.
    pub file: Option<WrittenFile>,
}

/// One address.
#[derive(Debug, Clone, Serialize)]
pub struct AddressFacts {
    /// The address with its port.
    pub address: String,
    /// `connected`, or the kind of failure.
    pub outcome: &'static str,
}

/// What was negotiated.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectionFacts {
    /// `TLS 1.3`.
    pub protocol: &'static str,
    /// IANA's name of the cipher suite.
    pub cipher_suite: String,
    /// The group of the key exchange.
    pub key_exchange_group: Option<String>,
    /// The application protocol.
    pub application_protocol: Option<String>,
    /// Whether an OCSP response was stapled.
    pub has_ocsp_response: bool,
    /// Whether a modern library did it.
    pub modern: bool,
}

/// The verdict about the signature.
#[derive(Debug, Clone, Serialize)]
pub struct HandshakeSignatureFacts {
    /// `good`, `bad`, `unknown` or `not_seen`.
    pub verdict: &'static str,
    /// The scheme.
    pub scheme: Option<String>,
    /// Why it cannot be checked.
    pub reason: Option<String>,
}

/// The server's demand.
#[derive(Debug, Clone, Serialize)]
pub struct ClientCertificateFacts {
    /// `none`, or how much the server insists.
    pub demand: &'static str,
    /// Whether one was sent.
    pub sent: bool,
    /// Why it was refused.
    pub refusal: Option<String>,
    /// The CAs the server trusts for clients.
    pub authorities: Vec<String>,
    /// The signature schemes or certificate types that it takes.
    pub schemes: Vec<String>,
}

impl FetchReport {
    /// What a probe saw.
    pub fn of(probe: &Probe) -> Self {
        let certificates: Vec<Certificate> = probe
            .chain
            .iter()
            .filter_map(|der| Certificate::from_der(der).ok())
            .collect();
        let pem: String = probe
            .chain
            .iter()
            .map(|der| pem::encode(pem::CERTIFICATE, der))
            .collect();
        Self {
            target: probe.target.to_string(),
            fetched: !probe.chain.is_empty(),
            problem: None,
            verified: false,
            behaviour: probe.behaviour.name(),
            address: probe.address.map(|address| address.to_string()),
            addresses: probe.addresses.iter().map(Into::into).collect(),
            server_name: probe.server_name.clone(),
            starttls: probe.starttls.map(|protocol| protocol.name()),
            connection: probe.negotiated.as_ref().map(Into::into),
            modern_refusal: probe.modern_refusal.as_ref().map(ToString::to_string),
            handshake_signature: (&probe.signature).into(),
            client_certificate: (&probe.client_authentication).into(),
            certificates: certificates.iter().map(Into::into).collect(),
            pem: Some(pem).filter(|pem| !pem.is_empty()),
            file: None,
        }
    }
}

impl From<&gsec_doctor::tls::AddressOutcome> for AddressFacts {
    fn from(outcome: &gsec_doctor::tls::AddressOutcome) -> Self {
        Self {
            address: outcome.address.to_string(),
            outcome: outcome
                .failure
                .as_ref()
                .map_or("connected", |failure| failure.name()),
        }
    }
}

impl From<&Negotiated> for ConnectionFacts {
    fn from(negotiated: &Negotiated) -> Self {
        Self {
            protocol: negotiated.version.name(),
            cipher_suite: negotiated.suite.name(),
            key_exchange_group: negotiated.group.map(|group| group.name()),
            application_protocol: negotiated
                .application_protocol
                .as_ref()
                .map(|name| String::from_utf8_lossy(name).into_owned()),
            has_ocsp_response: negotiated.has_ocsp_response,
            modern: negotiated.by == NegotiatedBy::ModernLibrary,
        }
    }
}

impl From<&SignatureVerdict> for HandshakeSignatureFacts {
    fn from(verdict: &SignatureVerdict) -> Self {
        let (scheme, reason) = match verdict {
            SignatureVerdict::Good { scheme } | SignatureVerdict::Bad { scheme } => {
                (Some(scheme.clone()), None)
            }
            SignatureVerdict::Unknown { reason } => (None, Some(reason.clone())),
            SignatureVerdict::NotSeen => (None, None),
        };
        Self {
            verdict: verdict.name(),
            scheme,
            reason,
        }
    }
}

impl From<&gsec_doctor::tls::ClientAuthentication> for ClientCertificateFacts {
    fn from(seen: &gsec_doctor::tls::ClientAuthentication) -> Self {
        let demand = seen.demand.as_ref();
        let name = |der: &Vec<u8>| {
            DistinguishedName::from_der(der)
                .map_or_else(|_| encode(der, Separator::None), |name| name.to_string())
        };
        Self {
            demand: demand.map_or("none", |demand| demand.demand.name()),
            sent: seen.sent,
            refusal: seen.refusal.as_ref().map(ToString::to_string),
            authorities: demand
                .map(|demand| demand.authorities.iter().map(name).collect())
                .unwrap_or_default(),
            schemes: demand.map(|demand| demand.schemes.clone()).unwrap_or_default(),
        }
    }
}

impl Report for FetchReport {
    const SCHEMA: &'static str = "gsec/cert.fetch/2";

    /// For certificates that went into a file.
    fn text(&self, page: &mut Page) {
        if let Some(file) = &self.file {
            file.text(page);
        }
        page.line(&format!("What {} presents, NOT verified:", self.target));
        page.fact_if("address", self.address.as_deref());
        for other in self.addresses.iter().filter(|other| other.outcome != "connected") {
            page.fact(
                "address",
                &format!("{}: {}", other.address, other.outcome.replace('_', " ")),
            );
        }
        page.fact_if("server name", self.server_name.as_deref());
        page.fact_if("starttls", self.starttls);
        if let Some(connection) = &self.connection {
            connection.text(page);
        }
        page.fact_if("modern TLS", self.modern_refusal.as_deref());
        page.fact("signature", &self.handshake_signature.in_words());
        self.client_certificate.text(page);
        for certificate in &self.certificates {
            page.fact(
                "certificate",
                &format!("{}, until {}", certificate.subject, certificate.not_after),
            );
            page.digest("  sha1", &certificate.thumbprint_sha1);
            page.digest("  sha256", &certificate.thumbprint_sha256);
        }
    }
}

impl ConnectionFacts {
    fn text(&self, page: &mut Page) {
        page.fact("protocol", self.protocol);
        page.fact("cipher suite", &self.cipher_suite);
        page.detail_if("group", self.key_exchange_group.as_deref());
        page.detail_if("application", self.application_protocol.as_deref());
        page.detail(
            "OCSP response",
            if self.has_ocsp_response { "stapled" } else { "none" },
        );
    }
}

impl HandshakeSignatureFacts {
    fn in_words(&self) -> String {
        match (self.scheme.as_deref(), self.reason.as_deref()) {
            (Some(scheme), _) => format!("{} ({scheme})", self.verdict),
            (_, Some(reason)) => format!("{}: {reason}", self.verdict),
            _ => self.verdict.replace('_', " "),
        }
    }
}

impl ClientCertificateFacts {
    fn text(&self, page: &mut Page) {
        let sent = match (&self.refusal, self.sent) {
            (Some(refusal), true) => format!("; rejected: {refusal}"),
            (_, true) => "; sent".into(),
            _ => String::new(),
        };
        page.fact("client cert", &format!("{}{sent}", self.demand.replace('_', " ")));
        page.facts("  of the CAs", self.authorities.iter().map(String::as_str));
        page.detail_if(
            "  signed by",
            Some(self.schemes.join(", "))
                .filter(|schemes| !schemes.is_empty())
                .as_deref(),
        );
    }
}
