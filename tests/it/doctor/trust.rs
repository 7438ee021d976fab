//! `gsec doctor` on the trust stores of this machine.

use crate::common;

use common::doctor::findings_of;
use common::own_stores::{as_root, trust, with_own_stores, without_java_hook};
use common::{Call, Scene};

const SLUGS: [&str; 2] = ["ca-not-trusted-here", "ca-trust-broken"];

fn asked(scene: &Scene, words: &[&str]) -> Vec<(String, Vec<String>)> {
    let call: Call = as_root(scene.gsec(&["doctor", "--json"])).args(words);
    findings_of(&call.run())
        .into_iter()
        .filter(|found| SLUGS.contains(&found.slug.as_str()))
        .map(|found| (found.slug, found.fix))
        .collect()
}

#[test]
fn the_stores_of_this_machine_are_asked_about_its_ca() {
    with_own_stores(
        concat!(
            module_path!(),
            "::the_stores_of_this_machine_are_asked_about_its_ca"
        ),
        || {
            without_java_hook();
            let scene = Scene::with_ca();
            let missing = asked(&scene, &[]);
            assert_eq!(missing.len(), 1, "{missing:?}");
            assert_eq!(missing[0].0, "ca-not-trusted-here");
            assert!(missing[0].1[0].starts_with("gsec trust install"), "{missing:?}");
            // Where something else is asked, nothing is said of them.
            assert_eq!(asked(&scene, &["gsec-ca"]), []);
            trust(&scene.dir, &["install", "--yes"]).run().ok();
            assert_eq!(asked(&scene, &[]), []);
            std::fs::write("/etc/ssl/certs/ca-certificates.crt", "").expect("the bundle");
            let broken = asked(&scene, &[]);
            assert_eq!(broken, [("ca-trust-broken".to_owned(), Vec::new())]);
            // Of what cannot be read nothing is known, and that is said.
            let bundle = "/etc/ssl/certs/ca-certificates.crt";
            std::fs::remove_file(bundle).expect("the bundle");
            std::fs::create_dir(bundle).expect("a directory in its place");
            let call = as_root(scene.gsec(&["doctor", "--json", "--no-dns"]))
                .run()
                .json();
            let machine = &call["targets"][0];
            assert_eq!(
                machine["not_checked"],
                serde_json::json!(["trust_stores"]),
                "{call}"
            );
            assert!(machine["facts"].to_string().contains(bundle), "{call}");
        },
    );
}
