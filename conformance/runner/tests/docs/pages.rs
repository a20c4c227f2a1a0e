//! The pages and their blocks of code.

use std::path::{Path, PathBuf};

use witgen_conformance::root;

/// A file of Markdown.
pub struct Page {
    /// Its path in the repository.
    pub name: String,
    pub blocks: Vec<Block>,
}

/// A block of code.
pub struct Block {
    /// Where its fence is, from 1.
    pub line: usize,
    pub language: String,
    /// What it is an excerpt of.
    pub file: Option<String>,
    pub text: String,
}

impl Page {
    fn read(name: String) -> Self {
        let text = std::fs::read_to_string(root().join(&name)).unwrap_or_default();
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_open = false;
        for (index, line) in text.lines().enumerate() {
            match line.trim_start().strip_prefix("```") {
                Some(_) if is_open => is_open = false,
                Some(info) => {
                    is_open = true;
                    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
                    blocks.push(Block {
                        line: index + 1,
                        language: language.to_owned(),
                        file: rest.strip_prefix("file=").map(str::to_owned),
                        text: String::new(),
                    });
                }
                None => {
                    if let Some(block) = blocks.last_mut().filter(|_| is_open) {
                        block.text += line;
                        block.text.push('\n');
                    }
                }
            }
        }
        Self { name, blocks }
    }

    /// Where its commands are typed: at the root, or in the folder of an example.
    pub fn folder(&self) -> PathBuf {
        match self.name.strip_prefix("examples/") {
            Some(_) => Path::new(&self.name).parent().map(Path::to_owned).unwrap_or_default(),
            None => PathBuf::new(),
        }
    }
}

impl Block {
    /// Each command with what is shown of its output.
    pub fn commands(&self) -> Vec<(String, String)> {
        let mut commands: Vec<(String, String)> = Vec::new();
        for line in self.text.lines() {
            match (line.strip_prefix("$ "), self.language.as_str()) {
                (Some(command), _) => commands.push((command.to_owned(), String::new())),
                (None, "sh") => commands.push((line.to_owned(), String::new())),
                (None, _) => {
                    if let Some((_, shown)) = commands.last_mut() {
                        *shown += &format!("{line}\n");
                    }
                }
            }
        }
        commands
    }
}

/// The README, the docs, and the pages of examples.
pub fn pages() -> Vec<Page> {
    let mut names = vec!["README.md".to_owned()];
    for folder in ["docs", "docs/languages", "docs/decisions", "examples"] {
        let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
        let found = entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()));
        names.extend(found.filter_map(|name| match root().join(&name).is_dir() {
            true => Some(format!("{name}/README.md")).filter(|name| root().join(name).is_file()),
            false => Some(name).filter(|name| name.ends_with(".md")),
        }));
    }
    names.sort();
    names.into_iter().map(Page::read).filter(|page| !page.blocks.is_empty()).collect()
}
