//! vsftpd, with a bundle for services that have no target of their own.

use super::site::Site;

#[test]
#[ignore = "sh tests/delivery.sh"]
fn vsftpd() {
    let site = Site::new("generic", "root", &["--files", "fc,k,ca", "--reload", "vsftpd"]);
    let (port, dest) = (site.port, site.dest());
    let empty = site.folder("empty", "root");
    let conf = site.write("vsftpd.conf", &format!(
        "listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\nsecure_chroot_dir={empty}\nseccomp_sandbox=NO\n\
         anonymous_enable=NO\nlocal_enable=YES\nssl_enable=YES\nrsa_cert_file={dest}/current/fullchain.pem\nrsa_private_key_file={dest}/current/privkey.pem\n"
    ));
    site.place();
    let _service = site.start("root", &["vsftpd", &conf]);
    site.serves(0, &["-starttls", "ftp"]);
    site.is_seen_by_gsec(port, "ftp");
}
