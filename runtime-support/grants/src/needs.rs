//! What a component asks for, read from its imports.

use std::fmt::Write as _;

/// One grant that a component can make use of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The key of the grant, such as `stdio.stdout`.
    pub grant: &'static str,
    /// What it lets the component do.
    pub why: &'static str,
    /// The entry of a grants file; a comment where only its author knows the value.
    pub toml: &'static str,
}

/// Interfaces of WASI 0.2, the functions that matter (none: any), and the grant.
const NEEDS: &[(&str, &[&str], Need)] = &[
    ("wasi:filesystem/preopens", &[], FILESYSTEM),
    ("wasi:filesystem/types", &["[method]descriptor.open-at"], FILESYSTEM),
    (
        "wasi:cli/environment",
        &["get-environment"],
        need("env.allow", "read environment variables", "# allow = [\"NAME\"]"),
    ),
    (
        "wasi:sockets/tcp",
        &["[method]tcp-socket.start-connect"],
        need("network.tcp-connect", "open TCP connections", "# tcp-connect = [\"HOST:PORT\"]"),
    ),
    (
        "wasi:sockets/tcp",
        &["[method]tcp-socket.start-listen"],
        need("network.tcp-listen", "accept TCP connections", "# tcp-listen = [\"HOST:PORT\"]"),
    ),
    ("wasi:sockets/udp", &[], need("network.udp", "send and receive datagrams", "# udp = [\"HOST:PORT\"]")),
    ("wasi:sockets/ip-name-lookup", &[], need("network.resolve", "look up names", "# resolve = [\"NAME\"]")),
    (
        "wasi:http/outgoing-handler",
        &[],
        need("http.allow", "make HTTP requests", "# allow = [\"https://HOST\"]"),
    ),
    (
        "wasi:clocks/monotonic-clock",
        &[],
        need("clocks.monotonic", "measure time and wait", "monotonic = true"),
    ),
    ("wasi:clocks/wall-clock", &["now"], need("clocks.wall", "read the date and the time", "wall = true")),
    ("wasi:random/random", &[], need("random.allow", "get random numbers", "allow = true")),
    ("wasi:cli/stdin", &[], need("stdio.stdin", "read its standard input", "stdin = true")),
    ("wasi:cli/stdout", &[], need("stdio.stdout", "write to its standard output", "stdout = true")),
    ("wasi:cli/stderr", &[], need("stdio.stderr", "write to its standard error", "stderr = true")),
    (
        "wasi:keyvalue/store",
        &[],
        need(
            "keyvalue.store",
            "keep values by keys",
            "# store = \"memory\" # or \"file:PATH\", or \"redis://HOST:PORT\"",
        ),
    ),
    (
        "wasi:blobstore/blobstore",
        &[],
        need("blobstore.root", "keep blobs in containers", "# root = \"DIRECTORY\""),
    ),
    ("wasi:config/store", &[], need("config.set", "read configuration", "# set = { NAME = \"value\" }")),
    ("wasi:logging/logging", &[], need("logging.allow", "write to the log", "allow = true")),
];

const FILESYSTEM: Need = need(
    "filesystem",
    "open files in granted directories",
    "# \"/PATH\" = { host = \"DIRECTORY\", access = \"read\" }",
);

const fn need(grant: &'static str, why: &'static str, toml: &'static str) -> Need {
    Need { grant, why, toml }
}

/// The grants that a component with these imports can make use of, sorted; an import is an interface and its functions.
pub fn needs<'a>(imports: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Vec<Need> {
    let mut found: Vec<Need> = Vec::new();
    for (interface, functions) in imports {
        let name = interface.split('@').next().unwrap_or_default();
        for (known, wanted, need) in NEEDS {
            let uses =
                wanted.is_empty() || functions.iter().any(|function| wanted.contains(&function.as_str()));
            if *known == name && uses && !found.contains(need) {
                found.push(*need);
            }
        }
    }
    found.sort();
    found
}

impl Need {
    /// The smallest grants file for `needs`; what only its author knows is a comment.
    #[must_use]
    pub fn file(needs: &[Self]) -> String {
        let mut text = String::new();
        let mut last = "";
        for need in needs {
            let section = need.grant.split('.').next().unwrap_or_default();
            if section != last {
                let gap = if last.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{gap}[{section}]");
                last = section;
            }
            let _ = writeln!(text, "{}", need.toml);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grants;

    fn functions(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn only_what_is_imported_is_needed() {
        let now = functions(&["now"]);
        let resolution = functions(&["resolution"]);
        let stdout = functions(&["get-stdout"]);
        let found = needs([
            ("wasi:clocks/wall-clock@0.2.6", now.as_slice()),
            ("wasi:cli/stdout@0.2.0", stdout.as_slice()),
            ("my:own/interface", stdout.as_slice()),
        ]);
        assert_eq!(found.iter().map(|need| need.grant).collect::<Vec<_>>(), ["clocks.wall", "stdio.stdout"]);
        assert!(needs([("wasi:clocks/wall-clock@0.2.6", resolution.as_slice())]).is_empty());
    }

    #[test]
    fn the_file_of_all_needs_is_a_grants_file() {
        let mut all: Vec<Need> = NEEDS.iter().map(|(_, _, need)| *need).collect();
        all.sort();
        all.dedup();
        let text = Need::file(&all);
        let grants = Grants::parse(&text, std::path::Path::new(".")).unwrap();
        assert!(grants.clocks.wall && grants.stdio.stdin && grants.random.allow);
        // What is a comment has a key that exists.
        let uncommented =
            text.replace("# allow", "allow").replace("# store", "store").replace("# \"/P", "\"/P");
        let uncommented = uncommented.replace("# root", "root").replace("# resolve", "resolve");
        let uncommented = uncommented.replace("# udp", "udp").replace("# tcp", "tcp").replace("PORT", "80");
        Grants::parse(&uncommented, std::path::Path::new(".")).unwrap();
    }
}
