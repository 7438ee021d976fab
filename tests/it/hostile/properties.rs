//! What holds for every input: parsers say no instead of panicking, and what is written reads back as it was.

use gsec_ca::hostlist::decode_host_list;
use gsec_ca::policy::Policy;
use gsec_ca::records::{Record, RecordStatus, Revocation};
use gsec_pki::encoding::hex::{self, Separator};
use gsec_pki::encoding::{pem, sniff, visible};
use gsec_pki::key::decode_private_key;
use gsec_pki::x509::{
    AttributeKind, Certificate, DistinguishedName, DnsName, GeneralName, IpSubnet, Lifetime, NameAttribute,
    NameParts, SerialNumber, decode_certificates,
};
use gsec_report::CertificateFacts;
use proptest::prelude::*;
use time::{Duration, OffsetDateTime};

const KINDS: [AttributeKind; 7] = [
    AttributeKind::Country,
    AttributeKind::State,
    AttributeKind::Locality,
    AttributeKind::Organization,
    AttributeKind::OrganizationalUnit,
    AttributeKind::CommonName,
    AttributeKind::Email,
];

/// A certificate of rcgen's with many extensions.
fn rcgen_certificate() -> Vec<u8> {
    let mut parameters =
        rcgen::CertificateParams::new(vec!["db1.example.com".into(), "10.0.0.1".into()]).expect("names");
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(3));
    parameters.key_usages = vec![
        rcgen::KeyUsagePurpose::KeyCertSign,
        rcgen::KeyUsagePurpose::DigitalSignature,
    ];
    parameters.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    parameters.name_constraints = Some(rcgen::NameConstraints {
        permitted_subtrees: vec![rcgen::GeneralSubtree::DnsName("example.com".into())],
        excluded_subtrees: vec![rcgen::GeneralSubtree::IpAddress(rcgen::CidrSubnet::V4(
            [10, 0, 0, 0],
            [255, 0, 0, 0],
        ))],
    });
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, "Z\u{fc}rich");
    let key = rcgen::KeyPair::generate().expect("a key");
    parameters
        .self_signed(&key)
        .expect("a certificate")
        .der()
        .to_vec()
}

/// Everything that is done with bytes from outside.
fn read_in_every_way(bytes: &[u8]) {
    let _ = sniff::file_kind(bytes);
    let _ = pem::is_pem(bytes);
    let _ = pem::decode_all(bytes).map(|blocks| blocks.len());
    let _ = decode_private_key(bytes, None).is_ok();
    for certificate in decode_certificates(bytes).unwrap_or_default() {
        shown_in_every_way(&certificate);
    }
}

fn shown_in_every_way(certificate: &Certificate) {
    let facts = CertificateFacts::from(certificate);
    let _ = serde_json::to_string(&facts).expect("facts are JSON");
    let _ = certificate.subject().openssl_oneline();
    let _ = certificate.validity();
}

fn any_time() -> impl Strategy<Value = OffsetDateTime> {
    // From 1950, the first year that UTCTime says, to the end of 9999.
    (-631_152_000i64..=253_402_300_799)
        .prop_map(|seconds| OffsetDateTime::from_unix_timestamp(seconds).expect("in range"))
}

fn any_serial() -> impl Strategy<Value = SerialNumber> {
    proptest::collection::vec(any::<u8>(), 1..20)
        .prop_map(|octets| SerialNumber::parse_hex(&hex::encode(&octets, Separator::None)).expect("digits"))
}

fn any_record() -> impl Strategy<Value = Record> {
    let revocation = (
        any_time(),
        proptest::option::of(prop_oneof![
            (
                "keyCompromise|superseded",
                proptest::option::of("[0-9A-Z.]{1,15}")
            ),
            // OpenSSL refuses these without the time or the instruction.
            (
                "keyTime|CAkeyTime",
                "20[0-4][0-9]0[1-9]1[0-9]12[0-5][0-9]00Z".prop_map(Some),
            ),
            (
                "holdInstruction",
                "holdInstructionNone|holdInstructionReject|1\\.2\\.[1-9]{1,5}".prop_map(Some),
            ),
        ]),
    );
    (
        any_time(),
        any_serial(),
        "[ -\\[\\]-~\t]{0,40}[a-z]",
        proptest::option::of(revocation),
    )
        .prop_map(|(expiry, serial, subject, revoked)| {
            let revocation = revoked.map(|(at, why)| {
                let (reason, extra) = why.map_or((None, None), |(reason, extra)| (Some(reason), extra));
                Revocation { at, reason, extra }
            });
            let status = if revocation.is_some() {
                RecordStatus::Revoked
            } else {
                RecordStatus::Valid
            };
            Record {
                status,
                expiry,
                revocation,
                serial,
                file: "unknown".into(),
                subject,
                request: None,
                flaw: None,
            }
        })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_in_every_way(&bytes);
        let _ = DistinguishedName::from_der(&bytes).map(|name| name.openssl_oneline());
        let serial = SerialNumber::from_content(&bytes);
        prop_assert_eq!(hex::decode(serial.to_string().trim_start_matches('-')).is_some(), true);
    }

    #[test]
    fn any_der_sequence_is_read_or_refused(content in proptest::collection::vec(any::<u8>(), 0..120)) {
        let length = u8::try_from(content.len()).expect("below 128");
        read_in_every_way(&[&[0x30, length], &content[..]].concat());
    }

    #[test]
    fn any_pem_block_is_read_or_refused(
        label in "(CERTIFICATE|PRIVATE KEY|ENCRYPTED PRIVATE KEY|RSA PRIVATE KEY|EC PRIVATE KEY|X509 CRL|[A-Z ]{1,8})",
        content in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        read_in_every_way(pem::encode(&label, &content).as_bytes());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}|[\\x00-\\x7f]{0,60}|[VRE]\t[0-9Z]{0,15}\t[0-9Z,a-z]{0,20}\t[0-9A-F]{0,44}\tunknown\t.{0,9}") {
        let _ = Record::decode(text.as_bytes());
        let _ = Policy::parse(&text);
        let _ = SerialNumber::parse_hex(&text);
        let _ = GeneralName::parse_host(&text);
        let _ = GeneralName::parse_san(&text);
        let _ = DnsName::parse(&text);
        let _ = IpSubnet::parse(&text);
        let _ = Lifetime::parse(&text);
        let _ = hex::decode(&text);
        for kind in KINDS {
            let _ = NameAttribute::parse(kind, &text);
        }
        read_in_every_way(text.as_bytes());
    }

    #[test]
    fn san_of_every_kind_is_read_or_refused(kind in "(dns|ip|email|uri)", rest in "\\PC{0,40}|[a-z0-9.:/*@_-]{0,300}") {
        if let Ok(name) = GeneralName::parse_san(&format!("{kind}:{rest}")) {
            let shown = name.to_string();
            prop_assert_eq!(GeneralName::parse_san(&shown), Ok(name));
        }
    }

    #[test]
    fn policy_of_any_values_is_read_or_refused(key in "[a-z_]{1,20}", value in "(true|[0-9]{1,20}|\"[a-z.]{0,12}\"|\\[\"[a-zA-Z0-9.]{0,20}\"\\])") {
        let _ = Policy::parse(&format!("{key} = {value}"));
        let _ = Policy::parse(&format!("[profile.host]\n{key} = {value}"));
        for known in ["extended_key_usage", "key_usage", "lifetime_days", "max_lifetime_days", "max_per_hour", "name_suffixes", "key_types", "accept_csr_names", "serial"] {
            let _ = Policy::parse(&format!("[profile.x]\n{known} = {value}"));
        }
    }

    #[test]
    fn any_bytes_are_a_list_of_hosts_or_refused(
        head in prop::sample::select(vec!["", "host\n", "host;san;ou\n", "host\torg\n", "[{\"host\":", "{\"hosts\":[", "[[host]]\nhost = "]),
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        text in "[a-z.,;|\"\t\r\n\\[\\]{}=:0-9 -]{0,80}",
        name in prop::sample::select(vec![None, Some("hosts.csv"), Some("hosts.json"), Some("hosts.toml"), Some("."), Some("")]),
    ) {
        for rest in [&bytes[..], text.as_bytes()] {
            let Ok(list) = decode_host_list(&[head.as_bytes(), rest].concat(), name) else { continue };
            let lines: Vec<u64> = list.rows.iter().map(|row| row.line).collect();
            prop_assert!(lines.is_sorted());
            for error in list.rows.iter().filter_map(|row| row.entry.as_ref().err()) {
                prop_assert!(!error.to_string().chars().any(visible::is_dangerous), "{error}");
            }
        }
    }

    #[test]
    fn what_is_made_visible_cannot_act_on_a_terminal(text in any::<String>()) {
        let shown = visible::visible(&text);
        prop_assert!(!shown.chars().any(visible::is_dangerous), "{shown:?}");
        let document = serde_json::to_string(&text).expect("JSON");
        let shown = visible::visible_json(&document);
        prop_assert!(!shown.chars().any(visible::is_dangerous), "{shown:?}");
        prop_assert_eq!(serde_json::from_str::<String>(&shown).expect("still JSON"), text);
    }

    #[test]
    fn pem_reads_back(label in "[A-Z][A-Z0-9]{0,9}( [A-Z]{1,5})?", content in proptest::collection::vec(any::<u8>(), 1..300), preamble in "[ -~]{0,30}") {
        let text = pem::encode(&label, &content);
        for text in [text.clone(), text.replace('\n', "\r\n"), format!("{preamble}\n{text}"), format!("\u{feff}{text}")] {
            let blocks = pem::decode_all(text.as_bytes()).expect("own PEM");
            prop_assert_eq!(blocks.len(), 1);
            prop_assert_eq!((&blocks[0].label, &blocks[0].content[..]), (&label, &content[..]));
        }
    }

    #[test]
    fn hexadecimal_reads_back(octets in proptest::collection::vec(any::<u8>(), 0..64)) {
        prop_assert_eq!(hex::decode(&hex::encode(&octets, Separator::None)), Some(octets.clone()));
        prop_assert_eq!(hex::decode(&hex::encode(&octets, Separator::Colon).replace(':', "")), Some(octets));
    }

    #[test]
    fn serial_numbers_read_back_and_count(serial in any_serial()) {
        let digits = serial.to_string();
        prop_assert!(digits.len() % 2 == 0 && digits == digits.to_uppercase());
        let read = SerialNumber::parse_hex(&digits);
        prop_assert_eq!(read.as_ref(), Some(&serial));
        prop_assert_eq!(&SerialNumber::from_content(&serial.content()), &serial);
        prop_assert_eq!(serial.content()[0] & 0x80, 0, "positive in DER");
        let next = serial.next().expect("19 octets have a successor");
        prop_assert!(next > serial);
    }

    #[test]
    fn records_read_back(record in any_record()) {
        let line = record.to_line();
        let read = Record::decode(line.strip_suffix('\n').expect("a line feed").as_bytes());
        prop_assert_eq!(read.as_ref(), Ok(&record));
    }

    #[test]
    fn a_revocation_of_any_bytes_with_a_serial_number_in_its_column_is_a_revocation(
        before in "R[ -~]{0,3}\t[ -~]{0,15}\t[ -~]{0,20}",
        serial in any_serial(),
        after in proptest::collection::vec(any::<u8>().prop_filter("a line", |byte| *byte != b'\n'), 0..40),
    ) {
        prop_assume!(!before.contains('\\'));
        let line = [before.as_bytes(), b"\t", serial.to_string().as_bytes(), b"\t", &after].concat();
        let record = Record::decode(&line).expect("a record");
        prop_assert_eq!(record.revoked_entry().expect("an entry").serial, serial);
    }

    #[test]
    fn records_that_are_read_are_written_the_same(text in "[VRE]\t[0-9]{12}Z\t([0-9]{12}Z(,[a-zA-Z]{1,9})?)?\t([0-9A-F]{2}){1,20}\tunknown\t/CN=[a-z]{1,9}") {
        if let Some(record) = Record::decode(text.as_bytes()).ok().filter(|record| !record.is_flawed()) {
            let again = Record::decode(record.to_line().trim_end_matches('\n').as_bytes());
            prop_assert_eq!(again, Ok(record));
        }
    }

    #[test]
    fn name_attributes_read_back(values in proptest::collection::vec((0..KINDS.len(), "\\PC{1,64}|[A-Z]{2}|[a-z]{1,9}@[a-z]{1,9}\\.example"), 1..6)) {
        let attributes: Vec<NameAttribute> = values.iter().filter_map(|(kind, text)| NameAttribute::parse(KINDS[*kind], text).ok()).collect();
        let mut wanted: Vec<String> = attributes.iter().map(|attribute| attribute.value().to_owned()).collect();
        let name = DistinguishedName::build(&NameParts::new(attributes)).expect("checked attributes encode");
        let again = DistinguishedName::from_der(name.der()).expect("own DER");
        prop_assert_eq!(&again.attributes(), &name.attributes());
        let mut found: Vec<String> = again.attributes().into_iter().map(|(_, value)| value).collect();
        wanted.sort();
        found.sort();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn lifetimes_end_after_so_long(count in 1u32..1000, unit in 0usize..4, now in any_time()) {
        let (letter, one) = [("m", Duration::MINUTE), ("h", Duration::HOUR), ("d", Duration::DAY), ("w", Duration::WEEK)][unit];
        let lifetime = Lifetime::parse(&format!("{count}{letter}")).expect("a lifetime");
        match lifetime.end(now) {
            Ok(end) => prop_assert_eq!(end - now, one * count),
            Err(_) => prop_assert!(now.checked_add(one * count).is_none_or(|end| end.year() > 9999)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_certificate_is_read_or_refused(damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), cut in any::<prop::sample::Index>()) {
        let sound = rcgen_certificate();
        let mut damaged = sound.clone();
        for (place, octet) in damages {
            let place = place.index(damaged.len());
            damaged[place] = octet;
        }
        read_in_every_way(&damaged);
        read_in_every_way(&sound[..cut.index(sound.len())]);
        read_in_every_way(pem::encode(pem::CERTIFICATE, &damaged).as_bytes());
    }
}

#[test]
fn certificate_of_another_maker_reads_right() {
    let der = rcgen_certificate();
    let certificates = decode_certificates(&der).expect("a certificate");
    let facts = CertificateFacts::from(&certificates[0]);
    assert_eq!(
        facts.names,
        Some(vec!["dns:db1.example.com".into(), "ip:10.0.0.1".into()])
    );
    assert!(facts.subject.contains("CN=Z\u{fc}rich"), "{}", facts.subject);
    assert_eq!(
        (facts.is_ca, facts.path_len, facts.key_type.as_str()),
        (true, Some(3), "p256")
    );
    let mut usage = facts.key_usage.expect("keyUsage");
    usage.sort();
    assert_eq!(usage, ["digitalSignature", "keyCertSign"]);
    assert_eq!(facts.extended_key_usage, Some(vec!["serverAuth".into()]));
    assert_eq!((facts.permitted_names.len(), facts.excluded_names.len()), (1, 1));
    assert!(certificates[0].is_self_issued());
    assert_eq!(certificates[0].der(), der, "carried as it is");
}

#[test]
fn chain_of_another_maker_is_read_in_order() {
    let make = |name: &str| {
        let key = rcgen::KeyPair::generate().expect("a key");
        rcgen::CertificateParams::new(vec![name.into()])
            .expect("a name")
            .self_signed(&key)
            .expect("a certificate")
            .pem()
    };
    let chain = ["a.example.com", "b.example.com", "c.example.com"]
        .map(make)
        .concat();
    let certificates = decode_certificates(chain.as_bytes()).expect("a chain");
    let names: Vec<String> = certificates
        .iter()
        .map(|one| one.subject_alternative_names().expect("names")[0].to_string())
        .collect();
    assert_eq!(
        names,
        ["dns:a.example.com", "dns:b.example.com", "dns:c.example.com"]
    );
}
