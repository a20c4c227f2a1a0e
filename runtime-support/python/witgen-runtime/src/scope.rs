//! What an instance shares with its resources, its imports and the calls under way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyType;
use wasmtime::component::ResourceAny;

/// One per instance.
#[derive(Default)]
pub struct Scope {
    objects: Mutex<Objects>,
    drops: Mutex<Vec<ResourceAny>>,
    /// Spares every call the lock.
    has_drops: AtomicBool,
    bound: OnceLock<Imports>,
}

/// What the imports of an instance are made of.
#[derive(Default)]
pub struct Imports {
    /// The callable of each imported function, by slot; none for methods.
    pub functions: Vec<Option<Py<PyAny>>>,
    /// The class of each resource that Python implements, where it is a class.
    pub classes: Vec<Option<Py<PyType>>>,
}

impl Scope {
    /// A scope of an instance whose imports are these.
    pub fn new(bound: Imports) -> Arc<Scope> {
        Arc::new(Scope { bound: OnceLock::from(bound), ..Scope::default() })
    }

    /// The objects that the component has handles to.
    pub fn objects(&self) -> MutexGuard<'_, Objects> {
        lock(&self.objects)
    }

    /// Drops `handle` at the next opportunity.
    pub fn drop_later(&self, handle: ResourceAny) {
        lock(&self.drops).push(handle);
        self.has_drops.store(true, Ordering::Release);
    }

    /// Whether handles wait to be dropped.
    pub fn has_drops(&self) -> bool {
        self.has_drops.load(Ordering::Acquire)
    }

    /// The handles to drop now.
    pub fn take_drops(&self) -> Vec<ResourceAny> {
        self.has_drops.store(false, Ordering::Release);
        std::mem::take(&mut *lock(&self.drops))
    }

    /// How many handles wait to be dropped.
    pub fn waiting(&self) -> usize {
        lock(&self.drops).len()
    }

    /// The callable of an imported function.
    pub fn function(&self, slot: usize) -> Option<&Py<PyAny>> {
        self.bound.get()?.functions.get(slot)?.as_ref()
    }

    /// The class of a resource that Python implements, when it is known.
    pub fn class(&self, id: u32) -> Option<&Py<PyType>> {
        self.bound.get()?.classes.get(id as usize)?.as_ref()
    }

    /// All Python objects, for the garbage collector.
    pub fn visit(&self, visit: pyo3::PyVisit<'_>) -> Result<(), pyo3::PyTraverseError> {
        if let Some(bound) = self.bound.get() {
            for function in bound.functions.iter().flatten() {
                visit.call(function)?;
            }
            for class in bound.classes.iter().flatten() {
                visit.call(class)?;
            }
        }
        // Whoever holds the lock is about to change it; the collector comes again.
        if let Ok(objects) = self.objects.try_lock() {
            for object in objects.slots.iter().flatten() {
                visit.call(object)?;
            }
        }
        Ok(())
    }
}

/// Objects by number. Numbers of removed ones are used again.
#[derive(Default)]
pub struct Objects {
    slots: Vec<Option<Py<PyAny>>>,
    free: Vec<u32>,
}

impl Objects {
    /// Puts an object in.
    pub fn insert(&mut self, object: Py<PyAny>) -> u32 {
        if let Some(rep) = self.free.pop() {
            self.slots[rep as usize] = Some(object);
            return rep;
        }
        self.slots.push(Some(object));
        u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
    }

    /// Takes an object out.
    pub fn remove(&mut self, rep: u32) -> Option<Py<PyAny>> {
        let object = self.slots.get_mut(rep as usize)?.take()?;
        self.free.push(rep);
        Some(object)
    }

    /// The object, which stays.
    pub fn get(&self, py: Python<'_>, rep: u32) -> Option<Py<PyAny>> {
        Some(self.slots.get(rep as usize)?.as_ref()?.clone_ref(py))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Takes everything out.
    pub fn take_all(&mut self) -> Vec<Py<PyAny>> {
        self.free.clear();
        std::mem::take(&mut self.slots).into_iter().flatten().collect()
    }
}

/// A panic while a lock was held leaves nothing half done here.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
