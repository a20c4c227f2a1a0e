//! The rust backend of witgen: IR to views.
