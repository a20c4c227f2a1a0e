//! The world in the forms that toolchains read.

use std::path::Path;

use wit_component::{StringEncoding, WitPrinter};
use wit_parser::{InterfaceId, PackageName, Resolve, Stability, WorldId, WorldItem, WorldKey};
use witgen_diag::{Diagnostic, Id};

/// A linked world.
pub struct Wit {
    resolve: Resolve,
    world: WorldId,
}

impl Wit {
    /// From what `witgen_ir::resolve_inputs` returns.
    pub fn new(mut resolve: Resolve, world: WorldId) -> Self {
        // Features were chosen when the WIT was read; toolchains must not filter a second time.
        strip_stability(&mut resolve);
        Self { resolve, world }
    }

    /// The world with its own interfaces only, for tools that know less of WIT than others of its packages use.
    #[must_use]
    pub fn alone(&self) -> Self {
        let mut resolve = self.resolve.clone();
        let world = &self.resolve.worlds[self.world];
        let items = world.imports.values().chain(world.exports.values());
        let kept: Vec<InterfaceId> = items
            .filter_map(|item| match item {
                WorldItem::Interface { id, .. } => Some(*id),
                WorldItem::Function(_) | WorldItem::Type { .. } => None,
            })
            .collect();
        for (_, package) in resolve.packages.iter_mut() {
            package.worlds.retain(|_, id| *id == self.world);
            package.interfaces.retain(|_, id| kept.contains(id));
        }
        Self { resolve, world: self.world }
    }

    /// `example:hello/hello`, with the version when the package has one.
    pub fn world_name(&self) -> String {
        let world = &self.resolve.worlds[self.world];
        match world.package {
            Some(package) => self.resolve.id_of_name(package, &world.name),
            None => world.name.clone(),
        }
    }

    /// The linked packages.
    pub fn resolve(&self) -> &Resolve {
        &self.resolve
    }

    /// The world among them.
    pub fn world(&self) -> WorldId {
        self.world
    }

    /// Whether the world imports one interface in two versions that `wit-component` would make one of.
    pub(crate) fn has_compatible_imports(&self) -> bool {
        let mut seen = std::collections::BTreeSet::new();
        self.resolve.worlds[self.world].imports.keys().any(|key| {
            let WorldKey::Interface(id) = key else { return false };
            let interface = &self.resolve.interfaces[*id];
            let package = interface.package.map(|id| &self.resolve.packages[id].name);
            let Some((package, version)) = package.and_then(|name| Some((name, name.version.as_ref()?)))
            else {
                return false;
            };
            let (track, _) = PackageName::version_compat_track_string(version);
            !seen.insert((&package.namespace, &package.name, &interface.name, track))
        })
    }

    /// The content of a `component-type` custom section.
    pub fn component_type(&self) -> witgen_diag::Result<Vec<u8>> {
        wit_component::metadata::encode(&self.resolve, self.world, StringEncoding::UTF8, None, false).map_err(
            |reason| {
                Diagnostic::error(Id::WitResolve, "the world has no binary form")
                    .note(format!("{reason:#}"))
                    .into()
            },
        )
    }

    /// Writes the world's package to `dir` and every other package to `dir/deps`, as WIT text.
    pub fn write_dir(&self, dir: &Path) -> witgen_diag::Result<()> {
        let main = self.resolve.worlds[self.world].package;
        let deps = dir.join("deps");
        std::fs::create_dir_all(&deps).map_err(|reason| io(&deps, &reason))?;
        for (id, package) in &self.resolve.packages {
            let mut printer = WitPrinter::default();
            printer.print(&self.resolve, id, &[]).map_err(|reason| {
                Diagnostic::error(Id::WitResolve, "a package has no text form").note(format!("{reason:#}"))
            })?;
            let path = if Some(id) == main {
                dir.join("world.wit")
            } else {
                // No name in WIT has an underscore, so `a:b-c` and `a-b:c` get files of their own.
                let name = package.name.to_string().replace([':', '@'], "_");
                deps.join(format!("{name}.wit"))
            };
            std::fs::write(&path, printer.output.to_string()).map_err(|reason| io(&path, &reason))?;
        }
        Ok(())
    }
}

fn io(path: &Path, reason: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Id::Io, format!("cannot write `{}`", path.display()))
        .in_path(path)
        .note(reason.to_string())
}

fn strip_stability(resolve: &mut Resolve) {
    for (_, world) in resolve.worlds.iter_mut() {
        world.stability = Stability::Unknown;
        for item in world.imports.values_mut().chain(world.exports.values_mut()) {
            match item {
                WorldItem::Interface { stability, .. } => *stability = Stability::Unknown,
                WorldItem::Function(function) => function.stability = Stability::Unknown,
                WorldItem::Type { .. } => {}
            }
        }
    }
    for (_, interface) in resolve.interfaces.iter_mut() {
        interface.stability = Stability::Unknown;
        for function in interface.functions.values_mut() {
            function.stability = Stability::Unknown;
        }
    }
    for (_, ty) in resolve.types.iter_mut() {
        ty.stability = Stability::Unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_worlds_and_their_interfaces_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.wit");
        let text = "package a:b; interface i { type t = u8; } interface j { use i.{t}; f: func() -> t; } \
                    interface k {} world w { export j; } world v { import k; }";
        std::fs::write(&path, text).unwrap();
        let options = witgen_ir::Options { world: Some("w".to_owned()), ..witgen_ir::Options::default() };
        let (resolved, world) = witgen_ir::resolve_inputs(&[path], &options).unwrap();
        let out = dir.path().join("out");
        Wit::new(resolved.resolve, world).alone().write_dir(&out).unwrap();
        let text = std::fs::read_to_string(out.join("world.wit")).unwrap();
        let found = ["interface i ", "interface j ", "world w "].map(|part| text.contains(part));
        assert_eq!(found, [true; 3], "{text}");
        assert!(!text.contains("interface k ") && !text.contains("world v "), "{text}");
    }

    #[test]
    fn written_packages_can_be_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.wit");
        std::fs::write(&path, "package a:b@1.0.0; world w { import wasi:cli/stdout@0.2.3; }").unwrap();
        let (resolved, world) = witgen_ir::resolve_inputs(&[path], &witgen_ir::Options::default()).unwrap();
        let wit = Wit::new(resolved.resolve, world);
        let out = dir.path().join("out");
        wit.write_dir(&out).unwrap();
        let options = witgen_ir::Options { builtin_wasi: false, ..witgen_ir::Options::default() };
        let again = witgen_ir::load(&[out], &options).unwrap();
        assert_eq!(again.qualified_name(), wit.world_name());
        assert!(again.interfaces.iter().any(|interface| interface.key == "wasi:cli/stdout@0.2.3"));
    }
}
