//! Writes, checks or previews a set of generated files, all or nothing.
