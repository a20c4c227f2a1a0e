//! Views of the rust bindings.
