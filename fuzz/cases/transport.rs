//! A `transport` value: read as the platform reads it, and written as it was meant, which is then right and stays.

use gsec_platform::transport::{
    Fixes, Lint, Platform, Release, Role, find, fix, is_secured, lint, named_files, parts,
};

/// Whether there is a part with a value.
pub fn check(input: &[u8]) -> bool {
    let value = String::from_utf8_lossy(input);
    let read = parts(&value);
    let length = value.chars().count();
    assert!(
        read.iter()
            .all(|part| part.start + part.raw.chars().count() <= length)
    );
    for part in &read {
        let is_first = part.effect.name() == "used";
        assert!(!is_first || find(&value, part.name) == part.value, "{value:?}");
    }
    for role in Role::ALL {
        for platform in Platform::ALL {
            let known = Lint {
                role: Some(role),
                platform: Some(platform),
                release: Some(Release::V76),
            };
            for place in lint(3, &value, 0, &known)
                .iter()
                .flat_map(|finding| &finding.places)
            {
                assert!(place.column <= length + 1, "{value:?}");
            }
        }
    }
    let _ = (is_secured(&value), named_files(&value));
    for (drop_shadowed, fix_names) in [(false, false), (true, true)] {
        let fixes = Fixes {
            drop_shadowed,
            fix_names,
        };
        let fixed = fix(&value, fixes);
        assert_eq!(fix(&fixed, fixes), fixed, "{value:?}");
        let left = lint(1, &fixed, 0, &Lint::default());
        assert!(
            !left.iter().any(|finding| finding.slug.contains("blank")),
            "{value:?}"
        );
    }
    read.iter().any(|part| part.value.is_some())
}
