//! Links inside the repository: the file is there, and so is the heading.

use std::path::{Component, Path, PathBuf};

use super::{File, Problem, Tree};

/// Links of Markdown to files and headings that are not there.
pub fn targets(tree: &Tree) -> Vec<Problem> {
    let pages = tree.with_extension("md");
    pages.flat_map(|page| links(page).filter_map(|(line, link)| broken(tree, page, line, &link))).collect()
}

/// The places that links outside code lead to, with their lines.
fn links(page: &File) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    let lines = page.lines().filter(move |(_, line)| {
        in_code ^= line.trim_start().starts_with("```");
        !in_code
    });
    lines.flat_map(|(number, line)| {
        let spans = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
        let ends = spans.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        ends.map(|(link, _)| (number, link.to_owned())).collect::<Vec<_>>()
    })
}

fn broken(tree: &Tree, page: &File, line: usize, link: &str) -> Option<Problem> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = match path {
        "" => page.path.clone(),
        path => joined(page.path.parent().unwrap_or(Path::new("")), path),
    };
    if !tree.files.iter().any(|file| file.path.starts_with(&target)) {
        return Some(Problem::at(&page.path, line, format!("`{link}` leads to no file")));
    }
    let anchor = anchor?;
    let is_there = tree.get(&target).is_some_and(|file| anchors(file).any(|found| found == anchor));
    (!is_there).then(|| Problem::at(&page.path, line, format!("`{link}` leads to no heading")))
}

fn joined(folder: &Path, path: &str) -> PathBuf {
    let mut target = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => drop(target.pop()),
            Component::Normal(part) => target.push(part),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    target
}

/// The headings, as GitHub names them; the second of two equal ones is not told apart.
fn anchors(file: &File) -> impl Iterator<Item = String> {
    let headings = file.lines().filter(|(_, line)| line.starts_with('#'));
    headings.map(|(_, line)| {
        let text = line.trim_start_matches('#').trim().to_lowercase();
        let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        let tree = Tree::of(&[("docs/a.md", text), ("docs/b/c.md", "# One `two`!\n"), ("d.rs", "")]);
        targets(&tree).into_iter().filter_map(|problem| problem.line).collect()
    }

    #[test]
    fn what_is_there_is_fine() {
        for link in ["b/c.md", "b", "../d.rs", "b/c.md#one-two", "#here", "https://a.b/c"] {
            assert_eq!(lines(&format!("# Here\n[a]({link})\n")), [] as [usize; 0], "{link}");
        }
    }

    #[test]
    fn what_is_not_there_is_reported() {
        for link in ["c.md", "../d.md", "b/c.md#two", "#there"] {
            assert_eq!(lines(&format!("# Here\n[a]({link})\n")), [2], "{link}");
        }
    }

    #[test]
    fn code_has_no_links() {
        assert_eq!(lines("```go\na[i](x)\n```\n`a[i](x)`\n"), [] as [usize; 0]);
    }
}
