//! How large Rust components are with the bindings of witgen and with those of wit-bindgen.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// What a component may have more, in percent.
const TARGET: f64 = 5.0;
/// The programs that are compiled both ways, in the folder of the tests of the Rust backend.
const HOME: &str = "generators/rust/tests/compat";
const WORLDS: [(&str, &str); 4] =
    [("values.wit", "values"), ("resources.wit", "resources"), ("modules", "left"), ("modules", "right")];
const PROGRAMS: [&str; 3] = ["values", "resources", "modules"];

pub(crate) fn run() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let home = root.join(HOME);
    let work = std::env::temp_dir().join("witgen-bench-size");
    let program = crate::generate::build()?;
    for (wit, world) in WORLDS {
        let status = Command::new(&program)
            .args(["rust", "--guest", "--world", world, "-o"])
            .arg(work.join("bindings").join(world))
            .arg(home.join("wit").join(wit))
            .status()?;
        ensure!(status.success(), "no bindings for `{world}`");
        std::fs::copy(
            work.join("bindings").join(world).join(format!("{world}.rs")),
            work.join("bindings").join(format!("{world}.rs")),
        )?;
    }
    // Programs without a world of their own need a file all the same.
    std::fs::write(work.join("bindings/nothing.rs"), "")?;
    let ours = sizes(&home, &work, &[])?;
    let theirs = sizes(&home, &work, &["--features", "macro"])?;
    println!("{:<12}{:>10}{:>14}{:>10}", "program", "witgen", "wit-bindgen", "percent");
    let mut worst = f64::MIN;
    for ((name, ours), theirs) in PROGRAMS.iter().zip(ours).zip(theirs) {
        let percent = (ours / theirs - 1.0) * 100.0;
        println!("{name:<12}{ours:>10}{theirs:>14}{percent:>+10.1}");
        worst = worst.max(percent);
    }
    if worst > TARGET {
        bail!("a component is {worst:.1} % larger than with wit-bindgen; the target is {TARGET} %");
    }
    Ok(())
}

/// The bytes of the components of all programs.
fn sizes(home: &Path, work: &Path, args: &[&str]) -> Result<Vec<f64>> {
    let target_dir: PathBuf = work.join("target");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--release", "--examples", "--target", "wasm32-wasip2"])
        .args(args)
        .current_dir(home)
        .env("CARGO_TARGET_DIR", &target_dir)
        .env("WITGEN_BINDINGS", work.join("bindings"))
        .status()?;
    ensure!(status.success(), "the programs do not build");
    let examples = target_dir.join("wasm32-wasip2/release/examples");
    let size = |name: &&str| {
        let path = examples.join(format!("{name}.wasm"));
        let bytes = std::fs::metadata(&path).with_context(|| path.display().to_string())?.len();
        Ok(f64::from(u32::try_from(bytes)?))
    };
    PROGRAMS.iter().map(size).collect()
}
