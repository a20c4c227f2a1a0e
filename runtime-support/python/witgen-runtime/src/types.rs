//! The descriptors that generated modules build: one Python object per type.

use std::sync::Arc;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use crate::attribute::Attribute;
use crate::plan::{
    Addresses, Case, Field, FlagCache, Kind, MAX_FLAGS, Resource as ResourceType, Shape, Side, Ty,
};
use crate::resource::Resource;

/// A type of WIT, and the Python class that stands for it.
#[pyclass(frozen, module = "witgen_runtime.bind", name = "Type")]
pub struct Type(pub Arc<Ty>);

#[pymethods]
impl Type {
    /// `Type[int]` is for type checkers.
    #[classmethod]
    fn __class_getitem__(cls: &Bound<'_, PyType>, _item: &Bound<'_, PyAny>) -> Py<PyType> {
        cls.clone().unbind()
    }
}

/// A resource of an interface.
#[pyclass(frozen, module = "witgen_runtime.bind", name = "ResourceType")]
pub struct ResourceDescriptor(pub Arc<ResourceType>);

#[pymethods]
impl ResourceDescriptor {
    #[classmethod]
    fn __class_getitem__(cls: &Bound<'_, PyType>, _item: &Bound<'_, PyAny>) -> Py<PyType> {
        cls.clone().unbind()
    }
}

impl ResourceDescriptor {
    /// A resource of a component, which Python sees as `class`.
    pub fn guest(name: &str, class: &Bound<'_, PyType>) -> PyResult<ResourceDescriptor> {
        if !class.is_subclass_of::<Resource>()? {
            return Err(PyTypeError::new_err(format!("the class of `{name}` must derive from Resource")));
        }
        let side = Side::Guest { class: class.clone().unbind() };
        Ok(ResourceDescriptor(Arc::new(ResourceType { name: name.to_owned(), side })))
    }

    /// A resource that Python implements.
    pub fn host(name: &str, attribute: Option<String>) -> ResourceDescriptor {
        let side = Side::Host { attribute, id: std::sync::OnceLock::new() };
        ResourceDescriptor(Arc::new(ResourceType { name: name.to_owned(), side }))
    }
}

/// A field without a place yet.
pub fn field(name: &str, attribute: Attribute, ty: Arc<Ty>) -> Field {
    Field { name: name.to_owned(), attribute, offset: 0, ty }
}

/// Objects of these classes are allocated without `__new__`, so it must have nothing to do.
fn check_plain(class: &Bound<'_, PyType>) -> PyResult<()> {
    let object = class.py().get_type::<PyAny>();
    if class.getattr("__new__")?.is(&object.getattr("__new__")?) {
        return Ok(());
    }
    Err(PyTypeError::new_err(format!("`{}` must be a dataclass without `__new__`", class.name()?)))
}

/// What a dataclass calls its fields, in order.
fn attributes(class: &Bound<'_, PyType>, count: usize) -> PyResult<Vec<String>> {
    check_plain(class)?;
    let names: Vec<String> = match class.getattr_opt("__match_args__")? {
        Some(names) => names.extract()?,
        None => Vec::new(),
    };
    if names.len() == count {
        return Ok(names);
    }
    let name = class.name()?;
    Err(PyTypeError::new_err(format!("`{name}` has {} fields where WIT has {count}", names.len())))
}

/// A record: the fields of a dataclass, in order, with their names in WIT.
#[pyfunction]
pub fn record(class: &Bound<'_, PyType>, fields: &Bound<'_, PyDict>) -> PyResult<Type> {
    let attributes = attributes(class, fields.len())?;
    let mut parts = Vec::with_capacity(attributes.len());
    for ((name, ty), attribute) in fields.iter().zip(&attributes) {
        let ty = ty.cast::<Type>()?.get().0.clone();
        parts.push(field(name.cast::<PyString>()?.to_str()?, Attribute::of(class, attribute)?, ty));
    }
    let class = class.clone().unbind();
    let shape = Shape::of(&mut parts);
    Ok(Type(Arc::new(shape.ty(Kind::Record { class, fields: parts.into() }))))
}

/// A tuple.
#[pyfunction]
#[pyo3(signature = (*types))]
pub fn tuple_of(types: &Bound<'_, PyTuple>) -> PyResult<Type> {
    let mut parts = Vec::with_capacity(types.len());
    for ty in types.iter() {
        parts.push(field("", Attribute::none(types.py()), ty.cast::<Type>()?.get().0.clone()));
    }
    let shape = Shape::of(&mut parts);
    Ok(Type(Arc::new(shape.ty(Kind::Tuple(parts.into())))))
}

/// A variant: a class per case, whose only field is the payload.
#[pyfunction]
pub fn variant(cases: &Bound<'_, PyDict>) -> PyResult<Type> {
    let mut parts = Vec::with_capacity(cases.len());
    for (name, case) in cases.iter() {
        let (class, ty): (Bound<'_, PyType>, Option<Bound<'_, Type>>) = case.extract()?;
        let payload = match ty {
            Some(ty) => {
                let attribute = attributes(&class, 1)?.remove(0);
                Some((Attribute::of(&class, &attribute)?, ty.get().0.clone()))
            }
            None => {
                check_plain(&class)?;
                None
            }
        };
        parts.push(Case { name: name.extract()?, class: class.unbind(), payload });
    }
    let payloads: Vec<_> = parts.iter().map(|case| case.payload.as_ref().map(|(_, ty)| ty.clone())).collect();
    let by_class = Addresses::new(parts.iter().map(|case| case.class.as_ptr().addr()));
    let ty = Ty::sum(payloads.iter().map(Option::as_ref), |sum| Kind::Variant {
        sum,
        cases: parts.into(),
        by_class,
    });
    Ok(Type(Arc::new(ty)))
}

/// The members of an enum or flags class, in the order in which it defines them.
fn members(class: &Bound<'_, PyType>, names: &[String]) -> PyResult<Vec<Py<PyAny>>> {
    let members: Vec<Py<PyAny>> =
        class.try_iter()?.map(|member| member.map(Bound::unbind)).collect::<PyResult<_>>()?;
    if members.len() == names.len() {
        return Ok(members);
    }
    let (name, count) = (class.name()?, names.len());
    Err(PyTypeError::new_err(format!("`{name}` has {} members where WIT has {count}", members.len())))
}

/// An enum: the members of a class, in order, have these names in WIT.
#[pyfunction]
pub fn enumeration(class: &Bound<'_, PyType>, names: Vec<String>) -> PyResult<Type> {
    let members = members(class, &names)?;
    let by_member = Addresses::new(members.iter().map(|member| member.as_ptr().addr()));
    let class = class.clone().unbind();
    let ty = Ty::sum(names.iter().map(|_| None), |sum| Kind::Enum {
        sum,
        class,
        members: members.into(),
        by_member,
        names: names.clone().into(),
    });
    Ok(Type(Arc::new(ty)))
}

/// Flags: the members of a class, from the lowest bit on, have these names in WIT.
#[pyfunction]
pub fn flags(class: &Bound<'_, PyType>, names: Vec<String>) -> PyResult<Type> {
    if names.len() > MAX_FLAGS {
        return Err(PyValueError::new_err(format!("more than {MAX_FLAGS} flags have no ABI")));
    }
    for (bit, member) in members(class, &names)?.iter().enumerate() {
        let value: u64 = member.getattr(class.py(), "value")?.extract(class.py())?;
        if value != 1 << bit {
            return Err(PyTypeError::new_err(format!(
                "member {bit} of `{}` is not bit {bit}",
                class.name()?
            )));
        }
    }
    let size = match names.len() {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    };
    let class = class.clone().unbind();
    let kind = Kind::Flags { class, names: names.into(), members: FlagCache::default() };
    Ok(Type(Arc::new(Ty::scalar(size, kind))))
}

/// A list. With `view`, a list of numbers comes out as a memoryview.
#[pyfunction]
#[pyo3(signature = (element, /, *, view = false))]
pub fn list_of(element: &Bound<'_, Type>, view: bool) -> PyResult<Type> {
    let element = element.get().0.clone();
    if view && (element.codes().is_empty() || matches!(element.kind, Kind::U8)) {
        return Err(PyTypeError::new_err("only a list of numbers wider than a byte can be a view"));
    }
    Ok(Type(Arc::new(Ty::sequence(element.handles, Kind::List { element, view }))))
}

/// A map, which is a dict.
#[pyfunction]
pub fn map_of(key: &Bound<'_, Type>, value: &Bound<'_, Type>) -> Type {
    let part = |ty: &Bound<'_, Type>| field("", Attribute::none(ty.py()), ty.get().0.clone());
    let mut parts = vec![part(key), part(value)];
    let shape = Shape::of(&mut parts);
    let entry = Arc::new(shape.ty(Kind::Tuple(parts.into())));
    Type(Arc::new(Ty::sequence(entry.handles, Kind::Map { entry })))
}

/// An option: the value or `None`. The present case of an option of an option is a `Some`.
#[pyfunction]
pub fn option_of(some: &Bound<'_, Type>) -> Type {
    let some = some.get().0.clone();
    let nested = matches!(some.kind, Kind::Option { .. });
    let ty = Ty::sum([None, Some(&some.clone())].into_iter(), |sum| Kind::Option { sum, some, nested });
    Type(Arc::new(ty))
}

fn sum_of_results(
    ok: Option<&Bound<'_, Type>>,
    err: Option<&Bound<'_, Type>>,
    raises: Option<Py<PyType>>,
) -> Type {
    let [ok, err] = [ok, err].map(|ty| ty.map(|ty| ty.get().0.clone()));
    let payloads = [ok.clone(), err.clone()];
    let kind = |sum| Kind::Result { sum, ok, err, raises };
    Type(Arc::new(Ty::sum(payloads.iter().map(Option::as_ref), kind)))
}

/// A result that is a value: `Ok` or `Err`.
#[pyfunction]
#[pyo3(signature = (ok, err))]
pub fn result_of(ok: Option<&Bound<'_, Type>>, err: Option<&Bound<'_, Type>>) -> Type {
    sum_of_results(ok, err, None)
}

/// The whole result of a function: its success is returned, its failure raised as `error`.
#[pyfunction]
#[pyo3(signature = (ok, err, error))]
pub fn raises(ok: Option<&Bound<'_, Type>>, err: Option<&Bound<'_, Type>>, error: Bound<'_, PyType>) -> Type {
    sum_of_results(ok, err, Some(error.unbind()))
}

/// A handle that changes hands.
#[pyfunction]
pub fn own(resource: &Bound<'_, ResourceDescriptor>) -> Type {
    Type(Arc::new(Ty::handle(Kind::Own(resource.get().0.clone()))))
}

/// A handle that is lent for the time of a call.
#[pyfunction]
pub fn borrow(resource: &Bound<'_, ResourceDescriptor>) -> Type {
    Type(Arc::new(Ty::handle(Kind::Borrow(resource.get().0.clone()))))
}

/// The types without parts.
pub fn scalars() -> [(&'static str, Type); 13] {
    let scalar = |size, kind| Type(Arc::new(Ty::scalar(size, kind)));
    [
        ("BOOL", scalar(1, Kind::Bool)),
        ("S8", scalar(1, Kind::S8)),
        ("U8", scalar(1, Kind::U8)),
        ("S16", scalar(2, Kind::S16)),
        ("U16", scalar(2, Kind::U16)),
        ("S32", scalar(4, Kind::S32)),
        ("U32", scalar(4, Kind::U32)),
        ("S64", scalar(8, Kind::S64)),
        ("U64", scalar(8, Kind::U64)),
        ("F32", scalar(4, Kind::F32)),
        ("F64", scalar(8, Kind::F64)),
        ("CHAR", scalar(4, Kind::Char)),
        ("STRING", Type(Arc::new(Ty::sequence(false, Kind::String)))),
    ]
}
