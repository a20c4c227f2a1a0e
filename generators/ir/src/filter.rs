//! The IR as JSON for people and tools: `witgen inspect`.

use serde_json::{Value, json};
use wildmatch::WildMatch;
use witgen_diag::{Diagnostic, Id};

use crate::model::World;

/// The version of the JSON schema; it grows when a field changes its meaning or goes away.
pub const SCHEMA_VERSION: u32 = 1;

/// What to print.
#[derive(Clone, Debug, Default)]
pub struct InspectOptions {
    /// Stop after this pass: `lower` leaves out how functions cross the boundary, `record` is the last.
    pub pass: Option<String>,
    /// Keeps functions, types and interfaces whose name (`ns:pkg/iface.func`) matches, with `*` and `?`.
    pub filter: Option<String>,
}

/// The IR of `world` as a JSON document.
pub fn inspect(world: &World, options: &InspectOptions) -> witgen_diag::Result<String> {
    let with_abi = match options.pass.as_deref() {
        None | Some("record") => true,
        Some("lower") => false,
        Some(other) => {
            return Err(Diagnostic::error(Id::Usage, format!("there is no pass `{other}`"))
                .suggest(other, ["lower", "record"])
                .help("the passes are `lower` and `record`")
                .into());
        }
    };
    let mut world = to_value(world)?;
    if let Some(filter) = &options.filter {
        retain(&mut world, &WildMatch::new(filter));
    }
    if !with_abi && let Some(functions) = world.get_mut("functions").and_then(Value::as_array_mut) {
        for function in functions.iter_mut().filter_map(Value::as_object_mut) {
            function.remove("abi");
        }
    }
    let document = json!({ "version": SCHEMA_VERSION, "world": world });
    Ok(format!("{document:#}\n"))
}

fn to_value(world: &World) -> witgen_diag::Result<Value> {
    serde_json::to_value(world).map_err(|reason| {
        Diagnostic::error(Id::Internal, "the IR has no JSON form").note(reason.to_string()).into()
    })
}

/// Empties the lists of what does not match. Indices stay those of the whole world, which `id` repeats.
fn retain(world: &mut Value, filter: &WildMatch) {
    let keys: Vec<String> = world["interfaces"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|interface| interface["key"].as_str().unwrap_or_default().to_owned())
        .collect();
    let qualified =
        |owner: &Value, name: &str| match owner.as_u64().and_then(|id| keys.get(usize::try_from(id).ok()?)) {
            Some(key) => format!("{key}.{name}"),
            None => name.to_owned(),
        };
    if let Some(interfaces) = world["interfaces"].as_array_mut() {
        interfaces.retain(|interface| filter.matches(interface["key"].as_str().unwrap_or_default()));
    }
    if let Some(functions) = world["functions"].as_array_mut() {
        functions.retain(|function| {
            let name = function["wit_name"].as_str().unwrap_or_default();
            filter.matches(&qualified(&function["interface"], name))
        });
    }
    if let Some(types) = world["types"].as_array_mut() {
        types.retain(|ty| {
            let name = ty["name"].as_str().unwrap_or_default();
            filter.matches(&qualified(&ty["owner"]["interface"], name))
        });
    }
}
