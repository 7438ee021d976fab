//! A file of DB Server or Configuration Server: what is changed in it is what was asked for, and nothing else.

use gsec_platform::conf::{Conf, ConfFile, Replacement, applied, fix, is_conf, lint, set, unset};
use gsec_platform::text::Text;
use gsec_platform::transport::Fixes;

/// Whether it is such a file.
pub fn check(input: &[u8]) -> bool {
    let conf = read(input);
    let file = |name: &str, mode| ConfFile {
        name: name.into(),
        conf: conf.clone(),
        mode,
    };
    lint(&[file("a.cfg", Some(0o644)), file("b.cfg", None)]);
    if let Ok(fixed) = fix(&conf, Fixes::default()) {
        let change: Vec<Replacement> = fixed.into_iter().flat_map(|one| one.change).collect();
        let after = applied(input, &change).expect("a change of this file");
        assert_eq!(
            change.is_empty(),
            after == input || change.iter().all(|one| input[one.range.clone()] == one.bytes)
        );
        lint(&[ConfFile {
            name: "c.cfg".into(),
            conf: read(&after),
            mode: None,
        }]);
    }
    for (section, key) in [("dbserver", "port"), ("new", "key")] {
        let Ok(change) = set(&conf, section, key, "4333") else {
            continue;
        };
        let after = applied(input, &change).expect("a change of this file");
        let value = value(&after, section, key);
        assert_eq!(value.as_deref(), Some("4333"));
        assert!(unset(&read(&after), section, key).is_ok());
    }
    is_conf(&conf.text)
}

fn read(bytes: &[u8]) -> Conf {
    Conf::read(Text::decode(bytes))
}

fn value(bytes: &[u8], section: &str, key: &str) -> Option<String> {
    read(bytes).section(section)?.value(key).map(str::to_owned)
}
