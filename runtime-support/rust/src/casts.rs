use core::mem::MaybeUninit;

/// Bits that are an address in one case of a variant and an `i64` in another.
///
/// An integer would lose what the compiler knows of the address, and a pointer has too few bits.
pub type PointerOrI64 = MaybeUninit<u64>;

/// The bits of a float.
#[inline]
pub fn f32_as_i32(value: f32) -> i32 {
    value.to_bits() as i32
}

/// The bits of a float.
#[inline]
pub fn f64_as_i64(value: f64) -> i64 {
    value.to_bits() as i64
}

/// The integer, extended with zeros.
#[inline]
pub fn i32_as_i64(value: i32) -> i64 {
    i64::from(value as u32)
}

/// The bits of a float, extended with zeros.
#[inline]
pub fn f32_as_i64(value: f32) -> i64 {
    i64::from(value.to_bits())
}

/// The float of these bits.
#[inline]
pub fn i32_as_f32(value: i32) -> f32 {
    f32::from_bits(value as u32)
}

/// The float of these bits.
#[inline]
pub fn i64_as_f64(value: i64) -> f64 {
    f64::from_bits(value as u64)
}

/// The lower half.
#[inline]
pub fn i64_as_i32(value: i64) -> i32 {
    value as i32
}

/// The float of the lower half.
#[inline]
pub fn i64_as_f32(value: i64) -> f32 {
    f32::from_bits(value as u32)
}

/// The integer in the shared form.
#[inline]
pub fn i64_as_either(value: i64) -> PointerOrI64 {
    MaybeUninit::new(value as u64)
}

/// The integer in the shared form.
///
/// # Safety
///
/// It must be one.
#[inline]
pub unsafe fn either_as_i64(value: PointerOrI64) -> i64 {
    unsafe { value.assume_init() as i64 }
}

/// The address in the shared form, with zeros behind it.
#[inline]
#[allow(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "the address is written, not followed"
)]
pub fn pointer_as_either(value: *mut u8) -> PointerOrI64 {
    let mut either = MaybeUninit::new(0);
    unsafe { either.as_mut_ptr().cast::<*mut u8>().write(value) }
    either
}

/// The address in the shared form.
///
/// # Safety
///
/// It must be one.
#[inline]
pub unsafe fn either_as_pointer(value: PointerOrI64) -> *mut u8 {
    unsafe { value.as_ptr().cast::<*mut u8>().read() }
}

/// The integer as bits that a pointer is declared for.
#[inline]
pub fn i32_as_pointer(value: i32) -> *mut u8 {
    core::ptr::with_exposed_provenance_mut(value as u32 as usize)
}

/// The bits of what is declared as a pointer.
#[inline]
pub fn pointer_as_i32(value: *mut u8) -> i32 {
    value.expose_provenance() as i32
}

/// The bits of what is declared as a pointer.
#[inline]
pub fn pointer_as_length(value: *mut u8) -> usize {
    value.expose_provenance()
}

/// The length as bits that a pointer is declared for.
#[inline]
pub fn length_as_pointer(value: usize) -> *mut u8 {
    core::ptr::with_exposed_provenance_mut(value)
}

/// The bits of an integer as a length.
#[inline]
pub fn i32_as_length(value: i32) -> usize {
    value as u32 as usize
}

/// The bits of a length as an integer.
#[inline]
pub fn length_as_i32(value: usize) -> i32 {
    value as i32
}

/// The lower half as a length.
#[inline]
pub fn i64_as_length(value: i64) -> usize {
    value as u32 as usize
}

/// The length, extended with zeros.
#[inline]
pub fn length_as_i64(value: usize) -> i64 {
    value as i64
}
