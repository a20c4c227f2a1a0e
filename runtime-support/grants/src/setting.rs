//! One grant of a command line: `filesystem./data=./data:read`.

use std::path::Path;

use toml::{Table, Value};

use crate::error::Error;
use crate::model::Grants;

/// How the value of a key is written.
#[derive(Clone, Copy)]
enum Kind {
    /// `true`, `false`, or nothing for `true`.
    Switch,
    /// Entries with commas between them.
    List,
    Number,
    Text,
}

const KEYS: &[(&str, &str, Kind)] = &[
    ("env", "allow", Kind::List),
    ("network", "tcp-connect", Kind::List),
    ("network", "tcp-listen", Kind::List),
    ("network", "udp", Kind::List),
    ("network", "resolve", Kind::List),
    ("http", "allow", Kind::List),
    ("clocks", "monotonic", Kind::Switch),
    ("clocks", "wall", Kind::Switch),
    ("random", "allow", Kind::Switch),
    ("stdio", "stdin", Kind::Switch),
    ("stdio", "stdout", Kind::Switch),
    ("stdio", "stderr", Kind::Switch),
    ("keyvalue", "store", Kind::Text),
    ("blobstore", "root", Kind::Text),
    ("logging", "allow", Kind::Switch),
    ("limits", "memory", Kind::Text),
    ("limits", "fuel", Kind::Number),
    ("limits", "deadline", Kind::Text),
    ("limits", "handles", Kind::Number),
];

impl Grants {
    /// Reads one grant as it is written on a command line: `SECTION.KEY=VALUE`.
    ///
    /// - `filesystem./data=./data:read`, or `:read-write`
    /// - `env.allow=LANG,TERM`, `env.set.MODE=test`, `config.set.greeting=hello`
    /// - `network.tcp-connect=127.0.0.1:6379`
    /// - `clocks.monotonic`, which is short for `clocks.monotonic=true`
    /// - `limits.memory=256MiB`
    pub fn setting(text: &str, base: &Path) -> Result<Self, Error> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let (section, key) = name.split_once('.').ok_or_else(|| unknown(name))?;
        let (key, value) = match (section, key.split_once('.')) {
            ("filesystem", _) => (key, directory(needed(name, value)?)),
            ("env" | "config", Some(("set", variable))) => {
                let value = Value::String(needed(name, value)?.to_owned());
                ("set", Value::Table(Table::from_iter([(variable.to_owned(), value)])))
            }
            _ => {
                let found = KEYS.iter().find(|known| known.0 == section && known.1 == key);
                let &(_, _, kind) = found.ok_or_else(|| unknown(name))?;
                (key, kind.value(name, value)?)
            }
        };
        let file = Table::from_iter([(
            section.to_owned(),
            Value::Table(Table::from_iter([(key.to_owned(), value)])),
        )]);
        // Positions in a text that nobody wrote would only confuse.
        Self::parse(&file.to_string(), base).map_err(|error| Error { span: None, ..error })
    }
}

impl Kind {
    fn value(self, name: &str, value: Option<&str>) -> Result<Value, Error> {
        let wrong = |what: &str| Error::new(format!("`{name}` is {what}"));
        Ok(match (self, value) {
            (Self::Switch, None | Some("true")) => Value::Boolean(true),
            (Self::Switch, Some("false")) => Value::Boolean(false),
            (Self::Switch, Some(_)) => return Err(wrong("`true` or `false`")),
            (Self::List, value) => {
                let entries =
                    needed(name, value)?.split(',').map(|entry| Value::String(entry.trim().to_owned()));
                Value::Array(entries.collect())
            }
            (Self::Number, value) => {
                let number = needed(name, value)?.parse().map_err(|_| wrong("a number"))?;
                Value::Integer(number)
            }
            (Self::Text, value) => Value::String(needed(name, value)?.to_owned()),
        })
    }
}

fn needed<'a>(name: &str, value: Option<&'a str>) -> Result<&'a str, Error> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Error::new(format!("`{name}` needs a value")).help(format!("write `{name}=VALUE`")))
}

/// `HOST`, `HOST:read` or `HOST:read-write`.
fn directory(value: &str) -> Value {
    let (host, access) = match value.rsplit_once(':') {
        Some((host, access @ ("read" | "read-write"))) => (host, access),
        _ => (value, "read"),
    };
    Value::Table(Table::from_iter([
        ("host".to_owned(), Value::String(host.to_owned())),
        ("access".to_owned(), Value::String(access.to_owned())),
    ]))
}

fn unknown(name: &str) -> Error {
    let names = KEYS.iter().map(|(section, key, _)| format!("{section}.{key}"));
    let known: Vec<String> = ["filesystem.PATH", "env.set.NAME", "config.set.NAME"]
        .map(str::to_owned)
        .into_iter()
        .chain(names)
        .collect();
    let best = known.iter().map(|known| (strsim::osa_distance(name, known), known)).min();
    let error = Error::new(format!("`{name}` cannot be granted"));
    match best {
        Some((distance, known)) if distance <= 1 + name.len() / 3 => {
            error.help(format!("did you mean `{known}`?"))
        }
        _ => error.help(format!("there are {}", known.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Access;

    fn setting(text: &str) -> Result<Grants, Error> {
        Grants::setting(text, Path::new("/here"))
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let grants = setting("filesystem./data=./data:read-write").unwrap();
        let directory = &grants.filesystem["/data"];
        assert_eq!(
            (directory.host.as_path(), directory.access),
            (Path::new("/here/./data"), Access::ReadWrite)
        );
        assert_eq!(setting("filesystem./data=/srv").unwrap().filesystem["/data"].access, Access::Read);
        assert_eq!(setting("env.allow=LANG, TERM").unwrap().env.allow, ["LANG", "TERM"]);
        assert_eq!(setting("env.set.MODE=a=b").unwrap().env.set["MODE"], "a=b");
        assert_eq!(
            setting("network.tcp-connect=[::1]:80").unwrap().network.tcp_connect[0].to_string(),
            "[::1]:80"
        );
        assert!(setting("clocks.wall").unwrap().clocks.wall);
        assert!(!setting("clocks.wall=false").unwrap().clocks.wall);
        assert_eq!(setting("limits.fuel=12").unwrap().limits.fuel, Some(12));
        assert_eq!(setting("config.set.name=Ada").unwrap().config.set["name"], "Ada");
    }

    #[test]
    fn every_key_of_the_file_can_be_given() {
        let schema = Grants::schema();
        let sections = schema["properties"].as_object().unwrap();
        for (section, _) in sections {
            assert!(
                ["filesystem", "config"].contains(&section.as_str())
                    || KEYS.iter().any(|known| known.0 == section),
                "{section} cannot be given on the command line"
            );
        }
        for (section, key, _) in KEYS {
            let reference = schema["properties"][section]["$ref"].as_str().unwrap();
            let name = reference.rsplit('/').next().unwrap();
            assert!(schema["$defs"][name]["properties"][key].is_object(), "{section}.{key}");
        }
    }

    #[test]
    fn mistakes_say_what_to_write() {
        let shown = |text: &str| setting(text).unwrap_err().to_string();
        assert_eq!(shown("clock.wall"), "`clock.wall` cannot be granted; did you mean `clocks.wall`?");
        assert_eq!(shown("env.allow"), "`env.allow` needs a value; write `env.allow=VALUE`");
        assert_eq!(shown("clocks.wall=yes"), "`clocks.wall` is `true` or `false`");
        assert_eq!(shown("limits.memory=much"), "`much` is no size such as \"256MiB\"");
        assert!(
            shown("everything")
                .contains("there are filesystem.PATH, env.set.NAME, config.set.NAME, env.allow")
        );
        assert!(shown("filesystem.data=./data").contains("it begins with `/`"));
    }
}
