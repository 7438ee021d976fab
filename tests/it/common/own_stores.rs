//! A machine's trust stores that a test may change: the directories in which they lie are covered, in a mount namespace, by others that are
//! the same until something is written.

use std::fs;
use std::path::Path;

use super::machine::in_private_mounts;
use super::{Call, TestDir, gsec, tool};

/// The variables by which programs are told to look elsewhere than into the store of the system.
const ELSEWHERE: [&str; 6] = [
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "JAVA_HOME",
];

/// What is covered. Nothing outside of it is written by any tool of a trust store. A directory made for it on the machine's own disk would stay there.
/// Debian's tool goes through all certificates each time, which for 150 of them takes most of the time of these tests: eight are left.
const COVER: &str = "
set -e
place=/mnt
mount -t tmpfs -o mode=0755 tmpfs \"$place\"
for folder in etc var usr/local root home; do
    [ -d \"/$folder\" ] || continue
    upper=$place/$(echo $folder | tr / _)
    mkdir -p \"$upper\" \"$upper.work\"
    mount -t overlay overlay -o \"lowerdir=/$folder,upperdir=$upper,workdir=$upper.work\" \"/$folder\"
done
rm -rf /var/lib/gsec /root/.pki /root/.mozilla /root/.config/mozilla /root/.local
[ ! -d /usr/local/sbin ] || chmod 0755 /usr/local/sbin
list=/etc/ca-certificates.conf
if [ -f $list ]; then
    few=$(grep -v '^[#!]' $list | head -n 8)
    echo \"$few\" > $list
    rm -f /etc/ssl/certs/*.pem /etc/ssl/certs/*.[0-9]
    update-ca-certificates --hooksdir /nonexistent > /dev/null
fi
";

/// Runs the body of a test, given by its path, where the trust stores are its own.
#[track_caller]
pub fn with_own_stores(name: &str, body: impl FnOnce()) {
    in_private_mounts(name, || {
        tool("sh")
            .args(&["-c", COVER])
            .run()
            .succeeded("the stores are covered");
        body();
    });
}

/// A call as root types it who has just logged in.
pub fn as_root(call: Call) -> Call {
    ELSEWHERE
        .iter()
        .fold(call, |call, name| call.without(name))
        .without("SUDO_UID")
        .without("XDG_STATE_HOME")
        .env("HOME", "/root")
}

/// `gsec trust …` in a directory.
pub fn trust(dir: &TestDir, args: &[&str]) -> Call {
    as_root(gsec(&["trust"]).args(args).in_dir(dir.path("")))
}

/// A program in the place of one of the system's, where root finds it: a script of a shell.
pub fn stub(name: &str, script: &str) {
    let path = format!("/usr/local/sbin/{name}");
    fs::create_dir_all("/usr/local/sbin").expect("a directory");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
    super::machine::chmod(Path::new(&path), 0o755);
}

/// Takes away the hook that brings every CA into Java's store as well: most of the time that Debian's tool takes.
pub fn without_java_hook() {
    let hook = Path::new("/etc/ca-certificates/update.d/jks-keystore");
    if hook.exists() {
        fs::remove_file(hook).expect("a file of an overlay");
    }
}

/// Takes the system's own program of this name away.
pub fn without_program(name: &str) {
    for folder in ["/usr/sbin", "/usr/bin"] {
        let path = format!("{folder}/{name}");
        if Path::new(&path).exists() {
            let real = fs::canonicalize(&path).expect("a path").display().to_string();
            tool("mount").args(&["--bind", "/dev/null", &real]).run().ok();
        }
    }
}
