//! The functions that a component exports, with the names that people type.

use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::wasm_wave::wasm::DisplayType;

/// An exported function.
pub(crate) struct ExportedFunc {
    /// The interface with its version, such as `ns:pkg/iface@1.0.0`; none for a function of the world itself.
    pub(crate) interface: Option<String>,
    /// The name in WIT; that of a method looks like `[method]counter.up`.
    pub(crate) name: String,
    /// Parameters and result.
    pub(crate) ty: ComponentFunc,
}

impl ExportedFunc {
    /// The name that means this function and no other.
    pub(crate) fn path(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether it belongs to a resource.
    pub(crate) fn is_of_resource(&self) -> bool {
        self.name.starts_with('[')
    }

    /// The declaration as in WIT, with the full name.
    pub(crate) fn signature(&self) -> String {
        let params: Vec<String> =
            self.ty.params().map(|(name, ty)| format!("{name}: {}", DisplayType(&ty))).collect();
        let result: String = self.ty.results().map(|ty| format!(" -> {}", DisplayType(&ty))).collect();
        format!("{}: func({}){result}", self.path(), params.join(", "))
    }
}

/// All exported functions, in the order of the component.
pub(crate) fn functions(engine: &Engine, component: &Component) -> Vec<ExportedFunc> {
    let mut found = Vec::new();
    for (name, export) in component.component_type().exports(engine) {
        match export.ty {
            ComponentItem::ComponentFunc(ty) => {
                found.push(ExportedFunc { interface: None, name: name.to_owned(), ty });
            }
            ComponentItem::ComponentInstance(instance) => {
                for (member, item) in instance.exports(engine) {
                    if let ComponentItem::ComponentFunc(ty) = item.ty {
                        let interface = Some(name.to_owned());
                        found.push(ExportedFunc { interface, name: member.to_owned(), ty });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What to call instead, as a note: the declarations of at most eight functions.
pub(crate) fn listing(functions: &[ExportedFunc]) -> String {
    const SHOWN: usize = 8;
    let callable: Vec<&ExportedFunc> = functions.iter().filter(|func| !func.is_of_resource()).collect();
    if callable.is_empty() {
        return "the component exports no function that can be invoked".to_owned();
    }
    let mut lines = vec!["the component exports".to_owned()];
    lines.extend(callable.iter().take(SHOWN).map(|func| format!("  {}", func.signature())));
    if callable.len() > SHOWN {
        lines.push(format!("  and {} more", callable.len() - SHOWN));
    }
    lines.join("\n")
}
