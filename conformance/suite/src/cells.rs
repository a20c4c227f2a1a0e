//! The cells of the matrix: who calls, who is called, what runs them; and how shards share them.

use witgen_languages::Language;

use crate::Options;
use crate::report::{Cell, Counts, Native};

/// What runs a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// Two components that are joined, in the engine of witgen itself.
    Wasmtime,
    /// A program of this language with host bindings; it is one side of the cell itself.
    Native(Language),
    /// The engine's own dynamic values, which are one side of the cell themselves.
    Oracle,
}

impl Host {
    /// All that a run has unless others are chosen, in the order of the report.
    pub fn all() -> Vec<Self> {
        [Self::Wasmtime].into_iter().chain(Language::ALL.into_iter().map(Self::Native)).collect()
    }

    /// The language of a host program.
    pub(crate) fn language(self) -> Option<Language> {
        match self {
            Self::Native(language) => Some(language),
            Self::Wasmtime | Self::Oracle => None,
        }
    }

    /// The host that is called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().into_iter().chain([Self::Oracle]).find(|host| host.to_string() == name)
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wasmtime => formatter.write_str("wasmtime"),
            Self::Oracle => formatter.write_str("oracle"),
            Self::Native(language) => write!(formatter, "{language}"),
        }
    }
}

/// One side of a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Party {
    /// A derived guest.
    Guest(Language),
    /// A component of the user.
    Component(String),
    /// The program of a host language.
    Host(Language),
    /// The engine's own values.
    Oracle,
}

impl std::fmt::Display for Party {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Guest(language) | Self::Host(language) => write!(formatter, "{language}"),
            Self::Component(name) => formatter.write_str(name),
            Self::Oracle => formatter.write_str("oracle"),
        }
    }
}

/// Where cases run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) importer: Party,
    pub(crate) exporter: Party,
    pub(crate) host: Host,
}

impl Place {
    /// Every chosen cell, in the order of the report: the guests with each other, then each host calling and called.
    pub(crate) fn all(options: &Options, has_types: bool) -> Vec<Self> {
        let mut exporters = Vec::new();
        if has_types {
            exporters.extend(options.exporters.iter().map(|language| Party::Guest(*language)));
        }
        exporters.extend(options.components.iter().map(|(name, _)| Party::Component(name.clone())));
        let mut all = Vec::new();
        for host in &options.hosts {
            match host {
                Host::Wasmtime => {
                    all.extend(options.importers.iter().flat_map(|importer| {
                        exporters.iter().map(|exporter| Self {
                            importer: Party::Guest(*importer),
                            exporter: exporter.clone(),
                            host: *host,
                        })
                    }));
                }
                Host::Oracle if has_types => {
                    let place = |importer, exporter| Self { importer, exporter, host: *host };
                    let called = options.exporters.iter().map(|one| place(Party::Oracle, Party::Guest(*one)));
                    let calling =
                        options.importers.iter().map(|one| place(Party::Guest(*one), Party::Oracle));
                    all.extend(called.chain(calling));
                }
                Host::Oracle => {}
                Host::Native(language) => {
                    let place = |importer, exporter| Self { importer, exporter, host: *host };
                    if options.importers.contains(language) {
                        all.extend(
                            exporters.iter().map(|exporter| place(Party::Host(*language), exporter.clone())),
                        );
                    }
                    if has_types && options.exporters.contains(language) {
                        let importers = options.importers.iter();
                        all.extend(
                            importers.map(|importer| place(Party::Guest(*importer), Party::Host(*language))),
                        );
                    }
                }
            }
        }
        all
    }

    /// The cell of the report, before anything ran.
    pub(crate) fn cell(&self) -> Cell {
        let native = match (&self.importer, &self.exporter) {
            (Party::Host(_) | Party::Oracle, _) => Some(Native::Importer),
            (_, Party::Host(_) | Party::Oracle) => Some(Native::Exporter),
            _ => None,
        };
        Cell {
            importer: self.importer.to_string(),
            exporter: self.exporter.to_string(),
            host: self.host.to_string(),
            native,
            counts: Counts::default(),
            seconds: 0.0,
            outcomes: String::new(),
        }
    }

    /// How long it takes, roughly: guests of some languages are slow to build and to start.
    pub(crate) fn weight(&self) -> u32 {
        let of = |party: &Party| match party {
            Party::Guest(Language::Rust | Language::Go) | Party::Component(_) => 1,
            Party::Guest(Language::Js) => 3,
            Party::Guest(Language::Python) => 6,
            Party::Host(_) | Party::Oracle => 2,
        };
        of(&self.importer) + of(&self.exporter)
    }
}

/// Part of the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Counted from one.
    pub index: usize,
    /// How many there are.
    pub count: usize,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts =
            text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err(format!("`{text}` is no shard; write I/N with I from 1 to N, for instance 2/4")),
        }
    }
}

impl Shard {
    /// Its share of `all`: the heaviest goes first, always to the shard with the least so far.
    pub(crate) fn choose<T>(self, all: Vec<T>, weight: impl Fn(&T) -> u32) -> Vec<T> {
        let mut loads = vec![0; self.count];
        let mut order: Vec<(usize, T)> = all.into_iter().enumerate().collect();
        order.sort_by_key(|(_, item)| std::cmp::Reverse(weight(item)));
        let mut chosen = Vec::new();
        for (position, item) in order {
            let lightest = (0..self.count).min_by_key(|shard| loads[*shard]).unwrap_or(0);
            loads[lightest] += weight(&item);
            if lightest + 1 == self.index {
                chosen.push((position, item));
            }
        }
        chosen.sort_by_key(|(position, _)| *position);
        chosen.into_iter().map(|(_, item)| item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_everything_once_and_evenly() {
        let weights = [12, 9, 9, 7, 7, 6, 4, 4, 2, 2, 2, 2];
        let mut all: Vec<u32> = Vec::new();
        for index in 1..=4 {
            let chosen = Shard { index, count: 4 }.choose(weights.to_vec(), |weight| *weight);
            let load: u32 = chosen.iter().sum();
            assert!((12..=20).contains(&load), "{index}: {chosen:?}");
            all.extend(chosen);
        }
        all.sort_unstable_by_key(|weight| std::cmp::Reverse(*weight));
        assert_eq!(all, weights);
    }

    #[test]
    fn shard_is_read_from_the_command_line() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for wrong in ["0/4", "5/4", "1", "a/b", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
