//! Prints an op tree as the statements of a JavaScript function.
//!
//! What an op makes is an expression, which is written where it is used, or a local.
//! Reads of memory are expressions too: between them and their use the component never runs.

use witgen_backend::Scope;
use witgen_ir::abi::{Access, Block, CoreType, FunctionAbi, Op, OpKind, OpTree, Value};
use witgen_ir::{Direction, Function, Type, TypeId, TypeKind};
use witgen_languages::{Language, Role};

use super::helpers::Module;
use super::text::{Lines, texts};
use crate::internal;
use crate::names::property;
use crate::pretty::Doc;

/// What a value of the tree is in JavaScript.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    /// An expression.
    Doc(Doc),
    /// A core value that a component gave: numbers may have any sign.
    Core(String),
    /// A number in memory.
    Load { access: Access, at: String },
    /// What a function of the program returned, or the error that it threw.
    Fallible,
    /// The result of a function that is returned already, or thrown later.
    Thrown,
}

/// What the innermost loop or case gives its block.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub(super) element: String,
    pub(super) key: String,
    pub(super) address: String,
    pub(super) payload: String,
}

/// Prints one function.
pub(super) struct Printer<'m, 'a> {
    pub(super) module: &'m mut Module<'a>,
    pub(super) function: &'a Function,
    pub(super) abi: &'a FunctionAbi,
    pub(super) scope: Scope,
    pub(super) out: Lines,
    pub(super) contexts: Vec<Context>,
    /// The arguments: of the function that a program calls, or core values.
    pub(super) arguments: Vec<String>,
    /// The result of the language's function where it is a `result`.
    pub(super) whole_result: Option<Value>,
    /// Whether the body names the memory.
    pub(super) uses_memory: bool,
    /// What the view of the memory is called in a loop that does not change it, and whether it is used.
    pub(super) view: Option<(String, bool)>,
    /// Whether there is a payload of an error to throw.
    pub(super) payload: bool,
    exprs: Vec<Option<Expr>>,
    uses: Vec<u32>,
}

impl<'m, 'a> Printer<'m, 'a> {
    pub(super) fn new(
        module: &'m mut Module<'a>,
        function: &'a Function,
        abi: &'a FunctionAbi,
        (scope, arguments): (Scope, Vec<String>),
    ) -> Self {
        let tree = &abi.host;
        let mut uses = vec![0; tree.values as usize];
        count_uses(&tree.root, &mut uses);
        let is_result = is_result(module, function.result);
        Self {
            module,
            function,
            abi,
            scope,
            out: Lines::default(),
            contexts: Vec::new(),
            arguments,
            whole_result: whole_result(tree, function.direction).filter(|_| is_result),
            uses_memory: false,
            view: None,
            payload: false,
            exprs: vec![None; tree.values as usize],
            uses,
        }
    }

    /// Prints all ops.
    pub(super) fn print(&mut self) -> witgen_diag::Result<()> {
        let abi = self.abi;
        self.ops(&abi.host.root)
    }

    fn ops(&mut self, block: &'a Block) -> witgen_diag::Result<()> {
        let mut skip = 0;
        for (index, op) in block.ops.iter().enumerate() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            if self.stored_at_once(op, &block.ops[index + 1..])? {
                skip = 2;
                continue;
            }
            self.op(op)?;
        }
        Ok(())
    }

    /// Prints a block in its context and returns what it yields; its locals are its own.
    pub(super) fn block(&mut self, block: &'a Block, context: Context) -> witgen_diag::Result<Vec<Doc>> {
        self.contexts.push(context);
        self.ops(block)?;
        self.contexts.pop();
        block.results.iter().map(|value| self.doc(*value)).collect()
    }

    fn op(&mut self, op: &'a Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::Argument { .. }
            | OpKind::CallCore
            | OpKind::CallLanguage
            | OpKind::Return
            | OpKind::Allocate { .. } => self.call_op(op),
            OpKind::ConstI32 { value } => {
                self.set_text(op, 0, value.to_string());
                Ok(())
            }
            OpKind::ConstZero { types } => {
                for (index, ty) in types.iter().enumerate() {
                    self.set_text(op, index, zero(*ty));
                }
                Ok(())
            }
            OpKind::Casts { .. }
            | OpKind::ScalarLower { .. }
            | OpKind::ScalarLift { .. }
            | OpKind::EnumLower { .. }
            | OpKind::EnumLift { .. }
            | OpKind::FlagsLower { .. }
            | OpKind::FlagsLift { .. }
            | OpKind::HandleLower { .. }
            | OpKind::HandleLift { .. }
            | OpKind::Load { .. }
            | OpKind::Store { .. } => self.memory_op(op),
            OpKind::IterElement { .. } => self.of_context(op, |context| &context.element),
            OpKind::IterKey { .. } => self.of_context(op, |context| &context.key),
            OpKind::IterValue { .. } => self.of_context(op, |context| &context.element),
            OpKind::IterAddress => self.of_context(op, |context| &context.address),
            OpKind::CasePayload => self.of_context(op, |context| &context.payload),
            OpKind::StringLower { .. }
            | OpKind::StringLift
            | OpKind::BulkListLower { .. }
            | OpKind::BulkListLift { .. }
            | OpKind::ListLower { .. }
            | OpKind::ListLift { .. }
            | OpKind::MapLower { .. }
            | OpKind::MapLift { .. } => self.sequence_op(op),
            OpKind::RecordLower { ty } => self.record_lower(op, *ty),
            OpKind::RecordLift { ty } => self.record_lift(op, *ty),
            OpKind::TupleLower { .. } => self.tuple_lower(op),
            OpKind::TupleLift { ty } => {
                let items = self.docs(op)?;
                let local = self.local(&self.module.stem(*ty));
                self.out.assign(&format!("const {local}"), super::text::group("[", items, "]"));
                self.set_text(op, 0, local);
                Ok(())
            }
            OpKind::VariantLower { .. }
            | OpKind::VariantLift { .. }
            | OpKind::OptionLower { .. }
            | OpKind::OptionLift { .. }
            | OpKind::ResultLower { .. }
            | OpKind::ResultLift { .. } => self.case_op(op),
            OpKind::Flush => {
                for (index, value) in op.operands.iter().enumerate() {
                    let expr = self.expr(*value)?;
                    self.set(op, index, expr);
                }
                Ok(())
            }
            OpKind::ReturnArea { .. }
            | OpKind::Free { .. }
            | OpKind::FreeString
            | OpKind::FreeList { .. }
            | OpKind::FreeMap { .. }
            | OpKind::FreeVariant => Err(internal(format!("{:?} in a host", op.kind))),
            OpKind::Unsupported { what } => Err(internal(what)),
        }
    }

    fn of_context(&mut self, op: &Op, text: impl Fn(&Context) -> &String) -> witgen_diag::Result<()> {
        let context = self.contexts.last().ok_or_else(|| internal("an element outside of a list"))?;
        let text = text(context).clone();
        self.set_text(op, 0, text);
        Ok(())
    }

    fn record_lower(&mut self, op: &'a Op, ty: TypeId) -> witgen_diag::Result<()> {
        let TypeKind::Record { fields } = &self.module.world.type_def(ty).kind else {
            return Err(internal("a record of another kind"));
        };
        let record = self.simple(op, 0, &self.module.stem(ty))?;
        for (index, field) in fields.iter().enumerate() {
            let text = super::checks::field_of(self.module, &record, &property(&field.name));
            self.set_text(op, index, text);
        }
        Ok(())
    }

    fn record_lift(&mut self, op: &'a Op, ty: TypeId) -> witgen_diag::Result<()> {
        let TypeKind::Record { fields } = &self.module.world.type_def(ty).kind else {
            return Err(internal("a record of another kind"));
        };
        let values = self.docs(op)?;
        let names = fields.iter().map(|field| property(&field.name));
        let properties: Vec<(String, Doc)> = names.zip(values).collect();
        let local = self.local(&self.module.stem(ty));
        self.out.object(&format!("const {local} ="), &properties, true);
        self.set_text(op, 0, local);
        Ok(())
    }

    fn tuple_lower(&mut self, op: &'a Op) -> witgen_diag::Result<()> {
        let tuple = self.simple(op, 0, "tuple")?;
        for index in 0..op.results.len() {
            self.set_text(op, index, format!("{tuple}[{index}]"));
        }
        Ok(())
    }

    /// A new local.
    pub(super) fn local(&mut self, stem: &str) -> String {
        let short: String = stem.chars().take(20).collect();
        let name = Scope::new(Language::Js).name(Role::Param, &short);
        self.module.local(&mut self.scope, &name)
    }

    /// How often a value is used.
    pub(super) fn uses(&self, value: Value) -> u32 {
        self.uses.get(value.0 as usize).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, op: &Op, index: usize, expr: Expr) {
        let slot = op.results.get(index).and_then(|value| self.exprs.get_mut(value.0 as usize));
        if let Some(slot) = slot {
            *slot = Some(expr);
        }
    }

    pub(super) fn set_text(&mut self, op: &Op, index: usize, text: impl Into<String>) {
        self.set(op, index, Expr::Doc(Doc::text(text)));
    }

    pub(super) fn set_doc(&mut self, op: &Op, index: usize, doc: Doc) {
        self.set(op, index, Expr::Doc(doc));
    }

    /// Binds what an op makes to a local.
    pub(super) fn bind(&mut self, op: &Op, index: usize, stem: &str, doc: Doc) -> String {
        let local = self.local(stem);
        self.out.assign(&format!("const {local}"), doc);
        self.set_text(op, index, local.clone());
        local
    }

    pub(super) fn expr(&self, value: Value) -> witgen_diag::Result<Expr> {
        self.exprs.get(value.0 as usize).cloned().flatten().ok_or_else(|| internal("a value before its op"))
    }

    pub(super) fn operand(&self, op: &Op, index: usize) -> witgen_diag::Result<Expr> {
        let value = op.operands.get(index).ok_or_else(|| internal("an op without its operand"))?;
        self.expr(*value)
    }

    /// The expression for a value.
    pub(super) fn doc(&mut self, value: Value) -> witgen_diag::Result<Doc> {
        Ok(match self.expr(value)? {
            Expr::Doc(doc) => doc,
            Expr::Core(name) => Doc::text(name),
            Expr::Load { access, at } => self.load(access, &at),
            Expr::Fallible | Expr::Thrown => return Err(internal("a result in the place of a value")),
        })
    }

    pub(super) fn docs(&mut self, op: &Op) -> witgen_diag::Result<Vec<Doc>> {
        op.operands.iter().map(|value| self.doc(*value)).collect()
    }

    pub(super) fn operand_doc(&mut self, op: &Op, index: usize) -> witgen_diag::Result<Doc> {
        let value = op.operands.get(index).ok_or_else(|| internal("an op without its operand"))?;
        self.doc(*value)
    }

    /// An operand as a name, bound to one where it is more.
    pub(super) fn simple(&mut self, op: &Op, index: usize, stem: &str) -> witgen_diag::Result<String> {
        let doc = self.operand_doc(op, index)?;
        let text = doc.flat();
        if is_name(&text) {
            return Ok(text);
        }
        let stem = match text.rsplit('.').next() {
            Some(last) if text.contains('.') && is_name(last) => last.to_owned(),
            _ => stem.to_owned(),
        };
        let local = self.local(&stem);
        self.out.assign(&format!("const {local}"), doc);
        Ok(local)
    }

    /// A call of a method of the memory.
    pub(super) fn memory(&mut self, method: &str, items: Vec<Doc>) -> Doc {
        self.uses_memory = true;
        Doc::call(format!("memory.{method}"), items)
    }

    /// A call of a function of the runtime.
    pub(super) fn runtime(&mut self, name: &'static str, items: Vec<Doc>) -> Doc {
        Doc::call(self.module.runtime(name), items)
    }

    /// A number in memory, extended as the access says.
    pub(super) fn load(&mut self, access: Access, at: &str) -> Doc {
        self.read(
            match access {
                Access::I32U8 => "Uint8",
                Access::I32S8 => "Int8",
                Access::I32U16 => "Uint16",
                Access::I32S16 => "Int16",
                Access::I32 | Access::Pointer | Access::Length => "Uint32",
                Access::I64 => "BigInt64",
                Access::F32 => "Float32",
                Access::F64 => "Float64",
            },
            at,
        )
    }

    /// A number in memory, of a kind that views know.
    pub(super) fn read(&mut self, kind: &str, at: &str) -> Doc {
        let items = texts([Some(at), endian(kind)].into_iter().flatten());
        self.view(&format!("get{kind}"), items)
    }

    /// A call of a method of the view of the memory.
    fn view(&mut self, method: &str, items: Vec<Doc>) -> Doc {
        match &mut self.view {
            Some((name, used)) => {
                *used = true;
                Doc::call(format!("{name}.{method}"), items)
            }
            None => self.memory(&format!("view.{method}"), items),
        }
    }

    /// Puts a number into memory.
    pub(super) fn write(&mut self, kind: &str, at: String, value: Doc) {
        let items = [vec![Doc::text(at), value], texts(endian(kind))].concat();
        let doc = self.view(&format!("set{kind}"), items);
        self.out.statement(doc);
    }

    /// Whether a function of the program is called.
    pub(super) fn calls_program(&self) -> bool {
        self.function.direction == Direction::Import
    }
}

/// What says that the lowest byte comes first.
fn endian(kind: &str) -> Option<&'static str> {
    (!kind.ends_with("Int8") && kind != "Uint8").then_some("true")
}

/// `base + offset`
pub(super) fn offset(base: &str, offset: u32) -> String {
    if offset == 0 { base.to_owned() } else { format!("{base} + {offset}") }
}

pub(super) fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// What a slot that a case leaves unused holds.
pub(super) fn zero(ty: CoreType) -> &'static str {
    match ty {
        CoreType::I64 | CoreType::PointerOrI64 => "0n",
        CoreType::I32 | CoreType::F32 | CoreType::F64 | CoreType::Pointer | CoreType::Length => "0",
    }
}

/// Whether the result of a function is a `result`.
fn is_result(module: &Module<'_>, result: Option<Type>) -> bool {
    let Some(Type::Id(id)) = result.map(|ty| module.world.resolve_alias(ty)) else { return false };
    matches!(module.world.type_def(id).kind, TypeKind::Result { .. })
}

fn count_uses(block: &Block, uses: &mut [u32]) {
    let mut count = |values: &[Value]| {
        for value in values {
            if let Some(slot) = uses.get_mut(value.0 as usize) {
                *slot += 1;
            }
        }
    };
    count(&block.results);
    for op in &block.ops {
        count(&op.operands);
    }
    for op in &block.ops {
        for block in &op.blocks {
            count_uses(block, uses);
        }
    }
}

/// What the program's function makes, or what is made for the program.
fn whole_result(tree: &OpTree, direction: Direction) -> Option<Value> {
    let ops = &tree.root.ops;
    match direction {
        Direction::Import => ops.iter().find(|op| op.kind == OpKind::CallLanguage)?.results.first().copied(),
        // Payloads are lifted in its blocks.
        Direction::Export => {
            let is_lift = |op: &&Op| matches!(op.kind, OpKind::ResultLift { .. });
            ops.iter().rev().find(is_lift)?.results.first().copied()
        }
    }
}
