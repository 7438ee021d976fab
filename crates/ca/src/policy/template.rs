//! The files of `ca_template/`, embedded. No text from a user ever enters them.

use super::SerialSource;

const POLICY: &str = include_str!("../../../../ca_template/gsec.toml");
const OPENSSL: &str = include_str!("../../../../ca_template/ca.conf");

/// `gsec.toml` for a new CA.
pub fn policy_file(serial: SerialSource) -> String {
    POLICY.replace("{serial_mode}", serial.name())
}

/// `ca.conf` for a new CA.
pub fn openssl_configuration(serial: SerialSource) -> String {
    // OpenSSL looks only whether the key is there: `rand_serial = no` draws random numbers too.
    let rand_serial = match serial {
        SerialSource::Sequential => "",
        SerialSource::Random => "rand_serial       = yes\n",
    };
    OPENSSL.replace("{rand_serial}", rand_serial)
}
