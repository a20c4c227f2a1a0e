//! The program in the comment of the package of a world: how a component is opened and called.

use witgen_backend::Scope;
use witgen_ir::{Direction, Function, FunctionKind, InterfaceId};
use witgen_languages::{Language, Role};
use witgen_templates::go::{HostExampleCallView, HostExampleView};

use crate::docs::Block;
use crate::guest::named;
use crate::host::{has_imports, interface_fields};
use crate::imports::Imports;
use crate::names::{Names, Package};
use crate::types::{Shape, Types};
use crate::{glue, internal};

/// What a parameter of the program may not be called.
const LOCALS: [&str; 8] = ["component", "ctx", "err", "fmt", "host", "imports", "instance", "wasi"];

/// More parameters than these make a program hard to read.
const FEW: usize = 3;

/// The program, and what it does.
pub(crate) fn blocks(names: &Names<'_>) -> witgen_diag::Result<Vec<Block>> {
    let main = Package { dir: String::new(), name: "main".to_owned(), path: String::new() };
    let mut types = Types { names, package: &main, imports: Imports::of_host(&["fmt", "run", "wasi"]) };
    types.imports.fixed("context", "context");
    types.imports.fixed(&format!("{}/wasi", names.abi_path), "wasi");
    types.abi();
    let package = types.imports.package(&names.root().path, &names.root().name);
    let mut params = vec!["ctx context.Context".to_owned()];
    let has_imports = has_imports(names);
    if has_imports {
        params.push(format!("imports {package}.Imports"));
    }
    let call = match callee(names) {
        Some(function) => Some(call(&mut types, function, &package, &mut params)?),
        None => None,
    };
    let calls = if call.is_some() { ", makes an instance and calls it" } else { " and makes an instance" };
    let first = format!("This opens what `witgen link --single-memory` made of a component{calls}:");
    let view = HostExampleView {
        imports: types.imports.groups(),
        params: params.join(", "),
        directory: names.world.name.clone(),
        package,
        has_imports,
        call,
    };
    Ok(vec![Block::text(&first), Block::Code(view.to_string().trim().lines().map(str::to_owned).collect())])
}

/// The first exported function that needs no resource, has few parameters and is not deprecated.
///
/// Those of the world itself come first, and constructors last.
fn callee<'w>(names: &Names<'w>) -> Option<&'w Function> {
    let world = names.world;
    let of_interfaces = world.interfaces_of(Direction::Export).flat_map(|interface| &interface.functions);
    let functions = world.functions_of(Direction::Export).chain(of_interfaces.map(|id| world.function(*id)));
    let is_callable = |function: &&Function| {
        let needs_none = function.abi.as_ref().is_some_and(|abi| !glue::takes_handles(abi));
        let is_kind = matches!(function.kind, FunctionKind::Freestanding | FunctionKind::Constructor(_));
        needs_none && is_kind && function.stability.deprecated.is_none()
    };
    let effort = |function: &&Function| (makes_resource(function), function.params.len().max(FEW));
    functions.filter(is_callable).min_by_key(effort)
}

fn makes_resource(function: &Function) -> bool {
    matches!(function.kind, FunctionKind::Constructor(_))
}

/// The call of a function, whose parameters become some of the program.
fn call(
    types: &mut Types<'_, '_>,
    function: &Function,
    package: &str,
    params: &mut Vec<String>,
) -> witgen_diag::Result<HostExampleCallView> {
    let names = types.names;
    let mut scope = Scope::new(Language::Go);
    for name in LOCALS.into_iter().chain([package]) {
        scope.reserve(name);
    }
    let mut own = Vec::new();
    let mut arguments = vec!["ctx".to_owned()];
    for param in &function.params {
        let name = scope.name(Role::Param, &param.name);
        own.push((name.clone(), types.text(param.ty)?));
        arguments.push(name);
    }
    if !own.is_empty() {
        params.push(named(&own));
    }
    let values: Vec<String> = match function.result.map(|ty| Shape::of(names, ty)) {
        None | Some(Shape::Fallible { ok: None }) => Vec::new(),
        Some(Shape::Several(types)) => {
            (0..types.len()).map(|index| scope.unique(format!("value{index}"))).collect()
        }
        Some(Shape::One | Shape::Fallible { ok: Some(_) }) => vec![scope.unique("value".to_owned())],
    };
    let closes = makes_resource(function);
    if !values.is_empty() && !closes {
        types.imports.fixed("fmt", "fmt");
    }
    let field = match function.interface {
        Some(id) => format!("{}.", field(names, id)?),
        None => String::new(),
    };
    let name = &names.function(function.id)?.name;
    Ok(HostExampleCallView {
        call: format!("instance.{field}{name}({})", arguments.join(", ")),
        values: values.join(", "),
        closes,
    })
}

fn field(names: &Names<'_>, interface: InterfaceId) -> witgen_diag::Result<String> {
    let fields = interface_fields(names, Direction::Export);
    fields.get(&interface).cloned().ok_or_else(|| internal("an interface that is no field of an instance"))
}
