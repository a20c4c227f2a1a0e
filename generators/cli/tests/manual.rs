//! `witgen man`, `explain` and `completions`: what a shell and a reader get.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod room;

use room::Room;

#[test]
fn every_command_has_a_page_and_no_page_refers_to_another_one() {
    let room = Room::new();
    assert_eq!(room.witgen("man -o pages").code, 0);
    let names: Vec<String> = std::fs::read_dir(room.path("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let main = std::fs::read_to_string(room.path("pages/witgen.1")).unwrap();
    let referred = main.lines().filter_map(|line| line.trim().strip_suffix("(1)"));
    let referred: Vec<String> = referred.map(|page| page.replace('\\', "") + ".1").collect();
    assert!(referred.len() > 10, "{main}");
    for page in &referred {
        assert!(names.contains(page), "{page} is not in {names:?}");
    }
    assert_eq!(names.len(), referred.len() + 1, "{names:?}");
    assert_eq!(room.witgen("man").stdout, main);
    let build = std::fs::read_to_string(room.path("pages/witgen-build.1")).unwrap();
    assert_eq!(room.witgen("man build").stdout, build);
    assert!(build.contains("witgen build"), "{build}");
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let room = Room::new();
    for (words, hint) in [("man biuld", "`build`"), ("explain unsuported-type", "`unsupported-type`")] {
        let told = room.witgen(words);
        assert_eq!(told.code, 2, "{words}");
        assert!(told.stderr.contains(hint), "{words}: {}", told.stderr);
    }
}

#[test]
fn shells_complete_the_ids_of_diagnostics() {
    let room = Room::new();
    for shell in ["bash", "zsh"] {
        let script = room.witgen(&format!("completions {shell}")).stdout;
        assert!(script.contains("ambiguous-world"), "{shell}");
    }
}
