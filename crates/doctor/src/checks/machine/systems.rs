//! Which operating systems have TLS 1.2 in the TLS library that they bring.
//!
//! OpenSSL has it since 1.0.1 (its CHANGES file, 14 March 2012); what a distribution ships is in its package list. Windows has it
//! since 7 and Server 2008 R2, switched on since 8 and Server 2012 (RFC 5246 in SChannel).

/// A family of systems, and the first version with TLS 1.2.
pub(super) struct Family {
    /// `ID` of os-release, or what `uname -s` says.
    pub(super) ids: &'static [&'static str],
    /// The first version whose library has it.
    pub(super) first: &'static [u32],
    /// What the versions before it have.
    pub(super) before: &'static str,
}

/// The families that are known. Whatever is not here has it, as far as anybody can tell.
pub(super) static FAMILIES: &[Family] = &[
    Family {
        ids: &["rhel", "centos", "ol", "scientific"],
        first: &[6, 5],
        before: "OpenSSL 0.9.8 (5), 1.0.0 (6.0 to 6.4)",
    },
    Family {
        ids: &["sles", "sled"],
        first: &[12],
        before: "OpenSSL 0.9.8",
    },
    Family {
        ids: &["debian"],
        first: &[7],
        before: "OpenSSL 0.9.8",
    },
    Family {
        ids: &["ubuntu"],
        first: &[12, 4],
        before: "OpenSSL 0.9.8 or 1.0.0",
    },
    Family {
        ids: &["fedora"],
        first: &[17],
        before: "OpenSSL 1.0.0",
    },
    Family {
        ids: &["SunOS", "solaris"],
        first: &[5, 11],
        before: "OpenSSL 0.9.7",
    },
    Family {
        ids: &["freebsd", "FreeBSD"],
        first: &[10],
        before: "OpenSSL 0.9.8",
    },
    Family {
        ids: &["macos", "Darwin"],
        first: &[13],
        before: "Secure Transport with TLS 1.2 switched off",
    },
];

/// Whether version numbers, as far as they go, are before others.
pub(super) fn is_before(version: &str, first: &[u32]) -> bool {
    let numbers: Vec<u32> = version
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    if numbers.is_empty() {
        return false;
    }
    // `6` alone may be any 6.
    let length = numbers.len().min(first.len());
    numbers[..length] < first[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_before("5.11", &[6, 5]) && is_before("6.4", &[6, 5]) && is_before("10.04", &[12, 4]));
        assert!(
            !is_before("6.10", &[6, 5])
                && !is_before("6", &[6, 5])
                && !is_before("12", &[7])
                && !is_before("rolling", &[7])
        );
    }
}
