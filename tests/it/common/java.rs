//! Java, started cheaply: the classes in `tests/java` are compiled once, and not by each process that runs one of them.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::pfx::sha256;
use super::{Call, program, tool};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/java");

/// For programs that live for a second: the quick compiler alone, one thread for the garbage, no counters in a file.
const SHORT_LIFE: [&str; 3] = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"];

/// What PathJudge uses of Java's inside.
const EXPORTS: [&str; 2] = ["--add-exports", "java.base/sun.security.util=ALL-UNNAMED"];

/// Calls a class of `tests/java`, with further options of `java`.
pub fn java_class(class: &str, options: &[&str]) -> Call {
    static CLASSES: LazyLock<String> = LazyLock::new(compiled);
    tool("java")
        .args(&SHORT_LIFE)
        .args(&EXPORTS)
        .args(options)
        .args(&["-cp", &CLASSES, class])
}

/// One of the JDK's tools, which hand options of `java` on.
pub fn java_tool(name: &str) -> Call {
    SHORT_LIFE
        .iter()
        .fold(tool(name), |call, option| call.args(&[&format!("-J{option}")]))
}

/// The folder with the classes, which is another one for other sources and another JDK.
fn compiled() -> String {
    let mut sources: Vec<String> = fs::read_dir(SOURCES)
        .expect("tests/java")
        .map(|entry| entry.expect("an entry").path().display().to_string())
        .filter(|path| path.ends_with(".java"))
        .collect();
    sources.sort();
    let jdk = fs::canonicalize(program("javac")).expect("javac");
    let mut contents = jdk.display().to_string().into_bytes();
    for source in &sources {
        contents.extend(fs::read(source).expect("a source"));
    }
    let folder = format!(
        "{}/java-{}",
        env!("CARGO_TARGET_TMPDIR"),
        &sha256(&contents)[..16]
    );
    if !Path::new(&folder).exists() {
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let new = format!("{folder}.{}", std::process::id());
        java_tool("javac")
            .args(&EXPORTS)
            .args(&["-d", &new])
            .args(&sources)
            .run()
            .ok();
        // It appears whole. Another run of the tests may have been first.
        if fs::rename(&new, &folder).is_err() {
            fs::remove_dir_all(&new).expect("what was compiled for nothing");
        }
    }
    folder
}
