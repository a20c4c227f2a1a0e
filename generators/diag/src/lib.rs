//! Diagnostics of witgen: one type, one renderer per output format.
