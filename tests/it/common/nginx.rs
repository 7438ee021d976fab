//! nginx in the foreground, keeping to one directory.

use super::{Call, TestDir, tool};

/// nginx with the configuration `nginx.conf` in `dir`.
pub fn nginx(dir: &TestDir) -> Call {
    tool("nginx").args(&[
        "-p",
        &format!("{}/", dir.path("")),
        "-c",
        "nginx.conf",
        "-e",
        "error.log",
    ])
}

/// One process in the foreground, with these directives of `http`. Its `nginx.pid` comes when the ports are open.
pub fn nginx_configuration(directives: &str) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path tmp;\n"))
        .collect();
    format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {{}}\nhttp {{\n{temporary}{directives}\n}}\n"
    )
}
