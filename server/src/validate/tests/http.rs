//! http-01.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use super::servers::{GIGABYTE, Server, endless, ok, read_request, right, to};
use super::world::{AUTHORIZATION, TOKEN, World};
use crate::domain::ChallengeKind;
use crate::validate::failure::{Failure, Hop, HttpFlaw, Problem, RedirectFlaw, Stage, TlsFlaw};
use crate::validate::rules::{Rule, Rules, Scope};

const NAME: &str = "web.example.com";
const TEN: &str = "10.0.0.5:80";

/// A web server at web.example.com.
fn web(server: &Server) -> World {
    World::new().name(NAME, &["10.0.0.5"]).at(TEN, server.address)
}

async fn flaw_of(response: impl Into<Vec<u8>>) -> HttpFlaw {
    let server = Server::saying(response).await;
    let world = web(&server);
    match world.http(NAME).await {
        Err(Failure::Http { flaw, place, .. }) => {
            assert_eq!(place.address, Some([10, 0, 0, 5].into()));
            flaw
        }
        other => panic!("{other:?}"),
    }
}

async fn redirect_flaw_of(location: &str) -> RedirectFlaw {
    match flaw_of(to(location)).await {
        HttpFlaw::Redirect { status: 302, flaw } => flaw,
        other => panic!("{location}: {other:?}"),
    }
}

#[tokio::test]
async fn the_key_authorization_proves() {
    let server = Server::saying(right()).await;
    let world = web(&server);
    let proven = world.http(NAME).await.expect("it is right");
    assert_eq!(proven.address, Some(TEN.parse().expect("an address")));
    assert_eq!(world.connected(), [TEN]);
    let requests = server.requests();
    let request = requests.first().expect("one request");
    assert!(
        request.starts_with(&format!("GET /.well-known/acme-challenge/{TOKEN} HTTP/1.1\r\n")),
        "{request}"
    );
    let lower = request.to_lowercase();
    for field in [
        "host: web.example.com\r\n",
        "connection: close\r\n",
        "user-agent: gsecd/",
    ] {
        assert!(lower.contains(field), "{request}");
    }
}

#[tokio::test]
async fn white_space_at_the_end_does_not_count() {
    let server = Server::saying(ok(format!("{AUTHORIZATION} \t\r\n\n"))).await;
    web(&server).http(NAME).await.expect("it is right");
}

#[tokio::test]
async fn a_body_in_chunks_or_up_to_the_end_of_the_connection_is_one() {
    let (one, two) = AUTHORIZATION.split_at(40);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n28\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
        two.len()
    );
    for response in [chunked, format!("HTTP/1.1 200 OK\r\n\r\n{AUTHORIZATION}")] {
        let server = Server::saying(response).await;
        web(&server).http(NAME).await.expect("it is right");
    }
}

#[tokio::test]
async fn another_body_does_not_prove() {
    let expected = AUTHORIZATION.len();
    let bodies: [(&str, usize); 5] = [
        ("", 0),
        ("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA", 43),
        (&format!(" {AUTHORIZATION}"), expected + 1),
        (&format!("{AUTHORIZATION}."), expected + 1),
        (&AUTHORIZATION.to_lowercase(), expected),
    ];
    for (body, found) in bodies {
        assert_eq!(
            flaw_of(ok(body)).await,
            HttpFlaw::OtherBody { found, expected },
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_body_of_513_bytes_is_too_long_even_if_all_but_the_beginning_is_white_space() {
    let expected = AUTHORIZATION.len();
    let padded = |length| format!("{AUTHORIZATION:length$}");
    let server = Server::saying(ok(padded(512))).await;
    web(&server).http(NAME).await.expect("512 bytes are read");
    assert_eq!(
        flaw_of(ok(padded(513))).await,
        HttpFlaw::TooLong { most: 512, expected }
    );
}

#[tokio::test]
async fn only_status_200_proves() {
    for status in [201, 204, 206, 300, 304, 305, 401, 404, 500, 503] {
        let response = format!("HTTP/1.1 {status} X\r\nContent-Length: 87\r\n\r\n{AUTHORIZATION}");
        assert_eq!(flaw_of(response).await, HttpFlaw::Status(status));
    }
}

#[tokio::test]
async fn what_is_no_response_is_said_to_be_none() {
    let not_http = HttpFlaw::NotHttp(16 * 1024);
    assert_eq!(flaw_of("SSH-2.0-OpenSSH_9.2\r\n\r\n").await, not_http);
    assert_eq!(flaw_of(format!("{AUTHORIZATION}\r\n\r\n")).await, not_http);
    assert_eq!(flaw_of("HTTP/1.1 200 OK\r\nbad header\r\n\r\n").await, not_http);
    assert_eq!(flaw_of("").await, HttpFlaw::Closed);
    assert_eq!(flaw_of("HTTP/1.1 200 OK\r\nContent-").await, HttpFlaw::Closed);
    assert_eq!(
        flaw_of("HTTP/1.1 200 OK\r\nContent-Length: 87\r\n\r\neva").await,
        HttpFlaw::Closed
    );
}

#[tokio::test]
async fn a_header_section_without_end_is_not_read_to_the_end() {
    for (begin, chunk) in [
        (
            &b"HTTP/1.1 200 OK\r\n"[..],
            b"X-Y: zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\r\n".repeat(100),
        ),
        (&b"HTTP/1.1 200 OK\r\nX: "[..], vec![b'x'; 4096]),
    ] {
        let (server, mut written) = endless(begin, chunk).await;
        let failure = web(&server).http(NAME).await.expect_err("it has no end");
        assert!(
            matches!(
                failure,
                Failure::Http {
                    flaw: HttpFlaw::NotHttp(_),
                    ..
                }
            ),
            "{failure:?}"
        );
        assert!(written.recv().await.expect("it broke") < GIGABYTE / 16);
    }
}

#[tokio::test]
async fn of_a_gigabyte_no_more_is_read_than_the_buffers_hold() {
    let begins: [&[u8]; 3] = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 1073741824\r\n\r\n",
    ];
    for begin in begins {
        let (server, mut written) = endless(begin, vec![b'x'; 65536]).await;
        web(&server).http(NAME).await.expect_err("it is something else");
        assert!(written.recv().await.expect("it broke") < GIGABYTE / 16);
    }
}

#[tokio::test]
async fn chunks_and_interim_responses_without_end_are_not_read_to_the_end() {
    let empty_body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (server, mut written) = endless(empty_body, b"1;x=y\r\nx\r\n".repeat(1000)).await;
    web(&server).http(NAME).await.expect_err("it is something else");
    assert!(written.recv().await.expect("it broke") < GIGABYTE / 16);

    let (server, mut written) = endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100)).await;
    let world = web(&server).limit(Duration::from_secs(1));
    world.http(NAME).await.expect_err("there is no response");
    written.recv().await.expect("it broke");
}

#[tokio::test]
async fn a_server_that_is_slow_without_end_is_left_when_the_time_is_over() {
    let begins: [&'static [u8]; 3] = [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"];
    for begin in begins {
        let (gone, mut is_gone) = tokio::sync::mpsc::unbounded_channel();
        let server = Server::of(move |mut stream| {
            let gone = gone.clone();
            async move {
                read_request(&mut stream).await;
                let mut going = stream.write_all(begin).await;
                while going.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    going = stream.write_all(b"H").await;
                }
                let _ = gone.send(());
            }
        })
        .await;
        let limit = Duration::from_secs(1);
        let failure = web(&server)
            .limit(limit)
            .http(NAME)
            .await
            .expect_err("it does not end");
        let is_late = matches!(&failure, Failure::TimedOut { stage: Stage::Response, limit: told, .. } if *told == limit);
        // `HHHH` is no status line, which is noticed before.
        let is_noise = begin.is_empty()
            && matches!(
                failure,
                Failure::Http {
                    flaw: HttpFlaw::NotHttp(_),
                    ..
                }
            );
        assert!(is_late || is_noise, "{failure:?}");
        is_gone.recv().await.expect("the connection was closed");
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_left_when_the_time_is_over() {
    let server = Server::of(|mut stream| async move {
        let _ = read_request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let world = web(&server).limit(Duration::from_secs(1));
    let failure = world.http(NAME).await.expect_err("it says nothing");
    assert!(
        matches!(
            failure,
            Failure::TimedOut {
                stage: Stage::Response,
                ..
            }
        ),
        "{failure:?}"
    );
    assert_eq!(failure.problem(), Problem::Connection);
}

#[tokio::test]
async fn three_redirects_are_followed_and_no_fourth() {
    for (count, is_right) in [(1, true), (3, true), (4, false)] {
        let server = Server::to_requests(move |request| {
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let step: u32 = path
                .strip_prefix("/step/")
                .and_then(|step| step.parse().ok())
                .unwrap_or(0);
            match step == count {
                true => right(),
                false => to(&format!("/step/{}", step + 1)),
            }
        })
        .await;
        let world = web(&server);
        let result = world.http(NAME).await;
        assert_eq!(result.is_ok(), is_right, "{result:?}");
        assert_eq!(
            world.connected().len(),
            1 + usize::try_from(count.min(3)).expect("small")
        );
        if let Err(Failure::Http { flaw, .. }) = result {
            let flaw_of_fourth = RedirectFlaw::TooMany(3);
            assert_eq!(
                flaw,
                HttpFlaw::Redirect {
                    status: 302,
                    flaw: flaw_of_fourth
                }
            );
        }
    }
}

#[tokio::test]
async fn every_kind_of_redirect_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::to_requests(move |request| match request.starts_with("GET /there?a=b ") {
            true => right(),
            false => format!("HTTP/1.1 {status} X\r\nLocation: http://other.example.com/there?a=b#c\r\n\r\n")
                .into(),
        })
        .await;
        let world = web(&server).name("other.example.com", &["10.0.0.6"]);
        let world = world.at("10.0.0.6:80", server.address);
        let proven = world.http(NAME).await.expect("it is right");
        assert_eq!(proven.address, Some("10.0.0.6:80".parse().expect("an address")));
        let requests = server.requests();
        assert!(
            requests[1].to_lowercase().contains("host: other.example.com\r\n"),
            "{}",
            requests[1]
        );
    }
}

#[tokio::test]
async fn a_redirect_to_an_address_is_judged_as_one() {
    let server = Server::to_requests(|request| match request.contains("10.0.0.6") {
        true => right(),
        false => to("http://10.0.0.6/"),
    })
    .await;
    let world = web(&server).at("10.0.0.6:80", server.address);
    world.http(NAME).await.expect("it is right");
    assert_eq!(world.connected(), [TEN, "10.0.0.6:80"]);
}

#[tokio::test]
async fn redirects_lead_only_to_http_and_https_on_allowed_ports() {
    assert_eq!(
        redirect_flaw_of("http://web.example.com:22/").await,
        RedirectFlaw::Port(22)
    );
    assert_eq!(
        redirect_flaw_of("https://web.example.com:8443/").await,
        RedirectFlaw::Port(8443)
    );
    for url in [
        "ftp://web.example.com/",
        "file:///etc/passwd",
        "gopher://web.example.com:80/x",
        "javascript:1",
    ] {
        assert_eq!(redirect_flaw_of(url).await, RedirectFlaw::Scheme, "{url}");
    }
    for url in [
        "http://u@web.example.com/",
        "http://u:p@web.example.com/",
        "http://:p@web.example.com/",
    ] {
        assert_eq!(redirect_flaw_of(url).await, RedirectFlaw::Credentials, "{url}");
    }
    for url in ["http://*.example.com/", "http://-x/"] {
        assert_eq!(redirect_flaw_of(url).await, RedirectFlaw::Host, "{url}");
    }
    let long = format!("/{}", "x".repeat(2048));
    for url in ["http://", "http://[::1", &long] {
        assert_eq!(
            redirect_flaw_of(url).await,
            RedirectFlaw::NoLocation(2048),
            "{url}"
        );
    }
    let flaw = flaw_of("HTTP/1.1 302 Found\r\n\r\n").await;
    let none = RedirectFlaw::NoLocation(2048);
    assert_eq!(
        flaw,
        HttpFlaw::Redirect {
            status: 302,
            flaw: none
        }
    );
}

#[tokio::test]
async fn the_ports_of_a_rule_are_those_of_its_names() {
    let server = Server::to_requests(|request| match request.starts_with("GET /there ") {
        true => right(),
        false => to("http://web.example.com:5003/there"),
    })
    .await;
    let rule = Rule {
        scope: Scope::Suffix(gsec_pki::x509::DnsName::parse("example.com").expect("a name")),
        http_port: 5002,
        tls_port: 5003,
        ..Rule::default()
    };
    let world = web(&server).rules(Rules::new(vec![rule], Vec::new(), Vec::new()));
    let world = world
        .at("10.0.0.5:5002", server.address)
        .at("10.0.0.5:5003", server.address);
    world.http(NAME).await.expect("it is right");
    assert_eq!(world.connected(), ["10.0.0.5:5002", "10.0.0.5:5003"]);
    assert!(
        server.requests()[0]
            .to_lowercase()
            .contains("host: web.example.com:5002\r\n")
    );
}

#[tokio::test]
async fn a_redirect_to_https_is_followed_whoever_vouches_for_the_certificate() {
    let plain = Server::saying(to("https://web.example.com/there")).await;
    let secure = https(CertificateParams::new(vec!["other.example.org".into()]).expect("a name")).await;
    let world = web(&plain).at("10.0.0.5:443", secure.address);
    let proven = world.http(NAME).await.expect("it is right");
    assert_eq!(proven.address, Some("10.0.0.5:443".parse().expect("an address")));
}

#[tokio::test]
async fn an_expired_certificate_is_no_obstacle_behind_a_redirect() {
    let mut params = CertificateParams::new(vec![NAME.into()]).expect("a name");
    params.not_before = rcgen::date_time_ymd(2001, 1, 1);
    params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    let secure = https(params).await;
    let plain = Server::saying(to("https://web.example.com/there")).await;
    let world = web(&plain).at("10.0.0.5:443", secure.address);
    world.http(NAME).await.expect("it is right");
}

#[tokio::test]
async fn a_redirect_to_https_where_there_is_no_tls_says_so() {
    let plain = Server::saying(to("https://web.example.com/")).await;
    let no_tls = Server::of(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    let world = web(&plain).at("10.0.0.5:443", no_tls.address);
    match world.http(NAME).await {
        Err(Failure::Tls { place, flaw }) => {
            assert_eq!(place.hop, Hop::Redirect(1));
            assert_eq!(flaw, TlsFlaw::NotTls);
        }
        other => panic!("{other:?}"),
    }
}

async fn https(params: CertificateParams) -> Server {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Server::of(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            read_request(&mut stream).await;
            let _ = stream.write_all(&right()).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

#[tokio::test]
async fn an_address_is_proven_with_itself_as_host() {
    let server = Server::saying(right()).await;
    let world = World::new()
        .at("10.0.0.5:80", server.address)
        .at("[fd00::5]:80", server.address);
    world.http("10.0.0.5").await.expect("it is right");
    world.http("fd00::5").await.expect("it is right");
    let hosts: Vec<bool> = server
        .requests()
        .iter()
        .zip(["host: 10.0.0.5\r\n", "host: [fd00::5]\r\n"])
        .map(|(request, host)| request.to_lowercase().contains(host))
        .collect();
    assert_eq!(hosts, [true, true]);
}

#[tokio::test]
async fn a_wildcard_is_not_asked_for() {
    let server = Server::saying(right()).await;
    let world = World::new()
        .name("*.example.com", &["10.0.0.5"])
        .at(TEN, server.address);
    let failure = world.http("*.example.com").await.expect_err("a wildcard");
    assert!(
        matches!(
            failure,
            Failure::NotProvable {
                kind: ChallengeKind::Http01,
                ..
            }
        ),
        "{failure:?}"
    );
    assert_eq!(world.connected(), [""; 0]);
}

/// What a stranger answers is not told to a client.
#[tokio::test]
async fn nothing_of_an_answer_is_shown() {
    const SECRET: &str = "hunter2";
    let answers: Vec<Vec<u8>> = vec![
        ok(SECRET),
        ok(SECRET.repeat(100)),
        format!("HTTP/1.1 403 {SECRET}\r\nServer: {SECRET}\r\n\r\n{SECRET}").into(),
        format!("{SECRET}\r\n\r\n").into(),
        to(&format!("http://{SECRET}.example.com/{SECRET}")),
        to(&format!("http://{SECRET}.example.com:99/{SECRET}")),
        to(&format!("http://{SECRET}:{SECRET}@example.com/{SECRET}")),
        to(&format!("{SECRET}://example.com/{SECRET}")),
        to("http://internal.example.com/"),
    ];
    for answer in answers {
        let server = Server::saying(answer.clone()).await;
        let world = web(&server).name("internal.example.com", &["172.16.99.99"]);
        let failure = world.http(NAME).await.expect_err("it is something else");
        let text = failure.to_string();
        let forbidden = [SECRET, "internal", "172.16"];
        assert!(
            !forbidden.iter().any(|word| text.contains(word)),
            "{text}\n{}",
            String::from_utf8_lossy(&answer)
        );
    }
}
