//! All tests through the program, in one program: what each folder is about stands in its `mod.rs`.

mod ca_check;
mod common;

mod ca;
mod cert;
mod convert;
mod daemons;
mod deliver;
mod disk;
mod doctor;
mod hostile;
mod interop;
mod platform;
mod program;
