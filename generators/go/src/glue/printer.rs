//! Prints an op tree as the statements of a Go function.
//!
//! What an op makes is either an expression, which is written where it is used, or a local variable.
//! Reads of memory always become variables: expressions would move them to where the memory may be gone.

use witgen_ir::abi::{Block, CoreType, FunctionAbi, Op, OpKind, OpTree, Value};
use witgen_ir::{Direction, Function};
use witgen_languages::Side;

use crate::internal;
use crate::types::{Shape, Types};

/// What a value of the tree is in Go.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    /// One expression.
    One(String),
    /// The result of a Go function that returns several.
    Several(Vec<String>),
    /// The value and the error of a Go function that may fail.
    Fallible {
        /// The value; none when the function returns an error alone.
        ok: Option<String>,
        /// The error.
        err: String,
    },
}

/// What the innermost loop or case gives its block.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub(super) element: String,
    pub(super) key: String,
    pub(super) address: String,
    pub(super) payload: String,
}

/// What the statements need around them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Needs {
    /// Size in 64-bit words of the area that the result of an export is returned in.
    pub(crate) returned_words: u32,
}

/// Prints one function.
pub(crate) struct Printer<'p, 'n, 'w> {
    pub(super) types: &'p mut Types<'n, 'w>,
    pub(super) function: &'w Function,
    pub(super) abi: &'w FunctionAbi,
    /// What is printed: that of the side.
    pub(super) tree: &'w OpTree,
    pub(super) contexts: Vec<Context>,
    pub(super) needs: Needs,
    /// The result of the language's function, which has a shape of its own.
    pub(super) whole_result: Option<Value>,
    /// What a call looks like up to its arguments: of the language's function, or of what calls the component.
    pub(super) callee: String,
    exprs: Vec<Option<Expr>>,
    uses: Vec<u32>,
    lines: Vec<String>,
    depth: usize,
    locals: u32,
}

impl<'p, 'n, 'w> Printer<'p, 'n, 'w> {
    /// For `function`; `callee` is what it calls: the core import, the method of the implementation, or what calls the component.
    pub(crate) fn new(
        types: &'p mut Types<'n, 'w>,
        function: &'w Function,
        abi: &'w FunctionAbi,
        callee: String,
    ) -> Self {
        let tree = match types.names.side {
            Side::Guest => &abi.call,
            Side::Host => &abi.host,
        };
        let calls_language = match types.names.side {
            Side::Guest => function.direction == Direction::Export,
            Side::Host => function.direction == Direction::Import,
        };
        let mut uses = vec![0; tree.values as usize];
        count_uses(&tree.root, &mut uses);
        Self {
            types,
            function,
            abi,
            tree,
            contexts: Vec::new(),
            needs: Needs::default(),
            whole_result: whole_result(calls_language, tree),
            callee,
            exprs: vec![None; tree.values as usize],
            uses,
            lines: Vec::new(),
            depth: 0,
            locals: 0,
        }
    }

    /// The statements, indented by tabs, and what they need.
    pub(crate) fn print(mut self) -> witgen_diag::Result<(Vec<String>, Needs)> {
        let abi = self.abi;
        if self.function.direction == Direction::Import && self.makes_lists() {
            let name = self.types.abi();
            self.line(format!("var arena {name}.Arena"));
        }
        if self.moves_handles() {
            let name = self.types.abi();
            self.line(format!("var moves {name}.Moves"));
            self.line("defer moves.Restore()");
        }
        self.ops(&abi.call.root)?;
        Ok((self.lines, self.needs))
    }

    /// The statements of a function of a host, after those that are there already.
    pub(super) fn print_host(mut self) -> witgen_diag::Result<Vec<String>> {
        self.ops(&self.tree.root)?;
        Ok(self.lines)
    }

    fn ops(&mut self, block: &'w Block) -> witgen_diag::Result<()> {
        for op in &block.ops {
            self.op(op)?;
        }
        Ok(())
    }

    /// Prints a block in its context and returns what it yields.
    pub(super) fn block(&mut self, block: &'w Block, context: Context) -> witgen_diag::Result<Vec<String>> {
        self.contexts.push(context);
        self.ops(block)?;
        self.contexts.pop();
        block.results.iter().map(|value| self.one(*value)).collect()
    }

    /// Whether the function is of a host.
    pub(super) fn is_host(&self) -> bool {
        self.types.names.side == Side::Host
    }

    fn op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        if self.is_host() && self.host_op(op)? {
            return Ok(());
        }
        match &op.kind {
            OpKind::Argument { .. } | OpKind::CallCore | OpKind::CallLanguage | OpKind::Return => {
                self.call_op(op)
            }
            OpKind::ConstI32 { .. }
            | OpKind::ConstZero { .. }
            | OpKind::Casts { .. }
            | OpKind::ScalarLower { .. }
            | OpKind::ScalarLift { .. }
            | OpKind::EnumLower { .. }
            | OpKind::EnumLift { .. }
            | OpKind::FlagsLower { .. }
            | OpKind::FlagsLift { .. } => self.scalar_op(op),
            OpKind::Load { .. }
            | OpKind::Store { .. }
            | OpKind::ReturnArea { .. }
            | OpKind::IterElement { .. }
            | OpKind::IterKey { .. }
            | OpKind::IterValue { .. }
            | OpKind::IterAddress
            | OpKind::CasePayload
            | OpKind::Flush => self.memory_op(op),
            OpKind::StringLower { .. }
            | OpKind::StringLift
            | OpKind::BulkListLower { .. }
            | OpKind::BulkListLift { .. }
            | OpKind::ListLower { .. }
            | OpKind::ListLift { .. }
            | OpKind::MapLower { .. }
            | OpKind::MapLift { .. } => self.sequence_op(op),
            OpKind::RecordLower { .. }
            | OpKind::RecordLift { .. }
            | OpKind::TupleLower { .. }
            | OpKind::TupleLift { .. } => self.product_op(op),
            OpKind::VariantLower { .. }
            | OpKind::VariantLift { .. }
            | OpKind::OptionLower { .. }
            | OpKind::OptionLift { .. }
            | OpKind::ResultLower { .. }
            | OpKind::ResultLift { .. } => self.case_op(op),
            OpKind::HandleLower { .. } | OpKind::HandleLift { .. } => self.handle_op(op),
            // The collector frees: what was lent is no longer rooted.
            OpKind::Free { .. }
            | OpKind::FreeString
            | OpKind::FreeList { .. }
            | OpKind::FreeMap { .. }
            | OpKind::FreeVariant => Ok(()),
            OpKind::Allocate { .. } => Err(internal("an allocation outside of a list")),
            OpKind::Unsupported { what } => Err(internal(what)),
        }
    }

    /// The core call name, the arguments and the results of a call.
    pub(super) fn core_result(&self) -> Option<CoreType> {
        self.abi.results.first().copied()
    }

    pub(super) fn line(&mut self, text: impl AsRef<str>) {
        self.lines.push(format!("{}{}", "\t".repeat(self.depth), text.as_ref()));
    }

    pub(super) fn indent(&mut self) {
        self.depth += 1;
    }

    pub(super) fn dedent(&mut self) {
        self.depth -= 1;
    }

    /// A new local variable; no import has such a name, see [`crate::imports`].
    pub(super) fn local(&mut self, stem: &str) -> String {
        self.locals += 1;
        format!("{stem}{}", self.locals)
    }

    /// Whether something uses the value.
    pub(super) fn is_used(&self, value: Value) -> bool {
        self.uses.get(value.0 as usize).is_some_and(|uses| *uses > 0)
    }

    pub(super) fn set(&mut self, value: Value, expr: Expr) {
        if let Some(slot) = self.exprs.get_mut(value.0 as usize) {
            *slot = Some(expr);
        }
    }

    pub(super) fn set_one(&mut self, op: &Op, index: usize, text: impl Into<String>) {
        if let Some(value) = op.results.get(index) {
            self.set(*value, Expr::One(text.into()));
        }
    }

    /// Binds the only result of `op` to a new variable, unless nothing uses it.
    pub(super) fn bind(&mut self, op: &Op, text: &str) {
        let Some(value) = op.results.first().copied().filter(|value| self.is_used(*value)) else { return };
        let local = self.local("v");
        self.line(format!("{local} := {text}"));
        self.set(value, Expr::One(local));
    }

    pub(super) fn expr(&self, value: Value) -> witgen_diag::Result<Expr> {
        self.exprs.get(value.0 as usize).cloned().flatten().ok_or_else(|| internal("a value before its op"))
    }

    pub(super) fn one(&self, value: Value) -> witgen_diag::Result<String> {
        match self.expr(value)? {
            Expr::One(text) => Ok(text),
            Expr::Several(_) | Expr::Fallible { .. } => Err(internal("several values in the place of one")),
        }
    }

    pub(super) fn operand(&self, op: &Op, index: usize) -> witgen_diag::Result<String> {
        let value = op.operands.get(index).ok_or_else(|| internal("an op without its operand"))?;
        self.one(*value)
    }

    pub(super) fn operands(&self, op: &Op) -> witgen_diag::Result<Vec<String>> {
        op.operands.iter().map(|value| self.one(*value)).collect()
    }

    pub(super) fn context(&self) -> witgen_diag::Result<&Context> {
        self.contexts.last().ok_or_else(|| internal("an element outside of a list"))
    }

    /// How the language's function returns its result.
    pub(super) fn shape(&self) -> Option<Shape<'w>> {
        self.function.result.map(|ty| Shape::of(self.types.names, ty))
    }
}

/// Whether an op of the block, or of a block in it, is such.
pub(super) fn any(block: &Block, test: &dyn Fn(&OpKind) -> bool) -> bool {
    block.ops.iter().any(|op| test(&op.kind) || op.blocks.iter().any(|block| any(block, test)))
}

fn count_uses(block: &Block, uses: &mut [u32]) {
    let values = block.ops.iter().flat_map(|op| &op.operands).chain(&block.results);
    for value in values {
        if let Some(count) = uses.get_mut(value.0 as usize) {
            *count += 1;
        }
    }
    for block in block.ops.iter().flat_map(|op| &op.blocks) {
        count_uses(block, uses);
    }
}

/// The value that the language's function returns: made by its call, or taken by the return.
fn whole_result(calls_language: bool, tree: &OpTree) -> Option<Value> {
    let ops = &tree.root.ops;
    let whole = ops.iter().find_map(|op| match (calls_language, &op.kind) {
        (true, OpKind::CallLanguage) => op.results.first().copied(),
        (false, OpKind::Return) => op.operands.first().copied(),
        _ => None,
    })?;
    let flush = ops.iter().find(|op| op.kind == OpKind::Flush && op.results.first() == Some(&whole));
    flush.map_or(Some(whole), |flush| flush.operands.first().copied())
}
