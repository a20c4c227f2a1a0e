//! What hosts do in another way than guests: addresses are numbers, and nothing that comes from a component is trusted.

use witgen_ir::abi::{Access, Block, CoreType, Layout, Op, OpKind};
use witgen_ir::{Type, TypeId, TypeKind};

use super::core_type;
use super::printer::{Context, Printer};
use crate::internal;

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
            OpKind::ListLower { layout, .. } => self.host_list_lower(op, *layout)?,
            OpKind::ListLift { element, layout } => self.host_list_lift(op, *element, *layout)?,
            OpKind::MapLower { layout, .. } => self.host_map_lower(op, *layout)?,
            OpKind::MapLift { key, value, layout } => self.host_map_lift(op, *key, *value, *layout)?,
            OpKind::EnumLift { ty } => self.host_enum_lift(op, *ty)?,
            OpKind::FlagsLift { ty } => self.host_flags_lift(op, *ty)?,
            OpKind::HandleLower { .. } | OpKind::HandleLift { .. } => self.host_handle(op)?,
            _ => return Ok(false),
        }
        Ok(true)
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

    /// Allocates the elements of a list.
    fn allocated(&mut self, op: &Op, list: &str, layout: Layout) -> String {
        let base = self.local("p");
        self.line(format!("{base} := call.Allocate(len({list}), {}, {})", layout.size, layout.align));
        self.set_one(op, 0, base.clone());
        self.set_one(op, 1, format!("uint32(len({list}))"));
        base
    }

    /// The address of an element in a variable.
    fn element(&mut self, base: &str, index: &str, layout: Layout) -> String {
        let address = self.local("p");
        self.line(format!("{address} := {base} + uint32({index})*{}", layout.size));
        address
    }

    fn host_list_lower(&mut self, op: &'w Op, layout: Layout) -> witgen_diag::Result<()> {
        let list = self.operand(op, 0)?;
        let list = self.as_local(list);
        let base = self.allocated(op, &list, layout);
        let index = self.local("i");
        self.line(format!("for {index} := range {list} {{"));
        self.indent();
        let address = self.element(&base, &index, layout);
        let element = format!("{list}[{index}]");
        self.block(body(op)?, Context { element, address, ..Context::default() })?;
        self.dedent();
        self.line("}");
        Ok(())
    }

    fn host_list_lift(&mut self, op: &'w Op, element: Type, layout: Layout) -> witgen_diag::Result<()> {
        let element = self.types.text(element)?;
        let (base, length) = self.listed(op)?;
        let (list, index) = (self.local("v"), self.local("i"));
        let Layout { size, align } = layout;
        self.line(format!("{list} := make([]{element}, call.CheckList({base}, {length}, {size}, {align}))"));
        self.line(format!("for {index} := range {list} {{"));
        self.indent();
        let address = self.element(&base, &index, layout);
        let lifted = self.block(body(op)?, Context { address, ..Context::default() })?;
        self.line(format!("{list}[{index}] = {}", lifted.concat()));
        self.dedent();
        self.line("}");
        self.set_one(op, 0, list);
        Ok(())
    }

    /// Place and length of a list, the place as something that may be said again and again.
    fn listed(&mut self, op: &Op) -> witgen_diag::Result<(String, String)> {
        let (base, length) = (self.operand(op, 0)?, self.operand(op, 1)?);
        Ok((self.as_local(base), length))
    }

    fn host_map_lower(&mut self, op: &'w Op, layout: Layout) -> witgen_diag::Result<()> {
        let map = self.operand(op, 0)?;
        let map = self.as_local(map);
        let base = self.allocated(op, &map, layout);
        let (address, key, element) = (self.local("p"), self.local("k"), self.local("e"));
        self.line(format!("{address} := {base}"));
        self.line(format!("for {key}, {element} := range {map} {{"));
        self.indent();
        let context = Context { element, key, address: address.clone(), ..Context::default() };
        self.block(body(op)?, context)?;
        self.line(format!("{address} += {}", layout.size));
        self.dedent();
        self.line("}");
        Ok(())
    }

    fn host_map_lift(
        &mut self,
        op: &'w Op,
        key: Type,
        value: Type,
        layout: Layout,
    ) -> witgen_diag::Result<()> {
        let (key, value) = (self.types.text(key)?, self.types.text(value)?);
        let (base, length) = self.listed(op)?;
        let (map, count, index) = (self.local("v"), self.local("n"), self.local("i"));
        let Layout { size, align } = layout;
        self.line(format!("{count} := call.CheckList({base}, {length}, {size}, {align})"));
        self.line(format!("{map} := make(map[{key}]{value}, {count})"));
        self.line(format!("for {index} := range {count} {{"));
        self.indent();
        let address = self.element(&base, &index, layout);
        let lifted = self.block(body(op)?, Context { address, ..Context::default() })?;
        let [key, value] = lifted.as_slice() else { return Err(internal("an entry without key and value")) };
        self.line(format!("{map}[{key}] = {value}"));
        self.dedent();
        self.line("}");
        self.set_one(op, 0, map);
        Ok(())
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

fn body(op: &Op) -> witgen_diag::Result<&Block> {
    op.blocks.first().ok_or_else(|| internal("a list without a block"))
}
