//! Alerts: how one end tells the other why it gives up. RFC 8446 §6, RFC 5246 §7.2, and those that only older versions have.

/// An alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// 1 is a warning, 2 fatal.
    pub level: u8,
    /// Its number in IANA's registry "TLS Alerts".
    pub description: u8,
}

impl Alert {
    /// A fatal alert with this number.
    pub fn fatal(description: u8) -> Self {
        Self {
            level: 2,
            description,
        }
    }

    /// Whether the connection ends with it. `close_notify` ends it too, in peace.
    pub fn is_fatal(self) -> bool {
        self.level != 1
    }

    /// Its name in the registry: `handshake_failure`.
    pub fn known_name(self) -> Option<&'static str> {
        Some(match self.description {
            0 => "close_notify",
            10 => "unexpected_message",
            20 => "bad_record_mac",
            21 => "decryption_failed",
            22 => "record_overflow",
            30 => "decompression_failure",
            40 => "handshake_failure",
            41 => "no_certificate",
            42 => "bad_certificate",
            43 => "unsupported_certificate",
            44 => "certificate_revoked",
            45 => "certificate_expired",
            46 => "certificate_unknown",
            47 => "illegal_parameter",
            48 => "unknown_ca",
            49 => "access_denied",
            50 => "decode_error",
            51 => "decrypt_error",
            60 => "export_restriction",
            70 => "protocol_version",
            71 => "insufficient_security",
            80 => "internal_error",
            86 => "inappropriate_fallback",
            90 => "user_canceled",
            100 => "no_renegotiation",
            109 => "missing_extension",
            110 => "unsupported_extension",
            111 => "certificate_unobtainable",
            112 => "unrecognized_name",
            113 => "bad_certificate_status_response",
            114 => "bad_certificate_hash_value",
            115 => "unknown_psk_identity",
            116 => "certificate_required",
            120 => "no_application_protocol",
            121 => "ech_required",
            _ => return None,
        })
    }

    /// What it means for the diagnosis, if the name does not say it.
    pub fn meaning(self) -> Option<&'static str> {
        Some(match self.description {
            40 => {
                "no cipher suite, group or signature algorithm in common, or the client certificate is missing"
            }
            42 | 46 => "the certificate was rejected, for a reason given in the peer's log",
            43 => "the certificate is of a type that the peer cannot use",
            44 => "the certificate is revoked, according to the peer",
            45 => "the certificate has expired, or the peer's clock is wrong",
            47 => "the peer does not understand a value in the hello",
            48 => "the peer does not trust the issuing CA, or lacks an intermediate",
            49 => "the certificate is valid, but its owner may not connect",
            51 => "a signature or the key exchange does not verify: certificate and key may not match",
            70 => "the peer does not support this protocol version",
            71 => "the peer requires stronger cipher suites",
            80 => "internal error of the peer; its log has the reason",
            112 => "the peer has no certificate for this server name",
            116 => "the peer requires a client certificate, and got none",
            120 => "no application protocol in common",
            _ => return None,
        })
    }
}

impl std::fmt::Display for Alert {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.known_name() {
            Some(name) => write!(out, "alert {name} ({})", self.description),
            None => write!(out, "alert {}", self.description),
        }
    }
}
