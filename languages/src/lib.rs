//! Facts about each target language: keywords, reserved names, casing, toolchains, support.
