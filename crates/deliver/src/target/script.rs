//! What `install.sh` does for one service, as constants: bodies of shell functions. They may use the functions of `install.sh`, `$at`, `$dest`
//! and `$unit`, and nothing that a person typed enters them.

/// The bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hooks {
    /// Asks the service whether it takes the files: 0 yes, 2 it has no such question or is not here, anything else no.
    pub check: &'static str,
    /// Has the service take over the files: 0 done, 2 it does not run, anything else it failed.
    pub reload: &'static str,
    /// What is said where nothing was reloaded.
    pub not_reloaded: &'static str,
    /// What is asked before, as a clause: `nginx -t checks the configuration`; empty where nothing is.
    pub asked: &'static str,
    /// What comes after that, as a clause: `nginx reloads`; empty where nothing does, and where no unit is named that could.
    pub then: &'static str,
    /// Whether the host has what is needed: fails before anything is written.
    pub needs: &'static str,
    /// Makes files in `$staging` that only the host can make.
    pub prepare: &'static str,
    /// The names of files of the bundle that are made anew there.
    pub made_here: &'static str,
    /// Whether those in the directory `$1` are as they would be made now.
    pub is_prepared: &'static str,
}

impl Hooks {
    /// Nothing to check, to reload or to make.
    pub const NONE: Self = Self {
        check: "return 2",
        reload: "return 2",
        not_reloaded: "what uses the files must be restarted to read them",
        asked: "",
        then: "",
        needs: ":",
        prepare: ":",
        made_here: "",
        is_prepared: ":",
    };

    pub(super) const fn new(
        (check, asked): (&'static str, &'static str),
        (reload, then): (&'static str, &'static str),
    ) -> Self {
        Self {
            check,
            reload,
            not_reloaded: "not reloaded: the service does not run here",
            asked,
            then,
            needs: ":",
            prepare: ":",
            made_here: "",
            is_prepared: ":",
        }
    }
}

/// Asks `keytool` whether it can read the stores.
pub(super) const KEY_STORE_CHECK: &str = r#"have keytool || return 2
    for java_store in "$dest"/current/*.p12; do
        if [ "$known_password" = yes ]; then
            shown keytool -list -storetype PKCS12 -keystore "$java_store" -storepass changeit || return 1
        elif [ -n "${GSEC_STORE_PASSWORD:-}" ]; then
            shown keytool -list -storetype PKCS12 -keystore "$java_store" -storepass:env GSEC_STORE_PASSWORD || return 1
        else
            return 2
        fi
    done"#;
