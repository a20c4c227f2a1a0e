//! How the types of WIT are spelled in Go.

use witgen_ir::{Direction, Type, TypeDef, TypeId, TypeKind};
use witgen_languages::Side;

use crate::imports::Imports;
use crate::internal;
use crate::names::{Names, Package};

/// The longest tuple of package `wit`; the last element of a longer one is a tuple of the rest.
pub(crate) const LONGEST_TUPLE: usize = 32;

/// Spells types for one file.
pub(crate) struct Types<'n, 'w> {
    /// The names of the world.
    pub(crate) names: &'n Names<'w>,
    /// The package that the file belongs to.
    pub(crate) package: &'n Package,
    /// What the file imports.
    pub(crate) imports: Imports,
}

impl<'n, 'w> Types<'n, 'w> {
    /// For a file of `package`.
    pub(crate) fn new(names: &'n Names<'w>, package: &'n Package) -> Self {
        let imports = match names.side {
            Side::Guest => Imports::new(&["exports"]),
            Side::Host => Imports::of_host(&["exports"]),
        };
        Self { names, package, imports }
    }

    /// The type.
    pub(crate) fn text(&mut self, ty: Type) -> witgen_diag::Result<String> {
        let def = match ty {
            Type::Id(id) => self.names.world.type_def(id),
            other => return Ok(scalar(other)?.to_owned()),
        };
        match def.name {
            Some(_) => self.named(def),
            None => self.structural(def),
        }
    }

    /// What a type is made of, whether it has a name or not.
    pub(crate) fn structural(&mut self, def: &TypeDef) -> witgen_diag::Result<String> {
        Ok(match &def.kind {
            TypeKind::List(Type::U8) => "[]byte".to_owned(),
            TypeKind::List(element) => format!("[]{}", self.text(*element)?),
            TypeKind::Option { some, .. } => format!("*{}", self.text(*some)?),
            TypeKind::Map(key, value) => format!("map[{}]{}", self.text(*key)?, self.text(*value)?),
            TypeKind::Result { ok, err, .. } => {
                let (ok, err) = (self.or_unit(*ok)?, self.or_unit(*err)?);
                format!("{}.Result[{ok}, {err}]", self.wit())
            }
            TypeKind::Tuple { types, .. } => self.tuple(types)?,
            TypeKind::Own(id) | TypeKind::Borrow(id) => {
                let name = self.text(Type::Id(*id))?;
                match self.names.resource(*id)?.1 == self.own_direction() {
                    true => name,
                    false => format!("*{name}"),
                }
            }
            other => return Err(internal(format!("an unnamed {other:?}"))),
        })
    }

    /// The direction of the resources that the program implements itself.
    pub(crate) fn own_direction(&self) -> Direction {
        match self.names.side {
            Side::Guest => Direction::Export,
            Side::Host => Direction::Import,
        }
    }

    /// The type, or `struct{}` for none.
    pub(crate) fn or_unit(&mut self, ty: Option<Type>) -> witgen_diag::Result<String> {
        ty.map_or(Ok("struct{}".to_owned()), |ty| self.text(ty))
    }

    /// The type of a member of a named type, such as a case; its name is `member`.
    pub(crate) fn member(&mut self, owner: TypeId, member: &str) -> String {
        let package = self.names.owner(self.names.world.type_def(owner));
        self.qualified(package, member)
    }

    /// The name of package `wit`, which is then imported.
    pub(crate) fn wit(&mut self) -> &'static str {
        let path = &self.names.wit_path;
        self.imports.fixed(path, "wit")
    }

    /// The name of package `abi` or `host`, which is then imported.
    pub(crate) fn abi(&mut self) -> &'static str {
        let path = &self.names.abi_path;
        let name = match self.names.side {
            Side::Guest => "abi",
            Side::Host => "host",
        };
        self.imports.fixed(path, name)
    }

    /// The result of a Go function with a space before it: nothing, a type, or several in parentheses.
    pub(crate) fn results(&mut self, result: Option<Type>) -> witgen_diag::Result<String> {
        let Some(ty) = result else { return Ok(String::new()) };
        let text = self.result(ty)?;
        Ok(format!(" {text}"))
    }

    /// The results of a function of a host, which may always fail: `name` is put before each, unless it is empty.
    pub(crate) fn host_results(
        &mut self,
        result: Option<Type>,
        name: &str,
    ) -> witgen_diag::Result<Vec<String>> {
        let types = match result.map(|ty| (ty, Shape::of(self.names, ty))) {
            None | Some((_, Shape::Fallible { ok: None })) => Vec::new(),
            Some((_, Shape::Fallible { ok: Some(ok) })) => vec![self.text(ok)?],
            Some((_, Shape::Several(types))) => {
                types.iter().map(|ty| self.text(*ty)).collect::<Result<Vec<_>, _>>()?
            }
            Some((ty, Shape::One)) => vec![self.text(ty)?],
        };
        let several = types.len() > 1;
        let named = types.into_iter().enumerate().map(|(index, ty)| match (name, several) {
            ("", _) => ty,
            (_, true) => format!("{name}{index} {ty}"),
            (_, false) => format!("{name} {ty}"),
        });
        Ok(named.collect())
    }

    fn result(&mut self, ty: Type) -> witgen_diag::Result<String> {
        Ok(match Shape::of(self.names, ty) {
            Shape::Fallible { ok: None } => "error".to_owned(),
            Shape::Fallible { ok: Some(ok) } => format!("({}, error)", self.text(ok)?),
            Shape::Several(types) => {
                let texts = types.iter().map(|ty| self.text(*ty)).collect::<Result<Vec<_>, _>>()?;
                match texts.len() {
                    1 => texts.concat(),
                    _ => format!("({})", texts.join(", ")),
                }
            }
            Shape::One => self.text(ty)?,
        })
    }

    fn named(&mut self, def: &TypeDef) -> witgen_diag::Result<String> {
        let name = self.names.type_names(def.id)?.name.clone();
        let package = self.names.owner(def);
        Ok(self.qualified(package, &name))
    }

    fn qualified(&mut self, package: &Package, name: &str) -> String {
        if package == self.package {
            return name.to_owned();
        }
        format!("{}.{name}", self.imports.package(&package.path, &package.name))
    }

    fn tuple(&mut self, types: &[Type]) -> witgen_diag::Result<String> {
        let (own, rest) = match types.len() {
            ..=LONGEST_TUPLE => (types, None),
            _ => {
                let (own, rest) = types.split_at(LONGEST_TUPLE - 1);
                (own, Some(self.tuple(rest)?))
            }
        };
        let mut texts = own.iter().map(|ty| self.text(*ty)).collect::<Result<Vec<_>, _>>()?;
        texts.extend(rest);
        Ok(format!("{}.Tuple{}[{}]", self.wit(), texts.len(), texts.join(", ")))
    }
}

/// The field of each element of a tuple of this length: `F0`, and `F31.F0` for the 32nd of a long one.
pub(crate) fn tuple_fields(length: usize) -> Vec<String> {
    if length <= LONGEST_TUPLE {
        return (0..length).map(|index| format!("F{index}")).collect();
    }
    let own = LONGEST_TUPLE - 1;
    let rest = tuple_fields(length - own).into_iter().map(|field| format!("F{own}.{field}"));
    (0..own).map(|index| format!("F{index}")).chain(rest).collect()
}

/// How the result of a function is returned.
pub(crate) enum Shape<'w> {
    /// `(T, error)` or `error`
    Fallible {
        /// The type of `ok`.
        ok: Option<Type>,
    },
    /// The elements of a tuple, one result each.
    Several(&'w [Type]),
    /// As it is.
    One,
}

impl<'w> Shape<'w> {
    /// The shape of a result of this type.
    pub(crate) fn of(names: &Names<'w>, ty: Type) -> Self {
        let Type::Id(id) = names.world.resolve_alias(ty) else { return Self::One };
        match &names.world.type_def(id).kind {
            TypeKind::Result { ok, .. } => Self::Fallible { ok: *ok },
            TypeKind::Tuple { types, .. } => Self::Several(types),
            _ => Self::One,
        }
    }
}

fn scalar(ty: Type) -> witgen_diag::Result<&'static str> {
    Ok(match ty {
        Type::Bool => "bool",
        Type::U8 => "uint8",
        Type::U16 => "uint16",
        Type::U32 => "uint32",
        Type::U64 => "uint64",
        Type::S8 => "int8",
        Type::S16 => "int16",
        Type::S32 => "int32",
        Type::S64 => "int64",
        Type::F32 => "float32",
        Type::F64 => "float64",
        Type::Char => "rune",
        Type::String => "string",
        Type::ErrorContext | Type::Id(_) => return Err(internal("an error context")),
    })
}
