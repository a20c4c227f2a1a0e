//! Components of the examples in hosts that are not ours: jco and wasmtime-py, and what `docs/portability.md` says of
//! it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_build::{cache_dir, tools_dir};
use witgen_conformance::{Unbuilt, Workshop, built, ends_with, languages, node, root, run_trials};
use witgen_languages::Language;

const PAGE: &str = include_str!("../../../docs/portability.md");

/// A host, by the heading of its table, with the file that pins its version.
#[derive(Clone, Copy)]
struct Host {
    heading: &'static str,
    pinned: &'static str,
    /// The row that it has no interface for.
    without: Option<&'static str>,
    command: fn(&Path, &Path, Story, &Path) -> Result<Command, Unbuilt>,
}

const HOSTS: [Host; 2] = [
    Host {
        heading: "## jco",
        pinned: include_str!("../../bench/js/package.json"),
        without: None,
        command: jco,
    },
    Host {
        heading: "## wasmtime-py",
        pinned: include_str!("../../bench/python/requirements.in"),
        without: Some("HTTP server"),
        command: wasmtime_py,
    },
];

/// What components do in a host.
#[derive(Clone, Copy)]
struct Story {
    /// The first cell of its row.
    name: &'static str,
    /// What the programs of the hosts call it.
    program: &'static str,
    component: fn(&Workshop, Language) -> Result<PathBuf, Unbuilt>,
    printed: fn(Language) -> String,
}

const STORIES: [Story; 4] = [
    Story {
        name: "plugin",
        program: "plugin",
        component: |workshop, language| component(workshop, "plugin-host/plugins", language),
        printed: filtered,
    },
    Story {
        name: "command",
        program: "command",
        component: |workshop, language| component(workshop, "command", language),
        printed: |_| "Texts\na.txt: 3\nb.txt: 0\ninput: 4\ninput: 4\n".to_owned(),
    },
    Story { name: "two languages", program: "command", component: pair, printed: |_| REPORT.to_owned() },
    Story {
        name: "HTTP server",
        program: "server",
        component: |workshop, language| component(workshop, "demo", language),
        printed: served,
    },
];

const REPORT: &str = "Original: Hello WebAssembly Component Model\n\
                      Reversed: ledoM tnenopmoC ylbmessAbeW olleH\n\
                      Words: 4\n";

fn main() -> ExitCode {
    run_trials(trials)
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let mut trials = vec![Trial::test("the_page_names_the_versions", versions)];
    for host in HOSTS {
        for story in STORIES {
            for language in languages() {
                let shop = Arc::clone(workshop);
                let name = format!("{}::{}::{language}", &host.heading[3..], story.name).replace(' ', "_");
                trials.push(Trial::test(name, move || check(&shop, host, story, language)));
            }
        }
    }
    trials
}

/// What happens is what the page says.
fn check(workshop: &Workshop, host: Host, story: Story, language: Language) -> Result<(), Failed> {
    let said = cell(host, story, language)?;
    if host.without == Some(story.name) {
        return if said == "-" { Ok(()) } else { Err(format!("the page says {said:?}").into()) };
    }
    let Some(component) = built((story.component)(workshop, language))? else { return Ok(()) };
    let dir = tempfile::tempdir()?;
    let texts = dir.path().join("texts");
    std::fs::create_dir(&texts)?;
    std::fs::write(texts.join("a.txt"), "one two\nthree ")?;
    std::fs::write(texts.join("b.txt"), "")?;
    let input = texts.join("input");
    std::fs::write(&input, "four  naïve words here")?;
    let mut command = match (host.command)(&component, dir.path(), story, &texts) {
        Ok(command) => command,
        Err(missing) => return built(Err(missing)).map(drop),
    };
    let happened = ends_with(command.stdin(File::open(input)?), &(story.printed)(language));
    match (said, happened) {
        ("yes", happened) => happened,
        ("no", Err(_)) => Ok(()),
        ("no", Ok(())) => Err("it works, and the page says that it does not".into()),
        _ => Err(format!("the page says {said:?}").into()),
    }
}

/// What the page says of a component of `language`.
fn cell(host: Host, story: Story, language: Language) -> Result<&'static str, Failed> {
    let (_, section) = PAGE.split_once(host.heading).ok_or("the page has no such heading")?;
    let rows = section.lines().skip(1).take_while(|line| !line.starts_with("## "));
    let mut rows = rows.map(|line| line.trim_matches(['|', ' ']).split(" | ").collect::<Vec<_>>());
    let row = rows.find(|cells| cells[0] == story.name).ok_or("the page has no such row")?;
    let column = 1 + Language::ALL.iter().position(|known| *known == language).unwrap_or_default();
    row.get(column).copied().ok_or_else(|| "the row has no such column".into())
}

fn versions() -> Result<(), Failed> {
    for host in HOSTS {
        let (_, section) = PAGE.split_once(host.heading).ok_or("the page has no such heading")?;
        let text = section.split("\n## ").next().unwrap_or_default();
        let is_version =
            |word: &&str| word.split('.').filter(|part| part.parse::<u32>().is_ok()).count() == 3;
        let pinned = host.pinned.split(['"', '=', '\n', ' ']).filter(is_version);
        for version in pinned.filter(|version| *version != "0.2.0") {
            if !text.contains(version) {
                return Err(format!("{}: {version} is pinned", host.heading).into());
            }
        }
    }
    Ok(())
}

fn component(workshop: &Workshop, example: &str, language: Language) -> Result<PathBuf, Unbuilt> {
    workshop.component(&root().join("examples").join(example).join(language.id()))
}

/// A consumer in `language` with a provider in another one.
fn pair(workshop: &Workshop, language: Language) -> Result<PathBuf, Unbuilt> {
    let provider = match language {
        Language::Rust => Language::Js,
        Language::Js => Language::Go,
        Language::Python | Language::Go => Language::Rust,
    };
    let consumer = component(workshop, "string-operations/consumer", language)?;
    let provider = component(workshop, "string-operations/provider", provider)?;
    workshop.composition(&[&consumer, &provider])
}

fn filtered(language: Language) -> String {
    match language {
        Language::Rust => {
            "negative of 6 pixels in rows of 3\n255 205 155 105 55 5\nnegative of 6 pixels in rows of 4\n"
        }
        Language::Python => "brighter by 100\n100 150 200 250 255 255\nbrighter by 0\n",
        Language::Js => "mirrored 2 rows\n100 50 0 250 200 150\nragged 2\n",
        Language::Go => "white from 100 on\n0 0 255 255 255 255\nunsupported a strength of 0\n",
    }
    .to_owned()
}

fn served(language: Language) -> String {
    let name = match language {
        Language::Rust => "Rust",
        Language::Python => "Python",
        Language::Js => "JavaScript",
        Language::Go => "Go",
    };
    format!("200 Hello from {name}: /some/path?query\ninfo demo asked for /some/path?query\n")
}

fn jco(component: &Path, dir: &Path, story: Story, texts: &Path) -> Result<Command, Unbuilt> {
    let mut command = Command::new(node()?);
    command.arg(program("jco.js")).arg(peers("bench-js")?).arg(component).arg(dir.join("jco"));
    command.arg(story.program).arg(texts);
    Ok(command)
}

fn wasmtime_py(component: &Path, dir: &Path, story: Story, texts: &Path) -> Result<Command, Unbuilt> {
    let packages = peers("bench-python")?;
    let missing = || Unbuilt::MissingTool("python3 was not found; run `cargo xtask setup`".to_owned());
    let python = tools_dir().map(|tools| tools.join("python/bin/python3")).filter(|python| python.is_file());
    let mut command = Command::new(python.ok_or_else(missing)?);
    command.env("PYTHONPATH", packages).env("PYTHONDONTWRITEBYTECODE", "1");
    // Compiling Python components takes longer than everything else here.
    let cache = dir.join("cache.toml");
    let compiled = cache_dir().unwrap_or_else(|| dir.to_owned()).join("wasmtime-py");
    let text = format!("[cache]\ndirectory = {:?}\n", compiled.display().to_string());
    std::fs::write(&cache, text).map_err(|reason| Unbuilt::Failed(reason.to_string()))?;
    command.arg(program("wasmtime_py.py")).args([component, &cache]).arg(story.program).arg(texts);
    Ok(command)
}

fn program(name: &str) -> PathBuf {
    root().join("conformance/portability").join(name)
}

/// What `cargo xtask setup` installs of other hosts.
fn peers(name: &str) -> Result<PathBuf, Unbuilt> {
    let missing = || Unbuilt::MissingTool(format!("{name} was not found; run `cargo xtask setup`"));
    tools_dir().map(|tools| tools.join(name)).filter(|folder| folder.is_dir()).ok_or_else(missing)
}
