//! Views of the go bindings.
