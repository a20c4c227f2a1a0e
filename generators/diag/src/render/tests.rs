use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::{Diagnostic, Format, Id, RenderOptions, SourceFile, Span, render};

const LOGGER: &str = "package jacar:examples;

interface logger {
  log: func(message: string);
  levels: enum { debug, info }
}
";

fn file(name: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { name: name.to_owned(), text: text.to_owned() })
}

fn span(file: &Arc<SourceFile>, part: &str) -> Span {
    let start = file.text.find(part).unwrap();
    Span { file: Arc::clone(file), range: start..start + part.len() }
}

fn shown(diagnostic: Diagnostic, format: Format) -> String {
    render(&[diagnostic], RenderOptions { format, color: false })
}

fn text(diagnostic: Diagnostic) -> String {
    shown(diagnostic, Format::Text)
}

fn at(text: &str, range: std::ops::Range<usize>) -> Diagnostic {
    let file = file("a.wit", text);
    Diagnostic::error(Id::WitSyntax, "here").at(Span { file, range }, "")
}

/// A diagnostic with everything but output.
fn levels() -> Diagnostic {
    let logger = file("wit/logger.wit", LOGGER);
    let other = file("wit/deps/other.wit", "package other:thing;\n");
    Diagnostic::error(Id::WitSyntax, "expected a function type, found `enum`")
        .at(span(&logger, "enum"), "not a function type")
        .also(span(&logger, "interface logger"), "in this interface")
        .also(span(&other, "other:thing"), "elsewhere")
        .note("a name with a colon declares a function")
        .help("to declare an enum, write\n  enum levels { debug, info }\n\nwithout the colon")
}

fn tool() -> Diagnostic {
    Diagnostic::error(Id::ToolFailed, "`cargo build` failed")
        .in_path("examples/hello/rust")
        .note("it ended with exit code 101")
        .help("fix the error above,\nthen run `witgen build` again")
        .output("\u{1b}[31merror[E0425]\u{1b}[0m: cannot find `x`\r\n\n --> src/lib.rs:1:1\nprogress 1\rprogress 2\n")
}

#[test]
fn text_shows_source_secondary_places_note_and_help() {
    assert_snapshot!(text(levels()), @r"
    error[wit-syntax]: expected a function type, found `enum`
     --> wit/logger.wit:5:11
      |
    3 | interface logger {
      | ---------------- in this interface
    4 |   log: func(message: string);
    5 |   levels: enum { debug, info }
      |           ^^^^ not a function type
      |
     ::: wit/deps/other.wit:1:9
      |
    1 | package other:thing;
      |         ----------- elsewhere
      |
      = note: a name with a colon declares a function
      = help: to declare an enum, write
                enum levels { debug, info }

              without the colon
    ");
}

#[test]
fn text_shows_the_path_when_there_is_no_place() {
    let bare = Diagnostic::error(Id::MissingInput, "no such file").in_path("wit/none.wit");
    assert_snapshot!(text(bare.clone()), @r"
    error[missing-input]: no such file
    --> wit/none.wit
    ");
    assert_snapshot!(text(bare.help("check the path")), @r"
    error[missing-input]: no such file
    --> wit/none.wit
     |
     = help: check the path
    ");
    assert_snapshot!(text(Diagnostic::warning(Id::Usage, "nothing to do")), @"warning[usage]: nothing to do");
    assert_snapshot!(text(Diagnostic::warning(Id::Usage, "nothing to do").help("one").help("two")), @r"
    warning[usage]: nothing to do
     |
     = help: one
     = help: two
    ");
}

#[test]
fn text_shows_another_tools_output_above_the_help() {
    assert_snapshot!(text(tool()), @r"
    error[tool-failed]: `cargo build` failed
    --> examples/hello/rust
     |
     = note: it ended with exit code 101

        error[E0425]: cannot find `x`

         --> src/lib.rs:1:1
        progress 2

    help: fix the error above,
          then run `witgen build` again
    ");
}

#[test]
fn text_separates_diagnostics_and_leaves_out_repetitions() {
    let both = [at("a", 0..1), tool(), at("a", 0..1), at("b", 0..1)];
    assert_snapshot!(render(&both, RenderOptions::default()), @r"
    error[wit-syntax]: here
     --> a.wit:1:1
      |
    1 | a
      | ^

    error[tool-failed]: `cargo build` failed
    --> examples/hello/rust
     |
     = note: it ended with exit code 101

        error[E0425]: cannot find `x`

         --> src/lib.rs:1:1
        progress 2

    help: fix the error above,
          then run `witgen build` again

    error[wit-syntax]: here
     --> a.wit:1:1
      |
    1 | b
      | ^
    ");
}

#[test]
fn text_has_colours_on_request_only() {
    let colored = render(&[levels(), tool()], RenderOptions { format: Format::Text, color: true });
    let plain = render(&[levels(), tool()], RenderOptions::default());
    assert!(colored.contains("\u{1b}["));
    let stripped = anstream::adapter::strip_str(&colored).to_string();
    assert!(stripped.lines().map(str::trim_end).eq(plain.lines()), "{stripped}");
}

#[test]
fn concise_is_a_line_each() {
    let all = [levels(), tool(), Diagnostic::warning(Id::Usage, "two\nlines")];
    assert_snapshot!(render(&all, RenderOptions { format: Format::Concise, color: true }), @r"
    wit/logger.wit:5:11: error[wit-syntax]: expected a function type, found `enum`
    examples/hello/rust: error[tool-failed]: `cargo build` failed
    warning[usage]: two lines
    ");
}

#[test]
fn json_is_a_versioned_document() {
    assert_snapshot!(shown(levels(), Format::Json), @r#"
    {
      "version": 1,
      "diagnostics": [
        {
          "id": "wit-syntax",
          "severity": "error",
          "message": "expected a function type, found `enum`",
          "file": "wit/logger.wit",
          "line": 5,
          "column": 11,
          "end_line": 5,
          "end_column": 15,
          "label": "not a function type",
          "notes": [
            "a name with a colon declares a function"
          ],
          "helps": [
            "to declare an enum, write\n  enum levels { debug, info }\n\nwithout the colon"
          ],
          "secondary": [
            {
              "file": "wit/logger.wit",
              "line": 3,
              "column": 1,
              "end_line": 3,
              "end_column": 17,
              "label": "in this interface"
            },
            {
              "file": "wit/deps/other.wit",
              "line": 1,
              "column": 9,
              "end_line": 1,
              "end_column": 20,
              "label": "elsewhere"
            }
          ],
          "output": null,
          "path": null
        }
      ]
    }
    "#);
    let path = Diagnostic::error(Id::Io, "c1 \u{9b} del \u{7f} esc \u{1b}").in_path("out").output("raw\n");
    let json = shown(path.clone(), Format::Json);
    assert_snapshot!(json, @r#"
    {
      "version": 1,
      "diagnostics": [
        {
          "id": "io",
          "severity": "error",
          "message": "c1 \u009b del \u007f esc \u001b",
          "file": "out",
          "line": null,
          "column": null,
          "end_line": null,
          "end_column": null,
          "label": null,
          "notes": [],
          "helps": [],
          "secondary": [],
          "output": "raw\n",
          "path": "out"
        }
      ]
    }
    "#);
    let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(parsed["diagnostics"][0]["message"], path.message.as_str());
    assert_snapshot!(render(&[], RenderOptions { format: Format::Json, color: false }), @r#"
    {
      "version": 1,
      "diagnostics": []
    }
    "#);
}

#[test]
fn github_has_annotations_with_escapes() {
    assert_snapshot!(shown(levels(), Format::Github), @"::error file=wit/logger.wit,line=5,col=11,endLine=5,endColumn=15,title=witgen%3A wit-syntax::expected a function type, found `enum`%0Anot a function type%0Anote: a name with a colon declares a function%0Ahelp: to declare an enum, write%0A  enum levels { debug, info }%0A%0Awithout the colon");
    assert_snapshot!(shown(tool(), Format::Github), @"::error file=examples/hello/rust,title=witgen%3A tool-failed::`cargo build` failed%0Anote: it ended with exit code 101%0Ahelp: fix the error above,%0Athen run `witgen build` again%0Aerror[E0425]: cannot find `x`%0A%0A --> src/lib.rs:1:1%0Aprogress 2");
    let odd = file("a,b:c%.wit", "one\ntwo\n");
    let several_lines = Diagnostic::warning(Id::Usage, "100%\r\n::error::").at(span(&odd, "ne\ntw"), "");
    assert_snapshot!(shown(several_lines, Format::Github), @"::warning file=a%2Cb%3Ac%25.wit,line=1,endLine=2,title=witgen%3A usage::100%25%0A::error::");
    assert_snapshot!(shown(Diagnostic::error(Id::Usage, "what"), Format::Github), @"::error title=witgen%3A usage::what");
}

#[test]
fn nothing_renders_as_nothing() {
    for format in [Format::Text, Format::Concise, Format::Github] {
        assert_eq!(render(&[], RenderOptions { format, color: false }), "");
    }
}

#[test]
fn a_span_past_the_end_points_at_the_end() {
    assert_snapshot!(text(at("one\ntwo", 90..95)), @r"
    error[wit-syntax]: here
     --> a.wit:2:4
      |
    2 | two
      |    ^
    ");
    assert_snapshot!(text(at("one\n", 4..4)), @r"
    error[wit-syntax]: here
     --> a.wit:2:1
      |
    2 |
      | ^
    ");
    assert_snapshot!(text(at("", 0..7)), @r"
    error[wit-syntax]: here
     --> a.wit:1:1
      |
    1 |
      | ^
    ");
}

#[test]
fn a_reversed_span_points_at_its_start() {
    let reversed = std::ops::Range { start: 2, end: 1 };
    assert_snapshot!(text(at("one", reversed)), @r"
    error[wit-syntax]: here
     --> a.wit:1:3
      |
    1 | one
      |   ^
    ");
}

#[test]
fn a_span_inside_a_character_covers_the_character() {
    assert_snapshot!(text(at("é日x", 3..4)), @r"
    error[wit-syntax]: here
     --> a.wit:1:2
      |
    1 | é日x
      |  ^^
    ");
}

#[test]
fn tabs_and_carriage_returns_keep_the_caret_in_place() {
    assert_snapshot!(text(at("a\r\n\tbad\tx\r\nc\r\n", 4..7)), @r"
    error[wit-syntax]: here
     --> a.wit:2:2
      |
    2 |     bad    x
      |     ^^^
    ");
    assert_snapshot!(text(at("a\r\nb", 1..3)), @r"
    error[wit-syntax]: here
     --> a.wit:1:2
      |
    1 | a
      |  ^
    ");
}

#[test]
fn a_byte_order_mark_takes_no_column() {
    assert_snapshot!(text(at("\u{feff}bad", 3..6)), @r"
    error[wit-syntax]: here
     --> a.wit:1:1
      |
    1 | bad
      | ^^^
    ");
    assert_eq!(shown(at("\u{feff}bad", 0..3), Format::Concise), "a.wit:1:1: error[wit-syntax]: here\n");
    let source = file("a.wit", "\u{feff}bad");
    assert_eq!(source.position(3), (1, 1));
}

#[test]
fn a_place_over_several_lines_is_drawn() {
    assert_snapshot!(text(at(LOGGER, 24..LOGGER.len())), @r"
    error[wit-syntax]: here
     --> a.wit:2:1
      |
    2 | /
    3 | | interface logger {
    4 | |   log: func(message: string);
    5 | |   levels: enum { debug, info }
    6 | | }
      | |_^
    ");
}

#[test]
fn a_place_over_very_many_lines_is_shown_by_its_first() {
    let long = "line\n".repeat(1000);
    assert_snapshot!(text(at(&long, 7..long.len())), @r"
    error[wit-syntax]: here
     --> a.wit:2:3
      |
    2 | line
      |   ^^
    ");
}

#[test]
fn places_far_apart_are_two_snippets() {
    let long = format!("first\n{}last\n", "line\n".repeat(1000));
    let long = file("a.wit", &long);
    let far =
        Diagnostic::error(Id::WitResolve, "twice").at(span(&long, "last"), "").also(span(&long, "first"), "");
    assert_snapshot!(text(far), @r"
    error[wit-resolve]: twice
        --> a.wit:1002:1
         |
    1002 | last
         | ^^^^
         |
        ::: a.wit:1:1
         |
       1 | first
         | -----
    ");
}

#[test]
fn control_characters_reach_no_terminal() {
    let source = file("a\u{1b}[2J.wit", "x \u{1b}[31m \u{9b}2J \u{202e} \u{7} bad");
    let hostile = "\u{1b}]0;title\u{7} \u{9b}2J \u{7f} \u{202e}";
    let diagnostic = Diagnostic::error(Id::WitSyntax, hostile)
        .at(span(&source, "bad"), hostile)
        .note(hostile)
        .help(hostile)
        .output(hostile)
        .in_path(Path::new(hostile));
    for format in [Format::Text, Format::Concise, Format::Json, Format::Github] {
        let shown = shown(diagnostic.clone(), format);
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
        assert!(!shown.contains('\u{202e}'), "{shown:?}");
    }
    assert_snapshot!(text(diagnostic), @r"
    error[wit-syntax]: ␛]0;title␇ �2J ␡ �
     --> a␛[2J.wit:1:17
      |
    1 | x ␛[31m �2J � ␇ bad
      |                 ^^^ ␛]0;title␇ �2J ␡ �
      |
      = note: ␛]0;title␇ �2J ␡ �

         �2J  �

    help: ␛]0;title␇ �2J ␡ �
    ");
}

#[test]
fn a_line_of_ten_megabytes_is_cut_and_fast() {
    let long = format!("{}BAD{}", "é ".repeat(2_000_000), "x ".repeat(2_000_000));
    let long = file("long.wit", &long);
    let start = long.text.find("BAD").unwrap();
    let many: Vec<_> = (0..100)
        .map(|step| Span { file: Arc::clone(&long), range: start + step..start + 3 + step * 20_000 })
        .map(|span| {
            Diagnostic::error(Id::WitSyntax, "here")
                .at(span, "")
                .also(Span { file: Arc::clone(&long), range: 0..1 }, "")
        })
        .collect();
    for format in [Format::Text, Format::Concise, Format::Json, Format::Github] {
        let begin = Instant::now();
        let shown = render(&many, RenderOptions { format, color: false });
        assert!(begin.elapsed() < Duration::from_secs(20), "{format:?} took {:?}", begin.elapsed());
        assert!(shown.len() < many.len() * 2000, "{format:?} printed {} bytes", shown.len());
    }
    assert_snapshot!(text(many[0].clone()), @r"
    error[wit-syntax]: here
     --> long.wit:1:4000001
      |
    1 | …é é é é é é é é é é é é é é é é é é é é BADx x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x...
      |                                          ^^^
      |
     ::: long.wit:1:1
      |
    1 | é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é...
      | -
    ");
}

#[test]
fn any_two_spans_of_any_text_render() {
    let long = format!("\u{feff}é\t{}\r\n\n\u{1b}日\r\n{}", "w ".repeat(300), "x".repeat(500));
    let texts = ["", "\n", "\r\n", "\u{feff}", "\u{feff}\r\n\ta\u{200d}é日\r\n\r\n}\r", "a\n\nb\n", &long];
    for text in texts {
        let file = file("a.wit", text);
        let offsets = || (0..text.len().min(40) + 2).chain([text.len() - text.len().min(3), usize::MAX]);
        for start in offsets() {
            for end in offsets() {
                let primary = Span { file: Arc::clone(&file), range: start..end };
                let secondary = Span { file: Arc::clone(&file), range: end..start };
                let both = Diagnostic::error(Id::WitSyntax, "x").at(primary, "one").also(secondary, "two");
                for format in [Format::Text, Format::Json] {
                    let shown = shown(both.clone(), format);
                    assert!(shown.len() < 3000, "{shown}");
                }
            }
        }
    }
}
