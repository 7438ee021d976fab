//! Many hosts in one call: the list, and how it is worked through.

use std::num::NonZero;
use std::path::PathBuf;

use super::failure::Failure;
use gsec_ca::files::{Access, Existing, FilesError, expect_new_output, write_output};
use gsec_report::{BatchForm, BatchRow};

/// Where the hosts come from, and how they are worked through.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Many hosts")]
pub(super) struct ListArgs {
    /// Issue for every host in a list: CSV, JSON, TOML, or one host per line; `-` for standard input
    ///
    /// CSV begins with a header line. The columns are host, cn, san, profile, days, lifetime, not_after,
    /// key_type, key_size, ou, org, locality, state, country and friendly_name; empty cells take the values of
    /// the other options. A host that already has a matching certificate, with its files, gets no new one, so
    /// the command can be repeated.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["typed_names", "host", "san", "cn", "key", "stdout", "friendly_name", "password", "cert_out", "key_out", "chain_out", "pfx_out"])]
    pub from: Option<PathBuf>,

    /// Write a row for each host to this new file: NAME.csv for spreadsheets, or NAME.jsonl with a JSON
    /// document per line
    #[arg(long, value_name = "FILE", requires = "from", conflicts_with_all = ["typed_names", "host"], value_parser = report_file)]
    pub report: Option<ReportFile>,

    /// Number of keys to make at the same time [default: one per processor]
    #[arg(long, value_name = "N", requires = "from", conflicts_with_all = ["typed_names", "host"])]
    pub jobs: Option<NonZero<usize>>,

    /// Continue when a row fails; this is the default
    #[arg(long, requires = "from", conflicts_with_all = ["fail_fast", "typed_names", "host"])]
    pub keep_going: bool,

    /// Stop at the first row that fails
    #[arg(long, requires = "from", conflicts_with_all = ["typed_names", "host"])]
    pub fail_fast: bool,

    /// Issue even for hosts that already have a matching certificate
    #[arg(long, requires = "from", conflicts_with_all = ["typed_names", "host"])]
    pub again: bool,
}

/// A file that gets a row for each host, in the form that its name says.
#[derive(Debug, Clone)]
pub(super) struct ReportFile {
    path: PathBuf,
    form: BatchForm,
}

fn report_file(text: &str) -> Result<ReportFile, String> {
    let path = PathBuf::from(text);
    let extension = path.extension().and_then(|extension| extension.to_str());
    let form = match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => BatchForm::Csv,
        Some("jsonl" | "ndjson") => BatchForm::JsonLines,
        _ => {
            return Err(
                "the name must end in `.csv` or `.jsonl`, which says how the rows are written".into(),
            );
        }
    };
    Ok(ReportFile { path, form })
}

impl ReportFile {
    /// Checks that the file can be written, before anything is done that it is to tell of.
    ///
    /// # Errors
    /// Those of `expect_new_output`.
    pub(super) fn expect_room(&self) -> Result<(), FilesError> {
        expect_new_output(&self.path)
    }

    /// Writes all rows at once: the file is there whole, or not at all.
    ///
    /// # Errors
    /// Those of `write_output`.
    pub(super) fn write(&self, rows: impl Iterator<Item = BatchRow>) -> Result<(), Failure> {
        let rows = rows.map(|row| self.form.row(&row));
        let text: String = std::iter::once(self.form.head()).chain(rows).collect();
        Ok(write_output(
            &self.path,
            Access::Public,
            text.as_bytes(),
            Existing::Keep,
        )?)
    }
}
