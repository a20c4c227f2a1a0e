//! The image that the memories of all instances of a component start from.

use std::thread;
use std::time::Duration;

use wasmtime::Result;
use wasmtime::component::Component;

/// Linux waits a fifth of a second by itself before it gives up.
const PAUSE: Duration = Duration::from_millis(50);
const ATTEMPTS: usize = 10;

/// Makes the images of the memories of `component`, which the first instance would make otherwise.
///
/// wasmtime seals them, and Linux refuses a seal (`EBUSY`) for as long as it holds one of the pages itself, as it does now and then when memory is short.
/// Each attempt is made with pages of its own.
///
/// # Errors
///
/// Fails when the system has no memory or no file descriptor for an image.
pub fn make_images(component: &Component) -> Result<()> {
    again(|| component.initialize_copy_on_write_image())
}

fn again<E>(mut attempt: impl FnMut() -> Result<(), E>) -> Result<(), E> {
    for _ in 1..ATTEMPTS {
        if attempt().is_ok() {
            return Ok(());
        }
        thread::sleep(PAUSE);
    }
    attempt()
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, again};

    #[test]
    fn tries_until_it_succeeds() {
        let mut attempts = 0..;
        again(|| if attempts.next() < Some(2) { Err("busy") } else { Ok(()) }).unwrap();
        assert_eq!(attempts.start, 3);
    }

    #[test]
    fn says_why_it_gives_up() {
        let mut attempts = 0..;
        let failed = again(|| Err::<(), _>(attempts.next()));
        assert_eq!(failed, Err(Some(ATTEMPTS - 1)));
    }
}
