extern crate alloc;

use alloc::boxed::Box;
use core::any::TypeId;
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

/// A value of an exported resource in memory, with its type.
#[repr(C)]
struct Representation<T> {
    type_id: TypeId,
    value: Option<T>,
}

/// Puts a value on the heap and returns its address.
#[inline]
pub fn new_representation<T: 'static>(value: T) -> *mut u8 {
    let representation = Representation {
        type_id: TypeId::of::<T>(),
        value: Some(value),
    };
    Box::into_raw(Box::new(representation)).cast()
}

/// # Safety
///
/// `pointer` must come from [`new_representation`] and must not have been dropped.
#[inline]
unsafe fn checked<T: 'static>(pointer: *mut u8) -> *mut Representation<T> {
    // The type stands first, whatever the value is.
    let type_id = unsafe { *pointer.cast::<TypeId>() };
    assert!(
        type_id == TypeId::of::<T>(),
        "the resource was made from another type"
    );
    pointer.cast()
}

/// The value at an address.
///
/// # Safety
///
/// `pointer` must come from [`new_representation`] and outlive the reference.
#[inline]
pub unsafe fn representation<'a, T: 'static>(pointer: *mut u8) -> &'a T {
    let value = unsafe { &(*checked::<T>(pointer)).value };
    value
        .as_ref()
        .expect("the value of the resource was taken out")
}

/// The value at an address, to change.
///
/// # Safety
///
/// As [`representation`], and nobody else may use the value meanwhile.
#[inline]
pub unsafe fn representation_mut<'a, T: 'static>(pointer: *mut u8) -> &'a mut T {
    let value = unsafe { &mut (*checked::<T>(pointer)).value };
    value
        .as_mut()
        .expect("the value of the resource was taken out")
}

/// Takes the value out; the memory stays until the resource is dropped.
///
/// # Safety
///
/// As [`representation_mut`].
#[inline]
pub unsafe fn take_representation<T: 'static>(pointer: *mut u8) -> T {
    let value = unsafe { (*checked::<T>(pointer)).value.take() };
    value.expect("the value of the resource was taken out")
}

/// Drops the value and frees its memory.
///
/// # Safety
///
/// `pointer` must come from [`new_representation`]; it must not be used afterwards.
#[inline]
pub unsafe fn drop_representation<T: 'static>(pointer: *mut u8) {
    drop(unsafe { Box::from_raw(checked::<T>(pointer)) });
}
