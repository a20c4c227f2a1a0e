//! Views of the Rust bindings. Texts are final; `head` holds the doc comment and the attributes of an item.

mod functions;
mod host;
mod items;
mod testee;
mod types;

pub use functions::*;
pub use host::*;
pub use items::*;
pub use testee::*;
pub use types::*;
