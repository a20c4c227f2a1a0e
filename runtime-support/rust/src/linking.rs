/// Declares an imported core function inside the function that calls it.
///
/// Outside of WebAssembly the surrounding function panics: there is nothing to import from.
#[macro_export]
macro_rules! import {
    ($module:tt $name:tt fn $function:ident($($param:ty),* $(,)?) $(-> $result:ty)?) => {
        #[cfg(target_arch = "wasm32")]
        #[link(wasm_import_module = $module)]
        unsafe extern "C" {
            #[link_name = $name]
            fn $function($(_: $param),*) $(-> $result)?;
        }
        #[cfg(not(target_arch = "wasm32"))]
        #[allow(clippy::too_many_arguments, reason = "as in WIT")]
        unsafe fn $function($(_: $param),*) $(-> $result)? {
            ::core::unreachable!()
        }
        if ::core::cfg!(not(target_arch = "wasm32")) {
            ::core::panic!("imported functions exist only inside a component");
        }
    };
}

/// Runs static constructors before the first export does.
///
/// The call also tells the linker that they are taken care of; without it the linker wraps each export, among
/// them the allocator, which must not run them.
#[cfg(target_arch = "wasm32")]
pub fn run_constructors() {
    use core::sync::atomic::{AtomicBool, Ordering};

    static DONE: AtomicBool = AtomicBool::new(false);
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    if !DONE.load(Ordering::Relaxed) {
        DONE.store(true, Ordering::Relaxed);
        unsafe { __wasm_call_ctors() }
    }
}

/// Does nothing: other targets run static constructors by themselves.
#[cfg(not(target_arch = "wasm32"))]
pub fn run_constructors() {}
