//! A log: filtered the same however it comes in pieces. The first byte says how.

use gsec_platform::log_filter::{Header, LogFilter, NotText, RuleSet, Rules, Settings};

/// Whether there was a list in it.
pub fn check(input: &[u8]) -> bool {
    let Some((how, log)) = input.split_first() else {
        return false;
    };
    let _ = NotText::of(log);
    assert_eq!(
        filtered(&Settings::default(), log, 7).0,
        log,
        "everything is copied"
    );
    let settings = settings(*how);
    let (whole, lists, has_changed) = filtered(&settings, log, log.len().max(1));
    for size in [1, 5] {
        assert_eq!(
            filtered(&settings, log, size),
            (whole.clone(), lists, has_changed),
            "in pieces of {size}"
        );
    }
    assert_eq!(has_changed, whole != log);
    lists > 0
}

fn settings(how: u8) -> Settings {
    let mut set = RuleSet::default();
    for rule in ["PASSWORD=hide", "p=skip", "h=hide-first,2", "DNIS=copy"] {
        set.add_typed(rule).expect("a rule");
    }
    if how & 1 == 1 {
        set.default = gsec_platform::log_filter::Action::parse("hide");
    }
    Settings {
        rules: Rules::new(&[set], how & 2 == 2).expect("rules"),
        is_strict: how & 4 == 4,
        header: if how & 8 == 8 { Header::Mask } else { Header::Keep },
        max_line: if how & 16 == 16 { 64 } else { 4096 },
        ..Settings::default()
    }
}

fn filtered(settings: &Settings, log: &[u8], size: usize) -> (Vec<u8>, u64, bool) {
    let mut filter = LogFilter::new(settings.clone());
    let mut out = Vec::new();
    log.chunks(size).for_each(|piece| filter.push(piece, &mut out));
    let counts = filter.finish(&mut out);
    (out, counts.lists, filter.has_changed())
}
