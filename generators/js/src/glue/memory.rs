//! Numbers, in memory and as core values; enums, flags and handles, which are numbers there.

use witgen_ir::abi::{Access, Cast, CoreType, Op, OpKind};
use witgen_ir::{Type, TypeId, TypeKind};

use super::printer::{Expr, Printer, is_name, offset};
use super::text::texts;
use crate::internal;
use crate::pretty::Doc;

impl<'a> Printer<'_, 'a> {
    pub(super) fn memory_op(&mut self, op: &'a Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::Load { access, offset: by } => {
                let base = self.address(op, 0)?;
                self.set(op, 0, Expr::Load { access: *access, at: offset(&base, *by) });
                if op.results.first().is_some_and(|value| self.uses(*value) > 1) {
                    let doc = self.load(*access, &offset(&base, *by));
                    self.bind(op, 0, "number", doc);
                }
            }
            OpKind::Store { access, offset: by } => {
                let value = self.operand_doc(op, 0)?;
                let base = self.address(op, 1)?;
                let kind = match access {
                    Access::I32U8 | Access::I32S8 => "Uint8",
                    Access::I32U16 | Access::I32S16 => "Uint16",
                    Access::I32 | Access::Pointer | Access::Length => "Uint32",
                    Access::I64 => "BigInt64",
                    Access::F32 => "Float32",
                    Access::F64 => "Float64",
                };
                self.write(kind, offset(&base, *by), value);
            }
            OpKind::Casts { casts } => {
                for (index, cast) in casts.iter().enumerate() {
                    let expr = self.operand(op, index)?;
                    let expr = match cast {
                        Cast::None => expr,
                        cast => {
                            let doc = self.operand_doc(op, index)?;
                            self.cast(cast, doc)
                        }
                    };
                    self.set(op, index, expr);
                }
            }
            OpKind::ScalarLower { scalar } => {
                let doc = self.operand_doc(op, 0)?;
                let doc = match scalar {
                    Type::Bool => Doc::text(format!("{} ? 1 : 0", doc.flat())),
                    Type::Char => Doc::call(format!("{}.codePointAt", doc.flat()), texts(["0"])),
                    _ => doc,
                };
                self.set_doc(op, 0, doc);
            }
            OpKind::ScalarLift { scalar } => {
                let expr = self.operand(op, 0)?;
                let doc = self.scalar(*scalar, expr)?;
                self.set_doc(op, 0, doc);
            }
            OpKind::EnumLower { ty } => {
                let value = self.operand_doc(op, 0)?;
                let list = self.module.list(self.module.world.type_def(*ty));
                self.set_doc(op, 0, Doc::call(format!("{list}.indexOf"), vec![value]));
            }
            OpKind::EnumLift { ty } => self.enum_lift(op, *ty)?,
            OpKind::FlagsLower { ty } => {
                let value = self.operand_doc(op, 0)?;
                let list = self.flags(op.results.len(), *ty)?;
                let doc = self.runtime("lowerFlags", vec![Doc::text(list), value]);
                self.set_doc(op, 0, doc);
            }
            OpKind::FlagsLift { ty } => {
                let bits = self.operand_doc(op, 0)?;
                let list = self.flags(op.operands.len(), *ty)?;
                let doc = self.runtime("liftFlags", vec![Doc::text(list), bits]);
                self.set_doc(op, 0, doc);
            }
            OpKind::HandleLower { ty } => self.handle(op, *ty, ["lowerOwn", "lowerBorrow"])?,
            OpKind::HandleLift { ty } => self.handle(op, *ty, ["liftOwn", "liftBorrow"])?,
            other => return Err(internal(format!("{other:?} among numbers"))),
        }
        Ok(())
    }

    /// An operand that is an address, as a text to add to.
    pub(super) fn address(&mut self, op: &Op, index: usize) -> witgen_diag::Result<String> {
        Ok(self.operand_doc(op, index)?.flat())
    }

    fn flags(&mut self, words: usize, ty: TypeId) -> witgen_diag::Result<String> {
        if words > 1 {
            return Err(internal("more than 32 flags"));
        }
        Ok(self.module.list(self.module.world.type_def(ty)))
    }

    fn enum_lift(&mut self, op: &'a Op, ty: TypeId) -> witgen_diag::Result<()> {
        let def = self.module.world.type_def(ty);
        let TypeKind::Enum { cases, .. } = &def.kind else {
            return Err(internal("an enum of another kind"));
        };
        let list = self.module.list(def);
        let tag = self.tag(op, cases.len())?;
        self.set_doc(op, 0, super::text::group(format!("{list}["), vec![tag], "]"));
        // Prettier breaks no brackets of a member.
        let flat = Doc::text(format!("{list}[{}]", self.operand_tag(op, cases.len())?));
        self.set_doc(op, 0, flat);
        Ok(())
    }

    fn operand_tag(&mut self, op: &Op, cases: usize) -> witgen_diag::Result<String> {
        Ok(self.tag(op, cases)?.flat())
    }

    /// Which of several cases it is; a component is not trusted.
    pub(super) fn tag(&mut self, op: &Op, cases: usize) -> witgen_diag::Result<Doc> {
        let tag = self.operand_doc(op, 0)?;
        Ok(self.runtime("caseOf", vec![tag, Doc::text(cases.to_string())]))
    }

    fn handle(&mut self, op: &Op, ty: TypeId, names: [&'static str; 2]) -> witgen_diag::Result<()> {
        let (id, name) = match &self.module.world.type_def(ty).kind {
            TypeKind::Own(id) => (*id, names[0]),
            TypeKind::Borrow(id) => (*id, names[1]),
            other => return Err(internal(format!("a handle that is {other:?}"))),
        };
        let resource = self.module.resource(id);
        let value = self.operand_doc(op, 0)?;
        self.uses_memory = true;
        let doc = self.runtime(name, vec![Doc::text("memory"), Doc::text(resource), value]);
        self.set_doc(op, 0, doc);
        Ok(())
    }

    /// A number, bool or char of a core value.
    fn scalar(&mut self, scalar: Type, expr: Expr) -> witgen_diag::Result<Doc> {
        let (name, is_loaded) = match expr {
            Expr::Load { access, at } => {
                let kind = match (scalar, access) {
                    (Type::S32, Access::I32) => Some("Int32"),
                    (Type::U64, Access::I64) => Some("BigUint64"),
                    _ => None,
                };
                let doc = match kind {
                    Some(kind) => self.read(kind, &at),
                    None => self.load(access, &at),
                };
                (doc, true)
            }
            Expr::Core(name) => (Doc::text(name), false),
            Expr::Doc(doc) => (doc, false),
            Expr::Fallible | Expr::Thrown => return Err(internal("a scalar that is a result")),
        };
        let text = name.flat();
        Ok(match scalar {
            Type::Bool => Doc::text(format!("{text} !== 0")),
            Type::Char => self.runtime("liftChar", vec![name]),
            Type::F32 | Type::F64 => name,
            _ if is_loaded => name,
            Type::U8 => Doc::text(format!("{text} & 0xff")),
            Type::U16 => Doc::text(format!("{text} & 0xffff")),
            Type::U32 => Doc::text(format!("{text} >>> 0")),
            Type::S8 => Doc::text(format!("({text} << 24) >> 24")),
            Type::S16 => Doc::text(format!("({text} << 16) >> 16")),
            Type::U64 => Doc::call("BigInt.asUintN", vec![Doc::text("64"), name]),
            Type::S32 | Type::S64 => name,
            other => return Err(internal(format!("{other:?} as a scalar"))),
        })
    }

    /// A core value in a slot that it shares with other types.
    fn cast(&mut self, cast: &Cast, doc: Doc) -> Expr {
        use CoreType::{F32, F64, I32, I64, Length, Pointer, PointerOrI64};
        let (from, to) = match cast {
            Cast::None => return Expr::Doc(doc),
            Cast::Sequence(casts) => {
                let mut expr = Expr::Doc(doc);
                for cast in casts {
                    let doc = match expr {
                        Expr::Doc(doc) => doc,
                        Expr::Core(name) => Doc::text(name),
                        _ => Doc::text(""),
                    };
                    expr = self.cast(cast, doc);
                }
                return expr;
            }
            Cast::Convert { from, to } => (*from, *to),
        };
        let is_wide = |ty| matches!(ty, I64 | F64 | PointerOrI64);
        let bits = match from {
            F32 => self.runtime("f32Bits", vec![doc]),
            F64 => self.runtime("f64Bits", vec![doc]),
            I32 | I64 | Pointer | PointerOrI64 | Length => doc,
        };
        let sized = match (is_wide(from), is_wide(to)) {
            (false, true) => self.runtime("widened", vec![bits]),
            (true, false) => self.runtime("narrowed", vec![bits]),
            _ => bits,
        };
        match to {
            F32 => Expr::Doc(self.runtime("f32OfBits", vec![sized])),
            F64 => Expr::Doc(self.runtime("f64OfBits", vec![sized])),
            I32 | Pointer | Length if matches!(from, I64 | PointerOrI64) => Expr::Core(sized.flat()),
            I32 | I64 | Pointer | PointerOrI64 | Length => match sized.flat() {
                text if is_name(&text) => Expr::Core(text),
                _ => Expr::Doc(sized),
            },
        }
    }
}
