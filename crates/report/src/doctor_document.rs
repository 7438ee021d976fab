//! `docs/doctor.md`: the catalogue for reading, made from the catalogue itself.

use super::CatalogueEntry;
use super::doctor::groups;

const HEAD: &str = "\
# What `gsec doctor` finds

`gsec doctor [TARGET…]` checks files with certificates, keys, CSRs or CRLs, CA directories, server ports and this machine. For each
finding it says what was seen, why it matters, and what to type. `gsec doctor --explain SLUG` prints one entry of this page. The page
is generated from the program by `sh tests/generate.sh`.

Settings of the old contact-center platform are targets, too: configuration files of DB Server and Configuration Server, start files,
`transport` values, and inventories. What is found in them is what `gsec conf lint`, `gsec transport lint` and `gsec fleet check` find;
it is at the end of this page, with what `gsec fleet explain` and `gsec banner lint` find.

Severity: *error*, connections fail or CA data is at risk; *warning*, they will soon, or some clients reject it; *notice*, worth
knowing. Some findings are reported with a lower severity; the entry says when. Nothing is reported about what is in order.

## Exit status

| status | meaning |
|---|---|
| 0 | no findings of `--fail-on` severity or higher (default: error) |
| 1 | findings of `--fail-on` severity or higher |
| 2 | usage error |
| 3 | a target could not be examined |

## Monitoring

`--format nagios` prints one line for each target: the state, the target, what was found, and as performance data the days left
of the certificate that expires first. The exit status is that of a plugin:

| status | state | when |
|---|---|---|
| 0 | OK | no findings except notices |
| 1 | WARNING | a warning |
| 2 | CRITICAL | an error |
| 3 | UNKNOWN | a target could not be examined, or nothing was found in an inventory whose CA could not be opened |

With several targets the most urgent one decides: CRITICAL, then UNKNOWN, then WARNING.

`--format prometheus` prints the text exposition format, for the node exporter's text file collector:

| metric | labels | value |
|---|---|---|
| `gsec_target_examined` | `target`, `kind` | 1 if the target could be examined |
| `gsec_target_healthy` | `target`, `kind` | 1 if there are no findings except notices; absent if nothing was found, and `--only` or `--skip` left a part out or a part of settings was not checked |
| `gsec_finding` | `target`, `slug`, `severity` | number of findings; absent if there are none |
| `gsec_certificate_not_after_seconds` | `target`, `subject`, `serial` | expiry of a certificate, in seconds since 1970 |
";

/// The page.
pub fn to_markdown() -> String {
    let mut page = HEAD.to_owned();
    let entries: Vec<CatalogueEntry> = CatalogueEntry::all().collect();
    for (name, title) in groups() {
        page.push_str(&format!("\n## {title}\n"));
        let of_group = entries.iter().filter(|entry| entry.group == name);
        of_group.for_each(|entry| page.push_str(&section(entry)));
    }
    page
}

fn section(entry: &CatalogueEntry) -> String {
    let CatalogueEntry {
        slug,
        severity,
        title,
        why,
        remedy,
        source,
        ..
    } = entry;
    let source = source.map(|source| format!(" ({source})")).unwrap_or_default();
    format!("\n### `{slug}`\n\n{title}. *{severity}*{source}\n\n**Why.** {why}\n\n**Remedy.** {remedy}\n")
}
