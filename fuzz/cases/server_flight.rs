//! What a server answers to a ClientHello: understood the same however it comes in pieces, and never more than was sent.

use gsec_doctor::tls::{FlightError, FlightReader, Progress, ServerFlight};

/// Whether a ServerHello or an alert was read.
pub fn check(input: &[u8]) -> bool {
    let (whole, end) = read(input, input.len().max(1));
    for size in [1, 7] {
        assert_eq!(read(input, size), (whole.clone(), end), "in pieces of {size}");
    }
    let kept: usize = whole.chain.iter().map(Vec::len).sum();
    let names: usize = whole
        .certificate_request
        .iter()
        .flat_map(|request| &request.authorities)
        .map(Vec::len)
        .sum();
    assert!(kept + names <= input.len(), "more than was sent");
    assert!(
        whole.hello.is_some() || (whole.chain.is_empty() && !whole.is_done),
        "what comes before ServerHello is no handshake"
    );
    let _ = whole
        .hello
        .as_ref()
        .map(|hello| (hello.suite.to_string(), hello.suite.weaknesses()));
    let _ = whole.alert.map(|alert| (alert.to_string(), alert.meaning()));
    whole.hello.is_some() || whole.alert.is_some()
}

/// What is understood of pieces of this size, and how it ends.
fn read(input: &[u8], size: usize) -> (ServerFlight, Result<Progress, FlightError>) {
    let mut reader = FlightReader::default();
    for piece in input.chunks(size) {
        let progress = reader.push(piece);
        if progress != Ok(Progress::More) {
            return (reader.into_flight(), progress);
        }
    }
    (reader.into_flight(), Ok(Progress::More))
}
