//! Builds and composes components with each language's own toolchain.
