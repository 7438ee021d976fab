//! What may follow what: tables, and whatever happens in whatever order.

use proptest::prelude::*;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-30 10:00:00 UTC);

fn id(number: u8) -> Id {
    Id::from_random(&mut |out| out.fill(number))
}

fn at(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

fn dns(text: &str) -> Identifier {
    Identifier::dns(text).expect("a name")
}

fn problem() -> String {
    "{\"type\":\"connection\"}".into()
}

fn key(thumbprint: &str) -> AccountKey {
    AccountKey {
        jwk: "{}".into(),
        thumbprint: thumbprint.into(),
    }
}

fn account() -> Account {
    Account::new(id(1), key("one"), Vec::new(), NOW)
}

fn challenge(number: u8) -> Challenge {
    let token = Token::from_random(&mut |out| out.fill(number));
    Challenge::new(id(number), ChallengeKind::Dns01, token)
}

fn new_authorization(number: u8, name: &str) -> NewAuthorization {
    NewAuthorization {
        id: id(number),
        account: id(1),
        ordered: dns(name),
        expires: at(1000),
    }
}

/// With two challenges, whose numbers are 100 and 200 more.
fn authorization(number: u8, name: &str) -> Authorization {
    let challenges = vec![challenge(number + 100), challenge(number + 200)];
    Authorization::pending(new_authorization(number, name), challenges)
}

fn order(names: &[&str]) -> Order {
    let asked = Asked {
        account: id(1),
        identifiers: names.iter().map(|name| dns(name)).collect(),
        not_before: None,
        not_after: None,
        profile: None,
        replaces: None,
        authorizations: (0..names.len()).map(|number| id(10 + number as u8)).collect(),
    };
    Order::new(id(2), asked, NOW, at(600))
}

#[test]
fn an_account_that_has_ended_does_nothing_more() {
    let kept = [
        account().with_contacts(vec!["mailto:a@example.com".into()]),
        account().agreed("https://ca.test/terms", NOW),
        account().with_key(key("two")),
    ];
    for one in kept {
        assert_eq!(one.expect("it is valid").status(), AccountStatus::Valid);
    }
    assert_eq!(account().with_key(key("one")), Err(Refused::SameKey));
    let over = [
        (
            account().deactivated().expect("it is valid"),
            AccountStatus::Deactivated,
        ),
        (account().revoked().expect("it is valid"), AccountStatus::Revoked),
    ];
    for (ended, status) in over {
        let refused = Err(Refused::Account(status));
        assert_eq!(ended.status(), status);
        assert_eq!(ended.clone().with_contacts(Vec::new()), refused);
        assert_eq!(ended.clone().agreed("https://ca.test/terms", NOW), refused);
        assert_eq!(ended.clone().with_key(key("two")), refused);
        assert_eq!(ended.clone().deactivated(), refused);
        assert_eq!(ended.revoked(), refused);
    }
}

#[test]
fn a_challenge_is_tried_again_five_times_within_a_minute_and_then_given_up() {
    let (mut one, tried) = (authorization(10, "a.example.com"), id(110));
    assert_eq!(one.next_attempt(), None);
    one = one.started(&tried, NOW).expect("it is pending");
    let mut times = Vec::new();
    while let Some(next) = one.next_attempt() {
        times.push((next - NOW).whole_seconds());
        let early = one.clone().taken(&tried, next - Duration::seconds(1), at(900));
        assert_eq!(early, Err(Refused::NotBefore(next)));
        one = one
            .taken(&tried, next, next + Duration::seconds(15))
            .expect("it is due");
        let second = one.clone().taken(&tried, next, at(900));
        assert_eq!(
            second,
            Err(Refused::NotBefore(next + Duration::seconds(15))),
            "somebody has it in hand"
        );
        one = one.failed(&tried, next, problem()).expect("it is tried");
    }
    assert_eq!(times, [0, 2, 6, 14, 30, 60]);
    assert_eq!(one.status(), AuthorizationStatus::Invalid);
    let given_up = one.challenge(&tried).expect("it is there");
    assert_eq!(
        (given_up.status(), given_up.attempts(), given_up.problem()),
        (ChallengeStatus::Invalid, 6, Some(problem().as_str()))
    );
    let refused = Err(Refused::Authorization(AuthorizationStatus::Invalid));
    assert_eq!(one.clone().started(&id(210), NOW), refused);
    assert_eq!(one.proved(&tried, NOW, at(5000)), refused);
}

#[test]
fn a_client_brings_the_next_attempt_forward_and_gets_no_more_of_them() {
    let (one, tried) = (authorization(10, "a.example.com"), id(110));
    let failed = one
        .started(&tried, NOW)
        .and_then(|one| one.failed(&tried, NOW, problem()))
        .expect("it is tried");
    assert_eq!(failed.next_attempt(), Some(at(2)));
    let waits = |one: &Authorization| one.challenge(&tried).and_then(Challenge::waits_until);
    assert_eq!(waits(&failed), Some(at(2)), "a client need not ask before that");
    let hurried = failed.started(&tried, at(1)).expect("it waits");
    assert_eq!(hurried.next_attempt(), Some(at(1)));
    assert_eq!(hurried.challenge(&tried).map(Challenge::attempts), Some(1));
    let running = hurried.taken(&tried, at(1), at(16)).expect("it is due");
    assert_eq!(waits(&running), None, "its end may come any moment");
    let again = running.clone().started(&tried, at(3)).expect("it is tried");
    assert_eq!(again, running, "what runs is not started a second time");
}

#[test]
fn an_authorization_follows_its_challenges_and_its_time() {
    let one = || authorization(10, "*.a.example.com");
    assert_eq!(one().identifier, dns("a.example.com"));
    assert!(one().is_for(&dns("*.A.example.com")) && !one().is_for(&dns("a.example.com")));
    let started = one().started(&id(110), NOW).expect("it is pending");
    let valid = started
        .clone()
        .proved(&id(110), at(5), at(5000))
        .expect("it was started");
    assert_eq!(
        (valid.status(), valid.expires(), valid.next_attempt()),
        (AuthorizationStatus::Valid, at(5000), None)
    );
    assert_eq!(
        valid.challenge(&id(110)).and_then(Challenge::validated),
        Some(at(5))
    );
    assert_eq!(
        one().proved(&id(110), NOW, at(5000)),
        Err(Refused::Challenge(ChallengeStatus::Pending)),
        "what nobody has asked for is not proven"
    );
    assert_eq!(one().started(&id(99), NOW), Err(Refused::NoChallenge(id(99))));
    assert_eq!(
        started.clone().proved(&id(110), at(1000), at(5000)),
        Err(Refused::Expired(at(1000))),
        "a proof that comes too late does not count"
    );
    assert_eq!(valid.status_at(at(4999)), AuthorizationStatus::Valid);
    assert_eq!(valid.status_at(at(5000)), AuthorizationStatus::Expired);
    assert_eq!(one().status_at(at(1000)), AuthorizationStatus::Invalid);
    assert_eq!(
        valid.clone().expired(at(4999)),
        Err(Refused::NotExpired(at(5000)))
    );
    let expired = valid.clone().expired(at(5000)).expect("its time is over");
    assert_eq!(expired.status(), AuthorizationStatus::Expired);
    let pending = one().expired(at(1000)).expect("its time is over");
    assert_eq!(pending.status(), AuthorizationStatus::Invalid);
    for live in [one(), valid] {
        let given_up = live.clone().deactivated(NOW).expect("it lives");
        assert_eq!(given_up.status(), AuthorizationStatus::Deactivated);
        let revoked = live.revoked(NOW).expect("it lives");
        assert_eq!(
            revoked.deactivated(NOW),
            Err(Refused::Authorization(AuthorizationStatus::Revoked))
        );
    }
    assert!(expired.deactivated(at(6000)).is_err());
    let granted = Authorization::granted(new_authorization(10, "b.example.com"));
    assert!(granted.is_granted() && granted.challenges().is_empty());
    assert_eq!(granted.status_at(NOW), AuthorizationStatus::Valid);
}

#[test]
fn an_order_takes_its_own_authorizations_and_no_others() {
    let granted = |number: u8, name: &str| Authorization::granted(new_authorization(number, name));
    let names = ["a.example.com", "*.a.example.com"];
    let own = [granted(10, names[0]), granted(11, names[1])];
    let ready = order(&names)
        .following(&own, NOW, |_| problem())
        .expect("its own");
    assert_eq!(ready.status(), OrderStatus::Ready);
    let mut foreign = own.clone();
    foreign[1].account = id(9);
    let others = [
        vec![],
        vec![own[0].clone()],
        vec![own[0].clone(), own[0].clone()],
        vec![own[0].clone(), own[1].clone(), granted(12, names[0])],
        vec![own[0].clone(), granted(12, names[1])],
        // As the order names it, but for the name instead of the wildcard.
        vec![own[0].clone(), granted(11, names[0])],
        foreign.to_vec(),
    ];
    for other in others {
        let refused = Err(Refused::OtherAuthorizations);
        assert_eq!(order(&names).following(&other, NOW, |_| problem()), refused);
        assert_eq!(ready.clone().finalizing(Vec::new(), &other, NOW, NOW), refused);
    }
    assert_eq!(
        order(&[]).following(&[], NOW, |_| problem()),
        Err(Refused::OtherAuthorizations),
        "an order without names is never ready"
    );
}

#[test]
fn an_order_becomes_a_certificate() {
    let name = "a.example.com";
    let proven = [Authorization::granted(new_authorization(10, name))];
    let pending = || order(&[name]);
    let refused = pending().finalizing(Vec::new(), &proven, NOW, at(60));
    assert_eq!(refused, Err(Refused::Order(OrderStatus::Pending)));
    let ready = pending().following(&proven, NOW, |_| problem()).expect("its own");
    let late = ready.clone().finalizing(Vec::new(), &proven, at(600), at(660));
    assert_eq!(late, Err(Refused::Expired(at(600))));
    let withdrawn = [proven[0].clone().revoked(NOW).expect("it lives")];
    assert_eq!(
        ready.clone().finalizing(Vec::new(), &withdrawn, NOW, at(60)),
        Err(Refused::NotProven {
            id: id(10),
            status: AuthorizationStatus::Revoked
        })
    );
    let mut short = new_authorization(10, name);
    short.expires = at(100);
    let short = [Authorization::granted(short)];
    assert_eq!(
        ready.clone().finalizing(Vec::new(), &short, at(100), at(160)),
        Err(Refused::NotProven {
            id: id(10),
            status: AuthorizationStatus::Expired
        }),
        "what was proven once is proven as long as it counts"
    );
    let over = ready.clone().following(&short, at(100), |_| problem());
    assert_eq!(over.map(|order| order.status()), Ok(OrderStatus::Invalid));
    let processing = ready
        .clone()
        .finalizing(b"request".to_vec(), &proven, NOW, at(60))
        .expect("it is ready");
    assert_eq!(processing.request(), Some(&b"request"[..]));
    assert_eq!(
        processing.clone().resumed(at(59), at(200)),
        Err(Refused::NotBefore(at(60)))
    );
    let resumed = processing.clone().resumed(at(60), at(200)).expect("it was lost");
    assert_eq!(resumed.lost_at(), Some(at(200)));
    let put_back = resumed.clone().put_back(at(70)).expect("it is in hand");
    assert_eq!(
        (put_back.lost_at(), put_back.request()),
        (Some(at(70)), Some(&b"request"[..]))
    );
    assert!(put_back.resumed(at(70), at(130)).is_ok());
    assert!(ready.clone().put_back(at(70)).is_err());
    assert_eq!(resumed.clone().given_back(), Ok(ready.clone()));
    assert!(ready.clone().given_back().is_err());
    assert_eq!(
        processing.clone().following(&withdrawn, NOW, |_| problem()),
        Ok(processing.clone()),
        "what is being issued goes on"
    );
    assert!(processing.clone().expired(at(9000), problem()).is_err());
    let valid = resumed.issued("0a".into(), at(90_000)).expect("it is issued");
    assert_eq!(
        (valid.serial(), valid.request(), valid.expires()),
        (Some("0a"), None, at(90_000))
    );
    assert_eq!(valid.status_at(at(99_000)), OrderStatus::Valid);
    assert!(valid.clone().failed(problem()).is_err());
    let invalid = ready
        .following(&withdrawn, NOW, |one| format!("\"{}\"", one.id))
        .expect("its own");
    assert_eq!(invalid.problem(), Some(format!("\"{}\"", id(10)).as_str()));
    assert!(invalid.issued("0a".into(), at(1)).is_err());
    assert_eq!(pending().status_at(at(600)), OrderStatus::Invalid);
    assert_eq!(
        pending().expired(at(599), problem()),
        Err(Refused::NotExpired(at(600)))
    );
}

/// Something that happens, to the authorization or challenge of a number.
#[derive(Debug, Clone)]
enum Event {
    Start(usize, usize),
    Take(usize, usize),
    Fail(usize, usize),
    Prove(usize, usize),
    Deactivate(usize),
    Revoke(usize),
    Expire(usize),
    Follow,
    Finalize,
    Resume,
    Issue,
    GiveUp,
    ExpireOrder,
    Pass(i64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = 0..3_usize;
    let both = (0..3_usize, 0..2_usize);
    let event = prop_oneof![
        4 => both.clone().prop_map(|(a, c)| Event::Start(a, c)),
        2 => both.clone().prop_map(|(a, c)| Event::Take(a, c)),
        1 => both.clone().prop_map(|(a, c)| Event::Fail(a, c)),
        6 => both.prop_map(|(a, c)| Event::Prove(a, c)),
        1 => one.clone().prop_map(Event::Deactivate),
        1 => one.clone().prop_map(Event::Revoke),
        1 => one.prop_map(Event::Expire),
        4 => Just(Event::Follow),
        4 => Just(Event::Finalize),
        2 => Just(Event::Resume),
        4 => Just(Event::Issue),
        1 => Just(Event::GiveUp),
        1 => Just(Event::ExpireOrder),
        2 => (0..400_i64).prop_map(Event::Pass),
    ];
    proptest::collection::vec(event, 0..80)
}

/// The world of one order.
#[derive(Debug, Clone, PartialEq)]
struct World {
    now: OffsetDateTime,
    authorizations: Vec<Authorization>,
    order: Order,
    /// Whether all names were proven when the request was taken.
    was_proven: bool,
}

impl World {
    fn new(names: usize) -> Self {
        let all = ["a.example.com", "*.a.example.com", "b.example.com"];
        let names = &all[..names];
        let authorizations = names
            .iter()
            .zip(10..)
            .map(|(name, number)| authorization(number, name));
        Self {
            now: NOW,
            authorizations: authorizations.collect(),
            order: order(names),
            was_proven: false,
        }
    }

    fn all_proven(&self) -> bool {
        self.authorizations
            .iter()
            .all(|one| one.status_at(self.now) == AuthorizationStatus::Valid)
    }

    /// What is refused changes nothing.
    fn after(mut self, event: &Event) -> Self {
        let now = self.now;
        let change =
            |world: &mut Self, a: usize, change: &dyn Fn(Authorization) -> Result<Authorization, Refused>| {
                if let Some(one) = world.authorizations.get_mut(a)
                    && let Ok(changed) = change(one.clone())
                {
                    *one = changed;
                }
            };
        let name = |a: usize, c: usize| id((10 + a + 100 * (c + 1)) as u8);
        match *event {
            Event::Start(a, c) => change(&mut self, a, &|one| one.started(&name(a, c), now)),
            Event::Take(a, c) => change(&mut self, a, &|one| {
                one.taken(&name(a, c), now, now + Duration::seconds(15))
            }),
            Event::Fail(a, c) => change(&mut self, a, &|one| one.failed(&name(a, c), now, problem())),
            Event::Prove(a, c) => change(&mut self, a, &|one| {
                one.proved(&name(a, c), now, now + Duration::seconds(300))
            }),
            Event::Deactivate(a) => change(&mut self, a, &|one| one.deactivated(now)),
            Event::Revoke(a) => change(&mut self, a, &|one| one.revoked(now)),
            Event::Expire(a) => change(&mut self, a, &|one| one.expired(now)),
            Event::Pass(seconds) => self.now += Duration::seconds(seconds),
            _ => self.change_order(event),
        }
        self
    }

    fn change_order(&mut self, event: &Event) {
        let (order, now) = (self.order.clone(), self.now);
        let proven = self.all_proven();
        let changed = match event {
            Event::Follow => order.following(&self.authorizations, now, |_| problem()),
            Event::Finalize => {
                let changed =
                    order.finalizing(vec![1], &self.authorizations, now, now + Duration::seconds(60));
                if changed.is_ok() {
                    self.was_proven = proven;
                }
                changed
            }
            Event::Resume => order.resumed(now, now + Duration::seconds(60)),
            Event::Issue => order.issued("0a".into(), now + Duration::days(90)),
            Event::GiveUp => order.failed(problem()),
            _ => order.expired(now, problem()),
        };
        if let Ok(changed) = changed {
            self.order = changed;
        }
    }
}

/// The arrows of RFC 8555 §7.1.6; whatever stays as it is may stay.
fn expect_arrows(before: &World, after: &World) {
    use AuthorizationStatus as A;
    use ChallengeStatus as C;
    use OrderStatus as O;
    let arrow = (before.order.status(), after.order.status());
    let is_drawn = arrow.0 == arrow.1
        || matches!(
            arrow,
            (O::Pending, O::Ready | O::Invalid)
                | (O::Ready, O::Processing | O::Invalid)
                | (O::Processing, O::Valid | O::Invalid)
        );
    assert!(is_drawn, "an order went {arrow:?}");
    if arrow.0 != arrow.1 && matches!(arrow.1, O::Ready | O::Processing) {
        assert!(after.all_proven(), "{arrow:?} without every name proven");
    }
    if arrow.1 == O::Valid {
        assert!(after.was_proven, "valid without every name proven");
    }
    for (before, after) in before.authorizations.iter().zip(&after.authorizations) {
        let arrow = (before.status(), after.status());
        let is_drawn = arrow.0 == arrow.1
            || matches!(
                arrow,
                (A::Pending, A::Valid | A::Invalid | A::Deactivated | A::Revoked)
                    | (A::Valid, A::Expired | A::Deactivated | A::Revoked)
            );
        assert!(is_drawn, "an authorization went {arrow:?}");
        let is_proven = |challenge: &Challenge| challenge.status() == C::Valid;
        if after.status() == A::Valid {
            assert!(after.challenges().iter().any(is_proven), "valid without a proof");
        }
        for (before, after) in before.challenges().iter().zip(after.challenges()) {
            let arrow = (before.status(), after.status());
            let is_drawn = arrow.0 == arrow.1
                || matches!(
                    arrow,
                    (C::Pending, C::Processing) | (C::Processing, C::Valid | C::Invalid)
                );
            assert!(is_drawn, "a challenge went {arrow:?}");
            assert!(after.attempts() <= 6 && before.attempts() <= after.attempts());
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_in_whatever_order_only_the_arrows_of_the_rfc_are_gone(
        names in 1..=3_usize,
        events in events(),
    ) {
        let mut world = World::new(names);
        for event in events {
            let after = world.clone().after(&event);
            expect_arrows(&world, &after);
            world = after;
        }
        let kept = serde_json::to_string(&world.order).expect("json");
        prop_assert_eq!(&serde_json::from_str::<Order>(&kept).expect("an order"), &world.order);
        for one in &world.authorizations {
            let kept = serde_json::to_string(one).expect("json");
            prop_assert_eq!(&serde_json::from_str::<Authorization>(&kept).expect("kept"), one);
        }
    }
}

#[test]
fn the_events_lead_to_every_status() {
    // Else the property above would say nothing.
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut orders = std::collections::HashSet::new();
    let mut authorizations = std::collections::HashSet::new();
    for _ in 0..3000 {
        let events = events().new_tree(&mut runner).expect("events").current();
        let world = events
            .iter()
            .fold(World::new(1), |world, event| world.after(event));
        orders.insert(world.order.status().word());
        authorizations.extend(world.authorizations.iter().map(|one| one.status().word()));
    }
    assert_eq!((orders.len(), authorizations.len()), (5, 6));
}

#[test]
fn a_key_of_an_external_account_makes_accounts_as_long_as_it_may() {
    let key = || EabKey {
        id: id(1),
        hmac: zeroize::Zeroizing::new(vec![1]),
        name: "hosts".into(),
        is_single_use: true,
        uses: 0,
        expires: Some(at(60)),
        is_revoked: false,
    };
    let used = key().used(NOW).expect("it is new");
    assert_eq!(used.uses, 1);
    assert_eq!(used.clone().used(NOW).err(), Some(EabRefused::Used));
    let many = EabKey {
        is_single_use: false,
        ..used
    };
    assert_eq!(many.used(NOW).ok().map(|key| key.uses), Some(2));
    assert_eq!(key().used(at(60)).err(), Some(EabRefused::Expired(at(60))));
    let revoked = EabKey {
        is_revoked: true,
        ..key()
    };
    assert_eq!(revoked.used(NOW).err(), Some(EabRefused::Revoked));
}
