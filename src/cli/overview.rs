//! `gsec` alone: first contact.

use super::outcome::Outcome;

const TEXT: &str = "\
gsec: a private certification authority in a directory

  gsec quickstart db1.example.com   creates a CA in ./gsec-ca, and a certificate
                                    with key and PFX for db1.example.com
  gsec ca init --cn 'Example CA'    creates a CA in ./gsec-ca: ca_conf/ with its
                                    certificate and key, and repository/
  gsec cert issue db1.example.com   writes to repository/: 01_db1_cert.pem,
                                    01_db1_priv_key.pem, 01_db1_cert.pfx
  gsec cert verify FILE --name db1.example.com
                                    checks chain and name, and explains why not
  gsec doctor db1.example.com:443   says what is wrong with a server, or a file

`gsec --help` lists all commands.
";

pub(super) fn outcome() -> Outcome {
    Outcome::payload(TEXT.as_bytes().to_vec())
}
