//! The queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use super::world::identifier_of;
use crate::validate::queue::{Queue, QueueFull, Slot};

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
        held.push(queue.slot(&one).await.expect("there is room"));
    }
    let started = Arc::new(AtomicUsize::new(0));
    let mut waiting = JoinSet::new();
    for _ in 0..200 {
        let (queue, one, started) = (queue.clone(), one.clone(), Arc::clone(&started));
        waiting.spawn(async move {
            let slot = queue.slot(&one).await;
            started.fetch_add(1, Ordering::SeqCst);
            slot
        });
    }
    settle().await;
    assert_eq!(started.load(Ordering::SeqCst), 0);
    let other = tokio::spawn({
        let queue = queue.clone();
        async move { queue.slot(&identifier_of("two.example.com")).await }
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
    assert_eq!(queue.targets(), 0);
}

#[tokio::test]
async fn sixty_four_run_at_once() {
    let queue = Queue::default();
    let mut held: Vec<Slot> = Vec::new();
    for number in 0..64 {
        let identifier = identifier_of(&format!("h{number}.example.com"));
        held.push(queue.slot(&identifier).await.expect("there is room"));
    }
    let one_more = tokio::spawn({
        let queue = queue.clone();
        async move { queue.slot(&identifier_of("more.example.com")).await }
    });
    settle().await;
    assert!(!one_more.is_finished());
    held.pop();
    one_more.await.expect("it does not panic").expect("there is room");
    drop(held);
    assert_eq!(queue.targets(), 0);
}

#[tokio::test]
async fn beyond_4096_the_queue_is_full_and_who_stops_waiting_makes_room() {
    let queue = Queue::default();
    let mut tasks = JoinSet::new();
    for number in 0..4096 {
        let queue = queue.clone();
        tasks.spawn(async move {
            let slot = queue
                .slot(&identifier_of(&format!("h{number}.example.com")))
                .await;
            let () = std::future::pending().await;
            slot
        });
    }
    settle().await;
    let more = identifier_of("more.example.com");
    assert_eq!(queue.slot(&more).await.err(), Some(QueueFull));
    assert_eq!(queue.targets(), 4096);
    tasks.shutdown().await;
    assert_eq!(queue.targets(), 0);
    queue.slot(&more).await.expect("there is room");
}
