//! The oracle: a side of a cell that is no language at all.
//!
//! Two languages of witgen could agree on the same mistake, since one op tree describes both.
//! Here wasmtime's own dynamic values lift and lower, from the types that the component itself declares.

use std::path::Path;
use std::sync::Arc;

use wasmtime::component::Val;
use wasmtime::component::types::Type;
use witgen_backend::testee::{Cases, Role};
use witgen_ir::Value;

use crate::engine::{Ended, Engine, Failed, Live, Ready};
use crate::plan::STEPS;

/// The values of a type.
#[derive(Clone, Debug)]
struct Group {
    /// `witgen:derived/records-point`
    interface: String,
    values: Arc<[Value]>,
}

/// The values that the oracle holds.
#[derive(Clone, Debug)]
pub(crate) struct Values(Vec<Group>);

impl Values {
    /// Those of `cases`, whose interfaces have these names.
    pub(crate) fn new<'a>(cases: Cases, names: impl Iterator<Item = &'a str>) -> Self {
        let group = |(group, name): (witgen_backend::testee::Group, &str)| Group {
            interface: format!("{}/{name}", crate::derive::PACKAGE),
            values: group.values.into(),
        };
        Self(cases.groups.into_iter().zip(names).map(group).collect())
    }
}

/// A guest and what the oracle does with it.
pub(crate) struct Oracle {
    values: Values,
    role: Role,
    ready: Ready,
    live: Option<Live>,
}

impl Oracle {
    /// Takes the role that the guest `bytes` does not have.
    pub(crate) fn new(
        engine: &Engine,
        values: &Values,
        role: Role,
        bytes: &[u8],
        path: &Path,
    ) -> witgen_diag::Result<Self> {
        let mut ready = engine.bare(bytes, path)?;
        if role == Role::Exporter {
            for group in &values.0 {
                ready.provide(&group.interface, path, |name| {
                    let (name, values) = (name.to_owned(), Arc::clone(&group.values));
                    move |params: &[(Type, Val)], result: Option<&Type>| {
                        answer(&name, &values, params, result)
                    }
                })?;
            }
        }
        Ok(Self { values: values.clone(), role, ready, live: None })
    }

    /// One step with one value of one type.
    pub(crate) fn run(&mut self, group: usize, value: u32, step: u32) -> Ended {
        let mut live = match self.live.take().map_or_else(|| self.ready.start(), Ok) {
            Ok(live) => live,
            Err(error) => return Ended::Trap(format!("the component does not start: {error:#}")),
        };
        let ended = match self.role {
            Role::Importer => self.call(&mut live, group, value, step),
            Role::Exporter => {
                let number = u32::try_from(group).unwrap_or(u32::MAX);
                live.run(number, value, step)
            }
        };
        match ended {
            Ok(ended) => {
                self.live = Some(live);
                ended
            }
            Err(Failed::Trap(message) | Failed::Over(message)) => Ended::Trap(message),
            Err(Failed::Step(reason)) => Ended::Broken(reason),
        }
    }

    /// Calls the guest and compares.
    fn call(&self, live: &mut Live, group: usize, value: u32, step: u32) -> Result<Ended, Failed> {
        let broken = |reason: &str| Failed::Step(reason.to_owned());
        let group = self.values.0.get(group).ok_or_else(|| broken("there is no such type"))?;
        let wanted = group.values.get(value as usize).ok_or_else(|| broken("there is no such value"))?;
        let name = STEPS.get(step as usize).copied().unwrap_or_default();
        let func = live.func(Some(&group.interface), name)?;
        let (params, results) = live.types(&func);
        let subject = params.last().filter(|_| step < 2).or(results.first());
        let wanted =
            subject.and_then(|ty| val(wanted, ty)).ok_or_else(|| broken("the value is of another type"))?;
        let params = match step {
            0 => vec![wanted.clone()],
            1 => vec![Val::U32(value), wanted.clone()],
            _ => vec![Val::U32(value)],
        };
        let got = live.call_func(&func, &params)?.ok_or_else(|| broken("there is no result"))?;
        Ok(match (step, &got) {
            (1, Val::Bool(true)) => Ended::Well,
            (1, _) => Ended::Different(format!("the exporter holds another value than {}", shown(&wanted))),
            _ if same(&got, &wanted) => Ended::Well,
            _ => Ended::Different(format!("got {}, wanted {}", shown(&got), shown(&wanted))),
        })
    }
}

/// What the oracle returns to an importing guest.
fn answer(name: &str, values: &[Value], params: &[(Type, Val)], result: Option<&Type>) -> Option<Val> {
    let value = |index: &Val| match index {
        Val::U32(index) => values.get(*index as usize),
        _ => None,
    };
    match (name, params) {
        ("roundtrip", [(_, got)]) => Some(got.clone()),
        ("check", [(_, index), (ty, got)]) => Some(Val::Bool(same(&val(value(index)?, ty)?, got))),
        ("give", [(_, index)]) => val(value(index)?, result?),
        _ => None,
    }
}

fn shown(value: &Val) -> String {
    let mut text = value.to_wave().unwrap_or_else(|_| format!("{value:?}"));
    if text.len() > 200 {
        text.truncate(text.floor_char_boundary(200));
        text.push_str(" ...");
    }
    text
}

/// Whether both are the same; the entries of a map have no order.
fn same(left: &Val, right: &Val) -> bool {
    match (left, right) {
        (Val::Map(left), Val::Map(right)) => {
            let found = |(key, value): &(Val, Val)| {
                right.iter().any(|(other, held)| same(key, other) && same(value, held))
            };
            left.len() == right.len() && left.iter().all(found)
        }
        (Val::List(left), Val::List(right)) | (Val::Tuple(left), Val::Tuple(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Val::Record(left), Val::Record(right)) => {
            let fields = |((name, left), (other, right)): (&(String, Val), &(String, Val))| {
                name == other && same(left, right)
            };
            left.len() == right.len() && left.iter().zip(right).all(fields)
        }
        (Val::Variant(name, left), Val::Variant(other, right)) => name == other && both(left, right),
        (Val::Option(left), Val::Option(right)) => both(left, right),
        (Val::Result(Ok(left)), Val::Result(Ok(right))) => both(left, right),
        (Val::Result(Err(left)), Val::Result(Err(right))) => both(left, right),
        _ => left == right,
    }
}

fn both(left: &Option<Box<Val>>, right: &Option<Box<Val>>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => same(left, right),
        (None, None) => true,
        _ => false,
    }
}

/// A vector as a value of `ty`, which the component declares; nothing when it does not fit.
fn val(value: &Value, ty: &Type) -> Option<Val> {
    Some(match (value, ty) {
        (Value::Bool(value), Type::Bool) => Val::Bool(*value),
        (Value::Integer(value), _) => integer(*value, ty)?,
        (Value::F32(value), Type::Float32) => Val::Float32(*value),
        (Value::F64(value), Type::Float64) => Val::Float64(*value),
        (Value::Char(value), Type::Char) => Val::Char(*value),
        (Value::String(value), Type::String) => Val::String(value.clone()),
        (Value::Repeat { unit, times }, _) => match val(unit, ty)? {
            Val::String(text) => Val::String(text.repeat(*times as usize)),
            Val::List(values) => Val::List(vec![values; *times as usize].concat()),
            _ => return None,
        },
        (Value::List(values), Type::List(list)) => Val::List(all(values, std::iter::repeat(list.ty()))?),
        (Value::Map(entries), Type::Map(map)) => {
            let (key_ty, value_ty) = (map.key(), map.value());
            let entry = |(key, value): &(Value, Value)| Some((val(key, &key_ty)?, val(value, &value_ty)?));
            Val::Map(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        (Value::Record(values), Type::Record(record)) => {
            let field = |(value, field): (&Value, wasmtime::component::types::Field<'_>)| {
                Some((field.name.to_owned(), val(value, &field.ty)?))
            };
            Val::Record(values.iter().zip(record.fields()).map(field).collect::<Option<_>>()?)
        }
        (Value::Tuple(values), Type::Tuple(tuple)) => Val::Tuple(all(values, tuple.types())?),
        (Value::Variant(index, payload), Type::Variant(variant)) => {
            let case = variant.cases().nth(*index)?;
            Val::Variant(case.name.to_owned(), held(payload.as_deref(), case.ty.as_ref())?)
        }
        (Value::Enum(index), Type::Enum(names)) => Val::Enum(names.names().nth(*index)?.to_owned()),
        (Value::Flags(indices), Type::Flags(flags)) => {
            let names: Vec<&str> = flags.names().collect();
            let name = |index: &usize| Some((*names.get(*index)?).to_owned());
            Val::Flags(indices.iter().map(name).collect::<Option<_>>()?)
        }
        (Value::Option(payload), Type::Option(option)) => {
            let ty = option.ty();
            Val::Option(held(payload.as_deref(), payload.is_some().then_some(&ty))?)
        }
        (Value::Result(Ok(payload)), Type::Result(result)) => {
            Val::Result(Ok(held(payload.as_deref(), result.ok().as_ref())?))
        }
        (Value::Result(Err(payload)), Type::Result(result)) => {
            Val::Result(Err(held(payload.as_deref(), result.err().as_ref())?))
        }
        _ => return None,
    })
}

fn all(values: &[Value], types: impl Iterator<Item = Type>) -> Option<Vec<Val>> {
    values.iter().zip(types).map(|(value, ty)| val(value, &ty)).collect()
}

/// A payload, or its absence.
fn held(value: Option<&Value>, ty: Option<&Type>) -> Option<Option<Box<Val>>> {
    match (value, ty) {
        (Some(value), Some(ty)) => Some(Some(Box::new(val(value, ty)?))),
        (None, None) => Some(None),
        _ => None,
    }
}

fn integer(value: i128, ty: &Type) -> Option<Val> {
    Some(match ty {
        Type::U8 => Val::U8(value.try_into().ok()?),
        Type::U16 => Val::U16(value.try_into().ok()?),
        Type::U32 => Val::U32(value.try_into().ok()?),
        Type::U64 => Val::U64(value.try_into().ok()?),
        Type::S8 => Val::S8(value.try_into().ok()?),
        Type::S16 => Val::S16(value.try_into().ok()?),
        Type::S32 => Val::S32(value.try_into().ok()?),
        Type::S64 => Val::S64(value.try_into().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_nans_are_told_apart_and_maps_are_not_by_order() {
        assert!(same(&Val::Float64(f64::NAN), &Val::Float64(f64::NAN)));
        assert!(!same(&Val::Float64(0.0), &Val::Float64(-0.0)));
        let entry = |key: u8| (Val::U8(key), Val::Bool(true));
        assert!(same(&Val::Map(vec![entry(1), entry(2)]), &Val::Map(vec![entry(2), entry(1)])));
        assert!(!same(&Val::Map(vec![entry(1)]), &Val::Map(vec![entry(2)])));
    }

    #[test]
    fn value_that_does_not_fit_is_refused() {
        assert_eq!(val(&Value::Integer(255), &Type::U8), Some(Val::U8(255)));
        assert_eq!(val(&Value::Integer(256), &Type::U8), None);
        assert_eq!(val(&Value::Bool(true), &Type::String), None);
    }
}
