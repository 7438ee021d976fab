//! Where ssh connects to, and as whom: texts of a type, because they become arguments of `ssh`.

use std::fmt;

/// Longest name of a host (RFC 1035, §2.3.4), and of a user.
const MAX_HOST: usize = 253;
const MAX_USER: usize = 64;

/// A host as `ssh` takes it: `[A-Za-z0-9._-]`, or an IPv6 address; no `-` in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshHost(String);

impl SshHost {
    /// Checks a text from an inventory.
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = is_word(text) && text.len() <= MAX_HOST;
        let is_ipv6 = text.parse::<std::net::Ipv6Addr>().is_ok();
        (is_name || is_ipv6).then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SshHost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A log-in name: `[A-Za-z0-9._-]`, no `-` in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshUser(String);

impl SshUser {
    /// Checks a text from an inventory.
    pub fn parse(text: &str) -> Option<Self> {
        (is_word(text) && text.len() <= MAX_USER).then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_word(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ssh_or_a_shell_could_take_for_something_else_is_no_host_and_no_user() {
        for text in [
            "",
            "-oProxyCommand=id",
            "-l",
            "root@web1",
            "ssh://web1",
            "web1 id",
            "web1;id",
            "web1\nid",
            "$(id)",
            "`id`",
            "web1/x",
            "%h",
            "[::1]",
            "fe80::1%eth0",
            "wéb",
            "web\0",
            "a'b",
            "*",
        ] {
            assert_eq!(SshHost::parse(text), None, "{text:?}");
            assert_eq!(SshUser::parse(text), None, "{text:?}");
        }
        assert_eq!(SshUser::parse("::1"), None);
        for text in [
            "web1",
            "web1.example.com",
            "10.0.0.5",
            "::1",
            "2001:db8::5",
            "a_b",
        ] {
            assert!(SshHost::parse(text).is_some(), "{text}");
        }
        assert!(SshUser::parse("gsec").is_some() && SshUser::parse("svc-gsec.01").is_some());
    }
}
