//! Worlds: what generated modules declare, and how a component is joined with it.

use std::sync::{Arc, Mutex, OnceLock};

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};
use wasmtime::Engine;
use wasmtime::component::types::{ComponentFunc, ComponentInstance, ComponentItem};
use wasmtime::component::{ComponentExportIndex, InstancePre, Linker, LinkerInstance};

use crate::abi48::host_type;
use crate::attribute::Attribute;
use crate::check::Resources;
use crate::component::Component;
use crate::engine::Mode;
use crate::errors;
use crate::function::ExportFunction;
use crate::grants;
use crate::imports::{self, ImportFunction, Target};
use crate::instance::{HostState, Instance};
use crate::plan::{Resource, Side, Signature};
use crate::scope::{Imports, lock};
use crate::types::{ResourceDescriptor, Type, field};

/// An interface that a component imports, so Python implements it.
#[pyclass(frozen, module = "witgen_runtime.bind")]
pub struct Import {
    /// None for what the world itself imports.
    interface: Option<String>,
    functions: Mutex<Vec<Arc<ImportFunction>>>,
    resources: Mutex<Vec<Arc<Resource>>>,
}

#[pymethods]
impl Import {
    #[new]
    #[pyo3(signature = (interface, /))]
    fn new(interface: Option<String>) -> Import {
        Import { interface, functions: Mutex::default(), resources: Mutex::default() }
    }

    /// Declares a resource; `attribute` of the implementation is the class that has its constructor
    /// and static functions.
    #[pyo3(signature = (name, attribute = None, /))]
    fn resource(&self, name: &str, attribute: Option<String>) -> ResourceDescriptor {
        let resource = ResourceDescriptor::host(name, attribute);
        lock(&self.resources).push(resource.0.clone());
        resource
    }

    /// Declares a function, which is `attribute` of the implementation, of a class of it or of an object.
    #[pyo3(signature = (name, attribute, params, result, /))]
    fn function(
        &self,
        name: &str,
        attribute: &str,
        params: &Bound<'_, PyDict>,
        result: Option<&Bound<'_, Type>>,
    ) -> PyResult<()> {
        let py = params.py();
        let signature = Arc::new(signature(self.interface.as_deref(), name, params, result)?);
        let attribute = PyString::intern(py, attribute).unbind();
        let resource = |rest: &str| {
            let resources = lock(&self.resources);
            let name = rest.split('.').next().unwrap_or_default();
            let found = resources.iter().find(|resource| resource.name == name).cloned();
            found.ok_or_else(|| PyTypeError::new_err(format!("the resource `{name}` is not declared")))
        };
        let target = if let Some(rest) = name.strip_prefix("[constructor]") {
            Target::Constructor(resource(rest)?)
        } else if let Some(rest) = name.strip_prefix("[static]") {
            Target::Static(resource(rest)?, attribute)
        } else if name.starts_with("[method]") {
            Target::Method(attribute)
        } else {
            Target::Function(attribute)
        };
        let function = ImportFunction { name: name.to_owned(), target, signature, slot: OnceLock::new() };
        lock(&self.functions).push(Arc::new(function));
        Ok(())
    }
}

/// An interface that a component exports, so Python calls it.
#[pyclass(frozen, module = "witgen_runtime.bind")]
pub struct Export {
    /// None for what the world itself exports.
    interface: Option<String>,
    functions: Mutex<Vec<Arc<ExportFunction>>>,
}

#[pymethods]
impl Export {
    #[new]
    #[pyo3(signature = (interface, /))]
    fn new(interface: Option<String>) -> Export {
        Export { interface, functions: Mutex::default() }
    }

    /// Declares a resource, whose handles are objects of `class`.
    #[pyo3(signature = (name, class, /))]
    #[expect(clippy::unused_self, reason = "it is declared on its interface")]
    fn resource(&self, name: &str, class: &Bound<'_, PyType>) -> PyResult<ResourceDescriptor> {
        ResourceDescriptor::guest(name, class)
    }

    /// Declares a function and returns it: a callable that takes an instance, or for a method the
    /// resource, and then the arguments.
    #[pyo3(signature = (name, params, result, /))]
    fn function(
        &self,
        name: &str,
        params: &Bound<'_, PyDict>,
        result: Option<&Bound<'_, Type>>,
    ) -> PyResult<Py<PyAny>> {
        let signature = signature(self.interface.as_deref(), name, params, result)?;
        let function = Arc::new(ExportFunction::new(name.to_owned(), signature));
        lock(&self.functions).push(function.clone());
        crate::function::callable(params.py(), function)
    }
}

fn signature(
    interface: Option<&str>,
    name: &str,
    params: &Bound<'_, PyDict>,
    result: Option<&Bound<'_, Type>>,
) -> PyResult<Signature> {
    let py = params.py();
    let plain = name.split_once(']').map_or(name, |(_, plain)| plain);
    let display = match interface {
        Some(interface) => format!("{interface}.{plain}"),
        None => plain.to_owned(),
    };
    let mut fields = Vec::with_capacity(params.len());
    for (name, ty) in params.iter() {
        fields.push(field(
            name.cast::<PyString>()?.to_str()?,
            Attribute::none(py),
            ty.cast::<Type>()?.get().0.clone(),
        ));
    }
    Ok(Signature::new(display, fields, result.map(|result| result.get().0.clone())))
}

/// A world: what is between a program and its components.
#[pyclass(frozen, module = "witgen_runtime.bind")]
pub struct World {
    name: String,
    imports: Vec<Py<Import>>,
    exports: Vec<Py<Export>>,
    /// How many exported functions there are.
    slots: usize,
    import_slots: usize,
    resources: usize,
    identity: Arc<()>,
}

/// A component joined with a world: instances need only imports.
pub struct Prepared {
    identity: Arc<()>,
    /// Whether the run time provides the interfaces of WASI that the world lists.
    provides_wasi: bool,
    pub pre: InstancePre<HostState>,
    /// Where each exported function is, by slot.
    pub exports: Box<[ComponentExportIndex]>,
}

#[pymethods]
impl World {
    #[new]
    #[pyo3(signature = (name, /, *, imports, exports))]
    fn new(
        py: Python<'_>,
        name: String,
        imports: Vec<Py<Import>>,
        exports: Vec<Py<Export>>,
    ) -> PyResult<World> {
        let taken = || PyRuntimeError::new_err(format!("an interface of `{name}` belongs to another world"));
        let (mut slots, mut import_slots, mut resources) = (0, 0, 0);
        for import in &imports {
            for function in lock(&import.bind(py).get().functions).iter() {
                function.slot.set(import_slots).map_err(|_| taken())?;
                import_slots += 1;
            }
            for resource in lock(&import.bind(py).get().resources).iter() {
                if let Side::Host { id, .. } = &resource.side {
                    id.set(resources).map_err(|_| taken())?;
                    resources += 1;
                }
            }
        }
        for export in &exports {
            for function in lock(&export.bind(py).get().functions).iter() {
                function.slot.set(slots).map_err(|_| taken())?;
                slots += 1;
            }
        }
        let resources = resources as usize;
        Ok(World { name, imports, exports, slots, import_slots, resources, identity: Arc::new(()) })
    }

    /// Instantiates a component with an implementation for each import, in their order.
    #[pyo3(signature = (component, implementations, /, *, grants = None, interruptible = false))]
    fn load(
        &self,
        py: Python<'_>,
        component: &Bound<'_, PyAny>,
        implementations: &Bound<'_, PyTuple>,
        grants: Option<&Bound<'_, PyAny>>,
        interruptible: bool,
    ) -> PyResult<Py<Instance>> {
        let grants = grants::read(grants)?;
        let needed = grants::needs(&grants, Mode { interruptible, metered: false });
        let provides_wasi = self.provides_wasi(py, implementations);
        let imports = self.bind(py, implementations, provides_wasi)?;
        if let Ok(component) = component.cast::<Component>() {
            let component = component.get();
            let has = component.mode;
            if needed.interruptible && !has.interruptible {
                return Err(errors::load(
                    py,
                    "load the component with `interruptible=True` to interrupt it or to set a deadline",
                ));
            }
            if needed.metered && !has.metered {
                return Err(errors::load(py, "load the component with `metered=True` to limit its fuel"));
            }
            let prepared = self.prepared(py, component, provides_wasi)?;
            return Instance::start(py, &prepared, component.mode, imports, &grants, self.slots);
        }
        let component = Component::compile(py, component, needed)?;
        let prepared = self.prepared(py, &component, provides_wasi)?;
        Instance::start(py, &prepared, component.mode, imports, &grants, self.slots)
    }
}

impl World {
    /// Whether nothing implements the interfaces of WASI that the world lists.
    fn provides_wasi(&self, py: Python<'_>, implementations: &Bound<'_, PyTuple>) -> bool {
        let mut pairs = self.imports.iter().zip(implementations.iter());
        pairs.all(|(import, implementation)| implementation.is_none() || !import.bind(py).get().is_wasi())
    }

    fn prepared(
        &self,
        py: Python<'_>,
        component: &Component,
        provides_wasi: bool,
    ) -> PyResult<Arc<Prepared>> {
        component.prepared(
            |prepared| {
                Arc::ptr_eq(&prepared.identity, &self.identity) && prepared.provides_wasi == provides_wasi
            },
            || self.prepare(py, component, provides_wasi),
        )
    }

    /// Compares all types, so that nothing is found out later.
    fn prepare(&self, py: Python<'_>, component: &Component, provides_wasi: bool) -> PyResult<Prepared> {
        let mut problems = Vec::new();
        let mut resources = Resources::default();
        let compiled = &component.compiled;
        let engine = compiled.engine();
        let ty = compiled.component_type();
        let mut linker = Linker::<HostState>::new(engine);
        let failed = |error: wasmtime::Error| errors::link(py, format!("{error:#}"));
        witgen_wasi::add_to_linker(&mut linker).map_err(failed)?;

        linker.allow_shadowing(true);
        let get = |name: &str| ty.get_import(engine, name).map(|item| item.ty);
        for import in &self.imports {
            let import = import.bind(py).get();
            if provides_wasi && import.is_wasi() {
                continue;
            }
            match &import.interface {
                None => import.define(
                    &mut linker.root(),
                    &Items::World(&get),
                    engine,
                    &mut resources,
                    &mut problems,
                ),
                Some(interface) => match get(interface) {
                    Some(ComponentItem::ComponentInstance(instance)) => {
                        import.extras(&instance, engine, &mut problems);
                        let mut root = linker.root();
                        let mut target = root.instance(interface).map_err(failed)?;
                        let items = Items::Interface(&instance);
                        import.define(&mut target, &items, engine, &mut resources, &mut problems)
                    }
                    // A component imports only what it uses.
                    _ => Ok(()),
                },
            }
            .map_err(failed)?;
        }
        let exports = self.exports(py, component, &mut resources, &mut problems);
        for (name, item) in ty.imports(engine) {
            let known = self.imports.iter().any(|import| import.bind(py).get().has(name));
            if !known && !name.starts_with("wasi:") && !only_names_types(&item.ty, engine) {
                problems.push(format!("it imports `{name}`, which `{}` does not have", self.name));
            }
        }
        if !problems.is_empty() {
            let list = problems.join("\n  ");
            return Err(errors::link(
                py,
                format!("the component does not fit the world `{}`:\n  {list}", self.name),
            ));
        }
        let pre = linker.instantiate_pre(compiled).map_err(failed)?;
        Ok(Prepared { identity: self.identity.clone(), provides_wasi, pre, exports: exports.into() })
    }

    fn exports(
        &self,
        py: Python<'_>,
        component: &Component,
        resources: &mut Resources,
        problems: &mut Vec<String>,
    ) -> Vec<ComponentExportIndex> {
        let compiled = &component.compiled;
        let engine = compiled.engine();
        let ty = compiled.component_type();
        let mut indices = Vec::with_capacity(self.slots);
        for export in &self.exports {
            let export = export.bind(py).get();
            let get = |name: &str| ty.get_export(engine, name).map(|item| item.ty);
            let instance = match export.interface.as_deref().map(|name| (name, get(name))) {
                Some((_, Some(ComponentItem::ComponentInstance(instance)))) => Some(instance),
                Some((name, _)) => {
                    problems.push(format!("it does not export `{name}`"));
                    continue;
                }
                None => None,
            };
            let items = match &instance {
                Some(instance) => Items::Interface(instance),
                None => Items::World(&get),
            };
            let parent = export.interface.as_deref().and_then(|name| compiled.get_export_index(None, name));
            for function in lock(&export.functions).iter() {
                let theirs = items.function(engine, &function.name);
                let index = compiled.get_export_index(parent.as_ref(), &function.name);
                let (Some(theirs), Some(index)) = (theirs, index) else {
                    problems.push(format!("it does not export `{}`", function.signature.display));
                    continue;
                };
                match resources.signature(&function.signature, &theirs) {
                    Ok(()) => indices.push(index),
                    Err(what) => problems.push(format!("export `{}`: {what}", function.signature.display)),
                }
            }
        }
        indices
    }

    /// Looks up everything that the imports call, so that what is missing is known at once.
    fn bind(
        &self,
        py: Python<'_>,
        implementations: &Bound<'_, PyTuple>,
        provides_wasi: bool,
    ) -> PyResult<Imports> {
        if implementations.len() != self.imports.len() {
            let (want, got) = (self.imports.len(), implementations.len());
            return Err(PyTypeError::new_err(format!("`{}` has {want} imports, not {got}", self.name)));
        }
        let mut bound = Imports::default();
        bound.functions.resize_with(self.import_slots, || None);
        bound.classes.resize_with(self.resources, || None);
        for (import, implementation) in self.imports.iter().zip(implementations.iter()) {
            let import = import.bind(py).get();
            if provides_wasi && import.is_wasi() {
                continue;
            }
            for resource in lock(&import.resources).iter() {
                let Side::Host { attribute: Some(attribute), id } = &resource.side else { continue };
                let class = import.attribute(&implementation, attribute)?;
                if let (Some(id), Ok(class)) = (id.get(), class.cast_into::<PyType>()) {
                    bound.classes[*id as usize] = Some(class.unbind());
                }
            }
            for function in lock(&import.functions).iter() {
                let callable = match &function.target {
                    Target::Function(attribute) => {
                        import.attribute(&implementation, attribute.bind(py).to_str()?)?
                    }
                    Target::Constructor(resource) => import.class(&implementation, resource)?,
                    Target::Static(resource, attribute) => {
                        import.class(&implementation, resource)?.getattr(attribute)?
                    }
                    Target::Method(_) => continue,
                };
                if !callable.is_callable() {
                    let what = &function.signature.display;
                    return Err(PyTypeError::new_err(format!("what implements `{what}` cannot be called")));
                }
                if let Some(slot) = function.slot.get() {
                    bound.functions[*slot] = Some(callable.unbind());
                }
            }
        }
        Ok(bound)
    }
}

impl Import {
    /// Whether the run time can provide it.
    fn is_wasi(&self) -> bool {
        self.interface.as_deref().is_some_and(witgen_wasi::provides)
    }

    /// Whether the component's import `name` is of this interface.
    fn has(&self, name: &str) -> bool {
        match &self.interface {
            Some(interface) => interface == name,
            None => {
                lock(&self.functions).iter().any(|function| function.name == name)
                    || lock(&self.resources).iter().any(|resource| resource.name == name)
            }
        }
    }

    /// Defines what the component imports of it.
    fn define(
        &self,
        target: &mut LinkerInstance<'_, HostState>,
        items: &Items<'_>,
        engine: &Engine,
        resources: &mut Resources,
        problems: &mut Vec<String>,
    ) -> wasmtime::Result<()> {
        for resource in lock(&self.resources).iter() {
            if let Side::Host { id, .. } = &resource.side
                && let Some(id) = id.get().copied()
            {
                target.resource(&resource.name, host_type(id), imports::dropped)?;
            }
        }
        for function in lock(&self.functions).iter() {
            let Some(theirs) = items.function(engine, &function.name) else { continue };
            match resources.signature(&function.signature, &theirs) {
                Ok(()) => imports::define(target, function.clone())?,
                Err(what) => problems.push(format!("import `{}`: {what}", function.signature.display)),
            }
        }
        Ok(())
    }

    /// Functions that the component imports and nobody has declared.
    fn extras(&self, instance: &ComponentInstance, engine: &Engine, problems: &mut Vec<String>) {
        let functions = lock(&self.functions);
        for (name, item) in instance.exports(engine) {
            let is_function = matches!(item.ty, ComponentItem::ComponentFunc(_));
            if is_function && !functions.iter().any(|function| function.name == name) {
                let interface = self.interface.as_deref().unwrap_or_default();
                problems.push(format!("it imports `{interface}.{name}`, which the bindings do not have"));
            }
        }
    }

    fn attribute<'py>(&self, implementation: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        implementation.getattr_opt(name)?.ok_or_else(|| {
            let interface = self.interface.as_deref().unwrap_or("the world");
            PyTypeError::new_err(format!("the implementation of `{interface}` has no `{name}`"))
        })
    }

    fn class<'py>(
        &self,
        implementation: &Bound<'py, PyAny>,
        resource: &Resource,
    ) -> PyResult<Bound<'py, PyAny>> {
        match &resource.side {
            Side::Host { attribute: Some(attribute), .. } => self.attribute(implementation, attribute),
            _ => Err(PyTypeError::new_err(format!("the resource `{}` has no class", resource.name))),
        }
    }
}

/// Whether an import is nothing to provide: an interface of types without resources.
fn only_names_types(item: &ComponentItem, engine: &Engine) -> bool {
    match item {
        ComponentItem::ComponentInstance(instance) => {
            instance.exports(engine).all(|(_, item)| matches!(item.ty, ComponentItem::Type(_)))
        }
        ComponentItem::Type(_) => true,
        _ => false,
    }
}

/// What a component has of an interface, or of the world itself.
enum Items<'a> {
    Interface(&'a ComponentInstance),
    World(&'a dyn Fn(&str) -> Option<ComponentItem>),
}

impl Items<'_> {
    fn function(&self, engine: &Engine, name: &str) -> Option<ComponentFunc> {
        let item = match self {
            Items::Interface(instance) => instance.get_export(engine, name)?.ty,
            Items::World(get) => get(name)?,
        };
        match item {
            ComponentItem::ComponentFunc(function) => Some(function),
            _ => None,
        }
    }
}
