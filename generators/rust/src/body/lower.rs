//! From values of the language to core values.

use witgen_diag::Result;
use witgen_ir::abi::{CoreType, Op, OpKind};
use witgen_ir::{Type, TypeId, TypeKind};
use witgen_languages::Role;

use super::sequence::tag_type;
use super::value::{Operand, text_of, value_of};
use super::{Frame, Printer, internal};
use crate::code::{Body, Expr, Stmt};
use crate::facts;
use crate::names;
use crate::types::Mode;

impl Printer<'_> {
    pub(super) fn lower(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        match &op.kind {
            OpKind::ScalarLower { scalar } => self.lower_scalar(op, *scalar, body),
            OpKind::RecordLower { ty } => self.lower_record(op, *ty, body),
            OpKind::TupleLower { ty } => self.lower_tuple(op, *ty, body),
            OpKind::FlagsLower { .. } => {
                let native = format!("{}.bits()", text_of(&self.place(op, 0, body)?));
                self.set(op, 0, Operand::Lowered { core: format!("{native} as i32"), native });
                Ok(())
            }
            OpKind::EnumLower { .. } => {
                let native = value_of(&self.place(op, 0, body)?);
                self.set(op, 0, Operand::Lowered { core: format!("{native} as i32"), native });
                Ok(())
            }
            OpKind::CasePayload => {
                if let Some(payload) = self.frames.last().and_then(|frame| frame.element.clone()) {
                    self.set(op, 0, payload);
                }
                Ok(())
            }
            OpKind::VariantLower { ty, results } => {
                let cases = self.variant_cases(*ty)?;
                self.lower_cases(op, &cases, results, body)
            }
            OpKind::OptionLower { ty, results } => {
                let TypeKind::Option { some, .. } = self.ctx.world.type_def(*ty).kind else {
                    return Err(internal("an option is none".to_owned()));
                };
                let cases = [("None".to_owned(), None), ("Some".to_owned(), Some(some))];
                self.lower_cases(op, &cases, results, body)
            }
            OpKind::ResultLower { ty, results } => {
                let TypeKind::Result { ok, err, .. } = self.ctx.world.type_def(*ty).kind else {
                    return Err(internal("a result is none".to_owned()));
                };
                let cases = [("Ok".to_owned(), ok), ("Err".to_owned(), err)];
                self.lower_cases(op, &cases, results, body)
            }
            OpKind::HandleLower { ty } => self.lower_handle(op, *ty, body),
            _ => Err(internal("an op reached the wrong printer".to_owned())),
        }
    }

    fn lower_scalar(&mut self, op: &Op, scalar: Type, body: &mut Body) -> Result<()> {
        let operand = self.get(op, 0)?;
        if let (Operand::Made(_), Type::S32 | Type::S64 | Type::F32 | Type::F64) = (&operand, scalar) {
            let (Operand::Made(value), _) = self.take(op, 0)? else { return Ok(()) };
            self.set(op, 0, Operand::CoreMade(value));
            return Ok(());
        }
        let native = value_of(&self.place(op, 0, body)?);
        let core = match scalar {
            Type::S32 | Type::S64 | Type::F32 | Type::F64 => native.clone(),
            Type::Bool | Type::U8 | Type::U16 | Type::S8 | Type::S16 => format!("i32::from({native})"),
            Type::U64 => format!("{native} as i64"),
            _ => format!("{native} as i32"),
        };
        self.set(op, 0, Operand::Lowered { core, native });
        Ok(())
    }

    fn lower_record(&mut self, op: &Op, ty: TypeId, body: &mut Body) -> Result<()> {
        let TypeKind::Record { fields } = &self.ctx.world.type_def(ty).kind else {
            return Err(internal("a record is none".to_owned()));
        };
        let place = text_of(&self.place(op, 0, body)?);
        let mut scope = names::scope();
        for (nth, field) in fields.iter().enumerate() {
            let name = scope.name(Role::Field, &field.name);
            let refs = self.borrow_refs(field.ty);
            self.set(op, nth, Operand::Place { text: format!("{place}.{name}"), refs, mode: Mode::OWNED });
        }
        Ok(())
    }

    fn lower_tuple(&mut self, op: &Op, ty: TypeId, body: &mut Body) -> Result<()> {
        let TypeKind::Tuple { types, .. } = &self.ctx.world.type_def(ty).kind else {
            return Err(internal("a tuple is none".to_owned()));
        };
        let tuple = self.place(op, 0, body)?;
        for (nth, ty) in types.iter().enumerate() {
            let (mode, refs) = self.payload_of(&tuple, *ty);
            let text = format!("{}.{nth}", text_of(&tuple));
            self.set(op, nth, Operand::Place { text, refs, mode });
        }
        Ok(())
    }

    /// How the payload of `outer` is passed, and how many references its spelled type starts with.
    fn payload_of(&self, outer: &Operand, ty: Type) -> (Mode, usize) {
        let Operand::Place { mode, .. } = outer else { return (Mode::OWNED, 0) };
        if !mode.borrows() {
            return (Mode::OWNED, self.borrow_refs(ty));
        }
        let mode = self.ctx.payload(ty, *mode);
        let refs = usize::from(self.ctx.text(ty, mode).starts_with('&'));
        (self.ctx.inside(ty, mode), refs)
    }

    pub(super) fn variant_cases(&self, ty: TypeId) -> Result<Vec<(String, Option<Type>)>> {
        let TypeKind::Variant { cases, .. } = &self.ctx.world.type_def(ty).kind else {
            return Err(internal("a variant is none".to_owned()));
        };
        let path = self.ctx.path(ty);
        let mut scope = names::scope();
        let named =
            cases.iter().map(|case| (format!("{path}::{}", scope.name(Role::Case, &case.name)), case.ty));
        Ok(named.collect())
    }

    fn lower_cases(
        &mut self,
        op: &Op,
        cases: &[(String, Option<Type>)],
        results: &[CoreType],
        body: &mut Body,
    ) -> Result<()> {
        let value = self.place(op, 0, body)?;
        let text = text_of(&value);
        let mut by_reference = false;
        let subject = match &value {
            Operand::Place { refs: 0, mode, .. } if self.is_import() => {
                by_reference = !mode.borrows() && !self.is_copy(cases);
                if by_reference { format!("&{text}") } else { text }
            }
            Operand::Place { refs, .. } => {
                by_reference = *refs > 0;
                text
            }
            _ => text,
        };
        let mut arms = Vec::new();
        for ((path, payload), block) in cases.iter().zip(&op.blocks) {
            let result_case = matches!(op.kind, OpKind::ResultLower { .. });
            let (pattern, frame) = match payload {
                Some(ty) => {
                    let name = self.local("payload");
                    let (mode, refs) = self.payload_of(&value, *ty);
                    let refs = refs + usize::from(by_reference);
                    let element = Operand::Place { text: name.clone(), refs, mode };
                    (format!("{path}({name})"), Frame { element: Some(element), ..Frame::default() })
                }
                None if result_case => (format!("{path}(())"), Frame::default()),
                None => (path.clone(), Frame::default()),
            };
            let mut arm = self.block(block, frame)?;
            let values = block.results.iter().zip(results).map(|(value, ty)| {
                let (operand, hint) = self.take_value(*value)?;
                let text = self.core_text(operand, &hint, &mut arm);
                Ok(match (ty, text.parse::<i32>()) {
                    (CoreType::I32, Ok(number)) => format!("{number}_i32"),
                    (CoreType::I64, Ok(number)) => format!("{number}_i64"),
                    _ => text,
                })
            });
            let values = values.collect::<Result<Vec<String>>>()?;
            arm.end_with(tuple(values));
            arms.push((pattern, arm));
        }
        let value = Expr::Match { subject, arms };
        let names: Vec<String> = results.iter().map(|ty| self.local(core_hint(*ty))).collect();
        match names.as_slice() {
            [] => body.stmts.push(Stmt::Do(value)),
            [only] => body.stmts.push(Stmt::Let { pattern: only.clone(), value }),
            several => {
                body.stmts.push(Stmt::Let { pattern: format!("({})", several.join(", ")), value });
            }
        }
        for (nth, name) in names.into_iter().enumerate() {
            self.set(op, nth, Operand::Core(name));
        }
        Ok(())
    }

    fn is_copy(&self, cases: &[(String, Option<Type>)]) -> bool {
        cases.iter().filter_map(|(_, ty)| *ty).all(|ty| self.ctx.facts.holds(ty).is_copy())
    }

    fn lower_handle(&mut self, op: &Op, ty: TypeId, body: &mut Body) -> Result<()> {
        let place = text_of(&self.place(op, 0, body)?);
        let core = match self.ctx.world.type_def(ty).kind {
            TypeKind::Borrow(resource) if facts::is_exported_resource(self.ctx.world, resource) => {
                return Err(internal("a borrow of an own resource is passed out".to_owned()));
            }
            TypeKind::Borrow(_) => format!("{place}.handle() as i32"),
            _ => format!("{place}.take_handle() as i32"),
        };
        self.set(op, 0, Operand::Core(core));
        Ok(())
    }

    /// The unsigned type that holds the number of a case of `ty`.
    pub(super) fn tag_of(&self, ty: TypeId) -> &'static str {
        match &self.ctx.world.type_def(ty).kind {
            TypeKind::Variant { tag_size, .. } | TypeKind::Enum { tag_size, .. } => tag_type(*tag_size),
            _ => tag_type(1),
        }
    }
}

fn tuple(mut values: Vec<String>) -> Option<Expr> {
    match values.len() {
        0 => None,
        1 => values.pop().map(Expr::Flat),
        _ => Some(Expr::call("", values)),
    }
}

fn core_hint(ty: CoreType) -> &'static str {
    match ty {
        CoreType::Pointer => "pointer",
        CoreType::Length => "len",
        _ => "flat",
    }
}
