//! Logs as they are written, and as whoever fills in a value can make them look.

use proptest::prelude::*;

use super::*;

fn rules(typed: &[&str]) -> Rules {
    let mut set = RuleSet::default();
    for typed in typed {
        match typed.strip_prefix("default ") {
            Some(action) => set.default = Action::parse(action),
            None => set.add_typed(typed).expect("a rule"),
        }
    }
    Rules::new(&[set], false).expect("rules")
}

fn with(typed: &[&str]) -> Settings {
    Settings {
        rules: rules(typed),
        ..Settings::default()
    }
}

fn run(settings: &Settings, log: &[u8], piece: usize) -> (Vec<u8>, Counts, bool) {
    let mut filter = LogFilter::new(settings.clone());
    let mut out = Vec::new();
    log.chunks(piece).for_each(|piece| filter.push(piece, &mut out));
    let counts = filter.finish(&mut out);
    (out, counts, filter.has_changed())
}

fn filtered(settings: &Settings, log: &str) -> String {
    let (out, ..) = run(settings, log.as_bytes(), 4096);
    String::from_utf8(out).expect("text")
}

/// `hidden, skipped, over-hidden`.
fn counts(settings: &Settings, log: &str) -> (u64, u64, u64) {
    let (_, counts, _) = run(settings, log.as_bytes(), 4096);
    (counts.hidden, counts.skipped, counts.over_hidden)
}

const GUIDE: &str = "message RequestSetCallInfo\n\tAttributeConsultType\t3\n\tAttributeOriginalConnID\t008b012ece62c8aa\n\
    \tAttributeUpdateRevision\t2752651\n\tAttributeUserData\t[111] 00 27 01 00\n\t\t'DNIS'\t\t'8410'\n\
    \t\t'PASSWORD'\t'1111111111'\n\t\t'RECORD_ID'\t'8313427'\n\tAttributeConnID\t008b012ece62c9bb\n";

#[test]
fn sample_of_the_guide() {
    let hidden = GUIDE.replace("1111111111", "****");
    for is_strict in [false, true] {
        let settings = Settings {
            is_strict,
            ..with(&["PASSWORD=hide"])
        };
        assert_eq!(filtered(&settings, GUIDE), hidden, "strict: {is_strict}");
    }
    assert_eq!(counts(&with(&["PASSWORD=hide"]), GUIDE), (1, 0, 0));
    let skipped = GUIDE.replace("\t\t'PASSWORD'\t'1111111111'\n", "");
    assert_eq!(filtered(&with(&["PASSWORD=skip"]), GUIDE), skipped);
    let all = filtered(&with(&["default hide", "DNIS=copy"]), GUIDE);
    assert_eq!(all, hidden.replace("8313427", "****"));
    assert_eq!(filtered(&with(&["default skip"]), GUIDE).lines().count(), 6);
}

#[test]
fn other_actions_on_texts_and_numbers() {
    let log = "\tAttributeUserData\t[9]\n\t\t'A'\t'8410'\n\t\t'B'\t8410\n";
    for (action, a, b) in [
        ("hide-first,2", "'**10'", "**10"),
        ("hide-last,2", "'84**'", "84**"),
        ("unhide-first,1", "'8***'", "8***"),
        ("unhide-last,1", "'***0'", "***0"),
        ("unhide-first,9", "'****'", "'****'"),
        ("hide", "'****'", "'****'"),
        ("tag(<#,#>)", "<#'8410'#>", "<#8410#>"),
    ] {
        let expected = log.replace("'8410'", a).replace("\t8410", &format!("\t{b}"));
        let settings = with(&[&format!("A={action}"), &format!("B={action}")]);
        assert_eq!(filtered(&settings, log), expected, "{action}");
        assert_eq!(filtered(&settings, &expected), expected, "{action} again");
    }
}

#[test]
fn nested_lists_take_the_strictest_action() {
    let log = "\tAttributeExtensions\t[9]\n\t\t'L'(list) 'A'\t'1'\n\t\t\t'B'\t2\n\t\t\t'M'(list) 'C'\t'3'\n\t\t\t\t'D'\t'4'\n\t\t\t'E'\t'5'\n\t\t'F'\t'6'\n";
    let cases: [(&[&str], &str); 7] = [
        (
            &["L=hide"],
            "\tAttributeExtensions\t[9]\n\t\t'L'(list) '****'\n\t\t'F'\t'6'\n",
        ),
        (&["L=skip"], "\tAttributeExtensions\t[9]\n\t\t'F'\t'6'\n"),
        (
            &["L=hide-first,1"],
            "\tAttributeExtensions\t[9]\n\t\t'L'(list) '****'\n\t\t'F'\t'6'\n",
        ),
        (
            &["M=hide"],
            "\tAttributeExtensions\t[9]\n\t\t'L'(list) 'A'\t'1'\n\t\t\t'B'\t2\n\t\t\t'M'(list) '****'\n\t\t\t'E'\t'5'\n\t\t'F'\t'6'\n",
        ),
        (
            &["A=hide", "D=skip"],
            "\tAttributeExtensions\t[9]\n\t\t'L'(list) 'A'\t'****'\n\t\t\t'B'\t2\n\t\t\t'M'(list) 'C'\t'3'\n\t\t\t'E'\t'5'\n\t\t'F'\t'6'\n",
        ),
        (
            &["A=skip"],
            "\tAttributeExtensions\t[9]\n\t\t'L'(list) \n\t\t\t'B'\t2\n\t\t\t'M'(list) 'C'\t'3'\n\t\t\t\t'D'\t'4'\n\t\t\t'E'\t'5'\n\t\t'F'\t'6'\n",
        ),
        (
            &["L=hide", "B=copy", "default copy"],
            "\tAttributeExtensions\t[9]\n\t\t'L'(list) '****'\n\t\t'F'\t'6'\n",
        ),
    ];
    for (typed, expected) in cases {
        assert_eq!(filtered(&with(typed), log), expected, "{typed:?}");
    }
    let line_of_lists =
        "\tAttributeUserData\t[9]\n\t\t'L'(list) 'M'(list) 'A'\t'1'\n\t\t\t\t'B'\t'2'\n\t\t\t'C'\t'3'\n";
    assert_eq!(
        filtered(&with(&["M=hide"]), line_of_lists),
        "\tAttributeUserData\t[9]\n\t\t'L'(list) 'M'(list) '****'\n\t\t\t'C'\t'3'\n"
    );
    let empty = "\tAttributeUserData\t[9]\n\t\t'L'(list) \n\t\t'A'\t'1'\n";
    assert_eq!(
        filtered(&with(&["L=hide"]), empty),
        "\tAttributeUserData\t[9]\n\t\t'L'(list) '****'\n\t\t'A'\t'1'\n"
    );
}

#[test]
fn without_indentation_the_rest_of_the_attribute_follows_a_hidden_list() {
    let log = "message EventRinging\nAttributeUserData\t[149] 00 01 03 00..\n'L'(list) 'A'\t'1'\n'B'\t'2'\nAttributeConnID\t7\n";
    let settings = with(&["L=hide"]);
    assert_eq!(
        filtered(&settings, log),
        "message EventRinging\nAttributeUserData\t[149] 00 01 03 00..\n'L'(list) '****'\nAttributeConnID\t7\n"
    );
    assert_eq!(counts(&settings, log), (1, 0, 1));
    assert_eq!(filtered(&with(&["B=hide"]), log), log.replace("'2'", "'****'"));
    let mixed =
        "\tAttributeUserData\t[9]\n\t\t'L'(list) 'A'\t'1'\n        'B'\t'2'\n \t\t'C'\t'3'\n\t\t'D'\t'4'\n";
    assert_eq!(
        filtered(&settings, mixed),
        "\tAttributeUserData\t[9]\n\t\t'L'(list) '****'\n\t\t'D'\t'4'\n"
    );
}

#[test]
fn sample_of_the_guide_without_indentation_and_with_blanks() {
    for (attribute, pair) in [("", ""), ("  ", "    "), ("", "\t"), ("\t", "\t\t\t")] {
        let log = GUIDE
            .replace("\n\t\t'", &format!("\n{pair}'"))
            .replace("\n\tAttribute", &format!("\n{attribute}Attribute"));
        assert_eq!(
            filtered(&with(&["PASSWORD=hide"]), &log),
            log.replace("1111111111", "****"),
            "{pair:?}"
        );
        let all = log
            .replace("1111111111", "****")
            .replace("8410", "****")
            .replace("8313427", "****");
        assert_eq!(filtered(&with(&["default hide"]), &log), all, "{pair:?}");
        assert_eq!(counts(&with(&["default hide"]), &log), (3, 0, 0));
    }
    let nested = "AttributeUserData\t[9]\n'L'(list) 'A'\t'1'\n'B'\t'2'\n";
    assert_eq!(
        filtered(&with(&["A=hide"]), nested),
        nested.replace("'1'", "'****'")
    );
}

#[test]
fn values_over_several_lines_follow_their_action() {
    let log =
        "\tAttributeReasons\t[9]\n\t\t'A'\t'one\ntwo\r\n\n\t\t\tthree'\n\t\t'B'\t'4'\n12:00:00.000 on\n";
    assert_eq!(
        filtered(&with(&["A=hide"]), log),
        "\tAttributeReasons\t[9]\n\t\t'A'\t'****'\n\t\t'B'\t'4'\n12:00:00.000 on\n"
    );
    assert_eq!(
        filtered(&with(&["A=skip"]), log),
        "\tAttributeReasons\t[9]\n\t\t'B'\t'4'\n12:00:00.000 on\n"
    );
    assert_eq!(filtered(&with(&["B=hide"]), log), log.replace("'4'", "'****'"));
    let partial = with(&["A=hide-first,1"]);
    assert_eq!(filtered(&partial, log), filtered(&with(&["A=hide"]), log));
    assert_eq!(counts(&partial, log), (0, 0, 1));
    let strict = Settings {
        is_strict: true,
        ..with(&["A=hide"])
    };
    assert_eq!(
        filtered(&strict, log),
        "\tAttributeReasons\t[9]\n\t\t'A'\t'****'\n12:00:00.000 on\n"
    );
}

#[test]
fn what_belongs_to_no_pair_goes_with_the_last_one() {
    let log = "\tAttributeUserData\t[9]\n\t\t'A'\t'1'\nmore\n\t\t'B'\t'2'\nmore\n";
    assert_eq!(
        filtered(&with(&["A=hide"]), log),
        "\tAttributeUserData\t[9]\n\t\t'A'\t'****'\n\t\t'B'\t'2'\nmore\n"
    );
    let binary = "\tAttributeUserData\t[9]\n\t\t'A'\t(binary) 01 02\n\t\t  03 04\n\t\t'B'\t'2'\n";
    assert_eq!(
        filtered(&with(&["A=hide"]), binary),
        "\tAttributeUserData\t[9]\n\t\t'A'\t'****'\n\t\t'B'\t'2'\n"
    );
}

#[test]
fn line_that_is_no_pair_is_hidden_where_its_key_or_everything_is() {
    let odd = [
        "\t\tPASSWORD\t'SECRET'",
        "\t\t\"PASSWORD\"\t\"SECRET\"",
        "\t\t'PASSWORD\t'SECRET'",
        "\t\tPASSWORD=SECRET",
        "\u{a0}'PASSWORD'\t'SECRET'",
        "\t\t'PASSWORD'\u{a0}'SECRET'",
        "\0\t\t'PASSWORD'\t'SECRET'",
        "\u{b}'PASSWORD'\t'SECRET'",
        "[PASSWORD]: SECRET",
        "\t\t'PASSWORD\tSECRET'",
        "\t\t'PASSWORD SECRET'",
        "\t\t'PASSWORD=SECRET'",
        "\t\t'PASSWORD 'SECRET' 5",
    ];
    for line in odd {
        for first in ["\t\t'B'\t'2'\n", "\t\t'B'\t2\n", ""] {
            let log = format!("\tAttributeUserData\t[9]\n{first}{line}\n\t\t'C'\t'3'\n12:00:00.000 on\n");
            let expected = log.replace(&format!("{line}\n"), "");
            for typed in [
                &["PASSWORD=hide"][..],
                &["PASSWORD=skip"],
                &["default hide", "B=copy", "C=copy"],
            ] {
                assert_eq!(filtered(&with(typed), &log), expected, "{line:?} {typed:?}");
                assert_eq!(counts(&with(typed), &log), (0, 0, 1), "{line:?} {typed:?}");
            }
        }
    }
    let text = "\tAttributeUserData\t[9]\n\t\t'B'\t'one PASSWORD\ntwo PASSWORD\nthree'\n\n\t\t'C'\t'3'\n";
    for typed in [&["PASSWORD=hide"][..], &["default hide", "B=copy", "C=copy"]] {
        assert_eq!(
            filtered(&with(typed), text),
            text,
            "a text that stays, over several lines"
        );
    }
    let other = "\tAttributeUserData\t[9]\n\t\t'B'\t'2'\nOLDPASSWORDS\n";
    assert_eq!(
        filtered(&with(&["PASSWORD=hide"]), other),
        other,
        "a part of a longer word"
    );
}

#[test]
fn text_of_a_line_that_is_no_pair_goes_on_in_the_next_lines() {
    for line in [
        "\t\tPASSWORD 'SECRET",
        "\t\t\"PASSWORD\" [str] = \"SECRET",
        "\t\tPASSWORD=SECRET 'it's SECRET",
        "\t\t'PASSWORD'\n\t\t'SECRET",
        "\t\t'PASSWORD' s'\t'SECRET",
        "\t\t'PASSWORD' [str = \"SECRET",
        "\t\t'PASSWORD' [x] = y \"SECRET",
    ] {
        let quote = if line.contains('"') { '"' } else { '\'' };
        for forged in [
            "12:00:00.000 x",
            "\t\t\tAttributeX\t5",
            "AttributeX\t5",
            "message x",
            "x",
        ] {
            let log = format!("\tAttributeUserData\t[9]\n{line}\n{forged}\nSECRET{quote}\n\t\t'B'\t'2'\n");
            for typed in [&["PASSWORD=hide"][..], &["default hide", "B=copy"]] {
                let out = filtered(&with(typed), &log);
                assert!(
                    !out.contains("SECRET") && out.ends_with("\t\t'B'\t'2'\n"),
                    "{typed:?} {log} {out}"
                );
            }
        }
    }
}

#[test]
fn pair_with_a_quote_missing_shows_nothing_of_its_value() {
    let settings = with(&["default hide", "B=copy"]);
    for line in [
        "\t\t'A [str] = \"SECRET' [str] = \"2\"",
        "\t\t'A\t[str] = SECRET' [str] = \"2\"",
    ] {
        let log = format!("\tUserData [x] = KVList: \n{line}\n\t\t'B' [int] = 2\n");
        assert_eq!(
            filtered(&settings, &log),
            "\tUserData [x] = KVList: \n\t\t'B' [int] = 2\n"
        );
    }
    let list = "\tAttributeUserData\t[9]\n\t\t'A\t'SECRET'(list) 'B'\t'1'\n\t\t'B'\t'2'\n";
    assert_eq!(
        filtered(&settings, list),
        "\tAttributeUserData\t[9]\n\t\t'B'\t'2'\n"
    );
    let named = "\tAttributeUserData\t[9]\n\t\t'card number'\t'1'\n";
    assert_eq!(
        filtered(&with(&["default hide"]), named),
        named.replace("'1'", "'****'")
    );
    assert_eq!(
        filtered(&with(&["card number=hide"]), named),
        named.replace("'1'", "'****'")
    );
}

#[test]
fn keys_with_quotes_and_blanks_in_them() {
    let settings = with(&["it' s=hide", "O'Brien=hide"]);
    for line in [
        "\t\t'it' s'\t'SECRET'",
        "\t\t'O'Brien'\t'SECRET'",
        "\t\t'it' s'(list) 'A'\t'SECRET'",
    ] {
        let log = format!("\tAttributeUserData\t[9]\n{line}\n\t\t'B'\t'2'\n");
        let out = filtered(&settings, &log);
        assert!(
            !out.contains("SECRET") && out.ends_with("\t\t'B'\t'2'\n"),
            "{out}"
        );
    }
    for line in [
        "\t\t'it' s' [str] = \"SECRET\"",
        "got KVList: 'it' s' [str] = \"SECRET\"",
    ] {
        let log = format!("\tUserData [x] = KVList: \n{line}\n\t\t'B' [int] = 2\n");
        let out = filtered(&settings, &log);
        assert!(
            !out.contains("SECRET") && out.ends_with("\t\t'B' [int] = 2\n"),
            "{out}"
        );
    }
}

#[test]
fn lines_that_end_in_a_cr_alone() {
    let hidden = GUIDE.replace("1111111111", "****");
    let settings = with(&["PASSWORD=hide"]);
    for (log, expected) in [(GUIDE, hidden.as_str()), (&hidden, &hidden)] {
        for end in ["\r", "\r\r\n", "\n\r"] {
            let (log, expected) = (log.replace('\n', end), expected.replace('\n', end));
            for piece in [1, 2, 3, 4096] {
                let (out, counts, has_changed) = run(&settings, log.as_bytes(), piece);
                assert_eq!(String::from_utf8_lossy(&out), expected, "{end:?} {piece}");
                assert_eq!((counts.over_hidden, has_changed), (0, log != expected));
            }
        }
    }
}

#[test]
fn byte_order_mark_before_the_first_line() {
    let log = "\u{feff}\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'1111'\n12:00:00.000\n\u{feff}x\n";
    let settings = Settings {
        header: Header::Mask,
        ..with(&["PASSWORD=hide"])
    };
    let expected = log.replace("1111", "****").replace("[9]", "[***] ** ** ** **");
    for piece in [1, 4096] {
        let (out, counts, _) = run(&settings, log.as_bytes(), piece);
        assert_eq!(String::from_utf8_lossy(&out), expected);
        assert_eq!(counts.lists, 1);
    }
}

#[test]
fn cr_alone_in_a_value_does_not_end_it() {
    let settings = with(&["PASSWORD=hide"]);
    for value in [
        "'one\rSECRET'",
        "'one'\r\t\t'FREE'\t'SECRET'",
        "'\r\rSECRET\r12:00:00.000 SECRET'",
        "5\rSECRET'",
        "'one'\r'A'\r",
    ] {
        let log = format!(
            "x\n\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t{value}\r\n\t\t'B'\t'2'\r3\n12:00:00.000 on\n"
        );
        for piece in [1, 4096] {
            let (out, _, _) = run(&settings, log.as_bytes(), piece);
            let out = String::from_utf8(out).expect("text");
            assert!(
                !out.contains("SECR") && out.ends_with("12:00:00.000 on\n"),
                "{out:?}"
            );
            assert_eq!(filtered(&settings, &out), out);
        }
    }
    let elsewhere = "x\rmore\n10%\r20%\r\n\r";
    assert_eq!(filtered(&settings, elsewhere), elsewhere);
    let list = "x\n\tAttributeUserData\t[9]\r\t\t'A'\t'1'\r\t\t'PASSWORD'\t'1'\n";
    assert_eq!(
        filtered(&settings, list),
        list.replace("PASSWORD'\t'1'", "PASSWORD'\t'****'")
    );
}

#[test]
fn rules_without_a_pair_are_known() {
    let unused = |typed: &[&str], log: &str| {
        let mut filter = LogFilter::new(with(typed));
        filter.push(log.as_bytes(), &mut Vec::new());
        filter.finish(&mut Vec::new());
        filter.unused_keys()
    };
    assert_eq!(
        unused(&["PASSWORD=hide", "PASSWORT=hide", "DNIS=copy"], GUIDE),
        ["PASSWORT"]
    );
    let nested = "\tAttributeUserData\t[9]\n\t\t'L'(list) 'A'\t'1'\n\t\t\t'B'\t'2'\n\tX [y] = KVList: 'C' [int] = 5 'D' [int] = 6\n";
    assert!(unused(&["L=hide", "A=copy", "B=skip", "C=hide", "D=hide"], nested).is_empty());
    assert!(unused(&["A=copy"], "").is_empty(), "nothing is filtered at all");
}

#[test]
fn lists_end_where_the_message_goes_on() {
    let list = "\tAttributeUserData\t[9]\n\t\t'A'\t'1'\n";
    for after in [
        "\tAttributeConnID\t'A'\n",
        "AttributeConnID\t5\n",
        "message EventX\n",
        "request to 65200(T) message X\n",
        "received from 65200(T) message X\n",
        "@12:00:00.0001 [0]\n",
        "12:00:00.000 on\n",
        "2026-11-29T12:00:00.000 on\n",
    ] {
        let log = format!("{list}{after}more of it\n");
        assert_eq!(
            filtered(&with(&["default skip", "A=copy"]), &log),
            log,
            "after {after} it is no list"
        );
        let second = format!("{list}{after}{list}");
        assert_eq!(
            run(&with(&["PASSWORD=hide"]), second.as_bytes(), 7).1.lists,
            2,
            "{after}"
        );
    }
    let deeper = format!("{list}\t\t\tAttributeConnID\t5\n\t\t'PASSWORD'\t'1'\n");
    assert_eq!(
        filtered(&with(&["PASSWORD=hide"]), &deeper),
        deeper.replace("'PASSWORD'\t'1'", "'PASSWORD'\t'****'")
    );
}

#[test]
fn only_attributes_that_are_named_are_filtered() {
    let log = "\tAttributeUserData\t[9]\n\t\t'A'\t'1'\n\tAttributeCallData\t[9]\n\t\t'A'\t'2'\n";
    assert_eq!(filtered(&with(&["A=hide"]), log), log.replace("'1'", "'****'"));
    let named = Settings {
        attributes: Attributes::Named(vec!["CallData".into()]),
        ..with(&["A=hide"])
    };
    assert_eq!(filtered(&named, log), log.replace("'2'", "'****'"));
}

#[test]
fn heads_are_masked_on_request() {
    let masked = Settings {
        header: Header::Mask,
        ..with(&["PASSWORD=hide"])
    };
    let expected = GUIDE
        .replace("1111111111", "****")
        .replace("[111] 00 27 01 00", "[***] ** ** ** **");
    assert_eq!(filtered(&masked, GUIDE), expected);
    assert_eq!(filtered(&masked, &expected), expected);
    let (_, counts, _) = run(&masked, GUIDE.as_bytes(), 64);
    assert_eq!(counts.shown_heads, 0);
    let (_, counts, _) = run(&with(&["PASSWORD=hide"]), GUIDE.as_bytes(), 64);
    assert_eq!(counts.shown_heads, 1);
    let all_copied = Settings {
        header: Header::Mask,
        ..Settings::default()
    };
    assert_eq!(
        filtered(&all_copied, GUIDE),
        GUIDE.replace("[111] 00 27 01 00", "[***] ** ** ** **")
    );
}

#[test]
fn log_that_begins_in_the_middle_of_a_list() {
    let log = "\t\t'PASSWORD'\t'1111'\n\t\t'B'\t'2'\n\tAttributeConnID\t7\n";
    assert_eq!(
        filtered(&with(&["PASSWORD=hide"]), log),
        log.replace("1111", "****")
    );
}

#[test]
fn lists_of_the_platform_sdk() {
    let log = "2026-11-29 12:00:00.000 'EventRinging' (60) attributes:\n\tThisDN [str] = \"1\"\n\tUserData [KVList] = KVList: \n\
        \t\t'PASSWORD' [str] = \"1111\"\n\t\t'N' [int] = 5\n\t\t'L' [lst] = KVList: \n\t\t\t'X' [str] = \"x\"\n\t\t'E' [str] = \"e\nf\"\n\tOtherDN [str] = \"2\"\n";
    let hidden = |typed: &[&str], from: &str, to: &str| {
        let expected = log.replace(from, to);
        assert_ne!(expected, log);
        assert_eq!(filtered(&with(typed), log), expected, "{typed:?}");
        assert_eq!(filtered(&with(typed), &expected), expected, "{typed:?} again");
    };
    hidden(
        &["PASSWORD=hide"],
        "'PASSWORD' [str] = \"1111\"",
        "'PASSWORD' [output suppressed]",
    );
    hidden(&["N=hide"], "'N' [int] = 5", "'N' [output suppressed]");
    hidden(&["N=skip"], "\t\t'N' [int] = 5\n", "");
    hidden(&["PASSWORD=unhide-last,1"], "\"1111\"", "\"***1\"");
    hidden(&["PASSWORD=tag(<!--,-->)"], "\"1111\"", "<!--\"1111\"-->");
    hidden(
        &["L=hide"],
        "'L' [lst] = KVList: \n\t\t\t'X' [str] = \"x\"\n",
        "'L' [output suppressed]\n",
    );
    hidden(&["X=hide"], "'X' [str] = \"x\"", "'X' [output suppressed]");
    hidden(&["E=hide"], "'E' [str] = \"e\nf\"", "'E' [output suppressed]");
    let others = Settings {
        attributes: Attributes::Named(vec!["Extensions".into()]),
        ..with(&["default hide"])
    };
    assert_eq!(filtered(&others, log), log);
}

#[test]
fn lists_of_the_platform_sdk_on_one_line() {
    let log = "12:00:00.000 got KVList: 'A' [str] = \"1\" 'PASSWORD' [str] = \"2\" 'B' [str] = \"3\"\n12:00:01.000 next\n";
    let settings = with(&["PASSWORD=hide"]);
    assert_eq!(
        filtered(&settings, log),
        "12:00:00.000 got KVList: 'A' [str] = \"1\" 'PASSWORD' [output suppressed]\n12:00:01.000 next\n"
    );
    assert_eq!(counts(&settings, log), (1, 0, 1));
    let text = "\tX [str] = KVList: \n\t\t'A' [str] = \"[KVList: 'PASSWORD' [str] = \"2\" 'B' [str] = \"3\"]\"\n\t\t'C' [str] = \"4\"\n";
    assert_eq!(
        filtered(&settings, text),
        "\tX [str] = KVList: \n\t\t'A' [str] = \"[KVList: 'PASSWORD' [output suppressed]\n\t\t'C' [str] = \"4\"\n"
    );
    let alone = "12:00:00.000 set 'PASSWORD' [str] = \"2\"\n";
    assert_eq!(
        filtered(&settings, alone),
        "12:00:00.000 set 'PASSWORD' [output suppressed]\n"
    );
}

#[test]
fn format_that_is_chosen_is_the_only_one() {
    let tlib = Settings {
        format: Format::Tlib,
        ..with(&["PASSWORD=hide"])
    };
    let psdk = Settings {
        format: Format::Psdk,
        ..with(&["PASSWORD=hide"])
    };
    let sdk_line = "x 'PASSWORD' [str] = \"2\"\n";
    assert_eq!(filtered(&tlib, sdk_line), sdk_line);
    assert_eq!(filtered(&psdk, GUIDE), GUIDE);
}

#[test]
fn values_cannot_imitate_what_ends_them() {
    let settings = with(&["PASSWORD=hide"]);
    for forged in [
        "\tAttributeThisDN SECRETS",
        "\tAttributeThisDN\t5\nSECRETS",
        "\t\tAttributeThisDN\t'SECRETS",
        "AttributeThisDN\t'SECRETS",
        "\tAttributeThisDN\t5\n\tAttributeX\tSECRETS",
        "message SECRETS",
        "request to SECRETS\nmore SECRETS",
        "12:00:00.000 SECRETS",
        "12:00:00.000 on\nSECRETS",
        "12:00:00.000 SECRETS\nSECRETS",
        "12:00:00.000 SECRETS\n\nSECRETS",
        "\tAttributeX\tSECRETS\nSECRETS",
        "@12:00:00 on\nmore\n\t\t'A'\tSECRETS",
        "\t\t'A'\t'SECRETS",
        "\0SECRETS\0",
        "\rSECRETS\r",
        "' SECRETS",
        "'\tSECRETS",
        "\n\n\nSECRETS",
        "it's SECRETS's",
    ] {
        let log = format!(
            "12:00:00.000 x\n\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'one\n{forged}'\n\t\t'B'\t'2'\n\tAttributeConnID\t7\n12:00:01.000 next\n"
        );
        for piece in [1, 7, 4096] {
            let (out, ..) = run(&settings, log.as_bytes(), piece);
            let out = String::from_utf8(out).expect("text");
            assert!(!out.contains("SECR"), "{forged:?}: {out}");
            assert!(out.ends_with("12:00:01.000 next\n"), "{forged:?}: {out}");
        }
    }
}

#[test]
fn copied_value_cannot_end_the_list_for_the_pairs_after_it() {
    for end in [
        "\tAttributeThisDN\t'9001'",
        "12:00:00.000 x",
        "message EventX",
        "@12:00:00",
        "\tAttributeThisDN\t5\n12:00:00.000 x\nmore",
    ] {
        for (typed, name) in [
            (&["PASSWORD=hide"][..], "PASSWORD"),
            (&["default hide", "NOTE=copy"], "ANY"),
            (&["L=hide"], "L"),
            (&["PASSWORD=skip"], "PASSWORD"),
        ] {
            let value = if name == "L" {
                "(list) 'X'\t'SECRET'\n\t\t\t'Y'"
            } else {
                ""
            };
            let log = format!(
                "\tAttributeUserData\t[9]\n\t\t'NOTE'\t'abc'\n{end}\n\t\t'{name}'{value}\t'SECRET'\n\t\t'NOTE'\t'2'\n"
            );
            let out = filtered(&with(typed), &log);
            assert!(
                !out.contains("SECRET") && out.ends_with("'NOTE'\t'2'\n"),
                "{typed:?} {out}"
            );
        }
    }
    let elsewhere = "'quoted' words\n  'quoted' words\n";
    assert_eq!(filtered(&with(&["PASSWORD=hide"]), elsewhere), elsewhere);
}

#[test]
fn pair_that_is_deeper_than_a_hidden_one_may_be_a_part_of_its_value() {
    let log = "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'x'\n\t\t\t'B'\t'SECRET'\n\t\t'C'\t'1'\n";
    assert_eq!(
        filtered(&with(&["PASSWORD=hide"]), log),
        "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'****'\n\t\t'C'\t'1'\n"
    );
}

#[test]
fn strict_filter_believes_times_only() {
    let log = "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'one\n\tAttributeThisDN\t'SECRETS'\n\t\t'A'\t'SECRETS'\nmessage SECRETS\n12:00:00.000 next\n";
    let strict = Settings {
        is_strict: true,
        ..with(&["PASSWORD=hide"])
    };
    assert_eq!(
        filtered(&strict, log),
        "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'****'\n12:00:00.000 next\n"
    );
    let closed =
        "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'one'\n\tAttributeThisDN\t'SECRETS'\n12:00:00.000 next\n";
    assert_eq!(
        filtered(&strict, closed),
        "\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'****'\n12:00:00.000 next\n"
    );
}

#[test]
fn hidden_pair_inside_of_a_copied_value_is_hidden() {
    let settings = with(&["PASSWORD=hide"]);
    for line in [
        "\t\t'A'\t'x'\t'PASSWORD'\t'SECRET'",
        "\t\t'A'\t'open\n\t\t'PASSWORD'\t'SECRET'",
        "\t\t'A'\t'open\nx 'PASSWORD' 'SECRET'",
        "\t\t'PASSWORD'\n\t\t'SECRET'",
        "\t\t'PASSWORD'\nSECRET",
        "\t\tx 'PASSWORD'\t'SECRET'",
    ] {
        let log = format!("\tAttributeUserData\t[9]\n{line}\n\t\t'B'\t'2'\n");
        let out = filtered(&settings, &log);
        assert!(
            !out.contains("SECRET") && out.ends_with("\t\t'B'\t'2'\n"),
            "{out}"
        );
    }
}

#[test]
fn lines_beyond_the_bound_are_hidden_whole_in_lists_and_untouched_elsewhere() {
    let bounded = Settings {
        max_line: 64,
        ..with(&["PASSWORD=hide"])
    };
    let long = "S".repeat(300);
    let log = format!(
        "x{long}\r\n\tAttributeUserData\t[9]\r\n\t\t'PASSWORD'\t'{long}'\r\n\t\t'A'\t'{long}'\r\n{long}\r\n\t\t'B'\t'2'\r\n12:00:00.000 {long}\r\n"
    );
    let expected = format!(
        "x{long}\r\n\tAttributeUserData\t[9]\r\n\t\t'PASSWORD'\t'****'\r\n\t\t'A'\t'****'\r\n\t\t'B'\t'2'\r\n12:00:00.000 {long}\r\n"
    );
    for piece in 1..=64 {
        let (out, counts, _) = run(&bounded, log.as_bytes(), piece);
        assert_eq!(String::from_utf8(out).expect("text"), expected, "{piece}");
        assert_eq!((counts.hidden, counts.over_hidden), (1, 1));
    }
    let sdk = format!("{long} KVList: 'PASSWORD' [str] = \"SECRET{long}\"\nx\n12:00:00.000 on\n");
    let (out, ..) = run(&bounded, sdk.as_bytes(), 5);
    assert_eq!(
        String::from_utf8(out).expect("text"),
        format!("{long} KVList:\n12:00:00.000 on\n")
    );
}

#[test]
fn memory_is_bounded() {
    let mut filter = LogFilter::new(Settings {
        max_line: 1000,
        ..with(&["PASSWORD=hide"])
    });
    let mut out = Vec::new();
    filter.push(b"\tAttributeUserData\t[9]\n\t\t'PASSWORD'\t'", &mut out);
    for _ in 0..10_000 {
        filter.push(&[b'Z'; 1000], &mut out);
        assert!(out.len() < 1000);
    }
    for depth in 0..10_000 {
        filter.push(
            format!("\n{}'L{depth}'(list) 'A'\t'1'", "\t".repeat(depth % 500)).as_bytes(),
            &mut out,
        );
    }
    filter.finish(&mut out);
    assert!(!out.contains(&b'Z'));
}

#[test]
fn what_was_changed_is_known() {
    let changed = |log: &str| run(&with(&["PASSWORD=hide"]), log.as_bytes(), 9).2;
    assert!(changed(GUIDE) && !changed(&GUIDE.replace("1111111111", "****")) && !changed("x\n"));
}

/// A log in which what is to be hidden consists of capital letters only, and nothing else does.
fn random_log() -> impl Strategy<Value = String> {
    let secret = || "[A-Z]{4,12}";
    let inside = prop_oneof![
        secret().prop_map(|s| s),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}\n{two}")),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}\n\n \t{two}\r")),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}\nmessage {two}")),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}\n\t\t\tAttributeX\t5\n{two}")),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}\n12:00:00.000 x\n{two}")),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}'x\0{two}")),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}\"x\u{fffd}{two}")),
        (secret(), secret()).prop_map(|(one, two)| format!("{one}\n\t\t'q'\t'{two}")),
    ];
    let tabs = 2..4usize;
    let tlib = prop_oneof![
        (tabs.clone(), inside.clone())
            .prop_map(|(tabs, value)| format!("{}'pin'\t'{value}'\n", "\t".repeat(tabs))),
        (tabs.clone(), "[a-z0-9 ]{0,8}")
            .prop_map(|(tabs, value)| format!("{}'open'\t\t'{value}'\n", "\t".repeat(tabs))),
        (tabs.clone(), 0..99999u32)
            .prop_map(|(tabs, value)| format!("{}'num'\t{value}\n", "\t".repeat(tabs))),
        (tabs.clone(), inside.clone())
            .prop_map(|(tabs, value)| format!("{}'list'(list) 'a'\t'{value}'\n", "\t".repeat(tabs))),
        tabs.clone()
            .prop_map(|tabs| format!("{}'free'(list) 'b'\t'x'\n", "\t".repeat(tabs))),
        (tabs, inside.clone()).prop_map(|(tabs, value)| format!("{}'gone'\t'{value}'\n", "\t".repeat(tabs))),
    ];
    let sdk_value = inside.prop_map(|value| value.replace('"', ""));
    let psdk = prop_oneof![
        sdk_value
            .clone()
            .prop_map(|value| format!("\t\t'pin' [str] = \"{value}\"\n")),
        "[a-z]{0,5}".prop_map(|value| format!("\t\t'open' [str] = \"{value}\"\n")),
        sdk_value.prop_map(|value| format!("\t\t'list' [lst] = KVList: \n\t\t\t'a' [str] = \"{value}\"\n")),
    ];
    let between = prop_oneof![
        Just("12:00:00.000 on\n".to_owned()),
        Just("@12:00:00.0001\r\n\n".to_owned()),
        Just("message x\n\tAttributeThisDN\t'9001'\n".to_owned()),
    ];
    let message = (
        between,
        prop_oneof![
            prop::collection::vec(tlib, 0..6)
                .prop_map(|pairs| format!("\tAttributeUserData\t[9] 00 01\n{}", pairs.concat())),
            prop::collection::vec(psdk, 0..5)
                .prop_map(|pairs| format!("\tUserData [x] = KVList: \n{}", pairs.concat())),
        ],
        prop_oneof![
            Just(""),
            Just("\tAttributeConnID\t7\n"),
            Just("12:01:00.000 end\n")
        ],
    );
    prop::collection::vec(
        message.prop_map(|(before, list, after)| format!("{before}{list}{after}")),
        1..5,
    )
    .prop_map(|messages| messages.concat())
}

/// A list in which nothing is odd, and what is left of it when `pin` is hidden, `gone` skipped, and `list` hidden with all that is in it.
fn plain_list() -> impl Strategy<Value = (String, String, u64)> {
    #[derive(Debug, Clone)]
    enum Node {
        Pair(&'static str, String),
        List(&'static str, Vec<Node>),
    }
    fn print(nodes: &[Node], depth: usize, is_first_on_line: bool, out: &mut String) {
        for (at, node) in nodes.iter().enumerate() {
            if at > 0 || is_first_on_line {
                out.push_str(&"\t".repeat(depth));
            }
            match node {
                Node::Pair(key, value) => out.push_str(&format!("'{key}'\t{value}\n")),
                Node::List(key, inside) => {
                    out.push_str(&format!("'{key}'(list) "));
                    if inside.is_empty() {
                        out.push('\n');
                    }
                    print(inside, depth + 1, false, out);
                }
            }
        }
    }
    /// Without what is skipped; a list whose first pair is skipped keeps its line.
    fn expect(nodes: &[Node], depth: usize, is_first_on_line: bool, out: &mut String, hidden: &mut u64) {
        for (at, node) in nodes.iter().enumerate() {
            let is_on_line_of_list = at == 0 && !is_first_on_line;
            let indent = if is_on_line_of_list {
                String::new()
            } else {
                "\t".repeat(depth)
            };
            match node {
                Node::Pair("gone", _) if is_on_line_of_list => out.push('\n'),
                Node::Pair("gone", _) => {}
                Node::Pair("pin", _) => {
                    *hidden += 1;
                    out.push_str(&format!("{indent}'pin'\t'****'\n"));
                }
                Node::Pair(key, value) => out.push_str(&format!("{indent}'{key}'\t{value}\n")),
                Node::List("list", _) => {
                    *hidden += 1;
                    out.push_str(&format!("{indent}'list'(list) '****'\n"));
                }
                Node::List(key, inside) => {
                    out.push_str(&format!("{indent}'{key}'(list) "));
                    if inside.is_empty() {
                        out.push('\n');
                    }
                    expect(inside, depth + 1, false, out, hidden);
                }
            }
        }
    }
    let value = prop_oneof!["'[a-z0-9 ]{0,6}'", "[0-9]{1,5}"];
    let pair = (prop::sample::select(vec!["pin", "gone", "open", "dnis"]), value)
        .prop_map(|(key, value)| Node::Pair(key, value));
    let node = pair.prop_recursive(4, 24, 4, |inner| {
        let key = prop::sample::select(vec!["list", "free"]);
        (key, prop::collection::vec(inner, 0..4)).prop_map(|(key, inside)| Node::List(key, inside))
    });
    prop::collection::vec(node, 0..6).prop_map(|nodes| {
        let (mut log, mut expected, mut hidden) = (String::new(), String::new(), 0);
        print(&nodes, 2, true, &mut log);
        expect(&nodes, 2, true, &mut expected, &mut hidden);
        (log, expected, hidden)
    })
}

fn secret_run(out: &[u8]) -> Option<String> {
    let runs = out.split(|byte| !byte.is_ascii_uppercase());
    runs.map(|run| String::from_utf8_lossy(run).into_owned())
        .find(|run| run.len() >= 4)
        // Names of the formats themselves.
        .filter(|run| run != "DNIS")
}

/// What matters to the filter, and what does not.
const PIECES: &[&[u8]] = &[
    b"\tAttributeUserData\t[1]",
    b"'p'\t",
    b"'",
    b"\"",
    b"\n",
    b"\r",
    b"\t",
    b"(list) ",
    b"'p' [str] = ",
    b"KVList:",
    b"12:00:00.000",
    b"\xff\0",
    b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn copying_all_is_the_identity(log in prop::collection::vec(any::<u8>(), 0..400), piece in 1..64usize) {
        prop_assert_eq!(run(&Settings::default(), &log, piece).0, log);
    }

    #[test]
    fn bytes_outside_of_lists_are_untouched(log in prop::collection::vec(any::<u8>(), 0..400), piece in 1..64usize) {
        let settings = with(&["default hide"]);
        let tame: Vec<u8> = log.into_iter().filter(|byte| *byte != b'\'').collect();
        prop_assert_eq!(run(&settings, &tame, piece).0, tame);
    }

    #[test]
    fn no_marked_secret_comes_through(log in random_log(), piece in 1..64usize, is_strict in any::<bool>(), ends in "\n|\r\n") {
        let settings = Settings { is_strict, ..with(&["pin=hide", "list=hide", "gone=skip", "q=hide"]) };
        let log = log.replace('\n', &ends);
        let (out, counts, _) = run(&settings, log.as_bytes(), piece);
        prop_assert!(secret_run(&out).is_none(), "{:?}\n{}\n--\n{}", counts, log, String::from_utf8_lossy(&out));
        let whole = run(&settings, log.as_bytes(), 1 << 20);
        prop_assert_eq!((&whole.0, whole.1), (&out, counts), "wherever the pieces end");
        let again = run(&settings, &out, piece);
        prop_assert_eq!(String::from_utf8_lossy(&again.0), String::from_utf8_lossy(&out), "filtered again, of\n{}", log);
    }

    #[test]
    fn list_in_which_nothing_is_odd_loses_only_what_the_rules_say((list, expected, hidden) in plain_list(), piece in 1..64usize, is_strict in any::<bool>()) {
        let around = |list: &str| format!("12:00:00.000 x\n\tAttributeUserData\t[9] 00 01\n{list}12:00:01.000 x\n\tAttributeReasons\t[9]\n{list}@12:00:02\n");
        let settings = Settings { is_strict, ..with(&["pin=hide", "gone=skip", "list=hide"]) };
        let (out, counts, _) = run(&settings, around(&list).as_bytes(), piece);
        prop_assert_eq!(String::from_utf8_lossy(&out), around(&expected));
        prop_assert_eq!((counts.hidden, counts.over_hidden, counts.lists), (2 * hidden, 0, 2));
    }

    #[test]
    fn filtering_again_changes_nothing(
        lines in prop::collection::vec(prop_oneof![
            Just("\tAttributeUserData\t[9] 00"), Just("AttributeReasons [1]"), Just("\tUserData [x] = KVList: "), Just("\t\t'p'\t'1"),
            Just("\t\t'p'\t'1'"), Just("'p'"), Just("\t\t'k'\t5"), Just("\t\t'k'(list) 'p'\t'1'"), Just("\t\t\t'p'(list) 'k'(list) 'x'\t'1'"),
            Just("x'"), Just("x"), Just(""), Just("12:00:00.000 x"), Just("12:00:00.000 x'"), Just("message x"), Just("\tAttributeX\t'1'"),
            Just("\tAttributeX 1'"), Just("\t\t'p' [str] = \"1\""), Just("\t\t'p' [str] = \"1"), Just("\t\t'k' = KVList: "), Just("y\""),
            Just("x KVList: 'k' [int] = 5 'p' [int] = 6 'x' [int] = 7"), Just("  'k'\t'p' '1'"), Just("\t\t's'\t'1'"), Just("\t'h'\t'12345'"),
            Just("\t\t't'\t'1'"), Just("\t\t'h' [int] = 12345"), Just("\tOther [int] = 5"),
        ], 0..14),
        is_strict in any::<bool>(), masks in any::<bool>(), default in prop_oneof![Just("default copy"), Just("default hide"), Just("default skip")],
    ) {
        let settings = Settings {
            is_strict,
            header: if masks { Header::Mask } else { Header::Keep },
            ..with(&[default, "p=hide", "s=skip", "h=hide-first,2", "t=tag(<#,#>)", "k=copy"])
        };
        let log = lines.join("\n");
        let (once, ..) = run(&settings, log.as_bytes(), 1 << 20);
        let (twice, _, has_changed) = run(&settings, &once, 1 << 20);
        prop_assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once), "of\n{}", log);
        prop_assert!(!has_changed);
    }

    #[test]
    fn any_bytes_are_taken_in_any_pieces(log in prop::collection::vec(prop::sample::select(PIECES), 0..40), piece in 1..64usize) {
        let log = log.concat();
        let settings = Settings { max_line: 40, ..with(&["p=hide"]) };
        let (in_pieces, whole) = (run(&settings, &log, piece), run(&settings, &log, 1 << 20));
        prop_assert_eq!(&in_pieces.0, &whole.0);
        prop_assert_eq!(in_pieces.2, whole.0 != log, "{:?} {:?}", String::from_utf8_lossy(&log), String::from_utf8_lossy(&whole.0));
    }
}
