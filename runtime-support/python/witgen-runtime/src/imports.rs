//! Functions of the host, as a component calls them.

use std::sync::{Arc, OnceLock};

use pyo3::prelude::*;
use pyo3::types::PyString;
use wasmtime::StoreContextMut;
use wasmtime::component::LinkerInstance;

use crate::abi48::{ImportArguments, ImportResult};
use crate::errors::{Raised, is_a};
use crate::handles::{self, Owner};
use crate::instance::HostState;
use crate::lift::{Lifted, Trouble};
use crate::objects::{self, Object};
use crate::plan::{Kind, Resource, Signature};
use crate::scope::Scope;
use crate::tape::{self, Tape, spare};
use crate::{mismatch, side};

/// A function that a component imports.
pub struct ImportFunction {
    /// The name in WIT, with `[method]` and the like.
    pub name: String,
    pub target: Target,
    pub signature: Arc<Signature>,
    /// Where an instance has its callable; set by the world.
    pub slot: OnceLock<usize>,
}

/// What is called.
pub enum Target {
    /// An attribute of the implementation.
    Function(Py<PyString>),
    /// The class of a resource.
    Constructor(Arc<Resource>),
    /// An attribute of the class of a resource.
    Static(Arc<Resource>, Py<PyString>),
    /// An attribute of the object that is the first argument.
    Method(Py<PyString>),
}

/// Puts a function into a linker.
pub fn define(
    linker: &mut LinkerInstance<'_, HostState>,
    function: Arc<ImportFunction>,
) -> wasmtime::Result<()> {
    let flat = function.signature.shape.flat;
    let is_single = function.signature.result.as_ref().is_some_and(|result| result.flat == 1);
    // A wrapper per number of core values, since wasmtime wants types with so many.
    macro_rules! define {
        ($($flat:literal)*) => {
            match (flat, is_single) {
                $(
                    ($flat, false) => wrap::<$flat, 0>(linker, function),
                    ($flat, true) => wrap::<$flat, 1>(linker, function),
                )*
                (_, false) => wrap::<0, 0>(linker, function),
                (_, true) => wrap::<0, 1>(linker, function),
            }
        };
    }
    define!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
}

fn wrap<const N: usize, const R: usize>(
    linker: &mut LinkerInstance<'_, HostState>,
    function: Arc<ImportFunction>,
) -> wasmtime::Result<()> {
    let name = function.name.clone();
    linker.func_wrap(
        &name,
        move |store: StoreContextMut<'_, HostState>, mut arguments: ImportArguments<N>| {
            let scope = &store.data().scope;
            let tape = Python::attach(|py| {
                let owner = Owner { scope, instance: None };
                let arguments = Arguments::of(py, &function, |put| {
                    // SAFETY: nothing has run in the store since wasmtime lifted the arguments.
                    unsafe { arguments.lift(py, &function.signature, owner, put) }
                });
                call(py, &function, scope, arguments)
            })?;
            // SAFETY: the linker has the function as long as the component runs.
            Ok(unsafe { ImportResult::<R>::new(tape, &function.signature) })
        },
    )
}

/// What a Python function is called with.
struct Arguments {
    /// The object whose method it is.
    target: Option<Object>,
    /// The rest, as a tuple.
    tuple: Object,
}

impl Arguments {
    fn of(
        py: Python<'_>,
        function: &ImportFunction,
        lift: impl FnOnce(&mut dyn FnMut(usize, Object)) -> Lifted<()>,
    ) -> Lifted<Arguments> {
        let targets = usize::from(matches!(function.target, Target::Method(_)));
        let count = function.signature.params.len().saturating_sub(targets);
        let tuple = objects::tuple(py, count).map_err(Trouble::Python)?;
        let mut target = None;
        lift(&mut |index, object| match index.checked_sub(targets) {
            Some(index) => tuple.put(index, object),
            None => target = Some(object),
        })?;
        Ok(Arguments { target, tuple: tuple.finish() })
    }
}

/// Calls the Python function and validates what it returns.
fn call(
    py: Python<'_>,
    function: &ImportFunction,
    scope: &Arc<Scope>,
    arguments: Lifted<Arguments>,
) -> wasmtime::Result<Tape> {
    let raised = |error: PyErr| {
        wasmtime::Error::new(Raised { function: Some(function.signature.display.clone()), error })
    };
    let returned = match arguments {
        Ok(arguments) => invoke(py, function, scope, arguments),
        Err(Trouble::Python(error)) => Err(error),
        Err(Trouble::Guest(error)) => return Err(error),
    };
    let mut tape = spare();
    if function.signature.result.as_ref().is_some_and(|result| result.handles) {
        tape.scope = Some(scope.clone());
    }
    let written = returned.and_then(|returned| write_value(py, &function.signature, &returned, &mut tape));
    match written {
        Ok(()) => {}
        Err(error) if tape.words.is_empty() => {
            match write_error(py, &function.signature, &error, &mut tape) {
                Some(Ok(())) => {}
                Some(Err(error)) => return Err(raised(error)),
                None => return Err(raised(error)),
            }
        }
        Err(error) => return Err(raised(error)),
    }
    handles::commit(py, &mut tape);
    Ok(tape)
}

fn invoke(
    py: Python<'_>,
    function: &ImportFunction,
    scope: &Scope,
    Arguments { target, tuple }: Arguments,
) -> PyResult<Object> {
    let method;
    let callable = match &function.target {
        Target::Method(name) => {
            let Some(target) = target else {
                return Err(crate::errors::link(py, "a method has no `self`"));
            };
            method = target.into_py(py).getattr(py, name)?;
            method.as_ptr()
        }
        _ => match function.slot.get().and_then(|slot| scope.function(*slot)) {
            Some(callable) => callable.as_ptr(),
            None => return Err(crate::errors::link(py, "nothing implements it")),
        },
    };
    objects::call(py, callable, &tuple)
}

/// Writes what a function has returned.
fn write_value(py: Python<'_>, signature: &Signature, returned: &Object, tape: &mut Tape) -> PyResult<()> {
    let object = returned.pointer();
    let written = match signature.result.as_deref().map(|result| (result, &result.kind)) {
        // Whatever a function without a result returns is of no interest.
        None => return Ok(()),
        Some((_, Kind::Result { ok, raises: Some(_), .. })) => {
            tape.words.push(0);
            match ok {
                // SAFETY: `returned` holds the object.
                Some(ok) => unsafe { tape::write(py, ok, object, tape) },
                None => Ok(()),
            }
        }
        // SAFETY: see above.
        Some((result, _)) => unsafe { tape::write(py, result, object, tape) },
    };
    written.map_err(|mismatch| mismatch.into_error(py, &signature.display, "result"))
}

/// Writes the payload of an exception that stands for the failure of a `result`.
/// None when it does not.
fn write_error(
    py: Python<'_>,
    signature: &Signature,
    error: &PyErr,
    tape: &mut Tape,
) -> Option<PyResult<()>> {
    let Kind::Result { err, raises: Some(class), .. } = &signature.result.as_ref()?.kind else { return None };
    if !is_a(py, error, class) {
        return None;
    }
    tape.words.push(1);
    let Some(err) = err else { return Some(Ok(())) };
    let root = class.bind(py).name().map_or_else(|_| "error".to_owned(), |name| name.to_string());
    // SAFETY: `error` holds the object.
    let written = unsafe { tape::attribute(py, &side::get(py).payload, err, error.value(py).as_ptr(), tape) };
    Some(written.map_err(|mismatch| mismatch.into_error(py, &signature.display, &root)))
}

/// The component has dropped an object of ours.
#[expect(clippy::needless_pass_by_value, reason = "wasmtime gives it")]
pub fn dropped(store: StoreContextMut<'_, HostState>, rep: u32) -> wasmtime::Result<()> {
    let scope = store.data().scope.clone();
    Python::attach(|py| {
        let object = scope.objects().remove(rep);
        let Some(object) = object else { return Ok(()) };
        close(py, &object).map_err(|error| {
            let class = mismatch::type_name(py, object.as_ptr());
            wasmtime::Error::new(Raised { function: Some(format!("{class}.close")), error })
        })
    })
}

/// Tells an object that its component is done with it, when it wants to know.
pub fn close(py: Python<'_>, object: &Py<PyAny>) -> PyResult<()> {
    match object.bind(py).getattr_opt(&side::get(py).close)? {
        Some(close) => close.call0().map(drop),
        None => Ok(()),
    }
}
