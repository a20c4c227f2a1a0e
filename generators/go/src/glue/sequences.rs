//! Strings, lists and maps.

use witgen_ir::abi::{Block, Layout, Op, OpKind};
use witgen_ir::{Direction, Type};

use super::printer::{Context, Expr, Printer, any};
use crate::{internal, plain};

impl<'w> Printer<'_, '_, 'w> {
    pub(super) fn sequence_op(&mut self, op: &'w Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::StringLower { .. } => self.lower_shared(op, "StringData", "KeepString"),
            OpKind::BulkListLower { .. } => self.lower_shared(op, "SliceData", "KeepSlice"),
            OpKind::StringLift => {
                let (data, length) = (self.operand(op, 0)?, self.operand(op, 1)?);
                let text = format!("{}.LiftString({data}, {length})", self.types.abi());
                self.bind(op, &text);
                Ok(())
            }
            OpKind::BulkListLift { element } => self.lift_shared(op, *element),
            OpKind::ListLower { element, .. } if self.is_lowered_in_place(*element) => {
                self.lower_shared(op, "SliceData", "KeepSlice")
            }
            OpKind::ListLower { layout, .. } => self.list_lower(op, *layout),
            OpKind::ListLift { element, .. } if self.is_lifted_in_place(*element) => {
                self.lift_shared(op, *element)
            }
            OpKind::ListLift { element, layout } => self.list_lift(op, *element, *layout),
            OpKind::MapLower { layout, .. } => self.map_lower(op, *layout),
            OpKind::MapLift { key, value, layout } => self.map_lift(op, *key, *value, *layout),
            other => Err(internal(format!("{other:?} among sequences"))),
        }
    }

    /// What is handed over where it is: an import looks at it during the call, the caller of an export later.
    fn lower_shared(&mut self, op: &'w Op, data: &str, keep: &str) -> witgen_diag::Result<()> {
        let (abi, list) = (self.types.abi(), self.operand(op, 0)?);
        match self.function.direction {
            Direction::Import => self.set_one(op, 0, format!("{abi}.{data}({list})")),
            Direction::Export => {
                let local = self.local("p");
                self.line(format!("{local} := {abi}.{keep}({list})"));
                self.set_one(op, 0, local);
            }
        }
        self.set_one(op, 1, format!("uint32(len({list}))"));
        Ok(())
    }

    /// What was placed becomes the slice.
    fn lift_shared(&mut self, op: &'w Op, element: Type) -> witgen_diag::Result<()> {
        let (data, length) = (self.operand(op, 0)?, self.operand(op, 1)?);
        let element = self.types.text(element)?;
        let text = format!("{}.LiftSlice[{element}]({data}, {length})", self.types.abi());
        self.bind(op, &text);
        Ok(())
    }

    fn is_lowered_in_place(&self, element: Type) -> bool {
        plain::is_lowered_in_place(self.types.names.world, element)
    }

    fn is_lifted_in_place(&self, element: Type) -> bool {
        plain::is_lifted_in_place(self.types.names.world, element)
    }

    /// Whether lowering makes lists anew.
    pub(super) fn makes_lists(&self) -> bool {
        any(&self.abi.call.root, &|kind| match kind {
            OpKind::ListLower { element, .. } => !self.is_lowered_in_place(*element),
            OpKind::MapLower { .. } => true,
            _ => false,
        })
    }

    /// New memory for as many elements as `list` has.
    fn new_elements(&mut self, op: &Op, list: &str, layout: Layout) -> String {
        let base = self.local("p");
        let Layout { size, align } = layout;
        let make = match self.function.direction {
            _ if self.is_host() => "call.Allocate".to_owned(),
            Direction::Import => "arena.New".to_owned(),
            Direction::Export => format!("{}.KeepNew", self.types.abi()),
        };
        self.line(format!("{base} := {make}(len({list}), {size}, {align})"));
        self.set_one(op, 0, base.clone());
        self.set_one(op, 1, format!("uint32(len({list}))"));
        base
    }

    /// Where the elements of a list are that comes in, and how many.
    fn elements(&mut self, op: &Op, layout: Layout) -> witgen_diag::Result<(String, String)> {
        let (base, length) = (self.operand(op, 0)?, self.operand(op, 1)?);
        if !self.is_host() {
            return Ok((base, length));
        }
        let base = self.as_local(base);
        let count = format!("call.CheckList({base}, {length}, {}, {})", layout.size, layout.align);
        Ok((base, count))
    }

    pub(super) fn list_lower(&mut self, op: &'w Op, layout: Layout) -> witgen_diag::Result<()> {
        let list = self.operand(op, 0)?;
        let list = self.as_local(list);
        let base = self.new_elements(op, &list, layout);
        let index = self.local("i");
        self.line(format!("for {index} := range {list} {{"));
        self.indent();
        let address = self.element_address(body(op)?, &base, &index, layout);
        let element = format!("{list}[{index}]");
        self.block(body(op)?, Context { element, address, ..Context::default() })?;
        self.dedent();
        self.line("}");
        Ok(())
    }

    pub(super) fn list_lift(&mut self, op: &'w Op, element: Type, layout: Layout) -> witgen_diag::Result<()> {
        let element = self.types.text(element)?;
        let (base, count) = self.elements(op, layout)?;
        let (list, index) = (self.local("v"), self.local("i"));
        self.line(format!("{list} := make([]{element}, {count})"));
        self.line(format!("for {index} := range {list} {{"));
        self.indent();
        let address = self.element_address(body(op)?, &base, &index, layout);
        let lifted = self.block(body(op)?, Context { address, ..Context::default() })?;
        self.line(format!("{list}[{index}] = {}", lifted.concat()));
        self.dedent();
        self.line("}");
        self.set_one(op, 0, list);
        Ok(())
    }

    pub(super) fn map_lower(&mut self, op: &'w Op, layout: Layout) -> witgen_diag::Result<()> {
        let map = self.operand(op, 0)?;
        let map = self.as_local(map);
        let base = self.new_elements(op, &map, layout);
        let (index, key, element) = (self.local("i"), self.local("k"), self.local("e"));
        self.line(format!("{index} := 0"));
        self.line(format!("for {key}, {element} := range {map} {{"));
        self.indent();
        let address = self.element_address(body(op)?, &base, &index, layout);
        self.block(body(op)?, Context { element, key, address, ..Context::default() })?;
        self.line(format!("{index}++"));
        self.dedent();
        self.line("}");
        Ok(())
    }

    pub(super) fn map_lift(
        &mut self,
        op: &'w Op,
        key: Type,
        value: Type,
        layout: Layout,
    ) -> witgen_diag::Result<()> {
        let (key, value) = (self.types.text(key)?, self.types.text(value)?);
        let (base, count) = self.elements(op, layout)?;
        let (map, index) = (self.local("v"), self.local("i"));
        let count = self.as_local(count);
        self.line(format!("{map} := make(map[{key}]{value}, {count})"));
        self.line(format!("for {index} := range int({count}) {{"));
        self.indent();
        let address = self.element_address(body(op)?, &base, &index, layout);
        let lifted = self.block(body(op)?, Context { address, ..Context::default() })?;
        let [key, value] = lifted.as_slice() else { return Err(internal("an entry without key and value")) };
        self.line(format!("{map}[{key}] = {value}"));
        self.dedent();
        self.line("}");
        self.set_one(op, 0, map);
        Ok(())
    }

    /// The address of the element in a variable, when the block asks for it.
    fn element_address(&mut self, block: &Block, base: &str, index: &str, layout: Layout) -> String {
        let asked = block.ops.iter().filter(|op| op.kind == OpKind::IterAddress);
        if !asked.flat_map(|op| &op.results).any(|value| self.is_used(*value)) {
            return String::new();
        }
        let address = self.local("p");
        let size = layout.size;
        let place = match self.is_host() {
            true => format!("{base} + uint32({index})*{size}"),
            false => format!("{}.At({base}, {index}, {size})", self.types.abi()),
        };
        self.line(format!("{address} := {place}"));
        address
    }

    /// A variable for what is looked at more than once.
    pub(super) fn as_local(&mut self, text: String) -> String {
        if text.chars().all(|c| c.is_ascii_alphanumeric()) {
            return text;
        }
        let local = self.local("v");
        self.line(format!("{local} := {text}"));
        local
    }

    pub(super) fn set_several(&mut self, op: &Op, texts: Vec<String>) {
        for (value, text) in op.results.iter().zip(texts) {
            self.set(*value, Expr::One(text));
        }
    }
}

fn body(op: &Op) -> witgen_diag::Result<&Block> {
    op.blocks.first().ok_or_else(|| internal("a list without a block"))
}
