//! The contact-center platform's settings, logs and registry files.

mod banner;
mod conf;
mod log_filter;
mod transport;
