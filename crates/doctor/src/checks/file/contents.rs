//! Which contents of a file belong together, and whether a pasted thumbprint matches.

use super::again::written_again;
use super::entries::*;
use super::facts::beside;
use super::{Facts, FileContent, Trust};
use crate::checks::path::{CHAIN_ORDER, Home, Order};
use crate::checks::{Finding, Help};
use gsec_pki::encoding::hex::{Separator, decode, encode};
use gsec_pki::encoding::pem::Oddity;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::visible::is_dangerous;
use gsec_pki::x509::path::Severity;
use gsec_pki::x509::{Certificate, DistinguishedName};

/// Certificates of one host out of order, and of several hosts.
pub(super) fn order(facts: &Facts) -> Vec<Finding> {
    let file = &facts.file;
    if file.bundle.pfx.is_some() {
        return Vec::new();
    }
    let all: Vec<&Certificate> = file.certificates().collect();
    let hosts: Vec<&Certificate> = all
        .iter()
        .copied()
        .filter(|certificate| !certificate.is_authority())
        .collect();
    if let [first, others @ ..] = hosts.as_slice()
        && let Some(other) = others.iter().find(|other| are_strangers(first, other))
    {
        let seen = format!(
            "it has certificates of `{}` and of `{}`",
            first.subject(),
            other.subject()
        );
        let finding = Finding::new(&MIXED_HOSTS, file.name(), seen);
        // Typed for one of them, it has been done for both.
        return match key_of_another(facts, &hosts) {
            Some(of_key) => vec![of_key, finding],
            None => vec![finding.help(taken_apart(facts))],
        };
    }
    if let Some(finding) = key_of_another(facts, &hosts) {
        return vec![finding];
    }
    if hosts.len() != 1 || !can_be_ordered(facts) {
        return Vec::new();
    }
    let names: Vec<String> = all
        .iter()
        .map(|certificate| format!("`{}`", certificate.subject()))
        .collect();
    let is_authority_first = all.first().is_some_and(|first| first.is_authority());
    let (why, severity) = match is_authority_first {
        true => (
            "; a server takes the first as its own and does not start, because the key does not match that \
             of a CA: nginx says `key values mismatch`",
            Severity::Error,
        ),
        false => ("", CHAIN_ORDER.severity),
    };
    let seen = format!("they are in this order: {}{why}", names.join(", "));
    let finding = Finding::new(&CHAIN_ORDER, file.name(), seen).weighing(severity);
    vec![finding.help(written_again(
        facts,
        "Write it in the right order with gsec convert to-pem.",
    ))]
}

/// PEM that gsec reads and others do not.
pub(super) fn form(facts: &Facts) -> Vec<Finding> {
    let (file, bundle) = (&facts.file, &facts.file.bundle);
    let of_kind = |oddity: Oddity| {
        let lines: Vec<String> = bundle
            .oddities
            .iter()
            .filter(|(_, found)| *found == oddity)
            .map(|(line, _)| line.to_string())
            .collect();
        let more = match lines.len() {
            0 => return None,
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        let seen = format!("the block at line {}{more}: {}", lines[0], oddity.in_words());
        let severity = if oddity.is_refused_by_openssl() {
            PEM_FORM.severity
        } else {
            Severity::Notice
        };
        let finding = Finding::new(&PEM_FORM, file.name(), seen).weighing(severity);
        let by_hand = "Write each block with BEGIN and END at the start of their lines, and without empty lines or \
                       headers: sed and gsec convert to-pem can do this.";
        Some(finding.help(written_again(facts, by_hand)))
    };
    Oddity::ALL.into_iter().filter_map(of_kind).collect()
}

/// Servers pair the key with the first certificate of the file, whatever follows it.
fn key_of_another(facts: &Facts, hosts: &[&Certificate]) -> Option<Finding> {
    let (file, first) = (&facts.file, hosts.first()?);
    let named = facts.key.iter().flat_map(|key| key.keys_in_use_with(file));
    let keys: Vec<_> = file.keys_in_use().chain(named).collect();
    let has_key = |certificate: &Certificate| keys.iter().any(|key| key.is_pair_of(certificate.public_key()));
    if keys.is_empty() || has_key(first) {
        return None;
    }
    let (place, own) = file
        .certificates()
        .enumerate()
        .find(|(_, certificate)| !certificate.is_authority() && has_key(certificate))?;
    let seen = format!(
        "the key belongs to certificate {} in it, `{}` ({}), but servers pair it with the first, `{}` ({})",
        place + 1,
        own.subject(),
        own.public_key(),
        first.subject(),
        first.public_key()
    );
    Some(
        Finding::new(&CHAIN_ORDER, file.name(), seen)
            .weighing(Severity::Error)
            .help(taken_apart(facts)),
    )
}

/// Each certificate of a host with what belongs to it, in a file of its own.
fn taken_apart(facts: &Facts) -> Help {
    // What belongs together is told by its key: without one, the parts would be in one file again.
    if facts.file.bundle.keys.is_empty() {
        return Help::advice(
            "Make a file for each host: its certificate first, followed by the intermediates up to the root.",
        );
    }
    let parts = beside(&facts.file, "parts");
    facts.write_beside(
        &parts,
        CommandLine::new("gsec convert to-pem")
            .path(&facts.file.path)
            .words("--out-dir")
            .path(&parts),
    )
}

/// The least bits of a prime, RFC 9325 §4.4, and those below which no library of today takes it.
const MIN_PRIME_BITS: [u32; 2] = [2048, 1024];

/// Diffie-Hellman parameters that OpenSSL does not load.
pub(super) fn diffie_hellman(facts: &Facts) -> Vec<Finding> {
    let [least, most_refuse] = MIN_PRIME_BITS;
    let shortest = facts.file.bundle.dh_primes.iter().min();
    let Some(bits) = shortest.filter(|bits| **bits < least) else {
        return Vec::new();
    };
    let severity = match *bits < most_refuse {
        true => Severity::Error,
        false => DH_SHORT.severity,
    };
    let seen = format!("the prime has {bits} bits, and the minimum is {least}");
    let finding = Finding::new(&DH_SHORT, facts.file.name(), seen).weighing(severity);
    vec![finding.advise(
        "Make new parameters with openssl dhparam -out dhparam.pem 2048 and put them in the place of these, or remove them: servers of today use elliptic curves.",
    )]
}

/// Blocks that were not read. Parameters of keys are not worth reporting: every program ignores them.
pub(super) fn unread(facts: &Facts) -> Vec<Finding> {
    const OF_KEYS: [&str; 4] = [
        "`DH PARAMETERS`",
        "`X9.42 DH PARAMETERS`",
        "`DSA PARAMETERS`",
        "`EC PARAMETERS`",
    ];
    let others: Vec<String> = facts
        .file
        .bundle
        .others
        .in_words()
        .into_iter()
        .filter(|label| !OF_KEYS.contains(&label.as_str()))
        .collect();
    let finding = || {
        Finding::new(
            &CONTENTS_UNREAD,
            facts.file.name(),
            format!("not checked: {}", others.join(", ")),
        )
    };
    if others.is_empty() || facts.file.bundle.pfx.is_some() {
        Vec::new()
    } else {
        vec![finding()]
    }
}

/// Whether the names of two certificates are disjoint.
fn are_strangers(one: &Certificate, other: &Certificate) -> bool {
    let names = |certificate: &Certificate| {
        let san = certificate
            .subject_alternative_names()
            .unwrap_or_default()
            .iter()
            .map(|name| name.value().to_ascii_lowercase());
        san.chain(certificate.subject().common_names())
            .collect::<Vec<_>>()
    };
    let of_other = names(other);
    !names(one).iter().any(|name| of_other.contains(name))
}

/// The most CA certificates beside a chain that are still a matter of its order, and no list of what is trusted.
const MAX_STRAYS: usize = 2;

/// Whether the certificates are one chain, with a few others at most, and are not in the right order.
fn can_be_ordered(facts: &Facts) -> bool {
    let (bundle, mut seen) = (&facts.file.bundle, std::collections::HashSet::new());
    let arranged = bundle.arrange();
    let as_they_stand: Vec<&[u8]> = facts
        .file
        .certificates()
        .map(Certificate::der)
        .filter(|der| seen.insert(*der))
        .collect();
    let in_order: Vec<&[u8]> = arranged
        .certificates()
        .map(|found| found.certificate.der())
        .collect();
    arranged.other_certificates.len() <= MAX_STRAYS && as_they_stand != in_order
}

/// The most files that are compared with one: all with all would take long.
const MAX_COMPARED: usize = 100;

/// Of several hosts' certificates, this one is of another CA than most.
pub(super) fn several_authorities(facts: &Facts) -> Vec<Finding> {
    let host = |file: &FileContent| {
        file.certificates()
            .find(|certificate| !certificate.is_authority())
            .cloned()
    };
    let Some(own) = host(&facts.file) else {
        return Vec::new();
    };
    let all: Vec<&FileContent> = facts.files().take(MAX_COMPARED).collect();
    let authorities: Vec<&Certificate> = all
        .iter()
        .flat_map(|file| file.certificates())
        .filter(|certificate| certificate.is_authority())
        .collect();
    let tops: Vec<Top> = all
        .iter()
        .filter_map(|file| host(file))
        .map(|certificate| top(&certificate, &authorities))
        .collect();
    let count = |one: &Top| tops.iter().filter(|other| is_same_authority(one, other)).count();
    let mine = top(&own, &authorities);
    // Of two that are equally frequent, the first by name and key is taken as the usual one.
    let place = |(name, key): &Top| (name.to_string(), key.clone());
    let usual = tops.iter().max_by(|one, other| {
        count(one)
            .cmp(&count(other))
            .then_with(|| place(other).cmp(&place(one)))
    });
    let Some(usual) = usual.filter(|usual| !is_same_authority(usual, &mine)) else {
        return Vec::new();
    };
    let words = |(name, key): &Top| {
        format!(
            "`{name}`{}",
            key.as_ref()
                .map(|key| format!(" (key {})", encode(key, Separator::None)))
                .unwrap_or_default()
        )
    };
    let seen = format!(
        "its CA is {}, but {} of the {} certificates are from {}",
        words(&mine),
        count(usual),
        tops.len(),
        words(usual)
    );
    let is_local = |trust: &&Trust| {
        trust
            .own
            .iter()
            .chain(&trust.anchors)
            .any(|authority| *authority.subject() == usual.0)
    };
    let option = facts
        .local_ca
        .as_deref()
        .filter(is_local)
        .and_then(|trust| trust.ca_option.clone());
    let home = option.map_or_else(Home::default, |_| Home {
        is_in_charge: true,
        ..facts.local_home(&own)
    });
    let remedy = home.issue(&own, Order::Host);
    vec![
        Finding::new(
            &SEVERAL_AUTHORITIES,
            format!("{}: {}", facts.file.name(), own.subject()),
            seen,
        )
        .helps(remedy),
    ]
}

/// Name and key identifier of the topmost CA that is known.
type Top = (DistinguishedName, Option<Vec<u8>>);

fn top(certificate: &Certificate, authorities: &[&Certificate]) -> Top {
    const MAX_DEPTH: usize = 16;
    let mut last = certificate;
    for _ in 0..MAX_DEPTH {
        let is_named = |candidate: &&&Certificate| {
            last.authority_key_identifier()
                .is_none_or(|wanted| candidate.subject_key_identifier() == Some(wanted))
        };
        let candidates = authorities.iter().filter(is_named).copied();
        match last.issuers_among(candidates).first() {
            Some(issuer) if *issuer != last => last = issuer,
            _ => break,
        }
    }
    let key = last
        .authority_key_identifier()
        .or_else(|| last.subject_key_identifier().filter(|_| last.is_self_issued()));
    (last.issuer().clone(), key.map(<[u8]>::to_vec))
}

/// If a key identifier is missing, the names decide.
fn is_same_authority(one: &Top, other: &Top) -> bool {
    one.0 == other.0 && (one.1.is_none() || other.1.is_none() || one.1 == other.1)
}

/// A thumbprint beside that of the first certificate.
pub(super) fn thumbprint(facts: &Facts) -> Vec<Finding> {
    let (Some(pasted), Some(certificate)) = (&facts.thumbprint, facts.heads().into_iter().next()) else {
        return Vec::new();
    };
    thumbprint_findings(
        pasted,
        certificate,
        &facts.file.name(),
        &CommandLine::new("gsec cert thumbprint").path(&facts.file.path),
    )
}

/// A thumbprint as it was pasted, beside that of a certificate; `command` prints the right one.
pub(in crate::checks) fn thumbprint_findings(
    pasted: &str,
    certificate: &Certificate,
    subject: &str,
    command: &CommandLine,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let hidden: Vec<String> = pasted
        .chars()
        .filter(|character| is_dangerous(*character))
        .map(|character| format!("U+{:04X}", u32::from(character)))
        .collect();
    if !hidden.is_empty() {
        let seen = format!("it contains {}, which is invisible", hidden.join(", "));
        findings.push(Finding::new(&THUMBPRINT_INVISIBLE, subject, seen).look(command.clone()));
    }
    let plain: String = pasted.chars().filter(char::is_ascii_alphanumeric).collect();
    let thumbprints = certificate.thumbprints();
    let is_same =
        decode(&plain).is_some_and(|bytes| bytes == thumbprints.sha1 || bytes == thumbprints.sha256);
    if !is_same {
        let own = encode(&thumbprints.sha1, Separator::Space);
        let seen = format!(
            "`{}` was given, but that of `{}` is `{own}`",
            pasted.trim(),
            certificate.subject()
        );
        findings.push(Finding::new(&THUMBPRINT_MISMATCH, subject, seen).look(command.clone()));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alone, each, found, healthy, host, of_text};
    use super::*;
    use crate::checks::tests::certificates::{Identity, root};
    use crate::checks::tests::help_of;
    use gsec_pki::encoding::pem;
    use gsec_pki::x509::path::Severity::{Error, Warning};

    /// A host's certificate, the CA below the root that issued it, and that CA's.
    fn chain() -> (Identity, Identity) {
        let middle = root().below("Middle CA", |_| {});
        (middle.host("db1.example.com"), middle)
    }

    #[test]
    fn order_of_certificates() {
        each(&[
            (
                "host, CA, root",
                || {
                    let (host, middle) = chain();
                    of_text(&(host.pem() + &middle.pem() + &root().pem()))
                },
                &[],
            ),
            (
                "host, root, CA",
                || {
                    let (host, middle) = chain();
                    of_text(&(host.pem() + &root().pem() + &middle.pem()))
                },
                &[(
                    "chain-order",
                    Warning,
                    "they are in this order: `CN=db1.example.com`, `CN=Example CA`, `CN=Middle CA`",
                )],
            ),
            (
                "CA, host",
                || {
                    let (host, middle) = chain();
                    of_text(&(middle.pem() + &host.pem()))
                },
                &[(
                    "chain-order",
                    Error,
                    "a server takes the first as its own and does not start",
                )],
            ),
            (
                "two certificates of one host, and the key of the second",
                || {
                    let (first, second) = (host(), host());
                    of_text(&(first.pem() + &second.pem() + &second.key_pem()))
                },
                &[("chain-order", Error, "the key belongs to certificate 2 in it")],
            ),
            (
                "two hosts",
                || of_text(&(host().pem() + &root().host("db2.example.com").pem())),
                &[(
                    "mixed-hosts",
                    Warning,
                    "certificates of `CN=db1.example.com` and of `CN=db2.example.com`",
                )],
            ),
            (
                "two certificates of one host",
                || of_text(&(host().pem() + &host().pem())),
                &[],
            ),
        ]);
    }

    #[test]
    fn blocks_that_others_read_otherwise_or_not_at_all() {
        each(&[
            (
                "an indented block",
                || {
                    of_text(
                        &host()
                            .pem()
                            .replace("-----BEGIN", "  -----BEGIN")
                            .replace("-----END", "  -----END"),
                    )
                },
                &[(
                    "pem-form",
                    Warning,
                    "the block at line 1: its BEGIN line is indented",
                )],
            ),
            (
                "a block of a label that nothing here reads",
                || of_text(&(host().pem() + &pem::encode("SSL SESSION PARAMETERS", b"something"))),
                &[(
                    "contents-unread",
                    Warning,
                    "not checked: `SSL SESSION PARAMETERS`",
                )],
            ),
            (
                "parameters for Diffie-Hellman, which programs ignore",
                || of_text(&(host().pem() + &pem::encode("DH PARAMETERS", b"numbers"))),
                &[],
            ),
        ]);
    }

    fn with_primes(bits: &[u32]) -> Facts {
        let primes = bits.to_vec();
        of_text(&host().pem()).but_file(|file| file.bundle.dh_primes = primes)
    }

    #[test]
    fn diffie_hellman_parameters_that_are_short() {
        each(&[
            ("a prime of 2048 bits", || with_primes(&[2048]), &[]),
            (
                "a prime of 2047 bits",
                || with_primes(&[3072, 2047]),
                &[(
                    "dh-parameters-short",
                    Warning,
                    "the prime has 2047 bits, and the minimum is 2048",
                )],
            ),
            (
                "a prime of 1024 bits",
                || with_primes(&[1024]),
                &[("dh-parameters-short", Warning, "1024")],
            ),
            (
                "a prime of 1023 bits",
                || with_primes(&[1023]),
                &[("dh-parameters-short", Error, "1023")],
            ),
        ]);
    }

    #[test]
    fn host_of_another_ca_than_most() {
        let of_other = || Identity::root("Other CA").host("db1.example.com");
        let others = |facts: Facts| {
            facts
                .beside("db2.pem", &root().host("db2.example.com").pem())
                .beside("db3.pem", &root().host("db3.example.com").pem())
        };
        let slugs = |facts: &Facts| {
            let found = found(facts);
            found
                .iter()
                .map(|finding| (finding.entry.slug, finding.severity))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            slugs(&others(alone(&of_other().pem()))),
            [("several-cas", Warning)]
        );
        assert_eq!(slugs(&others(alone(&host().pem()))), []);
        assert_eq!(
            slugs(&alone(&host().pem()).beside("db2.pem", &of_other().pem())),
            [],
            "of two, one is taken as the usual one"
        );
        let seen = &found(&others(alone(&of_other().pem())))[0].seen;
        assert!(
            seen.starts_with("its CA is `CN=Other CA`")
                && seen.contains("2 of the 3 certificates are from `CN=Example CA`"),
            "{seen}"
        );
    }

    fn with_thumbprint(change: fn(String) -> String) -> Facts {
        let host = host();
        let own = encode(&host.certificate.thumbprints().sha1, Separator::Space);
        of_text(&host.pem()).but(|facts| facts.thumbprint = Some(change(own)))
    }

    #[test]
    fn thumbprint_as_it_was_pasted() {
        each(&[
            ("it is right", || with_thumbprint(|own| own), &[]),
            (
                "it is in capitals with colons",
                || with_thumbprint(|own| own.to_uppercase().replace(' ', ":")),
                &[],
            ),
            (
                "it is another",
                || with_thumbprint(|_| "00 11".into()),
                &[(
                    "thumbprint-mismatch",
                    Error,
                    "`00 11` was given, but that of `CN=db1.example.com` is `",
                )],
            ),
            (
                "it has an invisible character before it",
                || with_thumbprint(|own| format!("\u{200e}{own}")),
                &[(
                    "thumbprint-invisible-character",
                    Error,
                    "it contains U+200E, which is invisible",
                )],
            ),
        ]);
    }

    #[test]
    fn file_is_written_again_under_a_name_that_is_free() {
        let (host, middle) = chain();
        let wrong = || of_text(&(host.pem() + &root().pem() + &middle.pem()));
        let first = help_of(&found(&wrong())[0]);
        assert!(
            first.starts_with("fix: gsec convert to-pem db1.pem --out db1_sorted.pem"),
            "{first}"
        );
        let second = wrong().but(|facts| facts.written = vec!["db1_sorted.pem".into()]);
        let second = help_of(&found(&second)[0]);
        assert!(second.contains("--out db1_in_order.pem"), "{second}");
        assert!(healthy().written.is_empty());
    }
}
