//! What is missing, or does not go together.

use super::super::reader::Part;
use super::super::thumbprint::Thumbprint;
use super::rules::{
    CLIENT_OPTION, CRL_WITHOUT_TLS, MIXED_FORMS, NO_CERTIFICATE, NO_TRUSTED_CA, PREFIX, TLS_OFF,
};
use super::{OF_CLIENTS, Platform, Role, View};
use crate::finding::Finding;
use gsec_pki::x509::path::Severity;

/// `C:\…`, `\\server\…`
pub(in super::super) fn is_windows_path(value: &str) -> bool {
    let mut characters = value.chars();
    let begins_with_drive = characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && matches!(characters.next(), Some('\\' | '/'));
    begins_with_drive || value.starts_with("\\\\")
}

/// The name of the option, where only its value belongs.
pub(super) fn prefix(view: &View<'_>) -> Vec<Finding> {
    // Behind the `=` of a line, even a file has no second one.
    let is_line = |range: &std::ops::Range<usize>| view.role == Role::File && range.start == 0;
    let Some(range) = view.prefix.clone().filter(|range| !is_line(range)) else {
        return Vec::new();
    };
    let seen = "`transport=` belongs to files; this field takes only the value, and the platform would not find the first option";
    let place = view.line.place(range);
    vec![
        Finding::new(PREFIX, seen)
            .at(place)
            .help("leave `transport=` out"),
    ]
}

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let all: [fn(&View<'_>) -> Vec<Finding>; 6] = [
        no_certificate,
        no_trusted_ca,
        mixed_forms,
        tls_off,
        client_options,
        crl_without_tls,
    ];
    all.iter().flat_map(|check| check(view)).collect()
}

fn wants_tls(view: &View<'_>) -> bool {
    view.meant_boolean("tls") == Some(true)
}

fn at_part(view: &View<'_>, part: Option<&Part<'_>>) -> std::ops::Range<usize> {
    let end = view.value.chars().count();
    part.map_or(end..end, |part| {
        View::name_range(part).start..View::value_range(part).end.max(View::name_range(part).end)
    })
}

fn no_certificate(view: &View<'_>) -> Vec<Finding> {
    if !wants_tls(view) || view.intended("certificate").is_some() {
        return Vec::new();
    }
    let (severity, seen) = match view.role {
        Role::Port | Role::File => (Severity::Error, "TLS is on, and there is no `certificate`"),
        Role::Connection => (
            Severity::Warning,
            "TLS is on without a `certificate`: the client has none of its own to present",
        ),
        // It may come from another level.
        Role::Application | Role::Host => return Vec::new(),
    };
    let range = at_part(view, view.intended("tls"));
    vec![view.found(NO_CERTIFICATE, range, seen).weighing(severity)]
}

/// Whether `certificate` is the path of a file.
fn has_certificate_file(view: &View<'_>) -> bool {
    view.meant_value("certificate")
        .is_some_and(|value| Thumbprint::of(value).is_none())
}

fn no_trusted_ca(view: &View<'_>) -> Vec<Finding> {
    let lacks = view.platform == Platform::Unix
        && wants_tls(view)
        && has_certificate_file(view)
        && view.intended("trusted-ca").is_none();
    let range = at_part(view, view.intended("certificate"));
    let seen = "there is no `trusted-ca`, so no peer's certificate is accepted as valid";
    let finding = || {
        view.found(NO_TRUSTED_CA, range, seen)
            .help("add `trusted-ca=` with the path of the CA certificate")
    };
    lacks.then(finding).into_iter().collect()
}

fn mixed_forms(view: &View<'_>) -> Vec<Finding> {
    let is_thumbprint = view
        .meant_value("certificate")
        .and_then(Thumbprint::of)
        .is_some_and(|found| found == Thumbprint::Sha1 || view.platform == Platform::Windows);
    if !is_thumbprint {
        return Vec::new();
    }
    let is_path = |part: &&Part<'_>| {
        part.plain_value()
            .is_some_and(|value| !value.is_empty() && Thumbprint::of(value).is_none())
    };
    let of_files = [
        view.intended("certificate-key"),
        view.intended("trusted-ca").filter(is_path),
    ];
    of_files
        .into_iter()
        .flatten()
        .map(|part| {
            let name = part.plain_name();
            let seen = format!(
                "`certificate` is a thumbprint, which Windows looks up in its store; `{name}` names a file, as on UNIX"
            );
            view.found(MIXED_FORMS, at_part(view, Some(part)), seen)
                .at(view.place(at_part(view, view.intended("certificate"))))
        })
        .collect()
}

fn tls_off(view: &View<'_>) -> Vec<Finding> {
    let Some(certificate) = view.intended("certificate") else {
        return Vec::new();
    };
    let seen = match view.intended("tls") {
        // At these levels TLS is switched on by the port.
        None if view.role.is_trimmed() => return Vec::new(),
        None => "there is a certificate, but no `tls=1`: TLS is off",
        Some(_) if view.meant_boolean("tls") == Some(false) => "there is a certificate, but `tls` is off",
        Some(_) => return Vec::new(),
    };
    let at = view.intended("tls").unwrap_or(certificate);
    vec![view.found(TLS_OFF, at_part(view, Some(at)), seen)]
}

fn client_options(view: &View<'_>) -> Vec<Finding> {
    if view.role != Role::Port {
        return Vec::new();
    }
    let found = OF_CLIENTS.iter().filter_map(|name| view.intended(name));
    found
        .map(|part| {
            let name = part.plain_name().to_lowercase();
            let seen = format!("`{name}` is an option of a client's connection; a server's port ignores it");
            view.found(CLIENT_OPTION, View::name_range(part), seen)
        })
        .collect()
}

fn crl_without_tls(view: &View<'_>) -> Vec<Finding> {
    match view.intended("tls-crl") {
        Some(part) if !wants_tls(view) && !view.role.is_trimmed() => {
            let seen = "`tls-crl` has no effect without `tls=1`";
            vec![view.found(CRL_WITHOUT_TLS, at_part(view, Some(part)), seen)]
        }
        _ => Vec::new(),
    }
}
