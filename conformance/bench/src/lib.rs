//! Benchmarks of witgen, each against its peers in one run.
