//! The probe: which handshakes it tries, in which order, and what the answers mean.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gsec_env::parallel_map;

use super::dial::{Dialed, Dialer};
use super::handshake::{Handshake, HandshakeOptions, MAX_SHOWN_BYTES, NoHandshake, run_handshake};
use super::old_hello::{Answer, End, Wanted, ask};
use super::stream::{Deadline, Stream};
use super::{ClientIdentity, Depth, ProbeRequest, ServerNameChoice};
use crate::tls::{
    Alert, Behaviour, CertificateDemand, CipherSuite, ClientAuthentication, Demand, Negotiated, NegotiatedBy,
    NoStartTls, Offer, OfferAnswer, OtherChain, PlainTextAnswer, Probe, ProtocolVersion, Refusal,
    SignatureKind, SignatureVerdict, StartTls, StartTlsStep, SuiteWeakness, WeakSuiteOffer,
    WithoutServerName, is_sha1_scheme, suites_for, suites_with, suites_with_finite_field,
    suites_with_shared_secret,
};

/// Number of parallel connections to one target. More would fill the queue of a server that handles one connection at a
/// time.
const PARALLEL_QUESTIONS: usize = 4;
/// How often the first handshake is made again, to see whether each server behind the address presents the same. One of two is missed
/// in 1 of 16 tries.
const REPEATED: usize = 4;
/// Targets that are probed at the same time.
const PARALLEL_TARGETS: usize = 16;
/// How long a port that speaks TLS may take to show what it does with plain text.
const PLAIN_TEXT_WAIT: Duration = Duration::from_secs(2);
/// Sent to a port to see whether it accepts plain text: most servers that detect TLS by the first bytes speak HTTP.
const PLAIN_TEXT: &[u8] = b"GET / HTTP/1.0\r\n\r\n";
/// No application protocol in common: a server that knows others than ours.
const NO_APPLICATION_PROTOCOL: u8 = 120;

/// Probes several targets in parallel; the results are in the order of the requests.
pub fn probe_all(requests: &[ProbeRequest]) -> Vec<Probe> {
    parallel_map(PARALLEL_TARGETS, requests.len(), |index| probe(&requests[index]))
}

/// Finds out what a port presents and how it behaves. It does not trust any certificate, and stays within the time limits.
pub fn probe(request: &ProbeRequest) -> Probe {
    let begin = Instant::now();
    let deadline = Deadline::new(request.limits);
    let dialed = Dialer::dial_first(request, deadline);
    let dialing_time = begin.elapsed();
    let mut probe = Probe::of_behaviour(request.target.clone(), Behaviour::Silent);
    probe.server_name = server_name(request);
    probe.starttls = request.starttls;
    probe.timings.resolution = dialed.resolution;
    probe.timings.connection = dialing_time.saturating_sub(dialed.resolution);
    let Dialed {
        addresses, connected, ..
    } = dialed;
    probe.addresses = addresses;
    match connected {
        Err(behaviour) => probe.behaviour = behaviour,
        Ok((dialer, stream)) => {
            probe.address = stream.peer();
            let prober = Prober {
                dialer,
                name: probe.server_name.clone(),
                starttls: request.starttls,
                identity: request.identity.clone(),
                dropped: AtomicUsize::new(0),
            };
            prober.fill(&mut probe, stream, request.depth);
        }
    }
    probe.timings.total = begin.elapsed();
    probe
}

/// An IP address is not a server name (RFC 6066 §3).
fn server_name(request: &ProbeRequest) -> Option<String> {
    let name = match &request.server_name {
        ServerNameChoice::Target => &request.target.host,
        ServerNameChoice::Name(name) => name,
        ServerNameChoice::None => return None,
    };
    Some(name.clone()).filter(|name| name.parse::<std::net::IpAddr>().is_err())
}

/// Asks one target.
struct Prober {
    dialer: Dialer,
    name: Option<String>,
    starttls: Option<StartTls>,
    identity: Option<ClientIdentity>,
    /// Connections that the server closed without a word, though it answers the same at other times.
    dropped: AtomicUsize,
}

/// A question, and what came of it.
enum Question {
    Version(ProtocolVersion),
    Weakness(SuiteWeakness, ProtocolVersion),
    FiniteField(ProtocolVersion),
    /// What is presented to clients that offer this version and this kind of signature alone.
    Signatures(ProtocolVersion, SignatureKind),
    /// Whether a suite without certificates is taken.
    WithoutCertificates(Vec<CipherSuite>),
    WithoutName,
    WithoutIdentity,
    /// As libraries of today offer it.
    WithoutSha1,
    /// Once more with the name and the identity of the first handshake.
    AsFirst,
    /// The first handshake once more, for what it presents.
    Repeated,
    PlainText,
}

enum Reply {
    Hello(Answer),
    Handshake(Handshake),
    PlainText(Option<PlainTextAnswer>),
}

impl Prober {
    fn fill(&self, probe: &mut Probe, mut stream: Stream, depth: Depth) {
        if let Err((protocol, reason)) = self.dialer.start_tls(&mut stream) {
            drop(stream);
            let reason = self.or_tls_at_once(protocol, reason);
            probe.behaviour = Behaviour::NoStartTls { protocol, reason };
            return;
        }
        let begin = Instant::now();
        let first = self.first_handshake(stream);
        probe.timings.handshake = begin.elapsed();
        match &first.ended {
            Err(NoHandshake::NotTls(said)) => {
                probe.behaviour = self.not_tls(said);
                return;
            }
            Err(NoHandshake::NothingSaid) => {
                let timed_out = |step| NoStartTls::TimedOut { step };
                probe.behaviour = self.without_handshake(timed_out, Behaviour::Silent);
                return;
            }
            Err(NoHandshake::ClosedAtOnce) => {
                let closed = |step| NoStartTls::Closed { step };
                probe.behaviour = self.without_handshake(closed, Behaviour::Closes);
            }
            _ => probe.behaviour = Behaviour::Tls,
        }
        self.take_first(probe, &first);
        let is_modern = first.ended.is_ok();
        if !is_modern || depth == Depth::Full {
            self.ask_versions(probe, depth, &first);
        }
        if probe.speaks_tls() && depth != Depth::Chain {
            self.ask_certificates(probe, &first);
        }
        if probe.speaks_tls() && depth == Depth::Full {
            self.ask_weaknesses(probe);
        }
        if first.seen.scheme.is_some_and(is_sha1_scheme) && depth != Depth::Chain {
            self.ask_without_sha1(probe);
        }
        probe.dropped_connections = self.dropped.load(Ordering::Relaxed);
        // What a server says that hangs up at times is no answer to the question.
        let without_name = &mut probe.without_server_name;
        if probe.dropped_connections > 0 && *without_name == Some(WithoutServerName::Refused(Refusal::Closed))
        {
            *without_name = Some(WithoutServerName::Unknown);
        }
    }

    /// Whether a server that did not understand the request for TLS speaks TLS from the first byte, and waited for it.
    fn or_tls_at_once(&self, protocol: StartTls, reason: NoStartTls) -> NoStartTls {
        if !reason.may_be_tls_at_once(protocol.first_step()) {
            return reason;
        }
        let Ok(mut stream) = self.dialer.connect() else {
            return reason;
        };
        match run_handshake(&mut stream, &self.first_options(false)).ended {
            Ok(_)
            | Err(NoHandshake::Refused(Refusal::Alert(_) | Refusal::Protocol { .. } | Refusal::Flight(_))) => {
                NoStartTls::TlsAtOnce
            }
            Err(_) => reason,
        }
    }

    /// What a server is that answers a ClientHello with bytes that are not TLS. Where it had agreed to start TLS, it makes no difference whether they
    /// came before the ClientHello or after it.
    fn not_tls(&self, said: &[u8]) -> Behaviour {
        match self.starttls {
            Some(protocol) => Behaviour::NoStartTls {
                protocol,
                reason: NoStartTls::bytes_behind(said),
            },
            None => not_tls(said),
        }
    }

    /// What a server is that says nothing to a ClientHello.
    fn without_handshake(&self, reason: fn(StartTlsStep) -> NoStartTls, otherwise: Behaviour) -> Behaviour {
        match self.starttls {
            Some(protocol) => Behaviour::NoStartTls {
                protocol,
                reason: reason(StartTlsStep::Handshake),
            },
            None => otherwise,
        }
    }

    /// A server that signs with SHA-1 may sign otherwise for clients that do not offer it.
    fn ask_without_sha1(&self, probe: &mut Probe) {
        for reply in self.ask_all(&[Question::WithoutSha1]) {
            if let Reply::Handshake(Handshake {
                ended: Err(ended), ..
            }) = reply
            {
                probe.refusal_without_sha1 = Some(match ended {
                    NoHandshake::Refused(refusal) => refusal,
                    NoHandshake::NothingSaid => Refusal::Silent,
                    NoHandshake::NotTls(_) | NoHandshake::ClosedAtOnce => Refusal::Closed,
                });
            }
        }
    }

    /// If the server does not support any of our application protocols, try again without ALPN.
    fn first_handshake(&self, mut stream: Stream) -> Handshake {
        // What runs over TLS after it was asked for is not HTTP.
        let first = run_handshake(&mut stream, &self.first_options(self.starttls.is_none()));
        drop(stream);
        if first.ended
            != Err(NoHandshake::Refused(Refusal::Alert(Alert::fatal(
                NO_APPLICATION_PROTOCOL,
            ))))
        {
            return first;
        }
        self.dialer.dial().map_or(first, |mut stream| {
            run_handshake(&mut stream, &self.first_options(false))
        })
    }

    fn first_options(&self, offers_http: bool) -> HandshakeOptions<'_> {
        HandshakeOptions {
            server_name: self.name.as_deref(),
            identity: self.identity.as_ref(),
            offers_http,
            signatures: None,
            offers_sha1: true,
        }
    }

    fn handshake(&self, options: &HandshakeOptions<'_>) -> Option<Handshake> {
        self.dialer
            .dial()
            .ok()
            .map(|mut stream| run_handshake(&mut stream, options))
    }

    fn take_first(&self, probe: &mut Probe, first: &Handshake) {
        probe.chain.clone_from(&first.seen.chain);
        probe.signature = first.signature();
        let sent = self.identity.is_some() && first.seen.demand.is_some();
        let refusal = if sent {
            first.refusal_afterwards.clone()
        } else {
            None
        };
        probe.client_authentication = ClientAuthentication {
            demand: first.seen.demand.clone(),
            sent,
            refusal,
        };
        match &first.ended {
            Ok(negotiated) => probe.negotiated = Some(negotiated.clone()),
            Err(NoHandshake::Refused(refusal)) => probe.modern_refusal = Some(refusal.clone()),
            Err(_) => probe.modern_refusal = Some(Refusal::Closed),
        }
    }

    /// Finds the supported versions and, in parallel on connections of their own, everything else.
    fn ask_versions(&self, probe: &mut Probe, depth: Depth, first: &Handshake) {
        // Of TLS 1.2 the hand-made hello tells more than the library does: whether renegotiation is secure.
        let is_asked = |version: &ProtocolVersion| {
            first.version() != Some(*version) || *version == ProtocolVersion::Tls12
        };
        let mut questions: Vec<Question> = ProtocolVersion::ALL
            .into_iter()
            .filter(is_asked)
            .map(Question::Version)
            .collect();
        if depth == Depth::Full {
            if self.name.is_some() {
                questions.push(Question::WithoutName);
            }
            if probe.client_authentication.sent {
                questions.push(Question::WithoutIdentity);
            }
            // Where TLS is asked for in plain text, the port takes plain text.
            if self.starttls.is_none() {
                questions.push(Question::PlainText);
            }
        }
        let replies = self.ask_all(&questions);
        let mut answers = Vec::new();
        for (question, reply) in questions.iter().zip(replies) {
            match (question, reply) {
                (Question::Version(version), Reply::Hello(answer)) => answers.push((*version, answer)),
                (Question::WithoutName, Reply::Handshake(reply)) => {
                    probe.without_server_name = Some(without_name(probe, &reply))
                }
                (Question::WithoutIdentity, Reply::Handshake(reply)) => {
                    take_demand(probe, reply.seen.demand.as_ref())
                }
                (Question::PlainText, Reply::PlainText(answer)) => probe.plain_text = answer,
                _ => {}
            }
        }
        self.take_behaviour(probe, &answers);
        take_answers(probe, &answers);
        if probe.speaks_tls() {
            probe.versions = offers(&answers, first);
            if matches!(probe.plain_text, Some(PlainTextAnswer::Answered { .. })) {
                probe.behaviour = Behaviour::TlsAndPlainText;
            }
        } else {
            (probe.modern_refusal, probe.plain_text, probe.without_server_name) = (None, None, None);
        }
    }

    /// Whether the hand-made hellos were answered in TLS.
    fn take_behaviour(&self, probe: &mut Probe, answers: &[(ProtocolVersion, Answer)]) {
        if answers.iter().any(|(_, answer)| answer.is_tls()) {
            probe.behaviour = Behaviour::Tls;
        } else if let Some(said) = answers
            .iter()
            .find_map(|(_, answer)| answer.foreign_answer())
            .filter(|_| !probe.speaks_tls())
        {
            probe.behaviour = self.not_tls(&said);
        }
    }

    /// Servers with certificates for several kinds of keys present one of them to each client: each kind is asked for alone, in TLS 1.3 and in
    /// the newest version before it. Where nothing is presented to anybody, whether suites without certificates are taken.
    fn ask_certificates(&self, probe: &mut Probe, first: &Handshake) {
        let is_offered = |version: &ProtocolVersion| {
            probe.versions.is_empty() && first.version() != Some(ProtocolVersion::Tls12)
                || probe.offered_versions().any(|offered| offered == *version)
        };
        let before = match probe.versions.is_empty() {
            true => Some(ProtocolVersion::Tls12),
            false => probe
                .offered_versions()
                .filter(|version| *version < ProtocolVersion::Tls13)
                .max(),
        };
        let versions = [Some(ProtocolVersion::Tls13).filter(is_offered), before];
        let kind = first.signature_kind();
        let mut questions: Vec<Question> = versions
            .into_iter()
            .flatten()
            .flat_map(|version| SignatureKind::ALL.map(|kind| (version, kind)))
            .filter(|(version, asked)| first.version() != Some(*version) || kind != Some(*asked))
            .map(|(version, kind)| Question::Signatures(version, kind))
            .collect();
        if probe.negotiated.is_none() {
            questions = [suites_with_shared_secret(), suites_with(SuiteWeakness::Anonymous)]
                .map(Question::WithoutCertificates)
                .into();
        }
        questions.extend((0..REPEATED).map(|_| Question::Repeated));
        for (question, reply) in questions.iter().zip(self.ask_all(&questions)) {
            match (question, reply) {
                (Question::Repeated, reply) => {
                    if let Some((chain, signature, has_ocsp_response)) = presented(reply) {
                        take_repeated(probe, chain, signature, has_ocsp_response);
                    }
                }
                (Question::Signatures(version, kind), reply) => {
                    if let Some((chain, signature, has_ocsp_response)) = presented(reply) {
                        take_chain(probe, (*version, *kind), chain, signature, has_ocsp_response);
                    }
                }
                (Question::WithoutCertificates(_), Reply::Hello(answer)) => {
                    let chosen = answer.chosen().map(|(_, suite)| suite);
                    probe.without_certificates = probe.without_certificates.or(chosen);
                }
                _ => {}
            }
        }
    }

    /// For the newest version before TLS 1.3, which has no weak suites. A suite without an answer is not reported as
    /// rejected.
    fn ask_weaknesses(&self, probe: &mut Probe) {
        let Some(version) = probe
            .offered_versions()
            .filter(|version| *version < ProtocolVersion::Tls13)
            .max()
        else {
            probe.weak_suites = SuiteWeakness::ALL
                .map(|weakness| WeakSuiteOffer {
                    weakness,
                    accepted: None,
                })
                .into();
            return;
        };
        let weaknesses = SuiteWeakness::ALL.map(|weakness| Question::Weakness(weakness, version));
        let questions: Vec<Question> = weaknesses
            .into_iter()
            .chain([Question::FiniteField(version)])
            .collect();
        for (question, reply) in questions.iter().zip(self.ask_all(&questions)) {
            match (question, reply) {
                (Question::Weakness(weakness, _), Reply::Hello(answer)) if answer.is_definite() => {
                    probe.weak_suites.push(WeakSuiteOffer {
                        weakness: *weakness,
                        accepted: answer.chosen(),
                    });
                }
                (Question::FiniteField(_), Reply::Hello(answer)) => {
                    probe.prime_bits = answer.flight.prime_bits
                }
                _ => {}
            }
        }
    }

    /// Tries several handshakes in parallel. A server that closes a connection may only be overloaded: the handshake is
    /// tried again alone.
    fn ask_all(&self, questions: &[Question]) -> Vec<Reply> {
        let workers = if self.dialer.is_single() {
            1
        } else {
            PARALLEL_QUESTIONS
        };
        let mut replies = parallel_map(workers, questions.len(), |index| self.ask(&questions[index]));
        // With one local port, connections may fail for that reason.
        if workers == 1 {
            return replies;
        }
        for (question, reply) in questions.iter().zip(&mut replies) {
            if reply.is_cut_off() {
                self.ask_again(question, reply);
            }
        }
        // Whether it is the question that the server does not like.
        if replies.iter().any(Reply::is_cut_off) && self.ask(&Question::AsFirst).is_cut_off() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        replies
    }

    /// Asks alone.
    fn ask_again(&self, question: &Question, reply: &mut Reply) {
        const TRIES: usize = 2;
        for closed in 0..TRIES {
            *reply = self.ask(question);
            if !reply.is_cut_off() {
                self.dropped.fetch_add(closed, Ordering::Relaxed);
                return;
            }
        }
    }

    fn ask(&self, question: &Question) -> Reply {
        let name = self.name.as_deref();
        let hello =
            |version, suites, wanted| Reply::Hello(ask(&self.dialer, version, suites, name, None, wanted));
        match question {
            Question::Version(version) => hello(*version, suites_for(*version), Wanted::Everything),
            Question::FiniteField(version) => hello(*version, suites_with_finite_field(), Wanted::Everything),
            Question::Weakness(weakness, version) => hello(*version, suites_with(*weakness), Wanted::Hello),
            Question::WithoutName => {
                let options = HandshakeOptions {
                    server_name: None,
                    identity: self.identity.as_ref(),
                    offers_http: false,
                    signatures: None,
                    offers_sha1: true,
                };
                self.handshake(&options)
                    .map_or(Reply::PlainText(None), Reply::Handshake)
            }
            Question::WithoutSha1 | Question::AsFirst => {
                let options = HandshakeOptions {
                    server_name: name,
                    identity: self.identity.as_ref(),
                    offers_http: false,
                    signatures: None,
                    offers_sha1: matches!(question, Question::AsFirst),
                };
                self.handshake(&options)
                    .map_or(Reply::PlainText(None), Reply::Handshake)
            }
            Question::Repeated => self
                .handshake(&self.first_options(self.starttls.is_none()))
                .map_or(Reply::PlainText(None), Reply::Handshake),
            Question::WithoutIdentity => {
                let options = HandshakeOptions {
                    server_name: name,
                    identity: None,
                    offers_http: self.starttls.is_none(),
                    signatures: None,
                    offers_sha1: true,
                };
                self.handshake(&options)
                    .map_or(Reply::PlainText(None), Reply::Handshake)
            }
            Question::Signatures(ProtocolVersion::Tls13, kind) => {
                let options = HandshakeOptions {
                    server_name: name,
                    identity: None,
                    offers_http: false,
                    signatures: Some(*kind),
                    offers_sha1: true,
                };
                self.handshake(&options)
                    .map_or(Reply::PlainText(None), Reply::Handshake)
            }
            Question::Signatures(version, kind) => {
                let mut suites = suites_for(*version);
                suites.retain(|suite| kind.fits(*suite));
                Reply::Hello(ask(
                    &self.dialer,
                    *version,
                    suites,
                    name,
                    Some(*kind),
                    Wanted::Everything,
                ))
            }
            Question::WithoutCertificates(suites) => {
                hello(ProtocolVersion::Tls12, suites.clone(), Wanted::Hello)
            }
            Question::PlainText => Reply::PlainText(self.say_plain_text()),
        }
    }

    /// `None` if the connection failed.
    fn say_plain_text(&self) -> Option<PlainTextAnswer> {
        let mut stream = self.dialer.dial().ok()?;
        stream.deadline = stream.deadline.within(PLAIN_TEXT_WAIT);
        if stream.write_all(PLAIN_TEXT).is_err() {
            return Some(PlainTextAnswer::Refused);
        }
        let mut said = vec![0; MAX_SHOWN_BYTES];
        match stream.read(&mut said) {
            Ok(count) => said.truncate(count),
            Err(Refusal::Silent) => return Some(PlainTextAnswer::Silent),
            Err(_) => said.clear(),
        }
        Some(match said.as_slice() {
            [] => PlainTextAnswer::Refused,
            [kind, 3, ..] if (20..=24).contains(kind) => PlainTextAnswer::Refused,
            _ if wants_tls(&said) => PlainTextAnswer::RefusedInWords { said },
            _ => PlainTextAnswer::Answered { said },
        })
    }
}

impl Reply {
    fn is_cut_off(&self) -> bool {
        match self {
            Self::Hello(answer) => answer.is_cut_off(),
            Self::Handshake(handshake) => handshake.ended == Err(NoHandshake::ClosedAtOnce),
            // Hanging up is what a port does that takes no plain text.
            Self::PlainText(_) => false,
        }
    }
}

impl Handshake {
    fn version(&self) -> Option<ProtocolVersion> {
        self.ended.as_ref().ok().map(|negotiated| negotiated.version)
    }

    /// How the server signed, where it did.
    fn signature_kind(&self) -> Option<SignatureKind> {
        self.seen.scheme.and_then(SignatureKind::of_scheme)
    }
}

/// The chain in a reply, what became of its signature, and whether an OCSP response was stapled; `None` of a reply without one.
fn presented(reply: Reply) -> Option<(Vec<Vec<u8>>, SignatureVerdict, bool)> {
    match reply {
        Reply::Hello(Answer { flight, .. }) => {
            Some((flight.chain, SignatureVerdict::NotSeen, flight.has_ocsp_response))
        }
        Reply::Handshake(Handshake { seen, .. }) => {
            Some((seen.chain, seen.signature, seen.has_ocsp_response))
        }
        Reply::PlainText(_) => None,
    }
}

/// Notes what a kind of client is presented: nothing new, another chain that is known, or another one.
fn take_chain(
    probe: &mut Probe,
    client: (ProtocolVersion, SignatureKind),
    chain: Vec<Vec<u8>>,
    signature: SignatureVerdict,
    has_ocsp_response: bool,
) {
    if chain.is_empty() {
        return;
    }
    let is_first = probe.chain.is_empty();
    if is_first || probe.chain == chain {
        // A server may get the response when it is first asked for it, and staple it from then on.
        if let Some(negotiated) = &mut probe.negotiated {
            negotiated.has_ocsp_response |= has_ocsp_response;
        }
        if is_first {
            (probe.chain, probe.signature) = (chain, signature);
        }
        return;
    }
    match probe.other_chains.iter_mut().find(|other| other.chain == chain) {
        Some(known) => {
            known.clients.push(client);
            known.has_ocsp_response |= has_ocsp_response;
            if known.signature == SignatureVerdict::NotSeen {
                known.signature = signature;
            }
        }
        None => probe.other_chains.push(OtherChain {
            clients: vec![client],
            is_at_times: false,
            chain,
            signature,
            has_ocsp_response,
        }),
    }
}

/// Notes what the same client is presented at another time: another chain comes from another server behind the address.
fn take_repeated(
    probe: &mut Probe,
    chain: Vec<Vec<u8>>,
    signature: SignatureVerdict,
    has_ocsp_response: bool,
) {
    if chain.is_empty() || probe.chain.is_empty() || probe.chain == chain {
        return;
    }
    match probe.other_chains.iter_mut().find(|other| other.chain == chain) {
        Some(known) => {
            known.is_at_times = true;
            known.has_ocsp_response |= has_ocsp_response;
            known.signature = signature;
        }
        None => probe.other_chains.push(OtherChain {
            clients: Vec::new(),
            is_at_times: true,
            chain,
            signature,
            has_ocsp_response,
        }),
    }
}

/// Text, with what colours it on a terminal, or not even that.
fn not_tls(said: &[u8]) -> Behaviour {
    let said = said.to_vec();
    let is_word = |byte: &u8| {
        byte.is_ascii_graphic() || byte.is_ascii_whitespace() || *byte == b'\x1B' || *byte >= 0x80
    };
    if said.iter().all(is_word)
        && std::str::from_utf8(&said).map_or_else(|error| error.error_len().is_none(), |_| true)
    {
        Behaviour::PlainText { said }
    } else {
        Behaviour::Garbage { said }
    }
}

/// How web servers say that they were called in plain text: 400 (nginx, Apache, Go), 426, or nginx's own 497.
fn wants_tls(said: &[u8]) -> bool {
    said.starts_with(b"HTTP/1.")
        && said
            .get(8..12)
            .is_some_and(|status| [&b" 400"[..], b" 426", b" 497"].contains(&status))
}

/// What the hand-made hellos found, where a modern library could not connect.
fn take_answers(probe: &mut Probe, answers: &[(ProtocolVersion, Answer)]) {
    let best = answers
        .iter()
        .rev()
        .find(|(version, answer)| answer.chosen().is_some_and(|(chosen, _)| chosen == *version));
    let old = answers
        .iter()
        .rev()
        .filter(|(version, _)| *version < ProtocolVersion::Tls13);
    probe.secure_renegotiation = old
        .filter_map(|(_, answer)| answer.flight.hello.as_ref())
        .map(|hello| hello.has_secure_renegotiation)
        .next();
    let Some((version, answer)) = best.filter(|_| probe.negotiated.is_none()) else {
        return;
    };
    let Some(hello) = &answer.flight.hello else { return };
    probe.negotiated = Some(Negotiated {
        by: NegotiatedBy::OldHello,
        version: *version,
        suite: hello.suite,
        group: answer.flight.group.or(hello.group),
        prime_bits: answer.flight.prime_bits,
        application_protocol: None,
        has_ocsp_response: answer.flight.has_ocsp_response,
    });
    if probe.chain.is_empty() {
        let with_chain = answers
            .iter()
            .rev()
            .find(|(_, answer)| !answer.flight.chain.is_empty());
        probe.chain = with_chain
            .map(|(_, answer)| answer.flight.chain.clone())
            .unwrap_or_default();
        // The library has a reason of its own; ours says which bound it is.
        if let Some(refusal) = answers.iter().find_map(|(_, answer)| answer.beyond()) {
            probe.modern_refusal = Some(refusal);
        }
    }
    let request = answers
        .iter()
        .rev()
        .find_map(|(_, answer)| answer.flight.certificate_request.as_ref());
    if let Some(request) = request.filter(|_| probe.client_authentication.demand.is_none()) {
        let demand = CertificateDemand {
            demand: Demand::Unknown,
            authorities: request.authorities.clone(),
            schemes: request.schemes.clone(),
        };
        probe.client_authentication.demand = Some(demand);
    }
}

fn offers(answers: &[(ProtocolVersion, Answer)], first: &Handshake) -> Vec<Offer> {
    let offer = |version: ProtocolVersion| {
        let asked = answers
            .iter()
            .find(|(asked, _)| *asked == version)
            .map(|(_, answer)| answer.offer(version));
        let negotiated = first
            .ended
            .as_ref()
            .ok()
            .filter(|negotiated| negotiated.version == version);
        let answer = negotiated
            .map(|negotiated| OfferAnswer::Accepted {
                suite: negotiated.suite,
            })
            .or(asked);
        answer.map(|answer| Offer { version, answer })
    };
    ProtocolVersion::ALL.into_iter().filter_map(offer).collect()
}

fn without_name(probe: &Probe, reply: &Handshake) -> WithoutServerName {
    match &reply.ended {
        Err(NoHandshake::Refused(refusal)) if reply.seen.chain.is_empty() => {
            WithoutServerName::Refused(refusal.clone())
        }
        Err(NoHandshake::ClosedAtOnce) => WithoutServerName::Refused(Refusal::Closed),
        _ if reply.seen.chain.is_empty() => WithoutServerName::Unknown,
        _ if reply.seen.chain == probe.chain => WithoutServerName::Same,
        _ => WithoutServerName::OtherChain(reply.seen.chain.clone()),
    }
}

/// Whether the server insists can be seen only when it gets nothing.
fn take_demand(probe: &mut Probe, without: Option<&CertificateDemand>) {
    if let (Some(demand), Some(without)) = (&mut probe.client_authentication.demand, without) {
        demand.demand = without.demand;
    }
}

impl Answer {
    /// The bytes that came, if they are not TLS.
    fn foreign_answer(&self) -> Option<Vec<u8>> {
        match &self.end {
            Some(End::NotTls(said)) => Some(said.clone()),
            _ => None,
        }
    }
}
