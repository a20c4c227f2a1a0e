//! What a call has to itself while it lasts, by the interpreter's lock instead of one of its own.

use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;

/// A value that one may take at a time.
///
/// Taking is a load and a store, which nobody comes between because takers are attached to Python, and the module
/// asks for the interpreter's lock (`gil_used`). A mutex costs two atomic exchanges, a tenth of a small call.
#[derive(Default)]
pub struct Exclusive<T> {
    taken: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached through `Taken` alone, of which there is one at a time; its thread may change.
unsafe impl<T: Send> Sync for Exclusive<T> {}

impl<T> Exclusive<T> {
    pub fn new(value: T) -> Exclusive<T> {
        Exclusive { taken: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    /// The value until the guard is dropped; none while another one is there.
    #[inline]
    pub fn take(&self, _attached: Python<'_>) -> Option<Taken<'_, T>> {
        if self.taken.load(Ordering::Acquire) {
            return None;
        }
        self.taken.store(true, Ordering::Relaxed);
        Some(Taken(self))
    }
}

/// The value, for one.
pub struct Taken<'a, T>(&'a Exclusive<T>);

impl<T> Deref for Taken<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: there is one guard at a time.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for Taken<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: there is one guard at a time.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T> Drop for Taken<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.0.taken.store(false, Ordering::Release);
    }
}
