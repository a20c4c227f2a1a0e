//! Which WebAssembly proposals a module needs, so that an engine without one can say so instead of failing in the middle.

use wasmtime_environ::wasmparser::{ConstExpr, Operator, Parser, Payload, TypeRef};
use witgen_diag::Result;

use crate::broken;

/// The proposals beyond what every engine of the last years has, in alphabetical order.
pub(crate) fn beyond_the_floor(module: &[u8]) -> Result<Vec<String>> {
    let mut scan = Scan::default();
    let found = Parser::new(0)
        .parse_all(module)
        .try_for_each(|payload| payload.and_then(|payload| scan.payload(&payload)));
    found.map_err(|error| broken(error.message()))?;
    if scan.memories > 1 {
        scan.need("multi_memory");
    }
    let mut needs: Vec<String> = scan.needs.iter().map(|name| name.replace('_', "-")).collect();
    needs.sort();
    Ok(needs)
}

type Parsed<T> = std::result::Result<T, wasmtime_environ::wasmparser::BinaryReaderError>;

#[derive(Default)]
struct Scan {
    memories: u32,
    needs: Vec<&'static str>,
}

impl Scan {
    fn need(&mut self, proposal: &'static str) {
        if !self.needs.contains(&proposal) {
            self.needs.push(proposal);
        }
    }

    fn payload(&mut self, payload: &Payload<'_>) -> Parsed<()> {
        match payload {
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    self.memories += u32::from(matches!(import?.ty, TypeRef::Memory(_)));
                }
            }
            Payload::MemorySection(section) => self.memories += section.count(),
            Payload::GlobalSection(section) => {
                for global in section.clone() {
                    self.constant(&global?.init_expr)?;
                }
            }
            Payload::DataSection(section) => {
                for data in section.clone() {
                    if let wasmtime_environ::wasmparser::DataKind::Active { offset_expr, .. } = data?.kind {
                        self.constant(&offset_expr)?;
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section.clone() {
                    if let wasmtime_environ::wasmparser::ElementKind::Active { offset_expr, .. } =
                        element?.kind
                    {
                        self.constant(&offset_expr)?;
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader()? {
                    self.operator(&operator?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn operator(&mut self, operator: &Operator<'_>) {
        let proposal = proposal(operator);
        if !FLOOR.contains(&proposal) {
            self.need(proposal);
        }
    }

    /// Arithmetic is what makes a constant expression an extended one.
    fn constant(&mut self, expression: &ConstExpr<'_>) -> Parsed<()> {
        for operator in expression.get_operators_reader() {
            match operator? {
                Operator::I32Add
                | Operator::I32Sub
                | Operator::I32Mul
                | Operator::I64Add
                | Operator::I64Sub
                | Operator::I64Mul => self.need("extended_const"),
                operator => self.operator(&operator),
            }
        }
        Ok(())
    }
}

/// What no engine lacks that runs components at all.
const FLOOR: [&str; 5] =
    ["mvp", "sign_extension", "saturating_float_to_int", "bulk_memory", "reference_types"];

macro_rules! proposals {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The proposal that an instruction comes from.
        fn proposal(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => stringify!($proposal),)*
                _ => "unknown",
            }
        }
    };
}
wasmtime_environ::wasmparser::for_each_operator!(proposals);
