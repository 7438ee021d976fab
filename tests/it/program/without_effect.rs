//! Of what is typed nothing is silently without effect.

use crate::common::Scene;

#[test]
fn options_that_exclude_each_other_are_not_understood() {
    let scene = Scene::with_host();
    let soon = ["--expires-within", "30d"];
    for status in ["revoked", "expired"] {
        let args = [&["cert", "list", "--status", status][..], &soon].concat();
        scene.does_not_understand(&args, "`--expires-within` is about valid certificates");
    }
    scene
        .gsec(&["cert", "list", "--status", "valid", "--expires-within", "300d"])
        .run()
        .ok();
    scene.write("password", "secret\n");
    let root = "gsec-ca/ca_conf/ca_cert.pem";
    for (stores, option, reason) in [
        (
            &[][..],
            "--java-password-file",
            "`--java-password-file` is for a Java key store, but none is named",
        ),
        (
            &["--store", "system"],
            "--java-password-file",
            "`--java-password-file` is for a Java key store, but none is named",
        ),
        (
            &["--store", "system"],
            "--nss-password-file",
            "`--nss-password-file` is for an NSS database, but none is named",
        ),
        (
            &["--root", "image"],
            "--nss-password-file",
            "`--nss-password-file` is for an NSS database, but none is named",
        ),
    ] {
        let args = [&["trust", "status", root][..], stores, &[option, "password"]].concat();
        scene.does_not_understand(&args, reason);
    }
}

#[test]
fn what_is_asked_of_a_pfx_that_is_not_made_is_told() {
    let scene = Scene::with_ca();
    scene.write("password", "secret\n");
    for (options, is_told) in [
        (&["--friendly-name", "db"][..], true),
        (&["--pfx-password-file", "password"], true),
        (&[], false),
    ] {
        let said = scene
            .issue("db1.example.com", &["--stdout"])
            .args(options)
            .run()
            .ok();
        assert_eq!(
            said.stderr.contains("no PFX is made with --stdout"),
            is_told,
            "{said}"
        );
    }
}
