//! The programs are the examples.
