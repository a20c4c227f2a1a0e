//! The layout of everything that witgen generates: one template per construct, with the view that it prints.
//!
//! A view is a plain struct of final texts, bools, options and enums; its template prints, loops and branches.
//! Names, types and order are decided before, by the generator of the language.
//! This crate knows neither WIT nor the IR and depends on askama alone.

pub mod go;
pub mod js;
pub mod python;
pub mod rust;
pub mod starter;
