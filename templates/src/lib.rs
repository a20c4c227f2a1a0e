//! The templates of witgen's bindings and the views they print.
