//! A value that the platform reads as it was meant.

use super::options::known;
use super::reader::find;
use super::thumbprint::spaced;
use crate::finding::is_blank;

/// The certificate of the host, in the form that its kind of host takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// Files, on UNIX and for Java: full paths on the host that reads the value.
    Files {
        /// The certificate, with its chain.
        certificate: String,
        /// The private key; `None`: it is in the certificate's file.
        key: Option<String>,
        /// The CA certificate.
        ca: String,
    },
    /// SHA-1 of a certificate in the store of Windows, in any form.
    Thumbprint(String),
}

/// What a value says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether TLS is on; `None`: nothing is said, as in the options of a connection that only sets a port.
    pub tls: Option<bool>,
    /// Whether clients must have a certificate.
    pub mutual: bool,
    /// The certificate.
    pub certificate: Option<Certificate>,
    /// The file of the CRL.
    pub crl: Option<String>,
    /// Whether the name in the peer's certificate is compared with its host.
    pub name_check: bool,
    /// Protocol versions.
    pub sec_protocol: Option<String>,
    /// Cipher suites.
    pub cipher_list: Option<String>,
    /// The port of a client.
    pub port: Option<u16>,
    /// The address of a client.
    pub address: Option<String>,
    /// The port of a client for the backup server.
    pub backup_port: Option<u16>,
    /// Further options, as they are.
    pub raw: Vec<(String, String)>,
}

/// Why a value cannot be written so that it is read as it was meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// `;` ends a part, and there is no way to write it.
    #[error("`{option}` has a `;`, where the platform would end the value")]
    Semicolon {
        /// The option.
        option: String,
    },
    /// A control character.
    #[error("`{option}` has a control character or one that cannot be seen")]
    Control {
        /// The option.
        option: String,
    },
    /// The platform does not trim.
    #[error("`{option}` begins or ends with a blank, which would be part of the value")]
    Blank {
        /// The option.
        option: String,
    },
    /// `,` separates paths.
    #[error("the path of `{option}` has a `,`, where the platform would begin another path")]
    Comma {
        /// The option.
        option: String,
    },
    /// A path that depends on where a program is started.
    #[error("the path of `{option}` is not a full path")]
    RelativePath {
        /// The option.
        option: String,
    },
    /// Not 40 hexadecimal digits.
    #[error("the thumbprint is not a SHA-1 of 40 hexadecimal digits")]
    Thumbprint,
    /// Nothing is left of a value.
    #[error("`{option}` has no value")]
    Empty {
        /// The option.
        option: String,
    },
    /// The name of a further option.
    #[error("`{name}` cannot be the name of an option: it has a `=`, a `;` or a blank, or is empty")]
    Name {
        /// The name.
        name: String,
    },
    /// The platform would read only the first.
    #[error("`{name}` is set twice, and the platform reads only the first")]
    Twice {
        /// The name.
        name: String,
    },
}

impl Unwritable {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        "transport.unwritable"
    }
}

/// Writes the value, options in a fixed order.
///
/// # Errors
/// [`Unwritable`], when the platform would read something else.
pub fn build(settings: &Settings) -> Result<String, Unwritable> {
    let mut written = Written::default();
    let yes = |is_set: bool| is_set.then(|| "1".to_owned());
    let tls = settings.tls.map(|tls| u8::from(tls).to_string());
    written.text("tls", tls.as_deref())?;
    written.text("tls-mutual", yes(settings.mutual).as_deref())?;
    match &settings.certificate {
        Some(Certificate::Files { certificate, key, ca }) => {
            written.path("certificate", Some(certificate))?;
            written.path("certificate-key", key.as_ref())?;
            written.path("trusted-ca", Some(ca))?;
        }
        Some(Certificate::Thumbprint(digits)) => {
            let spaced = spaced(digits).ok_or(Unwritable::Thumbprint)?;
            written.text("certificate", Some(&spaced))?;
        }
        None => {}
    }
    written.path("tls-crl", settings.crl.as_ref())?;
    written.text("tls-target-name-check", settings.name_check.then_some("host"))?;
    written.text("sec-protocol", settings.sec_protocol.as_deref())?;
    written.text("cipher-list", settings.cipher_list.as_deref())?;
    written.text("port", settings.port.map(|port| port.to_string()).as_deref())?;
    written.text("address", settings.address.as_deref())?;
    written.text(
        "backup-port",
        settings.backup_port.map(|port| port.to_string()).as_deref(),
    )?;
    for (name, value) in &settings.raw {
        written.raw(name, value)?;
    }
    Ok(written.0)
}

/// The value so far.
#[derive(Default)]
struct Written(String);

impl Written {
    fn path(&mut self, option: &'static str, path: Option<&String>) -> Result<(), Unwritable> {
        let Some(path) = path else { return Ok(()) };
        let option_name = || option.to_owned();
        if path.contains(',') {
            return Err(Unwritable::Comma {
                option: option_name(),
            });
        }
        expect_writable(option, path)?;
        if !path.starts_with('/') && !super::lint::whole::is_windows_path(path) {
            return Err(Unwritable::RelativePath {
                option: option_name(),
            });
        }
        self.add(option, path)
    }

    fn text(&mut self, option: &str, value: Option<&str>) -> Result<(), Unwritable> {
        let Some(value) = value else { return Ok(()) };
        expect_writable(option, value)?;
        self.add(option, value)
    }

    fn raw(&mut self, name: &str, value: &str) -> Result<(), Unwritable> {
        let is_name = !name.is_empty()
            && !name
                .chars()
                .any(|character| is_blank(character) || "=;".contains(character));
        if !is_name {
            return Err(Unwritable::Name {
                name: name.to_owned(),
            });
        }
        // What is no option of the platform's may be a list of its own.
        let is_path = known(name).is_some_and(|known| known.kind == super::Kind::Path);
        if is_path
            && value
                .split(',')
                .any(|path| !path.starts_with('/') && !super::lint::whole::is_windows_path(path))
        {
            return Err(Unwritable::RelativePath {
                option: name.to_owned(),
            });
        }
        self.text(name, Some(value))
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), Unwritable> {
        if find(&self.0, name).is_some() {
            return Err(Unwritable::Twice {
                name: name.to_owned(),
            });
        }
        if !self.0.is_empty() {
            self.0.push(';');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(value);
        Ok(())
    }
}

fn expect_writable(option: &str, value: &str) -> Result<(), Unwritable> {
    let option = || option.to_owned();
    match () {
        () if value.is_empty() => Err(Unwritable::Empty { option: option() }),
        () if value.contains(';') => Err(Unwritable::Semicolon { option: option() }),
        () if value.chars().any(|character| character.is_control()) => {
            Err(Unwritable::Control { option: option() })
        }
        () if value.starts_with(is_blank) || value.ends_with(is_blank) => {
            Err(Unwritable::Blank { option: option() })
        }
        () if value.chars().any(crate::finding::is_odd_blank) => {
            Err(Unwritable::Control { option: option() })
        }
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lint::{Lint, Role, lint};
    use super::*;

    fn files(certificate: &str, key: Option<&str>, ca: &str) -> Settings {
        Settings {
            tls: Some(true),
            certificate: Some(Certificate::Files {
                certificate: certificate.into(),
                key: key.map(str::to_owned),
                ca: ca.into(),
            }),
            ..Settings::default()
        }
    }

    #[test]
    fn options_have_a_fixed_order_and_nothing_is_found_in_it() {
        let settings = Settings {
            mutual: true,
            crl: Some("/t/crl.pem".into()),
            name_check: true,
            sec_protocol: Some("TLSv12".into()),
            cipher_list: Some("HIGH".into()),
            port: Some(4001),
            address: Some("10.0.0.1".into()),
            backup_port: Some(4002),
            raw: vec![("keep-alive".into(), "1".into())],
            ..files("/t/a b/cert.pem", Some("/t/key.pem"), "/t/ca.pem")
        };
        let value = build(&settings).expect("a value");
        assert_eq!(
            value,
            "tls=1;tls-mutual=1;certificate=/t/a b/cert.pem;certificate-key=/t/key.pem;trusted-ca=/t/ca.pem;\
             tls-crl=/t/crl.pem;tls-target-name-check=host;sec-protocol=TLSv12;cipher-list=HIGH;port=4001;\
             address=10.0.0.1;backup-port=4002;keep-alive=1"
        );
        let known = Lint {
            role: Some(Role::Connection),
            ..Lint::default()
        };
        assert_eq!(lint(1, &value, 0, &known)[..], []);
    }

    #[test]
    fn thumbprint_in_any_form_and_tls_off() {
        let digits = "9A:AB:DB:C4:02:29:3A:73:35:90:B0:65:2F:3D:32:B5:1E:AA:F1:7C";
        let settings = |digits: &str| Settings {
            tls: Some(true),
            certificate: Some(Certificate::Thumbprint(digits.into())),
            ..Settings::default()
        };
        assert_eq!(
            build(&settings(digits)).expect("a value"),
            "tls=1;certificate=9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c"
        );
        assert_eq!(build(&settings("9a ab")), Err(Unwritable::Thumbprint));
        let off = Settings {
            tls: Some(false),
            ..Settings::default()
        };
        assert_eq!(build(&off).expect("a value"), "tls=0");
    }

    #[test]
    fn what_would_be_read_as_something_else_is_refused() {
        let option = || "certificate".to_owned();
        for (path, problem) in [
            ("/a;b", Unwritable::Semicolon { option: option() }),
            ("/a\nb", Unwritable::Control { option: option() }),
            ("/a\u{200e}b", Unwritable::Control { option: option() }),
            (" /a", Unwritable::Blank { option: option() }),
            ("/a\u{a0}", Unwritable::Blank { option: option() }),
            ("/a,b", Unwritable::Comma { option: option() }),
            ("a/b.pem", Unwritable::RelativePath { option: option() }),
            ("", Unwritable::Empty { option: option() }),
        ] {
            assert_eq!(build(&files(path, None, "/ca")), Err(problem), "{path:?}");
        }
        let raw = |name: &str, value: &str| {
            let raw = vec![(name.to_owned(), value.to_owned())];
            build(&Settings {
                raw,
                ..files("/a", None, "/ca")
            })
        };
        for name in ["", "a b", "a=b", "a;b", "a\u{200b}"] {
            assert!(matches!(raw(name, "1"), Err(Unwritable::Name { .. })), "{name:?}");
        }
        assert!(matches!(raw("x", "1;tls=0"), Err(Unwritable::Semicolon { .. })));
        assert!(matches!(raw("tls", "0"), Err(Unwritable::Twice { .. })));
        assert!(matches!(
            raw("tls-crl", "crl.pem"),
            Err(Unwritable::RelativePath { .. })
        ));
    }
}
