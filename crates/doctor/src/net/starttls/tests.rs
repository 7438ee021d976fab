//! Conversations with servers that are written down: what each says, and what comes of it, however its bytes arrive.

use proptest::prelude::*;

use super::*;
use crate::tls::{MAX_LINE_BYTES, MAX_SAID_BYTES};

const OWN: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// What a server says first, and then to each line: the line that it expects and its answer.
type Script<'a> = (&'a [u8], &'a [(&'a [u8], &'a [u8])]);

/// What came of it: what the client said last, or why it gave up.
fn play(protocol: StartTls, script: Script<'_>, piece: usize) -> Result<Vec<u8>, NoStartTls> {
    let mut conversation = conversation(protocol, OWN);
    let (greeting, exchanges) = script;
    let mut exchanges = exchanges.iter();
    let mut coming: Vec<u8> = greeting.to_vec();
    let mut heard: Vec<u8> = Vec::new();
    let mut said = conversation.opening();
    loop {
        if !said.is_empty() {
            let (expected, answer) = exchanges.next().expect("a client that is done by now");
            assert_eq!(said, *expected, "{}", said.escape_ascii());
            coming.extend_from_slice(answer);
            said.clear();
        }
        match conversation.hear(&heard)? {
            Turn::More if coming.is_empty() => {
                let step = conversation.step();
                return Err(NoStartTls::Closed { step });
            }
            Turn::More => heard.extend(coming.drain(..piece.min(coming.len()))),
            Turn::Heard { used } => drop(heard.drain(..used)),
            Turn::Say { used, words } => {
                heard.drain(..used);
                said = words;
            }
            Turn::StartTls { used, words } => {
                heard.drain(..used);
                return match heard.is_empty() {
                    true => Ok(words),
                    false => Err(NoStartTls::bytes_behind(&heard)),
                };
            }
        }
    }
}

#[track_caller]
fn ends(protocol: StartTls, script: Script<'_>, expected: Result<&[u8], NoStartTls>) {
    let expected = expected.map(<[u8]>::to_vec);
    assert_eq!(play(protocol, script, usize::MAX), expected, "at once");
    assert_eq!(play(protocol, script, 1), expected, "byte by byte");
}

fn refused(step: StartTlsStep, said: &str) -> NoStartTls {
    NoStartTls::Refused {
        step,
        said: said.into(),
    }
}

const EHLO: &[u8] = b"EHLO [192.0.2.7]\r\n";
const OFFER: &[u8] = b"250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";

#[test]
fn smtp_is_greeted_asked_and_started() {
    use StartTlsStep::{Capabilities, Greeting, Request};
    let greeting = &b"220-mx.example.com ESMTP\r\n220 at your service\r\n"[..];
    let smtp =
        |script: Script<'_>, expected: Result<&[u8], NoStartTls>| ends(StartTls::Smtp, script, expected);
    let ask = |answer: &'static [u8]| [(EHLO, OFFER), (&b"STARTTLS\r\n"[..], answer)];
    smtp((greeting, &ask(b"220 2.0.0 go ahead\r\n")), Ok(b""));
    smtp((greeting, &ask(b"220-2.0.0\r\n220 go ahead\n")), Ok(b""));
    let lower = b"250-mx\r\n250-starttls\r\n250 HELP\r\n";
    smtp(
        (greeting, &[(EHLO, lower), (b"STARTTLS\r\n", b"220\r\n")]),
        Ok(b""),
    );
    smtp(
        (greeting, &ask(b"454 4.7.0 TLS not available\r\n")),
        Err(refused(Request, "454 4.7.0 TLS not available")),
    );
    smtp(
        (greeting, &ask(b"502 5.5.1 not now\r\n")),
        Err(refused(Request, "502 5.5.1 not now")),
    );
    // The server's own name is not an offer, nor is a word behind a keyword.
    let without = b"250-STARTTLS\r\n250-XHELP STARTTLS\r\n250 SIZE\r\n";
    let not_offered = |said: Option<&str>| {
        Err(NoStartTls::NotOffered {
            said: said.map(str::to_owned),
        })
    };
    smtp((greeting, &[(EHLO, without)]), not_offered(None));
    smtp(
        (greeting, &[(EHLO, b"502 what?\r\n")]),
        not_offered(Some("502 what?")),
    );
    smtp(
        (greeting, &[(EHLO, b"421 too many\r\n")]),
        Err(refused(Capabilities, "421 too many")),
    );
    smtp(
        (b"554-mx.example.com\r\n554 go away\r\n", &[]),
        Err(refused(Greeting, "554-mx.example.com")),
    );
    let ftp = b"220 (vsFTPd 3.0.3)";
    smtp(
        (b"220 (vsFTPd 3.0.3)\r\n", &[(EHLO, b"530 Please login\r\n")]),
        Err(NoStartTls::other_protocol(ftp)),
    );
    smtp(
        (b"* OK ready\r\n", &[]),
        Err(NoStartTls::other_protocol(b"* OK ready")),
    );
    smtp((b"250 mx\r\n", &[]), Err(NoStartTls::other_protocol(b"250 mx")));
    smtp(
        (b"220-mx\r\n250 mx\r\n", &[]),
        Err(NoStartTls::other_protocol(b"250 mx")),
    );
}

#[test]
fn name_of_the_client_is_its_address() {
    let mut conversation = conversation(StartTls::Smtp, "2001:db8::7".parse().expect("an address"));
    assert_eq!(
        conversation.hear(b"220 mx\r\n"),
        Ok(Turn::Say {
            used: 8,
            words: b"EHLO [IPv6:2001:db8::7]\r\n".to_vec()
        })
    );
}

#[test]
fn imap_is_greeted_asked_and_started() {
    use StartTlsStep::{Capabilities, Greeting, Request};
    let greeting = &b"* OK [CAPABILITY IMAP4rev1] ready\r\n"[..];
    let offer = &b"* CAPABILITY IMAP4rev1 StartTLS LOGINDISABLED\r\na1 OK done\r\n"[..];
    let asked = &b"a1 CAPABILITY\r\n"[..];
    let imap =
        |script: Script<'_>, expected: Result<&[u8], NoStartTls>| ends(StartTls::Imap, script, expected);
    let ask = |answer: &'static [u8]| [(asked, offer), (&b"a2 STARTTLS\r\n"[..], answer)];
    imap((greeting, &ask(b"a2 OK begin\r\n")), Ok(b""));
    imap((greeting, &ask(b"* OK still here\r\na2 ok\r\n")), Ok(b""));
    imap(
        (greeting, &ask(b"a2 NO not now\r\n")),
        Err(refused(Request, "a2 NO not now")),
    );
    imap(
        (greeting, &ask(b"a2 BAD what\r\n")),
        Err(refused(Request, "a2 BAD what")),
    );
    imap((greeting, &ask(b"* BYE\r\n")), Err(refused(Request, "* BYE")));
    let other = NoStartTls::other_protocol(b"a1 OK begin");
    imap((greeting, &ask(b"a1 OK begin\r\n")), Err(other));
    imap(
        (greeting, &[(asked, b"* CAPABILITY IMAP4rev1\r\na1 OK\r\n")]),
        Err(NoStartTls::NotOffered { said: None }),
    );
    // What is offered is not what a line merely mentions.
    imap(
        (greeting, &[(asked, b"* OK no STARTTLS here\r\na1 OK\r\n")]),
        Err(NoStartTls::NotOffered { said: None }),
    );
    imap(
        (greeting, &[(asked, b"a1 BAD\r\n")]),
        Err(refused(Capabilities, "a1 BAD")),
    );
    imap(
        (b"* PREAUTH hello\r\n", &[]),
        Err(refused(Greeting, "* PREAUTH hello")),
    );
    imap((b"* BYE full\r\n", &[]), Err(refused(Greeting, "* BYE full")));
    imap(
        (b"+OK ready\r\n", &[]),
        Err(NoStartTls::other_protocol(b"+OK ready")),
    );
}

#[test]
fn pop3_is_greeted_asked_and_started() {
    use StartTlsStep::{Greeting, Request};
    let (greeting, asked) = (&b"+OK ready\r\n"[..], &b"CAPA\r\n"[..]);
    let offer = &b"+OK\r\nTOP\r\nSTLS\r\n.\r\n"[..];
    let pop3 =
        |script: Script<'_>, expected: Result<&[u8], NoStartTls>| ends(StartTls::Pop3, script, expected);
    let stls = &b"STLS\r\n"[..];
    pop3((greeting, &[(asked, offer), (stls, b"+OK begin\r\n")]), Ok(b""));
    pop3(
        (greeting, &[(asked, offer), (stls, b"-ERR later\r\n")]),
        Err(refused(Request, "-ERR later")),
    );
    pop3(
        (greeting, &[(asked, b"+OK\r\nTOP\r\nXSTLS\r\n.\r\n")]),
        Err(NoStartTls::NotOffered { said: None }),
    );
    // A server that lists nothing is asked.
    pop3(
        (greeting, &[(asked, b"-ERR what\r\n"), (stls, b"+OK\r\n")]),
        Ok(b""),
    );
    pop3(
        (greeting, &[(asked, b"-ERR what\r\n"), (stls, b"-ERR what\r\n")]),
        Err(NoStartTls::NotOffered {
            said: Some("-ERR what".into()),
        }),
    );
    pop3((b"-ERR busy\r\n", &[]), Err(refused(Greeting, "-ERR busy")));
    pop3((b"220 mx\r\n", &[]), Err(NoStartTls::other_protocol(b"220 mx")));
}

#[test]
fn ftp_is_greeted_and_started() {
    use StartTlsStep::{Greeting, Request};
    let asked = &b"AUTH TLS\r\n"[..];
    let ftp = |script: Script<'_>, expected: Result<&[u8], NoStartTls>| ends(StartTls::Ftp, script, expected);
    let greeting = &b"220-files\r\n anything\r\n220 ready\r\n"[..];
    ftp((greeting, &[(asked, b"234 go\r\n")]), Ok(b""));
    ftp(
        (b"120 in a minute\r\n220 ready\r\n", &[(asked, b"234 go\r\n")]),
        Ok(b""),
    );
    for said in ["500 what?", "502 no", "504 no such mechanism"] {
        let answer = format!("{said}\r\n");
        let not_offered = NoStartTls::NotOffered {
            said: Some(said.into()),
        };
        ftp((greeting, &[(asked, answer.as_bytes())]), Err(not_offered));
    }
    for said in ["530 log in first", "431 no certificate", "334 data?"] {
        let answer = format!("{said}\r\n");
        ftp(
            (greeting, &[(asked, answer.as_bytes())]),
            Err(refused(Request, said)),
        );
    }
    ftp((b"421 full\r\n", &[]), Err(refused(Greeting, "421 full")));
    ftp(
        (b"220 mx ESMTP\r\n", &[(asked, b"502 what?\r\n")]),
        Err(NoStartTls::other_protocol(b"220 mx ESMTP")),
    );
    ftp(
        (greeting, &[(asked, b"220 go\r\n")]),
        Err(NoStartTls::other_protocol(b"220 go")),
    );
}

/// A line of the client, and the server's answer.
type Exchange = (&'static [u8], &'static [u8]);

/// The greeting of a server, what is said then, and what the client says last.
type Agreement = (StartTls, Vec<u8>, Vec<Exchange>, Vec<u8>);

/// Each protocol with its shortest way to TLS.
fn agreements() -> [Agreement; 7] {
    let mysql = b"\x1b\0\0\0\x0a8.0.33\0\x05\0\0\0challeng\0\xff\xff\x21\x02\0\xff";
    let ssl_request = [&[32, 0, 0, 1, 0, 0x8a, 0, 0, 0, 0, 0, 1, 33][..], &[0; 23]].concat();
    let ldap = &b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"[..];
    let postgres = &b"\0\0\0\x08\x04\xd2\x16\x2f"[..];
    let nothing = Vec::new;
    [
        (
            StartTls::Smtp,
            b"220 mx\r\n".to_vec(),
            vec![(EHLO, OFFER), (b"STARTTLS\r\n", b"220 go\r\n")],
            nothing(),
        ),
        (
            StartTls::Imap,
            b"* OK\r\n".to_vec(),
            vec![
                (b"a1 CAPABILITY\r\n", b"* CAPABILITY STARTTLS\r\na1 OK\r\n"),
                (b"a2 STARTTLS\r\n", b"a2 OK\r\n"),
            ],
            nothing(),
        ),
        (
            StartTls::Pop3,
            b"+OK\r\n".to_vec(),
            vec![(b"CAPA\r\n", b"+OK\r\nSTLS\r\n.\r\n"), (b"STLS\r\n", b"+OK\r\n")],
            nothing(),
        ),
        (
            StartTls::Ftp,
            b"220 ready\r\n".to_vec(),
            vec![(b"AUTH TLS\r\n", b"234 go\r\n")],
            nothing(),
        ),
        (
            StartTls::Ldap,
            nothing(),
            vec![(ldap, b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0")],
            nothing(),
        ),
        (StartTls::Postgres, nothing(), vec![(postgres, b"S")], nothing()),
        (StartTls::Mysql, mysql.to_vec(), Vec::new(), ssl_request),
    ]
}

#[test]
fn bytes_behind_the_agreement_are_refused_in_every_protocol() {
    for (protocol, greeting, exchanges, last) in agreements() {
        ends(protocol, (&greeting, &exchanges), Ok(&last));
        let mut greeting = greeting;
        let mut with_more: Vec<(&[u8], Vec<u8>)> = exchanges
            .iter()
            .map(|(said, answer)| (*said, answer.to_vec()))
            .collect();
        let answer = with_more.last_mut().map_or(&mut greeting, |(_, answer)| answer);
        answer.extend(b"250 evil\r\n");
        let borrowed: Vec<(&[u8], &[u8])> = with_more
            .iter()
            .map(|(said, answer)| (*said, answer.as_slice()))
            .collect();
        let expected = Err(NoStartTls::bytes_behind(b"250 evil\r\n"));
        assert_eq!(
            play(protocol, (&greeting, &borrowed), usize::MAX),
            expected,
            "{protocol:?}"
        );
    }
}

#[test]
fn conversation_that_is_cut_off_tells_its_step() {
    for (protocol, greeting, exchanges, _) in agreements() {
        let nothing = play(
            protocol,
            (b"", &[(exchanges.first().map_or(b"", |first| first.0), b"")]),
            1,
        );
        let step = protocol.first_step();
        assert_eq!(nothing, Err(NoStartTls::Closed { step }), "{protocol:?}");
        if let Some((said, _)) = exchanges.last().filter(|_| exchanges.len() > 1) {
            let mut cut = exchanges.clone();
            cut.pop();
            cut.push((said, b""));
            let step = StartTlsStep::Request;
            assert_eq!(
                play(protocol, (&greeting, &cut), 1),
                Err(NoStartTls::Closed { step }),
                "{protocol:?}"
            );
        }
    }
}

proptest! {
    /// Whatever is said, in whatever pieces, a conversation ends or asks for more, and keeps little of it.
    #[test]
    fn nothing_that_is_said_breaks_a_conversation(
        said in proptest::collection::vec(any::<u8>(), 0..600),
        start in proptest::sample::select(vec![&b""[..], b"220 ", b"220-", b"* OK ", b"+OK ", b"0", b"E\0\0", b"\x10\0\0\0\x0a"]),
        piece in 1_usize..40,
    ) {
        for protocol in StartTls::ALL {
            let mut conversation = conversation(protocol, OWN);
            let all = [start, &said].concat();
            let mut coming = all.chunks(piece);
            let mut heard = Vec::new();
            let ended = loop {
                match conversation.hear(&heard) {
                    Ok(Turn::More) => match coming.next() {
                        Some(piece) => heard.extend_from_slice(piece),
                        None => break None,
                    },
                    Ok(Turn::Heard { used } | Turn::Say { used, .. }) => {
                        prop_assert!(used > 0 && used <= heard.len());
                        heard.drain(..used);
                    }
                    Ok(Turn::StartTls { used, .. }) => {
                        prop_assert!(used <= heard.len());
                        break None;
                    }
                    Err(reason) => break Some(reason),
                }
            };
            if let Some(NoStartTls::OtherProtocol { said }) = ended {
                prop_assert!(said.len() <= MAX_SAID_BYTES);
            }
        }
    }
}

#[test]
fn endless_lines_are_not_collected() {
    let mut conversation = conversation(StartTls::Smtp, OWN);
    let long = [b'2'; MAX_LINE_BYTES + 1];
    let too_long = NoStartTls::TooLong {
        step: StartTlsStep::Greeting,
    };
    assert_eq!(conversation.hear(&long), Err(too_long));
}
