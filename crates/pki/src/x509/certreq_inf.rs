//! The `.inf` file that `certreq -new` of Windows makes a key and a request from, so that the key never leaves the machine.

use thiserror::Error;

use super::{DistinguishedName, ExtendedKeyUsage, GeneralName};
use crate::encoding::visible::{is_dangerous, visible};
use crate::key::KeyAlgorithm;

/// Why a request cannot be expressed as an `.inf` file.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CertreqInfError {
    /// A key that Windows does not make.
    #[error("Windows cannot make {0} keys")]
    Algorithm(KeyAlgorithm),
    /// A subject attribute that `certreq` cannot name.
    #[error("`{0}` in a subject has no name that `certreq` knows")]
    Attribute(String),
    /// A name of a kind, or with a character, that the `{text}` form of subjectAltName cannot hold.
    #[error("`{0}` cannot be requested with `certreq`")]
    Name(String),
    /// A control character, with which a text would not stay in its line.
    #[error("`{1}` contains the invalid character `{0}`")]
    Character(String, &'static str),
}

/// Text of a `.inf` file for `certreq -new`, with CRLF at the ends of lines.
///
/// Use [`encode_for_certreq`] to get the file's bytes.
///
/// # Errors
/// [`CertreqInfError`], as its variants say.
pub fn certreq_inf(
    subject: &DistinguishedName,
    names: &[GeneralName],
    algorithm: KeyAlgorithm,
    usages: &[ExtendedKeyUsage],
    friendly_name: &str,
) -> Result<String, CertreqInfError> {
    let mut lines = vec![
        "[Version]".into(),
        "Signature=\"$Windows NT$\"".into(),
        String::new(),
        "[NewRequest]".into(),
    ];
    lines.push(format!("Subject={}", quoted(&x500_name(subject)?, "Subject")?));
    lines.push(format!("FriendlyName={}", quoted(friendly_name, "FriendlyName")?));
    lines.extend(key_lines(algorithm)?);
    lines.extend(name_lines(names)?);
    if !usages.is_empty() {
        lines.extend([String::new(), "[EnhancedKeyUsageExtension]".into()]);
        lines.extend(usages.iter().map(|usage| format!("OID={}", usage.oid())));
    }
    Ok(lines.iter().map(|line| format!("{line}\r\n")).collect())
}

/// `certreq` reads a file in the machine's code page unless it starts with a byte order mark. All code pages contain ASCII,
/// so ASCII text is written unchanged and anything else as UTF-16.
pub fn encode_for_certreq(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect()
}

fn key_lines(algorithm: KeyAlgorithm) -> Result<Vec<String>, CertreqInfError> {
    const SIGN_AND_ENCIPHER: &str = "CERT_DIGITAL_SIGNATURE_KEY_USAGE | CERT_KEY_ENCIPHERMENT_KEY_USAGE";
    const SIGN: &str = "CERT_DIGITAL_SIGNATURE_KEY_USAGE";
    let (name, usage) = match algorithm {
        KeyAlgorithm::Rsa(_) => ("RSA", SIGN_AND_ENCIPHER),
        KeyAlgorithm::P256 => ("ECDSA_P256", SIGN),
        KeyAlgorithm::P384 => ("ECDSA_P384", SIGN),
        KeyAlgorithm::P521 => ("ECDSA_P521", SIGN),
        KeyAlgorithm::Ed25519 => return Err(CertreqInfError::Algorithm(algorithm)),
    };
    let lines = [
        &format!("KeyAlgorithm={name}"),
        &format!("KeyLength={}", algorithm.bits()),
        "HashAlgorithm=sha256",
        "ProviderName=\"Microsoft Software Key Storage Provider\"",
        "Exportable=FALSE",
        "MachineKeySet=TRUE",
        "SMIME=FALSE",
        "RequestType=PKCS10",
        &format!("KeyUsage=\"{usage}\""),
    ];
    Ok(lines.into_iter().map(str::to_owned).collect())
}

/// subjectAltName (2.5.29.17) as text: `kind=value&`, a line for each.
fn name_lines(names: &[GeneralName]) -> Result<Vec<String>, CertreqInfError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = vec![
        String::new(),
        "[Extensions]".into(),
        "2.5.29.17=\"{text}\"".into(),
    ];
    for name in names {
        lines.push(format!(
            "_continue_={}",
            quoted(&format!("{}&", name_text(name)?), "_continue_")?
        ));
    }
    Ok(lines)
}

fn name_text(name: &GeneralName) -> Result<String, CertreqInfError> {
    let kind = match name {
        GeneralName::Dns(_) => "dns",
        GeneralName::Ip(_) => "ipaddress",
        GeneralName::Email(_) => "email",
        GeneralName::Uri(_) => "url",
        GeneralName::Directory(_) | GeneralName::Other { .. } => {
            return Err(CertreqInfError::Name(name.to_string()));
        }
    };
    // An ampersand separates names, and the format has no escape for it.
    if name.value().contains('&') {
        Err(CertreqInfError::Name(name.to_string()))
    } else {
        Ok(format!("{kind}={}", name.value()))
    }
}

/// The subject as CertStrToName reads it, most particular part first, as Windows shows and takes names.
fn x500_name(subject: &DistinguishedName) -> Result<String, CertreqInfError> {
    let parts = subject
        .attributes()
        .into_iter()
        .rev()
        .map(|(name, value)| Ok(format!("{}={}", x500_key(&name)?, x500_value(&value))));
    Ok(parts.collect::<Result<Vec<_>, _>>()?.join(","))
}

fn x500_key(name: &str) -> Result<String, CertreqInfError> {
    let key = match name {
        "CN" | "O" | "OU" | "L" | "C" | "DC" | "SN" => name,
        "ST" => "S",
        "emailAddress" => "E",
        "serialNumber" => "SERIALNUMBER",
        "street" => "STREET",
        "title" => "T",
        "GN" => "G",
        "initials" => "I",
        "description" => "Description",
        "postalCode" => "PostalCode",
        oid if oid.starts_with(|first: char| first.is_ascii_digit()) => return Ok(format!("OID.{oid}")),
        other => return Err(CertreqInfError::Attribute(other.to_owned())),
    };
    Ok(key.to_owned())
}

/// Quotes the value and doubles quotation marks inside it, unless the value is plain.
fn x500_value(value: &str) -> String {
    let is_plain = value.chars().all(|character| !",+=\"\n<>#;".contains(character)) && value.trim() == value;
    if is_plain {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('"', "\"\""))
    }
}

/// Quotes a string for an `.inf` file: doubles quotation marks, and also `%`, which starts a reference to a string.
fn quoted(text: &str, field: &'static str) -> Result<String, CertreqInfError> {
    match text.chars().find(|character| is_dangerous(*character)) {
        Some(bad) => Err(CertreqInfError::Character(visible(&bad.to_string()), field)),
        None => Ok(format!("\"{}\"", text.replace('"', "\"\"").replace('%', "%%"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::RsaBits;
    use crate::x509::{AttributeKind, NameAttribute, NameParts};

    fn subject(attributes: &[(AttributeKind, &str)]) -> DistinguishedName {
        let attributes = attributes
            .iter()
            .map(|(kind, text)| NameAttribute::parse(*kind, text).expect("a sound attribute"));
        DistinguishedName::build(&NameParts::new(attributes)).expect("name")
    }

    fn names(texts: &[&str]) -> Vec<GeneralName> {
        texts
            .iter()
            .map(|text| GeneralName::parse_san(text).expect("name"))
            .collect()
    }

    fn inf(
        subject: &DistinguishedName,
        names: &[GeneralName],
        algorithm: KeyAlgorithm,
    ) -> Result<String, CertreqInfError> {
        certreq_inf(subject, names, algorithm, &[ExtendedKeyUsage::ServerAuth], "db1")
    }

    #[test]
    fn a_host_with_names() {
        let subject = subject(&[
            (AttributeKind::Country, "DE"),
            (AttributeKind::State, "Berlin"),
            (AttributeKind::CommonName, "db1.example.com"),
        ]);
        let text = inf(
            &subject,
            &names(&[
                "dns:db1.example.com",
                "ip:10.0.0.1",
                "email:a@b.example",
                "uri:https://a.example/x",
            ]),
            KeyAlgorithm::P384,
        );
        let wanted = r#"[Version]
Signature="$Windows NT$"

[NewRequest]
Subject="CN=db1.example.com,S=Berlin,C=DE"
FriendlyName="db1"
KeyAlgorithm=ECDSA_P384
KeyLength=384
HashAlgorithm=sha256
ProviderName="Microsoft Software Key Storage Provider"
Exportable=FALSE
MachineKeySet=TRUE
SMIME=FALSE
RequestType=PKCS10
KeyUsage="CERT_DIGITAL_SIGNATURE_KEY_USAGE"

[Extensions]
2.5.29.17="{text}"
_continue_="dns=db1.example.com&"
_continue_="ipaddress=10.0.0.1&"
_continue_="email=a@b.example&"
_continue_="url=https://a.example/x&"

[EnhancedKeyUsageExtension]
OID=1.3.6.1.5.5.7.3.1
"#;
        assert_eq!(text.expect("inf"), wanted.replace('\n', "\r\n"));
    }

    #[test]
    fn rsa_enciphers_too_and_without_names_there_are_no_extensions() {
        let text = inf(
            &subject(&[(AttributeKind::CommonName, "x")]),
            &[],
            KeyAlgorithm::Rsa(RsaBits::B3072),
        )
        .expect("inf");
        assert!(text.contains("KeyAlgorithm=RSA\r\nKeyLength=3072\r\n"), "{text}");
        assert!(
            text.contains(
                "KeyUsage=\"CERT_DIGITAL_SIGNATURE_KEY_USAGE | CERT_KEY_ENCIPHERMENT_KEY_USAGE\"\r\n"
            ),
            "{text}"
        );
        assert!(!text.contains("[Extensions]"), "{text}");
    }

    #[test]
    fn hostile_subjects_stay_in_their_quotation_marks() {
        let line = |value: &str| {
            let text = inf(
                &subject(&[(AttributeKind::Organization, value)]),
                &[],
                KeyAlgorithm::P256,
            )
            .expect("inf");
            text.lines()
                .find_map(|line| line.strip_prefix("Subject="))
                .expect("subject")
                .to_owned()
        };
        assert_eq!(line("A, B; C=D"), r#""O=""A, B; C=D""""#);
        assert_eq!(line(r#"The "X" Co"#), r#""O=""The """"X"""" Co""""#);
        assert_eq!(line("100% %windir%"), r#""O=100%% %%windir%%""#);
        assert_eq!(line(" blank "), r#""O="" blank """"#);
        assert_eq!(line("back\\slash\\"), r#""O=back\slash\""#);
    }

    #[test]
    fn what_would_leave_its_line_is_refused() {
        let subject = subject(&[(AttributeKind::CommonName, "x")]);
        let refused = certreq_inf(&subject, &[], KeyAlgorithm::P256, &[], "a\r\nExportable=TRUE");
        assert_eq!(
            refused,
            Err(CertreqInfError::Character("\\x0D".into(), "FriendlyName"))
        );
        assert_eq!(
            certreq_inf(&subject, &[], KeyAlgorithm::P256, &[], "\"%\"")
                .expect("inf")
                .lines()
                .nth(5),
            Some(r#"FriendlyName="""%%""""#)
        );
    }

    #[test]
    fn names_that_the_text_form_cannot_hold() {
        let subject = subject(&[]);
        let ampersand = names(&["uri:https://a.example/?a=1&dns=evil.example"]);
        assert!(matches!(
            inf(&subject, &ampersand, KeyAlgorithm::P256),
            Err(CertreqInfError::Name(_))
        ));
        let other = [GeneralName::Other {
            kind: "otherName",
            text: "1.2.3".into(),
        }];
        assert_eq!(
            inf(&subject, &other, KeyAlgorithm::P256),
            Err(CertreqInfError::Name("otherName:1.2.3".into()))
        );
        let percent = inf(
            &subject,
            &names(&["uri:https://a.example/%41"]),
            KeyAlgorithm::P256,
        )
        .expect("inf");
        assert!(
            percent.contains("_continue_=\"url=https://a.example/%%41&\"\r\n"),
            "{percent}"
        );
    }

    #[test]
    fn what_no_code_page_garbles() {
        assert_eq!(encode_for_certreq("CN=x"), b"CN=x");
        assert_eq!(encode_for_certreq("\u{e4}"), [0xff, 0xfe, 0xe4, 0]);
    }

    #[test]
    fn windows_has_no_ed25519() {
        assert_eq!(
            inf(&subject(&[]), &[], KeyAlgorithm::Ed25519)
                .expect_err("none")
                .to_string(),
            "Windows cannot make Ed25519 keys"
        );
    }
}
