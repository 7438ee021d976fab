//! What a probe saw, in words.

use std::fmt::{Display, Formatter, Result};

use super::{
    Behaviour, CertificateDemand, Demand, MAX_ANSWER_BYTES, MAX_LINE_BYTES, NoStartTls, OtherChain,
    ProtocolVersion, Refusal, SignatureKind, SignatureVerdict, StartTls, StartTlsStep,
};

impl Display for Behaviour {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Self::Tls => out.write_str("it speaks TLS"),
            Self::TlsAndPlainText => out.write_str("it speaks TLS, and accepts plain text as well"),
            Self::PlainText { said } if said.is_empty() => {
                out.write_str("it does not speak TLS: it answers in plain text")
            }
            Self::PlainText { said } => {
                write!(
                    out,
                    "it does not speak TLS{}: it answers in plain text, `{}`",
                    but(said, ""),
                    first_line(said)
                )
            }
            Self::Garbage { said } => {
                write!(
                    out,
                    "it does not speak TLS{}: it answers with bytes that are neither TLS nor text, {}",
                    but(said, ""),
                    first_bytes(said)
                )
            }
            Self::NoStartTls { protocol, reason } => no_starttls(*protocol, reason, out),
            Self::Closes => out.write_str("it accepts the connection and closes it immediately"),
            Self::Silent => out.write_str("it accepts the connection but sends nothing before the timeout"),
            Self::Refused => {
                out.write_str("the connection is refused: nothing listens there, or a firewall rejects it")
            }
            Self::Unreachable { reason } => write!(out, "it cannot be reached: {reason}"),
            Self::TimedOut => out.write_str(
                "no answer before the timeout: the address is wrong, the machine is down, or a \
                     firewall drops the connection",
            ),
            Self::Unresolved { reason } => write!(out, "the name cannot be resolved: {reason}"),
            Self::ResolutionForbidden => out.write_str("it is a name, but names must not be resolved"),
            Self::SourceUnusable { reason } => write!(out, "cannot connect from there: {reason}"),
            Self::ProxyRefused { said } => write!(out, "the proxy does not connect: {said}"),
        }
    }
}

fn no_starttls(protocol: StartTls, reason: &NoStartTls, out: &mut Formatter<'_>) -> Result {
    let title = protocol.title();
    match reason {
        NoStartTls::TlsAtOnce => write!(out, "it speaks TLS from the first byte, and not {title}"),
        NoStartTls::OtherProtocol { said } => {
            write!(
                out,
                "it does not speak {title}{}: it says {}",
                but(said, title),
                in_short(said)
            )
        }
        NoStartTls::NotOffered { said: None } => write!(out, "it speaks {title}, but does not offer TLS"),
        NoStartTls::NotOffered { said: Some(said) } => {
            write!(
                out,
                "it speaks {title}, but does not offer TLS: it answers `{said}`"
            )
        }
        NoStartTls::Refused { step, said } => {
            let asked = match step {
                StartTlsStep::Greeting => "rejects this client",
                StartTlsStep::Capabilities => "does not say what it offers",
                StartTlsStep::Request | StartTlsStep::Handshake => "refuses to start TLS",
            };
            write!(out, "it speaks {title}, but {asked}: it says `{said}`")
        }
        NoStartTls::BytesBehind { said } => write!(
            out,
            "it agrees to start TLS in {title}, but bytes that are not TLS follow: {}",
            in_short(said)
        ),
        NoStartTls::Closed { step } => write!(out, "it closes the connection {}", when(*step)),
        NoStartTls::TimedOut {
            step: StartTlsStep::Greeting,
        } => out.write_str("it sends no complete greeting before the timeout"),
        NoStartTls::TimedOut { step } => {
            write!(
                out,
                "it sends no complete answer before the timeout, {}",
                when(*step)
            )
        }
        NoStartTls::TooLong { step } => write!(
            out,
            "it sends a line of more than {MAX_LINE_BYTES} bytes, or an answer of more than {MAX_ANSWER_BYTES}, {}",
            when(*step)
        ),
        NoStartTls::Broken { step, reason } => write!(out, "the connection breaks {}: {reason}", when(*step)),
    }
}

fn when(step: StartTlsStep) -> &'static str {
    match step {
        StartTlsStep::Greeting => "instead of a greeting",
        StartTlsStep::Capabilities => "when asked what it offers",
        StartTlsStep::Request => "when asked to start TLS",
        StartTlsStep::Handshake => "after it agreed to start TLS",
    }
}

/// Text as its first line, other bytes as numbers.
fn in_short(said: &[u8]) -> String {
    let is_text = !said.is_empty()
        && said
            .iter()
            .all(|byte| *byte >= b' ' || b"\t\r\n\x1b".contains(byte));
    match is_text {
        true => format!("`{}`", first_line(said)),
        false => first_bytes(said),
    }
}

fn first_bytes(said: &[u8]) -> String {
    let first: Vec<String> = said.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    first.join(" ")
}

/// The protocol the port speaks instead, if it can be identified.
fn but(said: &[u8], asked: &str) -> String {
    super::recognize(said)
        .filter(|protocol| protocol.name != asked)
        .map(|protocol| format!(", but {}", protocol.name))
        .unwrap_or_default()
}

/// The first line of what was said, at most a line of a terminal of it.
pub(super) fn first_line(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    text.trim_start()
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(80)
        .collect()
}

impl Display for Refusal {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Self::Alert(alert) => match alert.meaning() {
                Some(meaning) => write!(out, "{alert}: {meaning}"),
                None => alert.fmt(out),
            },
            Self::Closed => out.write_str("it closes the connection"),
            Self::Silent => out.write_str("it sends nothing before the timeout"),
            Self::Protocol { reason } | Self::Connection { reason } => out.write_str(reason),
            Self::Flight(error) => error.fmt(out),
            Self::OtherVersion(version) => write!(out, "it answers with {version}"),
        }
    }
}

impl Demand {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::RequiredByApplication => "required_by_application",
            Self::Unknown => "unknown",
        }
    }
}

impl Display for CertificateDemand {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.write_str(match self.demand {
            Demand::Required => "required",
            Demand::Optional => "requested, not required",
            Demand::RequiredByApplication => "required by the application behind TLS",
            Demand::Unknown => "requested",
        })
    }
}

impl SignatureVerdict {
    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Good { .. } => "good",
            Self::Bad { .. } => "bad",
            Self::Unknown { .. } => "unknown",
            Self::NotSeen => "not_seen",
        }
    }
}

/// To whom: `clients that offer only RSA signatures (TLS 1.3, TLS 1.2)`, or `some connections`.
impl Display for OtherChain {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        if self.is_at_times {
            return out.write_str("some connections");
        }
        for (place, kind) in SignatureKind::ALL
            .into_iter()
            .filter(|kind| self.versions(*kind).next().is_some())
            .enumerate()
        {
            let versions: Vec<&str> = self.versions(kind).map(ProtocolVersion::name).collect();
            let start = if place == 0 {
                "clients that offer only "
            } else {
                ", or only "
            };
            write!(out, "{start}{} signatures ({})", kind.name(), versions.join(", "))?;
        }
        Ok(())
    }
}

impl OtherChain {
    fn versions(&self, kind: SignatureKind) -> impl Iterator<Item = ProtocolVersion> {
        let of_kind = self.clients.iter().filter(move |(_, other)| *other == kind);
        of_kind.map(|(version, _)| *version)
    }
}

impl Display for SignatureVerdict {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Self::Good { scheme } => {
                write!(out, "good ({scheme}): the server has the key of this certificate")
            }
            Self::Bad { scheme } => write!(
                out,
                "BAD ({scheme}): the server does not have the key of this certificate"
            ),
            Self::Unknown { reason } => write!(out, "cannot be checked: {reason}"),
            Self::NotSeen => {
                out.write_str("none was seen: nothing proves that the server has the key of this certificate")
            }
        }
    }
}
