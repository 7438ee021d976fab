//! A program that gets the event on standard input.

use std::time::Duration;

use gsec_env::{ProgramCall, Programs};
use zeroize::Zeroizing;

use super::{Outlet, OutletError};
use crate::alarm::Numbered;

/// What is kept of what it says.
const MAX_OUTPUT: usize = 4096;

pub(super) struct CommandSink {
    call: ProgramCall,
    programs: &'static dyn Programs,
}

impl CommandSink {
    pub(super) fn new(command: &[String], seconds: u64, programs: &'static dyn Programs) -> Self {
        let (program, arguments) = command.split_first().expect("a command has a program");
        let mut call = ProgramCall::new(program).args(arguments);
        call.time_limit = Duration::from_secs(seconds);
        call.max_output = MAX_OUTPUT;
        Self { call, programs }
    }
}

impl Outlet for CommandSink {
    fn send(&mut self, Numbered { event, .. }: &Numbered) -> Result<(), OutletError> {
        let mut call = self.call.clone();
        call.stdin = Zeroizing::new(event.to_json().into_bytes());
        let end = self
            .programs
            .run(&call)
            .map_err(|error| OutletError::Down(error.to_string()))?;
        if end.is_success() {
            return Ok(());
        }
        let status = end
            .status
            .map_or_else(|| "a signal".into(), |status| format!("exit status {status}"));
        let words = end
            .last_words()
            .map_or_else(String::new, |words| format!(": {words}"));
        Err(OutletError::Refused(format!("it ended with {status}{words}")))
    }
}
