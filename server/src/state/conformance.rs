//! What every form of the state must keep, as one suite: [`holds`] panics with the broken promise.
//!
//! A form brings a [`Form`]: how an empty state is made, how a crash is requested, and what the next process finds. The suite tries every crash point of a
//! write.

pub mod samples;
mod tests;

use std::collections::BTreeSet;
use std::future::Future;

use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use self::samples::*;
use super::{
    Charge, Charged, Conflict, Fence, Item, KEPT_AFTER_EXPIRY, Key, Kind, MAX_PAGE, MAX_STEPS, OrderCursor,
    Outcome, State, StateError, Swept, Version, Versioned, Write,
};
use crate::domain::limits::{Bucket, Rate};
use crate::domain::nonce::NonceKey;
use crate::domain::{Account, Authorization, EabKey, Grant, Id, Identifier, Order};

/// As many threads as try to get into each other's way.
const THREADS: usize = 8;
/// No write has more crash points.
const MAX_POINTS: u32 = 40;

/// A form of the state, and how it is tried.
pub trait Form: Sync {
    /// The state while a process has it open.
    type Open: State;

    /// A new one.
    fn empty(&self) -> Self::Open;

    /// Lets so many durable steps succeed from now on, and none after them.
    fn fail_after(&self, open: &Self::Open, steps: u32);

    /// What the next process finds, where this one was killed, or ended.
    fn reopened(&self, open: Self::Open) -> Self::Open;
}

/// Tries everything.
///
/// # Panics
/// With the broken promise.
pub fn holds<F: Form>(form: &F) {
    let promises: [fn(&F); 20] = [
        nothing_is_in_a_new_state,
        what_is_written_is_read_back,
        a_change_names_the_version_that_it_was_decided_on,
        a_write_is_done_whole_or_not_at_all,
        a_write_that_is_too_large_is_not_done,
        no_two_accounts_have_the_same_key,
        a_certificate_is_replaced_by_one_order_and_has_one,
        whatever_a_write_crashes_at_it_is_there_whole_or_not_at_all,
        no_change_is_lost_among_threads,
        pages_have_everything_once,
        orders_that_come_meanwhile_are_at_the_end,
        an_authorization_is_found_again_as_long_as_it_counts,
        what_is_due_is_taken_up_by_one,
        pending_orders_are_counted,
        pending_authorizations_are_counted,
        a_nonce_is_redeemed_once,
        what_is_counted_is_counted_in_all_buckets_or_in_none,
        a_lease_has_one_holder_and_its_epoch_rises,
        what_no_one_needs_is_swept,
        the_first_secret_stays,
    ];
    for promise in promises {
        promise(form);
    }
}

/// Waits for an answer, or for the crash.
fn attempt<T>(later: impl Future<Output = Result<T, StateError>>) -> Result<T, StateError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(later)
}

fn wait<T>(later: impl Future<Output = Result<T, StateError>>) -> T {
    attempt(later).expect("an answer")
}

fn write(state: &dyn State, write: Write) -> Outcome {
    wait(state.write_one(write))
}

fn written(state: &dyn State, one: Write) {
    assert_eq!(
        write(state, one),
        Outcome::Written,
        "what nothing is against is written"
    );
}

fn refused(state: &dyn State, one: Write, conflict: Conflict) {
    assert_eq!(
        write(state, one),
        Outcome::Refused(conflict),
        "a write that is not to be done names what is against it"
    );
}

fn account_of(state: &dyn State, number: u64) -> Option<Versioned<Account>> {
    wait(state.get(&id(number)))
}

fn order_of(state: &dyn State, number: u64) -> Option<Versioned<Order>> {
    wait(state.get(&id(number)))
}

fn ids<T>(found: &[Versioned<T>], id: impl Fn(&T) -> &Id) -> Vec<Id> {
    found.iter().map(|one| id(&one.value).clone()).collect()
}

/// Does the same in several threads, and returns what came of it.
fn in_threads<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..THREADS)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread"))
            .collect()
    })
}

fn nothing_is_in_a_new_state<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    for kind in KINDS {
        assert!(wait(state.list(kind, None, 10)).is_empty());
        assert!(wait(state.get_many(vec![Key { kind, id: id(1) }])) == [None]);
    }
    assert!(wait(state.account_by_thumbprint("t1".into())).is_none());
    assert!(wait(state.order_by_serial("02".into())).is_none());
    assert!(wait(state.replaced_by("a.b".into())).is_none());
    assert!(wait(state.orders_of(id(1), None, 10)).is_empty());
    assert!(wait(state.accounts_of(id(1), None, 10)).is_empty());
    assert_eq!(wait(state.pending_orders(id(1), NOW)), 0);
    let due = wait(state.due(NOW + Duration::days(1000), 10));
    assert!(due.authorizations.is_empty() && due.orders.is_empty());
    assert_eq!(wait(state.setting("name".into())), None);
    assert_eq!(wait(state.sweep(NOW, 10)), Swept::default());
    assert!(wait(state.write(Vec::new())).is_empty());
}

fn what_is_written_is_read_back<F: Form>(form: &F) {
    let open = form.empty();
    let items = one_of_each();
    let all = items.iter().fold(Write::new(), |all, item| {
        all.step(super::Step::Insert(item.clone()))
    });
    written(&open, all);
    let open = form.reopened(open);
    let state: &dyn State = &open;
    let keys: Vec<Key> = items.iter().map(Item::key).collect();
    let found = wait(state.get_many(keys.clone()));
    let expected = items.iter().map(|item| {
        Some(Versioned {
            value: item.clone(),
            version: Version::FIRST,
        })
    });
    assert!(
        found == expected.collect::<Vec<_>>(),
        "every field is kept, across a restart"
    );
    let mixed = vec![keys[2].clone(), Key::of::<Grant>(id(99)), keys[0].clone()];
    let found = wait(state.get_many(mixed));
    assert!(
        found[1].is_none()
            && found[0].as_ref().map(|one| one.value.key()) == Some(keys[2].clone())
            && found[2].as_ref().map(|one| one.value.key()) == Some(keys[0].clone()),
        "answers are in the order of the keys"
    );
    let by_key = wait(state.account_by_thumbprint("t1".into()));
    assert_eq!(by_key.map(|found| found.value.id), Some(id(1)));
}

fn a_change_names_the_version_that_it_was_decided_on<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let changed = || Conflict::Changed(Key::of::<Account>(id(1)));
    refused(state, Write::new().replace(account(1), Version::FIRST), changed());
    written(state, Write::new().insert(account(1)));
    refused(state, Write::new().insert(account(1)), changed());
    let read = account_of(state, 1).expect("it was written");
    let with_contact = |account: Account| account.with_contacts(vec!["mailto:a@example.com".into()]);
    let new = with_contact(read.value.clone()).expect("it is valid");
    written(state, Write::new().replace(new.clone(), read.version));
    refused(
        state,
        Write::new().replace(read.value.clone(), read.version),
        changed(),
    );
    let now = account_of(state, 1).expect("it was written");
    assert_eq!(
        (now.value, now.version),
        (new, Version(2)),
        "what was decided on an old version is not written"
    );
    let key = Key::of::<Account>(id(1));
    refused(state, Write::new().expect(key.clone(), None), changed());
    refused(
        state,
        Write::new().expect(key.clone(), Some(Version::FIRST)),
        changed(),
    );
    written(state, Write::new().expect(key.clone(), Some(Version(2))));
    refused(state, Write::new().remove(read), changed());
    let now = account_of(state, 1).expect("it was not removed");
    written(state, Write::new().remove(now));
    assert!(account_of(state, 1).is_none());
    written(state, Write::new().expect(key, None));
}

fn a_write_is_done_whole_or_not_at_all<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    written(state, Write::new().insert(account(1)));
    let half = Write::new()
        .insert(account(2))
        .replace(account(1).deactivated().expect("it is valid"), Version::FIRST)
        .insert(account(1));
    let conflict = Conflict::Changed(Key::of::<Account>(id(1)));
    let outcomes = wait(state.write(vec![
        Write::new().insert(account(3)),
        half,
        Write::new().insert(account(4)),
    ]));
    assert_eq!(
        outcomes,
        [Outcome::Written, Outcome::Refused(conflict), Outcome::Written],
        "each write of a call is on its own"
    );
    assert!(
        account_of(state, 2).is_none(),
        "of a refused write nothing is done"
    );
    let first = account_of(state, 1).expect("it was written");
    assert_eq!((first.value, first.version), (account(1), Version::FIRST));
    assert!(account_of(state, 3).is_some() && account_of(state, 4).is_some());
    let twice = Write::new()
        .insert(account(5))
        .replace(account(5).deactivated().expect("it is valid"), Version::FIRST);
    written(state, twice);
    let fifth = account_of(state, 5).expect("it was written");
    assert_eq!(
        fifth.version,
        Version(2),
        "a step sees what those before it have done"
    );
    let in_order = wait(state.write(vec![
        Write::new().insert(account(6)),
        Write::new().replace(account(6), Version::FIRST),
    ]));
    assert!(
        in_order.iter().all(Outcome::is_written),
        "a write sees those before it"
    );
}

fn a_write_that_is_too_large_is_not_done<F: Form>(form: &F) {
    let open = form.empty();
    let many = (0..=MAX_STEPS as u64).fold(Write::new(), |all, number| all.insert(account(number)));
    refused(&open, many, Conflict::TooLarge);
    assert!(wait((&open as &dyn State).list_of::<Account>(None, 10)).is_empty());
}

fn no_two_accounts_have_the_same_key<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let same_key = |number: u64| Account::new(id(number), account(1).key, Vec::new(), NOW);
    let outcomes = in_threads(|thread| write(state, Write::new().insert(same_key(thread as u64))));
    let made = wait(state.account_by_thumbprint("t1".into())).expect("one was made");
    let others = Outcome::Refused(Conflict::AccountKey(made.value.id.clone()));
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_written()).count(),
        1,
        "of two newAccount with one key, one makes an account"
    );
    assert_eq!(
        outcomes.iter().filter(|outcome| **outcome == others).count(),
        THREADS - 1
    );
    assert_eq!(wait(state.list_of::<Account>(None, 10)).len(), 1);
    written(state, Write::new().insert(account(100)));
    let taken = account(100)
        .with_key(made.value.key.clone())
        .expect("another key");
    refused(
        state,
        Write::new().replace(taken, Version::FIRST),
        Conflict::AccountKey(made.value.id.clone()),
    );
    let gone = made.value.clone().deactivated().expect("it is valid");
    written(state, Write::new().replace(gone, made.version));
    refused(
        state,
        Write::new().insert(same_key(200)),
        Conflict::AccountKey(made.value.id.clone()),
    );
    let rolled = account(100).with_key(account(101).key).expect("another key");
    written(state, Write::new().replace(rolled, Version::FIRST));
    assert!(
        wait(state.account_by_thumbprint("t100".into())).is_none(),
        "a former key finds nothing"
    );
    written(
        state,
        Write::new().insert(Account::new(id(300), account(100).key, Vec::new(), NOW)),
    );
}

fn a_certificate_is_replaced_by_one_order_and_has_one<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let replacing = |number: u64| order_with(number, |asked| asked.replaces = Some("aki.serial".into()));
    let outcomes = in_threads(|thread| write(state, Write::new().insert(replacing(thread as u64))));
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_written()).count(), 1);
    let first = wait(state.replaced_by("aki.serial".into())).expect("one was made");
    let number = (0..THREADS as u64)
        .find(|number| id(*number) == first.value.id)
        .expect("one of them");
    refused(
        state,
        Write::new().insert(replacing(50)),
        Conflict::Replaced(id(number)),
    );
    let given_up = first.value.failed("{}".into()).expect("it is pending");
    written(state, Write::new().replace(given_up, first.version));
    assert!(
        wait(state.replaced_by("aki.serial".into())).is_none(),
        "an invalid order replaces nothing"
    );
    written(state, Write::new().insert(replacing(51)));

    for number in [60, 61] {
        written(state, Write::new().insert(processing(number)));
    }
    let issued = |number: u64| {
        processing(number)
            .issued("0a1b".into(), NOW + Duration::days(90))
            .expect("it is being issued")
    };
    written(state, Write::new().replace(issued(60), Version::FIRST));
    refused(
        state,
        Write::new().replace(issued(61), Version::FIRST),
        Conflict::Serial(id(60)),
    );
    let found = wait(state.order_by_serial("0a1b".into())).expect("it was issued");
    assert_eq!((found.value, found.version), (issued(60), Version(2)));
}

fn whatever_a_write_crashes_at_it_is_there_whole_or_not_at_all<F: Form>(form: &F) {
    for steps in 0..MAX_POINTS {
        let open = form.empty();
        written(&open, Write::new().insert(account(1)));
        form.fail_after(&open, steps);
        let ended = account(1).deactivated().expect("it is valid");
        let writes = vec![
            Write::new().insert(account(2)).replace(ended, Version::FIRST),
            Write::new().insert(account(3)).insert(order(4)),
        ];
        let answered = attempt(open.write(writes));
        let open = form.reopened(open);
        let state: &dyn State = &open;
        let first = account_of(state, 1).expect("what was answered before the crash is there");
        assert_eq!(
            account_of(state, 2).is_some(),
            first.version == Version(2),
            "crash point {steps}: a write is there whole or not at all"
        );
        assert_eq!(
            account_of(state, 3).is_some(),
            order_of(state, 4).is_some(),
            "crash point {steps}: a write is there whole or not at all"
        );
        if let Ok(outcomes) = &answered {
            assert!(outcomes.iter().all(Outcome::is_written));
            assert!(
                account_of(state, 2).is_some() && account_of(state, 3).is_some(),
                "crash point {steps}: what was answered is durable"
            );
        }
        written(state, Write::new().insert(account(9)));
        if answered.is_ok() {
            assert!(steps > 0, "a crash before the first step keeps the answer back");
            return;
        }
    }
    panic!("a write has at most {MAX_POINTS} crash points");
}

fn no_change_is_lost_among_threads<F: Form>(form: &F) {
    const EACH: u64 = 15;
    let open = form.empty();
    let state: &dyn State = &open;
    written(state, Write::new().insert(eab(1)));
    in_threads(|_| {
        for _ in 0..EACH {
            loop {
                let read: Versioned<EabKey> = wait(state.get(&id(1))).expect("it is there");
                let used = read.value.used(NOW).expect("it makes many accounts");
                if write(state, Write::new().replace(used, read.version)).is_written() {
                    break;
                }
            }
        }
    });
    let end: Versioned<EabKey> = wait(state.get(&id(1))).expect("it is there");
    let all = EACH * THREADS as u64;
    assert_eq!(
        (end.value.uses, end.version),
        (eab(1).uses + all, Version(all + 1)),
        "no change is written over one that was not seen"
    );
}

fn pages_have_everything_once<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let bound = |number: u64| {
        let mut account = account(number);
        account.external = number.is_multiple_of(2).then(|| id(1000));
        account
    };
    let all = (0..23).fold(Write::new(), |all, number| all.insert(bound(number)));
    written(state, all.insert(grant(5)));
    let mut seen = Vec::new();
    loop {
        let page: Vec<Versioned<Account>> = wait(state.list_of(seen.last().cloned(), 5));
        assert!(page.len() <= 5);
        if page.is_empty() {
            break;
        }
        seen.extend(ids(&page, |account| &account.id));
    }
    let expected: BTreeSet<Id> = (0..23).map(id).collect();
    assert_eq!(seen, expected.into_iter().collect::<Vec<_>>(), "by id, each once");
    let mut seen = Vec::new();
    loop {
        let page = wait(state.accounts_of(id(1000), seen.last().cloned(), 5));
        if page.is_empty() {
            break;
        }
        seen.extend(ids(&page, |account| &account.id));
    }
    let expected: BTreeSet<Id> = (0..23).step_by(2).map(id).collect();
    assert_eq!(seen, expected.into_iter().collect::<Vec<_>>());
    assert_eq!(wait(state.list(Kind::Account, None, u32::MAX)).len(), 23);
    assert!(wait(state.list(Kind::Account, None, 0)).is_empty());
    const { assert!(MAX_PAGE >= 23) };
}

fn orders_that_come_meanwhile_are_at_the_end<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    // Several of one second, whose ids are not in the order in which they were made.
    let made = |number: u64, seconds: i64| made_at(number, NOW + Duration::seconds(seconds));
    for (number, seconds) in [(5, 0), (4, 1), (9, 1), (7, 1), (1, 2)] {
        written(state, Write::new().insert(made(number, seconds)));
    }
    written(
        state,
        Write::new().insert(order_with(8, |asked| asked.account = id(77))),
    );
    let first = wait(state.orders_of(id(1), None, 3));
    let last = OrderCursor::after(&first[2].value);
    written(state, Write::new().insert(made(0, 3)));
    let second = wait(state.orders_of(id(1), Some(last), 10));
    let seen = [ids(&first, |order| &order.id), ids(&second, |order| &order.id)].concat();
    let mut same_second = [id(4), id(7), id(9)];
    same_second.sort();
    let [a, b, c] = same_second;
    assert_eq!(seen, [id(5), a, b, c, id(1), id(0)], "oldest first, each once");
}

fn an_authorization_is_found_again_as_long_as_it_counts<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let long = NOW + Duration::days(30);
    let all = Write::new()
        .insert(authorization(1, "a.example.com", NOW + Duration::days(7)))
        .insert(authorization(2, "*.a.example.com", long))
        .insert(authorization(3, "b.example.com", long))
        .insert(granted(4, "a.example.com", NOW + Duration::days(9)))
        .insert(
            authorization(5, "a.example.com", long)
                .deactivated(NOW)
                .expect("pending"),
        )
        .insert(authorization(6, "10.0.0.1", long))
        .insert(authorization(7, "a.example.com", NOW));
    written(state, all);
    let find = |account: u64, name: &str, now: OffsetDateTime| {
        let found = wait(state.authorizations_of(id(account), identifier(name), now));
        ids(&found, |one| &one.id)
    };
    assert_eq!(
        find(1, "a.example.com", NOW),
        [id(4), id(1)],
        "what expires last comes first"
    );
    assert_eq!(
        find(1, "A.Example.COM", NOW),
        [id(4), id(1)],
        "case does not count"
    );
    assert_eq!(find(1, "*.a.example.com", NOW), [id(2)]);
    assert_eq!(find(1, "10.0.0.1", NOW), [id(6)]);
    assert!(find(2, "a.example.com", NOW).is_empty(), "of another account");
    assert!(find(1, "c.example.com", NOW).is_empty());
    assert_eq!(
        find(1, "a.example.com", NOW + Duration::days(7)),
        [id(4)],
        "what has expired does not count"
    );
}

fn what_is_due_is_taken_up_by_one<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let long = NOW + Duration::days(30);
    let started = |number: u64, at: OffsetDateTime| {
        authorization(number, "a.example.com", long)
            .started(&id(number + 1000), at)
            .expect("it is pending")
    };
    let second = Duration::seconds(1);
    let valid = started(4, NOW)
        .proved(&id(1004), NOW, long)
        .expect("it was started");
    let all = Write::new()
        .insert(started(1, NOW))
        .insert(started(2, NOW - second))
        .insert(started(3, NOW + second))
        .insert(valid)
        .insert(authorization(5, "b.example.com", long))
        .insert(processing(10))
        .insert(order(11));
    written(state, all);
    let due = wait(state.due(NOW, 10));
    assert_eq!(
        ids(&due.authorizations, |one| &one.id),
        [id(2), id(1)],
        "what has waited longest comes first"
    );
    assert!(due.orders.is_empty(), "somebody has it in hand");
    assert_eq!(wait(state.due(NOW, 1)).authorizations.len(), 1);
    let taken = in_threads(|_| {
        let one = due.authorizations[0].clone();
        let taken = one
            .value
            .taken(&id(1002), NOW, NOW + Duration::seconds(30))
            .expect("it is due");
        write(state, Write::new().replace(taken, one.version))
    });
    assert_eq!(
        taken.iter().filter(|outcome| outcome.is_written()).count(),
        1,
        "one of all takes it up"
    );
    assert_eq!(
        ids(&wait(state.due(NOW, 10)).authorizations, |one| &one.id),
        [id(1)]
    );
    let lost = wait(state.due(NOW + Duration::minutes(5), 10));
    assert_eq!(
        ids(&lost.authorizations, |one| &one.id),
        [id(1), id(3), id(2)],
        "what was lost is due again"
    );
    assert_eq!(ids(&lost.orders, |order| &order.id), [id(10)]);
    assert_eq!(
        lost.orders[0].value.request(),
        Some(&b"request"[..]),
        "an order is finalized after a restart"
    );
}

fn pending_orders_are_counted<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let all = Write::new()
        .insert(order(1))
        .insert(ready(2))
        .insert(processing(3))
        .insert(order(4).failed("{}".into()).expect("it is pending"))
        .insert(order_with(5, |asked| asked.account = id(2)));
    written(state, all);
    assert_eq!(wait(state.pending_orders(id(1), NOW)), 2);
    assert_eq!(wait(state.pending_orders(id(2), NOW)), 1);
    assert_eq!(
        wait(state.pending_orders(id(1), ORDER_EXPIRES)),
        0,
        "what has expired is not pending"
    );
    assert_eq!(wait(state.open_orders(NOW)), 3, "of all accounts");
    assert_eq!(wait(state.open_orders(ORDER_EXPIRES)), 0);
}

fn pending_authorizations_are_counted<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let (soon, later) = (NOW + Duration::hours(1), NOW + Duration::days(30));
    let proven = authorization(3, "c.example.com", soon).started(&id(1003), NOW);
    let proven = proven.and_then(|started| started.taken(&id(1003), NOW, NOW + Duration::minutes(2)));
    let proven = proven.and_then(|taken| taken.proved(&id(1003), NOW, soon));
    let all = Write::new()
        .insert(authorization(1, "a.example.com", soon))
        .insert(authorization(2, "b.example.com", later))
        .insert(proven.expect("it is pending"))
        .insert(granted(4, "d.example.com", soon))
        .insert(of_account_two(authorization(5, "e.example.com", soon)))
        .insert(account(2));
    written(state, all);
    let of_all = |now, last| wait(state.pending_authorizations(None, now, last));
    assert_eq!(of_all(NOW, soon), 2);
    assert_eq!(of_all(NOW, later), 3);
    assert_eq!(of_all(soon, later), 1, "two have expired");
    let of_one = |number, last| wait(state.pending_authorizations(Some(id(number)), NOW, last));
    assert_eq!((of_one(1, soon), of_one(1, later), of_one(2, later)), (1, 2, 1));
    let listed = |number, after, now| {
        let found = wait(state.pending_authorizations_of(id(number), after, now));
        ids(&found, |one: &Authorization| &one.id)
    };
    let mut both = vec![id(1), id(2)];
    both.sort();
    assert_eq!(listed(1, None, NOW), both);
    assert_eq!(listed(1, Some(both[0].clone()), NOW), both[1..]);
    assert_eq!(listed(1, None, soon), [id(2)], "one has expired");
    assert_eq!(listed(2, None, NOW), [id(5)]);
    let found = wait(state.get::<Account>(&id(2))).expect("an account");
    let ended = found.value.deactivated().expect("it is valid");
    written(state, Write::new().replace(ended, found.version));
    assert_eq!(of_all(NOW, later), 2, "what an account waits for that has ended");
    assert_eq!(of_one(2, later), 1);
}

fn of_account_two(mut one: Authorization) -> Authorization {
    one.account = id(2);
    one
}

fn a_nonce_is_redeemed_once<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let nonces: Vec<_> = (0..50).map(nonce).collect();
    let firsts: usize = in_threads(|_| {
        let redeemed = wait(state.redeem(nonces.clone()));
        redeemed.into_iter().filter(|is_first| *is_first).count()
    })
    .into_iter()
    .sum();
    assert_eq!(firsts, 50, "of all that redeem a nonce, one is the first");
    assert_eq!(
        wait(state.redeem(vec![nonce(50), nonce(50), nonce(3)])),
        [true, false, false]
    );
    let key = |filled: u8| NonceKey::new(Zeroizing::new([filled; 32]));
    assert!(wait(state.nonce_key(key(1))) == key(1));
    assert!(wait(state.nonce_key(key(2))) == key(1), "the first one stays");
    let again = form.reopened(open);
    assert!(
        wait(again.nonce_key(key(3))) == key(3) || wait(again.redeem(vec![nonce(3)])) == [false],
        "a nonce is not redeemed again after a restart"
    );
}

fn what_is_counted_is_counted_in_all_buckets_or_in_none<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let rate = Rate {
        burst: 10,
        per: Duration::hours(1),
    };
    let charge = |number: u64, is_look: bool| Charge {
        bucket: Bucket::new_orders(&id(number)),
        rate,
        is_look,
    };
    let counted = in_threads(|_| {
        (0..5)
            .filter(|_| wait(state.charge(vec![charge(1, false)], NOW)) == Charged::Counted)
            .count()
    });
    assert_eq!(counted.into_iter().sum::<usize>(), 10, "no more than the burst");
    let both = || vec![charge(2, false), charge(1, false)];
    let Charged::Refused { index, retry_after } = wait(state.charge(both(), NOW)) else {
        panic!("a full bucket refuses")
    };
    assert_eq!(
        (index, retry_after.seconds()),
        (1, 360),
        "the next one is due in a tenth"
    );
    assert!(matches!(
        wait(state.charge(vec![charge(1, true)], NOW)),
        Charged::Refused { index: 0, .. }
    ));
    for _ in 0..20 {
        assert_eq!(wait(state.charge(vec![charge(2, true)], NOW)), Charged::Counted);
    }
    let left = (0..20).filter(|_| wait(state.charge(vec![charge(2, false)], NOW)) == Charged::Counted);
    assert_eq!(
        left.count(),
        10,
        "what was refused or only looked at took nothing"
    );
    let later = NOW + Duration::seconds(360);
    assert_eq!(wait(state.charge(both(), later)), Charged::Counted);
    assert!(matches!(
        wait(state.charge(both(), later)),
        Charged::Refused { .. }
    ));
    let slow = Charge {
        rate: Rate {
            burst: 1,
            per: Duration::days(1),
        },
        ..charge(4, false)
    };
    assert_eq!(wait(state.charge(vec![slow.clone()], NOW)), Charged::Counted);
    let several = vec![charge(1, false), slow, charge(1, false)];
    let Charged::Refused { index, retry_after } = wait(state.charge(several, NOW)) else {
        panic!("full buckets refuse")
    };
    assert_eq!(
        (index, retry_after.seconds()),
        (1, 24 * 3600),
        "the longest wait counts: before it is over the same would be refused"
    );
    let twice = vec![charge(3, false); 11];
    assert!(
        matches!(wait(state.charge(twice, NOW)), Charged::Refused { index: 10, .. }),
        "a bucket that is named twice is charged twice"
    );
}

fn a_lease_has_one_holder_and_its_epoch_rises<F: Form>(form: &F) {
    let open = form.empty();
    let ttl = Duration::seconds(5);
    let lease = |state: &dyn State, holder: u64, at: OffsetDateTime| {
        wait(state.lease("crl".into(), id(holder), ttl, at))
    };
    let had = in_threads(|thread| lease(&open, thread as u64, NOW));
    assert_eq!(had.iter().flatten().count(), 1, "a lease has one holder");
    let holder = had.iter().position(Option::is_some).expect("one has it") as u64;
    let first = had.into_iter().flatten().next().expect("one has it");
    let at = |milliseconds: i64| NOW + Duration::milliseconds(milliseconds);
    assert_eq!(
        lease(&open, holder, at(4999)),
        Some(first),
        "who renews in time keeps his epoch"
    );
    assert_eq!(lease(&open, 99, at(9998)), None);
    let fence = |epoch| Fence {
        lease: "crl".into(),
        epoch,
    };
    written(&open, Write::new().insert(account(1)).fenced(fence(first)));
    let second = lease(&open, 99, at(9999)).expect("it has lapsed");
    assert!(second > first, "whoever comes after another has a higher epoch");
    refused(
        &open,
        Write::new().insert(account(2)).fenced(fence(first)),
        Conflict::Fenced,
    );
    let open = form.reopened(open);
    assert!(
        account_of(&open, 2).is_none(),
        "who has lost a lease writes nothing"
    );
    written(&open, Write::new().insert(account(2)).fenced(fence(second)));
    let unknown = Fence {
        lease: "other".into(),
        epoch: second,
    };
    refused(
        &open,
        Write::new().insert(account(3)).fenced(unknown),
        Conflict::Fenced,
    );
    let third = lease(&open, 99, at(60_000)).expect("it has lapsed");
    assert!(
        third > second,
        "who comes too late has a new epoch, across a restart"
    );
}

fn what_no_one_needs_is_swept<F: Form>(form: &F) {
    let open = form.empty();
    let state: &dyn State = &open;
    let expired = |number: u64| authorization(number, "a.example.com", NOW);
    let all = (0..5)
        .fold(Write::new(), |all, number| all.insert(expired(number)))
        .insert(authorization(9, "b.example.com", NOW + Duration::days(9)))
        .insert(order(20))
        .insert(processing(21))
        .insert(
            processing(22)
                .issued("0a".into(), NOW + Duration::days(90))
                .expect("issued"),
        );
    written(state, all);
    assert!(wait(state.redeem(vec![nonce(1)])) == [true]);
    let charge = Charge {
        bucket: Bucket::new_orders(&id(1)),
        rate: Rate {
            burst: 2,
            per: Duration::hours(1),
        },
        is_look: false,
    };
    assert_eq!(wait(state.charge(vec![charge], NOW)), Charged::Counted);
    let early = NOW + KEPT_AFTER_EXPIRY - Duration::seconds(1);
    let swept = wait(state.sweep(early, 10));
    assert_eq!(
        (swept.orders, swept.authorizations),
        (0, 0),
        "what has just expired is kept"
    );
    assert_eq!(
        (swept.nonces, swept.buckets),
        (1, 1),
        "nonces and buckets are not"
    );
    let late = NOW + KEPT_AFTER_EXPIRY;
    assert_eq!(
        wait(state.sweep(late, 3)).authorizations,
        3,
        "no more than asked for"
    );
    assert_eq!(wait(state.sweep(late, 3)).authorizations, 2);
    let late = ORDER_EXPIRES + KEPT_AFTER_EXPIRY;
    let swept = wait(state.sweep(late, 100));
    assert_eq!((swept.orders, swept.authorizations), (1, 0));
    assert!(order_of(state, 20).is_none());
    assert!(order_of(state, 21).is_some(), "what is being issued stays");
    assert!(
        order_of(state, 22).is_some(),
        "an order stays as long as its certificate"
    );
    assert!(wait(state.get::<Authorization>(&id(9))).is_some());
    let swept = wait(state.sweep(NOW + Duration::days(1000), 100));
    assert_eq!((swept.orders, swept.authorizations), (1, 1));
    assert!(wait(state.order_by_serial("0a".into())).is_none());
    assert!(order_of(state, 21).is_some());
}

fn the_first_secret_stays<F: Form>(form: &F) {
    let open = form.empty();
    let offered = |filled: usize| Zeroizing::new([filled as u8; 32]);
    let secrets = in_threads(|thread| wait(open.secret("one".into(), offered(thread))));
    assert!(
        secrets.iter().all(|secret| *secret == secrets[0]),
        "everybody has the same"
    );
    let open = form.reopened(open);
    assert!(
        wait(open.secret("one".into(), offered(99))) == secrets[0],
        "across a restart"
    );
    assert!(wait(open.secret("two".into(), offered(99))) == offered(99));
    let set = |value: Option<&str>| wait(open.set_setting("name".into(), value.map(Into::into)));
    let get = || wait(open.setting("name".into()));
    set(Some("first"));
    set(Some("second"));
    assert_eq!(get().as_deref(), Some("second"));
    set(None);
    set(None);
    assert_eq!(get(), None);
}

/// What a test asks for by name.
fn identifier(text: &str) -> Identifier {
    text.parse()
        .map_or_else(|_| Identifier::dns(text).expect("a name"), Identifier::Ip)
}
