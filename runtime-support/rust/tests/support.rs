//! The support code on the machine that builds it.

use std::cell::Cell;
use std::rc::Rc;

use witgen_rt as rt;

rt::flags! {
    /// What somebody may do.
    pub struct Permissions: u8 {
        /// Look at it.
        const READ = 1 << 0, "READ";
        /// Change it.
        const WRITE = 1 << 1, "WRITE";
        /// Start it.
        const RUN_IT = 1 << 2, "RUN_IT";
    }
}

#[test]
fn flags_combine_like_sets() {
    let both = Permissions::READ | Permissions::RUN_IT;
    assert_eq!(both.bits(), 0b101);
    assert!(both.contains(Permissions::READ) && !both.contains(Permissions::WRITE));
    assert!(both.intersects(Permissions::RUN_IT | Permissions::WRITE));
    assert_eq!(both - Permissions::READ, Permissions::RUN_IT);
    assert_eq!(!both, Permissions::WRITE);
    assert_eq!(both ^ Permissions::all(), Permissions::WRITE);
    assert_eq!(both & Permissions::READ, Permissions::READ);
    assert_eq!(
        [Permissions::READ, Permissions::RUN_IT]
            .into_iter()
            .collect::<Permissions>(),
        both
    );
    assert_eq!(
        both.iter().collect::<Vec<_>>(),
        [Permissions::READ, Permissions::RUN_IT]
    );
    // The iterator does not borrow the set, so the set may change under it.
    let mut rest = both;
    for flag in rest.iter() {
        rest.remove(flag);
    }
    assert!(rest.is_empty());
    assert_eq!(both.into_iter().count(), 2);
    assert!(both.into_iter().eq(both.iter()));
    let mut set = Permissions::empty();
    set.set(Permissions::WRITE, true);
    set.toggle(Permissions::READ);
    set.remove(Permissions::WRITE);
    assert_eq!(set, Permissions::READ);
}

#[test]
fn flags_from_bits_drop_or_refuse_unknown_ones() {
    assert_eq!(
        Permissions::from_bits_truncate(0xff),
        Permissions::all()
    );
    assert_eq!(Permissions::from_bits(0b1001), None);
    assert_eq!(
        Permissions::from_bits(0b11),
        Some(Permissions::READ | Permissions::WRITE)
    );
    assert_eq!(Permissions::from_bits_retain(0b1001).bits(), 0b1001);
    assert_eq!(
        Permissions::from_name("RUN_IT"),
        Some(Permissions::RUN_IT)
    );
    assert_eq!(Permissions::from_name("run-it"), None);
}

#[test]
fn flags_print_their_names() {
    assert_eq!(
        format!("{:?}", Permissions::READ | Permissions::WRITE),
        "Permissions(READ | WRITE)"
    );
    assert_eq!(
        format!("{:?}", Permissions::empty()),
        "Permissions(0x0)"
    );
    assert_eq!(
        format!("{:?}", Permissions::from_bits_retain(0b1001)),
        "Permissions(READ | 0x8)"
    );
    let both = Permissions::READ | Permissions::RUN_IT;
    assert_eq!(
        format!("{both:#b} {both:o} {both:x} {both:X}"),
        "0b101 5 5 5"
    );
}

#[test]
fn casts_keep_every_bit() {
    assert_eq!(rt::i32_as_f32(rt::f32_as_i32(-1.5)), -1.5);
    assert_eq!(rt::i64_as_f64(rt::f64_as_i64(-1.5)), -1.5);
    assert_eq!(rt::i64_as_f32(rt::f32_as_i64(-1.5)), -1.5);
    assert_eq!(rt::i32_as_i64(-1), 0xffff_ffff);
    assert_eq!(rt::i64_as_i32(rt::i32_as_i64(-1)), -1);
    assert_eq!(
        unsafe { rt::either_as_i64(rt::i64_as_either(i64::MIN)) },
        i64::MIN
    );
    let mut byte = 7_u8;
    let pointer = unsafe { rt::either_as_pointer(rt::pointer_as_either(&mut byte)) };
    assert_eq!(unsafe { *pointer }, 7);
    assert_eq!(rt::i32_as_length(-1), 0xffff_ffff);
}

#[test]
fn strings_and_lists_go_out_and_come_back() {
    for text in ["", "grüß dich"] {
        let (pointer, len) = rt::give_string(text.to_owned());
        assert_eq!(unsafe { rt::lift_string(pointer, len) }, text);
    }
    let mut list = Vec::with_capacity(100);
    list.extend([1_u64, u64::MAX]);
    let (pointer, len) = rt::give_list(list);
    assert_eq!(
        unsafe { rt::lift_list::<u64>(pointer, len) },
        [1, u64::MAX]
    );
}

#[test]
fn memory_holds_what_is_stored_at_offsets() {
    let mut area = rt::Area::<16>::new();
    let base = area.pointer();
    unsafe {
        rt::store(base, 0, 1_u8);
        rt::store(base, 8, u64::MAX);
        assert_eq!(
            (rt::load::<u8>(base, 0), rt::load::<u64>(base, 8)),
            (1, u64::MAX)
        );
    }
    assert_eq!(base.addr() % 8, 0);
}

#[test]
fn no_memory_has_an_aligned_address() {
    assert_eq!(rt::allocate_list(0, 12, 4).addr(), 4);
    assert_eq!(rt::Scratch::new(0, 16, 8).pointer().addr(), 8);
    unsafe { rt::free(rt::allocate_list(0, 12, 4), 0, 4) };
}

#[test]
#[should_panic(expected = "does not fit in memory")]
fn list_beyond_the_address_space_is_refused() {
    rt::allocate_list(usize::MAX, 12, 4);
}

#[test]
fn reallocation_keeps_the_content() {
    unsafe {
        let first = rt::reallocate(std::ptr::null_mut(), 0, 4, 4);
        rt::store(first, 0, 7_u32);
        let second = rt::reallocate(first, 4, 4, 4096);
        assert_eq!(rt::load::<u32>(second, 0), 7);
        rt::free(second, 4096, 4);
    }
}

struct Counted(Rc<Cell<u32>>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn resource_is_dropped_once_taken_out_or_not() {
    let drops = Rc::new(Cell::new(0));
    unsafe {
        let pointer = rt::new_representation(Counted(drops.clone()));
        assert_eq!(rt::representation::<Counted>(pointer).0.get(), 0);
        rt::drop_representation::<Counted>(pointer);
        assert_eq!(drops.get(), 1);
        let pointer = rt::new_representation(Counted(drops.clone()));
        drop(rt::take_representation::<Counted>(pointer));
        rt::drop_representation::<Counted>(pointer);
        assert_eq!(drops.get(), 2);
    }
}

#[test]
#[should_panic(expected = "made from another type")]
fn resource_of_another_type_is_refused() {
    let pointer = rt::new_representation(1_u32);
    unsafe { rt::representation::<String>(pointer) };
}

struct Dropped;

thread_local!(static LAST: Cell<u32> = const { Cell::new(0) });

unsafe impl rt::ResourceType for Dropped {
    unsafe fn drop(handle: u32) {
        LAST.set(handle);
    }
}

#[test]
fn handle_is_dropped_unless_it_was_given_away() {
    let given = unsafe { rt::Resource::<Dropped>::from_handle(3) };
    assert_eq!((given.handle(), given.take_handle()), (3, 3));
    drop(given);
    assert_eq!(LAST.get(), 0);
    drop(unsafe { rt::Resource::<Dropped>::from_handle(4) });
    assert_eq!(LAST.get(), 4);
}

#[test]
fn kept_values_stay_in_place() {
    let kept = rt::Kept::new();
    let first = kept.keep(String::from("a"));
    for number in 0..100 {
        kept.keep(number.to_string());
    }
    assert_eq!(first, "a");
}
