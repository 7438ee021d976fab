//! Requests of ACME: what is read is one thing or the other, and each refusal is a problem document that a client can be shown.

use gsec_server::acme::{
    AccountRequest, AuthorizationRequest, CertificateId, ChallengeRequest, Jwk, Jws, KeyChange, NewAccount,
    NewOrder, Problem, Revocation, Verified, read_finalize, read_new_authorization,
};

/// Whether a JWS was read, or the content of a request.
pub fn check(input: &[u8]) -> bool {
    let read = [
        holds(NewAccount::read(input)),
        holds(NewOrder::read(input)),
        holds(read_new_authorization(input)),
        holds(read_finalize(input)),
        holds(Revocation::read(input)),
    ];
    if let Ok(jwk) = Jwk::parse(input) {
        assert_eq!(Jwk::parse(jwk.canonical().as_bytes()), Ok(jwk));
    }
    if let Some((text, id)) = std::str::from_utf8(input)
        .ok()
        .and_then(|text| Some((text, CertificateId::parse(text)?)))
    {
        assert_eq!(id.to_string(), text);
    }
    let is_jws = Jws::parse(input).is_ok();
    if let Some(verified) = holds_verified(input) {
        check_verified(&verified);
    }
    is_jws || read.contains(&true)
}

/// Reads and verifies a request that has its own key.
fn holds_verified(input: &[u8]) -> Option<Verified> {
    let verified = Jws::parse(input).map_err(Problem::from).and_then(|unverified| {
        let key = unverified.expect_jwk()?.public_key().clone();
        Ok(unverified.verify(&key)?)
    });
    match verified {
        Ok(verified) => Some(verified),
        Err(problem) => {
            check_problem(&problem);
            None
        }
    }
}

fn check_verified(verified: &Verified) {
    holds(AccountRequest::read(verified));
    holds(AuthorizationRequest::read(verified));
    holds(ChallengeRequest::read(verified));
    holds(KeyChange::read(verified));
    assert_eq!(verified.is_post_as_get(), verified.content().is_err());
}

fn holds<T>(read: Result<T, Problem>) -> bool {
    match read {
        Ok(_) => true,
        Err(problem) => {
            check_problem(&problem);
            false
        }
    }
}

fn check_problem(problem: &Problem) {
    assert!((400..500).contains(&problem.status()), "{problem:?}");
    assert!(!problem.detail().chars().any(char::is_control), "{problem:?}");
    let document: serde_json::Value = serde_json::from_str(&problem.to_json()).expect("JSON");
    assert_eq!(document["status"], problem.status());
}
