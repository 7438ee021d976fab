//! What a site sends to its hub: what is read can go on as it is, to a screen, to a log and into headers.

use gsec_server::alarm::{Batch, MAX_EVENTS};

/// Whether it was read.
pub fn check(input: &[u8]) -> bool {
    let Some(batch) = Batch::read(input) else {
        return false;
    };
    assert!(batch.events.len() <= MAX_EVENTS);
    for numbered in &batch.events {
        let event = &numbered.event;
        for text in [event.line(), event.to_json()] {
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
        for line in event.text().lines() {
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        assert!(
            [&event.id, &event.at, &event.since, &event.alarm.slug]
                .into_iter()
                .all(|text| is_plain(text))
        );
    }
    let again = serde_json::to_vec(&batch).expect("JSON");
    assert_eq!(Batch::read(&again), Some(batch));
    true
}
