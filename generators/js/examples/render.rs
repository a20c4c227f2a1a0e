//! Renders a world to a folder.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::exit)]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let options = witgen_ir::Options { world: args.get(2).cloned(), ..Default::default() };
    let world = witgen_ir::load(&[args[0].clone().into()], &options).unwrap();
    let files = witgen_js::guest(&world, &witgen_js::GuestOptions::default()).unwrap();
    for (path, content) in files.iter() {
        let path = std::path::Path::new(&args[1]).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}
