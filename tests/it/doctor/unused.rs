//! An option that is checked of no target is not passed over.

use crate::common::Scene;

#[test]
fn option_that_is_checked_of_no_target_is_an_error() {
    let scene = Scene::with_host();
    let (certificate, directory) = ("gsec-ca/repository/01.pem", "gsec-ca");
    for (options, words) in [
        (["--thumbprint", "00"], "files and servers"),
        (["--name", "other.example.com"], "files and servers"),
        (["--trust", certificate], "files and servers"),
        (["--purpose", "server"], "files and servers"),
        (["--purpose", "client"], "files"),
        (["--user", "root"], "files"),
        (["--read-by", "java8"], "files"),
        (["--bind", "127.0.0.1"], "servers"),
        (["--proxy", "127.0.0.1:9"], "servers"),
        (["--server-name", "db1.example.com"], "servers"),
    ] {
        let said = scene
            .gsec(&["doctor", directory, options[0], options[1]])
            .run()
            .code(2);
        let wanted = format!("`{}` is for {words}, but no target is one", options[0]);
        assert!(said.stderr.contains(&wanted), "{}", said.stderr);
    }
    let said = scene.gsec(&["doctor", certificate, "--no-sni"]).run().code(2);
    assert!(
        said.stderr.contains("`--no-sni` is for servers"),
        "{}",
        said.stderr
    );
    scene
        .gsec(&["doctor", directory, "--timeout", "1s"])
        .run()
        .code(0);
    scene
        .gsec(&["doctor", directory, certificate, "--name", "db1.example.com"])
        .run()
        .code(0);
}
