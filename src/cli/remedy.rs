//! What helps with a finding of `cert verify`, where its options or the CRLs that were given can help; the rest is as doctor says it.

use std::path::PathBuf;

use gsec_doctor::checks::Help;
use gsec_doctor::checks::path::{Home, Judged, help, not_yet_valid_crl, trust_former_key};
use gsec_pki::encoding::shell::Prose;
use gsec_pki::x509::path::{Answer, Finding, Question, Rule};

/// What is known beside the answer.
#[derive(Default)]
pub(super) struct Known {
    /// Who can re-issue the certificate: the local CA, if it is the trusted one.
    pub(super) home: Option<Home>,
    /// The file of the intermediate certificate that the path lacks.
    pub(super) intermediate: Option<PathBuf>,
    /// The certificate of the former key of the CA at hand that signed the certificate: its file.
    pub(super) former_issuer: Option<PathBuf>,
    /// Whether a server presented the certificates.
    pub(super) is_presented: bool,
}

impl Known {
    fn for_issuer_unknown(&self, is_self_signed: bool) -> Vec<Help> {
        match (&self.intermediate, self.is_presented) {
            (Some(file), true) => vec![Help::Advice(
                Prose::new(
                    "The server does not send its intermediate, and clients that do not have it \
                     reject the certificate. Append ",
                )
                .path(file)
                .words(" to the certificate file of the server, and reload it."),
            )],
            (Some(file), false) => vec![Help::Advice(
                Prose::new("The intermediate is here: pass --untrusted with ")
                    .path(file)
                    .words("."),
            )],
            (None, _) if is_self_signed => {
                vec![Help::advice(
                    "No CA vouches for a self-signed certificate. Have a CA issue one, or \
                     trust this one directly with --trust.",
                )]
            }
            (None, true) => vec![Help::advice(
                "Either the server does not send its intermediate: ask its administrator to append it to the \
                 certificate file. Or it comes from another CA: pass the root with --trust only if it is the \
                 right one.",
            )],
            (None, false) => vec![Help::advice(
                "Pass the certificate of the CA with --trust, and intermediates with --untrusted.",
            )],
        }
    }
}

/// Help for a finding about the target certificate, or about one above it.
pub(super) fn for_finding(
    found: &Finding,
    answer: &Answer,
    question: &Question<'_>,
    known: &Known,
) -> Vec<Help> {
    let nobody = Home::default();
    let home = known.home.as_ref().unwrap_or(&nobody);
    let judged = Judged {
        certificate: question.target,
        subject: "",
        purpose: question.purpose,
        name: question.name,
        home,
    };
    let by_doctor = || help(&judged, answer, found);
    // It makes the CRL of what it issued, and of nothing above.
    let update_crl = || {
        home.update_crl()
            .filter(|_| home.is_issuer && found.position.is_none_or(|position| position == 0))
            .unwrap_or_default()
    };
    let new_crl = |words: &'static str| update_crl().into_iter().chain([Help::advice(words)]).collect();
    match found.rule {
        Rule::IssuerUnknown => {
            known.for_issuer_unknown(answer.path.len() <= 1 && question.target.is_self_issued())
        }
        Rule::SignatureWrong if found.position == Some(0) && known.former_issuer.is_some() => known
            .former_issuer
            .iter()
            .map(|file| trust_former_key(file))
            .collect(),
        Rule::SignatureWrong | Rule::KeyIdentifierMismatch => {
            vec![Help::advice(
                "Two CAs may have this name. The issuer key ID of one must be the subject key ID of the \
                 other: gsec cert show prints both.",
            )]
        }
        Rule::IssuerChoice => vec![Help::advice(
            "Give the programs only the certificates of the path. gsec cert show lists what is in a file.",
        )],
        Rule::NameMatching => {
            let mut all = by_doctor();
            let has_underscore = question.name.is_some_and(|name| name.value().contains('_'));
            all.push(Help::advice(if has_underscore {
                "Java accepts no name with an underscore, and other programs accept none under a wildcard: \
                 use a name without one."
            } else {
                "More programs accept a certificate that contains the name itself, and not only a wildcard."
            }));
            all
        }
        Rule::CrlNotYetValid => not_yet_valid_crl(),
        Rule::NotYetValid => {
            let mut all = by_doctor();
            all.push(Help::advice(
                "If this clock is right, use --at to check for another time.",
            ));
            all
        }
        Rule::NoSubjectAlternativeName => {
            let mut all = by_doctor();
            if answer.name_in_subject == Some(true) && !question.allow_common_name {
                all.push(Help::advice(
                    "To accept the common name here, as old clients do, pass --allow-cn.",
                ));
            }
            all
        }
        Rule::NameConstraints | Rule::NameConstraintsWildcard | Rule::NameConstraintsCommonName => {
            vec![Help::advice(
                "Leave the name out, or create a CA whose certificate permits it: gsec ca init has \
                 --permit-dns and --permit-ip, as does gsec ca sign for an intermediate CA.",
            )]
        }
        Rule::PathLength => vec![Help::advice(
            "Have the parent CA issue the CA certificate again with a greater --path-len.",
        )],
        Rule::AnchorNotSelfSigned => {
            vec![Help::advice(
                "Trust the root as well, with a second --trust. OpenSSL accepts an intermediate CA alone with -partial_chain.",
            )]
        }
        Rule::PathTooComplex => vec![Help::advice(
            "Pass only the certificates that belong to the path. gsec cert show lists what is in a file.",
        )],
        // Without --require-crl only the CRLs count that were given.
        Rule::CrlMissing | Rule::CrlScope | Rule::RevocationUndetermined if !question.require_crl => {
            vec![Help::advice("Get the CRL of the issuer, and pass it with --crl.")]
        }
        Rule::CrlMissing | Rule::CrlScope | Rule::RevocationUndetermined => {
            new_crl("Get the CRL of the issuer, and pass it with --crl.")
        }
        Rule::CrlIncomplete => new_crl(
            "Pass the missing CRLs of the issuer as well: those for the other reasons, or the base of the \
             delta CRL.",
        ),
        Rule::CrlStale
        | Rule::CrlNumber
        | Rule::CrlVersion
        | Rule::CrlWeakDigest
        | Rule::CrlWithoutNextUpdate
        | Rule::CrlEntry
        | Rule::CrlAlgorithmMismatch
        | Rule::CrlUnreadable
        | Rule::CrlStrictValidatorLimit
        | Rule::CrlSignature
        | Rule::CrlKeyIdentifier => {
            new_crl("Get a new CRL of the issuer. gsec crl show shows what is in this one.")
        }
        Rule::CrlSigner => new_crl(
            "Get a CRL signed by the CA itself, or pass the certificate of its signer with --untrusted.",
        ),
        Rule::NoValidPolicy => {
            vec![Help::advice(
                "Use a certificate with the policy, or leave out --explicit-policy and --policy if no CA \
                 requires one.",
            )]
        }
        Rule::PolicyMappingOfAny | Rule::PolicyNotCritical => {
            vec![Help::advice("The CA needs a new certificate from its parent CA.")]
        }
        Rule::CrlUnsupported => new_crl("Pass a complete CRL of the issuer."),
        Rule::CrlIssuerKeyUsage => vec![Help::advice(
            "The CA needs a certificate that permits it to sign CRLs.",
        )],
        _ => by_doctor(),
    }
}
