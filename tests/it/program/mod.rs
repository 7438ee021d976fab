//! The program as a whole: help, generated files, documents, JSON.

mod ansible;
mod arrows;
mod completions;
mod dependency_rules;
mod generated_files;
mod help_examples;
mod hints;
mod json_output;
mod old_scripts;
mod package;
mod readme;
mod screens;
pub(crate) mod terminal;
mod without_effect;
mod words;
mod writers;
