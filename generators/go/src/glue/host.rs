//! What hosts do in another way than guests: addresses are numbers, and nothing that comes from a component is trusted.

use witgen_ir::abi::{Access, CoreType, Layout, Op, OpKind};
use witgen_ir::{Type, TypeId, TypeKind};

use super::core_type;
use super::printer::Printer;
use crate::{internal, plain};

impl<'w> Printer<'_, '_, 'w> {
    /// Prints an op; false for those that guests print in the same way.
    pub(super) fn host_op(&mut self, op: &'w Op) -> witgen_diag::Result<bool> {
        match &op.kind {
            OpKind::Argument { index } => self.host_argument(op, *index)?,
            OpKind::CallCore => self.host_call_core(op)?,
            OpKind::CallLanguage => self.host_call_language(op)?,
            OpKind::Return => self.host_return(op)?,
            OpKind::Allocate { layout: Layout { size, align } } => {
                self.bind(op, &format!("call.Allocate(1, {size}, {align})"));
            }
            OpKind::Load { access, offset } => self.host_load(op, *access, *offset)?,
            OpKind::Store { access, offset } => self.host_store(op, *access, *offset)?,
            OpKind::StringLower { .. } => {
                let text = self.operand(op, 0)?;
                self.bind_pair(op, &format!("call.LowerString({text})"));
            }
            OpKind::StringLift => {
                let (start, length) = (self.operand(op, 0)?, self.operand(op, 1)?);
                self.bind(op, &format!("call.LiftString({start}, {length})"));
            }
            OpKind::BulkListLower { .. } => {
                let (host, list) = (self.types.abi(), self.operand(op, 0)?);
                self.bind_pair(op, &format!("{host}.LowerNumbers(call.Memory, {list})"));
            }
            OpKind::BulkListLift { element } => {
                let (host, element) = (self.types.abi(), self.types.text(*element)?);
                let (start, length) = (self.operand(op, 0)?, self.operand(op, 1)?);
                self.bind(op, &format!("{host}.LiftNumbers[{element}](call.Memory, {start}, {length})"));
            }
            OpKind::ListLower { element, layout, .. } => match self.numbers(*element, *layout) {
                Some(numbers) => {
                    let (host, list) = (self.types.abi(), self.operand(op, 0)?);
                    self.bind_pair(op, &format!("{host}.LowerRecords(call.Memory, {list}, {numbers})"));
                }
                None => self.list_lower(op, *layout)?,
            },
            OpKind::ListLift { element, layout } => match self.numbers(*element, *layout) {
                Some(numbers) => {
                    let (host, name) = (self.types.abi(), self.types.text(*element)?);
                    let (start, length) = (self.operand(op, 0)?, self.operand(op, 1)?);
                    let place = format!("call.Memory, {start}, {length}");
                    self.bind(op, &format!("{host}.LiftRecords[{name}]({place}, {numbers})"));
                }
                None => self.list_lift(op, *element, *layout)?,
            },
            OpKind::MapLower { layout, .. } => self.map_lower(op, *layout)?,
            OpKind::MapLift { key, value, layout } => self.map_lift(op, *key, *value, *layout)?,
            OpKind::EnumLift { ty } => self.host_enum_lift(op, *ty)?,
            OpKind::FlagsLift { ty } => self.host_flags_lift(op, *ty)?,
            OpKind::HandleLower { .. } | OpKind::HandleLift { .. } => self.host_handle(op)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Alignment and sizes of the numbers of elements that move as they are.
    fn numbers(&self, element: Type, layout: Layout) -> Option<String> {
        let sizes = plain::numbers(self.types.names.world, element)?;
        let all: Vec<String> =
            std::iter::once(layout.align).chain(sizes).map(|size| size.to_string()).collect();
        Some(all.join(", "))
    }

    /// How a core type is spelled.
    pub(super) fn core_type(&self, ty: CoreType) -> &'static str {
        match ty {
            CoreType::Pointer if self.is_host() => "uint32",
            other => core_type(other),
        }
    }

    fn host_load(&mut self, op: &Op, access: Access, offset: u32) -> witgen_diag::Result<()> {
        let at = match (self.operand(op, 0)?, offset) {
            (base, 0) => base,
            (base, offset) => format!("{base} + {offset}"),
        };
        let function = match access {
            Access::I32U8 => "U8",
            Access::I32S8 => "S8",
            Access::I32U16 => "U16",
            Access::I32S16 => "S16",
            Access::I32 | Access::Pointer | Access::Length => "U32",
            Access::I64 => "U64",
            Access::F32 => "F32",
            Access::F64 => "F64",
        };
        self.bind(op, &format!("call.{function}({at})"));
        Ok(())
    }

    fn host_store(&mut self, op: &Op, access: Access, offset: u32) -> witgen_diag::Result<()> {
        let value = self.operand(op, 0)?;
        let at = match (self.operand(op, 1)?, offset) {
            (base, 0) => base,
            (base, offset) => format!("{base}+{offset}"),
        };
        let function = match access {
            Access::I32U8 | Access::I32S8 => "PutU8",
            Access::I32U16 | Access::I32S16 => "PutU16",
            Access::I32 | Access::Pointer | Access::Length => "PutU32",
            Access::I64 => "PutU64",
            Access::F32 => "PutF32",
            Access::F64 => "PutF64",
        };
        self.line(format!("call.{function}({at}, {value})"));
        Ok(())
    }

    /// Binds a place and a length to new variables.
    fn bind_pair(&mut self, op: &Op, text: &str) {
        let (start, length) = (self.local("p"), self.local("n"));
        self.line(format!("{start}, {length} := {text}"));
        self.set_one(op, 0, start);
        self.set_one(op, 1, length);
    }

    fn host_enum_lift(&mut self, op: &'w Op, ty: TypeId) -> witgen_diag::Result<()> {
        let TypeKind::Enum { cases, .. } = &self.types.names.world.type_def(ty).kind else {
            return Err(internal("an enum of another kind"));
        };
        let tag = self.tag(op, cases.len())?;
        let name = self.types.text(Type::Id(ty))?;
        self.set_one(op, 0, format!("{name}({tag})"));
        Ok(())
    }

    /// Bits that are no flags are ignored.
    fn host_flags_lift(&mut self, op: &'w Op, ty: TypeId) -> witgen_diag::Result<()> {
        let def = self.types.names.world.type_def(ty);
        let TypeKind::Flags { flags } = &def.kind else {
            return Err(internal("flags of another kind"));
        };
        let bits = self.operand(op, 0)?;
        let name = self.types.text(Type::Id(ty))?;
        let text = match flags.len() as u32 {
            count if count == def.layout.size * 8 => format!("{name}({bits})"),
            count => {
                let host = self.types.abi();
                format!("{name}({host}.Flags({bits}, {:#x}))", (1u64 << count) - 1)
            }
        };
        self.set_one(op, 0, text);
        Ok(())
    }

    fn host_handle(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        let (OpKind::HandleLower { ty } | OpKind::HandleLift { ty }) = &op.kind else {
            return Err(internal(format!("{:?} among handles", op.kind)));
        };
        let (id, is_own) = self.handle_type(*ty)?;
        let (resource, direction) = self.types.names.resource(id)?;
        let names = self.types.names.type_names(resource.id)?;
        let [kind, lift] = names.members.as_slice() else {
            return Err(internal("a resource without a kind"));
        };
        let operand = self.operand(op, 0)?;
        let is_given = direction == self.types.own_direction();
        let kind = self.types.member(resource.id, kind);
        let text = match (matches!(op.kind, OpKind::HandleLift { .. }), is_given) {
            (true, true) => {
                let name = self.types.member(resource.id, &names.name);
                let host = self.types.abi();
                format!("{host}.LiftValue[{name}](call.Memory, {kind}, {operand}, {is_own})")
            }
            (true, false) => {
                let lift = self.types.member(resource.id, lift);
                format!("{lift}(call.Memory, {operand}, {is_own})")
            }
            (false, true) => format!("call.LowerValue({kind}, {operand}, {is_own})"),
            (false, false) => format!("call.LowerHandle({kind}, &{operand}.Handle, {is_own})"),
        };
        self.bind(op, &text);
        Ok(())
    }

    /// The resource of a handle, and whether it owns it.
    pub(super) fn handle_type(&self, ty: TypeId) -> witgen_diag::Result<(TypeId, bool)> {
        match &self.types.names.world.type_def(ty).kind {
            TypeKind::Own(id) => Ok((*id, true)),
            TypeKind::Borrow(id) => Ok((*id, false)),
            other => Err(internal(format!("a handle that is {other:?}"))),
        }
    }
}
