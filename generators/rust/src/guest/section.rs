//! The custom section with the world.

use std::fmt::Write as _;

use witgen_diag::Result;
use witgen_ir::World;
use witgen_templates::rust as view;

use super::{render, unsafe_code};

/// Characters of a line of the byte string.
const WIDTH: usize = 96;

pub(super) fn component_type(world: &World) -> Result<String> {
    let version = world.package.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
    let section = format!(
        "component-type:witgen:{}:{}{version}:{}",
        world.package.namespace, world.package.name, world.name
    );
    render(&view::ComponentTypeView {
        allowed: unsafe_code(),
        section,
        size: world.component_type.len(),
        bytes: byte_string(&world.component_type),
    })
}

/// The content of a byte string literal in lines, each of which but the last ends with a backslash.
fn byte_string(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut width = 0;
    for (nth, byte) in bytes.iter().enumerate() {
        let mut piece = String::new();
        let _ = match byte {
            b'\\' | b'"' => write!(piece, "\\{}", char::from(*byte)),
            // With a digit behind it, this would look like an octal escape of C.
            0 if !bytes.get(nth + 1).is_some_and(u8::is_ascii_digit) => write!(piece, "\\0"),
            // A space at the start of a line would vanish.
            b' ' if width == 0 => write!(piece, "\\x20"),
            0x20..=0x7e => write!(piece, "{}", char::from(*byte)),
            _ => write!(piece, "\\x{byte:02x}"),
        };
        text.push_str(&piece);
        width += piece.len();
        if width >= WIDTH {
            text.push_str("\\\n");
            width = 0;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::byte_string;

    #[test]
    fn bytes_become_printable_lines() {
        assert_eq!(byte_string(b"\0asm\"\\"), "\\0asm\\\"\\\\");
        let long = byte_string(&[b' '; 200]);
        assert!(long.lines().all(|line| line.starts_with("\\x20")), "{long}");
    }
}
