//! The contact-center platform's settings, logs and registry files.

mod banner;
mod log_filter;
