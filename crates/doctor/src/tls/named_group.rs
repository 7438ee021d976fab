//! Groups for the key exchange: elliptic curves, finite fields, and hybrids.

/// A group by its number in IANA's registry "TLS Supported Groups".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedGroup(pub u16);

impl NamedGroup {
    /// X25519, RFC 7748.
    pub const X25519: Self = Self(0x001D);
    /// What rustls offers with its usual settings (a test in `net` compares).
    pub const OF_RUSTLS: [Self; 4] = [Self(0x11EC), Self::X25519, Self(0x0017), Self(0x0018)];

    /// Its name, or its number where it has none here.
    pub fn name(self) -> String {
        let name = match self.0 {
            0x0015 => "secp224r1",
            0x0016 => "secp256k1",
            0x0017 => "secp256r1",
            0x0018 => "secp384r1",
            0x0019 => "secp521r1",
            0x001A => "brainpoolP256r1",
            0x001B => "brainpoolP384r1",
            0x001C => "brainpoolP512r1",
            0x001D => "x25519",
            0x001E => "x448",
            0x0100 => "ffdhe2048",
            0x0101 => "ffdhe3072",
            0x0102 => "ffdhe4096",
            0x0103 => "ffdhe6144",
            0x0104 => "ffdhe8192",
            0x001F => "brainpoolP256r1tls13",
            0x0020 => "brainpoolP384r1tls13",
            0x0021 => "brainpoolP512r1tls13",
            0x0200 => "MLKEM512",
            0x0201 => "MLKEM768",
            0x0202 => "MLKEM1024",
            0x11EB => "SecP256r1MLKEM768",
            0x11EC => "X25519MLKEM768",
            0x11ED => "SecP384r1MLKEM1024",
            other => return format!("0x{other:04X}"),
        };
        name.to_owned()
    }
}

impl std::fmt::Display for NamedGroup {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.name())
    }
}
