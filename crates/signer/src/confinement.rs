//! What a process has given up for good, as it says itself.

use serde::{Deserialize, Serialize};

/// How far the kernel holds a process to something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// As far as was asked for.
    Whole,
    /// Less far: what is missing, and why.
    Part(String),
    /// Not at all, and why not.
    No(String),
}

/// What a process has given up: one for each way in which the kernel was asked to hold it to that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Its memory gets into no core file, and no process of the same user can read it.
    pub core_dumps: Hold,
    /// Its memory gets into no swap space.
    pub memory: Hold,
    /// It gets no more privileges, whatever it runs.
    pub privileges: Hold,
    /// It opens only the files that it needs.
    pub files: Hold,
    /// It uses no port of the network.
    pub network: Hold,
    /// It makes only the system calls that it needs.
    pub system_calls: Hold,
}

impl Confinement {
    /// Each with its name, as JSON has it.
    pub fn each(&self) -> [(&'static str, &Hold); 6] {
        [
            ("core_dumps", &self.core_dumps),
            ("memory", &self.memory),
            ("privileges", &self.privileges),
            ("files", &self.files),
            ("network", &self.network),
            ("system_calls", &self.system_calls),
        ]
    }
}
