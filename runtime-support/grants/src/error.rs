//! What is wrong with a grants file or with one grant of a command line.

use std::fmt;
use std::ops::Range;

/// A grant that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where in the file, in bytes.
    pub span: Option<Range<usize>>,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Something that is wrong, as one sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), span: None, help: None }
    }

    /// The key in `text`, which was read, that this is about: `limits.memory`.
    #[must_use]
    pub fn key(&self, text: &str) -> Option<String> {
        let (before, behind) = text.split_at_checked(self.span.clone()?.start)?;
        let rest = behind.lines().next().unwrap_or_default();
        let mut lines = text.get(..before.len() + rest.len())?.lines();
        let key = lines.next_back()?.split_once('=').map(|(key, _)| key.trim());
        let section = lines.rfind(|line| line.starts_with('[')).map(|line| line.trim_matches(['[', ']']));
        match (section, key) {
            (Some(section), Some(key)) => Some(format!("{section}.{key}")),
            (section, key) => section.or(key).map(str::to_owned),
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<toml::de::Error> for Error {
    fn from(error: toml::de::Error) -> Self {
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        let help = unknown_name(&message);
        Self { message, span: error.span(), help }
    }
}

/// A known name that is close to the one that serde does not know.
fn unknown_name(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown ")?;
    let mut quoted = rest.split('`').skip(1).step_by(2);
    let name = quoted.next()?;
    let best = quoted.map(|known| (strsim::osa_distance(name, known), known)).min()?;
    (best.0 <= 1 + name.len() / 3).then(|| format!("did you mean `{}`?", best.1))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::Grants;

    #[test]
    fn errors_know_their_key() {
        let key = |text: &str| Grants::parse(text, Path::new("/")).unwrap_err().key(text);
        assert_eq!(key("[stdio]\nstdin = true\nstdout = 1\n").as_deref(), Some("stdio.stdout"));
        assert_eq!(key("[limits]\nmemory = \"much\"\n").as_deref(), Some("limits.memory"));
        assert_eq!(key("stdio = true\n").as_deref(), Some("stdio"));
        assert_eq!(key("[filesystem.\"/a\"]\nhost = 1\n").as_deref(), Some("filesystem.\"/a\".host"));
        assert_eq!(key("[filesystem]\n\"/../b\" = { host = \".\" }\n"), None);
    }
}
