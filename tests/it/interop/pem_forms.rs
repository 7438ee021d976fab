//! Ways of writing PEM that gsec reads and other programs do not: doctor names exactly the programs that do not load it.

use crate::common::doctor::doctor;
use crate::common::pem_forms::written_oddly;
use crate::common::{Call, Scene, judges, openssl, tool};

const CERTIFICATE: &str = "gsec-ca/repository/01_db1_cert.pem";
const NAMES: [&str; 4] = ["OpenSSL", "GnuTLS", "Java", "Go"];

#[test]
fn certificate_that_gsec_reads_and_a_program_does_not_load_is_named_with_the_program() {
    let scene = Scene::with_host();
    scene.openssl(&["x509", "-in", CERTIFICATE, "-out", "c.pem"]);
    let forms = written_oddly(&scene.read("c.pem"));
    let files: Vec<String> = (0..forms.len())
        .map(|number| format!("odd{number}.pem"))
        .collect();
    for (file, (_, text)) in files.iter().zip(&forms) {
        scene.write(file, text);
    }
    let paths: Vec<String> = files.iter().map(|file| scene.dir.path(file)).collect();
    let [java, go] = [judges::java_loads(&paths), judges::go_loads(&paths)];
    let (mut refused, mut different) = ([0; NAMES.len()], Vec::new());
    for (number, (way, _)) in forms.iter().enumerate() {
        let path = paths[number].as_str();
        let loads = |call: Call| call.run().status == Some(0);
        let loaded = [
            loads(openssl(&["x509", "-in", path, "-noout"])),
            loads(tool("certtool").args(&["-i", "--infile", path])),
            java[number],
            go[number],
        ];
        let found = doctor(&scene, &[&files[number]])
            .into_iter()
            .find(|found| found.slug == "pem-form");
        // Whoever reads the YAML gives programs what they load.
        if *way == "in YAML" {
            assert!(found.is_some_and(|found| found.seen.contains("programs that expect PEM cannot load")));
            continue;
        }
        let said = NAMES.map(|name| {
            let names = |seen: &str| seen.split([' ', ',']).any(|word| word == name);
            !found.as_ref().is_some_and(|found| names(&found.seen))
        });
        if said != loaded {
            different.push(format!("{way}: loaded by {NAMES:?}: {loaded:?}, {found:#?}"));
        }
        for (count, is_loaded) in refused.iter_mut().zip(loaded) {
            *count += u32::from(!is_loaded);
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(refused.iter().all(|count| *count > 0), "{NAMES:?}: {refused:?}");
}
