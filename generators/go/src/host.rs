//! The packages of host bindings: one for the world, one per interface.

use std::collections::BTreeMap;

use witgen_backend::signature;
use witgen_emit::FileSet;
use witgen_ir::{Direction, Function, FunctionKind, Interface, InterfaceId, TypeDef, TypeKind};
use witgen_languages::Role;
use witgen_templates::go::{
    GivenFunctionView, GivenGlueView, GivenView, HostCallView, HostExportsView, HostFieldView, HostGlueView,
    HostMethodView, HostPackageView, HostWorldView, MethodView,
};

use crate::docs::{comment, paragraph};
use crate::guest::{HEADER, Signature, described, interface_comment, text, world_comment};
use crate::names::{Names, Package};
use crate::types::Types;
use crate::{declarations, example, glue, internal};

/// What functions of the world itself belong to.
const WORLD: Owner = Owner { exports: "Instance", imports: "World", is_world: true };
/// What those of an interface belong to.
const INTERFACE: Owner = Owner { exports: "Exports", imports: "Imports", is_world: false };

#[derive(Clone, Copy)]
struct Owner {
    exports: &'static str,
    imports: &'static str,
    is_world: bool,
}

/// Adds the files of every package.
pub(crate) fn render(names: &Names<'_>, files: &mut FileSet) -> witgen_diag::Result<()> {
    let world = names.world;
    let root = Contents {
        owner: WORLD,
        package: names.root(),
        comment: world_comment(names, example::blocks(names)?),
        types: world.world_types().collect(),
        functions: world.functions.iter().filter(|function| function.interface.is_none()).collect(),
    };
    root.render(names, files)?;
    for interface in &world.interfaces {
        Contents::of_interface(names, interface).render(names, files)?;
    }
    Ok(())
}

/// What a package holds.
struct Contents<'n, 'w> {
    owner: Owner,
    package: &'n Package,
    comment: Vec<String>,
    types: Vec<&'w TypeDef>,
    functions: Vec<&'w Function>,
}

impl<'n, 'w> Contents<'n, 'w> {
    fn of_interface(names: &'n Names<'w>, interface: &'w Interface) -> Self {
        Self {
            owner: INTERFACE,
            package: names.interface(interface.id),
            comment: interface_comment(names, interface),
            types: interface.types.iter().map(|id| names.world.type_def(*id)).collect(),
            functions: interface.functions.iter().map(|id| names.world.function(*id)).collect(),
        }
    }

    fn render(&self, names: &'n Names<'w>, files: &mut FileSet) -> witgen_diag::Result<()> {
        let dir = match self.package.dir.as_str() {
            "" => String::new(),
            dir => format!("{dir}/"),
        };
        files.insert(format!("{dir}bindings.go"), text(&self.api(names)?))?;
        if let Some(glue) = self.glue(names)? {
            files.insert(format!("{dir}glue.go"), text(&glue))?;
        }
        Ok(())
    }

    fn of(&self, direction: Direction) -> impl Iterator<Item = &'w Function> {
        self.functions.iter().copied().filter(move |function| function.direction == direction)
    }

    /// Imported functions that are methods of `Imports`.
    fn given(&self) -> impl Iterator<Item = &'w Function> {
        self.of(Direction::Import).filter(|function| !matches!(function.kind, FunctionKind::Method(_)))
    }

    /// Resources that are imported or exported here, under their first names.
    fn resources(&self, names: &Names<'w>, direction: Direction) -> witgen_diag::Result<Vec<&'w TypeDef>> {
        let mut found = Vec::new();
        for def in self.types.iter().filter(|def| matches!(def.kind, TypeKind::Resource)) {
            if names.resource(def.id)?.1 == direction {
                found.push(*def);
            }
        }
        Ok(found)
    }

    fn api(&self, names: &'n Names<'w>) -> witgen_diag::Result<HostPackageView> {
        let mut types = Types::new(names, self.package);
        let mut declared = Vec::new();
        for def in &self.types {
            let methods = self.of(Direction::Import).filter(|f| f.kind == FunctionKind::Method(def.id));
            let methods = methods.map(|f| method(&mut types, f)).collect::<Result<_, _>>()?;
            declared.push(declarations::view(&mut types, def, methods)?);
        }
        let methods: Vec<MethodView> =
            self.given().map(|function| method(&mut types, function)).collect::<Result<_, _>>()?;
        let given = (!methods.is_empty()).then(|| GivenView {
            name: self.owner.imports,
            comment: format!(
                "// {} is what a component is given; the program implements it.\n\
                 // An error of a function ends the component, unless WIT says that the function may fail so.\n",
                self.owner.imports
            ),
            methods,
        });
        let exports = self.exports(&mut types)?;
        let world = self.owner.is_world.then(|| world(&mut types, self)).transpose()?;
        Ok(HostPackageView {
            header: HEADER,
            comment: paragraph(&self.comment),
            name: self.package.name.clone(),
            imports: types.imports.groups(),
            types: declared,
            given,
            exports,
            world,
        })
    }

    fn exports(&self, types: &mut Types<'n, 'w>) -> witgen_diag::Result<Option<HostExportsView>> {
        let binding = self.binding(types)?;
        if binding.is_empty() {
            return Ok(None);
        }
        types.abi();
        let methods = self.of(Direction::Export).map(|function| self.exported(types, function));
        let methods = methods.collect::<witgen_diag::Result<_>>()?;
        let fields = self.fields(types)?;
        Ok(Some(HostExportsView {
            name: self.owner.exports,
            is_own: !self.owner.is_world,
            fields,
            binding,
            methods,
        }))
    }

    /// The fields that hold exported functions.
    fn fields(&self, types: &Types<'n, 'w>) -> witgen_diag::Result<Vec<String>> {
        let mut names = Vec::new();
        for function in self.of(Direction::Export) {
            names.push((format!("func{}", types.names.function(function.id)?.stem), "*host.Func"));
        }
        if self.owner.is_world {
            names.insert(0, ("instance".to_owned(), "*host.Instance"));
        }
        let width = names.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        Ok(names.iter().map(|(name, ty)| format!("{name:width$} {ty}")).collect())
    }

    /// Statements that find the exports.
    fn binding(&self, types: &Types<'n, 'w>) -> witgen_diag::Result<Vec<String>> {
        let mut lines = Vec::new();
        for resource in self.resources(types.names, Direction::Export)? {
            let kind = resource_kind(types.names, resource)?;
            let wit = self.wit(types.names, resource.name.as_deref().unwrap_or_default(), Direction::Export);
            lines.push(format!("linker.ExportResource(\"{wit}\", {kind}, r)"));
        }
        for function in self.of(Direction::Export) {
            let stem = &types.names.function(function.id)?.stem;
            let wit = self.wit(types.names, &function.wit_name, Direction::Export);
            let signature = signature::text(types.names.world, function)?;
            lines.push(format!("r.func{stem} = linker.Export(\"{wit}\", \"{signature}\")"));
        }
        Ok(lines)
    }

    /// The name by which a linker knows an item.
    fn wit(&self, names: &Names<'w>, item: &str, direction: Direction) -> String {
        let of = |interface: &&Interface| names.interface(interface.id) == self.package;
        match names.world.interfaces.iter().filter(|found| found.direction == direction).find(of) {
            Some(interface) if !self.owner.is_world => format!("{}#{item}", interface.key),
            _ => item.to_owned(),
        }
    }

    fn exported(
        &self,
        types: &mut Types<'n, 'w>,
        function: &Function,
    ) -> witgen_diag::Result<HostMethodView> {
        let names = types.names.function(function.id)?;
        let signature = Signature::of(types, function)?;
        let (receiver, exports) = match function.kind {
            FunctionKind::Method(id) => (format!("*{}", types.names.type_names(id)?.name), "r.of()"),
            _ => (format!("*{}", self.owner.exports), "r"),
        };
        Ok(HostMethodView {
            comment: paragraph(&described(types.names, function)?),
            receiver,
            name: names.name.clone(),
            params: with_context(types, &signature),
            results: results(types, function)?,
            call: format!("{exports}.call{}({})", names.stem, joined("ctx", &signature.arguments())),
        })
    }

    fn glue(&self, names: &'n Names<'w>) -> witgen_diag::Result<Option<HostGlueView>> {
        let mut types = Types::new(names, self.package);
        let mut calls = Vec::new();
        for function in self.of(Direction::Export) {
            let stem = &names.function(function.id)?.stem;
            let made = glue::exported(&mut types, function, abi(function)?, &format!("r.func{stem}"))?;
            types.imports.fixed("context", "context");
            calls.push(HostCallView {
                name: format!("(r *{}) call{stem}", self.owner.exports),
                params: joined("ctx context.Context", &made.params.join(", ")),
                results: made.results,
                body: made.body,
            });
        }
        let given = self.given_glue(&mut types)?;
        if given.is_none() && calls.is_empty() {
            return Ok(None);
        }
        Ok(Some(HostGlueView {
            header: HEADER,
            package: self.package.name.clone(),
            imports: types.imports.groups(),
            given,
            calls,
        }))
    }

    fn given_glue(&self, types: &mut Types<'n, 'w>) -> witgen_diag::Result<Option<GivenGlueView>> {
        let resources = self.resources(types.names, Direction::Import)?;
        if resources.is_empty() && self.of(Direction::Import).next().is_none() {
            return Ok(None);
        }
        types.abi();
        let mut lines = Vec::new();
        for resource in resources {
            let kind = resource_kind(types.names, resource)?;
            let wit = self.wit(types.names, resource.name.as_deref().unwrap_or_default(), Direction::Import);
            lines.push(format!("linker.Resource(\"{wit}\", {kind})"));
        }
        let mut functions = Vec::new();
        for function in self.of(Direction::Import) {
            let name = types.names.function(function.id)?.name.clone();
            let callee = match function.kind {
                FunctionKind::Method(_) => name,
                _ => format!("imports.{name}"),
            };
            let abi = abi(function)?;
            functions.push(GivenFunctionView {
                name: format!("\"{}\"", self.wit(types.names, &function.wit_name, Direction::Import)),
                signature: format!("\"{}\"", signature::text(types.names.world, function)?),
                stack: if abi.params.is_empty() && abi.results.is_empty() { "_" } else { "stack" },
                body: glue::imported(types, function, abi, callee)?,
            });
        }
        let name = if self.owner.is_world { "addImports" } else { "AddImports" };
        let params = match self.given().next() {
            Some(_) => format!("linker *host.Linker, imports {}", self.owner.imports),
            None => "linker *host.Linker".to_owned(),
        };
        Ok(Some(GivenGlueView {
            signature: format!("{name}({params})"),
            is_public: !self.owner.is_world,
            resources: lines,
            functions,
        }))
    }
}

fn abi(function: &Function) -> witgen_diag::Result<&witgen_ir::abi::FunctionAbi> {
    function.abi.as_ref().ok_or_else(|| internal("a function without an ABI"))
}

fn resource_kind(names: &Names<'_>, resource: &TypeDef) -> witgen_diag::Result<String> {
    names
        .type_names(resource.id)?
        .members
        .first()
        .cloned()
        .ok_or_else(|| internal("a resource without a kind"))
}

/// `ctx context.Context, name string`
fn with_context(types: &mut Types<'_, '_>, signature: &Signature) -> String {
    types.imports.fixed("context", "context");
    joined("ctx context.Context", &signature.named())
}

fn joined(first: &str, rest: &str) -> String {
    match rest {
        "" => first.to_owned(),
        rest => format!("{first}, {rest}"),
    }
}

/// `(string, error)`
fn results(types: &mut Types<'_, '_>, function: &Function) -> witgen_diag::Result<String> {
    let mut results = types.host_results(function.result, "")?;
    results.push("error".to_owned());
    Ok(match results.len() {
        1 => results.concat(),
        _ => format!("({})", results.join(", ")),
    })
}

/// A method that the program implements.
fn method(types: &mut Types<'_, '_>, function: &Function) -> witgen_diag::Result<MethodView> {
    let name = types.names.function(function.id)?.name.clone();
    let signature = Signature::of(types, function)?;
    Ok(MethodView {
        comment: comment(function.docs.as_deref(), &function.stability),
        name,
        params: with_context(types, &signature),
        results: format!(" {}", results(types, function)?),
    })
}

/// How an instance is made.
fn world(types: &mut Types<'_, '_>, root: &Contents<'_, '_>) -> witgen_diag::Result<HostWorldView> {
    let names = types.names;
    types.abi();
    types.imports.fixed("context", "context");
    let mut view = HostWorldView {
        world: names.world.qualified_name(),
        imports: Vec::new(),
        exports: Vec::new(),
        linking: Vec::new(),
        binding: Vec::new(),
        fields: root.fields(types)?,
    };
    let mut given = Vec::new();
    if root.given().next().is_some() {
        given.push(("World".to_owned(), "World".to_owned(), "what the world itself imports".to_owned()));
        view.linking.extend(guarded("World", "addImports"));
    } else if root.of(Direction::Import).next().is_some()
        || !root.resources(names, Direction::Import)?.is_empty()
    {
        view.linking.push("addImports(linker)".to_owned());
    }
    let fields = interface_fields(names, Direction::Import);
    for interface in names.world.interfaces_of(Direction::Import) {
        let contents = Contents::of_interface(names, interface);
        if contents.of(Direction::Import).next().is_none()
            && contents.resources(names, Direction::Import)?.is_empty()
        {
            continue;
        }
        let package = types.imports.package(&contents.package.path, &contents.package.name);
        if contents.given().next().is_none() {
            view.linking.push(format!("{package}.AddImports(linker)"));
            continue;
        }
        let field = fields.get(&interface.id).cloned().unwrap_or_default();
        view.linking.extend(guarded(&field, &format!("{package}.AddImports")));
        given.push((field, format!("{package}.Imports"), interface.key.clone()));
    }
    let mut exports = Vec::new();
    let fields = interface_fields(names, Direction::Export);
    for interface in names.world.interfaces_of(Direction::Export) {
        let contents = Contents::of_interface(names, interface);
        if contents.binding(types)?.is_empty() {
            continue;
        }
        let package = types.imports.package(&contents.package.path, &contents.package.name);
        let field = fields.get(&interface.id).cloned().unwrap_or_default();
        view.binding.push(format!("r.{field} = {package}.NewExports(linker)"));
        exports.push((field, format!("*{package}.Exports"), interface.key.clone()));
    }
    view.binding.extend(root.binding(types)?);
    view.imports = field_views(given, "implements");
    view.exports = field_views(exports, "has the functions of");
    Ok(view)
}

/// The fields of `Imports` or `Instance` for interfaces.
pub(crate) fn interface_fields(names: &Names<'_>, direction: Direction) -> BTreeMap<InterfaceId, String> {
    let mut scope = names.fields(direction);
    let interfaces = names.world.interfaces_of(direction);
    interfaces.map(|interface| (interface.id, scope.name(Role::Type, &interface.name))).collect()
}

/// Whether a program gives anything to an instance.
pub(crate) fn has_imports(names: &Names<'_>) -> bool {
    let is_given = |function: &Function| {
        function.direction == Direction::Import && !matches!(function.kind, FunctionKind::Method(_))
    };
    names.world.functions.iter().any(is_given)
}

/// Statements that give an implementation that is not nil.
fn guarded(field: &str, function: &str) -> [String; 3] {
    [
        format!("if imports.{field} != nil {{"),
        format!("\t{function}(linker, imports.{field})"),
        "}".to_owned(),
    ]
}

fn field_views(fields: Vec<(String, String, String)>, verb: &str) -> Vec<HostFieldView> {
    let view = |(name, ty, what): (String, String, String)| HostFieldView {
        comment: format!("{name} {verb} {what}."),
        name,
        ty,
    };
    fields.into_iter().map(view).collect()
}
