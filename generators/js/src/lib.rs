//! The js backend of witgen: IR to views.
