//! What `fleet plan` and `fleet apply` refuse of an inventory: `fleet check` says it before, with its place.

use std::ops::Range;

use time::OffsetDateTime;

use super::inventory_args::InventoryArgs;
use crate::cli::failure::Failure;
use gsec_ca::authority::{Authority, AuthorityError};
use gsec_deliver::push::{SshHost, SshUser};
use gsec_deliver::rollout::{self, Fleet, HostFault};
use gsec_pki::encoding::visible::visible;
use gsec_platform::finding::Rule;
use gsec_platform::fleet::check::Refused;
use gsec_platform::inventory::{Host, Inventory, Push};
use gsec_platform::transport::Platform;

const REFUSED_BY_CA: Rule = Rule::error("fleet-refused-by-ca");
const PUSH_ADDRESS: Rule = Rule::error("push-address");
const PUSH_WINDOWS: Rule = Rule::warning("push-windows");
const OUT_DIR: Rule = Rule::error("fleet-out-dir");
/// Which the rules of `fleet check` find by themselves.
const FOUND_ELSEWHERE: &str = "fleet-unknown-target";

/// What is refused, whatever the CA says.
pub(super) fn everywhere(args: &InventoryArgs, inventory: &Inventory) -> Vec<Refused> {
    let faults = rollout::faults(inventory).into_iter();
    let bundles = faults.filter(|fault| fault.code != FOUND_ELSEWHERE).map(of_fault);
    let pushes = inventory
        .hosts
        .iter()
        .filter_map(|host| Some((host, host.push.as_ref()?)))
        .filter_map(|(host, push)| of_push(inventory, host, push));
    bundles.chain(pushes).chain(out_dir(args, inventory)).collect()
}

/// What its CA refuses.
pub(super) fn by_ca(inventory: &Inventory, authority: &Authority, now: OffsetDateTime) -> Vec<Refused> {
    let Ok(fleet) = Fleet::of(inventory, authority, now) else {
        return Vec::new();
    };
    let is_found_elsewhere = |error: &AuthorityError| matches!(error, AuthorityError::Profile(_));
    let refused = fleet.refused(authority, now).into_iter();
    refused
        .filter(|(_, error)| !is_found_elsewhere(error))
        .map(|(host, error)| Refused {
            rule: REFUSED_BY_CA,
            span: host
                .fqdn
                .as_ref()
                .map_or(&host.name.span, |name| &name.span)
                .clone(),
            seen: Failure::from(error).problem.message,
        })
        .collect()
}

fn of_fault(fault: HostFault) -> Refused {
    Refused {
        rule: Rule::error(fault.code),
        span: fault.span,
        seen: fault.message,
    }
}

fn of_push(inventory: &Inventory, host: &Host, push: &Push) -> Option<Refused> {
    let refused = |rule, span: &Range<usize>, seen: String| Refused {
        rule,
        span: span.clone(),
        seen,
    };
    if inventory.platform(host) == Platform::Windows {
        let seen = "bundles for Windows are not pushed: copy the bundle there, and run Install.ps1";
        return Some(refused(PUSH_WINDOWS, &push.span, seen.into()));
    }
    let not = |what: &str, text: &str, span: &Range<usize>| {
        let seen = format!(
            "`{}` cannot be {what} of ssh: letters, digits and `._-`, not beginning with `-`",
            visible(text)
        );
        refused(PUSH_ADDRESS, span, seen)
    };
    let (address, span) = match &push.address {
        Some(address) => (address.value.clone(), &address.span),
        None => (host.reached_at(), &push.span),
    };
    if SshHost::parse(&address).is_none() {
        return Some(not("a host", &address, span));
    }
    let user = push.user.as_ref().filter(|user| SshUser::parse(user).is_none());
    user.map(|user| not("a user", user, &user.span))
}

/// Where bundles are to be written is something else than a directory.
fn out_dir(args: &InventoryArgs, inventory: &Inventory) -> Option<Refused> {
    let named = inventory.out_dir.as_ref()?;
    let path = args.beside(named);
    (path.exists() && !path.is_dir()).then(|| Refused {
        rule: OUT_DIR,
        span: named.span.clone(),
        seen: format!("`{}` is not a directory", visible(named)),
    })
}
