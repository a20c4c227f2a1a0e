//! Slugs and measures of texts.

#[path = "bindings/textkit.rs"]
mod bindings;

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Result, Store};

pub use bindings::exports::example::textkit::text::{SlugError, Statistics};

/// The library, ready to be called.
pub struct Textkit {
    store: Store<()>,
    instance: bindings::Textkit,
}

impl Textkit {
    /// Compiles the component that comes along; keep what this returns.
    ///
    /// # Errors
    ///
    /// Fails where no code can be compiled.
    pub fn new() -> Result<Self> {
        let engine = Engine::default();
        let component = Component::new(&engine, include_bytes!("bindings/component.wasm"))?;
        let mut store = Store::new(&engine, ());
        let instance = bindings::Textkit::instantiate(&mut store, &component, &Linker::new(&engine))?;
        Ok(Self { store, instance })
    }

    /// The text as part of an address: `Hello, World!` is `hello-world`.
    ///
    /// # Errors
    ///
    /// The outer error is a trap, after which this instance answers no more.
    pub fn slug(&mut self, text: &str) -> Result<Result<String, SlugError>> {
        self.instance.example_textkit_text().call_slug(&mut self.store, text)
    }

    /// Counts.
    ///
    /// # Errors
    ///
    /// A trap, as above.
    pub fn measure(&mut self, text: &str) -> Result<Statistics> {
        self.instance.example_textkit_text().call_measure(&mut self.store, text)
    }
}
