//! How far long work is, on a terminal's stderr.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::global::Global;

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
        let style =
            ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}, {eta} left").expect("a template");
        Self(bar.with_style(style.progress_chars("=> ")).with_message(what))
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
