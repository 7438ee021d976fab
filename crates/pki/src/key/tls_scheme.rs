//! The signature schemes of TLS, in the terms of certificates.

use crate::encoding::hex;

/// The AlgorithmIdentifier (DER) of a signature scheme of TLS, by its number, as certificates have it: RFC 8446 §4.2.3 names the algorithms, RFC 4055
/// the parameters of RSASSA-PSS. `None` for schemes that gsec cannot check.
pub fn tls_scheme_identifier(scheme: u16) -> Option<Vec<u8>> {
    // The last byte of the digest's identifier, and its length, which is also the salt's.
    let pss = |digest: &str, salt: &str| {
        format!(
            "304106092a864886f70d01010a3034a00f300d060960864801650304020{digest}0500\
             a11c301a06092a864886f70d010108300d060960864801650304020{digest}0500a2030201{salt}"
        )
    };
    let digits = match scheme {
        0x0201 => "300d06092a864886f70d0101050500".into(),
        0x0203 => "300906072a8648ce3d0401".into(),
        0x0401 => "300d06092a864886f70d01010b0500".into(),
        0x0403 => "300a06082a8648ce3d040302".into(),
        0x0501 => "300d06092a864886f70d01010c0500".into(),
        0x0503 => "300a06082a8648ce3d040303".into(),
        0x0601 => "300d06092a864886f70d01010d0500".into(),
        0x0603 => "300a06082a8648ce3d040304".into(),
        0x0804 => pss("1", "20"),
        0x0805 => pss("2", "30"),
        0x0806 => pss("3", "40"),
        0x0807 => "300506032b6570".into(),
        _ => return None,
    };
    hex::decode(&digits)
}
