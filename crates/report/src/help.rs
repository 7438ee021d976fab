//! What helps with a finding, as text and as JSON.

use serde::Serialize;

use gsec_doctor::checks::Help;

/// Commands and prose, kept apart: a script that runs everything under `fix` runs only commands of gsec.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HelpFacts {
    /// Commands that fix it when they are typed here and now.
    pub fix: Vec<String>,
    /// Commands that only look.
    pub look: Vec<String>,
    /// Words for people.
    pub advice: Vec<String>,
}

impl FromIterator<Help> for HelpFacts {
    fn from_iter<T: IntoIterator<Item = Help>>(help: T) -> Self {
        let mut facts = Self::default();
        for one in help {
            match one {
                Help::Fix(command) => facts.fix.push(command.to_string()),
                Help::Look(command) => facts.look.push(command.to_string()),
                Help::Advice(words) => facts.advice.push(words.to_string()),
            }
        }
        facts
    }
}

impl HelpFacts {
    /// Shows each with its label, indented: what is under `fix` changes something, what is under `look` does not.
    pub(super) fn text(&self, page: &mut super::Page, indent: usize) {
        for (label, words) in self.lines() {
            let before = format!("{:indent$}{label}: ", "");
            match label {
                "advice" => page.line(&format!("{before}{words}")),
                _ => page.command(&before, words),
            }
        }
    }

    /// Each with its label: what can be done first, then what can be looked at, then what there is to say.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("fix", &self.fix), ("look", &self.look), ("advice", &self.advice)];
        all.into_iter()
            .flat_map(|(label, lines)| lines.iter().map(move |line| (label, line.as_str())))
    }
}
