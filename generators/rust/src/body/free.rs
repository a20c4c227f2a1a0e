//! Post-return: frees what the result of an export owns.

use witgen_diag::Result;
use witgen_ir::abi::{Layout, Op, OpKind};

use super::memory::free;
use super::sequence::free_list;
use super::value::{Operand, load};
use super::{Frame, Printer, internal};
use crate::code::{Body, Expr, Stmt};

impl Printer<'_> {
    pub(super) fn free(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        match &op.kind {
            OpKind::FreeString => {
                let pointer = self.untyped_core(op, 0, body)?;
                let len = self.untyped_core(op, 1, body)?;
                body.stmts.push(free(&pointer, &len, 1));
                Ok(())
            }
            OpKind::FreeList { layout, .. } | OpKind::FreeMap { layout } => {
                self.free_elements(op, *layout, body)
            }
            OpKind::FreeVariant => self.free_cases(op, body),
            _ => Err(internal("an op reached the wrong printer".to_owned())),
        }
    }

    fn untyped_core(&mut self, op: &Op, nth: usize, body: &mut Body) -> Result<String> {
        let (operand, hint) = self.take(op, nth)?;
        Ok(match operand {
            Operand::Load { base, offset, .. } => format!("_rt::load({base}, {offset})"),
            operand => self.core_text(operand, &hint, body),
        })
    }

    fn free_elements(&mut self, op: &Op, layout: Layout, body: &mut Body) -> Result<()> {
        let (pointer, _) = self.take(op, 0)?;
        let pointer = self.core_name(pointer, "pointer", body);
        let (len, _) = self.take(op, 1)?;
        let len = self.core_name(len, "len", body);
        if let Some(block) = op.blocks.first() {
            let address = self.local("address");
            let inner = self.block(block, Frame { address: address.clone(), ..Frame::default() })?;
            if !inner.stmts.is_empty() {
                let header = format!("for {address} in _rt::elements({pointer}, {len}, {})", layout.size);
                body.stmts.push(Stmt::Block { header, body: inner });
            }
        }
        body.stmts.push(free_list(&pointer, &len, layout));
        Ok(())
    }

    fn free_cases(&mut self, op: &Op, body: &mut Body) -> Result<()> {
        let (operand, hint) = self.take(op, 0)?;
        let subject = match operand {
            Operand::Load { base, offset, access } => load(&base, offset, super::value::access_type(access)),
            operand => self.core_text(operand, &hint, body),
        };
        let mut arms = Vec::new();
        for (number, block) in op.blocks.iter().enumerate() {
            let inner = self.block(block, Frame::default())?;
            if !inner.stmts.is_empty() {
                arms.push((number.to_string(), inner));
            }
        }
        match arms.len() {
            0 => {}
            // A `match` with one arm that does something is what clippy wants as an `if`.
            1 => {
                for (number, inner) in arms {
                    body.stmts.push(condition(format!("if {subject} == {number}"), inner));
                }
            }
            _ => {
                let mut arms: Vec<_> = arms.into_iter().map(guarded).collect();
                arms.push(("_".to_owned(), Body::default()));
                body.stmts.push(Stmt::Do(Expr::Match { subject, arms }));
            }
        }
        Ok(())
    }
}

/// `header { body }`; where the body is a single condition itself, both become one.
fn condition(header: String, mut body: Body) -> Stmt {
    if let [Stmt::Block { header: inner, .. }] = body.stmts.as_slice()
        && let Some(rest) = inner.strip_prefix("if ")
    {
        let header = format!("{header} && {rest}");
        if let Some(Stmt::Block { body, .. }) = body.stmts.pop() {
            return Stmt::Block { header, body };
        }
    }
    Stmt::Block { header, body }
}

/// An arm whose body is a single condition has that condition as its guard.
fn guarded((pattern, mut body): (String, Body)) -> (String, Body) {
    match body.stmts.as_slice() {
        [Stmt::Block { header, .. }] if header.starts_with("if ") => {
            let pattern = format!("{pattern} {header}");
            match body.stmts.pop() {
                Some(Stmt::Block { body, .. }) => (pattern, body),
                _ => (pattern, body),
            }
        }
        _ => (pattern, body),
    }
}
