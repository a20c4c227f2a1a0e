//! Views of the Rust bindings. Texts are final; `head` holds the doc comment and the attributes of an item.

mod functions;
mod items;
mod testee;
mod types;

pub use functions::*;
pub use items::*;
pub use testee::*;
pub use types::*;
