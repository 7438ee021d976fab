//! What the CAs of a path leave to what is below them: how many CAs may follow (pathLenConstraint, RFC 5280 §4.2.1.9), and for which
//! purposes (extKeyUsage, §4.2.1.12).

use crate::x509::{Certificate, ExtendedKeyUsage};

/// How much room a path has for CAs below its lowest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathRoom<'a> {
    /// How many CAs may follow, one below the other.
    pub authorities: u32,
    /// The certificate whose pathLenConstraint says so.
    pub limited_by: &'a Certificate,
}

/// Of these purposes those that a CA of the path excludes, each with the first CA that does (extKeyUsage, RFC 5280 §4.2.1.12).
pub fn purposes_excluded<'a, 'u>(
    path: impl IntoIterator<Item = &'a Certificate>,
    usages: &'u [ExtendedKeyUsage],
) -> Vec<(&'a Certificate, &'u ExtendedKeyUsage)> {
    let path: Vec<&Certificate> = path.into_iter().collect();
    let excluding =
        |usage: &ExtendedKeyUsage| path.iter().copied().find(|authority| !authority.permits(usage));
    usages
        .iter()
        .filter_map(|usage| Some((excluding(usage)?, usage)))
        .collect()
}

/// The room that is left below the first of these certificates, which go upwards from it; `None` when nothing limits it.
///
/// Each certificate counts the CAs below it that are not self-issued (§6.1.4 (l), (m)).
pub fn path_room<'a>(upwards: impl IntoIterator<Item = &'a Certificate>) -> Option<PathRoom<'a>> {
    let mut below = 0u32;
    let rooms = upwards.into_iter().filter_map(|certificate| {
        let taken = below;
        below += u32::from(!certificate.is_self_issued());
        let path_len = certificate.basic_constraints()?.path_len?;
        Some(PathRoom {
            authorities: path_len.saturating_sub(taken),
            limited_by: certificate,
        })
    });
    rooms.min_by_key(|room| room.authorities)
}
