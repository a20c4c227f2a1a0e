//! Maps, which componentize-py does not know.
//!
//! In the canonical ABI a `map<k, v>` is a `list<tuple<k, v>>`, and a tuple of one element is laid out as that element.
//! So the tool is shown `list<tuple<tuple<k, v>>>` for each map, and the component that it makes gets the maps back.
//! The outer tuple tells these lists from lists of pairs; where the world has such lists too, there are more of it.

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, component_utils};
use wasm_encoder::{Component, ComponentSectionId, ComponentTypeEncoder, RawSection};
use wasmparser::{
    ComponentAlias, ComponentDefinedType, ComponentExport, ComponentExternalKind, ComponentOuterAliasKind,
    ComponentType, ComponentTypeRef, ComponentValType, Parser,
};
use wit_parser::{Resolve, Tuple, Type, TypeDef, TypeDefKind, TypeId, TypeOwner};
use witgen_diag::{Diagnostic, Id};

/// Makes every map of `resolve` a list, and returns how many tuples of one element are around each of its pairs; zero
/// when there are no maps.
pub(super) fn listed(resolve: &mut Resolve) -> usize {
    let maps: Vec<(TypeId, Type, Type)> = resolve
        .types
        .iter()
        .filter_map(|(id, def)| match def.kind {
            TypeDefKind::Map(key, value) => Some((id, key, value)),
            _ => None,
        })
        .collect();
    if maps.is_empty() {
        return 0;
    }
    let depth = 1 + resolve.types.iter().map(|(_, def)| wrappings(resolve, def)).max().unwrap_or_default();
    for (id, key, value) in maps {
        let mut element = vec![key, value];
        for _ in 0..=depth {
            let def = TypeDef {
                name: None,
                owner: TypeOwner::None,
                kind: TypeDefKind::Tuple(Tuple { types: element }),
                ..resolve.types[id].clone()
            };
            element = vec![Type::Id(resolve.types.alloc(def))];
        }
        if let Some(element) = element.pop() {
            resolve.types[id].kind = TypeDefKind::List(element);
        }
    }
    depth
}

/// How many tuples of one element are around the elements of a list.
fn wrappings(resolve: &Resolve, def: &TypeDef) -> usize {
    let TypeDefKind::List(mut element) = def.kind else { return 0 };
    let mut depth = 0;
    while let Type::Id(id) = element {
        match &resolve.types[id].kind {
            TypeDefKind::Type(target) => element = *target,
            TypeDefKind::Tuple(tuple) if tuple.types.len() == 1 => {
                depth += 1;
                element = tuple.types[0];
            }
            _ => break,
        }
    }
    depth
}

/// The component with maps where it has lists of pairs in `depth` tuples of one element.
pub(super) fn restored(component: &[u8], depth: usize) -> witgen_diag::Result<Vec<u8>> {
    if depth == 0 {
        return Ok(component.to_vec());
    }
    let mut out = Component::new();
    let mut restorer = Restorer { depth, scopes: vec![Vec::new()] };
    restorer.parse_component(&mut out, Parser::new(0), component).map_err(|reason| {
        Diagnostic::error(Id::Internal, "the maps of a component cannot be restored").note(reason.to_string())
    })?;
    Ok(out.finish())
}

/// What is known of a type.
enum Known {
    Tuple(Vec<ComponentValType>),
    Other,
}

struct Restorer {
    depth: usize,
    /// The types of the component, or type of one, that is read, behind those around it.
    scopes: Vec<Vec<Known>>,
}

impl Restorer {
    fn add(&mut self, known: Known) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(known);
        }
    }

    fn tuple(&self, ty: ComponentValType) -> Option<&[ComponentValType]> {
        let ComponentValType::Type(index) = ty else { return None };
        match self.scopes.last()?.get(index as usize)? {
            Known::Tuple(types) => Some(types),
            Known::Other => None,
        }
    }

    /// The key and the value of the map that a list of `element` stands for.
    fn entry(&self, mut element: ComponentValType) -> Option<(ComponentValType, ComponentValType)> {
        for _ in 0..self.depth {
            let [inner] = self.tuple(element)? else { return None };
            element = *inner;
        }
        let [key, value] = self.tuple(element)? else { return None };
        Some((*key, *value))
    }
}

impl Reencode for Restorer {
    type Error = std::convert::Infallible;
}

impl ReencodeComponent for Restorer {
    fn push_depth(&mut self) {
        self.scopes.push(Vec::new());
    }

    fn pop_depth(&mut self) {
        self.scopes.pop();
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        _: Parser,
        module: &[u8],
    ) -> Result<(), Error<Self::Error>> {
        component.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data: module });
        Ok(())
    }

    fn parse_component_type(
        &mut self,
        encoder: ComponentTypeEncoder<'_>,
        ty: ComponentType<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let known = match &ty {
            ComponentType::Defined(ComponentDefinedType::Tuple(types)) => Known::Tuple(types.to_vec()),
            _ => Known::Other,
        };
        let entry = match &ty {
            ComponentType::Defined(ComponentDefinedType::List(element)) => self.entry(*element),
            _ => None,
        };
        match entry {
            Some((key, value)) => {
                let (key, value) = (self.component_val_type(key), self.component_val_type(value));
                encoder.defined_type().map(key, value);
            }
            None => component_utils::parse_component_type(self, encoder, ty)?,
        }
        self.add(known);
        Ok(())
    }

    fn component_alias<'a>(
        &mut self,
        alias: ComponentAlias<'a>,
    ) -> Result<wasm_encoder::Alias<'a>, Error<Self::Error>> {
        match alias {
            ComponentAlias::InstanceExport { kind: ComponentExternalKind::Type, .. }
            | ComponentAlias::Outer { kind: ComponentOuterAliasKind::Type, .. } => self.add(Known::Other),
            _ => {}
        }
        component_utils::component_alias(self, alias)
    }

    fn parse_component_export(
        &mut self,
        exports: &mut wasm_encoder::ComponentExportSection,
        export: ComponentExport<'_>,
    ) -> Result<(), Error<Self::Error>> {
        // One that says its type comes by `component_type_ref`.
        if export.kind == ComponentExternalKind::Type && export.ty.is_none() {
            self.add(Known::Other);
        }
        component_utils::parse_component_export(self, exports, export)
    }

    fn component_type_ref(
        &mut self,
        ty: ComponentTypeRef,
    ) -> Result<wasm_encoder::ComponentTypeRef, Error<Self::Error>> {
        if matches!(ty, ComponentTypeRef::Type(_)) {
            self.add(Known::Other);
        }
        component_utils::component_type_ref(self, ty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &str = "
        interface types {
          type scores = map<string, u32>;
          record team { name: string, scores: scores, more: option<map<u8, list<map<char, team-id>>>> }
          type team-id = u64;
          resource keeper { constructor(start: map<u8, u8>); }
        }
        interface i {
          use types.{team, scores as other, keeper};
          f: func(team: team, again: map<string, team>) -> result<other, map<u8, own<keeper>>>;
        }
        world w {
          import types; import i; export i; export plain: interface { g: func(x: map<u8, bool>); }
          import h: func() -> map<u8, string>;
    ";

    fn resolved(text: &str) -> (Resolve, wit_parser::WorldId) {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("t.wit", &format!("package t:t; {text}")).unwrap();
        let world = resolve.select_world(&[package], None).unwrap();
        (resolve, world)
    }

    fn component((resolve, world): &(Resolve, wit_parser::WorldId)) -> Vec<u8> {
        let mangling = wit_parser::ManglingAndAbi::Standard32;
        let mut module = wit_component::dummy_module(resolve, *world, mangling);
        let encoding = wit_component::StringEncoding::UTF8;
        wit_component::embed_component_metadata(&mut module, resolve, *world, encoding, false).unwrap();
        wit_component::ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
    }

    /// The WIT of a component.
    fn wit(component: &[u8]) -> String {
        let features = wasmparser::WasmFeatures::default() | wasmparser::WasmFeatures::CM_MAP;
        wasmparser::Validator::new_with_features(features).validate_all(component).unwrap();
        let decoded = wit_component::decode(component).unwrap();
        let mut printer = wit_component::WitPrinter::default();
        let others: Vec<_> = decoded
            .resolve()
            .packages
            .iter()
            .map(|(id, _)| id)
            .filter(|id| *id != decoded.package())
            .collect();
        printer.print(decoded.resolve(), decoded.package(), &others).unwrap();
        printer.output.to_string()
    }

    fn check(text: &str, depth: usize) {
        let wanted = wit(&component(&resolved(text)));
        let mut changed = resolved(text);
        assert_eq!(listed(&mut changed.0), depth);
        let shown = component(&changed);
        assert_eq!(wit(&shown).matches("map<").count(), 0);
        assert_eq!(wit(&restored(&shown, depth).unwrap()), wanted);
    }

    #[test]
    fn maps_become_lists_and_are_maps_again() {
        check(&format!("{MAPS} }}"), 1);
    }

    #[test]
    fn lists_that_look_alike_stay_lists() {
        check(&format!("{MAPS} import p: func(a: list<tuple<u8, u8>>); }}"), 1);
        check(&format!("{MAPS} import p: func(a: list<tuple<tuple<u8, bool>>>) -> map<u8, bool>; }}"), 2);
        check(&format!("{MAPS} type t = tuple<tuple<u8, u8>>; import p: func(a: list<t>); }}"), 2);
        check(&format!("{MAPS} export p: func(a: list<tuple<tuple<tuple<u8, u8>>>>); }}"), 3);
    }

    #[test]
    fn world_without_maps_stays_as_it_is() {
        let mut world = resolved("world w { import p: func(a: list<tuple<tuple<u8, u8>>>); }");
        assert_eq!(listed(&mut world.0), 0);
        let made = component(&world);
        assert_eq!(restored(&made, 0).unwrap(), made);
    }

    #[test]
    fn damaged_component_is_an_error() {
        let made = component(&resolved("world w { import p: func(); }"));
        assert_eq!(restored(&made[..made.len() - 3], 1).unwrap_err()[0].id, Id::Internal);
        assert!(restored(b"no component", 1).is_err());
    }
}
