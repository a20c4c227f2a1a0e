//! The bodies of the functions of a host: calls of a component, and what a component calls.

use witgen_ir::abi::{CoreType, FunctionAbi, Layout, Op};
use witgen_ir::{Function, FunctionKind, Type};

use super::printer::{Expr, Printer};
use crate::internal;
use crate::types::{Shape, Types};

/// How many numbers a function may take that is called in one step.
const MOST_NUMBERS: usize = 2;

/// A function of a host.
pub(crate) struct HostFunction {
    /// `arg0 string, arg1 uint32`
    pub(crate) params: Vec<String>,
    /// `value string, err error`
    pub(crate) results: String,
    /// Statements, indented by tabs.
    pub(crate) body: Vec<String>,
}

/// What calls a function that the component exports; `field` has it.
pub(crate) fn exported<'w>(
    types: &mut Types<'_, 'w>,
    function: &'w Function,
    abi: &'w FunctionAbi,
    field: &str,
) -> witgen_diag::Result<HostFunction> {
    let mut params = Vec::new();
    for (index, param) in function.params.iter().enumerate() {
        params.push(format!("arg{index} {}", types.text(param.ty)?));
    }
    let mut results = types.host_results(function.result, "value")?;
    results.push("err error".to_owned());
    let mut printer = Printer::new(types, function, abi, field.to_owned());
    if !printer.has_numbers_alone() {
        printer.line(format!("call, err := {field}.Enter(ctx)"));
        printer.line("if err != nil {");
        printer.indent();
        printer.line("return");
        printer.dedent();
        printer.line("}");
        printer.line("defer call.Leave(&err)");
    }
    for (index, param) in function.params.iter().enumerate() {
        printer.check(param.ty, &format!("arg{index}"), &param.name)?;
    }
    let body = printer.print_host()?;
    Ok(HostFunction { params, results: results.join(", "), body })
}

/// What a component calls; `callee` is the method that implements it, of the first argument where it is a method.
pub(crate) fn imported<'w>(
    types: &mut Types<'_, 'w>,
    function: &'w Function,
    abi: &'w FunctionAbi,
    callee: String,
) -> witgen_diag::Result<Vec<String>> {
    Printer::new(types, function, abi, callee).print_host()
}

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn host_argument(&mut self, op: &Op, index: usize) -> witgen_diag::Result<()> {
        if !self.calls_language() {
            self.set_one(op, 0, format!("arg{index}"));
            return Ok(());
        }
        let last = self.abi.params.len().saturating_sub(1);
        if self.abi.return_pointer && index == last {
            let Some(result) = self.function.result else { return Err(internal("a place for no result")) };
            let Layout { size, align } = self.layout(result);
            self.bind(op, &format!("call.Area(stack[{index}], {size}, {align}, \"return\")"));
        } else if self.abi.indirect_params {
            let Layout { size, align } = self.params_layout();
            self.bind(op, &format!("call.Area(stack[{index}], {size}, {align}, \"parameter\")"));
        } else {
            let ty = *self.abi.params.get(index).ok_or_else(|| internal("too many arguments"))?;
            let text = self.lifted_flat(ty, &format!("stack[{index}]"));
            self.set_one(op, 0, text);
        }
        Ok(())
    }

    /// Whether the function of the language is called, and not that of the component.
    fn calls_language(&self) -> bool {
        self.function.direction == self.types.own_direction()
    }

    /// Whether all values of the function are a few numbers: then nothing but the component can fail.
    fn has_numbers_alone(&self) -> bool {
        let mut types = self.function.params.iter().map(|param| param.ty).chain(self.function.result);
        let is_number = |ty| {
            !matches!(
                self.types.names.world.resolve_alias(ty),
                Type::Char | Type::String | Type::ErrorContext | Type::Id(_)
            )
        };
        !self.abi.indirect_params && self.abi.params.len() <= MOST_NUMBERS && types.all(is_number)
    }

    fn layout(&self, ty: Type) -> Layout {
        match self.types.names.world.resolve_alias(ty) {
            Type::Bool | Type::U8 | Type::S8 => Layout { size: 1, align: 1 },
            Type::U16 | Type::S16 => Layout { size: 2, align: 2 },
            Type::U32 | Type::S32 | Type::F32 | Type::Char | Type::ErrorContext => {
                Layout { size: 4, align: 4 }
            }
            Type::U64 | Type::S64 | Type::F64 => Layout { size: 8, align: 8 },
            Type::String => Layout { size: 8, align: 4 },
            Type::Id(id) => self.types.names.world.type_def(id).layout,
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

    /// A flat value as the core type that it is.
    fn lifted_flat(&mut self, ty: CoreType, slot: &str) -> String {
        match ty {
            CoreType::I32 | CoreType::Length | CoreType::Pointer => format!("uint32({slot})"),
            CoreType::I64 | CoreType::PointerOrI64 => slot.to_owned(),
            CoreType::F32 => format!("{}.ToFloat32(uint32({slot}))", self.types.abi()),
            CoreType::F64 => format!("{}.ToFloat64({slot})", self.types.abi()),
        }
    }

    fn lowered_flat(&mut self, ty: CoreType, text: &str) -> String {
        match ty {
            CoreType::I32 | CoreType::Length | CoreType::Pointer => match text.parse::<u32>() {
                Ok(_) => text.to_owned(),
                Err(_) => format!("uint64({text})"),
            },
            CoreType::I64 | CoreType::PointerOrI64 => text.to_owned(),
            CoreType::F32 => format!("uint64({}.FromFloat32({text}))", self.types.abi()),
            CoreType::F64 => format!("{}.FromFloat64({text})", self.types.abi()),
        }
    }

    pub(super) fn host_call_core(&mut self, op: &Op) -> witgen_diag::Result<()> {
        let mut stack = Vec::new();
        for (index, text) in self.operands(op)?.into_iter().enumerate() {
            let ty = *self.abi.params.get(index).ok_or_else(|| internal("too many arguments"))?;
            stack.push(self.lowered_flat(ty, &text));
        }
        let ty = self.core_result();
        if self.has_numbers_alone() {
            stack.resize(MOST_NUMBERS, "0".to_owned());
            let call = format!("{}.CallNumbers(ctx, {})", self.callee, stack.join(", "));
            if let Some(ty) = ty {
                let local = self.local("v");
                self.line(format!("{local}, err := {call}"));
                let text = self.lifted_flat(ty, &local);
                self.set_one(op, 0, text);
            } else {
                self.line(format!("_, err = {call}"));
            }
            return Ok(());
        }
        for (index, text) in stack.into_iter().enumerate() {
            self.line(format!("call.Stack[{index}] = {text}"));
        }
        self.line("call.Call()");
        let Some(ty) = ty else { return Ok(()) };
        if self.abi.return_pointer {
            let Some(result) = self.function.result else { return Err(internal("a place for no result")) };
            let Layout { size, align } = self.layout(result);
            self.bind(op, &format!("call.Returned({size}, {align})"));
        } else {
            let text = self.lifted_flat(ty, "call.Stack[0]");
            self.bind(op, &text);
        }
        Ok(())
    }

    pub(super) fn host_call_language(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        let mut arguments = self.operands(op)?;
        if let FunctionKind::Method(_) = self.function.kind {
            let receiver = arguments.remove(0);
            self.callee = format!("{receiver}.{}", self.callee);
        }
        arguments.insert(0, "call.Context()".to_owned());
        let call = format!("{}({})", self.callee, arguments.join(", "));
        let shape = self.shape();
        let fails = matches!(shape, Some(Shape::Fallible { .. }));
        let (values, expr) = match shape {
            None => (Vec::new(), None),
            Some(Shape::Fallible { ok: None }) => {
                (Vec::new(), Some(Expr::Fallible { ok: None, err: "err".to_owned() }))
            }
            Some(Shape::Fallible { ok: Some(_) }) => {
                let ok = Some("value".to_owned());
                (vec!["value".to_owned()], Some(Expr::Fallible { ok, err: "err".to_owned() }))
            }
            Some(Shape::Several(types)) => {
                let locals: Vec<String> = types.iter().map(|_| self.local("v")).collect();
                (locals.clone(), Some(Expr::Several(locals)))
            }
            Some(Shape::One) => (vec!["value".to_owned()], Some(Expr::One("value".to_owned()))),
        };
        let mut bound = values.clone();
        bound.push("err".to_owned());
        self.line(format!("{} := {call}", bound.join(", ")));
        self.line(if fails { "call.Ended()" } else { "call.Done(err)" });
        self.check_values(&values)?;
        if let (Some(value), Some(expr)) = (op.results.first(), expr) {
            self.set(*value, expr);
        }
        Ok(())
    }

    pub(super) fn host_return(&mut self, op: &Op) -> witgen_diag::Result<()> {
        let value = op.operands.first().copied();
        if self.calls_language() {
            if let (Some(value), Some(ty)) = (value, self.core_result()) {
                let text = self.one(value)?;
                let text = self.lowered_flat(ty, &text);
                self.line(format!("stack[0] = {text}"));
            }
            return Ok(());
        }
        // Results have names: what they hold is returned.
        match value.map(|value| self.expr(value)).transpose()? {
            Some(Expr::One(text)) => self.line(format!("value = {text}")),
            Some(Expr::Several(texts)) => {
                for (index, text) in texts.iter().enumerate() {
                    match texts.len() {
                        1 => self.line(format!("value = {text}")),
                        _ => self.line(format!("value{index} = {text}")),
                    }
                }
            }
            Some(Expr::Fallible { .. }) | None => {}
        }
        if !self.has_numbers_alone() {
            self.line("call.Return()");
        }
        self.line("return");
        Ok(())
    }
}
