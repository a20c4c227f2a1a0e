//! Strings, lists and maps.

use witgen_ir::abi::{Access, Block, Layout, Op, OpKind};
use witgen_ir::{Type, TypeKind};

use super::helpers::typed_array;
use super::printer::{Context, Expr, Printer, offset};
use super::text::texts;
use crate::internal;
use crate::pretty::Doc;

impl<'a> Printer<'_, 'a> {
    pub(super) fn sequence_op(&mut self, op: &'a Op) -> witgen_diag::Result<()> {
        match &op.kind {
            OpKind::StringLower { .. } => {
                let text = self.operand_doc(op, 0)?;
                let doc = self.memory("putString", vec![text]);
                self.bind(op, 0, "start", doc);
                self.bind(op, 1, "length", Doc::text("memory.length"));
            }
            OpKind::StringLift => {
                let doc = match self.pair(op)? {
                    Some(at) => self.memory("loadString", texts([at])),
                    None => {
                        let items = self.docs(op)?;
                        self.memory("string", items)
                    }
                };
                self.set_doc(op, 0, doc);
            }
            OpKind::BulkListLower { element, .. } => {
                let list = self.simple(op, 0, "list")?;
                let array = array(*element)?;
                let doc = self.memory("putNumbers", texts([&list, array]));
                self.bind(op, 0, "start", doc);
                self.set_text(op, 1, format!("{list}.length"));
            }
            OpKind::BulkListLift { element } => {
                let items = [self.docs(op)?, texts([array(*element)?])].concat();
                let doc = self.memory("numbers", items);
                self.bind(op, 0, "numbers", doc);
            }
            OpKind::ListLower { element, layout, .. } => self.list_lower(op, *element, *layout)?,
            OpKind::ListLift { layout, .. } => self.list_lift(op, *layout)?,
            OpKind::MapLower { layout, .. } => self.map_lower(op, *layout)?,
            OpKind::MapLift { layout, .. } => self.map_lift(op, *layout)?,
            other => return Err(internal(format!("{other:?} among lists"))),
        }
        Ok(())
    }

    /// A string or a list of numbers whose place and length the next two ops store side by side.
    pub(super) fn stored_at_once(&mut self, op: &'a Op, next: &'a [Op]) -> witgen_diag::Result<bool> {
        let rest = match &op.kind {
            OpKind::StringLower { .. } => None,
            OpKind::BulkListLower { element, .. } => Some(array(*element)?),
            _ => return Ok(false),
        };
        let [first, second, ..] = next else { return Ok(false) };
        let place = |store: &Op, access: Access, value: usize| match &store.kind {
            OpKind::Store { access: found, offset }
                if *found == access && store.operands.first() == op.results.get(value) =>
            {
                Some(*offset)
            }
            _ => None,
        };
        let (pointer, length) = match place(first, Access::Pointer, 0) {
            Some(pointer) => (Some(pointer), place(second, Access::Length, 1)),
            None => (place(second, Access::Pointer, 0), place(first, Access::Length, 1)),
        };
        let (Some(pointer), Some(length)) = (pointer, length) else { return Ok(false) };
        if length != pointer + 4 || first.operands.get(1) != second.operands.get(1) {
            return Ok(false);
        }
        let base = self.address(first, 1)?;
        let value = self.operand_doc(op, 0)?;
        let method = if rest.is_some() { "storeNumbers" } else { "storeString" };
        let items = [vec![Doc::text(offset(&base, pointer)), value], texts(rest)].concat();
        let doc = self.memory(method, items);
        self.out.statement(doc);
        Ok(true)
    }

    /// Where place and length stand side by side in memory.
    fn pair(&self, op: &Op) -> witgen_diag::Result<Option<String>> {
        let (Expr::Load { at: start, .. }, Expr::Load { at: length, .. }) =
            (self.operand(op, 0)?, self.operand(op, 1)?)
        else {
            return Ok(None);
        };
        let parts = |text: &str| match text.rsplit_once(" + ") {
            Some((base, by)) => (base.to_owned(), by.parse::<u32>().ok()),
            None => (text.to_owned(), Some(0)),
        };
        let ((base, from), (other, to)) = (parts(&start), parts(&length));
        let follows = matches!((from, to), (Some(from), Some(to)) if to == from + 4);
        Ok((base == other && follows).then_some(start))
    }

    /// A length, or a place, that a component gave.
    fn unsigned(&mut self, op: &Op, index: usize) -> witgen_diag::Result<Doc> {
        Ok(match self.operand(op, index)? {
            Expr::Core(name) => Doc::text(format!("{name} >>> 0")),
            _ => self.operand_doc(op, index)?,
        })
    }

    /// Allocates the elements of a list; gives their place and how many there are.
    fn allocated(&mut self, op: &Op, length: &str, layout: Layout) -> (String, String) {
        let count = self.bind(op, 1, "length", Doc::text(length));
        let items = vec![Doc::text(layout.align.to_string()), times(&count, layout.size)];
        let doc = self.memory("allocate", items);
        let start = self.bind(op, 0, "start", doc);
        (start, count)
    }

    fn list_lower(&mut self, op: &'a Op, element: Type, layout: Layout) -> witgen_diag::Result<()> {
        let list = self.simple(op, 0, "list")?;
        let (start, length) = self.allocated(op, &format!("{list}.length"), layout);
        let index = self.local("index");
        let block = body(op)?;
        self.repeated(allocates(block), |printer| {
            printer.out.count("let ", &index, &length);
            printer.nested(|printer| {
                let address = printer.element(&start, &index, layout);
                let mut item = format!("{list}[{index}]");
                if let Some(stem) = printer.shape(element) {
                    let local = printer.local(&stem);
                    printer.out.assign(&format!("const {local}"), Doc::text(item));
                    item = local;
                }
                printer.block(block, Context { element: item, address, ..Context::default() })?;
                Ok(())
            })
        })
    }

    /// Prints a loop, which looks up the view of the memory once if nothing in it lets the component allocate.
    fn repeated(
        &mut self,
        allocates: bool,
        print: impl FnOnce(&mut Self) -> witgen_diag::Result<()>,
    ) -> witgen_diag::Result<()> {
        let outer = self.view.take();
        let (scope, before) = (self.scope.clone(), self.out.lines.len());
        match &outer {
            _ if allocates => {}
            Some(_) => self.view.clone_from(&outer),
            None => self.view = Some((self.local("view"), false)),
        }
        print(self)?;
        self.out.line("}");
        let inner = std::mem::replace(&mut self.view, outer);
        match (&mut self.view, inner) {
            (Some((_, used)), Some((_, is_used))) => *used |= is_used,
            (None, Some((name, true))) => {
                self.uses_memory = true;
                let line = if name == "view" {
                    "const { view } = memory;".to_owned()
                } else {
                    format!("const {name} = memory.view;")
                };
                self.out.insert(before, &line);
            }
            (None, Some((_, false))) => self.scope = scope,
            (_, None) => {}
        }
        Ok(())
    }

    /// What an element is called that is looked at more than once.
    fn shape(&self, element: Type) -> Option<String> {
        let Type::Id(id) = self.module.world.resolve_alias(element) else { return None };
        match &self.module.world.type_def(id).kind {
            TypeKind::Enum { .. } | TypeKind::Flags { .. } | TypeKind::Own(_) | TypeKind::Borrow(_) => None,
            TypeKind::List(inner) if typed_array(self.module.world.resolve_alias(*inner)).is_some() => None,
            _ => Some(self.module.stem(id)),
        }
    }

    fn list_lift(&mut self, op: &'a Op, layout: Layout) -> witgen_diag::Result<()> {
        let (start, length) = self.listed(op, layout)?;
        let (list, index) = (self.local("list"), self.local("index"));
        self.out.line(format!("const {list} = new Array({length});"));
        self.repeated(false, |printer| {
            printer.out.count("let ", &index, &length);
            printer.nested(|printer| {
                let address = printer.element(&start, &index, layout);
                let block = body(op)?;
                let lifted = printer.block(block, Context { address, ..Context::default() })?;
                let value =
                    lifted.into_iter().next().ok_or_else(|| internal("an element without a value"))?;
                printer.out.assign(&format!("{list}[{index}]"), value);
                Ok(())
            })
        })?;
        self.set_text(op, 0, list);
        Ok(())
    }

    /// Place and length of a list that is all there.
    fn listed(&mut self, op: &Op, layout: Layout) -> witgen_diag::Result<(String, String)> {
        let start = self.operand_doc(op, 0)?;
        let length = self.unsigned(op, 1)?;
        let count = self.local("length");
        self.out.assign(&format!("const {count}"), length);
        let numbers = [count.clone(), layout.size.to_string(), layout.align.to_string()];
        let items = [vec![start], texts(numbers)].concat();
        let doc = self.memory("list", items);
        let place = self.local("start");
        self.out.assign(&format!("const {place}"), doc);
        Ok((place, count))
    }

    /// The address of an element.
    fn element(&mut self, start: &str, index: &str, layout: Layout) -> String {
        let address = self.local("at");
        let by = times(index, layout.size).flat();
        self.out.line(format!("const {address} = {start} + {by};"));
        address
    }

    fn map_lower(&mut self, op: &'a Op, layout: Layout) -> witgen_diag::Result<()> {
        let map = self.simple(op, 0, "map")?;
        let (start, _) = self.allocated(op, &format!("{map}.size"), layout);
        let address = self.local("at");
        self.out.line(format!("let {address} = {start};"));
        let (key, element) = (self.local("key"), self.local("entry"));
        let block = body(op)?;
        self.repeated(allocates(block), |printer| {
            printer.out.line(format!("for (const [{key}, {element}] of {map}) {{"));
            printer.nested(|printer| {
                let context = Context { element, key, address: address.clone(), ..Context::default() };
                printer.block(block, context)?;
                printer.out.line(format!("{address} += {};", layout.size));
                Ok(())
            })
        })
    }

    fn map_lift(&mut self, op: &'a Op, layout: Layout) -> witgen_diag::Result<()> {
        let (start, length) = self.listed(op, layout)?;
        let (map, index) = (self.local("map"), self.local("index"));
        self.out.line(format!("const {map} = new Map();"));
        self.repeated(false, |printer| {
            printer.out.count("let ", &index, &length);
            printer.nested(|printer| {
                let address = printer.element(&start, &index, layout);
                let lifted = printer.block(body(op)?, Context { address, ..Context::default() })?;
                printer.out.statement(Doc::call(format!("{map}.set"), lifted));
                Ok(())
            })
        })?;
        self.set_text(op, 0, map);
        Ok(())
    }

    /// Prints what stands inside of braces, whose locals are gone after it.
    pub(super) fn nested(
        &mut self,
        print: impl FnOnce(&mut Self) -> witgen_diag::Result<()>,
    ) -> witgen_diag::Result<()> {
        let scope = self.scope.clone();
        self.out.indent += 2;
        print(self)?;
        self.out.indent -= 2;
        self.scope = scope;
        Ok(())
    }
}

/// Whether the component allocates for values, and its memory may grow.
fn allocates(block: &Block) -> bool {
    block.ops.iter().any(|op| {
        matches!(
            op.kind,
            OpKind::StringLower { .. }
                | OpKind::BulkListLower { .. }
                | OpKind::ListLower { .. }
                | OpKind::MapLower { .. }
        ) || op.blocks.iter().any(allocates)
    })
}

fn times(count: &str, size: u32) -> Doc {
    Doc::text(if size == 1 { count.to_owned() } else { format!("{count} * {size}") })
}

fn array(element: Type) -> witgen_diag::Result<&'static str> {
    typed_array(element).ok_or_else(|| internal("a typed array of other values"))
}

fn body(op: &Op) -> witgen_diag::Result<&Block> {
    op.blocks.first().ok_or_else(|| internal("a list without a block"))
}
