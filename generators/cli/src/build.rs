//! `witgen build`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use witgen_backend::Runtime;
use witgen_build::{Project, Wit};
use witgen_diag::{Diagnostic, Id};
use witgen_languages::Language;

use crate::progress::Progress;
use crate::talk::Talk;
use crate::{args, bindings};

/// Builds a component and writes it, or leaves an older one as it is.
pub(crate) fn build(args: &args::Build, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let project = project(args)?;
    let options = witgen_ir::Options {
        world: project.world.clone().or_else(|| args.world.world.clone()),
        ..args.world.options()
    };
    refuse_directory(&args.out)?;
    let (resolved, world) = witgen_ir::resolve_inputs(&project.wit, &options)?;
    let wit = Wit::new(resolved.resolve, world);
    let ir = witgen_ir::load(&project.wit, &options)?;
    let files = bindings::guest(project.language, &ir, &project.bindings, Runtime::Embed)?;
    let progress =
        Progress::start(format!("building {} with the {} toolchain", args.out.display(), project.language));
    let component = witgen_build::build(&project, &wit, &files)?;
    drop(progress);
    write_component(&args.out, &component)?;
    talk.detail(|| format!("{} {} bytes", args.out.display(), component.len()));
    Ok(ExitCode::SUCCESS)
}

fn project(args: &args::Build) -> witgen_diag::Result<Project> {
    let language = args.lang.as_deref().and_then(Language::from_id);
    match (&args.dir, language, &args.src) {
        (Some(dir), ..) => Project::read(dir),
        (None, Some(language), Some(source)) => {
            Project::from_parts(language, args.wit.clone(), args.world.world.clone(), source.clone())
        }
        _ => Err(Diagnostic::error(Id::Usage, "what to build is not clear")
            .help("give a directory with a `witgen.toml`, or `--lang`, `--wit`, `-w` and `--src`")
            .into()),
    }
}

fn refuse_directory(out: &Path) -> witgen_diag::Result<()> {
    if out.is_dir() {
        return Err(Diagnostic::error(Id::UnsafeOutput, format!("`{}` is a directory", out.display()))
            .in_path(out)
            .help(format!("give a file, for instance `-o {}`", out.join("component.wasm").display()))
            .into());
    }
    Ok(())
}

/// Writes the component `bytes` to `out` in one step.
pub(crate) fn write_component(out: &Path, bytes: &[u8]) -> witgen_diag::Result<()> {
    refuse_directory(out)?;
    write_file(out, bytes)
}

/// Writes `bytes` to `out` in one step.
pub(crate) fn write_file(out: &Path, bytes: &[u8]) -> witgen_diag::Result<()> {
    let dir = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let written = tempfile::NamedTempFile::new_in(dir).and_then(|mut file| {
        file.write_all(bytes)?;
        readable_by_all(&file)?;
        file.persist(out).map_err(|reason| reason.error).map(|_| ())
    });
    written.map_err(|reason| {
        let diagnostic = Diagnostic::error(Id::Io, format!("cannot write `{}`", out.display()))
            .in_path(out)
            .note(reason.to_string());
        if dir.is_dir() {
            return diagnostic.into();
        }
        diagnostic.help(format!("make the directory first: `mkdir -p {}`", dir.display())).into()
    })
}

/// Temporary files are private; a component is an ordinary file.
fn readable_by_all(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}
