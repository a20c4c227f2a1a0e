//! Values of WIT types, as data: what test vectors hold and backends print as native literals.

use serde::Serialize;

/// A value; its [`Type`](crate::Type) is known from where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// `bool`
    Bool(bool),
    /// Any integer type; in the range of it.
    Integer(i128),
    /// `f32`; the bits of a NaN mean nothing.
    F32(f32),
    /// `f64`; the bits of a NaN mean nothing.
    F64(f64),
    /// `char`
    Char(char),
    /// `string`
    String(String),
    /// `list<t>`
    List(Vec<Value>),
    /// A string or a list that is `unit` so many times, for values too long to write down.
    Repeat {
        /// A [`Value::String`] or a [`Value::List`].
        unit: Box<Value>,
        /// How often.
        times: u32,
    },
    /// `map<k, v>`, with distinct keys.
    Map(Vec<(Value, Value)>),
    /// `record`: its fields in order of declaration.
    Record(Vec<Value>),
    /// `tuple<a, b>`
    Tuple(Vec<Value>),
    /// `variant`: the index of the case and its payload.
    Variant(usize, Option<Box<Value>>),
    /// `enum`: the index of the case.
    Enum(usize),
    /// `flags`: the indices of the flags that are set, ascending.
    Flags(Vec<usize>),
    /// `option<t>`
    Option(Option<Box<Value>>),
    /// `result<t, e>`
    Result(Result<Option<Box<Value>>, Option<Box<Value>>>),
}
