//! WIT worlds as witgen's intermediate representation, with all facts of the canonical ABI.
