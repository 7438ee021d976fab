//! The text below the options in `--help`: examples, which are run as tests, and exit codes.

pub(super) const ROOT: &str = "EXAMPLES
  $ gsec quickstart db1.example.com
  $ gsec ca init --cn 'Example CA' --ca-dir example-ca
  $ gsec cert issue --host db1.example.com --key-type p256

EXIT CODES
  0   done, or the answer is yes
  1   the answer is no: not valid
  2   usage error, or an ambiguous argument
  3   failed: bad input, wrong password, a file exists, no CA here, locked, disk
  70  a bug in gsec
  130, 143  interrupted by Ctrl-C, by SIGTERM

ENVIRONMENT
  GSEC_CA_DIR  the CA directory, unless --ca-dir is given
  NO_COLOR     no color; CLICOLOR_FORCE: color also without a terminal";

/// Joins examples with the exit codes that every command that works shares.
macro_rules! help {
    ($examples:literal) => {
        concat!(
            "EXAMPLES\n",
            $examples,
            "\n\nEXIT CODES\n  0  done\n  2  usage error\n  3  failed; nothing is left half done"
        )
    };
    ($examples:literal, until_told = $failed:literal) => {
        concat!(
            "EXAMPLES\n",
            $examples,
            "\n\nEXIT CODES\n  0  it was told to end (Ctrl-C or SIGTERM)\n  2  usage error\n  3  failed: ",
            $failed
        )
    };
    ($examples:literal, or_no = $no:literal) => {
        concat!(
            "EXAMPLES\n",
            $examples,
            "\n\nEXIT CODES\n  0  done\n  1  no: ",
            $no,
            "\n  2  usage error\n  3  failed; nothing is left half done"
        )
    };
    ($examples:literal, no = $no:literal) => {
        concat!(
            "EXAMPLES\n",
            $examples,
            "\n\nEXIT CODES\n  0  yes\n  1  no: ",
            $no,
            "\n  2  usage error\n  3  failed"
        )
    };
}

pub(super) use help;
