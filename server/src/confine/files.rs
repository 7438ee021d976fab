//! Files and ports, by landlock(7).

use std::path::PathBuf;

use gsec_signer::Hold;
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd, RestrictionStatus,
    Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

use super::Reach;

/// Since then, a file cannot be shortened either.
const ALL_OF_FILES: ABI = ABI::V3;
/// Since then, there are rules for TCP.
const TCP: ABI = ABI::V4;
/// Since then, neither abstract sockets nor signals lead out.
const SCOPES: ABI = ABI::V6;
/// What is asked for, as far as the kernel knows it.
const ASKED: ABI = ABI::V6;

/// From now on, only what is in reach can be opened, nothing can be run, and no port can be used. Rules are about folders: what takes the place of a file
/// is in reach as that was.
pub(super) fn restrict(reach: &Reach) -> (Hold, Hold) {
    match restricted(reach) {
        Ok(status) => said(&status.landlock, &status.ruleset),
        Err(error) => none(&error.to_string()),
    }
}

fn restricted(reach: &Reach) -> Result<RestrictionStatus, RulesetError> {
    let ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(ASKED))?
        .handle_access(AccessNet::from_all(ASKED))?
        .scope(Scope::from_all(ASKED))?
        .create()?;
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let changing = reading
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::MakeSym
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer;
    let ruleset = ruleset.add_rules(rules(&reach.read, reading))?;
    ruleset.add_rules(rules(&reach.change, changing))?.restrict_self()
}

/// From now on, nothing outside some folders can be changed, and nothing can be run.
pub(super) fn restrict_writing(write: &[PathBuf]) -> Hold {
    let changing = AccessFs::from_write(ASKED) & !AccessFs::IoctlDev;
    let restricted = || {
        Ruleset::default()
            .handle_access(changing | AccessFs::Execute)?
            .create()?
            .add_rules(rules(write, changing))?
            .restrict_self()
    };
    match restricted() {
        Ok(status) => said(&status.landlock, &status.ruleset).0,
        Err(error) => Hold::No(error.to_string()),
    }
}

/// What is not there is not in reach.
fn rules(
    folders: &[PathBuf],
    access: BitFlags<AccessFs>,
) -> impl Iterator<Item = Result<PathBeneath<PathFd>, RulesetError>> {
    let open = folders.iter().filter_map(|path| PathFd::new(path).ok());
    open.map(move |folder| Ok(PathBeneath::new(folder, access)))
}

fn said(landlock: &LandlockStatus, ruleset: &RulesetStatus) -> (Hold, Hold) {
    let known = match landlock {
        LandlockStatus::Available { effective_abi, .. } if *ruleset != RulesetStatus::NotEnforced => {
            *effective_abi
        }
        LandlockStatus::NotImplemented => return none("this kernel has no landlock"),
        _ => return none("landlock is switched off in this kernel"),
    };
    let files = match known >= ALL_OF_FILES {
        true => Hold::Whole,
        false => Hold::Part("the landlock of this kernel does not keep files from being shortened".into()),
    };
    let network = match known {
        enough if enough >= SCOPES => Hold::Whole,
        enough if enough >= TCP => {
            Hold::Part("the landlock of this kernel has no rules for abstract sockets and signals".into())
        }
        _ => Hold::No("the landlock of this kernel has no rules for the network".into()),
    };
    (files, network)
}

fn none(why: &str) -> (Hold, Hold) {
    (Hold::No(why.into()), Hold::No(why.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(landlock: LandlockStatus, ruleset: RulesetStatus) -> (Hold, Hold) {
        said(&landlock, &ruleset)
    }

    #[test]
    fn an_older_kernel_holds_less_and_that_is_said() {
        let kernel = |effective_abi| LandlockStatus::Available {
            effective_abi,
            kernel_abi: None,
        };
        let of = |abi| on(kernel(abi), RulesetStatus::PartiallyEnforced);
        assert!(matches!(of(ABI::V1), (Hold::Part(_), Hold::No(_))));
        assert!(matches!(of(ABI::V3), (Hold::Whole, Hold::No(_))));
        assert!(matches!(of(ABI::V4), (Hold::Whole, Hold::Part(_))));
        assert_eq!(of(ABI::V6), (Hold::Whole, Hold::Whole));
        for landlock in [LandlockStatus::NotEnabled, LandlockStatus::NotImplemented] {
            let said = on(landlock, RulesetStatus::NotEnforced);
            assert!(matches!(said, (Hold::No(_), Hold::No(_))), "{landlock:?}");
        }
        let said = on(kernel(ABI::V6), RulesetStatus::NotEnforced);
        assert!(matches!(said, (Hold::No(_), Hold::No(_))));
    }
}
