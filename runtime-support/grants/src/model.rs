//! The grants file, key by key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::network::{Address, Origin};
use crate::units::{Size, Time};

/// What a component may do; what is not here is denied.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Grants {
    /// Directories, by the absolute path that the component knows them under.
    pub filesystem: Filesystem,
    /// Environment variables.
    pub env: Env,
    /// Sockets and name look-up.
    pub network: Network,
    /// HTTP requests that the component makes.
    pub http: Http,
    /// Clocks.
    pub clocks: Clocks,
    /// Random numbers.
    pub random: Random,
    /// The standard streams.
    pub stdio: Stdio,
    /// `wasi:keyvalue`.
    pub keyvalue: KeyValue,
    /// `wasi:blobstore`.
    pub blobstore: BlobStore,
    /// `wasi:config`.
    pub config: Config,
    /// `wasi:logging`.
    pub logging: Logging,
    /// How much of it; without an entry there is no limit.
    pub limits: Limits,
}

/// Directories by the path in the component.
pub type Filesystem = BTreeMap<String, Directory>;

/// A directory of the host.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Directory {
    /// Where it is; relative to the grants file.
    pub host: PathBuf,
    /// What may be done in it.
    #[serde(default)]
    pub access: Access,
}

/// What may be done in a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Read and list, and change nothing.
    #[default]
    Read,
    /// Everything.
    ReadWrite,
}

/// Environment variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Env {
    /// Variables that are passed on, where the host has them.
    pub allow: Vec<String>,
    /// Variables with values of their own.
    pub set: BTreeMap<String, String>,
}

/// Sockets and name look-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Network {
    /// Where TCP connections may lead. A name needs an entry in `resolve`, too.
    pub tcp_connect: Vec<Address>,
    /// Local addresses to listen at; port 0 is any free port.
    pub tcp_listen: Vec<Address>,
    /// Peers that datagrams may go to and come from, and local addresses to bind.
    pub udp: Vec<Address>,
    /// Names that may be looked up.
    pub resolve: Vec<String>,
}

/// HTTP requests that the component makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Http {
    /// Origins that may be reached.
    pub allow: Vec<Origin>,
}

/// Clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Clocks {
    /// The clock that measures, and waiting.
    pub monotonic: bool,
    /// Date and time.
    pub wall: bool,
}

/// Random numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Random {
    /// From the operating system.
    pub allow: bool,
}

/// The standard streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Stdio {
    /// Reading; without it the stream is at its end.
    pub stdin: bool,
    /// Writing; without it the text is lost.
    pub stdout: bool,
    /// Writing; without it the text is lost.
    pub stderr: bool,
}

/// `wasi:keyvalue`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct KeyValue {
    /// `memory`, `file:PATH` for a SQLite file, or `redis://HOST:PORT/DATABASE`; a relative path is relative to the grants file.
    pub store: Option<String>,
}

/// `wasi:blobstore`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct BlobStore {
    /// The directory of the containers; relative to the grants file.
    pub root: Option<PathBuf>,
}

/// `wasi:config`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    /// The values that the component finds.
    pub set: BTreeMap<String, String>,
}

/// `wasi:logging`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Logging {
    /// Writing to the log of the host; without it the messages are lost.
    pub allow: bool,
}

/// How much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of all linear memories together.
    pub memory: Option<Size>,
    /// Units of work of one call; about one for each instruction.
    pub fuel: Option<u64>,
    /// Time of one call.
    pub deadline: Option<Time>,
    /// Files, sockets, streams, requests and the like that are open at a time; 10,000 without an entry.
    pub handles: Option<u32>,
}

impl Grants {
    /// Reads a file; paths in it are relative to `base`.
    pub fn parse(text: &str, base: &Path) -> Result<Self, Error> {
        let mut grants: Self = toml::from_str(text)?;
        grants.check()?;
        for directory in grants.filesystem.values_mut() {
            directory.host = base.join(&directory.host);
        }
        grants.blobstore.root = grants.blobstore.root.map(|root| base.join(root));
        grants.keyvalue.store = grants.keyvalue.store.map(|store| match store.strip_prefix("file:") {
            Some(path) => format!("file:{}", base.join(path).display()),
            None => store,
        });
        Ok(grants)
    }

    /// Everything of `self` and of `other`; what is said twice is as `other` has it.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.filesystem.extend(other.filesystem);
        self.env.allow.extend(other.env.allow);
        self.env.set.extend(other.env.set);
        self.network.tcp_connect.extend(other.network.tcp_connect);
        self.network.tcp_listen.extend(other.network.tcp_listen);
        self.network.udp.extend(other.network.udp);
        self.network.resolve.extend(other.network.resolve);
        self.http.allow.extend(other.http.allow);
        self.clocks.monotonic |= other.clocks.monotonic;
        self.clocks.wall |= other.clocks.wall;
        self.random.allow |= other.random.allow;
        self.stdio.stdin |= other.stdio.stdin;
        self.stdio.stdout |= other.stdio.stdout;
        self.stdio.stderr |= other.stdio.stderr;
        self.keyvalue.store = other.keyvalue.store.or(self.keyvalue.store);
        self.blobstore.root = other.blobstore.root.or(self.blobstore.root);
        self.config.set.extend(other.config.set);
        self.logging.allow |= other.logging.allow;
        self.limits.memory = other.limits.memory.or(self.limits.memory);
        self.limits.fuel = other.limits.fuel.or(self.limits.fuel);
        self.limits.deadline = other.limits.deadline.or(self.limits.deadline);
        self.limits.handles = other.limits.handles.or(self.limits.handles);
        self
    }

    /// The JSON schema of the file.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Grants).to_value()
    }

    /// What the types alone do not say.
    fn check(&self) -> Result<(), Error> {
        for path in self.filesystem.keys() {
            let plain = path.starts_with('/') && path.split('/').all(|part| part != ".." && part != ".");
            if !plain {
                return Err(Error::new(format!(
                    "`{path}` is no path of a component: it begins with `/` and has no `.` or `..`"
                )));
            }
        }
        for name in &self.network.resolve {
            if crate::network::host_name(name).is_none() {
                return Err(Error::new(format!("`{name}` is no name that can be looked up")));
            }
        }
        for name in self.env.allow.iter().chain(self.env.set.keys()) {
            if name.is_empty() || name.contains(['=', '\0']) {
                return Err(Error::new(format!("`{name}` is no name of a variable")));
            }
        }
        match &self.keyvalue.store {
            Some(store) if !is_store(store) => Err(Error::new(format!(
                "`{store}` is no store: there are `memory`, `file:PATH` and `redis://HOST:PORT`"
            ))),
            _ => Ok(()),
        }
    }
}

fn is_store(store: &str) -> bool {
    let rest = |scheme| store.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty());
    store == "memory" || rest("file:") || rest("redis://")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const ALL: &str = r#"
        [filesystem]
        "/data" = { host = "data", access = "read" }
        "/out" = { host = "/tmp/out", access = "read-write" }
        [env]
        allow = ["LANG"]
        set = { MODE = "test" }
        [network]
        tcp-connect = ["127.0.0.1:6379"]
        tcp-listen = []
        udp = []
        resolve = ["db.internal"]
        [http]
        allow = ["https://api.example.org"]
        [clocks]
        monotonic = true
        wall = false
        [random]
        allow = true
        [stdio]
        stdin = false
        stdout = true
        stderr = true
        [keyvalue]
        store = "file:store.db"
        [blobstore]
        root = "./blobs"
        [config]
        set = { greeting = "hello" }
        [logging]
        allow = true
        [limits]
        memory = "256MiB"
        fuel = 1000000000
        deadline = "5s"
        handles = 100
    "#;

    fn parse(text: &str) -> Result<Grants, Error> {
        Grants::parse(text, Path::new("/etc/app"))
    }

    #[test]
    fn every_key_is_read() {
        let grants = parse(ALL).unwrap();
        let data = &grants.filesystem["/data"];
        assert_eq!((data.host.as_path(), data.access), (Path::new("/etc/app/data"), Access::Read));
        let out = &grants.filesystem["/out"];
        assert_eq!((out.host.as_path(), out.access), (Path::new("/tmp/out"), Access::ReadWrite));
        assert_eq!(grants.env.set["MODE"], "test");
        assert!(grants.clocks.monotonic && !grants.clocks.wall && grants.random.allow);
        assert_eq!(grants.keyvalue.store.as_deref(), Some("file:/etc/app/store.db"));
        assert_eq!(grants.config.set["greeting"], "hello");
        assert!(grants.logging.allow);
        assert_eq!(grants.limits.memory, Some(Size(256 << 20)));
        assert_eq!(grants.limits.deadline, Some(Time(Duration::from_secs(5))));
        assert_eq!(grants.limits.handles, Some(100));
    }

    #[test]
    fn an_empty_file_grants_nothing() {
        assert_eq!(parse("").unwrap(), Grants::default());
    }

    #[test]
    fn mistakes_have_a_place_and_a_suggestion() {
        let shown = |text: &str| {
            let error = parse(text).unwrap_err();
            let place = error.span.clone().map(|span| text[span].to_owned());
            (error.message, place, error.help)
        };
        let (message, place, help) = shown("[filesytem]\n");
        assert!(message.starts_with("unknown field `filesytem`"), "{message}");
        assert_eq!(place.as_deref(), Some("filesytem"));
        assert_eq!(help.as_deref(), Some("did you mean `filesystem`?"));
        let (_, _, help) = shown("[network]\ntcp_connect = []\n");
        assert_eq!(help.as_deref(), Some("did you mean `tcp-connect`?"));
        let (message, place, _) = shown("[network]\ntcp-connect = [\"db\"]\n");
        assert!(message.contains("`db` is no address"), "{message}");
        assert_eq!(place.as_deref(), Some("[\"db\"]"));
        let (message, _, _) = shown("[filesystem]\n\"/a/../b\" = { host = \".\" }\n");
        assert!(message.contains("`/a/../b`"), "{message}");
        let (_, _, help) = shown("[filesystem]\n\"/a\" = { host = \".\", access = \"readwrite\" }\n");
        assert_eq!(help.as_deref(), Some("did you mean `read-write`?"));
        let (message, place, _) = shown("[limits]\nmemory = \"much\"\n");
        assert_eq!(
            (message.as_str(), place.as_deref()),
            ("`much` is no size such as \"256MiB\"", Some("\"much\""))
        );
    }

    #[test]
    fn two_grants_add_up() {
        let one = parse("[env]\nallow = [\"A\"]\n[limits]\nfuel = 1\n").unwrap();
        let two = parse("[env]\nallow = [\"B\"]\n[clocks]\nwall = true\n[limits]\nfuel = 2\n").unwrap();
        let both = one.and(two);
        assert_eq!(both.env.allow, ["A", "B"]);
        assert!(both.clocks.wall);
        assert_eq!(both.limits.fuel, Some(2));
    }
}
