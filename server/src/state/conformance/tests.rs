//! The forms that there are keep every promise, and forms that break one do not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use super::super::memory::Memory;
use super::super::{Due, Epoch, Later, Secret, Step};
use super::*;
use crate::domain::nonce::Nonce;

struct InMemory;

impl Form for InMemory {
    type Open = Memory;

    fn empty(&self) -> Memory {
        Memory::new()
    }

    fn fail_after(&self, open: &Memory, steps: u32) {
        open.fail_after(Some(steps));
    }

    fn reopened(&self, open: Memory) -> Memory {
        open.reopened()
    }
}

#[test]
fn memory_keeps_every_promise() {
    holds(&InMemory);
}

/// What is wrong with a form.
#[derive(Clone, Copy)]
enum Flaw {
    AnswersBeforeDurable,
    IgnoresVersions,
    DoesHalves,
    RedeemsTwice,
    KeepsEpochs,
    ForgetsEpochsFence,
    OverchargesOnRefusal,
}

struct Broken {
    inner: Memory,
    flaw: Flaw,
    /// What is durable, where that comes late.
    durable: Mutex<Option<Memory>>,
}

struct With(Flaw);

impl Form for With {
    type Open = Broken;

    fn empty(&self) -> Broken {
        Broken {
            inner: Memory::new(),
            flaw: self.0,
            durable: Mutex::default(),
        }
    }

    fn fail_after(&self, open: &Broken, steps: u32) {
        open.inner.fail_after(Some(steps));
    }

    fn reopened(&self, open: Broken) -> Broken {
        let durable = open.durable.into_inner().expect("no thread panicked");
        Broken {
            inner: durable.unwrap_or_else(|| open.inner.reopened()),
            flaw: self.0,
            durable: Mutex::default(),
        }
    }
}

impl Broken {
    fn flawed(&self, writes: Vec<Write>) -> Vec<Write> {
        match self.flaw {
            Flaw::IgnoresVersions => {
                let step = |step: Step| match step {
                    Step::Replace(item, version) => {
                        let now = wait(self.inner.get_many(vec![item.key()])).pop().flatten();
                        Step::Replace(item, now.map_or(version, |now| now.version))
                    }
                    other => other,
                };
                let each = |write: Write| Write {
                    steps: write.steps.into_iter().map(step).collect(),
                    fence: write.fence,
                };
                writes.into_iter().map(each).collect()
            }
            Flaw::ForgetsEpochsFence => {
                let each = |write: Write| Write { fence: None, ..write };
                writes.into_iter().map(each).collect()
            }
            _ => writes,
        }
    }

    fn halves(&self, writes: Vec<Write>) -> Vec<Outcome> {
        let each = |one: Write| {
            let too_large = one.steps.len() > MAX_STEPS;
            let fence = one.fence;
            let mut outcome = Outcome::Written;
            for step in one.steps {
                let alone = Write {
                    steps: if too_large { Vec::new() } else { vec![step] },
                    fence: fence.clone(),
                };
                outcome = write(&self.inner, alone);
                if !outcome.is_written() {
                    break;
                }
            }
            if too_large {
                Outcome::Refused(Conflict::TooLarge)
            } else {
                outcome
            }
        };
        writes.into_iter().map(each).collect()
    }
}

macro_rules! as_inner {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {$(
        fn $name(&self, $($argument: $kind),*) -> Later<'_, $answer> {
            self.inner.$name($($argument),*)
        }
    )*};
}

impl State for Broken {
    fn write(&self, writes: Vec<Write>) -> Later<'_, Vec<Outcome>> {
        if matches!(self.flaw, Flaw::AnswersBeforeDurable) {
            *self.durable.lock().expect("no thread panicked") = Some(self.inner.reopened());
        }
        if matches!(self.flaw, Flaw::DoesHalves) {
            let outcomes =
                std::thread::scope(|scope| scope.spawn(|| self.halves(writes)).join().expect("a thread"));
            return Box::pin(async { Ok(outcomes) });
        }
        let writes =
            std::thread::scope(|scope| scope.spawn(|| self.flawed(writes)).join().expect("a thread"));
        self.inner.write(writes)
    }

    fn redeem(&self, nonces: Vec<Nonce>) -> Later<'_, Vec<bool>> {
        match self.flaw {
            Flaw::RedeemsTwice => Box::pin(async move { Ok(vec![true; nonces.len()]) }),
            _ => self.inner.redeem(nonces),
        }
    }

    fn lease(
        &self,
        name: String,
        holder: Id,
        ttl: Duration,
        now: OffsetDateTime,
    ) -> Later<'_, Option<Epoch>> {
        let had = self.inner.lease(name, holder, ttl, now);
        let is_flawed = matches!(self.flaw, Flaw::KeepsEpochs);
        Box::pin(async move { Ok(had.await?.map(|epoch| if is_flawed { Epoch(1) } else { epoch })) })
    }

    fn charge(&self, charges: Vec<Charge>, now: OffsetDateTime) -> Later<'_, Charged> {
        if !matches!(self.flaw, Flaw::OverchargesOnRefusal) {
            return self.inner.charge(charges, now);
        }
        Box::pin(async move {
            for (index, charge) in charges.into_iter().enumerate() {
                if let Charged::Refused { retry_after, .. } = self.inner.charge(vec![charge], now).await? {
                    return Ok(Charged::Refused { index, retry_after });
                }
            }
            Ok(Charged::Counted)
        })
    }

    as_inner! {
        get_many(keys: Vec<Key>) -> Vec<Option<Versioned<Item>>>;
        list(kind: Kind, after: Option<Id>, limit: u32) -> Vec<Versioned<Item>>;
        account_by_thumbprint(thumbprint: String) -> Option<Versioned<Account>>;
        accounts_of(external: Id, after: Option<Id>, limit: u32) -> Vec<Versioned<Account>>;
        orders_of(account: Id, after: Option<OrderCursor>, limit: u32) -> Vec<Versioned<Order>>;
        pending_orders(account: Id, now: OffsetDateTime) -> u64;
        open_orders(now: OffsetDateTime) -> u64;
        pending_authorizations(account: Option<Id>, now: OffsetDateTime, last: OffsetDateTime) -> u64;
        pending_authorizations_of(account: Id, after: Option<Id>, now: OffsetDateTime)
            -> Vec<Versioned<Authorization>>;
        authorizations_of(account: Id, ordered: Identifier, now: OffsetDateTime)
            -> Vec<Versioned<Authorization>>;
        order_by_serial(serial: String) -> Option<Versioned<Order>>;
        replaced_by(certificate: String) -> Option<Versioned<Order>>;
        due(now: OffsetDateTime, limit: u32) -> Due;
        nonce_key(offered: NonceKey) -> NonceKey;
        sweep(now: OffsetDateTime, limit: u32) -> Swept;
        secret(name: String, offered: Secret) -> Secret;
        setting(name: String) -> Option<String>;
        set_setting(name: String, value: Option<String>) -> ();
    }
}

#[test]
fn a_form_that_breaks_a_promise_is_found_out() {
    let broken = [
        (Flaw::AnswersBeforeDurable, "across a restart"),
        (Flaw::IgnoresVersions, "names what is against it"),
        (Flaw::DoesHalves, "of a refused write nothing is done"),
        (Flaw::RedeemsTwice, "one is the first"),
        (Flaw::KeepsEpochs, "a higher epoch"),
        (Flaw::ForgetsEpochsFence, "names what is against it"),
        (Flaw::OverchargesOnRefusal, "took nothing"),
    ];
    for (flaw, promise) in broken {
        let ended = catch_unwind(AssertUnwindSafe(|| holds(&With(flaw))));
        let told = ended.expect_err("it breaks a promise");
        let text = told
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| told.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default();
        assert!(text.contains(promise), "expected {promise:?}, found {text}");
    }
}
