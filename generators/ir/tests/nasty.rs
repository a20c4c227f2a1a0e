//! Input that nobody writes on purpose: it is refused or read, soon, on the small stack of a test thread.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Options, World, load};

/// Generous for a debug build; what hangs takes far longer.
const PATIENCE: Duration = Duration::from_secs(20);

const OK: Result<(), Id> = Ok(());
const SYNTAX: Result<(), Id> = Err(Id::WitSyntax);
const RESOLVE: Result<(), Id> = Err(Id::WitResolve);
const BINARY: Result<(), Id> = Err(Id::InvalidComponent);

struct Room {
    dir: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// Loads `path`, which must take little time and find nothing that is witgen's own fault.
fn timed(name: &str, path: &Path) -> witgen_diag::Result<World> {
    let start = spent();
    let loaded = load(&[path.to_owned()], &Options::default());
    let took = spent() - start;
    assert!(took < PATIENCE, "{name}: {took:?}");
    if let Err(findings) = &loaded {
        assert!(!findings.is_empty(), "{name}: refused without a reason");
        for finding in findings {
            assert_ne!(finding.id, Id::Internal, "{name}: {finding:?}");
            check_places(name, finding);
        }
    }
    loaded
}

/// How long this thread has computed, whatever else the machine does.
#[cfg(target_os = "linux")]
fn spent() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let usage = getrusage(UsageWho::RUSAGE_THREAD).unwrap();
    let time = usage.user_time() + usage.system_time();
    Duration::from_micros(u64::try_from(time.num_microseconds()).unwrap())
}

#[cfg(not(target_os = "linux"))]
fn spent() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// Every caret points into its text.
fn check_places(name: &str, finding: &Diagnostic) {
    for label in finding.primary.iter().chain(&finding.secondary) {
        let span = &label.span;
        assert!(span.file.text.get(span.range.clone()).is_some(), "{name}: {:?}", span.range);
        assert!(span.line() >= 1 && span.column() >= 1);
    }
}

fn check_path(name: &str, path: &Path, expected: Result<(), Id>) {
    let loaded = timed(name, path).map(|_| ()).map_err(|findings| findings[0].clone());
    match (&loaded, expected) {
        (Ok(()), Ok(())) => {}
        (Err(finding), Err(id)) if finding.id == id => {}
        _ => panic!("{name}: expected {expected:?}, got {loaded:?}"),
    }
}

fn check(name: &str, content: impl AsRef<[u8]>, expected: Result<(), Id>) {
    let room = Room::new();
    check_path(name, &room.write("world.wit", content), expected);
}

/// `open` a number of times around `inner`.
fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn in_world(ty: &str) -> String {
    format!("package a:b;\nworld w {{ import f: func(x: {ty}); }}\n")
}

/// Interfaces of which each uses the one before it.
fn chain_of_interfaces(length: usize, item: &str) -> String {
    let mut text = "package a:b;\ninterface i0 { type t = u8; }\n".to_owned();
    for index in 1..length {
        writeln!(text, "interface i{index} {{ use i{}.{{t}}; }}", index - 1).unwrap();
    }
    writeln!(text, "world w {{ {item} i{}; }}", length - 1).unwrap();
    text
}

/// Types of which each is made of the one before it.
fn chain_of_types(length: usize, of: impl Fn(usize, usize) -> String) -> String {
    let mut text = "package a:b;\ninterface i {\n  type t0 = u8;\n".to_owned();
    for index in 1..length {
        writeln!(text, "  {}", of(index, index - 1)).unwrap();
    }
    writeln!(
        text,
        "  f: func(x: t{}) -> t{};\n}}\nworld w {{ import i; export i; }}",
        length - 1,
        length - 1
    )
    .unwrap();
    text
}

/// A list in a list in a list, as the type section of a WIT package that no text stands behind.
fn chain_in_binary(length: usize) -> Vec<u8> {
    let mut text = "(component (type (component (type (component (type (instance\n".to_owned();
    text.push_str("(type $t0 u8)\n");
    for index in 1..length {
        writeln!(text, "(type $t{index} (list $t{}))", index - 1).unwrap();
    }
    let last = length - 1;
    write!(
        text,
        "(type $f (func (param \"x\" $t{last})))\n(export \"f\" (func (type $f)))))\n\
         (import \"a:b/i\" (instance (type 0)))))\n(export \"a:b/w\" (component (type 0)))))\n\
         (export \"w\" (type 0)))"
    )
    .unwrap();
    wat::parse_str(text).unwrap()
}

#[test]
fn bytes_that_are_no_wit() {
    check("nothing", "", SYNTAX);
    check("nul bytes", "package a:b;\0\0\0world w {}", SYNTAX);
    check("only nul bytes", [0; 4096], SYNTAX);
    check("byte order mark", "\u{feff}package a:b; world w {}", OK);
    check("UTF-16", b"\xff\xfep\0a\0c\0k\0", SYNTAX);
    check("invalid UTF-8", b"package a:b;\nworld w\xff {}", SYNTAX);
    check("a cut character", &"package a:b; // \u{1f980}".as_bytes()[..18], SYNTAX);
    check("text direction", "package a:b; // \u{202e}", SYNTAX);
    check("line breaks of Windows", "package a:b;\r\n\r\nworld w {\r\n  import f: func();\r\n}\r\n", OK);
    check("line breaks of old", "package a:b;\rworld w {}\r", SYNTAX);
    check("no end", "package a:b; world w {", SYNTAX);
    check("an open comment", "package a:b; /* world w {}", SYNTAX);
}

const TOKENS: &[&str] = &[
    "package",
    "a:b",
    ";",
    "world",
    "w",
    "{",
    "}",
    "interface",
    "i",
    "(",
    ")",
    "<",
    ">",
    "func",
    ":",
    "->",
    "u8",
    "list",
    "use",
    ".",
    ",",
    "@since(version = 1.0.0)",
    "resource",
    "record",
    "include",
    "with",
    "as",
    "import",
    "export",
    "type",
    "=",
    "%",
    "//\n",
    "/*",
    "*/",
    "option",
    "borrow",
    "1",
    "@",
    "string",
    "package a:b;",
    "static",
    "async",
    "map",
    "\u{1f980}",
    "_",
    "-",
    "\"x\"",
];

/// xorshift: the same bytes on every machine.
#[test]
fn random_bytes_and_random_tokens() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let room = Room::new();
    for round in 0..2000 {
        let mut bytes = Vec::new();
        match round % 3 {
            0 => bytes.extend((0..next() % 400).map(|_| next().to_le_bytes()[0])),
            1 => bytes.extend((0..next() % 400).map(|_| next().to_le_bytes()[0] & 0x7f)),
            _ => {
                for _ in 0..next() % 60 {
                    bytes.extend_from_slice(
                        TOKENS[usize::try_from(next()).unwrap_or(0) % TOKENS.len()].as_bytes(),
                    );
                    bytes.push(b' ');
                }
            }
        }
        // Half of the binaries get past the first look.
        if round % 6 == 0 {
            bytes.splice(0..0, *b"\0asm\x0d\0\x01\0");
        }
        let path = room.write("world.wit", &bytes);
        let _ = timed(&format!("round {round}"), &path);
    }
}

#[test]
fn every_prefix_of_a_text() {
    let options = Options { world: Some("wasi:http/proxy@0.2.12".to_owned()), ..Options::default() };
    let proxy = load(&[], &options).unwrap();
    let types =
        proxy.interfaces.iter().find(|interface| interface.key.starts_with("wasi:http/types")).unwrap();
    // Comments are most of the text and least of the interest.
    let lines = types.span.as_ref().unwrap().file.text.lines();
    let text: String = lines
        .filter(|line| !line.trim_start().starts_with("///"))
        .fold(String::new(), |text, line| text + line + "\n");
    assert!(text.len() > 5_000, "{} bytes", text.len());
    let room = Room::new();
    let mut whole = 0;
    for end in 0..=text.len() {
        let path = room.write("world.wit", &text.as_bytes()[..end]);
        whole += usize::from(timed(&format!("{end} bytes"), &path).is_ok());
    }
    assert!(whole >= 1, "the whole text does not load");
}

#[test]
fn every_prefix_of_a_binary() {
    let bytes = chain_in_binary(5);
    let room = Room::new();
    check_path("whole", &room.write("whole.wasm", &bytes), OK);
    for end in 8..bytes.len() {
        let _ = timed(&format!("{end} bytes"), &room.write("cut.wasm", &bytes[..end]));
    }
    for place in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut wrong = bytes.clone();
            wrong[place] ^= flip;
            let _ = timed(&format!("{flip:#x} at {place}"), &room.write("wrong.wasm", &wrong));
        }
    }
}

#[test]
fn huge_texts() {
    check("10 MB of record", "record ".repeat(10_000_000 / 7), SYNTAX);
    check(
        "10 MB of record in an interface",
        format!("package a:b; interface i {{ {}", "record ".repeat(1_400_000)),
        SYNTAX,
    );
    check("one line of 10 MB", format!("package a:b; // {}", "x".repeat(10_000_000)), Err(Id::UnknownWorld));
    check("a name of 1 MB", format!("package a:b; world {} {{}}", "x".repeat(1_000_000)), OK);
}

#[test]
fn many_items() {
    let items = |one: &dyn Fn(usize) -> String| (0..100_000).map(one).collect::<String>();
    let functions = items(&|index| format!("f-{index}: func(x: u32);\n"));
    check("functions", format!("package a:b; interface i {{ {functions} }} world w {{ import i; }}"), OK);
    let types = items(&|index| format!("record r{index} {{ x: u32 }}\n"));
    check("records", format!("package a:b; interface i {{ {types} }} world w {{ export i; }}"), OK);
    let params = (0..100_000).map(|index| format!("p-{index}: u32,\n")).collect::<String>();
    check("parameters", format!("package a:b; world w {{ import f: func({params}); }}"), SYNTAX);
    let cases = (0..100_000).map(|index| format!("c-{index},\n")).collect::<String>();
    check(
        "cases",
        format!(
            "package a:b; interface i {{ enum e {{ {cases} }} f: func(e: e) -> e; }} world w {{ import i; }}"
        ),
        OK,
    );
    check(
        "flags",
        format!("package a:b; interface i {{ flags e {{ {cases} }} }} world w {{ import i; }}"),
        SYNTAX,
    );
    let fields = (0..20_000).map(|index| format!("f-{index}: u32,\n")).collect::<String>();
    check(
        "fields",
        format!(
            "package a:b; interface i {{ record r {{ {fields} }} f: func(r: r) -> r; }} world w {{ export i; }}"
        ),
        OK,
    );
    let interfaces =
        (0..10_000).map(|index| format!("interface i{index} {{ f: func(); }}\n")).collect::<String>();
    let imports = (0..10_000).map(|index| format!("import i{index};\n")).collect::<String>();
    check("interfaces", format!("package a:b; {interfaces} world w {{ {imports} }}"), OK);
}

#[test]
fn deep_texts() {
    for depth in [99, 1_000, 10_000, 100_000] {
        let fits = depth == 99;
        let expected = if fits { OK } else { SYNTAX };
        let name = |what: &str| format!("{depth} deep {what}");
        check(&name("lists"), in_world(&nested("list<", "u8", ">", depth)), expected);
        check(&name("options"), in_world(&nested("option<", "u8", ">", depth)), expected);
        check(&name("results"), in_world(&nested("result<_, ", "u8", ">", depth)), expected);
        check(&name("tuples"), in_world(&nested("tuple<", "u8", ">", depth)), expected);
        check(&name("maps"), in_world(&nested("map<u8, ", "u8", ">", depth)), expected);
        check(&name("open lists"), in_world(&"list<".repeat(depth)), SYNTAX);
        check(&name("braces"), format!("package a:b; world w {}", nested("{", "", "}", depth)), SYNTAX);
        check(
            &name("parentheses"),
            format!("package a:b; world w {{ import f: func{}; }}", nested("(", "", ")", depth)),
            SYNTAX,
        );
        check(&name("comments"), format!("package a:b; {} world w {{}}", nested("/*", "", "*/", depth)), OK);
        check(&name("open comments"), format!("package a:b; {}", "/*".repeat(depth)), SYNTAX);
        check(
            &name("packages"),
            format!("package a:b; {}", nested("package c:d { ", "", "}", depth)),
            SYNTAX,
        );
        check(&name("WebAssembly text"), "(component ".repeat(depth), BINARY);
    }
}

#[test]
fn long_chains() {
    check("ten lists", chain_of_types(10, |this, last| format!("type t{this} = list<t{last}>;")), OK);
    for length in [200, 2_000, 20_000] {
        let name = |what: &str| format!("{length} {what}");
        check(
            &name("lists"),
            chain_of_types(length, |this, last| format!("type t{this} = list<t{last}>;")),
            RESOLVE,
        );
        check(
            &name("records"),
            chain_of_types(length, |this, last| format!("record t{this} {{ x: t{last} }}")),
            RESOLVE,
        );
        check(
            &name("variants"),
            chain_of_types(length, |this, last| format!("variant t{this} {{ x(t{last}) }}")),
            RESOLVE,
        );
        check(
            &name("aliases"),
            chain_of_types(length, |this, last| format!("type t{this} = t{last};")),
            RESOLVE,
        );
        check(&name("imports"), chain_of_interfaces(length, "import"), RESOLVE);
        check(&name("exports"), chain_of_interfaces(length, "export"), RESOLVE);
    }
    let includes =
        (1..5_000).map(|index| format!("world w{index} {{ include w{}; }}\n", index - 1)).collect::<String>();
    let room = Room::new();
    let path = room.write("world.wit", format!("package a:b; world w0 {{}} {includes}"));
    load(&[path], &Options { world: Some("w4999".to_owned()), ..Options::default() }).unwrap();
}

#[test]
fn small_texts_of_huge_types() {
    let doubled =
        |length| chain_of_types(length, |this, last| format!("type t{this} = tuple<t{last}, t{last}>;"));
    check("1,024 fields", doubled(11), OK);
    for length in [22, 40, 90] {
        check("doubled", doubled(length), RESOLVE);
    }
    check(
        "doubled options",
        chain_of_types(60, |this, last| {
            format!("record t{this} {{ a: option<t{last}>, b: option<t{last}> }}")
        }),
        RESOLVE,
    );
    check(
        "doubled cases",
        chain_of_types(60, |this, last| format!("variant t{this} {{ a(t{last}), b(t{last}) }}")),
        RESOLVE,
    );
    check("fixed length", in_world(&nested("list<", "u8", ", 4294967295>", 4)), RESOLVE);
}

#[test]
fn binaries() {
    let room = Room::new();
    let file = |name: &str, text: &str| room.write(name, wat::parse_str(text).unwrap());
    check_path("core module", &file("module.wasm", "(module)"), BINARY);
    check_path("empty component", &file("component.wasm", "(component)"), OK);
    check_path("only a magic number", &room.write("magic.wasm", b"\0asm"), BINARY);
    check_path("a later version", &room.write("version.wasm", b"\0asm\xff\xff\xff\xff"), BINARY);
    // Read as it says, this would take 4 GiB.
    let greedy = b"\0asm\x0d\0\x01\0\x07\xff\xff\xff\xff\x0f\x01";
    let findings = timed("a section of 4 GiB", &room.write("greedy.wasm", greedy)).unwrap_err();
    assert_eq!(findings[0].notes, ["it ends in the middle of a section"]);
    check_path("named as text", &room.write("module.wit", b"\0asm\x01\0\0\0"), BINARY);
    check_path("text named as binary", &room.write("text.wasm", "package a:b; world w {}"), OK);
    check_path("20 lists", &room.write("few.wasm", chain_in_binary(20)), OK);
    for length in [500, 5_000] {
        check_path("many lists", &room.write("many.wasm", chain_in_binary(length)), BINARY);
    }
}

#[test]
fn cycles() {
    check("type", "package a:b; interface i { type t = list<t>; } world w { import i; }", RESOLVE);
    check(
        "record",
        "package a:b; interface i { record a { b: b } record b { a: a } } world w { import i; }",
        RESOLVE,
    );
    check("interface", "package a:b; interface i { use i.{t}; } world w { import i; }", RESOLVE);
    check(
        "use",
        "package a:b; interface i { use j.{t}; } interface j { use i.{t}; } world w { import i; }",
        RESOLVE,
    );
    check("world", "package a:b; world w { include w; }", RESOLVE);
    check("worlds", "package a:b; world v { include w; } world w { include v; }", RESOLVE);
    check(
        "nested packages",
        "package a:b; package c:d { interface i { use e:f/j.{t}; } } package e:f { interface j { use c:d/i.{t}; } } world w {}",
        RESOLVE,
    );
    let room = Room::new();
    room.write("wit/w.wit", "package a:b; interface i { use c:d/i.{t}; } world w { import i; }");
    room.write("wit/deps/c.wit", "package c:d; interface i { use e:f/i.{t}; }");
    room.write("wit/deps/e.wit", "package e:f; interface i { use c:d/i.{t}; }");
    check_path("packages", &room.path("wit"), RESOLVE);
    room.write("self/w.wit", "package a:b; interface i { use a:b/i.{t}; } world w { import i; }");
    check_path("package of itself", &room.path("self"), RESOLVE);
}

#[test]
fn a_chain_of_packages() {
    let room = Room::new();
    room.write("wit/w.wit", "package a:p0; world w { import a:p1/i; }");
    for index in 1..300 {
        let text = format!("package a:p{index}; interface i {{ use a:p{}/i.{{t}}; }}", index + 1);
        room.write(&format!("wit/deps/p{index}.wit"), text);
    }
    room.write("wit/deps/p300.wit", "package a:p300; interface i { type t = u8; }");
    check_path("300 packages", &room.path("wit"), RESOLVE);
}

#[cfg(unix)]
#[test]
fn strange_directories() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let room = Room::new();
    let wit = "package a:b; world w {}";
    check_path("nothing there", &room.path("missing.wit"), Err(Id::MissingInput));
    std::fs::create_dir_all(room.path("empty")).unwrap();
    check_path("an empty directory", &room.path("empty"), Err(Id::MissingInput));
    std::fs::create_dir_all(room.path("named.wit/inner.wit/deps")).unwrap();
    room.write("named.wit/w.wit", wit);
    check_path("directories named like files", &room.path("named.wit"), OK);
    room.write("flat/w.wit", wit);
    room.write("flat/deps", "a file");
    check_path("deps is a file", &room.path("flat"), OK);
    room.write("loop/w.wit", wit);
    symlink(room.path("loop"), room.path("loop/deps")).unwrap();
    check_path("deps is the directory itself", &room.path("loop"), OK);
    symlink(room.path("ring"), room.path("ring")).unwrap();
    check_path("a link to itself", &room.path("ring"), Err(Id::Io));
    room.write("linked/w.wit", wit);
    symlink(room.path("linked/x.wit"), room.path("linked/x.wit")).unwrap();
    check_path("a file that links to itself", &room.path("linked"), Err(Id::Io));
    room.write("dangling/w.wit", wit);
    symlink(room.path("nowhere"), room.path("dangling/x.wit")).unwrap();
    check_path("a link to nothing", &room.path("dangling"), Err(Id::MissingInput));
    let secret = room.write("secret.wit", wit);
    std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o000)).unwrap();
    // Root reads everything.
    if std::fs::read(&secret).is_err() {
        check_path("unreadable", &secret, Err(Id::Io));
    }
}
