//! A network of a test's own.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Duration;

use crate::domain::{CaaRecord, ChallengeKind, Identifier};
use crate::validate::caa::{Issuance, each};
use crate::validate::failure::{Failure, LookupFlaw};
use crate::validate::proof::{Proof, Proven};
use crate::validate::reach::{Connect, Connecting, Reach, Tcp};
use crate::validate::resolver::{Answer, Resolve, Said};
use crate::validate::rules::{Rule, Rules};
use crate::validate::validate_by;

pub(super) const TOKEN: &str = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
pub(super) const AUTHORIZATION: &str =
    "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
/// Longer than any machine takes.
pub(super) const PLENTY: Duration = Duration::from_secs(120);

/// Names with their records, addresses with what they lead to, and what was connected to.
pub(super) struct World {
    addresses: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    texts: HashMap<String, Vec<Vec<u8>>>,
    caa: HashMap<String, Result<Vec<CaaRecord>, LookupFlaw>>,
    asked_for_caa: Mutex<Vec<String>>,
    routes: HashMap<SocketAddr, SocketAddr>,
    pub(super) rules: Rules,
    pub(super) limit: Duration,
    caa_takes: Duration,
    connected: Mutex<Vec<SocketAddr>>,
}

impl World {
    /// A server that listens on 10.0.0.1, ports 8443 and 8080, without a rule.
    pub(super) fn new() -> Self {
        Self {
            addresses: Mutex::default(),
            texts: HashMap::new(),
            caa: HashMap::new(),
            asked_for_caa: Mutex::default(),
            routes: HashMap::new(),
            rules: rules(Vec::new()),
            limit: PLENTY,
            caa_takes: Duration::ZERO,
            connected: Mutex::default(),
        }
    }

    /// What the name resolves to.
    pub(super) fn name(self, name: &str, addresses: &[&str]) -> Self {
        self.answers(name, &[addresses])
    }

    /// What the name resolves to the first time, the second, and so on; the last answer stays.
    pub(super) fn answers(self, name: &str, answers: &[&[&str]]) -> Self {
        let answers = answers
            .iter()
            .rev()
            .map(|answer| answer.iter().map(|text| address(text)).collect())
            .collect();
        self.addresses
            .lock()
            .expect("no test panics here")
            .insert(name.into(), answers);
        self
    }

    pub(super) fn texts(mut self, name: &str, texts: &[&[u8]]) -> Self {
        self.texts
            .insert(name.into(), texts.iter().map(|text| text.to_vec()).collect());
        self
    }

    /// The value of the property `issue` at a name, or how the DNS fails.
    pub(super) fn issue(mut self, name: &str, value: Result<&str, LookupFlaw>) -> Self {
        let record = |value: &str| CaaRecord {
            is_critical: false,
            tag: "issue".into(),
            value: value.into(),
        };
        self.caa
            .insert(name.into(), value.map(|value| vec![record(value)]));
        self
    }

    /// Whether CAA records permit a name, and what was asked for.
    pub(super) async fn permits(
        &self,
        identifier: &str,
        issuers: &[&str],
    ) -> (Result<(), Failure>, Vec<String>) {
        let (mut found, names) = self.permits_each(&[identifier], issuers).await;
        (found.remove(0), names)
    }

    /// The same for many names at once.
    pub(super) async fn permits_each(
        &self,
        identifiers: &[&str],
        issuers: &[&str],
    ) -> (Vec<Result<(), Failure>>, Vec<String>) {
        let identifiers: Vec<_> = identifiers.iter().map(|text| identifier_of(text)).collect();
        let rules = Rules::new(
            vec![Rule {
                caa: issuers.iter().map(ToString::to_string).collect(),
                ..Rule::default()
            }],
            Vec::new(),
            Vec::new(),
        );
        let reach = Reach::new(&rules, self, self, self.limit);
        let asked = identifiers.iter().map(|identifier| Issuance {
            identifier,
            account_urls: &[],
            method: "http-01",
        });
        let found = each(&asked.collect::<Vec<_>>(), &reach).await;
        let names = std::mem::take(&mut *self.asked_for_caa.lock().expect("no test panics here"));
        (found, names)
    }

    /// Who answers at an address and port; nobody else does.
    pub(super) fn at(mut self, target: &str, server: SocketAddr) -> Self {
        self.routes.insert(target.parse().expect("an address"), server);
        self
    }

    /// Each answer about CAA records takes so long.
    pub(super) fn caa_takes(mut self, wait: Duration) -> Self {
        self.caa_takes = wait;
        self
    }

    pub(super) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    pub(super) fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    pub(super) async fn prove(&self, kind: ChallengeKind, identifier: &str) -> Result<Proven, Failure> {
        let identifier = identifier_of(identifier);
        let reach = Reach::new(&self.rules, self, self, self.limit);
        validate_by(&proof(kind, &identifier), &reach).await
    }

    pub(super) async fn http(&self, identifier: &str) -> Result<Proven, Failure> {
        self.prove(ChallengeKind::Http01, identifier).await
    }

    /// Everything that was connected to, in order.
    pub(super) fn connected(&self) -> Vec<String> {
        self.connected
            .lock()
            .expect("no test panics here")
            .iter()
            .map(SocketAddr::to_string)
            .collect()
    }
}

impl Resolve for World {
    fn addresses<'a>(&'a self, name: &'a str, _servers: &'a [SocketAddr]) -> Answer<'a, Vec<IpAddr>> {
        let mut addresses = self.addresses.lock().expect("no test panics here");
        let answer = addresses.get_mut(name).map(|answers| match answers.len() {
            0 | 1 => answers.last().cloned().unwrap_or_default(),
            _ => answers.pop().unwrap_or_default(),
        });
        Box::pin(async move { answer.ok_or(LookupFlaw::NoName) })
    }

    fn texts<'a>(&'a self, name: &'a str, _servers: &'a [SocketAddr]) -> Answer<'a, Vec<Vec<u8>>> {
        Box::pin(async move { self.texts.get(name).cloned().ok_or(LookupFlaw::NoName) })
    }

    fn caa<'a>(&'a self, name: &'a str, _servers: &'a [SocketAddr]) -> Answer<'a, Vec<CaaRecord>> {
        self.asked_for_caa
            .lock()
            .expect("no test panics here")
            .push(name.to_owned());
        let answer = self.caa.get(name).cloned();
        let wait = self.caa_takes;
        Box::pin(async move {
            tokio::time::sleep(wait).await;
            answer.unwrap_or(Err(LookupFlaw::NoName))
        })
    }

    fn name_servers<'a>(&'a self, _: &'a str, _: &'a [SocketAddr]) -> Answer<'a, Vec<String>> {
        Box::pin(async { Err(LookupFlaw::NoName) })
    }

    fn texts_by<'a>(&'a self, _: &'a str, _: SocketAddr) -> Answer<'a, Said> {
        Box::pin(async { Err(LookupFlaw::Silent) })
    }
}

impl Connect for World {
    fn connect(&self, address: SocketAddr, _source: Option<IpAddr>) -> Connecting<'_> {
        self.connected.lock().expect("no test panics here").push(address);
        match self.routes.get(&address) {
            Some(server) => Tcp.connect(*server, None),
            None => Box::pin(async { Err(io::Error::from(ErrorKind::ConnectionRefused)) }),
        }
    }
}

pub(super) fn rules(rules: Vec<Rule>) -> Rules {
    let listeners = ["10.0.0.1:8443", "10.0.0.1:8080"].map(|text| text.parse().expect("an address"));
    Rules::new(
        rules,
        listeners.into(),
        vec!["10.0.0.2:5432".parse().expect("an address")],
    )
}

pub(super) fn proof(kind: ChallengeKind, identifier: &Identifier) -> Proof<'_> {
    Proof {
        identifier,
        kind,
        token: TOKEN,
        key_authorization: AUTHORIZATION,
    }
}

pub(super) fn identifier_of(text: &str) -> Identifier {
    match text.parse() {
        Ok(address) => Identifier::Ip(address),
        Err(_) => Identifier::dns(text).expect("a name"),
    }
}

pub(super) fn address(text: &str) -> IpAddr {
    text.parse().unwrap_or_else(|_| panic!("{text} is no address"))
}
