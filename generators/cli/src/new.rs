//! `witgen new`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use witgen_diag::{Diagnostic, Id};
use witgen_ir::{KEYWORDS, Options, World};
use witgen_languages::{Language, facts};
use witgen_templates::starter as view;

use crate::args;
use crate::talk::{Talk, say};

/// What git must not know: all of it is made anew.
const IGNORED: &str = "/bindings\n/target\n__pycache__\n*.wasm\n";

/// Writes a project that builds as it stands, and says what to do with it.
pub(crate) fn new(args: &args::New, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let Some(language) = Language::from_id(&args.lang) else {
        return Err(Diagnostic::error(Id::Internal, "the language was not checked").into());
    };
    let name = args.name.as_str();
    check_name(name, language)?;
    let folder = Path::new(name);
    if folder.exists() {
        return Err(Diagnostic::error(Id::UnsafeOutput, format!("`{name}` is there already"))
            .in_path(folder)
            .help("choose another name, or remove it")
            .into());
    }
    let world = match args.wit.is_empty() && args.world.is_none() {
        true => None,
        false => {
            let options = Options { world: args.world.clone(), ..Options::default() };
            Some(witgen_ir::load(&args.wit, &options)?)
        }
    };
    let files = match &world {
        Some(world) => files_for(args, language, world)?,
        None => files(name, language),
    };
    write(folder, &files).map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot write `{name}`")).in_path(folder).note(reason.to_string())
    })?;
    let mut text = String::new();
    for (path, _) in &files {
        let _ = writeln!(text, "created   {name}/{path}");
    }
    let source = files.last().map_or("", |(path, _)| path);
    let next = match world {
        None => format!(
            "build it, and call its function:\n  witgen build {name} -o {name}.wasm\n  \
             witgen run {name}.wasm --invoke 'greet(\"Ada\")'\n\
             then say in {name}/wit/world.wit what it is to offer, and write it in {name}/{source}"
        ),
        Some(_) => format!(
            "write in {name}/{source} what its world offers, and build it:\n  witgen build {name} -o {name}.wasm"
        ),
    };
    let _ = writeln!(text, "\n{next}");
    say(&text);
    talk.data(b"")
}

/// Names that are names in WIT, in cargo and in Go alike.
fn check_name(name: &str, language: Language) -> witgen_diag::Result<()> {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let facts = facts(language);
    let reason = if !name.split('-').all(is_word) {
        "it has words of lower-case letters and digits, joined by hyphens, such as `word-count`".to_owned()
    } else if facts.keywords.iter().any(|keyword| keyword == name)
        || KEYWORDS.contains(&name)
        || RESERVED.contains(&name)
    {
        format!("the word has a meaning of its own in WIT or in {}", facts.name)
    } else {
        return Ok(());
    };
    let error = Diagnostic::error(Id::Usage, format!("a project cannot be called `{name}`"));
    Err(error.note(reason).help("choose another name, for instance `my-component`").into())
}

/// What packages of cargo or Go cannot be called, beside keywords.
const RESERVED: [&str; 4] = ["bindings", "core", "main", "test"];

/// The files of a project; the source that the user goes on with is the last one.
fn files(name: &str, language: Language) -> Vec<(&'static str, String)> {
    let world = view::WorldView { name: name.to_owned() };
    let project = project(language, "\"wit\"".to_owned(), "app");
    let mut files = vec![
        (".gitignore", IGNORED.to_owned()),
        ("wit/world.wit", view::text(&world)),
        (witgen_build::PROJECT_FILE, view::text(&project)),
    ];
    files.extend(match language {
        Language::Rust => witgen_rust::starter(name),
        Language::Python => witgen_python::starter(name),
        Language::Js => witgen_js::starter(name),
        Language::Go => witgen_go::starter(name),
    });
    files
}

/// The same for a world of the user, whose WIT stays where it is.
fn files_for(
    args: &args::New,
    language: Language,
    world: &World,
) -> witgen_diag::Result<Vec<(&'static str, String)>> {
    let name = args.name.as_str();
    let paths = args.wit.iter().map(|path| match path.is_absolute() {
        true => path.display().to_string(),
        false => Path::new("..").join(path).display().to_string(),
    });
    let paths: Vec<toml::Value> = paths.map(toml::Value::String).collect();
    let paths = match paths.as_slice() {
        [path] => path.to_string(),
        _ => toml::Value::Array(paths).to_string(),
    };
    let project = project(language, paths, args.world.as_deref().unwrap_or(&world.name));
    let mut files =
        vec![(".gitignore", IGNORED.to_owned()), (witgen_build::PROJECT_FILE, view::text(&project))];
    files.extend(match language {
        Language::Rust => witgen_rust::stubs(name, world)?,
        Language::Python => witgen_python::stubs(name, world)?,
        Language::Js => witgen_js::stubs(name, world)?,
        Language::Go => witgen_go::stubs(name, world)?,
    });
    Ok(files)
}

fn project(language: Language, wit: String, world: &str) -> view::ProjectView {
    view::ProjectView { language: language.id().to_owned(), wit, world: world.to_owned() }
}

/// Writes all files, or none: the folder gets its name in the end.
fn write(folder: &Path, files: &[(&str, String)]) -> std::io::Result<()> {
    let hidden = tempfile::Builder::new().prefix(".witgen-new-").tempdir_in(".")?;
    let project = hidden.path().join("project");
    for (path, content) in files {
        let path = project.join(path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, content)?;
    }
    std::fs::rename(project, folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_every_tool() {
        for name in ["a", "word-count", "v2-api"] {
            assert!(check_name(name, Language::Rust).is_ok(), "{name}");
        }
        for name in ["", "Word", "a_b", "a--b", "-a", "2d", "../a", "fn", "world", "test", "ä"] {
            assert!(check_name(name, Language::Rust).is_err(), "{name}");
        }
        assert!(check_name("fn", Language::Python).is_ok());
        assert!(check_name("lambda", Language::Python).is_err());
    }
}
