//! Runs components of every language against every other.
