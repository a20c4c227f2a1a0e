//! Renders bindings: `render WIT DIR [WORLD]`.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "an example")]

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let options = witgen_ir::Options { world: words.get(2).cloned(), ..Default::default() };
    let world = witgen_ir::load(&[words[0].clone().into()], &options).unwrap();
    match witgen_python::guest(&world, &witgen_python::GuestOptions::default()) {
        Ok(files) => {
            witgen_emit::emit(words[1].as_ref(), &files, witgen_emit::Mode::Write, false).unwrap();
        }
        Err(found) => eprintln!("{}", witgen_diag::render(&found, witgen_diag::RenderOptions::default())),
    }
}
