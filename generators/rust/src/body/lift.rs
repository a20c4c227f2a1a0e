//! From core values to values of the language.

use witgen_diag::Result;
use witgen_ir::abi::{CoreType, Op, OpKind};
use witgen_ir::{Type, TypeId, TypeKind};
use witgen_languages::Role;

use super::value::{Operand, load, scalar_name};
use super::{Frame, Printer, internal};
use crate::code::{Body, Expr, Stmt};
use crate::facts;
use crate::names;

impl Printer<'_> {
    pub(super) fn lift(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        match &op.kind {
            OpKind::ScalarLift { scalar } => self.lift_scalar(op, *scalar, body),
            OpKind::RecordLift { ty } => self.lift_record(op, *ty, body),
            OpKind::TupleLift { .. } => {
                let values = (0..op.operands.len()).map(|nth| self.language(op, nth, body));
                let values = values.collect::<Result<Vec<String>>>()?;
                let value = match values.as_slice() {
                    [only] => Expr::Flat(format!("({only},)")),
                    _ => Expr::call("", values),
                };
                self.set(op, 0, Operand::Made(value));
                Ok(())
            }
            OpKind::FlagsLift { ty } => {
                let flags = match &self.ctx.world.type_def(*ty).kind {
                    TypeKind::Flags { flags } => flags.len(),
                    _ => 0,
                };
                let bits = self.number(op, flags_type(flags), body)?;
                let head = format!("{}::from_bits_truncate", self.ctx.path(*ty));
                self.set(op, 0, Operand::Made(Expr::call(head, vec![bits])));
                Ok(())
            }
            OpKind::EnumLift { ty } => {
                let number = self.number(op, self.tag_of(*ty), body)?;
                let head = format!("{}::_lift", self.ctx.path(*ty));
                self.set(op, 0, Operand::Made(Expr::call(head, vec![number])));
                Ok(())
            }
            OpKind::VariantLift { ty } => {
                let cases = self.variant_cases(*ty)?;
                self.lift_cases(op, &cases, self.tag_of(*ty), body)
            }
            OpKind::OptionLift { ty } => {
                let TypeKind::Option { some, .. } = self.ctx.world.type_def(*ty).kind else {
                    return Err(internal("an option is none".to_owned()));
                };
                let cases = [("None".to_owned(), None), ("Some".to_owned(), Some(some))];
                self.lift_cases(op, &cases, "u8", body)
            }
            OpKind::ResultLift { ty } => {
                let TypeKind::Result { ok, err, .. } = self.ctx.world.type_def(*ty).kind else {
                    return Err(internal("a result is none".to_owned()));
                };
                let cases = [("Ok".to_owned(), ok), ("Err".to_owned(), err)];
                self.lift_cases(op, &cases, "u8", body)
            }
            OpKind::HandleLift { ty } => self.lift_handle(op, *ty, body),
            _ => Err(internal("an op reached the wrong printer".to_owned())),
        }
    }

    fn lift_scalar(&mut self, op: &Op, scalar: Type, body: &mut Body) -> Result<()> {
        let name = scalar_name(scalar);
        let (operand, hint) = self.take(op, 0)?;
        let value = match (operand, scalar) {
            (Operand::Load { base, offset, .. }, Type::Bool) => {
                Operand::flat(format!("{} != 0", load(&base, offset, "u8")))
            }
            (Operand::Load { base, offset, .. }, Type::Char) => {
                Operand::Made(Expr::call("_rt::lift_char", vec![load(&base, offset, "u32")]))
            }
            (Operand::Load { base, offset, .. }, _) => Operand::flat(load(&base, offset, name)),
            (Operand::CoreMade(value), Type::S32 | Type::S64 | Type::F32 | Type::F64) => Operand::Made(value),
            (operand, Type::S32 | Type::S64 | Type::F32 | Type::F64) => {
                Operand::flat(self.core_text(operand, &hint, body))
            }
            (operand, Type::Bool) => Operand::flat(format!("{} != 0", self.core_text(operand, &hint, body))),
            (operand, Type::Char) => {
                let number = format!("{} as u32", self.core_text(operand, &hint, body));
                Operand::Made(Expr::call("_rt::lift_char", vec![number]))
            }
            (operand, _) => Operand::flat(format!("{} as {name}", self.core_text(operand, &hint, body))),
        };
        self.set(op, 0, value);
        Ok(())
    }

    /// The first operand as a number of `ty`.
    fn number(&mut self, op: &Op, ty: &str, body: &mut Body) -> Result<String> {
        let (operand, hint) = self.take(op, 0)?;
        Ok(match operand {
            Operand::Load { base, offset, .. } => load(&base, offset, ty),
            operand => format!("{} as {ty}", self.core_text(operand, &hint, body)),
        })
    }

    fn lift_record(&mut self, op: &Op, ty: TypeId, body: &mut Body) -> Result<()> {
        let TypeKind::Record { fields } = &self.ctx.world.type_def(ty).kind else {
            return Err(internal("a record is none".to_owned()));
        };
        let mut scope = names::scope();
        let mut values = Vec::new();
        for (nth, field) in fields.iter().enumerate() {
            let name = scope.name(Role::Field, &field.name);
            values.push((name, self.language(op, nth, body)?));
        }
        self.set(op, 0, Operand::Made(Expr::Struct { path: self.ctx.path(ty), fields: values }));
        Ok(())
    }

    fn lift_cases(
        &mut self,
        op: &Op,
        cases: &[(String, Option<Type>)],
        tag: &str,
        body: &mut Body,
    ) -> Result<()> {
        let (operand, hint) = self.take(op, 0)?;
        let subject = match operand {
            Operand::Load { base, offset, .. } => load(&base, offset, tag),
            Operand::CoreMade(value) => match value.flat() {
                Some(text) => text,
                None => self.bind(&hint, value, body),
            },
            operand => self.core_text(operand, &hint, body),
        };
        // Deep inside, the line with the `match` would not fit.
        let subject = match self.frames.len() {
            0..=3 => subject,
            _ => self.bind("case", Expr::Flat(subject), body),
        };
        let mut arms = Vec::new();
        let result_case = matches!(op.kind, OpKind::ResultLift { .. });
        for (number, ((path, _), block)) in cases.iter().zip(&op.blocks).enumerate() {
            let mut arm = self.block(block, Frame::default())?;
            let payload = match block.results.first() {
                Some(value) => {
                    let (operand, _) = self.take_value(*value)?;
                    let text = match operand {
                        // rustfmt would open the braces and the case together.
                        Operand::Made(tuple) if opens_with_its_case(&tuple) => {
                            self.bind("payload", tuple, &mut arm)
                        }
                        operand => self.language_text(operand, "payload", &mut arm),
                    };
                    Some(text)
                }
                None => None,
            };
            let tail = match payload {
                Some(payload) => Expr::call(path.clone(), vec![payload]),
                None if result_case => Expr::Flat(format!("{path}(())")),
                None => Expr::Flat(path.clone()),
            };
            arm.end_with(Some(tail));
            arms.push((number.to_string(), arm));
        }
        let rest = Body { tail: Some(Expr::Flat("_rt::no_such_case()".to_owned())), ..Body::default() };
        arms.push(("_".to_owned(), rest));
        self.set(op, 0, Operand::Made(Expr::Match { subject, arms }));
        Ok(())
    }

    fn lift_handle(&mut self, op: &Op, ty: TypeId, body: &mut Body) -> Result<()> {
        let kind = &self.ctx.world.type_def(ty).kind;
        let value = match kind {
            TypeKind::Borrow(resource) if facts::is_exported_resource(self.ctx.world, *resource) => {
                let path = self.ctx.borrow_path(*resource);
                let rep = self.representation(op, body)?;
                match std::mem::take(&mut self.receiver) {
                    true => Operand::flat(format!("{path}::lift({rep}).get::<T>()")),
                    false => Operand::flat(format!("{path}::lift({rep})")),
                }
            }
            TypeKind::Borrow(resource) => {
                let number = self.number(op, "u32", body)?;
                let value = Expr::call(format!("{}::from_handle", self.ctx.path(*resource)), vec![number]);
                if self.frames.is_empty() {
                    let handle = self.bind("handle", value, body);
                    Operand::flat(format!("&{handle}"))
                } else {
                    let kept = self.local("handles");
                    let new = Expr::Flat("_rt::Kept::new()".to_owned());
                    self.heads.push(Stmt::Let { pattern: kept.clone(), value: new });
                    let handle = self.bind("handle", value, body);
                    Operand::flat(format!("{kept}.keep({handle})"))
                }
            }
            TypeKind::Own(resource) => {
                let number = self.number(op, "u32", body)?;
                let head = format!("{}::from_handle", self.ctx.path(*resource));
                Operand::Made(Expr::call(head, vec![number]))
            }
            _ => return Err(internal("a handle is none".to_owned())),
        };
        self.set(op, 0, value);
        Ok(())
    }

    /// The address that stands for a borrowed resource of this component.
    fn representation(&mut self, op: &Op, body: &mut Body) -> Result<String> {
        let (operand, hint) = self.take(op, 0)?;
        Ok(match operand {
            Operand::Load { base, offset, .. } => load(&base, offset, "*mut u8"),
            operand => {
                let text = self.core_text(operand, &hint, body);
                match self.is_pointer(&text) {
                    true => text,
                    false => format!("_rt::i32_as_pointer({text})"),
                }
            }
        })
    }

    /// Whether `text` is an argument that is declared as a pointer.
    fn is_pointer(&self, text: &str) -> bool {
        let params = self.function.abi.as_ref().map_or(&[][..], |abi| abi.params.as_slice());
        let mut arguments = self.params.iter().zip(params);
        arguments.any(|(name, ty)| name == text && *ty == CoreType::Pointer)
    }
}

fn opens_with_its_case(value: &Expr) -> bool {
    match value {
        Expr::Call { head, args } => head.is_empty() && args.join(", ").len() > 20,
        value => matches!(value, Expr::Struct { .. }) && value.flat().is_none_or(|text| text.len() > 32),
    }
}

/// The integer that holds `count` flags.
pub(crate) fn flags_type(count: usize) -> &'static str {
    match count {
        0..=8 => "u8",
        9..=16 => "u16",
        _ => "u32",
    }
}
