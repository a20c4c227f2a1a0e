//! Constructs that no language supports: one diagnostic for each use, with its place, and nothing is written.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod room;

use room::Room;

const WIT: &str = "package test:denied;

interface api {
  wait: async func() -> u32;
  resource thing {
    later: async func();
    size: get() -> u32;
    size: set(value: u32);
    make: static async func() -> thing;
  }
  read: func(limit: u32) -> stream<u8>;
  type bytes = stream<u8>;
  later: func(value: future<string>);
  never: func() -> future;
  fail: func(why: error-context);
  digest: func(of: list<u8, 32>);
  record hash { bytes: list<u8, 4> }
}

world denied {
  import api;
  export run: async func();
}
";

/// The lines of the text and what each of them uses.
const USES: [(u32, &str); 13] = [
    (4, "`async` functions"),
    (6, "`async` functions"),
    (7, "getters and setters"),
    (8, "getters and setters"),
    (9, "`async` functions"),
    (11, "`stream`"),
    (12, "`stream`"),
    (13, "`future`"),
    (14, "`future`"),
    (15, "`error-context`"),
    (16, "lists of fixed length"),
    (17, "lists of fixed length"),
    (22, "`async` functions"),
];

const LANGUAGES: [(&str, &str); 4] =
    [("rust", "Rust"), ("python", "Python"), ("js", "JavaScript"), ("go", "Go")];

/// `line:column: message` of each diagnostic, by line.
fn places(stderr: &str) -> Vec<(u32, String)> {
    let mut places: Vec<_> = stderr
        .lines()
        .map(|line| {
            let (line, rest) = line.strip_prefix("denied.wit:").unwrap().split_once(':').unwrap();
            let (column, message) = rest.split_once(": ").unwrap();
            assert!(column.parse::<u32>().unwrap() > 1, "{line}:{rest}");
            (line.parse().unwrap(), message.to_owned())
        })
        .collect();
    places.sort();
    places
}

/// Every use but those of the constructs that the side does support is one diagnostic, and nothing is written.
fn check_side((language, name): (&str, &str), side: &str, supported: &[&str]) {
    let room = Room::new();
    room.write("denied.wit", WIT);
    let before = room.files();
    let finished = room.witgen(&format!("{language} denied.wit --{side} -o out --format concise"));
    assert_eq!(finished.code, 1, "{}", finished.stderr);
    assert_eq!(finished.stdout, "");
    assert_eq!(room.files(), before);
    let wanted: Vec<(u32, String)> = USES
        .iter()
        .filter(|(_, construct)| !supported.contains(construct))
        .map(|(line, construct)| {
            let message = format!("{name} {side} bindings do not support {construct} yet");
            (*line, format!("error[unsupported-type]: {message}"))
        })
        .collect();
    assert_eq!(places(&finished.stderr), wanted, "{language} {side}");
}

#[test]
fn each_use_of_an_unsupported_construct_is_one_diagnostic() {
    for language in LANGUAGES {
        check_side(language, "guest", &[]);
    }
}

#[test]
fn each_use_of_an_unsupported_construct_in_a_host_is_one_diagnostic() {
    let [rust, python, ..] = LANGUAGES;
    check_side(rust, "host", &["lists of fixed length"]);
    check_side(python, "host", &[]);
}

#[test]
fn an_unsupported_construct_is_shown_with_its_reason() {
    let room = Room::new();
    room.write("denied.wit", WIT);
    let said = room.check_refused(
        "go denied.wit --guest",
        1,
        "unsupported-type",
        "Go guest bindings do not support `stream` yet",
    );
    for wanted in
        [" --> denied.wit:11:3", "11 |   read: func", "= note: not generated yet", "= note: used by"]
    {
        assert!(said.stderr.contains(wanted), "{wanted}: {}", said.stderr);
    }
}

#[test]
fn flags_have_at_most_32_members() {
    let room = Room::new();
    let members: Vec<String> = (0..33).map(|number| format!("a{number}")).collect();
    for (count, fine) in [(32, true), (33, false)] {
        let text = format!(
            "package test:wide;\nworld wide {{\n  flags many {{\n    {}\n  }}\n  export f: func(value: many);\n}}\n",
            members[..count].join(",\n    ")
        );
        room.write("denied.wit", text);
        for (language, _) in LANGUAGES {
            let line = format!("{language} denied.wit --guest --dry-run --format concise");
            let finished = room.witgen(&line);
            if fine {
                assert_eq!(finished.code, 0, "{language}: {}", finished.stderr);
            } else {
                assert_eq!(finished.code, 1);
                let place = (36, "error[wit-syntax]: cannot have more than 32 flags".to_owned());
                assert_eq!(places(&finished.stderr), [place], "{language}");
            }
        }
    }
}
