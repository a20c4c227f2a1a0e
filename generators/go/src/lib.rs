//! The go backend of witgen: IR to views.
