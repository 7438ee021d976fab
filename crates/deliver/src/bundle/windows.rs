//! `Install.ps1` and `install.cmd`. Both are the same in every bundle: no name of anybody enters them. The script reads `manifest.json`.

const INSTALL_PS1: &str = include_str!("Install.ps1");
const INSTALL_CMD: &str = include_str!("install.cmd");

/// UTF-8 with its mark, without which Windows PowerShell takes the system's code page; lines end as Windows ends them.
pub(super) fn install_ps1() -> Vec<u8> {
    format!("\u{feff}{}", with_carriage_returns(INSTALL_PS1)).into_bytes()
}

/// ASCII: `cmd.exe` reads a mark as a command.
pub(super) fn install_cmd() -> Vec<u8> {
    with_carriage_returns(INSTALL_CMD).into_bytes()
}

fn with_carriage_returns(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_file_has_nothing_that_cmd_would_replace() {
        assert!(INSTALL_CMD.is_ascii());
        assert!(!INSTALL_CMD.contains(['%', '!', '^', '&']), "{INSTALL_CMD}");
        assert!(install_cmd().windows(2).filter(|pair| pair == b"\r\n").count() > 5);
    }

    #[test]
    fn script_is_ascii_behind_its_mark() {
        let script = install_ps1();
        assert_eq!(script[..3], [0xef, 0xbb, 0xbf]);
        assert!(script[3..].is_ascii());
    }
}
