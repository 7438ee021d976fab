//! What a process that lives on remembers of `audit.log`: the lines about certificates of CAs, the keys that signed it, and whether lines
//! about revocations came. The log is only appended to, so what came since is read, and nothing else.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::sync::{Mutex, PoisonError};

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};

use super::AuditReader;
use super::audit_find::{action_finder, action_of, decode_hits};
use super::audit_kept::line_before;
use super::host_pages::is_same_file;
use crate::files::open_own;
use crate::home::{CaDir, StoreError, exists};
use crate::records::audit::chain::hash_of;
use crate::records::{AuditFields, Told};

/// Only lines about the certificates of CAs have it.
const PATH_LEN: &str = "\"path_len\":";
/// What precedes the identifier of the key that signed a line.
const KEY: &[u8] = b"\"key\":\"";

/// What was read of the log, by whoever looked last.
#[derive(Debug, Default)]
pub(super) struct LogSeen(Mutex<Known>);

/// What is known of the log up to a line.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The file, open: as long as it is, no other one has its inode.
    file: Option<File>,
    /// The offset behind the last whole line.
    end: u64,
    /// Length and hash of that line, without its line feed.
    last: (u64, String),
    /// Changes whenever a line about a revocation or a CRL came, and when the log is another one.
    pub(super) generation: u64,
    /// What the lines about certificates of CAs say.
    pub(super) authorities: Vec<AuditFields>,
    /// The identifiers of the keys that signed lines.
    pub(super) keys: BTreeSet<String>,
}

impl LogSeen {
    /// Looks at what is known of the log as it is now.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn look<T>(&self, ca_dir: &CaDir, look: impl FnOnce(&Known) -> T) -> Result<T, StoreError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.follow(ca_dir)?;
        Ok(look(&known))
    }
}

impl Known {
    fn follow(&mut self, ca_dir: &CaDir) -> Result<(), StoreError> {
        let path = ca_dir.audit_log();
        let mut file = match exists(&path)? {
            true => Some(open_own(OpenOptions::new().read(true), &path, "read")?),
            false => None,
        };
        let is_first = self.end == 0;
        if !self.is_of(file.as_mut()) {
            *self = Self {
                generation: self.generation + 1,
                ..Self::default()
            };
        }
        if let Some(file) = file {
            self.read_on(ca_dir, &file, is_first)?;
            self.file = Some(file);
        }
        Ok(())
    }

    /// Whether a file is the one that was read, and still has the last line that was read: that one is bound to all before it.
    fn is_of(&self, file: Option<&mut File>) -> bool {
        match (&self.file, file) {
            (None, None) => true,
            (Some(known), Some(file)) => {
                is_same_file(known, file)
                    && (self.end == 0
                        || line_before(file, self.end, self.last.0)
                            .is_some_and(|line| hash_of(&line) == self.last.1))
            }
            _ => false,
        }
    }

    fn read_on(&mut self, ca_dir: &CaDir, file: &File, is_first: bool) -> Result<(), StoreError> {
        let (of_authority, of_key, of_action) = (Finder::new(PATH_LEN), Finder::new(KEY), action_finder());
        let mut has_revocation = false;
        AuditReader::blocks_of(file, &ca_dir.audit_log(), self.end, &mut |lines| {
            let Some(whole) = lines.strip_suffix(b"\n") else {
                return;
            };
            let last = &whole[memrchr(b'\n', whole).map_or(0, |feed| feed + 1)..];
            self.end += lines.len() as u64;
            self.last = (last.len() as u64, hash_of(last));
            decode_hits(lines, std::slice::from_ref(&of_authority), &mut |fields| {
                if fields.path_len.is_some() {
                    self.authorities.push(fields);
                }
            });
            self.take_keys(lines, &of_key);
            // The first time nobody knows anything that could be out of date.
            has_revocation |= !is_first
                && lines.split(|byte| *byte == b'\n').any(|line| {
                    !line.is_empty()
                        && action_of(&of_action, line)
                            .is_none_or(|action| Told::actions().iter().any(|told| told.as_bytes() == action))
                });
        })?;
        self.generation += u64::from(has_revocation);
        Ok(())
    }

    /// Keys are few, and nearly every line that is signed names the same one: only a line with one that is not known yet is decoded.
    fn take_keys(&mut self, lines: &[u8], of_key: &Finder<'_>) {
        for at in of_key.find_iter(lines) {
            let digits = lines[at + KEY.len()..].split(|byte| *byte == b'"').next();
            let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
            if digits.is_none_or(|digits| self.keys.contains(digits)) {
                continue;
            }
            let start = memrchr(b'\n', &lines[..at]).map_or(0, |feed| feed + 1);
            let end = memchr(b'\n', &lines[at..]).map_or(lines.len(), |feed| at + feed);
            let fields = serde_json::from_slice::<AuditFields>(&lines[start..end]).ok();
            self.keys.extend(fields.and_then(|fields| fields.key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{create_dir, read_to_string, write};

    fn line(seq: u64, more: &str) -> String {
        format!(
            "{{\"seq\":{seq},\"time\":\"2030-03-26T12:00:00Z\",\"action\":\"cert.issue\"{more},\"prev\":\"\"}}\n"
        )
    }

    #[test]
    fn what_comes_is_read_and_a_log_that_went_another_way_is_read_anew() {
        let folder = tempfile::tempdir().expect("folder");
        let dir = CaDir::at(folder.path());
        create_dir(dir.conf()).expect("ca_conf");
        let seen = LogSeen::default();
        let found = || {
            seen.look(&dir, |known| {
                let lines: Vec<u64> = known.authorities.iter().map(|fields| fields.seq).collect();
                let keys: Vec<String> = known.keys.iter().cloned().collect();
                (lines, keys)
            })
            .expect("read")
        };
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        assert_eq!(found(), (vec![], vec![]), "there is no log");
        let mut log = line(1, ",\"path_len\":0,\"key\":\"aa\"") + &line(2, ",\"key\":\"aa\"");
        write(dir.audit_log(), &log).expect("written");
        assert_eq!(found(), (vec![1], keys(&["aa"])));
        // A name that looks like a field is none, and a line that is being written is read when it is whole.
        log += &line(3, ",\"host\":\"\\\"key\\\":\\\"ee\\\",\\\"path_len\\\":1\"");
        let last = line(4, ",\"path_len\":2,\"key\":\"bb\"");
        let (half, rest) = last.split_at(60);
        write(dir.audit_log(), log.clone() + half).expect("written");
        assert_eq!(found(), (vec![1], keys(&["aa"])));
        write(dir.audit_log(), log + half + rest).expect("written");
        assert_eq!(found(), (vec![1, 4], keys(&["aa", "bb"])));
        assert_eq!(
            found(),
            (vec![1, 4], keys(&["aa", "bb"])),
            "nothing is taken twice"
        );
        let other = read_to_string(dir.audit_log())
            .expect("the log")
            .replace("\"bb\"", "\"cc\"");
        write(dir.audit_log(), other + &line(5, "")).expect("written");
        assert_eq!(found(), (vec![1, 4], keys(&["aa", "cc"])));
        write(dir.audit_log(), line(1, "")).expect("written");
        assert_eq!(found(), (vec![], vec![]), "it is shorter");
    }
}
