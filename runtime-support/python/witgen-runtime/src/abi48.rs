//! wasmtime's `Lift` and `Lower` for types that are known only at run time.
//!
//! With `walk` beside it this is the only file that names what wasmtime hides from its documentation, so it is the
//! only one to read again when the pinned version changes. The traits are implemented for
//! four wrappers whose static layout says nothing: wasmtime consults it only to choose
//! between core values and memory, and each wrapper makes that choice itself.
//!
//! An error inside `lower` leaks a call scope and what was lent, and an error inside `lift`
//! skips post-return, so neither fails for a reason that lies with Python.

mod walk;

use std::cell::Cell;
use std::collections::VecDeque;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

use pyo3::prelude::*;
use wasmtime::component::__internal::wasmtime_environ::component::{
    CanonicalOptionsDataModel, StringEncoding,
};
use wasmtime::component::__internal::{
    CanonicalAbiInfo, ComponentTypes, InstanceType, InterfaceType, LiftContext, LowerContext,
};
use wasmtime::component::{ComponentNamedList, ComponentType, Lift, Lower, ResourceDynamic, ResourceType};
use wasmtime::{Result, ValRaw, bail};

use crate::handles::{Arrived, Crossing, Lent, Owner};
use crate::lift::{Encoding, Lifted, Source, Trouble, is_plain, load, load_part, unflatten};
use crate::lower::{Guest, Reader, flatten, store};
use crate::objects::Object;
use crate::plan::{Signature, Ty};
use crate::tape::{self, Tape};
use walk::Handles;

/// The version of wasmtime that this file was written for.
pub const WASMTIME: &str = "48.0.8";

/// Results of so many bytes are copied.
pub const PLAIN_BYTES: usize = 64;

/// So many core values go without memory.
const MAX_FLAT: usize = 16;

/// Resource types of the host are told apart by numbers below this.
static HOST_TYPES: AtomicU32 = AtomicU32::new(0);

/// The type of a resource that Python implements.
pub fn host_type(id: u32) -> ResourceType {
    HOST_TYPES.fetch_max(id.saturating_add(1), Ordering::Relaxed);
    ResourceType::host_dynamic(id)
}

fn is_host_type(ty: ResourceType) -> bool {
    (0..HOST_TYPES.load(Ordering::Relaxed)).any(|id| ty == ResourceType::host_dynamic(id))
}

// ---- the guest, as lowering sees it

struct Lowering<'c, 'a, T: 'static>(&'c mut LowerContext<'a, T>);

impl<T> Guest for Lowering<'_, '_, T> {
    type Ref = InterfaceType;

    fn allocate(&mut self, align: u32, size: usize) -> Result<usize> {
        self.0.realloc(0, 0, align, size)
    }

    fn memory(&mut self) -> &mut [u8] {
        self.0.as_slice_mut()
    }

    fn text(&mut self, text: &str) -> Result<(u32, u32)> {
        let mut slots = MaybeUninit::<[ValRaw; 2]>::uninit();
        text.linear_lower_to_flat(self.0, InterfaceType::String, &mut slots)?;
        // SAFETY: lowering a string fills both.
        let [pointer, length] = unsafe { slots.assume_init() };
        Ok((pointer.get_u32(), length.get_u32()))
    }

    fn handle(&mut self, lent: &Lent, ty: InterfaceType) -> Result<u32> {
        let mut slot = MaybeUninit::<ValRaw>::uninit();
        match lent.crossing() {
            Some(Crossing::Guest(any)) => any.linear_lower_to_flat(self.0, ty, &mut slot)?,
            Some(Crossing::Host { id, rep, owned: true }) => {
                ResourceDynamic::new_own(rep, id).linear_lower_to_flat(self.0, ty, &mut slot)?;
            }
            Some(Crossing::Host { id, rep, owned: false }) => {
                ResourceDynamic::new_borrow(rep, id).linear_lower_to_flat(self.0, ty, &mut slot)?;
            }
            None => bail!("a handle was not handed over"),
        }
        // SAFETY: lowering a handle fills it.
        Ok(unsafe { slot.assume_init() }.get_u32())
    }

    fn part(&self, ty: InterfaceType, index: usize) -> InterfaceType {
        part(self.0.types, ty, index)
    }
}

/// A part of a type; nonsense for one without parts, which nobody asks for.
fn part(types: &ComponentTypes, ty: InterfaceType, index: usize) -> InterfaceType {
    let found = match ty {
        InterfaceType::Tuple(ty) => types[ty].types.get(index).copied(),
        InterfaceType::Record(ty) => types[ty].fields.get(index).map(|field| field.ty),
        InterfaceType::List(ty) => Some(types[ty].element),
        InterfaceType::Map(ty) => Some(if index == 0 { types[ty].key } else { types[ty].value }),
        InterfaceType::Option(ty) => Some(types[ty].ty),
        InterfaceType::Result(ty) => {
            if index == 0 {
                types[ty].ok
            } else {
                types[ty].err
            }
        }
        InterfaceType::Variant(ty) => types[ty].cases.get_index(index).and_then(|(_, payload)| *payload),
        _ => None,
    };
    found.unwrap_or(InterfaceType::Bool)
}

// ---- what lifting starts from

fn encoding(context: &LiftContext<'_>) -> Encoding {
    match context.options().string_encoding {
        StringEncoding::Utf8 => Encoding::Utf8,
        StringEncoding::Utf16 => Encoding::Utf16,
        StringEncoding::CompactUtf16 => Encoding::Compact,
    }
}

fn memory<'a>(context: &LiftContext<'a>) -> &'a [u8] {
    match context.options().data_model {
        CanonicalOptionsDataModel::LinearMemory(options) if options.memory.is_some() => context.memory(),
        _ => &[],
    }
}

// ---- the four wrappers

/// A wrapper stands for a whole list of parameters or results, which wasmtime has as a tuple.
fn is_tuple(ty: &InterfaceType, types: &InstanceType<'_>, flat: Option<usize>, max: usize) -> Result<()> {
    let InterfaceType::Tuple(tuple) = ty else {
        bail!("a value of unknown type stands where only a list of parameters may");
    };
    let found = types.types[*tuple].abi.flat_count(max).unwrap_or(0);
    match flat {
        Some(flat) if flat != found => bail!("{found} core values where {flat} were planned"),
        _ => Ok(()),
    }
}

/// Arguments of an export.
pub struct CallArguments<'t> {
    pub tape: &'t Tape,
    pub signature: &'t Signature,
}

// SAFETY: `Lower` has as many core values as there can be, and those that the signature needs are
// written. The layout is never consulted, since sixteen core values go without memory.
unsafe impl ComponentType for CallArguments<'_> {
    type Lower = [ValRaw; MAX_FLAT];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        is_tuple(ty, types, None, MAX_FLAT)
    }
}

// SAFETY: `typecheck` accepts tuples alone.
unsafe impl ComponentNamedList for CallArguments<'_> {}

// SAFETY: see `ComponentType`. That the signature is the one of the function was checked when it
// was bound.
unsafe impl Lower for CallArguments<'_> {
    fn linear_lower_to_flat<T>(
        &self,
        context: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        slots: &mut MaybeUninit<[ValRaw; MAX_FLAT]>,
    ) -> Result<()> {
        // SAFETY: an array of uninitialized values needs no initialization.
        let slots = unsafe { &mut *ptr::from_mut(slots).cast::<[MaybeUninit<ValRaw>; MAX_FLAT]>() };
        let mut guest = Lowering(context);
        let mut reader = Reader::new(self.tape);
        let shape = &self.signature.shape;
        if shape.flat as usize <= MAX_FLAT {
            let mut rest = &mut slots[..shape.flat as usize];
            for (index, param) in self.signature.params.iter().enumerate() {
                let (own, after) = rest.split_at_mut(param.ty.flat as usize);
                let part = if param.ty.handles { guest.part(ty, index) } else { ty };
                flatten(&mut guest, &param.ty, part, &mut reader, own)?;
                rest = after;
            }
        } else {
            let start = guest.allocate(shape.align, shape.size as usize)?;
            for (index, param) in self.signature.params.iter().enumerate() {
                let part = if param.ty.handles { guest.part(ty, index) } else { ty };
                store(&mut guest, &param.ty, part, &mut reader, start + param.offset as usize)?;
            }
            slots[0].write(ValRaw::u64(start as u64));
        }
        Ok(())
    }

    fn linear_lower_to_memory<T>(
        &self,
        _: &mut LowerContext<'_, T>,
        _: InterfaceType,
        _: usize,
    ) -> Result<()> {
        bail!("arguments are lowered to core values")
    }
}

/// What lifting the result of an export must know. Lifting is a static function, so the call
/// under way is found by thread; wasmtime lifts on the thread that calls.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub signature: &'a Signature,
    pub owner: Owner<'a>,
}

thread_local! {
    static CALL: Cell<*const Call<'static>> = const { Cell::new(ptr::null()) };
}

/// Runs `body` as the call under way.
pub fn during<R>(call: &Call<'_>, body: impl FnOnce() -> R) -> R {
    struct Reset(*const Call<'static>);
    impl Drop for Reset {
        fn drop(&mut self) {
            CALL.set(self.0);
        }
    }
    let _reset = Reset(CALL.replace(ptr::from_ref(call).cast()));
    body()
}

/// The result of an export.
pub enum CallResult {
    /// Nothing, or a core value that needs no memory: it becomes an object after the call.
    Plain(ValRaw),
    /// A small value of plain numbers, which becomes an object after the call: for Python to come
    /// back in the middle of it takes longer than all the rest.
    Copied([u8; PLAIN_BYTES]),
    /// The object, or why Python could not make it.
    Object(PyResult<Py<PyAny>>),
}

// SAFETY: a `ValRaw` has no thread of its own.
unsafe impl Send for CallResult {}
// SAFETY: see above.
unsafe impl Sync for CallResult {}

// SAFETY: results have at most one core value; it is a number or points to a result in memory.
unsafe impl ComponentType for CallResult {
    type Lower = [ValRaw; 1];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        is_tuple(ty, types, None, 1)
    }
}

// SAFETY: `typecheck` accepts tuples alone.
unsafe impl ComponentNamedList for CallResult {}

// SAFETY: reads only the core value, and memory within its bounds.
unsafe impl Lift for CallResult {
    fn linear_lift_from_flat(
        context: &mut LiftContext<'_>,
        ty: InterfaceType,
        slots: &[ValRaw; 1],
    ) -> Result<Self> {
        // SAFETY: `during` set it on this thread, and its caller still waits.
        let Some(call) = (unsafe { CALL.get().as_ref() }) else { bail!("a result without a call") };
        let Some(result) = &call.signature.result else { return Ok(CallResult::Plain(slots[0])) };
        if !result.needs_memory() {
            return Ok(CallResult::Plain(slots[0]));
        }
        let ty = part(context.types, ty, 0);
        let mut source = source(context, call.owner);
        let pointer = slots[0].get_u32();
        let bytes = match result.flat {
            1 => None,
            _ => match source.bytes(pointer, 1, result.size, result.align) {
                Ok(bytes) => Some(bytes),
                Err(Trouble::Guest(error)) => return Err(error),
                Err(Trouble::Python(error)) => return Ok(CallResult::Object(Err(error))),
            },
        };
        if let Some(bytes) = bytes
            && bytes.len() <= PLAIN_BYTES
            && is_plain(result, bytes)
        {
            let mut copy = [0; PLAIN_BYTES];
            copy[..bytes.len()].copy_from_slice(bytes);
            return Ok(CallResult::Copied(copy));
        }
        if result.handles {
            let mut handles = Handles::new(context);
            match bytes {
                Some(_) => handles.in_memory(ty, pointer as usize)?,
                None => handles.in_slots(ty, slots)?,
            }
            source.handles = handles.found;
        }
        Python::attach(|py| {
            let object = match bytes {
                Some(bytes) => load(py, &mut source, result, bytes),
                None => unflatten(py, &mut source, result, slots),
            };
            // Handles that no object has are the host's all the same.
            for handle in source.handles.drain(..) {
                if let Arrived::Guest(any) = handle {
                    call.owner.scope.drop_later(any);
                }
            }
            match object {
                Ok(object) => Ok(CallResult::Object(Ok(object.into_py(py)))),
                Err(Trouble::Python(error)) => Ok(CallResult::Object(Err(error))),
                Err(Trouble::Guest(error)) => Err(error),
            }
        })
    }

    fn linear_lift_from_memory(_: &mut LiftContext<'_>, _: InterfaceType, _: &[u8]) -> Result<Self> {
        bail!("a result is lifted from its core value")
    }
}

fn source<'a>(context: &LiftContext<'a>, owner: Owner<'a>) -> Source<'a> {
    Source { memory: memory(context), encoding: encoding(context), handles: VecDeque::new(), owner }
}

/// Arguments of an import, as they are: which function is called is known only afterwards.
pub struct ImportArguments<const N: usize> {
    slots: [ValRaw; N],
    /// Where they are in memory, when there are too many of them.
    offset: Option<usize>,
    memory: *const [u8],
    encoding: Encoding,
    handles: VecDeque<Arrived>,
}

// SAFETY: the pointer is only followed by `lift`, on the thread that made it.
unsafe impl<const N: usize> Send for ImportArguments<N> {}
// SAFETY: see above.
unsafe impl<const N: usize> Sync for ImportArguments<N> {}

// SAFETY: `typecheck` accepts functions with exactly so many core values. With a size of zero,
// wasmtime hands over an empty slice, after it has checked the bounds of what is really there.
unsafe impl<const N: usize> ComponentType for ImportArguments<N> {
    type Lower = [ValRaw; N];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        is_tuple(ty, types, Some(N), MAX_FLAT)
    }
}

// SAFETY: `typecheck` accepts tuples alone.
unsafe impl<const N: usize> ComponentNamedList for ImportArguments<N> {}

impl<const N: usize> ImportArguments<N> {
    fn new(context: &LiftContext<'_>) -> Self {
        ImportArguments {
            slots: [ValRaw::u64(0); N],
            offset: None,
            memory: ptr::from_ref(memory(context)),
            encoding: encoding(context),
            handles: VecDeque::new(),
        }
    }

    /// Makes the objects and gives them to `put`.
    ///
    /// # Safety
    /// Nothing may have run in the store since they were lifted.
    pub unsafe fn lift(
        &mut self,
        py: Python<'_>,
        signature: &Signature,
        owner: Owner<'_>,
        mut put: impl FnMut(usize, Object),
    ) -> Lifted<()> {
        let mut source = Source {
            // SAFETY: memory has not moved, as the caller promises.
            memory: unsafe { &*self.memory },
            encoding: self.encoding,
            handles: std::mem::take(&mut self.handles),
            owner,
        };
        match self.offset {
            Some(offset) => {
                let bytes = &source.memory[offset..];
                for (index, param) in signature.params.iter().enumerate() {
                    put(index, load_part(py, &mut source, param, bytes)?);
                }
            }
            None => {
                let mut rest = &self.slots[..];
                for (index, param) in signature.params.iter().enumerate() {
                    let (own, after) = rest.split_at(param.ty.flat as usize);
                    put(index, unflatten(py, &mut source, &param.ty, own)?);
                    rest = after;
                }
            }
        }
        Ok(())
    }
}

// SAFETY: only keeps what wasmtime has checked.
unsafe impl<const N: usize> Lift for ImportArguments<N> {
    fn linear_lift_from_flat(
        context: &mut LiftContext<'_>,
        ty: InterfaceType,
        slots: &[ValRaw; N],
    ) -> Result<Self> {
        let mut arguments = Self::new(context);
        arguments.slots = *slots;
        if Handles::has_any(context.types, ty) {
            let mut handles = Handles::new(context);
            handles.in_slots(ty, slots)?;
            arguments.handles = handles.found;
        }
        Ok(arguments)
    }

    fn linear_lift_from_memory(
        context: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> Result<Self> {
        let mut arguments = Self::new(context);
        let offset = bytes.as_ptr().addr() - context.memory().as_ptr().addr();
        arguments.offset = Some(offset);
        let mut handles = Handles::new(context);
        handles.in_memory(ty, offset)?;
        arguments.handles = handles.found;
        Ok(arguments)
    }
}

/// The result of an import: `N` is 1 for a single core value, else 0.
pub struct ImportResult<const N: usize> {
    tape: ManuallyDrop<Tape>,
    signature: NonNull<Signature>,
}

// SAFETY: the signature is only read.
unsafe impl<const N: usize> Send for ImportResult<N> {}
// SAFETY: see above.
unsafe impl<const N: usize> Sync for ImportResult<N> {}

impl<const N: usize> ImportResult<N> {
    /// What `tape` holds.
    ///
    /// # Safety
    /// The signature must be there until the result is lowered.
    pub unsafe fn new(tape: Tape, signature: &Signature) -> Self {
        ImportResult { tape: ManuallyDrop::new(tape), signature: NonNull::from(signature) }
    }
}

impl<const N: usize> Drop for ImportResult<N> {
    fn drop(&mut self) {
        // SAFETY: it is taken once.
        tape::keep_spare(unsafe { ManuallyDrop::take(&mut self.tape) });
    }
}

// SAFETY: `typecheck` accepts functions with exactly so many core values; larger results go to
// memory whose bounds wasmtime has checked.
unsafe impl<const N: usize> ComponentType for ImportResult<N> {
    type Lower = [ValRaw; N];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        is_tuple(ty, types, Some(N), 1)
    }
}

// SAFETY: `typecheck` accepts tuples alone.
unsafe impl<const N: usize> ComponentNamedList for ImportResult<N> {}

impl<const N: usize> ImportResult<N> {
    fn lower<T>(
        &self,
        context: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        write: impl FnOnce(&mut Lowering<'_, '_, T>, &Ty, InterfaceType, &mut Reader<'_>) -> Result<()>,
    ) -> Result<()> {
        // SAFETY: it is there, as was promised to `new`.
        let Some(result) = &unsafe { self.signature.as_ref() }.result else { return Ok(()) };
        let ty = part(context.types, ty, 0);
        write(&mut Lowering(context), result, ty, &mut Reader::new(&self.tape))
    }
}

// SAFETY: see `ComponentType`.
unsafe impl<const N: usize> Lower for ImportResult<N> {
    fn linear_lower_to_flat<T>(
        &self,
        context: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        slots: &mut MaybeUninit<[ValRaw; N]>,
    ) -> Result<()> {
        // SAFETY: an array of uninitialized values needs no initialization.
        let slots = unsafe { &mut *ptr::from_mut(slots).cast::<[MaybeUninit<ValRaw>; N]>() };
        self.lower(context, ty, |guest, result, ty, reader| flatten(guest, result, ty, reader, slots))
    }

    fn linear_lower_to_memory<T>(
        &self,
        context: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        offset: usize,
    ) -> Result<()> {
        self.lower(context, ty, |guest, result, ty, reader| store(guest, result, ty, reader, offset))
    }
}
