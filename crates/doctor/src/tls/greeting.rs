//! Identifies the protocol of a port without TLS by the first bytes that it sends, and knows how TLS starts in that
//! protocol.

use super::StartTls;

/// A protocol that starts in plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlainProtocol {
    /// Its name.
    pub name: &'static str,
    /// The name under which `openssl s_client -starttls` asks for TLS in it; `None` where nothing does.
    pub starttls: Option<&'static str>,
    /// The port on which it is usually spoken under TLS from the first byte.
    pub tls_port: Option<u16>,
}

impl PlainProtocol {
    /// How gsec starts TLS in it; `None` where it does not.
    pub fn start_tls(&self) -> Option<StartTls> {
        self.starttls.and_then(StartTls::named)
    }
}

const fn protocol(
    name: &'static str,
    starttls: Option<&'static str>,
    tls_port: Option<u16>,
) -> PlainProtocol {
    PlainProtocol {
        name,
        starttls,
        tls_port,
    }
}

const SMTP: PlainProtocol = protocol("SMTP", Some("smtp"), Some(465));
const FTP: PlainProtocol = protocol("FTP", Some("ftp"), Some(990));
const LMTP: PlainProtocol = protocol("LMTP", Some("lmtp"), None);
const IMAP: PlainProtocol = protocol("IMAP", Some("imap"), Some(993));
const POP3: PlainProtocol = protocol("POP3", Some("pop3"), Some(995));
const NNTP: PlainProtocol = protocol("NNTP", Some("nntp"), Some(563));
const SIEVE: PlainProtocol = protocol("ManageSieve", Some("sieve"), None);
const XMPP: PlainProtocol = protocol("XMPP", Some("xmpp"), Some(5223));
const IRC: PlainProtocol = protocol("IRC", Some("irc"), Some(6697));
const LDAP: PlainProtocol = protocol("LDAP", Some("ldap"), Some(636));
const MYSQL: PlainProtocol = protocol("MySQL", Some("mysql"), None);
const POSTGRES: PlainProtocol = protocol("PostgreSQL", Some("postgres"), None);
const SSH: PlainProtocol = protocol("SSH", None, None);
const HTTP: PlainProtocol = protocol("HTTP", None, Some(443));
const AMQP: PlainProtocol = protocol("AMQP", None, Some(5671));
const REDIS: PlainProtocol = protocol("Redis", None, None);
const VNC: PlainProtocol = protocol("VNC", None, None);
const RSYNC: PlainProtocol = protocol("rsync", None, None);
const TELNET: PlainProtocol = protocol("telnet", None, Some(992));
const RDP: PlainProtocol = protocol("RDP", None, None);
const SQL_SERVER: PlainProtocol = protocol("SQL Server (TDS)", None, None);

/// What greets, or answers a ClientHello, with these bytes.
const BEGINNINGS: [(&[u8], PlainProtocol); 19] = [
    (b"* OK", IMAP),
    (b"* PREAUTH", IMAP),
    (b"* BYE", IMAP),
    (b"* BAD", IMAP),
    (b"+OK", POP3),
    (b"-ERR", REDIS),
    (b"-NOAUTH", REDIS),
    (b"-DENIED", REDIS),
    (b"200 ", NNTP),
    (b"201 ", NNTP),
    (b"\"IMPLEMENTATION\"", SIEVE),
    (b"<?xml", XMPP),
    (b"<stream:", XMPP),
    (b"SSH-", SSH),
    (b"HTTP/", HTTP),
    (b"AMQP", AMQP),
    (b"RFB 0", VNC),
    (b"@RSYNCD:", RSYNC),
    (b"\xff", TELNET),
];

/// The protocol of a port that sent these bytes, if it can be identified.
pub fn recognize(said: &[u8]) -> Option<PlainProtocol> {
    let has = |word: &str| String::from_utf8_lossy(said).to_ascii_uppercase().contains(word);
    match said {
        // They greet with 220 (RFC 5321 §4.2, RFC 2033 §4.1, RFC 959 §5.4), which alone does not tell them apart; 421 and 554 turn a
        // client away.
        [b'2' | b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..] if has("FTP") || has("FILEZILLA") => {
            Some(FTP)
        }
        [b'2' | b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..] if has("LMTP") => Some(LMTP),
        [b'2', b'2', b'0', b' ' | b'-', ..]
            if has("SMTP") || has("MAIL") || has("POSTFIX") || has("EXIM") =>
        {
            Some(SMTP)
        }
        [b'5', b'5', b'4', b' ' | b'-', ..] => Some(SMTP),
        [b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..]
            if has("SMTP") || has("SYNTAX") || has("COMMAND") =>
        {
            Some(SMTP)
        }
        // A packet of protocol version 10, or an error, numbered 0.
        [_, _, 0, 0, 10 | 0xff, ..] => Some(MYSQL),
        // LDAPMessage: a SEQUENCE that starts with an INTEGER (RFC 4511 §4.1.1).
        [0x30, _, 0x02, ..] | [0x30, 0x81..=0x84, ..] => Some(LDAP),
        // ErrorResponse: its length, and the field of severity.
        [b'E', 0, 0, _, _, b'S', ..] => Some(POSTGRES),
        [3, 0, 0, _, ..] => Some(RDP),
        [b':', ..] if has(" NOTICE ") => Some(IRC),
        [b'N', b'O', b'T', b'I', b'C', b'E', b' ', ..] | [b'E', b'R', b'R', b'O', b'R', b' ', b':', ..] => {
            Some(IRC)
        }
        _ => BEGINNINGS
            .iter()
            .find(|(beginning, _)| said.starts_with(beginning))
            .map(|(_, protocol)| *protocol),
    }
}

/// The protocol that usually has this port, for ports that wait for the client to speak first.
pub fn usual_on(port: u16) -> Option<PlainProtocol> {
    let usual = [
        (21, FTP),
        (22, SSH),
        (23, TELNET),
        (25, SMTP),
        (80, HTTP),
        (110, POP3),
        (119, NNTP),
        (143, IMAP),
        (389, LDAP),
        (587, SMTP),
        (1433, SQL_SERVER),
        (3268, LDAP),
        (3306, MYSQL),
        (3389, RDP),
        (4190, SIEVE),
        (5222, XMPP),
        (5432, POSTGRES),
        (5672, AMQP),
        (6379, REDIS),
        (6667, IRC),
        (8080, HTTP),
    ];
    usual
        .iter()
        .find(|(number, _)| *number == port)
        .map(|(_, protocol)| *protocol)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(said: &[u8]) -> Option<&'static str> {
        recognize(said).map(|protocol| protocol.name)
    }

    #[test]
    fn protocols_are_known_by_what_they_say_first() {
        for (said, expected) in [
            (&b"220 mx.example.com ESMTP Postfix\r\n"[..], "SMTP"),
            (b"220-mx.example.com\r\n220 ESMTP ready", "SMTP"),
            (b"220-Welcome\r\n220 FileZilla Server 1.8.1\r\n", "FTP"),
            (b"220 mx.example.com LMTP Dovecot ready.\r\n", "LMTP"),
            (b"554 no SMTP service here\r\n", "SMTP"),
            (b"220 (vsFTPd 3.0.3)\r\n", "FTP"),
            (b"220 ProFTPD Server\r\n", "FTP"),
            (b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", "IMAP"),
            (b"+OK ready\r\n", "POP3"),
            (b"SSH-2.0-OpenSSH_9.6\r\n", "SSH"),
            (b"HTTP/1.1 400 Bad Request\r\n", "HTTP"),
            (b"-ERR unknown command\r\n", "Redis"),
            (b":irc.example.com NOTICE * :*** Looking up\r\n", "IRC"),
            (b"AMQP\0\0\x09\x01", "AMQP"),
            (b"\x4a\0\0\0\x0a8.0.33\0", "MySQL"),
            (b"\x45\0\0\0\xffj\x04Host is blocked", "MySQL"),
            (b"\x30\x24\x02\x01\x00\x78\x1f", "LDAP"),
            (b"E\0\0\0\x8dSFATAL\0", "PostgreSQL"),
            (b"\xff\xfd\x18\xff\xfd\x20", "telnet"),
            (b"RFB 003.008\n", "VNC"),
        ] {
            assert_eq!(name(said), Some(expected), "{}", said.escape_ascii());
        }
        for said in [
            &b""[..],
            b"hello\r\n",
            b"220-Welcome\r\n220 ready\r\n",
            b"\x15\x03\x03\0\x02\x02\x28",
            b"22",
        ] {
            assert_eq!(name(said), None, "{}", said.escape_ascii());
        }
    }
}
