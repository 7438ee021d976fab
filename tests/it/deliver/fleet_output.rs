//! The directory of bundles: who can put something there, and what does gsec do with it?

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::fleet::{NGINX, apply, expect_whole, host, inventory, plan, with_hosts};
use crate::common::{Scene, tool};
use serde_json::Value;

#[test]
fn what_gsec_did_not_write_is_never_replaced_or_removed() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX)));
    fs::create_dir_all(scene.dir.path("out/db1/nginx")).expect("a folder");
    scene.write("out/db1/nginx/own.conf", "mine");
    let failed = apply(&scene).code(3);
    assert!(
        failed.stdout.contains("is not a bundle that gsec wrote"),
        "{failed}"
    );
    assert_eq!(scene.read("out/db1/nginx/own.conf"), "mine");
    expect_whole(Path::new(&scene.dir.path("out/db2/nginx")));
    scene.write("fleet.toml", inventory(&host("db1", NGINX)));
    let gone = || {
        let planned = scene.gsec(&["fleet", "plan", "--json"]).run().code(3);
        planned.json()["plan"]["gone"].clone()
    };
    assert_eq!(gone()[0], "db2/nginx");
    scene.write("out/db2/nginx/own.conf", "mine");
    assert_eq!(gone(), Value::Array(Vec::new()), "it is no bundle any more");
    fs::remove_file(scene.dir.path("out/db2/nginx/own.conf")).expect("the file");
    apply(&scene).code(3);
    assert!(scene.exists("out/db2/nginx"), "nothing is removed unasked");
    let pruned = scene.gsec(&["fleet", "apply", "--yes", "--prune"]).run().code(3);
    assert!(
        pruned.stdout.contains("db2/nginx") && !scene.exists("out/db2"),
        "{pruned}"
    );
}

#[test]
fn a_link_in_the_place_of_a_bundle_or_a_host_is_not_followed() {
    let scene = with_hosts(&host("db1", NGINX));
    fs::create_dir(scene.dir.path("elsewhere")).expect("a folder");
    fs::create_dir_all(scene.dir.path("out/db1")).expect("a folder");
    symlink(scene.dir.path("elsewhere"), scene.dir.path("out/db1/nginx")).expect("a link");
    apply(&scene).code(3);
    assert!(
        !scene.exists("elsewhere/privkey.pem"),
        "nothing is written through the link"
    );
}

#[test]
fn a_link_in_the_place_of_the_directory_of_a_host_is_not_followed() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX)));
    for folder in ["out", "elsewhere"] {
        fs::create_dir(scene.dir.path(folder)).expect("a folder");
    }
    symlink(scene.dir.path("elsewhere"), scene.dir.path("out/db1")).expect("a link");
    let failed = apply(&scene).code(3);
    assert!(failed.stdout.contains("out/db1"), "{failed}");
    let there = fs::read_dir(scene.dir.path("elsewhere"))
        .expect("a folder")
        .count();
    assert_eq!(there, 0, "no key leaves through the link");
    expect_whole(Path::new(&scene.dir.path("out/db2/nginx")));
}

/// A directory that anybody may have made: all its files are in a list of digests, as many have.
fn foreign_directory(scene: &Scene, path: &str, files: &[(&str, &str)]) {
    fs::create_dir_all(scene.dir.path(path)).expect("a folder");
    let mut sums = String::new();
    for (name, text) in files {
        scene.write(&format!("{path}/{name}"), text);
        let listed = tool("sha256sum")
            .args(&[name])
            .in_dir(scene.dir.path(path))
            .run()
            .ok();
        sums.push_str(&listed.stdout);
    }
    scene.write(&format!("{path}/SHA256SUMS"), sums);
}

#[test]
fn a_directory_with_a_list_of_digests_is_not_taken_for_a_bundle() {
    let scene = with_hosts(&host("db1", NGINX));
    let data = ("data", "mine");
    foreign_directory(&scene, "out/db1/nginx", &[data]);
    let other = ("manifest.json", "{\"schema\": \"other/1\"}");
    foreign_directory(&scene, "out/old/backup", &[data, other]);
    scene.gsec(&["fleet", "apply", "--yes", "--prune"]).run().code(3);
    for path in ["out/db1/nginx/data", "out/old/backup/data"] {
        assert_eq!(scene.read(path), "mine", "{path}");
    }
}

#[test]
fn what_stays_of_a_host_that_is_gone_is_named() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX)));
    apply(&scene).ok();
    scene.write("fleet.toml", inventory(&host("db1", NGINX)));
    scene.write("out/db2/nginx/own.conf", "mine");
    let planned = plan(&scene);
    assert_eq!(planned["plan"]["gone"], Value::Array(Vec::new()));
    assert_eq!(planned["plan"]["notices"][0]["code"], "fleet-left-over");
    let said = "db2/nginx is not in the inventory, and not a bundle as gsec wrote it";
    let pruned = scene.gsec(&["fleet", "apply", "--yes", "--prune"]).run().ok();
    assert!(pruned.stderr.contains(said), "{pruned}");
    assert!(scene.exists("out/db2/nginx/privkey.pem"));
}

#[test]
fn of_a_part_of_the_hosts_nothing_is_said_to_be_gone() {
    let scene = with_hosts(&(host("db1", NGINX) + &host("db2", NGINX)));
    apply(&scene).ok();
    let part = scene
        .gsec(&["fleet", "plan", "--only", "db1", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(part["plan"]["gone"], Value::Array(Vec::new()));
    assert_eq!(part["plan"]["notices"], Value::Array(Vec::new()));
}
