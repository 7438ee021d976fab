//! How far long work is, on a terminal's stderr.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::global::Global;

/// Fewer pieces, or less time, give no rate: keys take as long as they take, and the first of several workers are done at the same time.
const MIN_PIECES: u64 = 8;
const MIN_ELAPSED: Duration = Duration::from_secs(1);
/// How often the bar is drawn when nothing is done meanwhile.
const TICK: Duration = Duration::from_secs(1);

/// A progress bar that disappears when the work is done. Not shown without a terminal, with `--quiet` or with `--json`.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(what: &'static str, length: usize, global: &Global) -> Self {
        let target = if global.quiet || global.json {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(length as u64), target);
        let left = |state: &ProgressState, out: &mut dyn Write| {
            let words = in_words(left(state.pos(), state.len().unwrap_or(0), state.elapsed()));
            // A lost word is no reason to stop.
            let _ = out.write_str(&words);
        };
        let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}, {left}")
            .expect("a template")
            .with_key("left", left);
        let bar = bar.with_style(style.progress_chars("=> ")).with_message(what);
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self(bar)
    }

    /// One piece more is done.
    pub(super) fn advance(&self) {
        self.0.inc(1);
    }

    /// Does something to stderr that the bar would disturb.
    pub(super) fn suspend(&self, work: impl FnOnce()) {
        self.0.suspend(work);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// How long the rest takes at the rate that was measured so far; `None` as long as there is none.
fn left(done: u64, all: u64, elapsed: Duration) -> Option<Duration> {
    let rest = all.checked_sub(done)?;
    (done >= MIN_PIECES && elapsed >= MIN_ELAPSED).then(|| elapsed.mul_f64(rest as f64 / done as f64))
}

/// Rounded up: `about 12 s left`.
fn in_words(left: Option<Duration>) -> String {
    let Some(left) = left else {
        return "time left unknown".into();
    };
    let seconds = left.as_secs_f64().ceil() as u64;
    match seconds {
        0..=89 => format!("about {seconds} s left"),
        90..=5399 => format!("about {} min left", seconds.div_ceil(60)),
        _ => format!("about {} h left", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_what_the_measured_rate_makes_of_the_rest_and_unknown_before() {
        let said = |done, all, milliseconds| in_words(left(done, all, Duration::from_millis(milliseconds)));
        for (done, milliseconds) in [(0, 60_000), (7, 60_000), (100, 999)] {
            assert_eq!(said(done, 2000, milliseconds), "time left unknown");
        }
        assert_eq!(said(47, 119, 1500), "about 3 s left");
        assert_eq!(said(10, 2000, 2000), "about 7 min left");
        assert_eq!(said(10, 20_000, 20_000), "about 12 h left");
        assert_eq!(said(20, 20, 20_000), "about 0 s left");
    }
}
