//! A bundle as one ustar archive (POSIX.1-1988), the same bytes each time: sorted, owned by 0, with the time 0.

use zeroize::Zeroizing;

use super::BundleFile;

const BLOCK: usize = 512;
/// Longest name that the header takes; no part of a path in a bundle is longer.
const MAX_PATH: usize = 100;
/// Two blocks of zeros end an archive.
const END: usize = 2 * BLOCK;

/// The archive. Directories stand before what is in them.
pub fn encode_tar(files: &[BundleFile]) -> Zeroizing<Vec<u8>> {
    let mut folders: Vec<String> = files.iter().flat_map(|file| folders_of(&file.path)).collect();
    folders.sort();
    folders.dedup();
    let mut entries: Vec<(String, Option<&BundleFile>)> =
        folders.into_iter().map(|folder| (folder, None)).collect();
    entries.extend(files.iter().map(|file| (file.path.clone(), Some(file))));
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let size = files
        .iter()
        .map(|file| BLOCK + file.content.len().next_multiple_of(BLOCK))
        .sum::<usize>();
    // One allocation: a copy of a key that grew elsewhere would stay in memory.
    let mut archive = Zeroizing::new(Vec::with_capacity(size + entries.len() * BLOCK + END));
    for (path, file) in &entries {
        let (mode, content, kind) = file.map_or((0o755, [].as_slice(), b'5'), |file| {
            (file.mode, file.content.as_slice(), b'0')
        });
        archive.extend_from_slice(&header(path, mode, content.len(), kind));
        archive.extend_from_slice(content);
        let filled = archive.len().next_multiple_of(BLOCK);
        archive.resize(filled, 0);
    }
    let end = archive.len() + END;
    archive.resize(end, 0);
    archive
}

/// The directories above a path, each with `/` at its end.
fn folders_of(path: &str) -> Vec<String> {
    path.match_indices('/')
        .map(|(at, _)| path[..=at].to_owned())
        .collect()
}

/// The header of one entry.
///
/// ```text
/// name 100, mode 8, uid 8, gid 8, size 12, mtime 12, checksum 8, type 1, link 100, magic 6, version 2,
/// user 32, group 32, device 8 + 8, prefix 155
/// ```
fn header(path: &str, mode: u32, size: usize, kind: u8) -> [u8; BLOCK] {
    let mut block = [0_u8; BLOCK];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    // A directory is one by its type, without `/` at its end.
    let path = path.trim_end_matches('/');
    // A path that does not fit is cut at a directory: its front goes into the prefix field.
    let cut = path
        .match_indices('/')
        .map(|(at, _)| at)
        .find(|at| path.len() - at - 1 <= MAX_PATH)
        .filter(|_| path.len() > MAX_PATH);
    let (prefix, name) = cut.map_or(("", path), |at| (&path[..at], &path[at + 1..]));
    put(0, name.as_bytes());
    put(345, prefix.as_bytes());
    put(100, format!("{mode:07o}\0").as_bytes());
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    put(265, b"root");
    put(297, b"root");
    put(329, b"0000000\0");
    put(337, b"0000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(block: &[u8], at: usize, length: usize) -> String {
        let field = &block[at..at + length];
        String::from_utf8_lossy(field.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
    }

    #[test]
    fn long_path_is_cut_at_a_directory() {
        let part = "n".repeat(100);
        let block = header(&format!("{part}/files/{part}"), 0o644, 0, b'0');
        assert_eq!(
            (text(&block, 345, 155), text(&block, 0, 100)),
            (format!("{part}/files"), part.clone())
        );
        let block = header(&format!("certs.d/{part}/"), 0o755, 0, b'5');
        assert_eq!(
            (text(&block, 345, 155), text(&block, 0, 100)),
            ("certs.d".to_owned(), part)
        );
    }

    #[test]
    fn directories_stand_before_what_is_in_them_and_an_archive_ends_with_two_empty_blocks() {
        let file = |path: &str| BundleFile {
            path: path.to_owned(),
            mode: 0o600,
            content: Zeroizing::new(vec![b'x'; 513]),
        };
        let archive = encode_tar(&[file("a/b/c"), file("a/d")]);
        let names: Vec<String> = [0, 1, 2, 5]
            .map(|block| text(&archive, block * BLOCK, 100))
            .to_vec();
        assert_eq!(names, ["a", "a/b", "a/b/c", "a/d"]);
        assert_eq!(archive.len(), 10 * BLOCK);
        assert!(archive[8 * BLOCK..].iter().all(|byte| *byte == 0));
    }
}
