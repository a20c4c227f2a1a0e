//! Views of the python bindings.
