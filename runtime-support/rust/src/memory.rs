extern crate alloc;

use core::alloc::Layout;
use core::mem::MaybeUninit;
use core::ptr;

pub use alloc::boxed::Box;
pub use alloc::collections::BTreeMap as Map;
pub use alloc::string::String;
pub use alloc::vec::Vec;

/// Memory on the stack for what crosses the boundary through a pointer.
#[repr(C, align(8))]
pub struct Area<const SIZE: usize>([MaybeUninit<u8>; SIZE]);

impl<const SIZE: usize> Area<SIZE> {
    /// Memory without content.
    #[inline]
    pub const fn new() -> Self {
        Self([MaybeUninit::uninit(); SIZE])
    }

    /// Its address.
    #[inline]
    pub fn pointer(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

impl<const SIZE: usize> Default for Area<SIZE> {
    fn default() -> Self {
        Self::new()
    }
}

/// Static memory for what an exported function returns through a pointer.
pub struct StaticArea<const SIZE: usize>(core::cell::UnsafeCell<Area<SIZE>>);

// A component without threads runs one export at a time, and its result is read before the next one starts.
unsafe impl<const SIZE: usize> Sync for StaticArea<SIZE> {}

impl<const SIZE: usize> StaticArea<SIZE> {
    /// Memory without content.
    #[inline]
    pub const fn new() -> Self {
        Self(core::cell::UnsafeCell::new(Area::new()))
    }

    /// Its address.
    #[inline]
    pub const fn pointer(&self) -> *mut u8 {
        self.0.get().cast()
    }
}

impl<const SIZE: usize> Default for StaticArea<SIZE> {
    fn default() -> Self {
        Self::new()
    }
}

/// Memory that is freed when this goes out of scope.
pub struct Scratch {
    pointer: *mut u8,
    layout: Layout,
}

impl Scratch {
    /// Memory for `count` elements of `size` bytes.
    #[inline]
    pub fn new(count: usize, size: usize, align: usize) -> Self {
        let layout = array_layout(count, size, align);
        Self {
            pointer: allocate(layout),
            layout,
        }
    }

    /// Its address.
    #[inline]
    pub fn pointer(&self) -> *mut u8 {
        self.pointer
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.layout.size() != 0 {
            unsafe { alloc::alloc::dealloc(self.pointer, self.layout) }
        }
    }
}

/// Memory for `count` elements of `size` bytes that the other side of the boundary frees.
#[inline]
pub fn allocate_list(count: usize, size: usize, align: usize) -> *mut u8 {
    allocate(array_layout(count, size, align))
}

/// Memory that the other side of the boundary frees.
#[inline]
pub fn allocate_bytes(size: usize, align: usize) -> *mut u8 {
    allocate(array_layout(1, size, align))
}

fn array_layout(count: usize, size: usize, align: usize) -> Layout {
    let layout = count
        .checked_mul(size)
        .map(|bytes| Layout::from_size_align(bytes, align));
    match layout {
        Some(Ok(layout)) => layout,
        _ => panic!("the list does not fit in memory"),
    }
}

fn allocate(layout: Layout) -> *mut u8 {
    if layout.size() == 0 {
        return ptr::without_provenance_mut(layout.align());
    }
    let pointer = unsafe { alloc::alloc::alloc(layout) };
    if pointer.is_null() {
        alloc::alloc::handle_alloc_error(layout);
    }
    pointer
}

/// What the other side calls to get memory in this instance.
///
/// # Safety
///
/// `old` must be an allocation of `old_size` bytes with `align`, or `old_size` must be 0.
pub unsafe fn reallocate(
    old: *mut u8,
    old_size: usize,
    align: usize,
    size: usize,
) -> *mut u8 {
    if old_size == 0 {
        return allocate(array_layout(1, size, align));
    }
    unsafe {
        let layout = Layout::from_size_align_unchecked(old_size, align);
        let pointer = alloc::alloc::realloc(old, layout, size);
        if pointer.is_null() {
            alloc::alloc::handle_alloc_error(layout);
        }
        pointer
    }
}

/// Frees `size` bytes, which may be none.
///
/// # Safety
///
/// They must have been allocated with this size and alignment.
#[inline]
pub unsafe fn free(pointer: *mut u8, size: usize, align: usize) {
    if size != 0 {
        unsafe {
            let layout = Layout::from_size_align_unchecked(size, align);
            alloc::alloc::dealloc(pointer, layout);
        }
    }
}

/// Reads a value that lies `offset` bytes behind `base`.
///
/// # Safety
///
/// A `T` must lie there.
#[inline]
pub unsafe fn load<T>(base: *const u8, offset: usize) -> T {
    unsafe { base.add(offset).cast::<T>().read() }
}

/// Writes a value `offset` bytes behind `base`.
///
/// # Safety
///
/// There must be room for a `T`.
#[inline]
pub unsafe fn store<T>(base: *mut u8, offset: usize, value: T) {
    unsafe { base.add(offset).cast::<T>().write(value) }
}

/// The addresses of `count` elements of `size` bytes.
///
/// # Safety
///
/// They must lie in one allocation that starts at `base`.
#[inline]
pub unsafe fn elements(
    base: *mut u8,
    count: usize,
    size: usize,
) -> impl ExactSizeIterator<Item = *mut u8> {
    (0..count).map(move |index| unsafe { base.add(index * size) })
}

/// Takes over a string.
///
/// # Safety
///
/// `pointer` must be an allocation of `len` bytes that hold UTF-8 and that nobody else frees.
#[inline]
pub unsafe fn lift_string(pointer: *mut u8, len: usize) -> String {
    let bytes = unsafe { lift_list(pointer, len) };
    if cfg!(debug_assertions) {
        String::from_utf8(bytes).expect("a string is UTF-8")
    } else {
        unsafe { String::from_utf8_unchecked(bytes) }
    }
}

/// Takes over a list whose elements look the same on both sides.
///
/// # Safety
///
/// `pointer` must be an allocation of `len` elements that nobody else frees.
#[inline]
pub unsafe fn lift_list<T>(pointer: *mut u8, len: usize) -> Vec<T> {
    unsafe { Vec::from_raw_parts(pointer.cast(), len, len) }
}

/// Gives a string away: its address and its length in bytes.
#[inline]
pub fn give_string(text: String) -> (*mut u8, usize) {
    give_list(text.into_bytes())
}

/// Gives a list away whose elements look the same on both sides: its address and its length.
#[inline]
pub fn give_list<T>(list: Vec<T>) -> (*mut u8, usize) {
    let list = Box::leak(list.into_boxed_slice());
    (list.as_mut_ptr().cast(), list.len())
}

/// A `char` from its number.
///
/// # Safety
///
/// The number must be a Unicode scalar value.
#[inline]
pub unsafe fn lift_char(number: u32) -> char {
    if cfg!(debug_assertions) {
        char::from_u32(number).expect("a char is a Unicode scalar value")
    } else {
        unsafe { char::from_u32_unchecked(number) }
    }
}

/// For the numbers that stand for no case.
///
/// # Safety
///
/// A runtime never passes such a number.
#[inline]
pub unsafe fn no_such_case() -> ! {
    if cfg!(debug_assertions) {
        panic!("the number of a case is out of range")
    } else {
        unsafe { core::hint::unreachable_unchecked() }
    }
}

/// Values that stay where they are until the end of a call.
pub struct Kept<T>(core::cell::RefCell<Vec<Box<T>>>);

impl<T> Kept<T> {
    /// No value.
    pub const fn new() -> Self {
        Self(core::cell::RefCell::new(Vec::new()))
    }

    /// Adds a value.
    pub fn keep(&self, value: T) -> &T {
        let value = Box::new(value);
        let address: *const T = &*value;
        self.0.borrow_mut().push(value);
        // The box keeps the value in its place, and nothing takes it out again.
        unsafe { &*address }
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self::new()
    }
}
