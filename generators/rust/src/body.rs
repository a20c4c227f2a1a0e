//! Function bodies: op trees printed as statements, one short function per family of ops.
//!
//! A value of an op tree becomes text where it is used; what has an effect, is used more than once or is too long
//! gets a `let`. Locals come from one scope per function that the parameters are in, so none shadows another.

mod free;
mod lift;
mod lower;
mod memory;
mod sequence;
mod value;

use std::collections::BTreeMap;

use witgen_backend::Scope;
use witgen_diag::{Diagnostic, Id};
use witgen_ir::abi::{Block, Op, OpKind, OpTree, Value};
use witgen_ir::{Direction, Function, FunctionKind};

use crate::code::{Body, Expr, Stmt};
use crate::names;
use crate::types::Context;

pub(crate) use lift::flags_type;
pub(crate) use memory::core_type;
pub(crate) use sequence::tag_type;
use value::Operand;

/// A longer text gets a `let`.
const LONG: usize = 48;

/// The body of one function.
pub(crate) struct Printer<'a> {
    ctx: Context<'a>,
    function: &'a Function,
    scope: Scope,
    /// The parameters as Rust names.
    params: Vec<String>,
    /// What calls the function behind the boundary: the name of the core import, or a path to a trait's function.
    callee: String,
    values: BTreeMap<Value, Operand>,
    /// What a value should be called if it gets a name.
    hints: BTreeMap<Value, String>,
    /// The blocks around the op that is printed, innermost last.
    frames: Vec<Frame>,
    /// The list that keeps memory of nested lists until the call is over.
    kept: Option<String>,
    /// What is declared before everything else.
    heads: Vec<Stmt>,
    /// Whether the receiver of a method was not lifted yet.
    receiver: bool,
    /// The most that an export returns through memory.
    area: u32,
}

/// What the ops inside of a block refer to.
#[derive(Clone, Debug, Default)]
struct Frame {
    address: String,
    element: Option<Operand>,
    value: Option<Operand>,
}

/// A printed body.
pub(crate) struct Printed {
    pub(crate) body: Body,
    /// Bytes that the body needs of the static area for results.
    pub(crate) area: u32,
}

/// The name of the core function inside the wrapper of an import whose parameters are `params`.
pub(crate) fn core_name(params: &[String]) -> String {
    let mut scope = names::scope();
    params.iter().for_each(|param| scope.reserve(param.clone()));
    scope.unique("call".to_owned())
}

/// Prints one op tree of `function`.
pub(crate) fn print<'a>(
    ctx: Context<'a>,
    function: &'a Function,
    tree: &'a OpTree,
    params: Vec<String>,
    callee: String,
) -> witgen_diag::Result<Printed> {
    let mut scope = names::scope();
    params.iter().chain([&callee]).for_each(|name| scope.reserve(name.clone()));
    let mut hints = BTreeMap::new();
    collect_hints(&ctx, function, &tree.root, &mut hints);
    let mut printer = Printer {
        ctx,
        function,
        scope,
        params,
        callee,
        values: BTreeMap::new(),
        hints,
        frames: Vec::new(),
        kept: None,
        heads: Vec::new(),
        receiver: matches!(function.kind, FunctionKind::Method(_)),
        area: 0,
    };
    let mut body = Body::default();
    printer.ops(&tree.root.ops, &mut body)?;
    body.stmts.splice(0..0, printer.heads);
    Ok(Printed { body, area: printer.area })
}

/// Names for values: a field's for what goes into it, a parameter's for what is passed as it.
fn collect_hints(ctx: &Context<'_>, function: &Function, block: &Block, hints: &mut BTreeMap<Value, String>) {
    for op in &block.ops {
        let names: Vec<&str> = match &op.kind {
            OpKind::RecordLift { ty } => match &ctx.world.type_def(*ty).kind {
                witgen_ir::TypeKind::Record { fields } => {
                    fields.iter().map(|field| field.name.as_str()).collect()
                }
                _ => Vec::new(),
            },
            OpKind::CallLanguage => function.params.iter().map(|param| param.name.as_str()).collect(),
            OpKind::Return if function.direction == Direction::Import => vec!["result"],
            _ => Vec::new(),
        };
        for (value, name) in op.operands.iter().zip(names) {
            hints.insert(*value, name.to_owned());
        }
        op.blocks.iter().for_each(|block| collect_hints(ctx, function, block, hints));
    }
}

/// Whether a body calls what is unsafe to call, besides the safe `callee`; an `unsafe` block around one that does not
/// is a warning.
pub(crate) fn is_unsafe(lines: &[String], callee: &str) -> bool {
    const CALLS: [&str; 9] = [
        "_rt::load",
        "_rt::store",
        "_rt::lift_",
        "_rt::free",
        "_rt::elements",
        "_rt::no_such_case",
        "_rt::either_as_",
        "::from_handle(",
        "lift(",
    ];
    let calls = |line: &str| CALLS.iter().any(|call| line.contains(call));
    lines.iter().any(|line| match line.split_once(&format!("{callee}(")) {
        // `ShortT::lift` is not `T::lift`.
        Some((before, after)) if !before.ends_with(|letter: char| letter.is_alphanumeric()) => {
            calls(before) || calls(after)
        }
        _ => calls(line),
    })
}

impl Printer<'_> {
    fn ops(&mut self, ops: &[Op], body: &mut Body) -> witgen_diag::Result<()> {
        ops.iter().try_for_each(|op| self.op(op, body))
    }

    /// Prints a block; what it yields stays in [`Printer::values`].
    fn block(&mut self, block: &Block, frame: Frame) -> witgen_diag::Result<Body> {
        let mut body = Body::default();
        self.frames.push(frame);
        let done = self.ops(&block.ops, &mut body);
        self.frames.pop();
        done.map(|()| body)
    }

    fn op(&mut self, op: &Op, body: &mut Body) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::Argument { .. }
            | OpKind::ConstI32 { .. }
            | OpKind::ConstZero { .. }
            | OpKind::Casts { .. }
            | OpKind::Load { .. }
            | OpKind::Store { .. }
            | OpKind::ReturnArea { .. }
            | OpKind::Allocate { .. }
            | OpKind::Free { .. }
            | OpKind::Flush
            | OpKind::CallCore
            | OpKind::CallLanguage
            | OpKind::Return => self.memory(op, body),
            OpKind::StringLower { .. }
            | OpKind::BulkListLower { .. }
            | OpKind::ListLower { .. }
            | OpKind::MapLower { .. }
            | OpKind::StringLift
            | OpKind::BulkListLift { .. }
            | OpKind::ListLift { .. }
            | OpKind::MapLift { .. }
            | OpKind::IterElement { .. }
            | OpKind::IterKey { .. }
            | OpKind::IterValue { .. }
            | OpKind::IterAddress => self.sequence(op, body),
            OpKind::ScalarLower { .. }
            | OpKind::RecordLower { .. }
            | OpKind::TupleLower { .. }
            | OpKind::FlagsLower { .. }
            | OpKind::EnumLower { .. }
            | OpKind::CasePayload
            | OpKind::VariantLower { .. }
            | OpKind::OptionLower { .. }
            | OpKind::ResultLower { .. }
            | OpKind::HandleLower { .. } => self.lower(op, body),
            OpKind::ScalarLift { .. }
            | OpKind::RecordLift { .. }
            | OpKind::TupleLift { .. }
            | OpKind::FlagsLift { .. }
            | OpKind::EnumLift { .. }
            | OpKind::VariantLift { .. }
            | OpKind::OptionLift { .. }
            | OpKind::ResultLift { .. }
            | OpKind::HandleLift { .. } => self.lift(op, body),
            OpKind::FreeString | OpKind::FreeList { .. } | OpKind::FreeMap { .. } | OpKind::FreeVariant => {
                self.free(op, body)
            }
            OpKind::Unsupported { what } => Err(internal(format!("the Rust backend cannot print {what}"))),
        }
    }

    fn is_import(&self) -> bool {
        self.function.direction == Direction::Import
    }

    fn local(&mut self, name: &str) -> String {
        self.scope.name(witgen_languages::Role::Param, name)
    }

    /// A new local with `value`.
    fn bind(&mut self, name: &str, value: Expr, body: &mut Body) -> String {
        let name = self.local(name);
        body.stmts.push(Stmt::Let { pattern: name.clone(), value });
        name
    }

    fn set(&mut self, op: &Op, nth: usize, operand: Operand) {
        if let Some(value) = op.results.get(nth) {
            self.values.insert(*value, operand);
        }
    }

    fn get(&mut self, op: &Op, nth: usize) -> witgen_diag::Result<Operand> {
        let value = op.operands.get(nth).copied();
        value.and_then(|value| self.values.get(&value).cloned()).ok_or_else(|| missing(op))
    }

    /// An operand that is used only once; it no longer waits to be printed.
    fn take(&mut self, op: &Op, nth: usize) -> witgen_diag::Result<(Operand, String)> {
        let value = *op.operands.get(nth).ok_or_else(|| missing(op))?;
        self.take_value(value)
    }

    fn take_value(&mut self, value: Value) -> witgen_diag::Result<(Operand, String)> {
        let operand = match self.values.get(&value) {
            Some(kept @ (Operand::Core(_) | Operand::Place { .. })) => kept.clone(),
            Some(_) => self.values.remove(&value).unwrap_or(Operand::Const(0)),
            None => return Err(internal("a value of an op tree is used before it is made".to_owned())),
        };
        let hint = self.hints.get(&value).map_or("value", String::as_str).to_owned();
        Ok((operand, hint))
    }

    /// An operand as core value on one line.
    fn core(&mut self, op: &Op, nth: usize, body: &mut Body) -> witgen_diag::Result<String> {
        let (operand, hint) = self.take(op, nth)?;
        Ok(self.core_text(operand, &hint, body))
    }

    /// An operand as value of the language on one line.
    fn language(&mut self, op: &Op, nth: usize, body: &mut Body) -> witgen_diag::Result<String> {
        let (operand, hint) = self.take(op, nth)?;
        Ok(self.language_text(operand, &hint, body))
    }

    /// An operand as short text that can be repeated.
    fn place(&mut self, op: &Op, nth: usize, body: &mut Body) -> witgen_diag::Result<Operand> {
        let (operand, hint) = self.take(op, nth)?;
        Ok(self.place_of(operand, &hint, body))
    }
}

fn missing(op: &Op) -> Vec<Diagnostic> {
    internal(format!("an operand of {:?} is missing", op.kind))
}

fn internal(message: String) -> Vec<Diagnostic> {
    vec![Diagnostic::error(Id::Internal, message)]
}
