//! What there is to test: vectors bound to the WIT that they speak of, and the cases that follow from them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use wit_parser::{InterfaceId, Resolve};
use witgen_backend::testee::{Call, Cases, Expected, Group, Misuse, MisuseKind, Role};
use witgen_diag::{Diagnostic, Id};
use witgen_ir::{Direction, FunctionKind, Type, TypeKind, Value, World};
use witgen_languages::{Language, Side};

use crate::derive::{self, Subject};
use crate::report;
use crate::scripts::Script;
use crate::suites;
use crate::testees::Derived;
use crate::vectors::{Outcome, Suite, Text, Vector};
use crate::wave;

/// Steps of a round trip, in the order of their numbers.
pub(crate) const STEPS: [&str; 3] = ["roundtrip", "check", "give"];

/// Everything under test.
pub(crate) struct Plan {
    pub(crate) resolve: Resolve,
    pub(crate) types: Vec<TypeUnderTest>,
    pub(crate) calls: Vec<CallUnderTest>,
    /// Scripts with the name of their suite; only the suites that come with witgen have some.
    pub(crate) scripts: Vec<(String, Script)>,
}

pub(crate) struct TypeUnderTest {
    pub(crate) suite: String,
    /// `types.order`
    pub(crate) label: String,
    pub(crate) subject: Subject,
    vectors: Vec<Vector>,
    name: Text,
}

pub(crate) struct CallUnderTest {
    pub(crate) suite: String,
    /// `api.total[0]`
    pub(crate) label: String,
    pub(crate) interface: InterfaceId,
    /// The name in a component.
    function: String,
    args: Vec<Vector>,
    outcome: Outcome,
    name: Text,
}

/// One case and how it is run.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) info: report::Case,
    pub(crate) action: Action,
}

#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// A step with a value of a type.
    Run { ty: usize, value: u32, step: u32 },
    /// A call of a function under test.
    Call { index: usize, trap: Option<String> },
    /// A script; one of wrong uses is for hosts alone.
    Script { index: usize, is_misuse: bool },
    /// A host that calls passes a wrong argument.
    Misuse { ty: usize, kind: MisuseKind },
}

impl Plan {
    /// Finds everything that `suites` speak of.
    pub(crate) fn new(resolve: Resolve, suites: Vec<Suite>) -> witgen_diag::Result<Self> {
        let mut findings = Vec::new();
        let mut types = Vec::new();
        let mut calls = Vec::new();
        for suite in suites {
            for entry in suite.types {
                match derive::find_type(&resolve, &entry.name.text) {
                    Ok(found) => types.push((suite.name.clone(), entry, found)),
                    Err(all) => findings.push(unknown("type", &entry.name, &all)),
                }
            }
            let mut count = BTreeMap::new();
            for entry in suite.calls {
                match derive::find_function(&resolve, &entry.func.text) {
                    Ok((interface, function)) => {
                        let label = short(&entry.func.text);
                        let index = count.entry(label.clone()).or_insert(0_usize);
                        calls.push(CallUnderTest {
                            suite: suite.name.clone(),
                            label: format!("{label}[{index}]"),
                            interface,
                            function: function.to_owned(),
                            args: entry.args,
                            outcome: entry.outcome,
                            name: entry.func,
                        });
                        *index += 1;
                    }
                    Err(all) => findings.push(unknown("function", &entry.func, &all)),
                }
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let found: Vec<_> = types.iter().map(|(_, _, found)| *found).collect();
        let subjects = derive::subjects(&resolve, &found);
        let types = types.into_iter().zip(subjects).map(|((suite, entry, _), subject)| TypeUnderTest {
            suite,
            label: short(&entry.name.text),
            subject,
            vectors: entry.values,
            name: entry.name,
        });
        Ok(Self { types: types.collect(), calls, scripts: Vec::new(), resolve })
    }

    /// Every case, in the order of the report.
    pub(crate) fn cases(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        for (ty, under_test) in self.types.iter().enumerate() {
            for (index, vector) in under_test.vectors.iter().enumerate() {
                for (step, name) in STEPS.iter().enumerate() {
                    let name = format!("{}[{index}].{name}", under_test.label);
                    let info = report::Case { suite: under_test.suite.clone(), name, vector: shown(vector) };
                    let action = Action::Run { ty, value: number(index), step: number(step) };
                    cases.push(Case { info, action });
                }
            }
        }
        for (index, call) in self.calls.iter().enumerate() {
            let args: Vec<String> = call.args.iter().map(shown).collect();
            let trap = match &call.outcome {
                Outcome::Trap(glob) => Some(glob.text.clone()),
                Outcome::Return(_) => None,
            };
            let info = report::Case {
                suite: call.suite.clone(),
                name: call.label.clone(),
                vector: format!("({})", args.join(", ")),
            };
            cases.push(Case { info, action: Action::Call { index, trap } });
        }
        for (index, (suite, script)) in self.scripts.iter().enumerate() {
            let info = report::Case {
                suite: suite.clone(),
                name: script.name.clone(),
                vector: script.steps.join("; "),
            };
            let is_misuse = suite == suites::MISUSE;
            cases.push(Case { info, action: Action::Script { index, is_misuse } });
        }
        for (ty, under_test) in self.types.iter().enumerate() {
            for kind in self.misuses(ty) {
                let name = format!("{}.{}", under_test.label, kind.name());
                let info = report::Case { suite: suites::MISUSE.to_owned(), name, vector: String::new() };
                cases.push(Case { info, action: Action::Misuse { ty, kind } });
            }
        }
        cases
    }

    /// What can be wrong with an argument of a type.
    fn misuses(&self, ty: usize) -> Vec<MisuseKind> {
        use wit_parser::{Type, TypeDefKind};
        let mut ty = Type::Id(self.types[ty].subject.ty);
        while let Type::Id(id) = ty {
            let TypeDefKind::Type(target) = self.resolve.types[id].kind else { break };
            ty = target;
        }
        let fits = |kind: &MisuseKind| match (kind, ty) {
            (
                MisuseKind::Above | MisuseKind::Below,
                Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::S8 | Type::S16 | Type::S32 | Type::S64,
            )
            | (MisuseKind::LoneSurrogate, Type::String)
            | (MisuseKind::WrongType, _) => true,
            (MisuseKind::UnknownCase, Type::Id(id)) => {
                matches!(self.resolve.types[id].kind, TypeDefKind::Enum(_) | TypeDefKind::Variant(_))
            }
            _ => false,
        };
        MisuseKind::ALL.into_iter().filter(fits).collect()
    }

    /// The misuses of the types with these indices, in the order of [`Cases::misuses`].
    pub(crate) fn misuses_of(&self, indices: &[usize]) -> Vec<(usize, MisuseKind)> {
        indices.iter().flat_map(|ty| self.misuses(*ty).into_iter().map(|kind| (*ty, kind))).collect()
    }

    /// Which of the types a side of `language` supports; for each other one the reason.
    pub(crate) fn supported(
        &self,
        language: Language,
        side: Side,
        scratch: &Path,
    ) -> witgen_diag::Result<Vec<Result<(), String>>> {
        let all: Vec<usize> = (0..self.types.len()).collect();
        if all.is_empty()
            || self.derive_types(&all, Role::Importer, scratch)?.is_supported(language, side).is_ok()
        {
            return Ok(vec![Ok(()); self.types.len()]);
        }
        let one = |index: usize| {
            let derived = self.derive_types(&[index], Role::Importer, scratch)?;
            Ok(derived.is_supported(language, side).map_err(first_message))
        };
        all.into_iter().map(one).collect()
    }

    /// Writes the derived WIT of the types with these indices below `scratch`, and reads one of its worlds.
    pub(crate) fn derive_types(
        &self,
        indices: &[usize],
        role: Role,
        scratch: &Path,
    ) -> witgen_diag::Result<Derived> {
        let subjects: Vec<Subject> = indices.iter().map(|index| self.types[*index].subject.clone()).collect();
        let dir = fresh(scratch)?;
        derive::write_types(&self.resolve, &subjects, &dir)?;
        Derived::read(&dir, role)
    }

    /// Which of the calls a side of `language` supports; for each other one the reason.
    pub(crate) fn supported_calls(
        &self,
        language: Language,
        side: Side,
        scratch: &Path,
    ) -> witgen_diag::Result<Vec<Result<(), String>>> {
        let all: Vec<usize> = (0..self.calls.len()).collect();
        // A host loads what exports them.
        let role = match side {
            Side::Guest => Role::Importer,
            Side::Host => Role::Exporter,
        };
        if all.is_empty() || self.derive_calls(&all, role, scratch)?.is_supported(language, side).is_ok() {
            return Ok(vec![Ok(()); all.len()]);
        }
        let mut known = BTreeMap::new();
        let mut supported = Vec::new();
        for (index, call) in self.calls.iter().enumerate() {
            let found: &Result<(), String> = match known.entry((call.interface, &call.function)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let derived = self.derive_calls(&[index], role, scratch)?;
                    new.insert(derived.is_supported(language, side).map_err(first_message))
                }
            };
            supported.push(found.clone());
        }
        Ok(supported)
    }

    /// The same as [`Self::derive_types`] for the calls with these indices.
    pub(crate) fn derive_calls(
        &self,
        indices: &[usize],
        role: Role,
        scratch: &Path,
    ) -> witgen_diag::Result<Derived> {
        let calls = indices.iter().map(|index| &self.calls[*index]);
        let functions = calls.map(|call| (call.interface, call.function.as_str())).collect();
        let dir = fresh(scratch)?;
        derive::write_calls(&self.resolve, &functions, &dir)?;
        Derived::read(&dir, role)
    }

    /// The vectors of the types with these indices as values of `world`.
    pub(crate) fn groups(&self, indices: &[usize], world: &World) -> witgen_diag::Result<Cases> {
        let mut cases = Cases::default();
        let mut findings = Vec::new();
        for index in indices {
            let under_test = &self.types[*index];
            let frame = frame(world, &under_test.subject.derived)?;
            if let Some(what) = untestable(world, frame.subject) {
                findings.push(
                    Diagnostic::error(Id::InvalidVectors, format!("`{}` holds {what}", under_test.label))
                        .at(under_test.name.span(), "")
                        .note("only values that can be written down can be tested"),
                );
                continue;
            }
            let mut values = Vec::new();
            for vector in &under_test.vectors {
                match wave::value(world, frame.subject, vector) {
                    Ok(value) => values.push(value),
                    Err(found) => findings.extend(found),
                }
            }
            let misuses = self.misuses(*index).into_iter();
            cases.misuses.extend(misuses.map(|kind| Misuse { group: cases.groups.len(), kind }));
            cases.groups.push(Group { values, ..frame });
        }
        if findings.is_empty() { Ok(cases) } else { Err(findings) }
    }

    /// The calls with these indices as values of `world`.
    pub(crate) fn calls(&self, indices: &[usize], world: &World) -> witgen_diag::Result<Cases> {
        let mut cases = Cases::default();
        let mut findings = Vec::new();
        for call in indices.iter().map(|index| &self.calls[*index]) {
            match self.bind(call, world) {
                Ok(bound) => cases.calls.push(bound),
                Err(found) => findings.extend(found),
            }
        }
        if findings.is_empty() { Ok(cases) } else { Err(findings) }
    }

    fn bind(&self, call: &CallUnderTest, world: &World) -> witgen_diag::Result<Call> {
        let interface = &self.resolve.interfaces[call.interface];
        let key = match (interface.package, &interface.name) {
            (Some(package), Some(name)) => self.resolve.id_of_name(package, name),
            _ => String::new(),
        };
        let mut interfaces = [Direction::Import, Direction::Export]
            .into_iter()
            .flat_map(|direction| world.interfaces_of(direction));
        let found = interfaces.find(|interface| interface.key == key);
        let function = found.and_then(|interface| {
            let mut functions = interface.functions.iter().map(|id| world.function(*id));
            functions.find(|function| function.wit_name == call.function)
        });
        let Some(function) = function else {
            let message = format!("the derived world lost `{}`", call.name.text);
            return Err(Diagnostic::error(Id::Internal, message).into());
        };
        if function.kind != FunctionKind::Freestanding || function.is_async {
            let message = format!("`{}` cannot be tested with vectors", call.name.text);
            return Err(Diagnostic::error(Id::InvalidVectors, message)
                .at(call.name.span(), "")
                .note("only functions without a resource, that are not `async`, can")
                .into());
        }
        if function.params.len() != call.args.len() {
            let message = format!(
                "`{}` takes {} arguments, the vector has {}",
                call.name.text,
                function.params.len(),
                call.args.len()
            );
            return Err(Diagnostic::error(Id::InvalidVectors, message).at(call.name.span(), "").into());
        }
        let args =
            function.params.iter().zip(&call.args).map(|(param, arg)| wave::value(world, param.ty, arg));
        let args = args.collect::<witgen_diag::Result<Vec<Value>>>()?;
        let expected = match (&call.outcome, function.result) {
            (Outcome::Trap(_), _) => Expected::Trap,
            (Outcome::Return(Some(vector)), Some(ty)) => {
                Expected::Value(Some(wave::value(world, ty, vector)?))
            }
            (Outcome::Return(None), None) => Expected::Value(None),
            (Outcome::Return(Some(vector)), None) => {
                return Err(Diagnostic::error(Id::InvalidVectors, "the function has no result")
                    .at(vector.wave.span(), "not expected")
                    .into());
            }
            (Outcome::Return(None), Some(_)) => {
                return Err(Diagnostic::error(Id::InvalidVectors, "the call has no `result`")
                    .at(call.name.span(), "this function has one")
                    .help("say what it returns: result = 'WAVE', or that it traps: trap = \"GLOB\"")
                    .into());
            }
        };
        Ok(Call { function: function.id, args, expected })
    }
}

/// The three functions of a derived interface, without values.
fn frame(world: &World, derived: &str) -> witgen_diag::Result<Group> {
    let lost = || Diagnostic::error(Id::Internal, format!("the derived world lost `{derived}`"));
    let interface = world.interfaces.iter().find(|interface| interface.name == derived).ok_or_else(lost)?;
    let function = |name: &str| {
        let mut functions = interface.functions.iter().map(|id| world.function(*id));
        functions.find(|function| function.name == name)
    };
    let (roundtrip, check) = function("roundtrip").zip(function("check")).ok_or_else(lost)?;
    let give = function("give").ok_or_else(lost)?;
    let subject = give.result.ok_or_else(lost)?;
    Ok(Group {
        interface: interface.id,
        roundtrip: roundtrip.id,
        check: check.id,
        give: give.id,
        subject,
        values: Vec::new(),
    })
}

/// What keeps a type from having values that can be written down.
fn untestable(world: &World, ty: Type) -> Option<&'static str> {
    let Type::Id(id) = ty else { return (ty == Type::ErrorContext).then_some("an error context") };
    let any = |types: &[Type]| types.iter().find_map(|ty| untestable(world, *ty));
    match &world.type_def(id).kind {
        TypeKind::Resource | TypeKind::Own(_) | TypeKind::Borrow(_) => Some("a resource"),
        TypeKind::Future(_) => Some("a future"),
        TypeKind::Stream(_) => Some("a stream"),
        TypeKind::Record { fields } => fields.iter().find_map(|field| untestable(world, field.ty)),
        TypeKind::Variant { cases, .. } => {
            cases.iter().filter_map(|case| case.ty).find_map(|ty| untestable(world, ty))
        }
        TypeKind::Tuple { types, .. } => any(types),
        TypeKind::Option { some: ty, .. }
        | TypeKind::List(ty)
        | TypeKind::FixedLengthList(ty, _)
        | TypeKind::Alias(ty) => untestable(world, *ty),
        TypeKind::Result { ok, err, .. } => {
            [*ok, *err].into_iter().flatten().find_map(|ty| untestable(world, ty))
        }
        TypeKind::Map(key, value) => any(&[*key, *value]),
        TypeKind::Enum { .. } | TypeKind::Flags { .. } => None,
    }
}

fn unknown(kind: &str, name: &Text, all: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Id::InvalidVectors, format!("the WIT has no {kind} `{}`", name.text))
        .at(name.span(), "")
        .suggest(&name.text, all.iter().map(String::as_str));
    if diagnostic.helps.is_empty() {
        return diagnostic.help("write it as `namespace:package/interface.name`");
    }
    diagnostic
}

/// `types.order` of `acme:shop/types@1.0.0.order`.
fn short(name: &str) -> String {
    let (interface, item) = name.rsplit_once('.').unwrap_or(("", name));
    let interface = interface.rsplit('/').next().unwrap_or_default().split('@').next().unwrap_or_default();
    format!("{interface}.{item}")
}

fn first_message(found: Vec<Diagnostic>) -> String {
    found.into_iter().next().map(|diagnostic| diagnostic.message).unwrap_or_default()
}

fn shown(vector: &Vector) -> String {
    let mut text = vector.wave.text.clone();
    if text.len() > 200 {
        let end = text.floor_char_boundary(200);
        text.truncate(end);
        text.push_str(" ...");
    }
    if vector.times == 1 { text } else { format!("{text} x {}", vector.times) }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A new folder below `scratch`.
fn fresh(scratch: &Path) -> witgen_diag::Result<PathBuf> {
    let made = tempfile::Builder::new().prefix("wit-").tempdir_in(scratch).map(tempfile::TempDir::keep);
    made.map_err(|reason| {
        Diagnostic::error(Id::Io, format!("cannot write to `{}`", scratch.display()))
            .in_path(scratch)
            .note(reason.to_string())
            .into()
    })
}
