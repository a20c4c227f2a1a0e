use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

/// How a resource type drops a handle of its own.
///
/// # Safety
///
/// `drop` must call the intrinsic of that very resource type.
pub unsafe trait ResourceType {
    /// Drops an own handle.
    ///
    /// # Safety
    ///
    /// The handle must be owned and not used afterwards.
    unsafe fn drop(handle: u32);
}

/// An own handle, which is dropped when this is.
#[repr(transparent)]
pub struct Resource<T: ResourceType> {
    handle: Cell<u32>,
    marker: PhantomData<T>,
}

// A component without threads has nobody to share the cell with.
unsafe impl<T: ResourceType> Sync for Resource<T> {}

/// Stands for a handle that was given away; no runtime hands it out.
const TAKEN: u32 = u32::MAX;

impl<T: ResourceType> Resource<T> {
    /// Takes over a handle.
    ///
    /// # Safety
    ///
    /// It must be an own handle of this resource type that nobody else drops.
    #[inline]
    pub unsafe fn from_handle(handle: u32) -> Self {
        debug_assert!(handle != 0 && handle != TAKEN);
        Self {
            handle: Cell::new(handle),
            marker: PhantomData,
        }
    }

    /// Gives the handle away; nothing is left to drop.
    #[inline]
    pub fn take_handle(&self) -> u32 {
        self.handle.replace(TAKEN)
    }

    /// The handle, which stays here.
    #[inline]
    pub fn handle(&self) -> u32 {
        self.handle.get()
    }
}

impl<T: ResourceType> fmt::Debug for Resource<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Resource")
            .field("handle", &self.handle())
            .finish()
    }
}

impl<T: ResourceType> Drop for Resource<T> {
    fn drop(&mut self) {
        match self.handle() {
            TAKEN => {}
            handle => unsafe { T::drop(handle) },
        }
    }
}
