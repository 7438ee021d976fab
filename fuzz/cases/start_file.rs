//! What starts a server: read as tokens, whatever it is.

use gsec_platform::start_file::{Around, StartFile, StartKind, lint};
use gsec_platform::text::Text;

/// Whether a command that starts a server was found.
pub fn check(input: &[u8]) -> bool {
    let text = Text::decode(input);
    let around = Around {
        has_tls: true,
        unsecured_ports: vec![2020],
    };
    let kinds = [StartKind::Shell, StartKind::Cmd, StartKind::Registry];
    let found = kinds.map(|kind| {
        let file = StartFile {
            name: "a".into(),
            kind,
            text: text.clone(),
        };
        let found = lint(&[file.clone(), file], &around);
        for place in found[0].iter().flat_map(|finding| &finding.places) {
            assert!(place.line <= text.lines.len());
        }
        found[0].iter().all(|finding| finding.slug != "start-nothing")
    });
    found.contains(&true)
}
