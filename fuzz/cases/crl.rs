//! CRLs in DER: kept octet for octet, and shown.

use gsec_pki::encoding::pem;
use gsec_pki::x509::{RevocationList, rfc3339};

/// Whether a CRL was read.
pub fn check(input: &[u8]) -> bool {
    let Ok(list) = RevocationList::from_der(input) else {
        return false;
    };
    assert_eq!(list.der(), input);
    let blocks = pem::decode_all(list.to_pem().as_bytes()).expect("own PEM");
    assert!(blocks.len() == 1 && blocks[0].label == pem::X509_CRL && *blocks[0].content == input);
    // An entry has a serial number and a time: seven octets at the least.
    assert!(
        list.revoked() <= input.len() / 7,
        "more entries than there is room for"
    );
    for (entry, issuer) in list.entries().zip(list.entry_issuers()).take(20) {
        assert!(
            issuer.is_some() || list.entry_for(&entry.serial, list.issuer()).is_some(),
            "an entry is found again"
        );
    }
    let _ = (
        list.version(),
        list.base_number(),
        list.issuing_distribution_point(),
        list.unreadable_extensions(),
    );
    let _ = (
        list.issuer().to_string(),
        rfc3339(list.this_update()),
        list.next_update().map(rfc3339),
    );
    true
}
