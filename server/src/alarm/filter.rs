//! The log filter of gsec.toml, over what goes out.

use gsec_ca::policy::{FilterType, HIDDEN, LogField, LogFilter};
use gsec_pki::key::sha256;

use super::{Acknowledgment, Alarm, Condition, Event};
use gsec_pki::encoding::hex::{Separator, encode};

/// An alarm as it may go out: values that the filter hides are asterisks, and those that it skips are not there. A text that may tell one
/// of them, such as a key made of a file's name, is hidden whole.
pub fn filtered(alarm: &Alarm, filter: &LogFilter) -> Alarm {
    let mut alarm = alarm.clone();
    let value = |field, value: Option<String>| match filter.of(field) {
        FilterType::Copy => value,
        FilterType::Hide => value.map(|_| HIDDEN.to_owned()),
        FilterType::Skip => None,
    };
    if let Some(acknowledged) = &mut alarm.acknowledged {
        acknowledged.by = value(LogField::RemoteUser, acknowledged.by.take());
    }
    let told = [
        LogField::Host,
        LogField::Names,
        LogField::Subject,
        LogField::Email,
    ];
    let is_open = filter.of_any(&told) == FilterType::Copy;
    let condition = &mut alarm.condition;
    let subject = condition.subject.take();
    // A subject may have an e-mail address and the host in it.
    condition.subject = match is_open {
        true => subject,
        false => match filter.of(LogField::Subject) {
            FilterType::Skip => None,
            _ => subject.map(|_| HIDDEN.to_owned()),
        },
    };
    // The first name is the host; all are shown, or none.
    match filter.of_any(&[LogField::Host, LogField::Names]) {
        FilterType::Skip => condition.names.clear(),
        FilterType::Hide => condition
            .names
            .iter_mut()
            .for_each(|name| HIDDEN.clone_into(name)),
        FilterType::Copy => {}
    }
    if !is_open && condition.tells_names {
        hide_texts(condition);
    }
    alarm
}

/// An event of another site as it may go on from here.
pub fn filtered_event(event: &Event, filter: &LogFilter) -> Event {
    let alarm = &event.alarm;
    // What is in its texts is not known here.
    let condition = Condition {
        key: alarm.key.clone(),
        scope: String::new(),
        kind: alarm.kind,
        slug: alarm.slug.clone(),
        severity: alarm.severity,
        title: alarm.title.clone(),
        detail: alarm.detail.clone(),
        subject: alarm.subject.clone(),
        names: alarm.names.clone(),
        remedies: alarm.remedies.clone(),
        tells_names: true,
    };
    let alarm = Alarm {
        condition,
        state: event.state,
        peak: alarm.severity,
        first_seen: 0,
        last_seen: 0,
        raised_at: None,
        cleared_at: None,
        acknowledged: event.acknowledged_by.clone().map(|by| Acknowledgment {
            at: event.at.clone(),
            by: Some(by),
        }),
        seen: 0,
        unseen: 0,
    };
    let out = filtered(&alarm, filter);
    Event {
        acknowledged_by: out.acknowledged.and_then(|by| by.by),
        alarm: (&out.condition).into(),
        ..event.clone()
    }
}

fn hide_texts(condition: &mut Condition) {
    // The same key stays the same, so that an alarm can be followed.
    let digest = encode(&sha256(condition.key.as_bytes())[..16], Separator::None);
    condition.key = format!("{}:{}:{digest}", condition.kind.name(), condition.slug);
    condition.scope.clear();
    HIDDEN.clone_into(&mut condition.detail);
    condition.remedies = vec![format!(
        "`gsec doctor --explain {}` says what helps",
        condition.slug
    )];
    if !gsec_doctor::checks::catalogue().any(|entry| entry.slug == condition.slug) {
        condition.remedies = vec!["`gsec watch --list` on the machine itself says what helps".into()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Kind, Severity, State};
    use gsec_ca::policy::Policy;

    fn alarm() -> Alarm {
        let condition = Condition::new(
            "files /srv/db1",
            Kind::HostFiles,
            "key-mismatch",
            Severity::Error,
            "Key",
        );
        Alarm {
            condition: Condition {
                subject: Some("CN=db1.secret.test,emailAddress=me@secret.test".into()),
                names: vec!["db1.secret.test".into(), "b.secret.test".into()],
                tells_names: true,
                ..condition
                    .about("/srv/db1.secret.test")
                    .seen("db1.secret.test has it")
                    .remedy("gsec cert renew db1.secret.test")
            },
            state: State::Acknowledged,
            peak: Severity::Error,
            first_seen: 0,
            last_seen: 0,
            raised_at: Some(0),
            cleared_at: None,
            acknowledged: Some(Acknowledgment {
                at: String::new(),
                by: Some("me-of-secret".into()),
            }),
            seen: 1,
            unseen: 0,
        }
    }

    #[test]
    fn without_a_filter_everything_goes_out() {
        let policy = Policy::parse("").expect("policy");
        assert_eq!(filtered(&alarm(), &policy.log_filter), alarm());
    }

    #[test]
    fn what_is_hidden_is_in_no_field() {
        for kind in ["hide", "skip"] {
            let text = format!("[log-filter]\ndefault-filter-type = \"{kind}\"\n");
            let policy = Policy::parse(&text).expect("policy");
            let out = filtered(&alarm(), &policy.log_filter);
            let text = serde_json::to_string(&out).expect("JSON");
            assert!(!text.contains("secret"), "{kind}: {text}");
            assert_eq!(
                out,
                filtered(&alarm(), &policy.log_filter),
                "the key is the same again"
            );
            assert_eq!(out.condition.slug, "key-mismatch");
        }
    }

    #[test]
    fn each_kind_of_data_has_its_own_say() {
        let of = |line: &str| {
            let policy = Policy::parse(&format!("[log-filter-data]\n{line}\n")).expect("policy");
            filtered(&alarm(), &policy.log_filter)
        };
        assert_eq!(of("remote-user = \"hide\"").condition, alarm().condition);
        assert_eq!(
            of("subject = \"hide\"").condition.subject.as_deref(),
            Some(HIDDEN)
        );
        assert_eq!(of("email = \"hide\"").condition.subject.as_deref(), Some(HIDDEN));
        assert!(of("host = \"skip\"").condition.names.is_empty());
        assert_eq!(of("names = \"hide\"").condition.names, [HIDDEN, HIDDEN]);
        assert_eq!(of("host = \"hide\"").condition.detail, HIDDEN);
    }
}
