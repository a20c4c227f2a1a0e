//! Strings, lists and maps.

use witgen_diag::Result;
use witgen_ir::abi::{Layout, Op, OpKind};
use witgen_ir::{Type, TypeKind};

use super::memory::free;
use super::value::{Operand, access_type, text_of};
use super::{Frame, Printer, internal};
use crate::code::{Body, Expr, Stmt};
use crate::types::Mode;

impl Printer<'_> {
    pub(super) fn sequence(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        match &op.kind {
            OpKind::StringLower { owned: true } => self.give(op, "_rt::give_string", body),
            OpKind::BulkListLower { owned: true, .. } => self.give(op, "_rt::give_list", body),
            OpKind::StringLower { owned: false } => self.lend(op, "", body),
            OpKind::BulkListLower { owned: false, element } => {
                let cast = if *element == Type::U8 { "" } else { ".cast::<u8>()" };
                self.lend(op, cast, body)
            }
            OpKind::ListLower { element, owned, .. } if self.ctx.facts.is_plain(self.ctx.world, *element) => {
                match owned {
                    true => self.give(op, "_rt::give_list", body),
                    false => self.lend(op, ".cast::<u8>()", body),
                }
            }
            OpKind::ListLower { layout, owned, .. } | OpKind::MapLower { layout, owned, .. } => match owned {
                true => self.give_elements(op, *layout, body),
                false => self.lend_elements(op, *layout, body),
            },
            OpKind::StringLift => self.lift_bulk(op, "_rt::lift_string", body),
            OpKind::BulkListLift { .. } => self.lift_bulk(op, "_rt::lift_list", body),
            OpKind::ListLift { element, .. } if self.ctx.facts.is_plain(self.ctx.world, *element) => {
                self.lift_bulk(op, "_rt::lift_list", body)
            }
            OpKind::ListLift { layout, .. } | OpKind::MapLift { layout, .. } => {
                self.lift_elements(op, *layout, body)
            }
            OpKind::IterElement { .. } | OpKind::IterKey { .. } => {
                self.frame_operand(op, |frame| frame.element.clone())
            }
            OpKind::IterValue { .. } => self.frame_operand(op, |frame| frame.value.clone()),
            OpKind::IterAddress => self.frame_operand(op, |frame| Some(Operand::Core(frame.address.clone()))),
            _ => Err(internal("an op reached the wrong printer".to_owned())),
        }
    }

    fn frame_operand(&mut self, op: &Op, pick: impl Fn(&Frame) -> Option<Operand>) -> Result<()> {
        let operand = self.frames.last().and_then(pick);
        let operand = operand.ok_or_else(|| internal("an element stands outside of its list".to_owned()))?;
        self.set(op, 0, operand);
        Ok(())
    }

    /// The receiver gets the memory.
    fn give(&mut self, op: &Op, function: &str, body: &mut Body) -> Result<()> {
        let value = self.language(op, 0, body)?;
        let (pointer, len) = (self.local("pointer"), self.local("len"));
        let pattern = format!("({pointer}, {len})");
        body.stmts.push(Stmt::Let { pattern, value: Expr::call(function, vec![value]) });
        self.set(op, 0, Operand::Core(pointer));
        self.set(op, 1, Operand::Core(len));
        Ok(())
    }

    /// The receiver only looks.
    fn lend(&mut self, op: &Op, cast: &str, body: &mut Body) -> Result<()> {
        let place = text_of(&self.place(op, 0, body)?);
        self.set(op, 0, Operand::Core(format!("{place}.as_ptr().cast_mut(){cast}")));
        self.set(op, 1, Operand::Core(format!("{place}.len()")));
        Ok(())
    }

    fn lend_elements(&mut self, op: &Op, layout: Layout, body: &mut Body) -> Result<()> {
        let place = self.place(op, 0, body)?;
        let list = text_of(&place);
        let args = vec![format!("{list}.len()"), layout.size.to_string(), layout.align.to_string()];
        let scratch = self.bind("scratch", Expr::call("_rt::Scratch::new", args), body);
        let pointer = self.bind("pointer", Expr::Flat(format!("{scratch}.pointer()")), body);
        if !self.frames.is_empty() {
            let kept = self.keep();
            body.stmts.push(Stmt::Do(Expr::call(format!("{kept}.push"), vec![scratch])));
        }
        self.set(op, 0, Operand::Core(pointer.clone()));
        self.set(op, 1, Operand::Core(format!("{list}.len()")));
        self.store_elements(op, &list, &format!("{list}.len()"), &pointer, layout, 1, body)
    }

    /// The list that keeps memory until the call is over.
    fn keep(&mut self) -> String {
        if let Some(kept) = &self.kept {
            return kept.clone();
        }
        let kept = self.local("kept");
        let value = Expr::Flat("_rt::Vec::new()".to_owned());
        self.heads.push(Stmt::Let { pattern: format!("mut {kept}"), value });
        self.kept = Some(kept.clone());
        kept
    }

    fn give_elements(&mut self, op: &Op, layout: Layout, body: &mut Body) -> Result<()> {
        let place = self.place(op, 0, body)?;
        let list = text_of(&place);
        let len = self.bind("len", Expr::Flat(format!("{list}.len()")), body);
        let args = vec![len.clone(), layout.size.to_string(), layout.align.to_string()];
        let pointer = self.bind("pointer", Expr::call("_rt::allocate_list", args), body);
        self.set(op, 0, Operand::Core(pointer.clone()));
        self.set(op, 1, Operand::Core(len.clone()));
        self.store_elements(op, &list, &len, &pointer, layout, 0, body)
    }

    #[expect(clippy::too_many_arguments, reason = "the loops of lent and given lists differ in each of them")]
    fn store_elements(
        &mut self,
        op: &Op,
        list: &str,
        len: &str,
        pointer: &str,
        layout: Layout,
        refs: usize,
        body: &mut Body,
    ) -> Result<()> {
        let args = vec![pointer.to_owned(), len.to_owned(), layout.size.to_string()];
        let elements = self.bind("elements", Expr::call("_rt::elements", args), body);
        let place = |text: &str| Operand::Place { text: text.to_owned(), refs, mode: Mode::OWNED };
        let address = self.local("address");
        let element_type = match &op.kind {
            OpKind::ListLower { element, .. } => Some(*element),
            _ => None,
        };
        let (pattern, frame) = match element_type {
            Some(element) => {
                let name = self.local("element");
                // An element that holds borrows is spelled as a reference itself.
                let extra = self.borrow_refs(element);
                let element = Operand::Place { text: name.clone(), refs: refs + extra, mode: Mode::OWNED };
                (name, Frame { address: address.clone(), element: Some(element), value: None })
            }
            None => {
                let (key, value) = (self.local("key"), self.local("value"));
                let frame = Frame {
                    address: address.clone(),
                    element: Some(place(&key)),
                    value: Some(place(&value)),
                };
                (format!("({key}, {value})"), frame)
            }
        };
        let iterator = if refs == 0 { format!("{list}.into_iter()") } else { format!("{list}.iter()") };
        let Some(block) = op.blocks.first() else { return Err(internal("a list has no block".to_owned())) };
        let inner = self.block(block, frame)?;
        let header = format!("for ({pattern}, {address}) in {iterator}.zip({elements})");
        body.stmts.push(Stmt::Block { header, body: inner });
        Ok(())
    }

    /// How many references the Rust type of an element starts with.
    pub(super) fn borrow_refs(&self, element: Type) -> usize {
        match element {
            Type::Id(id) => usize::from(
                matches!(self.ctx.world.type_def(id).kind, TypeKind::Borrow(_)) && self.is_import(),
            ),
            _ => 0,
        }
    }

    fn lift_bulk(&mut self, op: &Op, function: &str, body: &mut Body) -> Result<()> {
        let args = vec![self.untyped(op, 0, body)?, self.untyped(op, 1, body)?];
        self.set(op, 0, Operand::Made(Expr::call(function, args)));
        Ok(())
    }

    /// A core value whose type follows from where it stands.
    fn untyped(&mut self, op: &Op, nth: usize, body: &mut Body) -> Result<String> {
        let (operand, hint) = self.take(op, nth)?;
        Ok(match operand {
            Operand::Load { base, offset, .. } => format!("_rt::load({base}, {offset})"),
            operand => self.core_text(operand, &hint, body),
        })
    }

    fn lift_elements(&mut self, op: &Op, layout: Layout, body: &mut Body) -> Result<()> {
        let hint = op.results.first().and_then(|value| self.hints.get(value)).cloned();
        let (pointer, _) = self.take(op, 0)?;
        let pointer = self.core_name(pointer, "pointer", body);
        let (len, _) = self.take(op, 1)?;
        let len = self.core_name(len, "len", body);
        let is_map = matches!(op.kind, OpKind::MapLift { .. });
        let made = self.local(hint.as_deref().unwrap_or(if is_map { "map" } else { "list" }));
        let value = match is_map {
            true => Expr::Flat("_rt::Map::new()".to_owned()),
            false => Expr::call("_rt::Vec::with_capacity", vec![len.clone()]),
        };
        body.stmts.push(Stmt::Let { pattern: format!("mut {made}"), value });
        let address = self.local("address");
        let Some(block) = op.blocks.first() else { return Err(internal("a list has no block".to_owned())) };
        let mut inner = self.block(block, Frame { address: address.clone(), ..Frame::default() })?;
        let args = block.results.iter().map(|value| {
            let (operand, _) = self.take_value(*value)?;
            Ok(self.language_text(operand, "element", &mut inner))
        });
        let args = args.collect::<Result<Vec<String>>>()?;
        let add = if is_map { "insert" } else { "push" };
        inner.stmts.push(Stmt::Do(Expr::call(format!("{made}.{add}"), args)));
        let header = format!("for {address} in _rt::elements({pointer}, {len}, {})", layout.size);
        body.stmts.push(Stmt::Block { header, body: inner });
        body.stmts.push(free_list(&pointer, &len, layout));
        self.set(op, 0, Operand::owned(made));
        Ok(())
    }
}

/// Frees the memory of a list itself.
pub(super) fn free_list(pointer: &str, len: &str, layout: Layout) -> Stmt {
    let size = if layout.size == 1 { len.to_owned() } else { format!("{len} * {}", layout.size) };
    free(pointer, &size, layout.align)
}

/// The unsigned type that holds the number of a case.
pub(crate) fn tag_type(tag_size: u32) -> &'static str {
    match tag_size {
        1 => access_type(witgen_ir::abi::Access::I32U8),
        2 => access_type(witgen_ir::abi::Access::I32U16),
        _ => "u32",
    }
}
