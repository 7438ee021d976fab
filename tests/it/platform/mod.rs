//! The contact-center platform's settings, logs and registry files.

mod log_filter;
