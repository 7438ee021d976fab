//! Ways of writing PEM.

/// Ways of writing one PEM block that gsec reads, by name.
pub fn written_oddly(block: &str) -> Vec<(&'static str, String)> {
    let lines: Vec<&str> = block.lines().collect();
    let (begin, body, end) = (lines[0], &lines[1..lines.len() - 1], lines[lines.len() - 1]);
    let text = |lines: &[&str]| lines.join("\n") + "\n";
    let (first, rest) = body.split_at(2);
    let indented = |lines: &[&str]| lines.iter().map(|line| format!("  {line}\n")).collect::<String>();
    let with = |inside: &[&str]| text(&[&[begin], inside, &[end]].concat());
    let spaced = body.iter().map(|line| format!("{line}  ")).collect::<Vec<_>>();
    let spaced: Vec<&str> = spaced.iter().map(String::as_str).collect();
    let mut forms = vec![
        ("as it was", block.to_owned()),
        ("all indented", indented(&lines)),
        ("in YAML", format!("tls: |\n{}", indented(&lines))),
        ("body indented", format!("{begin}\n{}{end}\n", indented(body))),
        ("BEGIN indented", format!("  {}", text(&lines))),
        (
            "END indented",
            text(&[&[begin], body].concat()) + "\t" + end + "\n",
        ),
        ("empty line inside", with(&[first, &[""], rest].concat())),
        ("blanks inside", with(&[first, &["   "], rest].concat())),
        ("empty line first", with(&[&[""], body].concat())),
        ("empty lines first and last", with(&[&[""], body, &[""]].concat())),
        ("empty line last", with(&[body, &[""]].concat())),
        ("two empty lines first", with(&[&["", ""], body].concat())),
        (
            "a privacy header",
            with(&[&["Proc-Type: 4,MIC-CLEAR", ""], body].concat()),
        ),
        (
            "another header",
            with(&[&["Comment: from the vault", ""], body].concat()),
        ),
        ("a form feed", text(&lines).replacen('\n', "\n\u{c}", 1)),
        ("blanks at the ends", with(&spaced)),
        ("carriage returns", block.replace('\n', "\r\n")),
        ("two carriage returns", block.replace('\n', "\r\r\n")),
        ("a byte order mark", format!("\u{feff}{block}")),
        ("hyphens before", format!("-----\n{block}")),
        ("one line", with(&[&body.concat()])),
        (
            "lines of 30",
            with(
                &body
                    .concat()
                    .as_bytes()
                    .chunks(30)
                    .map(|chunk| std::str::from_utf8(chunk).expect("ASCII"))
                    .collect::<Vec<_>>(),
            ),
        ),
        ("text around", format!("Subject: somebody\n{block}the end\n")),
    ];
    if begin.contains(" CERTIFICATE-") {
        let old = block.replace(" CERTIFICATE-", " X509 CERTIFICATE-");
        forms.push(("the old label", old));
    }
    forms
}
