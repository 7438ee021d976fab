//! `gsec doctor` on this machine: its names in a namespace where they are what the test says, its folders, libraries and system.

use crate::common;

use common::doctor::{findings_of, finds, is_silent, type_line, type_remedy};
use common::{ChildGuard, Outcome, Scene, tool};

const NAME_SLUGS: [&str; 3] = [
    "host-name-not-qualified",
    "host-name-unresolved",
    "host-name-differs",
];

/// A shell on a machine of this name with this `/etc/hosts`, asked before and after a line that it types.
fn on_machine(scene: &Scene, name: &str, hosts: &str, line: &str) -> [Outcome; 2] {
    scene.write("hosts", hosts);
    scene.write("hostname", format!("{name}\n"));
    scene.write("nsswitch", "hosts: files\n");
    let bound = ["hosts", "hostname"]
        .map(|file| format!("mount --bind {file} /etc/{file}"))
        .join(" && ");
    let gsec = env!("CARGO_BIN_EXE_gsec");
    let script = |first: &str| {
        format!(
            "hostname {name} && {bound} && mount --bind nsswitch /etc/nsswitch.conf && {{ {first} }} && exec {gsec} doctor --json --library c"
        )
    };
    ["true;".to_owned(), format!("{line};")].map(|first| {
        tool("unshare")
            .args(&["-rmu", "sh", "-c", &script(&first)])
            .in_dir(scene.dir.path(""))
            .run()
    })
}

fn names_found(outcome: &Outcome) -> Vec<String> {
    findings_of(outcome)
        .into_iter()
        .map(|found| found.slug)
        .filter(|slug| NAME_SLUGS.contains(&slug.as_str()))
        .collect()
}

#[test]
fn a_machine_that_others_know_by_its_name_is_healthy() {
    let scene = Scene::empty();
    for (name, hosts) in [
        ("db1.example.com", "10.0.0.1 db1.example.com db1\n"),
        ("db1", "10.0.0.1 db1.example.com db1\n"),
        ("db1", "127.0.0.1 localhost\n127.0.1.1 db1.example.com db1\n"),
    ] {
        let [said, _] = on_machine(&scene, name, hosts, "true");
        assert_eq!(
            names_found(&said),
            Vec::<String>::new(),
            "{name}, {hosts}: {said}"
        );
        let checked = said.json()["targets"][0]["checked"].to_string();
        assert!(NAME_SLUGS.iter().all(|slug| checked.contains(slug)), "{checked}");
    }
}

#[test]
fn a_machine_with_another_name_elsewhere_is_renamed_as_doctor_says() {
    let scene = Scene::empty();
    let hosts = "10.0.0.1 db2.example.com\n10.0.0.1 db1.example.com\n";
    let [said, _] = on_machine(&scene, "db1.example.com", hosts, "true");
    assert_eq!(names_found(&said), ["host-name-differs"], "{said}");
    let found = findings_of(&said)
        .into_iter()
        .find(|found| found.slug == "host-name-differs")
        .expect("it is found");
    let [_, after] = on_machine(&scene, "db1.example.com", hosts, &found.fix[0]);
    assert_eq!(
        names_found(&after),
        Vec::<String>::new(),
        "after `{}`: {after}",
        found.fix[0]
    );
}

#[test]
fn a_machine_without_domain_or_address_is_told_so() {
    let scene = Scene::empty();
    let [short, mended] = on_machine(
        &scene,
        "db1",
        "10.0.0.1 db1\n",
        "echo '10.0.0.1 db1.example.com db1' > /etc/hosts",
    );
    assert_eq!(names_found(&short), ["host-name-not-qualified"], "{short}");
    assert_eq!(names_found(&mended), Vec::<String>::new(), "{mended}");
    let [nowhere, mended] = on_machine(
        &scene,
        "db1.example.com",
        "127.0.0.1 localhost\n",
        "echo '10.0.0.1 db1.example.com' >> /etc/hosts",
    );
    assert_eq!(names_found(&nowhere), ["host-name-unresolved"], "{nowhere}");
    assert_eq!(names_found(&mended), Vec::<String>::new(), "{mended}");
}

#[test]
fn a_host_needs_the_ca_certificate_and_its_own() {
    let scene = Scene::with_host();
    std::fs::create_dir(scene.dir.path("tls")).expect("a folder");
    let asked = ["--dir", "tls", "--name", "db2.example.com", "--no-dns"];
    let ca = finds(&scene, &asked, "ca-certificate-absent");
    assert_eq!(type_remedy(&scene, &ca), 1, "{ca:#?}");
    is_silent(&scene, &asked, "ca-certificate-absent");
    let own = finds(&scene, &asked, "host-certificate-absent");
    scene.write("tls/db1.pem", scene.read("gsec-ca/repository/01_db1_cert.pem"));
    is_silent(&scene, &asked, "host-certificate-absent");
    let other = finds(&scene, &asked, "host-certificate-of-another");
    assert_eq!(other.fix, own.fix);
    std::fs::remove_file(scene.dir.path("tls/db1.pem")).expect("a file");
    assert_eq!(type_remedy(&scene, &own), 1, "{own:#?}");
    for slug in [
        "ca-certificate-absent",
        "host-certificate-absent",
        "host-certificate-of-another",
    ] {
        is_silent(&scene, &asked, slug);
    }
}

#[test]
fn a_certificate_of_another_ca_than_the_one_beside_it_is_not_enough() {
    let scene = Scene::with_host();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Other CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "other-ca",
        ])
        .run()
        .ok();
    std::fs::create_dir(scene.dir.path("tls")).expect("a folder");
    scene.write("tls/ca.pem", scene.read("other-ca/ca_conf/ca_cert.pem"));
    scene.write("tls/db1.pem", scene.read("gsec-ca/repository/01_db1_cert.pem"));
    let asked = ["--dir", "tls", "--name", "db1.example.com", "--no-dns"];
    let found = finds(&scene, &asked, "ca-certificate-absent");
    assert!(found.seen.contains("CN=Test CA"), "{found:#?}");
    assert_eq!(type_remedy(&scene, &found), 1, "{found:#?}");
    is_silent(&scene, &asked, "ca-certificate-absent");
}

#[test]
fn libraries_are_looked_for_where_a_script_points() {
    let scene = Scene::empty();
    std::fs::create_dir(scene.dir.path("pack")).expect("a folder");
    let place = scene.dir.path("pack");
    scene.write(
        "run.sh",
        format!("#!/bin/sh\nPACK={place}\nexport LD_LIBRARY_PATH=$PACK:/nowhere/lib\nexec ./server\n"),
    );
    let asked = ["--script", "run.sh", "--library", "gsecurity", "--no-dns"];
    finds(&scene, &asked, "library-absent");
    let folder = finds(&scene, &asked, "library-folder-absent");
    assert!(
        folder.seen.contains("/nowhere/lib") && !folder.seen.contains(&place),
        "{folder:#?}"
    );
    scene.write("pack/libgsecurity.so.1", "");
    is_silent(&scene, &asked, "library-absent");
    scene.write("run.sh", format!("#!/bin/sh\n{}\nexec ./server\n", folder.fix[0]));
    is_silent(&scene, &asked, "library-folder-absent");
}

#[test]
fn libraries_are_looked_for_where_the_environment_points() {
    let scene = Scene::empty();
    let asked = "gsec doctor --json --only library-folder-absent --library c --no-dns";
    let found = findings_of(&type_line(
        &scene,
        &format!("LD_LIBRARY_PATH=/nowhere/lib:/tmp {asked}"),
    ));
    assert_eq!(
        found.iter().map(|found| found.slug.as_str()).collect::<Vec<_>>(),
        ["library-folder-absent"]
    );
    let after = type_line(
        &scene,
        &format!(
            "export LD_LIBRARY_PATH=/nowhere/lib; {}; {asked}",
            found[0].fix[0]
        ),
    );
    assert!(findings_of(&after).is_empty(), "{after}");
}

#[test]
fn libraries_are_looked_for_where_a_process_was_told() {
    let scene = Scene::empty();
    let process = ChildGuard::start(
        &mut tool("sleep")
            .args(&["600"])
            .env("LIBPATH", "/nowhere/aix")
            .into_command(),
    );
    let number = process.0.id().to_string();
    let found = finds(&scene, &["--pid", &number, "--no-dns"], "library-folder-absent");
    assert!(
        found.subject.contains(&number) && found.seen.contains("LIBPATH contains /nowhere/aix"),
        "{found:#?}"
    );
}

#[test]
fn a_system_without_tls_1_2_is_named() {
    let scene = Scene::empty();
    scene.write(
        "old",
        "NAME=\"Red Hat\"\nID=\"rhel\"\nVERSION_ID=\"5.11\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 5.11\"\n",
    );
    scene.write(
        "new",
        "ID=rhel\nVERSION_ID=\"9.4\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 9.4\"\n",
    );
    let found = finds(
        &scene,
        &["--os-release", "old", "--no-dns"],
        "system-without-tls12",
    );
    assert!(
        found.seen.contains("5.11") && found.seen.contains("OpenSSL 0.9.8"),
        "{found:#?}"
    );
    is_silent(
        &scene,
        &["--os-release", "new", "--no-dns"],
        "system-without-tls12",
    );
}

#[test]
fn what_is_not_there_cannot_be_examined() {
    let scene = Scene::empty();
    for (option, value) in [
        ("--pid", "999999999"),
        ("--script", "nosuch.sh"),
        ("--dir", "nosuch"),
        ("--os-release", "nosuch"),
    ] {
        scene.gsec(&["doctor", option, value, "--no-dns"]).run().code(3);
    }
}
