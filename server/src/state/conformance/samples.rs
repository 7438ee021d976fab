//! Items to try with.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::super::{Item, Kept, Kind};
use super::identifier;
use crate::domain::nonce::Nonce;
use crate::domain::{
    Account, AccountKey, Asked, Authorization, Challenge, ChallengeKind, EabKey, Grant, Id, NameRule,
    NewAuthorization, Order, Subject, Token, Validation,
};

pub const NOW: OffsetDateTime = datetime!(2026-11-30 10:00:00 UTC);
pub const ORDER_EXPIRES: OffsetDateTime = datetime!(2026-12-07 10:00:00 UTC);

pub const KINDS: [Kind; 5] = [
    Kind::Account,
    Kind::Order,
    Kind::Authorization,
    Kind::EabKey,
    Kind::Grant,
];

/// An id that a number stands for. Their order is not that of the numbers.
pub fn id(number: u64) -> Id {
    let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Id::from_random(&mut |out| {
        out[..8].copy_from_slice(&scattered.to_be_bytes());
        out[8..].copy_from_slice(&number.to_be_bytes());
    })
}

pub fn account(number: u64) -> Account {
    let key = AccountKey {
        jwk: format!("{{\"kty\":\"OKP\",\"x\":\"{number}\"}}"),
        thumbprint: format!("t{number}"),
    };
    Account::new(id(number), key, vec!["mailto:owner@example.com".into()], NOW)
}

pub fn eab(number: u64) -> EabKey {
    EabKey {
        id: id(number),
        hmac: Zeroizing::new((0..=255).collect()),
        name: "group \"a\"\n".into(),
        is_single_use: false,
        uses: 3,
        expires: Some(NOW + Duration::days(1)),
        is_revoked: false,
    }
}

pub fn grant(number: u64) -> Grant {
    Grant {
        id: id(number),
        subject: Subject::Eab(id(7)),
        names: vec![
            NameRule::suffix("example.com").expect("a domain"),
            NameRule::exact("*.example.org").expect("a name"),
            NameRule::exact("fd00::1").expect("an address"),
            NameRule::network("10.0.0.0/8").expect("a network"),
        ],
        profiles: vec!["host".into(), "short".into()],
        max_lifetime_days: Some(90),
        validation: Validation::Granted,
        valid_until: Some(NOW),
    }
}

/// A pending order of account 1 for one name, whose authorization has the number after 500.
pub fn order(number: u64) -> Order {
    order_with(number, |_| ())
}

pub fn order_with(number: u64, change: impl FnOnce(&mut Asked)) -> Order {
    let mut asked = asked(number);
    change(&mut asked);
    Order::new(id(number), asked, NOW, ORDER_EXPIRES)
}

pub fn made_at(number: u64, created: OffsetDateTime) -> Order {
    Order::new(id(number), asked(number), created, ORDER_EXPIRES)
}

fn asked(number: u64) -> Asked {
    Asked {
        account: id(1),
        identifiers: vec![identifier("a.example.com")],
        not_before: Some(NOW),
        not_after: Some(NOW + Duration::days(20)),
        profile: Some("host".into()),
        replaces: None,
        authorizations: vec![id(number + 500)],
    }
}

pub fn ready(number: u64) -> Order {
    let proven = granted(number + 500, "a.example.com", NOW + Duration::days(30));
    order(number)
        .following(&[proven], NOW, |_| String::new())
        .expect("its own")
}

/// Being issued; whoever does so is taken for dead after a minute.
pub fn processing(number: u64) -> Order {
    let proven = granted(number + 500, "a.example.com", NOW + Duration::days(30));
    ready(number)
        .finalizing(b"request".to_vec(), &[proven], NOW, NOW + Duration::minutes(1))
        .expect("it is ready")
}

fn new_authorization(number: u64, name: &str, expires: OffsetDateTime) -> NewAuthorization {
    NewAuthorization {
        id: id(number),
        account: id(1),
        ordered: identifier(name),
        expires,
    }
}

/// A pending one of account 1, whose challenge has the number after 1000.
pub fn authorization(number: u64, name: &str, expires: OffsetDateTime) -> Authorization {
    let token = Token::from_random(&mut |out| out.fill(7));
    let challenge = Challenge::new(id(number + 1000), ChallengeKind::Http01, token);
    Authorization::pending(new_authorization(number, name, expires), vec![challenge])
}

pub fn granted(number: u64, name: &str, expires: OffsetDateTime) -> Authorization {
    Authorization::granted(new_authorization(number, name, expires))
}

/// One of each kind and status, with all fields.
pub fn one_of_each() -> Vec<Item> {
    let mut account = account(1)
        .agreed("https://ca.test/terms", NOW)
        .expect("it is valid");
    account.external = Some(id(6));
    let started = authorization(10, "*.a.example.com", NOW + Duration::days(1))
        .started(&id(1010), NOW)
        .expect("it is pending");
    let failed = started
        .clone()
        .failed(&id(1010), NOW, "{\"type\":\"dns\"}".into())
        .expect("it was started");
    let mut failed = failed;
    failed.id = id(11);
    let mut proved = started
        .clone()
        .proved(&id(1010), NOW, NOW + Duration::days(30))
        .expect("it was started");
    proved.id = id(12);
    let replacing = order_with(20, |asked| asked.replaces = Some("a.b".into()));
    let issued = processing(23)
        .issued("0a1b".into(), NOW + Duration::days(90))
        .expect("it is being issued");
    vec![
        account.into_item(),
        eab(6).into_item(),
        grant(7).into_item(),
        started.into_item(),
        failed.into_item(),
        proved.into_item(),
        granted(13, "10.1.2.3", NOW).into_item(),
        replacing.into_item(),
        ready(21).into_item(),
        processing(22).into_item(),
        issued.into_item(),
        order(24)
            .failed("{\"type\":\"caa\"}".into())
            .expect("pending")
            .into_item(),
    ]
}

pub fn nonce(number: u64) -> Nonce {
    let mut random = [0; 16];
    random[..8].copy_from_slice(&number.to_be_bytes());
    Nonce { made: NOW, random }
}
