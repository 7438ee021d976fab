//! What the files of a host are called in a CA directory.

use gsec_pki::x509::{GeneralName, SerialNumber};

use crate::files::{Access, FileName};

/// The files of an issued certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HostFile {
    /// The private key: `<serial>_<host>_priv_key.pem`.
    Key,
    /// Key and certificates together: `<serial>_<host>_cert.pfx`.
    Pfx,
    /// The certificate with the intermediates that a peer needs: `<serial>_<host>_cert.pem`.
    Certificate,
    /// The certificate as the CA keeps it: `<serial>.pem`.
    OwnCopy,
    /// The certificates above the host's, up to the root. The CA does not keep it with each host: it is only handed out.
    Chain,
}

impl HostFile {
    /// All that the CA keeps, in the order in which they are written: a certificate without its key is of no use, and once the CA's own copy is there,
    /// the host has all its files, whatever was killed when.
    pub const ALL: [Self; 4] = [Self::Key, Self::Pfx, Self::Certificate, Self::OwnCopy];

    /// The end of its name; that of the CA's own copy is the serial number alone.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Key => "priv_key.pem",
            Self::Pfx => "cert.pfx",
            Self::Certificate => "cert.pem",
            Self::OwnCopy => "pem",
            Self::Chain => "chain.pem",
        }
    }

    /// Whether it has a private key in it.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Key | Self::Pfx)
    }

    /// Whether a file name is that of a file with a host's private key in it.
    pub fn is_secret_name(name: &str) -> bool {
        name.ends_with("_priv_key.pem") || name.ends_with(".pfx")
    }

    /// The users that may read it.
    pub fn access(self) -> Access {
        if self.is_secret() {
            Access::Secret
        } else {
            Access::Public
        }
    }

    /// Its name; `None` where the host's name is too long for a file name, or is needed and not given.
    pub fn name(self, serial: &SerialNumber, host: Option<&GeneralName>) -> Option<FileName> {
        match self {
            Self::OwnCopy => Some(FileName::certificate(serial)),
            _ => FileName::for_host(serial, &FileName::host_part(host?), self.ending()),
        }
    }
}

impl FileName {
    /// `<serial>.pem`: the certificate as the CA keeps it.
    pub fn certificate(serial: &SerialNumber) -> Self {
        Self::of_digits(&serial.to_string(), HostFile::OwnCopy.ending())
    }

    /// The part that represents a host: its first label, `wildcard` for `*`, an address with `:` as `-`;
    /// every other character that a file name does not admit as `_`.
    pub fn host_part(name: &GeneralName) -> String {
        let text = match name {
            GeneralName::Dns(name) => name.first_label().to_owned(),
            GeneralName::Ip(address) => address.to_string().replace(':', "-"),
            other => other.value(),
        };
        Self::text_part(&text)
    }

    /// `<serial>_<host>_<ending>`.
    pub fn for_host(serial: &SerialNumber, host_part: &str, ending: &str) -> Option<Self> {
        Self::new(&format!("{serial}_{host_part}_{ending}"))
    }

    /// The part that represents a whole host name: `wildcard.example.com` for `*.example.com`; an address as
    /// [`FileName::host_part`] has it.
    pub fn whole_host_part(name: &GeneralName) -> String {
        match name {
            GeneralName::Dns(dns) => match dns.wildcard_parent() {
                Some(parent) => Self::text_part(&format!("wildcard.{parent}")),
                None => Self::text_part(&name.value()),
            },
            other => Self::host_part(other),
        }
    }

    /// `<host>_<ending>`: what is made for a host before it has a serial number. A host part whose start is
    /// not allowed in a file name has `host` before it.
    pub fn without_serial(host_part: &str, ending: &str) -> Option<Self> {
        Self::new(&format!("{host_part}_{ending}"))
            .or_else(|| Self::new(&format!("host{host_part}_{ending}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_serial_number_gives_a_name() {
        let name = |is_negative, magnitude: &[u8]| {
            FileName::certificate(&SerialNumber::from_magnitude(is_negative, magnitude)).to_string()
        };
        assert_eq!(name(false, &[0x0A]), "0A.pem");
        assert_eq!(name(true, &[0x05]), "-05.pem", "as `openssl ca` calls it");
        assert_eq!(name(false, &[]), "00.pem");
        assert_eq!(name(false, &[0xAB; 300]).len(), 255);
        assert_eq!(name(true, &[0xAB; 300]).len(), 255);
    }

    fn host(text: &str) -> String {
        FileName::host_part(&GeneralName::parse_host(text).expect("a host"))
    }

    #[test]
    fn host_part_keeps_case_and_replaces_what_cannot_stand() {
        assert_eq!(host("DB1.example.com"), "DB1");
        assert_eq!(host("*.example.com"), "wildcard");
        assert_eq!(host("10.0.0.1"), "10.0.0.1");
        assert_eq!(host("fd00::1"), "fd00--1");
        assert_eq!(host("::1"), "--1");
        let whole = |text: &str| FileName::whole_host_part(&GeneralName::parse_host(text).expect("a host"));
        assert_eq!(
            ["db1.example.com", "*.example.com", "fd00::1"].map(whole),
            ["db1.example.com", "wildcard.example.com", "fd00--1"]
        );
        let serial = SerialNumber::one();
        assert_eq!(
            FileName::for_host(&serial, &host("::1"), "cert.pem")
                .expect("sound")
                .as_str(),
            "01_--1_cert.pem"
        );
        assert_eq!(
            FileName::without_serial(&host("::1"), "req.pem")
                .expect("sound")
                .as_str(),
            "host--1_req.pem"
        );
        assert_eq!(
            FileName::without_serial(&host("db1.example.com"), "req.pem")
                .expect("sound")
                .as_str(),
            "db1_req.pem"
        );
    }
}
