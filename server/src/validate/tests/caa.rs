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
