//! The python backend of witgen: IR to views.
