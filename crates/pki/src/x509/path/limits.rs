//! How many CAs may still follow at the end of a path: pathLenConstraint, RFC 5280 §4.2.1.9.

use crate::x509::Certificate;

/// How much room a path has for CAs below its lowest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathRoom<'a> {
    /// How many CAs may follow, one below the other.
    pub authorities: u32,
    /// The certificate whose pathLenConstraint says so.
    pub limited_by: &'a Certificate,
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
