//! CAA: which names are asked for, and what comes of the answers.

use super::world::World;
use crate::domain::CaaRefused;
use crate::validate::failure::{Failure, LookupFlaw, Problem};

const OWN: [&str; 1] = ["ca1.example.net"];

#[tokio::test]
async fn the_nearest_name_with_records_counts() {
    let world = World::new()
        .issue("x.certs.example.com", Ok("ca1.example.net"))
        .issue("certs.example.com", Ok("ca2.example.org"))
        .issue("example.com", Ok("ca1.example.net"));
    let rows = [
        ("x.certs.example.com", true, &["x.certs.example.com"][..]),
        (
            "y.certs.example.com",
            false,
            &["y.certs.example.com", "certs.example.com"],
        ),
        ("*.certs.example.com", false, &["certs.example.com"]),
        ("www.example.com", true, &["www.example.com", "example.com"]),
        (
            "www.example.org",
            true,
            &["www.example.org", "example.org", "org"],
        ),
    ];
    for (name, is_permitted, asked) in rows {
        let (found, names) = world.permits(name, &OWN).await;
        assert_eq!(found.is_ok(), is_permitted, "{name}: {found:?}");
        assert_eq!(names, asked, "{name}");
    }
}

#[tokio::test]
async fn a_refusal_says_where_the_records_are_and_not_what_they_say() {
    let world = World::new().issue("example.com", Ok("secret.example.org"));
    let (found, _) = world.permits("www.example.com", &OWN).await;
    let failure = found.expect_err("another CA");
    assert_eq!(failure.problem(), Problem::Caa);
    assert_eq!(
        failure.to_string(),
        "the CAA records of example.com do not permit it: none of them (1 of property `issue`) names ca1.example.net"
    );
}

#[tokio::test]
async fn what_the_dns_does_not_answer_is_no_permission() {
    for flaw in [
        LookupFlaw::Silent,
        LookupFlaw::Refused("Server Failure".into()),
        LookupFlaw::TooManyAliases { most: 8 },
    ] {
        let world = World::new().issue("example.com", Err(flaw.clone()));
        let (found, names) = world.permits("www.example.com", &OWN).await;
        let failure = found.expect_err("nobody knows");
        assert_eq!(failure.problem(), Problem::Dns, "{flaw:?}");
        assert!(matches!(failure, Failure::Lookup { flaw: found, .. } if found == flaw));
        assert_eq!(names, ["www.example.com", "example.com"]);
        // What is above a name that has records is not needed.
        let below = world.issue("www.example.com", Ok("ca1.example.net"));
        assert_eq!(below.permits("www.example.com", &OWN).await.0, Ok(()));
    }
}

#[tokio::test]
async fn nothing_is_asked_for_an_address_or_where_no_rule_says_so() {
    let world = World::new().issue("example.com", Ok(";"));
    for (name, issuers) in [("10.0.0.5", &OWN[..]), ("fd00::5", &OWN), ("example.com", &[])] {
        let (found, names) = world.permits(name, issuers).await;
        assert_eq!(found, Ok(()), "{name}");
        assert_eq!(names, [""; 0], "{name}");
    }
}

#[tokio::test]
async fn an_empty_issuer_is_nobody() {
    let world = World::new().issue("example.com", Ok(";"));
    let (found, _) = world.permits("example.com", &OWN).await;
    let refused = CaaRefused::Issuer {
        property: "issue",
        found: 1,
        issuers: vec!["ca1.example.net".into()],
    };
    assert_eq!(
        found,
        Err(Failure::Caa {
            name: "example.com".into(),
            refused
        })
    );
}

#[tokio::test]
async fn what_many_names_have_above_them_is_asked_for_once() {
    let wait = std::time::Duration::from_millis(1);
    let world = World::new()
        .issue("b.example.com", Ok("ca2.example.org"))
        .caa_takes(wait);
    let asked: Vec<String> = (0..40).map(|number| format!("n{number}.a.example.com")).collect();
    let mut all: Vec<&str> = asked.iter().map(String::as_str).collect();
    all.extend(["x.b.example.com", "y.b.example.com"]);
    let (found, mut names) = world.permits_each(&all, &OWN).await;
    assert!(found[..40].iter().all(Result::is_ok), "{found:?}");
    assert!(found[40..].iter().all(Result::is_err), "{found:?}");
    let count = names.len();
    names.sort();
    names.dedup();
    // Each name, what is above them, and no name twice.
    assert_eq!((names.len(), count), (42 + 4, 42 + 4), "{names:?}");
}

#[tokio::test]
async fn when_the_time_is_over_it_is_not_said_that_no_server_answers() {
    let world = World::new()
        .caa_takes(std::time::Duration::from_secs(3600))
        .limit(std::time::Duration::from_millis(20));
    let (found, _) = world.permits("www.example.com", &OWN).await;
    let failure = found.expect_err("nobody knows");
    assert_eq!(failure.problem(), Problem::Dns);
    assert_eq!(
        failure.to_string(),
        "cannot look up CAA records of www.example.com: the time for CAA look-ups was over: 0 s for all names together"
    );
}
