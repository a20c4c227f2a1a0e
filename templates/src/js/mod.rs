//! Views of the js bindings.
