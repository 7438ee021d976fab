//! Interrupted, at the same time, on a disk that fails.

mod delivered;
mod full_disk;
mod killed;
mod mixed_calls;
mod parallel;
mod refusals_of_the_disk;
mod repeated_calls;
mod system_calls;
