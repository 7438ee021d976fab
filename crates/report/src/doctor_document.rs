//! `docs/doctor.md`: the catalogue for reading, made from the catalogue itself.

use gsec_doctor::checks::{Entry, Group, catalogue};

const HEAD: &str = "\
# What `gsec doctor` finds

`gsec doctor [TARGET…]` examines files with certificates, keys, requests or CRLs, CA directories, ports of servers and this
machine, and says for everything that it finds what was seen, why it matters, and what to type. `gsec doctor --explain SLUG` prints
one entry of this page. The page is made from the program by `sh tests/generate.sh`.

Severity: *error*, the connection does not come about, or the CA loses something; *warning*, it will be so soon, or some peers
refuse; *notice*, worth knowing. A finding may weigh less than its entry says, where the entry tells when. What is healthy gives no finding.

## Exit status

| status | meaning |
|---|---|
| 0 | nothing was found that weighs as much as `--fail-on` says (an error, unless it says otherwise) |
| 1 | something was |
| 2 | the command line is not understood |
| 3 | a target could not be examined |

## Monitoring

`--format nagios` prints one line for each target: the state, the target, what was found, and as performance data the days that
are left of the certificate that ends first. The exit status is that of a plugin:

| status | state | when |
|---|---|---|
| 0 | OK | nothing but notices |
| 1 | WARNING | a warning |
| 2 | CRITICAL | an error |
| 3 | UNKNOWN | a target could not be examined |

Of several targets the most urgent decides: CRITICAL, then UNKNOWN, then WARNING.

`--format prometheus` prints the text exposition format, for the node exporter's text file collector:

| metric | labels | value |
|---|---|---|
| `gsec_target_examined` | `target`, `kind` | 1 when the target could be examined |
| `gsec_target_healthy` | `target`, `kind` | 1 when nothing was found but notices |
| `gsec_finding` | `target`, `slug`, `severity` | how often it was found; absent when it was not |
| `gsec_certificate_not_after_seconds` | `target`, `subject`, `serial` | end of a certificate, in seconds since 1970 |
";

/// The page.
pub fn to_markdown() -> String {
    let mut page = HEAD.to_owned();
    for group in Group::ALL {
        let entries: Vec<&Entry> = catalogue().filter(|entry| entry.group == group).collect();
        if !entries.is_empty() {
            page.push_str(&format!("\n## {}\n", group.title()));
            entries.iter().for_each(|entry| page.push_str(&section(entry)));
        }
    }
    page
}

fn section(entry: &Entry) -> String {
    let Entry {
        slug,
        severity,
        title,
        why,
        remedy,
        source,
        ..
    } = entry;
    let source = source.map(|source| format!(" ({source})")).unwrap_or_default();
    format!(
        "\n### `{slug}`\n\n{title}. *{}*{source}\n\n**Why.** {why}\n\n**Remedy.** {remedy}\n",
        severity.name()
    )
}
