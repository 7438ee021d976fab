//! Whatever is handed to gsec: refused with a clear error, never a panic.

mod bad_input;
mod claims;
mod fuzz_cases;
mod keys;
mod neighbor;
mod outputs;
mod pfx;
mod planted;
mod properties;
mod reading;
mod secrets;
mod shown_safely;
mod unreadable;
