//! The source of a new project for a world: every export as a method that is yet to be written.

use witgen_backend::Runtime;
use witgen_diag::Result;
use witgen_ir::{Direction, Function, FunctionKind, Interface, TypeDef, TypeKind, World};
use witgen_languages::Side;
use witgen_templates::starter as view;

use crate::docs::{comment, package_comment, paragraph};
use crate::guest::exported;
use crate::imports::Imports;
use crate::names::{Names, Package, RECEIVER};
use crate::types::Types;

/// `main.go` of the module `name`.
pub(crate) fn source(name: &str, world: &World) -> Result<view::GoStubsView> {
    let names = Names::new(world, &format!("{name}/bindings"), Runtime::Embed, Side::Guest);
    let main = Package { dir: String::new(), name: "main".to_owned(), path: name.to_owned() };
    let mut types = Types { names: &names, package: &main, imports: Imports::of_program() };
    let mut stubs = Vec::new();
    let functions: Vec<&Function> = world.functions_of(Direction::Export).collect();
    stubs.extend(implementation(&mut types, None, &functions)?);
    for interface in world.interfaces_of(Direction::Export) {
        let functions: Vec<&Function> = interface.functions.iter().map(|id| world.function(*id)).collect();
        stubs.extend(implementation(&mut types, Some(interface), &functions)?);
        for def in interface.types.iter().map(|id| world.type_def(*id)) {
            if matches!(def.kind, TypeKind::Resource) {
                stubs.push(resource(&mut types, def, &functions)?);
            }
        }
    }
    // Names of packages count in the whole file, so types take what they leave.
    let (mut views, mut exports) = (Vec::new(), Vec::new());
    for stub in stubs {
        let package = stub.package.clone();
        let view = stub.view(&mut types.imports);
        exports.extend(package.map(|package| format!("{package}.Export({}{{}})", view.name)));
        views.push(view);
    }
    let first = format!("Command {name} is a component of the WIT world {}.", world.qualified_name());
    Ok(view::GoStubsView {
        comment: paragraph(&package_comment(&first, world.docs.as_deref(), Vec::new(), &world.stability)),
        imports: types.imports.groups(),
        stubs: views,
        exports,
    })
}

/// A type before it has a name.
struct Stub {
    wanted: String,
    /// The package whose exports it implements.
    package: Option<String>,
    /// What methods call a value; none where values hold nothing.
    receiver: Option<String>,
    /// Without names.
    view: view::GoStubView,
}

impl Stub {
    fn view(self, imports: &mut Imports) -> view::GoStubView {
        let name = imports.own(&self.wanted);
        let receiver = match self.receiver {
            Some(receiver) => format!("{receiver} *{name}"),
            None => name.clone(),
        };
        view::GoStubView { name, receiver, ..self.view }
    }
}

/// What implements `Exports` of the world, or of an interface; none where there is nothing to implement.
fn implementation(
    types: &mut Types<'_, '_>,
    interface: Option<&Interface>,
    functions: &[&Function],
) -> Result<Option<Stub>> {
    let functions = functions.iter().filter(|function| !matches!(function.kind, FunctionKind::Method(_)));
    let methods = functions.map(|function| exported(types, function)).collect::<Result<Vec<_>>>()?;
    if methods.is_empty() {
        return Ok(None);
    }
    let package = interface.map_or(types.names.root(), |interface| types.names.interface(interface.id));
    let (wanted, comment) = match interface {
        Some(interface) => {
            let name = if interface.implements.is_some() { &interface.key } else { &interface.name };
            (format!("{name}-exports"), comment(interface.docs.as_deref(), &interface.stability))
        }
        None => ("app".to_owned(), Vec::new()),
    };
    let package = types.imports.package(&package.path, &package.name);
    let view = view::GoStubView { comment: paragraph(&comment), methods, ..view::GoStubView::default() };
    Ok(Some(Stub { wanted, package: Some(package), receiver: None, view }))
}

/// What implements a resource; only its methods among `functions` are its own.
fn resource(types: &mut Types<'_, '_>, def: &TypeDef, functions: &[&Function]) -> Result<Stub> {
    let methods = functions.iter().copied().filter(|function| function.kind == FunctionKind::Method(def.id));
    let methods: Vec<&Function> = methods.collect();
    let wanted = def.name.clone().unwrap_or_default();
    let receiver = receiver(types, &wanted, &methods)?;
    let view = view::GoStubView {
        comment: paragraph(&comment(def.docs.as_deref(), &def.stability)),
        implements: Some(types.text(witgen_ir::Type::Id(def.id))?),
        methods: methods.into_iter().map(|method| exported(types, method)).collect::<Result<_>>()?,
        ..view::GoStubView::default()
    };
    Ok(Stub { wanted, package: None, receiver: Some(receiver), view })
}

/// The first letter of the type, unless a parameter has that name already.
fn receiver(types: &Types<'_, '_>, resource: &str, methods: &[&Function]) -> Result<String> {
    let letter: String = resource.chars().take(1).flat_map(char::to_lowercase).collect();
    for method in methods {
        if types.names.function(method.id)?.params.contains(&letter) {
            return Ok(RECEIVER.to_owned());
        }
    }
    Ok(letter)
}
