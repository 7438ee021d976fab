//! Files into other forms.

mod bad_input_convert;
mod files;
mod key_files;
