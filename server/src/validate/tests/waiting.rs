//! The queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use super::world::identifier_of;
use crate::domain::Id;
use crate::validate::queue::{Queue, QueueFull, Slot};

fn account(number: usize) -> Id {
    let mut bytes = number.to_be_bytes().into_iter().cycle();
    Id::from_random(&mut |out| {
        out.iter_mut()
            .for_each(|byte| *byte = bytes.next().unwrap_or_default())
    })
}

/// Lets every task that can go on go on.
async fn settle() {
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn four_of_one_identifier_run_at_once_and_others_are_not_kept_waiting() {
    let queue = Queue::default();
    let one = identifier_of("one.example.com");
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(queue.slot(&account(0), &one).await.expect("there is room"));
    }
    let started = Arc::new(AtomicUsize::new(0));
    let mut waiting = JoinSet::new();
    for _ in 0..200 {
        let (queue, one, started) = (queue.clone(), one.clone(), Arc::clone(&started));
        waiting.spawn(async move {
            let slot = queue.slot(&account(0), &one).await;
            started.fetch_add(1, Ordering::SeqCst);
            slot
        });
    }
    settle().await;
    assert_eq!(started.load(Ordering::SeqCst), 0);
    let other = tokio::spawn({
        let queue = queue.clone();
        async move { queue.slot(&account(1), &identifier_of("two.example.com")).await }
    });
    settle().await;
    assert!(other.is_finished(), "nobody else wants it");
    let other = other.await;
    drop(other);
    held.pop();
    let next = waiting
        .join_next()
        .await
        .expect("one goes on")
        .expect("it does not panic");
    settle().await;
    assert_eq!(started.load(Ordering::SeqCst), 1);
    drop(next);
    drop(held);
    while waiting.join_next().await.is_some() {}
    assert_eq!(queue.shares(), 0);
}

#[tokio::test]
async fn sixty_four_run_at_once() {
    let queue = Queue::default();
    let mut held: Vec<Slot> = Vec::new();
    for number in 0..64 {
        let identifier = identifier_of(&format!("h{number}.example.com"));
        held.push(
            queue
                .slot(&account(number), &identifier)
                .await
                .expect("there is room"),
        );
    }
    let one_more = tokio::spawn({
        let queue = queue.clone();
        async move { queue.slot(&account(99), &identifier_of("more.example.com")).await }
    });
    settle().await;
    assert!(!one_more.is_finished());
    held.pop();
    one_more.await.expect("it does not panic").expect("there is room");
    drop(held);
    assert_eq!(queue.shares(), 0);
}

#[tokio::test]
async fn beyond_4096_the_queue_is_full_and_who_stops_waiting_makes_room() {
    let queue = Queue::default();
    let mut tasks = JoinSet::new();
    for number in 0..4096 {
        let queue = queue.clone();
        tasks.spawn(async move {
            let slot = queue
                .slot(
                    &account(number),
                    &identifier_of(&format!("h{number}.example.com")),
                )
                .await;
            let () = std::future::pending().await;
            slot
        });
    }
    settle().await;
    let more = identifier_of("more.example.com");
    assert_eq!(queue.slot(&account(9999), &more).await.err(), Some(QueueFull));
    assert_eq!(queue.shares(), 2 * 4096, "each has its account and its target");
    tasks.shutdown().await;
    assert_eq!(queue.shares(), 0);
    queue.slot(&account(9999), &more).await.expect("there is room");
}

/// One account with a server that says nothing has a part of the room, and another one that comes later is served at once.
#[tokio::test]
async fn one_account_does_not_keep_others_waiting() {
    let queue = Queue::default();
    let mut tasks = JoinSet::new();
    let started = Arc::new(AtomicUsize::new(0));
    for number in 0..256 {
        let (queue, started) = (queue.clone(), started.clone());
        tasks.spawn(async move {
            let identifier = identifier_of(&format!("h{number}.example.com"));
            let _slot = queue.slot(&account(1), &identifier).await;
            started.fetch_add(1, Ordering::SeqCst);
            let () = std::future::pending().await;
        });
    }
    settle().await;
    assert_eq!(started.load(Ordering::SeqCst), 8);
    let more = identifier_of("more.example.com");
    assert_eq!(queue.slot(&account(1), &more).await.err(), Some(QueueFull));
    let other = tokio::spawn({
        let queue = queue.clone();
        async move { queue.slot(&account(2), &more).await }
    });
    settle().await;
    assert!(other.is_finished(), "another account waits");
    tasks.shutdown().await;
}
