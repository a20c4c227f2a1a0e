//! The functions around the ops: calls of a component, and what a component calls.

use witgen_ir::abi::{FunctionAbi, Layout, Op, OpKind};
use witgen_ir::{Direction, Function, FunctionKind, Type, TypeKind};
use witgen_templates::js::host::GlueFunctionView;

use super::checks::{Checker, Place};
use super::helpers::Module;
use super::printer::{Expr, Printer};
use super::text::{Lines, group, texts};
use crate::internal;
use crate::names;
use crate::pretty::Doc;

/// Where the bodies of calls stand.
const CALL: usize = 6;
const IMPORT: usize = 4;

/// The function that makes a function of the component for programs, or one of the program for the component.
pub(crate) fn function<'a>(
    module: &mut Module<'a>,
    function: &'a Function,
    name: String,
    is_unchecked: bool,
) -> witgen_diag::Result<GlueFunctionView> {
    let abi = function.abi.as_ref().ok_or_else(|| internal("a function without an ABI"))?;
    let wit = wit_name(module, function);
    match function.direction {
        Direction::Export => exported(module, function, abi, is_unchecked),
        Direction::Import => imported(module, function, abi),
    }
    .map(|(uses, lines)| GlueFunctionView { wit, name, uses, lines })
}

/// The name of a function in messages.
fn wit_name(module: &Module<'_>, function: &Function) -> String {
    match function.interface {
        Some(id) => format!("{}#{}", module.world.interface(id).key, function.wit_name),
        None => function.wit_name.clone(),
    }
}

/// What the body needs of `func`, and its lines.
type Made = (Option<String>, Vec<String>);

fn exported<'a>(
    module: &mut Module<'a>,
    function: &'a Function,
    abi: &'a FunctionAbi,
    is_unchecked: bool,
) -> witgen_diag::Result<Made> {
    let mut scope = module.scope();
    let mut params: Vec<String> =
        names::param_names(function).iter().map(|name| module.local(&mut scope, name)).collect();
    let is_method = matches!(function.kind, FunctionKind::Method(_));
    if let (true, Some(first)) = (is_method, params.first_mut()) {
        "this".clone_into(first);
    }
    let has_handles = function.params.iter().any(|param| module.has_handles(param.ty, false));
    // Where none is taken away, none can be given twice, and each parameter is checked alone.
    let lends_only = function
        .params
        .iter()
        .all(|param| module.lent(param.ty).is_some() || !module.has_handles(param.ty, false));
    let mut printer = Printer::new(module, function, abi, (scope, params.clone()));
    printer.out = Lines { lines: Vec::new(), indent: IMPORT };
    if has_handles && !lends_only {
        let begin = printer.module.runtime("beginChecks");
        printer.out.line(format!("{begin}(func);"));
    }
    if has_handles || !is_unchecked {
        for (param, value) in function.params.iter().zip(&params) {
            let step = if value == "this" { "self".to_owned() } else { shown(&param.name) };
            match printer.module.lent(param.ty).filter(|_| lends_only) {
                Some(resource) => {
                    printer.checker().handle("checkLent", resource, value, &Place::of(&step));
                }
                None => printer.check(param.ty, value, &Place::of(&step))?,
            }
        }
    }
    printer.out.line("func.enter();");
    let start = printer.out.lines.len();
    printer.out.line("try {");
    printer.out.indent = CALL;
    printer.print()?;
    printer.out.indent = IMPORT;
    let fails = printer.whole_result.is_some();
    if printer.payload {
        printer.out.lines.insert(start, "    let payload;".to_owned());
    }
    printer.out.line("} catch (error) {");
    printer.out.line("  throw func.fail(error);");
    printer.out.line("}");
    if fails {
        let error = printer.module.runtime("WitError");
        let payload = if printer.payload { "payload" } else { "" };
        printer.out.line(format!("throw new {error}({payload});"));
    }
    let visible = params.into_iter().skip(usize::from(is_method));
    let head = match is_method {
        true => group("return function (", texts(visible), ") {"),
        false => group("return (", texts(visible), ") => {"),
    };
    let uses = if printer.uses_memory { "core, memory" } else { "core" };
    let lines = wrapped(head, printer.out.lines);
    Ok((Some(uses.to_owned()), lines))
}

fn imported<'a>(
    module: &mut Module<'a>,
    function: &'a Function,
    abi: &'a FunctionAbi,
) -> witgen_diag::Result<Made> {
    let mut scope = module.scope();
    let arguments: Vec<String> =
        core_params(module, function, abi).iter().map(|name| module.local(&mut scope, name)).collect();
    let borrows = function.params.iter().any(|param| module.has_handles(param.ty, true));
    let mut printer = Printer::new(module, function, abi, (scope, arguments.clone()));
    printer.out = Lines { lines: Vec::new(), indent: IMPORT };
    printer.out.line("func.enter();");
    if borrows {
        let begin = printer.module.runtime("beginBorrows");
        printer.out.line(format!("const outer = {begin}(func);"));
    }
    printer.print()?;
    let uses = if printer.uses_memory { "call, memory" } else { "call" };
    let lines = wrapped(group("return (", texts(arguments), ") => {"), printer.out.lines);
    Ok((Some(uses.to_owned()), lines))
}

fn wrapped(head: Doc, body: Vec<String>) -> Vec<String> {
    [vec![head.lines(2)], body, vec!["  };".to_owned()]].concat()
}

/// The names of the core parameters of an import.
fn core_params(module: &Module<'_>, function: &Function, abi: &FunctionAbi) -> Vec<String> {
    let mut found = Vec::new();
    if abi.indirect_params {
        found.push("params".to_owned());
    } else {
        for (name, param) in names::param_names(function).into_iter().zip(&function.params) {
            let stem = name.trim_end_matches('_');
            match parts(module, param.ty) {
                Parts::One => found.push(name),
                Parts::Place => found.extend([format!("{stem}Start"), format!("{stem}Length")]),
                Parts::Many(count) => found.extend((1..=count).map(|index| format!("{stem}{index}"))),
            }
        }
    }
    if abi.return_pointer {
        found.push("area".to_owned());
    }
    found
}

enum Parts {
    One,
    Place,
    Many(usize),
}

fn parts(module: &Module<'_>, ty: Type) -> Parts {
    match module.world.resolve_alias(ty) {
        Type::String => Parts::Place,
        Type::Id(id) => {
            let def = module.world.type_def(id);
            match (&def.kind, def.flat.as_ref().map_or(1, Vec::len)) {
                (TypeKind::List(_) | TypeKind::Map(..), _) => Parts::Place,
                (_, 1) => Parts::One,
                (_, count) => Parts::Many(count),
            }
        }
        _ => Parts::One,
    }
}

/// A parameter as messages name it.
fn shown(wit: &str) -> String {
    names::property(wit)
}

impl<'a> Printer<'_, 'a> {
    pub(super) fn check(&mut self, ty: Type, value: &str, place: &Place) -> witgen_diag::Result<()> {
        self.checker().check(ty, value, place)
    }

    fn checker(&mut self) -> Checker<'_, 'a> {
        Checker { module: self.module, lines: &mut self.out, scope: &mut self.scope }
    }

    pub(super) fn call_op(&mut self, op: &'a Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::Argument { index } => self.argument(op, *index),
            OpKind::CallCore => self.call_core(op),
            OpKind::CallLanguage => self.call_language(op),
            OpKind::Return => self.returned(op),
            OpKind::Allocate { layout: Layout { size, align } } => {
                let doc = self.memory("allocate", texts([align.to_string(), size.to_string()]));
                self.bind(op, 0, "params", doc);
                Ok(())
            }
            other => Err(internal(format!("{other:?} among calls"))),
        }
    }

    fn argument(&mut self, op: &Op, index: usize) -> witgen_diag::Result<()> {
        let name = self.arguments.get(index).cloned().ok_or_else(|| internal("too many arguments"))?;
        if !self.calls_program() {
            self.set_text(op, 0, name);
            return Ok(());
        }
        let last = self.abi.params.len().saturating_sub(1);
        let place = if self.abi.return_pointer && index == last {
            let result = self.function.result.ok_or_else(|| internal("a place for no result"))?;
            Some((self.layout(result), None))
        } else if self.abi.indirect_params {
            Some((self.params_layout(), Some("\"parameter\"")))
        } else {
            None
        };
        match place {
            Some((layout, what)) => {
                let doc = self.area(name, layout, what);
                self.bind(op, 0, "at", doc);
            }
            None => self.set(op, 0, Expr::Core(name)),
        }
        Ok(())
    }

    /// Where values are in memory, checked; `what` they are, if no result.
    fn area(&mut self, start: String, Layout { size, align }: Layout, what: Option<&str>) -> Doc {
        self.uses_memory = true;
        let what = what.map(str::to_owned);
        Doc::call("memory.area", texts([start, size.to_string(), align.to_string()].into_iter().chain(what)))
    }

    fn call_core(&mut self, op: &Op) -> witgen_diag::Result<()> {
        let items = self.docs(op)?;
        let call = Doc::call("core", items);
        if self.abi.results.is_empty() {
            self.out.statement(call);
            return Ok(());
        }
        self.out.assign("const raw", call);
        if self.abi.return_pointer {
            let result = self.function.result.ok_or_else(|| internal("a place for no result"))?;
            let doc = self.area("raw".to_owned(), self.layout(result), None);
            self.bind(op, 0, "at", doc);
        } else {
            self.set(op, 0, Expr::Core("raw".to_owned()));
        }
        Ok(())
    }

    fn call_language(&mut self, op: &'a Op) -> witgen_diag::Result<()> {
        let items = self.docs(op)?;
        let call = Doc::call("func.settled", vec![Doc::call("call", items)]);
        let fails = self.whole_result.is_some();
        let has_value = self.has_value();
        if fails {
            self.out.line("let failed = false;");
            if has_value {
                self.out.line("let value;");
            }
            self.out.open("try {");
            match has_value {
                true => self.out.assign("value", call),
                false => self.out.statement(call),
            }
            self.out.close("} catch (error) {");
            self.out.indent += 2;
            self.out.line("failed = true;");
            let payload = self.module.runtime("payloadOf");
            let into = if has_value { "value = " } else { "" };
            self.out.line(format!("{into}{payload}(error);"));
            self.out.close("}");
            self.set(op, 0, Expr::Fallible);
        } else if op.results.is_empty() {
            self.out.statement(call);
        } else {
            self.out.assign("const value", call);
            self.set_text(op, 0, "value");
        }
        if self.function.params.iter().any(|param| self.module.has_handles(param.ty, true)) {
            let end = self.module.runtime("endBorrows");
            self.out.line(format!("{end}(func, outer);"));
        }
        if let Some(result) = self.function.result {
            if self.module.has_handles(result, false) {
                let begin = self.module.runtime("beginChecks");
                self.out.line(format!("{begin}(func);"));
            }
            if !fails {
                self.check(result, "value", &Place::of(""))?;
            }
        }
        Ok(())
    }

    /// Whether a case of the result has a payload.
    fn has_value(&self) -> bool {
        let Some(Type::Id(id)) = self.function.result.map(|ty| self.module.world.resolve_alias(ty)) else {
            return true;
        };
        !matches!(self.module.world.type_def(id).kind, TypeKind::Result { ok: None, err: None, .. })
    }

    fn returned(&mut self, op: &Op) -> witgen_diag::Result<()> {
        if self.calls_program() {
            if let (Some(value), false) = (op.operands.first(), self.abi.results.is_empty()) {
                let doc = self.doc(*value)?;
                self.out.give(doc);
            }
            return Ok(());
        }
        let value = match op.operands.first().map(|value| self.expr(*value)).transpose()? {
            None => None,
            Some(Expr::Thrown) => {
                self.out.line("func.leave(raw);");
                return Ok(());
            }
            Some(_) => Some(self.operand_doc(op, 0)?),
        };
        self.leave(value);
        Ok(())
    }

    /// Ends the call and returns the value.
    pub(super) fn leave(&mut self, value: Option<Doc>) {
        let value = value.map(|doc| match doc.flat() {
            text if text.starts_with("raw") || text.starts_with("(raw") => doc,
            _ => Doc::text(self.kept(doc)),
        });
        self.out.line(if self.abi.results.is_empty() { "func.leave();" } else { "func.leave(raw);" });
        if let Some(value) = value {
            self.out.give(value);
        }
    }

    fn layout(&self, ty: Type) -> Layout {
        match self.module.world.resolve_alias(ty) {
            Type::Bool | Type::U8 | Type::S8 => Layout { size: 1, align: 1 },
            Type::U16 | Type::S16 => Layout { size: 2, align: 2 },
            Type::U32 | Type::S32 | Type::F32 | Type::Char | Type::ErrorContext => {
                Layout { size: 4, align: 4 }
            }
            Type::U64 | Type::S64 | Type::F64 => Layout { size: 8, align: 8 },
            Type::String => Layout { size: 8, align: 4 },
            Type::Id(id) => self.module.world.type_def(id).layout,
        }
    }

    /// The layout of all parameters as one record.
    fn params_layout(&self) -> Layout {
        let mut whole = Layout { size: 0, align: 1 };
        for param in &self.function.params {
            let Layout { size, align } = self.layout(param.ty);
            whole.size = whole.size.next_multiple_of(align) + size;
            whole.align = whole.align.max(align);
        }
        whole.size = whole.size.next_multiple_of(whole.align);
        whole
    }
}
