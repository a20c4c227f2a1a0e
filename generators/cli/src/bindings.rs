//! `witgen rust|python|js|go` and `witgen generate`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use witgen_backend::Runtime;
use witgen_build::{JsHost, Link, Target};
use witgen_emit::{FileSet, Mode};
use witgen_ir::World;
use witgen_languages::Language;

use crate::talk::{Talk, listing};
use crate::watch;
use crate::{args, link};

/// What host bindings of single languages have as options.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostOptions {
    pub(crate) rust: witgen_rust::HostOptions,
    pub(crate) python: witgen_python::HostOptions,
    pub(crate) js: JsHost,
}

/// Bindings of one language, once or again and again.
pub(crate) fn one(
    language: Language,
    args: &args::Bindings,
    options: &HostOptions,
    talk: &Talk,
) -> witgen_diag::Result<ExitCode> {
    if args.watch {
        return watch::watch(&args.wit, talk, || once(language, args, options, talk));
    }
    once(language, args, options, talk)
}

fn once(
    language: Language,
    args: &args::Bindings,
    options: &HostOptions,
    talk: &Talk,
) -> witgen_diag::Result<ExitCode> {
    let world = witgen_ir::load(&args.wit, &args.world.options())?;
    let request = Request {
        language,
        guest: args.guest || !args.host,
        host: args.host || !args.guest,
        out: args.out.clone().unwrap_or_else(|| PathBuf::from("bindings").join(language.id())),
        runtime: match args.runtime {
            args::Runtime::Embed => Runtime::Embed,
            args::Runtime::Package => Runtime::Package,
        },
        options: options.clone(),
        component: None,
        link: Link::default(),
    };
    let files = request.render(&world)?;
    write(&request.out, &files, args.mode, talk)
}

/// Every target of a project file.
pub(crate) fn all(args: &args::Generate, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let mut rendered = Vec::new();
    let mut findings = Vec::new();
    for target in Target::read_all(&args.dir)? {
        match render_target(target) {
            Ok(done) => rendered.push(done),
            Err(found) => findings.extend(found),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    for (out, files) in rendered {
        if let Err(found) = write(&out, &files, args.mode, talk) {
            findings.extend(found);
        }
    }
    if findings.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(findings) }
}

fn render_target(target: Target) -> witgen_diag::Result<(PathBuf, FileSet)> {
    let options = witgen_ir::Options { world: target.world, ..witgen_ir::Options::default() };
    let world = witgen_ir::load(&target.wit, &options)?;
    let request = Request {
        language: target.language,
        guest: target.guest,
        host: target.host,
        out: target.out,
        runtime: if target.package_runtime { Runtime::Package } else { Runtime::Embed },
        options: HostOptions {
            rust: witgen_rust::HostOptions {
                with: target.rust_host.with,
                additional_derives: target.rust_host.additional_derives,
                trappable_imports: target.rust_host.trappable_imports,
                trappable_error_types: target.rust_host.trappable_error_types,
            },
            python: witgen_python::HostOptions { memoryviews: target.python_host.memoryviews },
            js: target.js_host,
        },
        component: target.component,
        link: target.link,
    };
    let files = request.render(&world)?;
    Ok((request.out, files))
}

/// The guest bindings of `world` for a component whose bindings are written to `out`.
pub(crate) fn guest(
    language: Language,
    world: &World,
    out: &Path,
    runtime: Runtime,
) -> witgen_diag::Result<FileSet> {
    match language {
        Language::Rust => witgen_rust::guest(
            world,
            &witgen_rust::GuestOptions { runtime, ..witgen_rust::GuestOptions::default() },
        ),
        Language::Python => witgen_python::guest(world, &witgen_python::GuestOptions { runtime }),
        Language::Js => witgen_js::guest(world, &witgen_js::GuestOptions { runtime }),
        Language::Go => witgen_go::guest(
            world,
            &witgen_go::GuestOptions { runtime, import_path: witgen_go::import_path(out) },
        ),
    }
}

/// One language's bindings for one directory.
struct Request {
    language: Language,
    guest: bool,
    host: bool,
    out: PathBuf,
    runtime: Runtime,
    options: HostOptions,
    /// What the program loads.
    component: Option<PathBuf>,
    /// How that is linked, in JavaScript and Go.
    link: Link,
}

impl Request {
    fn render(&self, world: &World) -> witgen_diag::Result<FileSet> {
        if !self.guest {
            return self.host(world, &self.out);
        }
        if !self.host {
            return guest(self.language, world, &self.out, self.runtime);
        }
        let guest = guest(self.language, world, &self.out.join("guest"), self.runtime);
        let host = self.host(world, &self.out.join("host"));
        let (guest, host) = match (guest, host) {
            (Ok(guest), Ok(host)) => (guest, host),
            (guest, host) => {
                let findings = [guest.err(), host.err()];
                return Err(findings.into_iter().flatten().flatten().collect());
            }
        };
        let mut files = FileSet::new();
        files.insert_under("guest", guest)?;
        files.insert_under("host", host)?;
        Ok(files)
    }

    /// Host bindings, with the component that they load where there is one.
    fn host(&self, world: &World, out: &Path) -> witgen_diag::Result<FileSet> {
        let mut files = host(self.language, world, out, self.runtime, &self.options)?;
        let Some(component) = &self.component else { return Ok(files) };
        match self.language {
            Language::Rust | Language::Python => files.insert("component.wasm", link::read(component)?)?,
            Language::Js => files.insert_under("component", link::linked(component, self.link)?)?,
            Language::Go => {
                let link = Link { single_memory: true, ..self.link };
                files.insert_under("component", link::linked(component, link)?)?;
            }
        }
        Ok(files)
    }
}

/// The host bindings of `world` for a program whose bindings are written to `out`.
fn host(
    language: Language,
    world: &World,
    out: &Path,
    runtime: Runtime,
    options: &HostOptions,
) -> witgen_diag::Result<FileSet> {
    match language {
        Language::Rust => witgen_rust::host(world, &options.rust),
        Language::Python => witgen_python::host(world, &options.python),
        Language::Js => {
            let JsHost { unchecked, typescript } = options.js;
            witgen_js::host(world, &witgen_js::HostOptions { runtime, unchecked, typescript })
        }
        Language::Go => {
            let import_path = witgen_go::import_path(out);
            witgen_go::host(world, &witgen_go::HostOptions { runtime, import_path })
        }
    }
}

/// Writes, checks or previews `files` in `out`.
pub(crate) fn write(
    out: &Path,
    files: &FileSet,
    mode: args::Mode,
    talk: &Talk,
) -> witgen_diag::Result<ExitCode> {
    if mode.dry_run {
        let report = witgen_emit::emit(out, files, Mode::DryRun, mode.clean)?;
        talk.warn(&report.warnings);
        return talk.data(listing(out, &report).as_bytes());
    }
    let emit_mode =
        if mode.check { Mode::Check { command: Some(command_without_check()) } } else { Mode::Write };
    let report = witgen_emit::emit(out, files, emit_mode, mode.clean)?;
    talk.files(out, &report);
    Ok(ExitCode::SUCCESS)
}

/// What the user types to bring the files up to date.
fn command_without_check() -> String {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--check").collect();
    format!("witgen {}", words.join(" "))
}
