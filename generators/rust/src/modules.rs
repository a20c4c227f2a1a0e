//! The tree of modules that holds the interfaces of a world.

use std::collections::BTreeMap;

use witgen_diag::Result;
use witgen_ir::{Direction, Interface};
use witgen_templates::rust as view;

use crate::code::indent;
use crate::guest::render;
use crate::{docs, lints};

/// A module and those in it, in order of name.
#[derive(Default)]
pub(crate) struct Module {
    docs: Vec<String>,
    items: Vec<String>,
    /// Whether something in it has no docs.
    undocumented: bool,
    children: BTreeMap<String, Module>,
}

impl Module {
    /// Adds the module of an interface.
    pub(crate) fn put(
        &mut self,
        path: &[String],
        interface: &Interface,
        items: Vec<String>,
        documented: bool,
    ) {
        let package = format!("{}:{}", interface.package.namespace, interface.package.name);
        let mut docs = Vec::new();
        if interface.direction == Direction::Export {
            docs.push("What the component exports.".to_owned());
        }
        let in_package = path.len() > docs.len() + 1;
        if in_package {
            docs.push(format!("Packages of `{}`.", interface.package.namespace));
            docs.push(format!("Interfaces of `{package}`."));
        }
        let name = match &interface.implements {
            Some(implemented) if in_package => implemented,
            _ => &interface.key,
        };
        docs.push(format!("The interface `{name}`."));
        let mut module = self;
        for (name, docs) in path.iter().zip(docs) {
            module.undocumented |= !documented;
            module = module.children.entry(name.clone()).or_default();
            if module.docs.is_empty() {
                module.docs = vec![format!("/// {docs}")];
            }
        }
        if docs::has_text(&interface.docs) {
            module.docs = docs::comment(&interface.docs);
        }
        module.docs.extend(docs::deprecated(&interface.stability));
        module.items = items;
        module.undocumented |= !documented;
    }

    /// The modules at the top; `allowed` tells what one of them is allowed, whether documented or not.
    pub(crate) fn render(self, allowed: &impl Fn(bool) -> Vec<String>) -> Result<Vec<String>> {
        self.render_children(None, allowed)
    }

    fn render_children(
        self,
        parent: Option<&str>,
        allowed: &impl Fn(bool) -> Vec<String>,
    ) -> Result<Vec<String>> {
        let render = |(name, module): (String, Module)| {
            let mut head = module.docs.clone();
            if parent.is_none() {
                head.extend(allowed(!module.undocumented));
            }
            let repeats = parent == Some(name.as_str());
            head.extend(lints::as_in_wit(
                repeats.then_some("clippy::module_inception").into_iter().collect(),
            ));
            let mut items = module.items.clone();
            items.extend(module.render_children(Some(&name), allowed)?);
            render(&view::ModuleView { head, name, body: indent(&items.join("\n\n"), 4) })
        };
        self.children.into_iter().map(render).collect()
    }
}
