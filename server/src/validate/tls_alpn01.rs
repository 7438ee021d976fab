//! tls-alpn-01, RFC 8737: a certificate that is made for this.

use std::net::IpAddr;

use gsec_pki::key::{SignatureCheck, sha256};
use gsec_pki::x509::{Certificate, GeneralName};
use rustls::pki_types::{CertificateDer, ServerName};

use super::failure::{CertificateFlaw, Failure, Hop, Stage, TlsFlaw};
use super::proof::{Proof, Proven};
use super::reach::Reach;
use super::tls::{ACME_PROTOCOL, Purpose, shake_hands};
use crate::domain::Identifier;

/// id-pe-acmeIdentifier, RFC 8737 §6.1.
const ACME_IDENTIFIER: &str = "1.3.6.1.5.5.7.1.31";
/// The header of an OCTET STRING of 32 bytes.
const DIGEST_HEADER: [u8; 2] = [0x04, 32];

/// Asks for the certificate of `acme-tls/1`, and reads it.
///
/// # Errors
/// [`Failure`], but for those of http-01 and dns-01.
pub(super) async fn prove(proof: &Proof<'_>, reach: &Reach<'_>) -> Result<Proven, Failure> {
    let port = reach.rules.rule_for(proof.identifier).tls_port;
    let Some(name) = server_name(proof.identifier) else {
        return Err(Failure::NotProvable {
            identifier: proof.identifier.to_string(),
            kind: proof.kind,
        });
    };
    let connected = reach.connect(proof.identifier, port, Hop::Own).await?;
    let place = connected.place;
    let handshake = shake_hands(connected.stream, name, Purpose::Acme);
    let no_tls = |flaw| Failure::Tls {
        place: place.clone(),
        flaw,
    };
    let stream = reach
        .deadline
        .within(handshake)
        .await
        .map_err(|_| reach.timed_out(&place, Stage::Handshake))?
        .map_err(no_tls)?;
    let (_, session) = stream.get_ref();
    if session.alpn_protocol() != Some(ACME_PROTOCOL) {
        return Err(no_tls(TlsFlaw::NoAcmeProtocol));
    }
    let shown = session
        .peer_certificates()
        .and_then(<[CertificateDer<'_>]>::first);
    match shown.map_or(Err(CertificateFlaw::Unreadable), |shown| {
        expect_proof(shown, proof)
    }) {
        Ok(()) => Ok(Proven {
            address: Some(connected.address),
        }),
        Err(flaw) => Err(Failure::Certificate { place, flaw }),
    }
}

/// Whether the certificate is as RFC 8737 §3 has it. Its dates are not asked about.
fn expect_proof(der: &[u8], proof: &Proof<'_>) -> Result<(), CertificateFlaw> {
    let certificate = Certificate::from_der(der).map_err(|_| CertificateFlaw::Unreadable)?;
    if !certificate.duplicate_extensions().is_empty() {
        return Err(CertificateFlaw::Twice);
    }
    let names = certificate.subject_alternative_names().unwrap_or_default();
    if !matches!(names, [only] if is_for(only, proof.identifier)) {
        return Err(CertificateFlaw::Names(names.len()));
    }
    expect_digest(&certificate, proof.key_authorization)?;
    match certificate.verify_signature(certificate.public_key()) {
        _ if !certificate.is_self_issued() => Err(CertificateFlaw::NotSelfSigned),
        SignatureCheck::Good => Ok(()),
        SignatureCheck::Bad => Err(CertificateFlaw::NotSelfSigned),
        SignatureCheck::Unsupported => Err(CertificateFlaw::SignatureUnchecked),
    }
}

fn is_for(name: &GeneralName, identifier: &Identifier) -> bool {
    match (name, identifier) {
        (GeneralName::Dns(name), Identifier::Dns(wanted)) => {
            name.as_str().eq_ignore_ascii_case(wanted.as_str())
        }
        (GeneralName::Ip(address), Identifier::Ip(wanted)) => address == wanted,
        _ => false,
    }
}

fn expect_digest(certificate: &Certificate, key_authorization: &str) -> Result<(), CertificateFlaw> {
    let extensions = certificate.extensions_in_full();
    let extension = extensions
        .iter()
        .find(|extension| extension.oid == ACME_IDENTIFIER)
        .ok_or(CertificateFlaw::NoExtension)?;
    if !extension.is_critical {
        return Err(CertificateFlaw::NotCritical);
    }
    let expected = [&DIGEST_HEADER[..], &sha256(key_authorization.as_bytes())].concat();
    match extension.value == expected {
        true => Ok(()),
        false => Err(CertificateFlaw::OtherDigest),
    }
}

/// The name in the handshake: of an address, the name of the reverse DNS (RFC 8738 §6).
fn server_name(identifier: &Identifier) -> Option<ServerName<'static>> {
    let name = match identifier {
        Identifier::Dns(name) => name.as_str().to_owned(),
        Identifier::Ip(address) => reverse_name(*address),
    };
    match ServerName::try_from(name).ok()? {
        name @ ServerName::DnsName(_) => Some(name),
        _ => None,
    }
}

/// RFC 1035 §3.5, RFC 3596 §2.5.
fn reverse_name(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(address) => {
            let digits = format!("{:032x}", u128::from(address));
            let reversed: Vec<String> = digits.chars().rev().map(String::from).collect();
            format!("{}.ip6.arpa", reversed.join("."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_address_is_that_of_the_reverse_dns() {
        let name = |text: &str| reverse_name(text.parse().expect("an address"));
        assert_eq!(name("192.0.2.1"), "1.2.0.192.in-addr.arpa");
        assert_eq!(
            name("2001:db8::1"),
            "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        );
    }
}
